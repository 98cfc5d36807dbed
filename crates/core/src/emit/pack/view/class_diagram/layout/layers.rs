//! Which column an item is in, and in which order the items of a column stand: the first half of Sugiyama's method.

/// A column has items, and points where lines pass through it.
#[derive(Debug)]
pub(super) struct Layers {
    /// Nodes by column, in order. The first nodes are the items, the others points of lines.
    pub(super) columns: Vec<Vec<usize>>,
    /// Of each node: those in the next column that a line leads to.
    pub(super) next: Vec<Vec<usize>>,
    /// Of each node: those in the column before that a line comes from.
    pub(super) before: Vec<Vec<usize>>,
    /// The nodes of each line, from what is extended, and whether it runs backwards.
    pub(super) lines: Vec<(Vec<usize>, bool)>,
    pub(super) items: usize,
}

/// So many times a column is sorted by what is beside it, there and back.
const SWEEPS: usize = 16;
/// So many sweeps that make nothing better are enough.
const PATIENCE: usize = 4;
/// Points of lines for each item and line, at most: lines that would need more go straight.
const MOST_POINTS: usize = 8;

/// Puts `items` items into columns. `edges` lead from what is extended to what extends it, each once.
pub(super) fn layers(items: usize, edges: &[(usize, usize)]) -> Layers {
    let mut layers = in_order(items, edges);
    layers.sort();
    layers
}

/// The same, in the order in which a walk meets the items.
pub(super) fn in_order(items: usize, edges: &[(usize, usize)]) -> Layers {
    let edges = without_cycles(items, edges);
    let column_of = columns(items, &edges);
    with_points(items, &edges, column_of)
}

/// The same edges; those that close a circle are turned around.
fn without_cycles(items: usize, edges: &[(usize, usize)]) -> Vec<(usize, usize, bool)> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); items];
    edges.iter().enumerate().for_each(|(edge, (from, _))| next[*from].push(edge));
    let mut is_reversed = vec![false; edges.len()];
    #[derive(Clone, Copy, PartialEq)]
    enum State {
        New,
        Open,
        Done,
    }
    let mut states = vec![State::New; items];
    for root in 0..items {
        if states[root] != State::New {
            continue;
        }
        states[root] = State::Open;
        let mut path = vec![(root, 0)];
        while let Some((at, done)) = path.last_mut() {
            let Some(&edge) = next[*at].get(*done) else {
                states[*at] = State::Done;
                path.pop();
                continue;
            };
            *done += 1;
            let to = edges[edge].1;
            match states[to] {
                State::New => {
                    states[to] = State::Open;
                    path.push((to, 0));
                }
                State::Open => is_reversed[edge] = true,
                State::Done => {}
            }
        }
    }
    let turned = edges.iter().zip(is_reversed);
    turned.map(|(&(from, to), is_reversed)| if is_reversed { (to, from, true) } else { (from, to, false) }).collect()
}

/// The column of each item: as far left as what it extends allows; and from there as far right as what extends it allows,
/// if that is more than what it extends: lines are shorter then.
fn columns(items: usize, edges: &[(usize, usize, bool)]) -> Vec<usize> {
    let mut next: Vec<Vec<usize>> = vec![Vec::new(); items];
    let mut open = vec![0; items];
    for &(from, to, _) in edges {
        next[from].push(to);
        open[to] += 1;
    }
    let fan_in = open.clone();
    let mut column = vec![0; items];
    let mut order: Vec<usize> = (0..items).filter(|&at| open[at] == 0).collect();
    let mut done = 0;
    while let Some(&at) = order.get(done) {
        done += 1;
        for &to in &next[at] {
            column[to] = column[to].max(column[at] + 1);
            open[to] -= 1;
            if open[to] == 0 {
                order.push(to);
            }
        }
    }
    for &at in order.iter().rev() {
        if let Some(nearest) = next[at].iter().map(|&to| column[to]).min()
            && next[at].len() > fan_in[at]
        {
            column[at] = nearest - 1;
        }
    }
    column
}

/// Adds points where lines pass through columns. Lines from one item share theirs.
fn with_points(items: usize, edges: &[(usize, usize, bool)], column_of: Vec<usize>) -> Layers {
    let mut layers = Layers {
        columns: vec![Vec::new(); column_of.iter().max().map_or(0, |last| last + 1)],
        next: vec![Vec::new(); items],
        before: vec![Vec::new(); items],
        lines: Vec::new(),
        items,
    };
    let mut columns = column_of;
    // Of each item: the points of its lines, one a column.
    let mut points: Vec<Vec<usize>> = vec![Vec::new(); items];
    let most = items + MOST_POINTS * (items + edges.len());
    for &(from, to, is_reversed) in edges {
        let between = columns[to] - columns[from] - 1;
        if between > points[from].len() && columns.len() + between > most {
            layers.lines.push((vec![from, to], is_reversed));
            continue;
        }
        while points[from].len() < between {
            let before = points[from].last().copied().unwrap_or(from);
            let point = columns.len();
            columns.push(columns[before] + 1);
            layers.next.push(Vec::new());
            layers.before.push(vec![before]);
            layers.next[before].push(point);
            points[from].push(point);
        }
        let line: Vec<usize> = [from].into_iter().chain(points[from][..between].iter().copied()).chain([to]).collect();
        let before = line[line.len() - 2];
        layers.next[before].push(to);
        layers.before[to].push(before);
        layers.lines.push((line, is_reversed));
    }
    layers.fill_columns(&columns);
    layers
}

impl Layers {
    /// Nodes in the order in which a walk from the left meets them: trees have no crossings then.
    fn fill_columns(&mut self, column_of: &[usize]) {
        let mut is_there = vec![false; column_of.len()];
        let roots = (0..column_of.len()).filter(|&at| self.before[at].is_empty());
        let mut pending: Vec<usize> = roots.collect();
        pending.reverse();
        while let Some(at) = pending.pop() {
            if !std::mem::replace(&mut is_there[at], true) {
                self.columns[column_of[at]].push(at);
                pending.extend(self.next[at].iter().rev());
            }
        }
    }

    /// Sorts the nodes of columns by the middle of what is beside them, until fewer lines cross no more.
    fn sort(&mut self) {
        let mut best = self.columns.clone();
        let mut fewest = self.crossings();
        let mut patience = PATIENCE;
        for sweep in 0..SWEEPS {
            if fewest == 0 || patience == 0 {
                break;
            }
            self.sweep(sweep % 2 == 0);
            let crossings = self.crossings();
            patience -= 1;
            if crossings < fewest {
                (fewest, patience) = (crossings, PATIENCE);
                best.clone_from(&self.columns);
            }
        }
        self.columns = best;
    }

    fn sweep(&mut self, is_forward: bool) {
        let mut position = self.positions();
        let count = self.columns.len();
        for step in 0..count {
            let (at, beside) = if is_forward { (step, &self.before) } else { (count - 1 - step, &self.next) };
            let column = &mut self.columns[at];
            let middle = |node: usize| {
                let beside = &beside[node];
                let sum: usize = beside.iter().map(|&other| position[other]).sum();
                if beside.is_empty() { position[node] as f64 } else { sum as f64 / beside.len() as f64 }
            };
            let mut keyed: Vec<(f64, usize)> = column.iter().map(|&node| (middle(node), node)).collect();
            keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
            *column = keyed.into_iter().map(|(_, node)| node).collect();
            column.iter().enumerate().for_each(|(index, &node)| position[node] = index);
        }
    }

    /// Where each node is in its column.
    fn positions(&self) -> Vec<usize> {
        let mut position = vec![0; self.next.len()];
        self.columns.iter().for_each(|column| column.iter().enumerate().for_each(|(index, &node)| position[node] = index));
        position
    }

    /// How many pairs of lines cross between columns.
    pub(super) fn crossings(&self) -> usize {
        let position = self.positions();
        let mut crossings = 0;
        for column in &self.columns {
            // Ends of lines in the order of their beginnings: each pair that is the wrong way round crosses.
            let mut ends: Vec<usize> = Vec::new();
            for &node in column {
                let start = ends.len();
                ends.extend(self.next[node].iter().map(|&to| position[to]));
                ends[start..].sort_unstable();
            }
            crossings += inversions(&ends);
        }
        crossings
    }
}

/// How many pairs of numbers are in descending order.
fn inversions(numbers: &[usize]) -> usize {
    let size = numbers.iter().max().map_or(0, |most| most + 1);
    // A Fenwick tree of how many there were of each number.
    let mut tree = vec![0_usize; size + 1];
    let mut inversions = 0;
    for (seen, &number) in numbers.iter().enumerate() {
        let mut smaller_or_equal = 0;
        let mut at = number + 1;
        while at > 0 {
            smaller_or_equal += tree[at];
            at &= at - 1;
        }
        inversions += seen - smaller_or_equal;
        at = number + 1;
        while at <= size {
            tree[at] += 1;
            at += at & at.wrapping_neg();
        }
    }
    inversions
}

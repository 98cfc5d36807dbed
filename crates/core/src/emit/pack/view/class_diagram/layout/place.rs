//! Coordinates of ordered columns and of the lines between them: the second half of Sugiyama's method.
//!
//! A node should be level with the middle of what is beside it, and no closer to its neighbours than it may be. Of the places
//! with the least squares of distances there is a best one for a column, which takes one pass to find (isotonic regression
//! by pooling adjacent violators). Going through the columns there and back a few times balances them.

use super::layers::Layers;
use super::{GAP, Line, Point, Size};

/// Between a line that passes through a column and what is above and below.
const POINT_GAP: f64 = 9.0;
/// Beside a column: room for the arrow, and for the ends of lines.
const CHANNEL: f64 = 22.0;
const CHANNEL_END: f64 = 12.0;
/// Between vertical lines.
const TRACK: f64 = 8.0;
/// Between the ends of lines at one box.
const PORT: f64 = 8.0;
/// A line ends no closer to a corner of a box.
const CORNER: f64 = 8.0;
const SWEEPS: usize = 8;
/// How much more a point wants its line to be straight than a box wants to be level with others.
const STRAIGHT: f64 = 6.0;

/// The size of an item, and how far below its upper edge lines begin and end.
#[derive(Clone, Copy, Debug)]
pub(super) struct ItemSize {
    pub(super) size: Size,
    pub(super) middle: f64,
}

/// The place of each item, the lines, and the size of all of it.
pub(super) fn place(layers: &Layers, sizes: &[ItemSize]) -> (Vec<Point>, Vec<Line>, Size) {
    let point = ItemSize { size: Size { width: 0.0, height: 0.0 }, middle: 0.0 };
    let item = |node: usize| sizes.get(node).copied().unwrap_or(point);
    let size = |node: usize| item(node).size;
    let middles = middles(layers, &item);
    let top = |node: usize| (middles[node] - item(node).middle).floor();
    let highest = (0..layers.items).map(top).fold(f64::INFINITY, f64::min);
    let highest = (layers.items..middles.len()).map(|node| middles[node].floor()).fold(highest, f64::min);
    let tops: Vec<f64> = (0..middles.len()).map(|node| top(node) - highest).collect();
    let middle = |node: usize| tops[node] + item(node).middle;
    let ports = ports(layers, &tops, &item);
    let tracks = tracks(layers, &middle, &ports);

    let mut lefts = vec![0.0; middles.len()];
    let mut rights = Vec::with_capacity(layers.columns.len());
    let mut x = 0.0;
    for (column, tracks) in layers.columns.iter().zip(&tracks.counts) {
        column.iter().for_each(|&node| lefts[node] = x);
        let width = column.iter().map(|&node| size(node).width).fold(0.0, f64::max);
        rights.push(x + width);
        x += width + CHANNEL + TRACK * tracks.saturating_sub(1) as f64 + CHANNEL_END;
    }
    let mut column_of = vec![0; middles.len()];
    layers.columns.iter().enumerate().for_each(|(at, column)| column.iter().for_each(|&node| column_of[node] = at));
    let track_x = |node: usize| rights[column_of[node]] + CHANNEL + TRACK * tracks.of[node] as f64;
    let lines = layers.lines.iter().map(|(nodes, is_reversed)| {
        let from = nodes[0];
        let mut points = vec![Point { x: lefts[from] + size(from).width, y: middle(from) }];
        for pair in nodes.windows(2) {
            let y = ports.y(pair[0], pair[1]);
            let x = track_x(pair[0]);
            points.extend([Point { x, y: points[points.len() - 1].y }, Point { x, y }, Point { x: lefts[pair[1]], y }]);
        }
        Line { points, is_reversed: *is_reversed }
    });
    let lines = lines.collect();
    let places: Vec<Point> = (0..layers.items).map(|node| Point { x: lefts[node], y: tops[node] }).collect();
    let width = (0..layers.items).map(|node| lefts[node] + size(node).width).fold(0.0, f64::max);
    let height = (0..middles.len()).map(|node| tops[node] + size(node).height).fold(0.0, f64::max);
    (places, lines, Size { width, height })
}

/// The middle of each node.
fn middles(layers: &Layers, item: &impl Fn(usize) -> ItemSize) -> Vec<f64> {
    let is_point = |node: usize| node >= layers.items;
    let apart = |a: usize, b: usize| {
        let gap = if is_point(a) || is_point(b) { POINT_GAP } else { GAP };
        item(a).size.height - item(a).middle + gap + item(b).middle
    };
    let mut middles = vec![0.0; layers.next.len()];
    for column in &layers.columns {
        for pair in column.windows(2) {
            middles[pair[1]] = middles[pair[0]] + apart(pair[0], pair[1]);
        }
    }
    let count = layers.columns.len();
    for sweep in 0..SWEEPS {
        for step in 0..count {
            // The last time, items are level with what extends them.
            let is_forward = sweep % 2 == 0;
            let (at, beside) = if is_forward { (step, &layers.before) } else { (count - 1 - step, &layers.next) };
            let wanted = layers.columns[at].iter().map(|&node| {
                let beside = &beside[node];
                let sum: f64 = beside.iter().map(|&other| middles[other]).sum();
                let straight = if is_point(node) { STRAIGHT } else { 1.0 };
                match beside.len() {
                    // It goes where there is room.
                    0 => (middles[node], 0.05),
                    count => (sum / count as f64, straight),
                }
            });
            let wanted: Vec<(f64, f64)> = wanted.collect();
            settle(&layers.columns[at], &wanted, &apart, &mut middles);
        }
    }
    middles
}

/// Moves the nodes of a column as close to where they want to be, each with its weight, as their order and distances allow.
fn settle(column: &[usize], wanted: &[(f64, f64)], apart: &impl Fn(usize, usize) -> f64, middles: &mut [f64]) {
    // Without the room that those before it need, a node only must not be before the last one.
    let mut room = Vec::with_capacity(column.len());
    for (index, &node) in column.iter().enumerate() {
        room.push(if index == 0 { 0.0 } else { room[index - 1] + apart(column[index - 1], node) });
    }
    // Sums of wishes and of weights of nodes that stand together, and how many they are.
    let mut pools: Vec<(f64, f64, usize)> = Vec::new();
    for (&(place, weight), room) in wanted.iter().zip(&room) {
        let mut pool = ((place - room) * weight, weight, 1);
        while let Some(&(sum, weight, count)) = pools.last()
            && sum / weight >= pool.0 / pool.1
        {
            pool = (pool.0 + sum, pool.1 + weight, pool.2 + count);
            pools.pop();
        }
        pools.push(pool);
    }
    let places = pools.iter().flat_map(|&(sum, weight, count)| std::iter::repeat_n(sum / weight, count));
    for ((&node, room), place) in column.iter().zip(&room).zip(places) {
        middles[node] = place + room;
    }
}

/// Where lines end.
struct Ports {
    /// By the number of the node: the height of the end of each line, and where it comes from.
    ends: Vec<Vec<(usize, f64)>>,
}

impl Ports {
    fn y(&self, from: usize, to: usize) -> f64 {
        let known = self.ends[to].iter().find(|(other, _)| *other == from);
        // A line that goes straight has none.
        known.or(self.ends[to].first()).map_or(0.0, |(_, y)| *y)
    }
}

/// The lines that end at a node end one below the other, in the order of where they come from. A single one is straight if it
/// can be.
fn ports(layers: &Layers, tops: &[f64], item: &impl Fn(usize) -> ItemSize) -> Ports {
    let middle = |node: usize| tops[node] + item(node).middle;
    let ends = layers.before.iter().enumerate().map(|(node, before)| {
        let mut before = before.clone();
        before.sort_by(|&a, &b| middle(a).total_cmp(&middle(b)).then(a.cmp(&b)));
        let ItemSize { size, middle: own } = item(node);
        if let [one] = before[..] {
            let is_level = (tops[node] + CORNER..=tops[node] + size.height - CORNER).contains(&middle(one));
            return vec![(one, if is_level { middle(one) } else { middle(node) })];
        }
        let spaces = before.len().saturating_sub(1) as f64;
        let apart = if spaces > 0.0 { PORT.min(2.0 * (own - CORNER / 2.0).max(0.0) / spaces) } else { 0.0 };
        let first = middle(node) - apart * spaces / 2.0;
        before.iter().enumerate().map(|(index, &from)| (from, (first + apart * index as f64).floor())).collect()
    });
    Ports { ends: ends.collect() }
}

/// The vertical parts of lines.
struct Tracks {
    /// Of each node: which one its lines have.
    of: Vec<usize>,
    /// How many there are behind each column.
    counts: Vec<usize>,
}

/// Gives the lines from each node a track that no other line has at the same height.
fn tracks(layers: &Layers, middle: &impl Fn(usize) -> f64, ports: &Ports) -> Tracks {
    let mut tracks = Tracks { of: vec![0; layers.next.len()], counts: Vec::new() };
    for column in &layers.columns {
        let mut trunks: Vec<(f64, f64, usize)> = Vec::new();
        for &node in column.iter().filter(|&&node| !layers.next[node].is_empty()) {
            let ends = layers.next[node].iter().map(|&to| ports.y(node, to)).chain([middle(node)]);
            let (first, last) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(first, last), y| (first.min(y), last.max(y)));
            if first < last {
                trunks.push((first, last, node));
            }
        }
        trunks.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
        let mut ends: Vec<f64> = Vec::new();
        for (first, last, node) in trunks {
            let free = ends.iter().position(|end| end + TRACK / 2.0 < first).unwrap_or(ends.len());
            ends.resize(ends.len().max(free + 1), 0.0);
            ends[free] = last;
            tracks.of[node] = free;
        }
        tracks.counts.push(ends.len());
    }
    tracks
}

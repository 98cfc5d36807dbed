//! Circles in graphs.

use rustc_hash::FxHashSet;

/// A circle of each set of nodes that all lead to each other, beginning with the first of them, in the order of those.
/// `edges`: what each node leads to.
pub(super) fn circles(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let components = components(edges);
    let mut reported = vec![false; edges.len()];
    let mut circles = Vec::new();
    for node in 0..edges.len() {
        let component = components[node] as usize;
        if !reported[component]
            && let Some(circle) = shortest_circle(edges, &components, node as u32)
        {
            reported[component] = true;
            circles.push(circle);
        }
    }
    circles
}

/// The shortest way from `start` back to it, within its component.
fn shortest_circle(edges: &[Vec<u32>], components: &[u32], start: u32) -> Option<Vec<u32>> {
    let mut steps: Vec<(u32, usize)> = vec![(start, 0)];
    let mut seen = FxHashSet::default();
    let mut next = 0;
    while let Some(&(node, _)) = steps.get(next) {
        for &to in &edges[node as usize] {
            if to == start {
                let mut circle = Vec::new();
                let mut step = next;
                while step > 0 {
                    circle.push(steps[step].0);
                    step = steps[step].1;
                }
                circle.push(start);
                circle.reverse();
                return Some(circle);
            }
            if components[to as usize] == components[start as usize] && seen.insert(to) {
                steps.push((to, next));
            }
        }
        next += 1;
    }
    None
}

/// Numbers the sets of nodes that lead to each other, what is led to before what leads there (Tarjan's algorithm, with a
/// stack of its own).
pub(super) fn components(edges: &[Vec<u32>]) -> Vec<u32> {
    const NONE: u32 = u32::MAX;
    let (mut order, mut lowest, mut component) = (vec![NONE; edges.len()], vec![NONE; edges.len()], vec![NONE; edges.len()]);
    let (mut count, mut components) = (0, 0);
    let mut open: Vec<u32> = Vec::new();
    for root in 0..edges.len() as u32 {
        let mut path: Vec<(u32, usize)> = Vec::new();
        let mut enter = if order[root as usize] == NONE { Some(root) } else { None };
        loop {
            if let Some(node) = enter.take() {
                order[node as usize] = count;
                lowest[node as usize] = count;
                count += 1;
                open.push(node);
                path.push((node, 0));
            }
            let Some((node, edge)) = path.last_mut() else { break };
            let at = *node as usize;
            if let Some(&to) = edges[at].get(*edge) {
                *edge += 1;
                match order[to as usize] {
                    NONE => enter = Some(to),
                    found if component[to as usize] == NONE => lowest[at] = lowest[at].min(found),
                    _ => {}
                }
                continue;
            }
            path.pop();
            if let Some(&(above, _)) = path.last() {
                lowest[above as usize] = lowest[above as usize].min(lowest[at]);
            }
            if lowest[at] == order[at] {
                while let Some(member) = open.pop() {
                    component[member as usize] = components;
                    if member as usize == at {
                        break;
                    }
                }
                components += 1;
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::circles;

    #[test]
    fn a_circle_of_each_component() {
        let edges = [vec![1], vec![2, 3], vec![1], vec![4], vec![4, 0], vec![0]];
        assert_eq!(circles(&edges), [vec![0, 1, 3, 4]]);
        assert_eq!(circles(&[vec![], vec![1], vec![0, 3], vec![2]]), [vec![1], vec![2, 3]]);
        assert_eq!(circles(&[vec![1, 2], vec![2], vec![]]), Vec::<Vec<u32>>::new());
    }
}

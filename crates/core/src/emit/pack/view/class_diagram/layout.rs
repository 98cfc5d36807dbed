//! Where the boxes of a class diagram go, and the lines between them: numbers in, numbers out.
//!
//! Boxes that are related stand in columns, sub types to the right of what they extend, by Sugiyama's method ([`layers`],
//! [`place`]). Hierarchies of languages are shallow and wide: beside each other, the forty kinds of expressions would be
//! three screens wide; below each other they are read as a list. Leaves that extend the same types stand in one frame, to
//! which one line leads. Parts that have nothing to do with each other stand in rows, and boxes that are related to none in
//! a grid below.
//!
//! Nothing here knows what is in a box. Coordinates are whole numbers.

mod layers;
mod place;

use std::collections::{BTreeMap, BTreeSet};

use layers::layers;
use place::{ItemSize, place};

/// Width and height of a box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub(super) width: f64,
    pub(super) height: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Point {
    pub(super) x: f64,
    pub(super) y: f64,
}

/// A box around boxes that extend the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) at: Point,
    pub(super) size: Size,
}

/// A line from a box to one that extends it, or to the frame around that.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    /// Horizontal and vertical in turns; from left to right.
    pub(super) points: Vec<Point>,
    /// What is extended is at the end: types that extend each other in a circle.
    pub(super) is_reversed: bool,
}

#[derive(Debug, Default, PartialEq)]
pub(super) struct Layout {
    pub(super) width: f64,
    pub(super) height: f64,
    /// The upper left corner of each box.
    pub(super) places: Vec<Point>,
    pub(super) frames: Vec<Frame>,
    pub(super) lines: Vec<Line>,
}

/// Between boxes in a column or a grid.
const GAP: f64 = 14.0;
/// Between parts that have nothing to do with each other.
const PART_GAP: f64 = 40.0;
/// Between a frame and what is in it.
const PADDING: f64 = 10.0;
/// So many leaves that extend the same get a frame.
const WORTH_A_FRAME: usize = 5;
/// A frame gets another column from this height on, up to so many; fewer where it pushes other columns to the right.
const TALL_FRAME: f64 = 420.0;
const MOST_COLUMNS: usize = 5;
const FEW_COLUMNS: usize = 2;
/// The middle of the first line in a box: what lines lead to.
const HEAD: f64 = 13.0;
/// How wide rows of parts and the grid may be; what is wider in itself may be wider. The room of a page for text.
const ROW_WIDTH: f64 = 1060.0;

/// What stands in a column: a box, or several in a frame.
#[derive(Debug)]
struct Item {
    size: Size,
    /// The boxes, and where they are in it.
    boxes: Vec<(usize, Point)>,
    is_frame: bool,
}

impl Item {
    /// How far below its upper edge lines lead to it, if they can choose.
    fn middle(&self) -> f64 {
        if self.is_frame { (self.size.height / 2.0).floor() } else { HEAD.min((self.size.height / 2.0).floor()) }
    }
}

/// Items that are connected, laid out on their own.
struct Part {
    size: Size,
    items: Vec<(Item, Point)>,
    lines: Vec<Line>,
}

/// Lays out boxes of these sizes. `supers` has, for each, the numbers of those that it extends.
pub(super) fn lay_out(sizes: &[Size], supers: &[Vec<usize>]) -> Layout {
    let mut parts = Vec::new();
    let mut alone = Vec::new();
    for boxes in components(supers) {
        match boxes[..] {
            [one] => alone.push(one),
            _ => parts.push(lay_out_part(&boxes, sizes, supers)),
        }
    }
    let mut layout = Layout { places: vec![Point::default(); sizes.len()], ..Layout::default() };
    pack(parts, &mut layout);
    if !alone.is_empty() {
        let (grid, size) = grid(&alone, sizes, columns_for(&alone, sizes, ROW_WIDTH));
        let top = if layout.height > 0.0 { layout.height + PART_GAP } else { 0.0 };
        for (at, place) in grid {
            layout.places[at] = Point { x: place.x, y: place.y + top };
        }
        layout.width = layout.width.max(size.width);
        layout.height = top + size.height;
    }
    layout
}

/// The boxes by what is connected, each in order, in the order of their first ones.
fn components(supers: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut leader: Vec<usize> = (0..supers.len()).collect();
    fn find(leader: &mut [usize], mut at: usize) -> usize {
        while leader[at] != at {
            leader[at] = leader[leader[at]];
            at = leader[at];
        }
        at
    }
    for (sub, supers) in supers.iter().enumerate() {
        for &parent in supers {
            let (a, b) = (find(&mut leader, sub), find(&mut leader, parent));
            // The smallest number leads.
            leader[a.max(b)] = a.min(b);
        }
    }
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); supers.len()];
    for at in 0..supers.len() {
        members[find(&mut leader, at)].push(at);
    }
    members.retain(|members| !members.is_empty());
    members
}

fn lay_out_part(boxes: &[usize], sizes: &[Size], supers: &[Vec<usize>]) -> Part {
    let (members, edges) = items(boxes, supers);
    let layers = layers(members.len(), &edges);
    let mut items: Vec<Option<Item>> = members.iter().map(|_| None).collect();
    for (at, column) in layers.columns.iter().enumerate() {
        let most_columns = if at + 1 == layers.columns.len() { MOST_COLUMNS } else { FEW_COLUMNS };
        for &node in column.iter().filter(|&&node| node < members.len()) {
            items[node] = Some(item(&members[node], sizes, most_columns));
        }
    }
    let items: Vec<Item> = items.into_iter().flatten().collect();
    let item_sizes: Vec<ItemSize> = items.iter().map(|item| ItemSize { size: item.size, middle: item.middle() }).collect();
    let (places, lines, size) = place(&layers, &item_sizes);
    Part { size, items: items.into_iter().zip(places).collect(), lines }
}

/// What stands in the columns of a part, each a box or several that get a frame; and the lines, from what is extended to what
/// extends it.
fn items(boxes: &[usize], supers: &[Vec<usize>]) -> (Vec<Vec<usize>>, Vec<(usize, usize)>) {
    let parents = |at: usize| {
        let mut parents: Vec<usize> = supers[at].iter().copied().filter(|&parent| parent != at).collect();
        parents.sort_unstable();
        parents.dedup();
        parents
    };
    let parents: BTreeMap<usize, Vec<usize>> = boxes.iter().map(|&at| (at, parents(at))).collect();
    let extended: BTreeSet<usize> = parents.values().flatten().copied().collect();
    let mut alike: BTreeMap<&[usize], Vec<usize>> = BTreeMap::new();
    for (&at, parents) in parents.iter().filter(|(at, _)| !extended.contains(at)) {
        alike.entry(parents).or_default().push(at);
    }
    let mut items: Vec<Vec<usize>> = Vec::new();
    let mut item_of: BTreeMap<usize, usize> = BTreeMap::new();
    for &at in boxes.iter() {
        if item_of.contains_key(&at) {
            continue;
        }
        let framed = alike.get(&*parents[&at]).filter(|alike| alike.len() >= WORTH_A_FRAME && !extended.contains(&at));
        let members = framed.cloned().unwrap_or_else(|| vec![at]);
        item_of.extend(members.iter().map(|&member| (member, items.len())));
        items.push(members);
    }
    let edges = items.iter().enumerate().flat_map(|(sub, members)| parents[&members[0]].iter().map(move |parent| (*parent, sub)));
    let edges = edges.map(|(parent, sub)| (item_of[&parent], sub)).collect();
    (items, edges)
}

/// One box, or several in a frame.
fn item(boxes: &[usize], sizes: &[Size], most_columns: usize) -> Item {
    if let [one] = boxes[..] {
        return Item { size: sizes[one], boxes: vec![(one, Point::default())], is_frame: false };
    }
    let columns = (1..most_columns).find(|&columns| grid(boxes, sizes, columns).1.height <= TALL_FRAME);
    let (grid, size) = grid(boxes, sizes, columns.unwrap_or(most_columns));
    let boxes = grid.into_iter().map(|(at, place)| (at, Point { x: place.x + PADDING, y: place.y + PADDING })).collect();
    let size = Size { width: size.width + 2.0 * PADDING, height: size.height + 2.0 * PADDING };
    Item { size, boxes, is_frame: true }
}

/// How many columns of these boxes have room in `width`; at least one.
fn columns_for(boxes: &[usize], sizes: &[Size], width: f64) -> usize {
    let widest = boxes.iter().map(|&at| sizes[at].width).fold(0.0, f64::max);
    (((width + GAP) / (widest + GAP)) as usize).clamp(1, boxes.len())
}

/// Boxes in so many columns, each box where the shortest column ends.
fn grid(boxes: &[usize], sizes: &[Size], columns: usize) -> (Vec<(usize, Point)>, Size) {
    // Which column a box is in depends on heights alone, so a column is as wide as it needs to be.
    let mut ends = vec![0.0_f64; columns];
    let mut widths = vec![0.0_f64; columns];
    let mut placed = Vec::with_capacity(boxes.len());
    for &at in boxes {
        let shortest = (0..columns).fold(0, |best, column| if ends[column] < ends[best] { column } else { best });
        placed.push((at, shortest, ends[shortest]));
        ends[shortest] += sizes[at].height + GAP;
        widths[shortest] = widths[shortest].max(sizes[at].width);
    }
    let starts: Vec<f64> = widths
        .iter()
        .scan(0.0, |x, width| {
            let start = *x;
            *x += width + GAP;
            Some(start)
        })
        .collect();
    let size = Size {
        width: widths.iter().map(|width| width + GAP).sum::<f64>() - GAP,
        height: ends.into_iter().fold(0.0, f64::max) - GAP,
    };
    (placed.into_iter().map(|(at, column, y)| (at, Point { x: starts[column], y })).collect(), size)
}

/// Puts parts beside and below each other, the tallest first, each as high up as there is room for it.
fn pack(mut parts: Vec<Part>, layout: &mut Layout) {
    parts.sort_by(|a, b| b.size.height.total_cmp(&a.size.height));
    let mut skyline = Skyline { steps: vec![(0.0, 0.0)] };
    for part in parts {
        let Point { x, y } = skyline.place(part.size);
        let moved = |point: Point| Point { x: point.x + x, y: point.y + y };
        for (item, place) in part.items {
            let place = moved(place);
            for (at, inner) in item.boxes {
                layout.places[at] = Point { x: place.x + inner.x, y: place.y + inner.y };
            }
            layout.frames.extend(item.is_frame.then_some(Frame { at: place, size: item.size }));
        }
        for line in part.lines {
            layout.lines.push(Line { points: line.points.into_iter().map(moved).collect(), ..line });
        }
        layout.width = layout.width.max(x + part.size.width);
        layout.height = layout.height.max(y + part.size.height);
    }
}

/// The lower edge of what is placed.
struct Skyline {
    /// Where each step begins, and how far down it is; the first at 0.
    steps: Vec<(f64, f64)>,
}

impl Skyline {
    /// Takes room for a part of this size, and what is to be between parts.
    fn place(&mut self, size: Size) -> Point {
        let below = |x: f64| {
            let end = x + size.width + PART_GAP;
            let first = self.steps.iter().rposition(|(start, _)| *start <= x).unwrap_or(0);
            self.steps[first..].iter().take_while(|(start, _)| *start < end).map(|(_, y)| *y).fold(0.0, f64::max)
        };
        let starts = self.steps.iter().map(|(x, _)| *x).filter(|x| *x == 0.0 || x + size.width <= ROW_WIDTH);
        let best = starts.map(|x| (below(x), x)).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let (y, x) = best.unwrap_or((0.0, 0.0));
        let end = x + size.width + PART_GAP;
        let after = self.steps.iter().rev().find(|(start, _)| *start <= end).map_or(0.0, |(_, y)| *y);
        self.steps.retain(|(start, _)| *start < x || *start > end);
        let at = self.steps.partition_point(|(start, _)| *start < x);
        self.steps.splice(at..at, [(x, y + size.height + PART_GAP), (end, after)]);
        Point { x, y }
    }
}

#[cfg(test)]
mod tests;

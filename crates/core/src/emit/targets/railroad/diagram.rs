//! Laying out a railroad diagram; `drawing.rs` draws it.
//!
//! Sizes, positions and the order of all SVG elements are those of the npm package railroad-diagrams 1.0.0, which its
//! authors gave to the public domain (CC0). Coordinates are halved again and again but never divided otherwise, so
//! 64-bit floats hold them exactly and print as JavaScript prints them.

use crate::text::js;

/// The boxes of one diagram. A box is made after those that are inside of it.
#[derive(Debug, Default)]
pub(super) struct Diagram<'t> {
    boxes: Vec<Box<'t>>,
    /// What boxes consist of.
    lists: Vec<BoxId>,
    /// Those that are in no other box yet.
    open: Vec<BoxId>,
}

/// A part of a diagram, by its position among the boxes.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoxId(u32);

/// Something with a size: `up` and `down` count from the line that leads through it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Box<'t> {
    pub(super) content: Content<'t>,
    pub(super) width: f64,
    pub(super) up: f64,
    pub(super) down: f64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'t> {
    Terminal(&'t str),
    NonTerminal(&'t str),
    Skip,
    Sequence(List),
    /// One of several, the first or the second of which is on the line.
    Choice {
        on_line: usize,
        items: List,
    },
    /// An item, and the way back from its end to its start.
    OneOrMore {
        item: BoxId,
        back: BoxId,
    },
}

impl Box<'_> {
    /// Whether it consists of other boxes.
    pub(super) fn has_parts(&self) -> bool {
        match self.content {
            Content::Sequence(_) | Content::Choice { .. } | Content::OneOrMore { .. } => true,
            Content::Terminal(_) | Content::NonTerminal(_) | Content::Skip => false,
        }
    }
}

/// A range of the diagram's lists.
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    start: u32,
    end: u32,
}

pub(super) const ARC_RADIUS: f64 = 10.0;
pub(super) const VERTICAL_SEPARATION: f64 = 8.0;
/// Half of the height of a box with text.
pub(super) const HALF_HEIGHT: f64 = 11.0;
/// The line before and the line behind whatever needs room.
const CONNECTOR: f64 = 10.0;

// Making boxes. Those that consist of others take them from the end of the list of `open` boxes: those from `first` on.
impl<'t> Diagram<'t> {
    /// Starts anew.
    pub(super) fn clear(&mut self) {
        self.boxes.clear();
        self.lists.clear();
        self.open.clear();
    }

    /// How many boxes are in no other box yet.
    pub(super) fn open(&self) -> usize {
        self.open.len()
    }

    /// The boxes that are in no other box, which are what the diagram shows.
    pub(super) fn outermost(&self) -> &[BoxId] {
        &self.open
    }

    /// A text that is as it stands.
    pub(super) fn terminal(&mut self, text: &'t str) {
        self.add(Content::Terminal(text), text_width(text), HALF_HEIGHT, HALF_HEIGHT);
    }

    /// The name of another diagram.
    pub(super) fn non_terminal(&mut self, text: &'t str) {
        self.add(Content::NonTerminal(text), text_width(text), HALF_HEIGHT, HALF_HEIGHT);
    }

    /// One after the other.
    pub(super) fn sequence(&mut self, first: usize) {
        let items = self.close(first);
        let boxes = || self.items(items).iter().map(|&item| self.get(item));
        let width = boxes().map(|item| item.width + 2.0 * connector(item)).sum();
        let up = boxes().fold(0.0, |up, item| item.up.max(up));
        let down = boxes().fold(0.0, |down, item| item.down.max(down));
        self.add(Content::Sequence(items), width, up, down);
    }

    /// One of several, the first of them on the line. Of none: a line. (railroad-diagrams throws an error then.)
    pub(super) fn choice(&mut self, first: usize) {
        if self.open.len() == first { self.skip() } else { self.choice_with(0, first) }
    }

    /// The last box or nothing.
    pub(super) fn optional(&mut self) {
        let first = self.open.len() - 1;
        self.skip();
        self.open.swap(first, first + 1);
        self.choice_with(1, first);
    }

    /// The last box, as often as one likes.
    pub(super) fn one_or_more(&mut self) {
        self.skip();
        let (Some(back), Some(item)) = (self.open.pop(), self.open.pop()) else { return };
        let Box { width, up, down, .. } = *self.get(item);
        let down = (down + VERTICAL_SEPARATION).max(ARC_RADIUS * 2.0);
        self.add(Content::OneOrMore { item, back }, width + ARC_RADIUS * 2.0, up, down);
    }

    /// The last box, as often as one likes, or nothing.
    pub(super) fn zero_or_more(&mut self) {
        self.one_or_more();
        self.optional();
    }

    fn skip(&mut self) {
        self.add(Content::Skip, 0.0, 0.0, 0.0);
    }

    fn choice_with(&mut self, on_line: usize, first: usize) {
        let items = self.close(first);
        let (mut width, mut up, mut down) = (0_f64, 0.0, 0.0);
        for (index, &item) in self.items(items).iter().enumerate() {
            let item = self.get(item);
            let height = (item.up + item.down + VERTICAL_SEPARATION).max(ARC_RADIUS);
            width = width.max(item.width);
            match index.cmp(&on_line) {
                std::cmp::Ordering::Less => up += height,
                std::cmp::Ordering::Equal => {
                    up += item.up.max(ARC_RADIUS);
                    down += item.down.max(ARC_RADIUS);
                }
                std::cmp::Ordering::Greater => down += height,
            }
        }
        self.add(Content::Choice { on_line, items }, width + ARC_RADIUS * 4.0, up, down);
    }

    /// Takes the boxes from `first` on, for another one to consist of them.
    fn close(&mut self, first: usize) -> List {
        let start = self.lists.len() as u32;
        self.lists.extend(self.open.drain(first..));
        List { start, end: self.lists.len() as u32 }
    }

    fn add(&mut self, content: Content<'t>, width: f64, up: f64, down: f64) {
        self.open.push(BoxId(self.boxes.len() as u32));
        self.boxes.push(Box { content, width, up, down });
    }

    pub(super) fn get(&self, id: BoxId) -> &Box<'t> {
        &self.boxes[id.0 as usize]
    }

    pub(super) fn items(&self, list: List) -> &[BoxId] {
        &self.lists[list.start as usize..list.end as usize]
    }
}

/// Takes each character to be half as wide as the font is high, and that to be 16 pixels.
fn text_width(text: &str) -> f64 {
    js::length(text) as f64 * 8.0 + 20.0
}

/// The length of the line on each side of `item`.
pub(super) fn connector(item: &Box<'_>) -> f64 {
    match item.content {
        Content::Terminal(_) | Content::NonTerminal(_) | Content::OneOrMore { .. } => CONNECTOR,
        Content::Skip | Content::Sequence(_) | Content::Choice { .. } => 0.0,
    }
}

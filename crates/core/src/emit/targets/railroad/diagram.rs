//! Laying out and drawing a railroad diagram as SVG.
//!
//! Sizes, positions and the order of all SVG elements are those of the npm package railroad-diagrams 1.0.0, which its
//! authors gave to the public domain (CC0). Coordinates are halved again and again but never divided otherwise, so
//! 64-bit floats hold them exactly and print as JavaScript prints them.

use crate::text::js;

/// The boxes of one diagram. A box is made after those that are inside of it.
#[derive(Debug, Default)]
pub(super) struct Diagram<'t> {
    boxes: Vec<Box<'t>>,
    lists: Vec<BoxId>,
}

/// A part of a diagram, by its position among the boxes.
#[derive(Clone, Copy, Debug)]
pub(super) struct BoxId(u32);

/// Something with a size: `up` and `down` count from the line that leads through it.
#[derive(Clone, Copy, Debug)]
struct Box<'t> {
    content: Content<'t>,
    width: f64,
    up: f64,
    down: f64,
}

#[derive(Clone, Copy, Debug)]
enum Content<'t> {
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

/// A range of the diagram's lists.
#[derive(Clone, Copy, Debug)]
struct List {
    start: u32,
    end: u32,
}

const ARC_RADIUS: f64 = 10.0;
const VERTICAL_SEPARATION: f64 = 8.0;
/// Half of the height of a box with text.
const HALF_HEIGHT: f64 = 11.0;
/// The line before and the line behind whatever needs room.
const CONNECTOR: f64 = 10.0;
/// Width of the start and of the end, and half of their height.
const END_WIDTH: f64 = 20.0;
const END_HALF_HEIGHT: f64 = 10.0;
/// Around the whole diagram.
const PADDING: f64 = 20.0;

// Making boxes
impl<'t> Diagram<'t> {
    /// A text that is as it stands.
    pub(super) fn terminal(&mut self, text: &'t str) -> BoxId {
        self.add(Content::Terminal(text), text_width(text), HALF_HEIGHT, HALF_HEIGHT)
    }

    /// The name of another diagram.
    pub(super) fn non_terminal(&mut self, text: &'t str) -> BoxId {
        self.add(Content::NonTerminal(text), text_width(text), HALF_HEIGHT, HALF_HEIGHT)
    }

    /// One after the other.
    pub(super) fn sequence(&mut self, items: &[BoxId]) -> BoxId {
        let boxes = || items.iter().map(|&item| self.get(item));
        let width = boxes().map(|item| item.width + 2.0 * connector(item)).sum();
        let up = boxes().fold(0.0, |up, item| item.up.max(up));
        let down = boxes().fold(0.0, |down, item| item.down.max(down));
        let items = self.list(items);
        self.add(Content::Sequence(items), width, up, down)
    }

    /// One of several, the first of them on the line. Of none: a line. (railroad-diagrams throws an error then.)
    pub(super) fn choice(&mut self, items: &[BoxId]) -> BoxId {
        if items.is_empty() { self.skip() } else { self.choice_with(0, items) }
    }

    /// The item or nothing.
    pub(super) fn optional(&mut self, item: BoxId) -> BoxId {
        let skip = self.skip();
        self.choice_with(1, &[skip, item])
    }

    /// The item, as often as one likes.
    pub(super) fn one_or_more(&mut self, item: BoxId) -> BoxId {
        let Box { width, up, down, .. } = *self.get(item);
        let down = (down + VERTICAL_SEPARATION).max(ARC_RADIUS * 2.0);
        let back = self.skip();
        self.add(Content::OneOrMore { item, back }, width + ARC_RADIUS * 2.0, up, down)
    }

    /// The item, as often as one likes, or nothing.
    pub(super) fn zero_or_more(&mut self, item: BoxId) -> BoxId {
        let repeated = self.one_or_more(item);
        self.optional(repeated)
    }

    fn skip(&mut self) -> BoxId {
        self.add(Content::Skip, 0.0, 0.0, 0.0)
    }

    fn choice_with(&mut self, on_line: usize, items: &[BoxId]) -> BoxId {
        let (mut width, mut up, mut down) = (0_f64, 0.0, 0.0);
        for (index, &item) in items.iter().enumerate() {
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
        let items = self.list(items);
        self.add(Content::Choice { on_line, items }, width + ARC_RADIUS * 4.0, up, down)
    }

    fn list(&mut self, items: &[BoxId]) -> List {
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(items);
        List { start, end: self.lists.len() as u32 }
    }

    fn add(&mut self, content: Content<'t>, width: f64, up: f64, down: f64) -> BoxId {
        self.boxes.push(Box { content, width, up, down });
        BoxId(self.boxes.len() as u32 - 1)
    }

    fn get(&self, id: BoxId) -> &Box<'t> {
        &self.boxes[id.0 as usize]
    }

    fn items(&self, list: List) -> &[BoxId] {
        &self.lists[list.start as usize..list.end as usize]
    }
}

/// Takes each character to be half as wide as the font is high, and that to be 16 pixels.
fn text_width(text: &str) -> f64 {
    js::length(text) as f64 * 8.0 + 20.0
}

/// The length of the line on each side of `item`.
fn connector(item: &Box<'_>) -> f64 {
    match item.content {
        Content::Terminal(_) | Content::NonTerminal(_) | Content::OneOrMore { .. } => CONNECTOR,
        Content::Skip | Content::Sequence(_) | Content::Choice { .. } => 0.0,
    }
}

/// What a diagram is drawn into.
pub(super) struct Canvas<'c> {
    /// Further attributes of the `svg` element, each with a space before it.
    pub(super) attributes: &'c str,
    /// What comes first in it.
    pub(super) style: &'c str,
    /// Appends a text as SVG.
    pub(super) push_text: fn(&str, &mut String),
    /// What the names of other diagrams are links to, with the name behind it.
    pub(super) link: Option<&'c str>,
}

/// What is still to be drawn.
#[derive(Clone, Copy, Debug)]
enum Step {
    Box {
        item: BoxId,
        x: f64,
        y: f64,
        width: f64,
    },
    /// From (x, y) to the right.
    Line {
        x: f64,
        y: f64,
        length: f64,
    },
    /// From (x, y): a quarter of a circle, down by `length`, and another quarter.
    Bend {
        x: f64,
        y: f64,
        from: Arc,
        length: f64,
        to: Arc,
    },
    /// The frame and the text of a terminal or non-terminal that starts at (x, y).
    Label {
        item: BoxId,
        x: f64,
        y: f64,
    },
    EndOfGroup,
}

/// Arcs by where they start and end, as `a` commands of SVG paths.
type Arc = &'static str;
const NORTH_EAST: Arc = "a10 10 0 0 1 10 10";
const WEST_SOUTH: Arc = "a10 10 0 0 0 10 10";
const SOUTH_EAST: Arc = "a10 10 0 0 0 10 -10";
const WEST_NORTH: Arc = "a10 10 0 0 1 10 -10";
const NORTH_WEST: Arc = "a10 10 0 0 0 -10 10";
const EAST_NORTH: Arc = "a10 10 0 0 0 -10 -10";

// Drawing
impl Diagram<'_> {
    /// Appends the diagram with `items` from start to end.
    pub(super) fn draw(&self, items: &[BoxId], canvas: &Canvas<'_>, text: &mut String) {
        let boxes = || items.iter().map(|&item| self.get(item));
        let width = boxes().map(|item| item.width + 2.0 * connector(item)).sum::<f64>() + 2.0 * END_WIDTH + 1.0 + 2.0 * PADDING;
        let up = boxes().fold(END_HALF_HEIGHT, |up, item| item.up.max(up));
        let down = boxes().fold(END_HALF_HEIGHT, |down, item| item.down.max(down));
        let height = up + down + 2.0 * PADDING;
        push(text, &[T("<svg class=\"railroad-diagram\""), T(canvas.attributes), T(" width=\""), N(width), T("\" height=\"")]);
        push(text, &[N(height), T("\" viewBox=\"0 0 "), N(width), T(" "), N(height), T("\">\n"), T(canvas.style)]);
        let (mut x, y) = (PADDING, PADDING + up);
        let top = y - END_HALF_HEIGHT;
        push(text, &[T("<g transform=\"translate(.5 .5)\">\n<path d=\"M "), N(x), T(" "), N(top)]);
        push(text, &[T(" v 20 m 10 -20 v 20 m -10 -10 h 20.5\"></path>\n")]);
        x += END_WIDTH;
        let mut plan = Vec::new();
        x = self.plan_items(items, x, y, &mut plan);
        plan.reverse();
        while let Some(step) = plan.pop() {
            self.draw_step(step, canvas, &mut plan, text);
        }
        push(text, &[T("<path d=\"M "), N(x), T(" "), N(y), T(" h 20 m -10 -10 v 20 m 10 -20 v 20\"></path>\n</g>\n</svg>\n")]);
    }

    /// Draws one step. What a box consists of is added to `plan`, a stack, since boxes may be nested deeper than calls.
    fn draw_step(&self, step: Step, canvas: &Canvas<'_>, plan: &mut Vec<Step>, text: &mut String) {
        match step {
            Step::Box { item, x, y, width } => {
                text.push_str("<g>\n");
                let first = plan.len();
                self.plan_box(item, x, y, width, plan);
                plan.push(Step::EndOfGroup);
                plan[first..].reverse();
            }
            Step::Line { x, y, length } => push(text, &[T("<path d=\"M"), N(x), T(" "), N(y), T("h"), N(length), T(PATH_END)]),
            Step::Bend { x, y, from, length, to } => {
                push(text, &[T("<path d=\"M"), N(x), T(" "), N(y), T(from), T("v"), N(length), T(to), T(PATH_END)]);
            }
            Step::Label { item, x, y } => self.draw_label(item, x, y, canvas, text),
            Step::EndOfGroup => text.push_str("</g>\n"),
        }
    }

    fn draw_label(&self, item: BoxId, x: f64, y: f64, canvas: &Canvas<'_>, text: &mut String) {
        let Box { content, width, .. } = *self.get(item);
        let (label, corners) = match content {
            Content::Terminal(label) => (label, " rx=\"10\" ry=\"10\""),
            Content::NonTerminal(label) => (label, ""),
            Content::Skip | Content::Sequence(_) | Content::Choice { .. } | Content::OneOrMore { .. } => return,
        };
        let link = canvas.link.filter(|_| matches!(content, Content::NonTerminal(_)));
        if let Some(link) = link {
            push(text, &[T("<a href=\""), T(link), T(label), T("\">\n")]);
        }
        push(text, &[T("<rect x=\""), N(x), T("\" y=\""), N(y - HALF_HEIGHT), T("\" width=\""), N(width)]);
        push(text, &[T("\" height=\"22\""), T(corners), T("></rect>\n")]);
        push(text, &[T("<text x=\""), N(x + width / 2.0), T("\" y=\""), N(y + 4.0), T("\">")]);
        (canvas.push_text)(label, text);
        text.push_str("</text>\n");
        if link.is_some() {
            text.push_str("</a>\n");
        }
    }

    /// Adds what the box `item` consists of, in the middle of the `room` from x on.
    fn plan_box(&self, item: BoxId, mut x: f64, y: f64, room: f64, plan: &mut Vec<Step>) {
        let Box { content, width, .. } = *self.get(item);
        if let Content::Skip = content {
            return plan.push(Step::Line { x, y, length: room });
        }
        let length = (room - width) / 2.0;
        plan.push(Step::Line { x, y, length });
        x += length;
        plan.push(Step::Line { x: x + width, y, length });
        match content {
            Content::Terminal(_) | Content::NonTerminal(_) => plan.push(Step::Label { item, x, y }),
            Content::Skip => {}
            Content::Sequence(items) => {
                self.plan_items(self.items(items), x, y, plan);
            }
            Content::Choice { on_line, items } => self.plan_choice(self.items(items), on_line, x, y, width, plan),
            Content::OneOrMore { item, back } => self.plan_repetition(item, back, x, y, width, plan),
        }
    }

    /// Adds `items` one after the other; the result is where they end.
    fn plan_items(&self, items: &[BoxId], mut x: f64, y: f64, plan: &mut Vec<Step>) -> f64 {
        for &item in items {
            let width = self.get(item).width;
            let length = connector(self.get(item));
            if length > 0.0 {
                plan.push(Step::Line { x, y, length });
                x += length;
            }
            plan.push(Step::Box { item, x, y, width });
            x += width;
            if length > 0.0 {
                plan.push(Step::Line { x, y, length });
                x += length;
            }
        }
        x
    }

    fn plan_choice(&self, items: &[BoxId], on_line: usize, x: f64, y: f64, width: f64, plan: &mut Vec<Step>) {
        let bend = ARC_RADIUS * 2.0;
        let inner = width - bend * 2.0;
        let (left, right) = (x + bend, x + bend + inner);
        let gap_between = |upper: BoxId, lower: BoxId| self.get(upper).down + VERTICAL_SEPARATION + self.get(lower).up;

        let mut distance = 0.0;
        for index in (0..on_line).rev() {
            let step = gap_between(items[index], items[index + 1]);
            distance += if index + 1 == on_line { step.max(bend) } else { step.max(ARC_RADIUS) };
            let (y_above, length) = (y - distance, distance - bend);
            plan.push(Step::Bend { x, y, from: SOUTH_EAST, length: -length, to: WEST_NORTH });
            plan.push(Step::Box { item: items[index], x: left, y: y_above, width: inner });
            plan.push(Step::Bend { x: right, y: y_above, from: NORTH_EAST, length, to: WEST_SOUTH });
        }

        plan.push(Step::Line { x, y, length: bend });
        plan.push(Step::Box { item: items[on_line], x: left, y, width: inner });
        plan.push(Step::Line { x: right, y, length: bend });

        distance = 0.0;
        for index in on_line + 1..items.len() {
            let step = gap_between(items[index - 1], items[index]);
            distance += if index == on_line + 1 { step.max(bend) } else { step.max(ARC_RADIUS) };
            let (y_below, length) = (y + distance, distance - bend);
            plan.push(Step::Bend { x, y, from: NORTH_EAST, length, to: WEST_SOUTH });
            plan.push(Step::Box { item: items[index], x: left, y: y_below, width: inner });
            plan.push(Step::Bend { x: right, y: y_below, from: SOUTH_EAST, length: -length, to: WEST_NORTH });
        }
    }

    fn plan_repetition(&self, item: BoxId, back: BoxId, x: f64, y: f64, width: f64, plan: &mut Vec<Step>) {
        let (left, right, inner) = (x + ARC_RADIUS, x + width - ARC_RADIUS, width - ARC_RADIUS * 2.0);
        plan.push(Step::Line { x, y, length: ARC_RADIUS });
        plan.push(Step::Box { item, x: left, y, width: inner });
        plan.push(Step::Line { x: right, y, length: ARC_RADIUS });

        let distance = (self.get(item).down + VERTICAL_SEPARATION).max(ARC_RADIUS * 2.0);
        let (y_back, length) = (y + distance, distance - ARC_RADIUS * 2.0);
        plan.push(Step::Bend { x: left, y, from: NORTH_WEST, length, to: WEST_SOUTH });
        plan.push(Step::Box { item: back, x: left, y: y_back, width: inner });
        plan.push(Step::Bend { x: right, y: y_back, from: SOUTH_EAST, length: -length, to: EAST_NORTH });
    }
}

const PATH_END: &str = "\"></path>\n";

/// A piece of SVG.
enum Piece<'p> {
    T(&'p str),
    N(f64),
}
use Piece::{N, T};

fn push(text: &mut String, pieces: &[Piece<'_>]) {
    for piece in pieces {
        match *piece {
            T(piece) => text.push_str(piece),
            N(number) => push_number(text, number),
        }
    }
}

/// [`js::push_number`] for coordinates: most are whole, and printing those as floats took 30 ms of the 50 ms that the
/// diagrams of a grammar of 10,000 lines took.
fn push_number(text: &mut String, number: f64) {
    const LARGEST: f64 = 1e9;
    let magnitude = number.abs();
    if magnitude.fract() != 0.0 || magnitude >= LARGEST {
        return js::push_number(text, number);
    }
    if number < 0.0 {
        text.push('-');
    }
    let mut rest = magnitude as u32;
    let mut digits = [b'0'; 10];
    let mut first = digits.len() - 1;
    loop {
        digits[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
        first -= 1;
    }
    text.extend(digits[first..].iter().map(|&digit| char::from(digit)));
}

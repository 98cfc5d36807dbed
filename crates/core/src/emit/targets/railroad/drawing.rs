//! Drawing a railroad diagram as SVG.

use super::diagram::{ARC_RADIUS, Box, BoxId, Content, Diagram, HALF_HEIGHT, VERTICAL_SEPARATION, connector};
use super::pen::{Line, Padded, Pen};

/// Width of the start and of the end, and half of their height.
const END_WIDTH: f64 = 20.0;
const END_HALF_HEIGHT: f64 = 10.0;
/// Around the whole diagram.
const PADDING: f64 = 20.0;

/// What a diagram is drawn into.
pub(super) struct Canvas<'c> {
    /// Further attributes of the `svg` element, each with a space before it.
    pub(super) attributes: &'c str,
    /// What comes first in it.
    pub(super) style: &'c str,
    /// What the names of other diagrams are links to, with the name behind it.
    pub(super) link: Option<&'c str>,
}

/// Draws diagrams with one pen.
pub(super) struct Drawing<'p> {
    pen: Pen<'p>,
    canvas: &'p Canvas<'p>,
    /// What is still to be drawn, the next at the end: boxes may be nested deeper than calls.
    plan: Vec<Step>,
    /// Where in there the parts of the box begin that is being drawn, in the order in which they come. A part is drawn
    /// at once while there are none: most parts are lines, and most boxes have no parts that are more than that.
    parts: usize,
}

/// What is still to be drawn.
#[derive(Clone, Copy, Debug)]
enum Step {
    Box { item: BoxId, x: f64, y: f64, room: f64 },
    Line { x: f64, y: f64, length: f64 },
    Bend { x: f64, y: f64, from: Arc, length: f64, to: Arc },
    EndOfGroup,
}

/// A quarter of a circle by where it starts and ends, as an `a` command of SVG paths.
type Arc = &'static Padded;
const NORTH_EAST: Arc = &Padded::new(b"a10 10 0 0 1 10 10");
const WEST_SOUTH: Arc = &Padded::new(b"a10 10 0 0 0 10 10");
const SOUTH_EAST: Arc = &Padded::new(b"a10 10 0 0 0 10 -10");
const WEST_NORTH: Arc = &Padded::new(b"a10 10 0 0 1 10 -10");
const NORTH_WEST: Arc = &Padded::new(b"a10 10 0 0 0 -10 10");
const EAST_NORTH: Arc = &Padded::new(b"a10 10 0 0 0 -10 -10");

impl<'p> Drawing<'p> {
    pub(super) fn new(pen: Pen<'p>, canvas: &'p Canvas<'p>) -> Drawing<'p> {
        Drawing { pen, canvas, plan: Vec::new(), parts: 0 }
    }

    /// Writes what stands between diagrams.
    pub(super) fn push(&mut self, piece: &str) {
        self.pen.push(piece);
    }

    /// Hands on what is left.
    pub(super) fn finish(mut self) {
        self.pen.flush();
    }

    /// Draws the whole diagram.
    pub(super) fn draw(&mut self, diagram: &Diagram<'_>) {
        let items = diagram.outermost();
        let boxes = || items.iter().map(|&item| diagram.get(item));
        let width = boxes().map(|item| item.width + 2.0 * connector(item)).sum::<f64>() + 2.0 * END_WIDTH + 1.0 + 2.0 * PADDING;
        let up = boxes().fold(END_HALF_HEIGHT, |up, item| item.up.max(up));
        let down = boxes().fold(END_HALF_HEIGHT, |down, item| item.down.max(down));
        self.begin(width, up + down + 2.0 * PADDING);
        let (x, y) = (PADDING, PADDING + up);
        self.pen.line(|line| line.piece(b"<path d=\"M ").number(x).piece(b" ").number(y - END_HALF_HEIGHT).end());
        self.pen.push(" v 20 m 10 -20 v 20 m -10 -10 h 20.5\"></path>\n");
        self.parts = 0;
        let x = self.items(diagram, items, x + END_WIDTH, y);
        self.plan.reverse();
        while let Some(step) = self.plan.pop() {
            self.step(diagram, step);
        }
        self.pen.line(|line| line.piece(b"<path d=\"M ").number(x).piece(b" ").number(y).end());
        self.pen.push(" h 20 m -10 -10 v 20 m 10 -20 v 20\"></path>\n</g>\n</svg>\n");
    }

    fn begin(&mut self, width: f64, height: f64) {
        self.pen.push("<svg class=\"railroad-diagram\"");
        self.pen.push(self.canvas.attributes);
        self.pen.line(|line| {
            line.piece(b" width=\"").number(width).piece(b"\" height=\"").number(height);
            line.piece(b"\" viewBox=\"0 0 ").number(width).piece(b" ").number(height).piece(b"\">\n");
        });
        self.pen.push(self.canvas.style);
        self.pen.push("<g transform=\"translate(.5 .5)\">\n");
    }

    fn step(&mut self, diagram: &Diagram<'_>, step: Step) {
        match step {
            Step::Box { item, x, y, room } => {
                let item = diagram.get(item);
                if item.has_parts() { self.draw_parts(diagram, item, x, y, room) } else { self.draw_whole(item, x, y, room) }
            }
            Step::Line { x, y, length } => self.draw_line(x, y, length),
            Step::Bend { x, y, from, length, to } => self.draw_bend(x, y, from, length, to),
            Step::EndOfGroup => self.pen.line(|line| line.piece(END_OF_GROUP).end()),
        }
    }

    /// Draws a box that consists of others in the middle of the `room` from x on.
    fn draw_parts(&mut self, diagram: &Diagram<'_>, item: &Box<'_>, x: f64, y: f64, room: f64) {
        let x = self.begin_box(item, x, y, room);
        self.plan.push(Step::EndOfGroup);
        self.parts = self.plan.len();
        match item.content {
            Content::Sequence(items) => {
                self.items(diagram, diagram.items(items), x, y);
            }
            Content::Choice { on_line, items } => self.choice(diagram, diagram.items(items), on_line, x, y, item.width),
            Content::OneOrMore { item: repeated, back } => self.repetition(diagram, repeated, back, x, y, item.width),
            Content::Terminal(_) | Content::NonTerminal(_) | Content::Skip => {}
        }
        self.plan[self.parts..].reverse();
    }

    /// Draws a box that consists of no others.
    fn draw_whole(&mut self, item: &Box<'_>, x: f64, y: f64, room: f64) {
        match item.content {
            Content::Terminal(label) => {
                let x = self.begin_box(item, x, y, room);
                self.frame(x, y, item.width, b" rx=\"10\" ry=\"10\"");
                self.label(label, x + item.width / 2.0, y);
            }
            Content::NonTerminal(label) => {
                let x = self.begin_box(item, x, y, room);
                if let Some(link) = self.canvas.link {
                    ["<a href=\"", link, label, "\">\n"].into_iter().for_each(|piece| self.pen.push(piece));
                }
                self.frame(x, y, item.width, b"");
                self.label(label, x + item.width / 2.0, y);
                self.pen.push(if self.canvas.link.is_some() { "</a>\n" } else { "" });
            }
            Content::Skip => {
                self.pen.line(|line| line.piece(GROUP).path(x, y).piece(b"h").number(room).piece(END_OF_PATH).end());
            }
            Content::Sequence(_) | Content::Choice { .. } | Content::OneOrMore { .. } => return,
        }
        self.pen.line(|line| line.piece(END_OF_GROUP).end());
    }

    /// Starts the group of a box, with lines from where its room starts and to where that ends. The result is where the
    /// box starts.
    fn begin_box(&mut self, item: &Box<'_>, x: f64, y: f64, room: f64) -> f64 {
        let length = (room - item.width) / 2.0;
        self.pen.line(|line| {
            line.piece(GROUP).path(x, y).piece(b"h").number(length).piece(END_OF_PATH);
            line.path(x + length + item.width, y).piece(b"h").number(length).piece(END_OF_PATH);
        });
        x + length
    }

    fn frame<const N: usize>(&mut self, x: f64, y: f64, width: f64, end: &[u8; N]) {
        self.pen.line(|line| {
            line.piece(b"<rect x=\"").number(x).piece(b"\" y=\"").number(y - HALF_HEIGHT);
            line.piece(b"\" width=\"").number(width).piece(b"\" height=\"22\"").piece(end).piece(b"></rect>\n");
        });
    }

    fn label(&mut self, label: &str, middle: f64, y: f64) {
        self.pen.line(|line| line.piece(b"<text x=\"").number(middle).piece(b"\" y=\"").number(y + 4.0).piece(b"\">").end());
        self.pen.label(label);
        self.pen.line(|line| line.piece(b"</text>\n").end());
    }

    /// From (x, y) to the right.
    fn draw_line(&mut self, x: f64, y: f64, length: f64) {
        self.pen.line(|line| line.path(x, y).piece(b"h").number(length).piece(END_OF_PATH).end());
    }

    /// From (x, y): a quarter of a circle, down by `length`, and another quarter.
    fn draw_bend(&mut self, x: f64, y: f64, from: Arc, length: f64, to: Arc) {
        self.pen.line(|line| line.path(x, y).choice(from).piece(b"v").number(length).choice(to).piece(END_OF_PATH).end());
    }
}

impl Line<'_> {
    #[inline(always)]
    fn path(&mut self, x: f64, y: f64) -> &mut Self {
        self.piece(b"<path d=\"M").number(x).piece(b" ").number(y)
    }
}

// The parts of a box, drawn at once or added to the plan.
impl Drawing<'_> {
    fn line(&mut self, x: f64, y: f64, length: f64) {
        if self.plan.len() == self.parts {
            self.draw_line(x, y, length);
        } else {
            self.plan.push(Step::Line { x, y, length });
        }
    }

    fn bend(&mut self, x: f64, y: f64, from: Arc, length: f64, to: Arc) {
        if self.plan.len() == self.parts {
            self.draw_bend(x, y, from, length, to);
        } else {
            self.plan.push(Step::Bend { x, y, from, length, to });
        }
    }

    fn boxed(&mut self, diagram: &Diagram<'_>, item: BoxId, x: f64, y: f64, room: f64) {
        let content = diagram.get(item);
        if self.plan.len() == self.parts && !content.has_parts() {
            self.draw_whole(content, x, y, room);
        } else {
            self.plan.push(Step::Box { item, x, y, room });
        }
    }

    /// `items` one after the other; the result is where they end.
    fn items(&mut self, diagram: &Diagram<'_>, items: &[BoxId], mut x: f64, y: f64) -> f64 {
        for &item in items {
            let content = diagram.get(item);
            let length = connector(content);
            if length > 0.0 {
                self.line(x, y, length);
                x += length;
            }
            self.boxed(diagram, item, x, y, content.width);
            x += content.width;
            if length > 0.0 {
                self.line(x, y, length);
                x += length;
            }
        }
        x
    }

    fn choice(&mut self, diagram: &Diagram<'_>, items: &[BoxId], on_line: usize, x: f64, y: f64, width: f64) {
        let bend = ARC_RADIUS * 2.0;
        let inner = width - bend * 2.0;
        let (left, right) = (x + bend, x + bend + inner);
        let gap_between = |upper: BoxId, lower: BoxId| diagram.get(upper).down + VERTICAL_SEPARATION + diagram.get(lower).up;

        let mut distance = 0.0;
        for index in (0..on_line).rev() {
            let step = gap_between(items[index], items[index + 1]);
            distance += if index + 1 == on_line { step.max(bend) } else { step.max(ARC_RADIUS) };
            let (y_above, length) = (y - distance, distance - bend);
            self.bend(x, y, SOUTH_EAST, -length, WEST_NORTH);
            self.boxed(diagram, items[index], left, y_above, inner);
            self.bend(right, y_above, NORTH_EAST, length, WEST_SOUTH);
        }

        self.line(x, y, bend);
        self.boxed(diagram, items[on_line], left, y, inner);
        self.line(right, y, bend);

        distance = 0.0;
        for index in on_line + 1..items.len() {
            let step = gap_between(items[index - 1], items[index]);
            distance += if index == on_line + 1 { step.max(bend) } else { step.max(ARC_RADIUS) };
            let (y_below, length) = (y + distance, distance - bend);
            self.bend(x, y, NORTH_EAST, length, WEST_SOUTH);
            self.boxed(diagram, items[index], left, y_below, inner);
            self.bend(right, y_below, SOUTH_EAST, -length, WEST_NORTH);
        }
    }

    fn repetition(&mut self, diagram: &Diagram<'_>, item: BoxId, back: BoxId, x: f64, y: f64, width: f64) {
        let (left, right, inner) = (x + ARC_RADIUS, x + width - ARC_RADIUS, width - ARC_RADIUS * 2.0);
        self.line(x, y, ARC_RADIUS);
        self.boxed(diagram, item, left, y, inner);
        self.line(right, y, ARC_RADIUS);

        let distance = (diagram.get(item).down + VERTICAL_SEPARATION).max(ARC_RADIUS * 2.0);
        let (y_back, length) = (y + distance, distance - ARC_RADIUS * 2.0);
        self.bend(left, y, NORTH_WEST, length, WEST_SOUTH);
        self.boxed(diagram, back, left, y_back, inner);
        self.bend(right, y_back, SOUTH_EAST, -length, EAST_NORTH);
    }
}

const GROUP: &[u8; 4] = b"<g>\n";
const END_OF_GROUP: &[u8; 5] = b"</g>\n";
const END_OF_PATH: &[u8; 10] = b"\"></path>\n";

//! The class diagram of a grammar as SVG: types with their properties, sub types to the right of what they extend.

mod layout;

use std::fmt::Write;

use super::ProjectView;
use crate::emit::pack::value::Arena;
use crate::model::types::{PropertyType, TypeId, Types};
use layout::{Frame, Line, Point, Size, lay_out};

/// A type in the diagram.
struct Class<'v> {
    name: &'v str,
    /// Whether it is a union: drawn with round corners.
    is_union: bool,
    is_abstract: bool,
    lines: Vec<String>,
}

const CHARACTER: f64 = 7.3; // of a 12 px monospaced font
const LINE: f64 = 17.0;
const HEAD: f64 = 26.0;
const MARGIN: f64 = 12.0;
/// Of longer properties, the beginning is shown.
const LONGEST_LINE: usize = 40;
/// Of more properties, the first ones are shown.
const MOST_LINES: usize = 24;
/// How round the corners of lines are.
const BEND: f64 = 5.0;

/// The diagram of a set of types; nothing if there are none.
pub(super) fn draw(view: &ProjectView<'_>, set: u32) -> String {
    let (classes, supers) = collect(view, view.type_set(set), set);
    if classes.is_empty() {
        return String::new();
    }
    let sizes: Vec<Size> = classes.iter().map(size).collect();
    let layout = lay_out(&sizes, &supers);
    let (width, height) = (layout.width + 2.0 * MARGIN, layout.height + 2.0 * MARGIN);
    let mut svg = String::new();
    // A String takes everything.
    let _ = writeln!(
        svg,
        "<svg class=\"class-diagram\" width=\"{width}\" height=\"{height}\" viewBox=\"{0} {0} {width} {height}\" role=\"img\">",
        -MARGIN
    );
    layout.frames.iter().for_each(|frame| push_frame(frame, &mut svg));
    layout.lines.iter().for_each(|line| push_line(line, &mut svg));
    for ((class, size), place) in classes.iter().zip(&sizes).zip(&layout.places) {
        push_class(class, *place, *size, &mut svg);
    }
    svg.push_str("</svg>\n");
    svg
}

/// How much room a class takes.
fn size(class: &Class<'_>) -> Size {
    let characters =
        class.lines.iter().map(|line| line.chars().count()).chain([class.name.chars().count() + 2]).max().unwrap_or(0);
    let lines = class.lines.len() as f64;
    Size {
        width: (characters as f64 * CHARACTER + 20.0).ceil(),
        height: HEAD + if lines > 0.0 { lines * LINE + 8.0 } else { 0.0 },
    }
}

/// Interfaces and unions of nodes; and of each the numbers of what it extends or is a member of.
fn collect<'v>(view: &'v ProjectView<'_>, types: &Types, set: u32) -> (Vec<Class<'v>>, Vec<Vec<usize>>) {
    let mut ids: Vec<TypeId> = (0..types.interfaces.len() as u32).map(TypeId).collect();
    ids.extend(types.unions.iter().enumerate().filter(|(_, union)| union.is_ast).map(|(index, _)| types.union_id(index)));
    let mut slots = vec![None; types.interfaces.len() + types.unions.len()];
    ids.iter().enumerate().for_each(|(at, id)| slots[id.index()] = Some(at));
    let place = |id: TypeId| slots[id.index()];
    let mut classes: Vec<Class<'v>> = Vec::with_capacity(ids.len());
    let mut supers: Vec<Vec<usize>> = Vec::with_capacity(ids.len());
    for &id in &ids {
        let interface = types.interface(id);
        let properties = interface.map_or(&[][..], |interface| types.properties(interface));
        let arena = Arena::new();
        // One that is left out makes room for saying so.
        let shown = if properties.len() > MOST_LINES { MOST_LINES - 1 } else { properties.len() };
        let lines = properties[..shown].iter().map(|property| {
            let optional = property.optional && !types.arena.is_mandatory(property.ty);
            let notation = view.notation([set, property.ty.raw(), 0], &arena);
            shortened(format!("{}{}: {notation}", view.text(property.name), if optional { "?" } else { "" }))
        });
        let more = (shown < properties.len()).then(|| format!("… {} more", properties.len() - shown));
        classes.push(Class {
            name: view.text(types.name(id)),
            is_union: interface.is_none(),
            is_abstract: interface.is_some_and(|interface| interface.is_abstract),
            lines: lines.chain(more).collect(),
        });
        supers.push(interface.map_or(Vec::new(), |interface| interface.super_types.iter().filter_map(place).collect()));
    }
    for (at, &id) in ids.iter().enumerate() {
        let Some(union) = types.union(id) else { continue };
        types.arena.for_each_member(union.ty, &mut |_, member| {
            if let PropertyType::Value(name) = member
                && let Some(member) = types.find(name).and_then(place)
                && member != at
            {
                supers[member].push(at);
            }
        });
    }
    (classes, supers)
}

fn shortened(mut line: String) -> String {
    if let Some((end, _)) = line.char_indices().nth(LONGEST_LINE) {
        line.truncate(end);
        line.push('…');
    }
    line
}

fn push_frame(Frame { at: Point { x, y }, size: Size { width, height } }: &Frame, svg: &mut String) {
    let _ = writeln!(svg, "<rect class=\"frame\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>");
}

/// A line with round corners, and a hollow triangle at what is extended.
fn push_line(Line { points, is_reversed }: &Line, svg: &mut String) {
    let mut points = points.clone();
    points.dedup();
    let (Some(&first), Some(&last)) = (points.first(), points.last()) else { return };
    let _ = write!(svg, "<path class=\"edge\" d=\"M{} {}", first.x, first.y);
    for corner in points.windows(3) {
        let [before, at, after] = [corner[0], corner[1], corner[2]];
        // Half of a short way is left to the corner at its other end.
        let bend = |other: Point| ((other.x - at.x).abs() + (other.y - at.y).abs()).min(2.0 * BEND) / 2.0;
        let bend = bend(before).min(bend(after));
        let towards = |other: Point| {
            let step = |from: f64, to: f64| if from == to { from } else { from + bend * (to - from).signum() };
            (step(at.x, other.x), step(at.y, other.y))
        };
        let ((from_x, from_y), (to_x, to_y)) = (towards(before), towards(after));
        if before.y == after.y {
            continue;
        }
        let _ = write!(svg, "L{from_x} {from_y}Q{} {} {to_x} {to_y}", at.x, at.y);
    }
    let (tip, way) = if *is_reversed { (last, "-10") } else { (first, "10") };
    let _ = writeln!(svg, "L{} {}\"/><path class=\"arrow\" d=\"M{} {}l{way} -6v12z\"/>", last.x, last.y, tip.x, tip.y);
}

fn push_class(class: &Class<'_>, Point { x, y }: Point, Size { width, height }: Size, svg: &mut String) {
    let Class { name, is_union, is_abstract, lines } = class;
    let kind = match (is_union, is_abstract) {
        (true, _) => "union",
        (false, true) => "interface abstract",
        (false, false) => "interface",
    };
    let corner = if *is_union { 12 } else { 3 };
    let middle = x + width / 2.0;
    let _ = writeln!(
        svg,
        "<a href=\"#type-{name}\"><g class=\"{kind}\"><rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" \
         rx=\"{corner}\"/><text class=\"name\" x=\"{middle}\" y=\"{}\">{name}</text>",
        y + 17.0
    );
    if !lines.is_empty() {
        let _ = writeln!(svg, "<path class=\"rule\" d=\"M{x} {}h{width}\"/>", y + HEAD);
    }
    for (index, line) in lines.iter().enumerate() {
        let baseline = y + HEAD + LINE * (index as f64 + 1.0) - 2.0;
        let _ = write!(svg, "<text x=\"{}\" y=\"{baseline}\">", x + 10.0);
        for char in line.chars() {
            match char {
                '<' => svg.push_str("&lt;"),
                '&' => svg.push_str("&amp;"),
                _ => svg.push(char),
            }
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</g></a>\n");
}

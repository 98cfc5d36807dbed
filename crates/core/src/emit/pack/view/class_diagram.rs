//! The class diagram of a grammar as SVG: types with their properties, in rows, sub types below what they extend.
//!
//! Rows follow from the longest way down to a type; in a row, types stand below their super types as far as there is room.
//! That is the first half of what Sugiyama's method does, and enough for hierarchies that are trees but for a few edges.

use std::fmt::Write;

use super::ProjectView;
use crate::model::types::{PropertyType, TypeId, Types};

/// A type in the diagram.
struct Class<'v> {
    name: &'v str,
    /// Whether it is a union: drawn with round corners.
    is_union: bool,
    is_abstract: bool,
    lines: Vec<String>,
    /// Indices of what it extends or is a member of.
    supers: Vec<usize>,
    row: usize,
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

const CHARACTER: f64 = 7.3; // of a 12 px monospaced font
const LINE: f64 = 17.0;
const HEAD: f64 = 26.0;
const GAP: f64 = 24.0;
const ROW_GAP: f64 = 46.0;
const MARGIN: f64 = 12.0;
/// A row that is wider goes on below.
const WIDEST: f64 = 1500.0;
/// Of longer properties, the beginning is shown.
const LONGEST_LINE: usize = 48;

/// The diagram of a set of types; nothing if there are none.
pub(super) fn draw(view: &ProjectView<'_>, set: u32) -> String {
    let types = view.type_set(set);
    let mut classes = collect(view, types, set);
    if classes.is_empty() {
        return String::new();
    }
    let (width, height) = lay_out(&mut classes);
    let mut svg = String::new();
    // A String takes everything.
    let _ = writeln!(
        svg,
        "<svg class=\"class-diagram\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" role=\"img\">"
    );
    for class in &classes {
        for parent in class.supers.iter().map(|&parent| &classes[parent]) {
            push_edge(class, parent, &mut svg);
        }
    }
    classes.iter().for_each(|class| push_class(class, &mut svg));
    svg.push_str("</svg>\n");
    svg
}

/// Interfaces and unions of nodes.
fn collect<'v>(view: &'v ProjectView<'_>, types: &Types, set: u32) -> Vec<Class<'v>> {
    let mut ids: Vec<TypeId> = (0..types.interfaces.len() as u32).map(TypeId).collect();
    ids.extend(types.unions.iter().enumerate().filter(|(_, union)| union.is_ast).map(|(index, _)| types.union_id(index)));
    let mut slots = vec![None; types.interfaces.len() + types.unions.len()];
    ids.iter().enumerate().for_each(|(at, id)| slots[id.index()] = Some(at));
    let place = |id: TypeId| slots[id.index()];
    let mut classes: Vec<Class<'v>> = Vec::with_capacity(ids.len());
    for &id in &ids {
        let interface = types.interface(id);
        let properties = interface.map_or(&[][..], |interface| types.properties(interface));
        let lines = properties.iter().map(|property| {
            let optional = property.optional && !types.arena.is_mandatory(property.ty);
            let notation = view.notation([set, property.ty.raw(), 0]);
            shortened(format!("{}{}: {notation}", view.text(property.name), if optional { "?" } else { "" }))
        });
        let lines: Vec<String> = lines.collect();
        let name = view.text(types.name(id));
        let characters = lines.iter().map(|line| line.chars().count()).chain([name.len() + 2]).max().unwrap_or(0);
        let supers = interface.map_or(Vec::new(), |interface| interface.super_types.iter().filter_map(place).collect());
        classes.push(Class {
            name,
            is_union: interface.is_none(),
            is_abstract: interface.is_some_and(|interface| interface.is_abstract),
            supers,
            row: 0,
            x: 0.0,
            y: 0.0,
            width: (characters as f64 * CHARACTER + 20.0).ceil(),
            height: HEAD + if lines.is_empty() { 0.0 } else { lines.len() as f64 * LINE + 8.0 },
            lines,
        });
    }
    for (at, &id) in ids.iter().enumerate() {
        let Some(union) = types.union(id) else { continue };
        types.arena.for_each_member(union.ty, &mut |_, member| {
            if let PropertyType::Value(name) = member
                && let Some(member) = types.find(name).and_then(place)
                && member != at
                && !classes[member].supers.contains(&at)
            {
                classes[member].supers.push(at);
            }
        });
    }
    classes
}

fn shortened(mut line: String) -> String {
    if let Some((end, _)) = line.char_indices().nth(LONGEST_LINE) {
        line.truncate(end);
        line.push('…');
    }
    line
}

/// Gives each class its place. Returns the width and the height of all of it.
fn lay_out(classes: &mut [Class<'_>]) -> (f64, f64) {
    // Cyclic unions end where each class has been moved once for every class there is.
    for _ in 0..classes.len() {
        let mut moved = false;
        for at in 0..classes.len() {
            let row = classes[at].supers.iter().map(|&parent| classes[parent].row + 1).max().unwrap_or(0);
            if row > classes[at].row && row < classes.len() {
                classes[at].row = row;
                moved = true;
            }
        }
        if !moved {
            break;
        }
    }
    let mut has_subs = vec![false; classes.len()];
    classes.iter().flat_map(|class| &class.supers).for_each(|&parent| has_subs[parent] = true);
    let rows = classes.iter().map(|class| class.row).max().unwrap_or(0) + 1;
    let is_alone = |at: usize, classes: &[Class<'_>]| classes[at].supers.is_empty() && !has_subs[at];
    // Those that are related to none stand below all others.
    let mut order: Vec<Vec<usize>> = (0..rows)
        .map(|row| (0..classes.len()).filter(|&at| classes[at].row == row && !is_alone(at, classes)).collect())
        .collect();
    order.push((0..classes.len()).filter(|&at| is_alone(at, classes)).collect());
    let (mut y, mut widest) = (MARGIN, 0.0_f64);
    for row in order {
        let middle = |at: usize, classes: &[Class<'_>]| {
            let supers = &classes[at].supers;
            let sum: f64 = supers.iter().map(|&parent| classes[parent].x + classes[parent].width / 2.0).sum();
            if supers.is_empty() { 0.0 } else { sum / supers.len() as f64 }
        };
        let mut row: Vec<(f64, usize)> = row.into_iter().map(|at| (middle(at, classes), at)).collect();
        row.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let (mut x, mut height) = (MARGIN, 0.0_f64);
        for (wanted, at) in row {
            if x > MARGIN && x + classes[at].width > WIDEST {
                y += height + GAP;
                (x, height) = (MARGIN, 0.0);
            }
            // Below its super types if there is room, never over its neighbour.
            let start = (wanted - classes[at].width / 2.0).min(WIDEST - classes[at].width).max(x).floor();
            (classes[at].x, classes[at].y) = (start, y);
            x = start + classes[at].width + GAP;
            height = height.max(classes[at].height);
            widest = widest.max(start + classes[at].width);
        }
        y += if height > 0.0 { height + ROW_GAP } else { 0.0 };
    }
    (widest + MARGIN, y - ROW_GAP + MARGIN)
}

/// A line from a class up to what it extends, with a hollow triangle there.
fn push_edge(class: &Class<'_>, parent: &Class<'_>, svg: &mut String) {
    let (x, y) = (class.x + class.width / 2.0, class.y);
    let (parent_x, parent_y) = (parent.x + parent.width / 2.0, parent.y + parent.height);
    // Just above the row of the class, where no other class is.
    let bend = (y - 20.0).max(parent_y + 14.0);
    let _ = writeln!(
        svg,
        "<path class=\"edge\" d=\"M{x} {y}V{bend}H{parent_x}V{}\"/><path class=\"arrow\" d=\"M{parent_x} {parent_y}l-6 10h12z\"/>",
        parent_y + 10.0
    );
}

fn push_class(Class { name, is_union, is_abstract, lines, x, y, width, height, .. }: &Class<'_>, svg: &mut String) {
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

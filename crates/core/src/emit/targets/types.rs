//! The types of a grammar as declarations in Langium's own language (`generateTypesFile` in `types-generator.ts`,
//! langium-cli 4.4.0, and `toDeclaredTypesString` in `types.ts`, langium 4.4.0).

use std::borrow::Cow;

use crate::model::Sources;
use crate::model::types::{Interface, Property, PropertyType, PropertyTypeId, Types, Union};
use crate::text::collate::{compare_identifiers, compare_utf16};
use crate::text::{Name, js};

/// Appends the file to `text`.
pub fn render(sources: &Sources, types: &Types, text: &mut String) {
    if types.interfaces.is_empty() && types.unions.is_empty() {
        // What JavaScript's `String` makes of a file without content. Scripts may compare with it.
        return text.push_str("undefined");
    }
    let writer = Writer { sources, types };
    types.unions.iter().for_each(|union| writer.push_union(union, text));
    types.interfaces.iter().for_each(|interface| writer.push_interface(interface, text));
}

struct Writer<'a> {
    sources: &'a Sources,
    types: &'a Types,
}

impl<'a> Writer<'a> {
    fn push_union(&self, union: &Union, text: &mut String) {
        text.push_str("type ");
        self.push_declared_name(union.name, text);
        text.push_str(" = ");
        let start = text.len();
        self.push_type(union.ty, text);
        if text[start..].contains('\n') {
            // A string literal over several lines: Langium's templates align them.
            let indent = "type  = ".len() + self.declared_name(union.name).concat().len();
            let lines = text.split_off(start);
            for (index, line) in lines.split('\n').enumerate() {
                let line = line.trim_end_matches(js::is_white_space);
                if index > 0 {
                    text.push('\n');
                    text.extend(std::iter::repeat_n(' ', if line.is_empty() { 0 } else { indent }));
                }
                text.push_str(line);
            }
        }
        text.push_str(";\n\n");
    }

    fn push_interface(&self, interface: &Interface, text: &mut String) {
        text.push_str("interface ");
        self.push_declared_name(interface.name, text);
        let super_types = interface.super_types.iter().filter_map(|id| self.types.interface(id));
        let mut super_types: Vec<&str> = super_types.map(|super_type| self.name(super_type.name)).collect();
        super_types.sort_unstable(); // identifiers are ASCII, where bytes are code units
        super_types.dedup();
        for (index, super_type) in super_types.into_iter().enumerate() {
            text.extend([if index == 0 { " extends " } else { ", " }, super_type]);
        }
        text.push_str(" {\n");
        let mut properties: Vec<&Property> = self.types.properties(interface).iter().collect();
        properties.sort_by(|a, b| compare_identifiers(self.name(a.name), self.name(b.name)));
        for property in properties {
            if let Some(comment) = property.comment {
                text.extend(["    ", self.types.comment(comment, self.sources), "\n"]);
            }
            let optional = property.optional && !self.types.arena.is_mandatory(property.ty);
            text.extend(["    ", self.name(property.name), if optional { "?: " } else { ": " }]);
            self.push_type(property.ty, text);
            text.push_str(";\n");
        }
        text.push_str("}\n\n");
    }

    /// `propertyTypeToString`
    fn push_type(&self, id: PropertyTypeId, text: &mut String) {
        match self.types.arena.get(id) {
            PropertyType::Reference { referenced, multi, .. } => {
                text.push('@');
                text.push_str(&self.operand(referenced));
                text.push_str(if multi { "+" } else { "" });
            }
            PropertyType::Array(element) => text.extend([&*self.operand(element), "[]"]),
            PropertyType::Union(list) => {
                let members = self.types.arena.members(list).iter().map(|&member| self.operand(member));
                let mut members: Vec<Cow<'a, str>> = members.collect();
                members.sort_unstable_by(|a, b| compare_utf16(a, b));
                members.dedup();
                for (index, member) in members.iter().enumerate() {
                    text.extend([if index == 0 { "" } else { " | " }, member]);
                }
            }
            PropertyType::Value(name) if self.types.find(name).is_none() => text.push_str("unknown"),
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => {
                text.push_str(self.name(name));
            }
            PropertyType::Text(value) => {
                text.push('"');
                for (index, part) in self.name(value).split('"').enumerate() {
                    text.extend([if index == 0 { "" } else { "\\\"" }, part]);
                }
                text.push('"');
            }
        }
    }

    /// A type inside of another one: in parentheses if it is a union.
    fn operand(&self, id: PropertyTypeId) -> Cow<'a, str> {
        let mut text = String::new();
        match self.types.arena.get(id) {
            PropertyType::Value(name) if self.types.find(name).is_some() => return Cow::Borrowed(self.name(name)),
            PropertyType::Union(_) => {
                text.push('(');
                self.push_type(id, &mut text);
                text.push(')');
            }
            PropertyType::Value(_)
            | PropertyType::Primitive(_)
            | PropertyType::Terminal(..)
            | PropertyType::Text(_)
            | PropertyType::Array(_)
            | PropertyType::Reference { .. } => self.push_type(id, &mut text),
        }
        Cow::Owned(text)
    }

    fn push_declared_name(&self, name: Name, text: &mut String) {
        text.extend(self.declared_name(name));
    }

    /// The name in a place where a keyword needs a `^` before it.
    fn declared_name(&self, name: Name) -> [&'a str; 2] {
        let name = self.name(name);
        [if KEYWORDS.contains(&name) { "^" } else { "" }, name]
    }

    fn name(&self, name: Name) -> &'a str {
        self.sources.names.get(name)
    }
}

/// The keywords of Langium's grammar that are written like names.
#[rustfmt::skip]
const KEYWORDS: [&str; 27] = [
    "Date", "EOF", "assoc", "bigint", "boolean", "current", "entry", "extends", "false", "fragment", "grammar", "hidden",
    "import", "infer", "infers", "infix", "interface", "left", "number", "on", "returns", "right", "string", "terminal",
    "true", "type", "with",
];

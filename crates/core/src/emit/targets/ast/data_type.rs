//! Type guards of data types.

use super::{Writer, push_regex};
use crate::model::types::{PropertyType, PropertyTypeId, Union};
use crate::model::{Element, Language};
use crate::tree::Primitive;

impl Writer<'_> {
    pub(super) fn push_data_type_guard(&self, union: &Union, data_type: Primitive, text: &mut String) {
        let mut condition = String::new();
        match data_type {
            Primitive::String if !self.is_only_text(union.ty, 0) => return,
            Primitive::String => self.push_text_condition(union, &mut condition),
            Primitive::Number | Primitive::Boolean | Primitive::Bigint => {
                push_all!(condition, "typeof item === '", data_type.text(), "'");
            }
            Primitive::Date => condition.push_str("item instanceof Date"),
        }
        let name = self.name(union.name);
        push_all!(text, "export function is", name, "(item: unknown): item is ", name, " {\n    return ", &condition, ";\n}\n");
    }

    fn push_text_condition(&self, union: &Union, text: &mut String) {
        let (mut values, mut regexes) = (Vec::new(), Vec::new());
        self.types.arena.for_each_member(union.ty, &mut |_, member| match member {
            PropertyType::Text(value) => values.push(value),
            PropertyType::Terminal(name, element) if name == Primitive::String.name() => regexes.push(element),
            _ => {}
        });
        let mut separator = "";
        for sub_type in union.sub_types.iter() {
            push_all!(text, separator, "is", self.name(self.types.name(sub_type)), "(item)");
            separator = " || ";
        }
        for value in values {
            push_all!(text, separator, "item === '", self.name(value), "'");
            separator = " || ";
        }
        for (index, &element) in regexes.iter().enumerate() {
            text.push_str(if index == 0 { separator } else { " || " });
            if index == 0 {
                text.push_str("(typeof item === 'string' && (");
            }
            self.push_terminal(element, text);
            text.push_str(".test(item)");
        }
        match (separator, regexes.is_empty()) {
            (_, false) => text.push_str("))"),
            ("", true) => text.push_str("typeof item === 'string'"),
            (_, true) => {}
        }
    }

    fn push_terminal(&self, element: Element, text: &mut String) {
        let declares = |language: &&Language| language.rules.contains(&element);
        if let Some(language) = self.input.model.languages.iter().find(declares) {
            push_regex(self.input.sources, language, element, text);
        }
    }

    /// Whether all values of the type are texts that can be told (`containsOnlyStringTypes`, with its quirk: of several
    /// unions inside a union, only the last one counts).
    fn is_only_text(&self, id: PropertyTypeId, depth: u32) -> bool {
        // Deeper than any data type that does not contain itself: Langium recurses for ever there.
        const MAX_DEPTH: u32 = 1000;
        let list = match self.types.arena.get(id) {
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => return name == Primitive::String.name(),
            PropertyType::Text(_) => return true,
            PropertyType::Union(list) if depth < MAX_DEPTH => list,
            PropertyType::Union(_) | PropertyType::Value(_) | PropertyType::Array(_) | PropertyType::Reference { .. } => {
                return false;
            }
        };
        let mut result = true;
        for &member in self.types.arena.members(list) {
            let fits = match self.types.arena.get(member) {
                PropertyType::Value(name) => {
                    let union = self.types.find(name).and_then(|id| self.types.union(id));
                    union.is_some_and(|union| self.is_only_text(union.ty, depth + 1))
                }
                PropertyType::Terminal(name, _) => name == Primitive::String.name(),
                PropertyType::Text(_) => true,
                PropertyType::Union(_) => {
                    result = self.is_only_text(member, depth + 1);
                    true
                }
                PropertyType::Primitive(_) | PropertyType::Array(_) | PropertyType::Reference { .. } => false,
            };
            if !fits {
                return false;
            }
        }
        result
    }
}

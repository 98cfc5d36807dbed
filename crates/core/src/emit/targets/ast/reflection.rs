//! The reflection: what the Langium runtime is told about each type.

use super::keys::Section;
use super::{Scratch, Scratches, Writer, push_quoted};
use crate::emit::Sink;
use crate::model::types::{Property, PropertyType, PropertyTypeId, TypeId, Types};
use crate::text::{Name, js};
use crate::tree::{Item, Kind, NodeId, Primitive};

/// Which super types were listed.
pub(super) struct Listed {
    /// By type, for which type it was listed last.
    by: Vec<u32>,
    /// The type at hand.
    position: u32,
}

impl Listed {
    pub(super) fn new(types: &Types) -> Listed {
        Listed { by: vec![0; types.interfaces.len() + types.unions.len()], position: 0 }
    }
}

impl Writer<'_> {
    pub(super) fn push_reflection<'s>(&'s self, scratches: &Scratches<'s, impl Fn() -> Scratch<'s> + Sync>, text: &mut Sink<'_>) {
        let project = &self.input.config.project_name;
        push_all!(text, "export class ", project, "AstReflection extends langium.AbstractAstReflection {\n");
        text.push_str("    override readonly types = {\n");
        // Langium looks types up by name here: the interface counts where there is a union of the same name.
        let ids: Vec<TypeId> = self.order.ast_types(self.types).map(|id| self.types.named_as(id)).collect();
        let stretches = self.stretches(&ids);
        text.list(&stretches, scratches, |scratch, index, stretch, text| {
            let is_end = index + 1 == stretches.len();
            let section = if is_end { Section::LastOfReflection } else { Section::Reflection };
            let key = self.keys.as_ref().map(|keys| keys.of(section, stretch));
            text.piece(key, |text| {
                for (at, &id) in stretch.iter().enumerate() {
                    self.push_metadata(id, scratch, text);
                    let is_last = is_end && at + 1 == stretch.len();
                    text.push_str(if is_last { "]\n        }\n" } else { "]\n        },\n" });
                    text.cut();
                }
            });
        });
        push_all!(text, "    } as const satisfies langium.AstMetaData\n}\n\nexport const reflection = new ", project);
        text.push_str("AstReflection();\n");
    }

    /// What there is to say about type `id`, up to its super types.
    fn push_metadata<'s>(&'s self, id: TypeId, scratch: &mut Scratch<'s>, text: &mut String) {
        let Scratch { properties, listed, .. } = scratch;
        let name = self.name(self.types.name(id));
        push_all!(text, "        ", name, ": {\n            name: ", name, ".$type,\n            properties: {\n");
        if self.types.interface(id).is_some() {
            self.push_property_metadata(name, properties.all(id.index()), text);
        }
        text.push_str("            },\n            superTypes: [");
        let mut separator = "";
        listed.position += 1;
        for super_type in self.super_types.of(id) {
            if std::mem::replace(&mut listed.by[super_type.index()], listed.position) != listed.position {
                push_all!(text, separator, self.name(self.types.name(*super_type)), ".$type");
                separator = ", ";
            }
        }
    }

    fn push_property_metadata(&self, owner: &str, properties: &[&Property], text: &mut String) {
        for (position, property) in properties.iter().enumerate() {
            let name = self.name(property.name);
            push_all!(text, "                ", name, ": {\n                    name: ", owner, ".", name);
            if let Some((item, node)) = self.types.arena.default_of(property, self.input.sources) {
                text.push_str(",\n                    defaultValue: ");
                self.push_default(item, node, text);
            } else if self.has_boolean(property.ty) {
                text.push_str(",\n                    defaultValue: false");
            } else if let PropertyType::Array(_) = self.types.arena.get(property.ty) {
                text.push_str(",\n                    defaultValue: []");
            }
            if let Some(referenced) = self.first_reference(property.ty) {
                push_all!(text, ",\n                    referenceType: ", self.name(referenced), ".$type");
            }
            // New in 4.3.
            if property.optional && self.input.config.version.minor >= 3 {
                text.push_str(",\n                    optional: true");
            }
            text.push_str(if position + 1 < properties.len() { "\n                },\n" } else { "\n                }\n" });
        }
    }

    fn push_default(&self, item: Item<'_>, id: NodeId, text: &mut String) {
        match item.node(id).kind {
            Kind::StringLiteral { value } => push_quoted(self.name(value), text),
            Kind::NumberLiteral { text: number } => js::push_number(text, js::parse_number(self.name(number))),
            Kind::BooleanLiteral { value } => text.push_str(if value { "true" } else { "false" }),
            Kind::ArrayLiteral { elements } => {
                text.push('[');
                for (index, element) in item.ids(elements).enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    self.push_default(item, element, text);
                }
                text.push(']');
            }
            _ => unreachable!("the parser accepts no other values"),
        }
    }

    fn has_boolean(&self, id: PropertyTypeId) -> bool {
        let mut found = false;
        self.types.arena.for_each_member(id, &mut |_, member| {
            if let PropertyType::Primitive(name) = member {
                found |= name == Primitive::Boolean.name();
            }
        });
        found
    }

    /// The first type that is referred to (`findReferenceTypes`).
    fn first_reference(&self, id: PropertyTypeId) -> Option<Name> {
        match self.types.arena.get(id) {
            PropertyType::Union(list) => self.types.arena.members(list).iter().find_map(|&member| self.first_reference(member)),
            PropertyType::Array(element) => self.first_reference(element),
            PropertyType::Reference { referenced, .. } => match self.types.arena.get(referenced) {
                PropertyType::Value(name) => self.types.find(name).map(|_| name),
                _ => None,
            },
            PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => None,
        }
    }
}

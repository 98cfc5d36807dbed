//! Models as text, for tests and for people who wonder what a grammar means.

use std::fmt::Write;

use super::types::{PropertyType, PropertyTypeId, TypeId, Types};
use super::{Model, Sources, reachable_rules};
use crate::text::Name;

/// The languages with their rules, then all types with their properties and relations. Stable: equal models give equal
/// text.
pub fn dump(model: &Model, sources: &Sources) -> String {
    let mut out = String::new();
    for language in &model.languages {
        let _ = writeln!(out, "language {}", sources.names.get(language.name));
        let reachable = reachable_rules(sources, language, false);
        for (element, reachable) in language.rules.iter().zip(reachable) {
            let name = element.kind(sources).name().map_or("", |name| sources.names.get(name));
            let imported = if element.imported { " imported" } else { "" };
            let _ = writeln!(out, "  rule {name}{imported}{}", if reachable { "" } else { " unreachable" });
        }
    }
    Dump { types: model.types(sources), sources, out: &mut out }.types();
    out
}

struct Dump<'a> {
    types: &'a Types,
    sources: &'a Sources,
    out: &'a mut String,
}

impl Dump<'_> {
    fn name(&self, name: Name) -> &str {
        self.sources.names.get(name)
    }

    fn types(&mut self) {
        for (index, interface) in self.types.interfaces.iter().enumerate() {
            let declared = if interface.declared { " declared" } else { "" };
            let is_abstract = if interface.is_abstract { " abstract" } else { "" };
            let header = format!("interface {}{declared}{is_abstract}\n", self.name(interface.name));
            self.out.push_str(&header);
            self.relation("extends", interface.super_types.iter());
            self.relation("sub types", interface.sub_types.iter());
            self.relation("contained in", self.types.containers(index).iter());
            for property in self.types.properties(interface) {
                let optional = if property.optional { "?" } else { "" };
                let line = format!("  {}{optional}: {}\n", self.name(property.name), self.property_type(property.ty));
                self.out.push_str(&line);
            }
        }
        for union in &self.types.unions {
            let declared = if union.declared { " declared" } else { "" };
            let class = match (union.is_ast, union.is_data) {
                (true, _) => " ast",
                (_, true) => " data",
                (false, false) => "",
            };
            let line = format!("type {}{declared}{class} = {}\n", self.name(union.name), self.property_type(union.ty));
            self.out.push_str(&line);
        }
    }

    fn relation(&mut self, label: &str, ids: impl ExactSizeIterator<Item = TypeId>) {
        if ids.len() > 0 {
            let names: Vec<&str> = ids.map(|id| self.name(self.types.name(id))).collect();
            let line = format!("  {label} {}\n", names.join(", "));
            self.out.push_str(&line);
        }
    }

    fn property_type(&self, id: PropertyTypeId) -> String {
        match self.types.arena.get(id) {
            PropertyType::Value(name) | PropertyType::Primitive(name) => self.name(name).to_owned(),
            PropertyType::Terminal(name, element) => {
                let terminal = element.item(self.sources).declaration.kind.name().map_or("", |name| self.name(name));
                format!("{} of {terminal}", self.name(name))
            }
            PropertyType::Text(value) => format!("{:?}", self.name(value)),
            PropertyType::Array(element) => format!("{}[]", self.property_type(element)),
            PropertyType::Reference { referenced, multi, .. } => {
                format!("@{}{}", self.property_type(referenced), if multi { "+" } else { "" })
            }
            PropertyType::Union(list) => {
                let members: Vec<String> = self.types.arena.members(list).iter().map(|&id| self.property_type(id)).collect();
                format!("({})", members.join(" | "))
            }
        }
    }
}

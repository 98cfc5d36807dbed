//! The types of infix and data type rules, which need no walk through the rule.

use super::{InfixType, PlainUnion, Property, Rules};
use crate::model::language::Element;
use crate::model::rules::terminal_type;
use crate::model::types::property::{PropertyType, PropertyTypeId};
use crate::text::Name;
use crate::text::collate::compare_utf16;
use crate::text::name::known;
use crate::tree::{DeclarationKind, Item, Kind, NodeId};

impl Rules<'_, '_> {
    /// The interface of an infix rule (`calculateInfixInterfaces`).
    pub(super) fn infix(&mut self, rule: u32, item: Item<'_>) -> Option<InfixType> {
        let DeclarationKind::InfixRule { call, operators, .. } = item.declaration.kind else { return None };
        let Kind::RuleCall { rule: operand, .. } = item.node(call).kind else { return None };
        let sources = self.collector.sources;
        let operand = self.language.rule(operand)?;
        let operand = match self.language.rule_kind(sources, operand) {
            DeclarationKind::TerminalRule { name, .. } => name,
            _ => self.facts.type_name(operand),
        };
        let mut keywords: Vec<Name> = item.preorder(operators).filter_map(|(_, node)| keyword(node.kind)).collect();
        keywords.sort_by(|&a, &b| compare_utf16(sources.names.get(a), sources.names.get(b)));
        let arena = &mut self.collector.arena;
        let operand = arena.add(PropertyType::Value(operand));
        let keywords: Vec<PropertyTypeId> = keywords.into_iter().map(|value| arena.add(PropertyType::Text(value))).collect();
        let operator = arena.add_union(&keywords);
        let property = |name, ty| Property { name, ty, optional: false, comment: None, has_default: false, origins: None };
        let properties = [property(known::LEFT, operand), property(known::RIGHT, operand), property(known::OPERATOR, operator)];
        Some(InfixType { name: self.facts.type_name(rule), properties })
    }

    pub(super) fn data_type(&mut self, element: Element, item: Item<'_>) -> Option<PlainUnion> {
        let DeclarationKind::ParserRule { name, returns, definition, .. } = item.declaration.kind else { return None };
        let data_type = match returns {
            crate::tree::Returns::Primitive(primitive) => Some(primitive),
            _ => None,
        };
        let ty = match data_type {
            Some(primitive) if primitive.name() != known::STRING => {
                self.collector.arena.add(PropertyType::Primitive(primitive.name()))
            }
            _ => match self.data_type_value(item, definition) {
                Some(ty) => ty,
                None => self.collector.arena.add(PropertyType::Primitive(known::STRING)),
            },
        };
        let comment = self.collector.comment_at(element, item.declaration.first_token);
        Some(PlainUnion { name, declared: false, comment, ty, data_type })
    }

    /// The type of a data type rule's value; none if it is more than a choice of single tokens (`buildDataRuleType`).
    fn data_type_value(&mut self, item: Item<'_>, id: NodeId) -> Option<PropertyTypeId> {
        let node = item.node(id);
        if node.cardinality() != crate::tree::Cardinality::One {
            return None;
        }
        match node.kind {
            Kind::Alternatives { elements } => {
                let members: Option<Vec<PropertyTypeId>> = item.ids(elements).map(|id| self.data_type_value(item, id)).collect();
                Some(self.collector.arena.add_union(&members?))
            }
            Kind::Group { elements, .. } | Kind::UnorderedGroup { elements } => {
                let mut elements = item.ids(elements);
                let single = elements.next()?;
                if elements.next().is_none() { self.data_type_value(item, single) } else { None }
            }
            Kind::RuleCall { rule, .. } => {
                let element = self.language.rules[self.language.rule(rule)? as usize];
                let called = element.item(self.collector.sources);
                let ty = match called.declaration.kind {
                    DeclarationKind::TerminalRule { ty, .. } => PropertyType::Terminal(terminal_type(called, ty), element),
                    _ => PropertyType::Value(called.declaration.kind.name()?),
                };
                Some(self.collector.arena.add(ty))
            }
            Kind::Keyword { value, .. } => Some(self.collector.arena.add(PropertyType::Text(value))),
            _ => None,
        }
    }
}

fn keyword(kind: Kind) -> Option<Name> {
    match kind {
        Kind::Keyword { value, .. } => Some(value),
        _ => None,
    }
}

//! What infix rules return.

use rustc_hash::FxHashMap;

use super::assigner::{Assigner, Shape};
use super::project::Declared;
use super::type_facts::{Side, TypeFacts};
use crate::model::types::{OrderedSet, Property, TypeArena, TypeId};
use crate::text::name::known;
use crate::text::{Code, Name, Problem};
use crate::tree::{DeclarationKind, Kind, Returns};

/// `checkInfixRuleDataType`
pub(super) fn primitive(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    if let DeclarationKind::InfixRule { returns: Returns::Primitive(_), .. } = rule.kind() {
        let message = "Infix rules are not allowed to return a primitive value.";
        problems.push(rule.error(Code::PrimitiveInfix, rule.returned_place(), message));
    }
}

/// `checkInfixRuleExplicitReturnType`
pub(super) fn returned_type(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::InfixRule { returns: Returns::Type(ty), call, operators, .. } = rule.kind() else { return };
    if rule.links().returned_type(rule.id).is_none() {
        return;
    }
    let Some(types) = rule.grammar.types() else { return };
    let Some(properties) = properties(types, ty) else { return };
    let project = rule.project();
    let mut report = |message: String| problems.push(rule.error(Code::InfixType, rule.returned_place(), message));
    let (name, type_name) = (rule.name(), project.text(ty));
    let keywords: Vec<Name> = rule
        .item
        .preorder(operators)
        .filter_map(|(_, node)| match node.kind {
            Kind::Keyword { value, .. } => Some(value),
            _ => None,
        })
        .collect();
    let mut literals = TypeArena::default();
    let texts: Vec<_> = keywords.iter().map(|&value| literals.add(crate::model::types::PropertyType::Text(value))).collect();
    let operator = literals.add_union(&texts);
    let mut assigner = Assigner::new(types, &literals);
    match properties.get(&known::OPERATOR) {
        None => {
            report(format!("Infix rule '{name}' with explicit return type '{type_name}' must have an 'operator' property."));
        }
        Some(property) => {
            if !assigner.is_assignable(Shape::of(Side::Literal, operator), Shape::of(Side::Declared, property.ty)) {
                let quoted: Vec<String> = keywords.iter().map(|&value| format!("'{}'", project.text(value))).collect();
                let expected = if quoted.len() > 1 { format!("one of: {}", quoted.join(", ")) } else { quoted.concat() };
                report(format!("Property 'operator' must be of type 'string' or {expected}."));
            }
        }
    }
    let Some(called) = rule.called(call) else { return };
    let Some(operand) = project.explicit_type(called).or(project.links.kind(called).name()) else { return };
    for (side, text) in [(known::LEFT, "left"), (known::RIGHT, "right")] {
        match properties.get(&side) {
            None => {
                report(format!("Infix rule '{name}' with explicit return type '{type_name}' must have a '{text}' property."));
            }
            Some(property) => {
                let is_valid = types.info(operand).is_some_and(|info| {
                    let named = info.declared.map_or(info.inferred, |(_, declared)| declared);
                    assigner.is_assignable(Shape::Named(named), Shape::of(Side::Declared, property.ty))
                });
                if !is_valid {
                    let operand = project.text(operand);
                    report(format!("Property '{text}' must be of type '{operand}' or a supertype of it."));
                }
            }
        }
    }
}

/// The properties of an interface and of all that it extends; here those that are farthest away count
/// (`typeToSuperProperties`).
fn properties(types: &TypeFacts<'_>, ty: Name) -> Option<FxHashMap<Name, Property>> {
    let types = types.side(Side::Declared);
    let id = types.find(ty).filter(|&id| types.interface(id).is_some())?;
    let mut seen: OrderedSet<TypeId> = OrderedSet::default();
    let mut found: FxHashMap<Name, Property> = FxHashMap::default();
    let mut pending = vec![id];
    while let Some(id) = pending.pop() {
        let Some(interface) = types.interface(id) else { continue };
        if seen.insert(id) {
            found.extend(types.properties(interface).iter().map(|&property| (property.name, property)));
            pending.extend(interface.super_types.as_slice().iter().rev());
        }
    }
    Some(found)
}

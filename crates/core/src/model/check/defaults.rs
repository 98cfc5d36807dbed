//! Default values of attributes.

use super::assigner::{Assigner, Shape};
use super::project::Declared;
use super::type_facts::{Named, Side};
use crate::model::types::{PropertyType, PropertyTypeId, TypeArena};
use crate::text::name::known;
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Item, Kind, NodeId};

/// `checkAttributeDefaultValue`
pub(super) fn default_values(interface: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::Interface { name, attributes, .. } = interface.kind() else { return };
    for id in interface.item.ids(attributes) {
        let Kind::TypeAttribute { name: attribute, parts, .. } = interface.item.node(id).kind else { continue };
        let Some(default) = interface.item.ids(parts).nth(1) else { continue };
        let Some(types) = interface.grammar.types() else { return };
        let Some((_, Named { side, id })) = types.info(name).and_then(|info| info.declared) else { return };
        let Some(declared) = types.side(side).interface(id) else { return };
        let Some(property) = types.side(side).properties(declared).iter().find(|property| property.name == attribute) else {
            continue;
        };
        let mut literals = TypeArena::default();
        let Some(literal) = literal(&mut literals, interface.item, default) else { continue };
        let (from, to) = (Shape::of(Side::Literal, literal), Shape::of(side, property.ty));
        if !Assigner::new(types, &literals).is_assignable(from, to) {
            let (from, to) = (types.literal_text(&literals, literal), types.text(side, property.ty));
            let message = format!("Cannot assign default value of type '{from}' to type '{to}'.");
            problems.push(interface.error(Code::DefaultValue, interface.node_place(default), message));
        }
    }
}

/// `getDefaultValueType`
fn literal(arena: &mut TypeArena, item: Item<'_>, id: NodeId) -> Option<PropertyTypeId> {
    let ty = match item.node(id).kind {
        Kind::BooleanLiteral { .. } => PropertyType::Primitive(known::BOOLEAN),
        Kind::NumberLiteral { .. } => PropertyType::Primitive(known::NUMBER),
        Kind::StringLiteral { value } => PropertyType::Text(value),
        Kind::ArrayLiteral { elements } => {
            let mut found: Vec<PropertyTypeId> = Vec::new();
            for element in item.ids(elements) {
                let Some(element) = literal(arena, item, element) else { continue };
                let ty = arena.get(element);
                let is_plain = matches!(ty, PropertyType::Primitive(_) | PropertyType::Text(_));
                if !is_plain || found.iter().all(|&other| arena.get(other) != ty) {
                    found.push(element);
                }
            }
            // Without elements, anything goes: an empty union can be assigned to every type.
            let element = match found[..] {
                [single] => single,
                _ => arena.add_union(&found),
            };
            PropertyType::Array(element)
        }
        _ => return None,
    };
    Some(arena.add(ty))
}

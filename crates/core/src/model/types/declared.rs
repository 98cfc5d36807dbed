//! Types from `interface` and `type` declarations (`declared-types.ts` in langium 4.4.0).

use super::property::is_primitive;
use super::{Collector, OrderedSet, PlainInterface, PlainTypes, PlainUnion, Property, PropertyType, PropertyTypeId};
use crate::model::language::{Element, Language};
use crate::model::rules::RuleFacts;
use crate::model::sources::Sources;
use crate::text::Name;
use crate::text::name::known;
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Part};

pub(super) fn collect(collector: &mut Collector<'_>, languages: &[(&Language, &RuleFacts)]) -> PlainTypes {
    let mut types = PlainTypes::default();
    for (language, _) in languages {
        let interfaces = language.interfaces.iter().filter_map(|&element| interface(collector, language, element));
        types.interfaces.extend(interfaces);
        types.unions.extend(language.types.iter().filter_map(|&element| union(collector, language, element)));
    }
    types
}

/// The name of a declared interface, and a hash of what it says: how it is written, and whether its comments count.
pub(super) fn said(sources: &Sources, element: Element) -> Option<(Name, u128)> {
    let written = sources.file(element.file).hashes()[element.declaration as usize];
    Some((element.kind(sources).name()?, written.wrapping_add(u128::from(element.imported))))
}

fn interface(collector: &mut Collector<'_>, language: &Language, element: Element) -> Option<PlainInterface> {
    let item = element.item(collector.sources);
    let DeclarationKind::Interface { name, super_types, attributes } = item.declaration.kind else { return None };
    let start = collector.arena.properties.len() as u32;
    for id in item.ids(attributes) {
        let property = property(collector, language, element, item, id);
        collector.arena.properties.extend(property);
    }
    let properties = Part { start, end: collector.arena.properties.len() as u32 };
    let resolved = |&name: &Name| language.type_target(name).is_some();
    Some(PlainInterface {
        name,
        declared: true,
        is_abstract: false,
        comment: collector.comment_at(element, item.declaration.first_token),
        properties,
        super_types: item.names(super_types).filter(resolved).collect(),
        sub_types: OrderedSet::default(),
    })
}

fn property(
    collector: &mut Collector<'_>,
    language: &Language,
    element: Element,
    item: Item<'_>,
    id: NodeId,
) -> Option<Property> {
    let node = item.node(id);
    let Kind::TypeAttribute { name, parts, optional } = node.kind else { return None };
    let mut parts = item.ids(parts);
    Some(Property {
        name,
        ty: definition(collector, language, item, parts.next()?),
        optional,
        comment: collector.comment_at(element, item.span(node).start),
        has_default: parts.next().is_some(),
        origins: collector.arena.add_origin(element, id),
    })
}

fn union(collector: &mut Collector<'_>, language: &Language, element: Element) -> Option<PlainUnion> {
    let item = element.item(collector.sources);
    let DeclarationKind::Type { name, definition: root } = item.declaration.kind else { return None };
    Some(PlainUnion {
        name,
        declared: true,
        comment: collector.comment_at(element, item.declaration.first_token),
        ty: definition(collector, language, item, root),
        data_type: None,
    })
}

/// `typeDefinitionToPropertyType`
fn definition(collector: &mut Collector<'_>, language: &Language, item: Item<'_>, id: NodeId) -> PropertyTypeId {
    let ty = match item.node(id).kind {
        Kind::ArrayType { element } => PropertyType::Array(definition(collector, language, item, element)),
        Kind::ReferenceType { referenced, multi } => {
            PropertyType::Reference { referenced: definition(collector, language, item, referenced), multi, single: !multi }
        }
        Kind::UnionType { types } => {
            let members: Vec<PropertyTypeId> = item.ids(types).map(|ty| definition(collector, language, item, ty)).collect();
            return collector.arena.add_union(&members);
        }
        Kind::PrimitiveType { primitive } => PropertyType::Primitive(primitive.name()),
        // The empty text is falsy in JavaScript, which makes Langium look for a type reference in vain.
        Kind::StringType { value } if !collector.sources.names.get(value).is_empty() => PropertyType::Text(value),
        Kind::TypeReference { ty } if language.type_target(ty).is_none() => PropertyType::Primitive(known::UNKNOWN),
        Kind::TypeReference { ty } if is_primitive(ty) => PropertyType::Primitive(ty),
        Kind::TypeReference { ty } => PropertyType::Value(ty),
        _ => PropertyType::Primitive(known::UNKNOWN),
    };
    collector.arena.add(ty)
}

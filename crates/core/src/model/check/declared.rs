//! Declared types: what they are made of and what they extend.

use rustc_hash::FxHashMap;

use super::Site;
use super::assigner::{Assigner, Shape};
use super::assignments::mixed_message;
use super::circles;
use super::project::{Declared, Grammar};
use super::type_facts::{Info, Named, Side, TypeFacts};
use crate::model::links::{DeclarationId, Links};
use crate::model::types::{Interface, Property, PropertyWalk, TypeArena, Types};
use crate::text::{Code, Name, Problem};
use crate::tree::{DeclarationKind, Item, Kind, NodeId};

/// `checkInterfacePropertyTypes`
pub(super) fn mixed_references(interface: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::Interface { attributes, .. } = interface.kind() else { return };
    for id in interface.item.ids(attributes) {
        let Kind::TypeAttribute { name, parts, .. } = interface.item.node(id).kind else { continue };
        let Some(ty) = interface.item.ids(parts).next() else { continue };
        let (mut references, mut others) = (false, false);
        flatten(interface.item, ty, false, &mut |kind| {
            let is_reference = matches!(kind, Kind::ReferenceType { .. });
            references |= is_reference;
            others |= !is_reference;
        });
        if references && others {
            let message = mixed_message(interface.project().text(name));
            problems.push(interface.error(Code::MixedReference, interface.node_place(ty), message));
        }
    }
}

/// The parts of unions and arrays; arrays in arrays vanish (`flattenPlainType`).
fn flatten(item: Item<'_>, id: NodeId, in_array: bool, visit: &mut impl FnMut(Kind)) {
    match item.node(id).kind {
        Kind::UnionType { types } => item.ids(types).for_each(|ty| flatten(item, ty, in_array, visit)),
        Kind::ArrayType { element } if !in_array => flatten(item, element, true, visit),
        Kind::ArrayType { .. } => {}
        other => visit(other),
    }
}

/// `checkFragmentsInTypes`
pub(super) fn fragment_as_type(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let owner = &site.owner;
    if let Some(target) = owner.named_type(site.id)
        && target.node.is_none()
        && let DeclarationKind::ParserRule { fragment: true, .. } = owner.links().kind(target.declaration)
    {
        let message = "Cannot use rule fragments in types.";
        problems.push(owner.error(Code::FragmentAsType, owner.name_in(site.node), message));
    }
}

/// `checkReferenceTypeUnion`
pub(super) fn reference_of_union(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::ReferenceType { referenced, .. } = site.node.kind else { return };
    let owner = &site.owner;
    if let Kind::UnionType { .. } | Kind::ArrayType { .. } | Kind::ReferenceType { .. } = owner.item.node(referenced).kind {
        let message = "Only direct rule references are allowed in reference types.";
        problems.push(owner.error(Code::ReferenceOfUnion, owner.node_place(referenced), message));
    }
}

/// `checkCyclicType` and `checkCyclicInterface`
pub(super) fn cyclic(ty: &Declared<'_>, problems: &mut Vec<Problem>) {
    if ty.project().is_cyclic(ty.id) {
        let name = ty.name();
        let message = match ty.kind() {
            DeclarationKind::Interface { .. } => format!("Type '{name}' recursively references itself as a base type."),
            _ => format!("Type alias '{name}' circularly references itself."),
        };
        problems.push(ty.error(Code::CyclicType, ty.name_place(), message));
    }
}

/// For each declaration, whether it is a declared type from which a way through declared types leads into a circle
/// (`isCyclicType`).
pub(super) fn cyclic_types(links: &Links<'_>) -> Vec<bool> {
    let is_type = |id| matches!(links.kind(id), DeclarationKind::Interface { .. } | DeclarationKind::Type { .. });
    let mut uses = Vec::new();
    for ty in links.all().filter(|&id| is_type(id)) {
        let used: Vec<DeclarationId> = match links.kind(ty) {
            DeclarationKind::Interface { .. } => links.super_types(ty).flatten().map(|target| target.declaration).collect(),
            _ => {
                let nodes = links.item(ty).nodes.iter().enumerate();
                let named = nodes.filter(|(_, node)| matches!(node.kind, Kind::TypeReference { .. }));
                named.filter_map(|(index, _)| Some(links.named_type(ty, NodeId::from_index(index))?.declaration)).collect()
            }
        };
        let used = used.into_iter().filter(|&used| is_type(used));
        uses.extend(used.map(|used| (used.index() as u32, ty.index() as u32)));
    }
    circles::leading_into(links.len(), uses)
}

/// `checkDeclaredTypesConsistency`, of `infos`, which are types of `grammar`.
pub(super) fn super_types(grammar: &Grammar<'_>, infos: &[Info], problems: &mut Vec<Problem>) {
    let Some(types) = grammar.types() else { return };
    let mut walk = None;
    for info in infos {
        let Some((declaration, Named { side, id })) = info.declared else { continue };
        let Some(interface) = types.side(side).interface(id) else { continue };
        if !matches!(grammar.project.links.kind(declaration), DeclarationKind::Interface { .. }) {
            continue;
        }
        let declared = grammar.declared(declaration);
        extended(types.side(side), &declared, interface, problems);
        repeated_properties(types, &declared, side, interface, problems);
        if !interface.super_types.is_empty() {
            let walk = walk.get_or_insert_with(|| types.property_walk(Side::Declared));
            properties(types, &declared, (interface, walk), problems);
        }
    }
}

/// `validateInterfaceSuperTypes`
fn extended(types: &Types, declared: &Declared<'_>, interface: &Interface, problems: &mut Vec<Problem>) {
    for (index, super_type) in interface.super_types.iter().enumerate() {
        let is_declared = match (types.interface(super_type), types.union(super_type)) {
            (Some(interface), _) => interface.declared,
            (None, Some(union)) => {
                let message = "Interfaces cannot extend union types.";
                problems.push(declared.error(Code::ExtendsUnion, declared.super_type_place(index), message));
                union.declared
            }
            (None, None) => continue,
        };
        if !is_declared {
            let message = "Extending an inferred type is discouraged.";
            problems.push(declared.error(Code::ExtendsInferred, declared.super_type_place(index), message));
        }
    }
}

/// `validateSuperTypesConsistency`
fn properties(
    types: &TypeFacts<'_>,
    declared: &Declared<'_>,
    (interface, walk): (&Interface, &mut PropertyWalk<'_>),
    problems: &mut Vec<Problem>,
) {
    let side = Side::Declared;
    let literals = TypeArena::default();
    let mut assigner = Assigner::new(types, &literals);
    let super_types = interface.super_types.iter().filter(|&id| types.side(side).interface(id).is_some());
    let inherited: Vec<Vec<Property>> = super_types.map(|id| walk.all(id.index()).iter().map(|&&it| it).collect()).collect();
    for (index, outer) in inherited.iter().enumerate() {
        for inner in &inherited[index + 1..] {
            let inner: FxHashMap<Name, Property> = inner.iter().map(|&property| (property.name, property)).collect();
            let mut differs = |a: &&Property| {
                inner.get(&a.name).is_some_and(|b| {
                    let (a, b) = (Shape::of(side, a.ty), Shape::of(side, b.ty));
                    !(assigner.is_assignable(a, b) && assigner.is_assignable(b, a))
                })
            };
            let names: Vec<String> = outer
                .iter()
                .filter(&mut differs)
                .map(|property| format!("'{}'", declared.project().text(property.name)))
                .collect();
            if !names.is_empty() {
                // Langium prints the types like this; they have no `toString`.
                let message = format!(
                    "Cannot simultaneously inherit from '[object Object]' and '[object Object]'. \
                     Their {} properties are not identical.",
                    names.join(", ")
                );
                problems.push(declared.error(Code::ConflictingSuperTypes, declared.name_place(), message));
            }
        }
    }
    let names: rustc_hash::FxHashSet<Name> = inherited.iter().flatten().map(|property| property.name).collect();
    let DeclarationKind::Interface { attributes, .. } = declared.kind() else { return };
    for property in types.side(side).properties(interface).iter().filter(|property| names.contains(&property.name)) {
        let is_it =
            |id: &NodeId| matches!(declared.item.node(*id).kind, Kind::TypeAttribute { name, .. } if name == property.name);
        if let Some(attribute) = declared.item.ids(attributes).find(is_it) {
            let name = declared.project().text(property.name);
            let message = format!("Cannot redeclare property '{name}'. It is already inherited from another interface.");
            problems.push(declared.error(Code::DuplicateProperty, declared.node_place(attribute), message));
        }
    }
}

fn repeated_properties(
    types: &TypeFacts<'_>,
    declared: &Declared<'_>,
    side: Side,
    interface: &Interface,
    problems: &mut Vec<Problem>,
) {
    let mut groups: Vec<(Name, Vec<&Property>)> = Vec::new();
    let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
    for property in types.side(side).properties(interface) {
        let slot = *slots.entry(property.name).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some((_, group)) => group.push(property),
            None => groups.push((property.name, vec![property])),
        }
    }
    for (name, group) in groups.iter().filter(|(_, group)| group.len() > 1) {
        for property in group {
            let message = format!("Cannot have two properties with the same name '{}'.", declared.project().text(*name));
            let origin = types.side(side).arena.origins(property.origins).next();
            let problem = match origin.map(|origin| types.origin(declared.grammar, origin)) {
                Some((owner, id)) => owner.error(Code::DuplicateProperty, owner.node_place(id), message),
                None => declared.error(Code::DuplicateProperty, declared.name_place(), message),
            };
            problems.push(problem);
        }
    }
}

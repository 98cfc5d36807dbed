//! How types relate: super and sub types, containers, the names that `$type` can have
//! (`plainToTypes`, `specifyAstNodeProperties` and `collectTypeHierarchy` in langium 4.4.0).

use super::{
    ByName, FileId, Interface, Name, Names, OrderedSet, PlainInterface, PlainUnion, PropertyType, PropertyTypeId, Span,
    TypeArena, TypeId, Types, Union,
};
use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;

pub(super) fn connect(
    names: &Names,
    arena: Arc<TypeArena>,
    comments: Vec<(FileId, Span)>,
    interfaces: Vec<PlainInterface>,
    unions: Vec<PlainUnion>,
) -> Types {
    let mut types = relate(names, arena, comments, interfaces, unions);
    complete(&mut types);
    types
}

/// Finds out about types that are related what generated code says about them.
pub(super) fn complete(types: &mut Types) {
    classify_unions(types);
    find_containers(types);
    lift_containers(types);
    collect_type_names(types);
}

/// The types with their super and sub types, and nothing else.
pub(super) fn relate(
    names: &Names,
    arena: Arc<TypeArena>,
    comments: Vec<(FileId, Span)>,
    interfaces: Vec<PlainInterface>,
    unions: Vec<PlainUnion>,
) -> Types {
    let mut by_name = ByName::new(names.len(), interfaces.len() + unions.len());
    let mut is_union = vec![false; names.len()];
    unions.iter().for_each(|union| is_union[union.name.index()] = true);
    for (index, union) in unions.iter().enumerate() {
        by_name.set(union.name, TypeId((interfaces.len() + index) as u32));
    }
    for (index, interface) in interfaces.iter().enumerate() {
        by_name.set(interface.name, TypeId(index as u32));
    }
    by_name.shrink();
    let ids = |set: &OrderedSet<Name>| set.iter().filter_map(|name| by_name.get(name)).collect();
    let connected_interfaces = interfaces.into_iter().map(|plain| Interface {
        name: plain.name,
        declared: plain.declared,
        is_abstract: plain.is_abstract,
        comment: plain.comment,
        super_types: ids(&plain.super_types),
        sub_types: ids(&plain.sub_types),
        properties: plain.properties,
        containers: OrderedSet::default(),
        type_names: OrderedSet::default(),
    });
    let connected_interfaces: Vec<Interface> = connected_interfaces.collect();
    let connected_unions = unions.into_iter().map(|plain| {
        let mut sub_types = OrderedSet::default();
        arena.for_each_value(plain.ty, &mut |name| {
            by_name.get(name).into_iter().for_each(|id| {
                sub_types.insert(id);
            });
        });
        let PlainUnion { name, declared, comment, ty, data_type } = plain;
        Union { name, declared, comment, ty, data_type, sub_types, is_ast: true, is_data: true }
    });
    let connected_unions = connected_unions.collect();
    let telling = telling(&connected_interfaces);
    let mut types = Types { interfaces: connected_interfaces, unions: connected_unions, arena, comments, by_name, telling };
    add_sub_types(&mut types, &is_union);
    types
}

/// For each interface, where to start looking for its properties: at itself, or, where it has none of its own and extends
/// just one other, where to start for that one. Long chains of such interfaces would cost their length at each of them.
fn telling(interfaces: &[Interface]) -> Vec<u32> {
    let next = |at: usize| match (&interfaces[at].properties[..], interfaces[at].super_types.as_slice()) {
        ([], [only]) if only.index() < interfaces.len() => Some(only.index()),
        _ => None,
    };
    let mut telling: Vec<Option<u32>> = vec![None; interfaces.len()];
    let mut path = Vec::new();
    for start in 0..interfaces.len() {
        let mut at = start;
        let end = loop {
            if let Some(end) = telling[at] {
                break end;
            }
            // A circle ends where it is met again.
            telling[at] = Some(at as u32);
            match next(at) {
                Some(above) => {
                    path.push(at);
                    at = above;
                }
                None => break at as u32,
            }
        };
        path.drain(..).for_each(|passed| telling[passed] = Some(end));
    }
    telling.into_iter().zip(0..).map(|(end, at)| end.unwrap_or(at)).collect()
}

/// What a union has that keeps it from being of one class.
#[derive(Clone, Copy, Default)]
struct Contents {
    /// AST nodes, arrays or references: no data type.
    structured: bool,
    /// Anything but AST nodes: no AST type.
    plain: bool,
}

/// Sets `is_ast` and `is_data`: what one union has, every union that names it has too.
fn classify_unions(types: &mut Types) {
    let mut used_by: Vec<Vec<u32>> = vec![Vec::new(); types.unions.len()];
    let mut contents = vec![Contents::default(); types.unions.len()];
    for (index, union) in types.unions.iter().enumerate() {
        types.arena.for_each_member(union.ty, &mut |_, member| {
            let own = &mut contents[index];
            match member {
                PropertyType::Value(name) => match types.find(name) {
                    None => own.plain = true,
                    Some(id) => match id.index().checked_sub(types.interfaces.len()) {
                        None => own.structured = true,
                        Some(used) => used_by[used].push(index as u32),
                    },
                },
                PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => own.plain = true,
                PropertyType::Array(_) | PropertyType::Reference { .. } => {
                    own.plain = true;
                    own.structured = true;
                }
                PropertyType::Union(_) => unreachable!("members of unions are visited one by one"),
            }
        });
    }
    let mut pending: Vec<u32> = (0..types.unions.len() as u32).collect();
    while let Some(index) = pending.pop() {
        let from = contents[index as usize];
        for &user in &used_by[index as usize] {
            let to = &mut contents[user as usize];
            if (from.structured && !to.structured) || (from.plain && !to.plain) {
                to.structured |= from.structured;
                to.plain |= from.plain;
                pending.push(user);
            }
        }
    }
    for (union, contents) in types.unions.iter_mut().zip(contents) {
        union.is_ast = !contents.plain;
        union.is_data = !contents.structured;
    }
}

/// Every interface is a sub type of its super types, but for one that has the name of a union too (`filterInterfaceLikeTypes`
/// in `ast-collector.ts` keeps one type of each name, the last one).
fn add_sub_types(types: &mut Types, is_union: &[bool]) {
    for index in 0..types.interfaces.len() {
        if is_union[types.interfaces[index].name.index()] {
            continue;
        }
        for super_type in types.interfaces[index].super_types.as_slice().to_vec() {
            let sub_types = match super_type.index().checked_sub(types.interfaces.len()) {
                None => &mut types.interfaces[super_type.index()].sub_types,
                Some(union) => &mut types.unions[union].sub_types,
            };
            sub_types.insert(TypeId(index as u32));
        }
    }
}

/// What a property's type names directly or through unions is contained by the property's interface.
fn find_containers(types: &mut Types) {
    let mut seen: Vec<u32> = vec![u32::MAX; types.interfaces.len() + types.unions.len()];
    let mut found: Vec<(u32, u32)> = Vec::new(); // (contained, container)
    let mut pending: Vec<PropertyTypeId> = Vec::new();
    for (container, interface) in types.interfaces.iter().enumerate() {
        pending.extend(interface.properties.iter().map(|property| property.ty));
        while let Some(ty) = pending.pop() {
            types.arena.for_each_value(ty, &mut |name| {
                let Some(id) = types.find(name) else { return };
                if std::mem::replace(&mut seen[id.index()], container as u32) == container as u32 {
                    return;
                }
                match types.union(id) {
                    Some(union) => pending.push(union.ty),
                    None => found.push((id.0, container as u32)),
                }
            });
        }
    }
    for (contained, container) in found {
        types.interfaces[contained as usize].containers.insert(TypeId(container));
    }
}

/// Super types are contained where their sub types are; not knowing for one sub type is not knowing at all.
fn lift_containers(types: &mut Types) {
    let mut unknown = vec![false; types.interfaces.len()];
    let mut queue: VecDeque<usize> =
        (0..types.interfaces.len()).filter(|&at| types.interfaces[at].sub_types.is_empty()).collect();
    let mut seen = vec![false; types.interfaces.len()];
    queue.iter().for_each(|&at| seen[at] = true);
    while let Some(at) = queue.pop_front() {
        for super_type in types.interfaces[at].super_types.as_slice().to_vec() {
            let above = super_type.index();
            if above >= types.interfaces.len() {
                continue;
            }
            if types.interfaces[at].containers.is_empty() {
                unknown[above] = true;
                types.interfaces[above].containers.clear();
            } else if !unknown[above] && above != at {
                let containers = std::mem::take(&mut types.interfaces[at].containers);
                for container in containers.iter() {
                    types.interfaces[above].containers.insert(container);
                }
                types.interfaces[at].containers = containers;
            }
            if !std::mem::replace(&mut seen[above], true) {
                queue.push_back(above);
            }
        }
    }
}

/// Collects the names of all sub types, depth first (`buildTypeNames`). In a cycle of types, whoever is visited first
/// knows more; the order of visits is Langium's. Unions are visited only below interfaces: only interfaces print `$type`.
fn collect_type_names(types: &mut Types) {
    let count = types.interfaces.len() + types.unions.len();
    let mut names: Vec<OrderedSet<Name>> = vec![OrderedSet::default(); count];
    let mut seen = vec![false; count];
    let sub_types = |types: &Types, id: usize| match id.checked_sub(types.interfaces.len()) {
        None => types.interfaces[id].sub_types.as_slice().to_vec(),
        Some(union) => types.unions[union].sub_types.as_slice().to_vec(),
    };
    for root in 0..types.interfaces.len() {
        let mut stack: Vec<(usize, std::vec::IntoIter<TypeId>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(id) = enter.take()
                && !std::mem::replace(&mut seen[id], true)
            {
                names[id].insert(types.name(TypeId(id as u32)));
                stack.push((id, sub_types(types, id).into_iter()));
            }
            let Some((id, rest)) = stack.last_mut() else { break };
            match rest.as_slice().first().map(|sub_type| sub_type.index()) {
                // A sub type is taken off the list on the way back, when its names are complete.
                Some(sub_type) if !seen[sub_type] => enter = Some(sub_type),
                Some(sub_type) => {
                    rest.next();
                    if *id != sub_type {
                        let id = *id;
                        for name in names[sub_type].as_slice().to_vec() {
                            names[id].insert(name);
                        }
                    }
                }
                None => {
                    stack.pop();
                }
            }
        }
    }
    for (interface, names) in types.interfaces.iter_mut().zip(names) {
        interface.type_names = names;
    }
}

impl Types {
    /// The properties of interface `index` and of all that it extends; nearer ones hide those of the same name. In the
    /// order of discovery (`superProperties`).
    pub fn all_properties(&self, index: usize) -> Vec<super::Property> {
        let interface = &self.interfaces[index];
        let mut properties: Vec<super::Property> = Vec::new();
        let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
        let mut add = |own: &[super::Property]| {
            let first = properties.len();
            for &property in own {
                match slots.get(&property.name) {
                    None => {
                        slots.insert(property.name, properties.len());
                        properties.push(property);
                    }
                    // Of several in one interface, the last one counts, in the place of the first.
                    Some(&slot) if slot >= first => properties[slot] = property,
                    Some(_) => {}
                }
            }
        };
        add(&interface.properties);
        if !interface.super_types.is_empty() {
            let mut visited = OrderedSet::default();
            visited.insert(index);
            let mut pending: Vec<usize> = Vec::new();
            let push_supers = |pending: &mut Vec<usize>, interface: &Interface| {
                let supers = interface.super_types.as_slice().iter().rev();
                let supers = supers.map(|id| id.index()).filter(|&index| index < self.interfaces.len());
                pending.extend(supers.map(|index| self.telling[index] as usize));
            };
            push_supers(&mut pending, interface);
            while let Some(index) = pending.pop() {
                if visited.insert(index) {
                    add(&self.interfaces[index].properties);
                    push_supers(&mut pending, &self.interfaces[index]);
                }
            }
        }
        properties
    }
}

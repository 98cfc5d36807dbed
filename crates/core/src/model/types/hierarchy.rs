//! How types relate: super and sub types, containers, the names that `$type` can have
//! (`plainToTypes`, `specifyAstNodeProperties` and `collectTypeHierarchy` in langium 4.4.0).

use super::{ByName, DocComment, Interface, Name, OrderedSet, Part, PropertyType, TypeArena, TypeId, Types, Union};
use std::collections::VecDeque;
use std::sync::Arc;

use crate::work::Workers;

/// Finds out about types that are related what generated code says about them, unless that is known.
pub(super) fn complete(types: &mut Types, workers: Workers<'_>) {
    if types.type_names.len() == types.interfaces.len() && !types.interfaces.is_empty() {
        return;
    }
    classify_unions(types);
    let hands = if types.are_few() { Workers::alone() } else { workers };
    let known = &*types;
    (types.containers, types.type_names) = hands.join(|| containers(known), || type_names(known));
}

/// `interfaces` and `unions`, both sorted by name, with the sub types that interfaces name.
pub(super) fn relate(
    interfaces: Vec<Interface>,
    unions: Vec<Union>,
    by_name: Arc<ByName<TypeId>>,
    arena: Arc<TypeArena>,
    comments: Vec<DocComment>,
) -> Types {
    let telling = telling(&interfaces);
    let (said, containers, type_names) = Default::default();
    let mut types = Types { interfaces, unions, arena, comments, by_name, telling, said, containers, type_names };
    add_sub_types(&mut types);
    types
}

/// For each interface, where to start looking for its properties: at itself, or, where it has none of its own and extends
/// just one other, where to start for that one. Long chains of such interfaces would cost their length at each of them.
fn telling(interfaces: &[Interface]) -> Vec<u32> {
    let next = |at: usize| match (interfaces[at].properties.range().is_empty(), interfaces[at].super_types.as_slice()) {
        (true, [only]) if only.index() < interfaces.len() => Some(only.index()),
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
fn add_sub_types(types: &mut Types) {
    let mut is_union = vec![false; types.interfaces.len()];
    for union in &types.unions {
        if let Some(interface) = types.find(union.name).and_then(|id| is_union.get_mut(id.index())) {
            *interface = true;
        }
    }
    for (index, is_union) in is_union.into_iter().enumerate() {
        if is_union {
            continue;
        }
        let super_types = types.interfaces[index].super_types.clone();
        for super_type in super_types.iter() {
            let sub_types = match super_type.index().checked_sub(types.interfaces.len()) {
                None => &mut types.interfaces[super_type.index()].sub_types,
                Some(union) => &mut types.unions[union].sub_types,
            };
            sub_types.insert(TypeId(index as u32));
        }
    }
}

/// By interface, the interfaces that can contain it.
fn containers(types: &Types) -> Vec<OrderedSet<TypeId>> {
    let mut containers = own_containers(types);
    lift_containers(types, &mut containers);
    containers
}

/// What a property's type names directly or through unions is contained by the property's interface.
fn own_containers(types: &Types) -> Vec<OrderedSet<TypeId>> {
    let mut unions = UnionMembers { types, ids: Vec::new(), places: vec![None; types.unions.len()] };
    let mut seen: Vec<u32> = vec![u32::MAX; types.interfaces.len() + types.unions.len()];
    let mut pending: Vec<usize> = Vec::new();
    let mut pairs: Vec<(TypeId, TypeId)> = Vec::new(); // (contained, container)
    for (container, interface) in (0..).zip(&types.interfaces) {
        let mut visit = |id: TypeId, pending: &mut Vec<usize>| {
            if std::mem::replace(&mut seen[id.index()], container) != container {
                match id.index().checked_sub(types.interfaces.len()) {
                    Some(union) => pending.push(union),
                    None => pairs.push((id, TypeId(container))),
                }
            }
        };
        for property in types.properties(interface) {
            types.arena.for_each_value(property.ty, &mut |name| {
                types.find(name).into_iter().for_each(|id| visit(id, &mut pending));
            });
        }
        while let Some(union) = pending.pop() {
            unions.of(union).iter().for_each(|&id| visit(id, &mut pending));
        }
    }
    sets(types.interfaces.len(), &pairs)
}

/// The types that unions name, looked up once: many interfaces contain the same unions.
struct UnionMembers<'t> {
    types: &'t Types,
    ids: Vec<TypeId>,
    /// By union: where its own are.
    places: Vec<Option<Part>>,
}

impl UnionMembers<'_> {
    fn of(&mut self, union: usize) -> &[TypeId] {
        let UnionMembers { types, ids, places } = self;
        let place = *places[union].get_or_insert_with(|| {
            let start = ids.len() as u32;
            types.arena.for_each_value(types.unions[union].ty, &mut |name| ids.extend(types.find(name)));
            Part { start, end: ids.len() as u32 }
        });
        &ids[place.range()]
    }
}

/// The second ones of `pairs`, which are all different, by the first one, below `count`, in their order.
fn sets(count: usize, pairs: &[(TypeId, TypeId)]) -> Vec<OrderedSet<TypeId>> {
    let mut ends = vec![0_u32; count + 1];
    pairs.iter().for_each(|(of, _)| ends[of.index() + 1] += 1);
    (1..ends.len()).for_each(|at| ends[at] += ends[at - 1]);
    let mut items = vec![TypeId(0); pairs.len()];
    for &(of, item) in pairs {
        let end = &mut ends[of.index()];
        items[*end as usize] = item;
        *end += 1;
    }
    // Where a set ends, the next one begins.
    let mut start = 0;
    let part = |&end: &u32| OrderedSet::of_distinct(&items[std::mem::replace(&mut start, end as usize)..end as usize]);
    ends[..count].iter().map(part).collect()
}

/// Super types are contained where their sub types are; not knowing for one sub type is not knowing at all.
fn lift_containers(types: &Types, containers: &mut [OrderedSet<TypeId>]) {
    let interfaces = &types.interfaces;
    let mut unknown = vec![false; interfaces.len()];
    let mut queue: VecDeque<usize> = (0..interfaces.len()).filter(|&at| interfaces[at].sub_types.is_empty()).collect();
    let mut seen = vec![false; interfaces.len()];
    queue.iter().for_each(|&at| seen[at] = true);
    while let Some(at) = queue.pop_front() {
        for super_type in interfaces[at].super_types.iter() {
            let above = super_type.index();
            if above >= interfaces.len() {
                continue;
            }
            if containers[at].is_empty() {
                unknown[above] = true;
                containers[above].clear();
            } else if !unknown[above] {
                add_all(containers, above, at);
            }
            if !std::mem::replace(&mut seen[above], true) {
                queue.push_back(above);
            }
        }
    }
}

/// The types that `buildTypeNames` starts at, in its order. Unions are visited only below interfaces, since only interfaces
/// print `$type`. But where an interface has the name of a union too, Langium looks at the union in its place, or at
/// neither if the union is a data type (`filterInterfaceLikeTypes`): nothing then says what such an interface's `$type` is,
/// unless another type has it as a sub type.
fn roots_of_type_names(types: &Types) -> Vec<usize> {
    let mut roots: Vec<Option<usize>> = (0..types.interfaces.len()).map(Some).collect();
    let unions = || (0..types.unions.len()).map(|index| (types.union_id(index), &types.unions[index]));
    let hidden = unions().filter_map(|(id, union)| Some((types.named_as(id), id, union)).filter(|&(named, ..)| named != id));
    let mut some_are_hidden = false;
    for (interface, id, union) in hidden {
        roots[interface.index()] = Some(id.index()).filter(|_| !union.is_data);
        some_are_hidden = true;
    }
    if some_are_hidden {
        roots.extend(unions().filter(|(_, union)| !union.is_data).map(|(id, _)| Some(id.index())));
    }
    roots.into_iter().flatten().collect()
}

/// Collects the names of all sub types, depth first (`buildTypeNames`). In a cycle of types, whoever is visited first
/// knows more; the order of visits is Langium's.
fn type_names(types: &Types) -> Vec<OrderedSet<Name>> {
    let count = types.interfaces.len() + types.unions.len();
    let mut names: Vec<OrderedSet<Name>> = vec![OrderedSet::default(); count];
    let mut seen = vec![false; count];
    let mut stack: Vec<(usize, &[TypeId])> = Vec::new();
    for root in roots_of_type_names(types) {
        let mut enter = Some(root);
        loop {
            if let Some(id) = enter.take()
                && !std::mem::replace(&mut seen[id], true)
            {
                let id = TypeId(id as u32);
                names[id.index()].insert(types.name(id));
                stack.push((id.index(), types.sub_types(id).as_slice()));
            }
            let Some((id, rest)) = stack.last_mut() else { break };
            match *rest {
                // A sub type is taken off the list on the way back, when its names are complete.
                [sub_type, ..] if !seen[sub_type.index()] => enter = Some(sub_type.index()),
                [sub_type, others @ ..] => {
                    *rest = others;
                    if *id != sub_type.index() {
                        add_all(&mut names, *id, sub_type.index());
                    }
                }
                [] => {
                    stack.pop();
                }
            }
        }
    }
    names.truncate(types.interfaces.len());
    names
}

impl Types {
    /// What extends type `id` or can be returned in its place.
    pub(super) fn sub_types(&self, id: TypeId) -> &OrderedSet<TypeId> {
        match self.interface(id) {
            Some(interface) => &interface.sub_types,
            None => &self.unions[id.index() - self.interfaces.len()].sub_types,
        }
    }
}

/// Adds to the set at `to` what that at `from` has.
fn add_all<T: Copy + Eq + std::hash::Hash>(sets: &mut [OrderedSet<T>], to: usize, from: usize) {
    if let Ok([to, from]) = sets.get_disjoint_mut([to, from]) {
        from.iter().for_each(|item| {
            to.insert(item);
        });
    }
}

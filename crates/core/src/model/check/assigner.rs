//! Which types can be assigned to which (`isTypeAssignable` in `types.ts`, langium 4.4.0).

use rustc_hash::{FxHashMap, FxHashSet};

use super::type_facts::{Named, Side, TypeFacts};
use crate::model::types::{OrderedSet, PropertyType, PropertyTypeId, TypeArena, TypeId, Types};
use crate::text::Name;
use crate::text::name::known;

/// A type to be assigned, or to assign to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    Type {
        side: Side,
        ty: PropertyTypeId,
        /// Names in it mean the declared version where there is one (`matchingProp`).
        matching: bool,
    },
    Named(Named),
    Primitive(Name),
}

impl Shape {
    pub(super) fn of(side: Side, ty: PropertyTypeId) -> Shape {
        Shape::Type { side, ty, matching: false }
    }

    pub(super) fn matching(side: Side, ty: PropertyTypeId) -> Shape {
        Shape::Type { side, ty, matching: true }
    }
}

/// A [`Shape`] taken apart.
enum View {
    Union(Vec<Shape>),
    Reference { referenced: Shape, multi: bool, single: bool },
    Array(Shape),
    Value(Named),
    Primitive(Name),
    Text(Name),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Key {
    Named(Name),
    Type(Side, PropertyTypeId),
}

/// Answers what can be assigned to what, and remembers what it had to find out for it.
pub(super) struct Assigner<'a> {
    facts: &'a TypeFacts<'a>,
    literals: &'a TypeArena,
    /// By union: the names of all interfaces that it stands for, by other unions or not.
    members: FxHashMap<Named, FxHashSet<Name>>,
    visited: FxHashMap<(Key, Key), bool>,
    depth: u32,
}

impl<'a> Assigner<'a> {
    /// For types of `facts` and literals in `literals`.
    pub(super) fn new(facts: &'a TypeFacts<'a>, literals: &'a TypeArena) -> Assigner<'a> {
        Assigner { facts, literals, members: FxHashMap::default(), visited: FxHashMap::default(), depth: 0 }
    }

    /// `isTypeAssignable`
    pub(super) fn is_assignable(&mut self, from: Shape, to: Shape) -> bool {
        self.visited.clear();
        self.depth = 0;
        self.assignable(from, to)
    }

    fn arena(&self, side: Side) -> &'a TypeArena {
        match side {
            Side::Literal => self.literals,
            Side::Inferred | Side::Declared => self.facts.arena(side),
        }
    }

    fn view(&self, shape: Shape) -> View {
        let (side, ty, matching) = match shape {
            Shape::Named(named) => return View::Value(named),
            Shape::Primitive(name) => return View::Primitive(name),
            Shape::Type { side, ty, matching } => (side, ty, matching),
        };
        let inner = |ty| Shape::Type { side, ty, matching };
        let arena = self.arena(side);
        match arena.get(ty) {
            PropertyType::Value(name) => {
                let matched = if matching { self.facts.info(name) } else { None };
                let named = match matched {
                    Some(info) => Some(info.declared.map_or(info.inferred, |(_, declared)| declared)),
                    None => self.facts.side(side).find(name).map(|id| Named { side, id }),
                };
                named.map_or(View::Primitive(known::UNKNOWN), View::Value)
            }
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => View::Primitive(name),
            PropertyType::Text(value) => View::Text(value),
            PropertyType::Array(element) => View::Array(inner(element)),
            PropertyType::Reference { referenced, multi, single } => {
                View::Reference { referenced: inner(referenced), multi, single }
            }
            PropertyType::Union(list) => View::Union(arena.members(list).iter().map(|&member| inner(member)).collect()),
        }
    }

    fn key(&self, shape: Shape, view: &View) -> Option<Key> {
        match (shape, view) {
            (_, View::Value(named)) => Some(Key::Named(self.facts.side(named.side).name(named.id))),
            (_, View::Primitive(name)) => Some(Key::Named(*name)),
            (Shape::Type { side, ty, .. }, _) => Some(Key::Type(side, ty)),
            _ => None,
        }
    }

    /// `isTypeAssignableInternal`
    fn assignable(&mut self, from: Shape, to: Shape) -> bool {
        // Langium would run out of stack; nothing real comes near.
        const DEEPEST: u32 = 1_000;
        let (from_view, to_view) = (self.view(from), self.view(to));
        if let (View::Value(from), View::Value(to)) = (&from_view, &to_view)
            && self.facts.side(from.side).interface(from.id).is_some()
        {
            return self.interface_to_named(*from, *to);
        }
        let key = self.key(from, &from_view).zip(self.key(to, &to_view));
        if let Some(key) = key {
            if let Some(&result) = self.visited.get(&key) {
                return result;
            }
            self.visited.insert(key, false);
        }
        if self.depth == DEEPEST {
            return false;
        }
        self.depth += 1;
        let result = self.compare(from, &from_view, to, &to_view);
        self.depth -= 1;
        if let Some(key) = key
            && result
        {
            self.visited.insert(key, true);
        }
        result
    }

    fn compare(&mut self, from: Shape, from_view: &View, to: Shape, to_view: &View) -> bool {
        match (from_view, to_view) {
            (View::Union(members), _) => members.iter().all(|&member| self.assignable(member, to)),
            (_, View::Union(members)) => members.iter().any(|&member| self.assignable(from, member)),
            (View::Reference { referenced, multi, single }, _) => match to_view {
                View::Reference { referenced: other, multi: other_multi, single: other_single } => {
                    multi == other_multi && single == other_single && self.assignable(*referenced, *other)
                }
                _ => false,
            },
            (View::Array(element), _) => match to_view {
                View::Array(other) => self.assignable(*element, *other),
                _ => false,
            },
            (View::Value(named), _) => match self.facts.side(named.side).union(named.id) {
                Some(union) => {
                    let by_data_type = union.data_type.map(|primitive| Shape::Primitive(primitive.name()));
                    by_data_type.is_some_and(|primitive| self.assignable(primitive, to))
                        || self.assignable(Shape::of(named.side, union.ty), to)
                }
                // Interfaces and named types are compared before.
                None => false,
            },
            (_, View::Value(named)) => match self.facts.side(named.side).union(named.id) {
                Some(union) => self.assignable(from, Shape::of(named.side, union.ty)),
                None => false,
            },
            (View::Primitive(name), _) => matches!(to_view, View::Primitive(other) if other == name),
            (View::Text(value), _) => match to_view {
                View::Primitive(name) => *name == known::STRING,
                View::Text(other) => other == value,
                _ => false,
            },
        }
    }

    /// Whether an interface is, or extends, what `to` names (`isInterfaceAssignable`, and the search in unions).
    fn interface_to_named(&mut self, from: Named, to: Named) -> bool {
        let facts = self.facts;
        let target = facts.side(to.side);
        let Some(union) = target.union(to.id) else {
            let wanted = target.name(to.id);
            return any_super_type(facts.side(from.side), from.id, |name| name == wanted);
        };
        if !self.members.contains_key(&to) {
            let members = self.interfaces_in(to.side, union.ty);
            self.members.insert(to, members);
        }
        let members = &self.members[&to];
        any_super_type(facts.side(from.side), from.id, |name| members.contains(&name))
    }

    /// The names of all interfaces that a union stands for.
    fn interfaces_in(&self, side: Side, ty: PropertyTypeId) -> FxHashSet<Name> {
        let types = self.facts.side(side);
        let mut interfaces = FxHashSet::default();
        let mut unions: FxHashSet<Name> = FxHashSet::default();
        let mut pending = vec![ty];
        while let Some(ty) = pending.pop() {
            types.arena.for_each_member(ty, &mut |_, member| {
                let PropertyType::Value(name) = member else { return };
                let Some(id) = types.find(name) else { return };
                match types.union(id) {
                    Some(union) if unions.insert(name) => pending.push(union.ty),
                    Some(_) => {}
                    None => {
                        interfaces.insert(name);
                    }
                }
            });
        }
        interfaces
    }
}

/// Whether `wanted` is said of the interface `id` or of one that it extends.
fn any_super_type(types: &Types, id: TypeId, wanted: impl Fn(Name) -> bool) -> bool {
    let mut pending = vec![id];
    let mut seen: OrderedSet<TypeId> = OrderedSet::default();
    while let Some(id) = pending.pop() {
        let Some(interface) = types.interface(id) else { continue };
        if !seen.insert(id) {
            continue;
        }
        if wanted(interface.name) {
            return true;
        }
        pending.extend(interface.super_types.iter());
    }
    false
}

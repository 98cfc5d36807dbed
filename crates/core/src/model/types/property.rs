//! The types of properties, as ids into one arena, and how types from several places merge into one.

use rustc_hash::FxHashMap;

use super::Property;
use crate::model::language::Element;
use crate::model::sources::Sources;
use crate::text::{FileId, Name};
use crate::tree::{Item, Kind, NodeId, Primitive};

/// A [`PropertyType`] in a [`TypeArena`]; named types and texts, which most are, are in the id itself: a tag in two bits,
/// then the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PropertyTypeId(u32);

const NAME_BITS: u32 = 30;
const VALUE: u32 = 1;
const PRIMITIVE: u32 = 2;
const TEXT: u32 = 3;

impl PropertyTypeId {
    /// The id that is the type itself, if there is one.
    fn of(ty: PropertyType) -> Option<PropertyTypeId> {
        let (tag, name) = match ty {
            PropertyType::Value(name) => (VALUE, name),
            PropertyType::Primitive(name) => (PRIMITIVE, name),
            PropertyType::Text(value) => (TEXT, value),
            PropertyType::Terminal(..) | PropertyType::Array(_) | PropertyType::Reference { .. } | PropertyType::Union(_) => {
                return None;
            }
        };
        (name.raw() >> NAME_BITS == 0).then_some(PropertyTypeId(tag << NAME_BITS | name.raw()))
    }

    /// The type that the id itself is; else it is in the arena.
    #[inline]
    pub(super) fn itself(self) -> Option<PropertyType> {
        let name = || Name::from_raw(self.0 & ((1 << NAME_BITS) - 1));
        match self.0 >> NAME_BITS {
            VALUE => Some(PropertyType::Value(name())),
            PRIMITIVE => Some(PropertyType::Primitive(name())),
            TEXT => Some(PropertyType::Text(name())),
            _ => None,
        }
    }

    /// The number itself, for handles; [`PropertyTypeId::from_raw`] is the way back.
    pub(crate) const fn raw(self) -> u32 {
        self.0
    }

    pub(crate) const fn from_raw(raw: u32) -> PropertyTypeId {
        PropertyTypeId(raw)
    }

    /// What it is called in an arena with `by` more types before its own; where there are fewer, as many less than 2³².
    #[inline]
    pub(super) fn moved(self, by: u32) -> PropertyTypeId {
        if self.0 >> NAME_BITS > 0 { self } else { PropertyTypeId(self.0.wrapping_add(by)) }
    }
}

/// A list of types in a [`TypeArena`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeList {
    pub(super) start: u32,
    pub(super) end: u32,
}

/// The type of a property, or what a union stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PropertyType {
    /// An interface or union by name; if no such type exists it prints as `unknown`.
    Value(Name),
    /// A built-in type or `unknown`.
    Primitive(Name),
    /// What a terminal matches: a built-in type, restricted to the terminal's regular expression.
    Terminal(Name, Element),
    /// A string literal.
    Text(Name),
    /// An array.
    Array(PropertyTypeId),
    /// A cross-reference; multi and single ones can come together only by mistake.
    Reference {
        /// What is referred to.
        referenced: PropertyTypeId,
        /// Some reference is a multi-reference.
        multi: bool,
        /// Some reference is not.
        single: bool,
    },
    /// One of several types; not necessarily two or more, nor different ones.
    Union(TypeList),
}

const _: () = assert!(size_of::<PropertyType>() == 16);

impl PropertyType {
    /// The named type `name`, or the built-in one if it is that (`toPropertyType` in `inferred-types.ts`).
    pub(super) fn named(name: Name) -> PropertyType {
        if is_primitive(name) { PropertyType::Primitive(name) } else { PropertyType::Value(name) }
    }
}

/// All property types of an analysis, and where the properties come from.
#[derive(Clone, Debug, Default)]
pub struct TypeArena {
    pub(super) types: Vec<PropertyType>,
    pub(super) lists: Vec<PropertyTypeId>,
    /// For each type, whether merging it with itself changes nothing.
    pub(super) stable: Vec<bool>,
    pub(super) origins: Vec<OriginLink>,
    /// The properties of all interfaces, those of each together.
    pub(super) properties: Vec<Property>,
}

/// An assignment, an action or an attribute that makes a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file it stands in.
    pub file: FileId,
    /// The declaration among the file's.
    pub declaration: u32,
    /// The node among the declaration's.
    pub node: NodeId,
}

/// All origins of a property, in a [`TypeArena`]. Properties that were copied share it, as they share Langium's `astNodes`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginsId(std::num::NonZeroU32);

impl OriginsId {
    const fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    pub(super) const fn raw(self) -> u32 {
        self.0.get()
    }

    pub(super) fn from_raw(raw: u32) -> Option<OriginsId> {
        std::num::NonZeroU32::new(raw).map(OriginsId)
    }
}

/// Where the contents of an arena went when they were appended to another one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shift {
    types: u32,
    lists: u32,
    origins: u32,
}

impl Shift {
    pub(super) fn ty(self, id: PropertyTypeId) -> PropertyTypeId {
        id.moved(self.types)
    }

    pub(super) fn origins(self, OriginsId(id): OriginsId) -> OriginsId {
        OriginsId(id.saturating_add(self.origins))
    }
}

/// An origin, and the next one of the same property. Most properties have but one.
#[derive(Clone, Copy, Debug)]
pub(super) struct OriginLink {
    pub(super) origin: Origin,
    pub(super) next: Option<OriginsId>,
}

const _: () = assert!(size_of::<OriginLink>() == 16);

impl TypeArena {
    /// Adds a type.
    pub fn add(&mut self, ty: PropertyType) -> PropertyTypeId {
        if let Some(itself) = PropertyTypeId::of(ty) {
            return itself;
        }
        let stable = match ty {
            PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) => true,
            PropertyType::Reference { referenced, .. } => {
                matches!(self.get(referenced), PropertyType::Value(_) | PropertyType::Primitive(_))
            }
            PropertyType::Array(element) => {
                !matches!(self.get(element), PropertyType::Array(_)) && self.merges_to_itself(element)
            }
            PropertyType::Text(_) => false,
            // All members are found again; none counts twice, since there are two or more.
            PropertyType::Union(list) => {
                let is_plain = |member| !matches!(self.get(member), PropertyType::Array(_) | PropertyType::Union(_));
                list.end - list.start >= 2 && self.members(list).iter().copied().all(is_plain)
            }
        };
        self.types.push(ty);
        self.stable.push(stable);
        PropertyTypeId(self.types.len() as u32 - 1)
    }

    /// Adds a union.
    pub fn add_union(&mut self, members: &[PropertyTypeId]) -> PropertyTypeId {
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(members);
        self.finish_union(start)
    }

    /// Adds a union of types to be added.
    pub(super) fn add_union_of(&mut self, members: impl Iterator<Item = PropertyType>) -> PropertyTypeId {
        let start = self.lists.len() as u32;
        for member in members {
            let member = self.add(member);
            self.lists.push(member);
        }
        self.finish_union(start)
    }

    fn finish_union(&mut self, start: u32) -> PropertyTypeId {
        self.add(PropertyType::Union(TypeList { start, end: self.lists.len() as u32 }))
    }

    /// Whether merging `other` into `first` changes nothing, which is not always seen. What it says about references is
    /// taken over.
    pub(super) fn absorbs(&mut self, first: PropertyTypeId, other: PropertyTypeId) -> bool {
        if first == other {
            return self.merges_to_itself(first);
        }
        let (first, other) = match (self.get(first), self.get(other)) {
            (PropertyType::Array(first), PropertyType::Array(other)) => (first, other),
            _ => (first, other),
        };
        let is_plain = |id: PropertyTypeId| {
            self.merges_to_itself(id) && !matches!(self.get(id), PropertyType::Array(_) | PropertyType::Union(_))
        };
        let absorbs = is_plain(first) && is_plain(other) && key(self, first) == key(self, other);
        if absorbs {
            self.add_reference_kinds(first, other);
        }
        absorbs
    }

    /// Whether merging the type with itself changes nothing: then it need not be done.
    pub(super) fn merges_to_itself(&self, id: PropertyTypeId) -> bool {
        match id.itself() {
            Some(ty) => !matches!(ty, PropertyType::Text(_)),
            None => self.stable[id.0 as usize],
        }
    }

    /// The type `id`.
    #[inline]
    pub fn get(&self, id: PropertyTypeId) -> PropertyType {
        id.itself().unwrap_or_else(|| self.types[id.0 as usize])
    }

    /// Starts the list of a property's origins.
    pub(super) fn add_origin(&mut self, element: Element, node: NodeId) -> Option<OriginsId> {
        let origin = Origin { file: element.file, declaration: element.declaration, node };
        self.add_link(origin)
    }

    fn add_link(&mut self, origin: Origin) -> Option<OriginsId> {
        self.origins.push(OriginLink { origin, next: None });
        OriginsId::from_raw(self.origins.len() as u32)
    }

    /// The origins of a property; none for those that Langium makes up.
    pub fn origins(&self, id: Option<OriginsId>) -> impl Iterator<Item = Origin> + '_ {
        let mut next = id;
        std::iter::from_fn(move || {
            let link = self.origins[next?.index()];
            next = link.next;
            Some(link.origin)
        })
    }

    /// The literal in the declaration of a property that has one, and the declaration.
    pub fn default_of<'s>(&self, property: &Property, sources: &'s Sources) -> Option<(Item<'s>, NodeId)> {
        let origin = if property.has_default { self.origins(property.origins).next()? } else { return None };
        let item = sources.file(origin.file).tree.item(origin.declaration as usize);
        match item.node(origin.node).kind {
            Kind::TypeAttribute { parts, .. } => Some((item, item.ids(parts).nth(1)?)),
            _ => None,
        }
    }

    /// Adds what `from` has and `to` has not.
    pub(super) fn merge_origins(&mut self, to: Option<OriginsId>, mut from: Option<OriginsId>) {
        let Some(to) = to else { return };
        while let Some(id) = from.filter(|&from| from != to) {
            let OriginLink { origin, next } = self.origins[id.index()];
            self.append_origin(to, origin);
            from = next;
        }
    }

    fn append_origin(&mut self, to: OriginsId, origin: Origin) {
        let mut last = to;
        loop {
            let link = self.origins[last.index()];
            if link.origin == origin {
                return;
            }
            match link.next {
                Some(next) => last = next,
                None => break,
            }
        }
        self.origins[last.index()].next = self.add_link(origin);
    }

    /// Adds all of `other`. The result says what its ids are here.
    pub(super) fn append(&mut self, other: &TypeArena) -> Shift {
        let shift = Shift { types: self.types.len() as u32, lists: self.lists.len() as u32, origins: self.origins.len() as u32 };
        self.types.extend(other.types.iter().map(|&ty| match ty {
            PropertyType::Array(element) => PropertyType::Array(shift.ty(element)),
            PropertyType::Reference { referenced, multi, single } => {
                PropertyType::Reference { referenced: shift.ty(referenced), multi, single }
            }
            PropertyType::Union(TypeList { start, end }) => {
                PropertyType::Union(TypeList { start: start + shift.lists, end: end + shift.lists })
            }
            PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => ty,
        }));
        self.lists.extend(other.lists.iter().map(|&ty| shift.ty(ty)));
        self.stable.extend_from_slice(&other.stable);
        let links = other.origins.iter();
        self.origins.extend(links.map(|link| OriginLink { next: link.next.map(|next| shift.origins(next)), ..*link }));
        shift
    }

    /// Marks a reference as one that is also multi or single. All properties of that type see it, as in Langium.
    fn add_reference_kinds(&mut self, id: PropertyTypeId, other: PropertyTypeId) {
        let PropertyType::Reference { multi: also_multi, single: also_single, .. } = self.get(other) else { return };
        if let Some(PropertyType::Reference { multi, single, .. }) = self.types.get_mut(id.0 as usize) {
            *multi |= also_multi;
            *single |= also_single;
        }
    }

    /// The members of a union.
    pub fn members(&self, list: TypeList) -> &[PropertyTypeId] {
        &self.lists[list.start as usize..list.end as usize]
    }

    /// The named type `name`, or the built-in one if it is that (`toPropertyType` in `inferred-types.ts`).
    pub fn named(&mut self, name: Name) -> PropertyTypeId {
        self.add(PropertyType::named(name))
    }

    /// One of the named types, which are all different: the type itself if there is but one.
    pub fn one_of(&mut self, names: &[Name]) -> PropertyTypeId {
        match names {
            [name] => self.named(*name),
            _ => self.add_union_of(names.iter().map(|&name| PropertyType::named(name))),
        }
    }

    /// Whether the runtime always sets a property of this type (`isMandatoryPropertyType`).
    pub fn is_mandatory(&self, id: PropertyTypeId) -> bool {
        match self.get(id) {
            PropertyType::Array(_) => true,
            PropertyType::Union(list) => self.members(list).iter().all(|&member| self.is_mandatory(member)),
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => name == Primitive::Boolean.name(),
            PropertyType::Value(_) | PropertyType::Text(_) | PropertyType::Reference { .. } => false,
        }
    }

    /// Whether there is a reference in `id`.
    pub fn has_reference(&self, id: PropertyTypeId) -> bool {
        match self.get(id) {
            PropertyType::Reference { .. } => true,
            PropertyType::Array(element) => self.has_reference(element),
            PropertyType::Union(list) => self.members(list).iter().any(|&member| self.has_reference(member)),
            PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => false,
        }
    }

    /// Whether any reference may be one beside others, or both multi and single: if not, properties need not be looked at.
    pub fn may_mix_references(&self) -> bool {
        self.types.iter().any(|&ty| match ty {
            PropertyType::Reference { multi, single, .. } => multi && single,
            PropertyType::Union(list) => self.members(list).iter().any(|&member| self.has_reference(member)),
            PropertyType::Value(_)
            | PropertyType::Primitive(_)
            | PropertyType::Terminal(..)
            | PropertyType::Text(_)
            | PropertyType::Array(_) => false,
        })
    }

    /// Calls `visit` with each part of `id` that is no union, in order.
    pub fn for_each_member(&self, id: PropertyTypeId, visit: &mut impl FnMut(PropertyTypeId, PropertyType)) {
        match self.get(id) {
            PropertyType::Union(list) => self.members(list).iter().for_each(|&member| self.for_each_member(member, visit)),
            other => visit(id, other),
        }
    }

    /// Calls `visit` with each named type in `id`: in unions and arrays, not behind references.
    pub fn for_each_value(&self, id: PropertyTypeId, visit: &mut impl FnMut(Name)) {
        match self.get(id) {
            PropertyType::Value(name) => visit(name),
            PropertyType::Array(element) => self.for_each_value(element, visit),
            PropertyType::Union(list) => self.members(list).iter().for_each(|&member| self.for_each_value(member, visit)),
            PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) | PropertyType::Reference { .. } => {}
        }
    }
}

/// Whether `name` is that of a built-in type (`isPrimitiveGrammarType` in `internal-grammar-util.ts`).
pub fn is_primitive(name: Name) -> bool {
    const ALL: [Primitive; 5] = [Primitive::String, Primitive::Number, Primitive::Boolean, Primitive::Date, Primitive::Bigint];
    ALL.iter().any(|primitive| primitive.name() == name)
}

/// Merges types into one: scalars and arrays apart, repeated ones once (`mergePropertyTypes` in `plain-types.ts`).
///
/// Langium merges two at a time, and every merge copies what was merged before. Merging flattens its operands, so
/// collecting all of them and building the result once comes to the same, at linear cost.
#[derive(Clone, Debug, Default)]
pub(super) struct Merger {
    scalars: Distinct,
    elements: Distinct,
    /// References that were met again: the first one and the other.
    repeated: Vec<(PropertyTypeId, PropertyTypeId)>,
}

impl Merger {
    /// Starts with `first`, of which nothing is dropped. What was merged before is forgotten.
    pub(super) fn start(&mut self, arena: &TypeArena, first: PropertyTypeId) {
        self.scalars.clear();
        self.elements.clear();
        self.repeated.clear();
        self.flatten(arena, first, Distinct::push);
    }

    /// Adds what `other` has and the types merged so far have not.
    pub(super) fn add(&mut self, arena: &TypeArena, other: PropertyTypeId) {
        self.flatten(arena, other, Distinct::push_new);
    }

    /// The merged type.
    pub(super) fn finish(&mut self, arena: &mut TypeArena) -> PropertyTypeId {
        for (first, other) in self.repeated.drain(..) {
            arena.add_reference_kinds(first, other);
        }
        if !self.elements.list.is_empty() {
            let element = match self.elements.list[..] {
                [single] => single,
                ref several => arena.add_union(several),
            };
            self.scalars.list.push(arena.add(PropertyType::Array(element)));
        }
        match self.scalars.list[..] {
            [single] => single,
            ref several => arena.add_union(several),
        }
    }

    fn flatten(&mut self, arena: &TypeArena, id: PropertyTypeId, push: Push) {
        let Merger { scalars, elements, repeated } = self;
        arena.for_each_member(id, &mut |member, ty| match ty {
            // Arrays in arrays vanish, as in Langium's `flattenPlainType`.
            PropertyType::Array(element) => arena.for_each_member(element, &mut |inner, ty| {
                if !matches!(ty, PropertyType::Array(_)) {
                    repeated.extend(push(elements, arena, inner).map(|first| (first, inner)));
                }
            }),
            _ => repeated.extend(push(scalars, arena, member).map(|first| (first, member))),
        });
    }
}

/// A list of types in which equal ones can be found fast.
#[derive(Clone, Debug, Default)]
struct Distinct {
    list: Vec<PropertyTypeId>,
    /// The first type of each key, if there are many.
    keys: FxHashMap<u64, PropertyTypeId>,
}

/// Adds a type to a list; the result is the equal one that was there before.
type Push = fn(&mut Distinct, &TypeArena, PropertyTypeId) -> Option<PropertyTypeId>;

impl Distinct {
    /// Up to this many types, looking at each is cheaper than hashing. Picked by gut feeling.
    const SCAN_LIMIT: usize = 16;

    fn clear(&mut self) {
        self.list.clear();
        if !self.keys.is_empty() {
            self.keys.clear();
        }
    }

    fn push(&mut self, arena: &TypeArena, id: PropertyTypeId) -> Option<PropertyTypeId> {
        self.list.push(id);
        self.index(arena, self.list.len() - 1);
        None
    }

    fn push_new(&mut self, arena: &TypeArena, id: PropertyTypeId) -> Option<PropertyTypeId> {
        let first = self.find(arena, key(arena, id));
        // To Langium, some types equal nothing, not even themselves. All that can be seen of that is whether there is one
        // member or more: keeping two of a kind keeps rules with many optional parts from doubling them with each.
        let counts_twice = self.list.len() < 2 && !arena.merges_to_itself(id);
        if first.is_none() || counts_twice {
            self.push(arena, id);
        }
        first
    }

    fn find(&self, arena: &TypeArena, wanted: u64) -> Option<PropertyTypeId> {
        if self.list.len() > Self::SCAN_LIMIT {
            return self.keys.get(&wanted).copied();
        }
        self.list.iter().copied().find(|&id| key(arena, id) == wanted)
    }

    fn index(&mut self, arena: &TypeArena, from: usize) {
        if self.list.len() > Self::SCAN_LIMIT {
            let from = if self.keys.is_empty() { 0 } else { from };
            for &id in &self.list[from..] {
                self.keys.entry(key(arena, id)).or_insert(id);
            }
        }
    }
}

/// Equal for types that Langium's `typeEquals` calls equal, and for those that are the same though it does not.
fn key(arena: &TypeArena, id: PropertyTypeId) -> u64 {
    let tagged = |tag: u64, number: u32| tag << 32 | u64::from(number);
    match arena.get(id) {
        PropertyType::Value(name) => tagged(1, name.raw()),
        PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => tagged(2, name.raw()),
        PropertyType::Text(value) => tagged(3, value.raw()),
        PropertyType::Reference { referenced, .. } => match arena.get(referenced) {
            PropertyType::Value(name) => tagged(4, name.raw()),
            PropertyType::Primitive(name) => tagged(5, name.raw()),
            _ => tagged(6, referenced.0),
        },
        PropertyType::Array(_) | PropertyType::Union(_) => tagged(7, id.0),
    }
}

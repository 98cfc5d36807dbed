//! The types of the generated AST: declared ones and those inferred from rules, merged, with their hierarchy.
//!
//! Follows `type-system/` of langium 4.4.0 step by step, since the order in which Langium finds things shows in its
//! output: [`declared`] and [`inferred`] collect, [`Types::new`] merges by name, sorts and connects.

mod chain;
mod declared;
mod hierarchy;
mod inferred;
mod merge;
mod merged;
mod ordered_set;
pub mod property;
mod rule_graph;
mod walk;
mod ways;

pub(super) use inferred::{Asked, Memo, said_again};
use merged::Merged;
pub use ordered_set::OrderedSet;
pub use property::{Origin, OriginsId, PropertyType, PropertyTypeId, TypeArena};
pub use walk::{PropertyWalk, SuperTypes};

use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::Arc;

use super::check::Said;
use super::language::{Element, Language};
use super::rules::RuleFacts;
use super::sources::Sources;
use crate::hash::xxh3;
use crate::text::{ByName, FileId, Name, Names, Span};
use crate::tree::{Part, Primitive};
use crate::work::Workers;

/// A type, by its position among the interfaces and then the unions of a [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub u32);

impl TypeId {
    /// Position in tables of all types.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// All types of one or more languages.
#[derive(Clone, Debug)]
pub struct Types {
    /// Sorted by name (`localeCompare`).
    pub interfaces: Vec<Interface>,
    /// Sorted by name (`localeCompare`).
    pub unions: Vec<Union>,
    /// The types of their properties. The types that checks compare share it.
    pub arena: Arc<TypeArena>,
    comments: Vec<DocComment>,
    by_name: Arc<ByName<TypeId>>,
    /// By interface: the first one from there on up that says something about properties.
    telling: Vec<u32>,
    /// By interface: a hash of what is written about it by itself; empty if that is not known.
    said: Vec<u128>,
    /// By interface; empty in types that are only compared.
    containers: Vec<OrderedSet<TypeId>>,
    type_names: Vec<OrderedSet<Name>>,
}

/// A type with properties.
#[derive(Clone, Debug)]
pub struct Interface {
    /// Its name.
    pub name: Name,
    /// Whether it has a declaration of its own, and its properties are as declared.
    pub declared: bool,
    /// No rule creates it, only its sub types.
    pub is_abstract: bool,
    /// The doc comment of its declaration or rule.
    pub comment: Option<CommentId>,
    /// Its own properties, in the order of declaration or discovery: a part of those in the arena.
    properties: Part,
    /// What it extends.
    pub super_types: OrderedSet<TypeId>,
    /// What extends it, or can be returned in its place.
    pub sub_types: OrderedSet<TypeId>,
}

/// There is one for nearly every rule, and the room of the [`PlainInterface`]s is used again for them.
const _: () = assert!(size_of::<Interface>() <= 56 && size_of::<PlainInterface>() == size_of::<Interface>());

/// A type that is one of several.
#[derive(Clone, Debug)]
pub struct Union {
    /// Its name.
    pub name: Name,
    /// Whether it has a declaration of its own.
    pub declared: bool,
    /// The doc comment of its declaration or rule.
    pub comment: Option<CommentId>,
    /// What it can be.
    pub ty: PropertyTypeId,
    /// For data type rules, the primitive that the rule declares to return.
    pub data_type: Option<Primitive>,
    /// The named types in it.
    pub sub_types: OrderedSet<TypeId>,
    /// Whether it consists of AST nodes alone (`isAstType`).
    pub is_ast: bool,
    /// Whether it consists of primitives and texts alone (`isDataType`).
    pub is_data: bool,
}

/// A property of an interface.
#[derive(Clone, Copy, Debug)]
pub struct Property {
    /// Its name.
    pub name: Name,
    /// Its type.
    pub ty: PropertyTypeId,
    /// May be absent.
    pub optional: bool,
    /// The doc comment of the attribute or of the first assignment.
    pub comment: Option<CommentId>,
    /// Its declaration has a literal; [`TypeArena::default_of`] finds it.
    pub has_default: bool,
    /// The assignments, actions or the attribute that make it.
    pub origins: Option<OriginsId>,
}

const _: () = assert!(size_of::<Property>() == 20);

/// A doc comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommentId(NonZeroU32);

impl CommentId {
    /// The comment at `index`.
    fn at(index: usize) -> CommentId {
        CommentId(NonZeroU32::MIN.saturating_add(index as u32))
    }

    fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// What it is called if `others` comments were put before the first one.
    fn behind(self, others: usize) -> CommentId {
        CommentId::at(self.index() + others)
    }
}

/// Where a doc comment stands: its bytes in the region of a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DocComment {
    file: FileId,
    declaration: u32,
    span: Span,
}

impl DocComment {
    fn text(self, sources: &Sources) -> &str {
        let file = sources.file(self.file);
        self.span.of(file.tree.declarations[self.declaration as usize].region.of(&file.text))
    }
}

/// Types as collected, before they are merged by name.
#[derive(Debug, Default)]
struct PlainTypes {
    interfaces: Vec<PlainInterface>,
    unions: Vec<PlainUnion>,
}

#[derive(Clone, Debug)]
struct PlainInterface {
    name: Name,
    declared: bool,
    is_abstract: bool,
    comment: Option<CommentId>,
    properties: Part,
    super_types: OrderedSet<Name>,
    sub_types: OrderedSet<Name>,
}

#[derive(Clone, Debug)]
struct PlainUnion {
    name: Name,
    declared: bool,
    comment: Option<CommentId>,
    ty: PropertyTypeId,
    data_type: Option<Primitive>,
}

/// What the collectors share.
struct Collector<'s> {
    sources: &'s Sources,
    arena: TypeArena,
    comments: Vec<DocComment>,
}

impl Collector<'_> {
    /// The doc comment before byte `start` of the element's region; none for imported elements.
    fn comment_at(&mut self, element: Element, start: u32) -> Option<CommentId> {
        if element.imported {
            return None;
        }
        let span = element.item(self.sources).comment_at(start)?;
        self.comments.push(DocComment { file: element.file, declaration: element.declaration, span });
        Some(CommentId::at(self.comments.len() - 1))
    }
}

/// The types of `languages` together (`collectAst`).
pub(super) fn collect(sources: &Sources, languages: &[(&Language, &RuleFacts)], workers: Workers<'_>) -> Types {
    let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
    let declared = declared::collect(&mut collector, languages);
    let inferred = inferred::collect(&mut collector, languages, &declared, workers);
    Types::new(&sources.names, collector.arena, collector.comments, [inferred, declared])
}

/// The types of one grammar with its imports, as checks compare them (`collectValidationAst`).
#[derive(Clone, Debug)]
pub(super) struct BothTypes {
    /// Where a type is inferred and declared, the declared one.
    pub(super) declared: Types,
    /// Where a type is inferred and declared, the inferred one. Absent if there is no such type.
    inferred: Option<Types>,
    /// For the next time, if there was a memo.
    memo: Memo,
    /// What rules say about them, if somebody asked.
    pub(super) said: Option<Vec<Said>>,
}

/// Types of entry grammars with their imports that checks had to know, so that nobody finds them again.
#[derive(Clone, Debug, Default)]
pub struct KnownTypes(Vec<(FileId, BothTypes)>);

impl KnownTypes {
    /// Keeps the types of the grammar `entry`.
    pub(super) fn add(&mut self, entry: FileId, types: BothTypes) {
        self.0.push((entry, types));
    }

    /// The same, each with all that outputs ask for.
    pub(super) fn completed(mut self, workers: Workers<'_>) -> KnownTypes {
        self.0.iter_mut().for_each(|(_, types)| types.complete(workers));
        self
    }

    /// What the next analysis may ask.
    pub(super) fn memos(&self) -> impl Iterator<Item = (FileId, &Memo)> {
        self.0.iter().map(|(entry, types)| (*entry, &types.memo))
    }

    /// What [`collect`] gives for the grammar `entry`, if it is known.
    pub(super) fn take(&mut self, entry: FileId) -> Option<Types> {
        let at = self.0.iter().position(|(file, _)| *file == entry)?;
        Some(self.0.swap_remove(at).1.into_types())
    }
}

/// From so many rules or types on, steps that take half a microsecond for each are worth a thread of their own.
pub(super) const MANY: usize = 2_000;

/// Rules of a language that is kept while its types are merged, which takes most memory: one of a million lines has 195,000 and takes 10
/// MB, and to build it again takes 15 ms.
const RULES_OF_A_KEPT_LANGUAGE: usize = 1 << 14;

/// The types of `language` for checks; without containers and type names. If there is a memo of an earlier text of the same
/// language, what it says is not found out again; somebody may ask what rules say. And the language, unless it is very large.
pub(super) fn collect_both(
    sources: &Sources,
    language: Language,
    facts: RuleFacts,
    workers: Workers<'_>,
    asked: Asked<'_>,
) -> (BothTypes, Option<Language>) {
    let before = asked.memo.map_or(&[][..], Memo::order);
    let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
    let declared = declared::collect(&mut collector, &[(&language, &facts)]);
    let inferred::Again { types: inferred, memo, said, mut said_of_types } =
        inferred::collect_again(&mut collector, (&language, &facts), &declared, workers, asked);
    if said.is_some() {
        said_of_types.extend(language.interfaces.iter().filter_map(|&element| declared::said(sources, element)));
    }
    let language = Some(language).filter(|language| language.rules.len() <= RULES_OF_A_KEPT_LANGUAGE);
    drop(facts);
    let arena = Arc::new(collector.arena);
    let mut merged = Merged::new(&sources.names, inferred, declared, before);
    let memo = memo.with_order(|| merged.order());
    let first = merged.first();
    let hands = if merged.len() < MANY { Workers::alone() } else { workers };
    let relate_first = || first.map(|first| first.relate(Arc::clone(&arena), Vec::new()));
    let (inferred, mut declared) =
        hands.join(relate_first, || merged.into_second().relate(Arc::clone(&arena), collector.comments));
    declared.note_what_is_said(&said_of_types);
    (BothTypes { inferred, declared, memo, said }, language)
}

impl BothTypes {
    /// Where a type is inferred and declared, the inferred one.
    pub(super) fn inferred(&self) -> &Types {
        self.inferred.as_ref().unwrap_or(&self.declared)
    }

    /// The same without the inferred ones, when nobody compares them any more.
    pub(super) fn compared(self) -> BothTypes {
        BothTypes { inferred: None, ..self }
    }

    /// Whether a thread of its own would cost more than a step through all of them.
    pub(super) fn are_few(&self) -> bool {
        self.declared.are_few()
    }

    fn complete(&mut self, workers: Workers<'_>) {
        hierarchy::complete(&mut self.declared, workers);
    }

    /// What [`collect`] gives for the same language.
    pub(super) fn into_types(mut self) -> Types {
        self.complete(Workers::alone());
        self.declared
    }
}

impl Interface {
    /// Where its own properties are: see [`Types::property`].
    #[inline]
    pub fn property_places(&self) -> Range<usize> {
        self.properties.range()
    }
}

impl Types {
    /// Merges by name (`createAstTypes`: of several, the last one counts, so declared types win) and connects.
    fn new(names: &Names, arena: TypeArena, comments: Vec<DocComment>, [first, second]: [PlainTypes; 2]) -> Types {
        let mut types = Merged::new(names, first, second, &[]).into_second().relate(Arc::new(arena), comments);
        hierarchy::complete(&mut types, Workers::alone());
        types
    }

    fn are_few(&self) -> bool {
        self.interfaces.len() + self.unions.len() < MANY
    }

    /// The type called `name`; interfaces hide unions of the same name.
    pub fn find(&self, name: Name) -> Option<TypeId> {
        self.by_name.get(name)
    }

    /// What the name of `id` means: another type if an interface hides the union that `id` is.
    pub fn named_as(&self, id: TypeId) -> TypeId {
        self.find(self.name(id)).unwrap_or(id)
    }

    /// The interface that `id` is, if it is one.
    #[inline]
    pub fn interface(&self, id: TypeId) -> Option<&Interface> {
        self.interfaces.get(id.index())
    }

    /// The union that `id` is, if it is one.
    pub fn union(&self, id: TypeId) -> Option<&Union> {
        self.unions.get(id.index().checked_sub(self.interfaces.len())?)
    }

    /// The name of type `id`.
    #[inline]
    pub fn name(&self, id: TypeId) -> Name {
        match self.interfaces.get(id.index()) {
            Some(interface) => interface.name,
            None => self.unions[id.index() - self.interfaces.len()].name,
        }
    }

    /// The own properties of `interface`, which is one of these types.
    pub fn properties(&self, interface: &Interface) -> &[Property] {
        &self.arena.properties[interface.properties.range()]
    }

    /// The property at one of the places of an interface.
    #[inline]
    pub fn property(&self, place: usize) -> &Property {
        &self.arena.properties[place]
    }

    /// Interfaces that can contain the one at `index`.
    pub fn containers(&self, index: usize) -> &OrderedSet<TypeId> {
        &self.containers[index]
    }

    /// Every value that `$type` of the interface at `index` can have: its own name and those of all its sub types.
    pub fn type_names(&self, index: usize) -> &OrderedSet<Name> {
        &self.type_names[index]
    }

    /// The id of the union at `index`.
    pub fn union_id(&self, index: usize) -> TypeId {
        TypeId((self.interfaces.len() + index) as u32)
    }

    /// A hash of all that an interface by itself depends on, not on others: its own properties and comments. It is the same as
    /// long as the rules and the declaration that create it say the same.
    pub fn said(&self, index: usize) -> Option<u128> {
        self.said.get(index).copied().filter(|&said| said != 0)
    }

    /// Those of the first `names` names that stand in the type of a property or a union, though there is no such type.
    pub fn missing(&self, names: usize) -> Vec<Name> {
        let TypeArena { types, lists, properties, .. } = &*self.arena;
        let inner = types.iter().filter_map(|ty| match *ty {
            PropertyType::Array(inner) | PropertyType::Reference { referenced: inner, .. } => Some(inner),
            _ => None,
        });
        let mut is_named = vec![false; names];
        let mut add = |ty: PropertyTypeId| {
            if let Some(PropertyType::Value(name)) = ty.itself() {
                is_named[name.index()] = true;
            }
        };
        properties.iter().for_each(|property| add(property.ty));
        lists.iter().copied().chain(inner).for_each(add);
        let named = (0..names).filter(|&name| is_named[name]).map(Name::from_index);
        named.filter(|&name| self.find(name).is_none()).collect()
    }

    /// Notes what is said about types, in the order in which it is said.
    fn note_what_is_said(&mut self, said: &[(Name, u128)]) {
        let mut known = vec![0; if said.is_empty() { 0 } else { self.interfaces.len() }];
        for (name, hash) in said {
            if let Some(known) = self.find(*name).and_then(|id| known.get_mut(id.index())) {
                *known = if *known == 0 { *hash } else { xxh3(&[known.to_le_bytes(), hash.to_le_bytes()].concat()) };
            }
        }
        self.said = known;
    }

    /// The text of a doc comment, with its delimiters.
    pub fn comment<'s>(&self, id: CommentId, sources: &'s Sources) -> &'s str {
        self.comments[id.index()].text(sources)
    }
}

//! The types of a grammar and its imports, inferred beside declared (`validation-resources-collector.ts`, langium 4.4.0).

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::circles;
use super::project::{Declared, FoundTypes, Grammar, Project};
use crate::model::language::{self, Language};
use crate::model::links::DeclarationId;
use crate::model::types::{self, BothTypes, Origin, PropertyType, PropertyTypeId, PropertyWalk, TypeArena, TypeId, Types};
use crate::model::visibility;
use crate::text::collate::compare_utf16;
use crate::text::{FileId, Name};
use crate::tree::{DeclarationKind, Kind, NodeId};
use crate::work::Workers;

/// Which of two versions of all types: where one is inferred and declared, only one of them counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Inferred,
    Declared,
    /// The types of literals, in an arena of their own.
    Literal,
}

/// A type of one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Named {
    pub(super) side: Side,
    pub(super) id: TypeId,
}

/// What is known of a type by its name (`typeToValidationInfo`).
#[derive(Clone, Copy, Debug)]
pub(super) struct Info {
    pub(super) name: Name,
    /// The inferred version; of a type that is only declared, that one.
    pub(super) inferred: Named,
    pub(super) declared: Option<(DeclarationId, Named)>,
}

/// A rule, or an action in it, that creates objects of a type.
#[derive(Clone, Copy, Debug)]
pub(super) struct Creator {
    pub(super) rule: DeclarationId,
    pub(super) action: Option<NodeId>,
}

/// What is known of all types.
struct Infos {
    /// By inferred type, without the unions that are `hidden` by interfaces of the same name.
    all: Vec<Info>,
    hidden: Vec<TypeId>,
}

impl Infos {
    /// `nodes` are the declarations of declared types.
    fn new(both: &BothTypes, nodes: &FxHashMap<Name, DeclarationId>) -> Infos {
        let types = both.inferred();
        let all = Vec::with_capacity(types.interfaces.len() + types.unions.len());
        let mut infos = Infos { all, hidden: Vec::new() };
        for (name, id) in all_types(types) {
            let inferred = Named { side: Side::Inferred, id };
            let named = types.named_as(id);
            if named == id {
                infos.all.push(Info { name, inferred, declared: None });
            } else {
                infos.all[named.index()].inferred = inferred;
                infos.hidden.push(id);
            }
        }
        for (name, id) in all_types(&both.declared) {
            if let (Some(slot), Some(&node)) = (infos.slot(both, name), nodes.get(&name)) {
                infos.all[slot].declared = Some((node, Named { side: Side::Declared, id }));
            }
        }
        infos
    }

    fn slot(&self, both: &BothTypes, name: Name) -> Option<usize> {
        let id = both.inferred().find(name)?;
        Some(id.index() - self.hidden.partition_point(|&hidden| hidden < id))
    }
}

pub(super) struct TypeFacts<'a> {
    project: &'a Project<'a>,
    both: BothTypes,
    /// They are those of the language too: each name means the same in all files.
    of_language: bool,
    /// The language, if they are and it was kept.
    language: Option<Language>,
    infos: Infos,
    /// The rules of the grammar and its imports.
    rules: Vec<DeclarationId>,
    /// Sorted by name; of one name, rules before actions, in the order of the files. Few grammars have a type of which somebody
    /// asks who creates it.
    creators: OnceLock<Vec<(Name, Creator)>>,
    may_mix_references: OnceLock<bool>,
    /// Every type can be assigned to itself: no union contains itself, not even by other types, and no name means an
    /// interface here and a union there.
    reflexive: bool,
    /// They are as they were when nothing was wrong with them.
    are_same: bool,
}

impl<'a> TypeFacts<'a> {
    /// The types of `file` and its imports. If rules say what they said when nothing was wrong with it, just that, unless
    /// somebody is going to ask for the types themselves.
    pub(super) fn new(project: &'a Project<'a>, file: FileId, workers: Workers<'_>) -> Result<TypeFacts<'a>, Box<FoundTypes>> {
        let sources = project.linked_sources();
        let mut language = language::of_file(sources, file);
        let own = visibility::with_own_meanings(sources, &project.links, &mut language);
        let sources = own.as_ref().unwrap_or(sources);
        let facts = project.rule_facts(sources, &language);
        let said = project.verdict(file).filter(|_| own.is_none()).and_then(|verdict| verdict.said.as_deref());
        let said_again = said.and_then(|said| types::said_again(sources, &language, &facts, said));
        let are_same = said_again.as_ref().is_some_and(|again| again.is_same);
        let said = said_again.map(|again| again.said);
        let said = match said {
            Some(said) if are_same && !project.asks_for_types => {
                return Err(Box::new(FoundTypes { types: None, said: Some(said), are_same, language: Some(language) }));
            }
            said => said,
        };
        let mut nodes: FxHashMap<Name, DeclarationId> = FxHashMap::default();
        for element in language.interfaces.iter().chain(&language.types) {
            let id = project.links.declaration(element.file, element.declaration);
            if let Some(name) = project.links.kind(id).name() {
                nodes.insert(name, id);
            }
        }
        let memo = if own.is_none() { project.memo(file) } else { None };
        let asks_what_is_said = said.is_none() && own.is_none() && project.surroundings().is_some();
        let ids = language.rules.iter().map(|element| project.links.declaration(element.file, element.declaration));
        let rules = ids.collect();
        let asked = types::Asked { memo, said, asks_what_is_said };
        let (both, language) = types::collect_both(sources, language, facts, workers, asked);
        let hands = if both.are_few() { Workers::alone() } else { workers };
        let (are_acyclic, infos) = hands.join(|| are_acyclic(&both), || Infos::new(&both, &nodes));
        Ok(TypeFacts {
            project,
            reflexive: are_acyclic && infos.hidden.is_empty(),
            both,
            of_language: own.is_none(),
            language: language.filter(|_| own.is_none()),
            infos,
            rules,
            creators: OnceLock::new(),
            may_mix_references: OnceLock::new(),
            are_same,
        })
    }

    /// The types of the language with this entry grammar, unless they differ from what its files mean each for itself.
    pub(super) fn into_types(mut self) -> FoundTypes {
        let said = self.both.said.take();
        let types = self.of_language.then(|| self.both.compared());
        FoundTypes { types, said, are_same: self.are_same, language: self.language }
    }

    /// All types: interfaces and then unions, each sorted by name.
    pub(super) fn infos(&self) -> &[Info] {
        &self.infos.all
    }

    pub(super) fn info(&self, name: Name) -> Option<&Info> {
        self.infos.slot(&self.both, name).map(|slot| &self.infos.all[slot])
    }

    /// The rules and actions that create objects of a type.
    pub(super) fn creators(&self, info: &Info) -> impl Iterator<Item = Creator> + '_ {
        let name = info.name;
        let creators = self.creators.get_or_init(|| creators(self.project, &self.rules));
        let first = creators.partition_point(|(other, _)| *other < name);
        creators[first..].iter().take_while(move |(other, _)| *other == name).map(|&(_, creator)| creator)
    }

    /// Whether some inferred type may have a reference beside other types, or one that is both multi and single.
    pub(super) fn may_mix_references(&self) -> bool {
        *self.may_mix_references.get_or_init(|| self.both.inferred().arena.may_mix_references())
    }

    /// Whether every type can be assigned to itself.
    pub(super) fn is_reflexive(&self) -> bool {
        self.reflexive
    }

    /// The types of one side.
    pub(super) fn side(&self, side: Side) -> &Types {
        match side {
            Side::Inferred => self.both.inferred(),
            Side::Declared | Side::Literal => &self.both.declared,
        }
    }

    /// Finds the properties of interfaces of one side and of all that they extend.
    pub(super) fn property_walk(&self, side: Side) -> PropertyWalk<'_> {
        PropertyWalk::new(self.side(side), &self.project.sources.names)
    }

    /// The node that an origin means.
    pub(super) fn origin<'g>(&self, grammar: &'g Grammar<'_>, origin: Origin) -> (Declared<'g>, NodeId) {
        (grammar.declared(self.project.links.declaration(origin.file, origin.declaration)), origin.node)
    }

    /// A type as it is written in declarations (`propertyTypeToString`).
    pub(super) fn text(&self, side: Side, ty: PropertyTypeId) -> String {
        self.text_in(self.arena(side), side, ty)
    }

    /// The type of a literal as it is written.
    pub(super) fn literal_text(&self, literals: &TypeArena, ty: PropertyTypeId) -> String {
        self.text_in(literals, Side::Literal, ty)
    }

    /// The types of its properties.
    pub(super) fn arena(&self, side: Side) -> &TypeArena {
        &self.side(side).arena
    }

    fn text_in(&self, arena: &TypeArena, side: Side, ty: PropertyTypeId) -> String {
        let names = &self.project.sources.names;
        let parenthesized = |ty: PropertyTypeId| {
            let text = self.text_in(arena, side, ty);
            if matches!(arena.get(ty), PropertyType::Union(_)) { format!("({text})") } else { text }
        };
        match arena.get(ty) {
            PropertyType::Value(name) if side != Side::Literal && self.side(side).find(name).is_none() => "unknown".to_owned(),
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => {
                names.get(name).to_owned()
            }
            PropertyType::Text(value) => format!("\"{}\"", names.get(value).replace('"', "\\\"")),
            // An array literal without elements.
            PropertyType::Array(element)
                if side == Side::Literal
                    && matches!(arena.get(element), PropertyType::Union(list) if arena.members(list).is_empty()) =>
            {
                "unknown[]".to_owned()
            }
            PropertyType::Array(element) => format!("{}[]", parenthesized(element)),
            PropertyType::Reference { referenced, multi, .. } => {
                format!("@{}{}", parenthesized(referenced), if multi { "+" } else { "" })
            }
            PropertyType::Union(list) => {
                let mut members: Vec<String> = arena.members(list).iter().map(|&member| parenthesized(member)).collect();
                members.sort_by(|a, b| compare_utf16(a, b));
                members.dedup();
                members.join(" | ")
            }
        }
    }
}

fn all_types(types: &Types) -> impl Iterator<Item = (Name, TypeId)> + '_ {
    let count = (types.interfaces.len() + types.unions.len()) as u32;
    (0..count).map(TypeId).map(|id| (types.name(id), id))
}

/// Whether no union contains itself, inferred or declared.
fn are_acyclic(both: &BothTypes) -> bool {
    is_acyclic(&both.declared) && (std::ptr::eq(both.inferred(), &both.declared) || is_acyclic(both.inferred()))
}

fn is_acyclic(types: &Types) -> bool {
    let first = types.interfaces.len();
    let mut uses = Vec::new();
    for (user, union) in (0..).zip(&types.unions) {
        for_each_name(&types.arena, union.ty, &mut |name| {
            let used = types.find(name).and_then(|id| id.index().checked_sub(first));
            uses.extend(used.map(|used| (used as u32, user)));
        });
    }
    !circles::leading_into(types.unions.len(), uses).contains(&true)
}

/// Every named type in `ty`, also in arrays and behind references.
fn for_each_name(arena: &TypeArena, ty: PropertyTypeId, visit: &mut impl FnMut(Name)) {
    match arena.get(ty) {
        PropertyType::Value(name) => visit(name),
        PropertyType::Array(inner) | PropertyType::Reference { referenced: inner, .. } => for_each_name(arena, inner, visit),
        PropertyType::Union(list) => arena.members(list).iter().for_each(|&member| for_each_name(arena, member, visit)),
        PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => {}
    }
}

/// `collectNameToRulesActions`
fn creators(project: &Project<'_>, rules: &[DeclarationId]) -> Vec<(Name, Creator)> {
    let links = &project.links;
    let ids = rules.iter().copied();
    let is_rule = |id: &DeclarationId| matches!(links.kind(*id), DeclarationKind::ParserRule { fragment: false, .. });
    let (data, rules): (Vec<DeclarationId>, Vec<DeclarationId>) = ids.filter(is_rule).partition(|&id| project.is_data_type(id));
    let of_rule = |&rule: &DeclarationId| Some((project.type_name(rule)?, Creator { rule, action: None }));
    let mut creators: Vec<(Name, Creator)> = rules.iter().chain(&data).filter_map(of_rule).collect();
    for &rule in &rules {
        let item = links.item(rule);
        for (index, node) in item.nodes.iter().enumerate() {
            let id = NodeId::from_index(index);
            let name = match node.kind {
                Kind::InferringAction { inferred, .. } => match item.node(inferred).kind {
                    Kind::InferredType { name } => name,
                    _ => continue,
                },
                Kind::Action { ty, .. } if links.named_type(rule, id).is_some() => ty,
                _ => continue,
            };
            creators.push((name, Creator { rule, action: Some(id) }));
        }
    }
    creators.sort_by_key(|&(name, _)| name);
    creators
}

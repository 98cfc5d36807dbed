//! What single rules say about types, as hashes: whether a rule that was edited still says the same.

use std::hash::Hash;

use super::{Found, Rules};
use crate::hash::Bytes;
use crate::model::check::Said;
use crate::model::language::Language;
use crate::model::rules::RuleFacts;
use crate::model::sources::Sources;
use crate::model::types::property::{PropertyType, PropertyTypeId, TypeArena};
use crate::model::types::{Collector, CommentId, Property};
use crate::text::Name;

/// What each rule of `language` says, by its position there. It took 1 of the 100 million instructions of an analysis of
/// 10,000 lines.
pub(super) fn by_rule(collector: &Collector<'_>, language: &Language, found: &Found) -> Vec<Said> {
    let mut meant: Vec<u128> = vec![0; language.rules.len()];
    for_each(collector, found, |rule, hash| meant[rule as usize] = hash);
    let written = language.rules.iter().map(|rule| collector.sources.file(rule.file).hashes()[rule.declaration as usize]);
    written.zip(meant).map(|(written, meant)| Said { written, meant }).collect()
}

/// By type, in the order of the rules: what a rule says that creates it.
pub(super) fn by_type(found: &Found, said: &[Said]) -> Vec<(Name, u128)> {
    let of_rule = |rule: u32| said[rule as usize].meant;
    let infix = found.infix.iter().map(|&(rule, infix)| (infix.name, of_rule(rule)));
    infix.chain(found.alternatives.list.iter().map(|alternative| (alternative.name, of_rule(alternative.rule)))).collect()
}

/// What rules say now.
pub(in crate::model) struct SaidAgain {
    pub(in crate::model) said: Vec<Said>,
    /// It is what they said before.
    pub(in crate::model) is_same: bool,
}

/// What the rules of `language` say, which `said` this in an earlier text, in the same surroundings: only rules that are written in
/// another way are looked at. None if there are more rules, or fewer.
pub(in crate::model) fn said_again(
    sources: &Sources,
    language: &Language,
    facts: &RuleFacts,
    said: &[Said],
) -> Option<SaidAgain> {
    if said.len() != language.rules.len() {
        return None;
    }
    let mut again = said.to_vec();
    let mut edited = Vec::new();
    for ((rule, element), said) in (0..).zip(&language.rules).zip(&mut again) {
        let written = sources.file(element.file).hashes()[element.declaration as usize];
        if std::mem::replace(&mut said.written, written) != written {
            edited.push(rule);
        }
    }
    let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
    let mut found = Found::default();
    let mut rules = Rules::new(&mut collector, language, facts);
    edited.iter().for_each(|&rule| rules.add(rule, &mut found));
    edited.iter().for_each(|&rule| again[rule as usize].meant = 0);
    for_each(&collector, &found, |rule, hash| again[rule as usize].meant = hash);
    let is_same = edited.iter().all(|&rule| again[rule as usize].meant == said[rule as usize].meant);
    Some(SaidAgain { said: again, is_same })
}

/// Calls `visit` with each rule that says something, and the hash of it.
fn for_each(collector: &Collector<'_>, found: &Found, mut visit: impl FnMut(u32, u128)) {
    let mut said = Sayings { bytes: Bytes::default(), collector };
    for types in found.alternatives.list.chunk_by(|a, b| a.rule == b.rule) {
        for ty in types {
            said.add(ty.name);
            said.comment(ty.comment);
            said.add((found.alternatives.super_types(ty), found.alternatives.rule_calls(ty)));
            said.properties(found.alternatives.properties(ty));
        }
        visit(types[0].rule, said.bytes.xxh3());
    }
    for (rule, union) in &found.data_types {
        said.add((union.name, union.declared, union.data_type.map(|primitive| primitive.name())));
        said.comment(union.comment);
        said.ty(union.ty);
        visit(*rule, said.bytes.xxh3());
    }
    for (rule, infix) in &found.infix {
        said.add(infix.name);
        said.properties(&infix.properties);
        visit(*rule, said.bytes.xxh3());
    }
}

/// What types are, not where they come from, as bytes to be hashed: hashing one value after the other took 5.7 million instructions
/// for 10,000 lines.
struct Sayings<'c, 's> {
    bytes: Bytes,
    collector: &'c Collector<'s>,
}

impl Sayings<'_, '_> {
    fn add(&mut self, value: impl Hash) {
        value.hash(&mut self.bytes);
    }

    fn comment(&mut self, comment: Option<CommentId>) {
        let text = comment.map(|comment| self.collector.comments[comment.index()].text(self.collector.sources));
        self.add(text);
    }

    fn properties(&mut self, properties: &[Property]) {
        self.add(properties.len());
        for property in properties {
            self.add((property.name, property.optional, property.has_default));
            self.comment(property.comment);
            self.ty(property.ty);
        }
    }

    fn ty(&mut self, id: PropertyTypeId) {
        let arena = &self.collector.arena;
        match arena.get(id) {
            PropertyType::Value(name) => self.add((1_u8, name)),
            PropertyType::Primitive(name) => self.add((2_u8, name)),
            PropertyType::Text(name) => self.add((3_u8, name)),
            PropertyType::Terminal(name, element) => {
                let rule = element.kind(self.collector.sources).name();
                self.add((4_u8, name, element.file.0, rule));
            }
            PropertyType::Array(element) => {
                self.add(5_u8);
                self.ty(element);
            }
            PropertyType::Reference { referenced, multi, single } => {
                self.add((6_u8, multi, single));
                self.ty(referenced);
            }
            PropertyType::Union(list) => {
                let members = arena.members(list);
                self.add((7_u8, members.len()));
                members.iter().for_each(|&member| self.ty(member));
            }
        }
    }
}

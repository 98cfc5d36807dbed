//! Types inferred from rules (`inferred-types.ts` in langium 4.4.0).

mod infix;
mod memo;
mod pieces;
mod said;
mod stored;
mod unions;

pub(in crate::model) use memo::Memo;
pub(in crate::model) use said::said_again;

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::merge::{Alternatives, Merging, Scratch};
use super::property::{PropertyType, PropertyTypeId};
use super::rule_graph::{PartId, RuleGraph};
use super::ways::{Room, add_types};
use super::{Collector, OrderedSet, PlainInterface, PlainTypes, PlainUnion, Property};
use crate::model::check::Said;
use crate::model::language::{Element, Language};
use crate::model::rules::{RuleFacts, RuleKind};
use crate::model::sources::Sources;
use crate::text::Name;
use crate::text::name::known;
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Operator, Part as Stretch};
use crate::work::Workers;

pub(super) fn collect(
    collector: &mut Collector<'_>,
    languages: &[(&Language, &RuleFacts)],
    declared: &PlainTypes,
    workers: Workers<'_>,
) -> PlainTypes {
    let mut found = Found::default();
    for &(language, facts) in languages {
        found.append(&pieces::of_language(collector, language, facts, workers, None).0);
    }
    finish(collector, found, declared)
}

/// The types that the rules of one language create.
pub(super) struct Again {
    pub(super) types: PlainTypes,
    /// Of this text, if there was a memo of an earlier one.
    pub(super) memo: Memo,
    /// What rules say about types, if that is known.
    pub(super) said: Option<Vec<Said>>,
    /// The same by type, for each rule that creates it.
    pub(super) said_of_types: Vec<(Name, u128)>,
}

/// What is known already of what the rules of a language say, and what somebody asks for.
#[derive(Debug)]
pub(in crate::model) struct Asked<'m> {
    /// Of an earlier text.
    pub(in crate::model) memo: Option<&'m Memo>,
    /// What rules say about types.
    pub(in crate::model) said: Option<Vec<Said>>,
    /// Whether somebody asks for that.
    pub(in crate::model) asks_what_is_said: bool,
}

/// The types that the rules of one language create; what a memo of an earlier text says is not found out again.
pub(super) fn collect_again(
    collector: &mut Collector<'_>,
    (language, facts): (&Language, &RuleFacts),
    declared: &PlainTypes,
    workers: Workers<'_>,
    asked: Asked<'_>,
) -> Again {
    let Asked { memo, said, asks_what_is_said } = asked;
    let (found, memo) = pieces::of_language(collector, language, facts, workers, memo);
    let said = said.or_else(|| asks_what_is_said.then(|| said::by_rule(collector, language, &found)));
    let said_of_types = said.as_ref().map_or_else(Vec::new, |said| said::by_type(&found, said));
    Again { types: finish(collector, found, declared), memo, said, said_of_types }
}

/// The types that rules create together.
fn finish(collector: &mut Collector<'_>, found: Found, declared: &PlainTypes) -> PlainTypes {
    let Found { mut alternatives, infix, data_types } = found;
    let mut merging = Merging::new(collector.sources.names.len());
    alternatives.merge_by_name(&mut collector.arena, &mut merging);
    let interfaces = interfaces(infix, &mut alternatives, &mut merging.names);
    collector.arena.properties = alternatives.properties;
    let mut types = unions::extract(collector, interfaces, declared);
    types.unions.extend(data_types.into_iter().map(|(_, union)| union));
    types
}

/// What single rules say about types, with the rules, in their order.
#[derive(Clone, Debug, Default)]
struct Found {
    alternatives: Alternatives,
    infix: Vec<(u32, InfixType)>,
    data_types: Vec<(u32, PlainUnion)>,
}

impl Found {
    /// Nothing yet. The properties of rules are going to stand behind the others in the arena.
    fn behind(properties: Vec<Property>) -> Found {
        Found { alternatives: Alternatives::behind(properties), ..Found::default() }
    }

    fn append(&mut self, other: &Found) {
        self.alternatives.append(&other.alternatives);
        self.infix.extend_from_slice(&other.infix);
        self.data_types.extend_from_slice(&other.data_types);
    }

    /// Puts what was found in pieces into the order of the rules.
    fn sort(&mut self) {
        self.alternatives.list.sort_by_key(|alternative| alternative.rule);
        self.infix.sort_by_key(|&(rule, _)| rule);
        self.data_types.sort_by_key(|&(rule, _)| rule);
    }
}

/// The type of an infix rule.
#[derive(Clone, Copy, Debug)]
struct InfixType {
    name: Name,
    properties: [Property; 3],
}

/// The rules of one language, being turned into types.
struct Rules<'a, 's> {
    collector: &'a mut Collector<'s>,
    language: &'a Language,
    facts: &'a RuleFacts,
    room: Room,
    /// The graph of the rule at hand.
    graph: RuleGraph,
    fragments: Fragments,
    /// Room for the types of an assignment: there are so many that each allocation shows.
    assigned: AssignedTypes,
}

/// The properties of fragment rules.
#[derive(Default)]
struct Fragments {
    /// By rule; nothing while the fragment itself is being read.
    known: FxHashMap<u32, Stretch>,
    properties: Vec<Property>,
    /// Room for their types.
    types: Alternatives,
}

impl<'a, 's> Rules<'a, 's> {
    fn new(collector: &'a mut Collector<'s>, language: &'a Language, facts: &'a RuleFacts) -> Rules<'a, 's> {
        let room = Room::new(collector.sources.names.len());
        let (graph, fragments, assigned) = Default::default();
        Rules { collector, language, facts, room, graph, fragments, assigned }
    }
}

// Parser rules
impl Rules<'_, '_> {
    fn add(&mut self, rule: u32, found: &mut Found) {
        let element = self.language.rules[rule as usize];
        let item = element.item(self.collector.sources);
        match self.facts.kind(rule) {
            RuleKind::DataType => found.data_types.extend(self.data_type(element, item).map(|union| (rule, union))),
            RuleKind::Parser => {
                let comment = self.collector.comment_at(element, item.declaration.first_token);
                self.prepare_fragments(rule);
                let first = found.alternatives.list.len();
                self.add_types(rule, element, item, &mut found.alternatives);
                found.alternatives.list[first..].iter_mut().for_each(|alternative| alternative.comment = comment);
            }
            RuleKind::Infix => found.infix.extend(self.infix(rule, item).map(|infix| (rule, infix))),
            RuleKind::Fragment | RuleKind::Terminal => {}
        }
    }

    /// Adds the types that a parser rule creates (`getRuleTypes`).
    fn add_types(&mut self, rule: u32, element: Element, item: Item<'_>, types: &mut Alternatives) {
        let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { return };
        self.graph.reset(self.facts.type_name(rule));
        let end = self.element(RuleGraph::ROOT, element, item, definition);
        self.graph.set_end(RuleGraph::ROOT, end);
        add_types((rule, &mut self.graph), &mut self.collector.arena, &mut self.room, types);
    }

    /// Adds what the node `id` stands for behind `current`; the result is the part where the next element goes.
    fn element(&mut self, current: PartId, element: Element, item: Item<'_>, id: NodeId) -> PartId {
        let node = item.node(id);
        let skippable = node.cardinality().is_optional();
        match node.kind {
            Kind::Alternatives { elements } => {
                let ways = self.graph.start_ways();
                if skippable {
                    let skipped = self.graph.fork(current);
                    self.graph.end_way(skipped);
                }
                for alternative in item.ids(elements) {
                    let start = self.graph.fork(current);
                    let end = self.element(start, element, item, alternative);
                    self.graph.end_way(end);
                }
                self.graph.join(current, ways)
            }
            Kind::Group { elements, guard, .. } => self.group(current, element, item, elements, skippable || guard.is_some()),
            Kind::UnorderedGroup { elements } => self.group(current, element, item, elements, skippable),
            Kind::Action { ty, feature, operator } => {
                let resolved = self.language.type_target(ty).map(|_| ty);
                let part = self.graph.act(current, resolved);
                self.action_property(part, element, id, feature.map(|feature| (feature, operator)));
                part
            }
            Kind::InferringAction { inferred, feature, operator } => {
                let Kind::InferredType { name } = item.node(inferred).kind else { unreachable!("parsed as an InferredType") };
                let part = self.graph.act(current, Some(name));
                self.action_property(part, element, id, feature.map(|feature| (feature, operator)));
                part
            }
            Kind::Assignment { feature, terminal, operator, .. } => {
                let ty = self.assigned_type(item, terminal, operator);
                let comment = self.collector.comment_at(element, item.span(node).start);
                let origins = self.collector.arena.add_origin(element, id);
                let property = Property { name: feature, ty, optional: skippable, comment, has_default: false, origins };
                self.graph.add_properties(current, [property]);
                current
            }
            Kind::RuleCall { rule, .. } => {
                self.unassigned_call(current, rule, skippable);
                current
            }
            _ => current,
        }
    }

    fn group(
        &mut self,
        current: PartId,
        element: Element,
        item: Item<'_>,
        elements: crate::tree::List,
        skippable: bool,
    ) -> PartId {
        let mut part = self.graph.fork(current);
        let skipped = if skippable { Some(self.graph.fork(current)) } else { None };
        for id in item.ids(elements) {
            part = self.element(part, element, item, id);
        }
        match skipped {
            Some(skipped) => {
                let ways = self.graph.start_ways();
                [skipped, part].into_iter().for_each(|end| self.graph.end_way(end));
                self.graph.join(current, ways)
            }
            None => part,
        }
    }

    fn action_property(&mut self, part: PartId, element: Element, id: NodeId, assigned: Option<(Name, Operator)>) {
        if let Some((feature, operator)) = assigned {
            let item = element.item(self.collector.sources);
            let start = item.span(item.node(id)).start;
            let comment = self.collector.comment_at(element, start);
            let arena = &mut self.collector.arena;
            let origins = arena.add_origin(element, id);
            self.graph.assign_current(part, feature, operator == Operator::Add, (comment, origins), arena);
        }
    }

    fn assigned_type(&mut self, item: Item<'_>, terminal: NodeId, operator: Operator) -> PropertyTypeId {
        let mut found = std::mem::take(&mut self.assigned);
        found.clear();
        self.find_types(item, terminal, &mut found);
        let arena = &mut self.collector.arena;
        let mut ty = match found.types.as_slice() {
            _ if operator == Operator::Flag => arena.named(known::BOOLEAN),
            [single] => arena.add(single.property_type()),
            several => arena.add_union_of(several.iter().map(|ty| ty.property_type())),
        };
        if found.multi || found.single {
            ty = arena.add(PropertyType::Reference { referenced: ty, multi: found.multi, single: found.single });
        }
        if operator == Operator::Add {
            ty = arena.add(PropertyType::Array(ty));
        }
        self.assigned = found;
        ty
    }

    fn find_types(&self, item: Item<'_>, id: NodeId, found: &mut AssignedTypes) {
        match item.node(id).kind {
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } => {
                item.ids(elements).for_each(|element| self.find_types(item, element, found));
            }
            Kind::Keyword { value, .. } => {
                found.types.insert(AssignedType::Keyword(value));
            }
            Kind::RuleCall { rule, .. } => {
                if let Some(rule) = self.language.rule(rule) {
                    let name = self.facts.type_name(rule);
                    found.types.insert(AssignedType::Named(name));
                }
            }
            Kind::CrossReference { ty, multi, .. } if self.language.type_target(ty).is_some() => {
                found.types.insert(AssignedType::Named(ty));
                found.multi |= multi;
                found.single |= !multi;
            }
            _ => {}
        }
    }

    fn unassigned_call(&mut self, current: PartId, name: Name, optional: bool) {
        let Some(rule) = self.language.rule(name) else { return };
        match self.facts.kind(rule) {
            RuleKind::Fragment => {
                // Nothing while the fragment itself is being read: a fragment that calls itself adds nothing.
                let known = self.fragments.known.get(&rule).copied().unwrap_or_default();
                let properties = self.fragments.properties[known.range()].iter();
                let properties = properties.map(|&property| Property { optional: property.optional || optional, ..property });
                self.graph.add_properties(current, properties);
            }
            RuleKind::Parser | RuleKind::DataType | RuleKind::Infix => {
                self.graph.add_rule_call(current, self.facts.type_name(rule));
            }
            RuleKind::Terminal => {}
        }
    }

    /// Collects the properties of all fragments that the rule needs, innermost first, each once
    /// (`getFragmentProperties`, with a list of pending fragments in place of the recursion).
    fn prepare_fragments(&mut self, rule: u32) {
        let (sources, language, facts) = (self.collector.sources, self.language, self.facts);
        if called_fragments(sources, language, facts, rule).next().is_none() {
            return;
        }
        let mut pending = vec![(rule, called_fragments(sources, language, facts, rule))];
        while let Some((fragment, calls)) = pending.last_mut() {
            if let Some(called) = calls.next() {
                if let Entry::Vacant(entry) = self.fragments.known.entry(called) {
                    entry.insert(Stretch::default());
                    pending.push((called, called_fragments(sources, language, facts, called)));
                }
                continue;
            }
            let fragment = *fragment;
            pending.pop();
            if !pending.is_empty() {
                self.read_fragment(fragment);
            }
        }
    }

    fn read_fragment(&mut self, fragment: u32) {
        let element = self.language.rules[fragment as usize];
        let item = element.item(self.collector.sources);
        let mut types = std::mem::take(&mut self.fragments.types);
        types.clear();
        self.add_types(fragment, element, item, &mut types);
        let Fragments { known, properties, .. } = &mut self.fragments;
        let start = properties.len() as u32;
        let name = self.facts.type_name(fragment);
        for own in types.list.iter().filter(|alternative| alternative.name == name) {
            properties.extend_from_slice(types.properties(own));
        }
        known.insert(fragment, Stretch { start, end: properties.len() as u32 });
        self.fragments.types = types;
    }
}

/// The fragments that a rule calls itself.
fn called_fragments<'a>(
    sources: &'a Sources,
    language: &'a Language,
    facts: &'a RuleFacts,
    rule: u32,
) -> impl Iterator<Item = u32> + 'a {
    let calls = language.rule_item(sources, rule).nodes.iter().filter_map(|node| match node.kind {
        Kind::RuleCall { rule, .. } => language.rule(rule),
        _ => None,
    });
    calls.filter(|&rule| facts.kind(rule) == RuleKind::Fragment)
}

/// The types of what an assignment assigns.
#[derive(Default)]
struct AssignedTypes {
    types: OrderedSet<AssignedType>,
    multi: bool,
    single: bool,
}

impl AssignedTypes {
    fn clear(&mut self) {
        self.types.clear();
        (self.multi, self.single) = (false, false);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum AssignedType {
    Keyword(Name),
    Named(Name),
}

impl AssignedType {
    fn property_type(self) -> PropertyType {
        match self {
            AssignedType::Keyword(value) => PropertyType::Text(value),
            AssignedType::Named(name) => PropertyType::named(name),
        }
    }
}

/// Turns merged alternatives into interfaces (`calculateInterfaces`).
fn interfaces(infix: Vec<(u32, InfixType)>, alternatives: &mut Alternatives, slots: &mut Scratch) -> Vec<PlainInterface> {
    let mut interfaces: Vec<PlainInterface> = Vec::with_capacity(infix.len() + alternatives.list.len());
    slots.clear();
    let mut set = |interface: PlainInterface| {
        let slot = slots.slot(interface.name.index(), interfaces.len() as u32) as usize;
        if slot < interfaces.len() { interfaces[slot] = interface } else { interfaces.push(interface) }
    };
    for (_, InfixType { name, properties }) in infix {
        set(interface(name, alternatives.add_properties(properties)));
    }
    for alternative in &alternatives.list {
        let name = alternative.name;
        set(PlainInterface {
            comment: alternative.comment,
            super_types: alternatives.super_types(alternative).iter().copied().collect(),
            sub_types: alternatives.rule_calls(alternative).iter().copied().filter(|&call| call != name).collect(),
            ..interface(name, alternative.properties)
        });
    }
    for alternative in &alternatives.list {
        let caller = alternative.name;
        for &called in alternatives.rule_calls(alternative).iter().filter(|&&called| called != caller) {
            if let Some(slot) = slots.get(called.index()) {
                interfaces[slot as usize].super_types.insert(caller);
            }
        }
    }
    interfaces
}

/// An interface of which no more is known.
fn interface(name: Name, properties: Stretch) -> PlainInterface {
    PlainInterface {
        name,
        declared: false,
        is_abstract: false,
        comment: None,
        properties,
        super_types: OrderedSet::default(),
        sub_types: OrderedSet::default(),
    }
}

//! Types inferred from rules (`inferred-types.ts` in langium 4.4.0).

mod pieces;

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::property::{PropertyType, PropertyTypeId};
use super::rule_graph::{PartId, RuleGraph, Scratch, TypeAlternative, merge_by_name};
use super::{Collector, OrderedSet, PlainInterface, PlainTypes, PlainUnion, Property};
use crate::model::language::{Element, Language};
use crate::model::rules::{RuleFacts, RuleKind, terminal_type};
use crate::model::sources::Sources;
use crate::text::Name;
use crate::text::collate::compare_utf16;
use crate::text::name::known;
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Operator};
use crate::work::Workers;

pub(super) fn collect(
    collector: &mut Collector<'_>,
    languages: &[(&Language, &RuleFacts)],
    declared: &PlainTypes,
    workers: Workers<'_>,
) -> PlainTypes {
    let mut found = Found::default();
    for &(language, facts) in languages {
        found.append(pieces::of_language(collector, language, facts, workers));
    }
    finish(collector, found, declared)
}

/// The types that rules create together.
fn finish(collector: &mut Collector<'_>, found: Found, declared: &PlainTypes) -> PlainTypes {
    let Found { alternatives, infix, data_types } = found;
    let mut scratch = Scratch::new(collector.sources.names.len());
    let merged = merge_by_name(alternatives, &mut collector.arena, &mut scratch);
    let interfaces = interfaces(infix, merged);
    let unions = super_unions(collector, &interfaces);
    let mut types = extract_unions(collector, interfaces, unions, declared);
    types.unions.extend(data_types);
    types
}

/// What single rules say about types, in the order of the rules.
#[derive(Clone, Debug, Default)]
struct Found {
    alternatives: Vec<TypeAlternative>,
    infix: Vec<PlainInterface>,
    data_types: Vec<PlainUnion>,
}

impl Found {
    fn append(&mut self, other: Found) {
        self.alternatives.extend(other.alternatives);
        self.infix.extend(other.infix);
        self.data_types.extend(other.data_types);
    }
}

/// What each of `rules` says about types; `take` is given it with the rule.
fn of_rules(
    collector: &mut Collector<'_>,
    language: &Language,
    facts: &RuleFacts,
    rules: impl Iterator<Item = u32>,
    mut take: impl FnMut(u32, Found),
) {
    let mut scratch = Scratch::new(collector.sources.names.len());
    let mut graph = RuleGraph::default();
    let (fragments, assigned) = (FxHashMap::default(), AssignedTypes::default());
    let mut context = Rules { collector, language, facts, scratch: &mut scratch, graph: &mut graph, fragments, assigned };
    for rule in rules {
        let element = language.rules[rule as usize];
        let item = element.item(context.collector.sources);
        let mut found = Found::default();
        match facts.kind(rule) {
            RuleKind::DataType => found.data_types.extend(context.data_type(element, item)),
            RuleKind::Parser => {
                let comment = context.collector.comment_at(element, item.declaration.first_token);
                found.alternatives = context.types(rule, element, item);
                found.alternatives.iter_mut().for_each(|alternative| alternative.comment = comment);
            }
            RuleKind::Infix => found.infix.extend(context.infix(rule, item)),
            RuleKind::Fragment | RuleKind::Terminal => continue,
        }
        take(rule, found);
    }
}

/// The rules of one language, being turned into types.
struct Rules<'a, 's> {
    collector: &'a mut Collector<'s>,
    language: &'a Language,
    facts: &'a RuleFacts,
    scratch: &'a mut Scratch,
    /// The graph of the rule at hand.
    graph: &'a mut RuleGraph,
    /// The properties of fragment rules, by rule.
    fragments: FxHashMap<u32, Vec<Property>>,
    /// Room for the types of an assignment: there are so many that each allocation shows.
    assigned: AssignedTypes,
}

// Parser rules
impl Rules<'_, '_> {
    /// The types that a parser rule creates (`getRuleTypes`).
    fn types(&mut self, rule: u32, element: Element, item: Item<'_>) -> Vec<TypeAlternative> {
        self.prepare_fragments(rule);
        self.types_with_fragments(rule, element, item)
    }

    fn types_with_fragments(&mut self, rule: u32, element: Element, item: Item<'_>) -> Vec<TypeAlternative> {
        let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { return Vec::new() };
        let name = self.facts.type_name(rule);
        self.graph.reset(name);
        let end = self.element(RuleGraph::ROOT, element, item, definition);
        self.graph.set_end(RuleGraph::ROOT, end);
        self.graph.types(&mut self.collector.arena, self.scratch)
    }

    /// Adds what the node `id` stands for behind `current`; the result is the part where the next element goes.
    fn element(&mut self, current: PartId, element: Element, item: Item<'_>, id: NodeId) -> PartId {
        let node = item.node(id);
        let skippable = node.cardinality.is_optional();
        match node.kind {
            Kind::Alternatives { elements } => {
                let mut ends = Vec::new();
                if skippable {
                    ends.push(self.graph.fork(current));
                }
                for alternative in item.ids(elements) {
                    let start = self.graph.fork(current);
                    ends.push(self.element(start, element, item, alternative));
                }
                self.graph.join(current, &ends)
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
                let comment = self.collector.comment_at(element, node.span.start);
                let origins = self.collector.arena.add_origin(element, id);
                let property = Property { name: feature, ty, optional: skippable, comment, default: None, origins };
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
            Some(skipped) => self.graph.join(current, &[skipped, part]),
            None => part,
        }
    }

    fn action_property(&mut self, part: PartId, element: Element, id: NodeId, assigned: Option<(Name, Operator)>) {
        if let Some((feature, operator)) = assigned {
            let start = element.item(self.collector.sources).node(id).span.start;
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
            [single] => single.to_property_type(arena),
            several => {
                let members: Vec<PropertyTypeId> = several.iter().map(|ty| ty.to_property_type(arena)).collect();
                arena.add_union(&members)
            }
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
                // Absent while the fragment itself is being read: a fragment that calls itself adds nothing.
                let properties = self.fragments.get(&rule).map_or(&[][..], Vec::as_slice);
                let properties =
                    properties.iter().map(|&property| Property { optional: property.optional || optional, ..property });
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
        let mut pending: Vec<(u32, std::vec::IntoIter<u32>)> = vec![(rule, self.called_fragments(rule).into_iter())];
        while let Some((fragment, calls)) = pending.last_mut() {
            if let Some(called) = calls.next() {
                if let Entry::Vacant(entry) = self.fragments.entry(called) {
                    entry.insert(Vec::new());
                    pending.push((called, self.called_fragments(called).into_iter()));
                }
                continue;
            }
            let fragment = *fragment;
            pending.pop();
            if !pending.is_empty() {
                let element = self.language.rules[fragment as usize];
                let item = element.item(self.collector.sources);
                let name = self.facts.type_name(fragment);
                let types = self.types_with_fragments(fragment, element, item).into_iter();
                let own = types.filter(|alternative| alternative.name == name);
                let properties = own.flat_map(|alternative| alternative.properties).collect();
                self.fragments.insert(fragment, properties);
            }
        }
    }

    fn called_fragments(&self, rule: u32) -> Vec<u32> {
        called_fragments(self.collector.sources, self.language, self.facts, rule).collect()
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
    fn to_property_type(self, arena: &mut super::TypeArena) -> PropertyTypeId {
        match self {
            AssignedType::Keyword(value) => arena.add(PropertyType::Text(value)),
            AssignedType::Named(name) => arena.named(name),
        }
    }
}

// Infix and data type rules
impl Rules<'_, '_> {
    /// The interface of an infix rule (`calculateInfixInterfaces`).
    fn infix(&mut self, rule: u32, item: Item<'_>) -> Option<PlainInterface> {
        let DeclarationKind::InfixRule { call, operators, .. } = item.declaration.kind else { return None };
        let Kind::RuleCall { rule: operand, .. } = item.node(call).kind else { return None };
        let sources = self.collector.sources;
        let operand = self.language.rule(operand)?;
        let operand = match self.language.rule_item(sources, operand).declaration.kind {
            DeclarationKind::TerminalRule { name, .. } => name,
            _ => self.facts.type_name(operand),
        };
        let mut keywords: Vec<Name> = item.preorder(operators).filter_map(|(_, node)| keyword(node.kind)).collect();
        keywords.sort_by(|&a, &b| compare_utf16(sources.names.get(a), sources.names.get(b)));
        let arena = &mut self.collector.arena;
        let operand = arena.add(PropertyType::Value(operand));
        let keywords: Vec<PropertyTypeId> = keywords.into_iter().map(|value| arena.add(PropertyType::Text(value))).collect();
        let operator = arena.add_union(&keywords);
        let property = |name, ty| Property { name, ty, optional: false, comment: None, default: None, origins: None };
        Some(PlainInterface {
            name: self.facts.type_name(rule),
            declared: false,
            is_abstract: false,
            comment: None,
            properties: vec![
                property(known::LEFT, operand),
                property(known::RIGHT, operand),
                property(known::OPERATOR, operator),
            ],
            super_types: OrderedSet::default(),
            sub_types: OrderedSet::default(),
        })
    }

    fn data_type(&mut self, element: Element, item: Item<'_>) -> Option<PlainUnion> {
        let DeclarationKind::ParserRule { name, returns, definition, .. } = item.declaration.kind else { return None };
        let data_type = match returns {
            crate::tree::Returns::Primitive(primitive) => Some(primitive),
            _ => None,
        };
        let ty = match data_type {
            Some(primitive) if primitive.name() != known::STRING => {
                self.collector.arena.add(PropertyType::Primitive(primitive.name()))
            }
            _ => match self.data_type_value(item, definition) {
                Some(ty) => ty,
                None => self.collector.arena.add(PropertyType::Primitive(known::STRING)),
            },
        };
        let comment = self.collector.comment_at(element, item.declaration.first_token);
        Some(PlainUnion { name, declared: false, comment, ty, data_type })
    }

    /// The type of a data type rule's value; none if it is more than a choice of single tokens (`buildDataRuleType`).
    fn data_type_value(&mut self, item: Item<'_>, id: NodeId) -> Option<PropertyTypeId> {
        let node = item.node(id);
        if node.cardinality != crate::tree::Cardinality::One {
            return None;
        }
        match node.kind {
            Kind::Alternatives { elements } => {
                let members: Option<Vec<PropertyTypeId>> = item.ids(elements).map(|id| self.data_type_value(item, id)).collect();
                Some(self.collector.arena.add_union(&members?))
            }
            Kind::Group { elements, .. } | Kind::UnorderedGroup { elements } => {
                let mut elements = item.ids(elements);
                let single = elements.next()?;
                if elements.next().is_none() { self.data_type_value(item, single) } else { None }
            }
            Kind::RuleCall { rule, .. } => {
                let element = self.language.rules[self.language.rule(rule)? as usize];
                let called = element.item(self.collector.sources);
                let ty = match called.declaration.kind {
                    DeclarationKind::TerminalRule { ty, .. } => PropertyType::Terminal(terminal_type(called, ty), element),
                    _ => PropertyType::Value(called.declaration.kind.name()?),
                };
                Some(self.collector.arena.add(ty))
            }
            Kind::Keyword { value, .. } => Some(self.collector.arena.add(PropertyType::Text(value))),
            _ => None,
        }
    }
}

fn keyword(kind: Kind) -> Option<Name> {
    match kind {
        Kind::Keyword { value, .. } => Some(value),
        _ => None,
    }
}

/// Turns merged alternatives into interfaces (`calculateInterfaces`).
fn interfaces(infix: Vec<PlainInterface>, alternatives: Vec<TypeAlternative>) -> Vec<PlainInterface> {
    let mut interfaces: Vec<PlainInterface> = Vec::with_capacity(infix.len() + alternatives.len());
    let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
    let mut calls: Vec<(Name, Vec<Name>)> = Vec::new();
    let mut set = |interface: PlainInterface| {
        let slot = *slots.entry(interface.name).or_insert(interfaces.len());
        if slot < interfaces.len() { interfaces[slot] = interface } else { interfaces.push(interface) }
    };
    infix.into_iter().for_each(&mut set);
    for alternative in alternatives {
        let TypeAlternative { name, super_types, properties, rule_calls, comment } = alternative;
        set(PlainInterface {
            name,
            declared: false,
            is_abstract: false,
            comment,
            properties,
            super_types: super_types.into_iter().collect(),
            sub_types: rule_calls.iter().copied().filter(|&call| call != name).collect(),
        });
        if !rule_calls.is_empty() {
            calls.push((name, rule_calls));
        }
    }
    for (caller, called) in calls {
        for name in called.into_iter().filter(|&name| name != caller) {
            if let Some(&slot) = slots.get(&name) {
                interfaces[slot].super_types.insert(caller);
            }
        }
    }
    interfaces
}

/// The sub types by super type, both in the order of discovery.
struct SubTypes {
    groups: Vec<(Name, Vec<Name>)>,
    slots: FxHashMap<Name, usize>,
}

impl SubTypes {
    fn new(interfaces: &[PlainInterface]) -> SubTypes {
        let mut sub_types = SubTypes { groups: Vec::new(), slots: FxHashMap::default() };
        for interface in interfaces {
            for super_type in interface.super_types.iter() {
                let slot = *sub_types.slots.entry(super_type).or_insert(sub_types.groups.len());
                match sub_types.groups.get_mut(slot) {
                    Some((_, types)) => types.push(interface.name),
                    None => sub_types.groups.push((super_type, vec![interface.name])),
                }
            }
        }
        sub_types
    }

    fn of(&self, super_type: Name) -> Option<&[Name]> {
        Some(&self.groups[*self.slots.get(&super_type)?].1)
    }
}

/// Unions for super types that are no interfaces (`buildSuperUnions`).
fn super_unions(collector: &mut Collector<'_>, interfaces: &[PlainInterface]) -> Vec<PlainUnion> {
    let known: FxHashMap<Name, ()> = interfaces.iter().map(|interface| (interface.name, ())).collect();
    let unknown = SubTypes::new(interfaces).groups.into_iter().filter(|(super_type, _)| !known.contains_key(super_type));
    unknown
        .map(|(name, types)| PlainUnion {
            name,
            declared: false,
            comment: None,
            ty: collector.arena.one_of(&types),
            data_type: None,
        })
        .collect()
}

/// Interfaces without properties but with sub types become unions, or abstract if they are declared (`extractUnions`).
fn extract_unions(
    collector: &mut Collector<'_>,
    interfaces: Vec<PlainInterface>,
    unions: Vec<PlainUnion>,
    declared: &PlainTypes,
) -> PlainTypes {
    let sub_types = SubTypes::new(&interfaces);
    let declared: FxHashMap<Name, ()> = declared.interfaces.iter().map(|interface| (interface.name, ())).collect();
    let mut union_slots: FxHashMap<Name, usize> = unions.iter().enumerate().map(|(slot, union)| (union.name, slot)).collect();
    let mut types = PlainTypes { interfaces: Vec::with_capacity(interfaces.len()), unions };
    for mut interface in interfaces {
        let Some(members) = sub_types.of(interface.name).filter(|_| interface.properties.is_empty()) else {
            types.interfaces.push(interface);
            continue;
        };
        if declared.contains_key(&interface.name) {
            interface.is_abstract = true;
            types.interfaces.push(interface);
            continue;
        }
        let members: OrderedSet<Name> = members.iter().copied().collect();
        let ty = collector.arena.one_of(members.as_slice());
        match union_slots.get(&interface.name) {
            Some(&existing) => {
                let union = &mut types.unions[existing];
                let mut merger = super::property::Merger::new(&collector.arena, union.ty);
                merger.add(&collector.arena, ty);
                union.ty = merger.finish(&mut collector.arena);
            }
            None => {
                union_slots.insert(interface.name, types.unions.len());
                let PlainInterface { name, comment, .. } = interface;
                types.unions.push(PlainUnion { name, declared: false, comment, ty, data_type: None });
            }
        }
    }
    for interface in &mut types.interfaces {
        interface.super_types = interface.super_types.iter().filter(|name| !union_slots.contains_key(name)).collect();
    }
    types
}

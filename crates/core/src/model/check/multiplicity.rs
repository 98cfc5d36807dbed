//! Properties that may be assigned several times, each time replacing the value before.

use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::components;
use super::project::Declared;
use crate::model::links::{DeclarationId, Links};
use crate::model::types::OrderedSet;
use crate::text::{Code, Name, Problem};
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, NodeId, Operator, Returns};

/// `checkOperatorMultiplicitiesForMultiAssignments`
///
/// Langium counts assignments; all it asks is whether there can be two, so here counting ends at two. That makes what a
/// fragment contributes one of two values, which are found once instead of wherever the fragment is used.
pub(super) fn assignments(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { returns, definition, fragment, .. } = rule.kind() else { return };
    if matches!(returns, Returns::Primitive(_)) {
        return;
    }
    let fragments = rule.project().fragments();
    if fragments.is_recursive(rule.id) {
        let message = format!("Fragment '{}' uses itself, directly or through other fragments.", rule.name());
        let problem = rule.error(Code::RecursiveFragment, rule.name_place(), message);
        problems.push(problem.with_hint("only rules that create objects can be recursive"));
    }
    match fragments.contributions.get(&(rule.id, false)) {
        Some(contribution) if fragment => {
            let many = contribution.uses.features.iter().filter(|(_, found)| found.many);
            let assignments = many.flat_map(|(_, found)| found.assignments.iter());
            report(rule, contribution.found.iter().copied().chain(assignments), problems);
        }
        _ if is_worthwhile(rule) => {
            let mut counter = Counter { links: rule.links(), fragments, found: Vec::new() };
            counter.object(&mut std::iter::once(Work { rule: rule.id, id: definition }), Uses::default());
            report(rule, counter.found.into_iter(), problems);
        }
        _ => {}
    }
}

fn report(rule: &Declared<'_>, found: impl Iterator<Item = Assignment>, problems: &mut Vec<Problem>) {
    for (owner, id) in found {
        let owner = rule.grammar.declared(owner);
        let node = owner.item.node(id);
        let (feature, operator, place) = match node.kind {
            Kind::Assignment { feature, operator, .. } => (feature, operator, owner.feature_of_assignment(node)),
            Kind::Action { feature: Some(feature), operator, .. }
            | Kind::InferringAction { feature: Some(feature), operator, .. } => {
                (feature, operator, owner.feature_of_action(node))
            }
            _ => continue,
        };
        if operator != Operator::Add {
            let (feature, operator) = (rule.project().text(feature), operator.text());
            let message = format!(
                "Found multiple assignments to '{feature}' with the '{operator}' assignment operator. \
                 Consider using '+=' instead to prevent data loss."
            );
            problems.push(owner.warning(Code::RepeatedAssignment, place, message));
        }
    }
}

/// Most rules assign each property once, outside of any repetition, and use no fragments: nothing to count.
fn is_worthwhile(rule: &Declared<'_>) -> bool {
    let mut features: Vec<Name> = Vec::new();
    for (index, node) in rule.item.nodes.iter().enumerate() {
        if matches!(node.cardinality, Cardinality::Many | Cardinality::OneOrMore) {
            return true;
        }
        let feature = match node.kind {
            Kind::Assignment { feature, .. } => feature,
            Kind::Action { feature: Some(_), .. } | Kind::InferringAction { feature: Some(_), .. } => return true,
            Kind::RuleCall { .. } => match rule.called(NodeId::from_index(index)) {
                Some(called) if is_fragment(rule.links(), called) => return true,
                _ => continue,
            },
            _ => continue,
        };
        if features.len() > 16 || features.contains(&feature) {
            return true;
        }
        features.push(feature);
    }
    false
}

fn is_fragment(links: &Links<'_>, rule: DeclarationId) -> bool {
    matches!(links.kind(rule), DeclarationKind::ParserRule { fragment: true, .. })
}

/// An element of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Work {
    rule: DeclarationId,
    id: NodeId,
}

/// An assignment, or an action that assigns.
type Assignment = (DeclarationId, NodeId);

/// The assignments to each property of one object, in the order in which they were found.
#[derive(Clone, Debug, Default)]
struct Uses {
    features: Vec<(Name, Use)>,
    /// Positions in `features`, once there are more than [`SCAN_LIMIT`].
    slots: FxHashMap<Name, usize>,
}

/// Up to this many properties, looking at each is cheaper than hashing. Most objects have fewer.
const SCAN_LIMIT: usize = 16;

#[derive(Clone, Debug)]
struct Use {
    /// One or more than one.
    many: bool,
    assignments: OrderedSet<Assignment>,
}

impl Uses {
    /// `storeAssignmentUse`
    fn add(&mut self, feature: Name, many: bool, assignment: Assignment) {
        self.merge_one(feature, many, [assignment].into_iter(), |_| true);
    }

    fn position(&self, feature: Name) -> Option<usize> {
        if self.features.len() > SCAN_LIMIT {
            self.slots.get(&feature).copied()
        } else {
            self.features.iter().position(|(name, _)| *name == feature)
        }
    }

    fn merge_one(
        &mut self,
        feature: Name,
        many: bool,
        assignments: impl Iterator<Item = Assignment>,
        becomes_many: impl Fn(bool) -> bool,
    ) {
        match self.position(feature) {
            Some(slot) => {
                let found = &mut self.features[slot].1;
                assignments.for_each(|assignment| {
                    found.assignments.insert(assignment);
                });
                found.many |= becomes_many(many);
            }
            None => {
                self.features.push((feature, Use { many, assignments: assignments.collect() }));
                if self.features.len() > SCAN_LIMIT {
                    let unknown = self.slots.len();
                    self.slots.extend((unknown..).zip(&self.features[unknown..]).map(|(slot, (name, _))| (*name, slot)));
                }
            }
        }
    }

    /// `mergeAssignmentUse`: of elements that follow each other.
    fn append(&mut self, other: &Uses, repeated: bool) {
        for (feature, added) in &other.features {
            self.merge_one(*feature, added.many || repeated, added.assignments.iter(), |_| true);
        }
    }

    /// `mergeAssignmentUse`: of alternatives, the worst of which counts.
    fn merge_alternative(&mut self, other: &Uses, repeated: bool) {
        for (feature, added) in &other.features {
            self.merge_one(*feature, added.many || repeated, added.assignments.iter(), |many| many);
        }
    }
}

/// What all fragments of a project contribute where they are used.
#[derive(Debug, Default)]
pub(super) struct Fragments {
    /// By fragment, and whether it is used repeatedly.
    contributions: FxHashMap<(DeclarationId, bool), Contribution>,
    /// Those that use themselves, directly or not. (Langium runs out of stack.)
    recursive: FxHashSet<DeclarationId>,
    /// By name: whether there may be two assignments to a property of that name.
    suspects: Vec<bool>,
}

impl Fragments {
    /// What all fragments contribute: those that a fragment uses before itself, so that each is looked at once.
    pub(super) fn find(links: &Links<'_>, names: usize) -> Fragments {
        let all: Vec<DeclarationId> = links.all().filter(|&rule| is_fragment(links, rule)).collect();
        if all.is_empty() {
            return Fragments { suspects: vec![true; names], ..Fragments::default() };
        }
        let positions: FxHashMap<DeclarationId, u32> = all.iter().copied().zip(0..).collect();
        let used = |&rule: &DeclarationId| {
            let called = unassigned_calls(links.item(rule)).into_iter().filter_map(|call| links.called(rule, call));
            called.filter_map(|called| positions.get(&called).copied()).collect()
        };
        let edges: Vec<Vec<u32>> = all.iter().map(used).collect();
        let components = components(&edges);
        let mut sizes = vec![0_u32; all.len()];
        components.iter().for_each(|&component| sizes[component as usize] += 1);
        let is_recursive = |at: usize| sizes[components[at] as usize] > 1 || edges[at].contains(&(at as u32));
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|&at| components[at]);
        let mut fragments = Fragments {
            contributions: FxHashMap::default(),
            recursive: (0..all.len()).filter(|&at| is_recursive(at)).map(|at| all[at]).collect(),
            suspects: suspects(links, names, &all, &edges, &order),
        };
        for fragment in order.into_iter().map(|at| all[at]) {
            let DeclarationKind::ParserRule { definition, .. } = links.kind(fragment) else { continue };
            for repeated in [false, true] {
                let mut counter = Counter { links, fragments: &fragments, found: Vec::new() };
                let mut uses = Uses::default();
                let mut work = std::iter::once(Work { rule: fragment, id: definition });
                let creates_object = counter.elements(&mut work, repeated, &mut uses);
                let contribution = Contribution { uses, creates_object, found: counter.found };
                fragments.contributions.insert((fragment, repeated), contribution);
            }
        }
        fragments
    }

    fn is_recursive(&self, rule: DeclarationId) -> bool {
        self.recursive.contains(&rule)
    }
}

/// The calls of a parser rule that assign nothing themselves.
fn unassigned_calls(item: Item<'_>) -> Vec<NodeId> {
    let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { return Vec::new() };
    let mut calls = Vec::new();
    let mut pending = vec![definition];
    while let Some(id) = pending.pop() {
        match item.node(id).kind {
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } => {
                pending.extend(item.ids(elements));
            }
            Kind::RuleCall { .. } => calls.push(id),
            _ => {}
        }
    }
    calls
}

/// By name, whether there may be two assignments to a property: if it is assigned in two places, or in one that is or may be
/// repeated, or belongs to a fragment that is used in two places. The others need not be carried from fragment to fragment.
fn suspects(links: &Links<'_>, names: usize, fragments: &[DeclarationId], edges: &[Vec<u32>], order: &[usize]) -> Vec<bool> {
    let positions: FxHashMap<DeclarationId, usize> = fragments.iter().copied().zip(0..).collect();
    let repeats = |rule: DeclarationId| {
        let is_repeated = |node: &crate::tree::Node| matches!(node.cardinality, Cardinality::Many | Cardinality::OneOrMore);
        links.item(rule).nodes.iter().any(is_repeated)
    };
    let mut calls = vec![0_u32; fragments.len()];
    for rule in links.all().filter(|&rule| matches!(links.kind(rule), DeclarationKind::ParserRule { .. })) {
        let calls_once = if repeats(rule) { 2 } else { 1 };
        for called in unassigned_calls(links.item(rule)).into_iter().filter_map(|call| links.called(rule, call)) {
            if let Some(&at) = positions.get(&called) {
                calls[at] += calls_once;
            }
        }
    }
    // Those that use others come after them in the order.
    for &at in order.iter().rev().filter(|&&at| calls[at] > 1).collect::<Vec<_>>() {
        edges[at].iter().for_each(|&used| calls[used as usize] = calls[used as usize].max(2));
    }
    let mut found = vec![0_u32; names];
    for rule in links.all().filter(|&rule| matches!(links.kind(rule), DeclarationKind::ParserRule { .. })) {
        let often = repeats(rule) || positions.get(&rule).is_some_and(|&at| calls[at] > 1);
        for node in links.item(rule).nodes {
            if let Kind::Assignment { feature, .. }
            | Kind::Action { feature: Some(feature), .. }
            | Kind::InferringAction { feature: Some(feature), .. } = node.kind
            {
                found[feature.index()] += if often { 2 } else { 1 };
            }
        }
    }
    found.into_iter().map(|count| count > 1).collect()
}

/// What a fragment contributes where it is used.
#[derive(Clone, Debug, Default)]
struct Contribution {
    uses: Uses,
    creates_object: bool,
    found: Vec<Assignment>,
}

struct Counter<'a> {
    links: &'a Links<'a>,
    fragments: &'a Fragments,
    /// The assignments of properties that may be assigned twice.
    found: Vec<Assignment>,
}

impl Counter<'_> {
    /// All that is put into one object (`checkOperatorMultiplicitiesForMultiAssignmentsIndependent`).
    fn object(&mut self, work: &mut dyn Iterator<Item = Work>, mut uses: Uses) {
        self.elements(work, false, &mut uses);
        let many = uses.features.into_iter().filter(|(_, found)| found.many);
        self.found.extend(many.flat_map(|(_, found)| found.assignments.iter().collect::<Vec<_>>()));
    }

    /// Whether the elements create a new object (`checkOperatorMultiplicitiesForMultiAssignmentsNested`).
    fn elements(&mut self, work: &mut dyn Iterator<Item = Work>, repeated: bool, uses: &mut Uses) -> bool {
        let mut creates_object = false;
        while let Some(Work { rule, id }) = work.next() {
            let item = self.links.item(rule);
            let node = item.node(id);
            if let Kind::Action { feature: Some(feature), .. } | Kind::InferringAction { feature: Some(feature), .. } = node.kind
            {
                // What follows is put into the new object.
                let mut inner = Uses::default();
                inner.add(feature, false, (rule, id));
                self.object(work, inner);
                return true;
            }
            let repeated = repeated || matches!(node.cardinality, Cardinality::Many | Cardinality::OneOrMore);
            match node.kind {
                Kind::Assignment { feature, .. } if self.fragments.suspects[feature.index()] => {
                    uses.add(feature, repeated, (rule, id));
                }
                Kind::RuleCall { .. } => match self.links.called(rule, id) {
                    Some(called) if is_fragment(self.links, called) => {
                        creates_object |= self.fragment(called, repeated, uses);
                    }
                    _ => {}
                },
                Kind::Group { elements, .. } | Kind::UnorderedGroup { elements } if !repeated => {
                    creates_object |= self.elements(&mut below(rule, item, elements), false, uses);
                }
                Kind::Group { elements, .. } | Kind::UnorderedGroup { elements } => {
                    let mut inner = Uses::default();
                    let creates = self.elements(&mut below(rule, item, elements), false, &mut inner);
                    uses.append(&inner, repeated && !creates);
                    creates_object |= creates;
                }
                Kind::Alternatives { elements } => {
                    let mut worst = Uses::default();
                    let mut all_create = true;
                    for element in below(rule, item, elements) {
                        let mut inner = Uses::default();
                        let creates = self.elements(&mut std::iter::once(element), false, &mut inner);
                        worst.merge_alternative(&inner, repeated && !creates);
                        all_create &= creates;
                    }
                    uses.append(&worst, false);
                    creates_object |= all_create;
                }
                _ => {}
            }
        }
        creates_object
    }

    fn fragment(&mut self, fragment: DeclarationId, repeated: bool, uses: &mut Uses) -> bool {
        // A fragment that uses itself adds nothing there.
        let Some(contribution) = self.fragments.contributions.get(&(fragment, repeated)) else { return false };
        uses.append(&contribution.uses, false);
        self.found.extend(&contribution.found);
        contribution.creates_object
    }
}

fn below(rule: DeclarationId, item: Item<'_>, elements: crate::tree::List) -> impl Iterator<Item = Work> + use<> {
    let ids: Vec<NodeId> = item.ids(elements).collect();
    ids.into_iter().map(move |id| Work { rule, id })
}

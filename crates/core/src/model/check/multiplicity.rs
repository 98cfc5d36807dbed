//! Properties that may be assigned several times, each time replacing the value before.

use rustc_hash::FxHashMap;

use super::graph::components;
use super::project::Declared;
use super::walk::is_repeated;
use crate::model::links::{DeclarationId, Links};
use crate::model::types::OrderedSet;
use crate::text::{Code, Name, Problem, Span};
use crate::tree::{DeclarationKind, Item, Kind, List, Node, NodeId, Operator, Returns};

/// `checkOperatorMultiplicitiesForMultiAssignments`
///
/// Langium counts assignments; all it asks is whether there can be two, so here counting ends at two. That makes what a
/// fragment contributes one of two values, which are found once instead of wherever the fragment is used.
pub(super) fn assignments(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { returns, definition, fragment, .. } = rule.kind() else { return };
    if matches!(returns, Returns::Primitive(_)) {
        return;
    }
    if fragment && rule.project().fragments().is_recursive(rule.id) {
        let message = format!("Fragment '{}' uses itself, directly or through other fragments.", rule.name());
        let problem = rule.error(Code::RecursiveFragment, rule.name_place(), message);
        problems.push(problem.with_hint("only rules that create objects can be recursive"));
    }
    match if fragment { rule.project().fragments().contribution(rule.id, false) } else { None } {
        Some(contribution) => {
            let many = contribution.uses.features.iter().filter(|(_, found)| found.many);
            let assignments = many.flat_map(|(_, found)| found.assignments.iter());
            report(rule, contribution.found.iter().copied().chain(assignments), problems);
        }
        None if is_worthwhile(rule) => {
            let mut counter = Counter { links: rule.links(), fragments: rule.project().fragments(), found: Vec::new() };
            counter.object(&mut std::iter::once(Work { rule: rule.id, id: definition }), Uses::default());
            report(rule, counter.found.into_iter(), problems);
        }
        None => {}
    }
}

fn report(rule: &Declared<'_>, found: impl Iterator<Item = Assignment>, problems: &mut Vec<Problem>) {
    for (owner, id) in found {
        let owner = rule.grammar.declared(owner);
        let node = owner.item.node(id);
        let Some((feature, operator)) = assigned(node) else { continue };
        if operator != Operator::Add {
            let place = match node.kind {
                Kind::Assignment { .. } => owner.feature_of_assignment(node),
                _ => owner.feature_of_action(node),
            };
            let (feature, operator) = (rule.project().text(feature), operator.text());
            let message = format!(
                "Found multiple assignments to '{feature}' with the '{operator}' assignment operator. \
                 Consider using '+=' instead to prevent data loss."
            );
            problems.push(owner.warning(Code::RepeatedAssignment, place, message));
        }
    }
}

/// Most rules assign each property once, or only with `+=` where something is repeated, and use no fragments: nothing to
/// count.
fn is_worthwhile(rule: &Declared<'_>) -> bool {
    /// To look at each of so many is cheaper than to look at all fragments, if that was not done yet.
    const SCANNED: usize = 64;
    let mut features = [None; SCANNED];
    let mut repetitions = [Span::default(); SCANNED];
    let (mut feature_count, mut repetition_count) = (0, 0);
    for (index, node) in rule.item.nodes.iter().enumerate() {
        if is_repeated(node) {
            let Some(free) = repetitions.get_mut(repetition_count) else { return true };
            *free = rule.item.span(node);
            repetition_count += 1;
        }
        if let Kind::RuleCall { .. } = node.kind {
            if rule.called(NodeId::from_index(index)).is_some_and(|called| is_fragment(rule.links(), called)) {
                return true;
            }
        } else if let Some((feature, operator)) = assigned(node) {
            let adds = operator == Operator::Add;
            if features[..feature_count].iter().flatten().any(|&(other, both)| other == feature && !(adds && both)) {
                return true;
            }
            let Some(free) = features.get_mut(feature_count) else { return true };
            *free = Some((feature, adds));
            feature_count += 1;
        }
    }
    let repetitions = &repetitions[..repetition_count];
    let is_inside = |node: &Node| {
        let inner = rule.item.span(node);
        repetitions.iter().any(|span| span.start <= inner.start && inner.end <= span.end)
    };
    let replaces = |node: &Node| assigned(node).is_some_and(|(_, operator)| operator != Operator::Add);
    !repetitions.is_empty() && rule.item.nodes.iter().any(|node| replaces(node) && is_inside(node))
}

fn is_fragment(links: &Links<'_>, rule: DeclarationId) -> bool {
    matches!(links.kind(rule), DeclarationKind::ParserRule { fragment: true, .. })
}

/// The property that a node assigns to, and how.
fn assigned(node: &Node) -> Option<(Name, Operator)> {
    match node.kind {
        Kind::Assignment { feature, operator, .. }
        | Kind::Action { feature: Some(feature), operator, .. }
        | Kind::InferringAction { feature: Some(feature), operator, .. } => Some((feature, operator)),
        _ => None,
    }
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
    /// By declaration: its position among the fragments. Empty, if there are none.
    positions: Vec<Option<u32>>,
    /// By fragment: where it is used once, and where it is used repeatedly.
    contributions: Vec<[Option<Contribution>; 2]>,
    /// By fragment: whether it uses itself, directly or not. (Langium runs out of stack.)
    recursive: Vec<bool>,
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
        let mut fragments = Fragments { positions: vec![None; links.len()], ..Fragments::default() };
        all.iter().zip(0..).for_each(|(fragment, at)| fragments.positions[fragment.index()] = Some(at));
        let edges: Vec<Vec<u32>> = all.iter().map(|&rule| fragments.used_by(links, rule)).collect();
        let components = components(&edges);
        let mut sizes = vec![0_u32; all.len()];
        components.iter().for_each(|&component| sizes[component as usize] += 1);
        let is_recursive = |at: usize| sizes[components[at] as usize] > 1 || edges[at].contains(&(at as u32));
        fragments.recursive = (0..all.len()).map(is_recursive).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        order.sort_by_key(|&at| components[at]);
        fragments.suspects = suspects(links, names, &fragments, (&all, &edges), &order);
        fragments.contributions.resize_with(all.len(), Default::default);
        for at in order {
            let DeclarationKind::ParserRule { definition, .. } = links.kind(all[at]) else { continue };
            for repeated in [false, true] {
                let mut counter = Counter { links, fragments: &fragments, found: Vec::new() };
                let mut uses = Uses::default();
                let mut work = std::iter::once(Work { rule: all[at], id: definition });
                let creates_object = counter.elements(&mut work, repeated, &mut uses);
                let contribution = Contribution { uses, creates_object, found: counter.found };
                fragments.contributions[at][usize::from(repeated)] = Some(contribution);
            }
        }
        fragments
    }

    fn position(&self, rule: DeclarationId) -> Option<u32> {
        self.positions.get(rule.index()).copied().flatten()
    }

    fn is_recursive(&self, rule: DeclarationId) -> bool {
        self.position(rule).is_some_and(|at| self.recursive[at as usize])
    }

    /// What a fragment contributes; nothing yet, if it uses itself.
    fn contribution(&self, fragment: DeclarationId, repeated: bool) -> Option<&Contribution> {
        self.contributions.get(self.position(fragment)? as usize)?[usize::from(repeated)].as_ref()
    }

    /// The fragments that a parser rule calls without assigning what they create.
    fn used_by(&self, links: &Links<'_>, rule: DeclarationId) -> Vec<u32> {
        let DeclarationKind::ParserRule { definition, .. } = links.kind(rule) else { return Vec::new() };
        let (item, targets) = (links.item(rule), links.targets(rule));
        let called = |index: usize| self.position(targets.rule(NodeId::from_index(index))?);
        let is_call = |node: &Node| matches!(node.kind, Kind::RuleCall { .. });
        if !item.nodes.iter().enumerate().any(|(index, node)| is_call(node) && called(index).is_some()) {
            return Vec::new();
        }
        let mut used = Vec::new();
        let mut pending = vec![definition];
        while let Some(id) = pending.pop() {
            match item.node(id).kind {
                Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } => {
                    pending.extend(item.ids(elements));
                }
                Kind::RuleCall { .. } => used.extend(called(id.index())),
                _ => {}
            }
        }
        used
    }
}

/// By name, whether there may be two assignments to a property: if it is assigned in two places, or in one that is or may be
/// repeated, or belongs to a fragment that is used in two places. The others need not be carried from fragment to fragment.
/// `all` are the fragments, with those that each uses.
fn suspects(
    links: &Links<'_>,
    names: usize,
    fragments: &Fragments,
    (all, edges): (&[DeclarationId], &[Vec<u32>]),
    order: &[usize],
) -> Vec<bool> {
    let repeats = |rule: DeclarationId| links.item(rule).nodes.iter().any(is_repeated);
    let mut found = vec![0_u32; names];
    let mut note_assignments = |rule: DeclarationId, often: bool| {
        for (feature, _) in links.item(rule).nodes.iter().filter_map(assigned) {
            found[feature.index()] += if often { 2 } else { 1 };
        }
    };
    let mut calls = vec![0_u32; edges.len()];
    for rule in links.all().filter(|&rule| matches!(links.kind(rule), DeclarationKind::ParserRule { .. })) {
        let (used, repeats) = (fragments.used_by(links, rule), repeats(rule));
        used.into_iter().for_each(|at| calls[at as usize] += if repeats { 2 } else { 1 });
        if fragments.position(rule).is_none() {
            note_assignments(rule, repeats);
        }
    }
    // Those that use others come after them in the order.
    for &at in order.iter().rev().filter(|&&at| calls[at] > 1).collect::<Vec<_>>() {
        edges[at].iter().for_each(|&used| calls[used as usize] = calls[used as usize].max(2));
    }
    all.iter().zip(&calls).for_each(|(&fragment, &calls)| note_assignments(fragment, calls > 1 || repeats(fragment)));
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
            let repeated = repeated || is_repeated(node);
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
        let Some(contribution) = self.fragments.contribution(fragment, repeated) else { return false };
        uses.append(&contribution.uses, false);
        self.found.extend(&contribution.found);
        contribution.creates_object
    }
}

fn below(rule: DeclarationId, item: Item<'_>, elements: List) -> impl Iterator<Item = Work> {
    item.ids(elements).map(move |id| Work { rule, id })
}

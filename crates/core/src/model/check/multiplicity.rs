//! Properties that may be assigned several times, each time replacing the value before.

use rustc_hash::FxHashMap;

use super::project::Declared;
use crate::model::links::{DeclarationId, Links};
use crate::text::{Code, Name, Problem};
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, NodeId, Operator, Returns};

/// `checkOperatorMultiplicitiesForMultiAssignments`
///
/// Langium counts assignments; all it asks is whether there can be two, so here counting ends at two. That makes what a
/// fragment contributes one of two values, which are found once instead of wherever the fragment is used.
pub(super) fn assignments(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { returns, definition, .. } = rule.kind() else { return };
    if matches!(returns, Returns::Primitive(_)) || !is_worthwhile(rule) {
        return;
    }
    let fragments = FxHashMap::default();
    let mut counter = Counter { links: rule.links(), root: rule.id, fragments, found: Vec::new(), contains_itself: false };
    counter.object(&mut std::iter::once(Work { rule: rule.id, id: definition }), Uses::default());
    if counter.contains_itself {
        let message = format!("Fragment '{}' uses itself, directly or through other fragments.", rule.name());
        let problem = rule.error(Code::RecursiveFragment, rule.name_place(), message);
        problems.push(problem.with_hint("only rules that create objects can be recursive"));
    }
    for (owner, id) in counter.found {
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

/// The assignments to each property of one object, in the order in which they were found.
#[derive(Clone, Debug, Default)]
struct Uses {
    features: Vec<(Name, Use)>,
    slots: FxHashMap<Name, usize>,
}

#[derive(Clone, Debug)]
struct Use {
    /// One or more than one.
    many: bool,
    assignments: Vec<(DeclarationId, NodeId)>,
}

impl Uses {
    /// `storeAssignmentUse`
    fn add(&mut self, feature: Name, many: bool, assignment: (DeclarationId, NodeId)) {
        self.merge_one(feature, Use { many, assignments: vec![assignment] }, |_| true);
    }

    fn merge_one(&mut self, feature: Name, added: Use, becomes_many: impl Fn(bool) -> bool) {
        match self.slots.get(&feature) {
            Some(&slot) => {
                let found = &mut self.features[slot].1;
                for assignment in added.assignments {
                    if !found.assignments.contains(&assignment) {
                        found.assignments.push(assignment);
                    }
                }
                found.many |= becomes_many(added.many);
            }
            None => {
                self.slots.insert(feature, self.features.len());
                self.features.push((feature, added));
            }
        }
    }

    /// `mergeAssignmentUse`: of elements that follow each other.
    fn append(&mut self, other: Uses, repeated: bool) {
        for (feature, mut added) in other.features {
            added.many |= repeated;
            self.merge_one(feature, added, |_| true);
        }
    }

    /// `mergeAssignmentUse`: of alternatives, the worst of which counts.
    fn merge_alternative(&mut self, other: Uses, repeated: bool) {
        for (feature, mut added) in other.features {
            added.many |= repeated;
            self.merge_one(feature, added, |many| many);
        }
    }
}

/// What a fragment contributes where it is used.
#[derive(Clone, Debug, Default)]
struct Contribution {
    uses: Uses,
    creates_object: bool,
    found: Vec<(DeclarationId, NodeId)>,
}

struct Counter<'a> {
    links: &'a Links<'a>,
    /// The rule that is checked.
    root: DeclarationId,
    /// By fragment and whether it is repeated; `None` while it is being looked at.
    fragments: FxHashMap<(DeclarationId, bool), Option<Contribution>>,
    /// The assignments of properties that may be assigned twice.
    found: Vec<(DeclarationId, NodeId)>,
    /// The rule that is checked is a fragment that uses itself. (Langium runs out of stack.)
    contains_itself: bool,
}

impl Counter<'_> {
    /// All that is put into one object (`checkOperatorMultiplicitiesForMultiAssignmentsIndependent`).
    fn object(&mut self, work: &mut dyn Iterator<Item = Work>, mut uses: Uses) {
        self.elements(work, false, &mut uses);
        let many = uses.features.into_iter().filter(|(_, found)| found.many);
        self.found.extend(many.flat_map(|(_, found)| found.assignments));
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
                Kind::Assignment { feature, .. } => uses.add(feature, repeated, (rule, id)),
                Kind::RuleCall { .. } => match self.links.called(rule, id) {
                    Some(called) if is_fragment(self.links, called) => {
                        creates_object |= self.fragment(called, repeated, uses);
                    }
                    _ => {}
                },
                Kind::Group { elements, .. } | Kind::UnorderedGroup { elements } => {
                    let mut inner = Uses::default();
                    let creates = self.elements(&mut below(rule, item, elements), false, &mut inner);
                    uses.append(inner, repeated && !creates);
                    creates_object |= creates;
                }
                Kind::Alternatives { elements } => {
                    let mut worst = Uses::default();
                    let mut all_create = true;
                    for element in below(rule, item, elements) {
                        let mut inner = Uses::default();
                        let creates = self.elements(&mut std::iter::once(element), false, &mut inner);
                        worst.merge_alternative(inner, repeated && !creates);
                        all_create &= creates;
                    }
                    uses.append(worst, false);
                    creates_object |= all_create;
                }
                _ => {}
            }
        }
        creates_object
    }

    fn fragment(&mut self, fragment: DeclarationId, repeated: bool, uses: &mut Uses) -> bool {
        self.contains_itself |= fragment == self.root;
        let key = (fragment, repeated);
        if !self.fragments.contains_key(&key) {
            let DeclarationKind::ParserRule { definition, .. } = self.links.kind(fragment) else { return false };
            self.fragments.insert(key, None);
            let outer = std::mem::take(&mut self.found);
            let mut contribution = Contribution::default();
            let mut work = std::iter::once(Work { rule: fragment, id: definition });
            contribution.creates_object = self.elements(&mut work, repeated, &mut contribution.uses);
            contribution.found = std::mem::replace(&mut self.found, outer);
            self.fragments.insert(key, Some(contribution));
        }
        // A fragment that uses itself adds nothing there.
        let Some(Some(contribution)) = self.fragments.get(&key).cloned() else { return false };
        uses.append(contribution.uses, false);
        self.found.extend(contribution.found);
        contribution.creates_object
    }
}

fn below(rule: DeclarationId, item: Item<'_>, elements: crate::tree::List) -> impl Iterator<Item = Work> + use<> {
    let ids: Vec<NodeId> = item.ids(elements).collect();
    ids.into_iter().map(move |id| Work { rule, id })
}

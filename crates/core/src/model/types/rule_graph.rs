//! The graph of one parser rule: its parts, and how they follow each other.
//!
//! A new **part** begins where ways fork or join and where an action changes the type. Behaviour and order follow
//! `TypeGraph` in `inferred-types.ts` (langium 4.4.0); [`ways`](super::ways) finds the types.

use super::chain::Chains;
use super::merge::{Entry, Scratch};
use super::property::{OriginsId, PropertyType, TypeArena};
use super::{CommentId, Property};
use crate::text::Name;
use crate::tree::Part as Stretch;

/// A part of the graph, by its position in [`RuleGraph::parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartId(u32);

impl PartId {
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Part {
    /// The type that begins here.
    pub(super) name: Option<Name>,
    /// What it adds to the graph's properties. A part is complete before the next one gets anything.
    pub(super) properties: Stretch,
    pub(super) rule_calls: Stretch,
    parents: Edges,
    children: Edges,
    /// Where all ways that fork here have joined again.
    pub(super) end: Option<PartId>,
    /// Begins with an action that puts what was parsed so far into a property of the new type.
    pub(super) action_with_assignment: bool,
}

/// A list of parts, linked through [`RuleGraph::edges`] from `first` on.
#[derive(Clone, Copy, Debug, Default)]
struct Edges {
    first: Option<EdgeId>,
    last: Option<EdgeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EdgeId(std::num::NonZeroU32);

/// The graph of one rule. Its vectors are reused from rule to rule.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleGraph {
    parts: Vec<Part>,
    edges: Vec<(PartId, Option<EdgeId>)>,
    pub(super) properties: Chains<Entry>,
    pub(super) rule_calls: Chains<Name>,
    /// By name: the first property of that name.
    first_of_name: Scratch,
    /// Ways that have ended, until they join.
    ends: Vec<PartId>,
}

impl RuleGraph {
    pub(super) const ROOT: PartId = PartId(0);

    /// Starts anew with a root, where the type `name` begins.
    pub(super) fn reset(&mut self, name: Name) {
        self.parts.clear();
        self.edges.clear();
        self.properties.clear();
        self.rule_calls.clear();
        self.first_of_name.clear();
        self.parts.push(Part { name: Some(name), ..Part::default() });
    }

    pub(super) fn get(&self, id: PartId) -> &Part {
        &self.parts[id.index()]
    }

    fn get_mut(&mut self, id: PartId) -> &mut Part {
        &mut self.parts[id.index()]
    }

    fn follow(&self, edges: Edges) -> impl Iterator<Item = PartId> + '_ {
        let mut next = edges.first;
        std::iter::from_fn(move || {
            let (part, after) = self.edges[next?.0.get() as usize - 1];
            next = after;
            Some(part)
        })
    }

    pub(super) fn children(&self, id: PartId) -> impl Iterator<Item = PartId> + '_ {
        self.follow(self.get(id).children)
    }

    /// Where the list of children begins; [`RuleGraph::next_child`] follows it.
    pub(super) fn first_child(&self, id: PartId) -> Option<EdgeId> {
        self.get(id).children.first
    }

    pub(super) fn next_child(&self, edge: Option<EdgeId>) -> Option<(PartId, Option<EdgeId>)> {
        Some(self.edges[edge?.0.get() as usize - 1])
    }

    fn parents(&self, id: PartId) -> impl Iterator<Item = PartId> + '_ {
        self.follow(self.get(id).parents)
    }

    pub(super) fn has_children(&self, id: PartId) -> bool {
        self.get(id).children.first.is_some()
    }

    fn add(&mut self, part: Part) -> PartId {
        self.parts.push(part);
        PartId(self.parts.len() as u32 - 1)
    }

    fn connect(&mut self, parent: PartId, child: PartId) {
        let to_child = self.add_edge(child);
        let to_parent = self.add_edge(parent);
        let (mut children, mut parents) = (self.get(parent).children, self.get(child).parents);
        self.append(&mut children, to_child);
        self.append(&mut parents, to_parent);
        self.get_mut(parent).children = children;
        self.get_mut(child).parents = parents;
    }

    fn add_edge(&mut self, to: PartId) -> EdgeId {
        self.edges.push((to, None));
        match std::num::NonZeroU32::new(self.edges.len() as u32) {
            Some(number) => EdgeId(number),
            None => unreachable!("one was pushed"),
        }
    }

    fn append(&mut self, edges: &mut Edges, edge: EdgeId) {
        match edges.last {
            Some(last) => self.edges[last.0.get() as usize - 1].1 = Some(edge),
            None => edges.first = Some(edge),
        }
        edges.last = Some(edge);
    }

    /// Adds properties to `part`.
    pub(super) fn add_properties(&mut self, part: PartId, properties: impl IntoIterator<Item = Property>) {
        let RuleGraph { properties: all, first_of_name, .. } = self;
        let first_new = all.len();
        all.add(properties.into_iter().map(|property| Entry { property, repeated: false }));
        for index in first_new..all.len() {
            let first = first_of_name.slot(all.item(index).property.name.index(), index);
            if first != index {
                [first, index].into_iter().for_each(|index| all.item_mut(index).repeated = true);
            }
        }
        let end = all.len();
        extend(&mut self.get_mut(part).properties, first_new, end);
    }

    /// Adds an unassigned rule call to `part`.
    pub(super) fn add_rule_call(&mut self, part: PartId, name: Name) {
        let Stretch { start, end } = self.rule_calls.add([name]);
        extend(&mut self.get_mut(part).rule_calls, start, end);
    }

    /// Adds an empty part behind `parent`.
    pub(super) fn fork(&mut self, parent: PartId) -> PartId {
        let child = self.add(Part::default());
        self.connect(parent, child);
        child
    }

    /// Before the ways that fork somewhere: what [`RuleGraph::join`] is told when all of them have ended.
    pub(super) fn start_ways(&self) -> usize {
        self.ends.len()
    }

    /// Says that a way ends in `part`.
    pub(super) fn end_way(&mut self, part: PartId) {
        self.ends.push(part);
    }

    /// Joins the ways that forked at `fork` and ended since `start`.
    pub(super) fn join(&mut self, fork: PartId, start: usize) -> PartId {
        let join = match self.ends[start..] {
            [single] => single,
            _ => {
                let join = self.add(Part::default());
                (start..self.ends.len()).for_each(|at| self.connect(self.ends[at], join));
                join
            }
        };
        self.ends.truncate(start);
        self.set_end(fork, join);
        join
    }

    /// Says where all ways that fork at `fork` have joined.
    pub(super) fn set_end(&mut self, fork: PartId, end: PartId) {
        self.get_mut(fork).end = Some(end);
    }

    /// Adds the part that an action to type `name` begins; none if there is no such type.
    pub(super) fn act(&mut self, parent: PartId, name: Option<Name>) -> PartId {
        if !self.has_leaf(parent) {
            // What was parsed so far is a type of its own, also if nothing but the action follows.
            let copy = Part { parents: Edges::default(), children: Edges::default(), end: None, ..*self.get(parent) };
            self.properties.get_mut(copy.properties).iter_mut().for_each(|entry| entry.repeated = true);
            let copy = self.add(copy);
            self.connect(parent, copy);
        }
        let part = self.fork(parent);
        self.get_mut(part).name = name;
        part
    }

    /// The property of the action that begins `part`: `feature` holds what was parsed before.
    pub(super) fn assign_current(
        &mut self,
        part: PartId,
        feature: Name,
        many: bool,
        (comment, origins): (Option<CommentId>, Option<OriginsId>),
        arena: &mut TypeArena,
    ) {
        let mut ty = match self.rule_calls.get(self.get(RuleGraph::ROOT).rule_calls) {
            [] => arena.one_of(&self.types_before(part)),
            calls => arena.one_of(calls),
        };
        if many {
            ty = arena.add(PropertyType::Array(ty));
        }
        self.get_mut(part).action_with_assignment = true;
        self.add_properties(part, [Property { name: feature, ty, optional: false, comment, has_default: false, origins }]);
    }

    /// Whether some way from `part`, or from where its type began, ends without passing `part`.
    fn has_leaf(&self, part: PartId) -> bool {
        let mut pending = vec![(part, None)];
        while let Some((id, ignored)) = pending.pop() {
            if self.children(id).any(|child| Some(child) != ignored) {
                return true;
            }
            if self.get(id).name.is_none() {
                pending.extend(self.parents(id).map(|parent| (parent, Some(id))));
            }
        }
        false
    }

    /// The types that may have been parsed when the action that begins `action` comes, in the order of a walk towards
    /// the root (`getSuperTypes`). Langium walks each way; visiting each part once finds the same in the same order.
    fn types_before(&self, action: PartId) -> Vec<Name> {
        enum Step {
            Visit(PartId),
            Found(Name),
        }
        let own_name = self.get(action).name;
        let mut types = Vec::new();
        let mut seen = vec![false; self.parts.len()];
        let mut pending = vec![Step::Visit(action)];
        while let Some(step) = pending.pop() {
            let id = match step {
                Step::Found(name) => {
                    push_new(&mut types, name);
                    continue;
                }
                Step::Visit(id) => id,
            };
            if std::mem::replace(&mut seen[id.index()], true) {
                continue;
            }
            let part = self.get(id);
            let calls = self.rule_calls.get(part.rule_calls);
            if !calls.is_empty() {
                calls.iter().for_each(|&call| push_new(&mut types, call));
            } else if part.parents.first.is_none() {
                part.name.into_iter().for_each(|name| push_new(&mut types, name));
            } else {
                let first = pending.len();
                pending.extend(self.parents(id).map(|parent| match self.get(parent).name {
                    Some(name) if own_name != Some(name) => Step::Found(name),
                    _ => Step::Visit(parent),
                }));
                pending[first..].reverse();
            }
        }
        types
    }
}

/// Lets the stretch, which is empty or ends at `start`, end at `end`.
fn extend(stretch: &mut Stretch, start: u32, end: u32) {
    if stretch.start == stretch.end {
        *stretch = Stretch { start, end };
    } else {
        debug_assert_eq!(stretch.end, start, "a part is complete before the next one gets anything");
        stretch.end = end;
    }
}

fn push_new(types: &mut Vec<Name>, name: Name) {
    if !types.contains(&name) {
        types.push(name);
    }
}

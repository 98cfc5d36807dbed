//! What types one parser rule creates: all ways through the rule, merged as soon as they meet.
//!
//! A rule becomes a graph of **parts**: a new part begins where ways fork or join and where an action changes the type.
//! Walking the graph collects, for each type, its properties (optional if some way lacks them), its unassigned rule
//! calls and its super types. Behaviour and order follow `TypeGraph` in `inferred-types.ts` (langium 4.4.0); the
//! recursions there that are as deep as a rule is long, or exponential in its optional parts, are loops here.

use super::property::{Merger, OriginsId, PropertyType, TypeArena};
use super::{CommentId, Property};
use crate::text::Name;

/// A type that a rule creates.
#[derive(Clone, Debug)]
pub(super) struct TypeAlternative {
    pub(super) name: Name,
    pub(super) super_types: Vec<Name>,
    pub(super) properties: Vec<Property>,
    /// Types of the rules that are called without assignment: what the rule returns may be one of those instead.
    pub(super) rule_calls: Vec<Name>,
    pub(super) comment: Option<CommentId>,
}

/// A part of the graph, by its position in [`RuleGraph::parts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartId(u32);

#[derive(Clone, Debug, Default)]
struct Part {
    /// The type that begins here.
    name: Option<Name>,
    properties: Piece,
    rule_calls: Piece,
    parents: Edges,
    children: Edges,
    /// Where all ways that fork here have joined again.
    end: Option<PartId>,
    /// Begins with an action that puts what was parsed so far into a property of the new type.
    action_with_assignment: bool,
}

/// The part's own piece of one of the graph's vectors. A part is complete before the next one gets anything.
type Piece = std::ops::Range<u32>;

/// A list of parts, linked through [`RuleGraph::edges`] from `first` on.
#[derive(Clone, Copy, Debug, Default)]
struct Edges {
    first: Option<EdgeId>,
    last: Option<EdgeId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct EdgeId(std::num::NonZeroU32);

/// The graph of one rule. Its vectors are reused from rule to rule.
#[derive(Clone, Debug, Default)]
pub(super) struct RuleGraph {
    parts: Vec<Part>,
    edges: Vec<(PartId, Option<EdgeId>)>,
    properties: Vec<Property>,
    rule_calls: Vec<Name>,
}

impl RuleGraph {
    pub(super) const ROOT: PartId = PartId(0);

    /// Starts anew with a root, where the type `name` begins.
    pub(super) fn reset(&mut self, name: Name) {
        self.parts.clear();
        self.edges.clear();
        self.properties.clear();
        self.rule_calls.clear();
        self.parts.push(Part { name: Some(name), ..Part::default() });
    }

    fn get(&self, id: PartId) -> &Part {
        &self.parts[id.0 as usize]
    }

    fn get_mut(&mut self, id: PartId) -> &mut Part {
        &mut self.parts[id.0 as usize]
    }

    fn properties(&self, id: PartId) -> &[Property] {
        let Piece { start, end } = self.get(id).properties;
        &self.properties[start as usize..end as usize]
    }

    fn rule_calls(&self, id: PartId) -> &[Name] {
        let Piece { start, end } = self.get(id).rule_calls;
        &self.rule_calls[start as usize..end as usize]
    }

    fn follow(&self, edges: Edges) -> impl Iterator<Item = PartId> + '_ {
        let mut next = edges.first;
        std::iter::from_fn(move || {
            let (part, after) = self.edges[next?.0.get() as usize - 1];
            next = after;
            Some(part)
        })
    }

    fn children(&self, id: PartId) -> impl Iterator<Item = PartId> + '_ {
        self.follow(self.get(id).children)
    }

    fn parents(&self, id: PartId) -> impl Iterator<Item = PartId> + '_ {
        self.follow(self.get(id).parents)
    }

    fn has_children(&self, id: PartId) -> bool {
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
        let start = self.properties.len() as u32;
        self.properties.extend(properties);
        let end = self.properties.len() as u32;
        extend_range(&mut self.get_mut(part).properties, start, end);
    }

    /// Adds an unassigned rule call to `part`.
    pub(super) fn add_rule_call(&mut self, part: PartId, name: Name) {
        let start = self.rule_calls.len() as u32;
        self.rule_calls.push(name);
        extend_range(&mut self.get_mut(part).rule_calls, start, start + 1);
    }

    /// Adds an empty part behind `parent`.
    pub(super) fn fork(&mut self, parent: PartId) -> PartId {
        let child = self.add(Part::default());
        self.connect(parent, child);
        child
    }

    /// Joins the ways that forked at `fork` and ended in `parts`.
    pub(super) fn join(&mut self, fork: PartId, parts: &[PartId]) -> PartId {
        let join = match *parts {
            [single] => single,
            _ => {
                let join = self.add(Part::default());
                parts.iter().for_each(|&part| self.connect(part, join));
                join
            }
        };
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
            let copy = Part { parents: Edges::default(), children: Edges::default(), end: None, ..self.get(parent).clone() };
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
        let root_calls = self.rule_calls(RuleGraph::ROOT);
        let types = if root_calls.is_empty() { self.types_before(part) } else { root_calls.to_vec() };
        let mut ty = arena.one_of(&types);
        if many {
            ty = arena.add(PropertyType::Array(ty));
        }
        self.get_mut(part).action_with_assignment = true;
        self.add_properties(part, [Property { name: feature, ty, optional: false, comment, default: None, origins }]);
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
            if std::mem::replace(&mut seen[id.0 as usize], true) {
                continue;
            }
            let calls = self.rule_calls(id);
            let part = self.get(id);
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

/// Lets the piece, which is empty or ends at `start`, end at `end`.
fn extend_range(piece: &mut Piece, start: u32, end: u32) {
    if piece.start == piece.end {
        *piece = start..end;
    } else {
        debug_assert_eq!(piece.end, start, "a part is complete before the next one gets anything");
        piece.end = end;
    }
}

fn push_new(types: &mut Vec<Name>, name: Name) {
    if !types.contains(&name) {
        types.push(name);
    }
}

/// A set of ways through the graph with the same type, and where they stand.
#[derive(Clone, Debug)]
struct Path {
    alternative: TypeAlternative,
    current: PartId,
    /// Ends here, even if there are parts behind: the type before an action that begins another.
    ended: bool,
}

/// Scratch tables indexed by name or part, so that merging is linear. Reused for all rules of an analysis.
#[derive(Clone, Debug, Default)]
pub(super) struct Scratch {
    slots: Vec<u32>,
    stamps: Vec<u32>,
    stamp: u32,
}

impl Scratch {
    /// For names below `names`.
    pub(super) fn new(names: usize) -> Scratch {
        Scratch { slots: vec![0; names], stamps: vec![0; names], stamp: 0 }
    }

    /// Forgets all slots.
    fn clear(&mut self) {
        self.stamp += 1;
    }

    /// The slot of `key`; `fresh` if it has none yet.
    fn slot(&mut self, key: usize, fresh: usize) -> usize {
        if self.stamps.len() <= key {
            self.stamps.resize(key + 1, 0);
            self.slots.resize(key + 1, 0);
        }
        if self.stamps[key] != self.stamp {
            self.stamps[key] = self.stamp;
            self.slots[key] = fresh as u32;
        }
        self.slots[key] as usize
    }
}

impl RuleGraph {
    /// The types that the rule creates, in the order of their first ways.
    pub(super) fn types(&self, arena: &mut TypeArena, scratch: &mut Scratch) -> Vec<TypeAlternative> {
        let Some(name) = self.get(RuleGraph::ROOT).name else { unreachable!("the root names the rule's type") };
        let alternative = TypeAlternative {
            name,
            super_types: Vec::new(),
            properties: self.properties(RuleGraph::ROOT).to_vec(),
            rule_calls: self.rule_calls(RuleGraph::ROOT).to_vec(),
            comment: None,
        };
        let mut finished = Vec::new();
        if !self.has_children(RuleGraph::ROOT) {
            // A rule without any fork counts twice in Langium, which shows in the union of its string literals with themselves.
            finished.push(alternative.clone());
        }
        let mut paths = vec![Path { alternative, current: RuleGraph::ROOT, ended: false }];
        while !paths.is_empty() {
            let advanced = self.advance(name, paths, arena, scratch);
            paths = Vec::new();
            for path in advanced {
                if path.ended || !self.has_children(path.current) { finished.push(path.alternative) } else { paths.push(path) }
            }
        }
        merge_by_name(finished, arena, scratch)
    }

    /// Moves each path on to where the ways that fork at its part join, or to the end (`recurse`).
    fn advance(&self, root: Name, paths: Vec<Path>, arena: &mut TypeArena, scratch: &mut Scratch) -> Vec<Path> {
        struct Frame {
            todo: std::vec::IntoIter<Path>,
            done: Vec<Path>,
            end: Option<PartId>,
        }
        let mut frames = vec![Frame { todo: paths.into_iter(), done: Vec::new(), end: None }];
        loop {
            let Some(frame) = frames.last_mut() else { unreachable!("the outermost frame returns") };
            match frame.todo.next() {
                Some(mut path) => {
                    let mut end = frame.end;
                    self.follow_single_ways(root, &mut path, &mut end);
                    if Some(path.current) == end || !self.has_children(path.current) {
                        frame.done.push(path);
                    } else {
                        let end = self.get(path.current).end.or(end);
                        let paths = self.step(root, path);
                        frames.push(Frame { done: Vec::with_capacity(paths.len()), todo: paths.into_iter(), end });
                    }
                }
                None => {
                    let merged = merge_paths(std::mem::take(&mut frame.done), arena, scratch);
                    frames.pop();
                    match frames.last_mut() {
                        Some(outer) if outer.done.is_empty() => outer.done = merged,
                        Some(outer) => outer.done.extend(merged),
                        None => return merged,
                    }
                }
            }
        }
    }

    /// Moves the path on while there is but one way, and nothing to merge.
    fn follow_single_ways(&self, root: Name, path: &mut Path, end: &mut Option<PartId>) {
        while !path.ended && Some(path.current) != *end {
            let mut children = self.children(path.current);
            let (Some(only), None) = (children.next(), children.next()) else { return };
            if self.get(only).action_with_assignment {
                return;
            }
            *end = self.get(path.current).end.or(*end);
            path.current = only;
            self.enter(root, &mut path.alternative, only);
        }
    }

    /// One path for each part that may come next (`applyNext`). A path that has ended has none: it is lost.
    fn step(&self, root: Name, path: Path) -> Vec<Path> {
        let mut paths = Vec::new();
        if path.ended {
            return paths;
        }
        let mut children = self.children(path.current).peekable();
        let mut rest = Some(path.alternative);
        while let Some(id) = children.next() {
            let last = children.peek().is_none();
            let Some(mut alternative) = (if last { rest.take() } else { rest.clone() }) else { unreachable!("taken last") };
            if self.get(id).action_with_assignment {
                paths.push(Path { alternative: alternative.clone(), current: id, ended: true });
            }
            self.enter(root, &mut alternative, id);
            paths.push(Path { alternative, current: id, ended: false });
        }
        paths
    }

    /// Adds what part `id` has to the type so far, or to the one that begins there.
    fn enter(&self, root: Name, alternative: &mut TypeAlternative, id: PartId) {
        let part = self.get(id);
        if let Some(name) = part.name
            && name != alternative.name
        {
            alternative.super_types.clear();
            if part.action_with_assignment {
                alternative.super_types.push(root);
            } else {
                alternative.super_types.push(alternative.name);
                alternative.super_types.append(&mut alternative.rule_calls);
            }
            alternative.properties.clear();
            alternative.rule_calls.clear();
            alternative.name = name;
        }
        alternative.properties.extend_from_slice(self.properties(id));
        alternative.rule_calls.extend_from_slice(self.rule_calls(id));
        let name = alternative.name;
        alternative.super_types.retain(|&super_type| super_type != name);
    }
}

/// Merges paths that stand at the same part with the same type.
fn merge_paths(mut paths: Vec<Path>, arena: &mut TypeArena, scratch: &mut Scratch) -> Vec<Path> {
    if let [path] = &mut paths[..] {
        merge_within(&mut path.alternative, arena, scratch);
        return paths;
    }
    let mut merged = Vec::new();
    for group in group_by(paths, scratch, |path| path.current.0 as usize) {
        for group in group_by(group, scratch, |path| path.alternative.name.index()) {
            let current = group[0].current;
            let ended = group.iter().all(|path| path.ended);
            let alternatives = group.into_iter().map(|path| path.alternative).collect();
            merged.push(Path { alternative: merge(alternatives, arena, scratch), current, ended });
        }
    }
    merged
}

/// Splits `items` into lists of equal keys, in the order of first appearance.
fn group_by<T>(items: Vec<T>, scratch: &mut Scratch, key: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
    if items.windows(2).all(|pair| key(&pair[0]) == key(&pair[1])) {
        return if items.is_empty() { Vec::new() } else { vec![items] };
    }
    scratch.clear();
    let mut groups: Vec<Vec<T>> = Vec::new();
    for item in items {
        let slot = scratch.slot(key(&item), groups.len());
        match groups.get_mut(slot) {
            Some(group) => group.push(item),
            None => groups.push(vec![item]),
        }
    }
    groups
}

/// Merges alternatives of the same name, in the order of first appearance (`flattenTypes`).
pub(super) fn merge_by_name(
    alternatives: Vec<TypeAlternative>,
    arena: &mut TypeArena,
    scratch: &mut Scratch,
) -> Vec<TypeAlternative> {
    let groups = group_by(alternatives, scratch, |alternative| alternative.name.index());
    groups.into_iter().map(|group| merge(group, arena, scratch)).collect()
}

/// Merges alternatives of one type, of which there is at least one.
fn merge(group: Vec<TypeAlternative>, arena: &mut TypeArena, scratch: &mut Scratch) -> TypeAlternative {
    let mut group = group.into_iter();
    let Some(mut merged) = group.next() else { unreachable!("groups are not empty") };
    merge_within(&mut merged, arena, scratch);
    if group.len() == 0 {
        return merged;
    }
    // With rule calls, the result may be of another type: what is missing there says nothing about this one.
    let mut members = u32::from(merged.rule_calls.is_empty());
    let mut properties = Properties::new(&mut merged.properties, members, scratch);
    for (index, alternative) in group.enumerate() {
        let is_member = u32::from(alternative.rule_calls.is_empty());
        members += is_member;
        alternative.properties.iter().for_each(|property| properties.add(*property, index as u32 + 1, is_member, arena, scratch));
        merged.super_types.extend(alternative.super_types);
        merged.rule_calls.extend(alternative.rule_calls);
        merged.comment = merged.comment.or(alternative.comment);
    }
    properties.finish(members, arena);
    dedup_names(&mut merged.rule_calls, scratch);
    dedup_names(&mut merged.super_types, scratch);
    merged
}

/// Merges properties of the same name, and drops repeated rule calls.
fn merge_within(alternative: &mut TypeAlternative, arena: &mut TypeArena, scratch: &mut Scratch) {
    if is_repeated(&alternative.properties, scratch) {
        let own = std::mem::take(&mut alternative.properties);
        let mut properties = Properties::new(&mut alternative.properties, 1, scratch);
        own.into_iter().for_each(|property| properties.add(property, 0, 1, arena, scratch));
        properties.finish(1, arena);
    }
    dedup_names(&mut alternative.rule_calls, scratch);
}

/// Whether two properties have the same name.
fn is_repeated(properties: &[Property], scratch: &mut Scratch) -> bool {
    scratch.clear();
    properties.iter().enumerate().any(|(index, property)| scratch.slot(property.name.index(), index) != index)
}

fn dedup_names(names: &mut Vec<Name>, scratch: &mut Scratch) {
    if names.len() > 1 {
        scratch.clear();
        let mut kept = 0;
        names.retain(|name| {
            let first = scratch.slot(name.index(), kept) == kept;
            kept += usize::from(first);
            first
        });
    }
}

/// The properties of alternatives being merged. Needs the scratch table for itself until it is finished.
struct Properties<'p> {
    merged: &'p mut Vec<Property>,
    /// For each, in how many alternatives without rule calls it occurs, and in which alternative last.
    counts: Vec<(u32, u32)>,
    /// For those of several types, what merges them.
    mergers: Vec<(usize, Merger)>,
}

impl<'p> Properties<'p> {
    /// Starts with those of the first alternative, of different names.
    fn new(merged: &'p mut Vec<Property>, members: u32, scratch: &mut Scratch) -> Properties<'p> {
        scratch.clear();
        for (index, property) in merged.iter().enumerate() {
            scratch.slot(property.name.index(), index);
        }
        let counts = vec![(members, 0); merged.len()];
        Properties { merged, counts, mergers: Vec::new() }
    }

    fn add(&mut self, property: Property, alternative: u32, members: u32, arena: &mut TypeArena, scratch: &mut Scratch) {
        let slot = scratch.slot(property.name.index(), self.merged.len());
        let Some(first) = self.merged.get(slot) else {
            self.merged.push(property);
            self.counts.push((members, alternative));
            return;
        };
        arena.merge_origins(first.origins, property.origins);
        let (count, last) = &mut self.counts[slot];
        if *last != alternative {
            *count += members;
            *last = alternative;
        }
        let merger = self.mergers.iter_mut().find(|(merged, _)| *merged == slot);
        match merger {
            Some((_, merger)) => merger.add(arena, property.ty),
            None if first.ty == property.ty && arena.merges_to_itself(first.ty) => {}
            None => {
                let mut merger = Merger::new(arena, first.ty);
                merger.add(arena, property.ty);
                self.mergers.push((slot, merger));
            }
        }
    }

    /// Sets the merged types, and optional what is not in all of `members` alternatives without rule calls.
    fn finish(self, members: u32, arena: &mut TypeArena) {
        for (slot, merger) in self.mergers {
            self.merged[slot].ty = merger.finish(arena);
        }
        for (property, (count, _)) in self.merged.iter_mut().zip(self.counts) {
            property.optional |= count < members;
        }
    }
}

//! What types one parser rule creates: all ways through the rule, merged as soon as they meet.
//!
//! A rule becomes a graph of **parts**: a new part begins where ways fork or join and where an action changes the type.
//! Walking the graph collects, for each type, its properties (optional if some way lacks them), its unassigned rule
//! calls and its super types. Behaviour and order follow `TypeGraph` in `inferred-types.ts` (langium 4.4.0); the
//! recursions there that are as deep as a rule is long, or exponential in its optional parts, are loops here.

use super::property::{Merger, PropertyType, TypeArena};
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
pub(super) struct Part {
    /// The type that begins here.
    name: Option<Name>,
    pub(super) properties: Vec<Property>,
    pub(super) rule_calls: Vec<Name>,
    parents: Vec<PartId>,
    children: Vec<PartId>,
    /// Where all ways that fork here have joined again.
    end: Option<PartId>,
    /// Begins with an action that puts what was parsed so far into a property of the new type.
    action_with_assignment: bool,
}

/// The graph of one rule.
#[derive(Clone, Debug)]
pub(super) struct RuleGraph {
    parts: Vec<Part>,
}

impl RuleGraph {
    pub(super) const ROOT: PartId = PartId(0);

    /// A graph with a root, where the type `name` begins.
    pub(super) fn new(name: Name) -> RuleGraph {
        RuleGraph { parts: vec![Part { name: Some(name), ..Part::default() }] }
    }

    pub(super) fn part(&mut self, id: PartId) -> &mut Part {
        &mut self.parts[id.0 as usize]
    }

    fn get(&self, id: PartId) -> &Part {
        &self.parts[id.0 as usize]
    }

    fn add(&mut self, part: Part) -> PartId {
        self.parts.push(part);
        PartId(self.parts.len() as u32 - 1)
    }

    /// Adds an empty part behind `parent`.
    pub(super) fn fork(&mut self, parent: PartId) -> PartId {
        let child = self.add(Part { parents: vec![parent], ..Part::default() });
        self.part(parent).children.push(child);
        child
    }

    /// Joins the ways that forked at `fork` and ended in `parts`.
    pub(super) fn join(&mut self, fork: PartId, parts: Vec<PartId>) -> PartId {
        let join = match parts[..] {
            [single] => single,
            _ => {
                let join = self.add(Part::default());
                for &part in &parts {
                    self.part(part).children.push(join);
                }
                self.part(join).parents = parts;
                join
            }
        };
        self.set_end(fork, join);
        join
    }

    /// Says where all ways that fork at `fork` have joined.
    pub(super) fn set_end(&mut self, fork: PartId, end: PartId) {
        self.part(fork).end = Some(end);
    }

    /// Adds the part that an action to type `name` begins.
    pub(super) fn act(&mut self, parent: PartId, name: Name) -> PartId {
        if !self.has_leaf(parent) {
            // What was parsed so far is a type of its own, also if nothing but the action follows.
            let from = self.get(parent);
            let copy = Part {
                name: from.name,
                properties: from.properties.clone(),
                rule_calls: from.rule_calls.clone(),
                action_with_assignment: from.action_with_assignment,
                parents: vec![parent],
                ..Part::default()
            };
            let copy = self.add(copy);
            self.part(parent).children.push(copy);
        }
        let part = self.fork(parent);
        self.part(part).name = Some(name);
        part
    }

    /// The property of the action that begins `part`: `feature` holds what was parsed before.
    pub(super) fn assign_current(
        &mut self,
        part: PartId,
        feature: Name,
        many: bool,
        comment: Option<CommentId>,
        arena: &mut TypeArena,
    ) {
        let root_calls = &self.get(RuleGraph::ROOT).rule_calls;
        let types = if root_calls.is_empty() { self.types_before(part) } else { root_calls.clone() };
        let mut ty = arena.one_of(&types);
        if many {
            ty = arena.add(PropertyType::Array(ty));
        }
        let part = self.part(part);
        part.action_with_assignment = true;
        part.properties.push(Property { name: feature, ty, optional: false, comment, default: None });
    }

    /// Whether some way from `part`, or from where its type began, ends without passing `part`.
    fn has_leaf(&self, part: PartId) -> bool {
        let mut pending = vec![(part, None)];
        while let Some((id, ignored)) = pending.pop() {
            let part = self.get(id);
            if part.children.iter().any(|&child| Some(child) != ignored) {
                return true;
            }
            if part.name.is_none() {
                pending.extend(part.parents.iter().rev().map(|&parent| (parent, Some(id))));
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
            let part = self.get(id);
            if !part.rule_calls.is_empty() {
                part.rule_calls.iter().for_each(|&call| push_new(&mut types, call));
            } else if part.parents.is_empty() {
                part.name.into_iter().for_each(|name| push_new(&mut types, name));
            } else {
                pending.extend(part.parents.iter().rev().map(|&parent| match self.get(parent).name {
                    Some(name) if own_name != Some(name) => Step::Found(name),
                    _ => Step::Visit(parent),
                }));
            }
        }
        types
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
    next: Vec<PartId>,
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
        let root = self.get(RuleGraph::ROOT);
        let Some(name) = root.name else { unreachable!("the root names the rule's type") };
        let alternative = TypeAlternative {
            name,
            super_types: Vec::new(),
            properties: root.properties.clone(),
            rule_calls: root.rule_calls.clone(),
            comment: None,
        };
        let mut paths = vec![Path { alternative, current: RuleGraph::ROOT, next: root.children.clone() }];
        // A rule without any fork counts twice in Langium, which shows in the union of its string literals with themselves.
        let mut finished: Vec<Path> = paths.iter().filter(|path| path.next.is_empty()).cloned().collect();
        while !paths.is_empty() {
            let (unfinished, ended) =
                self.advance(name, paths, arena, scratch).into_iter().partition(|path| !path.next.is_empty());
            paths = unfinished;
            let mut ended: Vec<Path> = ended;
            finished.append(&mut ended);
        }
        let alternatives = finished.into_iter().map(|path| path.alternative).collect();
        merge_by_name(alternatives, arena, scratch)
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
                Some(path) => {
                    let part = self.get(path.current);
                    if Some(path.current) == frame.end || part.children.is_empty() {
                        frame.done.push(path);
                    } else {
                        let end = part.end.or(frame.end);
                        let next = self.step(root, path);
                        frames.push(Frame { todo: next.into_iter(), done: Vec::new(), end });
                    }
                }
                None => {
                    let done = std::mem::take(&mut frame.done);
                    frames.pop();
                    let merged = merge_paths(done, arena, scratch);
                    match frames.last_mut() {
                        Some(outer) => outer.done.extend(merged),
                        None => return merged,
                    }
                }
            }
        }
    }

    /// One path for each part that may come next (`applyNext`).
    fn step(&self, root: Name, path: Path) -> Vec<Path> {
        let Path { alternative, next, .. } = path;
        let count = next.len();
        let mut paths = Vec::with_capacity(count);
        let mut rest = Some(alternative);
        for (index, id) in next.into_iter().enumerate() {
            let last = index + 1 == count;
            let Some(mut alternative) = (if last { rest.take() } else { rest.clone() }) else { unreachable!("taken last") };
            let part = self.get(id);
            if part.action_with_assignment {
                paths.push(Path { alternative: alternative.clone(), current: id, next: Vec::new() });
            }
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
            alternative.properties.extend_from_slice(&part.properties);
            alternative.rule_calls.extend_from_slice(&part.rule_calls);
            let name = alternative.name;
            alternative.super_types.retain(|&super_type| super_type != name);
            paths.push(Path { alternative, current: id, next: part.children.clone() });
        }
        paths
    }
}

/// Merges paths that stand at the same part with the same type.
fn merge_paths(paths: Vec<Path>, arena: &mut TypeArena, scratch: &mut Scratch) -> Vec<Path> {
    if paths.len() == 1 {
        let mut paths = paths;
        merge_within(&mut paths[0].alternative, arena, scratch);
        dedup_parts(&mut paths[0].next, scratch);
        return paths;
    }
    let mut merged = Vec::new();
    for group in group_by(paths, scratch, |path| path.current.0 as usize) {
        for group in group_by(group, scratch, |path| path.alternative.name.index()) {
            let current = group[0].current;
            let mut next = Vec::new();
            let mut alternatives = Vec::with_capacity(group.len());
            for path in group {
                next.extend(path.next);
                alternatives.push(path.alternative);
            }
            dedup_parts(&mut next, scratch);
            merged.push(Path { alternative: merge(alternatives, arena, scratch), current, next });
        }
    }
    merged
}

fn dedup_parts(parts: &mut Vec<PartId>, scratch: &mut Scratch) {
    if parts.len() < 2 {
        return;
    }
    scratch.clear();
    let mut index = 0;
    parts.retain(|part| {
        let first = scratch.slot(part.0 as usize, index) == index;
        index += 1;
        first
    });
}

/// Splits `items` into lists of equal keys, in the order of first appearance.
fn group_by<T>(items: Vec<T>, scratch: &mut Scratch, key: impl Fn(&T) -> usize) -> Vec<Vec<T>> {
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
fn merge(mut group: Vec<TypeAlternative>, arena: &mut TypeArena, scratch: &mut Scratch) -> TypeAlternative {
    if group.len() == 1
        && let Some(mut single) = group.pop()
    {
        merge_within(&mut single, arena, scratch);
        return single;
    }
    struct Slot {
        property: Property,
        merger: Option<Merger>,
        /// In how many alternatives without rule calls it occurs, and in which one last.
        count: usize,
        last: usize,
    }
    let mut slots: Vec<Slot> = Vec::new();
    let mut members = 0;
    scratch.clear();
    for (index, alternative) in group.iter().enumerate() {
        // With rule calls, the result may be of another type: what is missing here says nothing about this one.
        let is_member = alternative.rule_calls.is_empty();
        members += usize::from(is_member);
        for &property in &alternative.properties {
            let slot = scratch.slot(property.name.index(), slots.len());
            match slots.get_mut(slot) {
                None => slots.push(Slot { property, merger: None, count: usize::from(is_member), last: index }),
                Some(slot) => {
                    let first = slot.property.ty;
                    slot.merger.get_or_insert_with(|| Merger::new(arena, first)).add(arena, property.ty);
                    slot.count += usize::from(is_member && slot.last != index);
                    slot.last = index;
                }
            }
        }
    }
    let properties = slots.into_iter().map(|slot| Property {
        ty: slot.merger.map_or(slot.property.ty, |merger| merger.finish(arena)),
        optional: slot.property.optional || slot.count < members,
        ..slot.property
    });
    let properties = properties.collect();
    scratch.clear();
    let mut rule_calls = Vec::new();
    for &call in group.iter().flat_map(|alternative| &alternative.rule_calls) {
        if scratch.slot(call.index(), rule_calls.len()) == rule_calls.len() {
            rule_calls.push(call);
        }
    }
    TypeAlternative {
        name: group[0].name,
        super_types: group.iter().flat_map(|alternative| &alternative.super_types).copied().collect(),
        properties,
        rule_calls,
        comment: group.iter().find_map(|alternative| alternative.comment),
    }
}

/// Merges properties of the same name, and drops repeated rule calls.
fn merge_within(alternative: &mut TypeAlternative, arena: &mut TypeArena, scratch: &mut Scratch) {
    if alternative.properties.len() > 1 {
        scratch.clear();
        let mut mergers: Vec<(usize, Merger)> = Vec::new();
        let mut kept: Vec<Property> = Vec::with_capacity(alternative.properties.len());
        for &property in &alternative.properties {
            let slot = scratch.slot(property.name.index(), kept.len());
            match kept.get(slot) {
                None => kept.push(property),
                Some(first) => match mergers.iter_mut().find(|(merged, _)| *merged == slot) {
                    Some((_, merger)) => merger.add(arena, property.ty),
                    None => {
                        let mut merger = Merger::new(arena, first.ty);
                        merger.add(arena, property.ty);
                        mergers.push((slot, merger));
                    }
                },
            }
        }
        for (slot, merger) in mergers {
            kept[slot].ty = merger.finish(arena);
        }
        alternative.properties = kept;
    }
    if alternative.rule_calls.len() > 1 {
        scratch.clear();
        let mut kept = 0;
        alternative.rule_calls.retain(|call| {
            let first = scratch.slot(call.index(), kept) == kept;
            kept += usize::from(first);
            first
        });
    }
}

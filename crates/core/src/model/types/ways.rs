//! What types one parser rule creates: all ways through its graph, merged as soon as they meet.
//!
//! Walking the graph collects, for each type, its properties (optional if some way lacks them), its unassigned rule
//! calls and its super types. Behaviour and order follow `TypeGraph` in `inferred-types.ts` (langium 4.4.0); the
//! recursions there that are as deep as a rule is long, or exponential in its optional parts, are loops here.

use super::chain::{About, ChainId, EMPTY};
use super::merge::{Alternatives, Entry, Merging, Scratch};
use super::property::TypeArena;
use super::rule_graph::{PartId, RuleGraph};
use crate::text::Name;
use crate::tree::Part as Stretch;

/// A set of ways through the graph with the same type, and where they stand.
#[derive(Clone, Copy, Debug)]
struct Path {
    name: Name,
    properties: ChainId,
    rule_calls: ChainId,
    super_types: Stretch,
    current: PartId,
    /// Ends here, even if there are parts behind: the type before an action that begins another.
    ended: bool,
    /// For sorting.
    rank: u32,
}

/// Room for walks, reused for all rules of an analysis.
#[derive(Clone, Debug)]
pub(super) struct Room {
    pub(super) merging: Merging,
    frames: Vec<Frame>,
    todo: Vec<Path>,
    done: Vec<Path>,
    finished: Vec<Path>,
    super_types: Vec<Name>,
    stretches: Vec<Stretch>,
}

/// Ways from one fork to where they join.
#[derive(Clone, Copy, Debug)]
struct Frame {
    /// Those that have not been followed are from there on in [`Room::todo`], the next one last.
    todo: usize,
    /// Those that have are from there on in [`Room::done`].
    done: usize,
    end: Option<PartId>,
}

impl Room {
    /// For names below `names`.
    pub(super) fn new(names: usize) -> Room {
        Room {
            merging: Merging::new(names),
            frames: Vec::new(),
            todo: Vec::new(),
            done: Vec::new(),
            finished: Vec::new(),
            super_types: Vec::new(),
            stretches: Vec::new(),
        }
    }
}

/// Adds the types that `rule` creates, in the order of their first ways.
pub(super) fn add_types((rule, graph): (u32, &mut RuleGraph), arena: &mut TypeArena, room: &mut Room, types: &mut Alternatives) {
    let Some(root) = graph.get(RuleGraph::ROOT).name else { unreachable!("the root names the rule's type") };
    room.finished.clear();
    room.super_types.clear();
    let mut walk = Walk { graph, arena, room, root };
    walk.follow_all();
    let mut finished = std::mem::take(&mut walk.room.finished);
    group_by(&mut finished, &mut walk.room.merging.names, |path| path.name.index());
    for group in finished.chunk_by(|one, other| one.name == other.name) {
        let merged = walk.merge(group);
        walk.add_type(rule, merged, types);
    }
    walk.room.finished = finished;
}

/// Sorts `paths` by the first one of the same key.
fn group_by(paths: &mut [Path], scratch: &mut Scratch, key: impl Fn(&Path) -> usize) {
    if paths.windows(2).all(|pair| key(&pair[0]) == key(&pair[1])) {
        return;
    }
    scratch.clear();
    for (index, path) in (0..).zip(&mut *paths) {
        path.rank = scratch.slot(key(path), index);
    }
    paths.sort_by_key(|path| path.rank);
}

/// A walk through the graph of one rule.
struct Walk<'w> {
    graph: &'w mut RuleGraph,
    arena: &'w mut TypeArena,
    room: &'w mut Room,
    /// The rule's type.
    root: Name,
}

// From the root to all ends
impl Walk<'_> {
    fn follow_all(&mut self) {
        let nothing = Stretch { start: 0, end: 0 };
        let (properties, rule_calls, current) = (EMPTY, EMPTY, RuleGraph::ROOT);
        let mut start = Path { name: self.root, properties, rule_calls, super_types: nothing, current, ended: false, rank: 0 };
        self.enter(&mut start, RuleGraph::ROOT);
        if !self.graph.has_children(RuleGraph::ROOT) {
            // A rule without any fork counts twice in Langium, which shows in the union of its string literals with themselves.
            self.room.finished.push(start);
        }
        self.room.todo.push(start);
        while !self.room.todo.is_empty() {
            self.advance();
            let Room { done, finished, todo, .. } = &mut *self.room;
            let graph = &*self.graph;
            let is_finished = |path: &Path| path.ended || !graph.has_children(path.current);
            finished.extend(done.iter().copied().filter(is_finished));
            todo.extend(done.drain(..).filter(|path| !is_finished(path)).rev());
        }
    }

    /// Moves each path on to where the ways that fork at its part join, or to the end (`recurse`).
    fn advance(&mut self) {
        self.room.frames.push(Frame { todo: 0, done: 0, end: None });
        while let Some(&frame) = self.room.frames.last() {
            if self.room.todo.len() == frame.todo {
                self.merge_done(frame.done);
                self.room.frames.pop();
            } else if let Some(mut path) = self.room.todo.pop() {
                let mut end = frame.end;
                self.follow_single_ways(&mut path, &mut end);
                if Some(path.current) == end || !self.graph.has_children(path.current) {
                    self.room.done.push(path);
                } else {
                    let end = self.graph.get(path.current).end.or(end);
                    self.room.frames.push(Frame { todo: self.room.todo.len(), done: self.room.done.len(), end });
                    self.step(path);
                }
            }
        }
    }

    /// Moves the path on while there is but one way, and nothing to merge.
    fn follow_single_ways(&mut self, path: &mut Path, end: &mut Option<PartId>) {
        while !path.ended && Some(path.current) != *end {
            let Some((only, None)) = self.graph.next_child(self.graph.first_child(path.current)) else { return };
            if self.graph.get(only).action_with_assignment {
                return;
            }
            *end = self.graph.get(path.current).end.or(*end);
            self.enter(path, only);
        }
    }

    /// Adds a path for each part that may come next (`applyNext`). A path that has ended has none: it is lost.
    fn step(&mut self, path: Path) {
        if path.ended {
            return;
        }
        let first = self.room.todo.len();
        let mut edges = self.graph.first_child(path.current);
        while let Some((id, rest)) = self.graph.next_child(edges) {
            edges = rest;
            if self.graph.get(id).action_with_assignment {
                self.room.todo.push(Path { current: id, ended: true, ..path });
            }
            let mut next = path;
            self.enter(&mut next, id);
            self.room.todo.push(next);
        }
        self.room.todo[first..].reverse();
    }

    /// Moves the path to part `id`, and adds what that has to the type so far, or to the one that begins there.
    fn enter(&mut self, path: &mut Path, id: PartId) {
        let part = *self.graph.get(id);
        path.current = id;
        if let Some(name) = part.name.filter(|&name| name != path.name) {
            path.super_types = self.super_types(path, part.action_with_assignment, name);
            (path.properties, path.rule_calls, path.name) = (EMPTY, EMPTY, name);
        }
        path.properties = self.with_properties(path.properties, part.properties);
        path.rule_calls = self.with_calls(path.rule_calls, part.rule_calls);
    }

    fn with_properties(&mut self, before: ChainId, own: Stretch) -> ChainId {
        if own.range().is_empty() {
            return before;
        }
        let entries = self.graph.properties.get(own);
        let about = About {
            distinct: (before == EMPTY && entries.len() == 1) || entries.iter().all(|entry| !entry.repeated),
            settled: entries.iter().all(|entry| self.arena.merges_to_itself(entry.property.ty)),
        };
        self.graph.properties.extended(before, own, about)
    }

    fn with_calls(&mut self, before: ChainId, own: Stretch) -> ChainId {
        let about = About { distinct: before == EMPTY && own.range().len() == 1, settled: true };
        self.graph.rule_calls.extended(before, own, about)
    }

    /// The super types of the type `name` that an action begins where `path` stands.
    fn super_types(&mut self, path: &Path, with_assignment: bool, name: Name) -> Stretch {
        let names = &mut self.room.super_types;
        let start = names.len();
        if with_assignment {
            names.push(self.root);
        } else {
            names.push(path.name);
            self.graph.rule_calls.behind(EMPTY, path.rule_calls, &mut self.room.stretches);
            let calls = self.room.stretches.iter().flat_map(|&stretch| self.graph.rule_calls.get(stretch));
            names.extend(calls);
        }
        self.drop_repeated_super_types(start, Some(name))
    }

    /// The super types from `start` on, each once, and without `except`.
    fn drop_repeated_super_types(&mut self, start: usize, except: Option<Name>) -> Stretch {
        let Room { super_types, merging, .. } = &mut *self.room;
        merging.names.clear();
        let mut kept = start;
        for at in start..super_types.len() {
            let name = super_types[at];
            if Some(name) != except && merging.names.is_new(name.index()) {
                super_types[kept] = name;
                kept += 1;
            }
        }
        super_types.truncate(kept);
        Stretch { start: start as u32, end: kept as u32 }
    }
}

// Merging
impl Walk<'_> {
    /// Merges the paths from `start` on in [`Room::done`] that stand at the same part with the same type.
    fn merge_done(&mut self, start: usize) {
        let mut done = std::mem::take(&mut self.room.done);
        let paths = &mut done[start..];
        let same = |one: &Path, other: &Path| one.current == other.current && one.name == other.name;
        let mut kept = start;
        if !paths.windows(2).all(|pair| same(&pair[0], &pair[1])) {
            group_by(paths, &mut self.room.merging.names, |path| path.current.index());
            for paths in paths.chunk_by_mut(|one, other| one.current == other.current) {
                group_by(paths, &mut self.room.merging.names, |path| path.name.index());
            }
        }
        let mut from = start;
        while from < done.len() {
            let count = done[from..].iter().take_while(|path| same(path, &done[from])).count();
            done[kept] = self.merge(&done[from..from + count]);
            kept += 1;
            from += count;
        }
        done.truncate(kept);
        self.room.done = done;
    }

    /// Merges paths with the same type, of which there is at least one.
    fn merge(&mut self, group: &[Path]) -> Path {
        let mut merged = group[0];
        merged.properties = self.distinct(merged.properties);
        if group.len() > 1 {
            merged.properties = self.merge_properties(merged, &group[1..]);
            merged.ended = group.iter().all(|path| path.ended);
            merged.super_types = self.merge_super_types(group);
        }
        merged.rule_calls = self.merge_calls(group);
        merged
    }

    /// Merges properties of the same name in one list.
    fn distinct(&mut self, list: ChainId) -> ChainId {
        let mut base = self.graph.properties.last(list, |about| about.distinct);
        if base == list {
            return list;
        }
        loop {
            let Room { merging, stretches, .. } = &mut *self.room;
            self.graph.properties.behind(base, list, stretches);
            merging.start();
            let mut behind = 0;
            let in_base = stretches.iter().flat_map(|stretch| stretch.range()).find_map(|at| {
                let entry = self.graph.properties.item(at as u32);
                behind += 1;
                let absorbed = self.graph.absorbed(base, entry, merging, self.arena);
                if let Absorbed::No = absorbed {
                    merging.add(entry, 0, 1, self.arena);
                }
                absorbed.before()
            });
            match in_base {
                Some(before) => base = before,
                None if behind == merging.len() => {
                    self.graph.properties.set_distinct(list);
                    return list;
                }
                None => return self.graph.append_merged(base, 1, merging, self.arena),
            }
        }
    }

    /// What the lists of `first`, which is distinct, and `others` say together. All begin with the same, which needs no
    /// merging unless a property of that name follows, or merging it with itself changes it.
    fn merge_properties(&mut self, first: Path, others: &[Path]) -> ChainId {
        let chains = &self.graph.properties;
        let common = others.iter().fold(first.properties, |common, other| chains.common(common, other.properties));
        let mut base = chains.last(common, |about| about.settled);
        loop {
            match self.merge_behind(base, first, others) {
                Ok(merged) => return merged,
                Err(before) => base = self.graph.properties.last(before, |about| about.settled),
            }
        }
    }

    /// Merges what `first` and `others` have behind `base`; the error is a shorter beginning that has to be tried.
    fn merge_behind(&mut self, base: ChainId, first: Path, others: &[Path]) -> Result<ChainId, ChainId> {
        let Room { merging, stretches, .. } = &mut *self.room;
        // With rule calls, the result may be of another type: what is missing there says nothing about this one.
        let is_member = |path: &Path| u32::from(path.rule_calls == EMPTY);
        let mut members = is_member(&first);
        merging.start();
        self.graph.properties.behind(base, first.properties, stretches);
        for at in stretches.iter().flat_map(|stretch| stretch.range()) {
            merging.first(self.graph.properties.item(at as u32), members);
        }
        for (number, path) in (1..).zip(others) {
            members += is_member(path);
            self.graph.properties.behind(base, path.properties, stretches);
            for at in stretches.iter().flat_map(|stretch| stretch.range()) {
                let entry = self.graph.properties.item(at as u32);
                match self.graph.absorbed(base, entry, merging, self.arena) {
                    Absorbed::No => merging.add(entry, number, is_member(path), self.arena),
                    Absorbed::Yes => {}
                    Absorbed::Changes { before } => return Err(before),
                }
            }
        }
        Ok(self.graph.append_merged(base, members, merging, self.arena))
    }

    /// The rule calls of all paths, each once.
    fn merge_calls(&mut self, group: &[Path]) -> ChainId {
        let first = group[0].rule_calls;
        let chains = &mut self.graph.rule_calls;
        if chains.about(first).distinct && group.iter().all(|path| path.rule_calls == first) {
            return first;
        }
        let common = group.iter().fold(first, |common, path| chains.common(common, path.rule_calls));
        let base = chains.last(common, |about| about.distinct);
        let Room { merging, stretches, .. } = &mut *self.room;
        merging.names.clear();
        chains.behind(EMPTY, base, stretches);
        for name in stretches.iter().flat_map(|&stretch| chains.get(stretch)) {
            merging.names.is_new(name.index());
        }
        let start = chains.len();
        for path in group {
            chains.behind(base, path.rule_calls, stretches);
            for at in stretches.iter().flat_map(|stretch| stretch.range()) {
                let name = chains.item(at as u32);
                if merging.names.is_new(name.index()) {
                    chains.add([name]);
                }
            }
        }
        let own = Stretch { start, end: chains.len() };
        chains.extended(base, own, About { distinct: true, settled: true })
    }

    fn merge_super_types(&mut self, group: &[Path]) -> Stretch {
        let first = group[0].super_types;
        if group.iter().all(|path| path.super_types == first) {
            return first;
        }
        let names = &mut self.room.super_types;
        let start = names.len();
        group.iter().for_each(|path| names.extend_from_within(path.super_types.range()));
        self.drop_repeated_super_types(start, None)
    }

    fn add_type(&mut self, rule: u32, path: Path, types: &mut Alternatives) {
        let Room { stretches, super_types, .. } = &mut *self.room;
        let RuleGraph { properties, rule_calls, .. } = &*self.graph;
        let super_types = &super_types[path.super_types.range()];
        properties.behind(EMPTY, path.properties, stretches);
        let mut call_stretches = Vec::new();
        rule_calls.behind(EMPTY, path.rule_calls, &mut call_stretches);
        let properties = stretches.iter().flat_map(|&stretch| properties.get(stretch)).map(|entry| entry.property);
        let rule_calls = call_stretches.iter().flat_map(|&stretch| rule_calls.get(stretch)).copied();
        types.push((rule, path.name), properties, super_types, rule_calls);
    }
}

/// Whether the beginning of a list says all that a property behind it says.
enum Absorbed {
    /// It has no such property.
    No,
    Yes,
    /// It has one of another type: the list up to there.
    Changes {
        before: ChainId,
    },
}

impl Absorbed {
    fn before(self) -> Option<ChainId> {
        match self {
            Absorbed::No | Absorbed::Yes => None,
            Absorbed::Changes { before } => Some(before),
        }
    }
}

impl RuleGraph {
    /// Whether the list `base` absorbs `entry`, which is behind it. What is being merged already is not in `base`.
    fn absorbed(&self, base: ChainId, entry: Entry, merging: &Merging, arena: &mut TypeArena) -> Absorbed {
        let name = entry.property.name;
        if !entry.repeated || merging.has(name) {
            return Absorbed::No;
        }
        let Some((link, first)) = self.properties.find(base, |first| first.property.name == name) else { return Absorbed::No };
        arena.merge_origins(first.property.origins, entry.property.origins);
        if arena.absorbs(first.property.ty, entry.property.ty) {
            Absorbed::Yes
        } else {
            Absorbed::Changes { before: self.properties.before(link) }
        }
    }

    /// The list `base` with what was merged behind it.
    fn append_merged(&mut self, base: ChainId, members: u32, merging: &mut Merging, arena: &mut TypeArena) -> ChainId {
        let own = self.properties.add(merging.finish(members, arena));
        let entries = self.properties.get(own);
        let settled = entries.iter().all(|entry| arena.merges_to_itself(entry.property.ty));
        self.properties.extended(base, own, About { distinct: true, settled })
    }
}

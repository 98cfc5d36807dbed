//! Merging what several ways through a rule, or several rules, say about one type.

use super::property::{Merger, TypeArena};
use super::{CommentId, Property};
use crate::text::Name;
use crate::tree::Part as Stretch;

/// Types that rules create, with the lists of all of them in the same vectors.
#[derive(Clone, Debug, Default)]
pub(super) struct Alternatives {
    pub(super) list: Vec<TypeAlternative>,
    pub(super) properties: Vec<Property>,
    pub(super) names: Vec<Name>,
}

/// A type that a rule creates.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeAlternative {
    pub(super) rule: u32,
    pub(super) name: Name,
    pub(super) comment: Option<CommentId>,
    pub(super) properties: Stretch,
    pub(super) super_types: Stretch,
    /// Types of the rules that are called without assignment: what the rule returns may be one of those instead.
    pub(super) rule_calls: Stretch,
}

impl Alternatives {
    /// Forgets everything, and keeps the room that it took.
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.properties.clear();
        self.names.clear();
    }

    /// None yet, but behind these properties.
    pub(super) fn behind(properties: Vec<Property>) -> Alternatives {
        Alternatives { properties, ..Alternatives::default() }
    }

    /// Adds properties that belong to no alternative.
    pub(super) fn add_properties(&mut self, properties: impl IntoIterator<Item = Property>) -> Stretch {
        appended(&mut self.properties, properties.into_iter())
    }

    /// Adds the type `name` of `rule`.
    pub(super) fn push(
        &mut self,
        (rule, name): (u32, Name),
        properties: impl Iterator<Item = Property>,
        super_types: &[Name],
        rule_calls: impl Iterator<Item = Name>,
    ) {
        let properties = appended(&mut self.properties, properties);
        let super_types = appended(&mut self.names, super_types.iter().copied());
        let rule_calls = appended(&mut self.names, rule_calls);
        self.list.push(TypeAlternative { rule, name, comment: None, properties, super_types, rule_calls });
    }

    /// Adds all of `other`.
    pub(super) fn append(&mut self, other: &Alternatives) {
        let (properties, names) = (self.properties.len() as u32, self.names.len() as u32);
        self.properties.extend_from_slice(&other.properties);
        self.names.extend_from_slice(&other.names);
        self.list.extend(other.list.iter().map(|&alternative| TypeAlternative {
            properties: shifted(alternative.properties, properties),
            super_types: shifted(alternative.super_types, names),
            rule_calls: shifted(alternative.rule_calls, names),
            ..alternative
        }));
    }

    pub(super) fn properties(&self, alternative: &TypeAlternative) -> &[Property] {
        &self.properties[alternative.properties.range()]
    }

    pub(super) fn super_types(&self, alternative: &TypeAlternative) -> &[Name] {
        &self.names[alternative.super_types.range()]
    }

    pub(super) fn rule_calls(&self, alternative: &TypeAlternative) -> &[Name] {
        &self.names[alternative.rule_calls.range()]
    }

    /// Merges alternatives of the same name, in the order of first appearance (`flattenTypes`).
    pub(super) fn merge_by_name(&mut self, arena: &mut TypeArena, merging: &mut Merging) {
        let alternatives = std::mem::take(&mut self.list);
        merging.names.clear();
        // By place: the next one of the same name; itself for the last one, and none of the first of others.
        let mut next: Vec<u32> = (0..alternatives.len() as u32).collect();
        let mut lasts = next.clone();
        let mut is_first = vec![true; next.len()];
        for (at, alternative) in (0..).zip(&alternatives) {
            let first = merging.names.slot(alternative.name.index(), at);
            if first != at {
                let last = std::mem::replace(&mut lasts[first as usize], at);
                next[last as usize] = at;
                is_first[at as usize] = false;
            }
        }
        self.list.reserve_exact(alternatives.len());
        for at in (0..alternatives.len()).filter(|&at| is_first[at]) {
            if next[at] as usize == at {
                self.list.push(alternatives[at]);
                continue;
            }
            let following = |at: &u32| Some(next[*at as usize]).filter(|next| next != at);
            let mut group = std::iter::successors(Some(at as u32), following).map(|at| &alternatives[at as usize]);
            let merged = self.merge(&mut group, arena, merging);
            self.list.extend(merged);
        }
    }

    fn merge<'a>(
        &mut self,
        group: &mut (impl Iterator<Item = &'a TypeAlternative> + Clone),
        arena: &mut TypeArena,
        merging: &mut Merging,
    ) -> Option<TypeAlternative> {
        let all = group.clone();
        let mut merged = *group.next()?;
        merging.start();
        // With rule calls, the result may be of another type: what is missing there says nothing about this one.
        let is_member = |alternative: &TypeAlternative| u32::from(alternative.rule_calls.range().is_empty());
        let mut members = is_member(&merged);
        for &property in &self.properties[merged.properties.range()] {
            merging.first(Entry { property, repeated: false }, members);
        }
        for (number, alternative) in (1..).zip(group) {
            members += is_member(alternative);
            for &property in &self.properties[alternative.properties.range()] {
                merging.add(Entry { property, repeated: false }, number, is_member(alternative), arena);
            }
            merged.comment = merged.comment.or(alternative.comment);
        }
        let properties = merging.finish(members, arena).map(|entry| entry.property);
        merged.properties = appended(&mut self.properties, properties);
        merged.super_types = self.merge_names(all.clone().map(|alternative| alternative.super_types), merging);
        merged.rule_calls = self.merge_names(all.map(|alternative| alternative.rule_calls), merging);
        Some(merged)
    }

    /// The names in `lists`, each once.
    fn merge_names(&mut self, lists: impl Iterator<Item = Stretch>, merging: &mut Merging) -> Stretch {
        merging.names.clear();
        let start = self.names.len();
        for index in lists.flat_map(Stretch::range) {
            let name = self.names[index];
            if merging.names.is_new(name.index()) {
                self.names.push(name);
            }
        }
        Stretch { start: start as u32, end: self.names.len() as u32 }
    }
}

fn appended<T>(list: &mut Vec<T>, items: impl Iterator<Item = T>) -> Stretch {
    let start = list.len() as u32;
    list.extend(items);
    Stretch { start, end: list.len() as u32 }
}

fn shifted(stretch: Stretch, by: u32) -> Stretch {
    Stretch { start: stretch.start + by, end: stretch.end + by }
}

/// A property in the lists of a rule.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) property: Property,
    /// The rule has other properties of the same name. Those that have none need not be looked for.
    pub(super) repeated: bool,
}

/// The properties of a type being merged, and room for merging, reused for all rules of an analysis.
#[derive(Clone, Debug)]
pub(super) struct Merging {
    /// By name: its place in what is being merged.
    pub(super) names: Scratch,
    merged: Vec<Merged>,
    mergers: Vec<Merger>,
    mergers_used: usize,
}

#[derive(Clone, Copy, Debug)]
struct Merged {
    entry: Entry,
    /// In how many alternatives without rule calls it occurs, and in which alternative last.
    count: u32,
    last: u32,
    /// What merges its types, if there are several.
    merger: Option<u32>,
}

impl Merging {
    /// For names below `names`.
    pub(super) fn new(names: usize) -> Merging {
        Merging { names: Scratch::new(names), merged: Vec::new(), mergers: Vec::new(), mergers_used: 0 }
    }

    /// Starts with no properties.
    pub(super) fn start(&mut self) {
        self.names.clear();
        self.merged.clear();
        self.mergers_used = 0;
    }

    /// How many properties there are.
    pub(super) fn len(&self) -> usize {
        self.merged.len()
    }

    /// Whether there is such a property.
    pub(super) fn has(&self, name: Name) -> bool {
        self.names.get(name.index()).is_some()
    }

    /// Adds one of the first alternative, which are of different names; `members` is 1 if that has no rule calls.
    pub(super) fn first(&mut self, entry: Entry, members: u32) {
        self.names.slot(entry.property.name.index(), self.merged.len() as u32);
        self.merged.push(Merged { entry, count: members, last: 0, merger: None });
    }

    /// Adds one of the alternative of that number; `members` is 1 if that has no rule calls.
    pub(super) fn add(&mut self, entry: Entry, alternative: u32, members: u32, arena: &mut TypeArena) {
        let slot = self.names.slot(entry.property.name.index(), self.merged.len() as u32);
        let Some(merged) = self.merged.get_mut(slot as usize) else {
            self.merged.push(Merged { entry, count: members, last: alternative, merger: None });
            return;
        };
        let (first, property) = (&merged.entry.property, &entry.property);
        arena.merge_origins(first.origins, property.origins);
        if merged.last != alternative {
            merged.count += members;
            merged.last = alternative;
        }
        match merged.merger {
            Some(merger) => self.mergers[merger as usize].add(arena, property.ty),
            None if arena.absorbs(first.ty, property.ty) => {}
            None => {
                if self.mergers_used == self.mergers.len() {
                    self.mergers.push(Merger::default());
                }
                let merger = &mut self.mergers[self.mergers_used];
                merger.start(arena, first.ty);
                merger.add(arena, property.ty);
                merged.merger = Some(self.mergers_used as u32);
                self.mergers_used += 1;
            }
        }
    }

    /// The properties with their merged types; those that not all of `members` alternatives without rule calls have are
    /// optional.
    pub(super) fn finish<'m>(
        &'m mut self,
        members: u32,
        arena: &'m mut TypeArena,
    ) -> impl ExactSizeIterator<Item = Entry> + use<'m> {
        let mergers = &mut self.mergers;
        self.merged.iter().map(move |merged| {
            let mut entry = merged.entry;
            entry.property.optional |= merged.count < members;
            if let Some(merger) = merged.merger {
                entry.property.ty = mergers[merger as usize].finish(arena);
            }
            entry
        })
    }
}

/// A table by name or part that forgets in no time.
#[derive(Clone, Debug)]
pub(super) struct Scratch {
    slots: Vec<Slot>,
    stamp: u32,
}

impl Default for Scratch {
    fn default() -> Scratch {
        Scratch::new(0)
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// The table's, when the slot was filled.
    stamp: u32,
    value: u32,
}

impl Scratch {
    /// For keys below `keys`; it grows if there are others.
    pub(super) fn new(keys: usize) -> Scratch {
        Scratch { slots: vec![Slot::default(); keys], stamp: 1 }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.stamp += 1;
    }

    /// What is known for `key`.
    pub(super) fn get(&self, key: usize) -> Option<u32> {
        self.slots.get(key).filter(|slot| slot.stamp == self.stamp).map(|slot| slot.value)
    }

    /// What is known for `key`; from now on `fresh` if that was nothing.
    pub(super) fn slot(&mut self, key: usize, fresh: u32) -> u32 {
        if self.slots.len() <= key {
            self.slots.resize(key + 1, Slot::default());
        }
        let slot = &mut self.slots[key];
        if slot.stamp != self.stamp {
            *slot = Slot { stamp: self.stamp, value: fresh };
        }
        slot.value
    }

    /// Whether nothing was known for `key`; from now on it is.
    pub(super) fn is_new(&mut self, key: usize) -> bool {
        let is_new = self.get(key).is_none();
        self.slot(key, 0);
        is_new
    }
}

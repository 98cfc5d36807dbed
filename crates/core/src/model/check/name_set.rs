//! Sets of names.

use rustc_hash::FxHashSet;

use crate::text::{Name, Names};

/// A set of names: a bit for each name there is, or, where far fewer are expected, a hash table. So a set never costs more
/// than what is put into it, in a project of many small files too.
pub(super) enum NameSet {
    Bits(Vec<u64>),
    Hashed(FxHashSet<Name>),
}

impl NameSet {
    /// An empty set for about so many of `names`.
    pub(super) fn new(names: &Names, expected: usize) -> NameSet {
        let words = names.len().div_ceil(64);
        if words <= expected.max(8) { NameSet::Bits(vec![0; words]) } else { NameSet::Hashed(FxHashSet::default()) }
    }

    /// Whether the name is new.
    pub(super) fn insert(&mut self, name: Name) -> bool {
        match self {
            NameSet::Bits(words) => {
                let (word, bit) = (&mut words[name.index() / 64], 1 << (name.index() % 64));
                let is_new = *word & bit == 0;
                *word |= bit;
                is_new
            }
            NameSet::Hashed(names) => names.insert(name),
        }
    }

    pub(super) fn contains(&self, name: Name) -> bool {
        match self {
            NameSet::Bits(words) => words[name.index() / 64] & 1 << (name.index() % 64) != 0,
            NameSet::Hashed(names) => names.contains(&name),
        }
    }
}

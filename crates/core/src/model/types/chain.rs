//! Lists that share their beginnings: what ways through a rule have found so far.
//!
//! A list is a chain of **links**, each a stretch of one vector, from its last link to its first. Ways that fork go on with
//! the same link, at no cost; where they join, only what is behind their last common link can differ. Copying whole lists
//! at each fork and joining them entry by entry took half of the time for types, and its square for long rules.

use crate::tree::Part as Stretch;

/// A list, by its last link among the [`Chains`]' links.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct ChainId(u32);

/// All lists of one rule, and their items.
#[derive(Clone, Debug)]
pub(super) struct Chains<T> {
    items: Vec<T>,
    links: Vec<Link>,
}

#[derive(Clone, Copy, Debug)]
struct Link {
    /// What comes before; the link itself for the empty list.
    before: ChainId,
    items: Stretch,
    /// How many links are before it.
    depth: u32,
    about: About,
}

/// What is known of a list from its beginning to some link.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    /// No two items have the same name.
    pub(super) distinct: bool,
    /// Merging it with itself changes nothing.
    pub(super) settled: bool,
}

impl<T> Default for Chains<T> {
    fn default() -> Chains<T> {
        let about = About { distinct: true, settled: true };
        Chains { items: Vec::new(), links: vec![Link { before: EMPTY, items: Stretch { start: 0, end: 0 }, depth: 0, about }] }
    }
}

/// The list without items.
pub(super) const EMPTY: ChainId = ChainId(0);

impl<T: Copy> Chains<T> {
    /// Forgets all lists but the empty one.
    pub(super) fn clear(&mut self) {
        self.items.clear();
        self.links.truncate(1);
    }

    /// The number of items.
    pub(super) fn len(&self) -> u32 {
        self.items.len() as u32
    }

    /// Adds items that belong to no list yet; the result is where they are.
    pub(super) fn add(&mut self, items: impl IntoIterator<Item = T>) -> Stretch {
        let start = self.len();
        self.items.extend(items);
        Stretch { start, end: self.len() }
    }

    pub(super) fn get(&self, stretch: Stretch) -> &[T] {
        &self.items[stretch.range()]
    }

    pub(super) fn get_mut(&mut self, stretch: Stretch) -> &mut [T] {
        &mut self.items[stretch.range()]
    }

    pub(super) fn item(&self, index: u32) -> T {
        self.items[index as usize]
    }

    pub(super) fn item_mut(&mut self, index: u32) -> &mut T {
        &mut self.items[index as usize]
    }

    /// The list `before` with the items of `stretch` behind it, of which `about` is known.
    pub(super) fn extended(&mut self, before: ChainId, stretch: Stretch, about: About) -> ChainId {
        if stretch.start == stretch.end {
            return before;
        }
        let Link { depth, about: known, .. } = *self.link(before);
        let about = About { distinct: known.distinct && about.distinct, settled: known.settled && about.settled };
        self.links.push(Link { before, items: stretch, depth: depth + 1, about });
        ChainId(self.links.len() as u32 - 1)
    }

    fn link(&self, id: ChainId) -> &Link {
        &self.links[id.0 as usize]
    }

    pub(super) fn about(&self, id: ChainId) -> About {
        self.link(id).about
    }

    /// The list without its last link.
    pub(super) fn before(&self, id: ChainId) -> ChainId {
        self.link(id).before
    }

    /// The last link up to which all that `is_fine` asks for is true.
    pub(super) fn last(&self, mut id: ChainId, is_fine: impl Fn(About) -> bool) -> ChainId {
        while !is_fine(self.about(id)) {
            id = self.before(id);
        }
        id
    }

    /// Says that no two items of the list have the same name.
    pub(super) fn set_distinct(&mut self, mut id: ChainId) {
        while !self.about(id).distinct {
            self.links[id.0 as usize].about.distinct = true;
            id = self.before(id);
        }
    }

    /// What both lists begin with.
    pub(super) fn common(&self, mut one: ChainId, mut other: ChainId) -> ChainId {
        while one != other {
            let (depth, other_depth) = (self.link(one).depth, self.link(other).depth);
            if depth >= other_depth {
                one = self.before(one);
            }
            if other_depth >= depth {
                other = self.before(other);
            }
        }
        one
    }

    /// Sets `stretches` to those of the list `whole` behind its beginning `before`, in order.
    pub(super) fn behind(&self, before: ChainId, mut whole: ChainId, stretches: &mut Vec<Stretch>) {
        stretches.clear();
        while whole != before {
            stretches.push(self.link(whole).items);
            whole = self.before(whole);
        }
        stretches.reverse();
    }

    /// The last item of the list that `is_it`, with its link.
    pub(super) fn find(&self, mut id: ChainId, is_it: impl Fn(&T) -> bool) -> Option<(ChainId, T)> {
        while id != EMPTY {
            if let Some(&item) = self.get(self.link(id).items).iter().rev().find(|item| is_it(item)) {
                return Some((id, item));
            }
            id = self.before(id);
        }
        None
    }
}

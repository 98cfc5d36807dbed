//! A set that remembers the order of insertion, as JavaScript's `Set` does.

use std::hash::Hash;

use rustc_hash::FxHashSet;

/// Distinct items in the order in which they were first added.
#[derive(Clone, Debug)]
pub struct OrderedSet<T> {
    items: Vec<T>,
    /// All items, once there are more than [`SCAN_LIMIT`].
    index: FxHashSet<T>,
}

/// Up to this many items, looking at each is cheaper than hashing. Picked by gut feeling.
const SCAN_LIMIT: usize = 16;

impl<T> Default for OrderedSet<T> {
    fn default() -> OrderedSet<T> {
        OrderedSet { items: Vec::new(), index: FxHashSet::default() }
    }
}

impl<T: Copy + Eq + Hash> OrderedSet<T> {
    /// Adds `item`; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        if self.contains(item) {
            return false;
        }
        self.items.push(item);
        if self.items.len() > SCAN_LIMIT {
            if self.index.is_empty() {
                self.index.extend(&self.items);
            } else {
                self.index.insert(item);
            }
        }
        true
    }

    /// Whether `item` was added.
    pub fn contains(&self, item: T) -> bool {
        if self.items.len() > SCAN_LIMIT { self.index.contains(&item) } else { self.items.contains(&item) }
    }

    /// Removes all items.
    pub fn clear(&mut self) {
        *self = OrderedSet::default();
    }

    /// The items in order.
    pub fn as_slice(&self) -> &[T] {
        &self.items
    }

    /// The items in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = T> + '_ {
        self.items.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl<T: Copy + Eq + Hash> FromIterator<T> for OrderedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> OrderedSet<T> {
        let mut set = OrderedSet::default();
        items.into_iter().for_each(|item| {
            set.insert(item);
        });
        set
    }
}

//! A set that remembers the order of insertion, as JavaScript's `Set` does.

use std::hash::Hash;

use rustc_hash::FxHashSet;

/// Distinct items in the order in which they were first added.
#[derive(Clone, Debug)]
pub struct OrderedSet<T> {
    items: Vec<T>,
    /// All items, once there are more than [`SCAN_LIMIT`]. In a box, since few sets are that big and every type has four.
    index: Option<Box<FxHashSet<T>>>,
}

const _: () = assert!(size_of::<OrderedSet<u32>>() == 32);

/// Up to this many items, looking at each is cheaper than hashing. Picked by gut feeling.
const SCAN_LIMIT: usize = 16;

impl<T> Default for OrderedSet<T> {
    fn default() -> OrderedSet<T> {
        OrderedSet { items: Vec::new(), index: None }
    }
}

impl<T: Copy + Eq + Hash> OrderedSet<T> {
    /// Adds `item`; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        if self.contains(item) {
            return false;
        }
        self.items.push(item);
        match &mut self.index {
            Some(index) => {
                index.insert(item);
            }
            None if self.items.len() > SCAN_LIMIT => self.index = Some(Box::new(self.items.iter().copied().collect())),
            None => {}
        }
        true
    }

    /// Whether `item` was added.
    pub fn contains(&self, item: T) -> bool {
        match &self.index {
            Some(index) => index.contains(&item),
            None => self.items.contains(&item),
        }
    }

    /// Removes all items, and keeps the room that they took.
    pub fn clear(&mut self) {
        self.items.clear();
        self.index = None;
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

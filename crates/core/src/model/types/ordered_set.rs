//! A set that remembers the order of insertion, as JavaScript's `Set` does.

use std::hash::Hash;

use rustc_hash::FxHashSet;

/// Distinct items in the order in which they were first added. Every type has four, most with up to three items: those
/// need no memory of their own.
#[derive(Clone, Debug)]
pub struct OrderedSet<T>(Items<T>);

#[derive(Clone, Debug)]
enum Items<T> {
    None,
    /// So many of them.
    Few(u8, [T; 3]),
    Many(Box<Many<T>>),
}

#[derive(Clone, Debug)]
struct Many<T> {
    items: Vec<T>,
    /// All items, once there are more than [`SCAN_LIMIT`].
    index: FxHashSet<T>,
}

const _: () = assert!(size_of::<OrderedSet<u32>>() == 16);

/// Up to this many items, looking at each is cheaper than hashing. Picked by gut feeling.
const SCAN_LIMIT: usize = 16;

impl<T> Default for OrderedSet<T> {
    fn default() -> OrderedSet<T> {
        OrderedSet(Items::None)
    }
}

impl<T: Copy + Eq + Hash> OrderedSet<T> {
    /// Adds `item`; whether it is new.
    pub fn insert(&mut self, item: T) -> bool {
        if self.contains(item) {
            return false;
        }
        match &mut self.0 {
            Items::None => self.0 = Items::Few(1, [item; 3]),
            Items::Few(count, few) if usize::from(*count) < few.len() => {
                few[usize::from(*count)] = item;
                *count += 1;
            }
            Items::Few(_, few) => {
                let mut items = Vec::with_capacity(2 * few.len() + 2);
                items.extend_from_slice(few);
                items.push(item);
                self.0 = Items::Many(Box::new(Many { items, index: FxHashSet::default() }));
            }
            Items::Many(many) => many.push(item),
        }
        true
    }

    /// Whether `item` was added.
    pub fn contains(&self, item: T) -> bool {
        match &self.0 {
            Items::Many(many) if !many.index.is_empty() => many.index.contains(&item),
            _ => self.as_slice().contains(&item),
        }
    }

    /// Removes all items, and keeps the room that they took.
    pub fn clear(&mut self) {
        match &mut self.0 {
            Items::None => {}
            Items::Few(..) => self.0 = Items::None,
            Items::Many(many) => {
                many.items.clear();
                many.index.clear();
            }
        }
    }

    /// The items in order.
    pub fn as_slice(&self) -> &[T] {
        match &self.0 {
            Items::None => &[],
            Items::Few(count, few) => &few[..usize::from(*count)],
            Items::Many(many) => &many.items,
        }
    }

    /// The items in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = T> + '_ {
        self.as_slice().iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

impl<T: Copy + Eq + Hash> Many<T> {
    fn push(&mut self, item: T) {
        self.items.push(item);
        if !self.index.is_empty() {
            self.index.insert(item);
        } else if self.items.len() > SCAN_LIMIT {
            self.index.extend(self.items.iter().copied());
        }
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

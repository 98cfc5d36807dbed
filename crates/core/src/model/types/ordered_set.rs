//! A set that remembers the order of insertion, as JavaScript's `Set` does.

use std::hash::Hash;

use rustc_hash::FxHashSet;

/// Distinct items in the order in which they were first added. Every type has four, most with up to three items: those
/// need no memory of their own, and most others one block.
#[derive(Clone, Debug)]
pub struct OrderedSet<T>(Items<T>);

#[derive(Clone, Debug)]
enum Items<T> {
    None,
    /// So many of them.
    Few(u8, [T; 3]),
    Some(u8, Box<[T; SCAN_LIMIT]>),
    Many(Box<Many<T>>),
}

/// More than [`SCAN_LIMIT`] items.
#[derive(Clone, Debug)]
struct Many<T> {
    items: Vec<T>,
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
    /// The set of `items`, no two of which are the same.
    pub(super) fn of_distinct(items: &[T]) -> OrderedSet<T> {
        OrderedSet(match *items {
            [] => Items::None,
            [one] => Items::Few(1, [one; 3]),
            [one, two] => Items::Few(2, [one, two, two]),
            [one, two, three] => Items::Few(3, [one, two, three]),
            [first, ..] if items.len() <= SCAN_LIMIT => {
                let mut some = Box::new([first; SCAN_LIMIT]);
                some[..items.len()].copy_from_slice(items);
                Items::Some(items.len() as u8, some)
            }
            _ => Items::Many(Box::new(Many { items: items.to_vec(), index: items.iter().copied().collect() })),
        })
    }

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
            Items::Few(count, few) => {
                let mut some = Box::new([item; SCAN_LIMIT]);
                some[..few.len()].copy_from_slice(few);
                self.0 = Items::Some(*count + 1, some);
            }
            Items::Some(count, some) if usize::from(*count) < some.len() => {
                some[usize::from(*count)] = item;
                *count += 1;
            }
            Items::Some(_, some) => {
                let items = [&some[..], &[item]].concat();
                let index = items.iter().copied().collect();
                self.0 = Items::Many(Box::new(Many { items, index }));
            }
            Items::Many(many) => {
                many.items.push(item);
                many.index.insert(item);
            }
        }
        true
    }

    /// Whether `item` was added.
    pub fn contains(&self, item: T) -> bool {
        match &self.0 {
            Items::Many(many) => many.index.contains(&item),
            _ => self.as_slice().contains(&item),
        }
    }

    /// Removes all items, and keeps the room that they took.
    pub fn clear(&mut self) {
        match &mut self.0 {
            Items::None => {}
            Items::Few(count, _) | Items::Some(count, _) => *count = 0,
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
            Items::Some(count, some) => &some[..usize::from(*count)],
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

impl<T: Copy + Eq + Hash> FromIterator<T> for OrderedSet<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> OrderedSet<T> {
        let mut set = OrderedSet::default();
        items.into_iter().for_each(|item| {
            set.insert(item);
        });
        set
    }
}

//! Interned strings: equal text, equal [`Name`], so that the rest of the compiler compares and indexes by number.

use std::hash::{BuildHasher, BuildHasherDefault};
use std::num::NonZeroU32;

use hashbrown::HashTable;
use rustc_hash::FxHasher;

/// A string of one [`Names`], as a number. `Option<Name>` is as small as `Name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(NonZeroU32);

impl Name {
    /// Position in the order of interning, for tables indexed by name.
    pub const fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    const fn from_index(index: usize) -> Name {
        match NonZeroU32::new(index as u32 + 1) {
            Some(number) => Name(number),
            None => panic!("more than 4 billion names"),
        }
    }

    /// The number itself, for storage in a flat vector; [`Name::from_raw`] is the way back.
    pub const fn raw(self) -> u32 {
        self.0.get()
    }

    /// The name that [`Name::raw`] gave.
    ///
    /// # Panics
    /// If `raw` is 0, which no name gives.
    pub const fn from_raw(raw: u32) -> Name {
        Name::from_index(raw as usize - 1)
    }
}

/// The strings behind [`Name`]s: one buffer, one table of hashes. Append-only, so a name stays valid for ever.
#[derive(Clone, Debug)]
pub struct Names {
    text: String,
    ends: Vec<u32>,
    table: HashTable<Name>,
}

/// Defines the names that every [`Names`] starts with, so that code can refer to them as constants.
macro_rules! known_names {
    ($($constant:ident = $text:literal),* $(,)?) => {
        /// Names that exist in every [`Names`](super::Names), as constants.
        pub mod known {
            use super::Name;
            #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
            enum Order { $($constant),* }
            $(
                #[doc = concat!("`", $text, "`")]
                pub const $constant: Name = Name::from_index(Order::$constant as usize);
            )*
            pub(super) const ALL: &[&str] = &[$($text),*];
        }
    };
}

known_names! {
    EMPTY = "",
    STRING = "string",
    NUMBER = "number",
    BOOLEAN = "boolean",
    DATE = "Date",
    BIGINT = "bigint",
    UNKNOWN = "unknown",
    LEFT = "left",
    RIGHT = "right",
    OPERATOR = "operator",
}

impl Default for Names {
    fn default() -> Names {
        Names::new()
    }
}

impl Names {
    /// An interner that holds the [`known`] names and nothing else.
    pub fn new() -> Names {
        let mut names = Names { text: String::new(), ends: Vec::new(), table: HashTable::new() };
        for text in known::ALL {
            names.intern(text);
        }
        names
    }

    /// The name of `text`, made on first sight.
    pub fn intern(&mut self, text: &str) -> Name {
        let hash = hash(text);
        if let Some(&name) = self.table.find(hash, |&name| self.get(name) == text) {
            return name;
        }
        let name = Name::from_index(self.ends.len());
        self.text.push_str(text);
        self.ends.push(self.text.len() as u32);
        let (all, ends) = (&self.text, &self.ends);
        self.table.insert_unique(hash, name, |&name| self::hash(slice(all, ends, name)));
        name
    }

    /// The name of `text`, if it was interned before.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.table.find(hash(text), |&name| self.get(name) == text).copied()
    }

    /// The text of `name`, which must be of this interner.
    pub fn get(&self, name: Name) -> &str {
        slice(&self.text, &self.ends, name)
    }

    /// All names' texts, by [`Name::index`].
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|index| self.get(Name::from_index(index)))
    }

    /// How many names there are; every [`Name::index`] is below it.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Never true: the known names are always there.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * 4 + self.table.allocation_size()
    }
}

fn slice<'a>(text: &'a str, ends: &[u32], name: Name) -> &'a str {
    let index = name.index();
    let start = if index == 0 { 0 } else { ends[index - 1] as usize };
    &text[start..ends[index] as usize]
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<FxHasher>::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_text_gives_equal_names() {
        let mut names = Names::new();
        let a = names.intern("Person");
        assert_eq!(a, names.intern("Person"));
        assert_ne!(a, names.intern("person"));
        assert_eq!(names.get(a), "Person");
        assert_eq!(names.find("Nobody"), None);
        assert_eq!(Name::from_raw(a.raw()), a);
    }

    #[test]
    fn known_names_are_where_their_constants_say() {
        let names = Names::new();
        assert_eq!(names.get(known::STRING), "string");
        assert_eq!(names.get(known::OPERATOR), "operator");
        assert_eq!(names.find("Date"), Some(known::DATE));
    }
}

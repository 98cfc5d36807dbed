//! Interned strings: equal text, equal [`Name`], so that the rest of the compiler compares and indexes by number.

use std::hash::Hasher;
use std::num::NonZeroU32;

use rustc_hash::FxHasher;

use super::head::head;
use crate::codec::{Reader, Writer};

/// A string of one [`Names`], as a number. `Option<Name>` is as small as `Name`.
/// Packed, so that it leaves no holes in nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(Rust, packed)]
pub struct Name(NonZeroU32);

impl Name {
    /// Position in the order of interning, for tables indexed by name.
    pub const fn index(self) -> usize {
        self.raw() as usize - 1
    }

    #[inline]
    pub(crate) const fn from_index(index: usize) -> Name {
        match NonZeroU32::new(index as u32 + 1) {
            Some(number) => Name(number),
            None => panic!("more than 4 billion names"),
        }
    }

    /// The number itself, for storage in a flat vector; [`Name::from_raw`] is the way back.
    pub const fn raw(self) -> u32 {
        let Name(number) = self;
        number.get()
    }

    /// The name that [`Name::raw`] gave.
    ///
    /// # Panics
    /// If `raw` is 0, which no name gives.
    #[inline]
    pub const fn from_raw(raw: u32) -> Name {
        Name::from_index(raw as usize - 1)
    }
}

/// The strings behind [`Name`]s: one buffer and a table. Append-only, so a name stays valid for ever.
///
/// Interning was a fifth of parsing with a table that is made for keys of all kinds: 6.3 million instructions on 10,000
/// lines, 4.8 with this one. Most names have at most eight bytes, and are hashed and compared as numbers. Places next to
/// each other are tried one after the other; with three quarters in use instead of half, that took a tenth longer.
#[derive(Clone, Debug)]
pub struct Names {
    text: String,
    /// Where each name ends; before that, where the first one begins.
    borders: Vec<u32>,
    /// A power of two of entries, half of them in use at most. A name stands in the place that its hash says, or in the
    /// first free one behind it.
    table: Vec<Entry>,
}

/// A place in the table.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    hash: u32,
    /// None: the place is free.
    name: Option<Name>,
}

const _: () = assert!(size_of::<Entry>() == 8);

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
        let mut names = Names { text: String::new(), borders: vec![0], table: vec![Entry::default(); 64] };
        for text in known::ALL {
            names.intern(text);
        }
        names
    }

    /// The name of `text`, made on first sight.
    pub fn intern(&mut self, text: &str) -> Name {
        self.intern_part(text, 0, text.len())
    }

    /// The name of `text[start..end]`, made on first sight.
    #[inline]
    pub(crate) fn intern_part(&mut self, text: &str, start: usize, end: usize) -> Name {
        match self.search(text.as_bytes(), start, end) {
            Ok(name) => name,
            Err(free) => self.add(&text[start..end], free),
        }
    }

    /// The names here of all names of `others`, by their numbers there.
    ///
    /// Nearly every look into a large table waits for memory. The looks of a block of names do not need each other, so that the
    /// processor waits for them at the same time: for half of a million lines, that takes 24 ms instead of 39.
    pub fn intern_all(&mut self, others: &Names) -> Vec<Name> {
        const BLOCK: usize = 64;
        let mut names = Vec::with_capacity(others.len());
        while names.len() < others.len() {
            let block = names.len()..(names.len() + BLOCK).min(others.len());
            let last = self.table.len() - 1;
            let hash = |index| self.table[others.hash_of(Name::from_index(index)) as usize & last].hash;
            std::hint::black_box(block.clone().map(hash).fold(0, |all, hash| all ^ hash));
            names.extend(block.map(|index| self.intern(others.get(Name::from_index(index)))));
        }
        names
    }

    /// The name of `text`, if it was interned before.
    pub fn find(&self, text: &str) -> Option<Name> {
        self.search(text.as_bytes(), 0, text.len()).ok()
    }

    /// The name of `text[start..end]`, or the place in the table where it would be entered.
    #[inline]
    fn search(&self, text: &[u8], start: usize, end: usize) -> Result<Name, Free> {
        let length = end - start;
        if length > 8 {
            return self.search_long(&text[start..end]);
        }
        let word = head(text, start, end);
        self.probe(hash(|hasher| hasher.write_u64(word)), |[start, end]| {
            end - start == length && head(self.text.as_bytes(), start, end) == word
        })
    }

    #[inline(never)]
    fn search_long(&self, text: &[u8]) -> Result<Name, Free> {
        self.probe(hash(|hasher| hasher.write(text)), |[start, end]| &self.text.as_bytes()[start..end] == text)
    }

    #[inline(always)]
    fn probe(&self, hash: u32, is_it: impl Fn([usize; 2]) -> bool) -> Result<Name, Free> {
        let last = self.table.len() - 1;
        let mut place = hash as usize & last;
        while let Some(name) = self.table[place].name {
            if self.table[place].hash == hash && is_it(self.range(name)) {
                return Ok(name);
            }
            place = (place + 1) & last;
        }
        Err(Free { hash, place: place as u32 })
    }

    #[inline(never)]
    fn add(&mut self, text: &str, Free { hash, place }: Free) -> Name {
        let name = Name::from_index(self.len());
        self.text.push_str(text);
        self.borders.push(self.text.len() as u32);
        self.table[place as usize] = Entry { hash, name: Some(name) };
        if self.len() > self.table.len() / 2 {
            self.grow();
        }
        name
    }

    fn grow(&mut self) {
        let mut table = vec![Entry::default(); 2 * self.table.len()];
        let last = table.len() - 1;
        for entry in self.table.iter().filter(|entry| entry.name.is_some()) {
            let mut place = entry.hash as usize & last;
            while table[place].name.is_some() {
                place = (place + 1) & last;
            }
            table[place] = *entry;
        }
        self.table = table;
    }

    /// The text of `name`, which must be of this interner.
    #[inline]
    pub fn get(&self, name: Name) -> &str {
        let [start, end] = self.range(name);
        &self.text[start..end]
    }

    #[inline]
    fn range(&self, name: Name) -> [usize; 2] {
        let index = name.index();
        match self.borders[index..index + 2] {
            [start, end] => [start as usize, end as usize],
            _ => unreachable!("a name has two borders"),
        }
    }

    /// All names' texts, by [`Name::index`].
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.get(Name::from_index(index)))
    }

    /// All there is to know about them: their texts one after the other, and where each begins and ends.
    pub(crate) fn content(&self) -> (&str, &[u32]) {
        (&self.text, &self.borders)
    }

    /// Appends them, to be [read](Names::read) again.
    pub fn write(&self, writer: &mut Writer<'_>) {
        writer.text(&self.text);
        writer.list(&self.borders, |writer, border| writer.word(*border));
    }

    /// The names that were written, with their numbers.
    pub fn read(reader: &mut Reader<'_>) -> Option<Names> {
        let text = reader.text()?;
        let borders = reader.list(Reader::word)?;
        let is_border = |border: u32| text.is_char_boundary(border as usize);
        let is_sound = borders.first() == Some(&0)
            && borders.last().is_some_and(|&last| last as usize == text.len())
            && borders.is_sorted()
            && borders.iter().all(|&border| is_border(border));
        let count = borders.len().checked_sub(1).filter(|&count| is_sound && count >= known::ALL.len())?;
        let table = vec![Entry::default(); (2 * count).next_power_of_two().max(64)];
        let mut names = Names { text, borders, table };
        for index in 0..count {
            names.enter(Name::from_index(index));
        }
        let are_known = names.iter().zip(known::ALL).all(|(name, known)| name == *known);
        are_known.then_some(names)
    }

    /// Enters a name that is not in the table.
    fn enter(&mut self, name: Name) {
        let hash = self.hash_of(name);
        let last = self.table.len() - 1;
        let mut place = hash as usize & last;
        while self.table[place].name.is_some() {
            place = (place + 1) & last;
        }
        self.table[place] = Entry { hash, name: Some(name) };
    }

    #[inline]
    fn hash_of(&self, name: Name) -> u32 {
        let [start, end] = self.range(name);
        let text = self.text.as_bytes();
        match end - start {
            0..=8 => hash(|hasher| hasher.write_u64(head(text, start, end))),
            _ => hash(|hasher| hasher.write(&text[start..end])),
        }
    }

    /// How many names there are; every [`Name::index`] is below it.
    pub fn len(&self) -> usize {
        self.borders.len() - 1
    }

    /// Whether there are none but the [`known`] ones.
    pub(crate) fn has_only_known(&self) -> bool {
        self.len() == known::ALL.len()
    }

    /// Never true: the known names are always there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.text.capacity() + self.borders.capacity() * 4 + self.table.capacity() * size_of::<Entry>()
    }
}

/// Where a text that is not in the table would be entered.
struct Free {
    hash: u32,
    place: u32,
}

#[inline(always)]
fn hash(write: impl FnOnce(&mut FxHasher)) -> u32 {
    let mut hasher = FxHasher::default();
    write(&mut hasher);
    hasher.finish() as u32
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
    fn names_of_all_lengths_are_told_apart_however_many_there_are() {
        let mut names = Names::new();
        let texts: Vec<String> = (0..20_000).map(|number| format!("{}{number}", "aé".repeat(number % 13))).collect();
        let interned: Vec<Name> = texts.iter().map(|text| names.intern(text)).collect();
        for (text, &name) in texts.iter().zip(&interned) {
            assert_eq!(names.get(name), text);
            assert_eq!(names.find(text), Some(name));
            assert_eq!(names.intern_part(&format!("<{text}>"), 1, 1 + text.len()), name);
        }
        assert_eq!(names.len(), texts.len() + known::ALL.len());
    }

    #[test]
    fn known_names_are_where_their_constants_say() {
        let names = Names::new();
        assert_eq!(names.get(known::STRING), "string");
        assert_eq!(names.get(known::OPERATOR), "operator");
        assert_eq!(names.find("Date"), Some(known::DATE));
    }
}

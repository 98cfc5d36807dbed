//! What a helper is called with, and what looking at that counts for.
//!
//! Whatever a helper can reach is counted here: a call for the texts that it is given, a list for its items, a property for its
//! name, a comparison for its texts, and what is made up for its size. The values behind are private to this file, so that a
//! helper that is added cannot forget it.

use std::cmp::Ordering;

use super::super::budget::Budget;
use super::super::reader::Reader;
use super::super::value::{Field, Key, Value};
use super::Fault;
use crate::text::collate;

/// So many bytes of a text that is looked at count for a step: helpers take one to four nanoseconds for each, and a step stands for
/// ten.
const BYTES_OF_STEP: usize = 8;
/// What finding the number of a name counts for: a step for so many words of the vocabulary.
pub(in crate::emit::pack) const WORDS_OF_STEP: usize = 8;
/// What taking an item of a list counts for, or a name of a path: 30 ns.
const STEPS_OF_ITEM: usize = 3;
/// What asking a view for a property counts for: 40 ns, as it is any view to helpers.
const STEPS_OF_PROPERTY: usize = 4;
/// What comparing any two texts of ASCII counts for, besides their bytes: 23 ns for names.
const COMPARISON: usize = 2;
/// The same where that takes the whole algorithm with its tables, a step for each byte.
const COLLATION: usize = 20;

/// What a helper is called with.
pub(in crate::emit::pack) struct Args<'c, 'a> {
    values: &'c [Value<'a>],
    hash: &'c [Field<'a>],
    reader: Reader<'a>,
    budget: &'c mut Budget,
}

/// Names of properties, each of what the one before it gives.
pub(super) struct Path<'p>(Vec<Key<'p>>);

impl<'c, 'a> Args<'c, 'a> {
    /// Counts a call with these values.
    #[inline]
    pub(in crate::emit::pack) fn new(
        values: &'c [Value<'a>],
        hash: &'c [Field<'a>],
        reader: Reader<'a>,
        budget: &'c mut Budget,
    ) -> Result<Args<'c, 'a>, Fault> {
        let given = values.iter().chain(hash.iter().map(|(_, value)| value));
        let steps = given.fold(values.len(), |steps, value| steps + looking_at(*value));
        let mut args = Args { values, hash, reader, budget };
        args.spend(steps)?;
        Ok(args)
    }

    /// How many values are given.
    pub(super) fn count(&self) -> usize {
        self.values.len()
    }

    /// A value; nothing if it was not given.
    #[inline]
    pub(super) fn value(&self, at: usize) -> Value<'a> {
        self.values.get(at).copied().unwrap_or(Value::Undefined)
    }

    /// A value as a text. Objects have none.
    #[inline]
    pub(in crate::emit::pack) fn text(&mut self, at: usize) -> Result<&'a str, Fault> {
        match self.value(at) {
            Value::Text(text) => Ok(text),
            other => self.text_of(other),
        }
    }

    /// A value that was found, as a text. Objects have none.
    pub(super) fn text_of(&mut self, value: Value<'a>) -> Result<&'a str, Fault> {
        match value {
            Value::Object(_) | Value::Fields(_) | Value::Layered(_) | Value::List(_) | Value::Items(_) => {
                Err(format!("expected a text, but this is {}", self.reader.describe(value)).into())
            }
            plain => self.any_text_of(plain),
        }
    }

    /// The same as JavaScript makes a text of anything.
    pub(super) fn any_text_of(&mut self, value: Value<'a>) -> Result<&'a str, Fault> {
        let text = self.reader.text(value);
        self.spend(text.len() / BYTES_OF_STEP)?;
        Ok(text)
    }

    /// The value of a key; nothing if it was not given.
    pub(super) fn key_value(&self, name: &str) -> Value<'a> {
        self.hash.iter().find(|(key, _)| *key == name).map_or(Value::Undefined, |(_, value)| *value)
    }

    /// The value of a key, as a text.
    pub(super) fn key(&mut self, name: &str) -> Result<Option<&'a str>, Fault> {
        match self.key_value(name) {
            Value::Undefined => Ok(None),
            value => self.text_of(value).map(Some),
        }
    }

    /// Whether a key is given and true.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.reader.is_true(self.key_value(name))
    }

    /// The items of a list; nothing is an empty list.
    pub(super) fn list(&mut self, at: usize) -> Result<Vec<Value<'a>>, Fault> {
        let value = self.value(at);
        match (self.reader.length(value), value) {
            (Some(length), value) => {
                self.spend(STEPS_OF_ITEM * length)?;
                Ok((0..length).map(|at| self.reader.item(value, at)).collect())
            }
            (None, Value::Undefined | Value::Null) => Ok(Vec::new()),
            (None, other) => Err(format!("expected a list, but this is {}", self.reader.describe(other)).into()),
        }
    }

    /// The number of items, if `value` is a list.
    pub(super) fn length(&self, value: Value<'a>) -> Option<usize> {
        self.reader.length(value)
    }

    /// An item of a list.
    pub(super) fn item(&mut self, list: Value<'a>, at: usize) -> Result<Value<'a>, Fault> {
        self.spend(1)?;
        Ok(self.reader.item(list, at))
    }

    /// The names of an object's properties.
    pub(super) fn keys(&mut self, value: Value<'a>) -> Result<Vec<&'a str>, Fault> {
        let keys = self.reader.keys(value);
        self.spend(keys.len())?;
        Ok(keys)
    }

    /// The path that `by` names: properties, joined with `.`. The path to the item itself if there is none.
    pub(super) fn path<'p>(&mut self, by: Option<&'p str>) -> Result<Path<'p>, Fault> {
        let mut keys = Vec::new();
        for name in by.into_iter().flat_map(|by| by.split('.')) {
            keys.push(self.key_of(name)?);
        }
        Ok(Path(keys))
    }

    fn key_of<'p>(&mut self, name: &'p str) -> Result<Key<'p>, Fault> {
        self.spend(STEPS_OF_ITEM + self.reader.view.vocabulary().len() / WORDS_OF_STEP)?;
        Ok(self.reader.key(name))
    }

    /// What a path leads to from `item`.
    pub(super) fn follow(&mut self, item: Value<'a>, path: &Path<'_>) -> Result<Value<'a>, Fault> {
        let mut value = item;
        for key in &path.0 {
            // Nothing has no properties.
            if let Value::Undefined | Value::Null = value {
                return Ok(Value::Undefined);
            }
            self.spend(STEPS_OF_PROPERTY)?;
            value = self.reader.property(&value, *key);
        }
        Ok(value)
    }

    /// A property of an object, or an item of a list.
    pub(super) fn property(&mut self, object: Value<'a>, name: &str) -> Result<Value<'a>, Fault> {
        let key = self.key_of(name)?;
        Ok(self.reader.property(&object, key))
    }

    /// Whether what `value` has under `key` belongs elsewhere.
    pub(super) fn leads_elsewhere(&self, mut value: Value<'a>, key: &str) -> bool {
        while let Value::Layered(layered) = value {
            if layered.over.iter().any(|(over, _)| over.name == key) {
                return false;
            }
            value = *layered.base;
        }
        matches!(value, Value::Object(object) if self.reader.view.leads_elsewhere(object, key))
    }

    /// Whether two values are the same, or equal plain values of the same type.
    #[inline]
    pub(super) fn equal(&mut self, a: Value<'a>, b: Value<'a>) -> Result<bool, Fault> {
        let is_equal = self.reader.equal(a, b); // counts long texts
        self.spend(0)?;
        Ok(is_equal)
    }

    #[inline]
    pub(super) fn is_true(&self, value: Value<'a>) -> bool {
        self.reader.is_true(value)
    }

    pub(super) fn is_empty(&self, value: Value<'a>) -> bool {
        self.reader.is_empty(value)
    }

    /// What a message calls `value`.
    pub(super) fn describe(&self, value: Value<'a>) -> &'a str {
        self.reader.describe(value)
    }

    /// The order of two texts in a dictionary.
    pub(super) fn compare(&mut self, a: &str, b: &str) -> Result<Ordering, Fault> {
        self.spend(comparing(a) + comparing(b))?;
        Ok(collate::compare_texts(a, b))
    }

    /// Counts putting as many things in order as there are texts that they are compared by.
    pub(super) fn spend_on_order<'t>(&mut self, texts: impl ExactSizeIterator<Item = &'t str>) -> Result<(), Fault> {
        let rounds = (texts.len() + 1).ilog2() as usize;
        let all: usize = texts.map(comparing).sum();
        self.spend(all * rounds)
    }

    /// A list that is made up.
    pub(super) fn made_list(&self, items: &[Value<'a>]) -> Value<'a> {
        Value::Items(self.reader.arena.items(items))
    }

    /// An object that is made up.
    pub(super) fn made_object(&self, fields: &[Field<'a>]) -> Value<'a> {
        Value::Fields(self.reader.arena.fields(fields))
    }

    /// Counts `steps` against the limit: for what takes longer than looking at each byte or item once.
    #[inline]
    pub(in crate::emit::pack) fn spend(&mut self, steps: usize) -> Result<(), Fault> {
        self.budget.spend(self.reader.arena, steps).map_err(Fault::no_steps)
    }
}

/// What looking at a value counts for.
#[inline]
fn looking_at(value: Value<'_>) -> usize {
    if let Value::Text(text) = value { text.len() / BYTES_OF_STEP } else { 0 }
}

/// What a text counts for when it is compared with another one.
fn comparing(text: &str) -> usize {
    if text.is_ascii() { COMPARISON + text.len() / BYTES_OF_STEP } else { COLLATION + text.len() }
}

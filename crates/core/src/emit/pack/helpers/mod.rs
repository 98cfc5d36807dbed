//! Helpers: one table. Each entry documents itself, with examples that are run as tests and shown in `docs/templates.md`.
//!
//! A helper that makes text can also be used as a block: the text of the block is then its first value.

mod code;
mod list;
mod logic;
mod shape;
mod text;
mod words;

pub(super) use words::kebab;

use super::budget::Budget;
use super::reader::Reader;
use super::value::{Field, Value};
use super::writer::Writer;

/// A helper.
#[derive(Debug)]
pub struct Helper {
    /// Its name in templates.
    pub name: &'static str,
    /// What it is given: `text`, `list separator=", "`.
    pub usage: &'static str,
    /// What it gives, as a sentence or two.
    pub about: &'static str,
    /// Where the documentation lists it.
    pub group: Group,
    /// What it makes of what.
    pub examples: &'static [Example],
    /// How many values it takes, at least and at most.
    pub(super) values: (usize, usize),
    /// The keys that it takes.
    pub(super) keys: &'static [&'static str],
    /// A path that leads nowhere is a value like any other to it, in strict mode too.
    pub(super) probes: bool,
    pub(super) run: Run,
}

/// What kinds of helpers there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Those of Handlebars.
    Builtin,
    /// Comparisons.
    Logic,
    /// How names are written.
    Words,
    /// Lists.
    Lists,
    /// Text of any kind.
    Text,
    /// Text of programs.
    Code,
}

impl Group {
    /// All kinds, in the order of the documentation.
    pub const ALL: &[Group] = &[Group::Builtin, Group::Logic, Group::Words, Group::Lists, Group::Text, Group::Code];

    /// A heading.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Builtin => "Blocks and lookups",
            Group::Logic => "Comparing",
            Group::Words => "Names",
            Group::Lists => "Lists",
            Group::Text => "Text",
            Group::Code => "Code",
        }
    }
}

/// A template, the data that it is given, as JSON, and what comes out.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The template.
    pub template: &'static str,
    /// The context, as JSON.
    pub data: &'static str,
    /// The text.
    pub output: &'static str,
}

/// Writes what it makes of a text.
pub(super) type Rewrite = fn(&str, &mut Writer<'_>);

/// How a helper does its work.
#[derive(Clone, Copy, Debug)]
pub(super) enum Run {
    /// `if` and `unless`: known to the compiler
    If { negated: bool },
    /// `each`: known to the compiler
    Each,
    /// `with`: known to the compiler
    With,
    /// Its arguments go to the log, and nothing to the text.
    Log,
    /// Is true or false: a block of it is an `if`.
    Test(for<'c, 'a> fn(&mut Args<'c, 'a>) -> Result<bool, Fault>),
    /// Gives a value.
    Value(for<'c, 'a> fn(&mut Args<'c, 'a>) -> Result<Value<'a>, Fault>),
    /// Writes what it makes of its only value, a text.
    Rewrite(Rewrite),
    /// Writes text.
    Text(for<'c, 'a> fn(&mut Args<'c, 'a>, &mut Writer<'_>) -> Result<(), Fault>),
}

/// What a helper is called with.
pub(super) struct Args<'c, 'a> {
    pub(super) values: &'c [Value<'a>],
    pub(super) hash: &'c [Field<'a>],
    pub(super) reader: Reader<'a>,
    pub(super) budget: &'c mut Budget,
}

/// Why a helper cannot do what it is asked. Boxed, so that results are small.
#[derive(Debug)]
pub(super) struct Fault(Box<(String, Option<String>)>);

impl Fault {
    #[cold]
    pub(super) fn new(message: String, hint: Option<String>) -> Fault {
        Fault(Box::new((message, hint)))
    }

    /// What is wrong, and what to do about it.
    pub(super) fn into_parts(self) -> (String, Option<String>) {
        *self.0
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Fault {
        Fault::new(message, None)
    }
}

/// A value as a text. Objects have none.
pub(super) fn as_text<'a>(reader: Reader<'a>, value: Value<'a>) -> Result<&'a str, Fault> {
    match value {
        Value::Object(_) | Value::Fields(_) | Value::Layered(_) | Value::List(_) | Value::Items(_) => {
            Err(format!("expected a text, but this is {}", reader.describe(value)).into())
        }
        plain => Ok(reader.text(plain)),
    }
}

impl<'a> Args<'_, 'a> {
    /// A value; nothing if it was not given.
    #[inline]
    fn value(&self, at: usize) -> Value<'a> {
        self.values.get(at).copied().unwrap_or(Value::Undefined)
    }

    /// A value as a text. Objects have none.
    #[inline]
    pub(super) fn text(&self, at: usize) -> Result<&'a str, Fault> {
        match self.value(at) {
            Value::Text(text) => Ok(text),
            other => self.as_text(other),
        }
    }

    fn as_text(&self, value: Value<'a>) -> Result<&'a str, Fault> {
        as_text(self.reader, value)
    }

    /// The value of a key, as a text.
    fn key(&self, name: &str) -> Result<Option<&'a str>, Fault> {
        match super::reader::field(self.hash_fields(), name) {
            None | Some(Value::Undefined) => Ok(None),
            Some(value) => self.as_text(value).map(Some),
        }
    }

    /// Whether a key is given and true.
    fn flag(&self, name: &str) -> bool {
        self.hash.iter().any(|(key, value)| *key == name && self.reader.is_true(*value))
    }

    fn hash_fields(&self) -> &'a [Field<'a>] {
        self.reader.arena.fields(self.hash)
    }

    /// The items of a list; nothing is an empty list.
    fn list(&mut self, at: usize) -> Result<Vec<Value<'a>>, Fault> {
        let value = self.value(at);
        let Some(length) = self.reader.length(value) else {
            return match value {
                Value::Undefined | Value::Null => Ok(Vec::new()),
                other => Err(format!("expected a list, but this is {}", self.reader.describe(other)).into()),
            };
        };
        self.spend(length)?;
        Ok((0..length).map(|at| self.reader.item(value, at)).collect())
    }

    /// What `by` names in `item`: a path of properties, joined with `.`. The item itself if there is none.
    fn by(&self, item: Value<'a>, by: Option<&str>) -> Value<'a> {
        let Some(by) = by else {
            return item;
        };
        by.split('.').fold(item, |value, name| self.reader.property(&value, self.reader.key(name)))
    }

    /// Counts `steps` against the limit.
    fn spend(&mut self, steps: usize) -> Result<(), Fault> {
        self.budget.spend(steps).map_err(Fault::from)
    }
}

/// All helpers.
pub const HELPERS: &[&[Helper]] = &[logic::BUILTINS, logic::TESTS, words::HELPERS, list::HELPERS, text::HELPERS, code::HELPERS];

/// All helpers, group by group.
pub fn helpers() -> impl Iterator<Item = &'static Helper> {
    HELPERS.iter().flat_map(|group| group.iter())
}

/// The helper of this name.
pub(super) fn find(name: &str) -> Option<&'static Helper> {
    helpers().find(|helper| helper.name == name)
}

//! Helpers: one table. Each entry documents itself, with examples that are run as tests and shown in `docs/templates.md`.
//!
//! A helper that makes text can also be used as a block: the text of the block is then its first value.

mod args;
mod code;
mod list;
mod logic;
mod shape;
mod text;
mod words;

pub(super) use args::{Args, WORDS_OF_STEP};
pub(super) use logic::log_line;
pub(super) use words::kebab;

use super::budget::NoSteps;
use super::value::Value;
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

/// Why a helper cannot do what it is asked. Boxed, so that results are small.
#[derive(Debug)]
pub(super) struct Fault(Box<FaultKind>);

#[derive(Debug)]
pub(super) enum FaultKind {
    /// What is wrong with its values, and what to do about it.
    Wrong(String, Option<String>),
    /// There are no more steps.
    NoSteps(NoSteps),
    /// What it writes becomes too long.
    Full,
}

impl Fault {
    #[cold]
    pub(super) fn new(message: String, hint: Option<String>) -> Fault {
        Fault(Box::new(FaultKind::Wrong(message, hint)))
    }

    #[cold]
    pub(super) fn no_steps(limit: NoSteps) -> Fault {
        Fault(Box::new(FaultKind::NoSteps(limit)))
    }

    #[cold]
    pub(super) fn full() -> Fault {
        Fault(Box::new(FaultKind::Full))
    }

    pub(super) fn into_kind(self) -> FaultKind {
        *self.0
    }
}

impl From<String> for Fault {
    fn from(message: String) -> Fault {
        Fault::new(message, None)
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

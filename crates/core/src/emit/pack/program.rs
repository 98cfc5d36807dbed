//! A compiled template: a flat array of instructions and the tables that they point into.
//!
//! The instructions of a block's body follow the block's own; where they end stands in the block. Everything is an index,
//! so a template is a few flat vectors, can be shared between threads, and refers to no other template: partials are
//! found by name while rendering.

use std::collections::BTreeMap;

use super::helpers::Helper;
use super::value::Key;
use crate::text::Span;

/// A compiled template.
#[derive(Debug)]
pub struct Template {
    pub(super) name: String,
    /// The text that it was made of.
    pub(super) source: String,
    pub(super) main: Program,
    pub(super) ops: Vec<Op>,
    /// Pieces of text.
    pub(super) contents: Vec<Content>,
    pub(super) names: Vec<Name>,
    /// Names one after the other, for paths.
    pub(super) segments: Vec<u32>,
    pub(super) paths: Vec<Path>,
    /// Lists of arguments one after the other.
    pub(super) expressions: Vec<Expression>,
    /// Lists of `key=value` one after the other.
    pub(super) pairs: Vec<(u32, Expression)>,
    pub(super) calls: Vec<Call>,
    pub(super) blocks: Vec<Block>,
    pub(super) partials: Vec<Partial>,
    /// Lists of inline partials one after the other.
    pub(super) inlines: Vec<Inline>,
    pub(super) strict: bool,
    pub(super) compat: bool,
    pub(super) assume_objects: bool,
}

impl Template {
    /// The name that it was compiled with: what partials are called by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text that it was compiled from.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The partials that it names, in the order of the text, with where: what to load before rendering. Those that it
    /// declares inline are among them.
    pub fn partials(&self) -> impl Iterator<Item = (&str, Span)> {
        self.partials.iter().filter_map(|partial| match partial.name {
            PartialName::Static(name) => Some((&*self.names[name as usize].text, partial.span)),
            PartialName::Block | PartialName::Dynamic(_) => None,
        })
    }

    /// The names of the partials that it declares inline.
    pub fn inline_partials(&self) -> impl Iterator<Item = &str> {
        self.inlines.iter().map(|inline| &*self.names[inline.name as usize].text)
    }

    /// Whether it calls partials whose names are found while rendering, so that all of them may be needed.
    pub fn has_dynamic_partials(&self) -> bool {
        self.partials.iter().any(|partial| matches!(partial.name, PartialName::Dynamic(_)))
    }

    /// The keys of its hash arguments.
    pub(super) fn hash_names(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().map(|(name, _)| &*self.names[*name as usize].text)
    }

    pub(super) fn key(&self, name: u32) -> Key<'_> {
        let Name { text, id } = &self.names[name as usize];
        Key { name: text, id: *id }
    }
}

/// The templates that may be called as partials, by name.
#[derive(Debug, Default)]
pub struct Templates(BTreeMap<String, Template>);

impl Templates {
    /// None.
    pub fn new() -> Templates {
        Templates::default()
    }

    /// Adds `template`, in place of one of the same name.
    pub fn insert(&mut self, template: Template) {
        self.0.insert(template.name.clone(), template);
    }

    /// The template of this name.
    pub fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name)
    }

    /// All templates, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.values()
    }
}

/// A name and its position in the vocabulary.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) text: Box<str>,
    pub(super) id: u16,
}

/// A range of instructions.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Program {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The inline partials that are declared in it.
    pub(super) inlines: (u32, u32),
    /// How many steps one run of it counts for, what it calls left aside.
    pub(super) steps: u32,
}

/// A piece of text between mustaches.
#[derive(Debug)]
pub(super) struct Content {
    /// The text, and behind it what makes it [`Content::SHORT`] bytes long: so many are copied without a call.
    padded: String,
    length: u32,
    pub(super) lines: Lines,
    pub(super) span: Span,
}

impl Content {
    /// With 32 bytes instead of none, rendering takes 7 % fewer instructions.
    pub(super) const SHORT: usize = 32;

    pub(super) fn new(span: Span) -> Content {
        Content { padded: String::new(), length: 0, lines: Lines::None, span }
    }

    /// Adds to the text.
    pub(super) fn extend(&mut self, text: &str) {
        self.padded.truncate(self.length as usize);
        self.padded.push_str(text);
        self.length = self.padded.len() as u32;
        while self.padded.len() < Content::SHORT {
            self.padded.push(' ');
        }
        self.lines = match (self.lines, Lines::of(text)) {
            (Lines::None, lines) => lines,
            (Lines::One | Lines::Many, _) => Lines::Many,
        };
    }

    pub(super) fn text(&self) -> &str {
        &self.padded[..self.length as usize]
    }

    /// Appends the text.
    #[inline(always)]
    pub(super) fn push_to(&self, out: &mut String) {
        let length = self.length as usize;
        if length <= Content::SHORT {
            let end = out.len() + length;
            out.push_str(&self.padded[..Content::SHORT]);
            out.truncate(end);
        } else {
            out.push_str(&self.padded);
        }
    }
}

/// Where a text has line breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lines {
    None,
    /// One, which ends it.
    One,
    Many,
}

impl Lines {
    pub(super) fn of(text: &str) -> Lines {
        match memchr::memchr(b'\n', text.as_bytes()) {
            None => Lines::None,
            Some(at) if at + 1 == text.len() => Lines::One,
            Some(_) => Lines::Many,
        }
    }
}

/// An instruction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    /// Write a piece of text.
    Content {
        content: u32,
    },
    /// Write the value of a path.
    Path {
        path: u32,
        escape: bool,
    },
    /// Write the result of a helper.
    Call {
        call: u32,
        escape: bool,
    },
    /// Go on in the body or in the inverse, both in the scope of this instruction.
    If {
        block: u32,
        negated: bool,
    },
    /// Go on at `to`.
    Jump {
        to: u32,
    },
    /// Run the body for each item.
    Each {
        block: u32,
    },
    /// Run the body with another context.
    With {
        block: u32,
    },
    /// Run the body as often as the value says: `{{#value}}`.
    Section {
        block: u32,
    },
    /// Give the text of the body to a helper.
    Wrap {
        block: u32,
    },
    Partial {
        partial: u32,
    },
}

/// Whether 0 counts as true.
#[derive(Clone, Copy, Debug)]
pub(super) enum Zero {
    False,
    True,
    /// If this expression is true.
    If(Expression),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Expression {
    Path(u32),
    Call(u32),
    Text(u32),
    Number(f64),
    Bool(bool),
    Undefined,
    Null,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    pub(super) quick: Quick,
    pub(super) base: Base,
    /// Range of segments.
    pub(super) segments: (u32, u32),
    /// In compat mode the first segment is looked up in all contexts.
    pub(super) anywhere: bool,
    pub(super) span: Span,
}

/// The short way to the value of a path. Where it gives none, the long one says why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quick {
    /// There is only the long way.
    No,
    /// The context.
    This,
    /// A property of the context.
    Property(u32),
    /// A property of the context around it.
    Outer(u32),
    /// A property of the root.
    Root(u32),
    /// A variable of the loop.
    Loop(Variable),
}

/// Where a path starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The context, or one so many levels around it.
    Context(u32),
    /// A variable, seen from so many levels around. Its name is the first segment.
    Data(Variable, u32),
    /// A block parameter: of the block so many levels around, and which one.
    Param(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variable {
    Root,
    Key,
    Index,
    First,
    Last,
    PartialBlock,
    /// One that the caller gave.
    Other,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Call {
    pub(super) helper: Callee,
    /// Range of expressions.
    pub(super) params: (u32, u32),
    /// Range of pairs.
    pub(super) hash: (u32, u32),
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Callee {
    Helper(&'static Helper),
    /// There is no such helper. An error, unless it is given no values and there is no such property either.
    Missing(u32),
}

/// A block that runs its body with another context, or puts its text elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    /// What it is about.
    pub(super) value: Expression,
    pub(super) body: Option<Program>,
    pub(super) inverse: Option<Program>,
    /// How many block parameters the body declares.
    pub(super) params: u32,
    /// Of `if` and `unless`.
    pub(super) zero: Zero,
    /// The next instruction after all of its own.
    pub(super) after: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Partial {
    pub(super) name: PartialName,
    /// None if it is the caller's.
    pub(super) context: Option<Expression>,
    /// Range of pairs.
    pub(super) hash: (u32, u32),
    /// What `{{#> }}` encloses.
    pub(super) block: Option<Program>,
    /// What indents its lines, in bytes of the source.
    pub(super) indent: Span,
    pub(super) after: u32,
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum PartialName {
    Static(u32),
    /// `@partial-block`
    Block,
    Dynamic(Expression),
}

/// An inline partial.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inline {
    pub(super) name: u32,
    pub(super) body: Program,
}

// Instructions are read one after the other, some hundred million a second.
const _: () = assert!(size_of::<Op>() == 8);

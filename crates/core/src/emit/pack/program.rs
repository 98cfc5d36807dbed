//! A compiled template: a flat array of instructions and the tables that they point into.
//!
//! An instruction writes a text, looks at a value and does something with it; short texts, and values near by, are found without
//! a look at the tables. The instructions of a block's body follow the block's own; where they end stands in the block.
//! Everything is an index, so a template is a few flat vectors, can be shared between threads, and refers to no other template:
//! partials are found by name while rendering.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::buffer::{Buffer, Short};
use super::helpers::{Helper, Rewrite};
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
    /// Texts. The first one is empty.
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
    pub(super) conditions: Vec<Condition>,
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

    #[inline]
    pub(super) fn key(&self, name: u32) -> Key<'_> {
        let Name { text, id } = &self.names[name as usize];
        Key { name: text, id: *id }
    }
}

/// The templates that may be called as partials, by name.
#[derive(Debug, Default)]
pub struct Templates(BTreeMap<String, Arc<Template>>);

impl Templates {
    /// None.
    pub fn new() -> Templates {
        Templates::default()
    }

    /// Adds `template`, in place of one of the same name.
    pub fn insert(&mut self, template: impl Into<Arc<Template>>) {
        let template = template.into();
        self.0.insert(template.name.clone(), template);
    }

    /// The template of this name.
    pub fn get(&self, name: &str) -> Option<&Template> {
        self.0.get(name).map(|template| &**template)
    }

    /// All templates, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Template> {
        self.0.values().map(|template| &**template)
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

impl Program {
    #[inline]
    pub(super) fn has_inlines(&self) -> bool {
        self.inlines.0 != self.inlines.1
    }
}

/// A text between mustaches, or several of them that became one.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) text: String,
    pub(super) span: Span,
}

impl Content {
    pub(super) fn new(span: Span) -> Content {
        Content { text: String::new(), span }
    }
}

/// A text to write. Mostly it is short, and written without a look at the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The text if it is short.
    short: Short,
    /// In bytes; more than [`Buffer::SHORT`] stands for any number of them.
    length: u8,
    pub(super) lines: Lines,
    /// In [`Template::contents`].
    pub(super) text: u32,
}

impl Piece {
    pub(super) const NONE: Piece = Piece { short: [0; Buffer::SHORT], length: 0, lines: Lines::None, text: 0 };

    pub(super) fn new(text: u32, content: &Content) -> Piece {
        let mut piece = Piece { text, ..Piece::NONE };
        piece.length = content.text.len().min(Buffer::SHORT + 1) as u8;
        piece.lines = Lines::of(&content.text);
        piece.short.iter_mut().zip(content.text.bytes()).for_each(|(to, byte)| *to = byte);
        piece
    }

    #[inline(always)]
    pub(super) fn is_none(&self) -> bool {
        self.length == 0
    }

    pub(super) fn as_str<'t>(&'t self, template: &'t Template) -> &'t str {
        let short = self.short.get(..usize::from(self.length)).map(str::from_utf8);
        short.and_then(Result::ok).unwrap_or(&template.contents[self.text as usize].text)
    }

    /// This text and what follows it, if that is short.
    pub(super) fn with(&self, next: &Piece) -> Option<Piece> {
        let (length, both) = (usize::from(self.length), self.length + next.length);
        if usize::from(both) > Buffer::SHORT {
            return None;
        }
        let mut piece = Piece { length: both, text: if self.is_none() { next.text } else { self.text }, ..*self };
        piece.short[length..].copy_from_slice(&next.short[..Buffer::SHORT - length]);
        piece.lines = match (self.lines, next.lines) {
            (lines, Lines::None) if next.is_none() || lines == Lines::None => lines,
            (Lines::None, lines) => lines,
            (Lines::One | Lines::Many, _) => Lines::Many,
        };
        Some(piece)
    }

    /// Appends the text.
    #[inline(always)]
    pub(super) fn push_to(&self, out: &mut Buffer, template: &Template) {
        match usize::from(self.length) {
            length @ ..=Buffer::SHORT => out.push_short(&self.short, length),
            _ => out.push_slowly(&template.contents[self.text as usize].text),
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
    fn of(text: &str) -> Lines {
        match memchr::memchr(b'\n', text.as_bytes()) {
            None => Lines::None,
            Some(at) if at + 1 == text.len() => Lines::One,
            Some(_) => Lines::Many,
        }
    }
}

/// An instruction: write a piece of text, look at a value, do something with it. Any of the three may be nothing. Most
/// mustaches and blocks of a template are about a value near by and come after a text. Each lies in one line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
pub(super) struct Op {
    pub(super) piece: Piece,
    /// What the action is about, if there is a short way to it.
    pub(super) value: Quick,
    pub(super) action: Action,
}

/// What an instruction does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    Nothing,
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
    /// The same for one that rewrites a text, which this is about: what most helpers do.
    Rewrite {
        call: u32,
        run: Rewrite,
    },
    /// Go on in one of the branches, in the scope of this instruction.
    If {
        condition: u32,
    },
    /// The same where the branches are texts: write one of them.
    Choose {
        condition: u32,
    },
    /// Go on at `to`.
    Jump {
        to: u32,
    },
    /// Run the body of a block, in another scope or for something else than the text.
    Block {
        block: u32,
    },
    Partial {
        partial: u32,
    },
}

/// What an `if` asks of its value.
#[derive(Clone, Copy, Debug)]
pub(super) enum Test {
    /// Whether it is true; 0 is not.
    True,
    /// Whether it is true or 0.
    TrueOrZero,
    /// Whether it is true, or 0 if this expression is true.
    TrueOrZeroIf(Expression),
    /// Whether it is equal to this literal: `(eq path "literal")`, which is what templates ask most.
    Equal(Expression),
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
pub(super) struct Quick {
    pub(super) way: Way,
    /// The property's position in the vocabulary, or [`Key::OTHER`].
    pub(super) id: u16,
    /// In [`Template::names`]. For [`Way::Deep`], the position of the second property in the vocabulary.
    pub(super) name: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// There is only the long way.
    None,
    /// What the instruction before was about.
    Same,
    /// The context.
    This,
    /// A property of the context that the view knows by number.
    Property,
    /// A property of such a property if that is an object.
    Deep,
    /// Any other property of the context.
    Named,
    /// A property that the view knows by number, of the context around it.
    Outer,
    /// A property that the view knows by number, of the root.
    Root,
    /// Variables of the loop.
    Key,
    Index,
    First,
    Last,
}

impl Quick {
    pub(super) const NONE: Quick = Quick { way: Way::None, id: Key::OTHER, name: 0 };
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

/// An `if` or `unless`. The instruction's value is the path's if it asks whether a path is equal to a literal.
#[derive(Clone, Copy, Debug)]
pub(super) struct Condition {
    pub(super) value: Expression,
    pub(super) test: Test,
    /// What comes next if it is false, and if it is true. A branch that is not there has no instructions.
    pub(super) branches: [Program; 2],
    /// The branches of [`Action::Choose`].
    pub(super) pieces: [Piece; 2],
    /// The next instruction after all of its own.
    pub(super) after: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    /// The body runs for each item.
    Each,
    /// The body runs with another context.
    With,
    /// The body runs as often as the value says: `{{#value}}`.
    Section,
    /// The text of the body is given to a helper.
    Wrap,
}

/// A block that runs its body with another context, or puts its text elsewhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    pub(super) kind: BlockKind,
    /// What it is about.
    pub(super) value: Expression,
    /// The short way to it.
    pub(super) about: Quick,
    pub(super) body: Option<Program>,
    pub(super) inverse: Option<Program>,
    /// How many block parameters the body declares.
    pub(super) params: u32,
    /// The next instruction after all of its own.
    pub(super) after: u32,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Partial {
    pub(super) name: PartialName,
    /// The short way to the context, or to the only value, if it is given one of these.
    pub(super) about: Quick,
    /// None if it is the caller's.
    pub(super) context: Option<Expression>,
    /// Range of pairs.
    pub(super) hash: (u32, u32),
    /// Whether one of them is a name that the view knows by number.
    pub(super) hides_known: bool,
    /// What `{{#> }}` encloses.
    pub(super) block: Option<Program>,
    /// What indents its lines.
    pub(super) indent: Piece,
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
const _: () = assert!(size_of::<Op>() == 64);

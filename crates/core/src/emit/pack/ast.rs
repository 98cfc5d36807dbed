//! What a template says, before it is compiled. Parts are named as in Handlebars' own tree.

use std::borrow::Cow;

use crate::text::Span;

/// A sequence of statements: a whole template, or what stands in a block.
#[derive(Debug, Default)]
pub(super) struct Program<'s> {
    pub(super) body: Vec<Statement<'s>>,
    /// `as |first second|`
    pub(super) params: Vec<&'s str>,
    /// Whether it consists of the block that an `{{else …}}` opens.
    pub(super) chained: bool,
}

#[derive(Debug)]
pub(super) enum Statement<'s> {
    Content(Content<'s>),
    Mustache(Mustache<'s>),
    Block(Box<Block<'s>>),
    Partial(Box<Partial<'s>>),
    /// `{{#*inline "name"}}`; all other decorators need JavaScript.
    Inline(Box<Inline<'s>>),
    Comment(Strip),
}

/// Text between mustaches. White space control takes away from both of its ends.
#[derive(Debug)]
pub(super) struct Content<'s> {
    /// As written, but for the backslash of an escaped mustache.
    pub(super) original: &'s str,
    /// What is left of it, in bytes of `original`.
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) left_stripped: bool,
    pub(super) right_stripped: bool,
    /// Where `original` starts in the template.
    pub(super) offset: u32,
}

/// Whether a mustache takes the white space on its two sides: `{{~ ~}}`.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Strip {
    pub(super) open: bool,
    pub(super) close: bool,
}

#[derive(Debug)]
pub(super) struct Mustache<'s> {
    pub(super) call: Call<'s>,
    /// Neither `{{{ }}}` nor `{{& }}`.
    pub(super) escaped: bool,
    pub(super) strip: Strip,
}

#[derive(Debug)]
pub(super) struct Block<'s> {
    pub(super) call: Call<'s>,
    /// None for `{{^name}}` without an `{{else}}`.
    pub(super) program: Option<Program<'s>>,
    pub(super) inverse: Option<Program<'s>>,
    pub(super) open_strip: Strip,
    pub(super) inverse_strip: Strip,
    pub(super) close_strip: Strip,
}

#[derive(Debug)]
pub(super) struct Partial<'s> {
    pub(super) name: PartialName<'s>,
    pub(super) params: Vec<Expression<'s>>,
    pub(super) hash: Vec<Pair<'s>>,
    /// What `{{#> name}}` encloses.
    pub(super) block: Option<Program<'s>>,
    /// What stands before it on its line, if it is alone there; in bytes of the template.
    pub(super) indent: Span,
    pub(super) open_strip: Strip,
    pub(super) close_strip: Strip,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) enum PartialName<'s> {
    Static(Cow<'s, str>),
    /// `{{> @partial-block}}`
    Block,
    Dynamic(Expression<'s>),
}

#[derive(Debug)]
pub(super) struct Inline<'s> {
    pub(super) name: Cow<'s, str>,
    pub(super) program: Program<'s>,
    pub(super) open_strip: Strip,
    pub(super) close_strip: Strip,
}

/// `name param … key=value …`
#[derive(Debug)]
pub(super) struct Call<'s> {
    /// A path or a literal; a literal is the name of a property.
    pub(super) callee: Expression<'s>,
    pub(super) params: Vec<Expression<'s>>,
    pub(super) hash: Vec<Pair<'s>>,
    pub(super) span: Span,
}

#[derive(Debug)]
pub(super) struct Pair<'s> {
    pub(super) key: Cow<'s, str>,
    pub(super) value: Expression<'s>,
}

#[derive(Debug)]
pub(super) enum Expression<'s> {
    Path(Path<'s>),
    Text(Cow<'s, str>, Span),
    Number(f64, Span),
    Bool(bool, Span),
    Undefined(Span),
    Null(Span),
    Call(Box<Call<'s>>),
}

#[derive(Debug)]
pub(super) struct Path<'s> {
    /// `@…`
    pub(super) data: bool,
    /// How many `..` it starts with.
    pub(super) depth: u32,
    /// It starts with `.`, `..` or `this`, so it is no helper and no block parameter.
    pub(super) scoped: bool,
    pub(super) segments: Vec<Cow<'s, str>>,
    /// As Handlebars prints it: what closing names are compared with, and what partials are called.
    pub(super) original: Cow<'s, str>,
    pub(super) span: Span,
}

impl Path<'_> {
    /// Whether it could be the name of a helper.
    pub(super) fn is_simple(&self) -> bool {
        self.segments.len() == 1 && !self.scoped && self.depth == 0 && !self.data
    }
}

impl Expression<'_> {
    pub(super) fn span(&self) -> Span {
        match self {
            Expression::Path(path) => path.span,
            Expression::Text(_, span)
            | Expression::Number(_, span)
            | Expression::Bool(_, span)
            | Expression::Undefined(span)
            | Expression::Null(span) => *span,
            Expression::Call(call) => call.span,
        }
    }
}

//! Template text to tree: recursive descent over the tokens, with the productions of `handlebars.yy`.
//!
//! The first mistake ends it: what follows a mistake in a mustache cannot be told from text.

use std::borrow::Cow;

use super::ast::{
    Block, Call, Content, Expression, Inline, Mustache, Pair, Partial, PartialName, Path, Program, Statement, Strip,
};
use super::lexer::{Lexer, Open, OpenKind, Piece, Token};
use crate::text::Span;
use crate::text::js::push_number;

/// How deep blocks, and calls in parentheses, may nest: parser, compiler and white space control recurse. An `{{else if}}`
/// counts as a block in a block.
pub(super) const MAX_NESTING: u32 = 250;

/// What is wrong, where, and what to do.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) span: Span,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

type Result<T> = std::result::Result<T, SyntaxError>;

/// Reads a whole template.
pub(super) fn parse(source: &str) -> Result<Program<'_>> {
    let mut parser = Parser { lexer: Lexer::new(source), peeked: None, nesting: 0 };
    let (program, end) = parser.program()?;
    match end {
        None => Ok(program),
        Some(end) => Err(match end.kind {
            OpenKind::EndBlock => {
                let name = parser.path_text();
                error(end.span, format!("`{{{{/{name}}}}}` closes nothing"), None)
            }
            _ => error(end.span, "`{{else}}` belongs into a block".to_owned(), None),
        }),
    }
}

fn error(span: Span, message: String, hint: Option<&str>) -> SyntaxError {
    SyntaxError { span, message, hint: hint.map(str::to_owned) }
}

struct Parser<'s> {
    lexer: Lexer<'s>,
    peeked: Option<(Token<'s>, Span)>,
    nesting: u32,
}

/// What an opening mustache says.
struct Opening<'s> {
    call: Call<'s>,
    params: Vec<&'s str>,
    strip: Strip,
}

/// `{{else …}}` or `{{^}}` and what follows it up to the end of the block.
struct Inverse<'s> {
    program: Program<'s>,
    strip: Strip,
    chained: bool,
}

impl<'s> Parser<'s> {
    /// Statements up to the end of the template, or up to an end or an inversion of a block, which is given back.
    fn program(&mut self) -> Result<(Program<'s>, Option<Open>)> {
        let mut body = Vec::new();
        let end = loop {
            let open = match self.lexer.piece() {
                Piece::End => break None,
                Piece::Content(text, offset) => {
                    body.push(content(text, offset));
                    continue;
                }
                Piece::Comment(strip) => {
                    body.push(Statement::Comment(strip));
                    continue;
                }
                Piece::Open(open) => open,
            };
            match open.kind {
                OpenKind::EndBlock | OpenKind::Else(_) | OpenKind::InverseChain => break Some(open),
                OpenKind::Mustache | OpenKind::Ampersand | OpenKind::Unescaped => body.push(self.mustache(open)?),
                OpenKind::Decorator => return Err(unknown_decorator(open.span)),
                OpenKind::Partial => body.push(self.partial(open)?),
                OpenKind::Raw => body.push(self.raw_block(open)?),
                OpenKind::Block | OpenKind::Inverse => body.push(self.nested(open, Parser::block)?),
                OpenKind::PartialBlock => body.push(self.nested(open, Parser::partial_block)?),
                OpenKind::DecoratorBlock => body.push(self.nested(open, Parser::inline)?),
            }
        };
        Ok((Program { body, ..Program::default() }, end))
    }

    fn nested<T>(&mut self, open: Open, read: fn(&mut Self, Open) -> Result<T>) -> Result<T> {
        if self.nesting == MAX_NESTING {
            let hint = "move the inner ones into a partial";
            return Err(error(open.span, format!("more than {MAX_NESTING} blocks stand in each other here"), Some(hint)));
        }
        self.nesting += 1;
        let value = read(self, open)?;
        self.nesting -= 1;
        Ok(value)
    }

    fn mustache(&mut self, open: Open) -> Result<Statement<'s>> {
        let call = self.call(open.span.start)?;
        let unescaped = open.kind == OpenKind::Unescaped;
        let (token, span) = self.next();
        let close = match token {
            Token::Close(strip) if !unescaped => strip,
            Token::CloseUnescaped(strip) if unescaped => strip,
            other => return Err(self.unexpected(&other, span, if unescaped { "`}}}`" } else { "`}}`" })),
        };
        let strip = Strip { open: open.strip, close };
        Ok(Statement::Mustache(Mustache { call, escaped: open.kind == OpenKind::Mustache, strip }))
    }

    fn block(&mut self, open: Open) -> Result<Statement<'s>> {
        let Opening { call, params, strip } = self.opening(open)?;
        let (mut program, end) = self.program()?;
        program.params = params;
        let (inverse, close_strip) = self.rest_of_block(&call, end, open.kind == OpenKind::Inverse)?;
        Ok(Statement::Block(Box::new(if open.kind == OpenKind::Inverse {
            let (main, inverse_strip) = inverse.map_or((None, Strip::default()), |it| (Some(it.program), it.strip));
            Block { call, program: main, inverse: Some(program), open_strip: strip, inverse_strip, close_strip }
        } else {
            let (inverse, inverse_strip) = inverse.map_or((None, Strip::default()), |it| (Some(it.program), it.strip));
            Block { call, program: Some(program), inverse, open_strip: strip, inverse_strip, close_strip }
        })))
    }

    /// Inversions, if there are any, and the end of the block that `call` opened.
    fn rest_of_block(&mut self, call: &Call<'s>, end: Option<Open>, inverted: bool) -> Result<(Option<Inverse<'s>>, Strip)> {
        let Some(open) = end else {
            return Err(self.never_closed(call));
        };
        let (mut inverse, end) = match open.kind {
            OpenKind::EndBlock => (None, open),
            OpenKind::InverseChain if inverted => {
                return Err(error(open.span, "`{{^…}}` can have an `{{else}}`, but not an `{{else …}}`".to_owned(), None));
            }
            _ => {
                let (inverse, end) = self.inverse(open)?;
                match end {
                    Some(end) if end.kind == OpenKind::EndBlock => (Some(inverse), end),
                    Some(end) => return Err(error(end.span, "the block has an `{{else}}` already".to_owned(), None)),
                    None => return Err(self.never_closed(call)),
                }
            }
        };
        let close_strip = self.close(&call.callee, call.span, end)?;
        if let Some(inverse) = &mut inverse {
            set_close_strip(inverse, close_strip);
        }
        Ok((inverse, close_strip))
    }

    /// What follows `{{else}}` or `{{else name}}`, and what ends it.
    fn inverse(&mut self, open: Open) -> Result<(Inverse<'s>, Option<Open>)> {
        if let OpenKind::Else(close) = open.kind {
            let (program, end) = self.program()?;
            let strip = Strip { open: open.strip, close };
            return Ok((Inverse { program, strip, chained: false }, end));
        }
        self.nested(open, Parser::chained)
    }

    fn chained(&mut self, open: Open) -> Result<(Inverse<'s>, Option<Open>)> {
        let Opening { call, params, strip } = self.opening(open)?;
        let (mut program, mut end) = self.program()?;
        program.params = params;
        let mut inverse = None;
        if let Some(next) = end.filter(|end| matches!(end.kind, OpenKind::Else(_) | OpenKind::InverseChain)) {
            let (mut following, after) = self.inverse(next)?;
            // Handlebars takes the next inversion for the end of this one.
            let close_strip = following.strip;
            set_close_strip(&mut following, close_strip);
            inverse = Some(following);
            end = after;
        }
        let (inverse, inverse_strip) = inverse.map_or((None, Strip::default()), |it| (Some(it.program), it.strip));
        let close_strip = inverse_strip;
        let block = Block { call, program: Some(program), inverse, open_strip: strip, inverse_strip, close_strip };
        let program = Program { body: vec![Statement::Block(Box::new(block))], params: Vec::new(), chained: true };
        Ok((Inverse { program, strip, chained: true }, end))
    }

    /// `{{{{name}}}} … {{{{/name}}}}`: no mustaches in it.
    fn raw_block(&mut self, open: Open) -> Result<Statement<'s>> {
        let call = self.call(open.span.start)?;
        let (token, span) = self.next();
        if token != Token::CloseRaw {
            return Err(self.unexpected(&token, span, "`}}}}`"));
        }
        let mut contents = Vec::new();
        let start = self.lexer.at();
        let Some(close) = self.lexer.raw(&mut contents) else {
            return Err(self.never_closed(&call));
        };
        let name = name_of(&call.callee);
        if name != close {
            let end = self.lexer.at();
            return Err(error(Span::new(start.max(end - 4 - close.len() as u32), end), mismatch(&name, close), None));
        }
        let body = contents.into_iter().map(|(text, offset)| content(text, offset)).collect();
        let program = Program { body, ..Program::default() };
        let strip = Strip::default();
        Ok(Statement::Block(Box::new(Block {
            call,
            program: Some(program),
            inverse: None,
            open_strip: strip,
            inverse_strip: strip,
            close_strip: strip,
        })))
    }

    fn partial(&mut self, open: Open) -> Result<Statement<'s>> {
        let mut partial = self.partial_call(open)?;
        let (token, span) = self.next();
        let Token::Close(close) = token else {
            return Err(self.unexpected(&token, span, "`}}`"));
        };
        partial.open_strip.close = close;
        partial.span.end = span.end;
        Ok(Statement::Partial(Box::new(partial)))
    }

    fn partial_block(&mut self, open: Open) -> Result<Statement<'s>> {
        let mut partial = self.partial_call(open)?;
        let (token, span) = self.next();
        let Token::Close(close) = token else {
            return Err(self.unexpected(&token, span, "`}}`"));
        };
        partial.open_strip.close = close;
        partial.span.end = span.end;
        let (program, end) = self.program()?;
        let name = match &partial.name {
            PartialName::Static(name) => name.clone(),
            PartialName::Block => Cow::Borrowed("@partial-block"),
            PartialName::Dynamic(_) => {
                return Err(error(partial.span, "a partial block cannot be closed without a name".to_owned(), None));
            }
        };
        let end = match end {
            Some(end) if end.kind == OpenKind::EndBlock => end,
            Some(end) => return Err(error(end.span, "a partial block has no `{{else}}`".to_owned(), None)),
            None => return Err(error(partial.span, format!("`{{{{#> {name}}}}}` is never closed"), None)),
        };
        let named = Expression::Text(name, partial.span);
        partial.close_strip = self.close(&named, partial.span, end)?;
        partial.block = Some(program);
        Ok(Statement::Partial(Box::new(partial)))
    }

    /// A partial's name and what it is given.
    fn partial_call(&mut self, open: Open) -> Result<Partial<'s>> {
        let name = if self.peek().0 == Token::OpenCall {
            PartialName::Dynamic(self.param()?)
        } else {
            let callee = self.helper_name()?;
            match name_of(&callee) {
                name if name == "@partial-block" => PartialName::Block,
                name => PartialName::Static(name),
            }
        };
        let (params, hash) = self.params()?;
        if let Some(second) = params.get(1) {
            return Err(error(second.span(), "a partial takes one context".to_owned(), Some("name the others: `key=value`")));
        }
        let strip = Strip { open: open.strip, close: false };
        let span = open.span;
        let indent = Span::new(0, 0);
        Ok(Partial { name, params, hash, block: None, indent, open_strip: strip, close_strip: Strip::default(), span })
    }

    fn inline(&mut self, open: Open) -> Result<Statement<'s>> {
        let Opening { call, strip, .. } = self.opening(open)?;
        if name_of(&call.callee) != "inline" {
            return Err(unknown_decorator(call.callee.span()));
        }
        let name = match call.params.as_slice() {
            [literal @ (Expression::Text(..) | Expression::Number(..))] if call.hash.is_empty() => name_of(literal),
            _ => {
                let hint = "write `{{#*inline \"name\"}}`";
                return Err(error(call.span, "an inline partial needs a name in quotes".to_owned(), Some(hint)));
            }
        };
        let (program, end) = self.program()?;
        let end = match end {
            Some(end) if end.kind == OpenKind::EndBlock => end,
            Some(end) => return Err(error(end.span, "an inline partial has no `{{else}}`".to_owned(), None)),
            None => return Err(self.never_closed(&call)),
        };
        let close_strip = self.close(&call.callee, call.span, end)?;
        Ok(Statement::Inline(Box::new(Inline { name, program, open_strip: strip, close_strip })))
    }

    /// The rest of an opening mustache: `name param … key=value … as |a b|}}`.
    fn opening(&mut self, open: Open) -> Result<Opening<'s>> {
        let mut call = self.call(open.span.start)?;
        let mut params = Vec::new();
        let (mut token, mut span) = self.next();
        if token == Token::OpenParams {
            loop {
                (token, span) = self.next();
                match token {
                    Token::Id(Cow::Borrowed(name), _) => params.push(name),
                    Token::CloseParams if !params.is_empty() => break,
                    _ => return Err(self.unexpected(&token, span, "a name for the block's parameter")),
                }
            }
            (token, span) = self.next();
        }
        let Token::Close(close) = token else {
            return Err(self.unexpected(&token, span, "`}}`"));
        };
        call.span.end = span.end;
        Ok(Opening { call, params, strip: Strip { open: open.strip, close } })
    }

    /// The rest of `{{/name}}`.
    fn close(&mut self, opened: &Expression<'s>, opened_at: Span, end: Open) -> Result<Strip> {
        let close = self.helper_name()?;
        let (token, span) = self.next();
        let Token::Close(strip) = token else {
            return Err(self.unexpected(&token, span, "`}}`"));
        };
        let (expected, found) = (name_of(opened), name_of(&close));
        if expected != found {
            let line = self.line(opened_at);
            let mut error = error(close.span(), mismatch(&expected, &found), None);
            error.hint = Some(format!("`{expected}` was opened on line {line}"));
            return Err(error);
        }
        Ok(Strip { open: end.strip, close: strip })
    }

    /// A name and what it is given, up to what ends the mustache.
    fn call(&mut self, start: u32) -> Result<Call<'s>> {
        let callee = self.helper_name()?;
        let (params, hash) = self.params()?;
        let end = self.peek().1.start;
        Ok(Call { callee, params, hash, span: Span::new(start, end) })
    }

    fn params(&mut self) -> Result<(Vec<Expression<'s>>, Vec<Pair<'s>>)> {
        let (mut params, mut hash) = (Vec::new(), Vec::new());
        loop {
            let (token, span) = self.peek().clone();
            match token {
                Token::Id(name, bracketed) => {
                    // Whether it is a key shows in the token after it.
                    let before = self.lexer.clone();
                    self.peeked = None;
                    if self.peek().0 == Token::Equals {
                        self.next();
                        let value = self.param()?;
                        hash.push(Pair { key: name, value });
                        continue;
                    }
                    self.lexer = before;
                    self.peeked = Some((Token::Id(name, bracketed), span));
                }
                Token::OpenCall
                | Token::Data
                | Token::Text(_)
                | Token::Number(_)
                | Token::Bool(_)
                | Token::Undefined
                | Token::Null => {}
                _ => return Ok((params, hash)),
            }
            if !hash.is_empty() {
                let hint = "write `helper value key=value`";
                return Err(error(span, "values stand before `key=value` pairs".to_owned(), Some(hint)));
            }
            params.push(self.param()?);
        }
    }

    /// A value that a helper is given.
    fn param(&mut self) -> Result<Expression<'s>> {
        let (token, span) = self.peek().clone();
        if token != Token::OpenCall {
            return self.helper_name();
        }
        let open = Open { kind: OpenKind::Mustache, strip: false, span };
        self.nested(open, |parser, open| {
            parser.next();
            let mut call = parser.call(open.span.start)?;
            let (token, span) = parser.next();
            if token != Token::CloseCall {
                return Err(parser.unexpected(&token, span, "`)`"));
            }
            call.span.end = span.end;
            Ok(Expression::Call(Box::new(call)))
        })
    }

    /// A path or a literal.
    fn helper_name(&mut self) -> Result<Expression<'s>> {
        let (token, span) = self.next();
        Ok(match token {
            Token::Text(text) => Expression::Text(text, span),
            Token::Number(number) => Expression::Number(number, span),
            Token::Bool(value) => Expression::Bool(value, span),
            Token::Undefined => Expression::Undefined(span),
            Token::Null => Expression::Null(span),
            Token::Data => Expression::Path(self.path(true, span)?),
            Token::Id(..) => {
                self.peeked = Some((token, span));
                Expression::Path(self.path(false, span)?)
            }
            other => return Err(self.unexpected(&other, span, "a name or a value")),
        })
    }

    /// `a.b`, `../a/b`, `[a b].c`, …
    fn path(&mut self, data: bool, start: Span) -> Result<Path<'s>> {
        let mut path = Path {
            data,
            depth: 0,
            scoped: false,
            segments: Vec::new(),
            original: Cow::Borrowed(if data { "@" } else { "" }),
            span: start,
        };
        let mut first = true;
        loop {
            let (token, span) = self.next();
            let Token::Id(name, bracketed) = token else {
                let mut error = self.unexpected(&token, span, "a name");
                if let Token::Number(number) = token {
                    error.hint = Some(format!("write `[{number}]`"));
                }
                return Err(error);
            };
            path.span.end = span.end;
            if path.original.is_empty() {
                path.original = name.clone();
            } else {
                path.original.to_mut().push_str(&name);
            }
            match &*name {
                "." | ".." | "this" if !bracketed => {
                    if !path.segments.is_empty() {
                        let hint = "only a path's beginning can go up or stay";
                        return Err(error(path.span, format!("`{}` is no path", path.original), Some(hint)));
                    }
                    path.depth += u32::from(name == "..");
                    path.scoped |= first && !data;
                }
                _ => path.segments.push(name),
            }
            first = false;
            match self.peek() {
                (Token::Separator(separator), _) => {
                    path.original += *separator;
                    self.next();
                }
                _ => return Ok(path),
            }
        }
    }

    fn peek(&mut self) -> &(Token<'s>, Span) {
        let lexer = &mut self.lexer;
        self.peeked.get_or_insert_with(|| lexer.token())
    }

    fn next(&mut self) -> (Token<'s>, Span) {
        self.peeked.take().unwrap_or_else(|| self.lexer.token())
    }

    /// The name in a closing mustache, for a message.
    fn path_text(&mut self) -> String {
        self.helper_name().map_or_else(|_| "…".to_owned(), |name| name_of(&name).into_owned())
    }

    /// The line of a span, from 1.
    fn line(&self, span: Span) -> usize {
        memchr::memchr_iter(b'\n', &self.lexer.source().as_bytes()[..span.start as usize]).count() + 1
    }

    fn never_closed(&self, call: &Call<'s>) -> SyntaxError {
        let name = name_of(&call.callee);
        error(call.span, format!("the block `{name}` is never closed"), Some(&format!("close it with `{{{{/{name}}}}}`")))
    }

    fn unexpected(&self, token: &Token<'s>, span: Span, wanted: &str) -> SyntaxError {
        let message = match token {
            Token::End => format!("expected {wanted}, but the template ends here"),
            _ => format!("expected {wanted}, but found `{}`", span.of(self.lexer.source())),
        };
        error(span, message, None)
    }
}

fn content(text: &str, offset: u32) -> Statement<'_> {
    Statement::Content(Content { original: text, start: 0, end: text.len(), left_stripped: false, right_stripped: false, offset })
}

/// The end of a block is also the end of the one that its `{{else name}}` opened.
fn set_close_strip(inverse: &mut Inverse<'_>, strip: Strip) {
    if inverse.chained
        && let Some(Statement::Block(block)) = inverse.program.body.first_mut()
    {
        block.close_strip = strip;
    }
}

/// What a callee is called: by closing mustaches, and as a property or partial.
pub(super) fn name_of<'s>(callee: &Expression<'s>) -> Cow<'s, str> {
    match callee {
        Expression::Path(path) => path.original.clone(),
        Expression::Text(text, _) => text.clone(),
        Expression::Number(number, _) => {
            let mut text = String::new();
            push_number(&mut text, *number);
            Cow::Owned(text)
        }
        Expression::Bool(true, _) => Cow::Borrowed("true"),
        Expression::Bool(false, _) => Cow::Borrowed("false"),
        Expression::Undefined(_) => Cow::Borrowed("undefined"),
        Expression::Null(_) => Cow::Borrowed("null"),
        Expression::Call(_) => Cow::Borrowed(""),
    }
}

fn mismatch(expected: &str, found: &str) -> String {
    format!("`{{{{/{found}}}}}` does not close `{expected}`")
}

fn unknown_decorator(span: Span) -> SyntaxError {
    error(span, "only the decorator `inline` is supported".to_owned(), Some("write `{{#*inline \"name\"}}`"))
}

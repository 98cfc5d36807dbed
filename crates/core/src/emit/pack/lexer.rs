//! Template text to tokens, as Handlebars' `handlebars.l` cuts it.
//!
//! The parser asks for what comes next in one of two modes: [`Lexer::piece`] between mustaches, [`Lexer::token`] within.

use std::borrow::Cow;

use memchr::memmem;

use super::ast::Strip;
use crate::text::Span;
use crate::text::js::is_white_space;

/// What comes between mustaches.
#[derive(Debug)]
pub(super) enum Piece<'s> {
    /// Text and where it starts.
    Content(&'s str, u32),
    Comment(Strip),
    Open(Open),
    End,
}

/// The beginning of a mustache.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    pub(super) kind: OpenKind,
    /// `{{~`
    pub(super) strip: bool,
    pub(super) span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenKind {
    /// `{{`
    Mustache,
    /// `{{&`
    Ampersand,
    /// `{{{`
    Unescaped,
    /// `{{*`
    Decorator,
    /// `{{#`
    Block,
    /// `{{#*`
    DecoratorBlock,
    /// `{{/`
    EndBlock,
    /// `{{^name`
    Inverse,
    /// `{{else name`
    InverseChain,
    /// `{{else}}` or `{{^}}`, whole; tells whether it ends with `~}}`
    Else(bool),
    /// `{{>`
    Partial,
    /// `{{#>`
    PartialBlock,
    /// `{{{{`
    Raw,
}

/// What stands in a mustache.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'s> {
    /// A name; whether it stood in brackets.
    Id(Cow<'s, str>, bool),
    /// `.` or `/` between names
    Separator(&'s str),
    /// `@`
    Data,
    Text(Cow<'s, str>),
    Number(f64),
    Bool(bool),
    Undefined,
    Null,
    Equals,
    OpenCall,
    CloseCall,
    /// `as |`
    OpenParams,
    /// `|`
    CloseParams,
    /// `}}` or `~}}`
    Close(bool),
    /// `}}}` or `}~}}`
    CloseUnescaped(bool),
    /// `}}}}`
    CloseRaw,
    Invalid,
    End,
}

#[derive(Clone, Debug)]
pub(super) struct Lexer<'s> {
    source: &'s str,
    at: usize,
    /// The mustache that follows is escaped by a backslash: it is text.
    escaped: bool,
}

impl<'s> Lexer<'s> {
    pub(super) fn new(source: &'s str) -> Lexer<'s> {
        Lexer { source, at: 0, escaped: false }
    }

    /// Where the next piece or token starts.
    pub(super) fn at(&self) -> u32 {
        self.at as u32
    }

    /// The whole template.
    pub(super) fn source(&self) -> &'s str {
        self.source
    }

    fn rest(&self) -> &'s str {
        &self.source[self.at..]
    }

    /// The next piece between mustaches.
    pub(super) fn piece(&mut self) -> Piece<'s> {
        if self.escaped {
            self.escaped = false;
            return self.escaped_mustache();
        }
        let start = self.at;
        let rest = self.rest();
        if rest.is_empty() {
            return Piece::End;
        }
        let Some(length) = memmem::find(rest.as_bytes(), b"{{") else {
            self.at = self.source.len();
            return Piece::Content(rest, start as u32);
        };
        self.at += length;
        let text = &rest[..length];
        let text = if text.ends_with(r"\\") {
            &text[..length - 1]
        } else if let Some(text) = text.strip_suffix('\\') {
            self.escaped = true;
            text
        } else {
            text
        };
        if !text.is_empty() {
            return Piece::Content(text, start as u32);
        }
        if self.escaped {
            return self.piece();
        }
        self.open()
    }

    /// `{{…` that is text, up to the next mustache.
    fn escaped_mustache(&mut self) -> Piece<'s> {
        let start = self.at;
        let rest = self.rest();
        let mut length = memmem::find(&rest.as_bytes()[2..], b"{{").map_or(rest.len(), |at| at + 2);
        // The backslashes belong to what comes next, if that leaves two characters.
        for _ in 0..2 {
            let has_backslash = length < rest.len() && length > 2 && rest.as_bytes()[length - 1] == b'\\';
            length -= usize::from(has_backslash);
        }
        self.at += length;
        Piece::Content(&rest[..length], start as u32)
    }

    /// A mustache's beginning, at `{{`.
    fn open(&mut self) -> Piece<'s> {
        let start = self.at;
        let bytes = self.rest().as_bytes();
        if bytes.starts_with(b"{{{{") {
            return self.opened(start, 4, OpenKind::Raw, false);
        }
        let strip = bytes.get(2) == Some(&b'~');
        let after = 2 + usize::from(strip);
        let rest = &self.rest()[after..];
        let (kind, length) = match rest.as_bytes() {
            [b'>', ..] => (OpenKind::Partial, 1),
            [b'#', b'>', ..] => (OpenKind::PartialBlock, 2),
            [b'#', b'*', ..] => (OpenKind::DecoratorBlock, 2),
            [b'#', ..] => (OpenKind::Block, 1),
            [b'/', ..] => (OpenKind::EndBlock, 1),
            [b'^', ..] => match close_after(&rest[1..]) {
                Some((length, close)) => (OpenKind::Else(close), 1 + length),
                None => (OpenKind::Inverse, 1),
            },
            [b'{', ..] => (OpenKind::Unescaped, 1),
            [b'&', ..] => (OpenKind::Ampersand, 1),
            [b'!', ..] => return self.comment(start, after, strip),
            [b'*', ..] => (OpenKind::Decorator, 1),
            _ => match else_length(rest) {
                Some(length) => match close_after(&rest[length..]) {
                    Some((more, close)) => (OpenKind::Else(close), length + more),
                    None => (OpenKind::InverseChain, length),
                },
                None => (OpenKind::Mustache, 0),
            },
        };
        self.opened(start, after + length, kind, strip)
    }

    fn opened(&mut self, start: usize, length: usize, kind: OpenKind, strip: bool) -> Piece<'s> {
        self.at = start + length;
        Piece::Open(Open { kind, strip, span: Span::new(start as u32, self.at as u32) })
    }

    /// `{{! … }}` or `{{!-- … --}}`. Without an end it is a mustache that no token fits into.
    fn comment(&mut self, start: usize, after: usize, strip: bool) -> Piece<'s> {
        let rest = &self.rest()[after..];
        let bytes = rest.as_bytes();
        let length = if rest.starts_with("!--") {
            // `{{!--}}` ends where it begins: its dashes count for both.
            memmem::find_iter(bytes, b"}}").map(|at| at + 2).find(|&end| {
                let text = &rest[..end - 2];
                end >= 5 && text.strip_suffix('~').unwrap_or(text).ends_with("--")
            })
        } else {
            memmem::find(bytes, b"}}").map(|at| at + 2)
        };
        let Some(length) = length else {
            return self.opened(start, after, OpenKind::Mustache, strip);
        };
        self.at = start + after + length;
        Piece::Comment(Strip { open: strip, close: self.source.as_bytes()[self.at - 3] == b'~' })
    }

    /// The contents of a raw block up to its end, in pieces as Handlebars cuts them: `{{{{` in it opens a block within.
    /// Returns the name that the end has, or nothing if there is no end.
    pub(super) fn raw(&mut self, contents: &mut Vec<(&'s str, u32)>) -> Option<&'s str> {
        let mut depth = 1;
        loop {
            let start = self.at;
            let rest = self.rest();
            let length = memmem::find(rest.as_bytes(), b"{{{{")?;
            if length > 0 {
                self.at += length;
                contents.push((&rest[..length], start as u32));
                continue;
            }
            match raw_end(rest) {
                Some((name, length)) => {
                    self.at += length;
                    depth -= 1;
                    if depth == 0 {
                        return Some(name);
                    }
                    contents.push((&rest[..length], start as u32));
                }
                None => {
                    if rest.as_bytes().get(4).is_none_or(|&byte| byte == b'/') {
                        return None;
                    }
                    self.at += 4;
                    depth += 1;
                    contents.push((&rest[..4], start as u32));
                }
            }
        }
    }

    /// The next token within a mustache, white space before it skipped, and where it stands.
    pub(super) fn token(&mut self) -> (Token<'s>, Span) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_white_space).len();
        let start = self.at;
        let (token, length) = next_token(self.rest());
        self.at += length;
        (token, Span::new(start as u32, self.at as u32))
    }
}

fn next_token(rest: &str) -> (Token<'_>, usize) {
    let Some(first) = rest.chars().next() else {
        return (Token::End, 0);
    };
    let bytes = rest.as_bytes();
    match first {
        '(' => (Token::OpenCall, 1),
        ')' => (Token::CloseCall, 1),
        '=' => (Token::Equals, 1),
        '@' => (Token::Data, 1),
        '|' => (Token::CloseParams, 1),
        '}' if rest.starts_with("}}}}") => (Token::CloseRaw, 4),
        '}' if rest.starts_with("}}}") => (Token::CloseUnescaped(false), 3),
        '}' if rest.starts_with("}~}}") => (Token::CloseUnescaped(true), 4),
        '}' if rest.starts_with("}}") => (Token::Close(false), 2),
        '~' if rest.starts_with("~}}") => (Token::Close(true), 3),
        '.' if rest.starts_with("..") => (Token::Id(Cow::Borrowed(".."), false), 2),
        '.' if rest[1..].starts_with(ends_id) => (Token::Id(Cow::Borrowed("."), false), 1),
        '.' | '/' => (Token::Separator(&rest[..1]), 1),
        '"' | '\'' => text(rest, bytes[0]),
        '[' => bracketed(rest),
        _ if is_id(first) => word(rest),
        _ => (Token::Invalid, first.len_utf8()),
    }
}

/// A literal, a name or `as |`.
fn word(rest: &str) -> (Token<'_>, usize) {
    if let Some(bar) = rest.strip_prefix("as").filter(|after| after.starts_with(is_white_space)) {
        let bar = bar.trim_start_matches(is_white_space);
        if bar.starts_with('|') {
            return (Token::OpenParams, rest.len() - bar.len() + 1);
        }
    }
    let length = rest.find(|char| !is_id(char)).unwrap_or(rest.len());
    let (name, after) = rest.split_at(length);
    if after.starts_with(ends_literal) {
        let literal = match name {
            "true" => Some(Token::Bool(true)),
            "false" => Some(Token::Bool(false)),
            "undefined" => Some(Token::Undefined),
            "null" => Some(Token::Null),
            _ => None,
        };
        if let Some(literal) = literal {
            return (literal, length);
        }
    }
    if let Some(length) = number_length(rest)
        && rest[length..].starts_with(ends_literal)
        && let Ok(number) = rest[..length].parse()
    {
        return (Token::Number(number), length);
    }
    // At the end of the template, that is the better complaint.
    if after.starts_with(ends_id) || after.is_empty() {
        (Token::Id(Cow::Borrowed(name), false), length)
    } else {
        (Token::Invalid, length)
    }
}

/// The length of `-12.5`, if `rest` starts so.
fn number_length(rest: &str) -> Option<usize> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let sign = usize::from(rest.starts_with('-'));
    let whole = digits(&rest[sign..]);
    if whole == 0 {
        return None;
    }
    let length = sign + whole;
    let fraction = rest[length..].strip_prefix('.').map_or(0, digits);
    Some(if fraction > 0 { length + 1 + fraction } else { length })
}

/// A text in quotes, in which the quote can be escaped.
fn text(rest: &str, quote: u8) -> (Token<'_>, usize) {
    let Some(end) = unescaped_end(rest, quote) else {
        return (Token::Invalid, 1);
    };
    let value = &rest[1..end];
    let escaped = if quote == b'"' { "\\\"" } else { "\\'" };
    let value = if value.contains(escaped) { Cow::Owned(value.replace(escaped, &escaped[1..])) } else { Cow::Borrowed(value) };
    (Token::Text(value), end + 1)
}

/// `[name]`, in which `\]` and `\\` are escapes.
fn bracketed(rest: &str) -> (Token<'_>, usize) {
    let Some(end) = unescaped_end(rest, b']') else {
        return (Token::Invalid, 1);
    };
    let inner = &rest[1..end];
    let name = if inner.contains('\\') { Cow::Owned(unescape_bracketed(inner)) } else { Cow::Borrowed(inner) };
    (Token::Id(name, true), end + 1)
}

fn unescape_bracketed(inner: &str) -> String {
    let mut name = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(char) = chars.next() {
        match (char, chars.peek()) {
            ('\\', Some(&next @ ('\\' | ']'))) => {
                name.push(next);
                chars.next();
            }
            _ => name.push(char),
        }
    }
    name
}

/// The position of the first `end` in `rest`, after its first byte, that no backslash stands before; or else of the last
/// one at all, as the regular expressions of `handlebars.l` backtrack.
fn unescaped_end(rest: &str, end: u8) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut last = None;
    for at in memchr::memchr_iter(end, &bytes[1..]).map(|at| at + 1) {
        last = Some(at);
        if bytes[at - 1] != b'\\' || at == 1 {
            break;
        }
    }
    last
}

/// The length of white space and `else` as a whole word, if `rest` starts so.
fn else_length(rest: &str) -> Option<usize> {
    let word = rest.trim_start_matches(is_white_space);
    let after = word.strip_prefix("else")?;
    let is_word = after.starts_with(|char: char| char.is_ascii_alphanumeric() || char == '_');
    (!is_word).then_some(rest.len() - after.len())
}

/// The length of white space and `}}` or `~}}`, if `rest` starts so, and whether there is a `~`.
fn close_after(rest: &str) -> Option<(usize, bool)> {
    let close = rest.trim_start_matches(is_white_space);
    let space = rest.len() - close.len();
    if close.starts_with("}}") { Some((space + 2, false)) } else { close.starts_with("~}}").then_some((space + 3, true)) }
}

/// The name in `{{{{/name}}}}`, if `rest` starts so, and the length.
fn raw_end(rest: &str) -> Option<(&str, usize)> {
    let name = rest.strip_prefix("{{{{/")?;
    let length = name.find(|char| !is_id(char))?;
    (length > 0 && name[length..].starts_with("}}}}")).then(|| (&name[..length], 5 + length + 4))
}

/// Whether names can contain `char` without brackets.
pub(super) fn is_id(char: char) -> bool {
    !matches!(char, '!' | '"' | '#' | '%'..=',' | '.' | '/' | ';'..='>' | '@' | '['..='^' | '`' | '{'..='~')
        && !is_white_space(char)
}

/// What has to follow a name.
fn ends_id(char: char) -> bool {
    matches!(char, '=' | '~' | '}' | '/' | '.' | ')' | '|') || is_white_space(char)
}

/// What has to follow `true`, `12` and the like; otherwise they are names.
fn ends_literal(char: char) -> bool {
    matches!(char, '~' | '}' | ')') || is_white_space(char)
}

//! Recursive descent over the tokens of one declaration. Productions are named as in `langium-grammar.langium`.
//!
//! A production returns the node it made, or [`Failed`] after it noted a problem: the first mistake ends the
//! declaration, and parsing goes on with the next one.

mod declarations;
mod elements;
mod terminals;
mod types;

use super::boundary::Tokens;
use super::lexer::{Token, TokenKind};
use crate::text::{Name, Names, Span};
use crate::tree::{
    Cardinality, Declaration, DeclarationKind, Flags, Kind, List, Node, NodeId, Part, Place, Primitive, SyntaxProblem, Tree,
};

/// How deep productions may nest. At this depth, parsing and rendering together were measured to fit in 256 KiB of stack in a
/// release build and in 1 MiB in a debug build; Langium's own parser runs out of stack earlier.
const MAX_DEPTH: u32 = 400;

/// The production does not match; the problem is noted.
#[derive(Clone, Copy, Debug)]
struct Failed;

type Parsed<T> = Result<T, Failed>;

pub(super) fn parse_declaration(text: &str, region_start: u32, tokens: &mut Tokens, names: &mut Names, tree: &mut Tree) -> u32 {
    let Tokens { tokens, comments, scratch } = tokens;
    scratch.clear();
    let [first, .., end] = tokens.as_slice() else { unreachable!("a declaration has a first token and an end") };
    let starts = [tree.nodes.len(), tree.lists.len(), tree.comments.len()];
    for comment in comments {
        let (token, Span { start, end }) = (comment.token - region_start, comment.span);
        let span = Span::new(start - region_start, end - region_start);
        tree.comments.push(crate::tree::Comment { token, span });
    }
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        region_start,
        names,
        first_node: starts[0],
        first_list: starts[1],
        places_in_lists: Place::is_in_lists(end.end - region_start),
        tree,
        pending: scratch,
        depth: 0,
        name_span: None,
        has_inferring_actions: false,
    };
    let kind = parser.declaration().unwrap_or(DeclarationKind::Broken);
    let has_inferring_actions = parser.has_inferring_actions;
    let first_token = first.start - region_start;
    let name_span = parser.name_span.unwrap_or(Span::new(first_token, first_token));
    let ends = [tree.nodes.len(), tree.lists.len(), tree.comments.len()];
    let part = |index: usize| Part { start: starts[index] as u32, end: ends[index] as u32 };
    tree.declarations.push(Declaration {
        kind,
        region: Span::new(region_start, end.end),
        first_token,
        name_span,
        parts: [part(0), part(1), part(2)],
        has_inferring_actions,
    });
    end.end
}

struct Parser<'p> {
    text: &'p str,
    /// Ends with a token of kind `Eof`.
    tokens: &'p [Token],
    at: usize,
    region_start: u32,
    names: &'p mut Names,
    tree: &'p mut Tree,
    first_node: usize,
    first_list: usize,
    places_in_lists: bool,
    /// Items of the lists that are being read, innermost last.
    pending: &'p mut Vec<u32>,
    depth: u32,
    name_span: Option<Span>,
    has_inferring_actions: bool,
}

// Tokens
impl Parser<'_> {
    #[inline]
    fn token(&self) -> Token {
        self.tokens[self.at]
    }

    #[inline]
    fn kind(&self) -> TokenKind {
        self.tokens[self.at].kind
    }

    fn kind_after(&self, skipped: usize) -> TokenKind {
        self.tokens.get(self.at + skipped).map_or(TokenKind::Eof, |token| token.kind)
    }

    #[inline]
    fn bump(&mut self) -> Token {
        let token = self.token();
        if token.kind != TokenKind::Eof {
            self.at += 1;
        }
        token
    }

    #[inline]
    fn eat(&mut self, kind: TokenKind) -> bool {
        let found = self.kind() == kind;
        if found {
            self.at += 1;
        }
        found
    }

    #[inline]
    fn expect(&mut self, kind: TokenKind) -> Parsed<Token> {
        if self.kind() != kind {
            return Err(self.expected(kind.describe()));
        }
        self.at += 1;
        Ok(self.tokens[self.at - 1])
    }

    fn text_of(&self, token: Token) -> &str {
        token.span().of(self.text)
    }

    fn relative(&self, span: Span) -> Span {
        Span::new(span.start - self.region_start, span.end - self.region_start)
    }
}

// Problems
impl Parser<'_> {
    #[cold]
    fn expected(&mut self, what: &str) -> Failed {
        self.expected_with(what, None)
    }

    #[cold]
    fn expected_with(&mut self, what: &str, hint: Option<&'static str>) -> Failed {
        let token = self.token();
        let (found, hint) = match token.kind {
            TokenKind::Eof if self.tokens.len() > 1 => {
                let last = self.tokens[self.tokens.len() - 2];
                let message =
                    format!("Expected {what} after '{}', but the declaration ends here.", abbreviate(self.text_of(last)));
                return self.problem(Span::new(last.end.saturating_sub(1).max(last.start), last.end), message, hint);
            }
            TokenKind::Unknown => {
                (format!("the character '{}'", self.text_of(token)), hint.or(unknown_hint(self.text_of(token))))
            }
            TokenKind::Id => (format!("the name '{}'", abbreviate(self.text_of(token))), hint),
            TokenKind::String | TokenKind::Number | TokenKind::Regex => (abbreviate(self.text_of(token)), hint),
            word if word.is_word() && what == "a name" => {
                (format!("the keyword {}", word.describe()), hint.or(Some("to use a keyword as a name, write '^' before it")))
            }
            kind => (kind.describe().to_owned(), hint),
        };
        self.problem(token.span(), format!("Found {found}, but expected {what}."), hint)
    }

    fn problem(&mut self, span: Span, message: String, hint: Option<&'static str>) -> Failed {
        let declaration = self.tree.declarations.len() as u32;
        let span = self.relative(span);
        self.tree.problems.push(SyntaxProblem { declaration, span, message, hint });
        Failed
    }

    /// Runs `production` one level deeper, unless that is too deep.
    fn nested<T>(&mut self, production: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == MAX_DEPTH {
            let message = format!("Nested more than {MAX_DEPTH} levels deep.");
            return Err(self.problem(self.token().span(), message, Some("move inner parts into rules of their own")));
        }
        self.depth += 1;
        let result = production(self);
        self.depth -= 1;
        result
    }
}

/// `text` on one line, cut where a message would become unreadable.
fn abbreviate(text: &str) -> String {
    const LONGEST: usize = 40;
    let line = text.lines().next().unwrap_or("");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < text.len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

fn unknown_hint(character: &str) -> Option<&'static str> {
    match character {
        "\"" | "'" => Some("the string that starts here has no end"),
        "/" => Some("the comment or regular expression that starts here has no end"),
        _ => None,
    }
}

// Nodes, lists, names
impl Parser<'_> {
    /// Adds a node that started with token `start` and ended with the token read last.
    ///
    /// Inlined, so that the fields of `kind` are written where they stay: passed by reference, they are read back as
    /// wider words than they were written in, which stalls (a tenth of all parsing).
    #[inline(always)]
    fn node(&mut self, start: usize, kind: Kind) -> NodeId {
        let first = self.tokens[start];
        let last = self.tokens[self.at.max(start + 1) - 1];
        let flags = if first.commented { Flags::COMMENTED } else { Flags::default() };
        let id = NodeId::from_index(self.tree.nodes.len() - self.first_node);
        let place = self.place(Span::new(first.start - self.region_start, last.end - self.region_start));
        self.tree.nodes.push(Node::new(kind, flags, place));
        id
    }

    #[inline]
    fn place(&mut self, span: Span) -> Place {
        if self.places_in_lists { self.place_in_lists(span) } else { Place::of(span) }
    }

    #[cold]
    fn place_in_lists(&mut self, span: Span) -> Place {
        let start = self.tree.lists.len() - self.first_list;
        self.tree.lists.extend([span.start, span.end]);
        Place::at(start)
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.tree.nodes[self.first_node + id.index()]
    }

    /// Lets node `id` reach from token `start` to the token read last: the parentheses around it are its own.
    fn enclose(&mut self, id: NodeId, start: usize) {
        let (first, last) = (self.tokens[start], self.tokens[self.at - 1]);
        let place = self.place(Span::new(first.start - self.region_start, last.end - self.region_start));
        let node = self.node_mut(id);
        node.set_place(place);
        let flags = node.flags().without(Flags::COMMENTED);
        node.set_flags(if first.commented { flags.with(Flags::COMMENTED) } else { flags });
    }

    /// Reads a list: `read` adds items to `self.pending`.
    fn list(&mut self, read: impl FnOnce(&mut Self) -> Parsed<()>) -> Parsed<List> {
        let mark = self.pending.len();
        let result = read(self);
        let list = self.take_list(mark);
        result.map(|()| list)
    }

    /// Makes a list of the pending items from `mark` on.
    #[inline]
    fn take_list(&mut self, mark: usize) -> List {
        let length = self.pending.len() - mark;
        if length == 0 {
            return List::EMPTY;
        }
        let list = List::at(self.tree.lists.len() - self.first_list);
        self.tree.lists.push(length as u32);
        self.tree.lists.extend_from_slice(&self.pending[mark..]);
        self.pending.truncate(mark);
        list
    }

    fn add(&mut self, id: NodeId) {
        self.pending.push(id.raw());
    }

    /// Terminal `ID`: a name, without the `^` that keeps it from being a keyword.
    #[inline]
    fn id(&mut self) -> Parsed<Name> {
        let token = self.expect(TokenKind::Id)?;
        Ok(self.intern_id(token))
    }

    #[inline]
    fn intern_id(&mut self, token: Token) -> Name {
        let (start, end) = (token.start as usize, token.end as usize);
        let caret = usize::from(self.text.as_bytes()[start] == b'^');
        self.names.intern_part(self.text, start + caret, end)
    }

    /// Like [`Parser::id`], for the name that the declaration declares.
    fn declared_name(&mut self) -> Parsed<Name> {
        let span = self.token().span();
        let name = self.id()?;
        self.name_span = Some(self.relative(span));
        Ok(name)
    }

    /// Terminal `STRING`, converted as Langium does (`convertString` in `value-converter.ts`).
    #[inline]
    fn string(&mut self) -> Parsed<Name> {
        let token = self.expect(TokenKind::String)?;
        let (start, end) = (token.start as usize + 1, token.end as usize - 1);
        if token.escaped {
            Ok(self.names.intern(&unescape(&self.text[start..end])))
        } else {
            Ok(self.names.intern_part(self.text, start, end))
        }
    }

    /// Rule `FeatureName`: any name, and most keywords.
    #[inline]
    fn feature_name(&mut self) -> Parsed<Name> {
        if !is_feature_name(self.kind()) {
            return Err(self.expected("a property name"));
        }
        let token = self.bump();
        Ok(self.intern_id(token))
    }

    /// Rule `PrimitiveType`, if the next token is one.
    fn primitive(&mut self) -> Option<Primitive> {
        let primitive = match self.kind() {
            TokenKind::StringWord => Primitive::String,
            TokenKind::NumberWord => Primitive::Number,
            TokenKind::BooleanWord => Primitive::Boolean,
            TokenKind::DateWord => Primitive::Date,
            TokenKind::BigintWord => Primitive::Bigint,
            _ => return None,
        };
        self.at += 1;
        Some(primitive)
    }

    #[inline]
    fn cardinality(&mut self) -> Cardinality {
        let cardinality = match self.kind() {
            TokenKind::Question => Cardinality::Optional,
            TokenKind::Star => Cardinality::Many,
            TokenKind::Plus => Cardinality::OneOrMore,
            _ => return Cardinality::One,
        };
        self.at += 1;
        cardinality
    }
}

/// Whether rule `FeatureName` accepts the token: all words but `EOF`.
const fn is_feature_name(kind: TokenKind) -> bool {
    matches!(kind, TokenKind::Id) || kind.is_word() && !matches!(kind, TokenKind::EndOfFile)
}

/// `convertString` in `value-converter.ts`: unknown escapes stand for the character itself.
fn unescape(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut characters = content.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('b') => text.push('\u{8}'),
                Some('f') => text.push('\u{c}'),
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('v') => text.push('\u{b}'),
                Some('0') => text.push('\0'),
                Some(other) => text.push(other),
                None => {}
            },
            other => text.push(other),
        }
    }
    text
}

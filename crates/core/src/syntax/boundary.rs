//! Where declarations end, found without understanding them.
//!
//! The rules are exact for every valid grammar, and chosen so that in an invalid one the damage stays inside the
//! declaration that is broken: a forgotten `;` or `}` ends at the next thing that can only be a declaration's start.

use super::lexer::{Lexer, Token, TokenKind};
use crate::text::Span;
use crate::tree::Comment;

/// The tokens of one declaration, with absolute positions. Reused for the next one.
#[derive(Debug, Default)]
pub struct Tokens {
    /// The tokens, followed by one of kind `Eof` that ends where the last one does.
    pub tokens: Vec<Token>,
    /// The block comments directly before tokens.
    pub comments: Vec<Comment>,
}

/// Cuts a text into declarations.
#[derive(Debug)]
pub struct Boundaries<'t> {
    lexer: Lexer<'t>,
    /// Tokens read, that belong to the next declaration; with their comments.
    ahead: Tokens,
}

impl<'t> Boundaries<'t> {
    /// Starts at byte `at` of `text`, which must be the end of a declaration or the text's start.
    pub fn new(text: &'t str, at: usize) -> Boundaries<'t> {
        Boundaries { lexer: Lexer::new(text, at), ahead: Tokens::default() }
    }

    /// The last block comment before the next token, whatever comments stand between.
    pub fn block_comment_ahead(&mut self) -> Option<Span> {
        if self.ahead.tokens.is_empty() {
            let mut ahead = std::mem::take(&mut self.ahead);
            self.read(&mut ahead);
            self.ahead = ahead;
        }
        self.lexer.last_block_comment()
    }

    /// Fills `declaration` with the next declaration's tokens. Returns whether there was one.
    pub fn next_declaration(&mut self, declaration: &mut Tokens) -> bool {
        declaration.tokens.clear();
        declaration.comments.clear();
        std::mem::swap(declaration, &mut self.ahead);
        if declaration.tokens.is_empty() {
            self.read(declaration);
        }
        let first = declaration.tokens[0].kind;
        if first == TokenKind::Eof {
            self.ahead.tokens.push(declaration.tokens[0]);
            return false;
        }
        let mut shape = Shape::starting_with(first);
        let mut length = 1;
        loop {
            if declaration.tokens.len() < length + 2 {
                self.read(declaration);
                if declaration.tokens.len() < length + 2 && declaration.tokens[length].kind != TokenKind::Eof {
                    self.read(declaration);
                }
            }
            let token = declaration.tokens[length];
            let next = declaration.tokens.get(length + 1).map_or(TokenKind::Eof, |token| token.kind);
            if token.kind == TokenKind::Eof || shape.ends_before(declaration.tokens[length - 1].kind, token.kind, next) {
                break;
            }
            length += 1;
        }
        self.keep(declaration, length);
        true
    }

    fn read(&mut self, into: &mut Tokens) {
        let token = self.lexer.next_token();
        if token.commented
            && let Some(span) = self.lexer.last_block_comment()
        {
            into.comments.push(Comment { token: token.start, span });
        }
        into.tokens.push(token);
    }

    /// Leaves the first `length` tokens in `declaration`; the others are the next one's.
    fn keep(&mut self, declaration: &mut Tokens, length: usize) {
        let end = declaration.tokens[length - 1].end;
        self.ahead.tokens.extend(declaration.tokens.drain(length..));
        let comments = declaration.comments.partition_point(|comment| comment.token < end);
        self.ahead.comments.extend(declaration.comments.drain(comments..));
        declaration.tokens.push(Token { start: end, end, kind: TokenKind::Eof, commented: false });
    }
}

/// What kind of declaration it is, and how far it has come.
#[derive(Clone, Copy, Debug)]
enum Shape {
    /// `grammar` or a stray `;`: at most `rest` more tokens.
    Fixed { rest: u32 },
    /// `import`: a string, then perhaps `;`.
    Import { path: bool },
    /// `interface`: up to `}`, then perhaps `;`.
    Interface { body: bool, closed: bool },
    /// `type`: ends where no operator asks for more, then perhaps `;`.
    Type,
    /// A rule: up to `;`.
    Rule { body: bool, brackets: bool },
    /// Nothing may follow.
    Complete,
}

impl Shape {
    fn starting_with(first: TokenKind) -> Shape {
        match first {
            TokenKind::Grammar => Shape::Fixed { rest: 1 },
            TokenKind::Semicolon => Shape::Fixed { rest: 0 },
            TokenKind::Import => Shape::Import { path: false },
            TokenKind::Interface => Shape::Interface { body: false, closed: false },
            TokenKind::Type => Shape::Type,
            _ => Shape::Rule { body: false, brackets: false },
        }
    }

    /// Whether the declaration ends before `token`, which stands between `previous` and `next`.
    /// If it does not, `token` is taken into account.
    fn ends_before(&mut self, previous: TokenKind, token: TokenKind, next: TokenKind) -> bool {
        match self {
            Shape::Complete => true,
            Shape::Fixed { rest } => {
                let ends = *rest == 0 || token != TokenKind::Id;
                *rest = rest.saturating_sub(1);
                ends
            }
            Shape::Import { path } => match token {
                TokenKind::String if !*path => {
                    *path = true;
                    false
                }
                TokenKind::Semicolon => self.complete(),
                _ => true,
            },
            Shape::Interface { body, closed } => match token {
                TokenKind::Semicolon if *closed => self.complete(),
                _ if *closed => true,
                TokenKind::CloseBrace => {
                    *closed = true;
                    false
                }
                TokenKind::OpenBrace => {
                    *body = true;
                    false
                }
                // `type?: T` and `type: T` are attributes.
                _ if starts_declaration(token) => !*body || !matches!(next, TokenKind::Colon | TokenKind::Question),
                _ => false,
            },
            Shape::Type => match token {
                TokenKind::Semicolon => self.complete(),
                _ => ends_type(previous) && !continues_type(token) || starts_declaration(token) && previous != TokenKind::Type,
            },
            Shape::Rule { body, brackets } => {
                match token {
                    TokenKind::Semicolon => return self.complete(),
                    TokenKind::Colon => *body = true,
                    TokenKind::OpenBracket => *brackets = true,
                    TokenKind::CloseBracket => *brackets = false,
                    // Only a cross-reference has a name before a colon.
                    TokenKind::Id => return *body && !*brackets && next == TokenKind::Colon,
                    // `terminal=…` assigns, `{A.terminal=current}` too.
                    _ if starts_declaration(token) && *body => {
                        let assigned = matches!(next, TokenKind::Equals | TokenKind::PlusEquals | TokenKind::QuestionEquals);
                        return !assigned && previous != TokenKind::Dot;
                    }
                    _ if starts_declaration(token) => {
                        let header = matches!(
                            (previous, token),
                            (TokenKind::Hidden, TokenKind::Terminal) | (TokenKind::Terminal, TokenKind::Fragment)
                        );
                        return !header;
                    }
                    _ => {}
                }
                false
            }
        }
    }

    fn complete(&mut self) -> bool {
        *self = Shape::Complete;
        false
    }
}

const fn starts_declaration(token: TokenKind) -> bool {
    matches!(
        token,
        TokenKind::Grammar
            | TokenKind::Import
            | TokenKind::Interface
            | TokenKind::Type
            | TokenKind::Entry
            | TokenKind::Fragment
            | TokenKind::Hidden
            | TokenKind::Terminal
            | TokenKind::Infix
    )
}

/// Whether a type definition can end with `token`.
const fn ends_type(token: TokenKind) -> bool {
    matches!(
        token,
        TokenKind::Id
            | TokenKind::String
            | TokenKind::StringWord
            | TokenKind::NumberWord
            | TokenKind::BooleanWord
            | TokenKind::DateWord
            | TokenKind::BigintWord
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::Plus
    )
}

/// Whether `token` goes on with a type definition that could have ended. (`=`: the token before was the type's name.)
const fn continues_type(token: TokenKind) -> bool {
    matches!(
        token,
        TokenKind::Equals
            | TokenKind::Bar
            | TokenKind::OpenBracket
            | TokenKind::CloseBracket
            | TokenKind::CloseParen
            | TokenKind::Plus
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and last token of each declaration.
    fn cut(text: &str) -> Vec<&str> {
        let mut boundaries = Boundaries::new(text, 0);
        let mut tokens = Tokens::default();
        let mut parts = Vec::new();
        while boundaries.next_declaration(&mut tokens) {
            let last = tokens.tokens[tokens.tokens.len() - 2];
            parts.push(Span::new(tokens.tokens[0].start, last.end).of(text));
        }
        parts
    }

    #[test]
    fn valid_declarations() {
        let parts = [
            "grammar A",
            "import './b'",
            "import 'c';",
            "interface I extends J { type: string; entry?: @K+ = [1] }",
            "interface L {};",
            "type T = A | ('b' | @C+)[]",
            "type U = string;",
            "entry M<a>: type=ID [T:ID] {infer X.terminal+=current} (hidden?='x' | <a> grammar+=N)*;",
            "hidden terminal fragment WS: /;/ | ';';",
            "infix E on P returns E: '+' > '-';",
        ];
        assert_eq!(cut(&parts.join("\n")), parts);
    }

    #[test]
    fn damage_stays_in_the_broken_declaration() {
        assert_eq!(cut("A: b=B C: d=D; E: f=F;"), ["A: b=B", "C: d=D;", "E: f=F;"]);
        assert_eq!(cut("A: b=B terminal C: /x/;"), ["A: b=B", "terminal C: /x/;"]);
        assert_eq!(cut("interface A { b: string entry C: d=D;"), ["interface A { b: string", "entry C: d=D;"]);
        assert_eq!(cut("grammar import 'a' ;; type = X"), ["grammar", "import 'a' ;", ";", "type = X"]);
    }
}

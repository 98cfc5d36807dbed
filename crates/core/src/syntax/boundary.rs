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
    /// Room for the parser to collect lists in.
    pub(super) scratch: Vec<u32>,
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
        declaration.tokens.append(&mut self.ahead.tokens);
        declaration.comments.append(&mut self.ahead.comments);
        let mut cutter = Cutter { boundaries: self, declaration, length: 0 };
        let first = cutter.take();
        let length = match first.kind {
            TokenKind::Eof => {
                self.ahead.tokens.push(first);
                return false;
            }
            TokenKind::Grammar => cutter.grammar(),
            TokenKind::Semicolon => 1,
            TokenKind::Import => cutter.import(),
            TokenKind::Interface => cutter.interface(),
            TokenKind::Type => cutter.type_declaration(),
            _ => cutter.rule(),
        };
        self.keep(declaration, length);
        true
    }

    /// Whether `declaration`, found by [`Boundaries::next_declaration`], is the same in every text that goes on from this
    /// one. Only a token that is none (an unclosed string) depends on text far behind it; the others on a few bytes.
    pub(super) fn is_settled(&self, declaration: &Tokens) -> bool {
        const BYTES_AHEAD: usize = 16;
        let own = &declaration.tokens[..declaration.tokens.len() - 1];
        let (ahead, text) = (&self.ahead.tokens, self.lexer.text());
        let last = ahead.last().or(own.last()).map_or(0, |token| token.end as usize);
        let is_open = |token: &Token| matches!(token.kind, TokenKind::Unknown | TokenKind::Eof);
        last + BYTES_AHEAD <= text.len() && !own.iter().chain(ahead).any(is_open)
    }

    #[inline(always)]
    fn read(&mut self, into: &mut Tokens) -> Token {
        let token = self.lexer.next_token();
        if token.commented {
            into.comments.extend(self.lexer.last_block_comment().map(|span| Comment { token: token.start, span }));
        }
        into.tokens.push(token);
        token
    }

    /// Leaves the first `length` tokens in `declaration`; the others are the next one's.
    fn keep(&mut self, declaration: &mut Tokens, length: usize) {
        let end = declaration.tokens[length - 1].end;
        if length < declaration.tokens.len() {
            self.ahead.tokens.extend(declaration.tokens.drain(length..));
            let comments = declaration.comments.partition_point(|comment| comment.token < end);
            self.ahead.comments.extend(declaration.comments.drain(comments..));
        }
        declaration.tokens.push(Token { start: end, end, kind: TokenKind::Eof, commented: false, escaped: false });
    }
}

/// Reads tokens into a declaration. Each shape of declaration returns how many of them are its own.
struct Cutter<'b, 't> {
    boundaries: &'b mut Boundaries<'t>,
    declaration: &'b mut Tokens,
    /// How many tokens were taken.
    length: usize,
}

impl Cutter<'_, '_> {
    /// The next token, which may have been read ahead.
    #[inline(never)]
    fn take(&mut self) -> Token {
        self.take_to(|_| true)
    }

    /// Takes tokens up to one that `matters`.
    #[inline]
    fn take_to(&mut self, matters: impl Fn(TokenKind) -> bool) -> Token {
        while let Some(&token) = self.declaration.tokens.get(self.length) {
            self.length += 1;
            if matters(token.kind) {
                return token;
            }
        }
        loop {
            let token = self.boundaries.read(self.declaration);
            if matters(token.kind) {
                self.length = self.declaration.tokens.len();
                return token;
            }
        }
    }

    /// The token that will be taken next.
    fn peek(&mut self) -> Token {
        let token = self.take();
        self.length -= 1;
        token
    }

    /// How many tokens there are up to the one taken last, with it if it is a `;`.
    fn through_semicolon(&self, last: Token) -> usize {
        self.length - usize::from(last.kind != TokenKind::Semicolon)
    }

    /// `grammar Name`
    fn grammar(&mut self) -> usize {
        if self.take().kind == TokenKind::Id { 2 } else { 1 }
    }

    /// `import 'path'`, then perhaps `;`
    fn import(&mut self) -> usize {
        let mut token = self.take();
        if token.kind == TokenKind::String {
            token = self.take();
        }
        self.through_semicolon(token)
    }

    /// Up to `}`, then perhaps `;`
    fn interface(&mut self) -> usize {
        let mut in_body = false;
        loop {
            let token = self.take();
            match token.kind {
                TokenKind::Eof => return self.length - 1,
                TokenKind::CloseBrace => {
                    let after = self.take();
                    return self.through_semicolon(after);
                }
                TokenKind::OpenBrace => in_body = true,
                kind if starts_declaration(kind) => {
                    // `type?: T` and `type: T` are attributes.
                    let next = self.take().kind;
                    if !in_body || !matches!(next, TokenKind::Colon | TokenKind::Question) {
                        return self.length - 2;
                    }
                }
                _ => {}
            }
        }
    }

    /// Ends where no operator asks for more, then perhaps `;`
    fn type_declaration(&mut self) -> usize {
        let mut previous = TokenKind::Type;
        loop {
            let token = self.take();
            let ends = match token.kind {
                TokenKind::Semicolon | TokenKind::Eof => true,
                kind if starts_declaration(kind) => previous != TokenKind::Type,
                kind => ends_type(previous) && !continues_type(kind),
            };
            if ends {
                return self.through_semicolon(token);
            }
            previous = token.kind;
        }
    }

    /// Up to `;`
    fn rule(&mut self) -> usize {
        let (mut in_body, mut in_brackets) = (false, false);
        loop {
            let kind = self.take_to(matters_in_rule).kind;
            let previous = self.declaration.tokens[self.length - 2].kind;
            match kind {
                TokenKind::Semicolon => return self.length,
                TokenKind::Eof => return self.length - 1,
                TokenKind::OpenBracket => in_brackets = true,
                TokenKind::CloseBracket => in_brackets = false,
                // In a body, only a cross-reference has a name before a colon.
                TokenKind::Colon if in_body && !in_brackets && previous == TokenKind::Id => return self.length - 2,
                TokenKind::Colon => in_body = true,
                _ if in_body => {
                    // `terminal=…` assigns, `{A.terminal=current}` too.
                    let next = self.peek().kind;
                    let assigns = matches!(next, TokenKind::Equals | TokenKind::PlusEquals | TokenKind::QuestionEquals);
                    if !assigns && previous != TokenKind::Dot {
                        return self.length - 1;
                    }
                }
                start => {
                    let in_header = matches!(
                        (previous, start),
                        (TokenKind::Hidden, TokenKind::Terminal) | (TokenKind::Terminal, TokenKind::Fragment)
                    );
                    if !in_header {
                        return self.length - 1;
                    }
                }
            }
        }
    }
}

/// What [`Cutter::rule`] looks at. Seven of eight tokens in rules are others.
const fn matters_in_rule(token: TokenKind) -> bool {
    starts_declaration(token)
        || matches!(
            token,
            TokenKind::Semicolon | TokenKind::Eof | TokenKind::OpenBracket | TokenKind::CloseBracket | TokenKind::Colon
        )
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

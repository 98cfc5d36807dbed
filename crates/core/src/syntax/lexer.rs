//! From text to tokens. Implements the terminals of `langium-grammar.langium` (package `langium` 4.4.0) the way
//! Chevrotain's lexer runs them: at each place the first terminal that matches wins, keywords before names unless the
//! name is longer. So a token depends on nothing but the text from its start on, which is why lexing can begin at any
//! token's start.

use memchr::{memchr2, memmem};

use super::runs::Runs;
use crate::text::Span;
use crate::text::head::head;

/// A token without its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
    /// What it is.
    pub kind: TokenKind,
    /// A block comment stands directly before it.
    pub commented: bool,
    /// It is a string with a `\\` in it.
    pub escaped: bool,
}

const _: () = assert!(size_of::<Token>() == 12);

impl Token {
    /// Where it lies.
    pub fn span(self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// Defines the token kinds with their texts, once.
macro_rules! token_kinds {
    (named { $($named:ident = $name:literal),* $(,)? } signs { $($sign:ident = $text:literal),* $(,)? } words { $($word:ident = $keyword:literal),* $(,)? }) => {
        /// What a token is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum TokenKind { $($named,)* $($sign,)* $($word,)* }

        impl TokenKind {
            /// For messages: the text in quotes, or what kind of token it is.
            pub const fn describe(self) -> &'static str {
                match self {
                    $(TokenKind::$named => $name,)*
                    $(TokenKind::$sign => concat!("'", $text, "'"),)*
                    $(TokenKind::$word => concat!("'", $keyword, "'"),)*
                }
            }

            /// Whether it is written like a name but reserved.
            pub const fn is_word(self) -> bool {
                matches!(self, $(TokenKind::$word)|*)
            }
        }

        const WORDS: &[(&str, TokenKind)] = &[$(($keyword, TokenKind::$word)),*];
    };
}

token_kinds! {
    named {
        Eof = "the end of the file", Id = "a name", String = "a string", Number = "a number", Regex = "a regular expression",
        Unknown = "an unknown character",
    }
    signs {
        Question = "?", Star = "*", Plus = "+", Equals = "=", PlusEquals = "+=", QuestionEquals = "?=", QuestionNot = "?!",
        QuestionLessEquals = "?<=", QuestionLessNot = "?<!", DoubleArrow = "=>", Arrow = "->", Bar = "|", Ampersand = "&", Not = "!",
        OpenParen = "(", CloseParen = ")", OpenBracket = "[", CloseBracket = "]", OpenBrace = "{", CloseBrace = "}", Less = "<",
        Greater = ">", Comma = ",", Colon = ":", Semicolon = ";", Dot = ".", DotDot = "..", At = "@",
    }
    words {
        Returns = "returns", Terminal = "terminal", Hidden = "hidden", Fragment = "fragment", Entry = "entry", Grammar = "grammar",
        Import = "import", Interface = "interface", Extends = "extends", Type = "type", Infer = "infer", Infers = "infers",
        Infix = "infix", On = "on", Assoc = "assoc", LeftWord = "left", RightWord = "right", Current = "current", EndOfFile = "EOF",
        True = "true", False = "false", With = "with", StringWord = "string", NumberWord = "number", BooleanWord = "boolean",
        DateWord = "Date", BigintWord = "bigint",
    }
}

/// What the word `bytes[start..end]` (not empty) is: a keyword or a name.
#[inline(always)]
fn word_kind(bytes: &[u8], start: usize, end: usize) -> TokenKind {
    let head = head(bytes, start, end);
    let keyword = &KEYWORDS[slot(head)];
    if keyword.head == head
        && keyword.text.len() == end - start
        && keyword.text[keyword.text.len().min(8)..] == bytes[end.min(start + 8)..end]
    {
        keyword.kind
    } else {
        TokenKind::Id
    }
}

/// Where a word would stand in [`KEYWORDS`], by its [`head`]. The factor was found by trying until no two keywords shared
/// a slot.
const fn slot(head: u64) -> usize {
    (head.wrapping_mul(0x2f42_9ce5_9ff3_078f) >> 58) as usize
}

const SLOTS: usize = 64;

#[derive(Clone, Copy)]
struct Keyword {
    head: u64,
    text: &'static [u8],
    kind: TokenKind,
}

const KEYWORDS: [Keyword; SLOTS] = {
    let mut slots = [Keyword { head: 0, text: &[], kind: TokenKind::Id }; SLOTS];
    let mut index = 0;
    while index < WORDS.len() {
        let (text, kind) = (WORDS[index].0.as_bytes(), WORDS[index].1);
        let head = head(text, 0, text.len());
        assert!(slots[slot(head)].text.is_empty(), "two keywords share a slot: try other factors");
        slots[slot(head)] = Keyword { head, text, kind };
        index += 1;
    }
    slots
};

/// What a byte can start.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Class {
    Letter,
    /// A token of one byte, whatever follows.
    Single,
    Quote,
    Sign,
    Digit,
    Other,
    /// A comment or a regular expression.
    Slash,
    /// White space perhaps.
    BeyondAscii,
}

/// What a byte can start, and the token that it is if that is [`Class::Single`].
const FIRST_BYTES: [(Class, TokenKind); 256] = {
    let mut table = [(Class::Other, TokenKind::Unknown); 256];
    let mut byte = 0;
    while byte < table.len() {
        let single = match byte as u8 {
            b'*' => TokenKind::Star,
            b'|' => TokenKind::Bar,
            b'&' => TokenKind::Ampersand,
            b'!' => TokenKind::Not,
            b'(' => TokenKind::OpenParen,
            b')' => TokenKind::CloseParen,
            b'[' => TokenKind::OpenBracket,
            b']' => TokenKind::CloseBracket,
            b'{' => TokenKind::OpenBrace,
            b'}' => TokenKind::CloseBrace,
            b'<' => TokenKind::Less,
            b'>' => TokenKind::Greater,
            b',' => TokenKind::Comma,
            b':' => TokenKind::Colon,
            b';' => TokenKind::Semicolon,
            b'@' => TokenKind::At,
            _ => TokenKind::Unknown,
        };
        let class = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Letter,
            b'0'..=b'9' => Class::Digit,
            b'"' | b'\'' => Class::Quote,
            b'/' => Class::Slash,
            b'?' | b'+' | b'=' | b'-' | b'.' | b'^' => Class::Sign,
            0x80.. => Class::BeyondAscii,
            _ if !matches!(single, TokenKind::Unknown) => Class::Single,
            _ => Class::Other,
        };
        table[byte] = (class, single);
        byte += 1;
    }
    table
};

/// Reads tokens off a text, one at a time.
#[derive(Clone, Debug)]
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    runs: Runs<'t>,
    /// The last block comment before the token read last, whatever stands between.
    last_block: Option<Span>,
    /// No block comment that starts from here on ends. Without this, text full of `/*` would take quadratic time.
    last_block_end: usize,
    /// No `]` ends a class that starts in this range: the same for lines full of `/[`.
    unclosed_class: std::ops::Range<usize>,
}

impl<'t> Lexer<'t> {
    /// A lexer at byte `at` of `text`, which must be a token's start or before it.
    pub fn new(text: &'t str, at: usize) -> Lexer<'t> {
        let runs = Runs::new(text.as_bytes(), at);
        Lexer { text, at, runs, last_block: None, last_block_end: usize::MAX, unclosed_class: 0..0 }
    }

    /// The text that is read.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// The last block comment among the white space and comments before the token read last.
    pub fn last_block_comment(&self) -> Option<Span> {
        self.last_block
    }

    /// The next token; at the end of the text [`TokenKind::Eof`], as often as asked.
    #[inline(always)]
    pub fn next_token(&mut self) -> Token {
        let bytes = self.text.as_bytes();
        self.last_block = None;
        self.at = self.runs.end_of_space(self.at);
        let mut first = bytes.get(self.at);
        let mut commented = false;
        if first.is_some_and(|&byte| FIRST_BYTES[byte as usize].0 >= Class::Slash) {
            commented = self.skip_trivia();
            first = bytes.get(self.at);
        }
        let start = self.at;
        let mut escaped = false;
        let kind = match first {
            Some(&first) => self.read_token(first, &mut escaped),
            None => TokenKind::Eof,
        };
        Token { start: start as u32, end: self.at as u32, kind, commented, escaped }
    }

    /// Skips white space and comments. Returns whether the last comment is a block comment.
    #[cold]
    fn skip_trivia(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        let mut block_is_last = false;
        loop {
            match bytes.get(self.at) {
                Some(b'/') => match bytes.get(self.at + 1) {
                    Some(b'/') => {
                        let rest = &bytes[self.at..];
                        self.at += memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
                        block_is_last = false;
                    }
                    Some(b'*') if self.at < self.last_block_end => match memmem::find(&bytes[self.at + 2..], b"*/") {
                        Some(length) => {
                            let start = self.at;
                            self.at += length + 4;
                            self.last_block = Some(Span::new(start as u32, self.at as u32));
                            block_is_last = true;
                        }
                        None => {
                            self.last_block_end = self.at;
                            return block_is_last;
                        }
                    },
                    _ => return block_is_last,
                },
                Some(&byte) if byte >= 0x80 => match self.text[self.at..].chars().next() {
                    Some(space) if is_unicode_space(space) => self.at += space.len_utf8(),
                    _ => return block_is_last,
                },
                _ => return block_is_last,
            }
            self.at = self.runs.end_of_space(self.at);
        }
    }

    #[inline(always)]
    fn read_token(&mut self, first: u8, escaped: &mut bool) -> TokenKind {
        let (class, single) = FIRST_BYTES[first as usize];
        match class {
            Class::Letter => {
                let start = self.at;
                self.at = self.runs.end_of_word(start + 1);
                word_kind(self.text.as_bytes(), start, self.at)
            }
            Class::Single => {
                self.at += 1;
                single
            }
            Class::Quote => self.read_string(first, escaped),
            Class::Sign => self.read_sign(first),
            Class::Slash => self.read_regex(),
            Class::Digit => self.read_number(),
            Class::Other | Class::BeyondAscii => self.read_unknown(),
        }
    }

    #[inline]
    fn read_sign(&mut self, first: u8) -> TokenKind {
        let rest = &self.text.as_bytes()[self.at..];
        let (second, third) = (rest.get(1).copied().unwrap_or(0), rest.get(2).copied().unwrap_or(0));
        let (length, kind) = match (first, second) {
            (b'?', b'=') => (2, TokenKind::QuestionEquals),
            (b'?', b'!') => (2, TokenKind::QuestionNot),
            (b'?', b'<') if third == b'=' => (3, TokenKind::QuestionLessEquals),
            (b'?', b'<') if third == b'!' => (3, TokenKind::QuestionLessNot),
            (b'?', _) => (1, TokenKind::Question),
            (b'+', b'=') => (2, TokenKind::PlusEquals),
            (b'+', _) => (1, TokenKind::Plus),
            (b'=', b'>') => (2, TokenKind::DoubleArrow),
            (b'=', _) => (1, TokenKind::Equals),
            (b'-', b'>') => (2, TokenKind::Arrow),
            (b'-', _) => return self.read_number(),
            (b'.', b'.') => (2, TokenKind::DotDot),
            (b'.', b'0'..=b'9') => return self.read_number(),
            (b'.', _) => (1, TokenKind::Dot),
            (b'^', letter) if FIRST_BYTES[letter as usize].0 == Class::Letter => {
                self.at = self.runs.end_of_word(self.at + 1);
                return TokenKind::Id;
            }
            _ => return self.read_unknown(),
        };
        self.at += length;
        kind
    }

    /// `"(\\.|[^"\\])*"` or the same with single quotes.
    #[inline(always)]
    fn read_string(&mut self, quote: u8, escaped: &mut bool) -> TokenKind {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        loop {
            // Most strings are keywords: a word or a few signs.
            at = self.runs.end_of_word(at);
            match bytes.get(at) {
                Some(&byte) if byte == quote => {
                    self.at = at + 1;
                    return TokenKind::String;
                }
                Some(b'\\') => match after_escape(self.text, at) {
                    Some(next) => (at, *escaped) = (next, true),
                    None => break,
                },
                Some(_) => at += 1,
                None => break,
            }
        }
        self.read_unknown()
    }

    /// `\/(?![*+?])(?:[^\r\n\[/\\]|\\.|\[(?:[^\r\n\]\\]|\\.)*\])+\/[a-z]*`
    #[inline(never)]
    fn read_regex(&mut self) -> TokenKind {
        let bytes = self.text.as_bytes();
        let mut at = self.at + 1;
        if matches!(bytes.get(at), None | Some(b'*' | b'+' | b'?' | b'/')) {
            return self.read_unknown();
        }
        let mut class_start = None;
        loop {
            let next = match bytes.get(at) {
                None | Some(b'\r' | b'\n') => None,
                Some(b'\\') => after_escape(self.text, at),
                Some(b'/') if class_start.is_none() => break,
                Some(b'[') if class_start.is_none() && self.unclosed_class.contains(&at) => None,
                Some(&byte) => {
                    match byte {
                        b'[' if class_start.is_none() => class_start = Some(at),
                        b']' => class_start = None,
                        _ => {}
                    }
                    Some(at + 1)
                }
            };
            match next {
                Some(next) => at = next,
                None => {
                    if let Some(start) = class_start {
                        self.unclosed_class = start..at;
                    }
                    return self.read_unknown();
                }
            }
        }
        at += 1;
        while bytes.get(at).is_some_and(u8::is_ascii_lowercase) {
            at += 1;
        }
        self.at = at;
        TokenKind::Regex
    }

    /// `-?((\d*\.\d+|\d+)([Ee][+-]?\d+)?|Infinity)`. (The terminal's `NaN` is always read as a name.)
    #[inline(never)]
    fn read_number(&mut self) -> TokenKind {
        let bytes = self.text.as_bytes();
        let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let start = self.at + usize::from(bytes[self.at] == b'-');
        if bytes[start..].starts_with(b"Infinity") {
            self.at = start + "Infinity".len();
            return TokenKind::Number;
        }
        let whole = digits(start);
        let mut end = whole;
        if bytes.get(whole) == Some(&b'.') {
            let fraction = digits(whole + 1);
            if fraction > whole + 1 {
                end = fraction;
            }
        }
        if end == start {
            return self.read_unknown();
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        self.at = end;
        TokenKind::Number
    }

    #[inline(never)]
    fn read_unknown(&mut self) -> TokenKind {
        self.at += self.text[self.at..].chars().next().map_or(0, char::len_utf8);
        TokenKind::Unknown
    }
}

/// The offset after the escape `\\.` at `at`; none if the text or the line ends first.
fn after_escape(text: &str, at: usize) -> Option<usize> {
    match text[at + 1..].chars().next() {
        None | Some('\n' | '\r' | '\u{2028}' | '\u{2029}') => None,
        Some(escaped) => Some(at + 1 + escaped.len_utf8()),
    }
}

/// JavaScript's `\s` beyond ASCII; the byte order mark is among them.
fn is_unicode_space(character: char) -> bool {
    matches!(
        character,
        '\u{a0}' | '\u{1680}' | '\u{2000}'
            ..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}' | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(text: &str) -> Vec<(TokenKind, &str)> {
        let mut lexer = Lexer::new(text, 0);
        let mut tokens = Vec::new();
        loop {
            let token = lexer.next_token();
            if token.kind == TokenKind::Eof {
                return tokens;
            }
            tokens.push((token.kind, token.span().of(text)));
        }
    }

    fn kinds(text: &str) -> Vec<TokenKind> {
        lex(text).into_iter().map(|(kind, _)| kind).collect()
    }

    #[test]
    fn the_longest_sign_wins() {
        use TokenKind::*;
        assert_eq!(
            kinds("? ?= ?! ?<= ?<! ?< += + => = -> .. ."),
            [
                Question,
                QuestionEquals,
                QuestionNot,
                QuestionLessEquals,
                QuestionLessNot,
                Question,
                Less,
                PlusEquals,
                Plus,
                DoubleArrow,
                Equals,
                Arrow,
                DotDot,
                Dot
            ]
        );
    }

    #[test]
    fn numbers_are_those_of_the_terminal() {
        let texts = |text| lex(text).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(
            texts("1 -2.5 .5 1e3 1.5E-3 -Infinity 1..2 1.x 2e"),
            ["1", "-2.5", ".5", "1e3", "1.5E-3", "-Infinity", "1", "..", "2", "1", ".", "x", "2", "e"]
        );
        assert_eq!(kinds("NaN Infinity - "), [TokenKind::Id, TokenKind::Id, TokenKind::Unknown]);
    }

    #[test]
    fn strings_and_regexes_end_where_the_terminals_end_them() {
        use TokenKind::*;
        assert_eq!(
            lex(r#"'a\'b' "c'd" /[/\]]\/x/gi/"#)[..3],
            [(String, r"'a\'b'"), (String, r#""c'd""#), (Regex, r"/[/\]]\/x/gi")]
        );
        assert_eq!(kinds("'a\nb'"), [String]);
        assert_eq!(kinds("'a\\\nb'")[0], Unknown);
        assert_eq!(kinds("/a\n/")[0], Unknown);
    }

    #[test]
    fn what_never_ends_is_looked_for_once() {
        let text = "/[a /* ".repeat(200_000);
        assert_eq!(kinds(&text).len(), 1_000_000);
        let text = "/* ".repeat(500_000);
        assert_eq!(kinds(&text).len(), 1_000_000);
        use TokenKind::*;
        assert_eq!(kinds("/[a /b/\n/[c]/"), [Unknown, OpenBracket, Id, Regex, Regex]);
    }

    #[test]
    fn comments_are_skipped_and_the_last_one_is_remembered() {
        let commented = |text| Lexer::new(text, 0).next_token().commented;
        assert!(commented("/* a */ x"));
        assert!(commented("// b\n/** a */\n x"));
        assert!(!commented("/* a */ // b\n x"));
        assert_eq!(
            kinds("\u{feff}\u{a0}x /* never ends"),
            [TokenKind::Id, TokenKind::Unknown, TokenKind::Star, TokenKind::Id, TokenKind::Id]
        );
    }

    #[test]
    fn words_are_keywords_only_as_a_whole() {
        assert_eq!(
            kinds("infer infers inferred ^infer EOF"),
            [TokenKind::Infer, TokenKind::Infers, TokenKind::Id, TokenKind::Id, TokenKind::EndOfFile]
        );
    }
}

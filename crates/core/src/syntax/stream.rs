//! A file parsed while it arrives: every declaration as soon as its last byte is there.

use super::{Boundaries, Tokens, check_order, parse_declaration};
use crate::text::Names;
use crate::tree::Tree;

/// A grammar that comes in chunks. Borders may lie anywhere, also inside of a character.
///
/// The text is kept, since problems and doc comments quote it. What is not parsed yet is never more than a chunk and one
/// declaration.
#[derive(Debug, Default)]
pub struct Incoming {
    text: String,
    /// The start of a character whose other bytes have not come.
    cut: Vec<u8>,
    tree: Tree,
    tokens: Tokens,
    /// Where the last declaration ends.
    end: u32,
    /// Looking for the end of the next declaration is of no use before this many bytes are there.
    wanted: usize,
}

impl Incoming {
    /// Room for a text of `bytes` bytes.
    pub fn with_capacity(bytes: usize) -> Incoming {
        let mut incoming = Incoming { text: String::with_capacity(bytes), ..Incoming::default() };
        super::reserve(&mut incoming.tree, bytes);
        incoming
    }

    /// Takes the next bytes. What is not UTF-8 in them is replaced by U+FFFD, as Node does.
    pub fn feed(&mut self, bytes: &[u8], names: &mut Names) {
        if self.cut.is_empty() {
            self.decode(bytes);
        } else {
            self.cut.extend_from_slice(bytes);
            let bytes = std::mem::take(&mut self.cut);
            self.decode(&bytes);
        }
        if self.text.len() >= self.wanted {
            self.parse(false, names);
            // A declaration that takes many chunks would be read from its start with each of them.
            let unfinished = self.text.len() - self.end as usize;
            self.wanted = self.text.len() + unfinished;
        }
    }

    /// Bytes of the text so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// Whether nothing has come yet.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.cut.is_empty()
    }

    /// Says that nothing follows. The result is the whole text and what [`parse`](super::parse) makes of it.
    ///
    /// # Panics
    /// If the text has 4 GiB or more.
    pub fn finish(mut self, names: &mut Names) -> (String, Tree) {
        if !self.cut.is_empty() {
            self.text.push(char::REPLACEMENT_CHARACTER);
        }
        self.parse(true, names);
        check_order(&mut self.tree);
        (self.text, self.tree)
    }

    fn decode(&mut self, mut bytes: &[u8]) {
        loop {
            match std::str::from_utf8(bytes) {
                Ok(text) => return self.text.push_str(text),
                Err(error) => {
                    let (valid, rest) = bytes.split_at(error.valid_up_to());
                    self.text.extend(valid.utf8_chunks().map(|chunk| chunk.valid()));
                    match error.error_len() {
                        Some(length) => {
                            self.text.push(char::REPLACEMENT_CHARACTER);
                            bytes = &rest[length..];
                        }
                        None => return self.cut.extend_from_slice(rest),
                    }
                }
            }
        }
    }

    /// Parses the declarations that are complete.
    fn parse(&mut self, is_all: bool, names: &mut Names) {
        assert!(u32::try_from(self.text.len()).is_ok(), "a grammar of 4 GiB or more");
        let mut boundaries = Boundaries::new(&self.text, self.end as usize);
        if self.tree.declarations.is_empty() {
            self.tree.grammar_comment = boundaries.block_comment_ahead();
        }
        while boundaries.next_declaration(&mut self.tokens) && (is_all || boundaries.is_settled(&self.tokens)) {
            self.end = parse_declaration(&self.text, self.end, &mut self.tokens, names, &mut self.tree);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::tree;

    const TEXT: &[u8] = "\u{feff}/** ä € 😀 */\r\ngrammar G\r\nimport 'a'\n// ;\nentry A: a=';\n' /* ;\n */ b=B;\n\
        terminal T: /;/;\ninterface I extends J, A { a: string = 'x'; b: @I };\nB returns A: 'x;\n' {C.x=current} ;;\n\
        hidden terminal WS: /\\s;/i;\ninfix E on B: '+' > right assoc '*';\nbroken ( ;$\ntype T2 = 'a' | @I[];\ntype T3 = 'a'\n\
        | 'b'\nC infers D: <!p> d=[A:T]?;\n interface N { n: number = 1.5e+7 } /* open"
        .as_bytes();

    fn check(bytes: &[u8], chunks: impl Iterator<Item = usize>) {
        let (mut names, mut plain) = (Names::new(), Names::new());
        let mut incoming = Incoming::default();
        let (mut rest, mut borders) = (bytes, Vec::new());
        for chunk in chunks {
            let (now, later) = rest.split_at(chunk.min(rest.len()));
            incoming.feed(now, &mut names);
            borders.push(now.len());
            rest = later;
        }
        incoming.feed(rest, &mut names);
        let (text, tree) = incoming.finish(&mut names);
        let expected = String::from_utf8_lossy(bytes);
        assert_eq!(text, expected, "{borders:?}");
        let whole = parse(&expected, &mut plain);
        assert_eq!(tree::dump(&tree, &names), tree::dump(&whole, &plain), "{borders:?}");
        assert_eq!(tree.grammar_comment, whole.grammar_comment, "{borders:?}");
    }

    #[test]
    fn borders_may_lie_anywhere() {
        for size in 1..TEXT.len() {
            check(TEXT, std::iter::repeat_n(size, TEXT.len() / size));
            check(TEXT, [size].into_iter());
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_replaced_as_in_one_piece() {
        let damaged = [b"A: 'a\xff\xe2\x82", &b"\xc3\xa9\xf0\x9f'; \xe2\x82\xac B: 'b' ; \xf0\x9f\x98"[..]].concat();
        for size in 1..damaged.len() {
            check(&damaged, std::iter::repeat_n(size, damaged.len() / size));
        }
    }

    #[test]
    fn a_declaration_is_parsed_when_it_is_there() {
        let (mut names, mut incoming) = (Names::new(), Incoming::default());
        incoming.feed(b"A: a=ID;\nB: b='a string';\n", &mut names);
        assert_eq!(incoming.tree.declarations.len(), 1, "too little follows B to be sure of its last token");
        incoming.feed(b"C: c=[A:ID] // and what else there is to say", &mut names);
        assert_eq!(incoming.tree.declarations.len(), 2);
        incoming.feed(b"\n", &mut names);
        assert_eq!(incoming.finish(&mut names).1.declarations.len(), 3);
    }
}

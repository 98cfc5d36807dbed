//! From byte offsets to lines and columns.

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1, as Langium and the language server protocol count.
    pub column: u32,
}

/// Where the lines of a text start. Built only when a position is asked for.
///
/// Lines end at `\n`, `\r\n` and a lone `\r`, as in Chevrotain's lexer, whose positions Langium prints.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The index of `text`.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            if bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n') {
                starts.push(at as u32 + 1);
            }
        }
        LineIndex { starts }
    }

    /// The position of byte `offset` of `text`, the text that this index was made of.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = self.starts[line - 1] as usize;
        let column = text[start..offset as usize].encode_utf16().count() as u32 + 1;
        Position { line: line as u32, column }
    }

    /// Line `line` (from 1) of `text`, without its line break.
    pub fn line<'a>(&self, text: &'a str, line: u32) -> &'a str {
        let start = self.starts[line as usize - 1] as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |&end| end as usize);
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_breaks_count_and_columns_are_utf16() {
        let text = "a\r\nb\rc\n\u{1F600}d";
        let index = LineIndex::new(text);
        let at = |needle: char| index.position(text, text.find(needle).unwrap() as u32);
        assert_eq!(at('b'), Position { line: 2, column: 1 });
        assert_eq!(at('c'), Position { line: 3, column: 1 });
        assert_eq!(at('d'), Position { line: 4, column: 3 });
        assert_eq!(index.line(text, 1), "a");
    }
}

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
    /// Places in long lines, so that no position costs more than counting to the next one.
    marks: Vec<Mark>,
}

/// How many UTF-16 code units of its line are before byte `offset`.
#[derive(Clone, Copy, Debug)]
struct Mark {
    offset: u32,
    column: u32,
}

/// Bytes between marks.
const STEP: usize = 256;

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
        let mut marks = Vec::new();
        let ends = starts.iter().skip(1).copied().chain([text.len() as u32]);
        for (&start, end) in starts.iter().zip(ends) {
            mark(text, start as usize, end as usize, &mut marks);
        }
        LineIndex { starts, marks }
    }

    /// The line of byte `offset`, from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// The position of byte `offset` of `text`, the text that this index was made of.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = Mark { offset: self.starts[line as usize - 1], column: 0 };
        let marks = self.marks.partition_point(|mark| mark.offset <= offset);
        let before = self.marks[..marks].last().filter(|mark| mark.offset > start.offset).unwrap_or(&start);
        let column = before.column + text[before.offset as usize..offset as usize].encode_utf16().count() as u32 + 1;
        Position { line, column }
    }

    /// Line `line` (from 1) of `text`, without its line break.
    pub fn line<'a>(&self, text: &'a str, line: u32) -> &'a str {
        let start = self.starts[line as usize - 1] as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |&end| end as usize);
        text[start..end].trim_end_matches(['\n', '\r'])
    }
}

/// Marks places in the line from `start` to `end`.
fn mark(text: &str, start: usize, end: usize, marks: &mut Vec<Mark>) {
    let (mut from, mut column) = (start, 0);
    while end - from > STEP {
        let to = text.ceil_char_boundary(from + STEP);
        column += text[from..to].encode_utf16().count() as u32;
        marks.push(Mark { offset: to as u32, column });
        from = to;
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

    #[test]
    fn long_lines_are_counted_from_marks() {
        let text = format!("x\n{}\ny", "a\u{e4}\u{1F600}".repeat(1_000));
        let index = LineIndex::new(&text);
        assert!(!index.marks.is_empty());
        for (offset, _) in text.char_indices() {
            let line = text[..offset].matches('\n').count() as u32 + 1;
            let column = text[..offset].rsplit('\n').next().unwrap().encode_utf16().count() as u32 + 1;
            assert_eq!(index.position(&text, offset as u32), Position { line, column });
        }
    }
}

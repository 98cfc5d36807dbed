//! From byte offsets to lines and columns.

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1, as Langium and the language server protocol count.
    pub column: u32,
}

/// How many lines there are up to some places of a text, so that the line at any place is found without counting all of them.
/// Built only when a position is asked for; a position then costs two binary searches and a look at two blocks, however long its
/// line is.
///
/// Lines end at `\n`, `\r\n` and a lone `\r`, as in Chevrotain's lexer, whose positions Langium prints.
#[derive(Clone, Debug)]
pub struct LineIndex {
    /// For each block: the line breaks before it.
    breaks: Vec<u32>,
    has_returns: bool,
    /// The characters outside of ASCII.
    wide: Vec<Wide>,
}

/// Bytes of a block. Counting takes a quarter of a million instructions for 10,000 lines (370 KB); noting where each line starts took
/// half a million.
const BLOCK: usize = 2048;

/// A character that takes more bytes than UTF-16 code units.
#[derive(Clone, Copy, Debug)]
struct Wide {
    /// The byte behind it.
    end: u32,
    /// How many bytes more than code units all characters up to and with this one take.
    excess: u32,
}

impl LineIndex {
    /// The index of `text`.
    pub fn new(text: &str) -> LineIndex {
        let has_returns = memchr::memchr(b'\r', text.as_bytes()).is_some();
        let mut all = 0;
        let before = |block| {
            all += count(text.as_bytes(), (block * BLOCK, (block + 1) * BLOCK), has_returns);
            all
        };
        let blocks = (0..text.len() / BLOCK).map(before);
        LineIndex { breaks: [0].into_iter().chain(blocks).collect(), has_returns, wide: wide_characters(text) }
    }

    /// The position of byte `offset` of the text, which must be the indexed one; there must a character start or the text end.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.line_of(text, offset);
        let start = self.start_of(text, (line, offset));
        let column = offset - start - (self.excess(offset) - self.excess(start)) + 1;
        Position { line, column }
    }

    /// The line of byte `offset` of the text, which must be the indexed one, from 1.
    pub fn line_of(&self, text: &str, offset: u32) -> u32 {
        let block = offset as usize / BLOCK;
        self.breaks[block] + count(text.as_bytes(), (block * BLOCK, offset as usize), self.has_returns) + 1
    }

    /// Where the line that byte `offset` is in starts.
    fn start_of(&self, text: &str, (line, offset): (u32, u32)) -> u32 {
        // The block with the last break before it; the first line has none.
        let Some(block) = self.breaks.partition_point(|&before| before + 1 < line).checked_sub(1) else { return 0 };
        let end = (offset as usize).min((block + 1) * BLOCK);
        let bytes = text.as_bytes();
        let mut breaks = memchr::memrchr2_iter(b'\n', b'\r', &bytes[..end]);
        breaks.find(|&at| ends_line(bytes, at)).map_or(0, |at| at as u32 + 1)
    }

    /// How many bytes more than UTF-16 code units the first `offset` bytes are.
    fn excess(&self, offset: u32) -> u32 {
        match self.wide.partition_point(|wide| wide.end <= offset) {
            0 => 0,
            count => self.wide[count - 1].excess,
        }
    }
}

/// The line breaks that end in `bytes` from `start` to `end`; most texts have no carriage returns.
fn count(bytes: &[u8], (start, end): (usize, usize), has_returns: bool) -> u32 {
    let part = &bytes[start..end];
    let feeds = memchr::memchr_iter(b'\n', part).count();
    let returns = memchr::memchr_iter(b'\r', if has_returns { part } else { &[] });
    (feeds + returns.filter(|at| ends_line(bytes, start + at)).count()) as u32
}

/// Whether the byte `at` some place, which is one of a line break, is the last of it.
fn ends_line(bytes: &[u8], at: usize) -> bool {
    bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')
}

fn wide_characters(text: &str) -> Vec<Wide> {
    let mut wide = Vec::new();
    if text.is_ascii() {
        return wide;
    }
    let mut excess = 0;
    for (at, character) in text.char_indices().filter(|(_, character)| !character.is_ascii()) {
        excess += (character.len_utf8() - character.len_utf16()) as u32;
        wide.push(Wide { end: (at + character.len_utf8()) as u32, excess });
    }
    wide
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_line_breaks_count_and_columns_are_utf16() {
        let text = "a\r\nb\rc\n\u{1F600}d\u{e4}e\n\u{20ac}f";
        let index = LineIndex::new(text);
        for (needle, line, column) in
            [('a', 1, 1), ('b', 2, 1), ('c', 3, 1), ('\u{1F600}', 4, 1), ('d', 4, 3), ('e', 4, 5), ('f', 5, 2)]
        {
            assert_eq!(index.position(text, text.find(needle).unwrap() as u32), Position { line, column }, "{needle}");
        }
        assert_eq!(index.position(text, text.len() as u32), Position { line: 5, column: 3 });
    }

    #[test]
    fn breaks_are_found_wherever_they_stand() {
        let pieces = ["a", "\n", "\r", "\r\n", "\t", "\u{e}", "\u{ff}", "0123456"];
        let mut text = String::new();
        for number in 0..2_000_usize {
            text.push_str(pieces[number * number % 7919 % pieces.len()]);
            let breaks = text.replace("\r\n", "\n").matches(['\n', '\r']).count();
            assert_eq!(LineIndex::new(&text).line_of(&text, text.len() as u32) as usize, breaks + 1);
        }
    }

    #[test]
    fn every_place_is_in_the_line_that_starts_last_before_it() {
        let text: String =
            (0..900).map(|number| format!("{}{}", "x".repeat(number % 13), ["\n", "\r", "\r\n"][number % 7 % 3])).collect();
        let index = LineIndex::new(&text);
        let (mut line, mut start) = (1, 0);
        for offset in 0..=text.len() {
            if offset > 0 && ends_line(text.as_bytes(), offset - 1) && matches!(text.as_bytes()[offset - 1], b'\n' | b'\r') {
                (line, start) = (line + 1, offset);
            }
            let column = (offset - start) as u32 + 1;
            assert_eq!(index.position(&text, offset as u32), Position { line, column }, "{offset}");
        }
    }

    /// One line of a megabyte, asked for everywhere: counted from the start of the line, that would take hours.
    #[test]
    fn a_position_does_not_cost_the_length_of_its_line() {
        let text = "\u{e4};".repeat(400_000);
        let index = LineIndex::new(&text);
        for unit in 0..800_000 {
            let offset = unit / 2 * 3 + unit % 2 * 2;
            assert_eq!(index.position(&text, offset), Position { line: 1, column: unit + 1 });
        }
    }
}

//! From byte offsets to lines and columns.

/// A place in a text as people and editors count it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in UTF-16 code units, from 1, as Langium and the language server protocol count.
    pub column: u32,
}

/// Where the lines of a text start. Built only when a position is asked for; a position then costs two binary searches,
/// however long its line is.
///
/// Lines end at `\n`, `\r\n` and a lone `\r`, as in Chevrotain's lexer, whose positions Langium prints.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
    /// The characters outside of ASCII.
    wide: Vec<Wide>,
}

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
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        let (blocks, _) = bytes.as_chunks::<BLOCK>();
        let (followers, _) = bytes.get(1..).unwrap_or_default().as_chunks::<BLOCK>();
        let mut at = 0;
        let mut add = |mut breaks: u64| {
            while breaks != 0 {
                starts.push(at + breaks.trailing_zeros() + 1);
                breaks &= breaks - 1;
            }
            at += BLOCK as u32;
        };
        let pairs = blocks.iter().zip(followers);
        match memchr::memchr(b'\r', bytes) {
            Some(_) => pairs.for_each(|(block, followers)| add(mask(|index| ends_line(block[index], followers[index])))),
            // Most texts have none.
            None => pairs.for_each(|(block, _)| add(mask(|index| block[index] == b'\n'))),
        }
        let rest = &bytes[at as usize..];
        let is_break = |index: usize| ends_line(rest[index], rest.get(index + 1).copied().unwrap_or(0));
        starts.extend((0..rest.len()).filter(|&index| is_break(index)).map(|index| at + index as u32 + 1));
        LineIndex { starts, wide: wide_characters(text) }
    }

    /// The position of byte `offset` of the text, which must be where a character starts or the text ends.
    pub fn position(&self, offset: u32) -> Position {
        let line = self.line_of(offset);
        let start = self.starts[line as usize - 1];
        let column = offset - start - (self.excess(offset) - self.excess(start)) + 1;
        Position { line, column }
    }

    /// The line of byte `offset` of the text, from 1.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset) as u32
    }

    /// How many bytes more than UTF-16 code units the first `offset` bytes are.
    fn excess(&self, offset: u32) -> u32 {
        match self.wide.partition_point(|wide| wide.end <= offset) {
            0 => 0,
            count => self.wide[count - 1].excess,
        }
    }
}

/// Bytes that are looked at together.
const BLOCK: usize = 64;

/// A bit for each byte of a block that `is_break`, by its index.
///
/// Lines are short: looking for each next break with `memchr2` takes 1.0 million instructions for 10,000 lines (370 KB), as it
/// does with eight bytes in a number; this takes 0.42, as it becomes instructions for many bytes at once, and 0.57 if there are
/// carriage returns.
#[inline(always)]
fn mask(is_break: impl Fn(usize) -> bool) -> u64 {
    let mut flags = [0; BLOCK];
    for (index, flag) in flags.iter_mut().enumerate() {
        *flag = u8::from(is_break(index));
    }
    // The multiplication brings the lowest bits of eight bytes together in the highest byte.
    let bits = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    flags.as_chunks::<8>().0.iter().rev().fold(0, |breaks, eight| breaks << 8 | bits(eight))
}

/// Whether `byte` is the end of a line break, if `follower` is behind it.
fn ends_line(byte: u8, follower: u8) -> bool {
    (byte == b'\n') | (byte == b'\r') & (follower != b'\n')
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
            assert_eq!(index.position(text.find(needle).unwrap() as u32), Position { line, column }, "{needle}");
        }
        assert_eq!(index.position(text.len() as u32), Position { line: 5, column: 3 });
    }

    #[test]
    fn breaks_are_found_wherever_they_stand() {
        let pieces = ["a", "\n", "\r", "\r\n", "\t", "\u{e}", "\u{ff}", "0123456"];
        let mut text = String::new();
        for number in 0..2_000_usize {
            text.push_str(pieces[number * number % 7919 % pieces.len()]);
            let breaks = text.replace("\r\n", "\n").matches(['\n', '\r']).count();
            assert_eq!(LineIndex::new(&text).line_of(text.len() as u32) as usize, breaks + 1);
        }
    }

    /// One line of a megabyte, asked for everywhere: counted from the start of the line, that would take hours.
    #[test]
    fn a_position_does_not_cost_the_length_of_its_line() {
        let text = "\u{e4};".repeat(400_000);
        let index = LineIndex::new(&text);
        for unit in 0..800_000 {
            let offset = unit / 2 * 3 + unit % 2 * 2;
            assert_eq!(index.position(offset), Position { line: 1, column: unit + 1 });
        }
    }
}

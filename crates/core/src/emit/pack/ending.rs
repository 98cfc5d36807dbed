//! White space at the end of a file and at the ends of its lines, as its pack wants it.

/// A text on its way to `take`, in pieces, that ends with exactly one line break if it is not empty.
pub(super) struct Ending<'d> {
    take: &'d mut dyn FnMut(&[u8]),
    /// Line breaks that stay only if something follows them.
    held: Vec<u8>,
    is_empty: bool,
}

impl<'d> Ending<'d> {
    pub(super) fn new(take: &'d mut dyn FnMut(&[u8])) -> Ending<'d> {
        Ending { take, held: Vec::new(), is_empty: true }
    }

    /// The next piece.
    pub(super) fn push(&mut self, piece: &[u8]) {
        let is_break = |byte: &u8| matches!(byte, b'\n' | b'\r');
        let end = piece.iter().rposition(|byte| !is_break(byte)).map_or(0, |last| last + 1);
        let (text, breaks) = piece.split_at(end);
        if !text.is_empty() {
            if !self.held.is_empty() {
                (self.take)(&self.held);
                self.held.clear();
            }
            (self.take)(text);
            self.is_empty = false;
        }
        self.held.extend_from_slice(breaks);
    }

    /// Nothing follows.
    pub(super) fn finish(self) {
        if !self.is_empty {
            (self.take)(b"\n");
        }
    }
}

/// `text` without line breaks at its end but one; nothing, if it has nothing else.
pub(super) fn with_final_newline(mut text: String) -> String {
    text.truncate(text.trim_end_matches(['\n', '\r']).len());
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// `text` without white space at the ends of its lines. Few lines have any: what lies between them is copied in one piece.
pub(super) fn without_trailing_space(text: String) -> String {
    let bytes = text.as_bytes();
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    let mut trimmed = String::new();
    let mut copied = 0;
    for end in ends.filter(|&end| end > 0 && matches!(bytes[end - 1], b' ' | b'\t' | b'\r')) {
        trimmed.push_str(text[copied..end].trim_end_matches([' ', '\t', '\r']));
        copied = end;
    }
    if copied == 0 {
        return text;
    }
    trimmed.push_str(&text[copied..]);
    trimmed
}

#[cfg(test)]
mod tests {
    use super::{Ending, with_final_newline};

    #[test]
    fn pieces_end_as_the_whole_does() {
        let texts = ["", "\n", "\r\n\n", "a", "a\n", "a\r\n\n", "\n\na\n\n", "a\n\nb", "a\n\r\nb\n\n\n"];
        for text in texts {
            for size in 1..=text.len().max(1) {
                let mut passed = Vec::new();
                let mut take = |piece: &[u8]| passed.extend_from_slice(piece);
                let mut ending = Ending::new(&mut take);
                text.as_bytes().chunks(size).for_each(|piece| ending.push(piece));
                ending.finish();
                assert_eq!(passed, with_final_newline(text.to_owned()).as_bytes(), "{text:?} in pieces of {size}");
            }
        }
    }
}

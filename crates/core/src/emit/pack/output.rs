//! What is written: to a buffer, indented as partials want it, and from there to the sink.
//!
//! Where a partial is indented, what comes before a line is written as soon as the line before it ends, and taken off again if
//! the partial ends there. So only line breaks need to be looked for.

use super::buffer::Buffer;
use super::program::{Lines, Piece, Template};
use super::value::Arena;
use super::writer::Writer;
use crate::emit::Sink;

/// So many bytes leave for the sink together: few enough to stay in the innermost cache.
pub(super) const CHUNK: usize = 16 << 10;

/// The text so far. What must not grow without an end is checked by the renderer: here it is only noticed.
pub(super) struct Output<'r, 'd> {
    sink: &'r mut Sink<'d>,
    buffer: Buffer,
    /// How long the text in the buffer may become.
    limit: usize,
    /// Something was left out since the text would have become too long.
    is_full: bool,
    /// How many look at the end of the buffer again: while there are any, nothing may leave it.
    captures: u32,
    /// What the partials around indent each line by, one after the other.
    indents: Buffer,
    line: Line,
}

/// The last indentation that was written.
#[derive(Clone, Copy)]
struct Line {
    /// Where it begins, in bytes of the buffer.
    indent: usize,
    /// Where it ends. If the buffer ends here too, the line may not come.
    text: usize,
    /// For so much of `indents`, no line begins here: a partial was called within one.
    within: usize,
}

impl Line {
    /// None that might not come.
    const BEGUN: Line = Line { indent: 0, text: usize::MAX, within: 0 };
}

/// What a block's text is taken off with: see [`Output::capture`].
pub(super) struct Capture {
    start: usize,
    indents: Buffer,
    line: Line,
}

impl<'r, 'd> Output<'r, 'd> {
    /// Appends at most `limit` bytes to `sink`.
    pub(super) fn new(sink: &'r mut Sink<'d>, limit: usize) -> Output<'r, 'd> {
        let (buffer, indents) = (Buffer::new(), Buffer::new());
        Output { sink, buffer, limit, is_full: false, captures: 0, indents, line: Line::BEGUN }
    }

    /// How many more bytes there is room for.
    pub(super) fn room(&self) -> usize {
        self.limit.saturating_sub(self.buffer.len())
    }

    /// Whether there is no room for what was written.
    pub(super) fn is_full(&self) -> bool {
        self.is_full || self.buffer.len() > self.limit
    }

    /// How many bytes are in the buffer: only differences mean something.
    #[inline]
    pub(super) fn len(&self) -> usize {
        self.buffer.len()
    }

    /// Whether partials indent what is written.
    #[inline(always)]
    fn is_indented(&self) -> bool {
        self.indents.len() > 0
    }

    /// Appends `text`.
    #[inline(always)]
    pub(super) fn push(&mut self, text: &str) {
        if self.is_indented() && end_of_line(text.as_bytes()).is_some() {
            return self.push_lines(text);
        }
        self.buffer.push(text);
    }

    /// Appends a text of a template.
    #[inline(always)]
    pub(super) fn push_piece(&mut self, piece: &Piece, template: &Template) {
        if piece.lines != Lines::None && self.is_indented() {
            return self.push_piece_of_lines(piece, template);
        }
        piece.push_to(&mut self.buffer, template);
    }

    #[inline(never)]
    fn push_piece_of_lines(&mut self, piece: &Piece, template: &Template) {
        if piece.lines == Lines::Many {
            return self.push_lines(piece.as_str(template));
        }
        piece.push_to(&mut self.buffer, template);
        self.indent_line();
    }

    /// Appends lines, each one indented but the first, which was indented before.
    #[inline(never)]
    fn push_lines(&mut self, mut text: &str) {
        while let Some(end) = end_of_line(text.as_bytes())
            && !self.is_full
        {
            self.buffer.push(&text[..=end]);
            self.indent_line();
            text = &text[end + 1..];
        }
        self.buffer.push(text);
    }

    /// Indents the line that begins here.
    #[inline]
    fn indent_line(&mut self) {
        let indent = self.buffer.len();
        // One indentation may be as long as a template.
        if indent > self.limit {
            self.is_full = true;
            self.line = Line::BEGUN;
            return;
        }
        self.buffer.push_from(&self.indents, 0);
        self.line = Line { indent, text: self.buffer.len(), within: 0 };
    }

    /// Appends what `write` writes. Gives the number of bytes written.
    #[inline(always)]
    pub(super) fn push_with<E>(&mut self, write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>) -> Result<usize, E> {
        let before = self.buffer.len();
        let mut writer = Writer::new(&mut self.buffer, self.limit);
        write(&mut writer)?;
        self.is_full |= writer.is_full();
        if self.is_indented() {
            self.indent_from(before);
        }
        Ok(self.buffer.len() - before)
    }

    /// Indents the lines that were written from `before` on.
    #[inline(never)]
    fn indent_from(&mut self, before: usize) {
        if end_of_line(self.buffer.bytes_from(before)).is_some() {
            let text = self.buffer.split_off(before);
            self.push_lines(&text);
        }
    }

    /// What `write` writes, which does not become a part of the text, and for which there is `room`.
    #[inline]
    pub(super) fn aside<'a, E>(
        &mut self,
        arena: &'a Arena,
        room: usize,
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>,
    ) -> Result<&'a str, E> {
        let start = self.buffer.len();
        let result = write(&mut Writer::new(&mut self.buffer, start.saturating_add(room)));
        let text = result.map(|()| arena.text(self.buffer.from(start)));
        self.buffer.truncate(start);
        text
    }

    /// Indents lines by `indent` more, the next one too. Gives what to [end](Output::end_indent) that with.
    #[inline]
    pub(super) fn begin_indent(&mut self, indent: &Piece, template: &Template) -> usize {
        let (outer, end) = (self.indents.len(), self.buffer.len());
        indent.push_to(&mut self.indents, template);
        self.buffer.push_from(&self.indents, outer);
        if end != self.line.text {
            self.line = Line { indent: end, text: 0, within: outer };
        }
        self.line.text = self.buffer.len();
        outer
    }

    /// Ends the innermost indentation.
    #[inline]
    pub(super) fn end_indent(&mut self, outer: usize) {
        if self.buffer.len() == self.line.text {
            let begin = self.line.text - (self.indents.len() - outer);
            self.buffer.truncate(begin);
            self.line.text = if outer > self.line.within { begin } else { usize::MAX };
        }
        self.indents.truncate(outer);
        if outer == 0 {
            self.line = Line::BEGUN;
        }
    }

    /// From here on, what is written is for somebody else, and not indented.
    pub(super) fn capture(&mut self) -> Capture {
        self.captures += 1;
        let (indents, line) = (std::mem::take(&mut self.indents), std::mem::replace(&mut self.line, Line::BEGUN));
        Capture { start: self.buffer.len(), indents, line }
    }

    /// What was written since, taken off again.
    pub(super) fn captured(&mut self, capture: Capture) -> String {
        self.captures -= 1;
        (self.indents, self.line) = (capture.indents, capture.line);
        self.buffer.split_off(capture.start)
    }

    /// Lets what was written leave, if it is enough and nobody looks at it again.
    #[inline(always)]
    pub(super) fn cut(&mut self) {
        if self.buffer.len() >= CHUNK && self.captures == 0 {
            self.flush();
        }
    }

    /// Lets all that was written leave, but for the indentation of a line that may not come.
    #[inline(never)]
    pub(super) fn flush(&mut self) {
        let is_open = self.buffer.len() == self.line.text;
        let kept = if is_open { self.buffer.split_off(self.line.indent) } else { String::new() };
        self.limit = self.room();
        self.sink.push_bytes(self.buffer.bytes_from(0));
        self.buffer.truncate(0);
        self.buffer.push(&kept);
        self.line = Line { indent: 0, text: if is_open { kept.len() } else { usize::MAX }, ..self.line };
    }
}

/// Where the first line break is. Most texts are names, for which calling `memchr` takes longer than looking.
#[inline]
fn end_of_line(text: &[u8]) -> Option<usize> {
    let has = |bytes: [u8; 8]| {
        // A byte is 0 where there is a line break; the lowest such byte borrows.
        let word = u64::from_le_bytes(bytes) ^ 0x0A0A_0A0A_0A0A_0A0A;
        word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080 != 0
    };
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) if text.len() <= 16 && !has(*first) && !has(*last) => None,
        (Some(_), Some(_)) => memchr::memchr(b'\n', text),
        _ => text.iter().position(|byte| *byte == b'\n'),
    }
}

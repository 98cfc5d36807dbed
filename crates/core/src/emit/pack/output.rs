//! What is written: to a buffer, indented as partials want it, and from there to the sink.

use super::buffer::Buffer;
use super::program::{Content, Lines};
use super::writer::Writer;
use crate::emit::Sink;

/// So many bytes leave for the sink together: few enough to stay in the innermost cache.
const CHUNK: usize = 16 << 10;

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
    /// What of `indents`, from here to its end, comes before the next byte.
    pending: usize,
}

/// What a block's text is taken off with: see [`Output::capture`].
pub(super) struct Capture {
    start: usize,
    indents: Buffer,
    pending: usize,
}

impl<'r, 'd> Output<'r, 'd> {
    /// Appends at most `limit` bytes to `sink`.
    pub(super) fn new(sink: &'r mut Sink<'d>, limit: usize) -> Output<'r, 'd> {
        let (buffer, indents) = (Buffer::new(), Buffer::new());
        Output { sink, buffer, limit, is_full: false, captures: 0, indents, pending: 0 }
    }

    /// How many more bytes there is room for.
    pub(super) fn room(&self) -> usize {
        self.limit.saturating_sub(self.buffer.len())
    }

    /// Whether there is no room for what was written.
    pub(super) fn is_full(&self) -> bool {
        self.is_full || self.buffer.len() > self.limit
    }

    /// Whether partials indent what is written.
    #[inline]
    fn is_indented(&self) -> bool {
        self.indents.len() > 0
    }

    /// Whether what comes next begins no line that is indented.
    #[inline]
    fn is_begun(&self) -> bool {
        self.pending == self.indents.len()
    }

    /// Appends `text`. Gives the number of bytes written.
    #[inline(always)]
    pub(super) fn push(&mut self, text: &str) -> usize {
        if self.is_indented() && (end_of_line(text.as_bytes()).is_some() || text.is_empty()) {
            return self.push_lines(text);
        }
        self.begin_line();
        self.buffer.push(text);
        text.len()
    }

    /// Appends a piece of a template.
    #[inline(always)]
    pub(super) fn push_content(&mut self, content: &Content) {
        if content.lines == Lines::Many && self.is_indented() {
            self.push_lines(content.text());
            return;
        }
        self.begin_line();
        content.push_to(&mut self.buffer);
        if content.lines == Lines::One {
            self.pending = 0;
        }
    }

    /// Indents the line that the next text begins, if it begins one.
    #[inline(always)]
    fn begin_line(&mut self) {
        if !self.is_begun() {
            self.indent_line();
        }
    }

    #[inline(never)]
    fn indent_line(&mut self) {
        // One indentation may be as long as a template.
        if self.buffer.len() > self.limit {
            self.is_full = true;
            return;
        }
        self.buffer.push_from(&self.indents, self.pending);
        self.pending = self.indents.len();
    }

    /// Appends `text`, each line indented. Gives the number of bytes written.
    #[inline(never)]
    fn push_lines(&mut self, mut text: &str) -> usize {
        let before = self.buffer.len();
        while !text.is_empty() {
            self.begin_line();
            let Some(end) = end_of_line(text.as_bytes()) else {
                self.buffer.push(text);
                break;
            };
            self.buffer.push(&text[..=end]);
            self.pending = 0;
            text = &text[end + 1..];
            if self.buffer.len() > self.limit {
                self.is_full = true;
                break;
            }
        }
        self.buffer.len() - before
    }

    /// Appends what `write` writes, as [`Output::push`] does. Gives the number of bytes written.
    #[inline]
    pub(super) fn push_with<E>(&mut self, write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>) -> Result<usize, E> {
        let before = self.buffer.len();
        let mut writer = Writer::new(&mut self.buffer, self.limit);
        write(&mut writer)?;
        self.is_full |= writer.is_full();
        if self.is_indented() && self.buffer.len() > before {
            self.indent_from(before);
        }
        Ok(self.buffer.len() - before)
    }

    /// Indents what was just written.
    #[inline(never)]
    fn indent_from(&mut self, start: usize) {
        // Mostly the rest of a line.
        if !self.is_begun() || end_of_line(self.buffer.bytes_from(start)).is_some() {
            let text = self.buffer.split_off(start);
            self.push_lines(&text);
        }
    }

    /// Indents lines by `indent` more, the next one too if it is not yet begun. Gives what to [end](Output::end_indent) that
    /// with.
    #[inline]
    pub(super) fn begin_indent(&mut self, indent: &Content) -> usize {
        let outer = self.indents.len();
        indent.push_to(&mut self.indents);
        outer
    }

    /// Ends the innermost indentation.
    #[inline]
    pub(super) fn end_indent(&mut self, outer: usize) {
        self.indents.truncate(outer);
        self.pending = self.pending.min(outer);
    }

    /// From here on, what is written is for somebody else, and not indented.
    pub(super) fn capture(&mut self) -> Capture {
        self.captures += 1;
        let indents = std::mem::take(&mut self.indents);
        Capture { start: self.buffer.len(), indents, pending: std::mem::take(&mut self.pending) }
    }

    /// What was written since, taken off again.
    pub(super) fn captured(&mut self, capture: Capture) -> String {
        self.captures -= 1;
        self.indents = capture.indents;
        self.pending = capture.pending;
        self.buffer.split_off(capture.start)
    }

    /// Lets what was written leave, if it is enough and nobody looks at it again.
    #[inline(always)]
    pub(super) fn cut(&mut self) {
        if self.buffer.len() >= CHUNK && self.captures == 0 {
            self.flush();
        }
    }

    /// Lets all that was written leave.
    #[inline(never)]
    pub(super) fn flush(&mut self) {
        self.limit = self.room();
        self.sink.push_str(self.buffer.as_str());
        self.sink.cut();
        self.buffer.truncate(0);
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

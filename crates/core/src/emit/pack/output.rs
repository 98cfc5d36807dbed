//! What is written: to the end of the sink, indented as partials want it.

use super::program::{Content, Lines};
use super::writer::Writer;
use crate::emit::Sink;

/// The text so far. What must not grow without an end is checked by the renderer: here it is only noticed.
pub(super) struct Output<'r, 'd> {
    sink: &'r mut Sink<'d>,
    /// How long the text in the sink may become.
    limit: usize,
    /// Something was left out since the text would have become too long.
    is_full: bool,
    /// How many look at the end of the sink again: while there are any, nothing may leave it.
    captures: u32,
    /// What the partials around indent each line by, one after the other.
    indents: String,
    /// What of `indents`, from here to its end, comes before the next byte.
    pending: usize,
    /// Kept for its memory.
    scratch: String,
}

/// What a block's text is taken off with: see [`Output::capture`].
pub(super) struct Capture {
    start: usize,
    indents: String,
    pending: usize,
}

impl<'r, 'd> Output<'r, 'd> {
    /// Appends at most `limit` bytes to `sink`.
    pub(super) fn new(sink: &'r mut Sink<'d>, limit: usize) -> Output<'r, 'd> {
        let limit = limit + sink.len();
        Output { sink, limit, is_full: false, captures: 0, indents: String::new(), pending: 0, scratch: String::new() }
    }

    /// How many more bytes there is room for.
    pub(super) fn room(&self) -> usize {
        self.limit.saturating_sub(self.sink.len())
    }

    /// Whether there is no room for what was written.
    pub(super) fn is_full(&self) -> bool {
        self.is_full || self.sink.len() > self.limit
    }

    /// Whether partials indent what is written.
    #[inline]
    pub(super) fn is_indented(&self) -> bool {
        !self.indents.is_empty()
    }

    /// Appends `text` where nothing is indented.
    #[inline]
    pub(super) fn push(&mut self, text: &str) {
        debug_assert!(!self.is_indented());
        self.sink.push_str(text);
    }

    /// Appends a piece of a template.
    #[inline(always)]
    pub(super) fn push_content(&mut self, content: &Content) {
        if self.is_indented() { self.push_content_indented(content) } else { content.push_to(self.sink) }
    }

    #[inline(never)]
    fn push_content_indented(&mut self, content: &Content) {
        if content.lines == Lines::Many {
            self.push_indented(content.text());
            return;
        }
        self.begin_line();
        content.push_to(self.sink);
        if content.lines == Lines::One {
            self.pending = 0;
        }
    }

    #[inline]
    fn begin_line(&mut self) {
        if self.pending < self.indents.len() {
            self.sink.push_str(&self.indents[self.pending..]);
            self.pending = self.indents.len();
        }
    }

    /// Appends `text`, each line indented. Gives the number of bytes written.
    #[inline(never)]
    pub(super) fn push_indented(&mut self, mut text: &str) -> usize {
        let before = self.sink.len();
        while !text.is_empty() {
            self.begin_line();
            let Some(end) = end_of_line(text.as_bytes()) else {
                self.sink.push_str(text);
                break;
            };
            self.sink.push_str(&text[..=end]);
            self.pending = 0;
            text = &text[end + 1..];
            if self.sink.len() > self.limit {
                self.is_full = true;
                break;
            }
        }
        self.sink.len() - before
    }

    /// Appends what `write` writes, as [`Output::push`] or [`Output::push_indented`] do. Gives the number of bytes written.
    pub(super) fn push_with<E>(&mut self, write: impl FnOnce(&mut Writer<'_>) -> Result<(), E>) -> Result<usize, E> {
        if !self.is_indented() {
            let before = self.sink.len();
            let mut writer = Writer::new(self.sink, self.limit);
            write(&mut writer)?;
            self.is_full |= writer.is_full();
            return Ok(self.sink.len() - before);
        }
        let mut text = std::mem::take(&mut self.scratch);
        let mut writer = Writer::new(&mut text, self.room());
        let result = write(&mut writer);
        self.is_full |= writer.is_full();
        let written = self.push_indented(&text);
        text.clear();
        self.scratch = text;
        result.map(|()| written)
    }

    /// Indents lines by `indent` more, the next one too if it is not yet begun. Gives what to [end](Output::end_indent) that
    /// with.
    pub(super) fn begin_indent(&mut self, indent: &str) -> usize {
        let outer = self.indents.len();
        self.indents.push_str(indent);
        outer
    }

    /// Ends the innermost indentation.
    pub(super) fn end_indent(&mut self, outer: usize) {
        self.indents.truncate(outer);
        self.pending = self.pending.min(outer);
    }

    /// From here on, what is written is for somebody else, and not indented.
    pub(super) fn capture(&mut self) -> Capture {
        self.captures += 1;
        let indents = std::mem::take(&mut self.indents);
        Capture { start: self.sink.len(), indents, pending: std::mem::take(&mut self.pending) }
    }

    /// What was written since, taken off again.
    pub(super) fn captured(&mut self, capture: Capture) -> String {
        self.captures -= 1;
        self.indents = capture.indents;
        self.pending = capture.pending;
        self.sink.split_off(capture.start)
    }

    /// Lets what was written leave the sink, if nobody looks at it again.
    #[inline]
    pub(super) fn cut(&mut self) {
        if self.captures == 0 {
            let before = self.sink.len();
            self.sink.cut();
            self.limit -= (before - self.sink.len()).min(self.limit);
        }
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

//! Appends to a text up to a limit.

use super::buffer::Buffer;
use crate::text::js;

/// A text that takes so many bytes and no more. Who writes need not ask after each piece: what does not fit is dropped,
/// and whoever made the writer finds it full.
#[derive(Debug)]
pub(super) struct Writer<'t> {
    text: &'t mut Buffer,
    limit: usize,
    full: bool,
}

impl<'t> Writer<'t> {
    /// Appends to `text` until it has `limit` bytes.
    #[inline]
    pub(super) fn new(text: &'t mut Buffer, limit: usize) -> Writer<'t> {
        Writer { text, limit, full: false }
    }

    #[inline]
    pub(super) fn push(&mut self, piece: &str) {
        if self.has_room(piece.len()) {
            self.text.push(piece);
        }
    }

    #[inline]
    fn has_room(&mut self, length: usize) -> bool {
        let fits = length <= self.limit - self.text.len().min(self.limit);
        self.full |= !fits;
        fits
    }

    pub(super) fn push_char(&mut self, char: char) {
        self.push(char.encode_utf8(&mut [0; 4]));
    }

    pub(super) fn push_number(&mut self, number: f64) {
        if number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0 {
            self.push(js::integer(number as u32, &mut [0; 10]));
        } else {
            self.push_with("", |out| js::push_number(out, number));
        }
    }

    /// Appends what `write` writes to room for `most` bytes: ASCII, and it says how much.
    #[inline]
    pub(super) fn push_ascii(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        if !self.full {
            self.text.push_ascii(most, write);
            self.full = self.text.len() > self.limit;
        }
    }

    /// Appends `text`, whose first byte is ASCII, with `first` in its place.
    #[inline]
    pub(super) fn push_with_first(&mut self, text: &str, first: u8) {
        if self.has_room(text.len()) {
            self.text.push_with_first(text, first);
        }
    }

    /// Appends `text` between quotes, which are ASCII.
    pub(super) fn push_quoted(&mut self, text: &str, quote: u8) {
        if self.has_room(text.len() + 2) {
            self.text.push_byte(quote);
            self.text.push(text);
            self.text.push_byte(quote);
        }
    }

    /// Appends what `write` writes: at most a few times as much as `from` has bytes.
    pub(super) fn push_with(&mut self, from: &str, write: impl FnOnce(&mut String)) {
        if self.has_room(from.len()) {
            let mut text = String::new();
            write(&mut text);
            self.text.push(&text);
        }
    }

    /// Appends `text` with the entities that `escapeExpression` of Handlebars writes.
    pub(super) fn push_escaped(&mut self, text: &str) {
        if !self.has_room(text.len()) {
            return;
        }
        let mut copied = 0;
        for (at, byte) in text.bytes().enumerate() {
            let entity = match byte {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                b'\'' => "&#x27;",
                b'`' => "&#x60;",
                b'=' => "&#x3D;",
                _ => continue,
            };
            self.text.push(&text[copied..at]);
            self.text.push(entity);
            copied = at + 1;
        }
        self.text.push(&text[copied..]);
    }

    /// Appends what `write` writes, with entities.
    pub(super) fn push_escaped_with(&mut self, write: impl FnOnce(&mut Writer<'_>)) {
        let mut text = Buffer::new();
        let mut plain = Writer::new(&mut text, self.limit.saturating_sub(self.text.len()));
        write(&mut plain);
        self.full |= plain.full;
        self.push_escaped(text.as_str());
    }

    /// Whether something did not fit.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }
}

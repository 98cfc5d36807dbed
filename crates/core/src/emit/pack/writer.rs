//! Appends to a text up to a limit.

use crate::text::js;

/// A text that takes so many bytes and no more. Who writes need not ask after each piece: what does not fit is dropped,
/// and whoever made the writer finds it full.
#[derive(Debug)]
pub(super) struct Writer<'t> {
    text: &'t mut String,
    limit: usize,
    full: bool,
}

impl<'t> Writer<'t> {
    /// Appends to `text` until it has `limit` bytes.
    #[inline]
    pub(super) fn new(text: &'t mut String, limit: usize) -> Writer<'t> {
        Writer { text, limit, full: false }
    }

    #[inline]
    pub(super) fn push(&mut self, piece: &str) {
        if piece.len() > self.limit - self.text.len().min(self.limit) {
            self.full = true;
        } else {
            self.text.push_str(piece);
        }
    }

    pub(super) fn push_char(&mut self, char: char) {
        self.push(char.encode_utf8(&mut [0; 4]));
    }

    pub(super) fn push_number(&mut self, number: f64) {
        if number >= 0.0 && number <= f64::from(u32::MAX) && number.fract() == 0.0 {
            js::push_integer(self.text, number as u32);
        } else {
            js::push_number(self.text, number);
        }
    }

    /// Lets `write` append: at most a few times as much as `from` has bytes.
    pub(super) fn push_with(&mut self, from: &str, write: impl FnOnce(&mut String)) {
        if from.len() > self.limit - self.text.len().min(self.limit) {
            self.full = true;
        } else {
            write(self.text);
        }
    }

    /// Appends what `write` writes, with entities.
    pub(super) fn push_escaped(&mut self, write: impl FnOnce(&mut Writer<'_>)) {
        let mut text = String::new();
        let mut plain = Writer::new(&mut text, self.limit.saturating_sub(self.text.len()));
        write(&mut plain);
        self.full |= plain.full;
        push_escaped(self.text, &text);
    }

    /// Whether something did not fit.
    pub(super) fn is_full(&self) -> bool {
        self.full
    }
}

/// Appends `text` with the entities that `escapeExpression` of Handlebars writes.
pub(super) fn push_escaped(out: &mut String, text: &str) {
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
        out.push_str(&text[copied..at]);
        out.push_str(entity);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}

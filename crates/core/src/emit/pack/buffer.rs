//! The text that is being written.

/// A text that grows at its end. Behind it there is room, so that short texts are copied in one or two pieces of fixed size;
/// with a `String`, whose room safe code may not write to, rendering took 11 % more instructions.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    /// The text, and behind it bytes that mean nothing.
    bytes: Vec<u8>,
    length: usize,
}

/// A short text, and behind it bytes that mean nothing.
pub(super) type Short = [u8; Buffer::SHORT];

impl Buffer {
    /// Texts of so many bytes are short.
    pub(super) const SHORT: usize = 32;

    /// An empty one. Allocates nothing yet.
    pub(super) const fn new() -> Buffer {
        Buffer { bytes: Vec::new(), length: 0 }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn as_str(&self) -> &str {
        self.from(0)
    }

    /// What stands behind the first `start` bytes.
    pub(super) fn from(&self, start: usize) -> &str {
        let text = str::from_utf8(&self.bytes[start..self.length]);
        text.unwrap_or_else(|_| unreachable!("only whole texts are written"))
    }

    /// Appends `text`.
    #[inline(always)]
    pub(super) fn push(&mut self, text: &str) {
        match self.short_room() {
            Some(room) if text.len() <= Buffer::SHORT => {
                copy_short(text.as_bytes(), room);
                self.length += text.len();
            }
            Some(_) | None => self.push_slowly(text),
        }
    }

    /// Appends the first `length` bytes of `text`, which are a text.
    #[inline(always)]
    pub(super) fn push_short(&mut self, text: &Short, length: usize) {
        match self.short_room() {
            Some(room) => *room = *text,
            None => *self.grow() = *text,
        }
        self.length += length;
    }

    #[inline(always)]
    fn short_room(&mut self) -> Option<&mut Short> {
        self.bytes.get_mut(self.length..)?.first_chunk_mut()
    }

    /// Appends `text`, for which there may be no room.
    #[inline(never)]
    pub(super) fn push_slowly(&mut self, text: &str) {
        self.push_bytes(text.as_bytes());
        if self.short_room().is_none() {
            self.grow();
        }
    }

    fn push_bytes(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        match self.bytes.get_mut(self.length..end) {
            Some(room) => room.copy_from_slice(text),
            None => {
                self.bytes.truncate(self.length);
                self.bytes.extend_from_slice(text);
            }
        }
        self.length = end;
    }

    /// Makes room for a short text, and for more of them: as much as there is already, up to some pages.
    #[cold]
    fn grow(&mut self) -> &mut Short {
        let more = self.bytes.len().clamp(1 << 10, 1 << 14);
        self.bytes.resize(self.length + more, 0);
        self.short_room().unwrap_or_else(|| unreachable!("it was made"))
    }

    /// Appends what `write` writes to room for `most` bytes: ASCII, and it says how much.
    #[inline]
    pub(super) fn push_ascii(&mut self, most: usize, write: impl FnOnce(&mut [u8]) -> usize) {
        let end = self.length + most;
        if end > self.bytes.len() {
            self.bytes.resize(end + Buffer::SHORT, 0);
        }
        let written = write(&mut self.bytes[self.length..end]);
        debug_assert!(self.bytes[self.length..self.length + written].is_ascii());
        self.length += written;
    }

    /// Appends a byte that is ASCII.
    #[inline]
    pub(super) fn push_byte(&mut self, byte: u8) {
        debug_assert!(byte.is_ascii());
        match self.bytes.get_mut(self.length) {
            Some(place) => *place = byte,
            None => self.grow()[0] = byte,
        }
        self.length += 1;
    }

    /// Appends `text`, whose first byte is ASCII, with `first` in its place, which is ASCII too.
    #[inline]
    pub(super) fn push_with_first(&mut self, text: &str, first: u8) {
        debug_assert!(text.as_bytes()[0].is_ascii() && first.is_ascii());
        let start = self.length;
        self.push(text);
        self.bytes[start] = first;
    }

    /// Takes all off but the first `length` bytes.
    #[inline]
    pub(super) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    /// Takes off and gives what stands behind the first `start` bytes.
    pub(super) fn split_off(&mut self, start: usize) -> String {
        let text = self.from(start).to_owned();
        self.truncate(start);
        text
    }

    /// The bytes behind the first `start` ones.
    #[inline]
    pub(super) fn bytes_from(&self, start: usize) -> &[u8] {
        &self.bytes[start..self.length]
    }

    /// Appends what `other` has behind its first `start` bytes.
    #[inline]
    pub(super) fn push_from(&mut self, other: &Buffer, start: usize) {
        let length = other.length - start;
        match other.bytes.get(start..).and_then(|bytes| bytes.first_chunk()) {
            Some(short) if length <= Buffer::SHORT => self.push_short(short, length),
            Some(_) | None => self.push_bytes(&other.bytes[start..other.length]),
        }
    }
}

/// Copies a text that is short, in two pieces that overlap.
#[inline(always)]
fn copy_short(text: &[u8], room: &mut Short) {
    let is_copied = copy_pieces::<16>(text, room) || copy_pieces::<8>(text, room) || copy_pieces::<4>(text, room);
    if is_copied {
        return;
    }
    if let [first, .., last] = text {
        room[0] = *first;
        room[1] = text[text.len() / 2];
        room[text.len() - 1] = *last;
    } else if let [only] = text {
        room[0] = *only;
    }
}

/// Copies the first and the last `N` bytes of a text, if it has so many.
#[inline(always)]
fn copy_pieces<const N: usize>(text: &[u8], room: &mut Short) -> bool {
    let (Some(first), Some(last)) = (text.first_chunk::<N>(), text.last_chunk::<N>()) else { return false };
    if let Some(room) = room.first_chunk_mut::<N>() {
        *room = *first;
    }
    if let Some(room) = room.get_mut(text.len() - N..).and_then(|room| room.first_chunk_mut::<N>()) {
        *room = *last;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Buffer;

    #[test]
    fn texts_of_all_lengths_add_up() {
        let source = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-+";
        let (mut buffer, mut expected) = (Buffer::new(), String::new());
        for round in 0..40 {
            for length in 0..=source.len() {
                let text = &source[(round * 7) % (source.len() - length + 1)..][..length];
                buffer.push(text);
                expected.push_str(text);
            }
        }
        assert_eq!(buffer.as_str(), expected);
        assert_eq!(buffer.split_off(100), expected[100..]);
        assert_eq!(buffer.as_str(), &expected[..100]);
    }
}

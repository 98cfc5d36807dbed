//! Where the text of an output goes.

use std::ops::{Deref, DerefMut};

/// A text that leaves in chunks while it is being written: whoever writes it says where it may be cut, so that an output
/// of many megabytes needs no more memory than a chunk and what stands between two such places.
pub struct Sink<'d> {
    text: String,
    chunk: usize,
    drain: Drain<'d>,
}

/// Takes the next chunk of a text.
type Drain<'d> = &'d mut dyn FnMut(&str);

impl<'d> Sink<'d> {
    /// Hands chunks of `chunk` bytes and a little more to `drain`.
    pub fn new(chunk: usize, drain: Drain<'d>) -> Sink<'d> {
        Sink { text: String::with_capacity(chunk + chunk / 4), chunk, drain }
    }

    /// Whether what was written so far may leave, says the writer: it will not look at it again.
    pub fn cut(&mut self) {
        if self.text.len() >= self.chunk {
            (self.drain)(&self.text);
            self.text.clear();
        }
    }

    /// Hands on what is left.
    pub fn finish(self) {
        if !self.text.is_empty() {
            (self.drain)(&self.text);
        }
    }
}

impl Deref for Sink<'_> {
    type Target = String;

    fn deref(&self) -> &String {
        &self.text
    }
}

impl DerefMut for Sink<'_> {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

impl std::fmt::Debug for Sink<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Sink").field("text", &self.text).field("chunk", &self.chunk).finish_non_exhaustive()
    }
}

/// The whole text that `write` writes.
pub(super) fn whole(write: impl FnOnce(&mut Sink<'_>)) -> String {
    let mut nowhere = |_: &str| {};
    let mut sink = Sink { text: String::new(), chunk: usize::MAX, drain: &mut nowhere };
    write(&mut sink);
    sink.text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_add_up_and_are_cut_where_allowed() {
        let mut chunks = Vec::new();
        let mut drain = |chunk: &str| chunks.push(chunk.to_owned());
        let mut sink = Sink::new(4, &mut drain);
        for piece in ["ab", "cd", "efghij", "k"] {
            sink.push_str(piece);
            sink.cut();
        }
        sink.finish();
        assert_eq!(chunks, ["abcd", "efghij", "k"]);
    }
}

//! Values as bytes, for what is kept between runs: numbers little-endian, lists and texts with their length before them.
//! Reading never fails hard: what was not written like this is `None`.
//!
//! Many values pass through in chunks, which end between any two values or within a text: 1.6 MB for 10,000 lines are 400 pages
//! of memory that nobody has touched before, which takes half a millisecond.

use std::borrow::Cow;

/// Bytes of a chunk, and a little less than one may have.
const CHUNK: usize = 64 * 1024;

/// Takes a chunk.
type Drain<'d> = &'d mut dyn FnMut(&[u8]);
/// Puts the next chunk in the place of the one before it; false if there is none.
type Next<'s> = &'s mut dyn FnMut(&mut Vec<u8>) -> bool;

/// Appends values to bytes.
#[derive(Default)]
pub struct Writer<'d> {
    bytes: Vec<u8>,
    drain: Option<Drain<'d>>,
}

impl<'d> Writer<'d> {
    /// Hands the bytes on to `drain`, a chunk at a time; the last one when it is [finished](Writer::finish).
    pub fn draining(drain: Drain<'d>) -> Writer<'d> {
        Writer { bytes: Vec::with_capacity(CHUNK + CHUNK / 16), drain: Some(drain) }
    }

    /// Hands on what is left. The bytes, if they were not handed on.
    pub fn finish(mut self) -> Vec<u8> {
        if !self.bytes.is_empty() {
            self.leave();
        }
        self.bytes
    }

    fn leave(&mut self) {
        if let Some(drain) = &mut self.drain {
            drain(&self.bytes);
            self.bytes.clear();
        }
    }

    /// Hands on a chunk, if there is one.
    #[inline]
    fn cut(&mut self) {
        if self.bytes.len() >= CHUNK {
            self.leave();
        }
    }

    /// How many bytes were not handed on.
    pub fn held(&self) -> usize {
        self.bytes.len()
    }

    /// A byte.
    #[inline]
    pub fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Whether something is so.
    #[inline]
    pub fn flag(&mut self, value: bool) {
        self.byte(u8::from(value));
    }

    /// A number of 32 bits.
    #[inline]
    pub fn word(&mut self, value: u32) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A number.
    #[inline]
    pub fn number(&mut self, value: u64) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A hash.
    #[inline]
    pub fn hash(&mut self, value: u128) {
        self.bytes.extend_from_slice(&value.to_le_bytes());
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.byte_list(text.as_bytes());
    }

    /// Bytes of whatever kind.
    pub fn byte_list(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        let mut rest = bytes;
        while !rest.is_empty() {
            let room = CHUNK - self.bytes.len() % CHUNK;
            let (part, behind) = rest.split_at(rest.len().min(room));
            self.bytes.extend_from_slice(part);
            self.cut();
            rest = behind;
        }
    }

    /// A list of items that `write` appends.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(items.len() as u64);
        for item in items {
            write(self, item);
            self.cut();
        }
    }

    /// A list of items that take `N` bytes each, whatever `write` puts into them.
    pub fn records<T, const N: usize>(&mut self, items: &[T], mut write: impl FnMut(&mut Filler<'_>, &T)) {
        self.number(items.len() as u64);
        for item in items {
            let mut record = [0; N];
            write(&mut Filler(&mut record), item);
            self.bytes.extend_from_slice(&record);
            self.cut();
        }
    }

    /// A value that `write` appends, if there is one.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Puts values into a record. Where which value goes is known at compile time, that is a third of the instructions.
#[derive(Debug)]
pub struct Filler<'r>(&'r mut [u8]);

impl Filler<'_> {
    #[inline(always)]
    fn bytes<const N: usize>(&mut self, value: [u8; N]) {
        let Some((place, rest)) = std::mem::take(&mut self.0).split_first_chunk_mut::<N>() else {
            unreachable!("a record is long enough for everything")
        };
        *place = value;
        self.0 = rest;
    }

    /// A byte.
    #[inline(always)]
    pub fn byte(&mut self, value: u8) {
        self.bytes([value]);
    }

    /// A number of 32 bits.
    #[inline(always)]
    pub fn word(&mut self, value: u32) {
        self.bytes(value.to_le_bytes());
    }
}

impl std::fmt::Debug for Writer<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Writer").field("bytes", &self.bytes).finish_non_exhaustive()
    }
}

/// Takes values from the start of bytes.
pub struct Reader<'s> {
    /// A chunk, or all there is, and how much of it was taken.
    here: Cow<'s, [u8]>,
    taken: usize,
    /// Bytes of later chunks, at most.
    later: u64,
    next: Option<Next<'s>>,
}

impl<'s> Reader<'s> {
    /// Takes values from `bytes`.
    pub fn new(bytes: &'s [u8]) -> Reader<'s> {
        Reader { here: Cow::Borrowed(bytes), taken: 0, later: 0, next: None }
    }

    /// Takes them from chunks as a [`Writer`] made them, together at most `length` bytes: `next` puts the next one in the place
    /// of the one before it; if there is none, it returns false.
    pub fn of_chunks(length: u64, next: Next<'s>) -> Reader<'s> {
        Reader { here: Cow::Owned(Vec::new()), taken: 0, later: length, next: Some(next) }
    }

    /// Whether nothing is left.
    pub fn is_at_end(&mut self) -> bool {
        self.taken == self.here.len() && !self.has_next()
    }

    /// Turns to the next chunk, if this one was taken.
    #[cold]
    fn has_next(&mut self) -> bool {
        if self.taken < self.here.len() {
            return false;
        }
        let here = &mut self.here;
        let is_next = self.next.as_mut().is_some_and(|next| next(here.to_mut()));
        self.taken = 0;
        if is_next {
            self.later = self.later.saturating_sub(self.here.len() as u64);
        } else {
            self.here = Cow::Borrowed(&[]);
        }
        is_next
    }

    #[inline]
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        loop {
            if let Some(bytes) = self.here[self.taken..].first_chunk::<N>() {
                self.taken += N;
                return Some(*bytes);
            }
            if !self.has_next() {
                return None;
            }
        }
    }

    /// A byte.
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        Some(u8::from_le_bytes(self.bytes()?))
    }

    /// Whether something is so.
    #[inline]
    pub fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A number of 32 bits.
    #[inline]
    pub fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes()?))
    }

    /// A number.
    #[inline]
    pub fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.bytes()?))
    }

    /// A hash.
    #[inline]
    pub fn hash(&mut self) -> Option<u128> {
        Some(u128::from_le_bytes(self.bytes()?))
    }

    /// A text, with some room behind it, as texts of grammars are edited next.
    pub fn text(&mut self) -> Option<String> {
        String::from_utf8(self.byte_list()?).ok()
    }

    /// Bytes of whatever kind, with as much room.
    pub fn byte_list(&mut self) -> Option<Vec<u8>> {
        let length = self.length()?;
        let mut bytes = Vec::with_capacity(length + length / 32);
        while bytes.len() < length {
            let part = &self.here[self.taken..];
            let part = &part[..part.len().min(length - bytes.len())];
            bytes.extend_from_slice(part);
            self.taken += part.len();
            if bytes.len() < length && !self.has_next() {
                return None;
            }
        }
        Some(bytes)
    }

    /// A list of items that `read` takes.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.length()?;
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(items)
    }

    /// A list of records of `N` bytes each, of which `read` takes what was put into them. There is room for some more: to move
    /// the nodes of 10,000 lines for those of an edit took 0.8 million instructions and 180 page faults.
    pub fn records<T, const N: usize>(&mut self, read: impl FnMut(&mut Record<'_>) -> Option<T>) -> Option<Vec<T>> {
        let mut items = Vec::new();
        self.add_records::<T, N>(&mut items, read)?;
        Some(items)
    }

    /// A list of records that are a word each, 16 bytes at a time.
    pub fn words(&mut self) -> Option<Vec<u32>> {
        let count = self.length()?;
        let mut words = Vec::with_capacity(count + count / 32);
        while words.len() < count {
            let (here, _) = self.here[self.taken..].as_chunks::<4>();
            let here = &here[..here.len().min(count - words.len())];
            words.extend(here.iter().map(|word| u32::from_le_bytes(*word)));
            self.taken += 4 * here.len();
            if here.is_empty() && !self.has_next() {
                return None;
            }
        }
        Some(words)
    }

    /// Adds what [`Reader::records`] gives to `items`.
    pub fn add_records<T, const N: usize>(
        &mut self,
        items: &mut Vec<T>,
        mut read: impl FnMut(&mut Record<'_>) -> Option<T>,
    ) -> Option<()> {
        self.push_records::<T, N>(items, |record, items| {
            items.push(read(record)?);
            Some(())
        })
    }

    /// The same, where `read` appends what it takes.
    #[inline(always)]
    pub fn push_records<T, const N: usize>(
        &mut self,
        items: &mut Vec<T>,
        mut read: impl FnMut(&mut Record<'_>, &mut Vec<T>) -> Option<()>,
    ) -> Option<()> {
        let count = self.length()?;
        items.reserve(count + count / 32);
        let end = items.len() + count;
        while items.len() < end {
            let (here, _) = self.here[self.taken..].as_chunks::<N>();
            let wanted = here.len().min(end - items.len());
            for record in &here[..wanted] {
                read(&mut Record(record), items)?;
            }
            self.taken += wanted * N;
            if wanted == 0 && !self.has_next() {
                return None;
            }
        }
        Some(())
    }

    /// How many items or bytes follow. Every item has at least a byte: a count beyond that is no count, and no reason to reserve
    /// memory.
    fn length(&mut self) -> Option<usize> {
        let length = self.number()?;
        let left = (self.here.len() - self.taken) as u64 + self.later;
        usize::try_from(length).ok().filter(|_| length <= left)
    }

    /// A value that `read` takes, if there is one.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        Some(if self.flag()? { Some(read(self)?) } else { None })
    }
}

/// Takes values from a record.
#[derive(Debug)]
pub struct Record<'r>(&'r [u8]);

impl Record<'_> {
    #[inline(always)]
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    /// A byte.
    #[inline(always)]
    pub fn byte(&mut self) -> Option<u8> {
        Some(u8::from_le_bytes(self.bytes()?))
    }

    /// A number of 32 bits.
    #[inline(always)]
    pub fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes()?))
    }
}

impl std::fmt::Debug for Reader<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let left = &self.here[self.taken..];
        formatter.debug_struct("Reader").field("left", &left).field("later", &self.later).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_give_what_was_written() {
        let text = "é1".repeat(CHUNK);
        let numbers: Vec<u64> = (0..50_000).collect();
        let mut chunks = Vec::new();
        let mut drain = |chunk: &[u8]| chunks.push(chunk.to_vec());
        let mut writer = Writer::draining(&mut drain);
        writer.byte(7);
        writer.text(&text);
        writer.list(&numbers, |writer, number| writer.number(*number));
        assert!(writer.finish().is_empty());
        assert!(chunks.len() > 8 && chunks.iter().all(|chunk| chunk.len() < CHUNK + CHUNK / 16), "{}", chunks.len());
        let length = chunks.iter().map(Vec::len).sum::<usize>() as u64;
        for missing in [None, Some(0), Some(1), Some(chunks.len() - 1)] {
            let kept = chunks.iter().enumerate().filter(|(index, _)| Some(*index) != missing).map(|(_, chunk)| chunk);
            let mut kept = kept.cloned();
            let mut next = |here: &mut Vec<u8>| kept.next().map(|chunk| *here = chunk).is_some();
            let reader = &mut Reader::of_chunks(length, &mut next);
            let read = (|| Some((reader.byte()?, reader.text()?, reader.list(Reader::number)?)))();
            assert_eq!(read == Some((7, text.clone(), numbers.clone())) && reader.is_at_end(), missing.is_none());
        }
    }

    #[test]
    fn what_was_not_written_is_nothing() {
        for bytes in [&[][..], &[255; 8], &[1, 0, 0, 0, 0, 0, 0, 0], &[1, 0, 0, 0, 0, 0, 0, 0, 255]] {
            assert_eq!(Reader::new(bytes).text(), None, "{bytes:?}");
        }
    }
}

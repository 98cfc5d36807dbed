//! Where the text of an output goes.

use std::ops::{Deref, DerefMut, Range};

use rustc_hash::FxHashMap;

use super::pieces::{Piece, Pieces};
use crate::work::{Pool, Workers};

/// A text that leaves in chunks while it is being written: whoever writes it says where it may be cut, so that an output
/// of many megabytes needs no more memory than a chunk and what stands between two such places.
///
/// It may also be told of pieces that an earlier text has already; they leave as places in that text.
pub struct Sink<'d> {
    text: String,
    chunk: usize,
    drain: Drain<'d>,
    /// Bytes that left.
    passed: u64,
    /// What stands before `text`: a place in the earlier text, in bytes.
    run: Range<u64>,
    earlier: Earlier<'d>,
    pieces: Pieces,
    /// The pieces that are being written, each in the one before it: where they are among the pieces.
    begun: Vec<usize>,
    /// Who writes items of lists.
    workers: Workers<'d>,
}

/// What leaves a sink.
#[derive(Debug, PartialEq, Eq)]
pub enum Chunk<'t> {
    /// This text. Whoever keeps it leaves another string, whose room is used for the next chunk.
    Text(&'t mut String),
    /// What stands in the earlier text from one byte to another.
    Earlier(Range<u64>),
}

/// What takes the next chunk of a text.
enum Drain<'d> {
    Texts(&'d mut dyn FnMut(&str)),
    Bytes(&'d mut dyn FnMut(&[u8])),
    Chunks(&'d mut dyn FnMut(Chunk<'_>)),
}

/// The pieces of the earlier text.
#[derive(Default)]
struct Earlier<'d> {
    pieces: &'d [Piece],
    /// The one that probably comes next.
    next: usize,
    /// Whether the last one was none of those near by.
    has_missed: bool,
    /// All of them by key, as soon as two in turn were none of those near by.
    by_key: FxHashMap<u128, usize>,
}

/// Where one piece was edited, the one behind it is the next; where one is new or gone, it is beside that. So many are looked at
/// before a table of all is made, which takes half a million instructions for 10,000 lines, and 300 KB.
const NEAR_BY: usize = 4;

/// Items of a list that are a task of their own: rules are some 200 KB of JSON then, and types 300 KB of TypeScript.
const ITEMS_OF_A_TASK: usize = 64;
/// From so many items on, a list is written by several hands: 10,000 lines have fewer, and nothing to gain.
const WORTH_SHARING: usize = 2_048;
/// Tasks for each hand between two times when all that was written leaves: there is no more text in memory.
const TASKS_AHEAD: usize = 4;

impl<'d> Sink<'d> {
    /// Hands chunks of `chunk` bytes and a little more to `drain`.
    pub fn new(chunk: usize, drain: &'d mut dyn FnMut(&str)) -> Sink<'d> {
        Sink::with_drain(chunk, Drain::Texts(drain))
    }

    /// The same for who wants nothing but the bytes.
    pub fn of_bytes(chunk: usize, drain: &'d mut dyn FnMut(&[u8])) -> Sink<'d> {
        Sink::with_drain(chunk, Drain::Bytes(drain))
    }

    /// The same, and places in an earlier text, which was made of `pieces`. Notes the pieces of the new one.
    pub fn after(pieces: &'d Pieces, chunk: usize, drain: &'d mut dyn FnMut(Chunk<'_>)) -> Sink<'d> {
        let earlier = Earlier { pieces: &pieces.0, ..Earlier::default() };
        let noted = Vec::with_capacity(pieces.0.len() + pieces.0.len() / 32);
        Sink { earlier, pieces: Pieces(noted), ..Sink::with_drain(chunk, Drain::Chunks(drain)) }
    }

    fn with_drain(chunk: usize, drain: Drain<'d>) -> Sink<'d> {
        // The text of a chunk and of what may follow before the next cut.
        let text = String::with_capacity(chunk.saturating_add(chunk / 4));
        let (earlier, pieces) = Default::default();
        Sink { text, chunk, drain, passed: 0, run: 0..0, earlier, pieces, begun: Vec::new(), workers: Workers::alone() }
    }

    /// The same; `workers` write items of long lists at the same time.
    pub fn with_workers(self, workers: Workers<'d>) -> Sink<'d> {
        Sink { workers, ..self }
    }

    /// Whether what was written so far may leave, says the writer: it will not look at it again.
    pub fn cut(&mut self) {
        if self.text.len() >= self.chunk {
            self.leave();
        }
    }

    /// Appends `bytes`, which are a text, behind which it may leave. If it is enough for a chunk and bytes are wanted, it leaves at
    /// once: looking at it and copying it took a twentieth of the instructions of rendering a template.
    pub(super) fn push_bytes(&mut self, bytes: &[u8]) {
        match &mut self.drain {
            Drain::Bytes(drain) if self.text.is_empty() && bytes.len() >= self.chunk => {
                drain(bytes);
                self.passed += bytes.len() as u64;
            }
            Drain::Bytes(_) | Drain::Texts(_) | Drain::Chunks(_) => {
                let text = str::from_utf8(bytes);
                self.text.push_str(text.unwrap_or_else(|_| unreachable!("only texts are written")));
                self.cut();
            }
        }
    }

    /// Whether pieces are noted: else their keys need not be found out.
    pub fn notes_pieces(&self) -> bool {
        matches!(self.drain, Drain::Chunks(_))
    }

    /// Starts a piece. Whether the earlier text has it already, with all pieces in it, so that there is nothing to write for it.
    pub fn has_piece(&mut self, key: u128) -> bool {
        if !self.notes_pieces() {
            return false;
        }
        let written = self.written();
        let Some(index) = self.earlier.find(key) else {
            self.begun.push(self.pieces.0.len());
            self.pieces.0.push(Piece { key, start: written, length: 0 });
            return false;
        };
        let Piece { start, length, .. } = self.earlier.pieces[index];
        if !self.text.is_empty() || self.run.end != start {
            self.leave();
            self.run = start..start;
        }
        let place = start..start + u64::from(length);
        let behind = &self.earlier.pieces[index + 1..];
        let inner = behind.iter().take_while(|piece| place.contains(&piece.start)).count();
        self.pieces.0.push(Piece { key, start: written, length });
        self.pieces.0.extend(behind[..inner].iter().map(|piece| Piece { start: written + (piece.start - start), ..*piece }));
        self.earlier.next = index + 1 + inner;
        self.run.end = place.end;
        true
    }

    /// Ends the piece that was started last, which may leave.
    pub fn end_piece(&mut self) {
        if let Some(index) = self.begun.pop() {
            let written = self.written();
            let piece = &mut self.pieces.0[index];
            match u32::try_from(written - piece.start) {
                Ok(length) => piece.length = length,
                Err(_) => drop(self.pieces.0.remove(index)),
            }
        }
        self.cut();
    }

    /// A piece that `write` writes, unless the earlier text has it; without a key, it is no piece.
    pub fn piece(&mut self, key: Option<u128>, write: impl FnOnce(&mut Self)) {
        let Some(key) = key else { return write(self) };
        if !self.has_piece(key) {
            write(self);
            self.end_piece();
        }
    }

    /// Appends what `write` writes for each of `items`, which it gets with its position and with one of `scratches`, which it may
    /// leave as it likes. Behind each, the text may leave.
    pub(super) fn list<T: Sync, S: Send>(
        &mut self,
        items: &[T],
        scratches: &Pool<S, impl Fn() -> S + Sync>,
        write: impl Fn(&mut S, usize, &T, &mut Sink<'_>) + Sync,
    ) {
        let spare = Pool::new(String::new);
        let notes_pieces = self.notes_pieces();
        let write_all = |(first, items): (usize, &[T]), sink: &mut Sink<'_>| {
            let mut scratch = scratches.take();
            for (index, item) in (first..).zip(items) {
                write(&mut scratch, index, item, sink);
                sink.cut();
            }
            scratches.put(scratch);
        };
        let write_apart = |task: &(usize, &[T])| apart(spare.take(), notes_pieces, |sink| write_all(*task, sink));
        // What the earlier text has takes no time.
        if items.len() < WORTH_SHARING || !self.earlier.pieces.is_empty() {
            return write_all((0, items), self);
        }
        let tasks: Vec<(usize, &[T])> = (0..).step_by(ITEMS_OF_A_TASK).zip(items.chunks(ITEMS_OF_A_TASK)).collect();
        let mut rest = &tasks[..];
        while let Some((first, others)) = rest.split_first() {
            match self.workers.free() {
                0 => {
                    write_all(*first, self);
                    rest = others;
                }
                free => {
                    let (shared, others) = rest.split_at(rest.len().min(TASKS_AHEAD * (free + 1)));
                    for (text, pieces) in self.workers.map(shared, write_apart) {
                        spare.put(self.append(text, pieces));
                    }
                    rest = others;
                }
            }
        }
    }

    /// Appends a text of these pieces, which may leave. An empty one.
    fn append(&mut self, text: String, pieces: Pieces) -> String {
        self.leave();
        let written = self.written();
        self.pieces.0.extend(pieces.0.into_iter().map(|piece| piece.moved(written)));
        std::mem::replace(&mut self.text, text)
    }

    /// Hands on what is left. The pieces of the text.
    pub fn finish(mut self) -> Pieces {
        self.leave();
        self.pieces
    }

    /// Bytes so far.
    fn written(&self) -> u64 {
        self.passed + (self.run.end - self.run.start) + self.text.len() as u64
    }

    fn leave(&mut self) {
        self.passed = self.written();
        let run = std::mem::take(&mut self.run);
        match &mut self.drain {
            Drain::Texts(drain) if !self.text.is_empty() => drain(&self.text),
            Drain::Bytes(drain) if !self.text.is_empty() => drain(self.text.as_bytes()),
            Drain::Texts(_) | Drain::Bytes(_) => {}
            Drain::Chunks(drain) => {
                if !run.is_empty() {
                    drain(Chunk::Earlier(run));
                }
                if !self.text.is_empty() {
                    drain(Chunk::Text(&mut self.text));
                }
            }
        }
        self.text.clear();
    }
}

impl Earlier<'_> {
    /// Which of the pieces has this key.
    fn find(&mut self, key: u128) -> Option<usize> {
        let is_it = |index: &usize| self.pieces.get(*index).is_some_and(|piece| piece.key == key);
        let next = self.next;
        let mut near_by = (next..=next + NEAR_BY).chain(next.saturating_sub(NEAR_BY)..next);
        let mut found = near_by.find(is_it);
        if found.is_none() && self.has_missed && self.by_key.is_empty() {
            self.by_key = self.pieces.iter().enumerate().map(|(index, piece)| (piece.key, index)).collect();
        }
        found = found.or_else(|| self.by_key.get(&key).copied());
        self.has_missed = found.is_none();
        self.next += usize::from(self.has_missed);
        found
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
    apart(String::new(), false, write).0
}

/// The whole text that `write` appends to `text`, and its pieces if it `notes_pieces`.
fn apart(text: String, notes_pieces: bool, write: impl FnOnce(&mut Sink<'_>)) -> (String, Pieces) {
    let (mut nowhere, mut no_chunk) = (|_: &str| {}, |_: Chunk<'_>| {});
    let drain = if notes_pieces { Drain::Chunks(&mut no_chunk) } else { Drain::Texts(&mut nowhere) };
    let mut sink = Sink { text, chunk: usize::MAX, ..Sink::with_drain(0, drain) };
    write(&mut sink);
    (sink.text, sink.pieces)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::Backwards;

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

    /// Writes the pieces named by `names`, each twice as long as its name, with a comma behind it that belongs to none.
    fn text_of(names: &[&str], earlier: &Pieces, text: &str) -> (String, Vec<(u64, u64)>, Pieces) {
        let (mut whole, mut runs) = (String::new(), Vec::new());
        let mut drain = |chunk: Chunk<'_>| match chunk {
            Chunk::Text(text) => whole.push_str(text),
            Chunk::Earlier(place) => {
                whole.push_str(&text[place.start as usize..place.end as usize]);
                runs.push((place.start, place.end));
            }
        };
        let mut sink = Sink::after(earlier, 4, &mut drain);
        sink.push_str("head ");
        for name in names {
            if !sink.has_piece(name.bytes().map(u128::from).sum()) {
                sink.push_str(&name.repeat(2));
                sink.end_piece();
            }
        }
        sink.push_str(" tail");
        let pieces = sink.finish();
        (whole, runs, pieces)
    }

    /// Writes a piece of pieces for each list of names, and what must be written for it.
    fn nested(lists: &[&[u8]], earlier: &Pieces, text: &str) -> (String, usize, Pieces) {
        let (mut whole, mut written) = (String::new(), 0);
        let mut drain = |chunk: Chunk<'_>| match chunk {
            Chunk::Text(text) => whole.push_str(text),
            Chunk::Earlier(place) => whole.push_str(&text[place.start as usize..place.end as usize]),
        };
        let mut sink = Sink::after(earlier, 4, &mut drain);
        for list in lists {
            let key = list.iter().fold(1, |key, number| key * 100 + u128::from(*number));
            sink.piece(Some(key), |sink| {
                sink.push('[');
                for number in *list {
                    sink.piece(Some(u128::from(*number)), |sink| {
                        sink.push_str(&number.to_string());
                        written += 1;
                    });
                }
                sink.push(']');
            });
        }
        let pieces = sink.finish();
        (whole, written, pieces)
    }

    #[test]
    fn pieces_stay_with_the_piece_that_they_are_in() {
        let (mut text, _, mut pieces) = nested(&[&[1, 2, 3], &[4, 5]], &Pieces::default(), "");
        assert_eq!(text, "[123][45]");
        let edits: [(&[&[u8]], &str, usize); 5] = [
            (&[&[1, 2, 3], &[4, 5]], "[123][45]", 0),
            (&[&[4, 5], &[1, 2, 3]], "[45][123]", 0),
            (&[&[4, 5], &[1, 6, 3]], "[45][163]", 1),
            (&[&[7], &[4, 5], &[1, 6, 2]], "[7][45][162]", 2),
            (&[&[6, 7, 4, 5]], "[6745]", 0),
        ];
        for (lists, expected, most) in edits {
            let (new, written, new_pieces) = nested(lists, &pieces, &text);
            assert_eq!((&*new, written), (expected, most));
            (text, pieces) = (new, new_pieces);
        }
    }

    #[test]
    fn a_list_is_the_same_whoever_writes_it() {
        let items: Vec<u32> = (0..3 * WORTH_SHARING as u32 + 5).map(|number| number % 1_000).collect();
        let write = |workers: Workers<'_>| {
            let (mut whole, mut chunks) = (String::new(), 0);
            let mut drain = |chunk: Chunk<'_>| match chunk {
                Chunk::Text(text) => {
                    whole.push_str(text);
                    chunks += 1;
                }
                Chunk::Earlier(_) => unreachable!("there is no earlier text"),
            };
            let nothing = Pieces::default();
            let mut sink = Sink::after(&nothing, 100, &mut drain).with_workers(workers);
            sink.push_str("head ");
            sink.piece(Some(7), |sink| {
                sink.list(&items, &Pool::new(String::new), |scratch, index, item, sink| {
                    scratch.clear();
                    scratch.extend([if index > 0 { "," } else { "" }, &item.to_string()]);
                    sink.piece((item % 3 > 0).then_some(u128::from(*item)), |sink| sink.push_str(scratch));
                });
            });
            sink.push_str(" tail");
            let pieces = sink.finish();
            (whole, pieces, chunks)
        };
        let (text, pieces, chunks) = write(Workers::alone());
        let several = Backwards::default();
        let (text_of_several, pieces_of_several, fewer_chunks) = write(Workers::new(&several));
        assert!(text.starts_with("head 0,1,2,") && text.ends_with(",148 tail"), "{text}");
        assert_eq!((text_of_several, pieces_of_several), (text, pieces));
        assert!(fewer_chunks < chunks / 2, "some were written apart");
    }

    #[test]
    fn pieces_of_an_earlier_text_need_not_be_written_again() {
        let (mut text, _, mut pieces) = text_of(&["a", "b", "c", "d"], &Pieces::default(), "");
        assert_eq!(text, "head aabbccdd tail");
        /// The pieces of the next text, the text, and the places of the earlier one that it has.
        struct Edit<'e>(&'e [&'e str], &'e str, &'e [(u64, u64)]);
        let edits = [
            Edit(&["a", "b", "c", "d"], "head aabbccdd tail", &[(5, 13)]),
            Edit(&["a", "longer", "c", "d"], "head aalongerlongerccdd tail", &[(5, 7), (9, 13)]),
            Edit(&["new", "longer", "d"], "head newnewlongerlongerdd tail", &[(7, 19), (21, 23)]),
            Edit(&["d", "new"], "head ddnewnew tail", &[(23, 25), (5, 11)]),
            Edit(&[], "head  tail", &[]),
            Edit(&["d"], "head dd tail", &[]),
        ];
        for Edit(names, expected, places) in edits {
            let (new, runs, new_pieces) = text_of(names, &pieces, &text);
            assert_eq!(new, expected);
            assert_eq!(runs, places, "{names:?}");
            (text, pieces) = (new, new_pieces);
        }
    }
}

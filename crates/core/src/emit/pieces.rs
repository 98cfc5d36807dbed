//! What a text is made of.

use crate::codec::{Reader, Writer};

/// What a text is made of, for the next text in its place: pieces, each with a key. Pieces with the same key are the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pieces(pub Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// A hash of all that it depends on.
    pub key: u128,
    /// Where it starts, in bytes.
    pub start: u64,
    /// Bytes.
    pub length: u32,
}

/// How many pieces that are no more may lie between two that are still there, for a difference to be found short.
const PIECES_AHEAD: usize = 8;

/// Pieces that are believed to come, and get room, before they are read.
const ROOM: usize = 4_096;

/// What may come next in a difference.
const NEW_PIECE: u8 = 1;
const EARLIER_PIECES: u8 = 2;

impl Pieces {
    /// Appends how they differ from `earlier` ones: a few bytes for each place where something else stands.
    pub fn write_after(&self, earlier: &Pieces, writer: &mut Writer<'_>) {
        writer.number(self.0.len() as u64);
        let (mut rest, mut next) = (&self.0[..], 0);
        while let Some(first) = rest.first() {
            let ahead = earlier.0.iter().enumerate().skip(next).take(PIECES_AHEAD);
            match ahead.into_iter().find(|(_, old)| (old.key, old.length) == (first.key, first.length)) {
                Some((from, old)) => {
                    let moved = first.start.wrapping_sub(old.start);
                    let same = rest.iter().zip(&earlier.0[from..]).take_while(|(new, old)| **new == old.moved(moved)).count();
                    writer.byte(EARLIER_PIECES);
                    [from as u64, same as u64, moved].into_iter().for_each(|number| writer.number(number));
                    (rest, next) = (&rest[same..], from + same);
                }
                None => {
                    writer.byte(NEW_PIECE);
                    first.write(writer);
                    rest = &rest[1..];
                }
            }
        }
    }

    /// What was written so, after the same `earlier` ones.
    pub fn read_after(earlier: &Pieces, reader: &mut Reader<'_>) -> Option<Pieces> {
        let count = reader.number()?;
        let mut pieces = Vec::with_capacity((count as usize).min(ROOM.max(earlier.0.len() + PIECES_AHEAD)));
        while (pieces.len() as u64) < count {
            match reader.byte()? {
                NEW_PIECE => pieces.push(Piece::read(reader)?),
                EARLIER_PIECES => {
                    let (from, count, moved) = (reader.number()?, reader.number()?, reader.number()?);
                    let end = usize::try_from(from.checked_add(count)?).ok()?;
                    pieces.extend(earlier.0.get(from as usize..end)?.iter().map(|piece| piece.moved(moved)));
                }
                _ => return None,
            }
        }
        (pieces.len() as u64 == count).then_some(Pieces(pieces))
    }
}

impl Piece {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.hash(self.key);
        writer.number(self.start);
        writer.word(self.length);
    }

    fn read(reader: &mut Reader<'_>) -> Option<Piece> {
        Some(Piece { key: reader.hash()?, start: reader.number()?, length: reader.word()? })
    }

    /// The same, so many bytes further on; where that is before, as many less than 2⁶⁴.
    pub(super) fn moved(self, bytes: u64) -> Piece {
        Piece { start: self.start.wrapping_add(bytes), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces with these keys, each as long as its key says, with `gap` bytes between them.
    fn pieces(keys: impl IntoIterator<Item = u32>, gap: u64) -> Pieces {
        let mut start = 0;
        let piece = |key: u32| {
            let piece = Piece { key: key.into(), start, length: key };
            start += u64::from(key) + gap;
            piece
        };
        Pieces(keys.into_iter().map(piece).collect())
    }

    #[test]
    fn pieces_are_told_by_how_they_differ_from_earlier_ones() {
        let earlier = pieces(1..1000, 2);
        let edited = (1..1000).map(|key| if key == 500 { 5000 } else { key });
        let moved = (1..1000).map(|key| if key % 100 == 0 { key + 1 } else { key });
        let cases = [
            (earlier.clone(), 40),
            (pieces(edited, 2), 100),
            (pieces((1..1000).filter(|key| *key != 7), 2), 60),
            (pieces((1..500).chain([7777]).chain(500..1000), 2), 100),
            (pieces(moved, 2), 1000),
            (pieces((1..1000).rev(), 2), 30_000),
            (pieces(1..1000, 3), 60_000),
            (Pieces::default(), 8),
        ];
        for (index, (new, most)) in cases.into_iter().enumerate() {
            let mut writer = Writer::default();
            new.write_after(&earlier, &mut writer);
            let bytes = writer.finish();
            assert!(bytes.len() <= most, "{index}: {}", bytes.len());
            let mut reader = Reader::new(&bytes);
            assert_eq!(Pieces::read_after(&earlier, &mut reader), Some(new), "{index}");
            assert!(reader.is_at_end());
        }
    }
}

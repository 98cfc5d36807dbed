//! What rules said about types, for the next analysis of the same grammar.

use std::sync::Arc;

use crate::codec::{Reader, Writer};
use crate::tree::Part;

/// What rules said about types, piece by piece.
///
/// A piece depends on how its rules are written, and on what they see of all others: kinds, names, and which types there
/// are. As long as both stay the same, and the numbers of names with them, so does the piece.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Memo(Option<Arc<Content>>);

#[derive(Debug)]
pub(super) struct Content {
    /// How many names there were, and XXH3 of them and of all that rules see of others.
    pub(super) names: u32,
    pub(super) seen: u128,
    pub(super) pieces: Vec<Piece>,
    pub(super) bytes: Vec<u8>,
}

/// What a few rules say about types.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// XXH3 of how the rules are written.
    pub(super) key: u128,
    /// Where it is among the bytes.
    pub(super) place: Part,
}

impl Memo {
    /// Of nothing.
    pub(in crate::model) const fn new() -> Memo {
        Memo(None)
    }

    pub(super) fn of(content: Content) -> Memo {
        Memo(Some(Arc::new(content)))
    }

    pub(super) fn content(&self) -> Option<&Content> {
        self.0.as_deref()
    }

    /// Whether nothing was remembered.
    pub(in crate::model) fn is_of_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Whether they are one and the same.
    pub(in crate::model) fn is(&self, other: &Memo) -> bool {
        self.0.as_ref().zip(other.0.as_ref()).is_some_and(|(own, other)| Arc::ptr_eq(own, other))
    }

    /// Appends it.
    pub(in crate::model) fn write(&self, writer: &mut Writer<'_>) {
        writer.option(self.content(), |writer, Content { names, seen, pieces, bytes }| {
            writer.word(*names);
            writer.hash(*seen);
            writer.list(pieces, |writer, piece| {
                writer.hash(piece.key);
                writer.word(piece.place.start);
                writer.word(piece.place.end);
            });
            writer.byte_list(bytes);
        });
    }

    /// What was written.
    pub(in crate::model) fn read(reader: &mut Reader<'_>) -> Option<Memo> {
        let content = reader.option(|reader| {
            Some(Content {
                names: reader.word()?,
                seen: reader.hash()?,
                pieces: reader.list(Piece::read)?,
                bytes: reader.byte_list()?,
            })
        })?;
        Some(Memo(content.map(Arc::new)))
    }
}

impl Piece {
    fn read(reader: &mut Reader<'_>) -> Option<Piece> {
        Some(Piece { key: reader.hash()?, place: Part { start: reader.word()?, end: reader.word()? } })
    }
}

impl Content {
    /// The bytes of the piece at `index`, if it has this key.
    pub(super) fn piece(&self, index: usize, key: u128) -> Option<&[u8]> {
        let piece = self.pieces.get(index).filter(|piece| piece.key == key)?;
        self.bytes.get(piece.place.range())
    }
}

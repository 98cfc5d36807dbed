//! What rules said about types, for the next analysis of the same grammar.

use std::sync::Arc;

use crate::codec::{Reader, Writer};

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
    /// One piece after the other.
    pub(super) bytes: Vec<u8>,
}

/// What a few rules say about types.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// XXH3 of how the rules are written.
    pub(super) key: u128,
    /// Where it ends.
    pub(super) end: u32,
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

    /// Whether they are one and the same.
    pub(in crate::model) fn is(&self, other: &Memo) -> bool {
        match (&self.0, &other.0) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }

    /// Appends it.
    pub(in crate::model) fn write(&self, writer: &mut Writer<'_>) {
        writer.option(self.content(), |writer, Content { names, seen, pieces, bytes }| {
            writer.word(*names);
            writer.hash(*seen);
            writer.list(pieces, |writer, piece| {
                writer.hash(piece.key);
                writer.word(piece.end);
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
                pieces: reader.list(|reader| Some(Piece { key: reader.hash()?, end: reader.word()? }))?,
                bytes: reader.byte_list()?,
            })
        })?;
        Some(Memo(content.map(Arc::new)))
    }
}

impl Content {
    /// The bytes of the piece at `index`, if it has this key.
    pub(super) fn piece(&self, index: usize, key: u128) -> Option<&[u8]> {
        let piece = self.pieces.get(index).filter(|piece| piece.key == key)?;
        let start = index.checked_sub(1).map_or(0, |before| self.pieces[before].end);
        self.bytes.get(start as usize..piece.end as usize)
    }
}

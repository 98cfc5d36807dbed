//! What rules said about types, for the next analysis of the same grammar.

use std::sync::Arc;

use super::stored::Mark;
use crate::codec::{Reader, Writer};
use crate::text::Name;
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
    /// The rules of the first piece, which call fragments or are such.
    pub(super) shared: Vec<u32>,
    /// How much there was to find.
    pub(super) found: Mark,
    pub(super) pieces: Vec<Piece>,
    /// The names of all types, by index, in their order.
    pub(super) order: Vec<u32>,
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

    /// The names of all types, by index, in their order, if it was noted.
    pub(in crate::model) fn order(&self) -> &[u32] {
        self.content().map_or(&[], |content| &content.order)
    }

    /// Notes the order of all types, unless that of an earlier text was noted, which is nearly the same.
    pub(in crate::model) fn with_order<N: Iterator<Item = Name>>(mut self, order: impl FnOnce() -> N) -> Memo {
        if let Some(content) = self.0.as_mut().and_then(Arc::get_mut) {
            content.order = order().map(|name| name.index() as u32).collect();
        }
        self
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
        writer.option(self.content(), |writer, Content { names, seen, shared, found, pieces, order, bytes }| {
            writer.word(*names);
            writer.hash(*seen);
            writer.list(shared, |writer, rule| writer.word(*rule));
            found.write(writer);
            writer.list(pieces, |writer, piece| {
                writer.hash(piece.key);
                writer.word(piece.place.start);
                writer.word(piece.place.end);
            });
            writer.list(order, |writer, name| writer.word(*name));
            writer.byte_list(bytes);
        });
    }

    /// What was written.
    pub(in crate::model) fn read(reader: &mut Reader<'_>) -> Option<Memo> {
        let content = reader.option(|reader| {
            Some(Content {
                names: reader.word()?,
                seen: reader.hash()?,
                shared: reader.words()?,
                found: Mark::read(reader)?,
                pieces: reader.list(Piece::read)?,
                order: reader.words()?,
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

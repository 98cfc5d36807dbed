//! What is known of single declarations by how they are written, for the next text of their file.

use super::sources::File;
use crate::codec::{Reader, Writer};

/// Notes on the declarations of a file, in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Notes(Vec<Note>);

/// What is known of a declaration that is written in a certain way. What nobody asked for yet is 0.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Note {
    /// XXH3 of the bytes of its region.
    written: u128,
    /// XXH3 of what they mean ([`meaning`](super::meaning())).
    pub(super) meant: u128,
    /// XXH3 of what they show to all others ([`outline`](super::outline)).
    pub(super) shown: u128,
}

impl Notes {
    /// Notes on the declarations of `file`: of those that are written as they were, what `old` ones say.
    pub(super) fn of(file: &File, old: &Notes) -> Notes {
        let moved = file.hashes().len() as isize - old.0.len() as isize;
        let note = |(index, &written): (usize, &u128)| {
            // Declarations that were added or deleted move those behind them.
            let places = [Some(index), index.checked_add_signed(-moved)];
            let same = places.into_iter().flatten().filter_map(|place| old.0.get(place)).find(|old| old.written == written);
            same.copied().unwrap_or(Note { written, ..Note::default() })
        };
        Notes(file.hashes().iter().enumerate().map(note).collect())
    }

    /// By declaration.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &Note> {
        self.0.iter()
    }

    /// By declaration.
    pub(super) fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = &mut Note> {
        self.0.iter_mut()
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.list(&self.0, |writer, note| note.write(writer));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Notes> {
        reader.list(Note::read).map(Notes)
    }
}

impl Note {
    fn write(&self, writer: &mut Writer<'_>) {
        [self.written, self.meant, self.shown].into_iter().for_each(|hash| writer.hash(hash));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Note> {
        Some(Note { written: reader.hash()?, meant: reader.hash()?, shown: reader.hash()? })
    }
}

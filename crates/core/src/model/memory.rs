//! What an analysis leaves for the next one.

use std::hash::Hash;

use xxhash_rust::xxh3::Xxh3;

use super::Context;
use super::check::{Left, Overview, Verdict};
use super::notes::Notes;
use super::types::{KnownTypes, Memo};
use crate::codec::{Reader, Writer};
use crate::text::FileId;

/// What is worth keeping of an analysis for the next one, of the same project after an edit, with the same
/// [`Names`](crate::text::Names). Whatever it holds, the result of an analysis stays the same.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What rules say about types, by the grammar that they are checked with.
    types: Vec<(FileId, Memo)>,
    /// `types` stays empty.
    is_to_be_written: bool,
    /// What is known of single declarations, by file.
    pub(super) notes: Vec<Notes>,
    /// What is known of all of them together.
    pub(super) overview: Overview,
    /// What declarations saw of each other when `verdicts` were found, by file.
    pub(super) surroundings: u128,
    pub(super) verdicts: Vec<Verdict>,
    /// What the types of the project are called: the same as long as they are the same.
    pub(super) types_key: u128,
}

impl Memory {
    /// An empty memory, to be [written](Memory::write). The types themselves are not remembered: reading them would take as long
    /// as finding them again.
    pub fn to_be_written() -> Memory {
        Memory { is_to_be_written: true, ..Memory::default() }
    }

    /// Appends it.
    pub fn write(&self, writer: &mut Writer<'_>) {
        writer.hash(self.surroundings);
        writer.hash(self.types_key);
        writer.list(&self.verdicts, |writer, verdict| verdict.write(writer));
        writer.list(&self.notes, |writer, notes| notes.write(writer));
        self.overview.write(writer);
    }

    /// What was written.
    pub fn read(reader: &mut Reader<'_>) -> Option<Memory> {
        Some(Memory {
            surroundings: reader.hash()?,
            types_key: reader.hash()?,
            verdicts: reader.list(Verdict::read)?,
            notes: reader.list(Notes::read)?,
            overview: Overview::read(reader)?,
            ..Memory::to_be_written()
        })
    }

    /// A hash of what it says about all declarations together. As long as that is the same, an earlier memory serves as well as
    /// this one, but for what was edited since.
    pub fn outline(&self) -> u128 {
        let mut hasher = Xxh3::new();
        (self.surroundings, self.types_key, self.overview.key).hash(&mut hasher);
        let said = |verdict: &Verdict| verdict.said.as_ref().map(Vec::len);
        self.verdicts.iter().for_each(|verdict| (verdict.sound.len(), said(verdict)).hash(&mut hasher));
        let counts = |notes: &Notes| (notes.iter().len(), notes.iter().filter(|note| note.meant != 0).count());
        self.notes.iter().for_each(|notes| counts(notes).hash(&mut hasher));
        hasher.digest128()
    }

    /// What an analysis of `context` leaves that asked this memory, and found `types`.
    pub(super) fn followed_by(&self, context: Context<'_>, types: &KnownTypes, left: Option<Left>) -> Memory {
        let new: Vec<(FileId, Memo)> = types.memos().map(|(file, memo)| (file, memo.clone())).collect();
        let is_known = |file: FileId| new.iter().any(|(known, _)| *known == file);
        // Of grammars of which nothing was found out this time, what there was.
        let old = self.types.iter().filter(|(file, _)| !is_known(*file)).cloned();
        let types = old.chain(new.iter().cloned()).collect();
        match left {
            None => Memory { types, ..self.clone() },
            Some(Left { surroundings, verdicts, has_same_types, notes, overview }) => {
                let types_key = if has_same_types { self.types_key } else { types_key(context, surroundings) };
                Memory { types, notes, overview, surroundings, verdicts, types_key, ..*self }
            }
        }
    }

    /// What is known about the rules that are checked with the grammar `file`, if that is to be kept.
    pub(super) fn of(&self, file: FileId) -> Option<&Memo> {
        static NOTHING: Memo = Memo::new();
        if self.is_to_be_written {
            return None;
        }
        Some(self.types.iter().find(|(known, _)| *known == file).map_or(&NOTHING, |(_, memo)| memo))
    }
}

/// What the types of these texts are called.
fn types_key(context: Context<'_>, surroundings: u128) -> u128 {
    let mut hasher = Xxh3::new();
    (context.entries, surroundings).hash(&mut hasher);
    context.sources.files.iter().for_each(|file| file.hashes().hash(&mut hasher));
    hasher.digest128()
}

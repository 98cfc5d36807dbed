//! What an analysis leaves for the next one.

use std::hash::Hash;
use std::sync::{Arc, OnceLock};

use super::Context;
use super::check::{Left, Overview, Verdict};
use super::notes::Notes;
use super::types::{KnownTypes, Memo};
use crate::codec::{Reader, Writer};
use crate::hash::Bytes;
use crate::text::FileId;

/// What is worth keeping of an analysis for the next one, of the same project after an edit, with the same
/// [`Names`](crate::text::Names). Whatever it holds, the result of an analysis stays the same.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What rules say about types, by the grammar that they are checked with.
    types: OnceLock<Memos>,
    stored_types: StoredTypes,
    /// `types` are not those that were stored.
    has_new_types: bool,
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

type Memos = Vec<(FileId, Memo)>;

/// Reads something; none if it is not what it should be.
pub type Take<'t> = &'t mut dyn FnMut(&mut Reader<'_>) -> Option<()>;
/// Has what [`Memory::write_types`] wrote read, if it is there; none if not, or if not all of it was taken.
type ReadTypes = dyn Fn(Take<'_>) -> Option<()> + Send + Sync;

/// What rules said about types, for those who ask: most edits change no type.
#[derive(Clone, Default)]
struct StoredTypes(Option<Arc<ReadTypes>>);

impl std::fmt::Debug for StoredTypes {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("StoredTypes").field(&self.0.is_some()).finish()
    }
}

impl Memory {
    /// Appends it, but for what rules say about types.
    pub fn write(&self, writer: &mut Writer<'_>) {
        writer.hash(self.surroundings);
        writer.hash(self.types_key);
        writer.list(&self.verdicts, |writer, verdict| verdict.write(writer));
        writer.list(&self.notes, |writer, notes| notes.write(writer));
        self.overview.write(writer);
    }

    /// What was written. `read_types` has what [`Memory::write_types`] wrote read if somebody asks for it; that may be from any
    /// other analysis.
    pub fn read(reader: &mut Reader<'_>, read_types: impl Fn(Take<'_>) -> Option<()> + Send + Sync + 'static) -> Option<Memory> {
        Some(Memory {
            stored_types: StoredTypes(Some(Arc::new(read_types))),
            surroundings: reader.hash()?,
            types_key: reader.hash()?,
            verdicts: reader.list(Verdict::read)?,
            notes: reader.list(Notes::read)?,
            overview: Overview::read(reader)?,
            ..Memory::default()
        })
    }

    /// Whether [`Memory::write_types`] is to be called, to save later runs finding out what rules say about types.
    pub fn has_new_types(&self) -> bool {
        self.has_new_types
    }

    /// Appends what rules say about types.
    pub fn write_types(&self, writer: &mut Writer<'_>) {
        writer.list(self.memos(), |writer, (file, memo)| {
            writer.word(file.0);
            memo.write(writer);
        });
    }

    /// Appends how what was found out differs from what was `before`, a few bytes for each declaration that was edited. False if
    /// that cannot be told so. What declarations mean is not told: of those that were edited, it has to be found out again.
    pub fn write_changes(&self, before: &Memory, writer: &mut Writer<'_>) -> bool {
        writer.hash(self.surroundings);
        writer.hash(self.types_key);
        let mut verdicts = self.verdicts.iter().zip(&before.verdicts);
        let overview = Some(&self.overview).filter(|overview| **overview != before.overview);
        writer.option(overview, |writer, overview| overview.write(writer));
        self.verdicts.len() == before.verdicts.len() && verdicts.all(|(new, old)| new.write_changes(old, writer))
    }

    /// Makes it what it was when these changes were written.
    pub fn read_changes(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        (self.surroundings, self.types_key) = (reader.hash()?, reader.hash()?);
        if let Some(overview) = reader.option(Overview::read)? {
            self.overview = overview;
        }
        self.verdicts.iter_mut().try_for_each(|verdict| verdict.read_changes(reader))
    }

    /// Of how many declarations it is known what they mean.
    pub fn meanings(&self) -> usize {
        self.notes.iter().flat_map(Notes::iter).filter(|note| note.meant != 0).count()
    }

    /// What an analysis of `context` leaves that asked this memory, and found `types`.
    pub(super) fn followed_by(&self, context: Context<'_>, types: &KnownTypes, left: Option<Left>) -> Memory {
        let memos = types.memos().filter(|(_, memo)| !memo.is_of_nothing());
        let new: Memos = memos.map(|(file, memo)| (file, memo.clone())).collect();
        let (mut types, mut has_new_types) = (self.types.clone(), self.has_new_types);
        if !new.is_empty() {
            let old = self.memos();
            let is_new = |(file, memo): &(FileId, Memo)| !old.iter().any(|(known, old)| known == file && memo.is(old));
            has_new_types |= new.iter().any(is_new);
            // Of grammars of which nothing was found out this time, what there was.
            let is_known = |file: FileId| new.iter().any(|(known, _)| *known == file);
            let old = old.iter().filter(|(file, _)| !is_known(*file)).cloned();
            types = OnceLock::from(old.chain(new.iter().cloned()).collect::<Memos>());
        }
        let Some(Left { surroundings, verdicts, has_same_types, notes, overview }) = left else {
            return Memory { types, has_new_types, ..self.clone() };
        };
        let types_key = if has_same_types { self.types_key } else { types_key(context, surroundings) };
        let stored_types = self.stored_types.clone();
        Memory { types, stored_types, has_new_types, notes, overview, surroundings, verdicts, types_key }
    }

    /// What is known about the rules that are checked with the grammar `file`.
    pub(super) fn of(&self, file: FileId) -> &Memo {
        static NOTHING: Memo = Memo::new();
        self.memos().iter().find(|(known, _)| *known == file).map_or(&NOTHING, |(_, memo)| memo)
    }

    fn memos(&self) -> &Memos {
        let read = || {
            let mut memos = None;
            let mut take = |reader: &mut Reader<'_>| {
                memos = Some(reader.list(|reader| Some((FileId(reader.word()?), Memo::read(reader)?)))?);
                Some(())
            };
            self.stored_types.0.as_ref()?(&mut take)?;
            memos
        };
        self.types.get_or_init(|| read().unwrap_or_default())
    }
}

/// Appends which of as many items as before are others, and what they are. False if there are more, or fewer.
pub(super) fn write_changed<T: PartialEq>(
    (items, before): (&[T], &[T]),
    writer: &mut Writer<'_>,
    mut write: impl FnMut(&mut Writer<'_>, &T),
) -> bool {
    let changed = (0_u32..).zip(items).zip(before).filter(|((_, item), before)| item != before).map(|(item, _)| item);
    let changed: Vec<(u32, &T)> = changed.collect();
    writer.list(&changed, |writer, (index, item)| {
        writer.word(*index);
        write(writer, item);
    });
    items.len() == before.len()
}

/// Puts what was written so in the place of what was there before.
pub(super) fn read_changed<'r, T>(
    items: &mut [T],
    reader: &mut Reader<'r>,
    mut read: impl FnMut(&mut Reader<'r>) -> Option<T>,
) -> Option<()> {
    for (index, item) in reader.list(|reader| Some((reader.word()?, read(reader)?)))? {
        *items.get_mut(index as usize)? = item;
    }
    Some(())
}

/// What the types of these texts are called.
fn types_key(context: Context<'_>, surroundings: u128) -> u128 {
    let mut bytes = Bytes::default();
    (context.entries, surroundings).hash(&mut bytes);
    context.sources.files.iter().for_each(|file| file.hashes().hash(&mut bytes));
    bytes.xxh3()
}

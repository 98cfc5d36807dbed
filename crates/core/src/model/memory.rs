//! What an analysis leaves for the next one.

use super::meaning::Meanings;
use super::types::{KnownTypes, Memo};
use crate::text::FileId;

/// What is worth keeping of an analysis for the next one, of the same project after an edit, with the same
/// [`Names`](crate::text::Names). Whatever it holds, the result of an analysis stays the same.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What rules say about types, by the grammar that they are checked with.
    types: Vec<(FileId, Memo)>,
    /// What declarations mean, by file.
    pub(super) meanings: Vec<Meanings>,
}

impl Memory {
    /// What to keep of `types`; of grammars of which nothing was found out this time, what there was.
    pub(super) fn and(&self, types: &KnownTypes) -> Memory {
        let new: Vec<(FileId, Memo)> = types.memos().map(|(file, memo)| (file, memo.clone())).collect();
        let is_known = |file: FileId| new.iter().any(|(known, _)| *known == file);
        let old = self.types.iter().filter(|(file, _)| !is_known(*file)).cloned();
        let types = old.chain(new.iter().cloned()).collect();
        Memory { types, meanings: self.meanings.clone() }
    }

    /// What is known about the rules that are checked with the grammar `file`.
    pub(super) fn of(&self, file: FileId) -> &Memo {
        static NOTHING: Memo = Memo::new();
        self.types.iter().find(|(known, _)| *known == file).map_or(&NOTHING, |(_, memo)| memo)
    }
}

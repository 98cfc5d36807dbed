//! What an analysis leaves for the next one.

use std::hash::Hash;

use xxhash_rust::xxh3::Xxh3;

use super::Context;
use super::check::{Left, Verdict};
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
    /// What declarations saw of each other when `verdicts` were found, by file.
    pub(super) surroundings: u128,
    pub(super) verdicts: Vec<Verdict>,
    /// What the types of the project are called: the same as long as they are the same.
    pub(super) types_key: u128,
}

impl Memory {
    /// What an analysis of `context` leaves that asked this memory, and found `types`.
    pub(super) fn followed_by(&self, context: Context<'_>, types: &KnownTypes, left: Option<Left>) -> Memory {
        let new: Vec<(FileId, Memo)> = types.memos().map(|(file, memo)| (file, memo.clone())).collect();
        let is_known = |file: FileId| new.iter().any(|(known, _)| *known == file);
        // Of grammars of which nothing was found out this time, what there was.
        let old = self.types.iter().filter(|(file, _)| !is_known(*file)).cloned();
        let types = old.chain(new.iter().cloned()).collect();
        let meanings = self.meanings.clone();
        match left {
            None => Memory { types, meanings, ..self.clone() },
            Some(Left { surroundings, verdicts, has_same_types }) => {
                let types_key = if has_same_types { self.types_key } else { types_key(context, surroundings) };
                Memory { types, meanings, surroundings, verdicts, types_key }
            }
        }
    }

    /// What is known about the rules that are checked with the grammar `file`.
    pub(super) fn of(&self, file: FileId) -> &Memo {
        static NOTHING: Memo = Memo::new();
        self.types.iter().find(|(known, _)| *known == file).map_or(&NOTHING, |(_, memo)| memo)
    }
}

/// What the types of these texts are called.
fn types_key(context: Context<'_>, surroundings: u128) -> u128 {
    let mut hasher = Xxh3::new();
    (context.entries, surroundings).hash(&mut hasher);
    context.sources.files.iter().for_each(|file| file.hashes().hash(&mut hasher));
    hasher.digest128()
}

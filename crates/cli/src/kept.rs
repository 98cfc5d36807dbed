//! What a run leaves for the next one: names, trees, what the analysis remembers, and what outputs are made of. Within one
//! process it is just there; for the next process it is written into the cache.
//!
//! It is sound by itself: it says what these texts meant to this build of Langloom, and whoever reads it compares texts.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

use langloom_core::codec::{Reader, Writer};
use langloom_core::model::{File, Memory, Sources};
use langloom_core::syntax::Edit;
use langloom_core::text::Names;
use langloom_core::tree::Tree;

use crate::cache::{Cache, Left, LeftTypes, read_path, write_path};
use crate::made_of::{self, MadeOf};
use crate::memory;
use crate::since::{self, Since};

/// What a run leaves for the next one.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    next: Next,
    pub(crate) names: Names,
    pub(crate) files: HashMap<PathBuf, Arc<File>>,
    pub(crate) memory: Memory,
    pub(crate) made_of: MadeOf,
    /// How many names there were when they were last counted from nothing.
    fresh_names: usize,
    /// What changed since another process left all this; none if nobody did, or if it cannot be told as edits.
    since: Option<Since>,
}

/// Who is going to run next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Next {
    #[default]
    Nobody,
    ThisProcess,
    AnotherProcess,
}

/// Bytes of grammars from which on they are kept for another process. Writing takes 3 % of the instructions of a run from
/// nothing; after an edit, 2,000 lines (74 KB) take a sixth less CPU time then, 1,000 lines hardly less.
const WORTH_WRITING: usize = 64 * 1024;
/// Bytes of grammars that would take too much room: four times as many are written, and there is a limit for all of them.
const TOO_MANY: usize = 4 * 1024 * 1024;

/// Bytes of grammars up to which one thread is enough for an edit: at 10,000 lines (370 KB) a second one takes a tenth more CPU
/// time and saves a millisecond.
const FOR_ONE_THREAD: usize = 1024 * 1024;
/// Bytes of memory that an edit takes for each byte that was left: 2.6 to 3.6 MB for 1.76.
const ROOM_FOR_LEFT: usize = 2;

impl Kept {
    /// Nothing, for the first of many runs.
    pub(crate) fn for_many() -> Kept {
        Kept { next: Next::ThisProcess, ..Kept::default() }
    }

    /// Nothing, for a run that may be followed by another process.
    pub(crate) fn for_another_process() -> Kept {
        Kept { next: Next::AnotherProcess, ..Kept::default() }
    }

    /// If there is nothing yet, and this is for another process: what an earlier one left, as `read` reads it. Whether that
    /// leaves so little to do that a second thread costs more than it saves.
    pub(crate) fn restore(&mut self, read: impl FnOnce() -> Option<Left>) -> bool {
        if self.next == Next::AnotherProcess
            && self.files.is_empty()
            && let Some(left) = read()
            && let Some(left) = Kept::of_left(left)
        {
            *self = left;
            return self.bytes_of_texts() <= FOR_ONE_THREAD;
        }
        false
    }

    /// Leaves all of it in `cache`, or what changed, if this is for another process and pays. Nothing of it is kept here then.
    pub(crate) fn leave(&mut self, cache: &Cache) {
        if self.next != Next::AnotherProcess {
            return;
        }
        let left = std::mem::replace(self, Kept::for_another_process());
        let is_sound = left.files.values().all(|file| file.tree.problems.is_empty());
        if is_sound && is_worth_writing(left.bytes_of_texts()) {
            match left.since.as_ref().and_then(|since| since.record(&left)) {
                Some((record, end)) => cache.leave_change(&record, end),
                None => cache.leave(|writer| left.write(writer)),
            }
            if left.memory.has_new_types() {
                cache.leave_types(|writer| left.write_types(writer));
            }
        }
    }

    fn bytes_of_texts(&self) -> usize {
        self.files.values().map(|file| file.text.len()).sum()
    }

    /// All of it, for a run that may fail: nothing of it is of use without the rest.
    pub(crate) fn take(&mut self) -> Kept {
        let since = self.since.take();
        let empty = Kept { next: self.next, fresh_names: self.fresh_names, since, ..Kept::default() };
        std::mem::replace(self, empty)
    }

    /// Notes the edits that made the files what they are now; none if something else happened, too.
    pub(crate) fn note_edits(&mut self, edits: Option<Vec<(PathBuf, Edit)>>) {
        match edits {
            Some(edits) => self.since.iter_mut().for_each(|since| since.add(edits.clone())),
            None => self.since = None,
        }
    }

    /// Notes what an analysis made of what was remembered `before`.
    pub(crate) fn note_analysis(&mut self, before: &Memory, after: &Memory) {
        if self.since.as_mut().is_some_and(|since| !since.analysed(before, after)) {
            self.since = None;
        }
    }

    /// Notes that outputs were rendered again, and what they were made of before.
    pub(crate) fn note_rendering(&mut self, before: MadeOf) {
        if let Some(since) = &mut self.since {
            since.rendered(before);
        }
    }

    /// What the analysis of `sources` may ask and has to answer for the next one, if there is going to be one, and what
    /// outputs are made of.
    pub(crate) fn into_memory(self, sources: &Sources) -> (Option<Memory>, MadeOf) {
        let is_asked = match self.next {
            Next::Nobody => false,
            Next::ThisProcess => true,
            Next::AnotherProcess => is_worth_writing(sources.files.iter().map(|file| file.text.len()).sum()),
        };
        (is_asked.then_some(self.memory), self.made_of)
    }

    /// Keeps the files of a run that is over, and what belongs to their names.
    pub(crate) fn keep(&mut self, sources: Sources, paths: Vec<PathBuf>, memory: Memory, made_of: MadeOf) {
        (self.names, self.memory, self.made_of) = (sources.names, memory, made_of);
        self.files = paths.into_iter().zip(sources.files).collect();
        // Names are never forgotten one by one: after many edits, all are.
        if self.fresh_names == 0 {
            self.fresh_names = self.names.len();
        }
        if self.names.len() > 2 * self.fresh_names + 1_000 {
            *self = Kept { next: self.next, ..Kept::default() };
        }
    }

    fn write(&self, mut writer: Writer<'_>) {
        writer.number(self.fresh_names as u64);
        self.names.write(&mut writer);
        writer.number(self.files.len() as u64);
        for (path, file) in &self.files {
            write_path(&mut writer, path);
            writer.text(&file.text);
            file.tree.write(&mut writer);
        }
        self.memory.write(&mut writer);
        made_of::write(&self.made_of, &mut writer);
        writer.finish();
    }

    fn write_types(&self, mut writer: Writer<'_>) {
        self.memory.write_types(&mut writer);
        writer.finish();
    }

    fn of_left(mut left: Left) -> Option<Kept> {
        memory::expect(left.bytes().saturating_mul(ROOM_FOR_LEFT));
        let types = left.types();
        let mut kept = left.whole(|reader| Kept::read(reader, types))?;
        let changes = left.changes().ok()?;
        let (mut end, mut count) = (changes.start, 0);
        for (record, its_end) in changes.iter() {
            since::repeat(&mut kept, record)?;
            (end, count) = (its_end, count + 1);
        }
        kept.since = Some(Since::reading(&kept, count, end));
        Some(kept)
    }

    fn read(reader: &mut Reader<'_>, types: LeftTypes) -> Option<Kept> {
        let fresh_names = usize::try_from(reader.number()?).ok()?;
        let names = Names::read(reader)?;
        let files = reader.list(|reader| {
            let path = read_path(reader)?;
            let text = reader.text()?;
            let tree = Tree::read(reader, text.len(), names.len())?;
            Some((path, Arc::new(File::new(String::new(), text, tree, Vec::new()))))
        })?;
        let memory = Memory::read(reader, move |take| types.read(take))?;
        let made_of = made_of::read(reader)?;
        let files = files.into_iter().collect();
        Some(Kept { next: Next::AnotherProcess, names, files, memory, made_of, fresh_names, since: None })
    }
}

fn is_worth_writing(texts: usize) -> bool {
    (WORTH_WRITING..=TOO_MANY).contains(&texts)
}

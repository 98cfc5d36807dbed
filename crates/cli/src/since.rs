//! What changed since what was left for another process: edits of texts, and of which pieces outputs are made now. It is
//! written behind what is there, and whoever reads that makes the same edits again.

use std::path::PathBuf;
use std::sync::Arc;

use langloom_core::codec::{Reader, Writer};
use langloom_core::model::{File, Memory};
use langloom_core::syntax::{self, Edit};

use crate::cache::{read_path, write_path};
use crate::kept::Kept;
use crate::made_of::{self, MadeOf};

/// What changed since what an earlier process left was read.
#[derive(Debug)]
pub(crate) struct Since {
    /// Where the last record of it ends, and how many there are.
    end: u64,
    records: usize,
    /// Of how many declarations it was known what they mean.
    meanings: usize,
    /// How what was remembered changed in another analysis, if there was one.
    memory: Option<Vec<u8>>,
    edits: Vec<(PathBuf, Edit)>,
    /// What outputs were made of, if that may have changed.
    made_of: Option<MadeOf>,
}

/// After so many records everything is written anew. At 10,000 lines that takes 6 million instructions and writes 1.7 MB; to make
/// an edit again takes 0.3 million in each later run.
const MOST_RECORDS: usize = 8;
/// Bytes of a record that is no change but another project.
const TOO_LONG: usize = 32 * 1024;

impl Since {
    /// Nothing, since what is in `kept` was read: so many `records`, of which the last ends at byte `end`.
    pub(crate) fn reading(kept: &Kept, records: usize, end: u64) -> Since {
        Since { end, records, meanings: kept.memory.meanings(), memory: None, edits: Vec::new(), made_of: None }
    }

    /// Notes what was edited, in the order in which it was parsed.
    pub(crate) fn add(&mut self, edits: Vec<(PathBuf, Edit)>) {
        self.edits.extend(edits);
    }

    /// Notes what an analysis made of what was remembered `before`; false if that cannot be told as a change.
    pub(crate) fn analysed(&mut self, before: &Memory, after: &Memory) -> bool {
        let mut writer = Writer::default();
        let is_told = after.write_changes(before, &mut writer);
        self.memory = Some(writer.finish());
        is_told
    }

    /// Notes what outputs were made of that were rendered again.
    pub(crate) fn rendered(&mut self, before: MadeOf) {
        self.made_of = Some(before);
    }

    /// The record that makes what was read what is in `kept` now, and where it belongs; none if there is no such record, or it
    /// is better to write everything.
    pub(crate) fn record(&self, kept: &Kept) -> Option<(Vec<u8>, u64)> {
        if self.records >= MOST_RECORDS || kept.memory.meanings() != self.meanings {
            return None;
        }
        let mut writer = Writer::default();
        writer.option(self.memory.as_ref(), |writer, changes| writer.byte_list(changes));
        writer.number(kept.names.len() as u64);
        writer.number(self.edits.len() as u64);
        for (path, Edit { start, removed, added }) in &self.edits {
            write_path(&mut writer, path);
            writer.number(*start as u64);
            writer.number(*removed as u64);
            writer.text(&kept.files.get(path)?.text[*start..start + added]);
        }
        let made_of = self.made_of.as_ref().map(|before| (before, &kept.made_of));
        writer.option(made_of, |writer, (before, now)| made_of::write_after(now, before, writer));
        let record = writer.finish();
        (record.len() <= TOO_LONG).then_some((record, self.end))
    }
}

/// Makes `kept` what it was when a record was written.
pub(crate) fn repeat(kept: &mut Kept, record: &[u8]) -> Option<()> {
    let reader = &mut Reader::new(record);
    if let Some(changes) = reader.option(Reader::byte_list)? {
        kept.memory.read_changes(&mut Reader::new(&changes))?;
    }
    let names = reader.number()?;
    for _ in 0..reader.number()? {
        let path = read_path(reader)?;
        let (start, removed) = (usize::try_from(reader.number()?).ok()?, usize::try_from(reader.number()?).ok()?);
        let added = reader.text()?;
        let File { mut text, tree, .. } = Arc::into_inner(kept.files.remove(&path)?)?;
        text.get(start..start.checked_add(removed)?)?;
        text.replace_range(start..start + removed, &added);
        let tree = syntax::reparse(Edit { start, removed, added: added.len() }, tree, &text, &mut kept.names);
        kept.files.insert(path, Arc::new(File::new(String::new(), text, tree, Vec::new())));
    }
    if let Some(made_of) = reader.option(|reader| made_of::read_after(&kept.made_of, reader))? {
        kept.made_of = made_of;
    }
    (reader.is_at_end() && kept.names.len() as u64 == names).then_some(())
}

//! What is remembered from run to run: everything that a run looked at and everything that it wrote.
//!
//! A run that would look at the same files and find its outputs as it left them has nothing to do. That is the one cache
//! on disk, since it is the one that pays: parsing 10,000 lines takes 4 ms and rendering them 8 ms, while reading back
//! the 10 MB of their outputs, or trees and types in whatever form, takes no less. Deleting it costs time and the
//! knowledge of which files are Langloom's, and changes no byte of any output.

mod codec;
mod log;
mod record;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use crate::disk::{self, Stamp, Stat};
use crate::report::Failure;

pub(crate) use record::{Kept, Record};

/// The memory of one configuration.
#[derive(Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
    key: u128,
    /// When this run began, in nanoseconds since 1970.
    began: i64,
    last: Option<Record>,
    /// There was no log, and no run has succeeded since: if none does, there shall be none.
    is_new: bool,
}

impl Drop for Cache {
    fn drop(&mut self) {
        if self.is_new {
            let _ = log::clear(&self.folder);
        }
    }
}

/// Whether there is something to do.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Everything is as the last run left it.
    UpToDate,
    /// Something is not; what that is, for people.
    Stale(String),
}

/// Where the memory of a configuration in `folder` is: `chosen`, else with the caches of other tools in node_modules, else
/// in a folder of its own.
pub(crate) fn folder(folder: &Path, chosen: Option<&Path>) -> PathBuf {
    match chosen {
        Some(chosen) => folder.join(chosen),
        None if folder.join("node_modules").is_dir() => folder.join("node_modules/.cache/langloom"),
        None => folder.join(".langloom"),
    }
}

impl Cache {
    /// What is known in `folder` about the configuration `config`, run with `arguments` that matter to the outputs.
    pub(crate) fn open(folder: PathBuf, config: &Path, arguments: &str) -> Cache {
        let key = xxh3_128(format!("{}\0{arguments}", config.display()).as_bytes());
        let log = log::read(&folder);
        let is_new = log.is_empty();
        let last = log::entries(&log).filter(|entry| entry.key == key).last();
        let last = last.and_then(|entry| Record::decode(entry.payload));
        Cache { folder, key, began: disk::now(), last, is_new }
    }

    /// The last run.
    pub(crate) fn last(&self) -> Option<&Record> {
        self.last.as_ref()
    }

    /// Compares the last run with the world.
    pub(crate) fn verdict(&mut self) -> Verdict {
        let Some(last) = &mut self.last else { return Verdict::Stale("there is no record of a run like this".to_owned()) };
        if last.tool != tool() {
            return Verdict::Stale("Langloom is another one than in the last run".to_owned());
        }
        if last.pending.is_some() {
            return Verdict::Stale("the last run did not come to its end".to_owned());
        }
        let (mut was_read, mut is_fresh) = (false, true);
        let times = (last.began, last.ended);
        let inputs = last.inputs.iter_mut().map(|look| (&look.path, look.found.as_mut(), times.0));
        let outputs = last.outputs.iter_mut().map(|output| (&output.path, Some(&mut output.stamp), times.1));
        for (path, stamp, seen) in inputs.chain(outputs) {
            match (stamp, disk::stat(path)) {
                (None, None) => {}
                (None, Some(_)) => return Verdict::Stale(format!("{} was not there", path.display())),
                (Some(_), None) => return Verdict::Stale(format!("{} is missing", path.display())),
                (Some(stamp), Some(stat)) => {
                    if stat == stamp.stat && !is_racy(stat, seen) {
                        continue;
                    }
                    // Content decides: another time is no change, and the same time may hide one.
                    if stat.length != stamp.stat.length || disk::hash_file(path).ok() != Some(stamp.hash) {
                        return Verdict::Stale(format!("{} was changed", path.display()));
                    }
                    was_read = true;
                    is_fresh &= !is_racy(stat, self.began);
                    stamp.stat = stat;
                }
            }
        }
        if was_read && is_fresh {
            // The next run need not read these files again. If that cannot be remembered, it will.
            (last.began, last.ended) = (self.began, self.began);
            let _ = log::append(&self.folder, self.key, &last.encode());
        }
        Verdict::UpToDate
    }

    /// Deletes what a run that was killed left beside its outputs.
    pub(crate) fn remove_leftovers(&self) {
        let Some(last) = &self.last else { return };
        if let Some(process) = last.pending
            && !is_running(process)
        {
            last.outputs.iter().for_each(|output| disk::remove_leftover(&output.path, process));
        }
    }

    /// Remembers that `contents` are going to be written to these paths, in case this run does not come to its end.
    ///
    /// A disk that does not take it costs nothing but this knowledge.
    pub(crate) fn begin(&self, contents: &[(PathBuf, Option<u128>)]) {
        let mut record = self.last.clone().unwrap_or_default();
        record.pending = Some(std::process::id());
        let mut slots: HashMap<PathBuf, usize> =
            record.outputs.iter().enumerate().map(|(index, output)| (output.path.clone(), index)).collect();
        for (path, content) in contents {
            let slot = *slots.entry(path.clone()).or_insert(record.outputs.len());
            if slot == record.outputs.len() {
                let nothing = Stamp { stat: Stat { length: 0, modified: 0, inode: 0 }, hash: 0 };
                record.outputs.push(Kept { path: path.clone(), stamp: nothing, intended: Vec::new() });
            }
            record.outputs[slot].intended.extend(*content);
        }
        let _ = self.append(&record);
    }

    /// Remembers a run that succeeded: what it wrote, and what it told about which files.
    pub(crate) fn finish(
        &mut self,
        outputs: impl IntoIterator<Item = (PathBuf, u128)>,
        problems: Vec<langloom_core::text::Problem>,
        files: Vec<(String, PathBuf)>,
    ) -> Result<(), Failure> {
        let outputs = outputs.into_iter().filter_map(|(path, hash)| {
            let stat = disk::stat(&path)?;
            Some(Kept { path, stamp: Stamp { stat, hash }, intended: Vec::new() })
        });
        let outputs: Vec<Kept> = outputs.collect();
        let mut inputs = disk::looks();
        inputs.sort_by(|a, b| a.path.cmp(&b.path));
        inputs.dedup_by(|a, b| a.path == b.path);
        let record =
            Record { tool: tool(), began: self.began, ended: disk::now(), pending: None, inputs, outputs, problems, files };
        self.append(&record)?;
        self.is_new = false;
        self.last = Some(record);
        Ok(())
    }

    fn append(&self, record: &Record) -> Result<(), Failure> {
        log::append(&self.folder, self.key, &record.encode()).map_err(|error| {
            let message = format!("cannot remember this run in {}: {error}", self.folder.display());
            Failure::world(message, Some("run with --no-cache to go without".to_owned()))
        })
    }
}

impl Record {
    /// Whether the file at the path of `output` is as a run left it, or as one meant to leave it.
    pub(crate) fn is_ours(output: &Kept) -> bool {
        match disk::stat(&output.path) {
            None => true,
            Some(stat) if stat == output.stamp.stat => true,
            Some(_) => {
                disk::hash_file(&output.path).is_ok_and(|hash| hash == output.stamp.hash || output.intended.contains(&hash))
            }
        }
    }
}

/// A summary for people: where the memory is, how many runs it holds, and its bytes.
pub(crate) fn stats(folder: &Path) -> (PathBuf, usize, u64) {
    let log = log::read(folder);
    (log::path(folder), log::latest(&log).len(), log.len() as u64)
}

/// Forgets everything. Returns the bytes that were freed.
pub(crate) fn clear(folder: &Path) -> Result<u64, Failure> {
    log::clear(folder).map_err(|error| Failure::world(format!("cannot clear {}: {error}", folder.display()), None))
}

/// How many records are sound, and how many bytes behind them are not.
pub(crate) fn verify(folder: &Path) -> (usize, u64) {
    let log = log::read(folder);
    let sound = log::entries(&log).filter(|entry| Record::decode(entry.payload).is_some()).count();
    (sound, log::unsound_bytes(&log))
}

/// Whether a file that was modified at this time may have been modified once more without a later time, before it was
/// `seen`. File systems that count in whole seconds, or two, give times that end in zeros; others are off by a tick of
/// the kernel, at most 10 ms.
fn is_racy(stat: Stat, seen: i64) -> bool {
    let granularity = if stat.modified % 1_000_000 == 0 { 2_000_000_000 } else { 20_000_000 };
    stat.modified.saturating_add(granularity) > seen
}

/// This build of Langloom.
fn tool() -> u128 {
    let stat = std::env::current_exe().ok().and_then(|path| disk::stat(&path));
    xxh3_128(format!("{} {stat:?}", env!("CARGO_PKG_VERSION")).as_bytes())
}

/// Whether there is a process of this number. Where that cannot be told, there might be one.
fn is_running(process: u32) -> bool {
    !Path::new("/proc/self").exists() || Path::new("/proc").join(process.to_string()).exists()
}

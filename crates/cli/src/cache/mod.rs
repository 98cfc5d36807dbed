//! What is remembered of a configuration from run to run: everything that the last run looked at and everything that it
//! wrote.
//!
//! A run that would look at the same files and find its outputs as it left them has nothing to do. Deleting the cache costs
//! time and the knowledge of which files are Langloom's, and changes no byte of any output.
//!
//! Outputs themselves are not kept: they lie where they belong. Beside the log is what runs left for the analysis of an
//! edited grammar (in `left`).
//!
//! It is also what is known about ownership (in `owned`): which files may be overwritten or deleted.

mod codec;
mod folder;
mod git;
mod left;
mod log;
mod owned;
mod record;

use std::cell::OnceCell;
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use langloom_core::codec::Writer;

use self::log::Log;
use self::record::Step;
use crate::disk::{self, Found, Look, Stamp, Written};

pub(crate) use codec::{read_path, write_path};
pub(crate) use folder::{Condition, Summary, clear, location, summaries, verify};
pub(crate) use git::unchanged as unchanged_in_git;
pub(crate) use left::{Left, LeftTypes};
pub(crate) use owned::Obsolete;
pub(crate) use record::{Kept, Meant, Place, Record, Told};

/// The memory of one configuration.
#[derive(Debug)]
pub(crate) struct Cache {
    log: Log,
    config: PathBuf,
    arguments: String,
    /// When this run began, in nanoseconds since 1970.
    began: i64,
    last: Option<Record>,
    /// Processes that did not come to the end of their run, and what they were going to write.
    interrupted: Vec<(u32, Vec<PathBuf>)>,
    /// Contents that they meant to write, of which it is not known whether they did.
    intended: HashMap<PathBuf, Vec<u128>>,
    /// What other configurations wrote, once somebody asked for it.
    others: OnceCell<HashMap<PathBuf, Vec<u128>>>,
    phase: Phase,
}

/// What stands for the arguments of a run whose outputs were deleted: no run has them.
const CLEANED: &str = "--clean";

/// How far this run is.
#[derive(Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing of it is in the log.
    Reading,
    /// The log says that temporary files may be lying around. It had so many bytes before.
    Staging { before: u64 },
    /// Outputs may be old or new.
    Committing,
}

/// Whether there is something to do.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// Everything is as the last run left it.
    UpToDate,
    /// Something is not; what that is, for people: one reason, or all.
    Stale(Vec<String>),
}

impl Cache {
    /// What is known in `folder` about the configuration at `config`, to be run with `arguments`: those that matter to the
    /// outputs.
    pub(crate) fn open(folder: &Path, config: &Path, arguments: &str) -> Cache {
        let mut cache = Cache {
            log: Log::of(folder, config),
            config: config.to_owned(),
            arguments: arguments.to_owned(),
            began: disk::now(),
            last: None,
            interrupted: Vec::new(),
            intended: HashMap::new(),
            others: OnceCell::new(),
            phase: Phase::Reading,
        };
        for step in Step::those_that_count(&cache.log) {
            match step {
                Step::Staging { process, paths } => cache.interrupted.push((process, paths)),
                Step::Committing(contents) => {
                    contents.into_iter().for_each(|(path, hash)| cache.intended.entry(path).or_default().push(hash));
                }
                Step::Finished(record) => cache.last = Some(*record),
            }
        }
        cache
    }

    /// Reads the log again if another process wrote to it since it was read. Returns whether it did.
    pub(crate) fn refresh(&mut self) -> bool {
        let is_outdated = self.log.is_outdated();
        if is_outdated {
            let folder = self.log.path().parent().unwrap_or(Path::new("")).to_owned();
            *self = Cache::open(&folder, &self.config, &self.arguments);
        }
        is_outdated
    }

    /// The last run that came to its end.
    pub(crate) fn last(&self) -> Option<&Record> {
        self.last.as_ref()
    }

    /// The same, for good.
    pub(crate) fn take_last(&mut self) -> Option<Record> {
        self.last.take()
    }

    /// Compares the last run with the world. `is_all_wanted` asks for all reasons why there is something to do, where one is
    /// enough to know that there is.
    pub(crate) fn verdict(&mut self, is_all_wanted: bool) -> Verdict {
        let Some(last) = &mut self.last else { return Verdict::Stale(vec!["no earlier run is remembered".to_owned()]) };
        let whole = [
            (last.tool != tool(), "the last run was made by another build of Langloom"),
            (last.arguments != self.arguments, "the last run had other options"),
            (!self.interrupted.is_empty(), "the last run did not come to its end"),
        ];
        let mut reasons: Vec<String> = whole.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| why.to_owned()).collect();
        let mut was_settled = false;
        if reasons.is_empty() || is_all_wanted {
            let tell = |reason| {
                reasons.push(reason);
                is_all_wanted
            };
            last.differences(self.began, |_| false, &mut was_settled, tell);
        }
        if !reasons.is_empty() {
            return Verdict::Stale(reasons);
        }
        if was_settled {
            self.settle();
        }
        Verdict::UpToDate
    }

    /// Remembers that the outputs of the last run were deleted, but those that `stay`; so the next run has something to do.
    pub(crate) fn forget_outputs(&mut self, stay: impl Fn(&Kept) -> bool) {
        let Some(mut last) = self.last.take() else { return };
        last.outputs.retain(stay);
        CLEANED.clone_into(&mut last.arguments);
        let _ = self.log.append_last(&Step::Finished(Box::new(last.clone())).encode());
        self.last = Some(last);
    }

    /// Of the files that packs copied in the last run, whether they were meant to be programs.
    pub(crate) fn programs(&self) -> HashMap<PathBuf, bool> {
        let outputs = self.last.iter().flat_map(|last| &last.outputs);
        outputs.filter_map(|output| Some((output.path.clone(), output.is_program?))).collect()
    }

    /// The last run, if all but the content of `grammars` is as it was.
    pub(crate) fn last_but_for(&mut self, grammars: &[PathBuf]) -> Option<&Record> {
        let last = self.last.as_mut()?;
        if last.tool != tool() || last.arguments != self.arguments || !self.interrupted.is_empty() {
            return None;
        }
        let is_grammar = |path: &Path| grammars.iter().any(|grammar| grammar == path);
        let mut is_same = true;
        last.differences(self.began, is_grammar, &mut false, |_| {
            is_same = false;
            false
        });
        is_same.then_some(&*last)
    }

    /// Saves the next run reading files again that this one has read. If another process is at work, it will read them.
    fn settle(&mut self) {
        let lock = disk::lock(&self.config, std::time::Duration::ZERO, || {});
        if lock.is_ok()
            && !self.log.is_outdated()
            && let Some(last) = &mut self.last
        {
            last.began = self.began;
            let _ = self.log.append_last(&Step::Finished(Box::new(last.clone())).encode());
        }
    }

    /// Deletes what runs that were killed left beside their outputs, and remembers that this one is going to write files to
    /// `paths`. A disk that does not take it costs nothing but this knowledge.
    pub(crate) fn begin(&mut self, paths: &[PathBuf]) {
        for (process, paths) in &self.interrupted {
            paths.iter().for_each(|path| disk::remove_leftovers(path, *process));
        }
        if !self.interrupted.is_empty() {
            self.forget_interrupted();
        }
        let before = self.log.sound_bytes();
        let step = Step::Staging { process: std::process::id(), paths: paths.to_vec() };
        let _ = self.log.append(&step.encode());
        self.phase = Phase::Staging { before };
    }

    /// What interrupted runs left is gone. What they may have written still counts.
    fn forget_interrupted(&mut self) {
        self.interrupted.clear();
        let contents = self.intended.iter().flat_map(|(path, hashes)| hashes.iter().map(move |hash| (path.clone(), *hash)));
        let mut contents: Vec<(PathBuf, u128)> = contents.collect();
        contents.sort();
        contents.dedup();
        let last = self.last.iter().map(|last| Step::Finished(Box::new(last.clone())));
        let steps: Vec<Vec<u8>> = last.chain([Step::Committing(contents)]).map(|step| step.encode()).collect();
        let _ = self.log.replace(&steps);
    }

    /// Remembers the contents that files are now going to get, in case this run does not come to its end.
    pub(crate) fn intend(&mut self, contents: Vec<(PathBuf, u128)>) {
        let _ = self.log.append(&Step::Committing(contents).encode());
        self.phase = Phase::Committing;
    }

    /// Remembers a run that succeeded: what it looked at, what it wrote, and what it told.
    ///
    /// # Errors
    /// If there is no place for it, as in a protected folder. The next run just does everything again.
    pub(crate) fn finish(
        &mut self,
        inputs: Vec<Look>,
        outputs: impl IntoIterator<Item = (PathBuf, Written)>,
        told: Told,
    ) -> io::Result<()> {
        let outputs = outputs.into_iter().filter_map(|(path, Written { hash, outside, is_program, .. })| {
            let stat = disk::stat(&path)?;
            Some(Kept { path, stamp: Stamp { stat, hash }, outside, is_program })
        });
        let record = Record {
            config: self.config.clone(),
            tool: tool(),
            arguments: self.arguments.clone(),
            began: self.began,
            inputs,
            outputs: outputs.collect(),
            told,
        };
        let is_first = self.last.is_none();
        self.log.append_last(&Step::Finished(Box::new(record.clone())).encode())?;
        self.phase = Phase::Reading;
        self.last = Some(record);
        if is_first {
            folder::evict(self.log.path());
        }
        Ok(())
    }
}

impl Cache {
    /// What earlier runs left for another process.
    pub(crate) fn left(&self) -> Option<Left> {
        left::open(left::ALL, self.log.path())
    }

    /// Leaves what `write` writes for another process. Without it, that one just has more to do.
    pub(crate) fn leave(&self, write: impl FnOnce(Writer<'_>)) {
        if left::write(left::ALL, self.log.path(), write).is_ok_and(|is_first| is_first) {
            folder::evict(self.log.path());
        }
    }

    /// Leaves what rules say about types.
    pub(crate) fn leave_types(&self, write: impl FnOnce(Writer<'_>)) {
        let _ = left::write(left::TYPES, self.log.path(), write);
    }

    /// Adds what changed since to what was left, which ends at byte `end` of its file.
    pub(crate) fn leave_change(&self, record: &[u8], end: u64) {
        let _ = left::append(self.log.path(), record, end);
    }
}

impl Record {
    /// How the world differs from what this run left: calls `tell` until that does not want to hear more. What `is_spared` may
    /// differ. `was_settled` tells whether a file had to be read to know, and need not be from now on, as the run that began
    /// at `now` has read it.
    fn differences(
        &mut self,
        now: i64,
        is_spared: impl Fn(&Path) -> bool,
        was_settled: &mut bool,
        mut tell: impl FnMut(String) -> bool,
    ) {
        let inputs = self.inputs.iter_mut().map(|look| match &mut look.found {
            Found::Nothing => (&look.path, None, false),
            Found::File(stamp) => (&look.path, Some(stamp), false),
        });
        let outputs = self.outputs.iter_mut().map(|output| (&output.path, Some(&mut output.stamp), true));
        for (path, stamp, is_output) in inputs.chain(outputs).filter(|(path, ..)| !is_spared(path)) {
            let what = match (stamp, disk::stat(path)) {
                (None, None) => continue,
                (None, Some(_)) => "is new",
                (Some(_), None) => "is missing",
                (Some(stamp), Some(stat)) if stat == stamp.stat && (is_output && stat.is_ours() || !stat.is_racy(self.began)) => {
                    continue;
                }
                (Some(stamp), Some(stat)) => {
                    // Content decides: another time is no change, and the same time may hide one. Whether a file may be run
                    // is content too, as packs copy it; what somebody set for an output is left to them.
                    let is_same = stat.length == stamp.stat.length && (is_output || stat.is_program == stamp.stat.is_program);
                    if is_same && disk::hash_file(path).ok() == Some(stamp.hash) {
                        stamp.stat = stat;
                        *was_settled |= !stat.is_racy(now);
                        continue;
                    }
                    "was changed"
                }
            };
            if !tell(format!("{} {what}", path.display())) {
                return;
            }
        }
    }
}

/// A run that failed before it changed any output leaves no trace.
impl Drop for Cache {
    fn drop(&mut self) {
        if let Phase::Staging { before } = self.phase {
            let _ = self.log.cut_back(before);
        }
    }
}

/// This build of Langloom: that of the program as it was when this process asked for the first time.
fn tool() -> u128 {
    static TOOL: LazyLock<u128> = LazyLock::new(|| {
        let stat = std::env::current_exe().ok().and_then(|path| disk::stat(&path));
        disk::hash(format!("{} {stat:?}", env!("CARGO_PKG_VERSION")).as_bytes())
    });
    *TOOL
}

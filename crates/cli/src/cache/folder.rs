//! The folder with the logs of several configurations: where it is, and what is in it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::Record;
use super::left;
use super::log::{self, Log};
use super::record::Step;
use crate::report::Failure;
use crate::{disk, observe};

/// Bytes of all logs in a folder. Enough for 200 configurations of 1,000 grammars each.
const LIMIT: u64 = 64 * 1024 * 1024;

/// Where the runs of configurations in `folder` are remembered: with the caches of other tools in node_modules, or else in
/// a folder of its own.
pub(crate) fn location(folder: &Path) -> PathBuf {
    match folder.join("node_modules").is_dir() {
        true => folder.join("node_modules/.cache/langloom"),
        false => folder.join(".langloom"),
    }
}

/// A log, and what is beside it, for people.
#[derive(Debug)]
pub(crate) struct Summary {
    pub(crate) bytes: u64,
    /// The last run in it.
    pub(crate) last: Option<Record>,
}

/// What is in `folder`, by configuration.
pub(crate) fn summaries(folder: &Path) -> Vec<Summary> {
    let mut by_log: BTreeMap<PathBuf, u64> = BTreeMap::new();
    for (path, bytes, _) in files(folder, &OURS) {
        *by_log.entry(log_of(&path)).or_default() += bytes;
    }
    let logs = by_log.into_iter().map(|(log, bytes)| Summary { bytes, last: last(&Log::open(log)) });
    let mut summaries: Vec<Summary> = logs.collect();
    summaries.sort_by(|a, b| a.last.as_ref().map(|last| &last.config).cmp(&b.last.as_ref().map(|last| &last.config)));
    summaries
}

/// The last runs of all configurations.
pub(super) fn records(folder: &Path) -> Vec<Record> {
    summaries(folder).into_iter().filter_map(|summary| summary.last).collect()
}

/// Forgets everything. Returns the bytes that were freed.
pub(crate) fn clear(folder: &Path) -> Result<u64, Failure> {
    let mut freed = 0;
    observe::forget_times(folder);
    for (path, bytes, _) in files(folder, &OURS) {
        fs::remove_file(&path).map_err(|error| Failure::world(format!("cannot delete {}: {error}", path.display()), None))?;
        freed += bytes;
    }
    let _ = log::remove_folder(folder);
    Ok(freed)
}

/// What is in order, and what is not.
#[derive(Debug, Default)]
pub(crate) struct Condition {
    /// How many records are sound.
    pub(crate) sound: usize,
    /// How many files are of other versions of Langloom, which alone can tell.
    pub(crate) foreign: usize,
    /// For each damaged log its path and its bytes that are.
    pub(crate) damaged: Vec<(PathBuf, u64)>,
    /// Damaged files that runs left for others.
    pub(crate) damaged_left: Vec<PathBuf>,
}

/// Looks for damage in `folder`.
pub(crate) fn verify(folder: &Path) -> Condition {
    let Condition { mut sound, mut foreign, mut damaged, mut damaged_left } = Condition::default();
    for (path, ..) in files(folder, &[LOGS]) {
        if !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(log::PREFIX)) {
            foreign += 1;
            continue;
        }
        let log = Log::open(path);
        sound += log.entries().map_while(Step::decode).count();
        let undecoded: usize = log.entries().skip_while(|entry| Step::decode(entry).is_some()).map(<[u8]>::len).sum();
        let bytes = log.damaged_bytes() + undecoded as u64;
        if bytes > 0 {
            damaged.push((log.path().to_owned(), bytes));
        }
    }
    for (path, ..) in files(folder, &left::PREFIXES) {
        match left::is_sound(&path) {
            true => sound += 1,
            false => damaged_left.push(path),
        }
    }
    Condition { sound, foreign, damaged, damaged_left }
}

/// Deletes the logs of configurations that are no more, with what their runs left, and of the other files the oldest until
/// what there is has a bounded size. `ours`, a log, stays.
pub(super) fn evict(ours: &Path) {
    let Some(folder) = ours.parent() else { return };
    let mut others: Vec<_> = files(folder, &OURS).into_iter().filter(|(path, ..)| path != ours).collect();
    others.retain(|(path, ..)| {
        let log = log_of(path);
        let lives = log == ours || last(&Log::open(log)).is_some_and(|last| disk::stat(&last.config).is_some());
        lives || fs::remove_file(path).is_err()
    });
    others.sort_by_key(|(path, _, modified)| (std::cmp::Reverse(*modified), path.clone()));
    let mut sum = fs::metadata(ours).map_or(0, |metadata| metadata.len());
    for (path, bytes, _) in others {
        sum += bytes;
        if sum > LIMIT {
            let _ = fs::remove_file(path);
        }
    }
}

/// The log that a file belongs to: itself, or the one that it is beside.
fn log_of(path: &Path) -> PathBuf {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    match left::PREFIXES.into_iter().find_map(|prefix| name.strip_prefix(prefix)) {
        Some(key) => path.with_file_name(format!("{}{key}", log::PREFIX)),
        None => path.to_owned(),
    }
}

fn last(log: &Log) -> Option<Record> {
    Step::those_that_count(log).find_map(|step| match step {
        Step::Finished(record) => Some(*record),
        Step::Staging { .. } | Step::Committing(_) => None,
    })
}

/// How the names of logs begin, of this and other versions of their format.
const LOGS: &str = "runs-";
/// How the names of all files in the folder begin.
const OURS: [&str; 3] = [LOGS, left::ALL, left::TYPES];

/// The files in `folder` whose names begin with one of `prefixes`: paths, bytes, and when they were last written.
fn files(folder: &Path, prefixes: &[&str]) -> Vec<(PathBuf, u64, SystemTime)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let is_ours = |name: &str| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let ours = entries.filter(|entry| is_ours(&entry.file_name().to_string_lossy()));
    let ours = ours.map(|entry| -> io::Result<_> {
        let metadata = entry.metadata()?;
        Ok((entry.path(), metadata.len(), metadata.modified()?))
    });
    ours.flatten().collect()
}

//! Generating again whenever something changes.
//!
//! Events say when to look, never what is true: after every run, and now and then without any event, the files that the
//! run looked at are compared with what it saw. So an edit is never lost, be it made during a run, before its folder was
//! watched, or unseen by the file system's watcher.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};

use crate::report::{Failure, Terminal};
use crate::{disk, observe};

/// How long nothing has to happen before a run: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(10);
/// How long a run waits at most for things to become quiet.
const PATIENCE: Duration = Duration::from_millis(200);
/// How often to look without an event.
const PERIOD: Duration = Duration::from_secs(2);

/// Calls `run` now and after every change of what it looked at.
pub(crate) fn forever(terminal: &mut Terminal, mut run: impl FnMut(&mut Terminal) -> Result<(), Failure>) -> Result<(), Failure> {
    let (sender, events) = mpsc::channel();
    let mut watcher = match notify::recommended_watcher(sender) {
        Ok(watcher) => Some(watcher),
        Err(error) => {
            terminal.warn(format!("cannot watch files ({error}): looking every {} seconds", PERIOD.as_secs()));
            None
        }
    };
    let mut watched = HashSet::new();
    loop {
        disk::forget_looks();
        // What happened up to now, this run sees.
        while events.try_recv().is_ok() {}
        if let Err(failure) = run(terminal) {
            terminal.failure(&failure);
        }
        observe::give_back();
        if let Some(watcher) = &mut watcher {
            watch_folders(watcher, &mut watched);
        }
        terminal.line(format_args!("Waiting for changes"));
        while !anything_changed() {
            wait(&events);
        }
    }
}

/// Watches the folders of all files that were looked at. Folders, as editors replace files.
fn watch_folders(watcher: &mut RecommendedWatcher, watched: &mut HashSet<PathBuf>) {
    let looks = disk::looks();
    let wanted: HashSet<&Path> =
        looks.iter().filter_map(|look| look.path.ancestors().skip(1).find(|path| path.is_dir())).collect();
    watched.retain(|folder| folder.is_dir());
    for folder in wanted {
        // A folder that is deleted and made again is another one. What cannot be watched is looked at now and then.
        if watched.insert(folder.to_owned()) && watcher.watch(folder, RecursiveMode::NonRecursive).is_err() {
            watched.remove(folder);
        }
    }
}

/// Whether a file that was looked at is not what it was.
fn anything_changed() -> bool {
    disk::looks().iter().any(|look| match (look.found, disk::stat(&look.path)) {
        (None, None) => false,
        (Some(found), Some(stat)) if found.stat == stat => {
            is_recent(stat) && disk::hash_file(&look.path).ok() != Some(found.hash)
        }
        (Some(_), Some(_)) | (None, Some(_)) | (Some(_), None) => true,
    })
}

/// Whether the file was modified so lately that it may have been modified again at what counts as the same time.
fn is_recent(stat: disk::Stat) -> bool {
    const LATELY: i64 = 3_000_000_000;
    stat.modified.saturating_add(LATELY) > disk::now()
}

/// Waits for an event and then until none came for a while, or until it is time to look.
fn wait(events: &Receiver<notify::Result<Event>>) {
    match events.recv_timeout(PERIOD) {
        Ok(_) => {}
        Err(RecvTimeoutError::Timeout) => return,
        // There is no watcher.
        Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(PERIOD),
    }
    let start = Instant::now();
    while start.elapsed() < PATIENCE && events.recv_timeout(QUIET).is_ok() {}
}

//! Generating again whenever something changes.
//!
//! Events say when to look, never what is true: after every run, and now and then without any event, the files that the
//! run looked at are compared with what it saw. So an edit is never lost, be it made during a run, before its folder was
//! watched, or unseen by the file system's watcher because its queue was full.

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::disk::{FolderId, Found};
use crate::report::{Failure, Terminal};
use crate::{disk, memory};

/// How long nothing has to happen before a run: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(10);
/// How long a run waits at most for things to become quiet.
const PATIENCE: Duration = Duration::from_millis(200);
/// How often to look without an event.
const PERIOD: Duration = Duration::from_secs(2);

/// Calls `run` now and after every change of what it looked at.
pub(crate) fn forever(terminal: &mut Terminal, mut run: impl FnMut(&mut Terminal) -> Result<(), Failure>) -> Result<(), Failure> {
    let (sender, events) = mpsc::channel();
    let send = move |event: notify::Result<Event>| {
        if event.as_ref().map_or(true, may_change) {
            let _ = sender.send(());
        }
    };
    let mut watched = match notify::recommended_watcher(send) {
        Ok(watcher) => Some(Watched { watcher, folders: HashMap::new() }),
        Err(error) => {
            terminal.warn(format!("cannot watch files ({error}): looking every {} seconds", PERIOD.as_secs()));
            None
        }
    };
    let mut is_told = false;
    loop {
        let mut looked = disk::now();
        disk::forget_looks();
        // What happened up to now, this run sees.
        while events.try_recv().is_ok() {}
        let result = run(terminal);
        terminal.end(result);
        terminal.line(format_args!("Waiting for changes"));
        memory::give_back();
        loop {
            if let Some(watched) = &mut watched
                && !watched.update()
                && !std::mem::replace(&mut is_told, true)
            {
                let rest = format!("looking at the rest every {} seconds", PERIOD.as_secs());
                terminal.warn(format!("the system watches no more folders (fs.inotify.max_user_watches): {rest}"));
            }
            let now = disk::now();
            if anything_changed(looked) {
                break;
            }
            looked = now;
            // As `langloom generate --watch | head` should end.
            if !terminal.is_read() {
                return Ok(());
            }
            wait(&events);
        }
    }
}

/// The folders of all files that were looked at. Folders, as editors replace files.
struct Watched {
    watcher: RecommendedWatcher,
    /// By path, which folder it was: one that is deleted and made again is another one.
    folders: HashMap<PathBuf, FolderId>,
}

impl Watched {
    /// Watches what the last run looked at, and nothing else. Whether the system could take all of it.
    fn update(&mut self) -> bool {
        let looks = disk::looks_since(0);
        let nearest = |path: &Path| path.ancestors().skip(1).find(|path| path.is_dir()).map(Path::to_owned);
        let parents: BTreeSet<&Path> = looks.iter().filter_map(|look| look.path.parent()).collect();
        let wanted: BTreeSet<PathBuf> = parents.into_iter().filter_map(|parent| nearest(&parent.join("file"))).collect();
        let gone: Vec<PathBuf> = self.folders.keys().filter(|folder| !wanted.contains(*folder)).cloned().collect();
        for folder in gone {
            let _ = self.watcher.unwatch(&folder);
            self.folders.remove(&folder);
        }
        let mut is_all = true;
        for folder in wanted {
            let identity = disk::folder_id(&folder);
            if self.folders.get(&folder) == Some(&identity) {
                continue;
            }
            let _ = self.watcher.unwatch(&folder);
            // What cannot be watched is looked at now and then.
            match self.watcher.watch(&folder, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.folders.insert(folder, identity)),
                Err(error) => {
                    is_all &= !matches!(error.kind, ErrorKind::MaxFilesWatch);
                    self.folders.remove(&folder);
                }
            }
        }
        is_all
    }
}

/// Whether files can be others after an event. Reading one is an event too, and looking at files reads those that were
/// written to just now: without this, there would be no end of it.
fn may_change(event: &Event) -> bool {
    !matches!(event.kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
}

/// Whether a file that the last run looked at is not what it was. It was so at `looked` at least.
fn anything_changed(looked: i64) -> bool {
    disk::looks_since(0).iter().any(|look| match (look.found, disk::stat(&look.path)) {
        (Found::Nothing, None) => false,
        (Found::File(stamp), Some(stat)) if stamp.stat == stat => {
            // A file that could not be read has no hash.
            stat.is_racy(looked) && disk::hash_file(&look.path).unwrap_or(0) != stamp.hash
        }
        (Found::File(_) | Found::Nothing, _) => true,
    })
}

/// Waits for an event and then until none came for a while, or until it is time to look.
fn wait(events: &Receiver<()>) {
    match events.recv_timeout(PERIOD) {
        Ok(()) => {}
        Err(RecvTimeoutError::Timeout) => return,
        // There is no watcher.
        Err(RecvTimeoutError::Disconnected) => return std::thread::sleep(PERIOD),
    }
    let start = Instant::now();
    while start.elapsed() < PATIENCE && events.recv_timeout(QUIET).is_ok() {}
}

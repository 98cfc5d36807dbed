//! Files on their way to the disk, all of them or none.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::beside::beside;
use super::content::Segments;
use super::draft::Draft;
use super::looks::Stat;
use super::permission::MayRun;
use super::{Error, interrupt, is_absence};

/// Files on their way to the disk. Dropping it leaves the disk as it was. Several threads may write files of one batch.
#[derive(Debug, Default)]
pub struct Batch {
    state: Arc<Mutex<State>>,
    /// Nothing is written: only what would be is of interest.
    is_trial: bool,
    /// Whose files they are.
    is_users: bool,
}

#[derive(Debug, Default)]
pub(super) struct State {
    staged: Vec<Staged>,
    /// Files that stay, with other permissions.
    permitted: Vec<Permitted>,
    /// Folders that were made, outermost first.
    folders: Vec<PathBuf>,
    /// What was in the places of files that were moved there.
    replaced: Vec<Before>,
}

/// A file that is there under a temporary name.
#[derive(Debug)]
struct Staged {
    temporary: PathBuf,
    target: PathBuf,
    /// The symbolic link that leads to the target, if one does.
    link: Option<PathBuf>,
}

/// A file that gets other permissions and is not written.
#[derive(Debug)]
struct Permitted {
    target: PathBuf,
    before: fs::Permissions,
    after: fs::Permissions,
}

/// What becomes of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It holds what it should.
    Unchanged,
    /// It holds what it should, and may be run from now on, or no more.
    Permitted,
    /// It will be replaced.
    Changed,
    /// It will appear.
    Created,
}

/// A part of a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'b> {
    /// These bytes.
    Bytes(&'b [u8]),
    /// What the old file holds from one byte to another.
    Old(Range<u64>),
}

/// What was written for one file.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    /// What becomes of the file.
    pub fate: Fate,
    /// The [hash](super::content_hash) of the bytes.
    pub hash: u128,
    /// Of a file with regions that belong to the user: the XXH3 of what is outside of them, which only the caller knows.
    pub outside: Option<u128>,
    /// Of a file of which it matters: whether it was meant to be a program, which only the caller knows as well.
    pub is_program: Option<bool>,
}

impl Batch {
    /// A batch that finds out what would be written, and leaves the disk as it is.
    pub fn trial() -> Batch {
        Batch { state: Arc::default(), is_trial: true, is_users: false }
    }

    /// A batch of files that are the user's from then on: they do not [bear](Stat::bears) Langloom's mark.
    pub fn for_user() -> Batch {
        Batch { state: Arc::default(), is_trial: false, is_users: true }
    }

    /// Puts `bytes` beside `path`, an absolute path, unless the file there holds them already.
    pub fn stage(&self, path: &Path, bytes: &[u8]) -> Result<Written, Error> {
        self.stage_chunks(path, |take| take(bytes))
    }

    /// Like [`Batch::stage`], for a file of which it matters who may run it. If that is all that changes, it is not written.
    pub fn stage_runnable(&self, path: &Path, bytes: &[u8], may_run: MayRun) -> Result<Written, Error> {
        self.stage_with(path, may_run, |take| take(bytes))
    }

    /// Like [`Batch::stage`], with bytes that come in chunks: `write` is given what takes them.
    pub fn stage_chunks(&self, path: &Path, write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Result<Written, Error> {
        self.stage_with(path, MayRun::AsItIs, write)
    }

    /// Like [`Batch::stage_chunks`], where some of the new file may be what the old one holds. If the old one is still as it
    /// was when it had this state, and nobody wrote to it since Langloom did, `write` is told so, and may name places in it. The
    /// segments are what was returned for it; whole ones are not read.
    pub fn stage_parts<'b>(
        &'b self,
        path: &'b Path,
        old: Option<(Stat, &'b Segments)>,
        write: impl FnOnce(bool, &mut dyn FnMut(Part<'_>)),
    ) -> Result<(Written, Segments), Error> {
        self.stage_draft(path, MayRun::AsItIs, |draft| {
            let is_known = old.is_some_and(|(stat, segments)| draft.knows(stat, segments));
            let mut result = Ok(());
            write(is_known, &mut |part| {
                if result.is_ok() {
                    result = match part {
                        Part::Bytes(bytes) => draft.add(bytes),
                        Part::Old(place) => draft.add_old(place),
                    };
                }
            });
            // Nobody wrote to it meanwhile.
            result.and_then(|()| if is_known { draft.check_old() } else { Ok(()) })
        })
    }

    fn stage_with(&self, path: &Path, may_run: MayRun, write: impl FnOnce(&mut dyn FnMut(&[u8]))) -> Result<Written, Error> {
        self.stage_draft(path, may_run, |draft| {
            let mut result = Ok(());
            write(&mut |bytes| {
                if result.is_ok() {
                    result = draft.add(bytes);
                }
            });
            result
        })
        .map(|(written, _)| written)
    }

    fn stage_draft<'b>(
        &'b self,
        path: &'b Path,
        may_run: MayRun,
        fill: impl FnOnce(&mut Draft<'b>) -> io::Result<()>,
    ) -> Result<(Written, Segments), Error> {
        let stage = || {
            let mut draft = Draft::new(self, path)?;
            fill(&mut draft)?;
            draft.finish(may_run)
        };
        stage().map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            Error::new(message, Some("no output was changed".to_owned())).about(path)
        })
    }

    pub(super) fn is_trial(&self) -> bool {
        self.is_trial
    }

    /// Has the file at `target` get other permissions, together with everything else.
    pub(super) fn permit(&self, target: &Path, before: fs::Permissions, after: fs::Permissions) {
        self.lock().permitted.push(Permitted { target: target.to_owned(), before, after });
    }

    pub(super) fn mark(&self, file: &File, hash: u128) {
        if !self.is_users {
            Stat::mark_as_ours(file, hash);
        }
    }

    /// The symbolic links in the places of files that will change, with what they lead to.
    pub fn links(&self) -> Vec<(PathBuf, PathBuf)> {
        let state = self.lock();
        state.staged.iter().filter_map(|staged| Some((staged.link.clone()?, staged.target.clone()))).collect()
    }

    /// Creates the file `temporary`, to become `target`, and the folders above it where they are missing; but none for a symbolic
    /// `link` that leads nowhere.
    pub(super) fn create(&self, temporary: PathBuf, target: PathBuf, link: Option<PathBuf>) -> io::Result<File> {
        let mut state = self.lock();
        if state.staged.is_empty() {
            interrupt::clean_up(&self.state);
        }
        let create = || OpenOptions::new().write(true).create_new(true).open(&temporary);
        let file = match create() {
            Err(error) if error.kind() == ErrorKind::NotFound && link.is_some() => {
                let message = format!("it is a symbolic link to {}, in a folder that does not exist", target.display());
                return Err(io::Error::new(ErrorKind::NotFound, message));
            }
            Err(error) if error.kind() == ErrorKind::NotFound => {
                state.make_folder(temporary.parent().unwrap_or(&temporary))?;
                create()?
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if state.staged.iter().any(|staged| staged.temporary == temporary) {
                    return Err(io::Error::new(ErrorKind::AlreadyExists, "another output is the same file"));
                }
                // Left behind by a process of the same number that was killed.
                fs::remove_file(&temporary)?;
                create()?
            }
            result => result?,
        };
        state.staged.push(Staged { temporary, target, link });
        Ok(file)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Moves every staged file to its place. If one cannot be moved, those before it are moved back.
    pub fn commit(self) -> Result<Replaced, Error> {
        let mut state = self.lock();
        state.permit()?;
        state.staged.sort_by(|a, b| a.target.cmp(&b.target));
        let mut moved: Vec<Moved<'_>> = Vec::with_capacity(state.staged.len());
        for Staged { temporary, target, .. } in &state.staged {
            let before = keep(target);
            if let Err(error) = fs::rename(temporary, target) {
                before.forget();
                let message = format!("cannot replace {}: {error}", target.display());
                let is_undone = moved.iter().rev().all(|moved| moved.undo().is_ok()) && state.forbid(state.permitted.len());
                let hint = if is_undone { "no output was changed" } else { "some outputs were changed: run it again" };
                return Err(Error::new(message, Some(hint.to_owned())).about(target));
            }
            moved.push(Moved { target, before });
        }
        state.replaced = moved.into_iter().map(|moved| moved.before).collect();
        state.staged.clear();
        state.permitted.clear();
        state.folders.clear();
        Ok(Replaced(Arc::clone(&self.state)))
    }
}

/// Files that are not needed any more. Deleting them, which dropping this does, takes longer than putting others in their
/// places, and is nothing to wait for: of 7 MB that were written just before, 10 ms on ext4, and 0.3 without.
#[derive(Debug)]
pub struct Replaced(Arc<Mutex<State>>);

impl Drop for Replaced {
    fn drop(&mut self) {
        lock(&self.0).forget();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A file that was moved to its place.
struct Moved<'s> {
    target: &'s Path,
    before: Before,
}

/// What was in the place of a file that was replaced.
#[derive(Debug)]
enum Before {
    Nothing,
    /// A file, which has this name now.
    Kept(PathBuf),
    /// Something that cannot be brought back.
    Lost,
}

impl Moved<'_> {
    fn undo(&self) -> io::Result<()> {
        match &self.before {
            Before::Nothing => fs::remove_file(self.target),
            Before::Kept(old) => fs::rename(old, self.target),
            Before::Lost => Err(ErrorKind::NotFound.into()),
        }
    }
}

impl Before {
    fn forget(&self) {
        if let Before::Kept(old) = self {
            let _ = fs::remove_file(old);
        }
    }
}

/// Gives the file at `target` a second name, under which it survives being replaced; not possible on file systems where
/// files have but one. Costs 10 µs of the 80 that replacing a file costs.
fn keep(target: &Path) -> Before {
    let old = beside(target, "old", std::process::id());
    let link = || fs::hard_link(target, &old);
    let result = match link() {
        // Left behind by a process of the same number that was killed.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => fs::remove_file(&old).and_then(|()| link()),
        result => result,
    };
    match result {
        Ok(()) => Before::Kept(old),
        Err(error) if is_absence(&error) => Before::Nothing,
        Err(_) => Before::Lost,
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.lock().discard();
    }
}

impl State {
    /// Leaves the disk as it was.
    pub(super) fn discard(&self) {
        for Staged { temporary, .. } in &self.staged {
            let _ = fs::remove_file(temporary);
        }
        for folder in self.folders.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }

    /// Deletes what was replaced.
    pub(super) fn forget(&mut self) {
        self.replaced.drain(..).for_each(|before| before.forget());
    }

    /// Gives files the permissions that they should have. If one cannot get them, those before it get back what they had.
    fn permit(&self) -> Result<(), Error> {
        for (count, Permitted { target, after, .. }) in self.permitted.iter().enumerate() {
            if let Err(error) = fs::set_permissions(target, after.clone()) {
                let message = format!("cannot change who may run {}: {error}", target.display());
                let hint = if self.forbid(count) { "no output was changed" } else { "some outputs were changed: run it again" };
                return Err(Error::new(message, Some(hint.to_owned())));
            }
        }
        Ok(())
    }

    /// Gives the first `count` of these files back the permissions that they had. Returns whether that worked.
    fn forbid(&self, count: usize) -> bool {
        self.permitted[..count].iter().all(|file| fs::set_permissions(&file.target, file.before.clone()).is_ok())
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        match fs::create_dir(folder) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let Some(parent) = folder.parent() else { return Err(error) };
                self.make_folder(parent)?;
                fs::create_dir(folder)?;
            }
            // Another process was faster.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && folder.is_dir() => return Ok(()),
            Err(error) => return Err(error),
        }
        self.folders.push(folder.to_owned());
        Ok(())
    }
}

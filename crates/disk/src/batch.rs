//! Files on their way to the disk, all of them or none.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use xxhash_rust::xxh3::Xxh3;

use super::looks::Stat;
use super::permission::MayRun;
use super::{CHUNK, Error, interrupt, is_absence};

/// Files on their way to the disk. Dropping it leaves the disk as it was. Several threads may write files of one batch.
#[derive(Debug, Default)]
pub struct Batch {
    state: Arc<Mutex<State>>,
    /// Nothing is written: only what would be is of interest.
    is_trial: bool,
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
    /// XXH3 of the bytes.
    pub hash: u128,
    /// Of a file with regions that belong to the user: the XXH3 of what is outside of them, which only the caller knows.
    pub outside: Option<u128>,
    /// Of a file of which it matters: whether it was meant to be a program, which only the caller knows as well.
    pub is_program: Option<bool>,
}

impl Batch {
    /// A batch that finds out what would be written, and leaves the disk as it is.
    pub fn trial() -> Batch {
        Batch { state: Arc::default(), is_trial: true }
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
    /// was when it had this `stat`, and nobody wrote to it since Langloom did, `write` is told so, and may name places in it.
    pub fn stage_parts(
        &self,
        path: &Path,
        stat: Option<Stat>,
        write: impl FnOnce(bool, &mut dyn FnMut(Part<'_>)),
    ) -> Result<Written, Error> {
        self.stage_draft(path, MayRun::AsItIs, |draft| {
            let is_known = stat.is_some_and(|stat| draft.old_is(stat));
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
    }

    fn stage_draft(
        &self,
        path: &Path,
        may_run: MayRun,
        fill: impl FnOnce(&mut Draft<'_>) -> io::Result<()>,
    ) -> Result<Written, Error> {
        let stage = || {
            let mut draft = Draft::new(self, path)?;
            fill(&mut draft)?;
            draft.finish(may_run)
        };
        stage().map_err(|error| {
            let message = format!("cannot write {}: {error}", path.display());
            Error::new(message, Some("no output was changed".to_owned()))
        })
    }

    /// Creates the file `temporary`, to become `target`, and the folders above it where they are missing.
    fn create(&self, temporary: &Path, target: &Path) -> io::Result<File> {
        let mut state = self.lock();
        if state.staged.is_empty() {
            interrupt::clean_up(&self.state);
        }
        let create = || OpenOptions::new().write(true).create_new(true).open(temporary);
        let file = match create() {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                state.make_folder(temporary.parent().unwrap_or(temporary))?;
                create()?
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                if state.staged.iter().any(|staged| staged.temporary == temporary) {
                    return Err(io::Error::new(ErrorKind::AlreadyExists, "another output is the same file"));
                }
                // Left behind by a process of the same number that was killed.
                fs::remove_file(temporary)?;
                create()?
            }
            result => result?,
        };
        state.staged.push(Staged { temporary: temporary.to_owned(), target: target.to_owned() });
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
        for Staged { temporary, target } in &state.staged {
            let before = keep(target);
            if let Err(error) = fs::rename(temporary, target) {
                before.forget();
                let message = format!("cannot replace {}: {error}", target.display());
                let is_undone = moved.iter().rev().all(|moved| moved.undo().is_ok()) && state.forbid(state.permitted.len());
                let hint = if is_undone { "no output was changed" } else { "some outputs were changed: run it again" };
                return Err(Error::new(message, Some(hint.to_owned())));
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

/// A file being written: compared with the old one as long as they are the same, from then on written under a temporary
/// name. So a file that stays the same is only read, and no more of it is in memory than a chunk.
struct Draft<'b> {
    batch: &'b Batch,
    path: &'b Path,
    old: Option<Old>,
    new: New,
    /// What the old file holds, to compare, and to add.
    buffer: Vec<u8>,
    spare: Vec<u8>,
    /// Bytes so far.
    length: u64,
    /// How many of them, the last ones, are those of the old file and were not read.
    unread: u64,
    hash: Box<Xxh3>,
}

/// What is known about the new file.
enum New {
    /// It is like the old one so far.
    Same,
    /// It differs, and nobody wants it.
    Different,
    Begun(File),
}

/// The file that is there.
struct Old {
    metadata: fs::Metadata,
    /// Its content, unless it may only be written.
    content: Option<File>,
}

impl<'b> Draft<'b> {
    fn new(batch: &'b Batch, path: &'b Path) -> io::Result<Draft<'b>> {
        let old = match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => return Err(ErrorKind::IsADirectory.into()),
            Ok(metadata) if !metadata.is_file() => {
                return Err(io::Error::new(ErrorKind::InvalidInput, "it is not a regular file"));
            }
            Ok(metadata) => Some(Old { metadata, content: readable(path)? }),
            Err(error) if is_absence(&error) => None,
            Err(error) => return Err(error),
        };
        let (hash, buffer, spare) = Default::default();
        let mut draft = Draft { batch, path, old, new: New::Same, buffer, spare, length: 0, unread: 0, hash };
        if draft.old.as_ref().is_none_or(|old| old.content.is_none()) {
            draft.begin()?;
        }
        Ok(draft)
    }

    fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if matches!(self.new, New::Same) {
            match self.old_goes_on_with(bytes)? {
                true => self.take_unread()?,
                false => self.begin()?,
            }
        }
        self.hash.update(bytes);
        if let New::Begun(new) = &mut self.new {
            new.write_all(bytes)?;
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    fn finish(mut self, may_run: MayRun) -> io::Result<Written> {
        if matches!(self.new, New::Same) {
            match self.old.as_ref().is_some_and(|old| old.metadata.len() == self.length) {
                true => self.take_unread()?,
                false => self.begin()?,
            }
        }
        let before = self.old.as_ref().map(|old| old.metadata.permissions());
        let after = before.as_ref().and_then(|before| may_run.of_old(before));
        let is_permitted = after.is_some();
        match (&self.new, before, after) {
            (New::Begun(new), Some(before), after) => {
                new.set_permissions(after.unwrap_or(before))?;
                Stat::mark_as_ours(new);
            }
            (New::Begun(new), None, _) => {
                may_run.of_new(new)?.map_or(Ok(()), |permissions| new.set_permissions(permissions))?;
                Stat::mark_as_ours(new);
            }
            (New::Same, Some(before), Some(after)) if !self.batch.is_trial => {
                self.batch.lock().permitted.push(Permitted { target: self.path.to_owned(), before, after });
            }
            (New::Same | New::Different, _, _) => {}
        }
        let fate = match (&self.new, &self.old) {
            (New::Same, _) if is_permitted => Fate::Permitted,
            (New::Same, _) => Fate::Unchanged,
            (New::Different | New::Begun(_), Some(_)) => Fate::Changed,
            (New::Different | New::Begun(_), None) => Fate::Created,
        };
        Ok(Written { fate, hash: self.hash.digest128(), outside: None, is_program: None })
    }

    /// Whether the old file can be read and is as it was when it had this `stat`; nobody wrote to it since Langloom did.
    fn old_is(&self, stat: Stat) -> bool {
        let is_readable = |old: &&Old| old.content.is_some();
        self.old.as_ref().filter(is_readable).is_some_and(|old| Stat::of(&old.metadata) == stat && stat.is_ours())
    }

    /// An error if somebody wrote to the old file since it was opened.
    fn check_old(&self) -> io::Result<()> {
        match &self.old {
            Some(Old { metadata, content: Some(content) }) if Stat::of(&content.metadata()?) != Stat::of(metadata) => {
                Err(changed())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds what the old file holds at `place`.
    fn add_old(&mut self, place: Range<u64>) -> io::Result<()> {
        if matches!(self.new, New::Same) && place.start == self.length {
            // The same bytes in the same place: to be read when it is known whether they are to be written, too.
            self.length = place.end;
            self.unread += place.end - place.start;
            return Ok(());
        }
        self.for_each_old_chunk(place, |draft, chunk| draft.add(chunk))
    }

    /// Reads what was [added](Draft::add_old) and not read.
    fn take_unread(&mut self) -> io::Result<()> {
        let unread = self.length - std::mem::take(&mut self.unread)..self.length;
        self.for_each_old_chunk(unread, |draft, chunk| {
            draft.hash.update(chunk);
            match &mut draft.new {
                New::Begun(new) => new.write_all(chunk),
                New::Same | New::Different => Ok(()),
            }
        })
    }

    fn for_each_old_chunk(
        &mut self,
        place: Range<u64>,
        mut visit: impl FnMut(&mut Self, &[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let mut buffer = std::mem::take(&mut self.spare);
        for start in place.clone().step_by(CHUNK) {
            buffer.resize((place.end - start).min(CHUNK as u64) as usize, 0);
            let Some(Old { content: Some(content), .. }) = &mut self.old else { return Err(changed()) };
            read_exact_at(content, &mut buffer, start)?;
            visit(self, &buffer)?;
        }
        self.spare = buffer;
        Ok(())
    }

    /// Whether the next bytes of the old file are `bytes`.
    fn old_goes_on_with(&mut self, bytes: &[u8]) -> io::Result<bool> {
        let Some(Old { metadata, content: Some(content) }) = &mut self.old else { return Ok(false) };
        if metadata.len() < self.length + bytes.len() as u64 {
            return Ok(false);
        }
        // Read at once: `read_to_end` begins with 32 bytes and doubles.
        if self.buffer.len() < bytes.len() {
            self.buffer.resize(bytes.len(), 0);
        }
        let old = &mut self.buffer[..bytes.len()];
        match read_exact_at(content, old, self.length) {
            Ok(()) => Ok(old == bytes),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Starts the new file with what was the same so far.
    fn begin(&mut self) -> io::Result<()> {
        if self.batch.is_trial {
            self.new = New::Different;
            return self.take_unread();
        }
        let target = follow_links(self.path)?;
        if self.old.is_some() {
            // Renaming over a file needs no permission to write it, so the permission is asked for: who protects a file
            // means it.
            OpenOptions::new().write(true).open(&target)?;
        }
        let mut new = self.batch.create(&beside(&target, "tmp", std::process::id()), &target)?;
        let read = self.length - self.unread;
        if let Some(Old { content: Some(content), .. }) = &mut self.old
            && read > 0
        {
            content.seek(SeekFrom::Start(0))?;
            if io::copy(&mut content.take(read), &mut new)? != read {
                return Err(changed());
            }
        }
        self.new = New::Begun(new);
        self.take_unread()
    }
}

#[cfg(unix)]
fn read_exact_at(file: &mut File, buffer: &mut [u8], start: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, start)
}

#[cfg(not(unix))]
fn read_exact_at(file: &mut File, buffer: &mut [u8], start: u64) -> io::Result<()> {
    file.seek(SeekFrom::Start(start))?;
    file.read_exact(buffer)
}

fn changed() -> io::Error {
    io::Error::other("the file was changed meanwhile")
}

/// Deletes what the process number `process`, which is no more, left beside `path`.
pub fn remove_leftovers(path: &Path, process: u32) {
    if let Ok(target) = follow_links(path) {
        ["tmp", "old"].into_iter().for_each(|kind| drop(fs::remove_file(beside(&target, kind, process))));
    }
}

/// The file at `path`; none if it may be written but not read.
fn readable(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}

/// Where a file written to `path` ends up: at the end of the symbolic links there, which stay.
fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("/")).join(target),
            // Not a link, or nothing there.
            Err(error) if error.kind() == ErrorKind::InvalidInput || is_absence(&error) => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "too many symbolic links"))
}

/// `.NAME.langloom-PID.KIND` in the folder of `target`. A long name is cut, as file systems take 255 bytes.
fn beside(target: &Path, kind: &str, process: u32) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name = &name[..name.floor_char_boundary(200)];
    // Room for any number: how often memory is asked for must not depend on that of the process.
    let mut beside = String::with_capacity(name.len() + 32);
    beside.extend([".", name, ".langloom-", &process.to_string(), ".", kind]);
    target.with_file_name(beside)
}

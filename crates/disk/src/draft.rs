//! A file being written. Whether it changes is found out by comparing it with the one that is there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

use twox_hash::XxHash3_128;

use super::batch::{Batch, Fate, Written};
use super::beside::{beside, follow_links};
use super::is_absence;
use super::looks::Stat;
use super::permission::MayRun;

/// Bytes of an old file that are copied at a time. To copy 9.5 MB took 4.0 ms with 32 KiB on ext4, which has pages for more than
/// 4 KiB if it is given more at a time, and 3.0 ms from 256 KiB on; on tmpfs 4.6 ms with any from 16 KiB to 1 MiB.
const COPIED: usize = 256 * 1024;

/// A file being written: compared with the old one as long as they are the same, from then on written under a temporary
/// name. So a file that stays the same is only read, and no more of it is in memory than a chunk.
pub(super) struct Draft<'b> {
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
    hash: XxHash3_128,
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
    pub(super) fn new(batch: &'b Batch, path: &'b Path) -> io::Result<Draft<'b>> {
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

    pub(super) fn add(&mut self, bytes: &[u8]) -> io::Result<()> {
        if matches!(self.new, New::Same) {
            match self.old_goes_on_with(bytes)? {
                true => self.take_unread()?,
                false => self.begin()?,
            }
        }
        self.hash.write(bytes);
        if let New::Begun(new) = &mut self.new {
            new.write_all(bytes)?;
        }
        self.length += bytes.len() as u64;
        Ok(())
    }

    pub(super) fn finish(mut self, may_run: MayRun) -> io::Result<Written> {
        if matches!(self.new, New::Same) {
            match self.old.as_ref().is_some_and(|old| old.metadata.len() == self.length) {
                true => self.take_unread()?,
                false => self.begin()?,
            }
        }
        let hash = self.hash.finish_128();
        let before = self.old.as_ref().map(|old| old.metadata.permissions());
        let after = before.as_ref().and_then(|before| may_run.of_old(before));
        let is_permitted = after.is_some();
        match (&self.new, before, after) {
            (New::Begun(new), Some(before), after) => {
                new.set_permissions(after.unwrap_or(before))?;
                self.batch.mark(new, hash);
            }
            (New::Begun(new), None, _) => {
                may_run.of_new(new)?.map_or(Ok(()), |permissions| new.set_permissions(permissions))?;
                self.batch.mark(new, hash);
            }
            (New::Same, Some(before), Some(after)) if !self.batch.is_trial() => {
                self.batch.permit(self.path, before, after);
            }
            (New::Same | New::Different, _, _) => {}
        }
        let fate = match (&self.new, &self.old) {
            (New::Same, _) if is_permitted => Fate::Permitted,
            (New::Same, _) => Fate::Unchanged,
            (New::Different | New::Begun(_), Some(_)) => Fate::Changed,
            (New::Different | New::Begun(_), None) => Fate::Created,
        };
        Ok(Written { fate, hash, outside: None, is_program: None })
    }

    /// Whether the old file can be read and is as it was when it had this `stat`; nobody wrote to it since Langloom did.
    pub(super) fn old_is(&self, stat: Stat) -> bool {
        let is_readable = |old: &&Old| old.content.is_some();
        self.old.as_ref().filter(is_readable).is_some_and(|old| Stat::of(&old.metadata) == stat && stat.is_ours())
    }

    /// An error if somebody wrote to the old file since it was opened.
    pub(super) fn check_old(&self) -> io::Result<()> {
        match &self.old {
            Some(Old { metadata, content: Some(content) }) if Stat::of(&content.metadata()?) != Stat::of(metadata) => {
                Err(changed())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Adds what the old file holds at `place`.
    pub(super) fn add_old(&mut self, place: Range<u64>) -> io::Result<()> {
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
            draft.hash.write(chunk);
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
        for start in place.clone().step_by(COPIED) {
            buffer.resize((place.end - start).min(COPIED as u64) as usize, 0);
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
        if self.batch.is_trial() {
            self.new = New::Different;
            return self.take_unread();
        }
        let target = follow_links(self.path)?;
        if self.old.is_some() {
            // Renaming over a file needs no permission to write it, so the permission is asked for: who protects a file
            // means it.
            OpenOptions::new().write(true).open(&target)?;
        }
        let temporary = beside(&target, "tmp", std::process::id());
        let link = (target != self.path).then(|| self.path.to_owned());
        let mut new = self.batch.create(temporary, target, link)?;
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

/// The file at `path`; none if it may be written but not read.
fn readable(path: &Path) -> io::Result<Option<File>> {
    match File::open(path) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(None),
        Err(error) => Err(error),
    }
}

//! The file that remembers the runs of one configuration: records one after the other, each with its checksum and its length
//! before it.
//!
//! New records are appended; what follows a damaged one does not count and is overwritten; when most of the file is
//! outdated, it is written anew and renamed. Whoever writes holds the lock of the configuration, readers need none: a
//! record that is only half there is a damaged one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::disk::{self, Stat};

/// How the names of logs begin. The version of their format is part of it: another version is another file.
pub(super) const PREFIX: &str = "runs-4-";

/// A log may take so many times the room of what counts in it, and so many bytes in any case. A run that writes adds 3 KB, each
/// run reads all of it: 25 KB more are 8 µs, and writing it anew takes ten times that.
const WASTE: u64 = 3;
const SMALL: u64 = 16 * 1024;
pub(super) const HEADER: usize = 16;

/// A log and its content when it was opened.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    bytes: Vec<u8>,
    /// What the file was then; none if there was none.
    version: Option<Stat>,
    /// Where in `bytes` its records are, up to the first damaged one.
    records: Vec<Range<usize>>,
    /// Bytes up to the first damaged record; what is appended goes there.
    sound: u64,
}

impl Log {
    /// The log of the configuration `config` in `folder`, empty if there is none.
    pub(super) fn of(folder: &Path, config: &Path) -> Log {
        let key = disk::hash(config.as_os_str().as_encoded_bytes());
        Log::open(folder.join(format!("{PREFIX}{key:032x}")))
    }

    pub(super) fn open(path: PathBuf) -> Log {
        let (bytes, version) = disk::read_with_stat(&path).map(|(bytes, stat)| (bytes, Some(stat))).unwrap_or_default();
        let mut end = 0;
        let records = entries(&bytes).map(|payload| {
            let start = end + HEADER;
            end = start + payload.len();
            start..end
        });
        let records = records.collect();
        Log { path, bytes, version, records, sound: end as u64 }
    }

    /// The records that it held when it was opened, up to the first damaged one.
    pub(super) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.records.iter().map(|range| &self.bytes[range.clone()])
    }

    /// Whether another process wrote to it since it was opened.
    pub(super) fn is_outdated(&self) -> bool {
        disk::stat(&self.path) != self.version
    }

    /// Bytes of sound records.
    pub(super) fn sound_bytes(&self) -> u64 {
        self.sound
    }

    /// Bytes from the first damaged record on, when it was opened.
    pub(super) fn damaged_bytes(&self) -> u64 {
        (self.bytes.len() - self.records.last().map_or(0, |range| range.end)) as u64
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a record.
    pub(super) fn append(&mut self, payload: &[u8]) -> io::Result<()> {
        let folder = self.path.parent().unwrap_or(&self.path);
        if !make_folder(folder)? && self.sound == 0 {
            ignore_ours(folder);
        }
        let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&self.path)?;
        // Somebody may have deleted it meanwhile.
        self.sound = self.sound.min(file.metadata()?.len());
        file.set_len(self.sound)?;
        file.seek(SeekFrom::Start(self.sound))?;
        file.write_all(&encode(payload))?;
        self.sound += (HEADER + payload.len()) as u64;
        Ok(())
    }

    /// Makes these records all that is in the log.
    pub(super) fn replace(&mut self, payloads: &[Vec<u8>]) -> io::Result<()> {
        let bytes = payloads.iter().map(|payload| encode(payload)).collect::<Vec<_>>().concat();
        write_anew(&self.path, |file| file.write_all(&bytes))?;
        self.sound = bytes.len() as u64;
        Ok(())
    }

    /// Appends a record before which nothing counts any more.
    pub(super) fn append_last(&mut self, payload: &[u8]) -> io::Result<()> {
        if self.sound > SMALL.max(WASTE * payload.len() as u64) {
            return self.replace(&[payload.to_vec()]);
        }
        self.append(payload)
    }

    /// Forgets what was appended behind the first `length` bytes.
    pub(super) fn cut_back(&mut self, length: u64) -> io::Result<()> {
        self.sound = length;
        if length > 0 {
            return OpenOptions::new().write(true).open(&self.path)?.set_len(length);
        }
        // There may be no file, only the folder for it.
        let _ = fs::remove_file(&self.path);
        self.path.parent().map_or(Ok(()), remove_folder)
    }
}

/// The payloads of a log's records up to the first damaged one.
pub(super) fn entries(mut log: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (header, rest) = log.split_first_chunk::<HEADER>()?;
        let (payload, rest) = rest.split_at_checked(usize::try_from(length_in(header)?).ok()?)?;
        if header_of(payload) != *header {
            return None;
        }
        log = rest;
        Some(payload)
    })
}

fn encode(payload: &[u8]) -> Vec<u8> {
    [&header_of(payload)[..], payload].concat()
}

/// What stands before a record: its hash, whose upper half is its length and one. No record begins with zeros, as damaged files
/// do.
pub(super) fn header_of(payload: &[u8]) -> [u8; HEADER] {
    disk::content_hash(payload).to_le_bytes()
}

/// How long the record behind a header is, if it is one.
pub(super) fn length_in(header: &[u8; HEADER]) -> Option<u64> {
    ((u128::from_le_bytes(*header) >> 64) as u64).checked_sub(1)
}

/// Makes what `fill` writes all that is in the file at `path`: it appears whole or not at all.
pub(super) fn write_anew(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    make_folder(path.parent().unwrap_or(path))?;
    let temporary = path.with_extension("new");
    let write = || -> io::Result<()> {
        let mut file = File::create(&temporary)?;
        fill(&mut file)?;
        fs::rename(&temporary, path)
    };
    write().inspect_err(|_| drop(fs::remove_file(&temporary)))
}

/// A folder of our own, which version control should not see. Whether it was not there.
fn make_folder(folder: &Path) -> io::Result<bool> {
    let is_new = !folder.is_dir();
    if is_new {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(IGNORE), "*\n")?;
    }
    Ok(is_new)
}

const IGNORE: &str = ".gitignore";
/// What version control should not see of a folder that somebody else made, and may want to see the rest of.
const OURS: &str = "/.gitignore\n/left-*\n/runs-*\n/times-*\n/types-*\n";

/// Has version control ignore our files in a folder that was there, unless somebody told it what to ignore.
fn ignore_ours(folder: &Path) {
    let file = OpenOptions::new().write(true).create_new(true).open(folder.join(IGNORE));
    let _ = file.and_then(|mut file| file.write_all(OURS.as_bytes()));
}

/// Deletes a folder that [`make_folder`] made, unless something else is in it. Of another one, what [`ignore_ours`] made, unless
/// it is still needed.
pub(super) fn remove_folder(folder: &Path) -> io::Result<()> {
    let names = fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let others: Vec<String> = names.filter(|name| name != IGNORE).collect();
    let ignore = folder.join(IGNORE);
    let is_of_others = fs::read(&ignore).is_ok_and(|text| text == OURS.as_bytes());
    let is_ours = |name: &String| OURS.lines().any(|line| name.starts_with(line.trim_matches(['/', '*'])));
    if is_of_others && !others.iter().any(is_ours) {
        return fs::remove_file(ignore);
    }
    if others.is_empty() && fs::remove_file(ignore).is_ok() {
        fs::remove_dir(folder)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<u8> {
        [&b"one"[..], b"", b"three"].map(encode).concat()
    }

    fn payloads(log: &[u8]) -> Vec<&[u8]> {
        entries(log).collect()
    }

    /// Every bit flipped, every length: a record is either as it was, or gone with all that follow.
    #[test]
    fn damage_is_noticed() {
        let whole = log();
        let sound = payloads(&whole);
        assert_eq!(sound, [&b"one"[..], b"", b"three"]);
        for length in 0..whole.len() {
            let found = payloads(&whole[..length]);
            assert_eq!(found, sound[..found.len()]);
            assert!(found.len() < sound.len());
        }
        for bit in 0..whole.len() * 8 {
            let mut damaged = whole.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let found = payloads(&damaged);
            assert_eq!(found, sound[..found.len()], "bit {bit}");
            assert!(found.len() < sound.len(), "bit {bit}");
        }
        assert!(payloads(&[0; 100]).is_empty());
    }
}

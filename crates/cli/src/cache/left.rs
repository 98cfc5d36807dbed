//! What runs left for another process, in a file beside their log: the build of Langloom, then records, each with its length
//! and its checksum before it. Those up to an empty one are chunks of everything there was to leave; those behind it say, one by
//! one, what changed since. What rules said about types is in a file of its own, as only edits that change a type ask for it.
//!
//! The file of another build is none, one without all of these chunks neither, and changes behind a damaged one do not count.
//! Whoever reads or writes it holds the lock of the configuration.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use langloom_core::codec::{Reader, Writer};
use langloom_core::model::Take;

use super::log::{self, HEADER};
use super::tool;

/// How the names of these files begin; the rest is that of the log.
pub(super) const PREFIXES: [&str; 2] = [ALL, TYPES];
pub(super) const ALL: &str = "left-1-";
pub(super) const TYPES: &str = "types-1-";
/// Bytes for the build of Langloom.
const TOOL: usize = 16;

/// What runs left, being read.
#[derive(Debug)]
pub(crate) struct Left {
    types: LeftTypes,
    file: File,
    /// That of the next record.
    header: [u8; HEADER],
    /// Bytes of the file behind it.
    rest: u64,
    /// Where the header ends.
    at: u64,
}

/// What rules said about types, to be read if somebody asks.
#[derive(Clone, Debug)]
pub(crate) struct LeftTypes {
    log: PathBuf,
}

impl LeftTypes {
    /// Has all of it read.
    pub(crate) fn read(&self, take: Take<'_>) -> Option<()> {
        open(TYPES, &self.log)?.whole(take)
    }
}

pub(super) fn open(prefix: &str, log: &Path) -> Option<Left> {
    let mut file = File::open(path(prefix, log)?).ok()?;
    let length = file.metadata().ok()?.len();
    let mut start = [0; TOOL + HEADER];
    file.read_exact(&mut start).ok()?;
    let (tool_of_file, header) = start.split_first_chunk::<TOOL>()?;
    let at = start.len() as u64;
    let types = LeftTypes { log: log.to_owned() };
    let left = Left { types, file, header: header.try_into().ok()?, rest: length.checked_sub(at)?, at };
    (*tool_of_file == tool().to_le_bytes()).then_some(left)
}

impl Left {
    /// How much there is to read.
    pub(crate) fn bytes(&self) -> usize {
        self.rest as usize
    }

    /// What rules said about types, which is left beside it.
    pub(crate) fn types(&self) -> LeftTypes {
        self.types.clone()
    }

    /// What `read` makes of everything that was left, if it takes all of it.
    pub(crate) fn whole<T>(&mut self, read: impl FnOnce(&mut Reader<'_>) -> Option<T>) -> Option<T> {
        let length = self.rest;
        let mut next = |chunk: &mut Vec<u8>| self.next_chunk(chunk).is_some();
        let mut reader = Reader::of_chunks(length, &mut next);
        let value = read(&mut reader)?;
        let is_all = reader.is_at_end();
        drop(reader);
        (is_all && self.header == log::header_of(&[])).then_some(value)
    }

    /// Reads the next chunk and the header behind it.
    fn next_chunk(&mut self, chunk: &mut Vec<u8>) -> Option<()> {
        let length = log::length_in(&self.header)?;
        let both = length.checked_add(HEADER as u64).filter(|&both| length > 0 && both <= self.rest)?;
        chunk.resize(both as usize, 0);
        self.file.read_exact(chunk).ok()?;
        let header: [u8; HEADER] = chunk[length as usize..].try_into().ok()?;
        chunk.truncate(length as usize);
        if log::header_of(chunk) != self.header {
            return None;
        }
        (self.header, self.rest, self.at) = (header, self.rest - both, self.at + both);
        Some(())
    }

    /// What changed since, when everything was read.
    pub(crate) fn changes(mut self) -> io::Result<Changes> {
        let mut records = Vec::new();
        self.file.read_to_end(&mut records)?;
        Ok(Changes { start: self.at, records })
    }
}

/// What changed since everything was left.
#[derive(Debug)]
pub(crate) struct Changes {
    /// The byte of the file where they begin.
    pub(crate) start: u64,
    records: Vec<u8>,
}

impl Changes {
    /// Each of them, and the byte of the file where it ends.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut end = self.start;
        log::entries(&self.records).map(move |record| {
            end += (HEADER + record.len()) as u64;
            (record, end)
        })
    }
}

/// Puts what `write` writes in the place of what was left before. Whether nothing was.
pub(super) fn write(prefix: &str, log: &Path, write: impl FnOnce(Writer<'_>)) -> io::Result<bool> {
    let path = path(prefix, log).ok_or(io::ErrorKind::InvalidFilename)?;
    let is_first = !path.exists();
    log::write_anew(&path, |file| {
        file.write_all(&tool().to_le_bytes())?;
        let mut result = Ok(());
        let mut drain = |chunk: &[u8]| {
            if result.is_ok() {
                result = write_record(file, chunk);
            }
        };
        write(Writer::draining(&mut drain));
        result.and_then(|()| write_record(file, &[]))
    })?;
    Ok(is_first)
}

/// Puts a record behind those that end at byte `end`.
pub(super) fn append(log: &Path, record: &[u8], end: u64) -> io::Result<()> {
    let path = path(ALL, log).ok_or(io::ErrorKind::InvalidFilename)?;
    let mut file = OpenOptions::new().write(true).open(&path)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    write_record(&mut file, record)
}

fn write_record(file: &mut File, record: &[u8]) -> io::Result<()> {
    file.write_all(&log::header_of(record))?;
    file.write_all(record)
}

/// Whether a file is as it was written, by whatever build.
pub(super) fn is_sound(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    let Some(records) = bytes.get(TOOL..) else { return false };
    let lengths: Vec<usize> = log::entries(records).map(<[u8]>::len).collect();
    lengths.contains(&0) && lengths.iter().map(|length| HEADER + length).sum::<usize>() == records.len()
}

/// The file beside a log.
fn path(prefix: &str, log: &Path) -> Option<PathBuf> {
    let key = log.file_name()?.to_str()?.strip_prefix(log::PREFIX)?;
    Some(log.with_file_name(format!("{prefix}{key}")))
}

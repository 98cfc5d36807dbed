//! What runs left for another process, in a file beside their log: the build of Langloom, then records, each with its length
//! and its XXH3 before it. The first one holds everything; those behind it, what changed since.
//!
//! The file of another build is none, and what follows a damaged record does not count. Whoever reads or writes it holds the
//! lock of the configuration.

use std::fs::{self, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{log, tool};

/// How the names of these files begin; the rest is that of the log.
pub(super) const PREFIX: &str = "left-1-";
/// Bytes for the build of Langloom.
const TOOL: usize = 16;

/// What runs left.
#[derive(Debug)]
pub(crate) struct Left(Vec<u8>);

/// What a run leaves.
#[derive(Debug)]
pub(crate) enum Leaving {
    /// Everything.
    Whole(Vec<u8>),
    /// What changed since the records that are there. They end at this byte.
    Change(Vec<u8>, u64),
}

impl Left {
    /// The payload of each record, and the byte of the file where it ends.
    pub(crate) fn records(&self) -> impl Iterator<Item = (&[u8], u64)> {
        let mut end = TOOL as u64;
        log::entries(&self.0[TOOL..]).map(move |payload| {
            end += (log::HEADER + payload.len()) as u64;
            (payload, end)
        })
    }
}

pub(super) fn read(log: &Path) -> Option<Left> {
    let bytes = fs::read(path(log)?).ok()?;
    bytes.starts_with(&tool().to_le_bytes()).then_some(Left(bytes))
}

/// Writes what is left for the next run. Whether nothing was before.
pub(super) fn write(log: &Path, leaving: &Leaving) -> io::Result<bool> {
    let path = path(log).ok_or(io::ErrorKind::InvalidFilename)?;
    match leaving {
        Leaving::Whole(payload) => {
            let is_first = !path.exists();
            log::write_anew(&path, &[&tool().to_le_bytes(), &log::header_of(payload), payload])?;
            Ok(is_first)
        }
        Leaving::Change(payload, end) => {
            let mut file = OpenOptions::new().write(true).open(&path)?;
            file.set_len(*end)?;
            file.seek(SeekFrom::Start(*end))?;
            file.write_all(&[&log::header_of(payload)[..], payload].concat())?;
            Ok(false)
        }
    }
}

/// Whether a file is as it was written, by whatever build.
pub(super) fn is_sound(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    if bytes.len() <= TOOL {
        return false;
    }
    let left = Left(bytes);
    left.records().last().is_some_and(|(_, end)| end == left.0.len() as u64)
}

/// The file beside a log.
fn path(log: &Path) -> Option<PathBuf> {
    let key = log.file_name()?.to_str()?.strip_prefix(log::PREFIX)?;
    Some(log.with_file_name(format!("{PREFIX}{key}")))
}

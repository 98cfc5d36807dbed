//! What a run left for another process, in a file beside its log. One that is damaged or of another build is none.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_128;

use super::{log, tool};

/// How the names of these files begin; the rest is that of the log.
pub(super) const PREFIX: &str = "left-1-";
/// The build of Langloom, and the XXH3 of what follows.
const HEADER: usize = 32;

pub(super) fn read(log: &Path) -> Option<Vec<u8>> {
    let mut file = File::open(path(log)?).ok()?;
    let mut header = [0; HEADER];
    file.read_exact(&mut header).ok()?;
    let mut payload = Vec::new();
    file.read_to_end(&mut payload).ok()?;
    (header == header_of(&payload)).then_some(payload)
}

/// Puts `payload` in the place of what was left before. Whether nothing was.
pub(super) fn write(log: &Path, payload: &[u8]) -> io::Result<bool> {
    let path = path(log).ok_or(io::ErrorKind::InvalidFilename)?;
    let is_first = !path.exists();
    log::write_anew(&path, &[&header_of(payload), payload])?;
    Ok(is_first)
}

/// Whether a file is as it was written, by whatever build.
pub(super) fn is_sound(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap_or_default();
    bytes.split_first_chunk::<HEADER>().is_some_and(|(header, payload)| header[16..] == xxh3_128(payload).to_le_bytes())
}

fn header_of(payload: &[u8]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    header[..16].copy_from_slice(&tool().to_le_bytes());
    header[16..].copy_from_slice(&xxh3_128(payload).to_le_bytes());
    header
}

/// The file beside a log.
fn path(log: &Path) -> Option<PathBuf> {
    let key = log.file_name()?.to_str()?.strip_prefix(log::PREFIX)?;
    Some(log.with_file_name(format!("{PREFIX}{key}")))
}

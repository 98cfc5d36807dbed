//! What was looked at: every file that was read and every one that was looked for and not there. A later run that finds
//! all of them as they were need not run.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use xxhash_rust::xxh3::Xxh3;

/// What tells without reading a file that it was replaced or written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stat {
    /// Bytes.
    pub(crate) length: u64,
    /// Time of the last modification, in nanoseconds since 1970; may be any number, as clocks may be wrong.
    pub(crate) modified: i64,
    /// Its number in the file system; 0 where there is none.
    pub(crate) inode: u64,
}

/// A file's state and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stamp {
    pub(crate) stat: Stat,
    /// XXH3 of its bytes.
    pub(crate) hash: u128,
}

/// A file that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    pub(crate) path: PathBuf,
    /// Absent if there was none.
    pub(crate) found: Option<Stamp>,
}

/// All looks of this process. The one piece of global state: it belongs to the disk, of which there is but one too, and
/// whoever forgot to pass it on would cause stale results.
static LOOKS: Mutex<Vec<Look>> = Mutex::new(Vec::new());

fn add(look: Look) {
    LOOKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(look);
}

pub(super) fn note(path: &Path, metadata: &Metadata, hash: u128) {
    let stamp = Stamp { stat: Stat::of(metadata), hash };
    add(Look { path: path.to_owned(), found: Some(stamp) });
}

pub(super) fn note_absence(path: &Path) {
    add(Look { path: path.to_owned(), found: None });
}

/// Everything that was looked at since [`forget_looks`], in order.
pub(crate) fn looks() -> Vec<Look> {
    LOOKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
}

/// Starts anew.
pub(crate) fn forget_looks() {
    LOOKS.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
}

impl Stat {
    fn of(metadata: &Metadata) -> Stat {
        let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i64,
            Err(before) => -(before.duration().as_nanos() as i64),
        });
        Stat { length: metadata.len(), modified, inode: inode(metadata) }
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Now, in nanoseconds since 1970.
pub(crate) fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64)
}

/// The state of the file at `path`; none if there is no file.
pub(crate) fn stat(path: &Path) -> Option<Stat> {
    fs::metadata(path).ok().filter(Metadata::is_file).map(|metadata| Stat::of(&metadata))
}

/// The XXH3 of the file at `path`.
pub(crate) fn hash_file(path: &Path) -> io::Result<u128> {
    let mut file = File::open(path)?;
    let mut hash = Xxh3::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.digest128()),
            Ok(count) => hash.update(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

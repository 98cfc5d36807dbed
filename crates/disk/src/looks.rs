//! What was looked at: every file that was read and every one that was looked for and not there. A later run that finds
//! all of them as they were need not run.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::content::Summing;
use super::error::Error;
use super::tree::{hash_names, sorted_names};

/// What tells without reading a file that it was replaced or written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stat {
    /// Bytes.
    pub length: u64,
    /// Time of the last modification, in nanoseconds since 1970; may be any number, as clocks may be wrong and tools set it.
    pub modified: i64,
    /// Time of the last change of anything about it, which nobody can set; 0 where there is none.
    pub changed: i64,
    /// Its number in the file system; 0 where there is none.
    pub inode: u64,
    /// Whether it is a file that its owner may run; never, where that cannot be told.
    pub is_program: bool,
}

/// A file's state and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Its state.
    pub stat: Stat,
    /// The [hash](super::content_hash) of its bytes; of a folder, that of the names in it.
    pub hash: u128,
}

/// A path that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Where.
    pub path: PathBuf,
    /// What was there.
    pub found: Found,
}

/// What was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// No file.
    Nothing,
    /// A file, or a folder.
    File(Stamp),
}

/// What this process saw.
struct Seen {
    looks: Vec<Look>,
    current_folder: Option<PathBuf>,
}

/// The one piece of global state: it belongs to the disk, of which there is but one too, and whoever forgot to pass it on would
/// cause stale results.
static SEEN: Mutex<Seen> = Mutex::new(Seen { looks: Vec::new(), current_folder: None });

fn seen() -> MutexGuard<'static, Seen> {
    SEEN.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(super) fn note(path: &Path, metadata: &Metadata, hash: u128) {
    let stamp = Stamp { stat: Stat::of(metadata), hash };
    seen().looks.push(Look { path: path.to_owned(), found: Found::File(stamp) });
}

pub(super) fn note_absence(path: &Path) {
    seen().looks.push(Look { path: path.to_owned(), found: Found::Nothing });
}

/// A file that cannot be read is noted by its state alone: as soon as that changes, it is worth another look.
pub(super) fn note_failure(path: &Path) {
    let found = stat(path).map_or(Found::Nothing, |stat| Found::File(Stamp { stat, hash: 0 }));
    seen().looks.push(Look { path: path.to_owned(), found });
}

/// Notes that `looks` are as they were when an earlier run had them.
pub fn look_again(looks: Vec<Look>) {
    seen().looks.extend(looks);
}

/// How many looks there were so far.
pub fn count_looks() -> usize {
    seen().looks.len()
}

/// Whether the file at `path` was read, under whatever name.
pub fn was_read(path: &Path) -> bool {
    let Some(stat) = stat(path) else { return false };
    let place = fs::canonicalize(path).ok();
    seen().looks.iter().any(|look| match look.found {
        Found::Nothing => false,
        Found::File(stamp) => {
            look.path == path || stamp.stat.inode == stat.inode && place.is_some() && fs::canonicalize(&look.path).ok() == place
        }
    })
}

/// Everything that was looked at since there were `count` looks, each path once, by path.
pub fn looks_since(count: usize) -> Vec<Look> {
    let mut looks = seen().looks.get(count..).unwrap_or_default().to_vec();
    looks.sort_by(|a, b| a.path.cmp(&b.path));
    looks.dedup_by(|a, b| a.path == b.path);
    looks
}

/// Starts anew.
pub fn forget_looks() {
    *seen() = Seen { looks: Vec::new(), current_folder: None };
}

/// The folder that relative paths start from. The system is asked once until somebody [starts anew](forget_looks).
pub fn current_folder() -> Result<PathBuf, Error> {
    let mut seen = seen();
    if let Some(folder) = &seen.current_folder {
        return Ok(folder.clone());
    }
    let folder =
        std::env::current_dir().map_err(|error| Error::new(format!("cannot find out the current folder: {error}"), None))?;
    seen.current_folder = Some(folder.clone());
    Ok(folder)
}

impl Stat {
    pub(super) fn of(metadata: &Metadata) -> Stat {
        let modified = metadata.modified().ok().map_or(0, |time| match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i64,
            Err(before) => -(before.duration().as_nanos() as i64),
        });
        let (changed, inode) = more(metadata);
        // The length of a folder tells how it is stored, not what is in it.
        let length = if metadata.is_dir() { 0 } else { metadata.len() };
        Stat { length, modified, changed, inode, is_program: is_program(metadata) }
    }

    /// Whether a file of this state may have been written to once more, without another state, since somebody looked at it
    /// after `began`, in nanoseconds since 1970 (the racy entries of git's index).
    ///
    /// File systems that count in whole seconds, or two, give times that end in zeros; others are off by a tick of the
    /// kernel, at most 10 ms.
    pub fn is_racy(self, began: i64) -> bool {
        let last = self.modified.max(self.changed);
        let granularity = if last % 1_000_000 == 0 { 2_000_000_000 } else { 20_000_000 };
        last.saturating_add(granularity) > began
    }

    /// Sets the time of the last modification of a file, which was written, whose content has this `hash`, and which is going to
    /// be renamed, to just before that: see [`Stat::is_ours`] and [`Stat::bears`]. Where times cannot be set, what is lost is
    /// speed, and knowing what a run wrote that nobody remembers.
    pub(super) fn mark_as_ours(file: &File, hash: u128) {
        let modified = file.metadata().and_then(|metadata| metadata.modified());
        let Some(since) = modified.ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok()) else { return };
        let before = (since.as_nanos() as u64).saturating_sub(1);
        let back = (before % MARKS + MARKS - mark_of(hash)) % MARKS;
        let _ = file.set_modified(UNIX_EPOCH + Duration::from_nanos(before.saturating_sub(back)));
    }

    /// Whether nobody wrote to a file of this state since it was [marked](Stat::mark_as_ours) and renamed. Renaming is a
    /// change, but no modification, and later than the one that is marked; whoever writes to the file later
    /// modifies it when that is seen as a change too, or after it.
    ///
    /// Only of a file that is known to have been marked: one that an editor wrote beside its place and renamed looks the same.
    pub fn is_ours(self) -> bool {
        self.modified < self.changed
    }

    /// Whether a file of this state, whose content has this `hash`, bears the [mark](Stat::mark_as_ours) that Langloom gave it
    /// with this very content, whoever ran it. Of files that somebody else wrote and renamed, one in a million seems to.
    pub fn bears(self, hash: u128) -> bool {
        self.is_ours() && self.modified.rem_euclid(MARKS as i64) as u64 == mark_of(hash)
    }
}

/// How many marks there are: the last digits of a time in nanoseconds, so that no file looks more than a millisecond older than
/// it is. That is less than a run takes, so to make, outputs stay newer than what they come from.
const MARKS: u64 = 1_000_000;

fn mark_of(hash: u128) -> u64 {
    (hash % u128::from(MARKS)) as u64
}

#[cfg(unix)]
fn more(metadata: &Metadata) -> (i64, u64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec()), metadata.ino())
}

#[cfg(not(unix))]
fn more(_: &Metadata) -> (i64, u64) {
    (0, 0)
}

#[cfg(unix)]
fn is_program(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.is_file() && metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_program(_: &Metadata) -> bool {
    false
}

/// Now, in nanoseconds since 1970.
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64)
}

/// The state of the file or folder at `path`; none if there is neither.
pub fn stat(path: &Path) -> Option<Stat> {
    fs::metadata(path).ok().filter(|metadata| metadata.is_file() || metadata.is_dir()).map(|metadata| Stat::of(&metadata))
}

/// The bytes of the file at `path`, and its state before they were read. Not noted: for files of our own.
pub fn read_with_stat(path: &Path) -> io::Result<(Vec<u8>, Stat)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(metadata.len()).read_to_end(&mut bytes)?;
    Ok((bytes, Stat::of(&metadata)))
}

/// What tells a folder from one that takes its place: its number, which is soon used again, and when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FolderId(u64, Option<SystemTime>);

/// The identity of the folder at `path`; that of none if there is none.
pub fn folder_id(path: &Path) -> FolderId {
    match fs::metadata(path) {
        Ok(metadata) => FolderId(more(&metadata).1, metadata.created().ok()),
        Err(_) => FolderId(0, None),
    }
}

/// The [hash](super::content_hash) of the file at `path`; of a folder, that of the names in it.
pub fn hash_file(path: &Path) -> io::Result<u128> {
    let mut file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Ok(hash_names(&sorted_names(path)?));
    }
    let mut sum = Summing::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(sum.finish().hash()),
            Ok(count) => sum.add(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

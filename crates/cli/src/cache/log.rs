//! The file that remembers runs: records one after the other, each with its length and its XXH3 before it. New ones are
//! appended under a lock; what follows a damaged one is cut off; when most are outdated, the file is written anew and
//! renamed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use xxhash_rust::xxh3::xxh3_64;

/// The file's name carries the version of its format: another version is another file.
const FILE: &str = "runs-1";
const LOCK: &str = "runs-1.lock";
/// How long to wait for another process that is writing.
const PATIENCE: Duration = Duration::from_secs(10);
/// Outdated records may take so many times the room of the others, and so many bytes in any case.
const WASTE: u64 = 3;
const SMALL: u64 = 64 * 1024;
const HEADER: usize = 16;
const LONGEST: u64 = 1 << 30;

/// A record, whose key says what it replaces.
pub(super) struct Entry<'b> {
    pub(super) key: u128,
    pub(super) payload: &'b [u8],
}

/// All bytes of the log in `folder`; empty if there is none.
pub(super) fn read(folder: &Path) -> Vec<u8> {
    fs::read(folder.join(FILE)).unwrap_or_default()
}

/// The records of a log up to the first damaged one.
pub(super) fn entries(mut log: &[u8]) -> impl Iterator<Item = Entry<'_>> {
    std::iter::from_fn(move || {
        let (header, rest) = log.split_first_chunk::<HEADER>()?;
        let [length, hash] = [0, 8].map(|at| u64::from_le_bytes(std::array::from_fn(|index| header[at + index])));
        let (body, rest) = rest.split_at_checked(usize::try_from(length).ok().filter(|_| length <= LONGEST)?)?;
        // The length is hashed too: a record of no bytes would otherwise be made of zeros.
        if xxh3_64(body) ^ length.rotate_left(17) != hash {
            return None;
        }
        let (key, payload) = body.split_first_chunk::<16>()?;
        log = rest;
        Some(Entry { key: u128::from_le_bytes(*key), payload })
    })
}

/// Bytes from the first damaged record on.
pub(super) fn unsound_bytes(log: &[u8]) -> u64 {
    log.len() as u64 - entries(log).map(|entry| size(&entry)).sum::<u64>()
}

fn size(entry: &Entry<'_>) -> u64 {
    (HEADER + 16 + entry.payload.len()) as u64
}

/// Appends a record.
pub(super) fn append(folder: &Path, key: u128, payload: &[u8]) -> io::Result<()> {
    let _lock = lock(folder)?;
    let path = folder.join(FILE);
    let mut file = OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path)?;
    let mut old = Vec::new();
    file.read_to_end(&mut old)?;
    let sound: u64 = entries(&old).map(|entry| size(&entry)).sum();
    let living = latest(&old).iter().filter(|entry| entry.key != key).map(size).sum::<u64>() + payload.len() as u64;
    if sound > SMALL && sound > WASTE * living {
        return rewrite(&path, &old, key, payload);
    }
    file.set_len(sound)?;
    file.seek(SeekFrom::Start(sound))?;
    file.write_all(&encode(key, payload))
}

/// The last record of each key, in the order of the log.
pub(super) fn latest(log: &[u8]) -> Vec<Entry<'_>> {
    let mut seen = std::collections::HashSet::new();
    let all: Vec<Entry<'_>> = entries(log).collect();
    let mut kept: Vec<Entry<'_>> = all.into_iter().rev().filter(|entry| seen.insert(entry.key)).collect();
    kept.reverse();
    kept
}

fn rewrite(path: &Path, old: &[u8], key: u128, payload: &[u8]) -> io::Result<()> {
    let temporary = path.with_extension("new");
    let mut bytes = Vec::new();
    latest(old).iter().filter(|entry| entry.key != key).for_each(|entry| bytes.extend(encode(entry.key, entry.payload)));
    bytes.extend(encode(key, payload));
    fs::write(&temporary, bytes)?;
    fs::rename(temporary, path)
}

fn encode(key: u128, payload: &[u8]) -> Vec<u8> {
    let body = [&key.to_le_bytes()[..], payload].concat();
    let length = body.len() as u64;
    let hash = xxh3_64(&body) ^ length.rotate_left(17);
    [&length.to_le_bytes()[..], &hash.to_le_bytes(), &body].concat()
}

/// Holds the lock of the log in `folder`, which is made if it is missing, until the result is dropped.
fn lock(folder: &Path) -> io::Result<File> {
    make_folder(folder)?;
    let file = OpenOptions::new().create(true).write(true).truncate(false).open(folder.join(LOCK))?;
    let start = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if start.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(2)),
            Err(TryLockError::WouldBlock) => {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "another process holds the lock"));
            }
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// A folder of our own, which version control should not see.
fn make_folder(folder: &Path) -> io::Result<()> {
    if !folder.is_dir() {
        fs::create_dir_all(folder)?;
        fs::write(folder.join(".gitignore"), "*\n")?;
    }
    Ok(())
}

/// Deletes the log and the times of phases. Returns the bytes that it had.
pub(super) fn clear(folder: &Path) -> io::Result<u64> {
    let mut freed = 0;
    crate::observe::forget_times(folder);
    for file in [FILE, LOCK, ".gitignore"].map(|file| folder.join(file)) {
        match fs::metadata(&file) {
            Ok(metadata) => {
                freed += metadata.len();
                fs::remove_file(&file)?;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let _ = fs::remove_dir(folder);
    Ok(freed)
}

/// Where the log of `folder` is.
pub(super) fn path(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> Vec<u8> {
        [encode(1, b"one"), encode(2, b""), encode(1, b"three")].concat()
    }

    fn payloads(log: &[u8]) -> Vec<(u128, &[u8])> {
        entries(log).map(|entry| (entry.key, entry.payload)).collect()
    }

    #[test]
    fn the_last_record_of_a_key_counts() {
        let log = log();
        assert_eq!(payloads(&log), [(1, &b"one"[..]), (2, b""), (1, b"three")]);
        let latest: Vec<&[u8]> = latest(&log).iter().map(|entry| entry.payload).collect();
        assert_eq!(latest, [&b""[..], b"three"]);
    }

    /// Every bit flipped, every length: a record is either as it was, or gone with all that follow.
    #[test]
    fn damage_is_noticed() {
        let whole = log();
        let sound = payloads(&whole);
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

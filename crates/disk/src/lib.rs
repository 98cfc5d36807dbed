//! `langloom-disk`: the only place that reads and writes files. It knows nothing of what is in them.
//!
//! What is written appears whole or not at all, and all of it or nothing: every file is first put beside its place under
//! a temporary name, and only when all are there are they renamed. A file whose bytes would stay the same is not touched,
//! its modification time included: replacing one costs 50 times what comparing it does (63 to 95 µs against 3.3 µs on
//! ext4), and tools that watch it would wake up.
//!
//! Paths are absolute. Calls relative to an open folder would save 0.4 µs of the 1.0 that looking at a file six folders
//! deep takes, 2 ms for 1,000 grammars with nothing to do, and nothing measurable of the 30 to 300 µs of writing one.

mod batch;
mod beside;
mod content;
mod draft;
mod error;
mod interrupt;
mod lock;
mod looks;
mod permission;
mod tree;

use std::collections::{BTreeSet, HashSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

pub use batch::{Batch, Fate, Part, Replaced, Written};
pub use beside::{keep_copy, remove_all_leftovers, remove_leftovers};
pub use content::{Segment, Segments, content_hash};
pub use error::Error;
pub use lock::{PATIENCE, lock};
pub use looks::{
    FolderId, Found, Look, Stamp, Stat, count_looks, current_folder, folder_id, forget_looks, hash_file, look_again, looks_since,
    now, read_with_stat, stat, was_read,
};
pub use permission::MayRun;
pub use tree::{TreeLimits, list_folder, list_tree, note_file, read_bytes, read_unnoted};

use content::Summing;
use twox_hash::XxHash3_128;

/// Bytes of a chunk of a file, read or written. Of 16 KiB to 4 MiB, 256 KiB took the least CPU time to write 10 MB.
pub const CHUNK: usize = 256 * 1024;

/// Whether there is something at `path`.
pub fn exists(path: &Path) -> bool {
    let exists = path.exists();
    if !exists {
        looks::note_absence(path);
    }
    exists
}

/// Whether there is something at `path` that an output would replace, be it a link that leads nowhere. Not noted: what is
/// there is no input.
pub fn is_taken(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Whether `a` and `b` are the same place, be it on two ways through folders that are links. There need be nothing.
pub fn is_same_place(a: &Path, b: &Path) -> bool {
    let folder = |path: &Path| fs::canonicalize(path.parent()?).ok();
    a == b || a.file_name() == b.file_name() && folder(a).is_some_and(|of_a| folder(b) == Some(of_a))
}

/// Whether there is a symbolic link at `path`. Not noted either.
pub fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.file_type().is_symlink())
}

/// Whether there is a file that its owner may run, where that can be told. Not noted either: reading it is.
pub fn is_program(path: &Path) -> bool {
    stat(path).is_some_and(|stat| stat.is_program)
}

/// The XXH3 of bytes, by which they are known again.
pub fn hash(bytes: &[u8]) -> u128 {
    XxHash3_128::oneshot(bytes)
}

/// Whether there is nothing at `path`, or a folder with nothing in it.
pub fn is_empty_or_absent(path: &Path) -> bool {
    match fs::read_dir(path) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == ErrorKind::NotFound,
    }
}

/// Whether `error` says that there is no such file.
pub fn is_absence(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Deletes the file at `path`, and the folder that it was the last file of. Symbolic links that lead to the file stay, as they
/// do when it is written. Returns whether it was there.
pub fn remove(path: &Path) -> Result<bool, Error> {
    let existed = match beside::follow_links(path).and_then(fs::remove_file) {
        Ok(()) => true,
        Err(error) if is_absence(&error) => false,
        Err(error) => return Err(Error::new(format!("cannot delete {}: {error}", path.display()), None).about(path)),
    };
    path.parent().into_iter().for_each(|folder| drop(fs::remove_dir(folder)));
    Ok(existed)
}

/// The files in the folders of `paths` that begin with `words` in their first line or so, other than `paths`, copies that were
/// [kept](keep_copy), and files on their way.
pub fn others_that_say(paths: &[PathBuf], words: &str) -> Vec<PathBuf> {
    let folders: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
    let known: HashSet<&Path> = paths.iter().map(|path| &**path).collect();
    let files = folders.into_iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
    let files = files.filter(|entry| !beside::is_of_langloom(&entry.file_name().to_string_lossy()));
    let others = files.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file())).map(|entry| entry.path());
    let says = |path: &PathBuf| {
        let mut start = Vec::new();
        let read = File::open(path).and_then(|file| file.take(256).read_to_end(&mut start));
        read.is_ok() && String::from_utf8_lossy(&start).contains(words)
    };
    let mut others: Vec<PathBuf> = others.filter(|path| !known.contains(&**path) && says(path)).collect();
    others.sort();
    others
}

/// The text of the file at `path`; what is not UTF-8 in it is replaced by U+FFFD, as Node does. Spans are 32 bits wide,
/// so a file of 4 GiB or more is an error. So is one in UTF-16.
pub fn read_text(path: &Path) -> io::Result<String> {
    let mut file = open(path)?;
    let metadata = file.metadata()?;
    let length = metadata.len();
    // One byte more than the file has, so that its end is seen without growing the buffer.
    let mut bytes = Vec::with_capacity(if length < TEXT_LIMIT { length as usize + 1 } else { 0 });
    if length < TEXT_LIMIT {
        (&mut file).take(TEXT_LIMIT).read_to_end(&mut bytes)?;
    }
    looks::note(path, &metadata, content_hash(&bytes));
    check_encoding(&bytes)?;
    let text = String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    if length.max(text.len() as u64) >= TEXT_LIMIT {
        return Err(io::Error::new(ErrorKind::FileTooLarge, "it is larger than 4 GiB"));
    }
    Ok(text)
}

/// Calls `take` with the bytes of the file at `path`, `chunk` at a time. A file of 4 GiB or more is an error, and UTF-16, too.
pub fn read_chunks(path: &Path, chunk: usize, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut file = open(path)?;
    let metadata = file.metadata()?;
    let mut sum = Summing::new();
    let mut start = Vec::with_capacity(START);
    pass_on(&mut file, chunk, |bytes| {
        sum.add(bytes);
        start.extend(bytes.iter().take(START - start.len()));
        take(bytes);
    })?;
    looks::note(path, &metadata, sum.finish().hash());
    check_encoding(&start)
}

/// Bytes of a file that tell how it is encoded.
const START: usize = 4;

/// Fails if a text that begins with `bytes` is UTF-16, which would be read as thousands of characters that nobody wrote.
fn check_encoding(bytes: &[u8]) -> io::Result<()> {
    let is_utf_16 = match bytes {
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => true,
        [a, b, c, d, ..] => (*b == 0 && *d == 0 && *a != 0 && *c != 0) || (*a == 0 && *c == 0 && *b != 0 && *d != 0),
        _ => false,
    };
    if !is_utf_16 {
        return Ok(());
    }
    Err(io::Error::new(ErrorKind::InvalidData, "it is UTF-16, and should be UTF-8: save it with another encoding"))
}

/// Calls `take` with the bytes of standard input, `chunk` at a time, as they come. 4 GiB or more are an error.
pub fn read_standard_input(chunk: usize, take: impl FnMut(&[u8])) -> io::Result<()> {
    pass_on(&mut io::stdin().lock(), chunk, take)
}

fn pass_on(input: &mut dyn Read, chunk: usize, mut take: impl FnMut(&[u8])) -> io::Result<()> {
    let mut buffer = vec![0; chunk];
    let mut length = 0;
    loop {
        match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => {
                length += count as u64;
                if length >= TEXT_LIMIT {
                    return Err(io::Error::new(ErrorKind::FileTooLarge, "it is larger than 4 GiB"));
                }
                take(&buffer[..count]);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Opens a file, and notes if there is none.
fn open(path: &Path) -> io::Result<File> {
    File::open(path).inspect_err(|error| match is_absence(error) {
        true => looks::note_absence(path),
        false => looks::note_failure(path),
    })
}

const TEXT_LIMIT: u64 = u32::MAX as u64;

/// The text of the file at `path`, or `None` if there is no such file.
pub fn read_text_if_exists(path: &Path) -> Result<Option<String>, Error> {
    match read_text(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(cannot_read(path, &error)),
    }
}

/// Whether the bytes of the file at `path` are those of `text`.
pub fn holds(path: &Path, text: &str) -> io::Result<bool> {
    Ok(fs::read(path)? == text.as_bytes())
}

/// Fails if the file at `path` cannot be read. Not noted: for outputs.
pub fn check_readable(path: &Path) -> io::Result<()> {
    File::open(path).map(drop)
}

/// What to tell about a file that cannot be read.
pub fn cannot_read(path: &Path, error: &io::Error) -> Error {
    Error::new(format!("cannot read {}: {error}", path.display()), None).about(path)
}

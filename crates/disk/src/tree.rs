//! Folders with all that is in them, which may come from strangers.

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::looks;
use super::{content_hash, hash, is_absence, open};

/// How much of a folder is read at most.
#[derive(Clone, Copy, Debug)]
pub struct TreeLimits {
    /// How many files.
    pub files: usize,
    /// Folders within each other.
    pub depth: usize,
}

/// The paths of all files below `folder`, sorted, with `/` between folders; none if there is no such folder. Links are an
/// error: they lead out of the folder.
pub fn list_tree(folder: &Path, limits: TreeLimits) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    let mut pending = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = pending.pop() {
        let entries = match names_in(&folder) {
            Err(error) if depth == 0 && is_absence(&error) => return Ok(files),
            entries => entries?,
        };
        for name in entries {
            let path = folder.join(&name);
            let kind = fs::symlink_metadata(&path)?.file_type();
            let shown = format!("{prefix}{name}");
            if kind.is_symlink() {
                let message = format!("{shown} is a symbolic link, which is not followed: put the file itself there");
                return Err(io::Error::new(ErrorKind::InvalidInput, message));
            } else if kind.is_dir() {
                if depth == limits.depth {
                    return Err(io::Error::new(ErrorKind::InvalidInput, format!("{shown} is too deep in folders")));
                }
                pending.push((path, format!("{shown}/"), depth + 1));
            } else if kind.is_file() {
                files.push(shown);
                if files.len() > limits.files {
                    let message = format!("there are more than {} files in it", limits.files);
                    return Err(io::Error::new(ErrorKind::InvalidInput, message));
                }
            }
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// The names in a folder, sorted, and whether each is that of a folder; nothing if it cannot be read. Nobody notes it.
pub fn list_folder(folder: &Path) -> Vec<(String, bool)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let named = entries.filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.file_type().ok()?.is_dir())));
    let mut names: Vec<(String, bool)> = named.collect();
    names.sort_unstable();
    names
}

/// The names in a folder, sorted. That it was looked at is noted: a file more or less is a change.
fn names_in(folder: &Path) -> io::Result<Vec<String>> {
    let metadata = match fs::metadata(folder) {
        Ok(metadata) => metadata,
        Err(error) => {
            if is_absence(&error) {
                looks::note_absence(folder);
            }
            return Err(error);
        }
    };
    let names = sorted_names(folder)?;
    looks::note(folder, &metadata, hash_names(&names));
    Ok(names)
}

pub(super) fn sorted_names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        names.push(name.into_string().map_err(|name| {
            io::Error::new(ErrorKind::InvalidInput, format!("the name {} is not Unicode", name.to_string_lossy()))
        })?);
    }
    names.sort_unstable();
    Ok(names)
}

/// What stands for the content of a folder.
pub(super) fn hash_names(names: &[String]) -> u128 {
    hash(names.join("\0").as_bytes())
}

/// The bytes of the file at `path`; none if there is none. More than `limit` bytes are an error.
pub fn read_bytes(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let mut file = match open(path) {
        Ok(file) => file,
        Err(error) if is_absence(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let metadata = file.metadata()?;
    if metadata.len() > limit {
        return Err(io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {} MB", limit >> 20)));
    }
    let mut bytes = Vec::with_capacity(metadata.len() as usize + 1);
    (&mut file).take(limit).read_to_end(&mut bytes)?;
    looks::note(path, &metadata, content_hash(&bytes));
    Ok(Some(bytes))
}

/// The bytes of the file at `path`; none if there is none. Not noted: for files that are outputs.
pub fn read_unnoted(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Notes that the file at `path` is as it is now: a later run that finds another one has something to do.
pub fn note_file(path: &Path) -> io::Result<()> {
    match looks::hash_file(path) {
        Ok(hash) => looks::note(path, &fs::metadata(path)?, hash),
        Err(error) if is_absence(&error) => looks::note_absence(path),
        Err(error) => {
            looks::note_failure(path);
            return Err(error);
        }
    }
    Ok(())
}

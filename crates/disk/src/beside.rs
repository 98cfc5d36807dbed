//! What lies beside a file while it is written, and what stays there.

use std::collections::{BTreeMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{Error, is_absence};

/// Bytes of a name that something is added to: file systems take 255.
const LONGEST: usize = 200;

/// How the names of copies go on.
const COPY: &str = ".orig";

/// The kinds of files that a process puts beside a file until it is done.
const TEMPORARY: [&str; 2] = ["tmp", "old"];

/// Where a file written to `path` ends up: at the end of the symbolic links there, which stay.
pub(super) fn follow_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("/")).join(target),
            // Not a link, or nothing there.
            Err(error) if error.kind() == ErrorKind::InvalidInput || is_absence(&error) => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(ErrorKind::InvalidInput, "too many symbolic links"))
}

/// `.NAME.langloom-PID.KIND` in the folder of `target`. A long name is cut.
pub(super) fn beside(target: &Path, kind: &str, process: u32) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    let name = cut(&name);
    // Room for any number: how often memory is asked for must not depend on that of the process.
    let mut beside = String::with_capacity(name.len() + 32);
    beside.extend([".", name, ".langloom-", &process.to_string(), ".", kind]);
    target.with_file_name(beside)
}

/// The NAME, perhaps cut, and the PID in the name of a temporary file.
fn origin(name: &str) -> Option<(&str, u32)> {
    let (rest, kind) = name.strip_prefix('.')?.rsplit_once('.')?;
    let (name, process) = rest.rsplit_once(".langloom-")?;
    TEMPORARY.contains(&kind).then_some((name, process.parse().ok()?))
}

/// Deletes what the process number `process`, which is no more, left beside `path`.
pub fn remove_leftovers(path: &Path, process: u32) {
    if let Ok(target) = follow_links(path) {
        TEMPORARY.into_iter().for_each(|kind| drop(fs::remove_file(beside(&target, kind, process))));
    }
}

/// Deletes what any process but this one left beside `paths`; all of them are no more. Lists the folders.
pub fn remove_all_leftovers<'p>(paths: impl IntoIterator<Item = &'p Path>) {
    for (folder, names) in by_folder(paths) {
        let links = remove_leftovers_in(folder, &names);
        let targets: Vec<PathBuf> = links.iter().filter_map(|link| follow_links(link).ok()).collect();
        for (folder, names) in by_folder(targets.iter().map(|target| &**target)) {
            remove_leftovers_in(folder, &names);
        }
    }
}

/// The folders of `paths`, and the names in each.
fn by_folder<'p>(paths: impl IntoIterator<Item = &'p Path>) -> BTreeMap<&'p Path, HashSet<String>> {
    let mut folders: BTreeMap<&Path, HashSet<String>> = BTreeMap::new();
    for path in paths {
        if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
            folders.entry(folder).or_default().insert(cut(&name.to_string_lossy()).to_owned());
        }
    }
    folders
}

/// Deletes what lies in `folder` beside files of these `names`. Those of them that are symbolic links.
fn remove_leftovers_in(folder: &Path, names: &HashSet<String>) -> Vec<PathBuf> {
    let mut links = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_leftover = |(name, process)| names.contains(name) && process != std::process::id();
        if origin(&name).is_some_and(is_leftover) {
            let _ = fs::remove_file(entry.path());
        } else if names.contains(cut(&name)) && entry.file_type().is_ok_and(|kind| kind.is_symlink()) {
            links.push(entry.path());
        }
    }
    links
}

fn cut(name: &str) -> &str {
    &name[..name.floor_char_boundary(LONGEST)]
}

/// Copies the file at `path` to one beside it, called NAME.orig, or NAME.orig2 and so on if there is one. A long name is cut.
pub fn keep_copy(path: &Path) -> Result<PathBuf, Error> {
    let copy_to = |number: usize| -> io::Result<PathBuf> {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        if name.len() > LONGEST {
            name = cut(&name.to_string_lossy()).to_owned().into();
        }
        name.push(COPY);
        if number > 1 {
            name.push(number.to_string());
        }
        let copy = path.with_file_name(name);
        let mut new = OpenOptions::new().write(true).create_new(true).open(&copy)?;
        io::copy(&mut File::open(path)?, &mut new).map(|_| copy)
    };
    let copies = (1..).map(copy_to);
    let first = copies.into_iter().find(|copy| !matches!(copy, Err(error) if error.kind() == ErrorKind::AlreadyExists));
    first.unwrap_or_else(|| Err(ErrorKind::AlreadyExists.into())).map_err(|error| {
        let hint = "no output was changed".to_owned();
        Error::new(format!("cannot keep a copy of {}: {error}", path.display()), Some(hint))
    })
}

/// Whether `name` is one that copies have, or temporary files.
pub(super) fn is_of_langloom(name: &str) -> bool {
    let is_copy = name.rsplit_once(COPY).is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
    is_copy || origin(name).is_some()
}

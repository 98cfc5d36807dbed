//! What git has: a file that is as it is in git can be had again, so overwriting it loses nothing. Who changes branches or
//! pulls has outputs that no run on this machine wrote.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Of `paths`, those of files that are as git has them in its index, which it makes from HEAD. None if there is no git, if they
/// are in no repository, or whatever else goes wrong.
///
/// Starts a process, so: only to be asked before a run is refused.
pub(crate) fn unchanged(paths: &[PathBuf]) -> Vec<PathBuf> {
    let real: Vec<Option<PathBuf>> = paths.iter().map(|path| fs::canonicalize(path).ok()).collect();
    let Some(folder) = real.iter().flatten().find_map(|path| path.parent()) else { return Vec::new() };
    let Some(unchanged) = ask(folder, real.iter().flatten()) else { return Vec::new() };
    let is_unchanged = |real: &Option<PathBuf>| real.as_ref().is_some_and(|real| unchanged.contains(real));
    paths.iter().zip(&real).filter(|(_, real)| is_unchanged(real)).map(|(path, _)| path.clone()).collect()
}

fn ask<'p>(folder: &Path, files: impl Iterator<Item = &'p PathBuf>) -> Option<BTreeSet<PathBuf>> {
    let mut git = Command::new("git");
    git.current_dir(folder).stdin(Stdio::null()).stderr(Stdio::null());
    // Of the repository that the files are in, not of the one whose hook this may be.
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        git.env_remove(variable);
    }
    // What watches files for git may be a program of the repository's choice, or wrong.
    git.args(["--literal-pathspecs", "-c", "core.fsmonitor=false", "ls-files", "-z", "-v", "--cached", "--modified", "--"]);
    let output = git.args(files).output().ok().filter(|output| output.status.success())?;
    Some(unchanged_in(folder, &String::from_utf8(output.stdout).ok()?))
}

/// The files that git lists once, as `H`, with paths relative to `folder`. A modified one it lists as `C`, too; those that it
/// was told not to look at have other letters.
fn unchanged_in(folder: &Path, list: &str) -> BTreeSet<PathBuf> {
    let (mut unchanged, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for (letter, path) in list.split('\0').filter_map(|line| line.split_once(' ')) {
        let path = crate::paths::resolve(folder, path);
        if letter == "H" { &mut unchanged } else { &mut changed }.insert(path);
    }
    &unchanged - &changed
}

//! Which files are Langloom's: those that hold what a run wrote, or meant to write when it was interrupted. Nothing else is
//! ever deleted, and an output that a run wrote and that holds something else now was edited by somebody.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::{Cache, Kept, folder};
use crate::{disk, packs};

/// Outputs of the last run that are none of this one.
#[derive(Debug, Default)]
pub(crate) struct Obsolete {
    /// Those that nobody edited.
    pub(crate) deleted: Vec<PathBuf>,
    /// Those that hold something of the user's, and what that is.
    pub(crate) staying: Vec<(PathBuf, &'static str)>,
}

impl Cache {
    /// Of `paths`, which are about to be overwritten, those that somebody edited since they were generated.
    pub(crate) fn edited<'p>(&self, paths: impl Iterator<Item = &'p PathBuf>) -> Vec<PathBuf> {
        let Some(last) = &self.last else { return Vec::new() };
        let ours: HashMap<&Path, &Kept> = last.outputs.iter().map(|output| (&*output.path, output)).collect();
        let is_edited = |output: &&Kept| match output.outside {
            Some(outside) => packs::is_edited_outside(&output.path, outside) && !is_as_written(&output.path),
            None => !self.is_ours(output),
        };
        paths.filter(|path| ours.get(&***path).is_some_and(is_edited)).cloned().collect()
    }

    /// Of `paths`, which are about to be overwritten, those that no run wrote, as far as is known.
    pub(crate) fn foreign<'p>(&self, paths: impl Iterator<Item = &'p PathBuf>) -> Vec<PathBuf> {
        let known: HashSet<&Path> = self.last.iter().flat_map(|last| &last.outputs).map(|output| &*output.path).collect();
        let is_ours = |path: &Path| {
            let is_known = |hash| self.is_intended(path, hash) || self.others().get(path).is_some_and(|all| all.contains(&hash));
            is_as_written(path) || disk::hash_file(path).is_ok_and(is_known)
        };
        paths.filter(|path| !known.contains(&***path) && !is_ours(path)).cloned().collect()
    }

    /// The outputs of the last run that are not among `current`, and none of other configurations.
    pub(crate) fn obsolete(&self, current: &[PathBuf]) -> Obsolete {
        let mut obsolete = Obsolete::default();
        let Some(last) = &self.last else { return obsolete };
        let current: HashSet<&Path> = current.iter().map(|path| &**path).collect();
        let gone = last.outputs.iter().filter(|output| !current.contains(&*output.path));
        for output in gone.filter(|output| disk::stat(&output.path).is_some() && !self.is_of_others(output)) {
            match self.reason_to_stay(output) {
                Some(reason) => obsolete.staying.push((output.path.clone(), reason)),
                None => obsolete.deleted.push(output.path.clone()),
            }
        }
        obsolete
    }

    /// Why the file at the path of `output` must not be deleted, if it must not: `it REASON`.
    pub(crate) fn reason_to_stay(&self, output: &Kept) -> Option<&'static str> {
        match output.outside {
            Some(_) => Some("may have regions that are yours"),
            None if !self.is_ours(output) => Some("was edited"),
            None => None,
        }
    }

    /// Whether another configuration, as far as it is remembered in the same folder, wrote to the path of `output`, too.
    pub(crate) fn is_of_others(&self, output: &Kept) -> bool {
        self.others().contains_key(&output.path)
    }

    /// Whether the file at the path of `output` is as a run left it or meant to leave it. A missing one is.
    fn is_ours(&self, Kept { path, stamp, .. }: &Kept) -> bool {
        let Some(stat) = disk::stat(path) else { return true };
        let began = self.last.as_ref().map_or(0, |last| last.began);
        // An empty file has nothing to lose: a power cut leaves such files.
        if stat.length == 0 || stat == stamp.stat && (stat.is_ours() || !stat.is_racy(began)) {
            return true;
        }
        let Ok(hash) = disk::hash_file(path) else { return false };
        let is_of_others = || self.others().get(path).is_some_and(|hashes| hashes.contains(&hash));
        hash == stamp.hash || stat.bears(hash) || self.is_intended(path, hash) || is_of_others()
    }

    /// Whether a run that was interrupted meant to write content of this `hash` to `path`.
    fn is_intended(&self, path: &Path, hash: u128) -> bool {
        self.intended.get(path).is_some_and(|hashes| hashes.contains(&hash))
    }

    /// What other configurations, as far as they are remembered in the same folder, wrote, by path.
    fn others(&self) -> &HashMap<PathBuf, Vec<u128>> {
        self.others.get_or_init(|| {
            let records = folder::records(self.log.path().parent().unwrap_or(Path::new("")));
            let mut others: HashMap<PathBuf, Vec<u128>> = HashMap::new();
            for output in records.into_iter().filter(|record| record.config != self.config).flat_map(|record| record.outputs) {
                others.entry(output.path).or_default().push(output.stamp.hash);
            }
            others
        })
    }
}

/// Whether the file at `path` is as a Langloom wrote it, whatever is remembered of that, or has nothing to lose.
fn is_as_written(path: &Path) -> bool {
    let is_marked = |stat: disk::Stat| disk::hash_file(path).is_ok_and(|hash| stat.bears(hash));
    disk::stat(path).is_some_and(|stat| stat.length == 0 || stat.is_ours() && is_marked(stat))
}

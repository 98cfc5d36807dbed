//! Which files are Langloom's: those that hold what a run wrote, or meant to write when it was interrupted. Nothing else is
//! ever deleted, and an output that a run wrote and that holds something else now was edited by somebody.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use super::{Cache, Kept, folder};
use crate::{disk, packs};

impl Cache {
    /// Of `paths`, which are about to be overwritten, those that somebody edited since they were generated.
    pub(crate) fn edited<'p>(&self, paths: impl Iterator<Item = &'p PathBuf>) -> Vec<PathBuf> {
        let Some(last) = &self.last else { return Vec::new() };
        let ours: HashMap<&Path, &Kept> = last.outputs.iter().map(|output| (&*output.path, output)).collect();
        let is_edited = |output: &&Kept| match output.outside {
            Some(outside) => packs::is_edited_outside(&output.path, outside),
            None => !self.is_ours(output),
        };
        paths.filter(|path| ours.get(&***path).is_some_and(is_edited)).cloned().collect()
    }

    /// Of `paths`, which are about to be overwritten, those that no run wrote, as far as is known.
    pub(crate) fn foreign<'p>(&self, paths: impl Iterator<Item = &'p PathBuf>) -> Vec<PathBuf> {
        let known: HashSet<&Path> = self.last.iter().flat_map(|last| &last.outputs).map(|output| &*output.path).collect();
        let is_ours = |path: &Path| {
            disk::hash_file(path).is_ok_and(|hash| {
                let is_intended = || self.intended.get(path).is_some_and(|hashes| hashes.contains(&hash));
                is_intended() || self.other_owners(path).contains(&hash)
            })
        };
        paths.filter(|path| !known.contains(&***path) && !is_ours(path)).cloned().collect()
    }

    /// The outputs of the last run that are not among `current`, and that nobody edited.
    pub(crate) fn obsolete(&self, current: &[PathBuf]) -> Vec<PathBuf> {
        let Some(last) = &self.last else { return Vec::new() };
        let current: HashSet<&Path> = current.iter().map(|path| &**path).collect();
        // What has regions holds text of the user's, and is never deleted.
        let gone = last.outputs.iter().filter(|output| output.outside.is_none() && !current.contains(&*output.path));
        let gone = gone.filter(|output| disk::stat(&output.path).is_some() && self.is_ours(output));
        gone.filter(|output| self.other_owners(&output.path).is_empty()).map(|output| output.path.clone()).collect()
    }

    /// Whether the file at the path of `output` is as a run left it or meant to leave it. A missing one is.
    pub(crate) fn is_ours(&self, output: &Kept) -> bool {
        let Some(stat) = disk::stat(&output.path) else { return true };
        let began = self.last.as_ref().map_or(0, |last| last.began);
        if stat == output.stamp.stat && (stat.is_ours() || !stat.is_racy(began)) {
            return true;
        }
        let Ok(hash) = disk::hash_file(&output.path) else { return false };
        let is_intended = || self.intended.get(&output.path).is_some_and(|hashes| hashes.contains(&hash));
        hash == output.stamp.hash || is_intended() || self.other_owners(&output.path).contains(&hash)
    }

    /// What other configurations, as far as they are remembered in the same folder, wrote to `path`.
    fn other_owners(&self, path: &Path) -> Vec<u128> {
        let records = folder::records(self.log.path().parent().unwrap_or(Path::new("")));
        let others = records.into_iter().filter(|record| record.config != self.config);
        let outputs = others.flat_map(|record| record.outputs).filter(|output| output.path == path);
        outputs.map(|output| output.stamp.hash).collect()
    }
}

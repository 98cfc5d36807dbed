//! A pack in a folder: listed at once, files read when they are asked for.

use std::io;
use std::path::{Path, PathBuf};

use langloom_core::emit::pack::Files;

use super::{LARGEST_FILE, MANIFEST, MOST_FILES};
use crate::disk::{self, TreeLimits};

/// The folders of a pack. Others, such as `.git` and `node_modules`, are not looked at.
pub(crate) const FOLDERS: [&str; 3] = ["partials", "static", "templates"];

const LIMITS: TreeLimits = TreeLimits { files: MOST_FILES, depth: 20 };

struct FolderFiles {
    folder: PathBuf,
    /// The paths of all files but the manifest, sorted.
    paths: Vec<String>,
}

/// The files of the pack in `folder`.
pub(super) fn files(folder: &Path) -> io::Result<impl Files + use<>> {
    let mut paths = Vec::new();
    for name in FOLDERS {
        let listed = disk::list_tree(&folder.join(name), LIMITS)?;
        paths.extend(listed.into_iter().map(|path| format!("{name}/{path}")));
    }
    Ok(FolderFiles { folder: folder.to_owned(), paths })
}

impl Files for FolderFiles {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        if path != MANIFEST && self.paths.binary_search_by(|other| other.as_str().cmp(path)).is_err() {
            return Ok(None);
        }
        let path = self.folder.join(path);
        disk::read_bytes(&path, LARGEST_FILE).map_err(|error| format!("cannot read {}: {error}", path.display()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        below(&self.paths, folder)
    }

    fn is_executable(&self, path: &str) -> bool {
        disk::is_program(&self.folder.join(path))
    }
}

/// Those of the sorted `paths` that are below `folder`, or that are it.
pub(super) fn below(paths: &[String], folder: &str) -> Vec<String> {
    let inside = |path: &&String| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    paths.iter().filter(inside).cloned().collect()
}

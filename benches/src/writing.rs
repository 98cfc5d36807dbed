//! Writing outputs as the shell does: staged under temporary names, hashed, compared with what is there, renamed; one batch
//! for each project.

use std::cell::Cell;
use std::path::{Path, PathBuf};

use langloom_disk::{Batch, CHUNK, Fate};

use crate::disk::{Scratch, Temporary};

/// The places of outputs, in folders that are there for being written to.
pub(crate) struct Writing {
    scratch: Scratch,
    /// Of each project, the paths of its outputs below such a folder.
    projects: Vec<Vec<PathBuf>>,
    folders: Cell<usize>,
}

impl Writing {
    /// Writes `texts` once, for [`Writing::again`]. What happens only once in a process is over then, too.
    ///
    /// # Panics
    /// If that is not possible, as when the disk is full; so do the others.
    pub(crate) fn new(projects: Vec<Vec<PathBuf>>, texts: &[String]) -> Writing {
        let scratch = Scratch::new("write").unwrap_or_else(|error| panic!("{error}"));
        let writing = Writing { scratch, projects, folders: Cell::new(0) };
        writing.write(texts, &writing.first(), Fate::Created);
        writing
    }

    /// Writes `texts` to a new folder, which is there as long as what is returned.
    pub(crate) fn anew(&self, texts: &[String]) -> Temporary {
        self.folders.set(self.folders.get() + 1);
        let folder = self.scratch.path().join(format!("{:06}", self.folders.get()));
        self.write(texts, &folder, Fate::Created);
        Temporary(folder)
    }

    /// Writes `texts` to where they are already.
    pub(crate) fn again(&self, texts: &[String]) {
        self.write(texts, &self.first(), Fate::Unchanged);
    }

    fn first(&self) -> PathBuf {
        self.scratch.path().join("000000")
    }

    fn write(&self, texts: &[String], folder: &Path, expected: Fate) {
        let mut texts = texts.iter();
        for paths in &self.projects {
            let batch = Batch::default();
            for (path, text) in paths.iter().zip(&mut texts) {
                let chunks = |take: &mut dyn FnMut(&[u8])| text.as_bytes().chunks(CHUNK).for_each(take);
                let written = batch.stage_chunks(&folder.join(path), chunks).unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(written.fate, expected, "{}", path.display());
            }
            batch.commit().unwrap_or_else(|error| panic!("{error}"));
        }
    }
}

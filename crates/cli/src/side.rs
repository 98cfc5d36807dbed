//! Files that somebody wants of a run beside its outputs: `--trace`, `--report`, `--depfile`. They replace what is in their
//! places, but never what the run reads or generates.

use std::path::{Path, PathBuf};

use crate::disk::{self, Batch};
use crate::kinds::FindingKind;
use crate::paths;
use crate::report::{Exit, Failure, Finding};

/// Where they go: absolute paths. For as long as the process lives, like whoever observes it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct SideFiles(&'static [PathBuf]);

impl SideFiles {
    /// Those at `paths`, which may be relative.
    pub(crate) fn new<'p>(paths: impl Iterator<Item = &'p PathBuf>) -> Result<SideFiles, Failure> {
        let paths: Vec<&PathBuf> = paths.collect();
        if paths.is_empty() {
            return Ok(SideFiles::default());
        }
        let folder = disk::current_folder()?;
        let paths: Vec<PathBuf> = paths.into_iter().map(|path| paths::resolve(&folder, path)).collect();
        match paths.iter().enumerate().find(|(index, path)| paths[..*index].contains(path)) {
            Some((_, path)) => Err(refused(path, "it is wanted for two things")),
            None => Ok(SideFiles(Box::leak(paths.into_boxed_slice()))),
        }
    }

    /// An error if one is in the place of `config`, of something that was read so far, or of one of `outputs`.
    pub(crate) fn check<'p>(self, config: &Path, outputs: impl Iterator<Item = &'p PathBuf> + Clone) -> Result<(), Failure> {
        for path in self.0 {
            check_input(path)?;
            if disk::is_same_place(path, config) {
                return Err(refused(path, "it is the configuration"));
            }
            if outputs.clone().any(|output| disk::is_same_place(path, output)) {
                return Err(refused(path, "it is generated"));
            }
        }
        Ok(())
    }
}

/// Writes `text` to the side file `path`.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let path = paths::resolve(&disk::current_folder()?, path);
    check_input(&path)?;
    let batch = Batch::default();
    // What became of the outputs was told before.
    let unhinted = |error: disk::Error| Failure::world(error.message, None);
    batch.stage(&path, text.as_bytes()).map_err(unhinted)?;
    batch.commit().map_err(unhinted)?;
    Ok(())
}

fn check_input(path: &Path) -> Result<(), Failure> {
    if disk::was_read(path) { Err(refused(path, "the run reads it")) } else { Ok(()) }
}

fn refused(path: &Path, reason: &str) -> Failure {
    let message = format!("{} would be overwritten by what --trace, --report or --depfile gives, and {reason}", path.display());
    let finding = Finding::error(Some(FindingKind::SamePath), None, message, Some("choose another file".to_owned()));
    Failure { exit: Exit::Failed, document: None, findings: vec![finding] }
}

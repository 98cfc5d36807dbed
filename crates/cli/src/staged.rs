//! All that a run writes, ready to be put in its place, and what is in the way.

use std::path::PathBuf;

use crate::cache::{self, Cache, Obsolete};
use crate::claims::Claims;
use crate::config::Project;
use crate::disk::{self, Batch, Fate, Replaced, Written};
use crate::engine::Mode;
use crate::kinds::FindingKind;
use crate::observe::Observe;
use crate::packs::PackOutputs;
use crate::report::{Exit, Failure, Finding, Terminal};

pub(crate) struct Staged {
    pub(crate) outputs: Vec<(PathBuf, Written)>,
    pub(crate) once: Vec<(PathBuf, Written)>,
    /// Files whose regions cannot be kept.
    lost: Vec<PathBuf>,
    pub(crate) edited: Vec<PathBuf>,
    /// Files that nobody is known to have generated, in the places of outputs of packs.
    foreign: Vec<PathBuf>,
    pub(crate) obsolete: Obsolete,
}

impl Staged {
    pub(crate) fn new(
        own: Vec<(PathBuf, Written)>,
        of_packs: PackOutputs,
        all_paths: &[PathBuf],
        cache: Option<&Cache>,
    ) -> Staged {
        let PackOutputs { owned, once, lost } = of_packs;
        let foreign = cache.map_or_else(Vec::new, |cache| cache.foreign(changed(&owned)));
        let outputs: Vec<(PathBuf, Written)> = own.into_iter().chain(owned).collect();
        let edited = cache.map_or_else(Vec::new, |cache| cache.edited(changed(&outputs)));
        let obsolete = cache.map_or_else(Obsolete::default, |cache| cache.obsolete(all_paths));
        Staged { outputs, once, lost, edited, foreign, obsolete }
    }

    /// An error if a symbolic link leads to something that this run read, or if another configuration wrote something else.
    pub(crate) fn check(&self, project: &Project, claims: &Claims, batch: &Batch) -> Result<(), Failure> {
        if let Some((link, target)) = batch.links().into_iter().find(|(_, target)| disk::was_read(target)) {
            let (link, target) = (link.display(), target.display());
            let message = format!("{link} would be generated, and is a symbolic link to {target}, which is an input");
            let hint = "remove the link, or give the output another `out` in the configuration".to_owned();
            let finding = Finding::error(Some(FindingKind::SamePath), None, message, Some(hint));
            return Err(Failure { exit: Exit::Invalid, document: None, findings: vec![finding] });
        }
        claims.check(&project.path, self.outputs.iter().map(|(path, written)| (&**path, written.hash)))
    }

    /// Puts it in its place, unless this is a trial. What was there.
    pub(crate) fn put_in_place(
        &mut self,
        batch: Batch,
        mode: Mode,
        cache: Option<&mut Cache>,
        observe: Observe,
        terminal: &mut Terminal,
    ) -> Result<Option<Replaced>, Failure> {
        if mode != Mode::Force && self.is_blocked() {
            self.let_git_keep(observe);
        }
        match mode {
            Mode::Trial => {
                self.edited.append(&mut self.foreign);
                return Ok(None);
            }
            Mode::Write if self.is_blocked() => {
                self.note_what_blocks()?;
                return Err(refuse(&self.edited, &self.foreign));
            }
            Mode::Write | Mode::Force => {}
        }
        let is_new = |path: &&PathBuf| !self.edited.contains(path);
        for path in self.edited.iter().chain(self.foreign.iter().chain(&self.lost).filter(is_new)) {
            let copy = disk::keep_copy(path)?;
            terminal.line(format_args!("Keeping what {} held in {}", path.display(), copy.display()));
        }
        if let Some(cache) = cache {
            let contents = self.outputs.iter().chain(&self.once).filter(|(_, written)| written.fate != Fate::Unchanged);
            cache.intend(contents.map(|(path, written)| (path.clone(), written.hash)).collect());
        }
        let replaced = batch.commit()?;
        self.obsolete.deleted.iter().try_for_each(|path| disk::remove(path).map(drop))?;
        Ok(Some(replaced))
    }

    /// Whether files would be overwritten that somebody may want to keep.
    fn is_blocked(&self) -> bool {
        !self.edited.is_empty() || !self.foreign.is_empty()
    }

    /// Undoing an edit is a reason to run again, under --watch.
    fn note_what_blocks(&self) -> Result<(), disk::Error> {
        let note = |path: &PathBuf| disk::note_file(path).map_err(|error| disk::cannot_read(path, &error));
        let noted: Vec<Result<(), disk::Error>> = self.edited.iter().chain(&self.foreign).map(note).collect();
        noted.into_iter().collect()
    }

    /// What git has as it is, is in nobody's way.
    fn let_git_keep(&mut self, observe: Observe) {
        let blocking: Vec<PathBuf> = self.edited.iter().chain(&self.foreign).cloned().collect();
        let known = cache::unchanged_in_git(&blocking);
        for path in &known {
            observe.log(1, || format!("overwriting {}, which no run here wrote, but which is as git has it", path.display()));
        }
        self.edited.retain(|path| !known.contains(path));
        self.foreign.retain(|path| !known.contains(path));
    }
}

/// The paths of those that were there and held something else.
fn changed(outputs: &[(PathBuf, Written)]) -> impl Iterator<Item = &PathBuf> {
    outputs.iter().filter(|(_, written)| written.fate == Fate::Changed).map(|(path, _)| path)
}

fn refuse(edited: &[PathBuf], foreign: &[PathBuf]) -> Failure {
    let edited = edited.iter().map(|path| {
        let message = format!("{} was edited since it was generated", path.display());
        let hint = "undo the edit or move it elsewhere; --force overwrites the file and keeps a copy of it".to_owned();
        Finding::error(Some(FindingKind::EditedOutput), None, message, Some(hint)).about(path)
    });
    let foreign = foreign.iter().map(|path| {
        let message = format!("{} is not known to be generated, and a pack would overwrite it", path.display());
        let hint = "move it elsewhere, or give the pack another `out`; --force overwrites the file and keeps a copy of it";
        Finding::error(Some(FindingKind::ForeignOutput), None, message, Some(hint.to_owned())).about(path)
    });
    Failure { exit: Exit::Edited, document: None, findings: edited.chain(foreign).collect() }
}

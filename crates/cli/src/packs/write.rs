//! Renders packs into a batch.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use langloom_core::emit::pack::{
    CompiledTemplates, FileContent, Lost, PackProblem, Plan, PlannedFile, ProjectView, Results, TakenPaths, WriteMode,
    merge_regions, plan, without_regions,
};
use langloom_core::text::Position;

use super::configured::Configured;
use super::watch::{FileWatch, Watched};
use super::waves::{NamedResult, in_waves};
use crate::config::Project;
use crate::disk::{self, Batch, Fate, MayRun, Written};
use crate::engine::Options;
use crate::kinds::FindingKind;
use crate::observe::{Kind, Observe};
use crate::report::{BOLD, Document, Exit, Failure, Finding, Terminal};
use crate::{paths, settings};

/// The files of all packs.
#[derive(Debug)]
pub(crate) struct Plans<'p> {
    plans: Vec<(&'p Configured, Plan<'p>)>,
    /// None if there are no packs: making one is not free.
    view: Option<&'p ProjectView<'p>>,
}

/// What a file would hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Content {
    pub(crate) bytes: Vec<u8>,
    /// Of a file that is copied: whether it is a program.
    pub(crate) is_program: Option<bool>,
}

/// What became of the files of packs.
#[derive(Debug, Default)]
pub(crate) struct PackOutputs {
    /// Files that are Langloom's.
    pub(crate) owned: Vec<(PathBuf, Written)>,
    /// Files that are the user's from now on: `write = "once"`. Those that were there are not looked at.
    pub(crate) once: Vec<(PathBuf, Written)>,
    /// Files whose regions cannot be kept, which the user wants overwritten all the same.
    pub(crate) lost: Vec<PathBuf>,
}

impl<'p> Plans<'p> {
    /// Plans what `packs` write. `compiled` has the templates of earlier plans.
    pub(crate) fn new(
        packs: &'p [Configured],
        view: Option<&'p ProjectView<'p>>,
        compiled: &mut CompiledTemplates,
    ) -> Result<Plans<'p>, Failure> {
        let plans = view.into_iter().flat_map(|view| packs.iter().map(move |pack| (pack, view)));
        let plans = plans.map(|(configured, view)| {
            let limits = configured.limits(view.source_bytes());
            let plan = plan(&configured.pack, configured.options.clone(), limits, view, compiled).map_err(failure)?;
            Ok((configured, plan))
        });
        Ok(Plans { plans: plans.collect::<Result<_, Failure>>()?, view })
    }

    /// Whether there are no packs.
    pub(crate) fn is_empty(&self) -> bool {
        self.plans.is_empty()
    }

    /// The files with their absolute paths.
    fn files(&self) -> impl Iterator<Item = (&'p Configured, &PlannedFile, PathBuf)> {
        self.plans.iter().flat_map(|(configured, plan)| {
            plan.files().iter().map(|file| (*configured, file, paths::resolve(&configured.out, &file.path)))
        })
    }

    /// The absolute paths of the files, in order.
    pub(crate) fn paths(&self) -> Vec<PathBuf> {
        self.files().map(|(.., path)| path).collect()
    }

    /// Says where the packs write to.
    pub(crate) fn announce(&self, terminal: &mut Terminal) {
        for (configured, _) in &self.plans {
            let folder = configured.out.display();
            terminal.line(format_args!("Writing the pack {} to {BOLD}{folder}{BOLD:#}", configured.name));
        }
    }

    /// Two files in one place, or a file in place of something else that matters, would silently destroy one of them.
    pub(crate) fn check_paths(&self, project: &Project, grammars: &[PathBuf], targets: &[PathBuf]) -> Result<(), Failure> {
        if self.plans.is_empty() {
            return Ok(());
        }
        let mut taken = TakenPaths::default();
        let key = |path: &Path| path.to_string_lossy().replace('\\', "/");
        let settings = project.folder.join(settings::FILE);
        let sources: Vec<PathBuf> = self.plans.iter().flat_map(|(configured, _)| configured.sources()).collect();
        for path in grammars.iter().chain(targets).chain([&project.path, &settings]).chain(&sources) {
            // Langium's own outputs are compared with each other elsewhere.
            let _ = taken.take(&key(path));
        }
        let mut writers: BTreeMap<String, String> = BTreeMap::new();
        for (configured, file, path) in self.files() {
            let what = format!("the pack `{}` would write {}", configured.name, file.about);
            if let Err(other) = taken.take(&key(&path)) {
                let there = match writers.get(&other) {
                    Some(writer) => format!("{writer} too"),
                    None => format!("{other} is"),
                };
                let message = format!("{what} to {}, where {there}", path.display());
                let hint = Some(format!("give the pack another `out` in [packs.{}]", configured.name));
                let finding = Finding::error(Some(FindingKind::SamePath), None, message, hint);
                return Err(Failure {
                    exit: Exit::Invalid,
                    document: project.settings.document.clone(),
                    findings: vec![finding],
                });
            }
            writers.insert(key(&path), what);
        }
        for (configured, _, path) in self.files() {
            refuse_links(&configured.out, &path)?;
        }
        Ok(())
    }

    /// Renders all files into `batch`, wave by wave: those of one at the same time.
    ///
    /// Where regions cannot be kept, `force` overwrites them. `programs` tells of files that an earlier run copied whether they
    /// were meant to be programs.
    pub(crate) fn write(
        &self,
        options: &Options,
        force: bool,
        programs: &HashMap<PathBuf, bool>,
        batch: &Batch,
    ) -> Result<PackOutputs, Failure> {
        let mut outputs = PackOutputs::default();
        let Some(view) = self.view else { return Ok(outputs) };
        let observe = options.observe;
        let lost = Mutex::new(Vec::new());
        for (configured, plan) in &self.plans {
            let watched = watched(configured, view, observe);
            let written = in_waves((configured, plan), &watched, options.jobs, |file, results, watch| {
                let path = paths::resolve(&configured.out, &file.path);
                let mut span = observe.span(Kind::Output("pack"), || path.display().to_string());
                let place = Place { path: &path, was_program: programs.get(&path).copied() };
                let rendered = |bytes: usize| {
                    span.bytes(bytes as u64);
                    observe.file(bytes as u64);
                };
                let (written, result) =
                    write_file((plan, results, view), file, place, watch, batch, rendered).or_else(|failed| match failed {
                        WriteFailure::Lost(regions) if force => {
                            lock(&lost).push(path.clone());
                            Ok((Some(stage_with_regions(batch, &path, &regions.text)?), regions.result))
                        }
                        WriteFailure::Lost(regions) => Err(regions.failure),
                        WriteFailure::Other(failure) => Err(failure),
                    })?;
                if let Some(written) = &written {
                    observe.lookup(written.fate == Fate::Unchanged);
                }
                Ok((written.map(|written| (path, written, file.write)), result))
            })?;
            for (path, written, mode) in written.into_iter().flatten() {
                match mode {
                    WriteMode::Once => outputs.once.push((path, written)),
                    WriteMode::Always | WriteMode::Regions => outputs.owned.push((path, written)),
                }
            }
        }
        outputs.lost = std::mem::take(&mut *lock(&lost));
        outputs.lost.sort();
        Ok(outputs)
    }

    /// What all files would hold, by path below the `out` of their pack, without a look at the disk.
    pub(crate) fn render(&self, options: &Options) -> Result<BTreeMap<String, Content>, Failure> {
        let mut rendered = BTreeMap::new();
        let Some(view) = self.view else { return Ok(rendered) };
        for (configured, plan) in &self.plans {
            let watched = watched(configured, view, options.observe);
            rendered.extend(in_waves((configured, plan), &watched, options.jobs, |file, results, watch| {
                let (content, result) = match plan.render(file, results, view, watch).map_err(failure)? {
                    FileContent::Bytes { bytes, is_executable } => (Content { bytes, is_program: Some(is_executable) }, None),
                    FileContent::Text(text) => {
                        let content = Content { bytes: text.clone().into_bytes(), is_program: None };
                        (content, plan.result(file, text, view))
                    }
                };
                Ok(((file.path.clone(), content), result))
            })?);
        }
        Ok(rendered)
    }

    /// Notes files that are written once: when one is gone, there is something to do.
    pub(crate) fn note_once(&self) {
        for (_, file, path) in self.files() {
            if file.write == WriteMode::Once {
                let _ = disk::note_file(&path); // if it cannot be read, it is there
            }
        }
    }
}

fn watched(configured: &Configured, view: &ProjectView<'_>, observe: Observe) -> Watched {
    Watched::new(observe, configured.factor(view.source_bytes()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What templates are rendered from: the plan, the files that others need, the project.
type About<'a> = (&'a Plan<'a>, &'a Results, &'a ProjectView<'a>);

/// Where a file goes.
#[derive(Clone, Copy)]
struct Place<'p> {
    path: &'p Path,
    /// Whether an earlier run meant it to be a program, if one copied it.
    was_program: Option<bool>,
}

/// Why a file cannot be written.
enum WriteFailure {
    /// Regions of the user's would be lost.
    Lost(Box<LostRegions>),
    Other(Failure),
}

/// A file that cannot keep the regions of the one that is there.
struct LostRegions {
    /// What would be written.
    text: String,
    /// What others need of it.
    result: NamedResult,
    failure: Failure,
}

impl From<Failure> for WriteFailure {
    fn from(failure: Failure) -> WriteFailure {
        WriteFailure::Other(failure)
    }
}

impl From<disk::Error> for WriteFailure {
    fn from(error: disk::Error) -> WriteFailure {
        WriteFailure::Other(error.into())
    }
}

/// Writes one file, and tells `rendered` its bytes. Nothing is written of a file that is the user's; what others need of it
/// is rendered all the same.
fn write_file(
    about: About<'_>,
    file: &PlannedFile,
    Place { path, was_program }: Place<'_>,
    watch: &FileWatch<'_>,
    batch: &Batch,
    mut rendered: impl FnMut(usize),
) -> Result<(Option<Written>, NamedResult), WriteFailure> {
    let (plan, results, view) = about;
    let is_theirs = file.write == WriteMode::Once && disk::is_taken(path);
    if is_theirs && !file.is_needed {
        return Ok((None, None));
    }
    if !is_theirs && plan.is_streamed(file) {
        return Ok((Some(stream_file(about, file, path, watch, batch, rendered)?), None));
    }
    let text = match plan.render(file, results, view, watch).map_err(failure)? {
        FileContent::Bytes { bytes, is_executable } => {
            rendered(bytes.len());
            let written = batch.stage_runnable(path, &bytes, may_run(is_executable, was_program))?;
            return Ok((Some(Written { is_program: Some(is_executable), ..written }), None));
        }
        FileContent::Text(text) => text,
    };
    rendered(text.len());
    let written = match file.write {
        WriteMode::Once if is_theirs => None,
        WriteMode::Once | WriteMode::Always => Some(batch.stage(path, text.as_bytes())?),
        WriteMode::Regions => {
            let merged = match with_regions(path, &text) {
                Ok(merged) => merged,
                Err(failure) => {
                    let result = plan.result(file, text.clone(), view);
                    return Err(WriteFailure::Lost(Box::new(LostRegions { text, result, failure })));
                }
            };
            Some(stage_with_regions(batch, path, &merged)?)
        }
    };
    let result = plan.result(file, text, view);
    Ok((written, result))
}

/// Writes a file while it is rendered, and tells `rendered` its bytes.
fn stream_file(
    (plan, results, view): About<'_>,
    file: &PlannedFile,
    path: &Path,
    watch: &FileWatch<'_>,
    batch: &Batch,
    mut rendered: impl FnMut(usize),
) -> Result<Written, WriteFailure> {
    let (mut length, mut result) = (0, None);
    let written = batch.stage_chunks(path, |take| {
        let mut take = |bytes: &[u8]| {
            length += bytes.len();
            take(bytes);
        };
        result = Some(plan.stream(file, results, view, watch, &mut take));
    });
    // If it cannot be written, what is wrong with the template counts all the same.
    result.unwrap_or_else(|| plan.stream(file, results, view, watch, &mut |_| {})).map_err(failure)?;
    rendered(length);
    Ok(written?)
}

/// Whether a copy may be run: what somebody set stays until the pack wants something else than it did.
fn may_run(is_program: bool, was_program: Option<bool>) -> MayRun {
    match (is_program, was_program) {
        (true, Some(true)) => MayRun::IfNew,
        (true, Some(false) | None) => MayRun::Yes,
        (false, Some(true)) => MayRun::No,
        (false, Some(false) | None) => MayRun::AsItIs,
    }
}

fn stage_with_regions(batch: &Batch, path: &Path, text: &str) -> Result<Written, disk::Error> {
    let written = batch.stage(path, text.as_bytes())?;
    Ok(Written { outside: Some(disk::hash(without_regions(text).as_bytes())), ..written })
}

/// The rendered text with the user's regions of the file at `path`.
fn with_regions(path: &Path, rendered: &str) -> Result<String, Failure> {
    let Some(old) = disk::read_unnoted(path).map_err(|error| disk::cannot_read(path, &error))? else {
        return Ok(rendered.to_owned());
    };
    let Ok(old) = String::from_utf8(old) else {
        let hint = "make it UTF-8, or move it away".to_owned();
        return Err(Failure::world(format!("{} is not UTF-8, so its regions cannot be kept", path.display()), Some(hint)));
    };
    merge_regions(rendered, &old).map_err(|lost| {
        let troubles = match lost {
            Lost::Unreadable(trouble) => vec![trouble],
            Lost::NoPlace(troubles) => troubles,
        };
        let findings = troubles
            .into_iter()
            .map(|trouble| Finding::error(Some(FindingKind::Region), Some(trouble.span), trouble.message, trouble.hint));
        let findings = findings.collect();
        Failure::about(Exit::Edited, Document { path: path.display().to_string(), text: old }, findings)
    })
}

/// Folders below `out` must be folders: a link there would lead the pack's files elsewhere. What leads to `out` is the
/// user's own choice.
fn refuse_links(out: &Path, path: &Path) -> Result<(), Failure> {
    for folder in path.ancestors().take_while(|folder| *folder != out) {
        if disk::is_link(folder) {
            let message = format!("{} is a symbolic link, and a pack does not write through it", folder.display());
            let hint = "remove the link, or give the pack another `out`".to_owned();
            return Err(Failure::world(message, Some(hint)));
        }
    }
    Ok(())
}

/// Whether somebody edited what is in no region of the file at `path`; `outside` is the XXH3 of what was there.
pub(crate) fn is_edited_outside(path: &Path, outside: u128) -> bool {
    let text = disk::read_unnoted(path).ok().flatten().and_then(|bytes| String::from_utf8(bytes).ok());
    text.is_none_or(|text| disk::hash(without_regions(&text).as_bytes()) != outside)
}

/// Tells of a problem in a pack.
pub(crate) fn failure(problem: impl Into<Box<PackProblem>>) -> Failure {
    let PackProblem { path, text, trouble, calls } = *problem.into();
    let calls: Vec<String> =
        calls.into_iter().map(|(path, Position { line, column })| format!("called from {path}:{line}:{column}")).collect();
    let mut hints: Vec<String> = trouble.hint.into_iter().collect();
    hints.extend(calls);
    let hint = (!hints.is_empty()).then(|| hints.join("; "));
    let finding = Finding::error(Some(FindingKind::Template), Some(trouble.span), trouble.message, hint);
    Failure::about(Exit::Invalid, Document { path, text }, vec![finding])
}

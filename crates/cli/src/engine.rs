//! One run: load, analyse, render, write.
//!
//! The stages are functions from values to values; only this module knows in which order they are called.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use langloom_core::emit::pack::{CompiledTemplates, ProjectView};
use langloom_core::emit::{self, Input, Output, Part};
use langloom_core::model::{self, Context, Memory, Model, Sources, Step};
use langloom_core::text::{FileId, Problem};
use langloom_core::tree::DeclarationKind;

use crate::cache::{Cache, Meant, Obsolete};
use crate::claims::Claims;
use crate::config::Project;
use crate::cutoff;
use crate::disk::{Batch, CHUNK, Replaced, Written};
use crate::jobs::Jobs;
use crate::kept::Kept;
use crate::kinds::FindingKind;
use crate::load::{Loaded, load};
use crate::made_of::MadeOf;
use crate::observe::{Observe, Phase};
use crate::packs::{self, Plans};
use crate::report::{Exit, Failure, Finding, Location, Terminal};
use crate::side::SideFiles;
use crate::staged::Staged;
use crate::{paths, problems, render, report};

/// How a run works. None of this changes a byte of what it writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) jobs: Jobs,
    pub(crate) reading: Reading,
    pub(crate) observe: Observe,
    pub(crate) side: SideFiles,
    /// Nothing comes after the run: with the process, all of its memory goes back to the system.
    pub(crate) is_last: bool,
}

impl Options {
    /// An error, and no side files, if one is in the place of `config`, of an input, or of one of `outputs`.
    pub(crate) fn check_side_files<'p>(
        &self,
        config: &Path,
        outputs: impl Iterator<Item = &'p PathBuf> + Clone,
    ) -> Result<(), Failure> {
        self.side.check(config, outputs).inspect_err(|_| self.observe.write_no_files())
    }
}

/// How grammars are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Whole, before they are parsed.
    Whole,
    /// So many bytes at a time, and parsed meanwhile.
    InChunks(usize),
    /// The same, unless there is room and several threads are there to parse a file that was read whole.
    AsItPays(usize),
}

impl Default for Options {
    fn default() -> Options {
        Options {
            jobs: Jobs::new(None),
            reading: Reading::AsItPays(CHUNK),
            observe: Observe::default(),
            side: SideFiles::default(),
            is_last: false,
        }
    }
}

/// What to do with what was rendered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write what changed. Files that were edited since they were generated are an error.
    #[default]
    Write,
    /// Write what changed; of files that were edited, keep a copy.
    Force,
    /// Write nothing.
    Trial,
}

/// What a run found out, as far as others need it.
#[derive(Debug)]
pub(crate) struct Generated {
    /// The outputs by path, with what became of them.
    pub(crate) outputs: Vec<(PathBuf, Written)>,
    /// Files of packs that are written if they are not there, and are the user's from then on.
    pub(crate) once: Vec<(PathBuf, Written)>,
    /// Outputs of the last run that are none any more; those to be deleted were, if this was no trial.
    pub(crate) obsolete: Obsolete,
    /// Outputs that somebody edited since they were generated, and that would be overwritten.
    pub(crate) edited: Vec<PathBuf>,
    /// What there is to say about the grammars, and the grammars by [`FileId`]: as they are called and where they are.
    pub(crate) problems: Vec<(Problem, Location)>,
    pub(crate) files: Vec<(String, PathBuf)>,
    /// What they mean, if somebody may ask.
    pub(crate) meant: Option<Meant>,
    /// What was in the places of outputs.
    pub(crate) replaced: Option<Replaced>,
    /// Only white space and plain comments were edited since the last run, so it ended before anything was analysed.
    pub(crate) is_cut_off: bool,
}

/// What there is from earlier runs: what the same project left, the templates of all, and what other configurations of this
/// call wrote.
pub(crate) struct Earlier<'e> {
    pub(crate) kept: &'e mut Kept,
    pub(crate) compiled: &'e mut CompiledTemplates,
    pub(crate) claims: &'e Claims,
}

/// Generates everything that `project` asks for and says on `terminal` what it does.
pub(crate) fn generate(
    project: &Project,
    options: &Options,
    mode: Mode,
    mut cache: Option<&mut Cache>,
    Earlier { kept, compiled, claims }: Earlier<'_>,
    terminal: &mut Terminal,
) -> Result<Generated, Failure> {
    let packs = packs::configured(project)?;
    options.observe.expect_packs(!packs.is_empty());
    options.observe.phase(Phase::Load);
    let mut options = *options;
    if let Some(cache) = cache.as_deref().filter(|cache| cache.last().is_some())
        && kept.restore(|| cache.left())
    {
        options.jobs = options.jobs.alone();
    }
    let options = &options;
    let mut loaded = load(project, options, kept)?;
    // A first run has nothing to compare with, and may be the only one if nothing is kept of it.
    let may_compare = cache.as_ref().is_some_and(|cache| cache.last().is_some() || loaded.memory.is_some());
    let mut nothing = Memory::default();
    let memory = loaded.memory.as_mut().unwrap_or(&mut nothing);
    let meaning = (may_compare && mode != Mode::Trial).then(|| model::meaning(&loaded.sources, memory));
    if let (Some(meaning), Some(cache)) = (meaning, cache.as_deref_mut())
        && packs.is_empty()
        // Whether all else is as it was takes reading the outputs.
        && cache.last().is_some_and(|last| cutoff::meant_the_same(last, meaning))
        && let Some(last) = cache.last_but_for(&loaded.paths)
        && let Some(generated) = cutoff::as_before(&loaded, meaning, last, options)
    {
        problems::show(generated.problems.clone(), &generated.files, terminal)?;
        kept.keep(loaded.sources, loaded.paths, loaded.memory.unwrap_or_default(), loaded.made_of);
        return Ok(generated);
    }
    let asks_for_types = !packs.is_empty();
    let Analysed { sources, inputs, files, model, problems, memory, made_of } =
        analyse_loaded(loaded, project, asks_for_types, options, kept, terminal)?;
    options.observe.phase(Phase::Render);
    let input = Input { sources: &sources, model: &model, config: &project.config };
    let outputs = emit::outputs(input);
    let paths: Vec<PathBuf> = outputs.iter().map(|output| paths::resolve(&project.folder, &output.path)).collect();
    check_paths(project, &inputs, &outputs, &paths)?;
    let view = (!packs.is_empty()).then(|| ProjectView::new(input));
    let plans = Plans::new(&packs, view.as_ref(), compiled)?;
    plans.check_paths(project, &inputs, &paths)?;
    let all_paths = [paths.clone(), plans.paths()].concat();
    options.check_side_files(&project.path, all_paths.iter())?;
    if mode != Mode::Trial {
        announce(project, &outputs, &paths, terminal);
        plans.announce(terminal);
    }

    let batch = if mode == Mode::Trial { Batch::trial() } else { Batch::default() };
    if let Some(cache) = cache.as_deref_mut().filter(|_| mode != Mode::Trial) {
        cache.begin(&all_paths);
    }
    let last = cache.as_deref().and_then(Cache::last);
    let before = |path: &Path| {
        let made = made_of.get(path)?;
        let output = last?.outputs.iter().find(|output| output.path == path && output.stamp.hash == made.hash)?;
        Some(render::Before { stat: output.stamp.stat, made })
    };
    let rendered = render::outputs(input, &outputs, &paths, before, options, &batch)?;
    if !plans.is_empty() {
        options.observe.phase(Phase::Packs);
    }
    let programs = cache.as_ref().map(|cache| cache.programs()).unwrap_or_default();
    let of_packs = plans.write(options, mode == Mode::Force, &programs, &batch)?;
    options.observe.phase(Phase::Commit);
    let written = paths.iter().cloned().zip(rendered.iter().map(|(written, _)| *written)).collect();
    let mut staged = Staged::new(written, of_packs, &all_paths, cache.as_deref());
    staged.check(project, claims, &batch)?;
    let replaced = staged.put_in_place(batch, mode, cache, options.observe, terminal)?;
    if replaced.is_some() {
        plans.note_once();
    }
    let Staged { outputs, once, edited, obsolete, .. } = staged;
    let meant = meaning.map(|meaning| cutoff::remember(meaning, &sources, problems.iter().map(|(problem, _)| problem)));
    drop(plans);
    options.observe.phase(Phase::Remember);
    kept.note_rendering(made_of);
    let made_of = paths.into_iter().zip(rendered.into_iter().map(|(_, made)| made)).collect();
    kept.keep(sources, inputs, memory, made_of);
    if options.is_last {
        // Freeing types one by one takes 15 ms of a million lines, and a hundredth of an edit.
        std::mem::forget(model);
    }
    Ok(Generated { outputs, once, obsolete, edited, problems, files, meant, replaced, is_cut_off: false })
}

/// The grammars: how they are called, and where they are.
pub(crate) fn named(sources: &Sources, paths: &[PathBuf]) -> Vec<(String, PathBuf)> {
    sources.files.iter().map(|file| file.path.clone()).zip(paths.iter().cloned()).collect()
}

/// Writes the types of the one grammar of `project` to `output`, an absolute path.
pub(crate) fn extract_types(project: &Project, output: &Path, options: &Options, terminal: &mut Terminal) -> Result<(), Failure> {
    let observe = options.observe;
    observe.phase(Phase::Load);
    let Loaded { sources, entries, paths: inputs, .. } = load(project, options, &mut Kept::default())?;
    observe.check_memory()?;
    observe.phase(Phase::Infer);
    let types = match model::extract_types(&sources, entries[0]) {
        Ok(types) => types,
        Err(problems) => {
            problems::show(problems::locate(&sources, problems), &named(&sources, &inputs), terminal)?;
            return Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() });
        }
    };
    if inputs.iter().any(|input| input == output) {
        let message = format!("{} is one of the grammars that the types come from", output.display());
        return Err(Failure::world(message, Some("choose another file with -o".to_owned())));
    }
    options.check_side_files(&project.path, [output.to_owned()].iter())?;
    observe.check_memory()?;
    observe.phase(Phase::Render);
    let mut text = String::new();
    emit::render_types(&sources, &types, &mut text);
    observe.file(text.len() as u64);
    let batch = Batch::default();
    batch.stage(output, text.as_bytes())?;
    observe.phase(Phase::Commit);
    batch.commit()?;
    Ok(())
}

/// A project without errors.
#[derive(Debug)]
pub(crate) struct Analysed {
    pub(crate) sources: Sources,
    /// The absolute path of each file.
    inputs: Vec<PathBuf>,
    /// How each file is called, and its absolute path.
    files: Vec<(String, PathBuf)>,
    pub(crate) model: Model,
    /// Warnings and hints, which were shown.
    problems: Vec<(Problem, Location)>,
    memory: Memory,
    made_of: MadeOf,
}

impl Analysed {
    /// What templates see of it.
    pub(crate) fn view<'a>(&'a self, project: &'a Project) -> ProjectView<'a> {
        ProjectView::new(Input { sources: &self.sources, model: &self.model, config: &project.config })
    }
}

/// Loads and analyses the grammars of `project`, and shows what is wrong with them on `terminal`.
pub(crate) fn analyse(
    project: &Project,
    options: &Options,
    kept: &mut Kept,
    terminal: &mut Terminal,
) -> Result<Analysed, Failure> {
    options.observe.phase(Phase::Load);
    let loaded = load(project, options, kept)?;
    analyse_loaded(loaded, project, true, options, kept, terminal)
}

fn analyse_loaded(
    loaded: Loaded,
    project: &Project,
    asks_for_types: bool,
    options: &Options,
    kept: &mut Kept,
    terminal: &mut Terminal,
) -> Result<Analysed, Failure> {
    let Loaded { sources, entries, paths: inputs, memory, made_of } = loaded;
    let observe = options.observe;
    observe.biggest(|count| biggest(&sources, count));
    let mut next = |step| -> Result<(), Failure> {
        observe.check_memory()?;
        observe.phase(match step {
            Step::Check => Phase::Check,
            Step::Resolve => Phase::Resolve,
            Step::Infer => Phase::Infer,
        });
        Ok(())
    };
    let context =
        Context { sources: &sources, entries: &entries, config: &project.config, memory: memory.as_ref(), asks_for_types };
    let analysis = options.jobs.with_workers(|workers| model::analyse_in_steps(context, workers, &mut next))?;
    memory.iter().for_each(|before| kept.note_analysis(before, &analysis.memory));
    drop(memory);
    observe.check_memory()?;
    let files = named(&sources, &inputs);
    let problems = problems::locate(&sources, analysis.problems);
    problems::show(problems.clone(), &files, terminal)?;
    match analysis.model {
        Some(model) => Ok(Analysed { sources, inputs, files, model, problems, memory: analysis.memory, made_of }),
        None => {
            kept.keep(sources, inputs, analysis.memory, made_of);
            Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() })
        }
    }
}

/// The `count` longest declarations: their names, files and bytes.
fn biggest(sources: &Sources, count: usize) -> Vec<(String, String, u64)> {
    let declarations = sources
        .files
        .iter()
        .flat_map(|file| file.tree.declarations.iter().map(move |declaration| (file, declaration, declaration.length())));
    let mut declarations: Vec<_> = declarations.collect();
    let most = count.min(declarations.len());
    if most < declarations.len() {
        declarations.select_nth_unstable_by_key(most, |(_, _, bytes)| std::cmp::Reverse(*bytes));
    }
    declarations.truncate(most);
    declarations.sort_by_key(|(_, _, bytes)| std::cmp::Reverse(*bytes));
    let named = declarations.into_iter().map(|(file, declaration, bytes)| {
        let name = declaration.kind.name().map_or("a broken declaration", |name| sources.names.get(name));
        (name.to_owned(), file.path.clone(), u64::from(bytes))
    });
    named.collect()
}

/// Grammars, and what checks found in them.
pub(crate) struct Checked {
    pub(crate) sources: Sources,
    /// The absolute path of each file.
    pub(crate) inputs: Vec<PathBuf>,
    pub(crate) problems: Vec<Problem>,
}

/// Loads and checks the grammars of `project`. If they `may_be_parts`, one without a name is checked as what it is, the
/// part of a language, and need not be a language.
pub(crate) fn check(project: &Project, may_be_parts: bool, options: &Options) -> Result<Checked, Failure> {
    options.observe.phase(Phase::Load);
    let Loaded { sources, mut entries, paths: inputs, .. } = load(project, options, &mut Kept::default())?;
    options.observe.check_memory()?;
    let mut config = project.config.clone();
    if may_be_parts {
        let declares_name = |&entry: &FileId| {
            let first = sources.file(entry).tree.declarations.first();
            first.is_some_and(|first| matches!(first.kind, DeclarationKind::Grammar { .. }))
        };
        let pairs = entries.into_iter().zip(config.languages).filter(|(entry, _)| declares_name(entry));
        (entries, config.languages) = pairs.unzip();
    }
    options.observe.phase(Phase::Check);
    let problems = options.jobs.with_workers(|workers| model::find_problems(&sources, &entries, &config, workers));
    options.observe.check_memory()?;
    Ok(Checked { sources, inputs, problems })
}

/// What has a path.
enum Taken<'o> {
    Grammar,
    Configuration,
    Output(&'o Output),
}

/// Two outputs in one file, or an output in place of an input, would silently destroy one of them.
fn check_paths(project: &Project, inputs: &[PathBuf], outputs: &[Output], paths: &[PathBuf]) -> Result<(), Failure> {
    let of_language = |output: &Output| match output.part {
        Part::Project => output.target.name.to_owned(),
        Part::Language(index) | Part::Rule(index, _) => {
            format!("{} of the language `{}`", output.target.name, project.config.languages[index].id)
        }
    };
    let words = |other: Taken<'_>| match other {
        Taken::Grammar => "a grammar".to_owned(),
        Taken::Configuration => "the configuration".to_owned(),
        Taken::Output(output) => of_language(output),
    };
    let mut taken: HashMap<&Path, Taken<'_>> = inputs.iter().map(|path| (&**path, Taken::Grammar)).collect();
    taken.insert(&project.path, Taken::Configuration);
    for (output, path) in outputs.iter().zip(paths) {
        if let Some(other) = taken.insert(path, Taken::Output(output)) {
            let message = format!("{} and {} have the same path: {}", of_language(output), words(other), path.display());
            let hint = "give each output its own `out` in the configuration".to_owned();
            let finding = Finding::error(Some(FindingKind::SamePath), None, message, Some(hint));
            return Err(Failure::about(Exit::Invalid, project.document.clone(), vec![finding]));
        }
    }
    Ok(())
}

/// Says where the outputs go, in langium-cli's words: the folder of the first ones once, every other path on its own, and
/// of a file for each rule only the folder.
fn announce(project: &Project, outputs: &[Output], paths: &[PathBuf], terminal: &mut Terminal) {
    let folder = paths::resolve(&project.folder, &project.config.out);
    let bold = report::BOLD;
    terminal.line(format_args!("Writing generated files to {bold}{}{bold:#}", folder.display()));
    let is_apart = |output: &Output, path: &Path| output.part != Part::Project || path.parent() != Some(&folder);
    let mut last = None;
    for (output, path) in outputs.iter().zip(paths).filter(|(output, path)| is_apart(output, path)) {
        let place = match output.part {
            Part::Project | Part::Language(_) => path,
            Part::Rule(..) => path.parent().unwrap_or(path),
        };
        if last.replace(place) != Some(place) {
            terminal.line(format_args!("Writing {} to {bold}{}{bold:#}", what_it_is(output), place.display()));
        }
    }
}

/// What langium-cli calls an output (`runGenerator` in its `generate.ts`).
fn what_it_is(output: &Output) -> &'static str {
    match (output.target.name, output.part) {
        ("textMate", _) => "textmate grammar",
        ("monarch", _) => "monarch grammar",
        ("prism", _) => "prism grammar",
        ("railroad", Part::Rule(..)) => "railroad syntax diagrams",
        ("railroad", _) => "railroad syntax diagram",
        ("bnf", _) => "BNF grammar",
        (name, _) => name,
    }
}

//! One run: load, analyse, render, write.
//!
//! The stages are functions from values to values; only this module knows in which order they are called.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use langloom_core::emit::{self, Input, Output, Part};
use langloom_core::model::{self, File, Model, Sources};
use langloom_core::syntax;
use langloom_core::text::{FileId, Names, Problem};
use langloom_core::tree::Tree;

use crate::config::Project;
use crate::disk::{self, Batch, Committed};
use crate::report::{Exit, Failure, Finding, Format, Terminal};
use crate::{paths, report};

/// Generates everything that `project` asks for and says on `terminal` what it does.
pub(crate) fn generate(project: &Project, terminal: &mut Terminal) -> Result<Committed, Failure> {
    let Analysed { sources, inputs, model } = analyse(project, terminal)?;
    let input = Input { sources: &sources, model: &model, config: &project.config };
    let outputs = emit::outputs(input);
    let paths: Vec<PathBuf> = outputs.iter().map(|output| paths::resolve(&project.folder, &output.path)).collect();
    check_paths(project, &inputs, &outputs, &paths)?;
    announce(project, &outputs, &paths, terminal);

    let mut batch = Batch::default();
    let mut text = String::new();
    for (output, path) in outputs.iter().zip(&paths) {
        text.clear();
        emit::render(output, input, &mut text);
        batch.stage(path, text.as_bytes())?;
    }
    batch.commit()
}

/// Writes the types of the one grammar of `project` to `output`, an absolute path.
pub(crate) fn extract_types(project: &Project, output: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let Loaded { sources, entries, paths: inputs } = load(project)?;
    let types = model::extract_types(&sources, entries[0]).map_err(|problems| {
        show_problems(&sources, problems, terminal);
        Failure { exit: Exit::Invalid, document: None, findings: Vec::new() }
    })?;
    if inputs.iter().any(|input| input == output) {
        let message = format!("{} is one of the grammars that the types come from", output.display());
        return Err(Failure::world(message, Some("choose another file with -o".to_owned())));
    }
    let mut text = String::new();
    emit::render_types(&sources, &types, &mut text);
    let mut batch = Batch::default();
    batch.stage(output, text.as_bytes())?;
    batch.commit()?;
    Ok(())
}

/// A project without errors.
#[derive(Debug)]
pub(crate) struct Analysed {
    pub(crate) sources: Sources,
    /// The absolute path of each file.
    inputs: Vec<PathBuf>,
    pub(crate) model: Model,
}

/// Loads and analyses the grammars of `project`, and shows what is wrong with them on `terminal`.
pub(crate) fn analyse(project: &Project, terminal: &mut Terminal) -> Result<Analysed, Failure> {
    let Loaded { sources, entries, paths: inputs } = load(project)?;
    let analysis = model::analyse(&sources, &entries, &project.config);
    show_problems(&sources, analysis.problems, terminal);
    match analysis.model {
        Some(model) => Ok(Analysed { sources, inputs, model }),
        None => Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() }),
    }
}

/// The grammars of a project.
struct Loaded {
    sources: Sources,
    /// The file that each language starts with.
    entries: Vec<FileId>,
    /// The absolute path of each file.
    paths: Vec<PathBuf>,
}

/// Reads and parses the grammars of all languages and what they import, each file once, in the order in which langium-cli
/// loads them (`eagerLoad` in its `generate.ts`): each language's grammar, then its imports, depth first.
fn load(project: &Project) -> Result<Loaded, Failure> {
    let mut loader = Loader { names: Names::new(), files: Vec::new(), known: HashMap::new() };
    let mut entries = Vec::new();
    let mut missing = Vec::new();
    for (language, &span) in project.config.languages.iter().zip(&project.grammar_spans) {
        let path = paths::resolve(&project.folder, &language.grammar);
        match loader.load(&path) {
            Ok(Some(id)) => entries.push(id),
            Ok(None) => {
                let message = format!("the grammar file `{}` does not exist", language.grammar);
                let hint = format!("it was looked for at {}", path.display());
                missing.push(Finding::error(Some("missing-grammar"), span, message, Some(hint)));
            }
            Err(failure) => return Err(failure),
        }
    }
    if !missing.is_empty() {
        return Err(Failure::about(Exit::Failed, project.document.clone(), missing));
    }
    let mut files = Vec::new();
    let mut paths = Vec::new();
    for draft in loader.files {
        let path = paths::relative(&project.folder, &draft.path).display().to_string();
        files.push(Arc::new(File { path, text: draft.text, tree: draft.tree, imports: draft.imports }));
        paths.push(draft.path);
    }
    Ok(Loaded { sources: Sources { names: loader.names, files }, entries, paths })
}

/// The files loaded so far.
struct Loader {
    names: Names,
    files: Vec<Draft>,
    /// The file at each absolute path that was asked for; `None` if there is none.
    known: HashMap<PathBuf, Option<FileId>>,
}

/// A file whose imports are being loaded.
struct Draft {
    path: PathBuf,
    text: String,
    tree: Tree,
    /// What it imports: absolute paths, `None` for an import without a path.
    wanted: Vec<Option<PathBuf>>,
    /// What the first of `wanted` led to.
    imports: Vec<Option<FileId>>,
}

impl Loader {
    /// Loads the file at the absolute `path` and all that it imports, unless that was done; `None` if there is no file.
    ///
    /// Keeps its own stack: a chain of imports may be longer than the thread's is deep.
    fn load(&mut self, path: &Path) -> Result<Option<FileId>, Failure> {
        let (root, mut open) = self.visit(path)?;
        let mut stack = Vec::from_iter(open);
        while let Some(&id) = stack.last() {
            let file = &self.files[id.index()];
            let Some(wanted) = file.wanted.get(file.imports.len()) else {
                stack.pop();
                continue;
            };
            let found = match wanted.clone() {
                Some(path) => {
                    let found;
                    (found, open) = self.visit(&path)?;
                    stack.extend(open);
                    found
                }
                None => None,
            };
            self.files[id.index()].imports.push(found);
        }
        Ok(root)
    }

    /// Reads the one file at `path`, unless that was done. Returns the file, if there is one, and again if it is new.
    fn visit(&mut self, path: &Path) -> Result<(Option<FileId>, Option<FileId>), Failure> {
        if let Some(&known) = self.known.get(path) {
            return Ok((known, None));
        }
        let id = match disk::read_text_if_exists(path)? {
            Some(text) => {
                let tree = syntax::parse(&text, &mut self.names);
                let folder = path.parent().unwrap_or(path);
                let wanted = model::import_paths(&tree, &self.names)
                    .map(|import| import.map(|import| paths::resolve(folder, import)))
                    .collect();
                let id = FileId(self.files.len() as u32);
                self.files.push(Draft { path: path.to_owned(), text, tree, wanted, imports: Vec::new() });
                Some(id)
            }
            None => None,
        };
        self.known.insert(path.to_owned(), id);
        Ok((id, id))
    }
}

/// Shows what was found in the grammars, file by file.
fn show_problems(sources: &Sources, problems: Vec<Problem>, terminal: &mut Terminal) {
    let problems = match terminal.format() {
        Format::Plain => problems,
        Format::Human => without_repetitions(problems),
    };
    let mut problems = problems.into_iter().peekable();
    while let Some(first) = problems.next() {
        let (id, span_file) = (first.file, first.span_file);
        let mut findings = vec![Finding::from(first)];
        let same = |problem: &Problem| problem.file == id && problem.span_file == span_file;
        findings.extend(std::iter::from_fn(|| problems.next_if(same)).map(Finding::from));
        // Langium prints the path of the file that it checks, also if the place is in another one.
        let named = if terminal.format() == Format::Plain { id } else { span_file };
        terminal.findings(Some((&sources.file(named).path, &sources.file(span_file).text)), &findings);
    }
}

/// What is wrong in an imported file is found again in each file that imports it.
fn without_repetitions(mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut seen: HashSet<(FileId, u32, String)> = HashSet::new();
    let own = problems.iter().filter(|problem| problem.file == problem.span_file);
    seen.extend(own.map(|problem| (problem.span_file, problem.span.start, problem.message.clone())));
    problems.retain(|problem| {
        problem.file == problem.span_file || seen.insert((problem.span_file, problem.span.start, problem.message.clone()))
    });
    problems
}

/// Two outputs in one file, or an output in place of an input, would silently destroy one of them.
fn check_paths(project: &Project, inputs: &[PathBuf], outputs: &[Output], paths: &[PathBuf]) -> Result<(), Failure> {
    let mut taken: HashMap<&Path, &str> = inputs.iter().map(|path| (&**path, "a grammar")).collect();
    taken.insert(&project.path, "the configuration");
    for (output, path) in outputs.iter().zip(paths) {
        if let Some(other) = taken.insert(path, output.target.name) {
            let message = format!("{} and {other} have the same path: {}", output.target.name, path.display());
            let hint = "give each output its own `out` in the configuration".to_owned();
            let finding = Finding::error(Some("same-path"), None, message, Some(hint));
            return Err(Failure::about(Exit::Invalid, project.document.clone(), vec![finding]));
        }
    }
    Ok(())
}

/// Says where the outputs go: the folder of the first ones once, every other path on its own, and of a file for each rule
/// only the folder.
fn announce(project: &Project, outputs: &[Output], paths: &[PathBuf], terminal: &mut Terminal) {
    let folder = paths::resolve(&project.folder, &project.config.out);
    let bold = report::BOLD;
    terminal.line(format_args!("Writing generated files to {bold}{}{bold:#}", folder.display()));
    let mut last = None;
    for (output, path) in outputs.iter().zip(paths).filter(|(_, path)| path.parent() != Some(&folder)) {
        let place = match output.part {
            Part::Project | Part::Language(_) => path,
            Part::Rule(..) => path.parent().unwrap_or(path),
        };
        if last.replace(place) != Some(place) {
            terminal.line(format_args!("Writing {} to {bold}{}{bold:#}", output.target.name, place.display()));
        }
    }
}

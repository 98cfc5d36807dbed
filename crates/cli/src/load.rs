//! From a configuration to trees: which files there are, read and parsed once each.
//!
//! Files are found in waves: the entry grammars, what they import, what that imports. The files of a wave do not depend
//! on each other. Their order in [`Sources`] does not depend on waves or threads: it is that of langium-cli.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use langloom_core::model::{self, File, Memory, Sources};
use langloom_core::syntax::{self, Edit, Incoming};
use langloom_core::text::{FileId, Names};
use langloom_core::tree::Tree;

use crate::config::{Given, Project};
use crate::disk::{self, CHUNK};
use crate::engine::{Options, Reading};
use crate::kept::Kept;
use crate::kinds::FindingKind;
use crate::made_of::MadeOf;
use crate::memory;
use crate::observe::{Kind, Observe};
use crate::paths;
use crate::report::{Exit, Failure, Finding};

/// The grammars of a project.
pub(crate) struct Loaded {
    pub(crate) sources: Sources,
    /// The file that each language starts with.
    pub(crate) entries: Vec<FileId>,
    /// The absolute path of each file.
    pub(crate) paths: Vec<PathBuf>,
    /// What the analysis may ask and has to answer for the next one, if there is going to be one.
    pub(crate) memory: Option<Memory>,
    /// What outputs were made of.
    pub(crate) made_of: MadeOf,
}

/// Reads and parses the grammars of all languages and what they import, each file once, in the order in which langium-cli
/// loads them (`eagerLoad` in its `generate.ts`): each language's grammar, then its imports, depth first.
pub(crate) fn load(project: &Project, options: &Options, kept: &mut Kept) -> Result<Loaded, Failure> {
    let grammars = project.config.languages.iter().map(|language| paths::resolve(&project.folder, &language.grammar));
    let grammars: Vec<PathBuf> = grammars.collect();
    let mut before = kept.take();
    let mut files = std::mem::take(&mut before.files);
    let (names, found) = (std::mem::take(&mut before.names), HashMap::new());
    let mut drafts = Drafts { given: &project.given, names, found, edits: Some(Vec::new()) };
    let mut wave = grammars.clone();
    while !wave.is_empty() {
        wave = drafts.add_wave(wave, options, &mut files)?;
    }
    check_entries(project, &grammars, &drafts)?;
    kept.note_edits(drafts.edits.take().filter(|_| files.is_empty()));
    let (sources, entries, paths) = drafts.in_order(project, &grammars);
    let (memory, made_of) = before.into_memory(&sources);
    Ok(Loaded { sources, entries, paths, memory, made_of })
}

/// The languages whose grammar is missing are the configuration's mistake.
fn check_entries(project: &Project, grammars: &[PathBuf], drafts: &Drafts<'_>) -> Result<(), Failure> {
    let missing = |path: &PathBuf| !matches!(drafts.found.get(path), Some(Some(_)));
    let languages = grammars.iter().zip(&project.config.languages).zip(&project.grammar_spans);
    let findings = languages.filter(|((path, _), _)| missing(path)).map(|((path, language), span)| {
        let message = format!("the grammar file `{}` does not exist", language.grammar);
        let hint = format!("it was looked for at {}", path.display());
        Finding::error(Some(FindingKind::MissingGrammar), *span, message, Some(hint))
    });
    let findings: Vec<Finding> = findings.collect();
    if findings.is_empty() { Ok(()) } else { Err(Failure::about(Exit::Failed, project.document.clone(), findings)) }
}

/// What stands for files, by absolute path.
type AllGiven = HashMap<PathBuf, Given>;

/// The files loaded so far.
struct Drafts<'p> {
    given: &'p AllGiven,
    names: Names,
    /// The file at each absolute path that was asked for; `None` if there is none.
    found: HashMap<PathBuf, Option<Draft>>,
    /// What was edited in files that were kept, in the order in which they are parsed; none if that is not all.
    edits: Option<Vec<(PathBuf, Edit)>>,
}

/// A file that was parsed.
struct Draft {
    text: String,
    tree: Tree,
    /// What it imports: absolute paths, `None` for an import without a path.
    imports: Vec<Option<PathBuf>>,
}

/// A file that was parsed apart from the others, with names of its own.
struct Apart {
    text: String,
    tree: Tree,
    names: Names,
}

/// From this many files on, they are parsed on several threads. A small grammar takes some 40 µs, about as long as
/// starting a thread.
const FILES_TO_SHARE: usize = 8;

/// Bytes of memory that a run from nothing takes for each byte of a grammar; 14.6 at 10,000 lines.
const ROOM: usize = 12;
/// Bytes of a grammar from which on its memory is put in place before: 1,000 lines take 3 % less CPU time so, fewer as much.
const WORTH_EXPECTING: usize = 32 * 1024;

impl Drafts<'_> {
    /// Loads the files of `wave` that were not loaded before. Returns what they import, sorted out.
    fn add_wave(
        &mut self,
        mut wave: Vec<PathBuf>,
        options: &Options,
        kept: &mut HashMap<PathBuf, Arc<File>>,
    ) -> Result<Vec<PathBuf>, Failure> {
        let mut asked = std::collections::HashSet::new();
        wave.retain(|path| !self.found.contains_key(path) && asked.insert(path.clone()));
        let mut imports = Vec::new();
        if wave.len() >= FILES_TO_SHARE && options.jobs.count() > 1 && kept.is_empty() {
            self.edits = None;
            let parsed =
                options.jobs.with_workers(|workers| workers.map(&wave, |path| parse_apart(path, self.given.get(path), options)));
            for (path, file) in wave.into_iter().zip(parsed) {
                let draft = file.map_err(|error| disk::cannot_read(&path, &error))?.map(|file| self.adopt(file));
                self.add(path, draft, &mut imports);
            }
        } else {
            for path in wave {
                let draft = self.read(&path, options, kept.remove(&path))?;
                self.add(path, draft, &mut imports);
            }
        }
        Ok(imports)
    }

    fn add(&mut self, path: PathBuf, draft: Option<(String, Tree)>, imports: &mut Vec<PathBuf>) {
        let draft = draft.map(|(text, tree)| {
            let folder = path.parent().unwrap_or(&path);
            let wanted =
                model::import_paths(&tree, &self.names).map(|import| import.map(|import| paths::resolve(folder, import)));
            Draft { imports: wanted.collect(), text, tree }
        });
        imports.extend(draft.iter().flat_map(|draft| draft.imports.iter().flatten().cloned()));
        self.found.insert(path, draft);
    }

    /// Makes the names of a file those of all files.
    fn adopt(&mut self, file: Apart) -> (String, Tree) {
        let Apart { text, mut tree, names } = file;
        tree.rename(&self.names.intern_all(&names));
        (text, tree)
    }

    /// Reads and parses one file, or only what changed in it since it was `kept`.
    fn read(&mut self, path: &Path, options: &Options, kept: Option<Arc<File>>) -> Result<Option<(String, Tree)>, Failure> {
        let Some(kept) = kept else {
            self.edits = None;
            return read_and_parse(path, self.given.get(path), options, &mut self.names)
                .map_err(|error| disk::cannot_read(path, &error).into());
        };
        let Some(text) = disk::read_text_if_exists(path)? else {
            self.edits = None;
            return Ok(None);
        };
        options.observe.file(text.len() as u64);
        options.observe.lookup(true);
        let edit = (kept.text != text).then(|| Edit::between(&kept.text, &text));
        let old = Arc::try_unwrap(kept).map_or_else(|shared| shared.tree.clone(), |file| file.tree);
        let Some(edit) = edit else { return Ok(Some((text, old))) };
        let declarations = old.declarations.len();
        let tree = syntax::reparse(edit, old, &text, &mut self.names);
        // What is remembered of declarations is found by their positions.
        if tree.declarations.len() != declarations {
            self.edits = None;
        }
        self.edits.iter_mut().for_each(|edits| edits.push((path.to_owned(), edit)));
        Ok(Some((text, tree)))
    }

    /// All files in the order of a walk from each of `grammars`, depth first.
    ///
    /// Keeps its own stack: a chain of imports may be longer than the thread's is deep.
    fn in_order(mut self, project: &Project, grammars: &[PathBuf]) -> (Sources, Vec<FileId>, Vec<PathBuf>) {
        let mut ids: HashMap<PathBuf, FileId> = HashMap::new();
        let mut paths: Vec<PathBuf> = Vec::new();
        for grammar in grammars {
            let mut pending = vec![grammar.clone()];
            while let Some(path) = pending.pop() {
                let Some(Some(draft)) = self.found.get(&path) else { continue };
                if ids.contains_key(&path) {
                    continue;
                }
                ids.insert(path.clone(), FileId(paths.len() as u32));
                pending.extend(draft.imports.iter().rev().flatten().cloned());
                paths.push(path);
            }
        }
        let files = paths.iter().map(|path| {
            let Some(Some(Draft { text, tree, imports })) = self.found.remove(path) else { unreachable!("it was found") };
            let imports = imports.iter().map(|import| ids.get(import.as_ref()?).copied()).collect();
            Arc::new(File::new(paths::relative(&project.folder, path).display().to_string(), text, tree, imports))
        });
        let files = files.collect();
        let entries = grammars.iter().map(|path| ids[path]).collect();
        (Sources { names: self.names, files }, entries, paths)
    }
}

fn parse_apart(path: &Path, given: Option<&Given>, options: &Options) -> io::Result<Option<Apart>> {
    let mut names = Names::new();
    let file = read_and_parse(path, given, options, &mut names)?;
    Ok(file.map(|(text, tree)| Apart { text, tree, names }))
}

/// Reads and parses a file, or what is `given` in its place; `None` if there is none.
fn read_and_parse(
    path: &Path,
    given: Option<&Given>,
    options: &Options,
    names: &mut Names,
) -> io::Result<Option<(String, Tree)>> {
    let observe = options.observe;
    let mut span = observe.span(Kind::File, || path.display().to_string());
    let jobs = options.jobs.count();
    let length = || disk::stat(path).map_or(0, |stat| stat.length);
    let mut parse_whole = |text: String| {
        expect_grammar(text.len());
        let tree = options.jobs.with_workers(|workers| syntax::parse_in_pieces(&text, names, jobs, workers));
        (text, tree)
    };
    let parsed = match (given, options.reading) {
        (Some(Given::Text(text)), _) => Ok(parse_whole(text.clone())),
        (Some(Given::StandardInput), reading) => {
            let chunk = match reading {
                Reading::Whole => CHUNK,
                Reading::InChunks(chunk) | Reading::AsItPays(chunk) => chunk,
            };
            let mut incoming = Incoming::default();
            let feed = |bytes: &[u8]| incoming.feed(bytes, names);
            disk::read_standard_input(chunk, feed).map(|()| incoming.finish(names))
        }
        (None, Reading::InChunks(chunk)) => read_in_chunks(path, chunk, observe, names),
        (None, Reading::AsItPays(chunk)) if jobs == 1 || !observe.has_room_to_parse_in_pieces(length) => {
            read_in_chunks(path, chunk, observe, names)
        }
        (None, Reading::AsItPays(_) | Reading::Whole) => disk::read_text(path).map(parse_whole),
    };
    match parsed {
        Ok(parsed) => {
            let bytes = parsed.0.len() as u64;
            span.bytes(bytes);
            observe.file(bytes);
            Ok(Some(parsed))
        }
        Err(error) if disk::is_absence(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Has the memory in place that a run takes for a grammar of so many bytes, if it is worth it.
fn expect_grammar(bytes: usize) {
    if bytes >= WORTH_EXPECTING {
        memory::expect(bytes.saturating_mul(ROOM));
    }
}

/// Parses a file while it is read.
fn read_in_chunks(path: &Path, chunk: usize, observe: Observe, names: &mut Names) -> io::Result<(String, Tree)> {
    let mut incoming = Incoming::default();
    let mut is_first = true;
    disk::read_chunks(path, chunk, |bytes| {
        if std::mem::take(&mut is_first) {
            // Of a file that is one chunk, that is all there is to know.
            let is_all = bytes.len() < chunk;
            let length = if is_all { bytes.len() as u64 } else { disk::stat(path).map_or(0, |stat| stat.length) };
            expect_grammar(length as usize);
            if !is_all {
                observe.expect(length.div_ceil(chunk as u64));
            }
        }
        observe.piece(|| incoming.feed(bytes, names));
    })?;
    Ok(incoming.finish(names))
}

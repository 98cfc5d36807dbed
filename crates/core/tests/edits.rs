//! However a project is edited, what is made of it piece by piece is what a clean run makes of it: trees that are kept from
//! edit to edit or parsed while they arrive, with names that were numbered long ago and a memory of what earlier analyses
//! found, give the same problems, the same model and the same outputs.
//!
//! 10,000 edits of small grammars; `EDITS=1000000 SEED=7 cargo test -p langloom-core --test edits` makes more and others.

mod edited_project;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use edited_project::{Dice, EditedProject};
use langloom_core::codec::{Reader, Writer};
use langloom_core::emit::{self, Chunk, Input, Output, Pieces, Sink};
use langloom_core::model::config::{BnfConfig, BnfDialect, Config, LanguageConfig, RailroadConfig};
use langloom_core::model::{self, Context, File, Memory, Sources, import_paths};
use langloom_core::syntax::{Edit, Incoming, parse, reparse};
use langloom_core::text::{FileId, Names, Problem};
use langloom_core::tree::{self, Tree};
use langloom_core::work::Workers;

const ENTRY: &str = "main.langium";

#[test]
fn edited_projects_are_as_if_they_were_new() {
    let number = |variable: &str, default: u64| match std::env::var(variable) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, not {text}")),
        Err(_) => default,
    };
    let edits = number("EDITS", 10_000);
    let mut dice = Dice::new(number("SEED", 1));
    let mut project = EditedProject::new();
    let mut kept = Kept::default();
    let mut stored = Kept::default();
    let (mut generated, mut rejected) = (0, 0);
    let mut is_good = true;
    let mut last: Option<Outcome> = None;
    let mut same_meanings = 0;
    let (mut reused, mut reused_from_bytes) = (Reused::default(), Reused::default());
    for step in 0..edits {
        let edit = project.edit(is_good, &mut dice);
        let files = project.files();
        let clean = outcome(load(&files, &mut Names::new(), parse), None);
        let sources = kept.load(&files);
        let by_edits = outcome(sources, Some(&mut kept.left));
        stored = stored.through_bytes();
        let sources = stored.load(&files);
        let by_bytes = outcome(sources, Some(&mut stored.left));
        let streamed = outcome(load(&files, &mut Names::new(), |text, names| stream(text, names, &mut dice)), None);
        assert_same(&clean, &by_edits, &format!("kept trees, edit {step}: {edit}"), &files);
        assert_same(&clean, &by_bytes, &format!("what was written and read, edit {step}: {edit}"), &files);
        assert_same(&clean, &streamed, &format!("chunks, edit {step}: {edit}"), &files);
        reused += kept.left.reused;
        // What differs is that files with mistakes are not written.
        assert!(stored.left.reused.bytes_of_types <= kept.left.reused.bytes_of_types, "edit {step}: {edit}");
        reused_from_bytes += stored.left.reused;
        if let Some(last) = last.filter(|last| !last.outputs.is_empty() && last.meaning == by_edits.meaning) {
            assert_eq!(last.outputs, by_edits.outputs, "outputs of the same meaning, edit {step}: {edit}\n{files:#?}");
            assert_eq!(findings(&last), findings(&by_edits), "findings of the same meaning, edit {step}: {edit}\n{files:#?}");
            same_meanings += 1;
        }
        last = Some(by_edits);
        is_good = !clean.outputs.is_empty();
        *if is_good { &mut generated } else { &mut rejected } += 1;
    }
    // Without these, the comparisons above could be of nothing.
    assert!(generated * 4 > edits, "only {generated} of {edits} projects were good enough to generate anything");
    assert!(rejected * 10 > edits, "only {rejected} of {edits} projects had errors");
    assert!(same_meanings * 50 > edits, "only {same_meanings} of {edits} edits changed no meaning");
    assert!(reused.declarations * 5 > edits, "only {} declarations were taken from grammar.ts", reused.declarations);
    assert!(reused_from_bytes.types * 2 > reused.types, "only {} times from bytes", reused_from_bytes.types);
    assert!(reused.parts_of_types * 50 > edits, "only {} of {edits} edits left parts of the types", reused.parts_of_types);
    assert!(reused.types * 5 > edits, "only {} of {edits} edits left the types in ast.ts", reused.types);
}

/// What was found, wherever it is.
fn findings(outcome: &Outcome) -> Vec<(&'static str, &str)> {
    let mut findings: Vec<_> = outcome.problems.iter().map(|problem| (problem.code.name(), &*problem.message)).collect();
    findings.sort_unstable();
    findings
}

/// What a run makes of a project.
struct Outcome {
    trees: Vec<String>,
    problems: Vec<Problem>,
    model: String,
    outputs: Vec<(String, String)>,
    meaning: u128,
}

fn assert_same(clean: &Outcome, other: &Outcome, what: &str, files: &BTreeMap<String, String>) {
    assert_eq!(clean.trees, other.trees, "trees by {what}\n{files:#?}");
    assert_eq!(clean.problems, other.problems, "problems by {what}\n{files:#?}");
    assert_eq!(clean.model, other.model, "model by {what}\n{files:#?}");
    assert_eq!(clean.outputs, other.outputs, "outputs by {what}\n{files:#?}");
}

/// What a run leaves for the next one.
#[derive(Default)]
struct Left {
    memory: Memory,
    /// The outputs by path, and what they are made of.
    outputs: BTreeMap<String, (String, Pieces)>,
    /// What the run took from those of the last one.
    reused: Reused,
}

/// How many pieces of outputs were not written again.
#[derive(Clone, Copy, Default)]
struct Reused {
    declarations: u64,
    /// Whether there were any in ast.ts, their bytes, and whether something else is between them.
    types: u64,
    bytes_of_types: u64,
    parts_of_types: u64,
}

impl std::ops::AddAssign for Reused {
    fn add_assign(&mut self, other: Reused) {
        self.declarations += other.declarations;
        self.types += other.types;
        self.bytes_of_types += other.bytes_of_types;
        self.parts_of_types += other.parts_of_types;
    }
}

impl Left {
    /// The text of `output`, with pieces of the last one in its place.
    fn render(&mut self, output: &Output, input: Input<'_>) -> String {
        let (old, pieces) = self.outputs.remove(&output.path).unwrap_or_default();
        let mut text = String::new();
        let (mut places, mut bytes) = (0, 0);
        let mut take = |chunk: Chunk<'_>| match chunk {
            Chunk::Text(new) => text.push_str(new),
            Chunk::Earlier(place) => {
                text.push_str(&old[place.start as usize..place.end as usize]);
                places += 1;
                bytes += place.end - place.start;
            }
        };
        let mut sink = Sink::after(&pieces, 64, &mut take);
        emit::render(output, input, &mut sink);
        let new_pieces = sink.finish();
        match output.target.name {
            "grammar" => self.reused.declarations += places,
            "ast" => {
                self.reused.types += places.min(1);
                self.reused.bytes_of_types += bytes;
                self.reused.parts_of_types += u64::from(places > 2);
            }
            _ => assert_eq!(places, 0, "{} has no pieces", output.path),
        }
        self.outputs.insert(output.path.clone(), (text.clone(), new_pieces));
        text
    }
}

fn outcome(sources: Sources, mut left: Option<&mut Left>) -> Outcome {
    // Every other time, as it is with packs.
    let asks_for_types = sources.names.len().is_multiple_of(2);
    let config = config();
    let trees = sources.files.iter().map(|file| tree::dump(&file.tree, &sources.names)).collect();
    let meaning = model::meaning(&sources, &mut Memory::default());
    if let Some(left) = &mut left {
        assert_eq!(model::meaning(&sources, &mut left.memory), meaning, "what is remembered of declarations");
    }
    let memory = left.as_deref().map(|left| &left.memory);
    let context = Context { sources: &sources, entries: &[FileId(0)], config: &config, memory, asks_for_types };
    let Ok(analysis) = model::analyse_in_steps(context, Workers::alone(), &mut |_| Ok::<(), Infallible>(()));
    if let Some(left) = &mut left {
        (left.memory, left.reused) = (analysis.memory, Reused::default());
    }
    let mut outcome = Outcome { trees, problems: analysis.problems, model: String::new(), outputs: Vec::new(), meaning };
    if let Some(model) = &analysis.model {
        let input = Input { sources: &sources, model, config: &config };
        let outputs = emit::outputs(input).into_iter();
        let render = |output: Output| match &mut left {
            Some(left) => (output.path.clone(), left.render(&output, input)),
            None => (output.path.clone(), emit::render_whole(&output, input)),
        };
        outcome.outputs = outputs.map(render).collect();
        outcome.model = model::dump(model, &sources);
    }
    outcome
}

/// Everything that can be asked for.
fn config() -> Config {
    let language = LanguageConfig {
        id: "language".to_owned(),
        grammar: ENTRY.to_owned(),
        text_mate: Some("textmate.json".to_owned()),
        monarch: Some("monarch.ts".to_owned()),
        prism: Some("prism.js".to_owned()),
        railroad: Some(RailroadConfig { out: "railroad.html".to_owned(), css: None, styles: None, svg: false }),
        bnf: Some(BnfConfig { out: "language.bnf".to_owned(), dialect: BnfDialect::Gbnf, comment: None }),
        ..LanguageConfig::default()
    };
    Config { project_name: "Edited".to_owned(), languages: vec![language], ..Config::default() }
}

/// The entry grammar and what it imports, depth first, each parsed by `parse`.
fn load(files: &BTreeMap<String, String>, names: &mut Names, mut parse: impl FnMut(&str, &mut Names) -> Tree) -> Sources {
    load_named(files, names, |_, text, names| parse(text, names))
}

fn load_named(
    files: &BTreeMap<String, String>,
    names: &mut Names,
    mut parse: impl FnMut(&str, &str, &mut Names) -> Tree,
) -> Sources {
    let mut order: Vec<String> = Vec::new();
    let mut trees = Vec::new();
    let mut pending = vec![ENTRY.to_owned()];
    while let Some(name) = pending.pop() {
        let Some(text) = files.get(&name).filter(|_| !order.contains(&name)) else { continue };
        let tree = parse(&name, text, names);
        let imports: Vec<Option<String>> = import_paths(&tree, names).collect();
        pending.extend(imports.iter().rev().flatten().map(|path| path.trim_start_matches("./").to_owned()));
        order.push(name);
        trees.push((tree, imports));
    }
    let id = |path: &String| order.iter().position(|name| name == path.trim_start_matches("./")).map(|id| FileId(id as u32));
    let loaded = order.iter().zip(trees).map(|(name, (tree, imports))| {
        let imports = imports.iter().map(|path| id(path.as_ref()?)).collect();
        Arc::new(File::new(name.clone(), files[name].clone(), tree, imports))
    });
    let loaded = loaded.collect();
    Sources { names: std::mem::take(names), files: loaded }
}

/// What is kept from edit to edit.
#[derive(Default)]
struct Kept {
    names: Names,
    files: BTreeMap<String, (String, Tree)>,
    left: Left,
}

impl Kept {
    fn load(&mut self, files: &BTreeMap<String, String>) -> Sources {
        let kept = std::mem::take(&mut self.files);
        let sources = load_named(files, &mut self.names, |name, text, names| match kept.get(name) {
            Some((old_text, old)) => reparse(Edit::between(old_text, text), old.clone(), text, names),
            None => parse(text, names),
        });
        self.names = sources.names.clone();
        self.files = sources.files.iter().map(|file| (file.path.clone(), (file.text.clone(), file.tree.clone()))).collect();
        sources
    }
}

impl Kept {
    /// The same, written and read again. Of files with mistakes only names and memory are left.
    fn through_bytes(self) -> Kept {
        let mut writer = Writer::default();
        self.names.write(&mut writer);
        let files = self.files.iter().filter(|(_, (_, tree))| tree.problems.is_empty());
        for (_, (_, tree)) in files.clone() {
            tree.write(&mut writer);
        }
        self.left.memory.write(&mut writer);
        let mut types = Writer::default();
        self.left.memory.write_types(&mut types);
        let types = types.finish();
        self.left.outputs.values().for_each(|(_, pieces)| pieces.write_after(&Pieces::default(), &mut writer));

        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes);
        let names = Names::read(&mut reader).unwrap();
        let read_file = |(path, (text, _)): (&String, &(String, Tree))| {
            let tree = Tree::read(&mut reader, text.len(), names.len()).unwrap();
            (path.clone(), (text.clone(), tree))
        };
        let files = files.map(read_file).collect();
        let memory = Memory::read(&mut reader, move |take| take(&mut Reader::new(&types))).unwrap();
        let with_pieces = |(path, (text, _)): (String, (String, Pieces))| {
            (path, (text, Pieces::read_after(&Pieces::default(), &mut reader).unwrap()))
        };
        let outputs = self.left.outputs.into_iter().map(with_pieces).collect();
        assert!(reader.is_at_end());
        Kept { names, files, left: Left { memory, outputs, reused: self.left.reused } }
    }
}

/// Parses a text that comes in chunks of any size.
fn stream(text: &str, names: &mut Names, dice: &mut Dice) -> Tree {
    let mut incoming = Incoming::default();
    let longest = 1 + dice.below(text.len());
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (now, later) = rest.split_at((1 + dice.below(longest)).min(rest.len()));
        incoming.feed(now, names);
        rest = later;
    }
    incoming.finish(names).1
}

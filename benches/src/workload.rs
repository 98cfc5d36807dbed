//! Generated grammars in memory, brought as far through the compiler as a stage needs, once.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};

use langloom_core::emit::pack::{Template, Templates};
use langloom_core::emit::{self, Input, Output};
use langloom_core::model::config::{BnfConfig, BnfDialect, Config, LanguageConfig, RailroadConfig};
use langloom_core::model::{self, Analysis, Checked, Language, Model, Sources};
use langloom_core::syntax;
use langloom_core::text::{FileId, Names};
use langloom_core::tree::Tree;
use langloom_core::work::Workers;

use crate::grammars::{Project, Shape};
use crate::templates::{self, PROPERTIES, Types};
use crate::writing::Writing;

/// What the stages work on.
pub(crate) struct Workload {
    pub(crate) projects: Vec<Project>,
    sources: OnceCell<Vec<Unit>>,
    languages: OnceCell<Vec<Vec<Language>>>,
    analyses: OnceCell<Vec<Analysis>>,
    outputs: OnceCell<Vec<String>>,
    writing: OnceCell<Writing>,
    templates: OnceCell<((Template, Templates), Types)>,
    lines: usize,
}

/// A project that was parsed.
pub(crate) struct Unit {
    pub(crate) sources: Sources,
    entries: Vec<FileId>,
    pub(crate) config: Config,
}

/// The trees of a project, in the order of its files.
pub(crate) struct Parsed {
    pub(crate) names: Names,
    pub(crate) trees: Vec<Tree>,
}

impl Workload {
    /// Grammars of this shape with about `lines` lines in all.
    pub(crate) fn new(shape: &Shape, lines: usize) -> Workload {
        Workload {
            projects: shape.generate(lines, 1),
            sources: OnceCell::new(),
            languages: OnceCell::new(),
            analyses: OnceCell::new(),
            outputs: OnceCell::new(),
            writing: OnceCell::new(),
            templates: OnceCell::new(),
            lines,
        }
    }

    /// The texts of all grammars.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        self.projects.iter().flat_map(|project| project.files.iter().map(|(_, text)| text.as_str()))
    }

    /// Bytes of grammar.
    pub(crate) fn bytes(&self) -> usize {
        self.projects.iter().map(Project::bytes).sum()
    }

    /// All projects, parsed.
    pub(crate) fn units(&self) -> &[Unit] {
        self.sources.get_or_init(|| self.projects.iter().map(unit).collect())
    }

    /// The languages of each project.
    pub(crate) fn languages(&self) -> &[Vec<Language>] {
        self.languages.get_or_init(|| self.units().iter().map(Unit::resolve).collect())
    }

    /// All projects, analysed, with what emitting them reads.
    pub(crate) fn inputs(&self) -> impl Iterator<Item = Input<'_>> {
        let analyses = self.analyses.get_or_init(|| self.units().iter().map(Unit::analyse).collect());
        self.units().iter().zip(analyses).map(|(unit, analysis)| Input {
            sources: &unit.sources,
            model: model(analysis),
            config: &unit.config,
        })
    }

    /// The files to be generated for all projects.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (Input<'_>, Output)> {
        self.inputs().flat_map(|input| emit::outputs(input).into_iter().map(move |output| (input, output)))
    }

    /// Compiled templates and what they render: as many types as ordinary grammars of this size have.
    pub(crate) fn templates(&self) -> (&(Template, Templates), &Types) {
        let (compiled, data) = self.templates.get_or_init(|| (templates::compiled(), Types::new(self.lines / 7 + 1, PROPERTIES)));
        (compiled, data)
    }

    /// The texts of all outputs.
    pub(crate) fn output_texts(&self) -> &[String] {
        self.outputs.get_or_init(|| self.outputs().map(|(input, output)| emit::render_whole(&output, input)).collect())
    }

    /// Where these texts are written.
    pub(crate) fn writing(&self) -> &Writing {
        self.writing.get_or_init(|| {
            let paths = |(project, input): (&Project, Input<'_>)| -> Vec<PathBuf> {
                emit::outputs(input).iter().map(|output| Path::new(&project.folder).join(&output.path)).collect()
            };
            Writing::new(self.projects.iter().zip(self.inputs()).map(paths).collect(), self.output_texts())
        })
    }
}

impl Unit {
    /// Runs the analysis.
    pub(crate) fn analyse(&self) -> Analysis {
        model::analyse(&self.sources, &self.entries, &self.config, Workers::alone())
    }

    /// Its checks alone, with the types that they need.
    pub(crate) fn check(&self) -> Checked {
        model::check(&self.sources, &self.entries, &self.config, Workers::alone())
    }

    /// Its embedding and name resolution alone.
    pub(crate) fn resolve(&self) -> Vec<Language> {
        model::resolve(&self.sources, &self.entries)
    }
}

/// Parses the files of a project.
pub(crate) fn parse(project: &Project) -> Parsed {
    let mut names = Names::new();
    let trees = project.files.iter().map(|(_, text)| syntax::parse(text, &mut names)).collect();
    Parsed { names, trees }
}

fn unit(project: &Project) -> Unit {
    let sources = Sources::in_memory(project.files.iter().map(|(path, text)| (path, &**text)));
    let entries = (0..project.entries as u32).map(FileId).collect();
    Unit { sources, entries, config: config(project) }
}

/// Everything that can be asked for.
fn config(project: &Project) -> Config {
    let language = |(entry, id, files): (&str, String, &str)| LanguageConfig {
        file_extensions: vec![format!(".{id}")],
        id,
        grammar: entry.to_owned(),
        text_mate: Some(format!("syntaxes/{files}.tmLanguage.json")),
        monarch: Some(format!("syntaxes/{files}.monarch.ts")),
        prism: Some(format!("syntaxes/{files}.prism.js")),
        railroad: Some(RailroadConfig { out: format!("docs/{files}.html"), css: None, styles: None, svg: false }),
        bnf: Some(BnfConfig { out: format!("docs/{files}.gbnf"), dialect: BnfDialect::Gbnf, comment: None }),
        ..LanguageConfig::default()
    };
    Config { project_name: project.name.clone(), languages: project.languages().map(language).collect(), ..Config::default() }
}

/// # Panics
/// If there are errors, which a test of the shapes rules out.
fn model(analysis: &Analysis) -> &Model {
    match &analysis.model {
        Some(model) => model,
        None => panic!("a generated grammar is in error: {:?}", analysis.problems.first()),
    }
}

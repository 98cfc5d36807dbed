//! From the analysed project to the text of output files. Names nothing of [`syntax`](crate::syntax).

pub mod pack;
mod pieces;
mod sink;
mod targets;

pub use pieces::{Piece, Pieces};
pub use sink::{Chunk, Sink};
pub use targets::types::render as render_types;

use crate::model::config::{Config, LanguageConfig};
use crate::model::{Language, Model, Sources};

/// Everything that an output may read.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Names and texts.
    pub sources: &'a Sources,
    /// The analysed project.
    pub model: &'a Model,
    /// Its configuration.
    pub config: &'a Config,
}

impl<'a> Input<'a> {
    /// The language that `part` is or belongs to, and its entry of the configuration.
    fn language(self, part: Part) -> (&'a Language, &'a LanguageConfig) {
        match part {
            Part::Language(index) | Part::Rule(index, _) => {
                let language = &self.model.languages[index];
                (language, &self.config.languages[language.config])
            }
            Part::Project => unreachable!("only targets that list parts of languages ask for one"),
        }
    }
}

/// What an output is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole project.
    Project,
    /// A language, as an index into [`Model::languages`].
    Language(usize),
    /// A language and one of its rules, as an index into [`Language::rules`](crate::model::Language::rules).
    Rule(usize, u32),
}

impl Part {
    fn language_index(self) -> Option<usize> {
        match self {
            Part::Project => None,
            Part::Language(index) | Part::Rule(index, _) => Some(index),
        }
    }
}

/// A kind of output file.
pub struct Target {
    /// Its name in help, timings and tests.
    pub name: &'static str,
    /// Bytes that it writes for each byte of an ordinary grammar, to begin with the biggest.
    pub weight: u32,
    /// Its files: the paths, relative to the configuration's folder, with `/` between folders, and what each is about.
    outputs: fn(Input<'_>) -> Vec<(String, Part)>,
    /// Appends a file's text.
    render: fn(Input<'_>, Part, &mut Sink<'_>),
}

/// All kinds of output, in the order in which they are written for a language.
pub const TARGETS: &[Target] = &[
    Target { name: "ast", weight: 7, outputs: |input| project(ast_path(input.config)), render: targets::ast::render },
    Target {
        name: "grammar",
        weight: 18,
        outputs: |input| project(format!("{}/grammar.ts", input.config.out)),
        render: targets::grammar::render,
    },
    Target {
        name: "module",
        weight: 0,
        outputs: |input| project(format!("{}/module.ts", input.config.out)),
        render: targets::module::render,
    },
    Target {
        name: "textMate",
        weight: 0,
        outputs: |input| languages(input, |config| config.text_mate.as_ref()),
        render: targets::textmate::render,
    },
    Target {
        name: "monarch",
        weight: 0,
        outputs: |input| languages(input, |config| config.monarch.as_ref()),
        render: targets::monarch::render,
    },
    Target {
        name: "prism",
        weight: 0,
        outputs: |input| languages(input, |config| config.prism.as_ref()),
        render: targets::prism::render,
    },
    Target { name: "railroad", weight: 40, outputs: targets::railroad::outputs, render: targets::railroad::render },
    Target {
        name: "bnf",
        weight: 2,
        outputs: |input| languages(input, |config| Some(&config.bnf.as_ref()?.out)),
        render: targets::bnf::render,
    },
];

/// One file for the whole project.
fn project(path: String) -> Vec<(String, Part)> {
    vec![(path, Part::Project)]
}

/// A file for each language for which `path` gives one.
fn languages(input: Input<'_>, path: fn(&LanguageConfig) -> Option<&String>) -> Vec<(String, Part)> {
    let outputs = input.model.languages.iter().enumerate().filter_map(|(index, language)| {
        let path = path(&input.config.languages[language.config])?;
        Some((path.clone(), Part::Language(index)))
    });
    outputs.collect()
}

impl std::fmt::Debug for Target {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// Langium's own types stand beside its languages (`updateLangiumInternalAstPath` in langium-cli's `generate.ts`).
fn ast_path(config: &Config) -> String {
    if config.langium_internal {
        format!("{}/../../languages/generated/ast.ts", config.out)
    } else {
        format!("{}/ast.ts", config.out)
    }
}

/// One file to be generated.
#[derive(Clone, Debug)]
pub struct Output {
    /// What kind it is.
    pub target: &'static Target,
    /// Where it goes, relative to the configuration's folder.
    pub path: String,
    /// What it is about.
    pub part: Part,
}

/// The files to be generated, in the order in which they are written: those of the project, then language by language.
pub fn outputs(input: Input<'_>) -> Vec<Output> {
    let outputs_of = |target: &'static Target| {
        let outputs = (target.outputs)(input).into_iter();
        outputs.map(move |(path, part)| Output { target, path, part })
    };
    let mut outputs: Vec<Output> = TARGETS.iter().flat_map(outputs_of).collect();
    outputs.sort_by_key(|output| output.part.language_index());
    outputs
}

/// Writes the text of `output`.
pub fn render(output: &Output, input: Input<'_>, sink: &mut Sink<'_>) {
    (output.target.render)(input, output.part, sink);
}

/// The text of `output`, in one piece.
pub fn render_whole(output: &Output, input: Input<'_>) -> String {
    sink::whole(|sink| render(output, input, sink))
}

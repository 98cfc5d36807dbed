//! From the analysed project to the text of output files. Names nothing of [`syntax`](crate::syntax).

mod targets;

use crate::model::config::Config;
use crate::model::{Model, Sources};

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

/// A kind of output file.
pub struct Target {
    /// Its name in help, timings and tests.
    pub name: &'static str,
    /// The paths of its files, relative to the configuration's folder, with `/` between folders.
    paths: fn(Input<'_>) -> Vec<String>,
    /// Appends a file's text.
    render: fn(Input<'_>, &mut String),
}

/// All kinds of output, in the order in which they are written.
pub const TARGETS: &[Target] = &[
    Target { name: "ast", paths: |input| vec![ast_path(input.config)], render: targets::ast::render },
    Target { name: "grammar", paths: |input| vec![format!("{}/grammar.ts", input.config.out)], render: targets::grammar::render },
    Target { name: "module", paths: |input| vec![format!("{}/module.ts", input.config.out)], render: targets::module::render },
];

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
}

/// The files to be generated, in the order in which they are written.
pub fn outputs(input: Input<'_>) -> Vec<Output> {
    let outputs = TARGETS.iter().flat_map(|target| (target.paths)(input).into_iter().map(move |path| Output { target, path }));
    outputs.collect()
}

/// Appends the text of `output` to `text`.
pub fn render(output: &Output, input: Input<'_>, text: &mut String) {
    (output.target.render)(input, text);
}

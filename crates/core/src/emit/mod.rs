//! From the analysed project to the text of output files.

use crate::model::{Model, Sources, config::Config};

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
#[derive(Debug)]
pub struct Target {
    /// Its name in help, timings and tests: `ast`, `grammar`, `module`.
    pub name: &'static str,
}

/// All kinds of output, in the order in which they are written.
pub const TARGETS: &[Target] = &[];

/// One file to be generated.
#[derive(Clone, Debug)]
pub struct Output {
    /// What kind it is.
    pub target: &'static Target,
    /// Where it goes, relative to the configuration's folder.
    pub path: String,
}

/// The files to be generated, in the order in which they are written.
pub fn outputs(_input: Input<'_>) -> Vec<Output> {
    Vec::new()
}

/// Appends the text of `output` to `text`.
pub fn render(_output: &Output, _input: Input<'_>, _text: &mut String) {}

//! `--depfile`: which outputs depend on which files, as make and ninja read it.

use std::path::{Path, PathBuf};

use crate::disk::{Found, Look};
use crate::report::Failure;
use crate::side;

/// A file to be written, and its rules so far.
pub(super) struct Depfile<'p> {
    path: &'p Path,
    text: String,
}

impl Depfile<'_> {
    pub(super) fn new(path: &Path) -> Depfile<'_> {
        Depfile { path, text: String::new() }
    }

    /// Adds `outputs: inputs`. Files that were looked for in vain are not named: to make, a missing file is an error.
    pub(super) fn add<'a>(&mut self, outputs: impl Iterator<Item = &'a PathBuf>, inputs: &[Look]) {
        let outputs: Vec<String> = outputs.map(|path| escaped(path)).collect();
        let inputs = inputs.iter().filter(|look| look.found != Found::Nothing);
        let inputs: Vec<String> = inputs.map(|look| escaped(&look.path)).collect();
        self.text += &format!("{}: {}\n", outputs.join(" "), inputs.join(" \\\n  "));
    }

    /// Writes the rules.
    pub(super) fn write(self) -> Result<(), Failure> {
        side::write(self.path, &self.text)
    }
}

fn escaped(path: &Path) -> String {
    let mut escaped = String::new();
    for char in path.display().to_string().chars() {
        match char {
            '\\' | ' ' | '#' => escaped.push('\\'),
            '$' => escaped.push('$'),
            _ => {}
        }
        escaped.push(char);
    }
    escaped
}

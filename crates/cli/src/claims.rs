//! What the configurations of one call write: if two wrote different things to one path, each run would undo what the other
//! one did.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding};

#[derive(Debug)]
pub(crate) struct Claims {
    /// Of one configuration, nobody asks.
    are_several: bool,
    /// By path, the hash of what is there now, and the configuration that it comes from.
    by_path: HashMap<PathBuf, (u128, PathBuf)>,
}

impl Claims {
    /// None yet, of so many configurations.
    pub(crate) fn of(configurations: usize) -> Claims {
        Claims { are_several: configurations > 1, by_path: HashMap::new() }
    }

    /// Notes that the configuration `config` has written `outputs`.
    pub(crate) fn add<'p>(&mut self, config: &Path, outputs: impl Iterator<Item = (&'p PathBuf, u128)>) {
        if self.are_several {
            self.by_path.extend(outputs.map(|(path, hash)| (path.clone(), (hash, config.to_owned()))));
        }
    }

    /// An error for each of `outputs`, paths and hashes of contents, where another configuration than `config` has written
    /// something else.
    pub(crate) fn check<'p>(&self, config: &Path, outputs: impl Iterator<Item = (&'p Path, u128)>) -> Result<(), Failure> {
        let clash = |(path, hash): (&Path, u128)| {
            let (_, other) = self.by_path.get(path).filter(|(theirs, other)| *theirs != hash && other != config)?;
            let (path, other, config) = (path.display(), other.display(), config.display());
            let message = format!("{other} and {config} both generate {path}, and not the same");
            let hint = "give each configuration an `out` of its own; nothing of the second one was written".to_owned();
            Some(Finding::error(Some(FindingKind::SamePath), None, message, Some(hint)))
        };
        let findings: Vec<Finding> = outputs.filter_map(clash).collect();
        if findings.is_empty() { Ok(()) } else { Err(Failure { exit: Exit::Invalid, document: None, findings }) }
    }
}

//! Why something could not be read or written.

use std::path::{Path, PathBuf};

/// What to tell the user.
#[derive(Clone, Debug)]
pub struct Error {
    /// What went wrong, with the path and the system's own words.
    pub message: String,
    /// What to do, or what became of the files.
    pub hint: Option<String>,
    /// The file that it is about, if it is about one.
    pub path: Option<PathBuf>,
}

impl Error {
    pub(crate) fn new(message: String, hint: Option<String>) -> Error {
        Error { message, hint, path: None }
    }

    /// The same, about the file at `path`.
    pub(crate) fn about(self, path: &Path) -> Error {
        Error { path: Some(path.to_owned()), ..self }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

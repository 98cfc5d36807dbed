//! Problems as data: made here and in the layers above, printed by the shell.

use super::{Code, Span};

/// A file of the project, by its position in [`Sources`](crate::model::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// As a position in a vector of files.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How grave a problem is. Errors keep anything from being generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Worth a look; generation goes on.
    Warning,
    /// A suggestion.
    Hint,
}

/// One finding in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// The file that is wrong.
    pub file: FileId,
    /// The file that `span` is in. Another one than `file` only if a grammar does not go together with what it imports
    /// and the place to see it is there: Langium prints that place with the path of `file`.
    pub span_file: FileId,
    /// Where, in bytes from the start of `span_file`.
    pub span: Span,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, if that can be said.
    pub hint: Option<String>,
    /// A change that certainly puts it right.
    pub fix: Option<Fix>,
}

/// A replacement of text that is certainly right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What to replace, in bytes of the problem's `span_file`; empty to insert.
    pub span: Span,
    /// By what; empty to delete.
    pub replacement: String,
}

impl Problem {
    /// A problem whose place is in the file that is wrong.
    pub fn new(severity: Severity, code: Code, file: FileId, span: Span, message: impl Into<String>) -> Problem {
        Problem { code, severity, file, span_file: file, span, message: message.into(), hint: None, fix: None }
    }

    /// With advice.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }

    /// With a change that puts it right.
    #[must_use]
    pub fn with_fix(mut self, span: Span, replacement: impl Into<String>) -> Problem {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}

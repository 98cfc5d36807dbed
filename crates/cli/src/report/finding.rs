//! What there is to tell: findings, and failures made of them.

use std::path::{Path, PathBuf};
use std::rc::Rc;

use langloom_core::text::{Fix, Problem, Severity, Span};

use super::location::Location;
use crate::disk;
use crate::kinds::FindingKind;

/// How a run ends that does not succeed, by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// The world did not play along: a file cannot be read or written.
    Failed = 1,
    /// The configuration or a grammar is wrong.
    Invalid = 2,
    /// A generated file was edited by hand.
    Edited = 3,
    /// More memory is needed than allowed.
    Memory = 4,
}

/// A run that did not succeed, and why. Without findings, they were shown before.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// The text that the spans of the findings point into.
    pub(crate) document: Option<Document>,
    pub(crate) findings: Vec<Finding>,
}

/// A text and what to call it: a path as the user would write it.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    pub(crate) path: String,
    pub(crate) text: String,
}

/// One thing to tell about a document, or about the world.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    /// Stable name of the kind, if there is one. Whoever makes a finding says it by a [`Code`](langloom_core::text::Code) or a
    /// [`FindingKind`], which are documented.
    pub(super) code: Option<&'static str>,
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// The file that it is about, if that is not the document: an absolute path, which the message names, too.
    pub(super) about: Option<PathBuf>,
    /// Where, in bytes of the document.
    pub(crate) span: Option<Span>,
    /// A change of the document that certainly puts it right.
    pub(crate) fix: Option<Fix>,
}

/// A finding that is independent of the text that it is about.
#[derive(Debug)]
pub(crate) struct Located {
    pub(crate) finding: Finding,
    /// The file that it is about, as the user would write its path.
    pub(crate) path: Option<Rc<str>>,
    /// Where in it.
    pub(crate) location: Option<Location>,
}

impl Failure {
    /// Something outside of the user's texts went wrong.
    pub(crate) fn world(message: String, hint: Option<String>) -> Failure {
        Failure { exit: Exit::Failed, document: None, findings: vec![Finding::error(None, None, message, hint)] }
    }

    /// Findings in `document`.
    pub(crate) fn about(exit: Exit, document: Document, findings: Vec<Finding>) -> Failure {
        Failure { exit, document: Some(document), findings }
    }
}

impl From<disk::Error> for Failure {
    fn from(disk::Error { message, hint, path }: disk::Error) -> Failure {
        let finding = Finding { about: path, ..Finding::error(None, None, message, hint) };
        Failure { exit: Exit::Failed, document: None, findings: vec![finding] }
    }
}

impl Located {
    /// The path to begin a message with, for people: none if the message names it.
    pub(super) fn heading(&self) -> Option<&str> {
        self.path.as_deref().filter(|_| self.finding.about.is_none())
    }
}

impl Finding {
    /// An error.
    pub(crate) fn error(kind: Option<FindingKind>, span: Option<Span>, message: String, hint: Option<String>) -> Self {
        let code = kind.map(FindingKind::name);
        Finding { severity: Severity::Error, code, message, hint, about: None, span, fix: None }
    }

    /// The same, about the file at `path`, which its message names.
    pub(crate) fn about(self, path: &Path) -> Self {
        Finding { about: Some(path.to_owned()), ..self }
    }

    /// A warning about the world.
    pub(crate) fn warning(message: String) -> Self {
        Finding { severity: Severity::Warning, code: None, message, hint: None, about: None, span: None, fix: None }
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Finding {
        Finding {
            severity: problem.severity,
            code: Some(problem.code.name()),
            message: problem.message,
            hint: problem.hint,
            about: None,
            span: Some(problem.span),
            fix: problem.fix,
        }
    }
}

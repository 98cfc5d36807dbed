//! The findings of a whole run, for formats that are one document.

use std::path::PathBuf;
use std::rc::Rc;

use langloom_core::text::{Position, Severity, Span};

use super::{Finding, Source};

/// What a run had to tell.
#[derive(Debug, Default)]
pub(super) struct Collected {
    /// In the order in which it was told.
    pub(super) findings: Vec<Located>,
    /// The exit code.
    pub(super) exit: u8,
    /// The folder in which Langloom was started, if that could be found out.
    pub(super) folder: Option<PathBuf>,
}

/// A finding that is independent of the text that it is about.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) finding: Finding,
    /// The text, as the user would write its path.
    pub(super) path: Option<Rc<str>>,
    /// Where in it.
    pub(super) range: Option<Range>,
    /// The range that the finding's fix replaces.
    pub(super) fixed: Option<Range>,
}

/// A part of a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Range {
    pub(super) span: Span,
    pub(super) start: Position,
    pub(super) end: Position,
}

impl Collected {
    /// Adds findings about one text.
    pub(super) fn add(&mut self, source: Option<Source<'_>>, findings: &[Finding]) {
        let path: Option<Rc<str>> = source.map(|source| source.path.into());
        let range = |span: Span| {
            let lines = source?.lines;
            Some(Range { span, start: lines.position(span.start), end: lines.position(span.end) })
        };
        self.findings.extend(findings.iter().map(|finding| Located {
            path: path.clone(),
            range: finding.span.and_then(range),
            fixed: finding.fix.as_ref().and_then(|fix| range(fix.span)),
            finding: finding.clone(),
        }));
    }

    /// How many findings there are of `severity`.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|located| located.finding.severity == severity).count()
    }
}

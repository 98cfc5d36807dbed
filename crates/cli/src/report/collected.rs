//! The findings of a whole run, for formats that are one document.

use std::path::PathBuf;

use langloom_core::text::Severity;

use super::Located;

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

impl Collected {
    /// How many findings there are of `severity`.
    pub(super) fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|located| located.finding.severity == severity).count()
    }
}

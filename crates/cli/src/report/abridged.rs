//! How much of a long list of findings a person is shown.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use langloom_core::text::Severity;

use super::Located;
use super::style::{BOLD, counted};

/// Errors of one file, and other findings of one file, that are shown. Picked by gut feeling: more than anybody reads
/// before the next run, and few enough to scroll through.
pub(super) const LIMIT: usize = 50;

/// What was shown of each file, and what was not.
#[derive(Debug)]
pub(super) struct Abridged {
    /// How many of each file; none for all.
    limit: Option<usize>,
    files: BTreeMap<String, File>,
}

#[derive(Debug, Default)]
struct File {
    errors_shown: usize,
    others_shown: usize,
    /// By severity.
    hidden: [usize; 3],
}

impl Default for Abridged {
    fn default() -> Abridged {
        Abridged::new(Some(LIMIT))
    }
}

impl Abridged {
    pub(super) fn new(limit: Option<usize>) -> Abridged {
        Abridged { limit, files: BTreeMap::new() }
    }

    /// Those of `findings`, all about the same text if there is one, that are to be shown. Errors and others are counted
    /// apart, so that warnings never hide an error.
    pub(super) fn select<'f>(&mut self, findings: &'f [Located]) -> Vec<&'f Located> {
        let path = findings.first().and_then(|located| located.heading());
        let (Some(limit), Some(path)) = (self.limit, path) else { return findings.iter().collect() };
        let file = self.files.entry(path.to_owned()).or_default();
        let is_shown = |Located { finding, .. }: &&Located| {
            let shown = match finding.severity {
                Severity::Error => &mut file.errors_shown,
                Severity::Warning | Severity::Hint => &mut file.others_shown,
            };
            let fits = *shown < limit;
            if fits {
                *shown += 1;
            } else {
                file.hidden[finding.severity as usize] += 1;
            }
            fits
        };
        findings.iter().filter(is_shown).collect()
    }

    /// Says what was not shown, a line for each file, and starts anew.
    pub(super) fn rest(&mut self) -> String {
        let mut text = String::new();
        for (path, file) in std::mem::take(&mut self.files) {
            if file.hidden.iter().any(|&count| count > 0) {
                let more = counted(file.hidden);
                let _ = writeln!(text, "{BOLD}{path}:{BOLD:#} {more} not shown; --max-findings 0 shows all");
            }
        }
        text
    }
}

//! Findings line by line as langium-cli writes them: `path:line:column - message`, hints on standard output.

use std::fmt::Write as _;

use langloom_core::text::{LineIndex, Severity};

use super::Finding;
use super::format::Text;

/// Appends `findings`.
pub(super) fn render(text: &mut Text<'_>, document: Option<(&str, &str)>, findings: &[Finding]) {
    let lines = document.map(|(_, text)| LineIndex::new(text));
    for finding in findings {
        let out = match finding.severity {
            Severity::Error | Severity::Warning => &mut *text.err,
            Severity::Hint => &mut *text.out,
        };
        if let (Some((path, text)), Some(lines), Some(span)) = (document, &lines, finding.span) {
            let at = lines.position(text, span.start);
            let _ = write!(out, "{path}:{}:{} - ", at.line, at.column);
        }
        out.push_str(&finding.message);
        out.push('\n');
    }
}

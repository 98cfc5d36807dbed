//! Findings line by line as langium-cli writes them: `path:line:column - message`, hints on standard output.

use std::fmt::Write as _;

use langloom_core::text::Severity;

use super::format::Text;
use super::{Finding, Source};

/// Appends `findings`.
pub(super) fn render(text: &mut Text<'_>, source: Option<Source<'_>>, findings: &[&Finding]) {
    for finding in findings {
        let out = match finding.severity {
            Severity::Error | Severity::Warning => &mut *text.err,
            Severity::Hint => &mut *text.out,
        };
        if let (Some(source), Some(span)) = (source, finding.span) {
            let at = source.lines.position(span.start);
            let _ = write!(out, "{}:{}:{} - ", source.path, at.line, at.column);
        }
        out.push_str(&finding.message);
        out.push('\n');
    }
}

//! Findings line by line as langium-cli writes them: `path:line:column - message`, hints on standard output.

use std::fmt::Write as _;

use langloom_core::text::Severity;

use super::format::Text;
use super::location::Location;
use super::{Finding, Located};

/// Appends `findings`.
pub(super) fn render(text: &mut Text<'_>, findings: &[&Located]) {
    for Located { finding: Finding { severity, message, .. }, path, location } in findings {
        let out = match severity {
            Severity::Error | Severity::Warning => &mut *text.err,
            Severity::Hint => &mut *text.out,
        };
        if let (Some(path), Some(Location { range, .. })) = (path, location) {
            let _ = write!(out, "{path}:{}:{} - ", range.start.line, range.start.column);
        }
        out.push_str(message);
        out.push('\n');
    }
}

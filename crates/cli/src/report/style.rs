//! Colours, and the names of what is coloured.

use anstyle::{AnsiColor, Style};
use langloom_core::text::Severity;

/// For what matters in a line.
pub(crate) const BOLD: Style = Style::new().bold();
/// For what may be overlooked.
pub(super) const DIM: Style = Style::new().dimmed();
/// For good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

pub(super) const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

pub(super) const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Hint => AnsiColor::Cyan.on_default().bold(),
    }
}

/// `2 errors, 1 warning`; empty if all counts, which are by severity, are zero.
pub(super) fn counted(counts: [usize; 3]) -> String {
    let mut text = String::new();
    for severity in [Severity::Error, Severity::Warning, Severity::Hint] {
        let count = counts[severity as usize];
        if count > 0 {
            let joint = if text.is_empty() { "" } else { ", " };
            let plural = if count == 1 { "" } else { "s" };
            text += &format!("{joint}{count} {}{plural}", name(severity));
        }
    }
    text
}

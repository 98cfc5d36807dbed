//! Findings as workflow commands of GitHub Actions, which shows them beside the lines that they are about:
//! `::error file=a.langium,line=1,col=2,endLine=1,endColumn=5,title=code::message`.
//!
//! Escaped as the actions toolkit does (`escapeData` and `escapeProperty` in its `command.ts`). Paths start at the folder
//! in which Langloom was started, which should be the root of the repository.

use std::fmt::Write as _;

use langloom_core::text::Severity;

use super::format::Text;
use super::location::{Location, Range};
use super::{Finding, Located};

/// Appends `findings`.
pub(super) fn render(text: &mut Text<'_>, findings: &[&Located]) {
    for Located { finding: Finding { severity, code, message, hint, .. }, path, location } in findings {
        let command = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let _ = write!(text.out, "::{command} ");
        if let Some(path) = path {
            text.out.push_str("file=");
            push_escaped(text.out, &path.replace('\\', "/"), true);
            if let Some(Location { range: Range { start, end }, .. }) = location {
                let _ = write!(text.out, ",line={},col={}", start.line, start.column);
                let _ = write!(text.out, ",endLine={},endColumn={}", end.line, end.column);
            }
            text.out.push(',');
        }
        text.out.push_str("title=");
        push_escaped(text.out, code.unwrap_or("langloom"), true);
        text.out.push_str("::");
        push_escaped(text.out, message, false);
        if let Some(hint) = hint {
            text.out.push_str("%0Ahelp: ");
            push_escaped(text.out, hint, false);
        }
        text.out.push('\n');
    }
}

/// Appends `value`, which stands before the second `::` if it `is_property`.
fn push_escaped(out: &mut String, value: &str, is_property: bool) {
    for char in value.chars() {
        match char {
            '%' => out.push_str("%25"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            ':' if is_property => out.push_str("%3A"),
            ',' if is_property => out.push_str("%2C"),
            char => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use langloom_core::text::{LineIndex, Span};

    use super::*;

    fn rendered(path: Option<&str>, finding: &Finding) -> String {
        let text = "a\u{1F600}b\ncd";
        let location = finding.span.map(|span| Location::of(text, &LineIndex::new(text), span, None));
        let mut out = String::new();
        let located = Located { finding: finding.clone(), path: path.map(Into::into), location };
        render(&mut Text { out: &mut out, err: &mut String::new(), is_coloured: false }, &[&located]);
        out
    }

    #[test]
    fn what_ends_a_command_or_a_property_is_escaped() {
        let hint = Some("100 %:\r\nsure".to_owned());
        let mut finding = Finding::error(None, Some(Span::new(5, 8)), "a: b, c\n::error::".to_owned(), hint);
        finding.code = Some("x,y");
        let place = ",line=1,col=4,endLine=2,endColumn=2,title=x%2Cy";
        let message = "a: b, c%0A::error::%0Ahelp: 100 %25:%0D%0Asure\n";
        assert_eq!(rendered(Some("C:\\a,b%.langium"), &finding), format!("::error file=C%3A/a%2Cb%25.langium{place}::{message}"));
        finding.severity = Severity::Hint;
        assert_eq!(rendered(None, &finding), format!("::notice title=x%2Cy::{message}"));
        finding.span = None;
        finding.code = None;
        assert_eq!(rendered(Some("a"), &finding), format!("::notice file=a,title=langloom::{message}"));
    }
}

//! Findings for people: `path:line:column: error: message`, which editors and other tools recognise too, each with its
//! source line. Lines and columns count as Langium's do: from 1, columns in UTF-16 code units.

use std::fmt::Write as _;

use anstyle::Style;

use super::excerpt::push_message;
use super::format::Text;
use super::location::Location;
use super::style::{BOLD, DIM, name, style};
use super::{Finding, Located};

/// Appends `findings`.
pub(super) fn render(text: &mut Text<'_>, findings: &[&Located]) {
    let out = &mut *text.err;
    // Colours that are taken out again are a tenth of the work of a run that has nothing to do.
    let wanted = |style: Style| if text.is_coloured { style } else { Style::new() };
    let (bold, dim) = (wanted(BOLD), wanted(DIM));
    for located in findings {
        let Located { finding: Finding { severity, code, message, hint, .. }, location, .. } = located;
        if let Some(path) = located.heading() {
            let _ = write!(out, "{bold}{path}:");
            if let Some(Location { range, .. }) = location {
                let _ = write!(out, "{}:{}:", range.start.line, range.start.column);
            }
            let _ = write!(out, "{bold:#} ");
        }
        let style = wanted(style(*severity));
        let _ = write!(out, "{style}{}:{style:#} ", name(*severity));
        push_message(out, message);
        if let Some(code) = code {
            let _ = write!(out, " {dim}[{code}]{dim:#}");
        }
        out.push('\n');
        if let Some(Location { range, excerpt, .. }) = location {
            excerpt.push(out, range.start.line, style, dim);
        }
        if let Some(hint) = hint {
            let _ = write!(out, "  {bold}help:{bold:#} ");
            push_message(out, hint);
            out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use langloom_core::text::{LineIndex, Span};

    use super::*;
    use crate::kinds::FindingKind;

    /// What is shown for the text between the two `¦` in `text`, without colours.
    fn excerpt(text: &str) -> String {
        let parts: Vec<&str> = text.split('¦').collect();
        let text = parts.concat();
        let start = parts[0].len();
        let span = Span::new(start as u32, (start + parts[1].len()) as u32);
        let finding = Finding::error(Some(FindingKind::Template), Some(span), "m".to_owned(), None);
        let mut out = String::new();
        let location = Some(Location::of(&text, &LineIndex::new(&text), span, None));
        let located = Located { finding, path: Some("f".into()), location };
        render(&mut Text { out: &mut String::new(), err: &mut out, is_coloured: true }, &[&located]);
        anstream::adapter::strip_str(&out).to_string()
    }

    #[test]
    fn carets_stand_under_the_span() {
        for (text, expected) in [
            ("a\nfoo ¦bar¦ baz\nc", "f:2:5: error: m [template]\n  2 | foo bar baz\n    |     ^^^\n"),
            ("\t¦x¦\ty", "f:1:2: error: m [template]\n  1 |     x    y\n    |     ^\n"),
            ("日本¦語¦", "f:1:3: error: m [template]\n  1 | 日本語\n    |     ^^\n"),
            ("\u{1F600}e\u{301}¦x¦", "f:1:5: error: m [template]\n  1 | \u{1F600}e\u{301}x\n    |    ^\n"),
            ("a\r\nbc¦\r\nd¦", "f:2:3: error: m [template]\n  2 | bc\n    |   ^\n"),
            ("a\n¦¦", "f:2:1: error: m [template]\n  2 | \n    | ^\n"),
            ("¦a\nb¦", "f:1:1: error: m [template]\n  1 | a\n    | ^\n"),
            ("\u{1b}[31m\u{202E}¦x¦", "f:1:7: error: m [template]\n  1 | \u{FFFD}[31m\u{FFFD}x\n    |       ^\n"),
        ] {
            assert_eq!(excerpt(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let expected =
            format!("f:1:201: error: m [template]\n  1 | …{}HERE{}…\n    | {:71}^^^^\n", "a".repeat(70), "b".repeat(35), "");
        assert_eq!(excerpt(&format!("{}¦HERE¦{}", "a".repeat(200), "b".repeat(200))), expected);

        let expected = format!("f:1:1: error: m [template]\n  1 | {}…\n    | {}\n", "a".repeat(110), "^".repeat(110));
        assert_eq!(excerpt(&format!("¦{}¦", "a".repeat(500))), expected);

        // What takes no column is cut, too.
        let accents = "\u{301}".repeat(5_000);
        let expected = format!("f:1:5001: error: m [template]\n  1 | …{0}x{0}…\n    |  ^\n", "\u{301}".repeat(1_000));
        assert_eq!(excerpt(&format!("{accents}¦x¦{accents}")).replace("\u{301}", ""), expected.replace("\u{301}", ""));
        assert!(excerpt(&format!("{accents}¦x¦{accents}")).chars().count() <= expected.chars().count());
    }
}

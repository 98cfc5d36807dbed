//! What the user reads: progress lines on standard output, findings with their source line on standard error.
//!
//! The only place that prints. A reader that went away (a closed pipe) is not an error: what it does not want to read
//! is not worth failing for.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use langloom_core::text::{LineIndex, Problem, Severity, Span};
use unicode_width::UnicodeWidthChar;

/// How a run ends that does not succeed, by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The world did not play along: a file cannot be read or written.
    Failed = 1,
    /// The configuration or a grammar is wrong.
    Invalid = 2,
    /// A generated file was edited by hand.
    Edited = 3,
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
    /// Stable name of the kind, if there is one.
    pub(crate) code: Option<&'static str>,
    pub(crate) message: String,
    /// What to do.
    pub(crate) hint: Option<String>,
    /// Where, in bytes of the document.
    pub(crate) span: Option<Span>,
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

impl Finding {
    /// An error.
    pub(crate) fn error(code: Option<&'static str>, span: Option<Span>, message: String, hint: Option<String>) -> Self {
        Finding { severity: Severity::Error, code, message, hint, span }
    }
}

impl From<Problem> for Finding {
    fn from(problem: Problem) -> Finding {
        Finding {
            severity: problem.severity,
            code: Some(problem.code.name()),
            message: problem.message,
            hint: problem.hint,
            span: Some(problem.span),
        }
    }
}

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// With the source line and what to do
    #[default]
    Human,
    /// Line by line as langium-cli does
    Plain,
}

/// Standard output and standard error, with colours where they are wanted.
#[derive(Debug)]
pub(crate) struct Terminal {
    format: Format,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    /// How many findings were shown, by severity.
    shown: [usize; 3],
}

pub(crate) const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
/// For good news.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();

impl Terminal {
    pub(crate) fn new() -> Terminal {
        Terminal { format: Format::default(), out: anstream::stdout(), err: anstream::stderr(), shown: [0; 3] }
    }

    /// Writes findings in this format from now on.
    pub(crate) fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// How findings are written.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// A line on standard output.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) {
        let _ = writeln!(self.out, "{line}");
    }

    /// Text for other programs on standard output, as it is.
    pub(crate) fn raw(&mut self, text: &[u8]) {
        let _ = self.out.write_all(text);
        let _ = self.out.flush();
    }

    /// A warning about the world.
    pub(crate) fn warn(&mut self, message: String) {
        self.findings(None, &[Finding { severity: Severity::Warning, code: None, message, hint: None, span: None }]);
    }

    /// Findings about one text, `document` being its path and itself.
    pub(crate) fn findings(&mut self, document: Option<(&str, &str)>, findings: &[Finding]) {
        for finding in findings {
            self.shown[finding.severity as usize] += 1;
        }
        let mut text = String::new();
        match self.format {
            Format::Human => render(&mut text, document, findings),
            Format::Plain => {
                let (hints, others): (Vec<Finding>, Vec<Finding>) =
                    findings.iter().cloned().partition(|finding| finding.severity == Severity::Hint);
                let mut out = String::new();
                render_plain(&mut out, document, &hints);
                let _ = self.out.write_all(out.as_bytes());
                render_plain(&mut text, document, &others);
            }
        }
        let _ = self.err.write_all(text.as_bytes());
    }

    /// The last words of a run that failed.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        let document = failure.document.as_ref().map(|document| (&*document.path, &*document.text));
        self.findings(document, &failure.findings);
        let red = style(Severity::Error);
        let text = format!("Langloom {red}failed{red:#}{}.\n", self.tally());
        let _ = self.err.write_all(text.as_bytes());
    }

    /// `: 2 errors, 1 warning`: what was shown so far.
    fn tally(&self) -> String {
        let counts = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Hint, "hint")];
        let mut text = String::new();
        for (severity, name) in counts {
            let count = self.shown[severity as usize];
            if count > 0 {
                let joint = if text.is_empty() { ": " } else { ", " };
                let plural = if count == 1 { "" } else { "s" };
                let _ = write!(text, "{joint}{count} {name}{plural}");
            }
        }
        text
    }
}

/// Appends `findings` in the form that editors and other tools recognise, `path:line:column: error: message`, each with
/// its source line. Lines and columns count as Langium's do: from 1, columns in UTF-16 code units.
fn render(out: &mut String, document: Option<(&str, &str)>, findings: &[Finding]) {
    let lines = document.map(|(_, text)| LineIndex::new(text));
    for finding in findings {
        let place = match (document, &lines, finding.span) {
            (Some((path, text)), Some(lines), Some(span)) => Some((path, text, span, lines.position(text, span.start))),
            _ => None,
        };
        match (place, document) {
            (Some((path, _, _, at)), _) => {
                let _ = write!(out, "{BOLD}{path}:{}:{}:{BOLD:#} ", at.line, at.column);
            }
            (None, Some((path, _))) => {
                let _ = write!(out, "{BOLD}{path}:{BOLD:#} ");
            }
            (None, None) => {}
        }
        let style = style(finding.severity);
        let _ = write!(out, "{style}{}:{style:#} ", name(finding.severity));
        push_message(out, &finding.message);
        if let Some(code) = finding.code {
            let _ = write!(out, " {DIM}[{code}]{DIM:#}");
        }
        out.push('\n');
        if let Some((_, text, span, at)) = place {
            push_excerpt(out, text, span, at.line, style);
        }
        if let Some(hint) = &finding.hint {
            let _ = write!(out, "  {BOLD}help:{BOLD:#} ");
            push_message(out, hint);
            out.push('\n');
        }
    }
}

/// Appends `findings` as langium-cli writes them: `path:line:column - message`.
fn render_plain(out: &mut String, document: Option<(&str, &str)>, findings: &[Finding]) {
    let lines = document.map(|(_, text)| LineIndex::new(text));
    for finding in findings {
        if let (Some((path, text)), Some(lines), Some(span)) = (document, &lines, finding.span) {
            let at = lines.position(text, span.start);
            let _ = write!(out, "{path}:{}:{} - ", at.line, at.column);
        }
        out.push_str(&finding.message);
        out.push('\n');
    }
}

const fn name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

const fn style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Hint => AnsiColor::Cyan.on_default().bold(),
    }
}

/// Columns shown before the caret, and in all; the rest of a long line is cut. Picked so that it fits into most windows.
const BEFORE: usize = 70;
const WIDTH: usize = 110;

/// The line where `span` starts and carets under what `span` covers of it.
fn push_excerpt(out: &mut String, text: &str, span: Span, line: u32, style: Style) {
    let is_break = |char| char == '\n' || char == '\r';
    let at = span.start as usize;
    let start = text[..at].rfind(is_break).map_or(0, |end| end + 1);
    let end = text[at..].find(is_break).map_or(text.len(), |length| at + length);

    // Everything below costs the width of the excerpt, not of the line: generated grammars have lines of megabytes.
    let mut from = at;
    let mut before = 0;
    for (offset, char) in text[start..at].char_indices().rev() {
        before += shown(char).1;
        if before > BEFORE {
            break;
        }
        from = start + offset;
    }
    let mut source = String::new();
    let mut column = 0;
    let mut carets = 0;
    let mut indent = 0;
    if from > start {
        source.push('…');
        column = 1;
    }
    for (offset, char) in text[from..end].char_indices() {
        let (shape, width) = shown(char);
        if column + width > WIDTH {
            source.push('…');
            break;
        }
        if from + offset < at {
            indent = column + width;
        } else if from + offset < span.end as usize {
            carets += width;
        }
        column += width;
        source.push_str(shape.encode_utf8(&mut [0; 4]));
        source.extend(std::iter::repeat_n(' ', if char == '\t' { width - 1 } else { 0 }));
    }
    if from == at {
        indent = usize::from(from > start);
    }
    let line = line.to_string();
    let gutter = line.len();
    let source = source.trim_end();
    let carets = "^".repeat(carets.max(1));
    let _ = writeln!(out, "  {DIM}{line} |{DIM:#} {source}");
    let _ = writeln!(out, "  {:gutter$} {DIM}|{DIM:#} {:indent$}{style}{carets}{style:#}", "", "");
}

/// What stands for `char` in an excerpt, and how many columns it takes. A terminal obeys control characters and lets
/// bidirectional ones reorder the line, so neither is passed on.
fn shown(char: char) -> (char, usize) {
    match char {
        '\t' => (' ', 4),
        char if is_unprintable(char) => (char::REPLACEMENT_CHARACTER, 1),
        char => (char, char.width().unwrap_or(0)),
    }
}

fn is_unprintable(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A message, which may quote the text: control characters are escaped, further lines indented.
fn push_message(out: &mut String, message: &str) {
    for char in message.chars() {
        match char {
            '\n' => out.push_str("\n  "),
            char if is_unprintable(char) => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is shown for the text between the two `¦` in `text`, without colours.
    fn excerpt(text: &str) -> String {
        let parts: Vec<&str> = text.split('¦').collect();
        let text = parts.concat();
        let start = parts[0].len();
        let span = Span::new(start as u32, (start + parts[1].len()) as u32);
        let finding = Finding::error(Some("code"), Some(span), "m".to_owned(), None);
        let mut out = String::new();
        render(&mut out, Some(("f", &text)), &[finding]);
        anstream::adapter::strip_str(&out).to_string()
    }

    #[test]
    fn carets_stand_under_the_span() {
        for (text, expected) in [
            ("a\nfoo ¦bar¦ baz\nc", "f:2:5: error: m [code]\n  2 | foo bar baz\n    |     ^^^\n"),
            ("\t¦x¦\ty", "f:1:2: error: m [code]\n  1 |     x    y\n    |     ^\n"),
            ("日本¦語¦", "f:1:3: error: m [code]\n  1 | 日本語\n    |     ^^\n"),
            ("\u{1F600}e\u{301}¦x¦", "f:1:5: error: m [code]\n  1 | \u{1F600}e\u{301}x\n    |    ^\n"),
            ("a\r\nbc¦\r\nd¦", "f:2:3: error: m [code]\n  2 | bc\n    |   ^\n"),
            ("a\n¦¦", "f:2:1: error: m [code]\n  2 | \n    | ^\n"),
            ("¦a\nb¦", "f:1:1: error: m [code]\n  1 | a\n    | ^\n"),
            ("\u{1b}[31m\u{202E}¦x¦", "f:1:7: error: m [code]\n  1 | \u{FFFD}[31m\u{FFFD}x\n    |       ^\n"),
        ] {
            assert_eq!(excerpt(text), expected, "{text:?}");
        }
    }

    #[test]
    fn long_lines_are_cut_around_the_caret() {
        let expected =
            format!("f:1:201: error: m [code]\n  1 | …{}HERE{}…\n    | {:71}^^^^\n", "a".repeat(70), "b".repeat(35), "");
        assert_eq!(excerpt(&format!("{}¦HERE¦{}", "a".repeat(200), "b".repeat(200))), expected);

        let expected = format!("f:1:1: error: m [code]\n  1 | {}…\n    | {}\n", "a".repeat(110), "^".repeat(110));
        assert_eq!(excerpt(&format!("¦{}¦", "a".repeat(500))), expected);
    }
}

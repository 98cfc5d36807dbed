//! Standard output and standard error.

use std::fmt::{self, Write as _};
use std::io::{self, Write as _};

use anstream::AutoStream;
use langloom_core::text::Severity;

use super::format::Text;
use super::style::style;
use super::{Failure, Finding, Format};

/// Standard output and standard error, with colours where they are wanted.
#[derive(Debug)]
pub(crate) struct Terminal {
    format: Format,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    /// How many findings were shown, by severity.
    shown: [usize; 3],
}

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
        let (mut out, mut err) = (String::new(), String::new());
        self.format.render()(&mut Text { out: &mut out, err: &mut err }, document, findings);
        let _ = self.out.write_all(out.as_bytes());
        let _ = self.err.write_all(err.as_bytes());
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

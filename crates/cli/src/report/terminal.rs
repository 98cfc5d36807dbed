//! Standard output and standard error.

use std::fmt;
use std::io::{self, Write as _};
use std::rc::Rc;

use anstream::stream::{AsLockedWrite, RawStream};
use anstream::{AutoStream, ColorChoice};
use langloom_core::text::{LineIndex, Severity};

use super::abridged::{self, Abridged};
use super::collected::Collected;
use super::format::{Rendering, Text};
use super::style::{counted, style};
use super::uncoloured::uncoloured;
use super::{Document, Failure, Finding, Format, Located, Location};
use crate::disk;
use crate::observe::make_way;

/// Standard output and standard error, with colours where they are wanted.
#[derive(Debug)]
pub(crate) struct Terminal {
    format: Format,
    out: AutoStream<io::Stdout>,
    err: AutoStream<io::Stderr>,
    /// How many findings there were, by severity.
    tally: [usize; 3],
    /// How many of them have a fix.
    fixable: usize,
    abridged: Abridged,
    collected: Collected,
}

impl Terminal {
    /// How many errors, and how many other findings, of each file people are shown unless they want more.
    pub(crate) const LIMIT: usize = abridged::LIMIT;

    pub(crate) fn new() -> Terminal {
        Terminal {
            format: Format::default(),
            out: anstream::stdout(),
            err: anstream::stderr(),
            tally: [0; 3],
            fixable: 0,
            abridged: Abridged::default(),
            collected: Collected::default(),
        }
    }

    /// Writes findings in this format from now on.
    pub(crate) fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// Shows people so many errors, and so many other findings, of each file; all of them if there is no `limit`.
    pub(crate) fn set_limit(&mut self, limit: Option<usize>) {
        self.abridged = Abridged::new(limit);
    }

    /// How findings are written.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// A line on standard output, or on standard error if the output is a document for programs.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) {
        let text = line.to_string() + "\n";
        let _way = make_way();
        match self.format.rendering() {
            Rendering::Lines(_) => write(&mut self.out, io::stdout(), &text),
            Rendering::Document(_) => write(&mut self.err, io::stderr(), &text),
        }
    }

    /// A line on standard error, where it does not get into what others read from standard output.
    pub(crate) fn note(&mut self, line: fmt::Arguments<'_>) {
        let text = line.to_string() + "\n";
        let _way = make_way();
        write(&mut self.err, io::stderr(), &text);
    }

    /// Text for other programs on standard output, as it is.
    pub(crate) fn raw(&mut self, text: &[u8]) {
        let _way = make_way();
        let _ = self.out.write_all(text);
        let _ = self.out.flush();
    }

    /// A warning about the world.
    pub(crate) fn warn(&mut self, message: String) {
        self.findings(None, vec![Finding::warning(message)]);
    }

    /// Findings about the world or about one text.
    pub(crate) fn findings(&mut self, document: Option<&Document>, findings: Vec<Finding>) {
        let text = document.map(|document| (&*document.text, LineIndex::new(&document.text)));
        let path: Option<Rc<str>> = document.map(|document| (&*document.path).into());
        let locate = |finding: Finding| {
            let place = text.as_ref().zip(finding.span);
            let location = place.map(|((text, lines), span)| Location::of(text, lines, span, finding.fix.as_ref()));
            Located { finding, path: path.clone(), location }
        };
        self.show(findings.into_iter().map(locate).collect());
    }

    /// Findings that are all about the same text, if there is one.
    pub(crate) fn show(&mut self, mut findings: Vec<Located>) {
        for Located { finding, .. } in &findings {
            self.tally[finding.severity as usize] += 1;
            self.fixable += usize::from(finding.fix.is_some());
        }
        let render = match self.format.rendering() {
            Rendering::Lines(render) => render,
            Rendering::Document(_) => return self.collected.findings.append(&mut findings),
        };
        let shown = match self.format.is_abridged() {
            true => self.abridged.select(&findings),
            false => findings.iter().collect(),
        };
        let (mut out, mut err) = (String::new(), String::new());
        let is_coloured = self.err.current_choice() != ColorChoice::Never;
        render(&mut Text { out: &mut out, err: &mut err, is_coloured }, &shown);
        let _way = make_way();
        write(&mut self.out, io::stdout(), &out);
        write(&mut self.err, io::stderr(), &err);
    }

    /// Why a part of a run failed, or all of it.
    pub(crate) fn failure(&mut self, Failure { document, findings, .. }: Failure) {
        self.findings(document.as_ref(), findings);
    }

    /// The last words of a run, and its exit code.
    pub(crate) fn end(&mut self, result: Result<(), Failure>) -> u8 {
        let mut exit = 0;
        let mut last_words = String::new();
        if let Err(failure) = result {
            exit = failure.exit as u8;
            self.failure(failure);
            let red = style(Severity::Error);
            let tally = self.tally();
            let joint = if tally.is_empty() { "" } else { ": " };
            last_words = format!("Langloom {red}failed{red:#}{joint}{tally}.\n");
        }
        let last_words = self.abridged.rest() + &last_words;
        let way = make_way();
        write(&mut self.err, io::stderr(), &last_words);
        drop(way);
        if let Rendering::Document(render) = self.format.rendering() {
            let folder = disk::current_folder().ok();
            let document = render(&Collected { exit, folder, ..std::mem::take(&mut self.collected) });
            self.raw(document.as_bytes());
        }
        (self.tally, self.fixable) = ([0; 3], 0);
        exit
    }

    /// `2 errors, 1 warning`: what was told so far; empty if nothing was.
    pub(crate) fn tally(&self) -> String {
        let mut text = counted(self.tally);
        match self.fixable {
            0 => {}
            1 => text += "; langloom check --fix puts 1 of them right",
            count => text += &format!("; langloom check --fix puts {count} of them right"),
        }
        text
    }
}

/// Writes in one piece, to `stream` or, without colours, to what is under it: a stream that takes out colours writes what is
/// between them bit by bit, 1,000 system calls for 100 findings.
fn write<S: RawStream + AsLockedWrite>(stream: &mut AutoStream<S>, mut under: impl io::Write, text: &str) {
    let _ = match stream.current_choice() {
        ColorChoice::Never => under.write_all(uncoloured(text).as_bytes()),
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => stream.write_all(text.as_bytes()),
    };
}

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
use super::{Document, Exit, Failure, Finding, Format, Located, Location};
use crate::disk;
use crate::observe::make_way;
use crate::paths;

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
    /// Why something that was asked for is not on standard output.
    unwritten: Option<io::Error>,
    /// Nobody reads standard output any more.
    is_unread: bool,
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
            unwritten: None,
            is_unread: false,
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

    /// A line that says what happens, on standard output, or on standard error if the output is a document for programs. That it
    /// cannot be written is not worth failing for.
    pub(crate) fn line(&mut self, line: fmt::Arguments<'_>) {
        let text = line.to_string() + "\n";
        let _way = make_way();
        match self.format.rendering() {
            Rendering::Lines(_) => {
                let written = write(&mut self.out, io::stdout(), &text);
                self.is_unread |= is_unread(&written);
            }
            Rendering::Document(_) => drop(write(&mut self.err, io::stderr(), &text)),
        }
    }

    /// A line that was asked for, on standard output.
    pub(crate) fn answer(&mut self, line: fmt::Arguments<'_>) {
        let text = line.to_string() + "\n";
        let _way = make_way();
        let written = write(&mut self.out, io::stdout(), &text);
        self.must_be_written(written);
    }

    /// A line on standard error, where it does not get into what others read from standard output.
    pub(crate) fn note(&mut self, line: fmt::Arguments<'_>) {
        let text = line.to_string() + "\n";
        let _way = make_way();
        let _ = write(&mut self.err, io::stderr(), &text);
    }

    /// Text for other programs on standard output, as it is.
    pub(crate) fn raw(&mut self, text: &[u8]) {
        let _way = make_way();
        let written = self.out.write_all(text).and_then(|()| self.out.flush());
        self.must_be_written(written);
    }

    /// Remembers that something that was asked for could not be written, unless nobody wants to read it.
    fn must_be_written(&mut self, written: io::Result<()>) {
        if is_unread(&written) {
            self.is_unread = true;
        } else if let Err(error) = written {
            self.unwritten.get_or_insert(error);
        }
    }

    /// Whether somebody may read what is written to standard output.
    pub(crate) fn is_read(&self) -> bool {
        !self.is_unread && has_reader()
    }

    /// A warning about the world.
    pub(crate) fn warn(&mut self, message: String) {
        self.findings(None, vec![Finding::warning(message)]);
    }

    /// Findings about the world or about one text.
    pub(crate) fn findings(&mut self, document: Option<&Document>, findings: Vec<Finding>) {
        let text = document.map(|document| (&*document.text, LineIndex::new(&document.text)));
        let path: Option<Rc<str>> = document.map(|document| (&*document.path).into());
        let folder = disk::current_folder().unwrap_or_default();
        let locate = |finding: Finding| {
            let place = text.as_ref().zip(finding.span);
            let location = place.map(|((text, lines), span)| Location::of(text, lines, span, finding.fix.as_ref()));
            let about = finding.about.as_ref().map(|about| paths::relative(&folder, about).display().to_string().into());
            Located { path: about.or_else(|| path.clone()), finding, location }
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
        let written = write(&mut self.out, io::stdout(), &out);
        self.must_be_written(written);
        let _ = write(&mut self.err, io::stderr(), &err);
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
        let _ = write(&mut self.err, io::stderr(), &last_words);
        drop(way);
        if let Rendering::Document(render) = self.format.rendering() {
            let folder = disk::current_folder().ok();
            let document = render(&Collected { exit, folder, ..std::mem::take(&mut self.collected) });
            self.raw(document.as_bytes());
        }
        if let Some(error) = self.unwritten.take() {
            exit = if exit == 0 { Exit::Failed as u8 } else { exit };
            let red = style(Severity::Error);
            self.note(format_args!("{red}error:{red:#} cannot write to standard output: {error}"));
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
fn write<S: RawStream + AsLockedWrite>(stream: &mut AutoStream<S>, mut under: impl io::Write, text: &str) -> io::Result<()> {
    match stream.current_choice() {
        ColorChoice::Never => under.write_all(uncoloured(text).as_bytes()),
        ColorChoice::Auto | ColorChoice::Always | ColorChoice::AlwaysAnsi => stream.write_all(text.as_bytes()),
    }
}

/// Whether somebody has the other end of standard output, if it is a pipe.
#[cfg(unix)]
fn has_reader() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = io::stdout();
    let mut polled = [PollFd::new(&stdout, PollFlags::empty())];
    let now = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut polled, Some(&now)).is_err() || !polled[0].revents().contains(PollFlags::ERR)
}

#[cfg(not(unix))]
fn has_reader() -> bool {
    true
}

/// Whether writing failed since there is nobody to read it.
fn is_unread(written: &io::Result<()>) -> bool {
    written.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

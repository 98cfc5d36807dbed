//! The last line of the terminal, which changes while a run goes on.
//!
//! There is one terminal, hence one piece of global state: whoever prints without asking would print into the line.

use std::io::{self, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard};

use super::recorder::lock;

/// Whether the line is there.
static SHOWN: Mutex<bool> = Mutex::new(false);

/// The right to print; while it lives, the line stays away.
#[must_use]
pub(crate) struct Way {
    _held: MutexGuard<'static, bool>,
}

/// Takes the line away, if it is there, so that something else can be printed.
pub(crate) fn make_way() -> Way {
    let mut shown = lock(&SHOWN);
    if std::mem::take(&mut *shown) {
        // Printing what cannot be printed is not worth failing for.
        let _ = io::stderr().write_all(b"\r\x1b[K");
    }
    Way { _held: shown }
}

/// Shows `text`, which fits into the line, instead of what it showed before.
pub(super) fn show(text: &str) {
    let mut shown = lock(&SHOWN);
    // In one piece and over the old text, so that nothing flickers.
    *shown = io::stderr().write_all(format!("\r{text}\x1b[K").as_bytes()).is_ok();
}

/// Prints a line that stays.
pub(super) fn print(text: &str) {
    let _way = make_way();
    let _ = io::stderr().write_all(format!("{text}\n").as_bytes());
}

/// Whether standard error is a terminal on which a line can change.
pub(super) fn can_change() -> bool {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb");
    io::stderr().is_terminal() && (cfg!(windows) || !is_dumb)
}

/// Whether colours are wanted on standard error.
pub(super) fn has_colours() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

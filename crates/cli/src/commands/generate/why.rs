//! `--explain`: why there is something to do, and what became of the outputs.

use std::collections::HashMap;
use std::path::Path;

use crate::cache::Record;
use crate::disk::{self, Fate, Found, Look};
use crate::engine::Generated;
use crate::report::Terminal;

/// Reasons that are listed. Picked by gut feeling: as many as fit on a screen.
const MOST: usize = 20;

/// Says why there is something to do.
pub(super) fn reasons(reasons: &[String], terminal: &mut Terminal) {
    if let [reason] = reasons {
        return terminal.line(format_args!("Generating, since {reason}"));
    }
    terminal.line(format_args!("Generating, since {} things are not as they were:", reasons.len()));
    for reason in reasons.iter().take(MOST) {
        terminal.line(format_args!("  {reason}"));
    }
    if reasons.len() > MOST {
        terminal.line(format_args!("  and {} more", reasons.len() - MOST));
    }
}

/// Says which files this run looked at and the `last` one did not, and which of them are files of that one under other names.
pub(super) fn new_inputs(last: &Record, looks: &[Look], terminal: &mut Terminal) {
    let of_files = |looks: &'_ [Look]| -> Vec<(Box<Path>, u128)> {
        let file = |look: &Look| match look.found {
            Found::File(stamp) => Some((look.path.as_path().into(), stamp.hash)),
            Found::Nothing => None,
        };
        looks.iter().filter_map(file).collect()
    };
    let before: HashMap<Box<Path>, u128> = of_files(&last.inputs).into_iter().collect();
    let was_looked_for = |path: &Path| last.inputs.iter().any(|look| *look.path == *path);
    let mut new = of_files(looks);
    new.retain(|(path, _)| !was_looked_for(path));
    for (path, hash) in new.iter().take(MOST) {
        let mut same = before.iter().filter(|(old, old_hash)| *old_hash == hash && disk::stat(old).is_none());
        match same.next() {
            Some((old, _)) => terminal.line(format_args!("  {} was called {}", path.display(), old.display())),
            None => terminal.line(format_args!("  {} is read for the first time", path.display())),
        }
    }
    if new.len() > MOST {
        terminal.line(format_args!("  and {} more", new.len() - MOST));
    }
}

/// Says of each output why it was written, or not.
pub(super) fn outputs(done: &Generated, terminal: &mut Terminal) {
    if done.is_cut_off {
        terminal.line(format_args!("The grammars mean what they meant: only white space and plain comments were edited"));
    }
    for (path, written) in done.outputs.iter().chain(&done.once) {
        let reason = match written.fate {
            Fate::Created => "written: it was not there",
            Fate::Changed => "written: its content changed",
            Fate::Permitted => "not written: only who may run it changed",
            Fate::Unchanged => "left alone: it holds what it should",
        };
        terminal.line(format_args!("  {}: {reason}", path.display()));
    }
    for path in &done.obsolete.deleted {
        terminal.line(format_args!("  {}: deleted: it is no longer generated", path.display()));
    }
}

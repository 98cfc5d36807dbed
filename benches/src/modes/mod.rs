//! Ways to run Langloom on the same grammars. One table; everything that measures iterates it.

mod one_shot;
mod watch;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::measure::child::Usage;
use crate::programs::Langloom;
use crate::record;
use crate::site::{Edit, Site};
use one_shot::Rounds;
pub(crate) use one_shot::{Counts, counts};

/// A way to run Langloom.
#[derive(Debug)]
pub(crate) struct Mode {
    /// Its name in reports and baselines.
    pub(crate) name: &'static str,
    /// What it is, for people.
    pub(crate) about: &'static str,
    start: Start,
    /// What `generate` is given. A mode is left out while Langloom does not know one of the options.
    arguments: &'static [&'static str],
    calls: Calls,
}

/// How many processes generate many projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    /// One each, one after the other.
    Each,
    /// One for all. A mode of which there would be no other with one project.
    One,
}

const fn mode(name: &'static str, about: &'static str, start: Start, arguments: &'static [&'static str]) -> Mode {
    Mode { name, about, start, arguments, calls: Calls::Each }
}

const fn one_call(name: &'static str, about: &'static str, start: Start) -> Mode {
    Mode { name, about, start, arguments: &[], calls: Calls::One }
}

/// What is there when the measured run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Grammars and nothing else.
    Nothing,
    /// What the last run left, and nothing has changed since.
    Done,
    /// What the last run left, and one rule has been edited since.
    Edited(Edit),
    /// A process that watches; what it does after each edit of one rule is measured, so often for each round of the others.
    Watching(Edit, usize),
}

const EDITED: Start = Start::Edited(Edit::Keyword);
const WATCHING: Start = Start::Watching(Edit::Keyword, 15);

/// All modes.
pub(crate) const MODES: &[Mode] = &[
    mode("cold", "nothing was generated before", Start::Nothing, &[]),
    mode("dry-run", "cold, but nothing is written: what cold takes more is writing", Start::Nothing, &["--dry-run"]),
    mode("no-op", "nothing changed since the last run", Start::Done, &[]),
    mode("no-op-uncached", "the same, and nothing is remembered", Start::Done, &["--no-cache"]),
    mode("edit", "one rule got a keyword since the last run", EDITED, &[]),
    mode("edit-uncached", "the same, and nothing is remembered", EDITED, &["--no-cache"]),
    mode("edit-type", "one rule got a property since the last run: a type changed", Start::Edited(Edit::Property), &[]),
    mode("watch", "one rule gets a keyword under --watch: from the edit to the outputs", WATCHING, &["--watch"]),
    mode(
        "watch-whole",
        "the same, parsing everything again",
        Start::Watching(Edit::Keyword, 1),
        &["--watch", "--no-incremental"],
    ),
    mode(
        "watch-type",
        "one rule gets a property under --watch: a type changes",
        Start::Watching(Edit::Property, 7),
        &["--watch"],
    ),
    mode("no-stream", "cold, files read whole", Start::Nothing, &["--no-stream"]),
    mode("jobs-1", "cold, one thread", Start::Nothing, &["--jobs", "1"]),
    mode("jobs-2", "cold, two threads", Start::Nothing, &["--jobs", "2"]),
    mode("limit-64M", "cold, with a memory limit of 64 MB", Start::Nothing, &["--memory-limit", "64M"]),
    mode("limit-300M", "cold, with a memory limit of 300 MB", Start::Nothing, &["--memory-limit", "300M"]),
    one_call("one-call", "cold, all projects in one call", Start::Nothing),
    one_call("one-call-no-op", "nothing changed, all projects in one call", Start::Done),
];

impl Mode {
    /// The mode of that name.
    pub(crate) fn named(name: &str) -> Result<&'static Mode, String> {
        let known = || MODES.iter().map(|mode| mode.name).collect::<Vec<_>>().join(", ");
        MODES.iter().find(|mode| mode.name == name).ok_or_else(|| format!("there is no mode {name}; there are {}", known()))
    }

    /// Whether this Langloom can do it.
    pub(crate) fn is_known_to(&self, langloom: &Langloom) -> bool {
        langloom.knows(self.arguments)
    }

    /// Whether it differs from all other modes on this site.
    pub(crate) fn is_of_interest(&self, site: &Site) -> bool {
        self.calls == Calls::Each || site.folders().count() > 1
    }

    /// Runs Langloom on all projects. Returns what its processes used together.
    fn run(&self, site: &Site, mut command: impl FnMut(&[PathBuf]) -> Command) -> Result<Usage, String> {
        match self.calls {
            Calls::Each => site.run(|config| command(&[config.to_owned()])),
            Calls::One => site.run_once(|configs| command(configs)),
        }
    }

    /// Whether it writes what every other such mode writes.
    pub(crate) fn generates_all(&self) -> bool {
        self.start == Start::Nothing && !self.arguments.contains(&"--dry-run")
    }
}

/// A mode on a site of its own, measured round by round, so that modes can take turns: what disturbs the machine disturbs
/// them alike.
#[derive(Debug)]
pub(crate) struct Trial<'a> {
    pub(crate) mode: &'static Mode,
    pub(crate) site: Site,
    langloom: &'a Langloom,
    rounds: Rounds,
}

impl<'a> Trial<'a> {
    pub(crate) fn new(mode: &'static Mode, site: Site, langloom: &'a Langloom) -> Trial<'a> {
        Trial { mode, site, langloom, rounds: Rounds::default() }
    }

    /// Takes its turn. Those that watch have none: a process of theirs goes on for many edits.
    pub(crate) fn take_turn(&mut self, log: &Path) -> Result<(), String> {
        match self.mode.start {
            Start::Watching(..) => Ok(()),
            Start::Nothing | Start::Done | Start::Edited(_) => self.rounds.add(self.mode, &mut self.site, self.langloom, log),
        }
    }

    /// What it came to after `rounds` turns, counted exactly too where `is_exact`.
    pub(crate) fn finish(&mut self, rounds: usize, is_exact: bool) -> Result<record::Mode, String> {
        match self.mode.start {
            // One edit in a hundred may be a slow one, and more than a hundred take too long.
            Start::Watching(edit, edits) => {
                watch::measure(self.mode, &mut self.site, self.langloom, edit, (rounds * edits).min(105))
            }
            Start::Nothing | Start::Done | Start::Edited(_) => {
                let counts = if is_exact { counts(self.mode, &mut self.site, self.langloom)? } else { Counts::default() };
                Ok(self.rounds.figures(self.mode, &counts))
            }
        }
    }
}

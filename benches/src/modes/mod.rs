//! Ways to run Langloom on the same grammars. One table; everything that measures iterates it.

mod one_shot;
mod watch;

use std::path::Path;

use crate::programs::Langloom;
use crate::record;
use crate::site::Site;
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
}

/// What is there when the measured run begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// Grammars and nothing else.
    Nothing,
    /// What the last run left, and nothing has changed since.
    Done,
    /// What the last run left, and one rule has been edited since.
    Edited,
    /// A process that watches; what it does after each edit of one rule is measured.
    Watching,
}

/// All modes.
pub(crate) const MODES: &[Mode] = &[
    Mode { name: "cold", about: "nothing was generated before", start: Start::Nothing, arguments: &[] },
    Mode { name: "no-op", about: "nothing changed since the last run", start: Start::Done, arguments: &[] },
    Mode { name: "no-op-uncached", about: "the same, and nothing is remembered", start: Start::Done, arguments: &["--no-cache"] },
    Mode { name: "edit", about: "one rule was edited since the last run", start: Start::Edited, arguments: &[] },
    Mode {
        name: "edit-uncached",
        about: "the same, and nothing is remembered",
        start: Start::Edited,
        arguments: &["--no-cache"],
    },
    Mode {
        name: "watch",
        about: "one rule is edited under --watch: from the edit to the outputs",
        start: Start::Watching,
        arguments: &["--watch"],
    },
    Mode {
        name: "watch-whole",
        about: "the same, parsing everything again",
        start: Start::Watching,
        arguments: &["--watch", "--no-incremental"],
    },
    Mode { name: "no-stream", about: "cold, files read whole", start: Start::Nothing, arguments: &["--no-stream"] },
    Mode { name: "jobs-1", about: "cold, one thread", start: Start::Nothing, arguments: &["--jobs", "1"] },
    Mode { name: "jobs-2", about: "cold, two threads", start: Start::Nothing, arguments: &["--jobs", "2"] },
    Mode {
        name: "limit-64M",
        about: "cold, with a memory limit of 64 MB",
        start: Start::Nothing,
        arguments: &["--memory-limit", "64M"],
    },
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

    /// Runs Langloom this way, `rounds` times, and counts exactly too where `is_exact`.
    pub(crate) fn measure(
        &self,
        site: &mut Site,
        langloom: &Langloom,
        rounds: usize,
        is_exact: bool,
        log: &Path,
    ) -> Result<record::Mode, String> {
        match self.start {
            Start::Watching => watch::measure(self, site, langloom, rounds),
            Start::Nothing | Start::Done | Start::Edited => one_shot::measure(self, site, langloom, rounds, is_exact, log),
        }
    }

    /// Whether it writes what every other such mode writes.
    pub(crate) fn starts_from_nothing(&self) -> bool {
        self.start == Start::Nothing
    }
}

//! What is watched while templates run: how long one takes, what all of a pack take together, and what `{{log}}` says.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use langloom_core::emit::pack::{LogLevel, LogLine, Spent, Watch};

use crate::observe::{Observe, thread_time};
use crate::report::is_unprintable;

/// How long the template of one file may compute. Its steps take a tenth to a fifth of that on the machine where they
/// were weighed: this is for what no count of steps foresees, and no slow or busy machine reaches it with templates in order.
const LONGEST: Duration = Duration::from_secs(10);
/// Where the system does not tell processor time, others may have had the machine for most of the time.
const SHARED: u32 = 6;
/// So many lines of `{{log}}` are shown of a pack.
const MOST_LINES: usize = 1_000;
/// So much of each.
const LONGEST_LINE: usize = 1_000;

/// What all templates of a pack have in common.
pub(super) struct Watched {
    pub(super) observe: Observe,
    /// How long one file may take.
    longest: Duration,
}

/// One file being rendered.
pub(super) struct FileWatch<'w> {
    all: &'w Watched,
    /// Whether lines that it says may be shown.
    is_heard: bool,
    /// When it was asked for the second time: most files are done before. With the processor time of this thread, if it is known.
    begun: Cell<Option<(Instant, Option<Duration>)>>,
    is_asked: Cell<bool>,
    spent: Cell<Spent>,
    log: RefCell<Log>,
}

/// What a file said.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) lines: Vec<Line>,
    /// Whether there was more.
    pub(super) is_cut: bool,
}

/// A line of `{{log}}`.
#[derive(Debug)]
pub(super) struct Line {
    level: LogLevel,
    /// The name that the template is called by.
    template: String,
    /// What comes behind that.
    text: String,
}

impl Watched {
    /// `factor`: how many times the usual limits the templates may take.
    pub(super) fn new(observe: Observe, factor: f64) -> Watched {
        Watched { observe, longest: LONGEST.mul_f64(factor) }
    }

    /// For a file. `before`: how many lines those say that come before it, as far as they are done; all that are done come before.
    pub(super) fn file(&self, before: usize) -> FileWatch<'_> {
        let (begun, is_asked, spent, log) = Default::default();
        FileWatch { all: self, is_heard: before < MOST_LINES, begun, is_asked, spent, log }
    }

    /// Shows what a file said. `shown` is what the template of a name is called; `before`, how many lines of the pack were shown.
    pub(super) fn tell(&self, log: &Log, before: &mut usize, shown: impl Fn(&str) -> String) {
        let room = MOST_LINES.saturating_sub(*before);
        for Line { level, template, text } in log.lines.iter().take(room) {
            self.observe.log(verbosity(*level), || format!("{}:{text}", shown(template)));
        }
        let is_cut = log.is_cut || log.lines.len() > room;
        if is_cut && *before <= MOST_LINES {
            self.observe.log(1, || format!("templates log more than {MOST_LINES} lines: these are the first ones"));
            *before = MOST_LINES + 1;
        } else {
            *before += log.lines.len();
        }
    }
}

impl FileWatch<'_> {
    /// What it took and said.
    pub(super) fn finish(self) -> (Spent, Log) {
        (self.spent.get(), self.log.into_inner())
    }
}

impl Watch for FileWatch<'_> {
    fn must_stop(&self) -> Option<String> {
        let Some((begun, cpu)) = self.begun.get() else {
            if self.is_asked.replace(true) {
                self.begun.set(Some((Instant::now(), thread_time())));
            }
            return None;
        };
        let longest = self.all.longest;
        let elapsed = begun.elapsed();
        if elapsed < longest {
            return None;
        }
        let is_over = match thread_time().zip(cpu) {
            Some((now, before)) => now.saturating_sub(before) > longest,
            None => elapsed > longest * SHARED,
        };
        is_over.then(|| format!("the template takes longer than {} seconds", longest.as_secs()))
    }

    fn wants_log(&self, level: LogLevel) -> bool {
        self.all.observe.is_told(verbosity(level))
    }

    fn log(&self, line: &LogLine<'_>) {
        let mut log = self.log.borrow_mut();
        if log.lines.len() >= MOST_LINES || !self.is_heard {
            log.is_cut = true;
            return;
        }
        let LogLine { level, template, position, text } = *line;
        let level_shown = if level == LogLevel::Info { String::new() } else { format!(" {}:", level.name()) };
        let text = format!("{}:{}:{level_shown} {}", position.line, position.column, one_line(text));
        log.lines.push(Line { level, template: template.to_owned(), text });
    }

    fn spent(&self, spent: Spent) {
        self.spent.set(spent);
    }
}

/// How much somebody has to want to hear for a line to be shown.
fn verbosity(level: LogLevel) -> u8 {
    match level {
        LogLevel::Debug => 2,
        LogLevel::Info | LogLevel::Warn | LogLevel::Error => 1,
    }
}

/// The beginning of a text on one line, without what a terminal would obey.
fn one_line(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST_LINE);
    let shown: String =
        text[..end].chars().map(|char| if is_unprintable(char) { char::REPLACEMENT_CHARACTER } else { char }).collect();
    if end < text.len() { shown + "…" } else { shown }
}

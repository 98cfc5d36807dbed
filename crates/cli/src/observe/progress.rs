//! How far a run is, told while it goes on.
//!
//! A thread of its own looks ten times a second: phases that compute for seconds have no place to tell anything from.

use std::sync::{Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::history::{self, Weights};
use super::human;
use super::line;
use super::memory;
use super::phase::{PHASES, Phase};
use super::recorder::{Counts, Recorder, lock};

/// How progress is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Style {
    pub(super) form: Form,
    /// Work that takes less than this is not worth a word.
    pub(super) delay: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A line that changes, for terminals.
    Line,
    /// Now and then a line, for logs.
    Plain,
    /// An object on each line, for programs.
    Json,
}

/// From when on work is worth a progress line.
pub(super) const DELAY: Duration = Duration::from_secs(1);
/// How often the line changes, and how often programs hear something.
const PERIOD: Duration = Duration::from_millis(100);
/// How often memory is looked at, where somebody wants to know: 19,000 instructions each time, 0.1 % of a processor.
const SAMPLING: Duration = Duration::from_millis(10);
/// A log gets no more than a line in so much time, and at least one in so much.
const SELDOM: u64 = 1_000_000_000;
const AT_LEAST: u64 = 10_000_000_000;
/// More samples than that make no better chart.
const SAMPLES: usize = 2000;

/// Where a run is. Times in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Position {
    pub(super) phase: Phase,
    /// How long this phase has lasted, and the whole run.
    pub(super) since: u64,
    pub(super) elapsed: u64,
    /// How long each phase took that is over.
    pub(super) spent: [u64; PHASES.len()],
    /// What was done in this phase.
    pub(super) counts: Counts,
    /// Files read and outputs written so far; bytes of grammars that were read.
    pub(super) files: u64,
    pub(super) bytes: u64,
}

/// The thread that looks.
#[derive(Debug, Default)]
pub(super) struct Ticker {
    is_over: Mutex<bool>,
    wake: Condvar,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Ticker {
    /// Starts the thread, if there is something to look for and it does not run already.
    pub(super) fn start(&'static self, recorder: &'static Recorder) {
        let mut thread = lock(&self.thread);
        let wanted = recorder.wanted;
        if thread.is_none() && (wanted.progress.is_some() || wanted.details || recorder.limit.is_some()) {
            *lock(&self.is_over) = false;
            // Without the thread nothing is told, which is no reason to fail.
            *thread = thread::Builder::new().name("progress".to_owned()).spawn(|| self.look(recorder)).ok();
        }
    }

    /// Stops the thread and takes its line away.
    pub(super) fn stop(&self) {
        *lock(&self.is_over) = true;
        self.wake.notify_all();
        if let Some(thread) = lock(&self.thread).take() {
            let _ = thread.join();
            drop(line::make_way());
        }
    }

    fn look(&self, recorder: &Recorder) {
        let mut view = recorder.wanted.progress.map(View::new);
        let mut sampling = if recorder.wanted.details || recorder.limit.is_some() { SAMPLING } else { Duration::MAX };
        let mut is_over = lock(&self.is_over);
        while !*is_over {
            drop(is_over);
            if sampling != Duration::MAX
                && let Some(memory) = memory::memory()
            {
                recorder.limit.iter().for_each(|limit| limit.watch(memory.used));
                let samples = &mut recorder.run().samples;
                samples.push((recorder.now(), memory.used));
                if samples.len() > SAMPLES {
                    let mut index = 0;
                    samples.retain(|_| {
                        index += 1;
                        index % 2 == 0
                    });
                    sampling *= 2;
                }
            }
            let next = view.as_mut().map_or(Duration::MAX, |view| view.look(recorder)).min(sampling);
            is_over = lock(&self.is_over);
            if !*is_over {
                is_over = self.wake.wait_timeout(is_over, next).unwrap_or_else(|error| error.into_inner()).0;
            }
        }
    }
}

/// What was told so far.
struct View {
    style: Style,
    weights: Option<Weights>,
    /// The most that was told to be done.
    fraction: f64,
    /// When and about which phase a line was printed last.
    told: Option<(u64, Phase)>,
}

impl View {
    fn new(style: Style) -> View {
        View { style, weights: None, fraction: 0.0, told: None }
    }

    /// Tells what there is to tell. Returns when to look again.
    fn look(&mut self, recorder: &Recorder) -> Duration {
        let position = recorder.position();
        let elapsed = Duration::from_nanos(position.elapsed);
        if elapsed < self.style.delay {
            return self.style.delay - elapsed;
        }
        let known = || recorder.folder().and_then(history::read).unwrap_or_else(history::built_in);
        let weights = *self.weights.get_or_insert_with(|| history::of_run(known(), recorder.has_packs()));
        self.fraction = fraction(&weights, &position).max(self.fraction);
        let told = Told { position, fraction: self.fraction, memory: memory::memory().map(|memory| memory.used) };
        match self.style.form {
            Form::Line => line::show(&told.line(memory::terminal_width(), line::has_colours())),
            Form::Plain if !self.is_due(&position) => {}
            Form::Plain => {
                self.told = Some((position.elapsed, position.phase));
                line::print(&told.plain());
            }
            Form::Json => line::print(&told.json()),
        }
        PERIOD
    }

    /// Whether it is time for another line in a log: there is a new phase or nothing was told for long.
    fn is_due(&self, position: &Position) -> bool {
        let Some((at, phase)) = self.told else { return true };
        let pause = position.elapsed.saturating_sub(at);
        pause >= AT_LEAST || (pause >= SELDOM && phase != position.phase)
    }
}

/// How much of the run is done, from 0 to 1.
///
/// Each phase counts by its weight. Within a phase, what counts is the pieces that are done; where there are too few of
/// them to tell, the time that it took so far, compared with the time that it should take in proportion to the phases
/// before it, and never quite the whole.
fn fraction(weights: &Weights, position: &Position) -> f64 {
    let index = position.phase as usize;
    let total: f64 = weights.iter().sum();
    let before: f64 = weights[..index].iter().sum();
    let spent_before: u64 = position.spent[..index].iter().sum();
    let speed = if before > 0.0 && spent_before > 0 { spent_before as f64 / before } else { position.bytes.max(1) as f64 };
    let expected = speed * weights[index];
    // A phase may be entered again.
    let since = (position.since + position.spent[index]) as f64;
    let by_time = if expected > 0.0 { 1.0 - (-since / expected).exp() } else { 0.0 };
    let Counts { done, known, .. } = position.counts;
    let by_pieces = if known > 0 { (done as f64 / known as f64).min(1.0) } else { 0.0 };
    const ENOUGH: u64 = 16;
    let within = if known >= ENOUGH { by_pieces } else { by_pieces.max(by_time) };
    ((before + weights[index] * within) / total).min(0.99)
}

/// What is told at a moment.
struct Told {
    position: Position,
    fraction: f64,
    memory: Option<u64>,
}

impl Told {
    /// Nanoseconds that the rest will take, if it goes on like this; too early to say at first.
    fn left(&self) -> Option<u64> {
        (self.fraction >= 0.05).then(|| (self.position.elapsed as f64 * (1.0 - self.fraction) / self.fraction) as u64)
    }

    /// The parts of a line, the most important ones first.
    fn parts(&self) -> Vec<String> {
        let mut parts = vec![human::rough_time(self.position.elapsed)];
        parts.extend(self.left().map(|left| format!("about {} left", human::rough_time(left))));
        parts.extend(self.memory.map(|memory| format!("{} in use", human::bytes(memory))));
        parts.push(human::count(self.position.files, "file"));
        parts
    }

    /// `  Checking [=====>      ]  43 % 3 s, about 4 s left, 412 MB in use, 1 file`, cut to fit into `width` columns.
    fn line(&self, width: Option<usize>, has_colours: bool) -> String {
        // The last column stays free: some terminals begin a new line behind it.
        let width = width.filter(|width| *width > 0).unwrap_or(80) - 1;
        let doing = self.position.phase.facts().doing;
        let (bold, reset) = if has_colours { ("\x1b[1;32m", "\x1b[0m") } else { ("", "") };
        const NAME: usize = 22;
        const BAR: usize = 24;
        let percent = (self.fraction * 100.0) as usize;
        if width < NAME + 6 {
            return format!("{percent:>3} %").chars().take(width).collect();
        }
        let mut text = format!("{bold}{doing:>NAME$}{reset} ");
        let mut used = NAME + 1;
        if width >= used + BAR + 9 {
            let full = (self.fraction * BAR as f64) as usize;
            let head = if full < BAR { ">" } else { "" };
            text += &format!("[{:<BAR$}] ", "=".repeat(full) + head);
            used += BAR + 3;
        }
        text += &format!("{percent:>3} %");
        used += 5;
        for (index, part) in self.parts().iter().enumerate() {
            let joint = if index == 0 { " " } else { ", " };
            if used + joint.len() + part.len() > width {
                break;
            }
            used += joint.len() + part.len();
            text += joint;
            text += part;
        }
        text
    }

    fn plain(&self) -> String {
        let percent = (self.fraction * 100.0) as usize;
        format!("Langloom: {}, {percent} %, {}", self.position.phase.facts().doing, self.parts().join(", "))
    }

    fn json(&self) -> String {
        let milliseconds = |time: u64| time / 1_000_000;
        let Counts { done, known, .. } = self.position.counts;
        let null = |number: Option<u64>| number.map_or("null".to_owned(), |number| number.to_string());
        format!(
            "{{\"event\":\"progress\",\"phase\":\"{}\",\"done\":{:.3},\"pieces\":[{done},{known}],\"elapsed_ms\":{},\
             \"left_ms\":{},\"files\":{},\"memory_bytes\":{}}}",
            self.position.phase.name(),
            self.fraction,
            milliseconds(self.position.elapsed),
            null(self.left().map(milliseconds)),
            self.position.files,
            null(self.memory),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: u64 = 1_000_000_000;

    fn position(phase: Phase, since: u64, before: u64, done: u64, known: u64) -> Position {
        let mut spent = [0; PHASES.len()];
        spent[0] = before;
        let counts = Counts { done, known, ..Counts::default() };
        Position { phase, since, elapsed: before + since, spent, counts, files: 2, bytes: 1_000_000 }
    }

    /// Weights of 1 for the phase before and 1 for loading; nothing else.
    fn weights() -> Weights {
        std::array::from_fn(|index| if index < 2 { 1.0 } else { 0.0 })
    }

    #[test]
    fn pieces_count_where_there_are_enough_and_time_where_not() {
        let at = |since, done, known| fraction(&weights(), &position(Phase::Load, since, SECOND, done, known));
        assert_eq!(at(0, 0, 0), 0.5);
        assert_eq!(at(9 * SECOND, 0, 100), 0.5, "time does not count");
        assert_eq!(at(0, 50, 100), 0.75);
        assert!((at(SECOND, 0, 2) - 0.816).abs() < 0.001, "1 - 1/e of the phase");
        assert!(at(99 * SECOND, 0, 2) <= 0.99, "not over before it is over");
        assert!(at(99 * SECOND, 200, 100) <= 0.99);
    }

    #[test]
    fn a_line_fits_and_loses_the_least_important_first() {
        let told = Told { position: position(Phase::Check, 2 * SECOND, SECOND, 0, 0), fraction: 0.5, memory: Some(412_000_000) };
        let line = |width| told.line(Some(width), false);
        assert_eq!(
            line(120),
            "              checking [============>           ]  50 % 3 s, about 3 s left, 412 MB in use, 2 files"
        );
        assert_eq!(line(80), "              checking [============>           ]  50 % 3 s, about 3 s left");
        assert_eq!(line(40), "              checking  50 % 3 s");
        assert_eq!(line(20), " 50 %");
        assert_eq!(line(0), line(80), "a terminal that does not know its width");
        for width in 1..200 {
            assert!(line(width).len() < width, "{width}");
        }
        assert_eq!(told.plain(), "Langloom: checking, 50 %, 3 s, about 3 s left, 412 MB in use, 2 files");
        assert_eq!(
            told.json(),
            "{\"event\":\"progress\",\"phase\":\"check\",\"done\":0.500,\"pieces\":[0,0],\"elapsed_ms\":3000,\
             \"left_ms\":3000,\"files\":2,\"memory_bytes\":412000000}"
        );
    }

    #[test]
    fn a_log_gets_few_lines() {
        let mut view = View::new(Style { form: Form::Plain, delay: DELAY });
        let mut told = Vec::new();
        for second in 1..40 {
            let phase = if second < 15 { Phase::Load } else { Phase::Check };
            let position = position(phase, second * SECOND, 0, 0, 0);
            if view.is_due(&position) {
                view.told = Some((position.elapsed, phase));
                told.push(second);
            }
        }
        assert_eq!(told, [1, 11, 15, 25, 35]);
    }
}

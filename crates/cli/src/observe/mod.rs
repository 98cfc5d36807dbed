//! Seeing a run: what it is doing, and what it took.
//!
//! A [`Recorder`](recorder::Recorder) notes the phases of a run, the spans within them, and memory. Everything else reads
//! what it noted: the progress line while the run goes on; the table, the trace and the report when it is over. With
//! nothing to be seen there is no recorder, and what is left of all this is a test for `None`.
//!
//! Of the 189 million instructions of a cold run of 10,000 lines, being ready to show progress takes 0.2 %, `--timings`
//! 0.4 %, `--trace` 0.7 % and `--report` 1.2 %. The thread that looks costs 0.06 ms of CPU time, 3 % of what 35 lines take, and a
//! table of `--timings` 0.2 ms.

mod advice;
mod chart;
mod figures;
mod history;
mod human;
mod json_text;
mod limit;
mod line;
mod log;
mod memory;
mod phase;
mod progress;
mod recorder;
mod report_html;
mod report_json;
mod timings;
mod trace;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

pub(crate) use history::clear as forget_times;
pub(crate) use human::parse_size;
pub(crate) use line::make_way;
pub(crate) use memory::thread_time;
pub(crate) use phase::Phase;
pub(crate) use recorder::{Kind, Observe};

use crate::jobs::processors;
use crate::report::Failure;
use crate::side;
use figures::Figures;
use history::Weights;
use progress::{DELAY, Form, Style};
use recorder::Wanted;

/// `--progress`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Progress {
    /// For work of over a second: a line that changes on a terminal, now and then a line elsewhere
    #[default]
    Auto,
    /// From the start
    Always,
    /// Not at all
    Never,
    /// From the start, an object on each line of standard error
    Json,
}

/// What somebody wants to see of a run, and how much memory it may use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wishes {
    pub(crate) progress: Progress,
    /// 1 logs phases, 2 what happens in them too.
    pub(crate) verbosity: u8,
    pub(crate) timings: bool,
    /// Where to write a trace and a report.
    pub(crate) trace: Option<PathBuf>,
    pub(crate) report: Option<PathBuf>,
    /// Bytes.
    pub(crate) memory_limit: Option<u64>,
}

impl Wishes {
    /// Begins to observe a process in which `jobs` threads work, or as many as there are processors.
    pub(crate) fn start(self, jobs: Option<NonZeroUsize>) -> Observe {
        let details = self.timings || self.trace.is_some() || self.report.is_some();
        let wanted = Wanted {
            progress: style(self.progress),
            figures: details || self.verbosity > 0,
            details: details || self.verbosity > 1,
            verbosity: self.verbosity,
        };
        if wanted.progress.is_none() && !wanted.figures && self.memory_limit.is_none() {
            return Observe::default();
        }
        Observe::start(wanted, self, jobs)
    }
}

fn style(progress: Progress) -> Option<Style> {
    let form = if line::can_change() { Form::Line } else { Form::Plain };
    match progress {
        Progress::Auto => Some(Style { form, delay: DELAY }),
        Progress::Always => Some(Style { form, delay: Duration::ZERO }),
        Progress::Json => Some(Style { form: Form::Json, delay: Duration::ZERO }),
        Progress::Never => None,
    }
}

impl Observe {
    /// A run begins.
    pub(crate) fn begin(self) {
        if let Some(recorder) = self.0 {
            recorder.reset();
        }
    }

    /// What follows are the last words of a run: no progress is shown any more.
    pub(crate) fn settle(self) {
        if let Some(recorder) = self.0 {
            recorder.ticker.stop();
        }
    }

    /// A run is over: shows and writes what was wished for.
    pub(crate) fn finish(self, succeeded: bool) -> Result<(), Failure> {
        let Some(recorder) = self.0 else { return Ok(()) };
        let run = recorder.end();
        let wishes = &recorder.wishes;
        let limit = recorder.limit.as_ref().map(|limit| limit.bytes);
        let json = recorder.wanted.progress.is_some_and(|style| style.form == Form::Json);
        // Most runs are short, and nobody wants to know.
        if !recorder.wanted.figures && !json && u128::from(run.ended - run.began) < DELAY.as_nanos() {
            return Ok(());
        }
        let figures = Figures::new(run, recorder.jobs.unwrap_or_else(processors).get(), limit);
        if let Some(folder) = recorder.folder().filter(|_| succeeded)
            && let Some(weights) = weights(&figures)
        {
            history::write(folder, &weights);
        }
        if json {
            line::print(&format!("{{\"event\":\"end\",\"succeeded\":{succeeded},\"elapsed_ms\":{}}}", figures.total / 1_000_000));
        }
        if wishes.timings {
            line::print(timings::table(&figures).trim_end());
        }
        if figures.run.writes_no_files {
            return Ok(());
        }
        if let Some(path) = &wishes.trace {
            side::write(path, &trace::json(&figures.run))?;
        }
        if let Some(path) = &wishes.report {
            let render = if is_json(path) { report_json::json } else { report_html::page };
            side::write(path, &render(&figures, succeeded))?;
        }
        Ok(())
    }
}

/// Checks the name of a report, which says what form it has.
pub(crate) fn parse_report(text: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(text);
    if is_json(&path) || path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("html")) {
        return Ok(path);
    }
    Err("expected a file name that ends with .html or .json".to_owned())
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

/// What the next run will reckon with, if this one was long enough to tell.
fn weights(figures: &Figures) -> Option<Weights> {
    let bytes = figures.phase(Phase::Load).counts.bytes;
    let rendered = figures.phase(Phase::Commit).time > 0;
    (u128::from(figures.total) >= DELAY.as_nanos() && bytes > 0 && rendered)
        .then(|| std::array::from_fn(|index| figures.phases[index].time as f64 / bytes as f64))
}

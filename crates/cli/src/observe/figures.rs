//! What a run took, added up: what the table and the reports show.

use super::phase::{PHASES, Phase};
use super::recorder::{Counts, Kind, Run, SpanRecord};

/// A run in figures. Times in nanoseconds, memory in bytes.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) total: u64,
    /// Processor time of all threads.
    pub(super) cpu: Option<u64>,
    /// The most memory that was in use.
    pub(super) peak: Option<u64>,
    /// How many threads were allowed to work, and how many processors there are.
    pub(super) jobs: usize,
    pub(super) processors: usize,
    pub(super) limit: Option<u64>,
    /// All phases in their order, also those that did not come.
    pub(super) phases: Vec<PhaseFigures>,
    /// The kinds of outputs, in the order of the first of each.
    pub(super) kinds: Vec<KindFigures>,
    pub(super) run: Run,
}

/// A phase.
#[derive(Debug)]
pub(super) struct PhaseFigures {
    pub(super) phase: Phase,
    pub(super) time: u64,
    pub(super) cpu: Option<u64>,
    /// Memory in use when it began for the first time and when it ended for the last time.
    pub(super) memory: Option<(u64, u64)>,
    /// The most memory that was in use up to its end.
    pub(super) peak: Option<u64>,
    pub(super) counts: Counts,
}

/// The outputs of one kind.
#[derive(Debug)]
pub(super) struct KindFigures {
    pub(super) name: &'static str,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Sums over the outputs, some of which may have been rendered at the same time.
    pub(super) time: u64,
    pub(super) cpu: Option<u64>,
}

impl Figures {
    pub(super) fn new(run: Run, jobs: usize, limit: Option<u64>) -> Figures {
        let phases: Vec<PhaseFigures> = PHASES.iter().map(|facts| phase_figures(&run, facts.phase)).collect();
        let sampled = run.samples.iter().map(|(_, used)| *used);
        Figures {
            total: run.ended - run.began,
            cpu: phases.iter().map(|phase| phase.cpu).fold(None, add),
            peak: phases.iter().filter_map(|phase| phase.peak).chain(sampled).max(),
            jobs,
            processors: std::thread::available_parallelism().map_or(1, usize::from),
            limit,
            phases,
            kinds: kind_figures(&run),
            run,
        }
    }

    pub(super) fn phase(&self, phase: Phase) -> &PhaseFigures {
        &self.phases[phase as usize]
    }

    /// How many processors worked on average.
    pub(super) fn parallelism(&self) -> Option<f64> {
        parallelism(self.cpu, self.total)
    }

    /// What was looked for in caches, and what was found.
    pub(super) fn caches(&self) -> (u64, u64) {
        let counts = self.phases.iter().map(|phase| phase.counts);
        counts.fold((0, 0), |(hits, lookups), counts| (hits + counts.hits, lookups + counts.lookups))
    }

    /// The spans of outputs, the biggest first.
    pub(super) fn outputs(&self) -> Vec<&SpanRecord> {
        let mut outputs: Vec<&SpanRecord> = self.run.spans.iter().filter(|span| matches!(span.kind, Kind::Output(_))).collect();
        outputs.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        outputs
    }

    /// The spans of grammars, the biggest first.
    pub(super) fn files(&self) -> Vec<&SpanRecord> {
        let mut files: Vec<&SpanRecord> = self.run.spans.iter().filter(|span| span.kind == Kind::File).collect();
        files.sort_by(|a, b| b.bytes.cmp(&a.bytes).then_with(|| a.name.cmp(&b.name)));
        files
    }
}

impl PhaseFigures {
    pub(super) fn parallelism(&self) -> Option<f64> {
        parallelism(self.cpu, self.time)
    }
}

/// Too little time says nothing: clocks are read one after the other.
fn parallelism(cpu: Option<u64>, time: u64) -> Option<f64> {
    const ENOUGH: u64 = 100_000;
    cpu.filter(|_| time >= ENOUGH).map(|cpu| cpu as f64 / time as f64)
}

fn phase_figures(run: &Run, phase: Phase) -> PhaseFigures {
    let mut figures = PhaseFigures { phase, time: 0, cpu: None, memory: None, peak: None, counts: Counts::default() };
    for interval in run.intervals.iter().filter(|interval| interval.phase == phase) {
        figures.time += interval.end - interval.start;
        figures.cpu = add(figures.cpu, interval.cpu.map(|cpu| cpu.as_nanos() as u64));
        figures.counts += interval.counts;
        if let Some((before, after)) = interval.memory {
            figures.memory = Some((figures.memory.map_or(before.used, |(first, _)| first), after.used));
            figures.peak = Some(after.peak);
        }
    }
    figures
}

fn kind_figures(run: &Run) -> Vec<KindFigures> {
    let mut kinds: Vec<KindFigures> = Vec::new();
    for span in &run.spans {
        let Kind::Output(name) = span.kind else { continue };
        let index = kinds.iter().position(|kind| kind.name == name).unwrap_or_else(|| {
            kinds.push(KindFigures { name, files: 0, bytes: 0, time: 0, cpu: None });
            kinds.len() - 1
        });
        let kind = &mut kinds[index];
        kind.files += 1;
        kind.bytes += span.bytes;
        kind.time += span.end - span.start;
        kind.cpu = add(kind.cpu, span.cpu.map(|cpu| cpu.as_nanos() as u64));
    }
    // Who was faster must not show: tables are compared from run to run.
    kinds.sort_by_key(|kind| langloom_core::emit::TARGETS.iter().position(|target| target.name == kind.name));
    kinds
}

fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (one, None) | (None, one) => one,
    }
}

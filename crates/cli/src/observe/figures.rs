//! What a run took, added up: what the table and the reports show.

use crate::jobs::processors;

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
    /// How many threads had something to do, times nanoseconds; 0 if spans were not noted.
    pub(super) busy: u64,
    pub(super) counts: Counts,
}

/// The outputs of one kind.
#[derive(Debug)]
pub(super) struct KindFigures {
    pub(super) name: &'static str,
    /// When they were rendered.
    pub(super) phase: Phase,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Sums over the outputs, some of which may have been rendered at the same time.
    pub(super) time: u64,
    pub(super) cpu: Option<u64>,
}

impl Figures {
    pub(super) fn new(run: Run, jobs: usize, limit: Option<u64>) -> Figures {
        let mut phases: Vec<PhaseFigures> = PHASES.iter().map(|facts| phase_figures(&run, facts.phase)).collect();
        count_busy(&run, &mut phases);
        // The kernel counts in batches, so that what it tells may lie a little below what was in use before.
        let mut peak = None;
        for phase in phases.iter_mut().filter(|phase| phase.peak.is_some()) {
            phase.peak = phase.peak.max(peak);
            peak = phase.peak;
        }
        let sampled = run.samples.iter().map(|(_, used)| *used);
        Figures {
            total: run.ended - run.began,
            cpu: phases.iter().map(|phase| phase.cpu).fold(None, add),
            peak: phases.iter().filter_map(|phase| phase.peak).chain(sampled).max(),
            jobs,
            processors: processors().get(),
            limit,
            phases,
            kinds: kind_figures(&run),
            run,
        }
    }

    pub(super) fn phase(&self, phase: Phase) -> &PhaseFigures {
        &self.phases[phase as usize]
    }

    /// How many processors worked on average; fewer than had something to do, if other processes wanted them too.
    pub(super) fn processors_used(&self) -> Option<f64> {
        average(self.cpu, self.total)
    }

    /// How many threads had something to do on average, however busy the machine was.
    pub(super) fn threads_used(&self) -> Option<f64> {
        average(Some(self.phases.iter().map(|phase| phase.busy).sum()), self.total)
    }

    /// How many threads could have worked at the same time.
    pub(super) fn most_threads(&self) -> usize {
        self.jobs.min(self.processors)
    }

    /// What was looked for in caches, and what was found.
    pub(super) fn caches(&self) -> (u64, u64) {
        let counts = self.phases.iter().map(|phase| phase.counts);
        counts.fold((0, 0), |(hits, lookups), counts| (hits + counts.hits, lookups + counts.lookups))
    }

    /// What was written to outputs, those of packs included.
    pub(super) fn rendered(&self) -> Counts {
        let mut counts = self.phase(Phase::Render).counts;
        counts += self.phase(Phase::Packs).counts;
        counts
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
    /// See [`Figures::processors_used`].
    pub(super) fn processors_used(&self) -> Option<f64> {
        average(self.cpu, self.time)
    }

    /// See [`Figures::threads_used`].
    pub(super) fn threads_used(&self) -> Option<f64> {
        average(Some(self.busy), self.time)
    }
}

/// Too little time says nothing: clocks are read one after the other.
fn average(sum: Option<u64>, time: u64) -> Option<f64> {
    const ENOUGH: u64 = 100_000;
    sum.filter(|sum| time >= ENOUGH && *sum > 0).map(|sum| sum as f64 / time as f64)
}

/// Adds up in which phases how many threads had something to do: as many as are in a span at the time, and at least one.
fn count_busy(run: &Run, phases: &mut [PhaseFigures]) {
    let mut spans: Vec<(u32, u64, u64)> = run.spans.iter().map(|span| (span.worker, span.start, span.end)).collect();
    if spans.is_empty() {
        return;
    }
    spans.sort_unstable();
    // When a thread begins or ends to be in a span, of spans within spans the outermost.
    let mut changes: Vec<(u64, i64)> = Vec::with_capacity(2 * spans.len());
    let mut covered = (u32::MAX, 0);
    for (worker, start, end) in spans {
        let start = if covered.0 == worker { start.max(covered.1) } else { start };
        if end > start {
            changes.extend([(start, 1), (end, -1)]);
            covered = (worker, end);
        }
    }
    changes.sort_unstable();
    let mut changes = changes.into_iter().peekable();
    let mut active: i64 = 0;
    for interval in &run.intervals {
        let mut at = interval.start;
        let mut busy = 0;
        while let Some((time, change)) = changes.next_if(|(time, _)| *time < interval.end) {
            busy += time.saturating_sub(at) * active.max(1) as u64;
            at = at.max(time);
            active += change;
        }
        busy += (interval.end - at) * active.max(1) as u64;
        phases[interval.phase as usize].busy += busy;
    }
}

fn phase_figures(run: &Run, phase: Phase) -> PhaseFigures {
    let mut figures = PhaseFigures { phase, time: 0, cpu: None, memory: None, peak: None, busy: 0, counts: Counts::default() };
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
            kinds.push(KindFigures { name, phase: span.phase, files: 0, bytes: 0, time: 0, cpu: None });
            kinds.len() - 1
        });
        let kind = &mut kinds[index];
        kind.files += 1;
        kind.bytes += span.bytes;
        kind.time += span.end - span.start;
        kind.cpu = add(kind.cpu, span.cpu.map(|cpu| cpu.as_nanos() as u64));
    }
    // Who was faster must not show: tables are compared from run to run.
    let place = |kind: &KindFigures| langloom_core::emit::TARGETS.iter().position(|target| target.name == kind.name);
    kinds.sort_by_key(|kind| (kind.phase, place(kind)));
    kinds
}

fn add(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a + b),
        (one, None) | (None, one) => one,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::recorder::Interval;

    fn span(worker: u32, start: u64, end: u64) -> SpanRecord {
        let (kind, phase) = (Kind::Batch, Phase::Load);
        SpanRecord { kind, phase, name: String::new(), worker, start, end, cpu: None, bytes: 0 }
    }

    fn interval(phase: Phase, start: u64, end: u64) -> Interval {
        Interval { phase, start, end, cpu: None, memory: None, counts: Counts::default() }
    }

    #[test]
    fn threads_are_counted_once_and_at_least_one_is_busy() {
        let run = Run {
            ended: 100,
            intervals: vec![interval(Phase::Load, 0, 60), interval(Phase::Check, 60, 100)],
            // Two spans of thread 0 within another, a pause in which thread 1 works, and one over the border of phases.
            spans: vec![span(0, 10, 30), span(0, 12, 20), span(0, 20, 29), span(1, 20, 50), span(1, 55, 70)],
            ..Run::default()
        };
        let figures = Figures::new(run, 2, None);
        let busy: Vec<u64> = figures.phases.iter().map(|phase| phase.busy).collect();
        assert_eq!(busy[Phase::Load as usize], 60 + 10, "both worked from 20 to 30");
        assert_eq!(busy[Phase::Check as usize], 40);
        assert_eq!(busy.iter().sum::<u64>(), 110);
        let phases: u64 = figures.phases.iter().map(|phase| phase.time).sum();
        assert_eq!(phases, figures.total);
    }
}

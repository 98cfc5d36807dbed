//! Notes what a run does and what it takes.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::limit::Limit;
use super::memory::{self, Memory};
use super::phase::{PHASES, Phase};
use super::progress::{Style, Ticker};
use super::{Wishes, line, progress};

/// What is seen of a run; copied to wherever something happens. By default nothing is seen.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Observe(pub(super) Option<&'static Recorder>);

/// What somebody wants to know.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Wanted {
    pub(super) progress: Option<Style>,
    /// What was used at the borders of phases.
    pub(super) figures: bool,
    /// Spans, and the memory in use all along.
    pub(super) details: bool,
    /// How much to log.
    pub(super) verbosity: u8,
}

#[derive(Debug)]
pub(super) struct Recorder {
    pub(super) wanted: Wanted,
    pub(super) wishes: Wishes,
    pub(super) limit: Option<Limit>,
    /// How many threads are wanted to work; if nobody wanted any number, as many as there are processors.
    pub(super) jobs: Option<NonZeroUsize>,
    /// Where runs are remembered.
    folder: OnceLock<PathBuf>,
    /// All times count from here.
    epoch: Instant,
    run: Mutex<Run>,
    /// The phase that the run is in and what was done in it so far.
    phase: AtomicU8,
    counts: AtomicCounts,
    /// Whether there are packs, so that their phase will come.
    has_packs: AtomicBool,
    /// Which numbers of threads are taken.
    taken: Mutex<Vec<bool>>,
    pub(super) ticker: Ticker,
}

/// What was noted of a run. Times are nanoseconds since the epoch of the recorder.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// What runs, for the head of a report.
    pub(super) title: String,
    pub(super) began: u64,
    pub(super) ended: u64,
    /// The phases in the order of time, without gaps. One may come several times.
    pub(super) intervals: Vec<Interval>,
    /// Where the one began that goes on.
    pub(super) border: Option<Border>,
    pub(super) spans: Vec<SpanRecord>,
    /// Memory in use along the run, the time first.
    pub(super) samples: Vec<(u64, u64)>,
    /// Whether a trace or a report would be in the place of something that matters.
    pub(super) writes_no_files: bool,
    /// What to tell about how the work was done.
    pub(super) notes: Vec<String>,
    /// The declarations with the longest texts: name, file, bytes.
    pub(super) biggest: Vec<(String, String, u64)>,
}

/// The time in a phase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interval {
    pub(super) phase: Phase,
    pub(super) start: u64,
    pub(super) end: u64,
    /// Processor time of all threads.
    pub(super) cpu: Option<Duration>,
    /// Memory at the start and at the end.
    pub(super) memory: Option<(Memory, Memory)>,
    pub(super) counts: Counts,
}

/// Where a phase begins.
#[derive(Clone, Copy, Debug)]
pub(super) struct Border {
    phase: Phase,
    at: u64,
    cpu: Option<Duration>,
    memory: Option<Memory>,
}

/// What was done in a phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Pieces of work that are done, of so many that are known.
    pub(super) done: u64,
    pub(super) known: u64,
    /// Files that were read, or outputs that were rendered, and their bytes.
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// What was found in a cache, of what was looked for.
    pub(super) hits: u64,
    pub(super) lookups: u64,
}

#[derive(Debug, Default)]
struct AtomicCounts {
    done: AtomicU64,
    known: AtomicU64,
    files: AtomicU64,
    bytes: AtomicU64,
    hits: AtomicU64,
    lookups: AtomicU64,
}

/// What a span is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A grammar that is read and parsed.
    File,
    /// Some declarations of a file, or whatever else is done by one thread without a break.
    Batch,
    /// An output of this kind that is rendered and written.
    Output(&'static str),
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::File => "file",
            Kind::Batch => "batch",
            Kind::Output(_) => "output",
        }
    }
}

/// Something that was done within a phase, on one thread.
#[derive(Clone, Debug)]
pub(super) struct SpanRecord {
    pub(super) kind: Kind,
    pub(super) phase: Phase,
    pub(super) name: String,
    /// The thread's number; 0 is the main one.
    pub(super) worker: u32,
    pub(super) start: u64,
    pub(super) end: u64,
    /// Processor time of the thread.
    pub(super) cpu: Option<Duration>,
    pub(super) bytes: u64,
}

/// Something that goes on; it is over when this is dropped.
#[derive(Debug)]
#[must_use]
pub(crate) struct Span {
    observe: Observe,
    record: Option<Box<SpanRecord>>,
}

thread_local! {
    /// The number of this thread.
    static WORKER: Cell<u32> = const { Cell::new(0) };
}

impl Observe {
    /// Notes what is `wanted` for `wishes`. The recorder lives as long as the process, so that it can be handed around like a number.
    pub(super) fn start(wanted: Wanted, wishes: Wishes, jobs: Option<NonZeroUsize>) -> Observe {
        let recorder = Recorder {
            wanted,
            limit: wishes.memory_limit.map(Limit::new),
            wishes,
            jobs,
            folder: OnceLock::new(),
            epoch: Instant::now(),
            run: Mutex::default(),
            phase: AtomicU8::new(0),
            counts: AtomicCounts::default(),
            has_packs: AtomicBool::new(false),
            taken: Mutex::new(vec![true]),
            ticker: Ticker::default(),
        };
        Observe(Some(Box::leak(Box::new(recorder))))
    }

    /// The run is what `title` says, and runs like it are remembered in `folder`.
    pub(crate) fn about(self, folder: Option<&Path>, title: impl FnOnce() -> String) {
        let Some(recorder) = self.0 else { return };
        if let Some(folder) = folder {
            recorder.folder.get_or_init(|| folder.to_owned());
        }
        if recorder.wanted.figures {
            recorder.run().title = title();
        }
    }

    /// The run goes on with `phase`; the one before is over.
    pub(crate) fn phase(self, phase: Phase) {
        let Some(recorder) = self.0 else { return };
        recorder.border(Some(phase));
        if phase == Phase::Load {
            recorder.ticker.start(recorder);
        }
    }

    /// Whether the run will come to the phase of packs.
    pub(crate) fn expect_packs(self, are_there: bool) {
        if let Some(recorder) = self.0 {
            recorder.has_packs.store(are_there, Relaxed);
        }
    }

    /// What `name` says goes on until the result is dropped.
    pub(crate) fn span(self, kind: Kind, name: impl FnOnce() -> String) -> Span {
        let record = self.0.filter(|recorder| recorder.wanted.details).map(|recorder| {
            Box::new(SpanRecord {
                kind,
                phase: recorder.current(),
                name: name(),
                worker: WORKER.get(),
                start: recorder.now(),
                end: 0,
                cpu: memory::thread_time(),
                bytes: 0,
            })
        });
        Span { observe: self, record }
    }

    /// Does a piece of work, one of those that were told by [`Observe::expect`].
    pub(crate) fn piece<R>(self, work: impl FnOnce() -> R) -> R {
        let _span = self.span(Kind::Batch, || self.0.map_or("", |recorder| recorder.current().name()).to_owned());
        let result = work();
        self.advance(1);
        result
    }

    /// So many more pieces of work are known.
    pub(crate) fn expect(self, pieces: u64) {
        self.count(|counts| counts.known.fetch_add(pieces, Relaxed));
    }

    /// So many pieces of work are done.
    pub(crate) fn advance(self, pieces: u64) {
        self.count(|counts| counts.done.fetch_add(pieces, Relaxed));
    }

    /// A file was read, or an output rendered.
    pub(crate) fn file(self, bytes: u64) {
        self.count(|counts| {
            counts.files.fetch_add(1, Relaxed);
            counts.bytes.fetch_add(bytes, Relaxed)
        });
    }

    /// Something was looked for in a cache.
    pub(crate) fn lookup(self, is_hit: bool) {
        self.count(|counts| {
            counts.lookups.fetch_add(1, Relaxed);
            counts.hits.fetch_add(u64::from(is_hit), Relaxed)
        });
    }

    fn count(self, add: impl FnOnce(&AtomicCounts) -> u64) {
        if let Some(recorder) = self.0 {
            add(&recorder.counts);
        }
    }

    /// Tells people what `text` says, if they want to hear so much.
    pub(crate) fn log(self, verbosity: u8, text: impl FnOnce() -> String) {
        if let Some(recorder) = self.0.filter(|_| self.is_told(verbosity)) {
            recorder.tell(&text());
        }
    }

    /// Has this run write neither a trace nor a report.
    pub(crate) fn write_no_files(self) {
        if let Some(recorder) = self.0 {
            recorder.run().writes_no_files = true;
        }
    }

    /// Whether people want to hear so much.
    pub(crate) fn is_told(self, verbosity: u8) -> bool {
        self.0.is_some_and(|recorder| recorder.wanted.verbosity >= verbosity)
    }

    /// Tells people what `text` says in any case, and notes it.
    pub(super) fn note(self, text: String) {
        if let Some(recorder) = self.0 {
            line::print(&format!("Langloom: {text}"));
            recorder.run().notes.push(text);
        }
    }

    /// Notes the biggest declarations, if somebody wants to know: `find` is given how many.
    pub(crate) fn biggest(self, find: impl FnOnce(usize) -> Vec<(String, String, u64)>) {
        const COUNT: usize = 10;
        if let Some(recorder) = self.0.filter(|recorder| recorder.wanted.details) {
            recorder.run().biggest = find(COUNT);
        }
    }

    /// This thread does work for as long as the result lives, and gets the lowest number that is free.
    pub(crate) fn worker(self) -> Worker {
        let number = self.0.map(|recorder| {
            let mut taken = lock(&recorder.taken);
            let number = taken.iter().position(|taken| !taken).unwrap_or(taken.len());
            if number == taken.len() {
                taken.push(true);
            }
            taken[number] = true;
            number as u32
        });
        WORKER.set(number.unwrap_or(0));
        Worker { observe: self }
    }
}

/// A thread that works.
#[derive(Debug)]
#[must_use]
pub(crate) struct Worker {
    observe: Observe,
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(recorder) = self.observe.0 {
            lock(&recorder.taken)[WORKER.get() as usize] = false;
        }
    }
}

impl Span {
    /// So many bytes were read or written.
    pub(crate) fn bytes(&mut self, bytes: u64) {
        if let Some(record) = &mut self.record {
            record.bytes += bytes;
        }
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        let (Some(recorder), Some(mut record)) = (self.observe.0, self.record.take()) else { return };
        record.end = recorder.now();
        record.cpu = memory::thread_time().zip(record.cpu).map(|(now, before)| now.saturating_sub(before));
        if recorder.wanted.verbosity >= 2 {
            recorder.tell(&super::log::span(&record));
        }
        recorder.run().spans.push(*record);
    }
}

impl Recorder {
    /// Nanoseconds since the epoch.
    pub(super) fn now(&self) -> u64 {
        self.epoch.elapsed().as_nanos() as u64
    }

    /// Where earlier runs are remembered.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.folder.get().map(PathBuf::as_path)
    }

    pub(super) fn has_packs(&self) -> bool {
        self.has_packs.load(Relaxed)
    }

    /// The phase that the run is in.
    pub(super) fn current(&self) -> Phase {
        PHASES[usize::from(self.phase.load(Relaxed))].phase
    }

    pub(super) fn run(&self) -> MutexGuard<'_, Run> {
        lock(&self.run)
    }

    /// Forgets what was noted: another run begins.
    pub(super) fn reset(&self) {
        let now = self.now();
        self.counts.take();
        *self.run() = Run { began: now, ..Run::default() };
        self.border(Some(Phase::Prepare));
    }

    /// Ends the run. Returns what was noted.
    pub(super) fn end(&self) -> Run {
        self.ticker.stop();
        self.border(None);
        let mut run = std::mem::take(&mut *self.run());
        run.ended = self.now();
        run
    }

    /// Ends the phase that goes on and begins `next`.
    fn border(&self, next: Option<Phase>) {
        let has_figures = self.wanted.figures;
        let border = Border {
            phase: next.unwrap_or(Phase::Prepare),
            at: self.now(),
            cpu: if has_figures { memory::process_time() } else { None },
            memory: if has_figures { memory::memory() } else { None },
        };
        let counts = self.counts.take();
        self.phase.store(border.phase as u8, Relaxed);
        let mut run = self.run();
        if let Some(before) = run.border.take() {
            let interval = Interval {
                phase: before.phase,
                start: before.at,
                end: border.at,
                cpu: border.cpu.zip(before.cpu).map(|(now, before)| now.saturating_sub(before)),
                memory: before.memory.zip(border.memory),
                counts,
            };
            run.intervals.push(interval);
            if self.wanted.verbosity >= 1 {
                self.tell(&super::log::phase(&interval));
            }
        }
        run.border = next.map(|_| border);
        if let Some(memory) = border.memory {
            run.samples.push((border.at, memory.used));
        }
    }

    fn tell(&self, text: &str) {
        line::print(&format!("[{:>8.3} s] {text}", Duration::from_nanos(self.now()).as_secs_f64()));
    }

    /// What is known of the run that goes on, for a progress line.
    pub(super) fn position(&self) -> progress::Position {
        let run = self.run();
        let now = self.now();
        let counts = self.counts.get();
        let mut spent = [0; PHASES.len()];
        let mut files = counts.files;
        let mut bytes = 0;
        for interval in &run.intervals {
            spent[interval.phase as usize] += interval.end - interval.start;
            files += interval.counts.files;
            bytes += if interval.phase == Phase::Load { interval.counts.bytes } else { 0 };
        }
        let phase = self.current();
        let since = run.border.map_or(now, |border| border.at);
        bytes += if phase == Phase::Load { counts.bytes } else { 0 };
        progress::Position { phase, since: now - since, elapsed: now - run.began, spent, counts, files, bytes }
    }
}

impl AtomicCounts {
    fn all(&self) -> [&AtomicU64; 6] {
        [&self.done, &self.known, &self.files, &self.bytes, &self.hits, &self.lookups]
    }

    fn get(&self) -> Counts {
        Counts::from(self.all().map(|count| count.load(Relaxed)))
    }

    fn take(&self) -> Counts {
        Counts::from(self.all().map(|count| count.swap(0, Relaxed)))
    }
}

impl From<[u64; 6]> for Counts {
    fn from([done, known, files, bytes, hits, lookups]: [u64; 6]) -> Counts {
        Counts { done, known, files, bytes, hits, lookups }
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.done += other.done;
        self.known += other.known;
        self.files += other.files;
        self.bytes += other.bytes;
        self.hits += other.hits;
        self.lookups += other.lookups;
    }
}

/// A thread that panicked leaves nothing half noted.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! Outputs on their way into a batch: the biggest first, on all threads, in chunks.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{OnceLock, mpsc};
use std::thread;

use langloom_core::emit::{self, Chunk, Input, Output, Pieces, Sink};

use crate::disk::{self, Batch, CHUNK, Fate, Part, Stat, Written};
use crate::engine::Options;
use crate::jobs::Jobs;
use crate::made_of::Made;
use crate::observe::{Kind, Observe};
use crate::report::Failure;

/// From so many bytes on, the biggest output is rendered on one thread and written on another: below, starting one takes
/// longer. Of 10,000 lines, grammar.ts has 7 MB and takes 5 ms to render and 3 to write, when all others are long done.
const WORTH_A_THREAD: u64 = 1 << 20;
/// From so many bytes on that holds for each output: of a million lines, ast.ts (270 MB) was else alone for the last tenth of a second.
const EACH_WORTH_A_THREAD: u64 = 64 << 20;

/// What an output was made of when it was written last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Before<'k> {
    /// The state of its file.
    pub(crate) stat: Stat,
    pub(crate) made: &'k Made,
}

/// Renders `outputs` into `batch`, each to its path; pieces that are as they were `before` are taken from the files. The
/// result is in their order, with what each is made of.
pub(crate) fn outputs<'k>(
    input: Input<'_>,
    outputs: &[Output],
    paths: &[PathBuf],
    before: impl Fn(&Path) -> Option<Before<'k>> + Sync,
    options: &Options,
    batch: &Batch,
) -> Result<Vec<(Written, Made)>, Failure> {
    let observe = options.observe;
    let bytes: u64 = input.sources.files.iter().map(|file| file.text.len() as u64).sum();
    let size = |index: usize| bytes * u64::from(outputs[index].target.weight);
    let mut order: Vec<usize> = (0..outputs.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(size(index)));
    let rendering = Rendering { input, jobs: options.jobs, observe, chunk: observe.chunk(CHUNK), exceeded: OnceLock::new() };
    observe.expect(order.iter().map(|&index| size(index) / rendering.chunk as u64).sum());
    let has_hands = observe.threads(options.jobs.count()) > 1;
    let render = |&index: &usize| {
        let before = before(&paths[index]);
        // What is known need not be rendered.
        let least = if index == order[0] { WORTH_A_THREAD } else { EACH_WORTH_A_THREAD };
        let is_apart = has_hands && before.is_none() && size(index) >= least;
        rendering.stage(&outputs[index], is_apart, &paths[index], before, batch)
    };
    let written: Vec<Result<(Written, Made), disk::Error>> = options.jobs.with_workers(|workers| workers.map(&order, render));
    if let Some(failure) = rendering.exceeded.into_inner() {
        return Err(failure);
    }
    let mut in_order: Vec<(usize, (Written, Made))> = Vec::with_capacity(outputs.len());
    for (index, written) in order.into_iter().zip(written) {
        in_order.push((index, written?));
    }
    in_order.sort_unstable_by_key(|(index, _)| *index);
    Ok(in_order.into_iter().map(|(_, written)| written).collect())
}

struct Rendering<'a> {
    input: Input<'a>,
    jobs: Jobs,
    observe: Observe,
    /// Bytes of a chunk.
    chunk: usize,
    /// There is too little memory to go on.
    exceeded: OnceLock<Failure>,
}

impl Rendering<'_> {
    /// Puts what `output` is beside `path`; `is_apart` says whether it is rendered on a thread of its own.
    fn stage(
        &self,
        output: &Output,
        is_apart: bool,
        path: &Path,
        before: Option<Before<'_>>,
        batch: &Batch,
    ) -> Result<(Written, Made), disk::Error> {
        let observe = self.observe;
        let mut span = observe.span(Kind::Output(output.target.name), || output.path.clone());
        let mut length = 0;
        let mut pieces = Pieces::default();
        let old = before.map(|before| (before.stat, &before.made.segments));
        let staged = batch.stage_parts(path, old, |is_known, take| {
            let mut take_chunk = |chunk: Chunk<'_>| {
                let part = match chunk {
                    Chunk::Text(text) => Part::Bytes(text.as_bytes()),
                    Chunk::Earlier(place) => Part::Old(place),
                };
                length += match &part {
                    Part::Bytes(bytes) => bytes.len() as u64,
                    Part::Old(place) => place.end - place.start,
                };
                // There is no way to stop rendering, but a way not to care.
                if self.has_room() {
                    take(part);
                }
                observe.advance(1);
            };
            let nothing = Pieces::default();
            let before = before.filter(|_| is_known).map_or(&nothing, |before| &before.made.pieces);
            pieces = match is_apart {
                true => self.render_apart(output, before, &mut take_chunk),
                false => self.render(output, before, &mut take_chunk),
            };
        });
        span.bytes(length);
        observe.file(length);
        let (written, segments) = staged?;
        observe.lookup(written.fate == Fate::Unchanged);
        Ok((written, Made { hash: written.hash, pieces, segments }))
    }

    fn has_room(&self) -> bool {
        if self.observe.is_over_limit()
            && let Err(failure) = self.observe.check_memory()
        {
            let _ = self.exceeded.set(failure);
        }
        self.exceeded.get().is_none()
    }

    /// Calls `take` with the chunks of `output`. What it is made of.
    fn render(&self, output: &Output, before: &Pieces, take: &mut dyn FnMut(Chunk<'_>)) -> Pieces {
        self.jobs.with_workers(|workers| {
            let mut sink = Sink::after(before, self.chunk, take).with_workers(workers);
            emit::render(output, self.input, &mut sink);
            sink.finish()
        })
    }

    /// The same; `take` is called on this thread while the next chunk is rendered on another one. There are never more than
    /// four chunks.
    fn render_apart(&self, output: &Output, before: &Pieces, take: &mut dyn FnMut(Chunk<'_>)) -> Pieces {
        let (full, chunks) = mpsc::sync_channel::<Passed>(1);
        let (back, used) = mpsc::channel::<String>();
        thread::scope(|scope| {
            let renderer = scope.spawn(move || {
                let _worker = self.observe.worker();
                self.render(output, before, &mut |chunk| {
                    let passed = match chunk {
                        Chunk::Text(text) => {
                            let empty = used.try_recv().unwrap_or_else(|_| String::with_capacity(text.capacity()));
                            Passed::Text(std::mem::replace(text, empty))
                        }
                        Chunk::Earlier(place) => Passed::Earlier(place),
                    };
                    // Nobody takes it if this program is coming down.
                    let _ = full.send(passed);
                })
            });
            for chunk in chunks {
                match chunk {
                    Passed::Text(mut text) => {
                        take(Chunk::Text(&mut text));
                        text.clear();
                        let _ = back.send(text);
                    }
                    Passed::Earlier(place) => take(Chunk::Earlier(place)),
                }
            }
            renderer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }
}

/// A chunk on its way from one thread to another.
enum Passed {
    Text(String),
    Earlier(Range<u64>),
}

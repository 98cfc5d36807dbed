//! Outputs on their way into a batch: the biggest first, on all threads, in chunks.

use std::path::{Path, PathBuf};
use std::sync::{OnceLock, mpsc};
use std::thread;

use langloom_core::emit::{self, Input, Output, Sink};

use crate::disk::{self, Batch, CHUNK, Fate, Written};
use crate::engine::Options;
use crate::observe::{Kind, Observe};
use crate::report::Failure;

/// From so many bytes on, the biggest output is rendered on one thread and written on another: below, starting one takes
/// longer. Of 10,000 lines, grammar.ts has 7 MB and takes 5 ms to render and 3 to write, when all others are long done.
const WORTH_A_THREAD: u64 = 1 << 20;

/// Renders `outputs` into `batch`, each to its path. The result is in their order.
pub(crate) fn outputs(
    input: Input<'_>,
    outputs: &[Output],
    paths: &[PathBuf],
    options: &Options,
    batch: &Batch,
) -> Result<Vec<Written>, Failure> {
    let observe = options.observe;
    let bytes: u64 = input.sources.files.iter().map(|file| file.text.len() as u64).sum();
    let size = |index: usize| bytes * u64::from(outputs[index].target.weight);
    let mut order: Vec<usize> = (0..outputs.len()).collect();
    order.sort_by_key(|&index| std::cmp::Reverse(size(index)));
    let rendering = Rendering { input, observe, chunk: observe.chunk(CHUNK), exceeded: OnceLock::new() };
    observe.expect(order.iter().map(|&index| size(index) / rendering.chunk as u64).sum());
    let has_hands = observe.threads(options.jobs.count()) > 1;
    let render = |&index: &usize| {
        let is_apart = has_hands && index == order[0] && size(index) >= WORTH_A_THREAD;
        rendering.stage(&outputs[index], is_apart, &paths[index], batch)
    };
    let written: Vec<Result<Written, disk::Error>> = options.jobs.with_workers(|workers| workers.map(&order, render));
    if let Some(failure) = rendering.exceeded.into_inner() {
        return Err(failure);
    }
    let mut in_order: Vec<(usize, Written)> = Vec::with_capacity(outputs.len());
    for (index, written) in order.into_iter().zip(written) {
        in_order.push((index, written?));
    }
    in_order.sort_unstable_by_key(|(index, _)| *index);
    Ok(in_order.into_iter().map(|(_, written)| written).collect())
}

struct Rendering<'a> {
    input: Input<'a>,
    observe: Observe,
    /// Bytes of a chunk.
    chunk: usize,
    /// There is too little memory to go on.
    exceeded: OnceLock<Failure>,
}

impl Rendering<'_> {
    /// Puts what `output` is beside `path`; `is_apart` says whether it is rendered on a thread of its own.
    fn stage(&self, output: &Output, is_apart: bool, path: &Path, batch: &Batch) -> Result<Written, disk::Error> {
        let observe = self.observe;
        let mut span = observe.span(Kind::Output(output.target.name), || output.path.clone());
        let mut length = 0;
        let written = batch.stage_chunks(path, |take| {
            let mut take_text = |text: &str| {
                // There is no way to stop rendering, but a way not to care.
                if self.has_room() {
                    take(text.as_bytes());
                }
                length += text.len() as u64;
                observe.advance(1);
            };
            match is_apart {
                true => self.render_apart(output, &mut take_text),
                false => self.render(output, &mut take_text),
            }
        });
        span.bytes(length);
        observe.file(length);
        written.inspect(|written| observe.lookup(written.fate == Fate::Unchanged))
    }

    fn has_room(&self) -> bool {
        if self.observe.is_over_limit()
            && let Err(failure) = self.observe.check_memory()
        {
            let _ = self.exceeded.set(failure);
        }
        self.exceeded.get().is_none()
    }

    /// Calls `take` with the chunks of `output`.
    fn render(&self, output: &Output, take: &mut dyn FnMut(&str)) {
        let mut sink = Sink::new(self.chunk, take);
        emit::render(output, self.input, &mut sink);
        sink.finish();
    }

    /// The same; `take` is called on this thread while the next chunk is rendered on another one. There are never more than
    /// four chunks.
    fn render_apart(&self, output: &Output, take: &mut dyn FnMut(&str)) {
        let (full, chunks) = mpsc::sync_channel::<String>(1);
        let (back, used) = mpsc::channel::<String>();
        thread::scope(|scope| {
            scope.spawn(move || {
                let _worker = self.observe.worker();
                self.render(output, &mut |text| {
                    let mut chunk = used.try_recv().unwrap_or_default();
                    chunk.push_str(text);
                    // Nobody takes it if this program is coming down.
                    let _ = full.send(chunk);
                });
            });
            for mut chunk in chunks {
                take(&chunk);
                chunk.clear();
                let _ = back.send(chunk);
            }
        });
    }
}

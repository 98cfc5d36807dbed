//! `--trace`: a run in the Trace Event Format of Chrome, which Perfetto and chrome://tracing open.
//!
//! <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU>: complete events (`X`) for phases
//! and spans, each thread a track of its own with the phases on the first, a counter (`C`) for memory, and metadata (`M`)
//! that names the tracks. Times are microseconds.

use std::fmt::Write as _;

use super::json_text::{push, quoted};
use super::recorder::{Kind, Run};

/// The trace of `run` as JSON.
pub(super) fn json(run: &Run) -> String {
    let mut events = vec![metadata("process_name", 0, "langloom"), metadata("thread_name", 0, "phases")];
    let workers = run.spans.iter().map(|span| span.worker).max().unwrap_or(0);
    events.extend((0..=workers).map(|worker| {
        let name = if worker == 0 { "main thread".to_owned() } else { format!("thread {worker}") };
        metadata("thread_name", worker + 1, &name)
    }));
    for interval in &run.intervals {
        let args = format!(
            "{{\"files\":{},\"bytes\":{},\"cache_hits\":{},\"cache_lookups\":{}}}",
            interval.counts.files, interval.counts.bytes, interval.counts.hits, interval.counts.lookups,
        );
        events.push(complete("phase", interval.phase.name(), 0, (interval.start, interval.end), run.began, &args));
    }
    for span in &run.spans {
        let mut args = format!("{{\"phase\":\"{}\",\"bytes\":{}", span.phase.name(), span.bytes);
        if let Some(cpu) = span.cpu {
            let _ = write!(args, ",\"cpu_us\":{}", micros(cpu.as_nanos() as u64));
        }
        if let Kind::Output(kind) = span.kind {
            let _ = write!(args, ",\"kind\":{}", quoted(kind));
        }
        args.push('}');
        events.push(complete(span.kind.name(), &span.name, span.worker + 1, (span.start, span.end), run.began, &args));
    }
    events.extend(run.samples.iter().map(|(at, used)| {
        let at = micros(at.saturating_sub(run.began));
        format!("{{\"ph\":\"C\",\"name\":\"memory\",\"pid\":1,\"tid\":0,\"ts\":{at},\"args\":{{\"bytes\":{used}}}}}")
    }));
    format!("{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n", events.join(",\n"))
}

fn metadata(what: &str, thread: u32, name: &str) -> String {
    format!("{{\"ph\":\"M\",\"name\":\"{what}\",\"pid\":1,\"tid\":{thread},\"args\":{{\"name\":{}}}}}", quoted(name))
}

fn complete(category: &str, name: &str, thread: u32, (start, end): (u64, u64), began: u64, args: &str) -> String {
    let mut event = format!("{{\"ph\":\"X\",\"cat\":\"{category}\",\"name\":");
    push(&mut event, name);
    let _ = write!(
        event,
        ",\"pid\":1,\"tid\":{thread},\"ts\":{},\"dur\":{},\"args\":{args}}}",
        micros(start.saturating_sub(began)),
        micros(end - start),
    );
    event
}

/// Microseconds with three digits behind the point.
fn micros(nanoseconds: u64) -> String {
    format!("{}.{:03}", nanoseconds / 1000, nanoseconds % 1000)
}

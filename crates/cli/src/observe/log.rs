//! What `-v` and `-vv` print.

use super::human;
use super::recorder::{Counts, Interval, SpanRecord};

/// A phase that is over.
pub(super) fn phase(interval: &Interval) -> String {
    let mut text = format!("{}: {}", interval.phase.name(), human::time(interval.end - interval.start));
    if let Some(cpu) = interval.cpu {
        text += &format!(", {} of processor time", human::time(cpu.as_nanos() as u64));
    }
    let Counts { files, bytes, hits, lookups, .. } = interval.counts;
    if files > 0 {
        text += &format!(", {}, {}", human::count(files, "file"), human::bytes(bytes));
    }
    if lookups > 0 {
        text += &format!(", {hits} of {lookups} found in caches");
    }
    if let Some((before, after)) = interval.memory {
        text += &format!(", {} in use ({})", human::bytes(after.used), human::change(before.used, after.used));
    }
    text
}

/// A span that is over.
pub(super) fn span(span: &SpanRecord) -> String {
    let size = if span.bytes > 0 { format!(", {}", human::bytes(span.bytes)) } else { String::new() };
    let time = human::time(span.end - span.start);
    format!("  {} {}: {time}{size}, thread {}", span.kind.name(), span.name, span.worker)
}

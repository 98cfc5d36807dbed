//! `--report FILE.json`: what the page shows, as data. Times in milliseconds, memory in bytes.

use std::fmt::Write as _;

use super::advice::advice;
use super::figures::Figures;
use super::json_text::quoted;
use super::recorder::SpanRecord;

/// Bumped when a member changes its meaning or goes away; new ones may come at any time.
const FORMAT: u32 = 1;

/// The report as JSON.
pub(super) fn json(figures: &Figures, succeeded: bool) -> String {
    let mut out = String::from("{\n");
    let (hits, lookups) = figures.caches();
    member(&mut out, "format", &FORMAT.to_string());
    member(&mut out, "langloom", &quoted(env!("CARGO_PKG_VERSION")));
    member(&mut out, "title", &quoted(&figures.run.title));
    member(&mut out, "succeeded", if succeeded { "true" } else { "false" });
    member(&mut out, "threads", &figures.jobs.to_string());
    member(&mut out, "processors", &figures.processors.to_string());
    member(&mut out, "memory_limit", &null(figures.limit));
    member(&mut out, "time_ms", &milliseconds(figures.total));
    member(&mut out, "cpu_ms", &figures.cpu.map_or("null".to_owned(), milliseconds));
    member(&mut out, "peak_bytes", &null(figures.peak));
    member(&mut out, "threads_used", &average(figures.threads_used()));
    member(&mut out, "processors_used", &average(figures.processors_used()));
    member(&mut out, "cache_hits", &hits.to_string());
    member(&mut out, "cache_lookups", &lookups.to_string());
    list(&mut out, "phases", &figures.phases, |phase| {
        let counts = phase.counts;
        format!(
            "{{\"name\":\"{}\",\"time_ms\":{},\"cpu_ms\":{},\"memory_before\":{},\"memory_after\":{},\"peak_bytes\":{},\
             \"threads_used\":{},\"files\":{},\"bytes\":{},\"cache_hits\":{},\"cache_lookups\":{}}}",
            phase.phase.name(),
            milliseconds(phase.time),
            phase.cpu.map_or("null".to_owned(), milliseconds),
            null(phase.memory.map(|(before, _)| before)),
            null(phase.memory.map(|(_, after)| after)),
            null(phase.peak),
            average(phase.threads_used()),
            counts.files,
            counts.bytes,
            counts.hits,
            counts.lookups,
        )
    });
    list(&mut out, "output_kinds", &figures.kinds, |kind| {
        format!(
            "{{\"name\":{},\"files\":{},\"bytes\":{},\"time_ms\":{},\"cpu_ms\":{}}}",
            quoted(kind.name),
            kind.files,
            kind.bytes,
            milliseconds(kind.time),
            kind.cpu.map_or("null".to_owned(), milliseconds),
        )
    });
    list(&mut out, "outputs", &figures.outputs(), |output| span(output));
    list(&mut out, "grammars", &figures.files(), |file| span(file));
    list(&mut out, "biggest_declarations", &figures.run.biggest, |(name, file, bytes)| {
        format!("{{\"name\":{},\"file\":{},\"bytes\":{bytes}}}", quoted(name), quoted(file))
    });
    list(&mut out, "memory", &figures.run.samples, |(at, used)| {
        format!("[{},{used}]", milliseconds(at.saturating_sub(figures.run.began)))
    });
    list(&mut out, "notes", &figures.run.notes, |note| quoted(note));
    list(&mut out, "recommendations", &advice(figures), |text| quoted(text));
    out.truncate(out.len() - ",\n".len());
    out.push_str("\n}\n");
    out
}

fn member(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "  \"{key}\": {value},");
}

fn list<T>(out: &mut String, key: &str, items: &[T], show: impl Fn(&T) -> String) {
    let items: Vec<String> = items.iter().map(|item| format!("\n    {}", show(item))).collect();
    let end = if items.is_empty() { "" } else { "\n  " };
    let _ = writeln!(out, "  \"{key}\": [{}{end}],", items.join(","));
}

fn span(span: &SpanRecord) -> String {
    format!(
        "{{\"path\":{},\"bytes\":{},\"time_ms\":{},\"cpu_ms\":{},\"thread\":{}}}",
        quoted(&span.name),
        span.bytes,
        milliseconds(span.end - span.start),
        span.cpu.map_or("null".to_owned(), |cpu| milliseconds(cpu.as_nanos() as u64)),
        span.worker,
    )
}

fn milliseconds(nanoseconds: u64) -> String {
    format!("{}.{:03}", nanoseconds / 1_000_000, nanoseconds / 1000 % 1000)
}

fn null(number: Option<u64>) -> String {
    number.map_or("null".to_owned(), |number| number.to_string())
}

fn average(number: Option<f64>) -> String {
    number.map_or("null".to_owned(), |number| format!("{number:.3}"))
}

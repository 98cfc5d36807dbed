//! One page that needs nothing else: no script, no font, no other file.

use std::fmt::Write;

use super::charts::{self, OTHERS, SHOWN};
use super::goals::GOALS;
use super::svg::escaped;
use crate::record::Record;
use crate::table::{bytes, count, seconds, three_digits};

/// The page of a history, whose last record is the one that it is about. Nothing if there is none.
pub(crate) fn page(history: &[Record]) -> Option<String> {
    let record = history.last()?;
    let mut html = String::with_capacity(64 * 1024);
    let _ = write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Langloom: what it costs</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
    );
    let _ = write!(
        html,
        "<header><h1>Langloom: what it costs</h1>\n<p class=\"about\"><code>{}</code> {} · {}<br>{} × {} · {}{}</p></header>\n",
        escaped(&record.commit),
        escaped(&record.subject),
        escaped(&record.date),
        record.processors,
        escaped(&record.processor),
        escaped(&record.machine.describe()),
        if record.in_memory { " · files in memory" } else { "" },
    );
    goals(record, &mut html);
    html.push_str("<section>\n<h2>Beside langium-cli, and beside the limit</h2>\n");
    html.push_str(
        "<p>Whole processes that take turns on the same grammars, from nothing. The floor reads, hashes and writes the same \
         bytes and does nothing else: no generator is faster. Both axes are logarithmic.</p>\n",
    );
    figures(
        &mut html,
        &[
            ("CPU time", charts::time_by_size(record)),
            ("Times fewer CPU seconds than langium-cli", charts::ratio_by_size(record)),
            ("Peak memory", charts::memory_by_size(record)),
            ("CPU time for each byte of grammar: flat is in proportion", charts::cost_by_size(record)),
        ],
    );
    contests(record, &mut html);
    html.push_str("</section>\n<section>\n<h2>Ways to run</h2>\n");
    html.push_str(
        "<p>Cold: nothing was generated before. No-op: nothing changed since. Edit: one rule did. Watch: the same in a process \
         that goes on, measured from the edit to the outputs. Percentages are of the cold run.</p>\n",
    );
    figures(
        &mut html,
        &[
            ("10,000 lines", charts::time_of_modes(record, 10_000)),
            ("35 lines: mostly what a process costs", charts::time_of_modes(record, 35)),
        ],
    );
    modes(record, &mut html);
    html.push_str("</section>\n<section>\n<h2>Where it goes</h2>\n");
    html.push_str("<p>One thread, all outputs, 10,000 lines of each shape of grammar.</p>\n");
    legend(&mut html);
    figures(
        &mut html,
        &[("CPU time of each stage", charts::time_of_stages(record)), ("Memory of each stage", charts::memory_of_stages(record))],
    );
    stages(record, &mut html);
    html.push_str("</section>\n");
    if record.templates.is_some() {
        html.push_str("<section>\n<h2>Templates</h2>\n");
        html.push_str("<p>The same templates and data for both, after warming up; the texts are the same, byte for byte.</p>\n");
        figures(
            &mut html,
            &[("Rendering", charts::speed_of_templates(record)), ("Compiling", charts::time_of_compiling(record))],
        );
        html.push_str("</section>\n");
    }
    html.push_str("<section>\n<h2>Over time</h2>\n");
    html.push_str(
        "<p>Instructions are counted, not timed, so that they are the same on every run; the gate in CI fails when a stage \
         takes 2 % more. CPU time is that of the machine of each record.</p>\n",
    );
    figures(
        &mut html,
        &[
            ("Instructions, in percent of the first record", charts::counts_over_time(history)),
            ("CPU time of a cold run", charts::times_over_time(history)),
        ],
    );
    html.push_str("</section>\n<footer>Made by <code>langloom-bench report</code> from the records in ");
    html.push_str("<code>benches/history</code>. Point at dots and bars for figures.</footer>\n</main>\n</body>\n</html>\n");
    Some(html)
}

fn goals(record: &Record, html: &mut String) {
    html.push_str("<section class=\"goals\">\n");
    for goal in GOALS {
        let Some((figure, is_kept)) = goal.of(record) else { continue };
        let (class, mark) = if is_kept { ("kept", "✓") } else { ("missed", "missed:") };
        let (number, unit) = figure.split_once(' ').unwrap_or((&figure, ""));
        let _ = writeln!(
            html,
            "<div class=\"goal {class}\"><div class=\"figure\">{number} <small>{unit}</small></div>\
             <div class=\"name\">{}</div><div class=\"bound\">{mark} {}</div></div>",
            escaped(goal.name),
            goal.bound(),
        );
    }
    html.push_str("</section>\n");
}

/// Charts side by side; those without data are left out.
fn figures(html: &mut String, charts: &[(&str, String)]) {
    html.push_str("<div class=\"charts\">\n");
    for (title, chart) in charts.iter().filter(|(_, chart)| !chart.is_empty()) {
        let _ = writeln!(html, "<figure><figcaption>{}</figcaption>{chart}</figure>", escaped(title));
    }
    html.push_str("</div>\n");
}

fn legend(html: &mut String) {
    html.push_str("<p class=\"legend\">");
    for (name, color) in SHOWN.iter().chain([&OTHERS]) {
        let _ = write!(
            html,
            "<span><svg viewBox=\"0 0 12 12\"><rect class=\"bar c{color}\" width=\"12\" height=\"12\"/></svg>{name}</span> "
        );
    }
    html.push_str("</p>\n");
}

fn contests(record: &Record, html: &mut String) {
    let headings = [
        "grammars",
        "in",
        "out",
        "langium-cli CPU",
        "Langloom CPU",
        "on the clock",
        "floor CPU",
        "times fewer",
        "rounds",
        "times the floor",
        "langium-cli peak",
        "Langloom peak",
    ];
    let rows = record.contests.iter().map(|contest| {
        let optional = |value: Option<String>| value.unwrap_or_default();
        let ratio = contest.ratio();
        vec![
            format!("{}, {} lines", contest.grammars.shape, count(contest.grammars.lines as u64)),
            bytes(contest.grammars.bytes),
            bytes(contest.output_bytes),
            optional(contest.reference.as_ref().map(|runs| seconds(runs.cpu))),
            seconds(contest.langloom.cpu),
            seconds(contest.langloom.wall),
            seconds(contest.floor.cpu),
            optional(ratio.map(|ratio| three_digits(ratio.best))),
            optional(ratio.map(|ratio| format!("{} to {}", three_digits(ratio.low), three_digits(ratio.high)))),
            contest.to_floor().map_or_else(String::new, |ratio| three_digits(ratio.best)),
            optional(contest.reference.as_ref().map(|runs| bytes(runs.peak_memory))),
            bytes(contest.langloom.peak_memory),
        ]
    });
    table(html, "All figures", &headings, rows);
}

fn modes(record: &Record, html: &mut String) {
    let headings = [
        "grammars",
        "mode",
        "CPU",
        "of it the kernel",
        "median",
        "on the clock",
        "median",
        "99 of 100",
        "peak memory",
        "read",
        "written",
        "outputs written",
        "kept",
        "system calls",
        "instructions",
    ];
    let places = record.modes.iter().map(|of| (of, "")).chain(record.on_disk.iter().map(|of| (of, ", on a disk")));
    let rows = places.flat_map(|(of, place)| {
        of.modes.iter().map(move |mode| {
            let figure = |value: Option<u64>, show: fn(u64) -> String| value.map_or_else(String::new, show);
            vec![
                format!("{}, {} lines{place}", of.grammars.shape, count(of.grammars.lines as u64)),
                mode.mode.clone(),
                seconds(mode.cpu),
                mode.system.map_or_else(String::new, seconds),
                seconds(mode.cpu_median),
                seconds(mode.wall),
                seconds(mode.wall_median),
                mode.wall_p99.map_or_else(String::new, seconds),
                bytes(mode.peak_memory),
                figure(mode.read, bytes),
                figure(mode.written, bytes),
                figure(mode.outputs_written, count),
                figure(mode.outputs_kept, count),
                figure(mode.system_calls, count),
                figure(mode.instructions, count),
            ]
        })
    });
    table(html, "All figures", &headings, rows);
}

fn stages(record: &Record, html: &mut String) {
    let headings = ["grammars", "stage", "CPU", "MB/s in", "MB/s out", "out", "allocations", "allocated", "peak heap"];
    let rows = record.stages.iter().flat_map(|of| {
        of.stages.iter().map(move |stage| {
            let rate = |size: usize| if size == 0 { String::new() } else { three_digits(size as f64 / stage.cpu / 1e6) };
            vec![
                format!("{}, {} lines", of.grammars.shape, count(of.grammars.lines as u64)),
                stage.stage.clone(),
                seconds(stage.cpu),
                rate(stage.input_bytes),
                rate(stage.output_bytes),
                if stage.output_bytes == 0 { String::new() } else { bytes(stage.output_bytes as u64) },
                count(stage.allocations),
                bytes(stage.allocated_bytes),
                bytes(stage.peak_heap),
            ]
        })
    });
    table(html, "All figures", &headings, rows);
}

fn table(html: &mut String, summary: &str, headings: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    let _ = write!(html, "<details><summary>{summary}</summary><div class=\"scroll\"><table>\n<tr>");
    headings.iter().for_each(|heading| {
        let _ = write!(html, "<th>{heading}</th>");
    });
    html.push_str("</tr>\n");
    for row in rows {
        html.push_str("<tr>");
        row.iter().for_each(|cell| {
            let _ = write!(html, "<td>{}</td>", escaped(cell));
        });
        html.push_str("</tr>\n");
    }
    html.push_str("</table></div></details>\n");
}

const STYLE: &str = include_str!("page.css");

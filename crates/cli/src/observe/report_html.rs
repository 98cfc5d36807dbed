//! `--report FILE.html`: a run on one page. It needs nothing but itself: charts are SVG, styles are inside, there are no
//! scripts.

use std::fmt::Write as _;

use super::advice::advice;
use super::chart::{Bar, bars, escape, lanes, memory};
use super::figures::Figures;
use super::human;
use super::phase::PHASES;

/// The page.
pub(super) fn page(figures: &Figures, succeeded: bool) -> String {
    let title = escape(&figures.run.title);
    let mut out = String::new();
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Langloom: {title}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<main>\n<header><h1>{title}</h1><p>Langloom {}, {}, {} of {}{}</p></header>\n",
        env!("CARGO_PKG_VERSION"),
        if succeeded { "finished successfully" } else { "<b class=\"bad\">failed</b>" },
        human::count(figures.jobs as u64, "thread"),
        human::count(figures.processors as u64, "processor"),
        figures.limit.map_or(String::new(), |limit| format!(", memory limit {}", human::bytes(limit))),
    );
    tiles(&mut out, figures);
    recommendations(&mut out, figures);
    section(
        &mut out,
        "Time by phase",
        "The darker part is the share of the threads that had something to do.",
        &phase_chart(figures),
    );
    section(&mut out, "Memory", "Physical memory in use, over the phases.", &memory(figures));
    section(
        &mut out,
        "Threads",
        "What each thread did: grammars, batches of declarations, outputs. Gaps are idle time.",
        &lanes(figures),
    );
    section(&mut out, "Biggest outputs", "By bytes, with the time to render and write them.", &output_chart(figures));
    section(&mut out, "Biggest declarations", "By the length of their texts.", &declaration_chart(figures));
    section(&mut out, "All phases", "", &phase_table(figures));
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// A part of the page, unless there is nothing in it.
fn section(out: &mut String, title: &str, explanation: &str, content: &str) {
    if !content.is_empty() {
        let _ = writeln!(out, "<section><h2>{title}</h2><p>{explanation}</p>\n{content}</section>");
    }
}

fn tiles(out: &mut String, figures: &Figures) {
    let (hits, lookups) = figures.caches();
    let load = figures.phase(super::Phase::Load).counts;
    let render = figures.rendered();
    let allowed = figures.most_threads();
    let used = figures.threads_used();
    let efficiency = used.map(|used| format!("{:.0} %", (used / allowed as f64 * 100.0).min(100.0)));
    let unknown = || "unknown".to_owned();
    let tiles = [
        ("Time", human::time(figures.total), format!("{} of processor time", figures.cpu.map_or_else(unknown, human::time))),
        ("Peak memory", figures.peak.map_or_else(unknown, human::bytes), ratio(figures.peak, load.bytes, "the grammars")),
        (
            "Parallel efficiency",
            efficiency.unwrap_or_else(|| "unknown".to_owned()),
            used.map_or(String::new(), |used| format!("{used:.2} of {} had work", human::count(allowed as u64, "thread"))),
        ),
        ("Grammars", human::bytes(load.bytes), human::count(load.files, "file")),
        ("Outputs", human::bytes(render.bytes), human::count(render.files, "file")),
        (
            "Cache hits",
            if lookups == 0 { "none".to_owned() } else { format!("{hits} of {lookups}") },
            "runs, kept trees, unchanged outputs".to_owned(),
        ),
    ];
    out.push_str("<div class=\"tiles\">\n");
    for (name, value, detail) in tiles {
        let _ = writeln!(out, "<div><span>{name}</span><b>{value}</b><small>{detail}</small></div>");
    }
    out.push_str("</div>\n");
}

fn ratio(part: Option<u64>, whole: u64, what: &str) -> String {
    match part {
        Some(part) if whole >= 1_000_000 => format!("{:.1} times {what}", part as f64 / whole as f64),
        Some(_) | None => String::new(),
    }
}

fn recommendations(out: &mut String, figures: &Figures) {
    let notes = figures.run.notes.iter().map(|note| format!("<li>{}</li>", escape(note)));
    let advice = advice(figures).into_iter().map(|text| format!("<li>{}</li>", escape(&text)));
    let items: String = notes.chain(advice).collect();
    let content = if items.is_empty() { "<p>Nothing stands out.</p>".to_owned() } else { format!("<ul>{items}</ul>") };
    let _ = writeln!(out, "<section class=\"advice\"><h2>Recommendations</h2>{content}</section>");
}

fn phase_chart(figures: &Figures) -> String {
    let allowed = figures.most_threads() as f64;
    let rows: Vec<Bar> = figures
        .phases
        .iter()
        .enumerate()
        .filter(|(_, phase)| phase.time > 0)
        .map(|(index, phase)| Bar {
            name: phase.phase.name().to_owned(),
            value: phase.time as f64,
            inner: (phase.busy > 0).then(|| (phase.busy as f64 / allowed).min(phase.time as f64)),
            text: format!("{}, {} %", human::time(phase.time), human::percent(phase.time, figures.total)),
            colour: index,
        })
        .collect();
    bars(&rows)
}

/// So many bars say enough.
const MOST: usize = 12;

fn output_chart(figures: &Figures) -> String {
    let outputs = figures.outputs();
    let rows: Vec<Bar> = outputs
        .iter()
        .take(MOST)
        .map(|output| Bar {
            name: output.name.clone(),
            value: output.bytes as f64,
            inner: None,
            text: format!("{} in {}", human::bytes(output.bytes), human::time(output.end - output.start)),
            colour: super::Phase::Render as usize,
        })
        .collect();
    bars(&rows) + &rest(outputs.len(), "output")
}

fn declaration_chart(figures: &Figures) -> String {
    let rows: Vec<Bar> = figures
        .run
        .biggest
        .iter()
        .map(|(name, file, bytes)| Bar {
            name: format!("{name} ({file})"),
            value: *bytes as f64,
            inner: None,
            text: human::bytes(*bytes),
            colour: super::Phase::Load as usize,
        })
        .collect();
    bars(&rows)
}

fn rest(count: usize, noun: &str) -> String {
    if count > MOST {
        format!("<p>and {}</p>", human::count((count - MOST) as u64, &format!("smaller {noun}")))
    } else {
        String::new()
    }
}

fn phase_table(figures: &Figures) -> String {
    let mut out = String::from(
        "<div class=\"wide\"><table><thead><tr><th>phase<th>time<th>share<th>threads<th>processors<th>memory before<th>after<th>peak\
         <th>cache hits<th>files<th>bytes</thead>\n<tbody>\n",
    );
    for (facts, phase) in PHASES.iter().zip(&figures.phases) {
        let counts = phase.counts;
        let or_dash = |text: Option<String>| text.unwrap_or_else(|| "-".to_owned());
        let cells = [
            human::time(phase.time),
            format!("{} %", human::percent(phase.time, figures.total)),
            or_dash(phase.threads_used().map(|number| format!("{number:.2}"))),
            or_dash(phase.processors_used().map(|number| format!("{number:.2}"))),
            or_dash(phase.memory.map(|(before, _)| human::bytes(before))),
            or_dash(phase.memory.map(|(_, after)| human::bytes(after))),
            or_dash(phase.peak.map(human::bytes)),
            or_dash((counts.lookups > 0).then(|| format!("{} of {}", counts.hits, counts.lookups))),
            or_dash((counts.files > 0).then(|| counts.files.to_string())),
            or_dash((counts.bytes > 0).then(|| human::bytes(counts.bytes))),
        ];
        let _ = write!(out, "<tr><td>{}", facts.name);
        cells.iter().for_each(|cell| {
            let _ = write!(out, "<td>{cell}");
        });
        out.push('\n');
    }
    out.push_str("</tbody></table></div>\n");
    out
}

const STYLE: &str = include_str!("report.css");

//! Which figures become which chart.

use std::collections::BTreeMap;

use super::svg::{Axis, Bar, Bars, Lines, Part, Point, Scale, Series};
use crate::gate::figures::Kind;
use crate::record::{Contest, Record, Runs, StagesOf};
use crate::table::{bytes, count, seconds, three_digits};

/// The shape that stands for ordinary grammars.
const ORDINARY: &str = "rules";

const LANGLOOM: usize = 0;
const REFERENCE: usize = 1;
const FLOOR: usize = 9;

/// CPU seconds of Langloom, langium-cli and the floor.
pub(super) fn time_by_size(record: &Record) -> String {
    by_size(record, "CPU time by lines of grammar", seconds, |runs| runs.cpu, Vec::new())
}

/// Their memory.
pub(super) fn memory_by_size(record: &Record) -> String {
    let limits = vec![(500e6, "asked for: a million lines in 500 MB".to_owned())];
    by_size(record, "peak memory by lines of grammar", size, |runs| runs.peak_memory as f64, limits)
}

fn by_size(
    record: &Record,
    title: &str,
    format: fn(f64) -> String,
    figure: fn(&Runs) -> f64,
    limits: Vec<(f64, String)>,
) -> String {
    let series = |name: &str, color, is_dashed, runs: fn(&Contest) -> Option<&Runs>| {
        let points = ordinary(record).filter_map(|contest| {
            let (x, y) = (contest.grammars.lines as f64, figure(runs(contest)?));
            Some(Point { x, y, spread: None, hint: format!("{name}, {} lines: {}", lines(x), format(y)) })
        });
        Series { name: name.to_owned(), color, is_dashed, points: points.collect() }
    };
    let series = vec![
        series("langium-cli", REFERENCE, false, |contest| contest.reference.as_ref()),
        series("Langloom", LANGLOOM, false, |contest| Some(&contest.langloom)),
        series("the floor", FLOOR, true, |contest| Some(&contest.floor)),
    ];
    Lines { title, x: lines_axis(), y: Axis { label: "", scale: Scale::Log, format }, series, limits }.draw()
}

/// How many times fewer CPU seconds Langloom takes than langium-cli, with the spread of the rounds.
pub(super) fn ratio_by_size(record: &Record) -> String {
    let points = ordinary(record).filter_map(|contest| {
        let (x, ratio) = (contest.grammars.lines as f64, contest.ratio()?);
        let [best, low, high] = [ratio.best, ratio.low, ratio.high].map(three_digits);
        let hint = format!("{} lines: {best} times, rounds from {low} to {high}", lines(x));
        Some(Point { x, y: ratio.best, spread: Some((ratio.low, ratio.high)), hint })
    });
    let series = Series { name: "times fewer".to_owned(), color: LANGLOOM, is_dashed: false, points: points.collect() };
    let y = Axis { label: "", scale: Scale::Linear, format: three_digits };
    let title = "CPU time of langium-cli to that of Langloom, by lines of grammar";
    Lines { title, x: lines_axis(), y, series: vec![series], limits: Vec::new() }.draw()
}

/// CPU time for each byte of grammar: a flat line is a stage that takes time in proportion.
pub(super) fn cost_by_size(record: &Record) -> String {
    let stages = [("lex", 4), ("parse", 2), ("analyse", 3), ("emit", 0), ("write", 5)];
    let series = stages.iter().map(|(name, color)| {
        let points = record.stages.iter().filter(|of| of.grammars.shape == ORDINARY).filter_map(|of| {
            let stage = of.stages.iter().find(|stage| stage.stage == *name)?;
            let (x, y) = (of.grammars.lines as f64, stage.cpu / of.grammars.bytes as f64);
            Some(Point { x, y, spread: None, hint: format!("{name}, {} lines: {} a byte", lines(x), seconds(y)) })
        });
        Series { name: (*name).to_owned(), color: *color, is_dashed: false, points: points.collect() }
    });
    let y = Axis { label: "", scale: Scale::Log, format: nanoseconds };
    let title = "CPU time for each byte of grammar, by lines of grammar";
    Lines { title, x: lines_axis(), y, series: series.collect(), limits: Vec::new() }.draw()
}

/// The stages that stand for themselves in breakdowns, with their colours; all others are one more.
pub(super) const SHOWN: &[(&str, usize)] =
    &[("parse", 2), ("analyse", 3), ("ast", 0), ("grammar", 1), ("railroad", 6), ("bnf", 4), ("write", 5)];
pub(super) const OTHERS: (&str, usize) = ("other outputs", 8);

/// Where the time of a run with all outputs goes, for each shape.
pub(super) fn time_of_stages(record: &Record) -> String {
    let bars = largest_of_shapes(record).map(|of| {
        let whole = of.stages.iter().filter(|stage| !stage.is_part);
        let sum: f64 = whole.clone().map(|stage| stage.cpu).sum();
        let mut parts: BTreeMap<usize, (&str, usize, f64)> = BTreeMap::new();
        for stage in whole {
            let known = SHOWN.iter().position(|(name, _)| *name == stage.stage);
            let (name, color) = known.map_or(OTHERS, |index| SHOWN[index]);
            parts.entry(known.unwrap_or(SHOWN.len())).or_insert((name, color, 0.0)).2 += stage.cpu;
        }
        let per_line = 1.0 / of.grammars.lines as f64;
        let parts = parts.into_values().map(|(name, color, cpu)| {
            let share = three_digits(cpu / sum * 100.0);
            let hint = format!("{}, {name}: {} ({share} %)", of.grammars.shape, seconds(cpu));
            Part { value: cpu * per_line, color, hint }
        });
        Bar { name: of.grammars.shape.clone(), parts: parts.collect(), note: format!("{} in all", seconds(sum)) }
    });
    let label = "CPU time for each line of grammar, all outputs";
    Bars { title: "CPU time of the stages", label, format: seconds, bars: bars.collect() }.draw()
}

/// How much heap each stage needs beyond what was there before.
pub(super) fn memory_of_stages(record: &Record) -> String {
    let of = largest_of_shapes(record).find(|of| of.grammars.shape == ORDINARY);
    let stages = of.iter().flat_map(|of| &of.stages).filter(|stage| stage.peak_heap > 0 && !stage.is_part);
    let bars = stages.map(|stage| {
        let known = SHOWN.iter().find(|(name, _)| *name == stage.stage);
        let color = known.map_or(OTHERS.1, |(_, color)| *color);
        let hint = format!("{}: {} allocations, {} in all", stage.stage, count(stage.allocations), bytes(stage.allocated_bytes));
        let parts = vec![Part { value: stage.peak_heap as f64, color, hint }];
        Bar { name: stage.stage.clone(), parts, note: bytes(stage.peak_heap) }
    });
    let lines = of.map_or(0, |of| of.grammars.lines);
    let label = format!("peak heap, {} lines", lines_text(lines));
    Bars { title: "peak heap of the stages", label: &label, format: size, bars: bars.collect() }.draw()
}

/// What each way to run costs on ordinary grammars of so many lines.
pub(super) fn time_of_modes(record: &Record, lines: usize) -> String {
    let of = record.modes.iter().find(|of| of.grammars.shape == ORDINARY && of.grammars.lines == lines);
    let cold = of.and_then(|of| of.modes.iter().find(|mode| mode.mode == "cold"));
    let bars = of.iter().flat_map(|of| &of.modes).map(|mode| {
        let share = cold.map_or_else(String::new, |cold| format!(" · {} %", three_digits(mode.cpu / cold.cpu * 100.0)));
        let hint = format!("{}: {} CPU, {} on the clock", mode.mode, seconds(mode.cpu), seconds(mode.wall));
        let parts = vec![Part { value: mode.cpu, color: LANGLOOM, hint }];
        Bar { name: mode.mode.clone(), parts, note: format!("{}{share}", seconds(mode.cpu)) }
    });
    let label = format!("CPU time, {} lines", lines_text(lines));
    Bars { title: "CPU time of ways to run", label: &label, format: seconds, bars: bars.collect() }.draw()
}

/// How fast templates are rendered.
pub(super) fn speed_of_templates(record: &Record) -> String {
    let Some(templates) = &record.templates else { return String::new() };
    let sides = [
        ("Langloom", LANGLOOM, &templates.render),
        ("handlebars.js", REFERENCE, &templates.their_render),
        ("Rust, write!", FLOOR, &templates.written),
        ("Rust, push_str", FLOOR, &templates.pushed),
    ];
    let bars = sides.into_iter().filter_map(|(name, color, rounds)| {
        let cpu = rounds.iter().copied().reduce(f64::min)?;
        let speed = templates.output_bytes as f64 / cpu / 1e6;
        let parts = vec![Part { value: speed, color, hint: format!("{name}: {} CPU", seconds(cpu)) }];
        Some(Bar { name: name.to_owned(), parts, note: format!("{} MB/s", three_digits(speed)) })
    });
    let label = format!("MB of text a second, {} types", count(templates.types as u64));
    Bars { title: "speed of rendering templates", label: &label, format: three_digits, bars: bars.collect() }.draw()
}

/// How long templates are compiled.
pub(super) fn time_of_compiling(record: &Record) -> String {
    let Some(templates) = &record.templates else { return String::new() };
    let sides = [("Langloom", LANGLOOM, &templates.compile), ("handlebars.js", REFERENCE, &templates.their_compile)];
    let bars = sides.into_iter().filter_map(|(name, color, rounds)| {
        let cpu = rounds.iter().copied().reduce(f64::min)?;
        let parts = vec![Part { value: cpu, color, hint: format!("{name}: {}", seconds(cpu)) }];
        Some(Bar { name: name.to_owned(), parts, note: seconds(cpu) })
    });
    let label = "CPU time to compile a template and its partial";
    Bars { title: "time of compiling templates", label, format: seconds, bars: bars.collect() }.draw()
}

/// How instruction counts changed from record to record, in percent of the first one.
pub(super) fn counts_over_time(history: &[Record]) -> String {
    let figures = [
        ("parse", "rules-5k", "parse", 2),
        ("analyse", "rules-5k", "analyse", 3),
        ("emit", "rules-5k", "emit", 1),
        ("cold run", "generate, cold", "all", 0),
        ("no-op run", "generate, no-op", "all", 5),
    ];
    let names: Vec<String> = history.iter().map(|record| record.commit.clone()).collect();
    let series = figures.iter().map(|(name, workload, stage, color)| {
        let values: Vec<(usize, u64)> = history
            .iter()
            .enumerate()
            .filter_map(|(index, record)| {
                let found = record
                    .counts
                    .iter()
                    .find(|(key, _)| key.workload == *workload && key.stage == *stage && key.kind == Kind::Instructions);
                found.map(|(_, value)| (index, value))
            })
            .collect();
        let first = values.first().map_or(1.0, |(_, value)| *value as f64);
        let points = values.iter().map(|(index, value)| {
            let record = &history[*index];
            let hint = format!("{} {}: {name}, {} instructions", record.commit, record.subject, count(*value));
            Point { x: *index as f64, y: *value as f64 / first * 100.0, spread: None, hint }
        });
        Series { name: (*name).to_owned(), color: *color, is_dashed: false, points: points.collect() }
    });
    let x = Axis { label: "commit", scale: Scale::Names(&names), format: three_digits };
    let y = Axis { label: "", scale: Scale::Linear, format: |value| format!("{} %", three_digits(value)) };
    Lines { title: "instructions over time", x, y, series: series.collect(), limits: Vec::new() }.draw()
}

/// How CPU time changed from record to record.
pub(super) fn times_over_time(history: &[Record]) -> String {
    let names: Vec<String> = history.iter().map(|record| record.commit.clone()).collect();
    let sizes = [
        (35, "35 lines", 5),
        (1_000, "1k lines", 4),
        (10_000, "10k lines", 0),
        (100_000, "100k lines", 3),
        (1_000_000, "1M lines", 1),
    ];
    let series = sizes.iter().map(|(lines, name, color)| {
        let points = history.iter().enumerate().filter_map(|(index, record)| {
            let contest = ordinary(record).find(|contest| contest.grammars.lines == *lines)?;
            let cpu = contest.langloom.cpu;
            let hint = format!("{} {}: {name}, {}", record.commit, record.subject, seconds(cpu));
            Some(Point { x: index as f64, y: cpu, spread: None, hint })
        });
        Series { name: (*name).to_owned(), color: *color, is_dashed: false, points: points.collect() }
    });
    let x = Axis { label: "commit", scale: Scale::Names(&names), format: three_digits };
    let y = Axis { label: "", scale: Scale::Log, format: seconds };
    Lines { title: "CPU time of a cold run over time", x, y, series: series.collect(), limits: Vec::new() }.draw()
}

fn ordinary(record: &Record) -> impl Iterator<Item = &Contest> {
    record.contests.iter().filter(|contest| contest.grammars.shape == ORDINARY)
}

/// Of each shape the record of 10,000 lines.
fn largest_of_shapes(record: &Record) -> impl Iterator<Item = &StagesOf> {
    record.stages.iter().filter(|of| of.grammars.lines == 10_000)
}

fn lines_axis() -> Axis<'static> {
    Axis { label: "lines of grammar", scale: Scale::Log, format: lines }
}

/// `10k`
fn lines(value: f64) -> String {
    lines_text(value as usize)
}

pub(super) fn lines_text(value: usize) -> String {
    match value {
        0..1_000 => value.to_string(),
        1_000..1_000_000 if value.is_multiple_of(1_000) => format!("{}k", value / 1_000),
        1_000..1_000_000 => count(value as u64),
        _ => format!("{}M", value / 1_000_000),
    }
}

fn size(value: f64) -> String {
    bytes(value as u64)
}

fn nanoseconds(value: f64) -> String {
    format!("{} ns", three_digits(value * 1e9))
}

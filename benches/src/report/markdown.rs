//! The latest record in a few tables, for a pull request.

use std::fmt::Write;

use super::goals::GOALS;
use crate::record::Record;
use crate::table::{bytes, count, seconds, three_digits};

/// What the last record says, beside the one before it.
pub(crate) fn summary(history: &[Record]) -> Option<String> {
    let (record, earlier) = history.split_last()?;
    let mut text = format!("## Langloom at {}: {}\n\n", record.commit, record.subject);
    let _ = writeln!(text, "| promise | asked for | reached | |\n|---|--:|--:|---|");
    for goal in GOALS {
        if let Some((figure, is_kept)) = goal.of(record) {
            let _ =
                writeln!(text, "| {} | {} | {figure} | {} |", goal.name, goal.bound(), if is_kept { "✓" } else { "**missed**" });
        }
    }
    sides(record, &mut text);
    modes(record, &mut text);
    if let Some(before) = earlier.last() {
        changes(record, before, &mut text);
    }
    let _ = writeln!(text, "\n{} × {}; {}", record.processors, record.processor, record.machine.describe());
    Some(text)
}

fn sides(record: &Record, text: &mut String) {
    if record.contests.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n| grammars | langium-cli CPU | Langloom CPU | times fewer (rounds) | times the floor | peak memory |\n|---|--:|--:|--:|--:|--:|"
    );
    for contest in &record.contests {
        let grammars = &contest.grammars;
        let theirs = contest.reference.as_ref().map_or_else(String::new, |runs| seconds(runs.cpu));
        let ratio = contest.ratio().map_or_else(String::new, |ratio| {
            let [best, low, high] = [ratio.best, ratio.low, ratio.high].map(three_digits);
            format!("{best} ({low} to {high})")
        });
        let _ = writeln!(
            text,
            "| {}, {} lines | {theirs} | {} | {ratio} | {} | {} |",
            grammars.shape,
            count(grammars.lines as u64),
            seconds(contest.langloom.cpu),
            contest.to_floor().map_or_else(String::new, |ratio| three_digits(ratio.best)),
            bytes(contest.langloom.peak_memory),
        );
    }
}

fn modes(record: &Record, text: &mut String) {
    let Some(of) = record.modes.iter().find(|of| of.grammars.lines == 10_000) else { return };
    let cold = of.modes.iter().find(|mode| mode.mode == "cold").map(|mode| mode.cpu);
    let _ = writeln!(
        text,
        "\n| mode, {} lines | CPU | of cold | on the clock | peak memory | written |\n|---|--:|--:|--:|--:|--:|",
        count(of.grammars.lines as u64)
    );
    for mode in &of.modes {
        let share = cold.map_or_else(String::new, |cold| format!("{} %", three_digits(mode.cpu / cold * 100.0)));
        let written = mode.written.map_or_else(String::new, bytes);
        let _ = writeln!(
            text,
            "| {} | {} | {share} | {} | {} | {written} |",
            mode.mode,
            seconds(mode.cpu),
            seconds(mode.wall),
            bytes(mode.peak_memory),
        );
    }
}

/// Exact figures that changed by more than one percent.
fn changes(record: &Record, before: &Record, text: &mut String) {
    let changed = record.counts.iter().filter_map(|(key, now)| {
        let was = before.counts.get(key)?;
        let percent = (now as f64 / was.max(1) as f64 - 1.0) * 100.0;
        (percent.abs() > 1.0).then_some((key, was, now, percent))
    });
    let mut changed: Vec<_> = changed.collect();
    changed.sort_by(|a, b| b.3.total_cmp(&a.3));
    let _ = writeln!(text, "\n{} exact figures changed by more than 1 % since {}", changed.len(), before.commit);
    if !changed.is_empty() {
        let _ = writeln!(text, "\n| stage | figure | before | now | change |\n|---|---|--:|--:|--:|");
    }
    for (key, was, now, percent) in changed {
        let (was, now) = (count(was), count(now));
        let _ = writeln!(text, "| {} of {} | {} | {was} | {now} | {percent:+.1} % |", key.stage, key.workload, key.kind.name());
    }
}

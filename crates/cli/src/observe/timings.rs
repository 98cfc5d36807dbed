//! `--timings`: a table of phases.

use super::figures::Figures;
use super::human;
use super::recorder::Counts;

/// The table. Its rows and columns are always the same; the kinds of outputs are those that were written. `threads` had
/// something to do on average, `cpus` worked for them: less, if other processes wanted them too.
pub(super) fn table(figures: &Figures) -> String {
    let mut rows = vec![["phase", "time", "share", "threads", "cpus", "memory", "peak", "cached", "what"].map(str::to_owned)];
    for phase in &figures.phases {
        rows.push([
            phase.phase.name().to_owned(),
            human::time(phase.time),
            format!("{} %", human::percent(phase.time, figures.total)),
            average(phase.threads_used()),
            average(phase.processors_used()),
            phase.memory.map_or("-".to_owned(), |(before, after)| human::change(before, after)),
            phase.peak.map_or("-".to_owned(), human::bytes),
            cached((phase.counts.hits, phase.counts.lookups)),
            what(phase.counts),
        ]);
        rows.extend(figures.kinds.iter().filter(|kind| kind.phase == phase.phase).map(|kind| {
            let mut row = [const { String::new() }; 9];
            row[0] = format!("  {}", kind.name);
            row[1] = human::time(kind.time);
            row[8] = what(Counts { files: kind.files, bytes: kind.bytes, ..Counts::default() });
            row
        }));
    }
    let mut memory = figures.phases.iter().filter_map(|phase| phase.memory);
    let whole = memory.clone().next().zip(memory.next_back()).map(|((before, _), (_, after))| human::change(before, after));
    rows.push([
        "total".to_owned(),
        human::time(figures.total),
        "100 %".to_owned(),
        average(figures.threads_used()),
        average(figures.processors_used()),
        whole.unwrap_or_else(|| "-".to_owned()),
        figures.peak.map_or("-".to_owned(), human::bytes),
        cached(figures.caches()),
        format!("{} allowed", human::count(figures.jobs as u64, "thread")),
    ]);
    layout(&rows)
}

fn average(number: Option<f64>) -> String {
    number.map_or("-".to_owned(), |number| format!("{number:.2}"))
}

fn cached((hits, lookups): (u64, u64)) -> String {
    if lookups == 0 { "-".to_owned() } else { format!("{hits} of {lookups}") }
}

fn what(Counts { files, bytes, .. }: Counts) -> String {
    if files == 0 { String::new() } else { format!("{}, {}", human::count(files, "file"), human::bytes(bytes)) }
}

/// Columns as wide as what is in them; the first and the last start at the left, numbers end at the right.
fn layout<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| rows.iter().map(|row| row[column].len()).max().unwrap_or(0));
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
            let joint = if column == 0 { "" } else { "  " };
            line += joint;
            line += &match column {
                column if column == 0 || column == N - 1 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

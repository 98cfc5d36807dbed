//! What the project promises in figures. One table; the reports and the suite iterate it.

use crate::measure::median;
use crate::record::{Contest, Mode, ModesOf, Record};
use crate::table::{bytes, seconds, three_digits};

/// A promise.
pub(crate) struct Goal {
    /// What it is about, for people.
    pub(crate) name: &'static str,
    /// The figure of a record, if the record has what it takes.
    figure: fn(&Record) -> Option<f64>,
    bound: Bound,
    format: fn(f64) -> String,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

/// All promises.
pub(crate) const GOALS: &[Goal] = &[
    Goal {
        name: "fewer CPU seconds than langium-cli, 35 lines",
        figure: |record| Some(contest(record, 35)?.ratio()?.best),
        bound: Bound::AtLeast(200.0),
        format: times,
    },
    Goal {
        name: "fewer CPU seconds than langium-cli, 10,000 lines",
        figure: |record| Some(contest(record, 10_000)?.ratio()?.best),
        bound: Bound::AtLeast(300.0),
        format: times,
    },
    Goal {
        name: "CPU seconds, 10,000 lines",
        figure: |record| Some(contest(record, 10_000)?.langloom.cpu),
        bound: Bound::AtMost(0.04),
        format: seconds,
    },
    Goal {
        name: "peak memory, 10,000 lines",
        figure: |record| Some(contest(record, 10_000)?.langloom.peak_memory as f64),
        bound: Bound::AtMost(48e6),
        format: size,
    },
    Goal {
        name: "CPU seconds of 100,000 lines, to those of 10,000",
        figure: |record| Some(contest(record, 100_000)?.langloom.cpu / contest(record, 10_000)?.langloom.cpu),
        bound: Bound::AtMost(12.0),
        format: times,
    },
    Goal {
        name: "a million lines, on the clock",
        figure: |record| Some(contest(record, 1_000_000)?.langloom.wall),
        bound: Bound::AtMost(10.0),
        format: seconds,
    },
    Goal {
        name: "peak memory, a million lines",
        figure: |record| Some(contest(record, 1_000_000)?.langloom.peak_memory as f64),
        bound: Bound::AtMost(500e6),
        format: size,
    },
    Goal {
        name: "all outputs, to the CPU seconds of three, 10,000 lines",
        figure: |record| Some(record.all_outputs.as_ref()?.langloom.cpu / contest(record, 10_000)?.langloom.cpu),
        bound: Bound::AtMost(2.0),
        format: times,
    },
    Goal {
        name: "two threads, to one, what only computes, a million lines",
        figure: |record| speed_up(mode(record, MILLION, "jobs-1")?, mode(record, MILLION, "jobs-2")?),
        bound: Bound::AtLeast(1.6),
        format: times,
    },
    Goal {
        name: "a million lines with --memory-limit 300M, peak memory",
        figure: |record| peak_memory(record, MILLION, "limit-300M"),
        bound: Bound::AtMost(300e6),
        format: size,
    },
    Goal {
        name: "1,000 grammars in one call, CPU seconds",
        figure: |record| Some(mode(record, ("small", THOUSAND_LANGUAGES), "one-call")?.cpu),
        bound: Bound::AtMost(1.5),
        format: seconds,
    },
    Goal {
        name: "1,000 grammars in one call, nothing changed",
        figure: |record| Some(mode(record, ("small", THOUSAND_LANGUAGES), "one-call-no-op")?.cpu),
        bound: Bound::AtMost(0.05),
        format: seconds,
    },
    Goal {
        name: "1,000 languages in one configuration, CPU seconds",
        figure: |record| Some(mode(record, ("languages", THOUSAND_LANGUAGES), "cold")?.cpu),
        bound: Bound::AtMost(1.5),
        format: seconds,
    },
    Goal {
        name: "1,000 languages in one configuration, nothing changed",
        figure: |record| Some(mode(record, ("languages", THOUSAND_LANGUAGES), "no-op")?.cpu),
        bound: Bound::AtMost(0.05),
        format: seconds,
    },
    Goal {
        name: "1,000 languages in one configuration, peak memory",
        figure: |record| Some(mode(record, ("languages", THOUSAND_LANGUAGES), "cold")?.peak_memory as f64),
        bound: Bound::AtMost(64e6),
        format: size,
    },
    Goal {
        name: "nothing changed, CPU seconds, 10,000 lines",
        figure: |record| Some(mode(record, ("rules", 10_000), "no-op")?.cpu),
        bound: Bound::AtMost(0.002),
        format: seconds,
    },
    Goal {
        name: "nothing changed, to a cold run, 10,000 lines",
        figure: |record| to_cold(record, "no-op"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "one rule edited, from a new process, to a cold run, 10,000 lines",
        figure: |record| to_cold(record, "edit"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "the same, if a type changes",
        figure: |record| to_cold(record, "edit-type"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "one rule edited, from a new process, to a cold run, 10,000 lines, on a disk",
        figure: |record| to_cold_of(record.on_disk.as_ref()?, "edit"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "the same, if a type changes",
        figure: |record| to_cold_of(record.on_disk.as_ref()?, "edit-type"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "one rule edited under --watch, on the clock, 10,000 lines, on a disk",
        figure: |record| Some(mode_of(record.on_disk.as_ref()?, "watch")?.wall_median - DEBOUNCE),
        bound: Bound::AtMost(0.02),
        format: seconds,
    },
    Goal {
        name: "the same, 99 edits of 100",
        figure: |record| Some(mode_of(record.on_disk.as_ref()?, "watch")?.wall_p99? - DEBOUNCE),
        bound: Bound::AtMost(0.04),
        format: seconds,
    },
    Goal {
        name: "one rule edited under --watch, on the clock, 10,000 lines",
        figure: |record| Some(mode(record, ("rules", 10_000), "watch")?.wall_median - DEBOUNCE),
        bound: Bound::AtMost(0.02),
        format: seconds,
    },
    Goal {
        name: "the same, 99 edits of 100",
        figure: |record| Some(mode(record, ("rules", 10_000), "watch")?.wall_p99? - DEBOUNCE),
        bound: Bound::AtMost(0.04),
        format: seconds,
    },
    Goal {
        name: "the same, if a type changes, half of the edits",
        figure: |record| Some(mode(record, ("rules", 10_000), "watch-type")?.wall_median - DEBOUNCE),
        bound: Bound::AtMost(0.02),
        format: seconds,
    },
    Goal {
        name: "one rule edited under --watch, to a cold run, 10,000 lines",
        figure: |record| to_cold(record, "watch"),
        bound: Bound::AtMost(0.5),
        format: percent,
    },
    Goal {
        name: "cold with a pack of 30 templates, CPU seconds, 10,000 lines",
        figure: |record| Some(record.pack.as_ref()?.cpu),
        bound: Bound::AtMost(0.08),
        format: seconds,
    },
    Goal {
        name: "fewer CPU seconds than handlebars.js, rendering",
        figure: |record| Some(record.templates.as_ref()?.render_ratio()?.best),
        bound: Bound::AtLeast(10.0),
        format: times,
    },
    Goal {
        name: "CPU seconds of rendering, to those of Rust with write!",
        figure: |record| Some(record.templates.as_ref()?.to_written()?.best),
        bound: Bound::AtMost(2.0),
        format: times,
    },
    Goal {
        name: "CPU seconds of rendering, to those of Rust that pushes each piece",
        figure: |record| Some(record.templates.as_ref()?.to_pushed()?.best),
        bound: Bound::AtMost(4.0),
        format: times,
    },
    Goal {
        name: "bytes rendered from templates, each second",
        figure: |record| record.templates.as_ref()?.rate(),
        bound: Bound::AtLeast(400e6),
        format: size,
    },
    Goal {
        name: "compiling a pack of 1,000 lines, CPU seconds",
        figure: |record| record.templates.as_ref()?.pack_compile(),
        bound: Bound::AtMost(0.002),
        format: seconds,
    },
];

impl Goal {
    /// The figure, for people, and whether it is as promised.
    pub(crate) fn of(&self, record: &Record) -> Option<(String, bool)> {
        let figure = (self.figure)(record)?;
        let is_kept = match self.bound {
            Bound::AtLeast(least) => figure >= least,
            Bound::AtMost(most) => figure <= most,
        };
        let shown = if figure.is_finite() { (self.format)(figure) } else { "not possible".to_owned() };
        Some((shown, is_kept))
    }

    /// What is promised.
    pub(crate) fn bound(&self) -> String {
        match self.bound {
            Bound::AtLeast(least) => format!("at least {}", (self.format)(least)),
            Bound::AtMost(most) => format!("at most {}", (self.format)(most)),
        }
    }
}

/// The contest on ordinary grammars of so many lines.
fn contest(record: &Record, lines: usize) -> Option<&Contest> {
    record.contests.iter().find(|contest| contest.grammars.shape == "rules" && contest.grammars.lines == lines)
}

/// Grammars of so many lines are 1,000 languages of 35.
pub(crate) const THOUSAND_LANGUAGES: usize = 35_000;

const MILLION: (&str, usize) = ("rules", 1_000_000);

/// A mode on grammars of that shape and so many lines.
fn mode<'r>(record: &'r Record, of: (&str, usize), name: &str) -> Option<&'r Mode> {
    mode_of(modes(record, of)?, name)
}

fn modes<'r>(record: &'r Record, (shape, lines): (&str, usize)) -> Option<&'r ModesOf> {
    record.modes.iter().find(|of| of.grammars.shape == shape && of.grammars.lines == lines)
}

fn mode_of<'r>(of: &'r ModesOf, name: &str) -> Option<&'r Mode> {
    of.modes.iter().find(|mode| mode.mode == name)
}

/// The most memory that a mode held at once; no amount would do if it was not possible.
fn peak_memory(record: &Record, of: (&str, usize), name: &str) -> Option<f64> {
    let of = modes(record, of)?;
    if of.impossible.iter().any(|mode| mode == name) {
        return Some(f64::INFINITY);
    }
    mode_of(of, name).map(|mode| mode.peak_memory as f64)
}

/// How many times quicker `other` computes than `one`: the ratio in the middle of those of all rounds, as both took turns, and the
/// second processor of a shared machine is not always free. Older records have only the best of each.
fn speed_up(one: &Mode, other: &Mode) -> Option<f64> {
    let rounds = one.compiling_of_rounds.iter().zip(&other.compiling_of_rounds);
    let ratios: Vec<f64> = rounds.map(|(one, other)| one / other).collect();
    if ratios.is_empty() { Some(one.compiling? / other.compiling?) } else { Some(median(&ratios)) }
}

/// How long `--watch` waits for an editor to be done, in seconds; what is promised begins then.
const DEBOUNCE: f64 = 0.01;

/// The CPU time of a mode on ordinary grammars of 10,000 lines, to that of a cold run: medians, as the modes took turns, and the
/// best of one may have been luck.
fn to_cold_of(of: &ModesOf, name: &str) -> Option<f64> {
    Some(mode_of(of, name)?.cpu_median / mode_of(of, "cold")?.cpu_median)
}

fn to_cold(record: &Record, name: &str) -> Option<f64> {
    to_cold_of(modes(record, ("rules", 10_000))?, name)
}

fn times(value: f64) -> String {
    format!("{} times", three_digits(value))
}

fn size(value: f64) -> String {
    bytes(value as u64)
}

fn percent(value: f64) -> String {
    format!("{} %", three_digits(value * 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_are_compared_with_themselves() {
        let mode = |rounds: &str| -> Mode {
            let text = format!(
                r#"{{ "mode": "jobs-1", "cpu": 1, "cpu_median": 1, "wall": 1, "wall_median": 1, "peak_memory": 1,
                    "compiling": 3, {rounds} }}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let of_rounds = |rounds: &str| mode(&format!(r#""compiling_of_rounds": {rounds}"#));
        assert_eq!(speed_up(&of_rounds("[4, 2, 3]"), &of_rounds("[2, 2, 1]")), Some(2.0));
        assert_eq!(speed_up(&mode(r#""read": 1"#), &mode(r#""read": 1"#)), Some(1.0));
    }

    #[test]
    fn what_is_not_possible_is_no_promise_kept() {
        let record = |impossible: &str| -> Record {
            let text = format!(
                r#"{{ "commit": "", "date": "", "subject": "", "processor": "", "processors": 2,
                    "machine": {{ "compiler": "", "build": "", "c_library": "", "vectors": "" }},
                    "modes": [{{ "shape": "rules", "lines": 1000000, "projects": 1, "bytes": 1, "modes": [],
                        "impossible": [{impossible}] }}] }}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let goal = GOALS.iter().find(|goal| goal.name.contains("--memory-limit")).unwrap();
        assert_eq!(goal.of(&record("")), None);
        assert_eq!(goal.of(&record(r#""limit-300M""#)), Some(("not possible".to_owned(), false)));
    }
}

//! The figures in the repository, and what a run is worth beside them.

use serde::{Deserialize, Serialize};

use super::figures::{Figures, Key};
use crate::machine::Machine;
use crate::table;

/// Figures that were accepted, and where they were measured.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Baseline {
    pub(crate) machine: Machine,
    pub(crate) figures: Figures,
}

impl Baseline {
    /// Reads a baseline's text.
    pub(crate) fn parse(text: &str) -> Result<Baseline, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Compares `figures` with the accepted ones; with `same_machine`, exactly.
    pub(crate) fn compare(&self, figures: &Figures, same_machine: bool) -> Comparison {
        let mut comparison = Comparison::default();
        for (key, value) in figures.iter() {
            let Some(accepted) = self.figures.get(key) else {
                comparison.new.push(describe(key));
                continue;
            };
            let tolerance = key.kind.tolerance(same_machine);
            let change = Change { key: key.clone(), accepted, value, tolerance };
            comparison.compared += 1;
            if value as f64 > accepted as f64 * (1.0 + tolerance / 100.0) {
                comparison.worse.push(change);
            } else if (value as f64) < accepted as f64 * (1.0 - tolerance / 100.0) {
                comparison.better.push(change);
            }
        }
        comparison
    }
}

/// What became of the figures.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Comparison {
    pub(crate) compared: usize,
    pub(crate) worse: Vec<Change>,
    pub(crate) better: Vec<Change>,
    /// Figures without a baseline.
    pub(crate) new: Vec<String>,
}

/// A figure that left its tolerance.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Change {
    #[serde(flatten)]
    key: Key,
    accepted: u64,
    value: u64,
    tolerance: f64,
}

impl Change {
    fn percent(&self) -> f64 {
        (self.value as f64 / self.accepted as f64 - 1.0) * 100.0
    }
}

impl std::fmt::Display for Change {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (before, now) = (table::count(self.accepted), table::count(self.value));
        let (percent, tolerance) = (self.percent(), self.tolerance);
        write!(formatter, "{}: {before} -> {now} ({percent:+.1} %, {tolerance} % allowed)", describe(&self.key))
    }
}

impl Comparison {
    /// Whether nothing became worse, and everything is known.
    pub(crate) fn is_passed(&self) -> bool {
        self.worse.is_empty() && self.new.is_empty()
    }

    /// For a pull request.
    pub(crate) fn to_markdown(&self) -> String {
        let verdict = if self.is_passed() { "passed" } else { "FAILED" };
        let (worse, better, new) = (self.worse.len(), self.better.len(), self.new.len());
        let mut text = format!("**Gate {verdict}**: {} figures, {worse} worse, {better} better, {new} new\n", self.compared);
        if worse + better > 0 {
            text.push_str("\n| | stage | figure | before | now | change | allowed |\n|---|---|---|--:|--:|--:|--:|\n");
        }
        let changes =
            self.worse.iter().map(|change| ("worse", change)).chain(self.better.iter().map(|change| ("better", change)));
        for (verdict, change) in changes {
            let Change { key, accepted, value, tolerance } = change;
            let (before, now, percent) = (table::count(*accepted), table::count(*value), change.percent());
            let (stage, workload, kind) = (&key.stage, &key.workload, key.kind.name());
            text.push_str(&format!(
                "| {verdict} | {stage} of {workload} | {kind} | {before} | {now} | {percent:+.1} % | {tolerance} % |\n"
            ));
        }
        if !self.new.is_empty() {
            text.push_str(&format!("\nNot in the baseline: {}\n", self.new.join("; ")));
        }
        if !self.is_passed() {
            text.push_str(
                "\nIf this is meant, accept it: `scripts/gate --accept`, and commit `benches/baseline.json` with the reason.\n",
            );
        }
        text
    }
}

/// `parse of rules-500, instructions`
fn describe(key: &Key) -> String {
    format!("{} of {}, {}", key.stage, key.workload, key.kind.name())
}

#[cfg(test)]
mod tests {
    use super::super::figures::Kind;
    use super::*;

    fn figures(instructions: u64, allocations: u64) -> Figures {
        let mut figures = Figures::default();
        figures.add("rules", "parse", Kind::Instructions, instructions);
        figures.add("rules", "parse", Kind::Allocations, allocations);
        figures
    }

    #[test]
    fn changes_beyond_the_tolerance_are_named() {
        let baseline = Baseline { machine: Machine::default(), figures: figures(10_000, 100) };
        // Instructions, allocations, whether on the same machine; how many are worse and better.
        let cases = [
            (10_000, 100, true, (0, 0)),
            (10_200, 100, true, (0, 0)),
            (10_201, 100, true, (1, 0)),
            (10_000, 101, true, (1, 0)),
            (10_500, 101, false, (0, 0)),
            (9_000, 99, true, (0, 2)),
            (11_500, 103, false, (2, 0)),
        ];
        for (instructions, allocations, same_machine, expected) in cases {
            let comparison = baseline.compare(&figures(instructions, allocations), same_machine);
            let actual = (comparison.worse.len(), comparison.better.len());
            assert_eq!(actual, expected, "{instructions} instructions, {allocations} allocations");
        }
        let worse = baseline.compare(&figures(10_500, 100), true).worse;
        assert_eq!(worse[0].to_string(), "parse of rules, instructions: 10,000 -> 10,500 (+5.0 %, 2 % allowed)");
    }

    #[test]
    fn what_is_not_in_the_baseline_is_new() {
        let baseline = Baseline::parse(r#"{ "figures": { "rules": { "parse": { "allocations": 100 } } } }"#).unwrap();
        let comparison = baseline.compare(&figures(1, 100), true);
        assert_eq!(comparison.new, ["parse of rules, instructions"]);
        assert_eq!(comparison.compared, 1);
    }
}

//! Figures that can be compared exactly, by workload, stage and kind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    Instructions,
    Allocations,
    PeakHeap,
    SystemCalls,
}

/// How a kind of figure is called, and how much more of it is let through.
struct Rule {
    kind: Kind,
    name: &'static str,
    /// In percent, on the baseline's machine.
    tolerance: f64,
    /// In percent, on another one. Picked by gut feeling.
    tolerance_elsewhere: f64,
}

/// All kinds.
///
/// Instructions of equal runs differ by less than 0.01 %, but a change elsewhere can move code between functions: the
/// linker optimises the program as a whole. Allocations and system calls are counts of events, and equal or not.
const RULES: &[Rule] = &[
    Rule { kind: Kind::Instructions, name: "instructions", tolerance: 2.0, tolerance_elsewhere: 12.0 },
    Rule { kind: Kind::Allocations, name: "allocations", tolerance: 0.0, tolerance_elsewhere: 2.0 },
    Rule { kind: Kind::PeakHeap, name: "peak heap", tolerance: 2.0, tolerance_elsewhere: 10.0 },
    Rule { kind: Kind::SystemCalls, name: "system calls", tolerance: 0.0, tolerance_elsewhere: 100.0 },
];

impl Kind {
    /// In reports and baselines.
    pub(crate) fn name(self) -> &'static str {
        self.rule().name
    }

    /// How much more is let through, in percent.
    pub(crate) fn tolerance(self, same_machine: bool) -> f64 {
        if same_machine { self.rule().tolerance } else { self.rule().tolerance_elsewhere }
    }

    fn rule(self) -> &'static Rule {
        // The order of the table is the order of the variants; a test holds it to that.
        &RULES[self as usize]
    }

    fn named(name: &str) -> Option<Kind> {
        RULES.iter().find(|rule| rule.name == name).map(|rule| rule.kind)
    }
}

/// Which figure it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(crate) struct Key {
    pub(crate) workload: String,
    pub(crate) stage: String,
    pub(crate) kind: Kind,
}

/// Figures of one run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(into = "Value", from = "Value")]
pub(crate) struct Figures(BTreeMap<Key, u64>);

impl Figures {
    pub(crate) fn add(&mut self, workload: &str, stage: &str, kind: Kind, value: u64) {
        self.0.insert(Key { workload: workload.to_owned(), stage: stage.to_owned(), kind }, value);
    }

    pub(crate) fn get(&self, key: &Key) -> Option<u64> {
        self.0.get(key).copied()
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&Key, u64)> {
        self.0.iter().map(|(key, value)| (key, *value))
    }

    /// Takes over the figures of `other`.
    pub(crate) fn extend(&mut self, other: &Figures) {
        self.0.extend(other.0.iter().map(|(key, value)| (key.clone(), *value)));
    }
}

impl From<Figures> for Value {
    /// An object of workloads of stages of kinds.
    fn from(figures: Figures) -> Value {
        let mut workloads = Map::new();
        for (key, value) in figures.iter() {
            let stages = workloads.entry(&key.workload).or_insert_with(|| Map::new().into());
            if let Value::Object(stages) = stages
                && let Value::Object(kinds) = stages.entry(&key.stage).or_insert_with(|| Map::new().into())
            {
                kinds.insert(key.kind.name().to_owned(), value.into());
            }
        }
        workloads.into()
    }
}

impl From<Value> for Figures {
    /// The way back; what is not a figure is left out.
    fn from(value: Value) -> Figures {
        let mut figures = Figures::default();
        for (workload, stages) in value.as_object().into_iter().flatten() {
            for (stage, kinds) in stages.as_object().into_iter().flatten() {
                for (kind, value) in kinds.as_object().into_iter().flatten() {
                    if let (Some(kind), Some(value)) = (Kind::named(kind), value.as_u64()) {
                        figures.add(workload, stage, kind, value);
                    }
                }
            }
        }
        figures
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_rule() {
        for (index, rule) in RULES.iter().enumerate() {
            assert_eq!(rule.kind as usize, index);
        }
    }

    #[test]
    fn json_and_back() {
        let mut figures = Figures::default();
        figures.add("rules", "parse", Kind::Instructions, 123);
        figures.add("rules", "parse", Kind::PeakHeap, 4);
        figures.add("types", "hash", Kind::Allocations, 0);
        assert_eq!(Figures::from(Value::from(figures.clone())), figures);
    }
}

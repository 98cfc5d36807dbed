//! How long phases took in earlier runs: what the progress of the next one is reckoned with.
//!
//! A small text beside the memory of runs. It is written after runs of over a second and read when a progress line is
//! about to be shown, so short runs never pay for it. A broken one counts for nothing.

use std::fs;
use std::path::Path;

use super::phase::{PHASES, Phase};

/// The file's name carries the version of its format.
const FILE: &str = "times-1";

/// Nanoseconds for each byte of grammar, by phase.
pub(super) type Weights = [f64; PHASES.len()];

/// What is right before anything was measured.
pub(super) fn built_in() -> Weights {
    std::array::from_fn(|index| PHASES[index].weight)
}

/// What was measured last, if it is known in `folder`.
pub(super) fn read(folder: &Path) -> Option<Weights> {
    parse(&fs::read_to_string(folder.join(FILE)).ok()?)
}

/// The `weights` for a run with packs or without them, however that was in the run that they come from.
pub(super) fn of_run(mut weights: Weights, has_packs: bool) -> Weights {
    const PACKS: usize = Phase::Packs as usize;
    let others = |weights: &Weights| weights.iter().sum::<f64>() - weights[PACKS];
    if !has_packs {
        weights[PACKS] = 0.0;
    } else if weights[PACKS] == 0.0 {
        weights[PACKS] = built_in()[PACKS] * others(&weights) / others(&built_in());
    }
    weights
}

/// Remembers `weights` in `folder`. What cannot be remembered is not missed.
pub(super) fn write(folder: &Path, weights: &Weights) {
    let temporary = folder.join(format!("{FILE}.{}", std::process::id()));
    if folder.is_dir() && fs::write(&temporary, show(weights)).is_ok() {
        let _ = fs::rename(temporary, folder.join(FILE));
    }
}

/// Forgets what `folder` knows.
pub(crate) fn clear(folder: &Path) {
    let _ = fs::remove_file(folder.join(FILE));
}

fn show(weights: &Weights) -> String {
    PHASES.iter().zip(weights).map(|(facts, weight)| format!("{} {weight:.3}\n", facts.name)).collect()
}

fn parse(text: &str) -> Option<Weights> {
    let mut weights = [0.0; PHASES.len()];
    let mut lines = text.lines();
    for (facts, weight) in PHASES.iter().zip(&mut weights) {
        let (name, number) = lines.next()?.split_once(' ')?;
        *weight = number.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0)?;
        if name != facts.name {
            return None;
        }
    }
    (lines.next().is_none() && weights.iter().sum::<f64>() > 0.0).then_some(weights)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_and_damage_is_noticed() {
        let weights = std::array::from_fn(|index| index as f64 + 0.5);
        let text = show(&weights);
        assert_eq!(parse(&text), Some(weights));
        for broken in ["", "load 1", &text[..text.len() - 8], &text.replace("0.500", "NaN"), &text.replace("load", "lode")] {
            assert_eq!(parse(broken), None, "{broken:?}");
        }
        assert_eq!(parse(&show(&[0.0; PHASES.len()])), None, "nothing to divide by");
    }

    #[test]
    fn packs_weigh_where_there_are_some() {
        let packs = |weights: Weights, has_packs| of_run(weights, has_packs)[Phase::Packs as usize];
        assert_eq!(packs(built_in(), false), 0.0);
        assert_eq!(packs(built_in(), true), built_in()[Phase::Packs as usize]);
        let twice_as_fast = of_run(built_in().map(|weight| weight / 2.0), false);
        let half = built_in()[Phase::Packs as usize] / 2.0;
        assert!((packs(twice_as_fast, true) - half).abs() < 0.001, "{} is not {half}", packs(twice_as_fast, true));
        assert_eq!(packs([1.0; PHASES.len()], true), 1.0, "as it was in the last run");
    }
}

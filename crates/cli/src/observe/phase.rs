//! What a run does, one thing after the other.

/// A part of a run. At every moment a run is in one of them, so that their times add up to the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Reading the configuration, and finding out whether there is something to do.
    Prepare,
    Load,
    Check,
    Resolve,
    Infer,
    Render,
    /// Rendering the files of packs; only if there are packs.
    Packs,
    Commit,
    /// Remembering the run.
    Remember,
}

/// What there is to know about a phase before it ran.
pub(super) struct Facts {
    pub(super) phase: Phase,
    /// Its name in tables, traces and JSON; stays the same from version to version.
    pub(super) name: &'static str,
    /// What it does, for a progress line.
    pub(super) doing: &'static str,
    /// Nanoseconds for each byte of grammar, to begin with: processor time for a grammar of 1,000,000 lines (39 MB), and for
    /// packs that of `types` on 100,000 lines. They only have to be right in proportion, and only until the first run of over
    /// a second.
    pub(super) weight: f64,
}

/// All phases in their order.
pub(super) const PHASES: [Facts; 9] = [
    Facts { phase: Phase::Prepare, name: "prepare", doing: "looking for changes", weight: 0.1 },
    Facts { phase: Phase::Load, name: "load", doing: "reading grammars", weight: 14.0 },
    Facts { phase: Phase::Check, name: "check", doing: "checking", weight: 58.0 },
    Facts { phase: Phase::Resolve, name: "resolve", doing: "resolving names", weight: 0.7 },
    Facts { phase: Phase::Infer, name: "infer", doing: "inferring types", weight: 5.5 },
    Facts { phase: Phase::Render, name: "render", doing: "writing outputs", weight: 43.0 },
    Facts { phase: Phase::Packs, name: "packs", doing: "writing packs", weight: 176.0 },
    Facts { phase: Phase::Commit, name: "commit", doing: "putting files in place", weight: 0.1 },
    Facts { phase: Phase::Remember, name: "remember", doing: "remembering", weight: 1.5 },
];

impl Phase {
    pub(super) fn facts(self) -> &'static Facts {
        &PHASES[self as usize]
    }

    pub(super) fn name(self) -> &'static str {
        self.facts().name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enum() {
        assert!(PHASES.iter().enumerate().all(|(index, facts)| facts.phase as usize == index));
    }
}

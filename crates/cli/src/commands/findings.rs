//! The options that say how findings are written.

use crate::report::{Format, Terminal};

/// What is found in the grammars
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "What is found in the grammars")]
pub(super) struct Findings {
    /// How to write what is found
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_default_value = true)]
    format: Format,

    /// With --format human, show so many errors and so many other findings of each file; 0 shows all
    #[arg(long, value_name = "N", default_value_t = Terminal::LIMIT)]
    max_findings: usize,
}

impl Findings {
    /// Makes `terminal` write findings so.
    pub(super) fn apply(self, terminal: &mut Terminal) {
        terminal.set_format(self.format);
        terminal.set_limit((self.max_findings > 0).then_some(self.max_findings));
    }
}

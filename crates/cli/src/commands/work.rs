//! The options that say how the work is done. None of them changes a byte of the outputs.

use std::num::NonZeroUsize;

use crate::engine::{CHUNK, Options};
use crate::jobs::Jobs;

/// How the work is done
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "How the work is done (none of this changes what is written)")]
pub(super) struct Work {
    /// How many things to do at the same time; the default is the number of processors
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Read files whole before parsing them
    #[arg(long)]
    no_stream: bool,
}

impl Work {
    pub(super) fn options(&self) -> Options {
        Options { jobs: Jobs::new(self.jobs), chunk: (!self.no_stream).then_some(CHUNK) }
    }
}

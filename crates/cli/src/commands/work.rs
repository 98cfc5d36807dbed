//! The options that say how the work is done. None of them changes a byte of the outputs.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use crate::config::Found;
use crate::engine::{CHUNK, Options};
use crate::jobs::Jobs;
use crate::report::Failure;
use crate::{cache, disk, paths};

/// How the work is done
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "How the work is done (none of this changes what is written)")]
pub(super) struct Work {
    /// How many things to do at the same time; the default is the number of processors
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Do not remember what was done, and do not rely on what is remembered
    #[arg(long)]
    no_cache: bool,

    /// Where to remember it; the default is node_modules/.cache/langloom or .langloom beside the configuration
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,

    /// With --watch, parse everything again after each change
    #[arg(long)]
    no_incremental: bool,

    /// Read files whole before parsing them
    #[arg(long)]
    no_stream: bool,
}

impl Work {
    pub(super) fn options(&self) -> Options {
        Options { jobs: Jobs::new(self.jobs), chunk: (!self.no_stream).then_some(CHUNK) }
    }

    /// Whether trees are kept from run to run of one process.
    pub(super) fn is_incremental(&self) -> bool {
        !self.no_incremental
    }

    /// Where runs of the configuration are remembered; nowhere with `--no-cache`.
    pub(super) fn cache_folder(&self, found: &Found) -> Result<Option<PathBuf>, Failure> {
        if self.no_cache { Ok(None) } else { cache_folder(found, self.cache_dir.as_deref()).map(Some) }
    }
}

/// Where runs of the configuration are remembered if the user chose the folder `chosen`, or none.
pub(super) fn cache_folder(found: &Found, chosen: Option<&Path>) -> Result<PathBuf, Failure> {
    Ok(match chosen {
        Some(chosen) => paths::resolve(&disk::current_folder()?, chosen),
        None => cache::location(found.absolute.parent().unwrap_or(&found.absolute)),
    })
}

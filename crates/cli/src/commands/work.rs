//! The options that say how the work is done. None of them changes a byte of the outputs.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use crate::config::Found;
use crate::disk::{self, CHUNK};
use crate::engine::{Options, Reading};
use crate::jobs::Jobs;
use crate::observe::{self, Observe, Progress, Wishes};
use crate::report::Failure;
use crate::side::SideFiles;
use crate::{cache, paths};

/// How work is done that is remembered from run to run
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = HANDS_HEADING)]
pub(super) struct Work {
    #[command(flatten)]
    pub(super) hands: Hands,

    /// Do not remember what was done, and do not rely on what is remembered
    #[arg(long)]
    no_cache: bool,

    /// Where to remember it; the default is node_modules/.cache/langloom or .langloom beside the configuration
    #[arg(long, value_name = "DIR", conflicts_with = "no_cache")]
    cache_dir: Option<PathBuf>,

    /// Parse and analyse everything again after each change, under --watch and from run to run
    #[arg(long)]
    no_incremental: bool,
}

const HANDS_HEADING: &str = "How the work is done (none of this changes what is written)";

/// How the work is done, whatever it is
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = HANDS_HEADING)]
pub(super) struct Hands {
    /// How many things to do at the same time; the default is the number of processors
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Read files whole before parsing them, even where only one thread is there to parse
    #[arg(long)]
    no_stream: bool,

    /// Parse files while they are read, so much at a time; otherwise 256KiB, and whole if several threads parse them
    #[arg(long, value_name = "SIZE", value_parser = parse_chunk_size, conflicts_with = "no_stream")]
    chunk_size: Option<usize>,

    /// How much memory to use at most, such as 300M: the work is slowed down to stay under it; exit 4 if that is not enough
    #[arg(long, value_name = "SIZE", value_parser = observe::parse_size)]
    memory_limit: Option<u64>,
}

/// What to see of the work
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "What to see of the work")]
pub(super) struct See {
    /// Progress: auto (for work of over a second), always, never, or json (an object on each line)
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_possible_values = true, hide_default_value = true)]
    #[arg(env = "LANGLOOM_PROGRESS", hide_env_values = true)]
    progress: Progress,

    /// Log the phases of the work; -vv logs also what happens in them
    #[arg(short, long, action = clap::ArgAction::Count)]
    verbose: u8,

    /// Print how long each phase took and how much memory
    #[arg(long)]
    timings: bool,

    /// Write a trace, to open in Perfetto or chrome://tracing: each file, batch of declarations and output by thread
    #[arg(long, value_name = "FILE")]
    trace: Option<PathBuf>,

    /// Write a report: a page with charts and advice to FILE.html, or the same as data to FILE.json
    #[arg(long, value_name = "FILE", value_parser = observe::parse_report)]
    report: Option<PathBuf>,
}

impl See {
    /// Does `work` under observation; `title` says what it is.
    pub(super) fn observed<R>(
        &self,
        hands: &Hands,
        title: impl FnOnce() -> String,
        work: impl FnOnce(&Options) -> Result<R, Failure>,
    ) -> Result<R, Failure> {
        let options = hands.options(self.start(hands), SideFiles::new(self.files())?);
        options.observe.begin();
        options.observe.about(None, title);
        let result = work(&options);
        let seen = options.observe.finish(result.is_ok());
        result.and_then(|value| seen.map(|()| value))
    }

    /// The files that are written of it.
    pub(super) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.trace.iter().chain(&self.report)
    }

    /// Begins to observe what `hands` do.
    pub(super) fn start(&self, hands: &Hands) -> Observe {
        let wishes = Wishes {
            progress: self.progress,
            verbosity: self.verbose,
            timings: self.timings,
            trace: self.trace.clone(),
            report: self.report.clone(),
            memory_limit: hands.memory_limit,
        };
        wishes.start(hands.jobs)
    }
}

impl Hands {
    /// Whether `--memory-limit` was given.
    pub(super) fn is_memory_limited(&self) -> bool {
        self.memory_limit.is_some()
    }

    pub(super) fn options(&self, observe: Observe, side: SideFiles) -> Options {
        let reading = match self.chunk_size {
            _ if self.no_stream => Reading::Whole,
            Some(chunk) => Reading::InChunks(observe.chunk(chunk)),
            None => Reading::AsItPays(observe.chunk(CHUNK)),
        };
        Options { jobs: Jobs::new(self.jobs).observed(observe), reading, observe, side, is_last: false }
    }
}

/// Chunks are held in memory.
const LARGEST_CHUNK: u64 = 1 << 30;

fn parse_chunk_size(text: &str) -> Result<usize, String> {
    let size = observe::parse_size(text)?;
    if size <= LARGEST_CHUNK { Ok(size as usize) } else { Err("a chunk has 1GiB at most".to_owned()) }
}

impl Work {
    /// Whether what a run found out is kept for the next one.
    pub(super) fn is_incremental(&self) -> bool {
        !self.no_incremental
    }

    /// The folder that the user chose for what is remembered.
    pub(super) fn chosen_cache(&self) -> Option<&Path> {
        self.cache_dir.as_deref()
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

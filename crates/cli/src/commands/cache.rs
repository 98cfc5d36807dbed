//! `langloom cache`

use std::path::PathBuf;

use clap::ValueEnum;

use crate::report::{Failure, Terminal};
use crate::{cache, config};

/// Look at what Langloom remembers of earlier runs, or forget it
///
/// It remembers what each run looked at and wrote, so that a run with nothing to do ends at once and
/// files that it no longer generates can be deleted. Forgetting it costs time and nothing else.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Args {
    /// What to do
    action: Action,

    /// The configuration whose cache is meant, as in `langloom generate`
    #[arg(short, long, value_name = "FILE")]
    file: Option<PathBuf>,

    /// Where it is, if not in the usual place
    #[arg(long, value_name = "DIR")]
    cache_dir: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Action {
    /// Print where it is, how many runs are remembered and how many bytes that takes
    Stats,
    /// Forget everything
    Clear,
    /// Look for damage; a damaged part costs time and nothing else
    Verify,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let found = config::find(args.file.as_deref())?;
    let folder = cache::folder(found.absolute.parent().unwrap_or(&found.absolute), args.cache_dir.as_deref());
    match args.action {
        Action::Stats => {
            let (path, runs, bytes) = cache::stats(&folder);
            terminal.line(format_args!("{}: {runs} runs, {bytes} bytes", path.display()));
        }
        Action::Clear => {
            let freed = cache::clear(&folder)?;
            terminal.line(format_args!("Deleted {freed} bytes in {}", folder.display()));
        }
        Action::Verify => match cache::verify(&folder) {
            (sound, 0) => terminal.line(format_args!("{sound} sound records")),
            (sound, damaged) => {
                let message = format!("{damaged} bytes behind {sound} sound records are damaged");
                return Err(Failure::world(
                    message,
                    Some("the next run cuts them off; langloom cache clear removes all".to_owned()),
                ));
            }
        },
    }
    Ok(())
}

//! `langloom cache`

use std::path::PathBuf;

use clap::ValueEnum;

use super::work::cache_folder;
use crate::cache::{Record, Summary};
use crate::report::{Exit, Failure, Finding, Terminal};
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
    let folder = cache_folder(&config::find(args.file.as_deref())?, args.cache_dir.as_deref())?;
    match args.action {
        Action::Stats => {
            let summaries = cache::summaries(&folder);
            let bytes: u64 = summaries.iter().map(|summary| summary.bytes).sum();
            terminal.line(format_args!("{}: {} configurations, {bytes} bytes", folder.display(), summaries.len()));
            for Summary { bytes, last } in summaries {
                match last {
                    Some(Record { config, inputs, outputs, .. }) => terminal.line(format_args!(
                        "  {}: {} inputs, {} outputs, {bytes} bytes",
                        config.display(),
                        inputs.len(),
                        outputs.len()
                    )),
                    None => terminal.line(format_args!("  no run that succeeded, {bytes} bytes")),
                }
            }
            Ok(())
        }
        Action::Clear => {
            let freed = cache::clear(&folder)?;
            terminal.line(format_args!("Deleted {freed} bytes in {}", folder.display()));
            Ok(())
        }
        Action::Verify => {
            let (sound, damaged) = cache::verify(&folder);
            if damaged.is_empty() {
                terminal.line(format_args!("{sound} sound records"));
                return Ok(());
            }
            let hint = "the next run does without and overwrites them; langloom cache clear deletes all";
            let findings = damaged.into_iter().map(|(path, bytes)| {
                let message = format!("{bytes} bytes at the end of {} are damaged", path.display());
                Finding::error(Some("damaged-cache"), None, message, Some(hint.to_owned()))
            });
            Err(Failure { exit: Exit::Failed, document: None, findings: findings.collect() })
        }
    }
}

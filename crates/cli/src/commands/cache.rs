//! `langloom cache`

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::work::cache_folder;
use crate::cache::{Condition, Record, Summary};
use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding, Terminal};
use crate::{cache, config, disk};

/// Look at what Langloom remembers of earlier runs, or forget it
///
/// It remembers what each run looked at and wrote, so that a run with nothing to do ends at once and
/// files that it no longer generates can be deleted. Forgetting it costs time, and the knowledge of
/// which files are Langloom's: the next run overwrites outputs that were edited by hand.
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
    /// Look for damage; runs do without what is damaged
    Verify,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let found = config::find(args.file.as_deref())?;
    if let Some(file) = args.file.as_ref().filter(|_| args.cache_dir.is_none() && !disk::exists(&found.absolute)) {
        return Err(Failure::world(format!("there is no file {}", file.display()), None));
    }
    let folder = cache_folder(&found, args.cache_dir.as_deref())?;
    match args.action {
        Action::Stats => {
            let summaries = cache::summaries(&folder);
            let bytes: u64 = summaries.iter().map(|summary| summary.bytes).sum();
            let count = summaries.len();
            let plural = if count == 1 { "" } else { "s" };
            terminal.answer(format_args!("{}: {count} configuration{plural}, {bytes} bytes", folder.display()));
            for Summary { bytes, last } in summaries {
                match last {
                    Some(Record { config, inputs, outputs, .. }) => terminal.answer(format_args!(
                        "  {}: {} inputs, {} outputs, {bytes} bytes{}",
                        config.display(),
                        inputs.len(),
                        outputs.len(),
                        if disk::exists(&config) { "" } else { "; the configuration is no more" }
                    )),
                    None => terminal.answer(format_args!("  no run that succeeded, {bytes} bytes")),
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
            let Condition { sound, foreign, damaged, damaged_left } = cache::verify(&folder);
            if damaged.is_empty() && damaged_left.is_empty() {
                let plural = if sound == 1 { "" } else { "s" };
                terminal.answer(format_args!("{sound} sound record{plural}"));
            }
            if foreign > 0 {
                let words = if foreign == 1 { "1 file is" } else { &*format!("{foreign} files are") };
                terminal.answer(format_args!("{words} of another version of Langloom"));
            }
            if damaged.is_empty() && damaged_left.is_empty() {
                return Ok(());
            }
            let finding = |path: &Path, message: String| {
                let hint = "the next run that generates does without and writes it anew; langloom cache clear deletes all";
                Finding::error(Some(FindingKind::DamagedCache), None, message, Some(hint.to_owned())).about(path)
            };
            let logs = damaged.iter().map(|(path, bytes)| {
                let message = format!("{bytes} bytes at the end of {} are damaged", path.display());
                finding(path, message)
            });
            let left = damaged_left.iter().map(|path| finding(path, format!("{} is damaged", path.display())));
            let findings = logs.chain(left);
            Err(Failure { exit: Exit::Failed, document: None, findings: findings.collect() })
        }
    }
}

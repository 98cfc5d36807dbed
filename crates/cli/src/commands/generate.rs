//! `langloom generate`

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use langloom_core::model::config;

use super::work::Work;
use crate::load::Kept;
use crate::report::{BOLD, Failure, Format, GOOD, Terminal};
use crate::{config as configuration, engine};

/// Generate code from the grammars of a project
///
/// Reads a configuration and the Langium grammars that it names, and writes ast.ts, grammar.ts and
/// module.ts to its `out` folder, byte for byte what `langium generate` of langium-cli 4.4 writes.
///
/// Files appear whole or not at all, files that would not change are left untouched, and nothing is
/// ever deleted. If anything is wrong, nothing is written.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The configuration: a JSON file, or a package.json with a key `langium`
    ///
    /// Paths inside of it start at its folder. Without this option ./langium-config.json is read,
    /// or else the key `langium` of ./package.json.
    #[arg(short, long, value_name = "FILE", verbatim_doc_comment)]
    file: Option<PathBuf>,

    /// How to write grammar.ts: development is readable, production small
    ///
    /// The default is `mode` in the configuration, else development.
    #[arg(short, long, value_name = "MODE", hide_possible_values = true, verbatim_doc_comment)]
    mode: Option<Mode>,

    /// How to write what is found in the grammars: human, with source lines; plain, as langium-cli does
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_possible_values = true, hide_default_value = true)]
    format: Format,

    #[command(flatten)]
    work: Work,
}

const EXAMPLES: &str = "\
Examples:
  langloom generate
      with the configuration in the current folder

  langloom generate -f packages/language/langium-config.json
      with one elsewhere

  langloom generate -m production
      with a grammar.ts as small as it gets

Like another langium-cli:
  The output is like that of the langium-cli 4.x that is installed in node_modules, or else of
  4.4.0. A file langloom.toml beside the configuration decides otherwise:
      compat = \"4.2.1\"

Exit codes:
  0  done
  1  a file could not be read or written
  2  the configuration or a grammar is wrong";

/// `--mode`
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    Development,
    Production,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let start = Instant::now();
    terminal.set_format(args.format);
    let found = configuration::find(args.file.as_deref())?;
    terminal.line(format_args!("Reading config from {BOLD}{}{BOLD:#}", found.absolute.display()));
    let mode = args.mode.map(|mode| match mode {
        Mode::Development => config::Mode::Development,
        Mode::Production => config::Mode::Production,
    });
    let project = configuration::load(&found, mode)?;
    if let Some(warning) = &project.warning {
        terminal.warn(warning.clone());
    }
    let done = engine::generate(&project, &args.work.options(), &mut Kept::default(), terminal)?;
    terminal.line(format_args!(
        "Langloom finished {GOOD}successfully{GOOD:#} in {:.1} ms ({} written, {} unchanged)",
        start.elapsed().as_secs_f64() * 1e3,
        done.written,
        done.unchanged,
    ));
    Ok(())
}

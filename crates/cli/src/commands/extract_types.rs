//! `langloom extract-types`

use std::path::PathBuf;

use super::findings::Findings;
use super::work::{Hands, See};
use crate::report::{BOLD, Failure, Terminal};
use crate::{config, disk, engine, paths};

/// Write the types of a grammar as declarations
///
/// Infers the types of all rules of a grammar and of the grammars that it imports, and writes them as
/// `interface` and `type` declarations, to start from when types are to be declared. What checks find
/// wrong does not matter here: what cannot be resolved has no type.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// A grammar
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where to write: types.langium beside the grammar, unless given
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file if there is one
    #[arg(short, long)]
    force: bool,

    #[command(flatten)]
    findings: Findings,

    #[command(flatten)]
    hands: Hands,

    #[command(flatten)]
    see: See,
}

const EXAMPLES: &str = "\
Examples:
  langloom extract-types src/hello.langium
      writes src/types.langium

  langloom extract-types src/hello.langium -o src/hello-types.langium -f
      writes another file, whether it exists or not

Exit codes:
  0  done
  1  a file could not be read or written, or exists
  2  the grammar has syntax errors, or imports a file that does not exist
  4  more memory is needed than --memory-limit allows";

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    args.findings.apply(terminal);
    let project = config::of_grammar(&args.file)?;
    let output = match &args.output {
        Some(output) => paths::resolve(&disk::current_folder()?, output),
        None => project.folder.join("types.langium"),
    };
    if !args.force && disk::exists(&output) {
        let message = format!("{} exists already", output.display());
        return Err(Failure::world(message, Some("replace it with -f, or choose another file with -o".to_owned())));
    }
    let title = || format!("langloom extract-types, {}", project.path.display());
    args.see.observed(&args.hands, title, |options| engine::extract_types(&project, &output, options, terminal))?;
    terminal.line(format_args!("Generated type definitions to: {BOLD}{}{BOLD:#}", output.display()));
    Ok(())
}

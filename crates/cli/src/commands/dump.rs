//! `langloom dump`

use std::path::PathBuf;

use clap::ValueEnum;
use langloom_core::text::Names;
use langloom_core::{model, syntax, tree};

use crate::engine::Options;
use crate::load::Kept;
use crate::report::{Failure, Terminal};
use crate::{config, disk, engine};

/// Print what Langloom makes of a grammar
///
/// For tests, and for those who wonder. Equal input gives equal text; its form may change from one
/// version of Langloom to the next.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to print
    what: What,

    /// A grammar
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  langloom dump ast src/hello.langium
  langloom dump model src/hello.langium";

/// The stages whose result can be printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The tree of the file, with what is wrong with it
    Ast,
    /// Rules and types after resolution and inference, imports included
    Model,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = match args.what {
        What::Ast => {
            let text = disk::read_text(&args.file).map_err(|error| disk::cannot_read(&args.file, &error))?;
            let mut names = Names::new();
            tree::dump(&syntax::parse(&text, &mut names), &names)
        }
        What::Model => {
            let analysed =
                engine::analyse(&config::of_grammar(&args.file)?, &Options::default(), &mut Kept::default(), terminal)?;
            model::dump(&analysed.model, &analysed.sources)
        }
    };
    terminal.raw(text.as_bytes());
    Ok(())
}

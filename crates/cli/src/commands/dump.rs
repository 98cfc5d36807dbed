//! `langloom dump`

use std::path::PathBuf;

use clap::ValueEnum;
use langloom_core::emit::Sink;
use langloom_core::emit::pack::view;
use langloom_core::text::Names;
use langloom_core::{model, syntax, tree};

use crate::config;
use crate::disk::{self, CHUNK};
use crate::engine::{self, Options};
use crate::kept::Kept;
use crate::packs;
use crate::report::{Failure, Terminal};

/// Print what Langloom makes of a grammar
///
/// For tests, and for those who wonder. Equal input gives equal text; its form may change from one
/// version of Langloom to the next.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// What to print
    what: What,

    /// A grammar; for the view, also a configuration
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// For the view, set an option of a pack: PACK.OPTION=VALUE. May be given several times
    #[arg(long, value_name = "PACK.OPTION=VALUE")]
    set: Vec<String>,
}

const EXAMPLES: &str = "\
Examples:
  langloom dump ast src/hello.langium
  langloom dump model src/hello.langium
  langloom dump view langium-config.json";

/// The stages whose result can be printed.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The tree of the file, with what is wrong with it
    Ast,
    /// Rules and types after resolution and inference, imports included
    Model,
    /// What templates of packs see, as JSON
    View,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = match args.what {
        What::Ast => {
            let text = disk::read_text(&args.file).map_err(|error| disk::cannot_read(&args.file, &error))?;
            let mut names = Names::new();
            tree::dump(&syntax::parse(&text, &mut names), &names)
        }
        What::View => {
            let mut project = match args.file.extension().is_some_and(|extension| extension == "json") {
                true => config::load(&config::find(Some(&args.file))?, None)?,
                false => config::of_grammar(&args.file)?,
            };
            project.settings.sets = args.set.clone();
            let packs = packs::configured(&project)?;
            let analysed = engine::analyse(&project, &Options::default(), &mut Kept::default(), terminal)?;
            let view = analysed.view(&project);
            let mut print = |chunk: &str| terminal.raw(chunk.as_bytes());
            let mut sink = Sink::new(CHUNK, &mut print);
            let packs: Vec<_> = packs.iter().map(|pack| (&*pack.name, &pack.pack, &*pack.options)).collect();
            view::dump(&view, &packs, &mut sink);
            sink.finish();
            return Ok(());
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

//! The command line: one variant of [`Command`] and one file for each subcommand.

mod cache;
mod check;
mod completions;
mod dump;
mod explain;
mod extract_types;
mod findings;
mod generate;
mod new;
mod packs;
mod work;

use clap::{Parser, Subcommand};

use crate::report::{Failure, Terminal};

/// Langium grammars in, TypeScript out, at native speed.
///
/// A drop-in for `langium generate`: it reads the same langium-config.json and writes the same
/// files, byte for byte.
#[derive(Debug, Parser)]
#[command(name = "langloom", version, verbatim_doc_comment, after_help = START)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

const START: &str = "\
To start with:
  langloom new my-language     a project to play with
  langloom generate            what `langium generate` does, in a project that you have
  langloom check               what is wrong with its grammars

`langloom COMMAND --help` has examples and exit codes.";

/// All subcommands.
#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Args),
    Check(check::Args),
    ExtractTypes(extract_types::Args),
    New(new::Args),
    Dump(dump::Args),
    Packs(packs::Args),
    Cache(cache::Args),
    Explain(explain::Args),
    Completions(completions::Args),
}

/// Does what `cli` asks for.
pub(crate) fn run(cli: &Cli, terminal: &mut Terminal) -> Result<(), Failure> {
    match &cli.command {
        Command::Generate(args) => generate::run(args, terminal),
        Command::Check(args) => check::run(args, terminal),
        Command::ExtractTypes(args) => extract_types::run(args, terminal),
        Command::New(args) => new::run(args, terminal),
        Command::Dump(args) => dump::run(args, terminal),
        Command::Packs(args) => packs::run(args, terminal),
        Command::Cache(args) => cache::run(args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Completions(args) => completions::run(args, terminal),
    }
}

//! `langloom completions`

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use crate::report::{Failure, Terminal};

/// Print the completions of a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Which shell
    shell: Shell,
}

const EXAMPLES: &str = "\
Examples:
  langloom completions bash > ~/.local/share/bash-completion/completions/langloom
  langloom completions zsh > ~/.zfunc/_langloom
  langloom completions fish > ~/.config/fish/completions/langloom.fish";

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    // Rendered first, because the crate panics when its writer fails.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "langloom", &mut script);
    terminal.raw(&script);
    Ok(())
}

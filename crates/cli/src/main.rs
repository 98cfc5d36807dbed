//! `langloom`: the shell around the compiler. Everything that touches the world is in this crate, or in `langloom-disk`;
//! what it is made of is in `langloom-core`.

mod cache;
mod claims;
mod commands;
mod compat;
mod config;
mod cutoff;
mod engine;
mod fix;
mod jobs;
mod json;
mod kept;
mod kinds;
mod load;
mod made_of;
mod memory;
mod observe;
mod packs;
mod paths;
mod problems;
mod render;
mod report;
mod schema;
mod settings;
mod side;
mod since;
mod staged;
mod watch;

use std::process::ExitCode;

use clap::Parser;
// As `crate::disk`, so that a fuzz target can put another disk in its place.
use langloom_disk as disk;

fn main() -> ExitCode {
    memory::stay_small();
    let cli = commands::Cli::parse();
    let mut terminal = report::Terminal::new();
    let result = commands::run(&cli, &mut terminal);
    ExitCode::from(terminal.end(result))
}

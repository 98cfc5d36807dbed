//! `langloom-bench`: how fast is Langloom, against the reference and against the limit, and did a change make it worse?
//!
//! Everything that is measured is a stage of the compiler or a whole process, on grammars of our own. The figures that
//! decide are exact ones (instructions, allocations, system calls); clocks are for people.

mod commands;
mod contest;
mod disk;
mod gate;
mod grammars;
mod machine;
mod measure;
mod modes;
mod programs;
mod record;
mod report;
mod site;
mod stages;
mod table;
mod templates;
mod workload;
mod writing;

use std::process::ExitCode;

use clap::Parser;

/// Measures Langloom
#[derive(Debug, Parser)]
#[command(name = "langloom-bench", version)]
struct Arguments {
    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    match commands::run(Arguments::parse().command) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(2)
        }
    }
}

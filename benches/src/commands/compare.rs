//! `langloom-bench compare`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::Selection;
use crate::contest::{self, Contest};
use crate::grammars::Outputs;
use crate::machine::Machine;
use crate::{disk, programs};

/// Run Langloom, langium-cli and the floor in turn on the same grammars, as whole processes
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// How often each takes its turn; fewer times for large grammars unless given
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,

    /// Run langium-cli on grammars of up to so many lines
    #[arg(long, value_name = "LINES", value_parser = super::parse_lines, default_value = "10k")]
    reference_up_to: usize,

    /// What is generated
    #[arg(long, value_enum, default_value_t = Outputs::Core)]
    outputs: Outputs,

    /// Langloom's program: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,

    /// Write the figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// From an example to what no person wrote.
const SIZES: &[usize] = &[35, 500, 1_000, 10_000, 100_000, 1_000_000];

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let langloom = programs::langloom(args.langloom.as_deref())?;
    let reference = programs::reference();
    if reference.is_none() {
        println!("langium-cli is not installed, so Langloom runs alone (npm ci --prefix conformance)\n");
    }
    let mut reports = Vec::new();
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(SIZES) {
            let outcome = contest::hold(&Contest {
                shape,
                lines,
                outputs: args.outputs,
                rounds: args.rounds.unwrap_or_else(|| rounds(lines)).max(1),
                langloom: &langloom,
                reference: reference.as_ref().filter(|_| lines <= args.reference_up_to),
            })?;
            println!("{outcome}");
            reports.push(outcome.to_json());
        }
    }
    if let Some(path) = &args.json {
        let report = json!({ "machine": Machine::here().to_json(), "contests": reports });
        disk::write(path, &format!("{report:#}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As many rounds as fit in a few minutes: 10,000 lines take the reference half a minute.
fn rounds(lines: usize) -> usize {
    match lines {
        0..1_000 => 5,
        1_000..10_000 => 3,
        10_000..1_000_000 => 2,
        _ => 1,
    }
}

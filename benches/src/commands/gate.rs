//! `langloom-bench gate`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::gate::baseline::{Baseline, Comparison};
use crate::gate::{self, Measured, Request};
use crate::machine::Machine;
use crate::{disk, programs};

/// Compare instructions, allocations and system calls with the baseline in the repository
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Make what is measured now the baseline
    #[arg(long)]
    accept: bool,

    /// The baseline
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json"))]
    baseline: PathBuf,

    /// Only these workloads, such as rules-500
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    workload: Vec<String>,

    /// Only these stages
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    stage: Vec<String>,

    /// The program to count the system calls of: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,

    /// Slow this stage down by 5 %, to prove that the gate sees it
    #[arg(long, value_name = "STAGE", hide = true)]
    slow: Option<String>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let is_partial = !args.workload.is_empty() || !args.stage.is_empty();
    let langloom = if is_partial { None } else { Some(programs::langloom(args.langloom.as_deref())) };
    let request = Request {
        loads: &args.workload,
        stages: &args.stage,
        slow: args.slow.as_deref(),
        langloom: langloom.as_ref().map(|langloom| langloom.as_deref()),
    };
    let measured = gate::measure(request)?;
    for skipped in &measured.skipped {
        println!("skipped: {skipped}");
    }
    if args.accept { accept(args, &measured) } else { compare(args, &measured) }
}

fn accept(args: &Args, measured: &Measured) -> Result<ExitCode, String> {
    let is_partial = !args.workload.is_empty() || !args.stage.is_empty() || !measured.skipped.is_empty();
    let old = if is_partial && args.baseline.exists() { Some(Baseline::parse(&disk::read(&args.baseline)?)?) } else { None };
    let machine = Machine::here();
    let mut figures = old.filter(|old| machine.difference(&old.machine).is_none()).map(|old| old.figures).unwrap_or_default();
    figures.extend(&measured.figures);
    disk::write(&args.baseline, &Baseline::print(&machine, &figures))?;
    println!("{} figures accepted in {}", measured.figures.iter().len(), args.baseline.display());
    Ok(ExitCode::SUCCESS)
}

fn compare(args: &Args, measured: &Measured) -> Result<ExitCode, String> {
    let path = args.baseline.display();
    if !args.baseline.exists() {
        return Err(format!("there is no baseline at {path}: make one with langloom-bench gate --accept"));
    }
    let baseline = Baseline::parse(&disk::read(&args.baseline)?).map_err(|error| format!("{path}: {error}"))?;
    let difference = Machine::here().difference(&baseline.machine);
    if let Some(difference) = &difference {
        println!("another machine than the baseline's, so tolerances are wide: {difference}");
    }
    let comparison = baseline.compare(&measured.figures, difference.is_none());
    print(&comparison);
    let passed = comparison.worse.is_empty() && comparison.new.is_empty();
    if !passed {
        println!("\nIf this is meant, accept it: langloom-bench gate --accept, and commit {path} with the reason.");
    }
    Ok(if passed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn print(comparison: &Comparison) {
    let Comparison { compared, worse, better, new } = comparison;
    worse.iter().for_each(|change| println!("WORSE   {change}"));
    new.iter().for_each(|key| println!("NEW     {key}: not in the baseline"));
    better.iter().for_each(|change| println!("better  {change}"));
    println!("{compared} figures: {} worse, {} better, {} new", worse.len(), better.len(), new.len());
    if worse.is_empty() && !better.is_empty() {
        println!("Accept what is better, so that it stays: langloom-bench gate --accept");
    }
}

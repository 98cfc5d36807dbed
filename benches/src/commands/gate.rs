//! `langloom-bench gate`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::disk;
use crate::gate::baseline::{Baseline, Comparison};
use crate::gate::{self, Measured, Request};
use crate::machine::Machine;
use crate::programs::Langloom;

/// Compare instructions, allocations and system calls with the baseline in the repository
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Make what is measured now the baseline
    #[arg(long)]
    accept: bool,

    /// The baseline
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/baseline.json"))]
    baseline: PathBuf,

    /// Only these workloads, such as rules-100
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    workload: Vec<String>,

    /// Only these stages
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    stage: Vec<String>,

    /// The program to run as a whole: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,

    /// Write what became better and worse to a file too, for a pull request
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,

    /// The same for tools
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Slow these stages down by 5 %, to prove that the gate sees it
    #[arg(long, value_name = "NAME", value_delimiter = ',', hide = true)]
    slow: Vec<String>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let is_partial = !args.workload.is_empty() || !args.stage.is_empty();
    let langloom = if is_partial { None } else { Some(Langloom::find(args.langloom.as_deref())) };
    let request =
        Request { loads: &args.workload, stages: &args.stage, slow: &args.slow, langloom: langloom.as_ref().map(Result::as_ref) };
    let measured = gate::measure(request)?;
    for skipped in &measured.skipped {
        println!("SKIPPED {skipped}");
    }
    if !measured.skipped.is_empty() && std::env::var_os("CI").is_some() {
        return Err("in CI nothing may be skipped: scripts/gate installs what is missing".to_owned());
    }
    if args.accept { accept(args, &measured) } else { compare(args, &measured) }
}

fn accept(args: &Args, measured: &Measured) -> Result<ExitCode, String> {
    let is_partial = !args.workload.is_empty() || !args.stage.is_empty() || !measured.skipped.is_empty();
    let old = if is_partial && args.baseline.exists() { Some(Baseline::parse(&disk::read(&args.baseline)?)?) } else { None };
    let machine = Machine::here();
    let mut figures = old.filter(|old| machine.difference(&old.machine).is_none()).map(|old| old.figures).unwrap_or_default();
    figures.extend(&measured.figures);
    disk::write_json(&args.baseline, &Baseline { machine, figures })?;
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
    if let Some(path) = &args.markdown {
        disk::write(path, &comparison.to_markdown())?;
    }
    if let Some(path) = &args.json {
        disk::write_json(path, &comparison)?;
    }
    if comparison.is_passed() {
        return Ok(ExitCode::SUCCESS);
    }
    println!(
        "\nIf this is meant, accept it: scripts/gate --accept (langloom-bench gate --accept), and commit {path} with the reason."
    );
    Ok(ExitCode::FAILURE)
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

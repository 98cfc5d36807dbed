//! `langloom-bench compare`

use std::path::PathBuf;
use std::process::ExitCode;

use super::Selection;
use crate::contest::{self, Rules};
use crate::disk;
use crate::grammars::Outputs;
use crate::programs::{self, Langloom};
use crate::record::{Contest, Ratio, Runs};
use crate::table::{Table, bytes, count, seconds, three_digits};

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
pub(super) const SIZES: &[usize] = &[35, 500, 1_000, 10_000, 100_000, 1_000_000];

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let langloom = Langloom::find(args.langloom.as_deref())?;
    let reference = programs::reference();
    if reference.is_none() {
        println!("langium-cli is not installed, so Langloom runs alone (npm ci --prefix conformance)\n");
    }
    let mut contests = Vec::new();
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(SIZES) {
            let contest = contest::hold(&Rules {
                shape,
                lines,
                outputs: args.outputs,
                rounds: args.rounds.unwrap_or_else(|| rounds(lines)).max(1),
                langloom: &langloom,
                reference: reference.as_ref().filter(|_| lines <= args.reference_up_to),
            })?;
            print(&contest);
            contests.push(contest);
        }
    }
    if let Some(path) = &args.json {
        disk::write_json(path, &contests)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As many rounds as fit in a few minutes: 10,000 lines take the reference half a minute.
pub(super) fn rounds(lines: usize) -> usize {
    match lines {
        0..1_000 => 5,
        1_000..10_000 => 3,
        10_000..1_000_000 => 2,
        _ => 1,
    }
}

/// Says how it went.
pub(super) fn print(contest: &Contest) {
    let grammars = &contest.grammars;
    let (input, output) = (bytes(grammars.bytes), bytes(contest.output_bytes));
    let projects = if grammars.projects > 1 { format!(" in {} projects", grammars.projects) } else { String::new() };
    println!("{}, {} lines{projects}: {input} in, {output} out", grammars.shape, count(grammars.lines as u64));
    let mut table = Table::new(&["", "cpu min", "cpu median", "wall min", "wall median", "peak memory", "times the floor"]);
    let programs = [("Langloom", Some(&contest.langloom)), ("langium-cli", contest.reference.as_ref())];
    for (name, runs) in programs.into_iter().chain([("floor", Some(&contest.floor))]) {
        let Some(runs) = runs else { continue };
        let Runs { cpu, cpu_median, wall, wall_median, .. } = *runs;
        let cells = [cpu, cpu_median, wall, wall_median].map(seconds).into_iter();
        let distance = three_digits(cpu / contest.floor.cpu);
        table.row(std::iter::once(name.to_owned()).chain(cells).chain([bytes(runs.peak_memory), distance]));
    }
    print!("{table}");
    if let (Some(ratio), Some(reference)) = (contest.ratio(), &contest.reference) {
        let memory = reference.peak_memory as f64 / contest.langloom.peak_memory as f64;
        println!(
            "{} times fewer CPU seconds than langium-cli (rounds: {}, {}), {} times less memory",
            three_digits(ratio.best),
            reference.cpu_of_rounds.len(),
            spread(ratio),
            three_digits(memory),
        );
        match &contest.differing_files[..] {
            [] => println!("the files are the same, byte for byte"),
            files => println!("DIFFERENT FILES: {}", files.join(", ")),
        }
    }
    if let Some(floor) = contest.to_floor() {
        println!("{} times the floor ({})\n", three_digits(floor.best), spread(floor));
    }
}

fn spread(ratio: Ratio) -> String {
    format!("from {} to {}", three_digits(ratio.low), three_digits(ratio.high))
}

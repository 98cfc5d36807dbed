//! `langloom-bench modes`

use std::path::PathBuf;
use std::process::ExitCode;

use super::Selection;
use crate::disk::{self, Scratch};
use crate::grammars::{Outputs, Shape};
use crate::modes::{MODES, Mode, Trial};
use crate::programs::Langloom;
use crate::record::ModesOf;
use crate::site::Site;
use crate::table::{Table, bytes, count, seconds, three_digits};

/// Measure ways to run Langloom: cold, with nothing to do, after an edit, watching, with options
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// Only the modes of these names
    #[arg(long, value_name = "NAME", value_delimiter = ',', help = help())]
    mode: Vec<String>,

    /// How often to run each; fewer times for large grammars unless given
    #[arg(long, value_name = "NUMBER")]
    rounds: Option<usize>,

    /// Count instructions and system calls of grammars of up to so many lines
    #[arg(long, value_name = "LINES", value_parser = super::parse_lines, default_value = "1k")]
    exact_up_to: usize,

    /// Langloom's program: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,

    /// Write the figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

fn help() -> String {
    let modes: Vec<String> = MODES.iter().map(|mode| format!("{}: {}", mode.name, mode.about)).collect();
    format!("Only the modes of these names [{}]", modes.join("; "))
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let langloom = Langloom::find(args.langloom.as_deref())?;
    let named = args.mode.iter().map(|name| Mode::named(name)).collect::<Result<Vec<_>, _>>()?;
    let wanted = if named.is_empty() { MODES.iter().collect() } else { named };
    let mut all = Vec::new();
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(&[35, 1_000, 10_000]) {
            let rounds = args.rounds.unwrap_or_else(|| rounds(lines)).max(1);
            let scratch = scratch(shape, lines)?;
            let modes = measure(shape, lines, &wanted, rounds, lines <= args.exact_up_to, (&langloom, &scratch))?;
            print(&modes);
            all.push(modes);
        }
    }
    if let Some(path) = &args.json {
        disk::write_json(path, &all)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As many rounds as are steady and fit in a minute: on a shared machine, what two threads gain on a million lines is 1.3 to 2.2
/// times in single rounds.
pub(super) fn rounds(lines: usize) -> usize {
    match lines {
        0..30_000 => 25,
        30_000..50_000 => 5,
        500_000.. => 11,
        _ => 3,
    }
}

/// Where files usually are while modes are measured.
pub(super) fn scratch(shape: &Shape, lines: usize) -> Result<Scratch, String> {
    Scratch::new(&format!("modes-{}-{lines}", shape.name))
}

/// Measures the modes of `wanted` that this Langloom knows, in turn, on grammars of one kind, with files in `scratch`.
///
/// An error if modes that generate from nothing do not all write the same.
pub(super) fn measure(
    shape: &Shape,
    lines: usize,
    wanted: &[&'static Mode],
    rounds: usize,
    is_exact: bool,
    (langloom, scratch): (&Langloom, &Scratch),
) -> Result<ModesOf, String> {
    let mut grammars = None;
    let mut trials = Vec::new();
    for (index, mode) in wanted.iter().filter(|mode| mode.is_known_to(langloom)).enumerate() {
        // Paths of one length, since instructions are counted.
        let site = Site::new(scratch.path().join(format!("site{index:02}")), shape, lines, Outputs::Core)?;
        grammars = Some(site.grammars(shape, lines)?);
        if mode.is_of_interest(&site) {
            trials.push(Trial::new(mode, site, langloom));
        }
    }
    let grammars = grammars.ok_or("this Langloom knows none of the modes")?;
    let mut impossible = Vec::new();
    let mut leave_out = |mode: &Mode, error: String| {
        println!("LEFT OUT {}: {error}", mode.name);
        impossible.push(mode.name.to_owned());
    };
    let log = scratch.path().join("log.txt");
    for _ in 0..rounds {
        // Not everything is possible everywhere: a memory limit may be too low for the size.
        trials.retain_mut(|trial| trial.take_turn(&log).map_err(|error| leave_out(trial.mode, error)).is_ok());
    }
    let mut hashes = Vec::new();
    let mut modes = Vec::new();
    for trial in &mut trials {
        if trial.mode.generates_all() {
            hashes.push((trial.mode.name, trial.site.output_hash()?));
        }
        match trial.finish(rounds, is_exact) {
            Ok(figures) => modes.push(figures),
            Err(error) => leave_out(trial.mode, error),
        }
    }
    if let Some([(one, _), (other, _)]) = hashes.array_windows().find(|[(_, one), (_, other)]| one != other) {
        return Err(format!("the modes {one} and {other} do not write the same files"));
    }
    Ok(ModesOf { grammars, modes, impossible })
}

/// Says what it came to.
pub(super) fn print(of: &ModesOf) {
    let ModesOf { grammars, modes, .. } = of;
    let projects = if grammars.projects > 1 { format!(" in {} projects", grammars.projects) } else { String::new() };
    println!("{}: {} lines{projects}, {}", grammars.shape, count(grammars.lines as u64), bytes(grammars.bytes));
    let headings = [
        "mode",
        "cpu",
        "kernel",
        "median",
        "wall",
        "median",
        "p99",
        "of cold",
        "MB/s",
        "peak",
        "read",
        "written",
        "made",
        "kept",
        "hits",
        "compiling",
        "calls",
        "instr.",
    ];
    let mut table = Table::new(&headings);
    let cold = modes.iter().find(|mode| mode.mode == "cold").map(|mode| mode.cpu_median);
    for mode in modes {
        let figure = |value: Option<u64>, show: fn(u64) -> String| value.map_or_else(String::new, show);
        table.row([
            mode.mode.clone(),
            seconds(mode.cpu),
            mode.system.map_or_else(String::new, seconds),
            seconds(mode.cpu_median),
            seconds(mode.wall),
            seconds(mode.wall_median),
            mode.wall_p99.map_or_else(String::new, seconds),
            cold.map_or_else(String::new, |cold| format!("{} %", three_digits(mode.cpu_median / cold * 100.0))),
            three_digits(grammars.bytes as f64 / mode.cpu / 1e6),
            bytes(mode.peak_memory),
            figure(mode.read, bytes),
            figure(mode.written, bytes),
            figure(mode.outputs_written, count),
            figure(mode.outputs_kept, count),
            mode.cache_hits.zip(mode.cache_lookups).map_or_else(String::new, |(hits, all)| format!("{hits} of {all}")),
            mode.compiling.map_or_else(String::new, seconds),
            figure(mode.system_calls, count),
            figure(mode.instructions, count),
        ]);
    }
    println!("{table}");
}

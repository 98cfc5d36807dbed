//! `langloom-bench stages`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use langloom_core::tree::Tree;
use serde_json::{Value, json};

use super::Selection;
use crate::disk;
use crate::grammars::Shape;
use crate::machine::Machine;
use crate::measure::allocations::{Allocations, counted};
use crate::measure::clock::Time;
use crate::measure::repeat;
use crate::stages::{Stage, Volume, choose};
use crate::table::{Table, bytes, count, seconds, three_digits};
use crate::workload::{Workload, parse};

/// Measure each stage of the compiler on generated grammars
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// Only the stages of these names
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    stage: Vec<String>,

    /// How long to repeat each stage
    #[arg(long, value_name = "SECONDS", default_value_t = 0.4)]
    budget: f64,

    /// Write the figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What a stage cost.
struct Figures {
    stage: Stage,
    time: Time,
    volume: Volume,
    allocations: Allocations,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let chosen = choose(&args.stage)?;
    let budget = Duration::try_from_secs_f64(args.budget).map_err(|_| "the budget must be a number of seconds".to_owned())?;
    let mut reports = Vec::new();
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(&[1_000, 10_000, 100_000]) {
            let workload = Workload::new(shape, lines);
            let figures: Vec<Figures> = chosen.iter().map(|stage| measure(*stage, &workload, budget)).collect();
            let trees = Trees::of(&workload);
            print(shape, &workload, &figures, &trees);
            reports.push(report(shape, &workload, &figures, &trees));
        }
    }
    if let Some(path) = &args.json {
        let report = json!({ "machine": Machine::here().to_json(), "workloads": reports });
        disk::write(path, &format!("{report:#}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(stage: Stage, workload: &Workload, budget: Duration) -> Figures {
    stage.prepare(workload);
    let volume = stage.volume(workload);
    let (_, allocations) = counted(|| stage.run(workload));
    let time = repeat::best(budget, || stage.run(workload));
    Figures { stage, time, volume, allocations }
}

/// What the trees of all grammars take.
struct Trees {
    nodes: usize,
    declarations: usize,
    bytes: usize,
    name_bytes: usize,
}

impl Trees {
    fn of(workload: &Workload) -> Trees {
        let mut trees = Trees { nodes: 0, declarations: 0, bytes: 0, name_bytes: 0 };
        for parsed in workload.projects.iter().map(parse) {
            trees.nodes += parsed.trees.iter().map(|tree| tree.nodes.len()).sum::<usize>();
            trees.declarations += parsed.trees.iter().map(|tree| tree.declarations.len()).sum::<usize>();
            trees.bytes += parsed.trees.iter().map(Tree::heap_bytes).sum::<usize>();
            trees.name_bytes += parsed.names.heap_bytes();
        }
        trees
    }
}

fn print(shape: &Shape, workload: &Workload, figures: &[Figures], trees: &Trees) {
    let input = workload.bytes();
    let files = workload.texts().count();
    println!(
        "{}: {} lines, {} in {files} {}",
        shape.name,
        count(workload.lines() as u64),
        bytes(input as u64),
        if files == 1 { "file" } else { "files" }
    );
    let mut table = Table::new(&["stage", "cpu", "wall", "MB/s in", "MB/s out", "out", "allocations", "allocated", "peak"]);
    for Figures { stage, time, volume, allocations } in figures {
        let rate =
            |bytes: usize| if bytes == 0 { String::new() } else { three_digits(bytes as f64 / time.cpu.as_secs_f64() / 1e6) };
        table.row([
            if stage.is_counted_elsewhere() { format!("  {}", stage.name) } else { stage.name.to_owned() },
            seconds(time.cpu.as_secs_f64()),
            seconds(time.wall.as_secs_f64()),
            rate(volume.input),
            rate(volume.output),
            if volume.output == 0 { String::new() } else { bytes(volume.output as u64) },
            count(allocations.count),
            bytes(allocations.bytes),
            bytes(allocations.peak),
        ]);
    }
    let counted = || figures.iter().filter(|figures| !figures.stage.is_counted_elsewhere());
    let cpu: f64 = counted().map(|figures| figures.time.cpu.as_secs_f64()).sum();
    let output: usize = counted().map(|figures| figures.volume.output).sum();
    table.row([
        "sum".to_owned(),
        seconds(cpu),
        seconds(counted().map(|figures| figures.time.wall.as_secs_f64()).sum()),
        three_digits(input as f64 / cpu / 1e6),
        three_digits(output as f64 / cpu / 1e6),
        bytes(output as u64),
        count(counted().map(|figures| figures.allocations.count).sum()),
        bytes(counted().map(|figures| figures.allocations.bytes).sum()),
    ]);
    print!("{table}");
    println!(
        "tree: {} nodes, {} declarations; {} bytes a node, {} for a byte of grammar; names: {}\n",
        count(trees.nodes as u64),
        count(trees.declarations as u64),
        three_digits(trees.bytes as f64 / trees.nodes as f64),
        three_digits(trees.bytes as f64 / input as f64),
        bytes(trees.name_bytes as u64),
    );
}

fn report(shape: &Shape, workload: &Workload, figures: &[Figures], trees: &Trees) -> Value {
    let stages: Vec<Value> = figures
        .iter()
        .map(|Figures { stage, time, volume, allocations }| {
            json!({
                "stage": stage.name,
                "cpu_ns": time.cpu.as_nanos() as u64,
                "wall_ns": time.wall.as_nanos() as u64,
                "input_bytes": volume.input,
                "output_bytes": volume.output,
                "allocations": allocations.count,
                "allocated_bytes": allocations.bytes,
                "peak_bytes": allocations.peak,
            })
        })
        .collect();
    json!({
        "shape": shape.name,
        "lines": workload.lines(),
        "bytes": workload.bytes(),
        "files": workload.texts().count(),
        "stages": stages,
        "tree": {
            "nodes": trees.nodes,
            "declarations": trees.declarations,
            "bytes": trees.bytes,
            "name_bytes": trees.name_bytes,
        },
    })
}

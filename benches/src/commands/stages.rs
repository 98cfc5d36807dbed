//! `langloom-bench stages`

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use langloom_core::tree::Tree;

use super::Selection;
use crate::disk;
use crate::grammars::Shape;
use crate::measure::allocations::counted;
use crate::measure::repeat;
use crate::record::{self, Grammars, StagesOf, Trees};
use crate::stages::{Stage, choose};
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

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let chosen = choose(&args.stage)?;
    let budget = Duration::try_from_secs_f64(args.budget).map_err(|_| "the budget must be a number of seconds".to_owned())?;
    let mut all = Vec::new();
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(&[1_000, 10_000, 100_000]) {
            let stages = measure(shape, lines, &chosen, budget);
            print(&stages);
            all.push(stages);
        }
    }
    if let Some(path) = &args.json {
        disk::write_json(path, &all)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures these stages on grammars of one kind, each for so long.
pub(super) fn measure(shape: &Shape, lines: usize, stages: &[Stage], budget: Duration) -> StagesOf {
    let workload = Workload::new(shape, lines);
    StagesOf {
        grammars: Grammars {
            shape: shape.name.to_owned(),
            lines,
            projects: workload.projects.len(),
            bytes: workload.bytes() as u64,
        },
        files: workload.texts().count(),
        stages: stages.iter().map(|stage| measure_one(*stage, &workload, budget)).collect(),
        tree: trees(&workload),
    }
}

fn measure_one(stage: Stage, workload: &Workload, budget: Duration) -> record::Stage {
    stage.prepare(workload);
    let volume = stage.volume(workload);
    let (_, allocations) = counted(|| stage.run(workload));
    let time = repeat::best(budget, || stage.run(workload));
    record::Stage {
        stage: stage.name.to_owned(),
        is_part: stage.is_counted_elsewhere(),
        cpu: time.cpu.as_secs_f64(),
        wall: time.wall.as_secs_f64(),
        input_bytes: volume.input,
        output_bytes: volume.output,
        allocations: allocations.count,
        allocated_bytes: allocations.bytes,
        peak_heap: allocations.peak,
    }
}

fn trees(workload: &Workload) -> Trees {
    let mut trees = Trees::default();
    for parsed in workload.projects.iter().map(parse) {
        trees.nodes += parsed.trees.iter().map(|tree| tree.nodes.len()).sum::<usize>();
        trees.declarations += parsed.trees.iter().map(|tree| tree.declarations.len()).sum::<usize>();
        trees.bytes += parsed.trees.iter().map(Tree::heap_bytes).sum::<usize>();
        trees.name_bytes += parsed.names.heap_bytes();
    }
    trees
}

/// Says what it came to.
pub(super) fn print(of: &StagesOf) {
    let StagesOf { grammars, files, stages, tree } = of;
    println!(
        "{}: {} lines, {} in {files} {}",
        grammars.shape,
        count(grammars.lines as u64),
        bytes(grammars.bytes),
        if *files == 1 { "file" } else { "files" }
    );
    let mut table = Table::new(&["stage", "cpu", "wall", "MB/s in", "MB/s out", "out", "allocations", "allocated", "peak heap"]);
    for stage in stages {
        let rate = |bytes: usize| if bytes == 0 { String::new() } else { three_digits(bytes as f64 / stage.cpu / 1e6) };
        table.row([
            if stage.is_part { format!("  {}", stage.stage) } else { stage.stage.clone() },
            seconds(stage.cpu),
            seconds(stage.wall),
            rate(stage.input_bytes),
            rate(stage.output_bytes),
            if stage.output_bytes == 0 { String::new() } else { bytes(stage.output_bytes as u64) },
            count(stage.allocations),
            bytes(stage.allocated_bytes),
            bytes(stage.peak_heap),
        ]);
    }
    let whole = || stages.iter().filter(|stage| !stage.is_part);
    let cpu: f64 = whole().map(|stage| stage.cpu).sum();
    let output: usize = whole().map(|stage| stage.output_bytes).sum();
    table.row([
        "sum".to_owned(),
        seconds(cpu),
        seconds(whole().map(|stage| stage.wall).sum()),
        three_digits(grammars.bytes as f64 / cpu / 1e6),
        three_digits(output as f64 / cpu / 1e6),
        bytes(output as u64),
        count(whole().map(|stage| stage.allocations).sum()),
        bytes(whole().map(|stage| stage.allocated_bytes).sum()),
    ]);
    print!("{table}");
    println!(
        "tree: {} nodes, {} declarations; {} bytes a node, {} for a byte of grammar; names: {}\n",
        count(tree.nodes as u64),
        count(tree.declarations as u64),
        three_digits(tree.bytes as f64 / tree.nodes as f64),
        three_digits(tree.bytes as f64 / grammars.bytes as f64),
        bytes(tree.name_bytes as u64),
    );
}

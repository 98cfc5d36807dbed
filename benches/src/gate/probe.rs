//! Instruction counts of stages. The program runs itself under callgrind, for one stage, and counts while one function is
//! on the stack: what comes before, between and after does not show.
//!
//! A process for each stage is slow (half a second goes into starting), but with several stages in one, a change of one
//! moved the counts of the next by up to 8 %, since `malloc` found other free blocks.

use std::any::Any;
use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use crate::grammars::Shape;
use crate::measure::callgrind;
use crate::stages::{Stage, choose};
use crate::workload::Workload;

/// A stage to run on a workload, so many times.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Probe {
    #[arg(long)]
    pub(crate) shape: String,
    #[arg(long)]
    pub(crate) lines: usize,
    #[arg(long)]
    pub(crate) stage: String,
    #[arg(long)]
    pub(crate) repeats: usize,
}

/// How many instructions the probe takes, all repetitions together, if `this` program runs it.
pub(crate) fn instructions(this: &Path, probe: &Probe) -> Result<u64, String> {
    let Probe { shape, lines, stage, repeats } = probe;
    let mut command = Command::new(this);
    command.args(["probe", "--shape", shape, "--stage", stage]);
    command.args(["--lines", &lines.to_string(), "--repeats", &repeats.to_string()]);
    callgrind::instructions(&command, Some(REGION)).map_err(|error| format!("{shape}, {stage}: {error}"))
}

/// Runs a probe: what callgrind watches.
///
/// On a thread of its own, which gets a heap of its own: on the first one, what had been put there before, such as the path of
/// this program, decided whether buffers could grow where they were, and stages took up to 4.8 % more or less.
pub(crate) fn run(probe: &Probe) -> Result<(), String> {
    std::thread::scope(|scope| scope.spawn(|| run_here(probe)).join()).unwrap_or_else(|_| Err("the probe panicked".to_owned()))
}

fn run_here(probe: &Probe) -> Result<(), String> {
    let shape = Shape::named(&probe.shape).ok_or_else(|| format!("there is no shape {}", probe.shape))?;
    let workload = Workload::new(shape, probe.lines);
    for stage in choose(std::slice::from_ref(&probe.stage))? {
        stage.prepare(&workload);
        for _ in 0..probe.repeats {
            drop(measured_region(&stage, &workload));
        }
    }
    Ok(())
}

/// The name of the function below.
const REGION: &str = "measured_region";

/// Callgrind counts from where this begins to where it ends; it finds it by name.
#[inline(never)]
fn measured_region(stage: &Stage, workload: &Workload) -> Box<dyn Any> {
    black_box(stage.run(black_box(workload)))
}

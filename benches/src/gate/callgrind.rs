//! Instruction counts, by valgrind's callgrind. The program runs itself under it, for one stage, and callgrind counts
//! while one function is on the stack: what comes before, between and after does not show.
//!
//! A process for each stage is slow (half a second goes into starting), but with several stages in one, a change of one
//! moved the counts of the next by up to 8 %, since `malloc` found other free blocks.

use std::any::Any;
use std::hint::black_box;
use std::process::{Command, Stdio};

use crate::disk::{self, Scratch};
use crate::grammars::Shape;
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

/// Whether valgrind can be run.
pub(crate) fn is_available() -> bool {
    let run = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

/// How many instructions the probe takes, all repetitions together.
pub(crate) fn instructions(probe: &Probe) -> Result<u64, String> {
    let program = std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))?;
    let Probe { shape, lines, stage, repeats } = probe;
    let scratch = Scratch::new(&format!("{shape}-{lines}-{stage}"))?;
    let report = scratch.path().join("callgrind.out");
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--quiet", "--collect-atstart=no", "--toggle-collect=*measured_region*"])
        .arg(format!("--callgrind-out-file={}", report.display()))
        .arg(program)
        .args(["probe", "--shape", shape, "--stage", stage])
        .args(["--lines", &lines.to_string(), "--repeats", &repeats.to_string()])
        .output()
        .map_err(|error| format!("cannot run valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("{shape}, {stage}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    match total(&disk::read(&report)?) {
        Some(0) | None => Err(format!("{shape}, {stage}: valgrind counted nothing")),
        Some(total) => Ok(total),
    }
}

/// The sum at the end of a report.
fn total(report: &str) -> Option<u64> {
    report.lines().rev().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
}

/// Runs a probe: what callgrind watches.
pub(crate) fn run(probe: &Probe) -> Result<(), String> {
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

/// Callgrind counts from where this begins to where it ends; it finds it by name.
#[inline(never)]
fn measured_region(stage: &Stage, workload: &Workload) -> Box<dyn Any> {
    black_box(stage.run(black_box(workload)))
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn the_total_stands_at_the_end() {
        assert_eq!(total("fn=(1)\n1 2\n\ntotals: 123\n"), Some(123));
        assert_eq!(total("events: Ir\n"), None);
    }
}

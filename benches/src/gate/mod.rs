//! The gate against regressions: figures that are the same on every run, compared with those in the repository.

pub(crate) mod baseline;
pub(crate) mod figures;
pub(crate) mod probe;

use std::num::NonZero;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::disk::Scratch;
use crate::grammars::{Outputs, SHAPES, Shape};
use crate::measure::allocations::counted;
use crate::measure::callgrind;
use crate::modes::{self, Counts, Mode};
use crate::programs::Langloom;
use crate::site::{Site, this_program};
use crate::stages::{Stage, choose};
use crate::workload::Workload;
use figures::{Figures, Kind};
use probe::Probe;

/// What the stages are run on, and which of them; none stands for all.
struct Load {
    name: &'static str,
    shape: &'static str,
    lines: usize,
    stages: &'static [&'static str],
}

/// All stages of the usual shape, and the main ones of every shape, the usual one in a size that shows what does not grow in
/// proportion.
const LOADS: &[Load] = &[
    Load { name: "rules-100", shape: "rules", lines: 100, stages: &[] },
    Load { name: "rules-5k", shape: "rules", lines: 5_000, stages: WHOLE },
    Load { name: "types-500", shape: "types", lines: 500, stages: WHOLE },
    Load { name: "alternatives-500", shape: "alternatives", lines: 500, stages: WHOLE },
    Load { name: "references-500", shape: "references", lines: 500, stages: WHOLE },
    Load { name: "comments-500", shape: "comments", lines: 500, stages: WHOLE },
    Load { name: "imports-500", shape: "imports", lines: 500, stages: WHOLE },
    Load { name: "small-500", shape: "small", lines: 500, stages: WHOLE },
];

/// The stages that make up a run.
const WHOLE: &[&str] = &["parse", "analyse", "emit"];

/// The modes in which whole processes are counted, on 500 lines with all outputs: what stages do not see is starting,
/// remembering and writing.
const PROCESSES: &[&str] = &["cold", "no-op", "edit"];
const PROCESS_LINES: usize = 500;

/// How many lines of grammar a stage works on at least while its instructions are counted: smaller loads are repeated, so
/// that what happens once in a process weighs little.
const LINES: usize = 2_000;

/// What to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'a> {
    /// Only the loads of these names, if there are any.
    pub(crate) loads: &'a [String],
    /// Only the stages of these names, if there are any.
    pub(crate) stages: &'a [String],
    /// Stages to do once more for each 20 times: a slow-down to prove the gate with.
    pub(crate) slow: &'a [String],
    /// The program to run as a whole, if that is wanted; or why there is none.
    pub(crate) langloom: Option<Result<&'a Langloom, &'a String>>,
}

/// What was measured, and what could not be and why.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) figures: Figures,
    pub(crate) skipped: Vec<String>,
}

/// Measures everything asked for.
///
/// Programs are counted under paths of one length, whichever folder they were built in: they are copied, hashed and printed.
pub(crate) fn measure(request: Request<'_>) -> Result<Measured, String> {
    let mut measured = Measured::default();
    let is_wanted = |load: &&Load| request.loads.is_empty() || request.loads.iter().any(|wanted| wanted == load.name);
    // An unknown name is an error, not a stage that costs nothing.
    choose(request.stages)?;
    choose(request.slow)?;
    let loads: Vec<&Load> = LOADS.iter().filter(is_wanted).collect();
    for load in &loads {
        count_allocations(load, &load.stages(request.stages)?, &mut measured.figures)?;
    }
    let programs = Scratch::new("programs")?;
    if callgrind::is_available() {
        let this = programs.copy(&this_program()?)?;
        count_instructions(&loads, &this, request, &mut measured.figures)?;
    } else {
        measured.skipped.push("instructions: valgrind is not installed".to_owned());
    }
    match request.langloom {
        None => {}
        Some(Err(absent)) => measured.skipped.push(format!("whole processes: {absent}")),
        Some(Ok(langloom)) => count_processes(&langloom.at(programs.copy(langloom.path())?), &mut measured)?,
    }
    Ok(measured)
}

fn count_processes(langloom: &Langloom, measured: &mut Measured) -> Result<(), String> {
    let mut is_traced = true;
    for name in PROCESSES {
        let scratch = Scratch::new("process")?;
        let mut site = Site::new(scratch.path().join("site"), &SHAPES[0], PROCESS_LINES, Outputs::All)?;
        let Counts { calls, instructions } = modes::counts(Mode::named(name)?, &mut site, langloom)?;
        let workload = format!("generate, {name}");
        is_traced &= calls.is_some();
        for (call, count) in calls.into_iter().flatten() {
            measured.figures.add(&workload, &call, Kind::SystemCalls, count);
        }
        if let Some(instructions) = instructions {
            measured.figures.add(&workload, "all", Kind::Instructions, instructions);
        }
    }
    if !is_traced {
        measured.skipped.push("system calls: strace is not installed or not allowed".to_owned());
    }
    Ok(())
}

impl Load {
    /// Its stages, of those that are `wanted`.
    fn stages(&self, wanted: &[String]) -> Result<Vec<Stage>, String> {
        let all = choose(&self.stages.iter().map(|&stage| stage.to_owned()).collect::<Vec<_>>())?;
        Ok(all.into_iter().filter(|stage| wanted.is_empty() || wanted.iter().any(|name| name == stage.name)).collect())
    }

    /// What to run to count the instructions of a stage.
    fn probe(&self, stage: &Stage, slow: bool) -> Probe {
        let repeats = (LINES / self.lines).max(1);
        let extra = if slow { repeats / 20 } else { 0 };
        Probe { shape: self.shape.to_owned(), lines: self.lines, stage: stage.name.to_owned(), repeats: repeats + extra }
    }
}

fn count_allocations(load: &Load, stages: &[Stage], figures: &mut Figures) -> Result<(), String> {
    let shape = Shape::named(load.shape).ok_or_else(|| format!("there is no shape {}", load.shape))?;
    let workload = Workload::new(shape, load.lines);
    for stage in stages {
        stage.prepare(&workload);
        let (_, allocations) = counted(|| stage.run(&workload));
        figures.add(load.name, stage.name, Kind::Allocations, allocations.count);
        figures.add(load.name, stage.name, Kind::PeakHeap, allocations.peak);
    }
    Ok(())
}

/// Counts in as many processes at once as there are processors: the counts do not depend on each other.
fn count_instructions(loads: &[&Load], this: &Path, request: Request<'_>, figures: &mut Figures) -> Result<(), String> {
    let mut probes = Vec::new();
    for load in loads {
        let stages = load.stages(request.stages)?;
        probes.extend(
            stages.iter().map(|stage| (load.name, load.probe(stage, request.slow.iter().any(|slow| slow == stage.name)))),
        );
    }
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some((load, probe)) = probes.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let count = probe::instructions(this, probe);
                    results.lock().unwrap_or_else(PoisonError::into_inner).push((*load, &probe.stage, count));
                }
            });
        }
    });
    for (load, stage, count) in results.into_inner().unwrap_or_else(PoisonError::into_inner) {
        figures.add(load, stage, Kind::Instructions, count?);
    }
    Ok(())
}

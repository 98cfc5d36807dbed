//! What one run of the suite found out: plain data, written to `history` and read by the reports. Nothing else passes
//! between those who measure and those who report.

use serde::{Deserialize, Serialize};

use crate::gate::figures::Figures;
use crate::machine::Machine;

/// Figures of one commit on one machine.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Record {
    /// The abbreviated hash; with a `+` if files had been changed since.
    pub(crate) commit: String,
    /// When the commit was made: `2026-11-26 11:30`.
    pub(crate) date: String,
    /// The first line of its message.
    pub(crate) subject: String,
    pub(crate) machine: Machine,
    /// The name of the processor, and how many of them there were.
    pub(crate) processor: String,
    pub(crate) processors: usize,
    /// Whether files were written to memory, not to a disk.
    #[serde(default)]
    pub(crate) in_memory: bool,
    #[serde(default)]
    pub(crate) contests: Vec<Contest>,
    /// Everything that can be generated, from an ordinary grammar of 10,000 lines; the contests ask for three files.
    #[serde(default)]
    pub(crate) all_outputs: Option<Contest>,
    #[serde(default)]
    pub(crate) modes: Vec<ModesOf>,
    /// Modes that write files, on an ordinary grammar of 10,000 lines in a folder on a disk.
    #[serde(default)]
    pub(crate) on_disk: Option<ModesOf>,
    #[serde(default)]
    pub(crate) stages: Vec<StagesOf>,
    #[serde(default)]
    pub(crate) templates: Option<Templates>,
    #[serde(default)]
    pub(crate) pack: Option<PackRun>,
    /// The gate's figures.
    #[serde(default)]
    pub(crate) counts: Figures,
}

/// What is reported beside every list of figures: the grammars that they belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Grammars {
    pub(crate) shape: String,
    /// As they were asked for; a few more or less are there.
    pub(crate) lines: usize,
    pub(crate) projects: usize,
    pub(crate) bytes: u64,
}

/// Programs that took turns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Contest {
    #[serde(flatten)]
    pub(crate) grammars: Grammars,
    /// Bytes of what Langloom wrote.
    pub(crate) output_bytes: u64,
    pub(crate) langloom: Runs,
    /// langium-cli, where it took part.
    pub(crate) reference: Option<Runs>,
    pub(crate) floor: Runs,
    /// The files that Langloom did not write as the reference does.
    pub(crate) differing_files: Vec<String>,
}

/// The runs of one program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Runs {
    /// Seconds of all processors together: the shortest run, the one in the middle, and the shortest of each round.
    pub(crate) cpu: f64,
    pub(crate) cpu_median: f64,
    pub(crate) cpu_of_rounds: Vec<f64>,
    /// Seconds on the clock.
    pub(crate) wall: f64,
    pub(crate) wall_median: f64,
    /// Bytes; the most of all runs.
    pub(crate) peak_memory: u64,
}

impl Contest {
    /// How many times fewer CPU seconds Langloom takes than the reference: the best runs, and the lowest and the highest
    /// of a round.
    pub(crate) fn ratio(&self) -> Option<Ratio> {
        Ratio::of(&self.reference.as_ref()?.cpu_of_rounds, &self.langloom.cpu_of_rounds)
    }

    /// How many times the floor's CPU seconds Langloom takes.
    pub(crate) fn to_floor(&self) -> Option<Ratio> {
        Ratio::of(&self.langloom.cpu_of_rounds, &self.floor.cpu_of_rounds)
    }
}

/// How two programs compare.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ratio {
    pub(crate) best: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Ratio {
    /// Of the best runs, and of each round; nothing if there was none.
    fn of(more: &[f64], less: &[f64]) -> Option<Ratio> {
        let best = |values: &[f64]| values.iter().copied().reduce(f64::min);
        let best = best(more)? / best(less)?;
        let rounds = more.iter().zip(less).map(|(more, less)| more / less);
        let (low, high) = rounds.fold((best, best), |(low, high), ratio| (ratio.min(low), ratio.max(high)));
        Some(Ratio { best, low, high })
    }
}

/// The template engine beside handlebars.js: CPU seconds, the best of each round.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Templates {
    /// How many types the data has.
    pub(crate) types: usize,
    pub(crate) output_bytes: usize,
    pub(crate) compile: Vec<f64>,
    pub(crate) render: Vec<f64>,
    /// handlebars.js; none where it is not installed.
    pub(crate) their_compile: Vec<f64>,
    pub(crate) their_render: Vec<f64>,
    /// The same text written by Rust with `write!`.
    #[serde(default)]
    pub(crate) written: Vec<f64>,
    /// The same text pushed piece by piece by Rust. Older records call it plain.
    #[serde(default, alias = "plain")]
    pub(crate) pushed: Vec<f64>,
    /// A copy of the text.
    pub(crate) floor: Vec<f64>,
    /// Compiling a pack of so many lines.
    #[serde(default)]
    pub(crate) pack_lines: usize,
    #[serde(default)]
    pub(crate) pack_compile: Vec<f64>,
}

impl Templates {
    /// How many times fewer CPU seconds Langloom takes to compile than handlebars.js.
    pub(crate) fn compile_ratio(&self) -> Option<Ratio> {
        Ratio::of(&self.their_compile, &self.compile)
    }

    /// The same for rendering.
    pub(crate) fn render_ratio(&self) -> Option<Ratio> {
        Ratio::of(&self.their_render, &self.render)
    }

    /// Bytes that Langloom renders in a CPU second.
    pub(crate) fn rate(&self) -> Option<f64> {
        Some(self.output_bytes as f64 / self.render.iter().copied().reduce(f64::min)?)
    }

    /// CPU seconds of compiling a pack of 1,000 lines.
    pub(crate) fn pack_compile(&self) -> Option<f64> {
        self.pack_compile.iter().copied().reduce(f64::min)
    }

    /// How many times the CPU seconds of Rust with `write!` Langloom takes to render.
    pub(crate) fn to_written(&self) -> Option<Ratio> {
        Ratio::of(&self.render, &self.written)
    }

    /// How many times those of Rust that pushes piece by piece.
    pub(crate) fn to_pushed(&self) -> Option<Ratio> {
        Ratio::of(&self.render, &self.pushed)
    }
}

/// A pack of many templates, generated from nothing together with Langium's own outputs.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct PackRun {
    pub(crate) lines: usize,
    pub(crate) templates: usize,
    /// What the pack wrote.
    pub(crate) output_bytes: u64,
    /// Seconds: of all processors together, and on the clock; of the whole process.
    pub(crate) cpu: f64,
    pub(crate) cpu_median: f64,
    /// The same without the pack.
    pub(crate) cpu_without: f64,
    pub(crate) wall: f64,
}

/// Ways to run Langloom on the same grammars.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct ModesOf {
    #[serde(flatten)]
    pub(crate) grammars: Grammars,
    pub(crate) modes: Vec<Mode>,
    /// The modes that Langloom knows and that were not possible, such as a memory limit that is too low.
    #[serde(default)]
    pub(crate) impossible: Vec<String>,
}

/// What one way costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Mode {
    pub(crate) mode: String,
    /// Seconds: of all processors together, and on the clock.
    pub(crate) cpu: f64,
    pub(crate) cpu_median: f64,
    /// What the kernel took of `cpu`.
    #[serde(default)]
    pub(crate) system: Option<f64>,
    pub(crate) wall: f64,
    pub(crate) wall_median: f64,
    /// All but one run in a hundred took less; only where there were enough of them.
    #[serde(default)]
    pub(crate) wall_p99: Option<f64>,
    /// Bytes.
    pub(crate) peak_memory: u64,
    /// Bytes that passed through system calls, where the system tells.
    pub(crate) read: Option<u64>,
    pub(crate) written: Option<u64>,
    /// Outputs that were written, and that were found to be as they should be.
    pub(crate) outputs_written: Option<u64>,
    pub(crate) outputs_kept: Option<u64>,
    /// What was looked for in caches and what was found, as Langloom reports it.
    #[serde(default)]
    pub(crate) cache_hits: Option<u64>,
    #[serde(default)]
    pub(crate) cache_lookups: Option<u64>,
    /// Seconds on the clock from reading grammars to finding types: what only computes, and is spread over threads.
    #[serde(default)]
    pub(crate) compiling: Option<f64>,
    /// The same of each round; older records have none.
    #[serde(default)]
    pub(crate) compiling_of_rounds: Vec<f64>,
    /// Counted apart, with one thread.
    pub(crate) system_calls: Option<u64>,
    pub(crate) instructions: Option<u64>,
}

/// The stages of the compiler on the same grammars.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct StagesOf {
    #[serde(flatten)]
    pub(crate) grammars: Grammars,
    pub(crate) files: usize,
    pub(crate) stages: Vec<Stage>,
    pub(crate) tree: Trees,
}

/// What a stage costs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Stage {
    pub(crate) stage: String,
    /// Whether it is a part of other stages, so that a run of the compiler does not do it twice.
    pub(crate) is_part: bool,
    /// Seconds: of this thread, and on the clock.
    pub(crate) cpu: f64,
    pub(crate) wall: f64,
    pub(crate) input_bytes: usize,
    pub(crate) output_bytes: usize,
    pub(crate) allocations: u64,
    pub(crate) allocated_bytes: u64,
    /// Bytes on the heap, beyond what was there before.
    pub(crate) peak_heap: u64,
}

/// What the trees of all grammars take.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Trees {
    pub(crate) nodes: usize,
    pub(crate) declarations: usize,
    pub(crate) bytes: usize,
    pub(crate) name_bytes: usize,
}

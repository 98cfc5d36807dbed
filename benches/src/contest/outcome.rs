//! What a contest showed, for people and for tools.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};

use super::Contest;
use crate::disk;
use crate::grammars::Outputs;
use crate::measure::child::Usage;
use crate::table::{Table, bytes, count, seconds, three_digits};

/// The runs of one program.
#[derive(Debug, Default)]
pub(super) struct Runs {
    cpu: Vec<Duration>,
    wall: Vec<Duration>,
    peak_memory: u64,
    /// The shortest CPU time of each round.
    rounds: Vec<Duration>,
    in_round: usize,
}

impl Runs {
    pub(super) fn add(&mut self, usage: &Usage) {
        self.cpu.push(usage.cpu);
        self.wall.push(usage.wall);
        self.peak_memory = self.peak_memory.max(usage.peak_memory);
        self.in_round += 1;
    }

    pub(super) fn end_round(&mut self) {
        let start = self.cpu.len() - self.in_round;
        self.rounds.extend(self.cpu[start..].iter().min());
        self.in_round = 0;
    }

    fn is_empty(&self) -> bool {
        self.cpu.is_empty()
    }

    fn best_cpu(&self) -> f64 {
        best(&self.cpu)
    }

    fn to_json(&self) -> Value {
        json!({
            "cpu_s": best(&self.cpu),
            "cpu_median_s": median(&self.cpu),
            "wall_s": best(&self.wall),
            "wall_median_s": median(&self.wall),
            "peak_memory_bytes": self.peak_memory,
        })
    }
}

fn best(durations: &[Duration]) -> f64 {
    durations.iter().min().map_or(0.0, Duration::as_secs_f64)
}

fn median(durations: &[Duration]) -> f64 {
    let mut sorted = durations.to_vec();
    sorted.sort();
    sorted.get(sorted.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

/// How it went.
#[derive(Debug)]
pub(crate) struct Outcome {
    shape: &'static str,
    asked_lines: usize,
    projects: usize,
    input_bytes: u64,
    output_bytes: u64,
    pub(super) langloom: Runs,
    pub(super) reference: Runs,
    pub(super) floor: Runs,
    /// The files that Langloom did not write as the reference does.
    pub(super) differing: Vec<String>,
}

impl Outcome {
    pub(super) fn new(contest: &Contest<'_>) -> Outcome {
        Outcome {
            shape: contest.shape.name,
            asked_lines: contest.lines,
            projects: 0,
            input_bytes: 0,
            output_bytes: 0,
            langloom: Runs::default(),
            reference: Runs::default(),
            floor: Runs::default(),
            differing: Vec::new(),
        }
    }

    pub(super) fn measure_files(&mut self, folder: &Path, projects: &[PathBuf]) -> Result<(), String> {
        let size = |folder: &Path| -> Result<u64, String> {
            let sizes = disk::files(folder)?.into_iter().map(|path| path.metadata().map_or(0, |data| data.len()));
            Ok(sizes.sum())
        };
        self.projects = projects.len();
        for project in projects {
            let project = folder.join(project);
            self.input_bytes += size(&project)?;
            for outputs in Outputs::FOLDERS {
                self.output_bytes += size(&project.join(outputs))?;
            }
        }
        Ok(())
    }

    /// How many times fewer CPU seconds Langloom takes than the reference: in all, and in each round, ascending.
    fn ratios(&self) -> Option<(f64, Vec<f64>)> {
        if self.reference.is_empty() {
            return None;
        }
        let rounds = self.reference.rounds.iter().zip(&self.langloom.rounds);
        let mut ratios: Vec<f64> = rounds.map(|(theirs, ours)| theirs.as_secs_f64() / ours.as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        Some((self.reference.best_cpu() / self.langloom.best_cpu(), ratios))
    }

    /// For other tools.
    pub(crate) fn to_json(&self) -> Value {
        let ratios = self.ratios();
        json!({
            "shape": self.shape,
            "lines": self.asked_lines,
            "projects": self.projects,
            "input_bytes": self.input_bytes,
            "output_bytes": self.output_bytes,
            "langloom": self.langloom.to_json(),
            "reference": if self.reference.is_empty() { Value::Null } else { self.reference.to_json() },
            "floor": self.floor.to_json(),
            "ratio": ratios.as_ref().map(|(ratio, _)| ratio),
            "ratio_of_rounds": ratios.map(|(_, rounds)| rounds),
            "differing_files": self.differing,
        })
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (input, output) = (bytes(self.input_bytes), bytes(self.output_bytes));
        write!(formatter, "{}, {} lines", self.shape, count(self.asked_lines as u64))?;
        if self.projects > 1 {
            write!(formatter, " in {} projects", self.projects)?;
        }
        writeln!(formatter, ": {input} in, {output} out")?;
        let mut table = Table::new(&["", "cpu min", "cpu median", "wall min", "wall median", "peak memory"]);
        for (name, runs) in [("Langloom", &self.langloom), ("langium-cli", &self.reference), ("floor", &self.floor)] {
            if !runs.is_empty() {
                let times = [best(&runs.cpu), median(&runs.cpu), best(&runs.wall), median(&runs.wall)];
                let cells = times.map(seconds).into_iter().chain([bytes(runs.peak_memory)]);
                table.row(std::iter::once(name.to_owned()).chain(cells));
            }
        }
        write!(formatter, "{table}")?;
        if let Some((ratio, rounds)) = self.ratios() {
            let [low, high] = [rounds.first(), rounds.last()].map(|ratio| three_digits(ratio.copied().unwrap_or(0.0)));
            let memory = self.reference.peak_memory as f64 / self.langloom.peak_memory as f64;
            writeln!(
                formatter,
                "{} times fewer CPU seconds than langium-cli (rounds: {}, from {low} to {high}), {} times less memory",
                three_digits(ratio),
                rounds.len(),
                three_digits(memory),
            )?;
            match &self.differing[..] {
                [] => writeln!(formatter, "the files are the same, byte for byte")?,
                files => writeln!(formatter, "DIFFERENT FILES: {}", files.join(", "))?,
            }
        }
        writeln!(formatter, "{} times the floor", three_digits(self.langloom.best_cpu() / self.floor.best_cpu()))
    }
}

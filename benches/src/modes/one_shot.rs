//! Processes that run once and end.

use std::fs::{self, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::{Calls, Mode, Start};
use crate::disk;
use crate::measure::child::Usage;
use crate::measure::{callgrind, median, strace};
use crate::programs::Langloom;
use crate::record;
use crate::site::Site;

/// How long a file has to be old before Langloom trusts its time: times of file systems are coarse.
const SETTLE: Duration = Duration::from_millis(50);

/// Reports are read in so many rounds: writing them takes time.
const REPORTS: usize = 11;

/// What the rounds of a mode found out up to now.
#[derive(Debug, Default)]
pub(super) struct Rounds {
    runs: Vec<Usage>,
    /// How many outputs the last run wrote, and how many were as they should be.
    fates: Option<(u64, u64)>,
    told: Option<Told>,
    /// Seconds, of each report.
    compiling: Vec<f64>,
}

impl Rounds {
    /// Runs the mode once more. What Langloom says goes to `log`.
    pub(super) fn add(&mut self, mode: &Mode, site: &mut Site, langloom: &Langloom, log: &Path) -> Result<(), String> {
        prepare(mode, site, langloom, self.runs.is_empty())?;
        let _ = fs::remove_file(log);
        self.runs.push(mode.run(site, |configs| logged(langloom.generate_all(configs, mode.arguments), log))?);
        self.fates = fates_in(&fs::read_to_string(log).unwrap_or_default());
        if self.runs.len() <= REPORTS && langloom.knows(&["--report"]) {
            prepare(mode, site, langloom, false)?;
            let told = told(mode, site, langloom, log)?;
            self.compiling.push(told.compiling);
            self.told = Some(told);
        }
        Ok(())
    }

    /// What it came to; `counts` are exact figures, if they were asked for.
    pub(super) fn figures(&self, mode: &Mode, counts: &Counts) -> record::Mode {
        let Rounds { runs, fates, told, compiling } = self;
        let cpu: Vec<f64> = runs.iter().map(|usage| usage.cpu.as_secs_f64()).collect();
        let wall: Vec<f64> = runs.iter().map(|usage| usage.wall.as_secs_f64()).collect();
        let last = runs.last().copied().unwrap_or_default();
        // Which part of a process ran in the kernel is sampled a few hundred times a second, so all rounds together tell.
        let mut sum = Usage::default();
        runs.iter().for_each(|usage| sum += *usage);
        let share = sum.system.as_secs_f64() / sum.cpu.as_secs_f64().max(f64::MIN_POSITIVE);
        let least = cpu.iter().copied().fold(f64::MAX, f64::min);
        record::Mode {
            mode: mode.name.to_owned(),
            cpu: least,
            system: Some(least * share),
            cpu_median: median(&cpu),
            wall: wall.iter().copied().fold(f64::MAX, f64::min),
            wall_median: median(&wall),
            wall_p99: None,
            peak_memory: runs.iter().map(|usage: &Usage| usage.peak_memory).max().unwrap_or(0),
            read: last.traffic.map(|traffic| traffic.read),
            written: last.traffic.map(|traffic| traffic.written),
            outputs_written: fates.map(|(written, _)| written),
            outputs_kept: fates.map(|(_, kept)| kept),
            cache_hits: told.map(|told| told.cache_hits),
            cache_lookups: told.map(|told| told.cache_lookups),
            compiling: compiling.iter().copied().reduce(f64::min),
            compiling_of_rounds: compiling.clone(),
            system_calls: counts.calls.as_ref().map(|calls| calls.iter().map(|(_, count)| count).sum()),
            instructions: counts.instructions,
        }
    }
}

/// Brings the site to where the mode starts. After the first time, it is where the last run left it.
fn prepare(mode: &Mode, site: &mut Site, langloom: &Langloom, is_first: bool) -> Result<(), String> {
    let run = |site: &Site| mode.run(site, |configs| quiet(langloom.generate_all(configs, mode.arguments))).map(drop);
    if mode.start == Start::Nothing || is_first {
        site.clear()?;
    }
    if mode.start != Start::Nothing && is_first {
        run(site)?;
        // What was written a moment ago is read once more: the next run but one is like all later ones.
        std::thread::sleep(SETTLE);
        run(site)?;
    }
    if let Start::Edited(edit) = mode.start {
        site.edit(edit)?;
    }
    Ok(())
}

fn quiet(mut command: Command) -> Command {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn logged(mut command: Command, log: &Path) -> Command {
    match OpenOptions::new().create(true).append(true).open(log) {
        Ok(file) => command.stdout(file),
        Err(_) => command.stdout(Stdio::null()),
    };
    command.stderr(Stdio::null());
    command
}

/// How many outputs were written and how many were as they should be, as Langloom told it of each project:
/// `(3 written, 0 unchanged)`.
fn fates_in(text: &str) -> Option<(u64, u64)> {
    let fates = text.lines().filter_map(|line| {
        let number = |word: &str| line.split_once(word)?.0.rsplit([' ', '(']).next()?.parse::<u64>().ok();
        Some((number(" written")?, number(" unchanged")?))
    });
    fates.reduce(|one, other| (one.0 + other.0, one.1 + other.1))
}

/// What Langloom reports of a run.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
struct Told {
    cache_hits: u64,
    cache_lookups: u64,
    #[serde(skip)]
    compiling: f64,
}

/// Reads the report of one more run like this one, since writing one takes time; all projects together.
fn told(mode: &Mode, site: &Site, langloom: &Langloom, log: &Path) -> Result<Told, String> {
    let path = log.with_extension("json");
    let path_argument = path.to_str().ok_or("the folder for temporary files is not Unicode")?;
    let arguments = [mode.arguments, &["--report", path_argument]].concat();
    let mut sum = Told::default();
    let mut failed = None;
    let mut add = || match report(&path) {
        Ok(told) => {
            sum.cache_hits += told.cache_hits;
            sum.cache_lookups += told.cache_lookups;
            sum.compiling += told.compiling;
        }
        Err(error) => failed = Some(error),
    };
    let mut is_first = true;
    mode.run(site, |configs| {
        // The report of the one before: what runs has ended when the next one begins.
        if !std::mem::take(&mut is_first) {
            add();
        }
        quiet(langloom.generate_all(configs, &arguments))
    })?;
    add();
    failed.map_or(Ok(sum), Err)
}

fn report(path: &Path) -> Result<Told, String> {
    /// The phases that only compute.
    const COMPILING: &[&str] = &["load", "check", "resolve", "infer"];
    let report: Value = serde_json::from_str(&disk::read(path)?).map_err(|error| format!("{}: {error}", path.display()))?;
    let told: Told = serde_json::from_value(report.clone()).map_err(|error| format!("{}: {error}", path.display()))?;
    let phases = report["phases"].as_array().into_iter().flatten();
    let phases = phases.filter(|phase| phase["name"].as_str().is_some_and(|name| COMPILING.contains(&name)));
    let compiling = phases.filter_map(|phase| phase["time_ms"].as_f64()).sum::<f64>() / 1e3;
    Ok(Told { compiling, ..told })
}

/// Exact figures of a mode.
#[derive(Debug, Default)]
pub(crate) struct Counts {
    /// System calls on files, by name; nothing without strace.
    pub(crate) calls: Option<Vec<(String, u64)>>,
    /// Nothing without valgrind.
    pub(crate) instructions: Option<u64>,
}

/// Counts what one more run like this one does, with one thread and without progress, which depend on the machine.
pub(crate) fn counts(mode: &Mode, site: &mut Site, langloom: &Langloom) -> Result<Counts, String> {
    let mut arguments = mode.arguments.to_vec();
    for fixed in [&["--jobs", "1"][..], &["--progress", "never"]] {
        if langloom.knows(fixed) && !arguments.contains(&fixed[0]) {
            arguments.extend(fixed);
        }
    }
    let mut counts = Counts::default();
    prepare(mode, site, langloom, true)?;
    for command in commands(mode, site, langloom, &arguments) {
        let Some(calls) = strace::file_calls(&command)? else { break };
        let sum = counts.calls.get_or_insert_default();
        for (name, count) in calls {
            match sum.iter_mut().find(|(known, _)| *known == name) {
                Some((_, sum)) => *sum += count,
                None => sum.push((name, count)),
            }
        }
    }
    if callgrind::is_available() {
        prepare(mode, site, langloom, true)?;
        let commands = commands(mode, site, langloom, &arguments).into_iter();
        counts.instructions = Some(commands.map(|command| callgrind::instructions(&command, None)).sum::<Result<u64, _>>()?);
    }
    Ok(counts)
}

fn commands(mode: &Mode, site: &Site, langloom: &Langloom, arguments: &[&str]) -> Vec<Command> {
    let configs: Vec<PathBuf> = site.folders().map(|folder| folder.join("langium-config.json")).collect();
    match mode.calls {
        Calls::Each => configs.iter().map(|config| langloom.generate(config, arguments)).collect(),
        Calls::One => vec![langloom.generate_all(&configs, arguments)],
    }
}

#[cfg(test)]
mod tests {
    use super::fates_in;

    #[test]
    fn fates_of_all_projects_are_added_up() {
        let text =
            "Writing\nfinished in 0.5 ms (3 written, 1 unchanged)\nfinished in 2 ms (10 written, 2 unchanged, 1 deleted)\n";
        assert_eq!(fates_in(text), Some((13, 3)));
        assert_eq!(fates_in("Writing generated files\n"), None);
    }
}

//! Processes that run once and end.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Mode, Start};
use crate::measure::child::Usage;
use crate::measure::{callgrind, median, strace};
use crate::programs::Langloom;
use crate::record;
use crate::site::Site;

/// How long a file has to be old before Langloom trusts its time: times of file systems are coarse.
const SETTLE: Duration = Duration::from_millis(50);

/// Measures a mode. What Langloom says goes to `log`.
pub(super) fn measure(
    mode: &Mode,
    site: &mut Site,
    langloom: &Langloom,
    rounds: usize,
    is_exact: bool,
    log: &Path,
) -> Result<record::Mode, String> {
    let mut runs = Vec::new();
    let mut fates = None;
    for round in 0..rounds {
        prepare(mode, site, langloom, round == 0)?;
        let _ = fs::remove_file(log);
        runs.push(site.run(|config| logged(langloom.generate(config, mode.arguments), log))?);
        fates = told(&fs::read_to_string(log).unwrap_or_default());
    }
    let counts = if is_exact { counts(mode, site, langloom)? } else { Counts::default() };
    let cpu: Vec<f64> = runs.iter().map(|usage| usage.cpu.as_secs_f64()).collect();
    let wall: Vec<f64> = runs.iter().map(|usage| usage.wall.as_secs_f64()).collect();
    let last = runs.last().copied().unwrap_or_default();
    Ok(record::Mode {
        mode: mode.name.to_owned(),
        cpu: cpu.iter().copied().fold(f64::MAX, f64::min),
        cpu_median: median(&cpu),
        wall: wall.iter().copied().fold(f64::MAX, f64::min),
        wall_median: median(&wall),
        peak_memory: runs.iter().map(|usage: &Usage| usage.peak_memory).max().unwrap_or(0),
        read: last.traffic.map(|traffic| traffic.read),
        written: last.traffic.map(|traffic| traffic.written),
        outputs_written: fates.map(|(written, _)| written),
        outputs_kept: fates.map(|(_, kept)| kept),
        system_calls: counts.calls.map(|calls| calls.iter().map(|(_, count)| count).sum()),
        instructions: counts.instructions,
    })
}

/// Brings the site to where the mode starts. After the first time, it is where the last run left it.
fn prepare(mode: &Mode, site: &mut Site, langloom: &Langloom, is_first: bool) -> Result<(), String> {
    let run = |site: &Site| site.run(|config| quiet(langloom.generate(config, mode.arguments))).map(drop);
    if mode.start == Start::Nothing || is_first {
        site.clear()?;
    }
    if mode.start != Start::Nothing && is_first {
        run(site)?;
        // What was written a moment ago is read once more: the next run but one is like all later ones.
        std::thread::sleep(SETTLE);
        run(site)?;
    }
    if mode.start == Start::Edited {
        site.edit()?;
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
fn told(text: &str) -> Option<(u64, u64)> {
    let fates = text.lines().filter_map(|line| {
        let number = |word: &str| line.split_once(word)?.0.rsplit([' ', '(']).next()?.parse::<u64>().ok();
        Some((number(" written")?, number(" unchanged")?))
    });
    fates.reduce(|one, other| (one.0 + other.0, one.1 + other.1))
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
    for folder in site.folders() {
        let command = langloom.generate(&folder.join("langium-config.json"), &arguments);
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
        let folders: Vec<_> = site.folders().collect();
        let commands = folders.iter().map(|folder| langloom.generate(&folder.join("langium-config.json"), &arguments));
        counts.instructions = Some(commands.map(|command| callgrind::instructions(&command, None)).sum::<Result<u64, _>>()?);
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use super::told;

    #[test]
    fn fates_of_all_projects_are_added_up() {
        let text =
            "Writing\nfinished in 0.5 ms (3 written, 1 unchanged)\nfinished in 2 ms (10 written, 2 unchanged, 1 deleted)\n";
        assert_eq!(told(text), Some((13, 3)));
        assert_eq!(told("Writing generated files\n"), None);
    }
}

//! Programs that take turns on copies of the same project, so that what disturbs the machine disturbs them alike.

mod outcome;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk::{self, Scratch};
use crate::grammars::{Outputs, Shape};
use crate::measure::child::{self, Usage};
pub(crate) use outcome::Outcome;

/// Who runs on what.
pub(crate) struct Contest<'a> {
    pub(crate) shape: &'static Shape,
    pub(crate) lines: usize,
    pub(crate) outputs: Outputs,
    pub(crate) rounds: usize,
    pub(crate) langloom: &'a Path,
    /// Its interpreter and its script.
    pub(crate) reference: Option<&'a [PathBuf; 2]>,
}

/// Langloom and the floor run so often in a round: they are short, and the best of a few is steady.
const TURNS: usize = 5;

/// Holds the contest: in every round Langloom, then langium-cli, then the floor.
pub(crate) fn hold(contest: &Contest<'_>) -> Result<Outcome, String> {
    let scratch = Scratch::new(&format!("{}-{}", contest.shape.name, contest.lines))?;
    let folder = |name: &str| scratch.path().join(name);
    let (ours, theirs, copies) = (folder("langloom"), folder("reference"), folder("floor"));
    let projects = write_grammars(contest, &ours)?;
    write_grammars(contest, &theirs)?;
    let mut outcome = Outcome::new(contest);
    for _ in 0..contest.rounds {
        for _ in 0..TURNS {
            let mut command = |project: &Path| generate(contest.langloom, &[], &ours.join(project));
            outcome.langloom.add(&turn(&ours, &projects, &mut command)?);
        }
        if let Some([node, script]) = contest.reference {
            let mut command = |project: &Path| generate(node, &[script], &theirs.join(project));
            outcome.reference.add(&turn(&theirs, &projects, &mut command)?);
        }
        for _ in 0..TURNS {
            let mut command = |project: &Path| floor(&ours.join(project), &copies.join(project));
            outcome.floor.add(&turn(&copies, &projects, &mut command)?);
        }
        outcome.langloom.end_round();
        outcome.reference.end_round();
        outcome.floor.end_round();
    }
    outcome.measure_files(&ours, &projects)?;
    if contest.reference.is_some() {
        outcome.differing = differing(&ours, &theirs, &projects)?;
    }
    Ok(outcome)
}

/// Writes the grammars to `folder` in another process, since this one has to stay small. Returns the project folders.
fn write_grammars(contest: &Contest<'_>, folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut command = this_program()?;
    command.args(["grammars", "--shape", contest.shape.name, "--lines", &contest.lines.to_string()]);
    command.args(["--outputs", contest.outputs.name(), "--out"]).arg(folder);
    child::run(command.stdout(Stdio::null()))?;
    if folder.join("langium-config.json").exists() {
        return Ok(vec![PathBuf::new()]);
    }
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut projects: Vec<PathBuf> = entries.filter_map(|entry| Some(PathBuf::from(entry.ok()?.file_name()))).collect();
    projects.sort();
    Ok(projects)
}

fn this_program() -> Result<Command, String> {
    std::env::current_exe().map(Command::new).map_err(|error| format!("cannot find this program: {error}"))
}

fn generate(program: &Path, arguments: &[&PathBuf], project: &Path) -> Result<Command, String> {
    let mut command = Command::new(program);
    command.args(arguments).args(["generate", "-f"]).arg(project.join("langium-config.json"));
    Ok(command)
}

fn floor(from: &Path, to: &Path) -> Result<Command, String> {
    let mut command = this_program()?;
    command.arg("floor").args([from, to]);
    Ok(command)
}

/// Runs `command` on each project below `folder`, from nothing. Returns what all runs used together.
fn turn(folder: &Path, projects: &[PathBuf], command: &mut dyn FnMut(&Path) -> Result<Command, String>) -> Result<Usage, String> {
    let mut sum = Usage::default();
    for project in projects {
        for generated in Outputs::FOLDERS.iter().map(|name| folder.join(project).join(name)).filter(|path| path.exists()) {
            std::fs::remove_dir_all(&generated).map_err(|error| format!("{}: {error}", generated.display()))?;
        }
        let mut command = command(project)?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env("LC_ALL", "en_US.UTF-8");
        let usage = child::run(&mut command).map_err(|error| format!("{error}: {command:?}"))?;
        sum.wall += usage.wall;
        sum.cpu += usage.cpu;
        sum.peak_memory = sum.peak_memory.max(usage.peak_memory);
    }
    Ok(sum)
}

/// The files that are not the same in both folders.
fn differing(ours: &Path, theirs: &Path, projects: &[PathBuf]) -> Result<Vec<String>, String> {
    let mut differing = Vec::new();
    for folder in projects.iter().flat_map(|project| Outputs::FOLDERS.iter().map(|folder| project.join(folder))) {
        let files = disk::files(&ours.join(&folder))?.into_iter().chain(disk::files(&theirs.join(&folder))?);
        let names: BTreeSet<PathBuf> = files.filter_map(|path| path.file_name().map(PathBuf::from)).collect();
        for path in names.iter().map(|name| folder.join(name)) {
            if !is_same(&ours.join(&path), &theirs.join(&path)).unwrap_or(false) {
                differing.push(path.display().to_string());
            }
        }
    }
    Ok(differing)
}

/// Compares two files piece by piece: whoever measures has to stay small.
fn is_same(a: &Path, b: &Path) -> std::io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut left, mut right) = ([0; 16 * 1024], [0; 16 * 1024]);
    loop {
        let count = a.read(&mut left)?;
        b.read_exact(&mut right[..count])?;
        if count == 0 || left[..count] != right[..count] {
            return Ok(count == 0);
        }
    }
}

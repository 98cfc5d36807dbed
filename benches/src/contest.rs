//! Programs that take turns on copies of the same project, so that what disturbs the machine disturbs them alike.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk::Scratch;
use crate::grammars::{Outputs, Shape};
use crate::measure::child::Usage;
use crate::measure::median;
use crate::programs::Langloom;
use crate::record::{Contest, Runs};
use crate::site::{Site, this_program};

/// Who runs on what.
pub(crate) struct Rules<'a> {
    pub(crate) shape: &'static Shape,
    pub(crate) lines: usize,
    pub(crate) outputs: Outputs,
    pub(crate) rounds: usize,
    pub(crate) langloom: &'a Langloom,
    /// Its interpreter and its script.
    pub(crate) reference: Option<&'a [PathBuf; 2]>,
}

/// Langloom and the floor run so often in a round: they are short, and the best of a few is steady.
const TURNS: usize = 5;

/// Holds the contest: in every round Langloom, then langium-cli, then the floor, each time from nothing.
pub(crate) fn hold(rules: &Rules<'_>) -> Result<Contest, String> {
    let Rules { shape, lines, outputs, .. } = *rules;
    let scratch = Scratch::new(&format!("contest-{}-{lines}", shape.name))?;
    let folder = |name: &str| scratch.path().join(name);
    let ours = Site::new(folder("langloom"), shape, lines, outputs)?;
    let theirs = Site::new(folder("reference"), shape, lines, outputs)?;
    let copies = Site::new(folder("floor"), shape, lines, outputs)?;
    let (mut langloom, mut reference, mut floor) = (Times::default(), Times::default(), Times::default());
    for _ in 0..rules.rounds {
        let round = (0..TURNS).map(|_| turn(&ours, |config| rules.langloom.generate(config, &[])));
        langloom.add(round.collect::<Result<_, _>>()?);
        if let Some([node, script]) = rules.reference {
            reference.add(vec![turn(&theirs, |config| {
                let mut command = Command::new(node);
                command.arg(script).args(["generate", "-f"]).arg(config);
                command
            })?]);
        }
        let this = this_program()?;
        let round = (0..TURNS).map(|_| {
            let mut projects = ours.folders().zip(copies.folders());
            turn(&copies, |_| {
                let mut command = Command::new(&this);
                command.arg("floor").args(projects.next().into_iter().flat_map(|(from, to)| [from, to]));
                command
            })
        });
        floor.add(round.collect::<Result<_, _>>()?);
    }
    Ok(Contest {
        grammars: ours.grammars(shape, lines)?,
        output_bytes: ours.output_bytes()?,
        langloom: langloom.runs(),
        reference: rules.reference.map(|_| reference.runs()),
        floor: floor.runs(),
        differing_files: if rules.reference.is_some() { differing(&ours, &theirs)? } else { Vec::new() },
    })
}

/// One run on each project, from nothing.
fn turn(site: &Site, mut command: impl FnMut(&Path) -> Command) -> Result<Usage, String> {
    site.clear()?;
    site.run(|config| {
        let mut command = command(config);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    })
}

/// What a program's runs took, by rounds.
#[derive(Debug, Default)]
struct Times(Vec<Vec<Usage>>);

impl Times {
    fn add(&mut self, round: Vec<Usage>) {
        self.0.push(round);
    }

    fn runs(&self) -> Runs {
        let seconds = |time: fn(&Usage) -> std::time::Duration| -> Vec<f64> {
            self.0.iter().flatten().map(|usage| time(usage).as_secs_f64()).collect()
        };
        let best = |seconds: &[f64]| seconds.iter().copied().fold(f64::MAX, f64::min);
        let (cpu, wall) = (seconds(|usage| usage.cpu), seconds(|usage| usage.wall));
        let rounds = self.0.iter().map(|round| best(&round.iter().map(|usage| usage.cpu.as_secs_f64()).collect::<Vec<_>>()));
        Runs {
            cpu: best(&cpu),
            cpu_median: median(&cpu),
            cpu_of_rounds: rounds.collect(),
            wall: best(&wall),
            wall_median: median(&wall),
            peak_memory: self.0.iter().flatten().map(|usage| usage.peak_memory).max().unwrap_or(0),
        }
    }
}

/// The outputs that are not the same in both sites.
fn differing(ours: &Site, theirs: &Site) -> Result<Vec<String>, String> {
    let below = |site: &Site| -> Result<BTreeSet<PathBuf>, String> {
        let outputs = site.outputs()?;
        Ok(outputs.iter().filter_map(|path| path.strip_prefix(site.root()).ok().map(Path::to_owned)).collect())
    };
    let paths: BTreeSet<PathBuf> = below(ours)?.union(&below(theirs)?).cloned().collect();
    let is_different = |path: &&PathBuf| !is_same(&ours.root().join(path), &theirs.root().join(path)).unwrap_or(false);
    Ok(paths.iter().filter(is_different).map(|path| path.display().to_string()).collect())
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

//! `langloom-bench suite`

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use super::{compare, modes, packs, stages, templates};
use crate::contest::{self, Rules};
use crate::disk::Scratch;
use crate::gate::{self, Request};
use crate::grammars::{Outputs, SHAPES, Shape};
use crate::machine::{self, Machine};
use crate::modes::{MODES, Mode};
use crate::programs::{self, Langloom};
use crate::record::Record;
use crate::report::goals::{GOALS, THOUSAND_LANGUAGES};
use crate::stages::choose;
use crate::table::Table;
use crate::{disk, report};

/// Measure everything and write a record: contests, modes, stages and the gate's figures
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Leave out what takes minutes: langium-cli beyond 500 lines, a million lines
    #[arg(long)]
    quick: bool,

    /// The folder of records; the record is called after the commit
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/history"))]
    history: PathBuf,

    /// Langloom's program: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,
}

/// Shapes and sizes that modes are measured on, and in which modes; none stands for all.
const MODE_GRAMMARS: &[(&str, usize, &[&str])] = &[
    ("rules", 35, &[]),
    ("rules", 1_000, &[]),
    ("rules", 10_000, &[]),
    ("rules", 100_000, &[]),
    ("rules", MILLION, &["jobs-1", "jobs-2", "limit-300M"]),
    ("imports", 10_000, &[]),
    ("small", 1_000, &[]),
    ("small", THOUSAND_LANGUAGES, &["cold", "no-op", "one-call", "one-call-no-op"]),
    ("languages", THOUSAND_LANGUAGES, &["cold", "no-op"]),
];

/// Modes that are measured on a disk, too.
const ON_DISK: &[&str] = &["cold", "edit", "edit-type", "watch", "watch-type"];

const MILLION: usize = 1_000_000;

/// Sizes of ordinary grammars that stages are measured on; all other shapes have 10,000 lines.
const STAGE_SIZES: &[usize] = &[35, 1_000, 10_000, 100_000, MILLION];

/// Types that templates are rendered for: a grammar of 14,000 lines has so many.
const TEMPLATE_TYPES: usize = 2_000;

/// How long each stage is repeated.
const BUDGET: Duration = Duration::from_millis(250);

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let langloom = Langloom::find(args.langloom.as_deref())?;
    let (processor, processors) = machine::processor();
    let [commit, date, subject] = commit()?;
    let mut record = Record {
        commit,
        date,
        subject,
        machine: Machine::here(),
        processor,
        processors,
        in_memory: disk::is_in_memory(),
        contests: Vec::new(),
        all_outputs: None,
        modes: Vec::new(),
        on_disk: None,
        stages: Vec::new(),
        templates: None,
        pack: None,
        counts: gate::figures::Figures::default(),
    };
    let path = args.history.join(report::file_name(&record));
    // After each part, so that nobody who has to interrupt it loses everything.
    measure_processes(args, &langloom, &mut record)?;
    disk::write_json(&path, &record)?;
    measure_stages(args, &mut record)?;
    let figures = templates::measure(TEMPLATE_TYPES, if args.quick { 1 } else { 3 })?;
    templates::print(&figures);
    record.templates = Some(figures);
    disk::write_json(&path, &record)?;
    let known = Ok(langloom);
    let measured = gate::measure(Request { loads: &[], stages: &[], slow: &[], langloom: Some(known.as_ref()) })?;
    measured.skipped.iter().for_each(|skipped| println!("SKIPPED {skipped}"));
    record.counts = measured.figures;
    disk::write_json(&path, &record)?;

    print_goals(&record);
    println!("\nwritten to {}; langloom-bench report shows it", path.display());
    Ok(ExitCode::SUCCESS)
}

/// What runs as a process of its own, first: while this one is small.
fn measure_processes(args: &Args, langloom: &Langloom, record: &mut Record) -> Result<(), String> {
    let reference = programs::reference();
    if reference.is_none() {
        println!("langium-cli is not installed, so Langloom runs alone (npm ci --prefix conformance)\n");
    }
    let reference_up_to = if args.quick { 500 } else { 10_000 };
    let largest = if args.quick { 100_000 } else { MILLION };
    let ordinary = &SHAPES[0];
    for &lines in compare::SIZES.iter().filter(|lines| **lines <= largest) {
        let contest = contest::hold(&Rules {
            shape: ordinary,
            lines,
            outputs: Outputs::Core,
            rounds: compare::rounds(lines),
            langloom,
            reference: reference.as_ref().filter(|_| lines <= reference_up_to),
        })?;
        compare::print(&contest);
        record.contests.push(contest);
    }
    let all = Rules {
        shape: ordinary,
        lines: 10_000,
        outputs: Outputs::All,
        rounds: compare::rounds(10_000),
        langloom,
        reference: None,
    };
    let contest = contest::hold(&all)?;
    println!("everything that can be generated");
    compare::print(&contest);
    record.all_outputs = Some(contest);
    for (name, lines, modes) in MODE_GRAMMARS.iter().filter(|(_, lines, _)| *lines <= largest) {
        let is_wanted = |mode: &&Mode| modes.is_empty() || modes.contains(&mode.name);
        let wanted: Vec<&Mode> = MODES.iter().filter(is_wanted).collect();
        let shape = Shape::named(name).ok_or_else(|| format!("there is no shape {name}"))?;
        let scratch = modes::scratch(shape, *lines)?;
        let modes = modes::measure(shape, *lines, &wanted, modes::rounds(*lines), *lines <= 1_000, (langloom, &scratch))?;
        modes::print(&modes);
        record.modes.push(modes);
    }
    let wanted = ON_DISK.iter().map(|name| Mode::named(name)).collect::<Result<Vec<_>, _>>()?;
    let scratch = Scratch::on_disk("modes")?;
    let modes = modes::measure(ordinary, 10_000, &wanted, modes::rounds(10_000), false, (langloom, &scratch))?;
    println!("in a folder on a disk");
    modes::print(&modes);
    record.on_disk = Some(modes);
    let pack = packs::measure(10_000, modes::rounds(10_000), langloom)?;
    packs::print(&pack);
    record.pack = Some(pack);
    Ok(())
}

fn measure_stages(args: &Args, record: &mut Record) -> Result<(), String> {
    let all = choose(&[])?;
    for shape in SHAPES {
        let is_ordinary = shape.name == SHAPES[0].name;
        for &lines in STAGE_SIZES.iter().filter(|lines| **lines == 10_000 || is_ordinary && !(args.quick && **lines > 10_000)) {
            let stages = stages::measure(shape, lines, &all, BUDGET);
            stages::print(&stages);
            record.stages.push(stages);
        }
    }
    Ok(())
}

fn print_goals(record: &Record) {
    let mut table = Table::new(&["promise", "asked for", "reached", ""]);
    for goal in GOALS {
        if let Some((figure, is_kept)) = goal.of(record) {
            let verdict = if is_kept { "" } else { "MISSED" };
            table.row([goal.name.to_owned(), goal.bound(), figure, verdict.to_owned()]);
        }
    }
    print!("{table}");
}

/// The commit that is checked out: its abbreviated hash, with a `+` if files have been changed since, its date and its
/// subject.
fn commit() -> Result<[String; 3], String> {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output();
        let output = output.map_err(|error| format!("cannot run git: {error}"))?;
        if !output.status.success() {
            return Err(format!("git {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr).trim()));
        }
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let show = git(&["show", "--no-patch", "--date=format:%Y-%m-%d %H:%M", "--format=%h%n%cd%n%s", "HEAD"])?;
    let [hash, date, subject] = show.splitn(3, '\n').collect::<Vec<_>>()[..] else {
        return Err(format!("git show printed {show:?}"));
    };
    let is_changed = !git(&["status", "--porcelain", "--untracked-files=no", "--", sources()])?.is_empty();
    Ok([format!("{hash}{}", if is_changed { "+" } else { "" }), date.to_owned(), subject.to_owned()])
}

/// The code that is measured, as git names it from this folder.
fn sources() -> &'static str {
    debug_assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates").exists());
    "../crates"
}

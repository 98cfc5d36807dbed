//! `langloom-bench packs`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{ExitCode, Stdio};

use crate::disk::{self, Scratch};
use crate::grammars::{Outputs, SHAPES};
use crate::measure::median;
use crate::programs::Langloom;
use crate::record::PackRun;
use crate::site::Site;
use crate::table::{Table, bytes, count, seconds};

/// Generate from nothing with a pack of 30 templates, and without it
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The size of the grammar in lines
    #[arg(long, value_name = "LINES", value_parser = super::parse_lines, default_value = "10k")]
    lines: usize,

    /// How often to run each
    #[arg(long, value_name = "NUMBER", default_value_t = 15)]
    rounds: usize,

    /// Langloom's program: the one beside this one unless given
    #[arg(long, value_name = "FILE")]
    langloom: Option<PathBuf>,

    /// Write the figures to a file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let langloom = Langloom::find(args.langloom.as_deref())?;
    let figures = measure(args.lines, args.rounds, &langloom)?;
    print(&figures);
    if let Some(path) = &args.json {
        disk::write_json(path, &figures)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What is measured: each template makes one file of the whole project, all together as many bytes as Langium's own outputs.
const PACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/pack");

/// Where its files go.
const OUT: &str = "generated/pack";

/// Runs Langloom on an ordinary grammar, with the pack and without it in turn.
pub(super) fn measure(lines: usize, rounds: usize, langloom: &Langloom) -> Result<PackRun, String> {
    let scratch = Scratch::new("packs")?;
    let site = |name: &str| Site::new(scratch.path().join(name), &SHAPES[0], lines, Outputs::Core);
    let (with, without) = (site("with")?, site("without")?);
    let settings = format!("compat = \"4.4.0\"\n[packs.bench]\nfrom = {PACK:?}\nout = {OUT:?}\n");
    disk::write(&with.root().join("langloom.toml"), &settings)?;
    let cold = |site: &Site| {
        site.clear()?;
        site.run(|config| {
            let mut command = langloom.generate(config, &[]);
            command.stdout(Stdio::null()).stderr(Stdio::null());
            command
        })
    };
    let (mut cpu, mut cpu_without, mut wall) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let usage = cold(&with)?;
        cpu.push(usage.cpu.as_secs_f64());
        wall.push(usage.wall.as_secs_f64());
        cpu_without.push(cold(&without)?.cpu.as_secs_f64());
    }
    let best = |values: &[f64]| values.iter().copied().fold(f64::MAX, f64::min);
    Ok(PackRun {
        lines,
        templates: disk::files(&Path::new(PACK).join("templates"))?.len(),
        output_bytes: output_bytes(&with.root().join(OUT))?,
        cpu: best(&cpu),
        cpu_median: median(&cpu),
        cpu_without: best(&cpu_without),
        wall: best(&wall),
    })
}

fn output_bytes(folder: &Path) -> Result<u64, String> {
    let length = |path: &PathBuf| fs::metadata(path).map_or(0, |metadata| metadata.len());
    Ok(disk::files(folder)?.iter().map(length).sum())
}

/// Says what it came to.
pub(super) fn print(figures: &PackRun) {
    let PackRun { lines, templates, output_bytes, .. } = figures;
    println!("a pack of {templates} templates on {} lines, {} out", count(*lines as u64), bytes(*output_bytes));
    let mut table = Table::new(&["", "cpu", "median", "wall"]);
    let with = [figures.cpu, figures.cpu_median, figures.wall].map(seconds);
    table.row(["cold".to_owned(), with[0].clone(), with[1].clone(), with[2].clone()]);
    table.row(["without the pack".to_owned(), seconds(figures.cpu_without), String::new(), String::new()]);
    println!("{table}");
}

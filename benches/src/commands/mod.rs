//! The subcommands, one file each.

mod compare;
mod floor;
mod gate;
mod grammars;
mod modes;
mod packs;
mod report;
mod stages;
mod suite;
mod templates;

use std::process::ExitCode;

use crate::gate::probe::{self, Probe};
use crate::grammars::{SHAPES, Shape};

/// What to do
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Grammars(grammars::Args),
    Stages(stages::Args),
    Compare(compare::Args),
    Modes(modes::Args),
    Templates(templates::Args),
    Packs(packs::Args),
    Gate(gate::Args),
    Suite(suite::Args),
    Report(report::Args),
    #[command(hide = true)]
    Floor(floor::Args),
    /// Run a stage and say nothing: what the gate counts the instructions of
    #[command(hide = true)]
    Probe(Probe),
}

/// Does it. Failures are sentences.
pub(crate) fn run(command: Command) -> Result<ExitCode, String> {
    match command {
        Command::Grammars(args) => grammars::run(&args),
        Command::Stages(args) => stages::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Modes(args) => modes::run(&args),
        Command::Templates(args) => templates::run(&args),
        Command::Packs(args) => packs::run(&args),
        Command::Gate(args) => gate::run(&args),
        Command::Suite(args) => suite::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Floor(args) => floor::run(&args),
        Command::Probe(args) => probe::run(&args).map(|()| ExitCode::SUCCESS),
    }
}

/// Which grammars
#[derive(Clone, Debug, clap::Args)]
struct Selection {
    /// Their shapes, or `all`
    #[arg(long, value_name = "SHAPE", value_delimiter = ',', default_value = SHAPES[0].name, help = shapes_help())]
    shape: Vec<String>,

    /// Their sizes in lines: 35, 500, 1k, 10k, 100k, 1M
    #[arg(long, value_name = "LINES", value_delimiter = ',', value_parser = parse_lines)]
    lines: Vec<usize>,
}

impl Selection {
    fn shapes(&self) -> Result<Vec<&'static Shape>, String> {
        if self.shape == ["all"] {
            return Ok(SHAPES.iter().collect());
        }
        let shapes = self.shape.iter().map(|name| Shape::named(name).ok_or_else(|| format!("there is no shape {name}")));
        shapes.collect()
    }

    /// The sizes asked for, or else `default`.
    fn lines(&self, default: &[usize]) -> Vec<usize> {
        if self.lines.is_empty() { default.to_vec() } else { self.lines.clone() }
    }

    /// Whether it is one shape in one size.
    fn is_single(&self) -> bool {
        self.shape != ["all"] && self.shape.len() == 1 && self.lines.len() < 2
    }
}

fn shapes_help() -> String {
    let shapes: Vec<String> = SHAPES.iter().map(|shape| format!("{}: {}", shape.name, shape.about)).collect();
    format!("Their shapes, or `all` [{}]", shapes.join("; "))
}

/// A number of lines: `10k` is 10,000, `1M` a million.
fn parse_lines(text: &str) -> Result<usize, String> {
    let (digits, factor) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => text.strip_suffix('M').map_or((text, 1), |digits| (digits, 1_000_000)),
    };
    let number: usize = digits.replace('_', "").parse().map_err(|_| "expected a number such as 500, 10k or 1M".to_owned())?;
    Ok(number * factor)
}

//! `langloom-bench grammars`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::Selection;
use crate::disk;
use crate::grammars::{Outputs, Project};

/// Write generated grammars and their configurations to a folder
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    selection: Selection,

    /// The seed that the grammars are made up from
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,

    /// What the configurations ask for
    #[arg(long, value_enum, default_value_t = Outputs::Core)]
    outputs: Outputs,

    /// The folder; it is made if it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    for shape in args.selection.shapes()? {
        for lines in args.selection.lines(&[10_000]) {
            let projects = shape.generate(lines, args.seed);
            let folder =
                if args.selection.is_single() { args.out.clone() } else { args.out.join(format!("{}-{lines}", shape.name)) };
            disk::write_projects(&folder, &projects, args.outputs)?;
            report(shape.name, &folder, &projects);
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn report(shape: &str, folder: &Path, projects: &[Project]) {
    let lines: usize = projects.iter().map(Project::lines).sum();
    let bytes: usize = projects.iter().map(Project::bytes).sum();
    let files: usize = projects.iter().map(|project| project.files.len()).sum();
    println!("{}: {shape}, {} projects, {files} files, {lines} lines, {bytes} bytes", folder.display(), projects.len());
}

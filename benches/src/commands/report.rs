//! `langloom-bench report`

use std::path::PathBuf;
use std::process::ExitCode;

use crate::{disk, report};

/// Write a page and a summary of the records that the suite left
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of records
    #[arg(long, value_name = "DIR", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/history"))]
    history: PathBuf,

    /// Where to write the page
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/benchmarks.html"))]
    html: PathBuf,

    /// Where to write the summary, for a pull request
    #[arg(long, value_name = "FILE", default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/benchmarks.md"))]
    markdown: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let history = report::history(&args.history)?;
    let (Some(page), Some(summary)) = (report::page(&history), report::summary(&history)) else {
        return Err(format!("there is no record in {}: langloom-bench suite makes one", args.history.display()));
    };
    disk::write(&args.html, &page)?;
    disk::write(&args.markdown, &summary)?;
    println!("{} records: {} and {}", history.len(), args.html.display(), args.markdown.display());
    Ok(ExitCode::SUCCESS)
}

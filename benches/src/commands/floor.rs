//! `langloom-bench floor`: what any generator has to do, and nothing else.
//!
//! Reads the grammars and hashes them; then reads each generated file, which stands for making it at the speed of a copy,
//! hashes it, and writes it to another folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::disk;
use crate::grammars::Outputs;

/// Read, hash and write the files of a generated project
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A project with generated files
    from: PathBuf,
    /// Where to write them
    to: PathBuf,
}

pub(super) fn run(args: &Args) -> Result<ExitCode, String> {
    let mut hash = 0;
    for path in disk::files(&args.from)? {
        hash ^= langloom_disk::content_hash(&read(&path)?);
    }
    for folder in Outputs::FOLDERS {
        let to = args.to.join(folder);
        for (index, path) in disk::files(&args.from.join(folder))?.iter().enumerate() {
            let bytes = read(path)?;
            hash ^= langloom_disk::content_hash(&bytes);
            if index == 0 {
                fs::create_dir_all(&to).map_err(|error| format!("cannot create {}: {error}", to.display()))?;
            }
            let path = to.join(path.file_name().unwrap_or_default());
            fs::write(&path, bytes).map_err(|error| format!("cannot write {}: {error}", path.display()))?;
        }
    }
    println!("{hash:032x}");
    Ok(ExitCode::SUCCESS)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

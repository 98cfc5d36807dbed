//! Where the programs are that are measured.

use std::path::{Path, PathBuf};

/// Langloom: as given, else what the variable `LANGLOOM` names, else the one beside this program.
pub(crate) fn langloom(given: Option<&Path>) -> Result<PathBuf, String> {
    let variable = std::env::var_os("LANGLOOM").map(PathBuf::from);
    let beside = || std::env::current_exe().ok().map(|program| program.with_file_name("langloom"));
    let path = given.map(Path::to_owned).or(variable).or_else(beside);
    match path {
        Some(path) if path.exists() => Ok(path),
        Some(path) => Err(format!(
            "there is no Langloom at {}: build it (cargo build --release) or name it with --langloom",
            path.display()
        )),
        None => Err("name Langloom's program with --langloom".to_owned()),
    }
}

/// The command line of langium-cli, without arguments, if it is installed for the conformance tests.
pub(crate) fn reference() -> Option<[PathBuf; 2]> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/node_modules");
    let command = [modules.join(".bin/node"), modules.join("langium-cli/bin/langium.js")];
    if command.iter().all(|path| path.exists()) { Some(command) } else { None }
}

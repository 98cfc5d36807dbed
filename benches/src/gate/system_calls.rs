//! System calls of `langloom generate`, counted by strace.

use std::path::Path;
use std::process::Command;

use crate::disk::{self, Scratch};
use crate::grammars::{Outputs, Project, SHAPES};

const LINES: usize = 500;

/// How often each system call is made by a first run on a project of [`LINES`] lines; nothing if strace does not work.
pub(super) fn of_generate(langloom: &Path) -> Result<Option<Vec<(String, u64)>>, String> {
    let scratch = Scratch::new("system-calls")?;
    let projects: Vec<Project> = SHAPES[0].generate(LINES, 1);
    let configs = disk::write_projects(scratch.path(), &projects, Outputs::All)?;
    // Without it, Langloom looks for an installed langium-cli in every folder above, and the count depends on their number.
    disk::write(&scratch.path().join("langloom.toml"), "compat = \"4.4.0\"\n")?;
    let report = scratch.path().join("calls.txt");
    let Ok(output) = Command::new("strace")
        .args(["-f", "-c", "-o"])
        .arg(&report)
        .arg(langloom)
        .args(["generate", "-f"])
        .arg(&configs[0])
        .current_dir(scratch.path())
        .output()
    else {
        return Ok(None);
    };
    if !scratch.path().join("generated/ast.ts").exists() {
        let message = String::from_utf8_lossy(&output.stderr);
        return if message.contains("ptrace") { Ok(None) } else { Err(format!("langloom under strace: {}", message.trim())) };
    }
    Ok(Some(parse(&disk::read(&report)?)))
}

/// The names and counts of strace's table: `% time, seconds, usecs/call, calls, [errors,] syscall`.
fn parse(table: &str) -> Vec<(String, u64)> {
    let rows = table.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let (name, calls) = (cells.last()?, cells.get(3)?);
        Some(((*name).to_owned(), calls.parse().ok()?))
    });
    rows.filter(|(name, _)| name != "total").collect()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn rows_with_and_without_errors() {
        let table = "% time     seconds  usecs/call     calls    errors syscall\n\
                     ------ ----------- ----------- --------- --------- ----------------\n\
                      61.54    0.000008           1         5           read\n\
                       0.00    0.000000           0        12         3 openat\n\
                     ------ ----------- ----------- --------- --------- ----------------\n\
                     100.00    0.000013           0        17         3 total\n";
        assert_eq!(parse(table), [("read".to_owned(), 5), ("openat".to_owned(), 12)]);
    }
}

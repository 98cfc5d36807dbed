//! System calls, counted by strace.
//!
//! Only those that have to do with files count. How often the C library asks for memory or parks a thread depends on where
//! the system put the heap and on who came first; memory has figures of its own.

use std::ffi::OsString;
use std::process::Command;

use crate::disk::{self, Scratch};

/// Calls that strace takes for file calls and that are about memory or waiting.
const OTHERS: &[&str] = &["mmap", "mmap2", "poll", "ppoll", "execve"];

/// How often each system call on files is made by `command`, by name; nothing if strace is not there or may not trace.
pub(crate) fn file_calls(command: &Command) -> Result<Option<Vec<(String, u64)>>, String> {
    let scratch = Scratch::new("strace")?;
    let report = scratch.path().join("calls.txt");
    let arguments: Vec<OsString> =
        ["-f", "-c", "-e", "trace=%file,%desc", "-o"].map(OsString::from).into_iter().chain([report.clone().into()]).collect();
    let Ok(output) = super::wrapped(command, "strace", &arguments).output() else { return Ok(None) };
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return if message.contains("ptrace") { Ok(None) } else { Err(format!("under strace: {}", message.trim())) };
    }
    let mut calls = parse(&disk::read(&report)?);
    calls.retain(|(name, _)| !OTHERS.contains(&name.as_str()));
    Ok(Some(calls))
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

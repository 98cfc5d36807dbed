//! Instruction counts, by valgrind's callgrind: the same for the same program, inputs and environment, whatever else the
//! machine is doing.

use std::ffi::OsString;
use std::process::{Command, Stdio};

use crate::disk::{self, Scratch};

/// Whether valgrind can be run.
pub(crate) fn is_available() -> bool {
    let run = Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    run.is_ok_and(|status| status.success())
}

/// How many instructions `command` takes: all of them, or those while a function whose name has `within` in it is on the
/// stack.
pub(crate) fn instructions(command: &Command, within: Option<&str>) -> Result<u64, String> {
    let scratch = Scratch::new("callgrind")?;
    let report = scratch.path().join("callgrind.out");
    let mut arguments: Vec<OsString> = ["--tool=callgrind", "--quiet"].map(OsString::from).into();
    if let Some(within) = within {
        arguments.extend(["--collect-atstart=no".into(), format!("--toggle-collect=*{within}*").into()]);
    }
    arguments.push(format!("--callgrind-out-file={}", report.display()).into());
    let output =
        super::wrapped(command, "valgrind", &arguments).output().map_err(|error| format!("cannot run valgrind: {error}"))?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim()));
    }
    match total(&disk::read(&report)?) {
        Some(0) | None => Err("valgrind counted nothing".to_owned()),
        Some(total) => Ok(total),
    }
}

/// The sum at the end of a report.
fn total(report: &str) -> Option<u64> {
    report.lines().rev().find_map(|line| line.strip_prefix("totals: ")?.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn the_total_stands_at_the_end() {
        assert_eq!(total("fn=(1)\n1 2\n\ntotals: 123\n"), Some(123));
        assert_eq!(total("events: Ir\n"), None);
    }
}

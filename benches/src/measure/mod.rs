//! What a piece of work costs: time, memory, instructions, system calls.

pub(crate) mod allocations;
pub(crate) mod callgrind;
pub(crate) mod child;
pub(crate) mod clock;
pub(crate) mod repeat;
pub(crate) mod strace;

use std::ffi::OsString;
use std::process::{Command, Stdio};

/// `command` as the last arguments of `program`, which watches it: in its folder, with nothing of the environment but a path,
/// since variables are copied, searched and obeyed.
fn wrapped(command: &Command, program: &str, arguments: &[OsString]) -> Command {
    let mut wrapped = Command::new(program);
    wrapped.args(arguments).arg(command.get_program()).args(command.get_args());
    wrapped.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).stdin(Stdio::null());
    if let Some(folder) = command.get_current_dir() {
        wrapped.current_dir(folder);
    }
    wrapped
}

/// The value in the middle; of an even number of values the upper one of two.
pub(crate) fn median(values: &[f64]) -> f64 {
    above(values, 0.5)
}

/// The least value that is above such a share of the values; the greatest, if there are too few of them to tell.
pub(crate) fn above(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((sorted.len() as f64 * share) as usize).or(sorted.last()).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_values() {
        let values: Vec<f64> = (0..200).rev().map(f64::from).collect();
        assert_eq!((median(&values), above(&values, 0.99)), (100.0, 198.0));
        assert_eq!((median(&[7.0]), above(&[7.0], 0.99), median(&[])), (7.0, 7.0, 0.0));
    }
}

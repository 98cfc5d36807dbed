//! What a whole process costs, as the kernel counts it.

use std::mem::MaybeUninit;
use std::process::Command;
use std::time::{Duration, Instant};

/// What a process used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usage {
    /// From its start until its end was seen.
    pub(crate) wall: Duration,
    /// User and system time of all its threads.
    pub(crate) cpu: Duration,
    /// The system time alone: what it had the kernel do. Sampled, so rough for short runs.
    pub(crate) system: Duration,
    /// The most memory that it held at once, in bytes. Never less than this process held when it started the other:
    /// until the new program begins, they share it. So whoever measures has to stay small.
    pub(crate) peak_memory: u64,
    /// What passed through its system calls, where the system tells.
    pub(crate) traffic: Option<Traffic>,
}

/// Bytes that a process read and wrote: files, pipes, the terminal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Traffic {
    pub(crate) read: u64,
    pub(crate) written: u64,
}

impl std::ops::AddAssign for Usage {
    /// For processes that ran one after the other.
    fn add_assign(&mut self, other: Usage) {
        self.wall += other.wall;
        self.cpu += other.cpu;
        self.system += other.system;
        self.peak_memory = self.peak_memory.max(other.peak_memory);
        if let Some(traffic) = other.traffic {
            let sum = self.traffic.get_or_insert_default();
            sum.read += traffic.read;
            sum.written += traffic.written;
        }
    }
}

/// Runs `command` to its end. An error if it cannot be started or does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<Usage, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let child = command.spawn().map_err(|error| format!("cannot run {program}: {error}"))?;
    let traffic = traffic_at_end(child.id());
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: both pointers are good for a write; the process is a child of this one and nobody else waits for it.
    let waited = unsafe { libc::wait4(child.id() as libc::pid_t, &mut status, 0, usage.as_mut_ptr()) };
    let wall = start.elapsed();
    if waited < 0 {
        return Err(format!("lost {program}: {}", std::io::Error::last_os_error()));
    }
    if !libc::WIFEXITED(status) || libc::WEXITSTATUS(status) != 0 {
        return Err(format!("{program} failed with status {status:#x}"));
    }
    // SAFETY: zero bytes are a valid rusage, and the call has filled it.
    let usage = unsafe { usage.assume_init() };
    let duration = |time: libc::timeval| Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1_000);
    let system = duration(usage.ru_stime);
    let cpu = duration(usage.ru_utime) + system;
    Ok(Usage { wall, cpu, system, peak_memory: usage.ru_maxrss as u64 * UNIT, traffic })
}

/// The unit of `ru_maxrss` in bytes.
const UNIT: u64 = if cfg!(target_os = "macos") { 1 } else { 1024 };

/// Waits until the process has ended, but leaves it there, and reads what Linux still tells of it.
#[cfg(target_os = "linux")]
fn traffic_at_end(process: u32) -> Option<Traffic> {
    let mut info = MaybeUninit::<libc::siginfo_t>::zeroed();
    // SAFETY: the pointer is good for a write; `WNOWAIT` leaves the process for `wait4`.
    let waited = unsafe { libc::waitid(libc::P_PID, process, info.as_mut_ptr(), libc::WEXITED | libc::WNOWAIT) };
    let text = if waited == 0 { std::fs::read_to_string(format!("/proc/{process}/io")).ok()? } else { return None };
    parse_traffic(&text)
}

#[cfg(not(target_os = "linux"))]
fn traffic_at_end(_process: u32) -> Option<Traffic> {
    None
}

/// Reads `rchar` and `wchar` of `/proc/PID/io`.
fn parse_traffic(text: &str) -> Option<Traffic> {
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    Some(Traffic { read: value("rchar:")?, written: value("wchar:")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_written_are_counted() {
        let mut command = Command::new("sh");
        let usage = run(command.args(["-c", "printf 12345 > /dev/null"])).unwrap();
        if cfg!(target_os = "linux") {
            assert_eq!(usage.traffic.unwrap().written, 5);
        }
        assert!(usage.peak_memory > 100_000, "{usage:?}");
    }

    #[test]
    fn a_program_that_fails_is_an_error() {
        let message = run(Command::new("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(message, "sh failed with status 0x300");
    }
}

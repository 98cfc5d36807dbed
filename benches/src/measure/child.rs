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
    /// The most memory that it held at once, in bytes. Never less than this process held when it started the other:
    /// until the new program begins, they share it. So whoever measures has to stay small.
    pub(crate) peak_memory: u64,
}

/// Runs `command` to its end. An error if it cannot be started or does not succeed.
pub(crate) fn run(command: &mut Command) -> Result<Usage, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = Instant::now();
    let child = command.spawn().map_err(|error| format!("cannot run {program}: {error}"))?;
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
    Ok(Usage { wall, cpu: duration(usage.ru_utime) + duration(usage.ru_stime), peak_memory: usage.ru_maxrss as u64 * UNIT })
}

/// The unit of `ru_maxrss` in bytes.
const UNIT: u64 = if cfg!(target_os = "macos") { 1 } else { 1024 };

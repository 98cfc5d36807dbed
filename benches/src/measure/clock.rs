//! Time: on the wall and on the CPU.

use std::mem::MaybeUninit;
use std::time::{Duration, Instant};

/// How long something took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time {
    /// On the clock on the wall.
    pub(crate) wall: Duration,
    /// On the CPU, user and system, this thread alone: what other processes do hardly shows.
    pub(crate) cpu: Duration,
}

/// Runs `work` and says how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Time) {
    let wall = Instant::now();
    let cpu = thread_cpu();
    let result = work();
    let cpu = thread_cpu().saturating_sub(cpu);
    (result, Time { wall: wall.elapsed(), cpu })
}

fn thread_cpu() -> Duration {
    let mut time = MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the pointer is good for a write, and zero bytes are a valid timespec should the call fail.
    let time = unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, time.as_mut_ptr());
        time.assume_init()
    };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

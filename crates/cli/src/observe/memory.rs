//! What this process takes of the machine: memory and processor time.
//!
//! The allocator is that of the C library, by measurement. CPU seconds and peak memory of `langloom generate`, in one run:
//!
//! | lines, threads | glibc 2.36 | mimalloc 2.0 | jemalloc 5.3 | glibc, mmap from 128 KiB |
//! |---|---|---|---|---|
//! | 10k, 1 | 0.05 s, 12.1 MB | 0.05 s, 14.7 MB | 0.05 s, 15.4 MB | 0.05 s, 11.5 MB |
//! | 100k, 1 | 0.65 s, 67 MB | 0.68 s, 78 MB | 0.69 s, 79 MB | 0.70 s, 66 MB |
//! | 100k, 2 | 0.82 s, 77 MB | 0.72 s, 76 MB | 0.74 s, 79 MB | 0.76 s, 66 MB |
//! | 1M, 1 | 9.6 s, 638 MB | 9.3 s, 620 MB | | 9.0 s, 618 MB |
//! | 1M, 2 | 10.4 s, 654 MB | 8.2 s, 621 MB | | 9.9 s, 618 MB |
//!
//! Flat vectors leave an allocator little to do, so another one is not worth its code and, for small grammars, its memory.

use std::time::Duration;

/// Memory of this process that is in use, and the most that ever was, in bytes of physical memory.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) used: u64,
    pub(crate) peak: u64,
}

/// What is in use now; `None` where the system does not tell. Costs some 10 µs: the kernel adds up the mappings.
pub(crate) fn memory() -> Option<Memory> {
    measure()
}

#[cfg(target_os = "linux")]
fn measure() -> Option<Memory> {
    parse_status(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// Reads the lines `VmHWM: 1234 kB` and `VmRSS: 1234 kB`.
#[cfg(any(target_os = "linux", test))]
fn parse_status(status: &str) -> Option<Memory> {
    let line = |name: &str| {
        let number = status.lines().find_map(|line| line.strip_prefix(name))?.trim().strip_suffix(" kB")?;
        Some(number.parse::<u64>().ok()? * 1024)
    };
    let used = line("VmRSS:")?;
    // Both are sums of counters that the kernel updates in batches, so that they may be off by some pages.
    Some(Memory { used, peak: line("VmHWM:")?.max(used) })
}

/// Elsewhere the peak is the highest of what was measured.
#[cfg(not(target_os = "linux"))]
fn measure() -> Option<Memory> {
    use std::sync::atomic::{AtomicU64, Ordering};
    static PEAK: AtomicU64 = AtomicU64::new(0);
    let used = memory_stats::memory_stats()?.physical_mem as u64;
    Some(Memory { used, peak: PEAK.fetch_max(used, Ordering::Relaxed).max(used) })
}

/// Processor time of all threads of this process; `None` where the system does not tell.
pub(super) fn process_time() -> Option<Duration> {
    #[cfg(unix)]
    return Some(duration(rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime)));
    #[cfg(not(unix))]
    None
}

/// Processor time of this thread; `None` where the system does not tell.
pub(crate) fn thread_time() -> Option<Duration> {
    #[cfg(unix)]
    return Some(duration(rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime)));
    #[cfg(not(unix))]
    None
}

#[cfg(unix)]
fn duration(time: rustix::time::Timespec) -> Duration {
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Columns of the terminal that standard error is; `None` if it is none.
pub(super) fn terminal_width() -> Option<usize> {
    #[cfg(unix)]
    return rustix::termios::tcgetwinsize(std::io::stderr()).ok().map(|size| usize::from(size.ws_col));
    #[cfg(not(unix))]
    Some(80)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_of_a_process() {
        let status = "Name:\tlangloom\nVmPeak:\t    9000 kB\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\nThreads:\t1\n";
        assert_eq!(parse_status(status), Some(Memory { used: 1024 * 1024, peak: 2048 * 1024 }));
        assert_eq!(parse_status("VmHWM: 1 kB\nVmRSS: 2 kB\n"), Some(Memory { used: 2048, peak: 2048 }));
        for broken in ["", "VmRSS: 1 kB\n", "VmHWM: 1 kB\nVmRSS: x kB\n", "VmHWM: 1 kB\nVmRSS: 1 MB\n"] {
            assert_eq!(parse_status(broken), None, "{broken:?}");
        }
    }

    /// What is allocated and touched is counted, and no less than it.
    #[test]
    fn memory_that_is_taken_shows() {
        let Some(before) = memory() else { return };
        let block = std::hint::black_box(vec![1_u8; 64 << 20]);
        let after = memory().unwrap();
        assert!(after.used >= before.used + (48 << 20), "{before:?} {after:?}");
        assert!(after.peak >= after.used);
        drop(block);
    }
}

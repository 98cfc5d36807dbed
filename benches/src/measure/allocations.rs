//! A global allocator that counts. The counts are the thread's own, so they are exact whatever other threads do.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What was allocated while something ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Allocations {
    /// Calls that gave memory: new blocks and moved or resized ones.
    pub(crate) count: u64,
    /// Bytes that those calls asked for; a block that grows counts with its growth.
    pub(crate) bytes: u64,
    /// The most bytes in use at once, beyond those in use at the start.
    pub(crate) peak: u64,
}

/// Runs `work` and says what it allocated on this thread.
pub(crate) fn counted<T>(work: impl FnOnce() -> T) -> (T, Allocations) {
    let before = COUNTERS.get();
    COUNTERS.set(Counters { peak: before.in_use, ..before });
    let result = work();
    let after = COUNTERS.get();
    COUNTERS.set(Counters { peak: before.peak.max(after.peak), ..after });
    let allocations = Allocations {
        count: after.count - before.count,
        bytes: after.bytes - before.bytes,
        peak: (after.peak - before.in_use).max(0) as u64,
    };
    (result, allocations)
}

#[derive(Clone, Copy)]
struct Counters {
    count: u64,
    bytes: u64,
    /// Signed: a thread may free what another one allocated.
    in_use: i64,
    peak: i64,
}

thread_local! {
    static COUNTERS: Cell<Counters> = const { Cell::new(Counters { count: 0, bytes: 0, in_use: 0, peak: 0 }) };
}

struct Counting;

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: every call is handed to the system's allocator as it came. The counting allocates nothing: the cell is `const`
// and needs no destructor, so the thread's copy is plain memory.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        record(0, layout.size());
        // SAFETY: the caller keeps the promises of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        record(0, layout.size());
        // SAFETY: the caller keeps the promises of `alloc_zeroed`.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        record(layout.size(), size);
        // SAFETY: the caller keeps the promises of `realloc`.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        let counters = COUNTERS.get();
        COUNTERS.set(Counters { in_use: counters.in_use - layout.size() as i64, ..counters });
        // SAFETY: the caller keeps the promises of `dealloc`.
        unsafe { System.dealloc(block, layout) }
    }
}

fn record(old: usize, new: usize) {
    let mut counters = COUNTERS.get();
    counters.count += 1;
    counters.bytes += new.saturating_sub(old) as u64;
    counters.in_use += new as i64 - old as i64;
    counters.peak = counters.peak.max(counters.in_use);
    COUNTERS.set(counters);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact() {
        let (_, nothing) = counted(|| ());
        assert_eq!(nothing, Allocations::default());

        let (_kept, one) = counted(|| Vec::<u8>::with_capacity(100));
        assert_eq!(one, Allocations { count: 1, bytes: 100, peak: 100 });

        let (_, grown) = counted(|| {
            let mut bytes = Vec::<u8>::with_capacity(100);
            bytes.reserve_exact(300);
            drop(bytes);
            Vec::<u8>::with_capacity(50)
        });
        assert_eq!(grown, Allocations { count: 3, bytes: 350, peak: 300 });
    }
}

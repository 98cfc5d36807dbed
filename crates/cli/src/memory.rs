//! What this process asks of the C library's allocator.

/// Has the C library give big blocks back to the system as soon as they are freed, keep smaller ones for the next use, and all
/// threads share one heap.
///
/// By itself it keeps ever bigger blocks and a heap for each thread: on a million lines that took a quarter more memory, in
/// the same CPU time. With big ones from 256 KiB, as it was before, a cold run of 10,000 lines has 1,577 page faults, with
/// these 1,424; a million lines 211,000 and 156,000, at 1.7 µs each and for 3 % more memory.
pub(crate) fn stay_small() {
    keep(4 << 20, 16 << 20);
}

/// Has the C library keep less of what is freed, for runs that may use so much memory and no more: a million lines take 290
/// MB, in the same CPU time, where they take 325 with what is kept for speed.
pub(crate) fn stay_smaller() {
    keep(128 << 10, 1 << 20);
}

/// Has the C library keep free blocks below `big` bytes, but no more than `most` bytes at the end of its heap.
fn keep(big: i32, most: i32) {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const M_MMAP_THRESHOLD: i32 = -3;
        const M_TRIM_THRESHOLD: i32 = -1;
        const M_ARENA_MAX: i32 = -8;
        unsafe extern "C" {
            safe fn mallopt(parameter: i32, value: i32) -> i32;
        }
        mallopt(M_MMAP_THRESHOLD, big);
        mallopt(M_TRIM_THRESHOLD, most);
        mallopt(M_ARENA_MAX, 1);
    }
    #[cfg(not(all(target_os = "linux", target_env = "gnu")))]
    let _ = (big, most);
}

/// Gives memory that was freed back to the system: the C library keeps it otherwise, for the next run that may be hours away.
/// An edit of 10,000 lines under `--watch` has 804 page faults so and 43 without, a tenth of its CPU time; but what is kept
/// grows: by up to 9 % in 100 edits.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            safe fn malloc_trim(pad: usize) -> i32;
        }
        malloc_trim(0);
    }
}

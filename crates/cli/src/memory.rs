//! What this process takes of the machine's memory.

/// Makes a process that lives long give big pieces of memory back as soon as they are freed. The C library otherwise learns
/// from them to keep pieces of up to 32 MB, which are then cut up: between edits of 10,000 lines, that is 6 MB and more with
/// every fifty edits in place of a steady 3 MB. CPU time is the same.
pub(crate) fn stay_small() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const M_MMAP_THRESHOLD: i32 = -3;
        unsafe extern "C" {
            safe fn mallopt(parameter: i32, value: i32) -> i32;
        }
        mallopt(M_MMAP_THRESHOLD, 256 * 1024);
    }
}

/// Gives memory that was freed back to the system: the C library keeps it otherwise, for the next run that may be hours
/// away.
pub(crate) fn give_back() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        unsafe extern "C" {
            safe fn malloc_trim(pad: usize) -> i32;
        }
        malloc_trim(0);
    }
}

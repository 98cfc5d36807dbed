//! What this process takes of the machine's memory.

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

//! What happens on the disk.

//! What a piece of work costs: time, memory, instructions, system calls.

pub(crate) mod allocations;
pub(crate) mod child;
pub(crate) mod clock;
pub(crate) mod repeat;

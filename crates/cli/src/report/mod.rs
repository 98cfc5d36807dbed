//! What the user reads: progress lines on standard output, findings on standard error.
//!
//! The only place that prints. A reader that went away (a closed pipe) is not an error: what it does not want to read
//! is not worth failing for.

mod excerpt;
mod finding;
mod format;
mod human;
mod plain;
mod style;
mod terminal;

pub(crate) use finding::{Document, Exit, Failure, Finding};
pub(crate) use format::Format;
pub(crate) use style::{BOLD, GOOD};
pub(crate) use terminal::Terminal;

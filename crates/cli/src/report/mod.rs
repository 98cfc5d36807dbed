//! What the user reads: progress lines on standard output, findings on standard error, or as a document for programs on
//! standard output.
//!
//! The only place that prints. A reader that went away (a closed pipe) is not an error: what it does not want to read
//! is not worth failing for. That findings, or what else was asked for, cannot be written for another reason is one.

mod abridged;
mod collected;
mod excerpt;
mod finding;
mod format;
mod github;
mod human;
mod json;
mod location;
mod plain;
mod sarif;
mod style;
mod terminal;
mod uncoloured;
mod value;

pub(crate) use excerpt::is_unprintable;
pub(crate) use finding::{Document, Exit, Failure, Finding, Located};
pub(crate) use format::Format;
pub(crate) use location::{Excerpt, Location, Range};
pub(crate) use style::{BOLD, GOOD};
pub(crate) use terminal::Terminal;

//! The vocabulary below all layers: interned names, spans, positions, problems, and JavaScript's ways with text.

mod by_name;
mod code;
pub mod collate;
pub(crate) mod head;
pub mod js;
mod lines;
pub mod name;
mod problem;
pub mod regex;
mod span;

pub(crate) use by_name::ByName;
pub use code::Code;
pub use lines::{LineIndex, Position};
pub use name::{Name, Names};
pub use problem::{FileId, Fix, Problem, Severity};
pub use span::Span;

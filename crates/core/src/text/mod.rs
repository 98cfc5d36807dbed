//! The vocabulary below all layers: interned names, spans, positions, problems, and JavaScript's ways with text.

pub mod collate;
pub mod js;
mod lines;
pub mod name;
mod problem;
pub mod regex;
mod span;

pub use lines::{LineIndex, Position};
pub use name::{Name, Names};
pub use problem::{Code, FileId, Problem, Severity};
pub use span::Span;

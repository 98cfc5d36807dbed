//! What can be wrong with a template, or go wrong while it is rendered.

use std::fmt;

use crate::text::{LineIndex, Position, Span};

/// One finding in one template. Always an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The template's name, as given to [`compile`](super::compile).
    pub template: String,
    /// Where, in bytes of the template.
    pub span: Span,
    /// Where `span` starts, as people count.
    pub position: Position,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, if that can be said.
    pub hint: Option<String>,
    /// The calls of partials that led there, the last one first.
    pub calls: Vec<Call>,
    /// A limit was reached that [`Limits::times`](super::Limits::times) moves.
    pub is_limit: bool,
}

/// A call of a partial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The template that the call stands in.
    pub template: String,
    /// Where it stands there.
    pub position: Position,
}

impl Problem {
    pub(super) fn new(template: &str, source: &str, span: Span, message: String, hint: Option<String>) -> Problem {
        let position = LineIndex::new(source).position(source, span.start);
        Problem { template: template.to_owned(), span, position, message, hint, calls: Vec::new(), is_limit: false }
    }
}

impl fmt::Display for Problem {
    /// `template:line:column: message`
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position { line, column } = self.position;
        write!(formatter, "{}:{line}:{column}: {}", self.template, self.message)?;
        if let Some(hint) = &self.hint {
            write!(formatter, " ({hint})")?;
        }
        Ok(())
    }
}

//! The table of formats: how findings can be written.

use super::{Finding, human, plain};

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// With the source line and what to do
    #[default]
    Human,
    /// Line by line as langium-cli does
    Plain,
}

/// What to add to the two streams.
pub(super) struct Text<'t> {
    pub(super) out: &'t mut String,
    pub(super) err: &'t mut String,
}

/// Writes findings about one text, the document being its path and itself.
pub(super) type Render = fn(&mut Text<'_>, Option<(&str, &str)>, &[Finding]);

impl Format {
    pub(super) const fn render(self) -> Render {
        match self {
            Format::Human => human::render,
            Format::Plain => plain::render,
        }
    }
}

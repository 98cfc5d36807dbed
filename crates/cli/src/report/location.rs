//! Where a finding is, with everything that is shown of its text: whoever has that does not need the text. Data only, since
//! it is remembered from run to run; `excerpt` makes it.

use langloom_core::text::Position;

/// The place of a finding.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Location {
    pub(crate) range: Range,
    /// What the finding's fix replaces.
    pub(crate) fixed: Option<Range>,
    pub(crate) excerpt: Excerpt,
}

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) start: Position,
    pub(crate) end: Position,
}

/// What people are shown of the line where a finding starts.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Excerpt {
    /// The line, or what there is room for.
    pub(crate) source: String,
    /// Columns before the place.
    pub(crate) indent: u32,
    /// Columns of the place.
    pub(crate) carets: u32,
}

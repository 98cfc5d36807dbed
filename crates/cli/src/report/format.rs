//! The table of formats: how findings can be written.

use super::collected::Collected;
use super::{Located, github, human, json, plain, sarif};

/// How findings are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: with the source line and what to do
    #[default]
    Human,
    /// Line by line as langium-cli does
    Plain,
    /// For programs: one JSON document, described in docs/formats.md
    Json,
    /// For code scanners: a SARIF 2.1.0 log
    Sarif,
    /// For GitHub Actions: workflow commands, which become annotations
    Github,
}

/// What a format does with findings.
pub(super) enum Rendering {
    /// Writes them at once.
    Lines(Lines),
    /// Makes a document of all of them when the run is over, for standard output, which then has nothing else on it.
    Document(fn(&Collected) -> String),
}

/// Writes findings.
pub(super) type Lines = fn(&mut Text<'_>, &[&Located]);

/// What to add to the two streams.
pub(super) struct Text<'t> {
    pub(super) out: &'t mut String,
    pub(super) err: &'t mut String,
    /// Whether colours are wanted on `err`.
    pub(super) is_coloured: bool,
}

impl Format {
    pub(super) const fn rendering(self) -> Rendering {
        match self {
            Format::Human => Rendering::Lines(human::render),
            Format::Plain => Rendering::Lines(plain::render),
            Format::Json => Rendering::Document(json::render),
            Format::Sarif => Rendering::Document(sarif::render),
            Format::Github => Rendering::Lines(github::render),
        }
    }

    /// Whether it is one document, which has standard output for itself.
    pub(crate) const fn is_document(self) -> bool {
        matches!(self.rendering(), Rendering::Document(_))
    }

    /// Whether it is written for people, who do not want to see a hundred thousand findings.
    pub(super) const fn is_abridged(self) -> bool {
        match self {
            Format::Human => true,
            Format::Plain | Format::Json | Format::Sarif | Format::Github => false,
        }
    }
}

//! Problems as data: made here and in the layers above, printed by the shell.

use super::Span;

/// A file of the project, by its position in [`Sources`](crate::model::Sources).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

impl FileId {
    /// As a position in a vector of files.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// How grave a problem is. Errors keep anything from being generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Worth a look; generation goes on.
    Warning,
    /// A suggestion.
    Hint,
}

/// The kinds of problems. The name is stable: it is printed, documented and may be matched by tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The text is not a grammar.
    Syntax,
    /// A name that is declared nowhere in sight.
    UnresolvedReference,
    /// An import whose file does not exist.
    MissingImport,
    /// An entry grammar without an entry rule.
    NoEntryRule,
    /// An entry grammar that does not start with `grammar Name`.
    UndeclaredGrammar,
    /// A terminal rule that contains itself.
    CyclicTerminal,
    /// A terminal rule whose regular expression is too long for any use.
    HugeTerminal,
    /// More alternatives in a row than can be nested.
    LongChain,
}

impl Code {
    /// The name as printed: lower case, words joined with `-`.
    pub const fn name(self) -> &'static str {
        match self {
            Code::Syntax => "syntax",
            Code::UnresolvedReference => "unresolved-reference",
            Code::MissingImport => "missing-import",
            Code::NoEntryRule => "no-entry-rule",
            Code::UndeclaredGrammar => "undeclared-grammar",
            Code::CyclicTerminal => "cyclic-terminal",
            Code::HugeTerminal => "huge-terminal",
            Code::LongChain => "long-chain",
        }
    }
}

/// One finding in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind.
    pub code: Code,
    /// How grave.
    pub severity: Severity,
    /// In which file.
    pub file: FileId,
    /// Where in it, in bytes from its start.
    pub span: Span,
    /// What is wrong, as a sentence.
    pub message: String,
    /// What to do about it, if that can be said.
    pub hint: Option<String>,
}

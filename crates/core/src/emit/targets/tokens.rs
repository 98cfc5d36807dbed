//! What the outputs for editors know of a language: its keywords in their order, and its terminals with their roles.

use crate::emit::Input;
use crate::model::config::Version;
use crate::model::{self, Language};
use crate::text::regex::{self, Ends};

pub(super) use crate::model::Role;

/// The reachable keywords, longer ones first.
pub(super) fn keywords<'a>(input: Input<'a>, language: &'a Language) -> Vec<&'a str> {
    let keywords = language.sorted_keywords(input.sources, &input.config.version);
    keywords.iter().map(|&keyword| input.sources.names.get(keyword)).collect()
}

/// Whether a keyword is a word, not a symbol: has a letter of ASCII in it.
pub(super) fn is_word(keyword: &str) -> bool {
    keyword.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// A terminal rule.
pub(super) struct Terminal<'a> {
    pub(super) name: &'a str,
    /// What it returns, if it says so.
    pub(super) ty: Option<&'a str>,
    /// What it matches, as JavaScript prints it.
    pub(super) regex: &'a str,
    pub(super) role: Role,
    rule: &'a model::Terminal,
}

/// All terminal rules, reachable or not.
pub(super) fn terminals<'a>(input: Input<'a>, language: &'a Language) -> Vec<Terminal<'a>> {
    let names = &input.sources.names;
    let terminals = language.terminals(input.sources).iter();
    let terminal = |rule: &'a model::Terminal| {
        let (name, ty) = (names.get(rule.name), rule.ty.map(|ty| names.get(ty)));
        Terminal { name, ty, regex: &rule.regex, role: rule.role, rule }
    };
    terminals.map(terminal).collect()
}

impl Terminal<'_> {
    /// Whether it stands for string literals: by its name, as nothing else tells.
    pub(super) fn is_string(&self) -> bool {
        self.name.eq_ignore_ascii_case("string")
    }

    /// Whether it matches somewhere in `text`, which is in UTF-16.
    pub(super) fn matches(&self, text: &[u16]) -> bool {
        self.rule.program.as_ref().is_some_and(|program| program.test(text))
    }

    /// How the matches of each of its alternatives start and end.
    pub(super) fn ends(&self, version: &Version) -> Vec<Ends> {
        regex::ends(self.rule.source(), version.minor >= 2)
    }
}

//! What the outputs for editors know of a language: its keywords in their order, and its terminals with their roles.

use crate::emit::Input;
use crate::model::config::Version;
use crate::model::{Language, reachable_keywords, reachable_rules, terminal_regex};
use crate::text::collate::{compare_texts, compare_utf16};
use crate::text::regex::{self, Ends, Regex};
use crate::tree::{DeclarationKind, Kind};

/// The reachable keywords (`collectKeywords` in `langium-util.ts`, langium-cli 4.4.0): longer ones first, so that none
/// hides behind a part of it, then by alphabet. Until 4.3 they were sorted by UTF-16 code units alone.
pub(super) fn keywords<'a>(input: Input<'a>, language: &Language) -> Vec<&'a str> {
    let reachable = reachable_rules(input.sources, language, false);
    let keywords = reachable_keywords(input.sources, language, &reachable);
    let mut keywords: Vec<&str> = keywords.into_iter().map(|keyword| input.sources.names.get(keyword)).collect();
    if input.config.version.minor < 4 {
        keywords.sort_by(|a, b| compare_utf16(a, b));
    } else {
        sort_longest_first(&mut keywords, compare_texts);
    }
    keywords
}

/// Sorts by descending length in UTF-16 code units, then as `compare` says.
pub(super) fn sort_longest_first(texts: &mut Vec<&str>, compare: impl Fn(&str, &str) -> std::cmp::Ordering) {
    let mut measured: Vec<(usize, &str)> = texts.iter().map(|text| (text.encode_utf16().count(), *text)).collect();
    measured.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| compare(a.1, b.1)));
    texts.clear();
    texts.extend(measured.into_iter().map(|(_, text)| text));
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
    pub(super) regex: String,
    pub(super) role: Role,
    /// Absent if `regex` is invalid, so that it matches nothing.
    program: Option<Regex>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Matches somewhere in white space.
    WhiteSpace,
    /// Any other hidden terminal (`isCommentTerminal` in `grammar-utils.ts`, langium 4.4.0).
    Comment,
    /// Anything else.
    Token,
}

/// All terminal rules, reachable or not.
pub(super) fn terminals<'a>(input: Input<'a>, language: &Language) -> Vec<Terminal<'a>> {
    let (sources, names) = (input.sources, &input.sources.names);
    let mut terminals = Vec::new();
    for &element in &language.rules {
        let item = element.item(sources);
        let DeclarationKind::TerminalRule { name, hidden, ty, .. } = item.declaration.kind else { continue };
        let mut regex = String::new();
        if terminal_regex(sources, language, element, &mut regex).is_err() {
            unreachable!("a check makes sure that no terminal calls itself");
        }
        let (source, flags) = split(&regex);
        let program = Regex::new(source, flags);
        let role = match &program {
            Some(program) if program.matches_white_space() => Role::WhiteSpace,
            _ if hidden => Role::Comment,
            _ => Role::Token,
        };
        let returned = |ty| if let Kind::ReturnType { name } = item.node(ty).kind { Some(names.get(name)) } else { None };
        let ty = ty.and_then(returned);
        terminals.push(Terminal { name: names.get(name), ty, regex, role, program });
    }
    terminals
}

impl Terminal<'_> {
    /// Whether it stands for string literals: by its name, as nothing else tells.
    pub(super) fn is_string(&self) -> bool {
        self.name.eq_ignore_ascii_case("string")
    }

    /// Whether it matches somewhere in `text`, which is in UTF-16.
    pub(super) fn matches(&self, text: &[u16]) -> bool {
        self.program.as_ref().is_some_and(|program| program.test(text))
    }

    /// How the matches of each of its alternatives start and end.
    pub(super) fn ends(&self, version: &Version) -> Vec<Ends> {
        regex::ends(split(&self.regex).0, version.minor >= 2)
    }
}

/// Source and flags of a printed regular expression.
fn split(regex: &str) -> (&str, &str) {
    regex[1..].rsplit_once('/').unwrap_or((&regex[1..], ""))
}

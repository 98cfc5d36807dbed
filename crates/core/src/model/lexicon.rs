//! What several outputs ask of the words of a language, found out once, by the first that asks.

use std::sync::OnceLock;

use super::config::Version;
use super::{Language, Sources, reachable_keywords, reachable_rules, terminal_regex};
use crate::text::Name;
use crate::text::collate::{compare_texts, compare_utf16};
use crate::text::regex::Regex;
use crate::tree::{DeclarationKind, Kind};

/// Keywords and terminals of a [`Language`]. Outputs of one language are rendered at the same time; the three for editors
/// need the same, and finding it out was two thirds of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Lexicon {
    words: OnceLock<Words>,
    sorted: OnceLock<Vec<Name>>,
    terminals: OnceLock<Vec<Terminal>>,
}

/// What the parser can get to.
#[derive(Clone, Debug)]
pub struct Words {
    /// For each of [`Language::rules`], whether it can be reached; terminals that only other terminals use cannot.
    pub reachable: Vec<bool>,
    /// The values of all keywords in reachable rules, in order of appearance.
    pub keywords: Vec<Name>,
}

/// A terminal rule.
#[derive(Clone, Debug)]
pub struct Terminal {
    /// Its name.
    pub name: Name,
    /// What it returns, if it says so.
    pub ty: Option<Name>,
    /// What it matches, as JavaScript prints it.
    pub regex: String,
    /// What it is for.
    pub role: Role,
    /// Absent if `regex` is invalid, so that it matches nothing.
    pub program: Option<Regex>,
}

/// What a terminal rule is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Matches somewhere in white space.
    WhiteSpace,
    /// Any other hidden terminal (`isCommentTerminal` in `grammar-utils.ts`, langium 4.4.0).
    Comment,
    /// Anything else.
    Token,
}

/// `sources` must be those that the language comes from, the same in each call.
impl Language {
    /// Its reachable rules and keywords.
    pub fn words(&self, sources: &Sources) -> &Words {
        self.words_of(sources, None)
    }

    /// The same. If it is `known` which rules are reachable, only keywords are looked for.
    pub(super) fn words_of(&self, sources: &Sources, known: Option<&[bool]>) -> &Words {
        self.lexicon.words.get_or_init(|| {
            let reachable = known.map_or_else(|| reachable_rules(sources, self, false), <[bool]>::to_vec);
            debug_assert!(known.is_none() || reachable == reachable_rules(sources, self, false), "declarations show too little");
            let keywords = reachable_keywords(sources, self, &reachable);
            Words { reachable, keywords }
        })
    }

    /// The reachable keywords (`collectKeywords` in `langium-util.ts`, langium-cli 4.4.0): longer ones first, so that none
    /// hides behind a part of it, then by alphabet. Until 4.3 they were sorted by UTF-16 code units alone.
    pub fn sorted_keywords(&self, sources: &Sources, version: &Version) -> &[Name] {
        self.lexicon.sorted.get_or_init(|| {
            let mut keywords = self.words(sources).keywords.clone();
            let text = |name: Name| sources.names.get(name);
            if version.minor < 4 {
                keywords.sort_by(|&a, &b| compare_utf16(text(a), text(b)));
            } else {
                let mut measured: Vec<(usize, Name)> =
                    keywords.iter().map(|&name| (text(name).encode_utf16().count(), name)).collect();
                measured.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| compare_texts(text(a.1), text(b.1))));
                keywords.clear();
                keywords.extend(measured.into_iter().map(|(_, name)| name));
            }
            keywords
        })
    }

    /// All terminal rules, reachable or not.
    pub fn terminals(&self, sources: &Sources) -> &[Terminal] {
        self.lexicon.terminals.get_or_init(|| {
            let terminal = |&element: &super::Element| {
                let item = element.item(sources);
                let DeclarationKind::TerminalRule { name, hidden, ty, .. } = item.declaration.kind else { return None };
                let mut regex = String::new();
                if terminal_regex(sources, self, element, &mut regex).is_err() {
                    unreachable!("a check makes sure that no terminal calls itself");
                }
                let (source, flags) = split(&regex);
                let program = Regex::new(source, flags);
                let role = match &program {
                    Some(program) if program.matches_white_space() => Role::WhiteSpace,
                    _ if hidden => Role::Comment,
                    _ => Role::Token,
                };
                let returned = |ty| if let Kind::ReturnType { name } = item.node(ty).kind { Some(name) } else { None };
                Some(Terminal { name, ty: ty.and_then(returned), regex, role, program })
            };
            self.rules.iter().filter_map(terminal).collect()
        })
    }
}

impl Terminal {
    /// The regular expression without slashes and flags.
    pub fn source(&self) -> &str {
        split(&self.regex).0
    }
}

/// Source and flags of a printed regular expression.
fn split(regex: &str) -> (&str, &str) {
    regex[1..].rsplit_once('/').unwrap_or((&regex[1..], ""))
}

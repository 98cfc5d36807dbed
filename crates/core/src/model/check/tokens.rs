//! Terminals that Chevrotain, with which Langium parses, does not accept for a lexer (`findUnreachablePatterns`,
//! `findDuplicatePatterns` and others in its `lexer.js`; the order of tokens is that of langium's `token-builder.ts`).
//! It prints them without places; here they have one, and a message of ours.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::LanguageContext;
use super::regex::certainly_consumes;
use crate::model::language::Element;
use crate::model::terminal_regex::regex_parts;
use crate::text::{Code, Name, Problem, Severity, js};
use crate::tree::{DeclarationKind, Kind, Node, NodeId};

/// All of it: the terminals' regular expressions are made once.
pub(super) fn terminals(context: LanguageContext<'_>, problems: &mut Vec<Problem>) {
    let LanguageContext { sources, language, reachable, keywords, .. } = context;
    let called = |_: Element, _: NodeId, name| Some(language.rules[language.terminal(name)? as usize]);
    let mut terminals = Vec::new();
    for (&element, _) in language.rules.iter().zip(reachable).filter(|&(_, &reachable)| reachable) {
        if let DeclarationKind::TerminalRule { name, fragment: false, .. } = element.kind(sources)
            && let Ok((source, flags)) = regex_parts(sources, &called, element)
        {
            terminals.push(Terminal { element, name: sources.names.get(name), source, flags, compiled: None });
        }
    }
    let mut finder = Finder { context, problems };
    finder.invalid(&mut terminals);
    finder.anchored(&terminals);
    finder.repeated(&terminals);
    finder.hidden_by_keywords(&terminals, keywords);
    finder.hidden_by_terminals(&terminals);
}

struct Terminal<'a> {
    element: Element,
    name: &'a str,
    source: String,
    flags: &'a str,
    compiled: Option<regress::Regex>,
}

impl Terminal<'_> {
    /// Whether Chevrotain looks at the regular expression; those with other flags are functions to it.
    fn is_plain(&self) -> bool {
        !self.flags.contains(['u', 's'])
    }

    /// Whether it matches nothing but its own source (`noMetaChar`).
    fn is_text(&self) -> bool {
        self.is_plain() && !self.source.contains(['.', '\\', '[', ']', '|', '^', '$', '(', ')', '?', '*', '+', '{'])
    }

    /// `usesLookAheadOrBehind`
    fn looks_around(&self) -> bool {
        ["(?=", "(?!", "(?<=", "(?<!"].iter().any(|look| self.source.contains(look))
    }
}

struct Finder<'a, 'p> {
    context: LanguageContext<'a>,
    problems: &'p mut Vec<Problem>,
}

impl Finder<'_, '_> {
    fn report(&mut self, element: Element, code: Code, message: String) {
        let declaration = element.item(self.context.sources).declaration;
        let span = declaration.name_span.shifted(declaration.region.start);
        self.problems.push(Problem::new(Severity::Error, code, element.file, span, message));
    }

    /// Reports where a keyword is written first.
    fn report_keyword(&mut self, name: Name, message: String) {
        let LanguageContext { sources, language, .. } = self.context;
        for element in &language.rules {
            let item = element.item(sources);
            let is_it = |node: &&Node| matches!(node.kind, Kind::Keyword { value, .. } if value == name);
            if let Some(node) = item.nodes.iter().find(is_it) {
                let span = item.span(node).shifted(item.declaration.region.start);
                self.problems.push(Problem::new(Severity::Error, Code::UnreachableTerminal, element.file, span, message));
                return;
            }
        }
    }

    fn invalid(&mut self, terminals: &mut [Terminal<'_>]) {
        for terminal in terminals {
            match regress::Regex::with_flags(&terminal.source, terminal.flags) {
                Ok(regex) => terminal.compiled = Some(regex),
                Err(error) => {
                    let message = format!("The regular expression of terminal '{}' is invalid: {error}.", terminal.name);
                    self.report(terminal.element, Code::InvalidRegex, message);
                }
            }
        }
    }

    /// `findEndOfInputAnchor` and `findStartOfInputAnchor`
    fn anchored(&mut self, terminals: &[Terminal<'_>]) {
        for terminal in terminals.iter().filter(|terminal| terminal.is_plain()) {
            if let Some(anchor) = anchor(&terminal.source) {
                let message =
                    format!("Terminal '{}' contains the anchor '{anchor}', which lexers do not support.", terminal.name);
                self.report(terminal.element, Code::AnchoredTerminal, message);
            }
        }
    }

    /// `findDuplicatePatterns`
    fn repeated(&mut self, terminals: &[Terminal<'_>]) {
        let mut first: FxHashMap<&str, &str> = FxHashMap::default();
        for terminal in terminals.iter().filter(|terminal| terminal.is_plain()) {
            match first.get(terminal.source.as_str()) {
                None => {
                    first.insert(&terminal.source, terminal.name);
                }
                Some(first) => {
                    let message = format!("Terminals '{first}' and '{}' have the same regular expression.", terminal.name);
                    self.report(terminal.element, Code::DuplicateTerminal, message);
                }
            }
        }
    }

    /// Keywords come before all terminals. Where case does not matter, they are regular expressions too, and hide also
    /// what only begins like them.
    fn hidden_by_keywords(&mut self, terminals: &[Terminal<'_>], keywords: &[Name]) {
        let ignore_case = self.context.config.languages[self.context.language.config].case_insensitive;
        if !ignore_case && !terminals.iter().any(Terminal::is_text) {
            return;
        }
        let mut seen: FxHashSet<Cow<'_, str>> = FxHashSet::default();
        for &name in keywords {
            let keyword = self.context.sources.names.get(name);
            if !seen.insert(folded(keyword, ignore_case)) && js::escape_regexp(keyword) == keyword {
                let message = format!("Keyword '{keyword}' can never be matched: another one differs from it by case alone.");
                self.report_keyword(name, message);
            }
        }
        for terminal in terminals.iter().filter(|terminal| terminal.is_text()) {
            let text = folded(&terminal.source, ignore_case);
            let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
            let hiding = match ignore_case {
                true => ends.map(|end| &text[..end]).find(|prefix| seen.contains(*prefix)),
                false => Some(&*text).filter(|text| seen.contains(*text)),
            };
            if let Some(keyword) = hiding {
                let message = format!("Terminal '{}' can never be matched: keyword '{keyword}' comes first.", terminal.name);
                self.report(terminal.element, Code::UnreachableTerminal, message);
            }
        }
    }

    /// Of those that hide a terminal, the first one counts. Where each would be run on each text, a language of many
    /// terminals would take the square of their number.
    fn hidden_by_terminals(&mut self, terminals: &[Terminal<'_>]) {
        let mut texts: FxHashMap<&str, usize> = FxHashMap::default();
        let mut by_start: FxHashMap<u8, Vec<usize>> = FxHashMap::default();
        let mut others: Vec<usize> = Vec::new();
        for (index, terminal) in terminals.iter().enumerate() {
            let source = terminal.source.as_str();
            if terminal.is_text() {
                let hides = |&&other: &&usize| {
                    let other = &terminals[other];
                    let found = other.compiled.as_ref().and_then(|regex| regex.find(source));
                    found.is_some_and(|found| found.start() == 0)
                };
                let same_start = source.bytes().next().and_then(|byte| by_start.get(&byte.to_ascii_lowercase()));
                let ends = source.char_indices().map(|(at, char)| at + char.len_utf8()).chain([0]);
                let prefix = ends.filter_map(|end| texts.get(&source[..end]).copied()).min();
                let other = others.iter().find(hides).copied();
                let same_start = same_start.and_then(|list| list.iter().find(hides)).copied();
                if let Some(first) = [prefix, other, same_start].into_iter().flatten().min() {
                    let message = format!(
                        "Terminal '{}' can never be matched: terminal '{}' comes first.",
                        terminal.name, terminals[first].name
                    );
                    self.report(terminal.element, Code::UnreachableTerminal, message);
                }
            }
            if terminal.is_text() && terminal.flags.is_empty() {
                texts.entry(source).or_insert(index);
            } else if !terminal.looks_around() {
                // What has to begin with a certain letter is run only on texts that do.
                match source.bytes().next() {
                    Some(first) if certainly_consumes(source) && terminal.is_plain() => {
                        by_start.entry(first.to_ascii_lowercase()).or_default().push(index);
                    }
                    _ => others.push(index),
                }
            }
        }
    }
}

fn folded(text: &str, ignore_case: bool) -> Cow<'_, str> {
    if ignore_case { Cow::Owned(text.to_lowercase()) } else { Cow::Borrowed(text) }
}

/// The first `^` or `$` that is neither escaped nor in a class.
fn anchor(source: &str) -> Option<char> {
    let mut in_class = false;
    let mut chars = source.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => {
                chars.next();
            }
            '[' => in_class = true,
            ']' => in_class = false,
            '^' | '$' if !in_class => return Some(char),
            _ => {}
        }
    }
    None
}

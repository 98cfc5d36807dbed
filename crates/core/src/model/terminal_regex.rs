//! The regular expression of a terminal rule (`terminalRegex` in `grammar-utils.ts`, langium 4.4.0).

use super::{Element, Language, Sources};
use crate::text::js;
use crate::tree::{DeclarationKind, Flags, Item, Kind, Lookahead, Node, NodeId};

/// A terminal rule calls itself, directly or not, or something that is no terminal rule: it has no regular expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRegex;

/// Appends the regular expression of the terminal rule `rule` as JavaScript prints it, for example `/[a-z]+/i`.
/// If there is none, `out` stays as it was.
pub fn terminal_regex(sources: &Sources, language: &Language, rule: Element, out: &mut String) -> Result<(), NoRegex> {
    let (item, definition) = definition(sources, rule).ok_or(NoRegex)?;
    let mut writer = Writer { sources, language, source: String::new(), open: vec![rule] };
    writer.element(item, definition)?;
    js::push_regexp(out, &writer.source, flags(sources, item.node(definition)));
    Ok(())
}

fn definition(sources: &Sources, rule: Element) -> Option<(Item<'_>, NodeId)> {
    let item = rule.item(sources);
    match item.declaration.kind {
        DeclarationKind::TerminalRule { definition, .. } => Some((item, definition)),
        _ => None,
    }
}

/// Only those of a regular expression that is the whole definition count; others than `i`, `s` and `u` never do.
fn flags<'s>(sources: &'s Sources, definition: &Node) -> &'s str {
    const FLAGS: [&str; 8] = ["", "i", "s", "is", "u", "iu", "su", "isu"];
    let Kind::RegexToken { regex } = definition.kind else { return "" };
    let (_, flags) = split(sources.names.get(regex));
    let bit = |flag: char, bit: usize| if flags.contains(flag) { bit } else { 0 };
    FLAGS[bit('i', 1) | bit('s', 2) | bit('u', 4)]
}

/// Source and flags of a regular expression literal.
fn split(literal: &str) -> (&str, &str) {
    literal[1..].rsplit_once('/').unwrap_or((&literal[1..], ""))
}

struct Writer<'a> {
    sources: &'a Sources,
    language: &'a Language,
    source: String,
    /// The terminal rules that are being written, outermost first.
    open: Vec<Element>,
}

const WILDCARD: &str = r"[\s\S]";

impl Writer<'_> {
    fn element(&mut self, item: Item<'_>, id: NodeId) -> Result<(), NoRegex> {
        let node = item.node(id);
        let parenthesized = node.flags.has(Flags::PARENTHESIZED);
        let group = match node.lookahead {
            Lookahead::None if parenthesized => "(",
            Lookahead::None if always_grouped(node.kind) => "(?:",
            Lookahead::None => "",
            Lookahead::Ahead => "(?=",
            Lookahead::NotAhead => "(?!",
            Lookahead::Behind => "(?<=",
            Lookahead::NotBehind => "(?<!",
        };
        self.source.push_str(group);
        self.content(item, node.kind)?;
        if !group.is_empty() {
            self.source.push(')');
        }
        self.source.push_str(node.cardinality.text());
        Ok(())
    }

    fn content(&mut self, item: Item<'_>, kind: Kind) -> Result<(), NoRegex> {
        match kind {
            Kind::TerminalAlternatives { elements } => {
                for (index, element) in item.ids(elements).enumerate() {
                    if index > 0 {
                        self.source.push('|');
                    }
                    self.element(item, element)?;
                }
            }
            Kind::TerminalGroup { elements } => {
                for element in item.ids(elements) {
                    self.element(item, element)?;
                }
            }
            Kind::CharacterRange { left, right: None } => self.keyword(item, left),
            Kind::CharacterRange { left, right: Some(right) } => {
                self.source.push('[');
                self.keyword(item, left);
                self.source.push('-');
                self.keyword(item, right);
                self.source.push(']');
            }
            Kind::TerminalRuleCall { rule } => {
                let rule = self.language.rules[self.language.terminal(rule).ok_or(NoRegex)? as usize];
                if self.open.contains(&rule) {
                    return Err(NoRegex);
                }
                let (item, definition) = definition(self.sources, rule).ok_or(NoRegex)?;
                self.open.push(rule);
                self.element(item, definition)?;
                self.open.pop();
            }
            Kind::NegatedToken { terminal } => {
                self.source.push_str("(?!");
                self.element(item, terminal)?;
                self.source.extend([")", WILDCARD, "*?"]);
            }
            Kind::UntilToken { terminal } => {
                self.source.extend([WILDCARD, "*?"]);
                self.element(item, terminal)?;
            }
            Kind::RegexToken { regex } => self.source.push_str(split(self.sources.names.get(regex)).0),
            Kind::Wildcard => self.source.push_str(WILDCARD),
            _ => unreachable!("{kind:?} is no part of a terminal rule"),
        }
        Ok(())
    }

    fn keyword(&mut self, item: Item<'_>, id: NodeId) {
        if let Kind::Keyword { value, .. } = item.node(id).kind {
            self.source.push_str(&js::escape_regexp(self.sources.names.get(value)));
        }
    }
}

/// Whether the element gets a group of its own even if it stands in no parentheses.
fn always_grouped(kind: Kind) -> bool {
    matches!(kind, Kind::TerminalRuleCall { .. } | Kind::NegatedToken { .. } | Kind::UntilToken { .. } | Kind::Wildcard)
}

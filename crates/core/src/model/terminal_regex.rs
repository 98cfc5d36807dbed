//! The regular expression of a terminal rule (`terminalRegex` in `grammar-utils.ts`, langium 4.4.0).

use super::{Element, Language, Sources};
use crate::text::{Name, js};
use crate::tree::{DeclarationKind, Flags, Item, Kind, Lookahead, Node, NodeId};

/// A terminal rule calls itself, directly or not, or something that is no terminal rule: it has no regular expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRegex;

/// Appends the regular expression of the terminal rule `rule` as JavaScript prints it, for example `/[a-z]+/i`.
/// If there is none, `out` stays as it was.
pub fn terminal_regex(sources: &Sources, language: &Language, rule: Element, out: &mut String) -> Result<(), NoRegex> {
    let called = |_: Element, _: NodeId, name| Some(language.rules[language.terminal(name)? as usize]);
    let (source, flags) = regex_parts(sources, &called, rule)?;
    js::push_regexp(out, &source, flags);
    Ok(())
}

/// Finds the terminal rule that a `TerminalRuleCall` calls, from the calling rule, the node and the name.
pub(super) type Called<'a> = &'a dyn Fn(Element, NodeId, Name) -> Option<Element>;

/// Source and flags of the regular expression of the terminal rule `rule`.
pub(super) fn regex_parts<'s>(sources: &'s Sources, called: Called<'_>, rule: Element) -> Result<(String, &'s str), NoRegex> {
    let (item, definition) = definition(sources, rule).ok_or(NoRegex)?;
    let mut writer = Writer { sources, calls: Calls::WrittenOut(called), source: String::new(), open: vec![rule] };
    writer.element(item, definition)?;
    Ok((writer.source, flags(sources, item.node(definition))))
}

/// Source and flags of the regular expression of the terminal rule `rule`, with what `stand_in` says in place of each call.
pub(super) fn regex_without_calls<'s>(
    sources: &'s Sources,
    stand_in: &dyn Fn(NodeId) -> Option<&'static str>,
    rule: Element,
) -> Result<(String, &'s str), NoRegex> {
    let (item, definition) = definition(sources, rule).ok_or(NoRegex)?;
    let mut writer = Writer { sources, calls: Calls::StandIn(stand_in), source: String::new(), open: vec![rule] };
    writer.element(item, definition)?;
    Ok((writer.source, flags(sources, item.node(definition))))
}

fn definition(sources: &Sources, rule: Element) -> Option<(Item<'_>, NodeId)> {
    let item = rule.item(sources);
    let DeclarationKind::TerminalRule { definition, .. } = item.declaration.kind else { return None };
    Some((item, definition))
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

/// What to write for a call of another terminal rule.
#[derive(Clone, Copy)]
enum Calls<'a> {
    WrittenOut(Called<'a>),
    StandIn(&'a dyn Fn(NodeId) -> Option<&'static str>),
}

struct Writer<'a> {
    sources: &'a Sources,
    calls: Calls<'a>,
    source: String,
    /// The terminal rules that are being written, outermost first.
    open: Vec<Element>,
}

/// How long a regular expression may become, in bytes. What is longer is reported, and of no use.
const LONGEST: usize = 4 << 20;

const WILDCARD: &str = r"[\s\S]";

impl Writer<'_> {
    fn element(&mut self, item: Item<'_>, id: NodeId) -> Result<(), NoRegex> {
        if self.source.len() > LONGEST {
            return Err(NoRegex);
        }
        let node = item.node(id);
        let parenthesized = node.flags().has(Flags::PARENTHESIZED);
        let group = match node.lookahead() {
            Lookahead::None if parenthesized => "(",
            Lookahead::None if always_grouped(node.kind) => "(?:",
            Lookahead::None => "",
            Lookahead::Ahead => "(?=",
            Lookahead::NotAhead => "(?!",
            Lookahead::Behind => "(?<=",
            Lookahead::NotBehind => "(?<!",
        };
        self.source.push_str(group);
        self.content(item, id, node.kind)?;
        if !group.is_empty() {
            self.source.push(')');
        }
        self.source.push_str(node.cardinality().text());
        Ok(())
    }

    fn content(&mut self, item: Item<'_>, id: NodeId, kind: Kind) -> Result<(), NoRegex> {
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
                let Some(&caller) = self.open.last() else { return Err(NoRegex) };
                let called = match self.calls {
                    Calls::WrittenOut(called) => called,
                    Calls::StandIn(stand_in) => {
                        self.source.push_str(stand_in(id).ok_or(NoRegex)?);
                        return Ok(());
                    }
                };
                let rule = called(caller, id, rule).ok_or(NoRegex)?;
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
            Kind::Alternatives { .. }
            | Kind::UnorderedGroup { .. }
            | Kind::Group { .. }
            | Kind::Keyword { .. }
            | Kind::RuleCall { .. }
            | Kind::Assignment { .. }
            | Kind::CrossReference { .. }
            | Kind::Action { .. }
            | Kind::InferringAction { .. }
            | Kind::EndOfFile
            | Kind::Parameter { .. }
            | Kind::InferredType { .. }
            | Kind::NamedArgument { .. }
            | Kind::InfixOperators { .. }
            | Kind::InfixPrecedence { .. }
            | Kind::Disjunction { .. }
            | Kind::Conjunction { .. }
            | Kind::Negation { .. }
            | Kind::ParameterReference { .. }
            | Kind::ReturnType { .. }
            | Kind::UnionType { .. }
            | Kind::ArrayType { .. }
            | Kind::ReferenceType { .. }
            | Kind::TypeReference { .. }
            | Kind::PrimitiveType { .. }
            | Kind::StringType { .. }
            | Kind::TypeAttribute { .. }
            | Kind::StringLiteral { .. }
            | Kind::NumberLiteral { .. }
            | Kind::BooleanLiteral { .. }
            | Kind::ArrayLiteral { .. } => unreachable!("{kind:?} is no part of a terminal rule"),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{File, language};
    use super::*;
    use crate::syntax;
    use crate::text::FileId;

    /// Definition of a terminal rule, and the regular expression; none for cycles. Recorded from langium 4.4.0.
    const CASES: &[(&str, Option<&str>)] = &[
        (r"/[a-z]+\/[/]/i", Some(r"/[a-z]+\/[/]/i")),
        ("(/a/ius)+", Some("/(a)+/isu")),
        ("/a/i /b/", Some("/ab/")),
        ("'a.b' | '/'", Some(r"/a\.b|\//")),
        ("'a'..'z' ('0'..'9')*", Some("/[a-z]([0-9])*/")),
        (".+", Some(r"/(?:[\s\S])+/")),
        ("!'x' -> 'y'", Some(r"/(?:(?!x)[\s\S]*?)(?:[\s\S]*?y)/")),
        ("(?= 'a'?)+ (?! 'b') (?<= 'c') (?<! ('d' | 'e'))", Some("/(?=a)+(?!b)(?<=c)(?<!d|e)/")),
        ("A* (B | (?! A))", Some("/(?:a)*((?:(?:a)(?:a))|(?!a))/")),
        ("X", None),
        ("'c' C", None),
    ];

    const OTHERS: &str = "terminal A: /a/i; terminal fragment B: A A; terminal C: D; terminal D: 'd' | C;";

    #[test]
    fn terminal_rules() {
        for (definition, expected) in CASES {
            let text = format!("grammar G terminal X: {definition}; {OTHERS}");
            let mut sources = Sources::default();
            let tree = syntax::parse(&text, &mut sources.names);
            sources.files.push(Arc::new(File::new(String::new(), text, tree, Vec::new())));
            let language = language::embed(&sources, FileId(0), 0, None).unwrap();
            let mut found = String::new();
            let result = terminal_regex(&sources, &language, language.rules[0], &mut found);
            assert_eq!(result.is_ok().then_some(found.as_str()), *expected, "{definition}");
        }
    }
}

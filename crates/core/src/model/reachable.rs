//! Which rules the parser can get to.

use super::language::Language;
use super::sources::Sources;
use crate::text::Name;
use crate::tree::{DeclarationKind, Kind};

/// For each of [`Language::rules`], whether it can be reached from the entry rule or is a hidden terminal; all of them
/// if there is no entry rule (`getAllReachableRules` in `grammar-utils.ts`). With `all_terminals`, terminals that only
/// other terminals use count too.
pub fn reachable_rules(sources: &Sources, language: &Language, all_terminals: bool) -> Vec<bool> {
    let Some(entry) = entry_rule(sources, language) else { return vec![true; language.rules.len()] };
    let hidden = |rule: u32| matches!(language.rule_kind(sources, rule), DeclarationKind::TerminalRule { hidden: true, .. });
    let mut reached = vec![false; sources.names.len()];
    let mut pending: Vec<u32> = (0..language.rules.len() as u32).filter(|&rule| rule == entry || hidden(rule)).collect();
    let name_of = |rule: u32| language.rule_kind(sources, rule).name();
    pending.iter().filter_map(|&rule| name_of(rule)).for_each(|name| reached[name.index()] = true);
    while let Some(rule) = pending.pop() {
        for node in language.rule_item(sources, rule).nodes {
            let called = match node.kind {
                Kind::RuleCall { rule, .. } => language.rule(rule),
                Kind::TerminalRuleCall { rule } if all_terminals => language.terminal(rule),
                _ => None,
            };
            if let Some(called) = called
                && let Some(name) = name_of(called)
                && !std::mem::replace(&mut reached[name.index()], true)
            {
                pending.push(called);
            }
        }
    }
    let is_reached = |rule| name_of(rule).is_some_and(|name: Name| reached[name.index()]) || hidden(rule);
    (0..language.rules.len() as u32).map(is_reached).collect()
}

/// The entry rule, as an index into [`Language::rules`].
pub fn entry_rule(sources: &Sources, language: &Language) -> Option<u32> {
    let mut rules = language.rules.iter();
    let is_entry = |element: &super::Element| {
        let kind = element.kind(sources);
        !element.imported && matches!(kind, DeclarationKind::ParserRule { entry: true, .. })
    };
    rules.position(is_entry).map(|index| index as u32)
}

/// The values of all keywords in reachable parser and infix rules, each once, in order of appearance.
pub fn reachable_keywords(sources: &Sources, language: &Language, reachable: &[bool]) -> Vec<Name> {
    let mut seen = vec![false; sources.names.len()];
    let mut keywords = Vec::new();
    for (element, _) in language.rules.iter().zip(reachable).filter(|&(_, &reachable)| reachable) {
        let item = element.item(sources);
        if let DeclarationKind::TerminalRule { .. } = item.declaration.kind {
            continue;
        }
        for node in item.nodes {
            if let Kind::Keyword { value, .. } = node.kind
                && !std::mem::replace(&mut seen[value.index()], true)
            {
                keywords.push(value);
            }
        }
    }
    keywords
}

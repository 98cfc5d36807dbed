//! Rules that no way leads to.

use rustc_hash::FxHashSet;

use super::project::Grammar;
use crate::model::links::DeclarationId;
use crate::text::{Code, Name, Problem};
use crate::tree::{DeclarationKind, Kind, Returns};

/// `checkGrammarForUnusedRules`
pub(super) fn rules(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let Some(reached) = reached_names(grammar) else { return };
    let mut referenced: Option<FxHashSet<DeclarationId>> = None;
    for rule in grammar.rules() {
        let (is_hidden, is_parser_rule) = match rule.kind() {
            DeclarationKind::TerminalRule { hidden, .. } => (hidden, false),
            DeclarationKind::ParserRule { .. } => (false, true),
            _ => (false, false),
        };
        if is_hidden || rule.kind().name().is_some_and(|name| reached.contains(&name)) {
            continue;
        }
        if is_parser_rule && referenced.get_or_insert_with(|| referenced_rules(grammar)).contains(&rule.id) {
            let message = "This parser rule is not used for parsing, but referenced by cross-references. \
                           Consider to replace this rule by a type declaration.";
            problems.push(rule.hint(Code::RuleOnlyReferenced, rule.first_token(), message));
        } else {
            let message = "This rule is declared but never referenced.";
            problems.push(rule.hint(Code::UnusedRule, rule.name_place(), message));
        }
    }
}

/// The names of all rules that can be reached from the entry rule and the hidden terminals (`getAllReachableRules`);
/// none if there is no entry rule, and so all can.
fn reached_names(grammar: &Grammar<'_>) -> Option<FxHashSet<Name>> {
    let is_top = |kind| {
        matches!(kind, DeclarationKind::ParserRule { entry: true, .. } | DeclarationKind::TerminalRule { hidden: true, .. })
    };
    let entry = grammar.rules().find(|rule| matches!(rule.kind(), DeclarationKind::ParserRule { entry: true, .. }))?;
    let links = &grammar.project.links;
    let hidden = grammar.rules().filter(|rule| is_top(rule.kind()) && rule.item.declaration.kind.name().is_some());
    let hidden = hidden.filter(|rule| matches!(rule.kind(), DeclarationKind::TerminalRule { .. })).map(|rule| rule.id);
    let mut reached: FxHashSet<Name> = FxHashSet::default();
    // One after the other: what the entry rule calls is followed also if a hidden terminal has the same name.
    for root in std::iter::once(entry.id).chain(hidden) {
        reached.extend(links.kind(root).name());
        let mut pending = vec![root];
        while let Some(rule) = pending.pop() {
            for (index, node) in links.item(rule).nodes.iter().enumerate() {
                if let Kind::RuleCall { .. } | Kind::TerminalRuleCall { .. } = node.kind
                    && let Some(called) = links.called(rule, crate::tree::NodeId::from_index(index))
                    && let Some(name) = links.kind(called).name()
                    && reached.insert(name)
                {
                    pending.push(called);
                }
            }
        }
    }
    Some(reached)
}

/// The parser rules whose types cross-references of the file refer to (`getAllRulesUsedForCrossReferences`).
fn referenced_rules(grammar: &Grammar<'_>) -> FxHashSet<DeclarationId> {
    let links = &grammar.project.links;
    let mut rules = FxHashSet::default();
    for rule in grammar.rules() {
        for (index, node) in rule.item.nodes.iter().enumerate() {
            if let Kind::CrossReference { .. } = node.kind
                && let Some(target) = links.named_type(rule.id, crate::tree::NodeId::from_index(index))
                && let DeclarationKind::ParserRule { returns, .. } = links.kind(target.declaration)
            {
                let own = match (target.node, returns) {
                    (None, _) => true,
                    (Some(node), Returns::Infers(infers)) => node == infers,
                    (Some(_), _) => false,
                };
                if own {
                    rules.insert(target.declaration);
                }
            }
        }
    }
    rules
}

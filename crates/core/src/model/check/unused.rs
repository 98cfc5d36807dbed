//! Rules that no way leads to.

use rustc_hash::FxHashSet;

use super::name_set::NameSet;
use super::overview::Unused;
use super::project::{Declared, Grammar};
use crate::model::links::DeclarationId;
use crate::text::{Code, Name, Problem};
use crate::tree::{Cardinality, DeclarationKind, Kind, NodeId, Predicate, Returns};

/// `checkGrammarForUnusedRules`
pub(super) fn rules(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let mut called: Option<FxHashSet<Name>> = None;
    for &Unused { declaration, is_referenced } in grammar.project.unused(grammar) {
        let rule = grammar.declared(grammar.project.links.declaration(grammar.file, declaration));
        if is_referenced {
            let message = "This parser rule is not used for parsing, but referenced by cross-references. \
                           Consider to replace this rule by a type declaration.";
            let mut problem = rule.hint(Code::RuleOnlyReferenced, rule.first_token(), message);
            let is_called = |name| called.get_or_insert_with(|| called_names(grammar)).contains(&name);
            if is_choice_of_rules(&rule) && !rule.kind().name().is_some_and(is_called) {
                problem = problem.with_fix(rule.absolute(rule.head_place()), format!("type {} =", rule.name()));
            }
            problems.push(problem);
        } else {
            let message = "This rule is declared but never referenced.";
            problems.push(rule.hint(Code::UnusedRule, rule.name_place(), message));
        }
    }
}

/// The rules of a grammar that nobody uses.
pub(super) fn find(grammar: &Grammar<'_>) -> Vec<Unused> {
    let Some(reached) = reached_names(grammar) else { return Vec::new() };
    let mut referenced: Option<FxHashSet<DeclarationId>> = None;
    let is_unused = |kind: &DeclarationKind| {
        let is_hidden = matches!(kind, DeclarationKind::TerminalRule { hidden: true, .. });
        kind.is_rule() && !is_hidden && !kind.name().is_some_and(|name| reached.contains(name))
    };
    let unused = |rule: Declared<'_>| {
        let is_parser_rule = matches!(rule.kind(), DeclarationKind::ParserRule { .. });
        let is_referenced = is_parser_rule && referenced.get_or_insert_with(|| referenced_rules(grammar)).contains(&rule.id);
        Unused { declaration: rule.links().place(rule.id).1, is_referenced }
    };
    grammar.those(is_unused).map(unused).collect()
}

/// Whether a type declaration says the same: the rule is nothing but a choice of rules that create objects of their own
/// types.
fn is_choice_of_rules(rule: &Declared<'_>) -> bool {
    let DeclarationKind::ParserRule { fragment: false, parameters, returns: Returns::Implicit, definition, .. } = rule.kind()
    else {
        return false;
    };
    let creates_its_type = |called: DeclarationId| {
        let (kind, project) = (rule.links().kind(called), rule.project());
        let is_parser_rule = matches!(kind, DeclarationKind::ParserRule { fragment: false, .. });
        is_parser_rule && !project.is_data_type(called) && project.type_name(called) == kind.name()
    };
    let is_call = |id: NodeId| {
        let node = rule.item.node(id);
        let Kind::RuleCall { arguments, predicate: Predicate::None, .. } = node.kind else { return false };
        let is_plain = node.cardinality() == Cardinality::One && rule.item.ids(arguments).len() == 0;
        is_plain && rule.called(id).is_some_and(creates_its_type)
    };
    let node = rule.item.node(definition);
    rule.item.ids(parameters).len() == 0
        && match node.kind {
            Kind::Alternatives { elements } => node.cardinality() == Cardinality::One && rule.item.ids(elements).all(is_call),
            _ => is_call(definition),
        }
}

/// The names of all rules that are called anywhere in the project, if only by rules that are never reached.
fn called_names(grammar: &Grammar<'_>) -> FxHashSet<Name> {
    let items = grammar.project.sources.files.iter().flat_map(|file| file.tree.items());
    let called = items.flat_map(|item| item.nodes).filter_map(|node| match node.kind {
        Kind::RuleCall { rule, .. } => Some(rule),
        _ => None,
    });
    called.collect()
}

/// The names of all rules that can be reached from the entry rule and the hidden terminals (`getAllReachableRules`);
/// none if there is no entry rule, and so all can.
fn reached_names(grammar: &Grammar<'_>) -> Option<NameSet> {
    let entry = grammar.those(|kind| matches!(kind, DeclarationKind::ParserRule { entry: true, .. })).next()?;
    let links = &grammar.project.links;
    let is_hidden = |kind: &DeclarationKind| matches!(kind, DeclarationKind::TerminalRule { hidden: true, .. });
    let hidden = links.declarations(grammar.file).filter(|&id| is_hidden(&links.kind(id)));
    let mut reached = grammar.name_set();
    // One after the other: what the entry rule calls is followed also if a hidden terminal has the same name.
    for root in std::iter::once(entry.id).chain(hidden) {
        links.kind(root).name().map(|name| reached.insert(name));
        let mut pending = vec![root];
        while let Some(rule) = pending.pop() {
            let targets = links.targets(rule);
            for (index, node) in links.item(rule).nodes.iter().enumerate() {
                if let Kind::RuleCall { .. } | Kind::TerminalRuleCall { .. } = node.kind
                    && let Some(called) = targets.rule(NodeId::from_index(index))
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

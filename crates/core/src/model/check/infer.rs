//! Declared types are returned, all others inferred.

use super::name_set::NameSet;
use super::project::{Declared, Grammar};
use crate::model::links::DeclarationId;
use crate::text::{Code, Name, Problem};
use crate::tree::{DeclarationKind, Kind, NodeId, Returns};

/// `checkGrammarTypeInfer`. It looks at one rule after the other: not at those that nothing was wrong with before.
pub(super) fn types(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let declared = declared_types(grammar);
    let creates = |kind: &DeclarationKind| kind.is_rule() && !matches!(kind, DeclarationKind::TerminalRule { .. });
    let (links, verdict) = (&grammar.project.links, grammar.project.verdict(grammar.file));
    let file = grammar.project.sources.file(grammar.file);
    let is_sound = |id| verdict.is_some_and(|verdict| verdict.is_sound(file, links.place(id).1 as usize));
    let wanted = |id: &DeclarationId| creates(&links.kind(*id)) && !is_sound(*id);
    // Gone through twice, as a list of them took 20 MB at a million lines.
    let rules = || links.declarations(grammar.file).filter(wanted).map(|id| grammar.declared(id));
    for rule in rules() {
        rule_type(&rule, &declared, problems);
    }
    for rule in rules() {
        // Actions do not contain each other, so their order among the nodes is that in the text.
        for (index, node) in rule.item.nodes.iter().enumerate() {
            if let Kind::Action { .. } | Kind::InferringAction { .. } = node.kind {
                action_type(&rule, NodeId::from_index(index), &declared, problems);
            }
        }
    }
}

/// Whether [`types`] may have found the problem.
pub(super) fn may_find(problem: &Problem) -> bool {
    matches!(problem.code, Code::TypeNotAllowed | Code::TypeIsDeclared | Code::TypeIsNotDeclared | Code::DataTypeInfers)
}

fn declared_types(grammar: &Grammar<'_>) -> NameSet {
    let links = &grammar.project.links;
    let mut declared = grammar.name_set();
    let declarations = links.visible(grammar.file).iter().flat_map(|&file| links.declarations(file));
    let types = declarations.map(|id| links.kind(id)).filter_map(|kind| match kind {
        DeclarationKind::Interface { name, .. } | DeclarationKind::Type { name, .. } => Some(name),
        _ => None,
    });
    types.for_each(|name| {
        declared.insert(name);
    });
    declared
}

fn rule_type(rule: &Declared<'_>, declared: &NameSet, problems: &mut Vec<Problem>) {
    let (returns, can_be_data) = match rule.kind() {
        DeclarationKind::ParserRule { fragment: false, returns, .. } => (returns, true),
        DeclarationKind::InfixRule { returns, .. } => (returns, false),
        _ => return,
    };
    let is_data_type = can_be_data && rule.project().is_data_type(rule.id);
    let inferred = match returns {
        Returns::Infers(node) => Some(node),
        Returns::Implicit | Returns::Type(_) | Returns::Primitive(_) => None,
    };
    let infers = matches!(returns, Returns::Implicit | Returns::Infers(_));
    let name_place = || inferred.map_or(rule.name_place(), |node| rule.name_in(rule.item.node(node)));
    if rule.project().config.strict_types && infers {
        problems.push(strict(rule, name_place()));
        return;
    }
    if !is_data_type
        && let Some(name) = rule.project().type_name(rule.id)
        && declared.contains(name) == infers
    {
        if infers || rule.links().returned_type(rule.id).is_some() {
            let mut problem = declared_or_not(rule, name_place(), name, infers);
            match inferred {
                Some(node) => {
                    let infers = rule.first_token_of(rule.item.node(node));
                    problem = problem.with_fix(rule.absolute(infers), "returns");
                }
                None if infers && can_be_data => {
                    let returns = format!(" returns {}", rule.project().text(name));
                    problem = problem.with_fix(rule.absolute(rule.place_for_returns()), returns);
                }
                None => {}
            }
            problems.push(problem);
        }
    } else if is_data_type && infers {
        let place = inferred.map_or(rule.first_token(), |node| rule.node_place(node));
        problems.push(rule.error(Code::DataTypeInfers, place, "Data type rules cannot infer a type."));
    }
}

fn action_type(rule: &Declared<'_>, id: NodeId, declared: &NameSet, problems: &mut Vec<Problem>) {
    let node = rule.item.node(id);
    match node.kind {
        Kind::InferringAction { inferred, .. } => {
            let inferred = rule.item.node(inferred);
            let Kind::InferredType { name } = inferred.kind else { return };
            if rule.project().config.strict_types {
                problems.push(strict(rule, rule.name_in(inferred)));
            } else if declared.contains(name) {
                let message = format!("{} is a declared type and cannot be redefined.", rule.project().text(name));
                let place = rule.name_in(inferred);
                let problem = rule.error(Code::TypeIsDeclared, rule.item.span(node), message);
                problems.push(
                    problem.with_fix(rule.absolute(crate::text::Span::new(rule.item.span(inferred).start, place.start)), ""),
                );
            }
        }
        Kind::Action { ty, .. } if !declared.contains(ty) && rule.named_type(id).is_some() => {
            let place = rule.name_in(node);
            let insert = rule.absolute(crate::text::Span::new(place.start, place.start));
            problems.push(declared_or_not(rule, place, ty, false).with_fix(insert, "infer "));
        }
        _ => {}
    }
}

fn strict(rule: &Declared<'_>, place: crate::text::Span) -> Problem {
    rule.error(Code::TypeNotAllowed, place, "Inferred types are not allowed in strict mode.")
}

fn declared_or_not(rule: &Declared<'_>, place: crate::text::Span, name: Name, infers: bool) -> Problem {
    let name = rule.project().text(name);
    if infers {
        let message = format!("The type '{name}' is already explicitly declared and cannot be inferred.");
        rule.error(Code::TypeIsDeclared, place, message).with_hint(format!("write 'returns {name}'"))
    } else {
        let message = format!("The type '{name}' is not explicitly declared and must be inferred.");
        rule.error(Code::TypeIsNotDeclared, place, message)
    }
}

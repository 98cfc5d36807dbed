//! Names that are declared nowhere in sight: neither in the file nor in what it imports
//! (`createLinkingError` in langium's `linker.ts`, scopes of `grammar-scope.ts`).

use super::Site;
use super::parameters::{names, parameters};
use super::project::{Declared, Grammar};
use crate::model::links::DeclarationId;
use crate::text::{Code, Name, Problem, Span};
use crate::tree::{DeclarationKind, Kind, List, Returns};

/// The names in the frame of a declaration.
pub(super) fn of_declaration(declared: &Declared<'_>, found: &mut Vec<Unresolved>) {
    match declared.kind() {
        DeclarationKind::Interface { super_types, .. } => {
            let targets = declared.links().super_types(declared.id);
            for (index, (name, target)) in declared.item.names(super_types).zip(targets).enumerate() {
                if target.is_none() {
                    found.push(unresolved(declared, "AbstractType", name, declared.super_type_place(index)));
                }
            }
        }
        DeclarationKind::ParserRule { returns: Returns::Type(name), .. }
        | DeclarationKind::InfixRule { returns: Returns::Type(name), .. }
            if declared.links().returned_type(declared.id).is_none() =>
        {
            found.push(unresolved(declared, "AbstractType", name, declared.returned_place()));
        }
        _ => {}
    }
}

/// The name in a node.
#[inline]
pub(super) fn of_node(site: &Site<'_>, found: &mut Vec<Unresolved>) {
    let Site { owner, id, node, .. } = site;
    match node.kind {
        Kind::RuleCall { rule, arguments, .. } => {
            if owner.called(*id).is_none() {
                found.push(unresolved(owner, "AbstractRule", rule, owner.name_in(node)));
            }
            if !arguments.is_empty() {
                self::arguments(site, arguments, found);
            }
        }
        Kind::TerminalRuleCall { rule } if owner.called(*id).is_none() => {
            found.push(unresolved(owner, "TerminalRule", rule, owner.name_in(node)));
        }
        Kind::CrossReference { ty, .. } | Kind::Action { ty, .. } | Kind::TypeReference { ty }
            if owner.named_type(*id).is_none() =>
        {
            found.push(unresolved(owner, "AbstractType", ty, owner.name_in(node)));
        }
        Kind::ParameterReference { parameter } if !has_parameter(owner, parameter) => {
            found.push(unresolved(owner, "Parameter", parameter, owner.name_in(node)));
        }
        _ => {}
    }
}

/// Reported with the call: nodes below the arguments come later, which matters only on one line.
fn arguments(site: &Site<'_>, arguments: List, found: &mut Vec<Unresolved>) {
    let owner = &site.owner;
    let called = owner.called(site.id).map(|called| owner.grammar.declared(called));
    for node in owner.item.ids(arguments).map(|id| owner.item.node(id)) {
        if let Kind::NamedArgument { parameter: Some(parameter), .. } = node.kind
            && !called.as_ref().is_some_and(|called| has_parameter(called, parameter))
        {
            found.push(unresolved(owner, "Parameter", parameter, owner.name_in(node)));
        }
    }
}

fn has_parameter(rule: &Declared<'_>, name: Name) -> bool {
    parameters(rule.kind()).is_some_and(|list| names(rule.item, list).any(|(found, _)| found == name))
}

/// A name that leads nowhere, what it should be, and where it stands.
pub(super) struct Unresolved {
    owner: DeclarationId,
    expected: &'static str,
    name: Name,
    place: Span,
}

fn unresolved(owner: &Declared<'_>, expected: &'static str, name: Name, place: Span) -> Unresolved {
    Unresolved { owner: owner.id, expected, name, place }
}

/// Tells of the names of a file that lead nowhere.
pub(super) fn problems(grammar: &Grammar<'_>, found: &[Unresolved]) -> Vec<Problem> {
    let tell = |(index, &Unresolved { owner, expected, name, place }): (usize, &Unresolved)| {
        let owner = grammar.declared(owner);
        let name = grammar.project.text(name);
        let message = format!("Could not resolve reference to {expected} named '{name}'.");
        let mut problem = owner.error(Code::UnresolvedReference, place, message);
        if index < MOST_SUGGESTIONS {
            problem.hint = suggestion(&owner, expected, name);
        }
        problem
    };
    found.iter().enumerate().map(tell).collect()
}

/// Looking for a likely name among thousands takes longer than the rest of the run; no one reads a hundred of them.
const MOST_SUGGESTIONS: usize = 20;

/// The visible name most like `name`, if one is alike enough to be meant.
fn suggestion(owner: &Declared<'_>, expected: &str, name: &str) -> Option<String> {
    let links = owner.links();
    let visible = || links.visible(owner.grammar.file).iter().flat_map(|&file| links.declarations(file));
    let is_wanted = |kind: &DeclarationKind| match kind {
        DeclarationKind::TerminalRule { .. } => expected != "AbstractType",
        DeclarationKind::ParserRule { .. } | DeclarationKind::InfixRule { .. } => expected != "TerminalRule",
        DeclarationKind::Interface { .. } | DeclarationKind::Type { .. } => expected == "AbstractType",
        DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => false,
    };
    if expected == "Parameter" {
        return None;
    }
    let kinds = visible().map(|id| links.kind(id)).filter(is_wanted);
    let names = kinds.filter_map(|kind| kind.name()).map(|name| owner.project().text(name));
    let limit = (name.len() / 3).max(1);
    let likely = names.map(|found| (edit_distance(name, found, limit), found)).min()?;
    if likely.0 <= limit { Some(format!("did you mean '{}'?", likely.1)) } else { None }
}

/// How many characters have to be inserted, deleted or replaced to turn `a` into `b`; more than `limit` if it is more.
fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

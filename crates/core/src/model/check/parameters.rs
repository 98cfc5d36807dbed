//! Parameters of rules and arguments of calls.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Site;
use super::project::Declared;
use crate::text::{Code, Name, Problem};
use crate::tree::{DeclarationKind, Item, Kind, List, NodeId};

/// The parameters of a parser or infix rule; none for others.
pub(super) fn parameters(kind: DeclarationKind) -> Option<List> {
    match kind {
        DeclarationKind::ParserRule { parameters, .. } | DeclarationKind::InfixRule { parameters, .. } => Some(parameters),
        _ => None,
    }
}

/// The names of the parameters in `list`.
pub(super) fn names<'i>(item: Item<'i>, list: List) -> impl Iterator<Item = (Name, NodeId)> + Clone + use<'i> {
    item.ids(list).filter_map(move |id| match item.node(id).kind {
        Kind::Parameter { name } => Some((name, id)),
        _ => None,
    })
}

/// `checkRuleParameters`
pub(super) fn declared(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let item = rule.item;
    let Some(list) = parameters(rule.kind()).filter(|list| !list.is_empty()) else { return };
    let mut groups: Vec<(Name, Vec<NodeId>)> = Vec::new();
    let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
    for (name, id) in names(item, list) {
        let slot = *slots.entry(name).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some((_, group)) => group.push(id),
            None => groups.push((name, vec![id])),
        }
    }
    for (name, group) in groups.iter().filter(|(_, group)| group.len() > 1) {
        for &id in group {
            let message = format!("Parameter '{}' is declared multiple times.", rule.project().text(*name));
            problems.push(rule.error(Code::DuplicateParameter, rule.node_place(id), message));
        }
    }
    let used: FxHashSet<Name> = item.nodes.iter().filter_map(reference).collect();
    for (name, id) in names(item, list) {
        // References mean the first parameter of their name.
        if !used.contains(&name) || groups[slots[&name]].1[0] != id {
            let message = format!("Parameter '{}' is unused.", rule.project().text(name));
            problems.push(rule.hint(Code::UnusedParameter, rule.node_place(id), message));
        }
    }
}

fn reference(node: &crate::tree::Node) -> Option<Name> {
    match node.kind {
        Kind::ParameterReference { parameter } => Some(parameter),
        _ => None,
    }
}

/// `checkRuleCallParameters`
pub(super) fn arguments(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::RuleCall { arguments, .. } = site.node.kind else { return };
    let owner = &site.owner;
    let Some(called) = owner.called(site.id) else { return };
    let kind = owner.links().kind(called);
    let Some(list) = parameters(kind) else {
        let given = owner.item.ids(arguments).len();
        if given > 0 && matches!(kind, DeclarationKind::TerminalRule { .. }) {
            let message = "Terminal rules do not accept any arguments";
            problems.push(owner.error(Code::Arguments, site.span(), message));
        }
        return;
    };
    if list.is_empty() && arguments.is_empty() {
        return;
    }
    let (expected, given) = (owner.links().item(called).ids(list).len(), owner.item.ids(arguments).len());
    if expected == 0 && given == 0 {
        return;
    }
    let name = owner.project().name(called);
    let plural = if expected > 1 { "s" } else { "" };
    let named = owner.item.ids(arguments).filter(|&id| argument_name(owner.item, id).is_some()).count();
    let message = if given == 0 {
        format!("Rule '{name}' expects {expected} argument{plural}.")
    } else if expected == 0 {
        format!("Rule '{name}' does not accept any arguments.")
    } else if named > 0 && named < given {
        "Cannot mix named and unnamed arguments in rule call.".to_owned()
    } else if named == 0 && expected != given {
        format!("Rule '{name}' expects {expected} argument{plural}, but got {given}.")
    } else {
        if named > 0 {
            named_arguments(site, arguments, names(owner.links().item(called), list), problems);
        }
        return;
    };
    problems.push(owner.error(Code::Arguments, site.span(), message));
}

fn argument_name(item: Item<'_>, id: NodeId) -> Option<Name> {
    match item.node(id).kind {
        Kind::NamedArgument { parameter, .. } => parameter,
        _ => None,
    }
}

/// `checkNamedArguments`
fn named_arguments(
    site: &Site<'_>,
    arguments: List,
    parameters: impl Iterator<Item = (Name, NodeId)> + Clone,
    problems: &mut Vec<Problem>,
) {
    let owner = &site.owner;
    let mut assigned: FxHashSet<Name> = FxHashSet::default();
    let known: FxHashSet<Name> = parameters.clone().map(|(name, _)| name).collect();
    for id in owner.item.ids(arguments) {
        if let Some(name) = argument_name(owner.item, id).filter(|name| known.contains(name))
            && !assigned.insert(name)
        {
            let message = format!("Parameter '{}' is assigned multiple times.", owner.project().text(name));
            problems.push(owner.error(Code::Arguments, owner.node_place(id), message));
        }
    }
    for (name, _) in parameters.filter(|(name, _)| !assigned.contains(name)) {
        let message = format!("Parameter '{}' is not assigned in rule call.", owner.project().text(name));
        problems.push(owner.error(Code::Arguments, site.span(), message));
    }
}

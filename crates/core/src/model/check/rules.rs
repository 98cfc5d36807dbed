//! What parser rules create, and how they are built.

use super::Site;
use super::project::Declared;
use crate::model::links::{DeclarationId, Links, TypeDefinition};
use crate::text::Code;
use crate::text::Problem;
use crate::tree::{DeclarationKind, Kind, NodeId, Returns};

/// For each declaration, whether it is a parser rule that creates a plain value (`isDataTypeRule`): neither it nor any
/// parser rule that it calls has an assignment or action, calls an infix rule or calls what does not exist.
pub(super) fn data_type_rules(links: &Links<'_>) -> Vec<bool> {
    let mut data_types = vec![false; links.len()];
    let mut calls: Vec<(DeclarationId, DeclarationId)> = Vec::new(); // (called, caller)
    let mut pending: Vec<DeclarationId> = Vec::new();
    for rule in links.all() {
        if !matches!(links.kind(rule), DeclarationKind::ParserRule { .. }) {
            continue;
        }
        let first_call = calls.len();
        let nodes = links.item(rule).nodes.iter().enumerate();
        let is_plain = nodes.into_iter().all(|(index, node)| match node.kind {
            Kind::Assignment { .. } | Kind::Action { .. } | Kind::InferringAction { .. } => false,
            Kind::RuleCall { .. } => match links.called(rule, NodeId::from_index(index)) {
                None => false,
                Some(called) => match links.kind(called) {
                    DeclarationKind::ParserRule { .. } => {
                        calls.push((called, rule));
                        true
                    }
                    kind => !matches!(kind, DeclarationKind::InfixRule { .. }),
                },
            },
            _ => true,
        });
        if is_plain {
            data_types[rule.index()] = true;
        } else {
            calls.truncate(first_call);
            pending.push(rule);
        }
    }
    calls.sort_unstable();
    while let Some(rule) = pending.pop() {
        let first = calls.partition_point(|&(called, _)| called < rule);
        for &(_, caller) in calls[first..].iter().take_while(|&&(called, _)| called == rule) {
            if std::mem::replace(&mut data_types[caller.index()], false) {
                pending.push(caller);
            }
        }
    }
    data_types
}

/// Whether the declared type at `target` stands for plain values only (`isDataType` in `grammar-utils.ts`).
fn is_data_type(links: &Links<'_>, target: TypeDefinition) -> bool {
    let mut seen = vec![target.declaration];
    let mut next = 0;
    while let Some(&ty) = seen.get(next) {
        next += 1;
        let DeclarationKind::Type { .. } = links.kind(ty) else { return false };
        for (index, node) in links.item(ty).nodes.iter().enumerate() {
            match node.kind {
                Kind::ArrayType { .. } | Kind::ReferenceType { .. } => return false,
                Kind::TypeReference { .. } => match links.named_type(ty, NodeId::from_index(index)) {
                    Some(TypeDefinition { declaration, node: None }) => {
                        if !seen.contains(&declaration) {
                            seen.push(declaration);
                        }
                    }
                    _ => return false,
                },
                _ => {}
            }
        }
    }
    true
}

/// `checkParserRuleDataType`
pub(super) fn data_type(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { fragment, returns, .. } = rule.kind() else { return };
    let returns_data = match returns {
        Returns::Primitive(_) => true,
        Returns::Type(_) => rule.links().returned_type(rule.id).is_some_and(|ty| is_data_type(rule.links(), ty)),
        Returns::Implicit | Returns::Infers(_) => false,
    };
    let is_data = rule.project().is_data_type(rule.id);
    if is_data && !returns_data {
        let message = "This parser rule does not create an object. Add a primitive return type or an action to the start \
                       of the rule to force object instantiation.";
        problems.push(rule.error(Code::NoObject, rule.name_place(), message));
    } else if returns_data && !is_data && !fragment {
        let message = "Normal parser rules are not allowed to return a primitive value. Use a datatype rule for that.";
        problems.push(rule.error(Code::ObjectReturnsPrimitive, rule.returned_place(), message));
    }
}

/// `checkFragmentKeywords`
pub(super) fn fragment(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { fragment: true, returns, .. } = rule.kind() else { return };
    let place = match returns {
        Returns::Implicit => return,
        Returns::Type(_) | Returns::Primitive(_) => rule.returned_place(),
        Returns::Infers(node) => rule.node_place(node),
    };
    let problem = rule.error(Code::FragmentReturns, place, "Fragment rules cannot specify a return type.");
    problems.push(problem.with_fix(rule.absolute(rule.returns_with_space()), ""));
}

/// `checkUnorderedGroup`
pub(super) fn unordered_group(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::UnorderedGroup { elements } = site.node.kind else { return };
    for element in site.owner.item.ids(elements).map(|id| site.owner.item.node(id)) {
        if element.cardinality().is_optional() {
            let message = "Optional elements in Unordered groups are currently not supported";
            problems.push(site.owner.error(Code::OptionalInUnorderedGroup, site.owner.item.span(element), message));
        }
    }
}

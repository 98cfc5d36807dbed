//! What is assigned to properties.

use super::Site;
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Kind};

/// `checkAssignmentWithFeatureName`
pub(super) fn name_is_reference(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::Assignment { feature, terminal, .. } = site.node.kind else { return };
    let owner = &site.owner;
    if matches!(owner.item.node(terminal).kind, Kind::CrossReference { .. }) && owner.project().text(feature) == "name" {
        let message = "The \"name\" property is not recommended for cross-references.";
        problems.push(owner.warning(Code::NameIsReference, owner.feature_of_assignment(site.node), message));
    }
}

/// `checkAssignmentToFragmentRule`
pub(super) fn fragment_rule(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::Assignment { feature, terminal, .. } = site.node.kind else { return };
    let owner = &site.owner;
    let mut check = |id, node: &crate::tree::Node| {
        if let Kind::RuleCall { .. } = node.kind
            && let Some(called) = owner.called(id)
            && let DeclarationKind::ParserRule { fragment: true, .. } = owner.links().kind(called)
        {
            let (rule, feature) = (owner.project().name(called), owner.project().text(feature));
            let message = format!("Cannot use fragment rule '{rule}' for assignment of property '{feature}'.");
            problems.push(owner.error(Code::FragmentAssigned, owner.name_in(node), message));
        }
    };
    match owner.item.node(terminal) {
        // Nearly all assignments are of this kind.
        node @ crate::tree::Node { kind: Kind::RuleCall { arguments, .. }, .. } if arguments.is_empty() => check(terminal, node),
        crate::tree::Node { kind: Kind::Keyword { .. }, .. } => {}
        // Written as a keyword or a call, which may be one of a fragment.
        &crate::tree::Node { kind: Kind::CrossReference { terminal, .. }, .. } => {
            terminal.into_iter().for_each(|terminal| check(terminal, owner.item.node(terminal)));
        }
        _ => owner.item.preorder(terminal).for_each(|(id, node)| check(id, node)),
    }
}

/// `checkAssignmentTypes`. It looks below the assigned element only, and at every node there: so two cross-references
/// with terminals count as mixed.
pub(super) fn mixed_references(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::Assignment { feature, terminal, .. } = site.node.kind else { return };
    let owner = &site.owner;
    // Only in parentheses can there be two.
    if let Kind::Keyword { .. } | Kind::RuleCall { .. } | Kind::CrossReference { .. } = owner.item.node(terminal).kind {
        return;
    }
    let mut below = owner.item.preorder(terminal).skip(1).map(|(_, node)| matches!(node.kind, Kind::CrossReference { .. }));
    let Some(first) = below.next() else { return };
    if below.any(|other| other != first) {
        let message = mixed_message(owner.project().text(feature));
        problems.push(owner.error(Code::MixedReference, owner.node_place(terminal), message));
    }
}

/// `createMixedTypeError`
pub(super) fn mixed_message(property: &str) -> String {
    format!(
        "Mixing a cross-reference with other types is not supported. \
         Consider splitting property \"{property}\" into two or more different properties."
    )
}

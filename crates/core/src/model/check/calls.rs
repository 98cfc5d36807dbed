//! Calls of rules.

use super::Site;
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Lookahead};

/// `checkUsedHiddenTerminalRule`
pub(super) fn hidden_terminal(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let owner = &site.owner;
    let can_be_wrong = match owner.kind() {
        DeclarationKind::TerminalRule { hidden, .. } => !hidden,
        kind => matches!(kind, DeclarationKind::ParserRule { .. }),
    };
    if !can_be_wrong || site.node.lookahead() != Lookahead::None || site.above.lookahead {
        return;
    }
    if let Some(called) = owner.called(site.id)
        && let DeclarationKind::TerminalRule { hidden: true, .. } = owner.links().kind(called)
    {
        let message = "Cannot use hidden terminal in non-hidden rule";
        problems.push(owner.error(Code::HiddenTerminalUsed, owner.name_in(site.node), message));
    }
}

/// `checkUsedFragmentTerminalRule`
pub(super) fn terminal_fragment(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let owner = &site.owner;
    if let Some(called) = owner.called(site.id)
        && let DeclarationKind::TerminalRule { fragment: true, .. } = owner.links().kind(called)
        && matches!(owner.kind(), DeclarationKind::ParserRule { .. })
    {
        let message = "Cannot use terminal fragments as part of parser rules.";
        problems.push(owner.error(Code::TerminalFragmentUsed, owner.name_in(site.node), message));
    }
}

/// `checkMultiRuleCallsAreAssigned`
pub(super) fn repeated(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let owner = &site.owner;
    if !site.above.below(site.node).repeated || site.above.assigned {
        return;
    }
    let Some(called) = owner.called(site.id) else { return };
    let creates_object = matches!(owner.links().kind(called), DeclarationKind::ParserRule { fragment: false, .. })
        && !owner.project().is_data_type(called);
    let inside_object = matches!(owner.kind(), DeclarationKind::ParserRule { .. }) && !owner.project().is_data_type(owner.id);
    if creates_object && inside_object {
        let name = owner.project().name(called);
        let message = format!("Rule call '{name}' requires assignment when parsed multiple times.");
        problems.push(owner.error(Code::RepeatedCall, site.span(), message));
    }
}

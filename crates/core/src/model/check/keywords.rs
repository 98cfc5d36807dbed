//! Keywords and predicates.

use super::Site;
use crate::text::{Code, Problem, js};
use crate::tree::{DeclarationKind, Kind, Predicate};

/// `checkKeyword`
pub(super) fn keyword(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::Keyword { value, .. } = site.node.kind else { return };
    let owner = &site.owner;
    if let DeclarationKind::TerminalRule { .. } = owner.kind() {
        return;
    }
    let value = owner.project().text(value);
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_graphic()) {
        return;
    }
    let place = site.span();
    if value.is_empty() {
        problems.push(owner.error(Code::EmptyKeyword, place, "Keywords cannot be empty."));
    } else if value.contains(js::is_white_space) {
        problems.push(if value.chars().all(js::is_white_space) {
            owner.error(Code::EmptyKeyword, place, "Keywords cannot only consist of whitespace characters.")
        } else {
            owner.warning(Code::KeywordWithSpace, place, "Keywords should not contain whitespace characters.")
        });
    }
}

/// `checkPredicateNotSupported`
pub(super) fn predicate(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let (Kind::Assignment { predicate, .. }
    | Kind::Group { predicate, .. }
    | Kind::Keyword { predicate, .. }
    | Kind::RuleCall { predicate, .. }) = site.node.kind
    else {
        return;
    };
    if predicate != Predicate::None {
        let owner = &site.owner;
        let place = owner.predicate_place(site.node);
        let problem = owner.error(Code::Predicate, place, "Predicates are currently not supported.");
        problems.push(problem.with_fix(owner.absolute(place), ""));
    }
}

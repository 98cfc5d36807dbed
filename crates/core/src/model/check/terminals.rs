//! Terminal rules.

use super::Site;
use super::project::Declared;
use crate::model::types::property::is_primitive;
use crate::text::name::known;
use crate::text::{Code, Problem, Span};
use crate::tree::{DeclarationKind, Kind, NodeId};

/// `checkTerminalRuleReturnType`
pub(super) fn return_type(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::TerminalRule { ty: Some(ty), .. } = rule.kind() else { return };
    if let Kind::ReturnType { name } = rule.item.node(ty).kind
        && !is_primitive(name)
    {
        let message = "Terminal rules can only return primitive types like 'string', 'boolean', 'number', 'Date' or 'bigint'.";
        problems.push(rule.error(Code::TerminalType, rule.node_place(ty), message));
    }
}

/// Whether references can be written with the terminal.
pub(super) fn returns_string(rule: &Declared<'_>) -> bool {
    match rule.kind() {
        DeclarationKind::TerminalRule { ty: Some(ty), .. } => {
            matches!(rule.item.node(ty).kind, Kind::ReturnType { name } if name == known::STRING)
        }
        _ => true,
    }
}

/// `checkHiddenTerminalRule`
pub(super) fn hidden_fragment(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    if let DeclarationKind::TerminalRule { hidden: true, fragment: true, .. } = rule.kind() {
        let message = "Cannot use terminal fragments as hidden tokens.";
        problems.push(rule.error(Code::HiddenFragment, rule.first_token(), message));
    }
}

/// `checkEmptyTerminalRule`
pub(super) fn empty(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    if rule.project().is_empty_terminal(rule.id) {
        let message = "This terminal could match an empty string.";
        problems.push(rule.error(Code::EmptyTerminal, rule.name_place(), message));
    }
}

/// `checkInvalidCharacterRange`
pub(super) fn character_range(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::CharacterRange { left, right: Some(right) } = site.node.kind else { return };
    let owner = &site.owner;
    let mut is_valid = true;
    for end in [left, right] {
        if let Kind::Keyword { value, .. } = owner.item.node(end).kind
            && owner.project().text(value).encode_utf16().nth(1).is_some()
        {
            is_valid = false;
            let message = "Character ranges cannot use more than one character";
            problems.push(owner.error(Code::CharacterRange, owner.node_place(end), message));
        }
    }
    if is_valid {
        let message = "Consider using regex instead of character ranges";
        let mut problem = owner.hint(Code::CharacterRangeStyle, site.span(), message);
        if let Some((place, class)) = as_class(site, left, right) {
            problem = problem.with_fix(owner.absolute(place), class);
        }
        problems.push(problem);
    }
}

/// What a range of ASCII letters or digits is as a regular expression, and where the range is written. Other characters
/// may mean something in a class, and letters right behind the literal would be its flags.
fn as_class(site: &Site<'_>, left: NodeId, right: NodeId) -> Option<(Span, String)> {
    let owner = &site.owner;
    let place = owner.node_place(left).to(owner.node_place(right));
    let end = owner.absolute(place).end as usize;
    let is_followed_by_word = owner.file_text()[end..].starts_with(|next: char| next.is_alphanumeric() || next == '_');
    let text_of = |id| match owner.item.node(id).kind {
        Kind::Keyword { value, .. } => owner.project().text(value),
        _ => "",
    };
    let (from, to) = (text_of(left), text_of(right));
    let is_plain = |text: &str| text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_certain = !is_followed_by_word && is_plain(from) && is_plain(to) && from <= to;
    is_certain.then(|| (place, format!("/[{from}-{to}]/")))
}

fn flags<'a>(site: &Site<'a>) -> &'a str {
    match site.node.kind {
        Kind::RegexToken { regex } => site.owner.project().text(regex).rsplit('/').next().unwrap_or(""),
        _ => "",
    }
}

/// `checkInvalidRegexFlags`
pub(super) fn regex_flags(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let flags = flags(site);
    if flags.is_empty() {
        return;
    }
    let owner = &site.owner;
    let distinct = |wanted: fn(char) -> bool| {
        let mut found = String::new();
        flags.chars().filter(|&flag| wanted(flag)).for_each(|flag| {
            if !found.contains(flag) {
                found.push(flag);
            }
        });
        found
    };
    let invalid = distinct(|flag| !"gmyisu".contains(flag));
    let ignored = distinct(|flag| "gmy".contains(flag));
    if !invalid.is_empty() {
        let (verb, plural) = if invalid.len() > 1 { ("are", "s") } else { ("is", "") };
        let message = format!("'{invalid}' {verb} not valid regular expression flag{plural}.");
        problems.push(owner.error(Code::RegexFlags, owner.flags_place(site.node), message));
    } else if !ignored.is_empty() {
        let plural = if ignored.len() > 1 { "s" } else { "" };
        let message = format!("'{ignored}' regular expression flag{plural} will be ignored by Langium.");
        let place = owner.flags_place(site.node);
        let heeded: String = flags.chars().filter(|flag| !ignored.contains(*flag)).collect();
        let problem = owner.warning(Code::IgnoredRegexFlags, place, message);
        problems.push(problem.with_fix(owner.absolute(place), heeded));
    }
}

/// `checkDirectlyUsedRegexFlags`
pub(super) fn regex_in_composition(site: &Site<'_>, problems: &mut Vec<Problem>) {
    if site.above.nested && !flags(site).is_empty() {
        let message = "Regular expression flags are only applied if the terminal is not a composition.";
        let place = site.owner.flags_place(site.node);
        let problem = site.owner.warning(Code::IgnoredRegexFlags, place, message);
        problems.push(problem.with_fix(site.owner.absolute(place), ""));
    }
}

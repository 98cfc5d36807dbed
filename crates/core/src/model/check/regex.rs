//! Regular expressions of terminals, run.

use super::project::Declared;
use crate::model::language::Element;
use crate::model::terminal_regex::regex_parts;

/// Whether the terminal's regular expression matches the empty text. None of what Langium cannot make one of does.
pub(super) fn matches_empty(rule: &Declared<'_>) -> bool {
    let links = rule.links();
    let element = |id| {
        let (file, declaration) = links.place(id);
        Element { file, declaration, imported: false }
    };
    let called = |caller: Element, node, _| {
        let caller = links.declaration(caller.file, caller.declaration);
        links.called(caller, node).map(element)
    };
    match regex_parts(rule.project().sources, &called, element(rule.id)) {
        Ok((source, flags)) => {
            !certainly_consumes(&source) && regress::Regex::with_flags(&source, flags).is_ok_and(|regex| regex.find("").is_some())
        }
        Err(_) => false,
    }
}

/// Begins with a letter that has to be there and contains no alternatives: most terminals need not be compiled.
fn certainly_consumes(source: &str) -> bool {
    let mut bytes = source.bytes();
    let (Some(first), second) = (bytes.next(), bytes.next()) else { return false };
    let is_required = !matches!(second, Some(b'?' | b'*' | b'{'));
    (first.is_ascii_alphanumeric() || matches!(first, b'_' | b'"' | b'\'')) && is_required && !source.contains('|')
}

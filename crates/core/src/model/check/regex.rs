//! Regular expressions of terminals, run.

use crate::model::language::Element;
use crate::model::links::{DeclarationId, Links};
use crate::model::sources::Sources;
use crate::model::terminal_regex::regex_without_calls;
use crate::tree::{DeclarationKind, Kind, NodeId};

/// For each declaration, whether it is a terminal whose regular expression matches the empty text. None of what Langium
/// cannot make one of does.
///
/// On the empty text, a called terminal matches either that or nothing at all. So its regular expression, which may be long,
/// is not written out where it is called: something short that does the same stands in for it.
pub(super) fn empty_terminals(sources: &Sources, links: &Links<'_>) -> Vec<bool> {
    let mut finder = Finder { sources, links, states: vec![State::New; links.len()], empty: vec![false; links.len()] };
    for terminal in links.all().filter(|&id| matches!(links.kind(id), DeclarationKind::TerminalRule { .. })) {
        finder.terminal(terminal);
    }
    finder.empty
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    /// What stands in for it where it is called; nothing, if it has no regular expression.
    Closed(Option<&'static str>),
}

const EMPTY: &str = "(?:)";
const NOTHING: &str = r"[^\s\S]";

struct Finder<'a> {
    sources: &'a Sources,
    links: &'a Links<'a>,
    states: Vec<State>,
    empty: Vec<bool>,
}

impl Finder<'_> {
    /// Terminals may call each other deeper than the thread's stack is.
    fn terminal(&mut self, root: DeclarationId) {
        let mut path = vec![root];
        while let Some(&terminal) = path.last() {
            if self.states[terminal.index()] == State::New {
                self.states[terminal.index()] = State::Open;
                let links = self.links;
                let calls = links.item(terminal).nodes.iter().enumerate();
                let calls = calls.filter(|(_, node)| matches!(node.kind, Kind::TerminalRuleCall { .. }));
                let called = calls.filter_map(|(index, _)| links.called(terminal, NodeId::from_index(index)));
                path.extend(called.filter(|called| self.states[called.index()] == State::New));
            } else {
                path.pop();
                if self.states[terminal.index()] == State::Open {
                    self.close(terminal);
                }
            }
        }
    }

    fn close(&mut self, terminal: DeclarationId) {
        let stand_in = |node| {
            let called = self.links.called(terminal, node)?;
            match self.states[called.index()] {
                State::Closed(stand_in) => stand_in,
                // It calls itself.
                State::New | State::Open => None,
            }
        };
        let (file, declaration) = self.links.place(terminal);
        let element = Element { file, declaration, imported: false };
        let (stand_in, empty) = match regex_without_calls(self.sources, &stand_in, element) {
            Err(_) => (None, false),
            Ok((source, flags)) => {
                let empty = matches_empty(&source, flags);
                // Where it is called, its flags do not count.
                let called = if flags.is_empty() { empty } else { matches_empty(&source, "") };
                (called.map(|empty| if empty { EMPTY } else { NOTHING }), empty == Some(true))
            }
        };
        self.states[terminal.index()] = State::Closed(stand_in);
        self.empty[terminal.index()] = empty;
    }
}

/// Whether the regular expression matches the empty text; nothing if it is none.
fn matches_empty(source: &str, flags: &str) -> Option<bool> {
    if certainly_consumes(source) {
        return Some(false);
    }
    Some(regress::Regex::with_flags(source, flags).ok()?.find("").is_some())
}

/// Begins with a letter that has to be there and contains no alternatives: most terminals need not be compiled.
pub(super) fn certainly_consumes(source: &str) -> bool {
    let mut bytes = source.bytes();
    let (Some(first), second) = (bytes.next(), bytes.next()) else { return false };
    let is_required = !matches!(second, Some(b'?' | b'*' | b'{'));
    (first.is_ascii_alphanumeric() || matches!(first, b'_' | b'"' | b'\'')) && is_required && !source.contains('|')
}

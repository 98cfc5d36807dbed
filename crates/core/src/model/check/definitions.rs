//! Languages that cannot be made into a parser, though each of their files is in order.

use super::{LanguageContext, Site};
use crate::model::language::Language;
use crate::model::sources::Sources;
use crate::text::{Code, Problem, Severity};
use crate::tree::{DeclarationKind, Kind};

/// Langium nests each alternative of a terminal and each operand of a condition inside the one before, and so does the
/// grammar that it prints: its size grows with the square of their number. langium-cli 4.4.0 prints 28 MB for 1,000
/// alternatives and overflows its stack at 2,000.
const LONGEST_CHAIN: usize = 1_500;

/// A chain that cannot be printed.
pub(super) fn long_chain(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let (Kind::TerminalAlternatives { elements: chain }
    | Kind::Disjunction { operands: chain }
    | Kind::Conjunction { operands: chain }) = site.node.kind
    else {
        return;
    };
    let length = site.owner.item.ids(chain).len();
    if length > LONGEST_CHAIN {
        let message = format!("{length} alternatives in a row are more than can be nested; the limit is {LONGEST_CHAIN}.");
        let problem = site.owner.error(Code::LongChain, site.span(), message);
        problems.push(problem.with_hint("group them in parentheses or in rules of their own"));
    }
}

/// How long a regular expression may become, in bytes of grammar: 1 MiB. JavaScript engines give up before that.
const LONGEST_TERMINAL: usize = 1 << 20;

/// Terminals are written out where they are called. Those that contain themselves have no regular expression (Langium
/// recurses until its stack is full), and those that double with each call have one that no memory can hold.
pub(super) fn endless_terminals(context: LanguageContext<'_>, problems: &mut Vec<Problem>) {
    let LanguageContext { sources, config, language, reachable, .. } = context;
    // Outputs for editors write all terminals, others only those that the parser gets to.
    let outputs = &config.languages[language.config];
    let needs_all = [&outputs.text_mate, &outputs.monarch, &outputs.prism].into_iter().any(Option::is_some);
    #[derive(Clone, Copy)]
    enum State {
        New,
        Open,
        Closed { length: usize },
    }
    let mut states = vec![State::New; language.rules.len()];
    for (root, &is_reachable) in reachable.iter().enumerate() {
        let kind = language.rules[root].kind(sources);
        if !matches!(kind, DeclarationKind::TerminalRule { .. }) || !(needs_all || is_reachable) {
            continue;
        }
        let mut path: Vec<(usize, usize, std::vec::IntoIter<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(rule) = enter.take() {
                match (states[rule], path.last_mut()) {
                    (State::New, _) => {
                        states[rule] = State::Open;
                        let declaration = language.rules[rule].item(sources).declaration;
                        let own = declaration.length() as usize;
                        path.push((rule, own, called_terminals(sources, language, rule).into_iter()));
                    }
                    (State::Open, _) => report(sources, language, rule, Code::CyclicTerminal, problems),
                    (State::Closed { length }, Some((_, above, _))) => *above = above.saturating_add(length),
                    (State::Closed { .. }, None) => {}
                }
            }
            let Some((rule, length, calls)) = path.last_mut() else { break };
            match calls.next() {
                Some(called) => enter = Some(called),
                None => {
                    let (rule, length) = (*rule, *length);
                    states[rule] = State::Closed { length };
                    path.pop();
                    if let Some((_, above, _)) = path.last_mut() {
                        *above = above.saturating_add(length);
                    }
                    if length > LONGEST_TERMINAL && path.is_empty() {
                        report(sources, language, rule, Code::HugeTerminal, problems);
                    }
                }
            }
        }
    }
}

fn called_terminals(sources: &Sources, language: &Language, rule: usize) -> Vec<usize> {
    let item = language.rules[rule].item(sources);
    let DeclarationKind::TerminalRule { .. } = item.declaration.kind else { return Vec::new() };
    let calls = item.nodes.iter().filter_map(|node| match node.kind {
        Kind::TerminalRuleCall { rule } => language.terminal(rule),
        _ => None,
    });
    calls.map(|called| called as usize).collect()
}

fn report(sources: &Sources, language: &Language, rule: usize, code: Code, problems: &mut Vec<Problem>) {
    let element = language.rules[rule];
    let declaration = element.item(sources).declaration;
    let name = declaration.kind.name().map_or("", |name| sources.names.get(name));
    let (message, hint) = match code {
        Code::HugeTerminal => (
            format!("The regular expression of terminal '{name}' is longer than 1 MiB."),
            "terminals are written out where they are called: call fewer of them",
        ),
        _ => (
            format!("Terminal '{name}' calls itself, directly or through other terminals."),
            "a terminal is a regular expression: write the repetition with '*' or '+'",
        ),
    };
    let span = declaration.name_span.shifted(declaration.region.start);
    problems.push(Problem::new(Severity::Error, code, element.file, span, message).with_hint(hint));
}

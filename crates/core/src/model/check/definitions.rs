//! Languages that cannot be made into a parser, though each of their files is in order.

use super::{Context, error, name_span};
use crate::model::language::Language;
use crate::model::sources::Sources;
use crate::text::{Code, FileId, Problem};
use crate::tree::{DeclarationKind, Kind};

/// Langium nests each alternative of a terminal and each operand of a condition inside the one before, and so does the
/// grammar that it prints: its size grows with the square of their number. langium-cli 4.4.0 prints 28 MB for 1,000
/// alternatives and overflows its stack at 2,000.
const LONGEST_CHAIN: usize = 1_500;

/// Chains that cannot be printed.
pub(super) fn long_chains(context: Context<'_>, problems: &mut Vec<Problem>) {
    for (file, content) in context.sources.files.iter().enumerate() {
        for item in content.tree.items() {
            for node in item.nodes {
                let (Kind::TerminalAlternatives { elements: chain }
                | Kind::Disjunction { operands: chain }
                | Kind::Conjunction { operands: chain }) = node.kind
                else {
                    continue;
                };
                let length = item.ids(chain).len();
                if length > LONGEST_CHAIN {
                    let span = node.span.shifted(item.declaration.region.start);
                    let message =
                        format!("{length} alternatives in a row are more than can be nested; the limit is {LONGEST_CHAIN}.");
                    let hint = Some("group them in parentheses or in rules of their own".to_owned());
                    problems.push(error(Code::LongChain, FileId(file as u32), span, message, hint));
                }
            }
        }
    }
}

/// Terminals that contain themselves have no regular expression. (Langium recurses until its stack is full.)
pub(super) fn cyclic_terminals(sources: &Sources, language: &Language, problems: &mut Vec<Problem>) {
    let count = language.rules.len();
    let mut finished = vec![false; count];
    for root in 0..count {
        let mut path: Vec<(usize, std::vec::IntoIter<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(rule) = enter.take() {
                if path.iter().any(|(above, _)| *above == rule) {
                    report(sources, language, rule, problems);
                } else if !finished[rule] {
                    path.push((rule, called_terminals(sources, language, rule).into_iter()));
                }
            }
            let Some((rule, calls)) = path.last_mut() else { break };
            match calls.next() {
                Some(called) => enter = Some(called),
                None => {
                    finished[*rule] = true;
                    path.pop();
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

fn report(sources: &Sources, language: &Language, rule: usize, problems: &mut Vec<Problem>) {
    let element = language.rules[rule];
    let declaration = element.item(sources).declaration;
    let name = declaration.kind.name().map_or("", |name| sources.names.get(name));
    let message = format!("Terminal '{name}' calls itself, directly or through other terminals.");
    let hint = Some("a terminal is a regular expression: write the repetition with '*' or '+'".to_owned());
    problems.push(error(Code::CyclicTerminal, element.file, name_span(declaration), message, hint));
}

//! Where parsing starts: entry grammars need a name and an entry rule.

use super::Context;
use super::project::{Declared, Grammar};
use crate::text::{Code, Problem, Severity, Span};
use crate::tree::DeclarationKind;

/// `checkEntryGrammarRule`
pub(super) fn entry_rule(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let is_entry = |kind: &DeclarationKind| matches!(kind, DeclarationKind::ParserRule { entry: true, .. });
    let entries: Vec<Declared<'_>> = grammar.those(is_entry).collect();
    match (grammar.header(), &entries[..]) {
        (Some(header), []) => problems.push(missing(grammar, &header)),
        (None, []) => {}
        (None, _) => problems.extend(entries.iter().map(|rule| {
            let message = "Cannot declare entry rules for unnamed grammars.";
            let problem = rule.error(Code::EntryInFragment, rule.name_place(), message);
            problem.with_hint("begin the file with 'grammar Name', or remove 'entry'")
        })),
        (Some(_), [single]) => {
            if grammar.project.is_data_type(single.id) {
                let message = "The entry rule cannot be a data type rule.";
                problems.push(single.error(Code::EntryIsDataType, single.name_place(), message));
            }
        }
        (Some(_), _) => problems.extend(
            entries.iter().map(|rule| rule.error(Code::SeveralEntries, rule.name_place(), "The entry rule has to be unique.")),
        ),
    }
}

fn missing(grammar: &Grammar<'_>, header: &Declared<'_>) -> Problem {
    let is_candidate =
        |rule: &Declared<'_>| matches!(rule.kind(), DeclarationKind::ParserRule { .. }) && !grammar.project.is_data_type(rule.id);
    let candidate = grammar.rules().find(is_candidate);
    match candidate {
        Some(rule) => {
            let message = "The grammar is missing an entry parser rule. This rule can be an entry one.";
            rule.error(Code::NoEntryRule, rule.name_place(), message).with_hint("write 'entry' before it")
        }
        None => {
            let message = "This grammar is missing an entry parser rule.";
            header.error(Code::NoEntryRule, header.name_place(), message)
        }
    }
}

/// `runGenerator` in langium-cli's `generate.ts`: the grammar of a language starts with its name.
pub(super) fn undeclared(context: Context<'_>, problems: &mut Vec<Problem>) {
    for (language, &entry) in context.config.languages.iter().zip(context.entries) {
        let first = context.sources.file(entry).tree.declarations.first();
        if first.is_some_and(|first| matches!(first.kind, DeclarationKind::Grammar { .. })) {
            continue;
        }
        let start = first.map_or(0, |first| first.region.start + first.first_token);
        let span = Span::new(start, start);
        let message = "The entry grammar must start with the 'grammar' keyword.";
        let problem = Problem::new(Severity::Error, Code::UndeclaredGrammar, entry, span, message);
        let hint = format!("write 'grammar Name' first: the language '{}' is generated from this file", language.id);
        problems.push(problem.with_hint(hint));
    }
}

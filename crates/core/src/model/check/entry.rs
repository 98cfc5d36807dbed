//! Where parsing starts: entry grammars need a name and an entry rule.

use super::{Context, error, name_span};
use crate::model::rules::data_type_declarations;
use crate::text::{Code, FileId, Problem, Span};
use crate::tree::DeclarationKind;

/// The first half of `checkEntryGrammarRule` in langium's `validator.ts`: every grammar with a name has an entry rule.
pub(super) fn missing_rule(context: Context<'_>, problems: &mut Vec<Problem>) {
    for (id, file) in context.sources.files.iter().enumerate() {
        let declarations = &file.tree.declarations;
        let Some(header) = declarations.first().filter(|first| matches!(first.kind, DeclarationKind::Grammar { .. })) else {
            continue;
        };
        let is_entry = |kind: &DeclarationKind| matches!(kind, DeclarationKind::ParserRule { entry: true, .. });
        if declarations.iter().any(|declaration| is_entry(&declaration.kind)) {
            continue;
        }
        let data_types = data_type_declarations(context.sources, FileId(id as u32));
        let is_candidate =
            |index: &usize| matches!(declarations[*index].kind, DeclarationKind::ParserRule { .. }) && !data_types[*index];
        let candidate = (0..declarations.len()).find(is_candidate);
        let (span, message) = match candidate {
            Some(index) => {
                let message = "The grammar is missing an entry parser rule. This rule can be an entry one.";
                (name_span(&declarations[index]), message)
            }
            None => (name_span(header), "This grammar is missing an entry parser rule."),
        };
        let hint = candidate.map(|_| "write 'entry' before it".to_owned());
        problems.push(error(Code::NoEntryRule, FileId(id as u32), span, message.to_owned(), hint));
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
        problems.push(error(
            Code::UndeclaredGrammar,
            entry,
            Span::new(start, start),
            "The entry grammar must start with the 'grammar' keyword.".to_owned(),
            Some(format!("write 'grammar Name' first: the language '{}' is generated from this file", language.id)),
        ));
    }
}

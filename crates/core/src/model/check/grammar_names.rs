//! The name of the grammar itself.

use super::project::{Declared, Grammar};
use crate::text::{Code, FileId, Problem, Span};
use crate::tree::{DeclarationKind, Kind};

/// First half of `checkGrammarName`
pub(super) fn upper_case(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    if let Some(header) = grammar.header()
        && header.name().starts_with(|first: char| first.is_ascii_lowercase())
    {
        let message = "Grammar name should start with an upper case letter.";
        problems.push(header.warning(Code::GrammarName, header.name_place(), message));
    }
}

/// Second half of `checkGrammarName`
pub(super) fn unique(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let Some(header) = grammar.header() else { return };
    let project = grammar.project;
    for &other in grammar.imports().iter().filter(|&&other| project.grammar_name(other) == header.kind().name()) {
        let (name, file) = (header.name(), project.base_name(other));
        let message = format!("This grammar name '{name}' is also used by the grammar in '{file}'.");
        problems.push(header.error(Code::SameGrammarName, header.name_place(), message));
    }
}

/// `checkUniqueTypeAndGrammarNames`
pub(super) fn not_a_type(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let project = grammar.project;
    let Some(types) = grammar.types() else { return };
    for &named in project.links.visible(grammar.file) {
        let Some(info) = project.grammar_name(named).and_then(|name| types.info(name)) else { continue };
        if let Some((declared, _)) = info.declared {
            let declared = grammar.declared(declared);
            report(grammar, named, &declared, declared.name_place(), describe(&declared), problems);
        }
        for creator in types.creators(info) {
            let owner = grammar.declared(creator.rule);
            let (place, what) = match creator.action.map(|action| owner.item.node(action)) {
                None => (owner.name_place(), describe(&owner)),
                Some(action) => match action.kind {
                    Kind::InferringAction { inferred, .. } => (owner.node_place(inferred), "Action"),
                    _ => (owner.name_in(action), "Action"),
                },
            };
            report(grammar, named, &owner, place, what, problems);
        }
    }
}

fn describe(declared: &Declared<'_>) -> &'static str {
    match declared.kind() {
        DeclarationKind::Interface { .. } => "Interface",
        DeclarationKind::Type { .. } => "Type",
        _ => "ParserRule",
    }
}

/// The type at `place` of `owner` has the name of the grammar in `named`.
fn report(grammar: &Grammar<'_>, named: FileId, owner: &Declared<'_>, place: Span, what: &str, problems: &mut Vec<Problem>) {
    let project = grammar.project;
    let name = project.grammar_name(named).map_or("", |name| project.text(name));
    let home = project.links.file(owner.id);
    let code = Code::GrammarNameIsType;
    let problem = if home == grammar.file {
        let message = if named == grammar.file {
            format!("'{name}' is already used here as grammar name.")
        } else {
            format!("'{name}' is already used as grammar name in '{}'.", project.base_name(named))
        };
        owner.error(code, place, message)
    } else if home == named {
        // Reported where that file is checked.
        return;
    } else if named == grammar.file {
        let Some(header) = grammar.header() else { return };
        let message = format!("'{name}' is already used as {what} name in '{}'.", project.base_name(home));
        header.error(code, header.name_place(), message)
    } else {
        let (home, named) = (project.base_name(home), project.base_name(named));
        let message = format!(
            "'{home}' contains the {what} with the name '{name}', which is already the name of the grammar in '{named}'."
        );
        match grammar.header() {
            Some(header) => header.error(code, header.first_token(), message),
            None => match grammar.declarations().next() {
                Some(first) => first.error(code, first.first_token(), message),
                None => return,
            },
        }
    };
    problems.push(problem);
}

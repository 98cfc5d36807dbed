//! What can be wrong with a project. One file for each check or family of checks, one line in [`CHECKS`].

mod definitions;
mod entry;
mod imports;
mod references;

use super::config::Config;
use super::language::Language;
use super::sources::Sources;
use crate::text::{Code, FileId, Problem, Severity, Span};
use crate::tree::Declaration;

/// What a check may look at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'a> {
    pub(super) sources: &'a Sources,
    /// The entry grammars, in the order of the configuration's languages.
    pub(super) entries: &'a [FileId],
    pub(super) config: &'a Config,
}

/// A check looks at the whole project and adds the problems that it finds, in any order.
type Check = fn(Context<'_>, &mut Vec<Problem>);

/// All checks of projects whose files could be parsed.
const CHECKS: &[Check] =
    &[imports::missing, references::unresolved, entry::missing_rule, entry::undeclared, definitions::long_chains];

/// A check of a language with its imports embedded, run when the files have no errors.
type LanguageCheck = fn(&Sources, &Language, &mut Vec<Problem>);

const LANGUAGE_CHECKS: &[LanguageCheck] = &[definitions::endless_terminals];

/// Everything wrong with a language whose files are in order.
pub(super) fn check_language(sources: &Sources, language: &Language) -> Vec<Problem> {
    let mut problems = Vec::new();
    LANGUAGE_CHECKS.iter().for_each(|check| check(sources, language, &mut problems));
    problems
}

/// Everything wrong with the project, by file and line. Grammars that cannot be parsed are checked for nothing else:
/// what is missing from a broken declaration would be reported wherever it is used.
pub(super) fn check(context: Context<'_>) -> Vec<Problem> {
    let mut problems = syntax_problems(context.sources);
    if problems.is_empty() {
        CHECKS.iter().for_each(|check| check(context, &mut problems));
    }
    problems.sort_by_key(|problem| (problem.file, problem.span.start));
    problems
}

/// What keeps the files from being seen as grammars at all.
pub(super) fn check_files(sources: &Sources) -> Vec<Problem> {
    let mut problems = syntax_problems(sources);
    imports::missing_files(sources, &mut problems);
    problems.sort_by_key(|problem| (problem.file, problem.span.start));
    problems
}

fn syntax_problems(sources: &Sources) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, content) in sources.files.iter().enumerate() {
        problems.extend(content.tree.problems.iter().map(|problem| {
            let region = content.tree.declarations[problem.declaration as usize].region;
            Problem {
                code: Code::Syntax,
                severity: Severity::Error,
                file: FileId(file as u32),
                span: problem.span.shifted(region.start),
                message: problem.message.clone(),
                hint: problem.hint.map(str::to_owned),
            }
        }));
    }
    problems
}

/// Where `declaration` declares its name, in bytes of the file.
fn name_span(declaration: &Declaration) -> Span {
    declaration.name_span.shifted(declaration.region.start)
}

fn error(code: Code, file: FileId, span: Span, message: String, hint: Option<String>) -> Problem {
    Problem { code, severity: Severity::Error, file, span, message, hint }
}

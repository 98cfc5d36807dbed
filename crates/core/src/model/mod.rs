//! The narrow waist: many trees in, one analysed project out.

mod check;
pub mod config;
mod dump;
pub mod language;
mod lexicon;
mod links;
mod meaning;
mod memory;
mod name_assignment;
mod notes;
mod outline;
mod reachable;
mod rules;
mod sources;
mod terminal_regex;
pub mod types;
mod visibility;

pub use check::Checked;
pub use dump::dump;
pub use language::{Element, Language, Section, TypeTarget};
pub use lexicon::{Role, Terminal, Words};
pub use meaning::{Anchor, meaning};
pub use memory::{Memory, Take};
pub use name_assignment::name_assignment;
pub use reachable::{entry_rule, reachable_keywords, reachable_rules};
pub use rules::{RuleFacts, RuleKind};
pub use sources::{File, Sources, import_paths};
pub use terminal_regex::terminal_regex;

use std::convert::Infallible;
use std::sync::OnceLock;

use crate::text::collate::compare_identifiers;
use crate::text::{FileId, Problem, Severity};
use crate::work::Workers;
use check::ParserFacts;
use config::Config;
use types::{KnownTypes, Types};

/// What [`analyse`] finds out.
#[derive(Debug)]
pub struct Analysis {
    /// Everything wrong or noteworthy, by file and position.
    pub problems: Vec<Problem>,
    /// The project; absent if a problem is an error.
    pub model: Option<Model>,
    /// What the next analysis may ask, if this one was given a memory.
    pub memory: Memory,
}

/// What is analysed.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The files.
    pub sources: &'a Sources,
    /// The entry grammars, in the order of the configuration's languages.
    pub entries: &'a [FileId],
    /// The configuration.
    pub config: &'a Config,
    /// What an earlier analysis left; an empty one if only a later one is going to profit.
    pub memory: Option<&'a Memory>,
    /// Whether somebody is going to ask for [`Model::types`]. If not, they are only found if they changed.
    pub asks_for_types: bool,
}

/// An analysed project.
#[derive(Debug)]
pub struct Model {
    /// The languages, sorted by name (`localeCompare`).
    pub languages: Vec<Language>,
    /// A hash of the types, if there was a memory: the same as long as they are the same.
    pub types_key: Option<u128>,
    types: OnceLock<ModelTypes>,
}

/// The types of a project.
#[derive(Debug)]
struct ModelTypes {
    /// Of all languages together.
    all: Types,
    /// If there are several languages, those of each.
    of_languages: Vec<Types>,
}

impl Model {
    /// The types of all languages together. If analysis saw that they are those of the last one, they are found out by the
    /// first who asks.
    pub fn types(&self, sources: &Sources) -> &Types {
        &self.known_types(sources).all
    }

    /// If there are several languages, the types of each.
    pub fn language_types(&self, sources: &Sources) -> &[Types] {
        &self.known_types(sources).of_languages
    }

    fn known_types(&self, sources: &Sources) -> &ModelTypes {
        self.types.get_or_init(|| find_types(sources, &self.languages, KnownTypes::default()))
    }
}

/// The steps of [`analyse`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// [`check`]; once more after [`resolve`], for what can only be told of whole languages.
    Check,
    /// [`resolve`]
    Resolve,
    /// [`infer`]
    Infer,
}

/// Is asked before each step.
type Next<'n, E> = &'n mut dyn FnMut(Step) -> Result<(), E>;

/// Analyses the project: the entry grammar of `config.languages[i]` is `entries[i]`.
pub fn analyse(sources: &Sources, entries: &[FileId], config: &Config, workers: Workers<'_>) -> Analysis {
    let context = Context { sources, entries, config, memory: None, asks_for_types: false };
    let Ok(analysis) = analyse_in_steps(context, workers, &mut |_| Ok::<(), Infallible>(()));
    analysis
}

/// Like [`analyse`]. Asks `next` before each step; its error ends the analysis.
pub fn analyse_in_steps<E>(context: Context<'_>, workers: Workers<'_>, next: Next<'_, E>) -> Result<Analysis, E> {
    let (Checked { problems, types, left, .. }, languages) = examine(context, workers, next, KnownTypes::completed)?;
    let has_same_types = context.memory.is_some() && left.as_ref().is_some_and(|left| left.has_same_types);
    let memory = context.memory.map_or_else(Memory::default, |memory| memory.followed_by(context, &types, left));
    let Some(languages) = languages else { return Ok(Analysis { problems, model: None, memory }) };
    next(Step::Infer)?;
    let is_asked = context.asks_for_types || !has_same_types;
    let mut model = if !is_asked { later(languages) } else { infer(context.sources, languages, types) };
    model.types_key = context.memory.map(|_| memory.types_key);
    Ok(Analysis { problems, model: Some(model), memory })
}

/// Everything that [`analyse`] finds wrong or noteworthy, by file and position, without the model.
pub fn find_problems(sources: &Sources, entries: &[FileId], config: &Config, workers: Workers<'_>) -> Vec<Problem> {
    let context = Context { sources, entries, config, memory: None, asks_for_types: false };
    let Ok((checked, _)) = examine(context, workers, &mut |_| Ok::<(), Infallible>(()), |types, _| types);
    checked.problems
}

/// All checks: of files and, if those are free of errors, of languages. If these are too, the languages. `meanwhile` is done
/// with the types while languages are checked.
fn examine<E>(
    context: Context<'_>,
    workers: Workers<'_>,
    next: Next<'_, E>,
    meanwhile: fn(KnownTypes, Workers<'_>) -> KnownTypes,
) -> Result<(Checked, Option<Vec<Language>>), E> {
    let Context { sources, entries, .. } = context;
    next(Step::Check)?;
    let mut checked = check::check(context, workers);
    if has_errors(&checked.problems) {
        return Ok((checked, None));
    }
    next(Step::Resolve)?;
    let languages = embed(sources, entries, std::mem::take(&mut checked.languages));
    next(Step::Check)?;
    let overview = checked.left.as_mut().map(|left| &mut left.overview);
    let known = context.memory.map(|memory| &memory.overview);
    let known = known.filter(|known| known.key != 0 && overview.as_ref().is_some_and(|overview| overview.key == known.key));
    let parser = |index: usize| known.and_then(|known| known.parsers.get(index));
    let numbered: Vec<(usize, &Language)> = languages.iter().enumerate().collect();
    let check_languages =
        || workers.map(&numbered, |&(index, language)| check::check_language(context, language, parser(index), workers));
    let (of_languages, types) = check::hands(sources, workers).join(check_languages, || meanwhile(checked.types, workers));
    let (of_languages, parsers): (Vec<Vec<Problem>>, Vec<ParserFacts>) = of_languages.into_iter().unzip();
    if let Some(overview) = overview {
        overview.parsers = parsers;
    }
    let mut problems = checked.problems;
    problems.extend(of_languages.into_iter().flatten());
    let is_sound = !has_errors(&problems);
    Ok((Checked { problems, types, languages: Vec::new(), left: checked.left }, is_sound.then_some(languages)))
}

/// The first step of [`analyse`]: checks every file.
pub fn check(sources: &Sources, entries: &[FileId], config: &Config, workers: Workers<'_>) -> Checked {
    check::check(Context { sources, entries, config, memory: None, asks_for_types: false }, workers)
}

/// The second step of [`analyse`]: embeds imports in their entry grammars and says what names mean. Returns the languages
/// of the project, sorted by name. The grammars must be free of errors.
pub fn resolve(sources: &Sources, entries: &[FileId]) -> Vec<Language> {
    embed(sources, entries, Vec::new())
}

/// The same, where checks had to know some languages.
fn embed(sources: &Sources, entries: &[FileId], mut known: Vec<Language>) -> Vec<Language> {
    let embedded = entries.iter().enumerate().filter_map(|(config, &entry)| {
        let known = known.iter().position(|known| known.entry == entry).map(|at| known.swap_remove(at));
        language::embed(sources, entry, config, known)
    });
    let mut languages: Vec<Language> = embedded.collect();
    languages.sort_by(|a, b| compare_identifiers(sources.names.get(a.name), sources.names.get(b.name)));
    languages
}

/// The last step of [`analyse`]: finds the types of `languages`, but those that checks found before.
pub fn infer(sources: &Sources, languages: Vec<Language>, known: KnownTypes) -> Model {
    let types = OnceLock::from(find_types(sources, &languages, known));
    Model { languages, types_key: None, types }
}

/// The same, where types are probably not asked for.
fn later(languages: Vec<Language>) -> Model {
    Model { languages, types_key: None, types: OnceLock::new() }
}

fn find_types(sources: &Sources, languages: &[Language], mut known: KnownTypes) -> ModelTypes {
    let mut types_of = |language: &Language| match known.take(language.entry) {
        Some(types) => types,
        None => types::collect(sources, &[(language, &RuleFacts::new(sources, language))], Workers::alone()),
    };
    let mut of_languages: Vec<Types> = languages.iter().map(&mut types_of).collect();
    let all = match (of_languages.pop(), languages) {
        (Some(only), [_]) => only,
        (last, _) => {
            of_languages.extend(last);
            let facts: Vec<RuleFacts> = languages.iter().map(|language| RuleFacts::new(sources, language)).collect();
            let pairs: Vec<(&Language, &RuleFacts)> = languages.iter().zip(&facts).collect();
            types::collect(sources, &pairs, Workers::alone())
        }
    };
    ModelTypes { all, of_languages }
}

/// The model of a project, whatever checks say about it. For tests of outputs, which are short of what real grammars need.
#[cfg(test)]
pub(crate) fn unchecked(sources: &Sources, entries: &[FileId]) -> Model {
    infer(sources, resolve(sources, entries), KnownTypes::default())
}

/// The types of the grammar `entry` and all that it imports, for `extract-types` (`generateTypes` in `generate.ts`,
/// langium-cli 4.4.0). As there, checks do not matter: what cannot be resolved has no type. Only texts that are no
/// grammars and imports that lead nowhere are errors.
pub fn extract_types(sources: &Sources, entry: FileId) -> Result<Types, Vec<Problem>> {
    let problems = check::unreadable(sources);
    if !problems.is_empty() {
        return Err(problems);
    }
    let visible = visibility::without_invisible(sources);
    let sources = visible.as_ref().unwrap_or(sources);
    let mut language = language::side_by_side(sources, entry);
    let own = visibility::with_own_meanings(sources, &links::Links::new(sources, Workers::alone()), &mut language);
    let sources = own.as_ref().unwrap_or(sources);
    let facts = RuleFacts::new(sources, &language);
    Ok(types::collect(sources, &[(&language, &facts)], Workers::alone()))
}

fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.severity == Severity::Error)
}

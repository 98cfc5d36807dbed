//! What can be wrong with a project: the checks of langium 4.4.0 (`validator.ts`, `types-validator.ts`), each with
//! Langium's message at Langium's place. One file for each family of checks, one line for each check in the tables here.
//!
//! The nodes of a declaration are looked at as they lie; only where that finds something, they are walked, parents before
//! children (`walk.rs`). The order of what is found is part of what Langium prints: linking
//! errors first, then node by node the checks in the order in which Langium registers them, all sorted by line.

mod assigner;
mod assignments;
mod calls;
mod circles;
mod clashes;
mod cross_references;
mod declared;
mod defaults;
mod definitions;
mod empty;
mod entry;
mod grammar_names;
mod graph;
mod imports;
mod infer;
mod infix;
mod keywords;
mod lookahead;
mod multiplicity;
mod name_set;
mod names;
mod notable;
mod overview;
mod parameters;
mod parsable;
mod parser;
mod place;
mod productions;
mod project;
mod references;
mod regex;
mod rules;
mod terminals;
mod tokens;
mod type_consistency;
mod type_facts;
mod unused;
mod verdict;
mod walk;

use super::Context;
use super::config::Config;
use super::language::{Element, Language};
use super::lexicon::Words;
use super::notes::Notes;
use super::sources::Sources;
use super::types::{BothTypes, KnownTypes};
use crate::text::{Code, FileId, Name, Problem, Severity, Span};
use crate::tree::{DeclarationKind, Item, Kind, Lookahead, Node, NodeId, Returns};
use crate::work::Workers;
pub(super) use overview::{Overview, ParserFacts};
use project::{Declared, FoundTypes, Grammar, Project};
use type_facts::{Info, TypeFacts};
pub(super) use verdict::{Said, Verdict};
use walk::{Found, Order, Walk};

/// A check of a file as a whole.
#[derive(Clone, Copy)]
enum GrammarCheck {
    /// Asks for no types.
    WithoutTypes(fn(&Grammar<'_>, &mut Vec<Problem>)),
    /// Asks for the types of the grammar.
    WithTypes(fn(&Grammar<'_>, &mut Vec<Problem>)),
    /// Looks at one type of the grammar after the other: at those that it is given.
    EachType(fn(&Grammar<'_>, &[Info], &mut Vec<Problem>)),
}

const GRAMMAR_CHECKS: &[GrammarCheck] = &[
    GrammarCheck::WithoutTypes(grammar_names::upper_case),
    GrammarCheck::WithoutTypes(grammar_names::unique),
    GrammarCheck::WithoutTypes(entry::entry_rule),
    GrammarCheck::WithoutTypes(names::unique_rules),
    GrammarCheck::WithoutTypes(names::unique_types),
    GrammarCheck::WithTypes(grammar_names::not_a_type),
    GrammarCheck::WithoutTypes(imports::overlapping),
    GrammarCheck::WithoutTypes(imports::duplicate),
    GrammarCheck::WithoutTypes(unused::rules),
    GrammarCheck::WithoutTypes(infer::types),
    GrammarCheck::WithoutTypes(clashes::terminals_and_keywords),
    GrammarCheck::EachType(declared::super_types),
    GrammarCheck::EachType(type_consistency::inferred_and_declared),
];

/// A check of a declaration.
type DeclarationCheck = fn(&Declared<'_>, &mut Vec<Problem>);

const IMPORT_CHECKS: &[DeclarationCheck] = &[imports::resolved];

const PARSER_RULE_CHECKS: &[DeclarationCheck] = &[
    names::rule_upper_case,
    rules::data_type,
    rules::fragment,
    parameters::declared,
    empty::parser_rule,
    names::reserved_rule,
    multiplicity::assignments,
];

const INFIX_RULE_CHECKS: &[DeclarationCheck] = &[names::rule_upper_case, infix::primitive, infix::returned_type];

const TERMINAL_RULE_CHECKS: &[DeclarationCheck] =
    &[names::rule_upper_case, terminals::return_type, terminals::hidden_fragment, terminals::empty];

const INTERFACE_CHECKS: &[DeclarationCheck] =
    &[names::reserved_declaration, declared::mixed_references, defaults::default_values, declared::cyclic];

const TYPE_CHECKS: &[DeclarationCheck] = &[names::reserved_declaration, declared::cyclic];

/// A check of a node.
type NodeCheck = fn(&Site<'_>, &mut Vec<Problem>);

/// The checks of each kind of node.
const fn node_checks(kind: &Kind) -> &'static [NodeCheck] {
    match kind {
        Kind::Action { .. } | Kind::InferringAction { .. } => &[names::reserved_feature],
        Kind::Assignment { .. } => &[
            assignments::name_is_reference,
            assignments::fragment_rule,
            assignments::mixed_references,
            names::reserved_feature,
            keywords::predicate,
        ],
        Kind::InferredType { .. } | Kind::TypeAttribute { .. } => &[names::reserved_node],
        Kind::Keyword { .. } => &[keywords::keyword, keywords::predicate],
        Kind::UnorderedGroup { .. } => &[rules::unordered_group],
        Kind::CharacterRange { .. } => &[terminals::character_range],
        Kind::RuleCall { .. } => {
            &[calls::hidden_terminal, calls::terminal_fragment, parameters::arguments, calls::repeated, keywords::predicate]
        }
        Kind::TerminalRuleCall { .. } => &[calls::hidden_terminal],
        Kind::CrossReference { .. } => &[
            cross_references::deprecated_syntax,
            cross_references::no_terminal,
            cross_references::terminal_type,
            cross_references::type_union,
        ],
        Kind::TypeReference { .. } => &[declared::fragment_as_type],
        Kind::ReferenceType { .. } => &[declared::reference_of_union],
        Kind::RegexToken { .. } => &[terminals::regex_flags, terminals::regex_in_composition],
        Kind::Group { .. } => &[keywords::predicate],
        Kind::TerminalAlternatives { .. } | Kind::Disjunction { .. } | Kind::Conjunction { .. } => &[definitions::long_chain],
        Kind::Alternatives { .. }
        | Kind::EndOfFile
        | Kind::Parameter { .. }
        | Kind::NamedArgument { .. }
        | Kind::InfixOperators { .. }
        | Kind::InfixPrecedence { .. }
        | Kind::Negation { .. }
        | Kind::ParameterReference { .. }
        | Kind::TerminalGroup { .. }
        | Kind::NegatedToken { .. }
        | Kind::UntilToken { .. }
        | Kind::Wildcard
        | Kind::ReturnType { .. }
        | Kind::UnionType { .. }
        | Kind::ArrayType { .. }
        | Kind::PrimitiveType { .. }
        | Kind::StringType { .. }
        | Kind::StringLiteral { .. }
        | Kind::NumberLiteral { .. }
        | Kind::BooleanLiteral { .. }
        | Kind::ArrayLiteral { .. } => &[],
    }
}

/// The one check of a node that looks into the elements of rules elsewhere, at no more than [`outline`](crate::model::outline)
/// hashes.
const FAR_CHECK: NodeCheck = cross_references::no_terminal;

/// What a check of a language may look at.
#[derive(Clone, Copy, Debug)]
struct LanguageContext<'a> {
    sources: &'a Sources,
    config: &'a Config,
    language: &'a Language,
    /// Which of its rules the parser can get to.
    reachable: &'a [bool],
    /// The keywords of these rules.
    keywords: &'a [Name],
    /// The parser certainly can be made.
    is_parsable: bool,
}

/// A check of a language with its imports embedded, run when the files have no errors.
type LanguageCheck = fn(LanguageContext<'_>, &mut Vec<Problem>);

const LANGUAGE_CHECKS: &[LanguageCheck] = &[definitions::endless_terminals, tokens::terminals, parser::definition];

/// A node, where it stands.
struct Site<'a> {
    owner: &'a Declared<'a>,
    id: NodeId,
    node: &'a Node,
    above: Above,
}

impl Site<'_> {
    fn span(&self) -> Span {
        self.owner.item.span(self.node)
    }
}

/// What the nodes around a node say about it.
#[derive(Clone, Copy, Debug, Default)]
struct Above {
    /// One of them has `*` or `+`.
    repeated: bool,
    /// One is an assignment.
    assigned: bool,
    /// One is a group of a terminal with a lookahead.
    lookahead: bool,
    /// There is one.
    nested: bool,
}

impl Above {
    fn below(self, node: &Node) -> Above {
        let is_group = matches!(node.kind, Kind::TerminalGroup { .. });
        Above {
            repeated: self.repeated || walk::is_repeated(node),
            assigned: self.assigned || matches!(node.kind, Kind::Assignment { .. }),
            lookahead: self.lookahead || is_group && node.lookahead() != Lookahead::None,
            nested: true,
        }
    }
}

/// Everything wrong with a language whose files are in order, and what is known of its parser. The first check that finds
/// something is the last: what follows relies on it. `known` is what was known when all rules showed what they show now.
pub(super) fn check_language(
    context: Context<'_>,
    language: &Language,
    known: Option<&ParserFacts>,
    workers: Workers<'_>,
) -> (Vec<Problem>, ParserFacts) {
    let Context { sources, config, memory, .. } = context;
    let known = known.filter(|known| known.reachable.len() == language.rules.len());
    let Words { reachable, keywords } = language.words_of(sources, known.map(|known| &*known.reachable));
    let is_edited = |rule: Element| {
        let verdict = memory.and_then(|memory| memory.verdicts.get(rule.file.index()));
        !verdict.is_some_and(|verdict| verdict.is_sound(sources.file(rule.file), rule.declaration as usize))
    };
    let rules = match config.lookahead(language.config) {
        Some(_) => None,
        None => known
            .and_then(|known| known.rules.as_deref())
            .filter(|rules| parsable::still_holds(sources, language, (reachable, rules), is_edited))
            .map(<[u8]>::to_vec)
            .or_else(|| parsable::proof(sources, language, reachable, workers)),
    };
    let context = LanguageContext { sources, config, language, reachable, keywords, is_parsable: rules.is_some() };
    let mut problems = Vec::new();
    for check in LANGUAGE_CHECKS {
        check(context, &mut problems);
        if !problems.is_empty() {
            break;
        }
    }
    (problems, ParserFacts { reachable: reachable.clone(), rules })
}

/// What [`check`](super::check()) finds out.
#[derive(Debug)]
pub struct Checked {
    /// Everything that is wrong, by file and line.
    pub problems: Vec<Problem>,
    /// For [`infer`](super::infer).
    pub types: KnownTypes,
    /// Entry grammars with their imports, as far as they had to be known and were kept.
    pub(super) languages: Vec<Language>,
    /// For the next time; nothing if the files could not be parsed.
    pub(super) left: Option<Left>,
}

/// What checks leave for those of the next analysis.
#[derive(Debug)]
pub(super) struct Left {
    pub(super) surroundings: u128,
    pub(super) verdicts: Vec<Verdict>,
    /// The types of the entry grammars are those that they were; nobody found them again who was not asked to.
    pub(super) has_same_types: bool,
    pub(super) notes: Vec<Notes>,
    pub(super) overview: Overview,
}

/// A project of fewer nodes is checked before a second thread has started. Picked by gut feeling.
const TOO_FEW_NODES: usize = 1 << 12;

/// `workers`, unless there is too little for them to do.
pub(super) fn hands<'w>(sources: &Sources, workers: Workers<'w>) -> Workers<'w> {
    let is_small = sources.files.iter().map(|file| file.tree.nodes.len()).sum::<usize>() < TOO_FEW_NODES;
    if is_small { Workers::alone() } else { workers }
}

/// Checks the project. Grammars that cannot be parsed are checked for nothing else: what is missing from a broken
/// declaration would be reported wherever it is used.
pub(super) fn check(context: Context<'_>, workers: Workers<'_>) -> Checked {
    let sources = context.sources;
    let workers = hands(sources, workers);
    let (mut types, mut languages, mut left) = (KnownTypes::default(), Vec::new(), None);
    let mut problems = syntax_problems(sources);
    if problems.is_empty() {
        let project = Project::new(context, workers);
        let surroundings = project.surroundings().unwrap_or(0);
        let (mut verdicts, mut has_same_types) = (vec![Verdict::default(); sources.files.len()], true);
        let files = sources.listed();
        for (&file, judgement) in files.iter().zip(check_files(&project, &files, context.entries, workers)) {
            let Judgement { problems: mut found, types: found_types, language, verdict, are_same } = judgement;
            languages.extend(language);
            problems.append(&mut found);
            if let Some(found) = found_types {
                types.add(file, found);
            }
            verdicts[file.index()] = verdict;
            has_same_types &= are_same || !context.entries.contains(&file);
        }
        let surroundings = if problems.iter().any(clashes::may_find) { 0 } else { surroundings };
        let (overview, notes) = project.into_overview();
        left = Some(Left { surroundings, verdicts, has_same_types, notes, overview });
        if problems.iter().all(|problem| problem.severity != Severity::Error) {
            entry::undeclared(context, &mut problems);
        }
    }
    Checked { problems, types, languages, left }
}

/// What is known of a file.
struct Judgement {
    /// What is wrong with it, by line.
    problems: Vec<Problem>,
    /// Of entry grammars the types of it and its imports, as far as they had to be known.
    types: Option<BothTypes>,
    /// Likewise, with its imports embedded.
    language: Option<Language>,
    verdict: Verdict,
    /// The types are as they were when nothing was wrong with them.
    are_same: bool,
}

/// Checks each of `files`. Those that are large are a piece of work for all hands; the others are done side by side.
fn check_files(project: &Project<'_>, files: &[FileId], entries: &[FileId], workers: Workers<'_>) -> Vec<Judgement> {
    let is_large = |file: FileId| project.sources.file(file).tree.nodes.len() >= walk::NODES_OF_A_PIECE;
    let check = |file, workers| {
        let judgement = check_file(project, file, workers);
        match entries.contains(&file) {
            true => judgement,
            false => Judgement { types: None, language: None, ..judgement },
        }
    };
    if files.len() == 1 || files.iter().any(|&file| is_large(file)) {
        files.iter().map(|&file| check(file, workers)).collect()
    } else {
        workers.map(files, |&file| check(file, Workers::alone()))
    }
}

fn check_file(project: &Project<'_>, file: FileId, workers: Workers<'_>) -> Judgement {
    let with_types = |workers: Workers<'_>| {
        let grammar = Grammar::new(project, file, workers);
        (check_grammar(&grammar, workers), grammar)
    };
    let order = Order::of(project, file);
    let ((of_grammar, known), found) = if order.asks_for_types {
        let (of_grammar, grammar) = with_types(workers);
        let walk = Walk::new(&grammar, order);
        let found = walk.found(workers.map(&walk.pieces(), |piece| walk.check(piece)));
        ((of_grammar, grammar.into_types()), found)
    } else {
        // Types take longer, and not all of the way to them can be shared: checks of declarations fill the gaps.
        let grammar = Grammar::without_types(project, file);
        let walk = Walk::new(&grammar, order);
        let ((of_grammar, with_types), pieces) = workers.beside(with_types, &walk.pieces(), |piece| walk.check(piece));
        ((of_grammar, with_types.into_types()), walk.found(pieces))
    };
    let Found { linking: mut problems, of_declarations, mut sound, has_sound_types } = found;
    if !sound.is_empty() {
        let declarations = &project.sources.file(file).tree.declarations;
        for problem in of_grammar.problems.iter().filter(|problem| infer::may_find(problem)) {
            sound[declarations.partition_point(|declaration| declaration.region.end <= problem.span.start)] = 0;
        }
    }
    let has_sound_types = has_sound_types && of_grammar.has_sound_types;
    let verdict = Verdict { sound, said: known.said.filter(|_| has_sound_types) };
    problems.extend(of_grammar.problems);
    problems.extend(of_declarations);
    sort_by_line(project.sources, &mut problems);
    let FoundTypes { types, language, are_same, .. } = known;
    Judgement { problems, types, language, verdict, are_same }
}

/// Whether a check of the declaration, not of the grammar as a whole, needs to know the types of the grammar.
fn asks_for_types(item: Item<'_>) -> bool {
    let has_default = |id| matches!(item.node(id).kind, Kind::TypeAttribute { parts, .. } if item.ids(parts).len() > 1);
    match item.declaration.kind {
        DeclarationKind::InfixRule { returns, .. } => matches!(returns, Returns::Type(_)),
        DeclarationKind::Interface { attributes, .. } => item.ids(attributes).any(has_default),
        DeclarationKind::ParserRule { .. }
        | DeclarationKind::TerminalRule { .. }
        | DeclarationKind::Type { .. }
        | DeclarationKind::Grammar { .. }
        | DeclarationKind::Import { .. }
        | DeclarationKind::Broken => false,
    }
}

/// What is wrong with a grammar as a whole.
struct OfGrammar {
    problems: Vec<Problem>,
    /// Nothing is wrong with its types.
    has_sound_types: bool,
}

/// So many types are a piece of work for a check of each type: some ten milliseconds.
const TYPES_OF_A_PIECE: usize = 1 << 15;

fn check_grammar(grammar: &Grammar<'_>, workers: Workers<'_>) -> OfGrammar {
    let types = grammar.types().map_or(&[][..], TypeFacts::infos);
    let mut tasks: Vec<(GrammarCheck, &[Info])> = Vec::new();
    for &check in GRAMMAR_CHECKS {
        match check {
            GrammarCheck::EachType(_) => tasks.extend(types.chunks(TYPES_OF_A_PIECE).map(|types| (check, types))),
            GrammarCheck::WithoutTypes(_) | GrammarCheck::WithTypes(_) => tasks.push((check, types)),
        }
    }
    let found = workers.map(&tasks, |&(check, types)| {
        let mut found = Vec::new();
        match check {
            GrammarCheck::WithoutTypes(check) | GrammarCheck::WithTypes(check) => check(grammar, &mut found),
            GrammarCheck::EachType(check) => check(grammar, types, &mut found),
        }
        found
    });
    let is_sound = |((check, _), found): (&(GrammarCheck, _), &Vec<Problem>)| {
        matches!(check, GrammarCheck::WithoutTypes(_)) || found.is_empty()
    };
    let has_sound_types = tasks.iter().zip(&found).all(is_sound);
    OfGrammar { problems: found.into_iter().flatten().collect(), has_sound_types }
}

/// What keeps the files from being seen as grammars at all.
pub(super) fn unreadable(sources: &Sources) -> Vec<Problem> {
    let mut problems = syntax_problems(sources);
    imports::missing_files(sources, &mut problems);
    problems.sort_by_key(|problem| (problem.file, problem.span.start));
    problems
}

fn declaration_checks(kind: DeclarationKind) -> &'static [DeclarationCheck] {
    match kind {
        DeclarationKind::ParserRule { .. } => PARSER_RULE_CHECKS,
        DeclarationKind::InfixRule { .. } => INFIX_RULE_CHECKS,
        DeclarationKind::TerminalRule { .. } => TERMINAL_RULE_CHECKS,
        DeclarationKind::Interface { .. } => INTERFACE_CHECKS,
        DeclarationKind::Type { .. } => TYPE_CHECKS,
        DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => &[],
    }
}

/// Calls `visit` with the nodes directly below a declaration, in source order.
fn roots(item: Item<'_>, mut visit: impl FnMut(NodeId)) {
    let inferred = |returns| match returns {
        Returns::Infers(node) => Some(node),
        Returns::Implicit | Returns::Type(_) | Returns::Primitive(_) => None,
    };
    match item.declaration.kind {
        DeclarationKind::ParserRule { parameters, returns, definition, .. } => {
            item.ids(parameters).chain(inferred(returns)).chain([definition]).for_each(visit);
        }
        DeclarationKind::InfixRule { parameters, call, returns, operators, .. } => {
            item.ids(parameters).chain([call]).chain(inferred(returns)).chain([operators]).for_each(visit);
        }
        DeclarationKind::TerminalRule { ty, definition, .. } => ty.into_iter().chain([definition]).for_each(visit),
        DeclarationKind::Interface { attributes, .. } => item.ids(attributes).for_each(visit),
        DeclarationKind::Type { definition, .. } => visit(definition),
        DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => {}
    }
}

/// Sorts as Langium's command line does: by line alone, so that what was found first on a line stays first.
fn sort_by_line(sources: &Sources, problems: &mut [Problem]) {
    if problems.len() < 2 {
        return;
    }
    problems.sort_by_cached_key(|problem| sources.line_of(problem));
}

fn syntax_problems(sources: &Sources) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (file, content) in sources.files.iter().enumerate() {
        for problem in &content.tree.problems {
            let region = content.tree.declarations[problem.declaration as usize].region;
            let span = problem.span.shifted(region.start);
            let mut found = Problem::new(Severity::Error, Code::Syntax, FileId(file as u32), span, problem.message.clone());
            found.hint = problem.hint.map(str::to_owned);
            problems.push(found);
        }
    }
    problems
}

//! What checks know: the project, a file of it, a declaration of the file.

use std::sync::OnceLock;

use super::empty::Consumes;
use super::multiplicity::Fragments;
use super::name_set::NameSet;
use super::notable::Notable;
use super::overview::{self, Facts, Overview, Unused};
use super::type_facts::TypeFacts;
use super::verdict::{Said, Surroundings, Verdict, surroundings};
use crate::model::config::Config;
use crate::model::language::{Element, Language};
use crate::model::links::{DeclarationId, Links, Targets, TypeDefinition};
use crate::model::notes::Notes;
use crate::model::outline::outlines;
use crate::model::rules::RuleFacts;
use crate::model::sources::Sources;
use crate::model::types::{BothTypes, Memo};
use crate::model::visibility;
use crate::model::{Context, Memory};
use crate::text::{Code, FileId, Name, Problem, Severity, Span};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Returns};
use crate::work::Workers;

/// What is known about all files together.
pub(super) struct Project<'a> {
    pub(super) sources: &'a Sources,
    pub(super) config: &'a Config,
    memory: Option<&'a Memory>,
    pub(super) asks_for_types: bool,
    pub(super) links: Links<'a>,
    /// The sources without references to what a file does not see; absent if there are none.
    visible: Option<Sources>,
    /// By declaration.
    facts: Vec<Facts>,
    /// Found by the first who asks, if `facts` are those of the last time: then hardly anybody does.
    fragments: OnceLock<Fragments>,
    notable: Notable,
    /// By file: the rules of it that nobody uses, found by the first who asks.
    unused: Vec<OnceLock<Vec<Unused>>>,
    /// If there is a memory.
    notes: Vec<Notes>,
    surroundings: Option<Surroundings>,
    /// A hash of what all declarations show, if there is a memory.
    key: Option<u128>,
    /// What was found out about all declarations together when they showed the same.
    overview: Option<&'a Overview>,
}

impl<'a> Project<'a> {
    pub(super) fn new(context: Context<'a>, workers: Workers<'a>) -> Project<'a> {
        let Context { sources, entries, config, memory, asks_for_types } = context;
        let notes = memory.map_or_else(Vec::new, |memory| outlines(sources, &memory.notes));
        let key = memory.map(|_| overview::key(context, &notes));
        let overview = memory.map(|memory| &memory.overview).filter(|known| key == Some(known.key) && known.fits(sources));
        let links = if overview.is_some() { Links::known(sources, workers) } else { Links::new(sources, workers) };
        let key = key.filter(|_| links.is_complete());
        let (facts, fragments) = match overview {
            Some(known) => (known.facts.clone(), OnceLock::new()),
            None => {
                let of_fragments = || Fragments::find(&links, sources.names.len());
                let (facts, fragments) = workers.join(|| facts(sources, &links, workers), of_fragments);
                (facts, OnceLock::from(fragments))
            }
        };
        let unused =
            |file: usize| overview.and_then(|known| known.unused[file].clone()).map_or_else(OnceLock::new, OnceLock::from);
        let visible = if links.is_complete() { None } else { visibility::without_invisible(sources) };
        let mut project = Project {
            sources,
            config,
            memory,
            asks_for_types,
            links,
            visible,
            facts,
            fragments,
            notable: Notable::find(sources, entries),
            unused: (0..sources.files.len()).map(unused).collect(),
            notes,
            surroundings: None,
            key,
            overview,
        };
        project.surroundings = match overview {
            Some(known) => Some(known.surroundings),
            None => key.map(|_| surroundings(&project)),
        };
        debug_assert!(overview.is_none() || project.is_as_known(), "declarations show too little");
        project
    }

    /// Whether what is known from the last time is what would be found out now.
    fn is_as_known(&self) -> bool {
        self.facts == facts(self.sources, &self.links, Workers::alone())
            && self.surroundings == Some(surroundings(self))
            && self.unused.iter().zip((0..).map(FileId)).all(|(known, file)| {
                known.get().is_none_or(|known| *known == super::unused::find(&Grammar::without_types(self, file)))
            })
    }

    /// Whether everything that was found out about all declarations together is known from the last time.
    pub(super) fn is_as_it_was(&self) -> bool {
        self.overview.is_some()
    }

    /// What was found out about all declarations together, for the next time, and notes on each.
    pub(super) fn into_overview(self) -> (Overview, Vec<Notes>) {
        let Some((key, surroundings)) = self.key.zip(self.surroundings) else { return (Overview::default(), self.notes) };
        let unused = self.unused.into_iter().map(OnceLock::into_inner).collect();
        (Overview { key, facts: self.facts, surroundings, unused, parsers: Vec::new() }, self.notes)
    }

    /// The rules of `file` that nobody uses.
    pub(super) fn unused(&self, grammar: &Grammar<'_>) -> &[Unused] {
        self.unused[grammar.file.index()].get_or_init(|| super::unused::find(grammar))
    }

    /// What declarations see of each other, if there is a memory and every reference leads somewhere.
    pub(super) fn surroundings(&self) -> Option<Surroundings> {
        self.surroundings
    }

    /// What was found out about `file` in the same surroundings.
    pub(super) fn verdict(&self, file: FileId) -> Option<&'a Verdict> {
        let memory = self.memory.filter(|memory| self.surroundings == Some(memory.surroundings))?;
        memory.verdicts.get(file.index())
    }

    /// The sources for whoever looks at several files together: there, a name means something only where it is seen.
    pub(super) fn linked_sources(&self) -> &Sources {
        self.visible.as_ref().unwrap_or(self.sources)
    }

    /// What is remembered of the types of `file` and its imports, if all of them are as they are written.
    pub(super) fn memo(&self, file: FileId) -> Option<&Memo> {
        if self.visible.is_none() { Some(self.memory?.of(file)) } else { None }
    }

    /// Whether something can be wrong with the types of `file` and its imports taken together. Long chains of imports
    /// would otherwise cost the square of their length, as they do in Langium.
    fn has_notable_types(&self, file: FileId) -> bool {
        let visible = self.links.visible(file);
        self.notable.any(file, visible)
            || visible.iter().any(|&file| self.grammar_name(file).is_some_and(|name| self.links.is_type(name)))
    }

    /// Whether a parser rule creates a plain value (`isDataTypeRule` in `grammar-utils.ts`).
    pub(super) fn is_data_type(&self, rule: DeclarationId) -> bool {
        self.facts[rule.index()].is_data_type
    }

    /// What is known of the rules of a language made of `sources`.
    pub(super) fn rule_facts(&self, sources: &Sources, language: &Language) -> RuleFacts {
        // Where references lead is known already, unless a name means something else there.
        if !self.links.is_complete() || language.has_namesakes(sources) {
            return RuleFacts::new(sources, language);
        }
        let id = |rule: &Element| self.links.declaration(rule.file, rule.declaration);
        RuleFacts::with(sources, language, language.rules.iter().map(|rule| self.is_data_type(id(rule))))
    }

    /// Whether following the declared types that a type is made of leads into a circle.
    pub(super) fn is_cyclic(&self, ty: DeclarationId) -> bool {
        self.facts[ty.index()].is_cyclic
    }

    /// What a parser rule consumes at least.
    pub(super) fn consumes(&self, rule: DeclarationId) -> Consumes {
        self.facts[rule.index()].consumes
    }

    /// Whether a terminal matches the empty text.
    pub(super) fn is_empty_terminal(&self, terminal: DeclarationId) -> bool {
        self.facts[terminal.index()].is_empty_terminal
    }

    /// What fragments contribute to the rules that use them.
    pub(super) fn fragments(&self) -> &Fragments {
        self.fragments.get_or_init(|| Fragments::find(&self.links, self.sources.names.len()))
    }

    pub(super) fn text(&self, name: Name) -> &'a str {
        self.sources.names.get(name)
    }

    /// The name of a declaration; empty for imports.
    pub(super) fn name(&self, id: DeclarationId) -> &'a str {
        self.links.kind(id).name().map_or("", |name| self.text(name))
    }

    /// The name of the grammar in `file`, if it has one.
    pub(super) fn grammar_name(&self, file: FileId) -> Option<Name> {
        match self.sources.file(file).tree.declarations.first()?.kind {
            DeclarationKind::Grammar { name } => Some(name),
            _ => None,
        }
    }

    /// The last part of the path of `file`.
    pub(super) fn base_name(&self, file: FileId) -> &'a str {
        let path = &self.sources.file(file).path;
        path.rsplit(['/', '\\']).next().unwrap_or(path)
    }

    /// What `returns` or `infers` says (`getExplicitRuleType`).
    pub(super) fn explicit_type(&self, rule: DeclarationId) -> Option<Name> {
        let item = self.links.item(rule);
        match item.declaration.kind {
            DeclarationKind::ParserRule { returns, .. } | DeclarationKind::InfixRule { returns, .. } => match returns {
                Returns::Implicit => None,
                Returns::Primitive(primitive) => Some(primitive.name()),
                // Whatever the name refers to carries that name.
                Returns::Type(name) => self.links.returned_type(rule).map(|_| name),
                Returns::Infers(node) => match item.node(node).kind {
                    Kind::InferredType { name } => Some(name),
                    _ => None,
                },
            },
            _ => None,
        }
    }

    /// The name of the type of a parser or infix rule (`getTypeName`).
    pub(super) fn type_name(&self, rule: DeclarationId) -> Option<Name> {
        let own = self.links.kind(rule).name();
        if self.is_data_type(rule) { own } else { self.explicit_type(rule).or(own) }
    }
}

/// What is found out about each declaration by a walk from one to the other.
fn facts(sources: &Sources, links: &Links<'_>, workers: Workers<'_>) -> Vec<Facts> {
    let (data_types, consumes) = workers.join(|| super::rules::data_type_rules(links), || super::empty::find(links));
    let data_types = data_types.into_iter().zip(consumes);
    let types = super::declared::cyclic_types(links).into_iter().zip(super::regex::empty_terminals(sources, links));
    let facts = |((is_data_type, consumes), (is_cyclic, is_empty_terminal))| Facts {
        is_data_type,
        is_cyclic,
        is_empty_terminal,
        consumes,
    };
    data_types.zip(types).map(facts).collect()
}

/// What is known about the types of a grammar.
enum Known<'a> {
    Types(Box<TypeFacts<'a>>),
    /// They are as they were when nothing was wrong with them.
    Same(Box<FoundTypes>),
    /// There can be nothing wrong with them.
    Harmless,
    /// They were not looked at.
    Unknown,
}

/// The types of a grammar when its checks are over.
#[derive(Default)]
pub(super) struct FoundTypes {
    pub(super) types: Option<BothTypes>,
    /// What its rules say about them, if there is a memory.
    pub(super) said: Option<Vec<Said>>,
    /// They are as they were when nothing was wrong with them.
    pub(super) are_same: bool,
    /// The grammar with its imports, if that was found out: what [`language::of_file`](crate::model::language::of_file) gives.
    pub(super) language: Option<Language>,
}

/// A file being checked.
pub(super) struct Grammar<'a> {
    pub(super) project: &'a Project<'a>,
    pub(super) file: FileId,
    types: Known<'a>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(project: &'a Project<'a>, file: FileId, workers: Workers<'_>) -> Grammar<'a> {
        let types = match project.has_notable_types(file) {
            true => match TypeFacts::new(project, file, workers) {
                Ok(types) => Known::Types(Box::new(types)),
                Err(same) => Known::Same(same),
            },
            false => Known::Harmless,
        };
        Grammar { project, file, types }
    }

    /// The grammar in `file`, for checks that do not ask for types: finding them takes as long as all other checks.
    pub(super) fn without_types(project: &'a Project<'a>, file: FileId) -> Grammar<'a> {
        Grammar { project, file, types: Known::Unknown }
    }

    /// The types of the file and its imports, if there can be anything wrong with them.
    pub(super) fn types(&self) -> Option<&TypeFacts<'a>> {
        match &self.types {
            Known::Types(types) => Some(types),
            Known::Harmless | Known::Same(_) => None,
            Known::Unknown => unreachable!("checks that ask for types are run where they are known"),
        }
    }

    /// The types, for whoever needs them next.
    pub(super) fn into_types(self) -> FoundTypes {
        match self.types {
            Known::Types(types) => types.into_types(),
            Known::Same(found) => *found,
            Known::Harmless | Known::Unknown => FoundTypes::default(),
        }
    }

    /// The files that this one imports, directly or not.
    pub(super) fn imports(&self) -> &[FileId] {
        &self.project.links.visible(self.file)[1..]
    }

    /// The declarations of the file.
    pub(super) fn declarations(&self) -> impl Iterator<Item = Declared<'_>> {
        self.project.links.declarations(self.file).map(|id| self.declared(id))
    }

    /// The declarations of the file of some kinds.
    pub(super) fn those(&self, wanted: impl Fn(&DeclarationKind) -> bool) -> impl Iterator<Item = Declared<'_>> {
        let links = &self.project.links;
        links.declarations(self.file).filter(move |&id| wanted(&links.kind(id))).map(|id| self.declared(id))
    }

    /// The imports of the file. They stand at its beginning: nobody looks at what comes behind.
    pub(super) fn import_declarations(&self) -> impl Iterator<Item = Declared<'_>> {
        let imports = self.those(|kind| matches!(kind, DeclarationKind::Import { .. }));
        imports.take(self.project.sources.file(self.file).imports.len())
    }

    /// The rules of the file.
    pub(super) fn rules(&self) -> impl Iterator<Item = Declared<'_>> {
        self.those(DeclarationKind::is_rule)
    }

    /// A declaration, also of another file.
    pub(super) fn declared(&self, id: DeclarationId) -> Declared<'_> {
        let links = &self.project.links;
        Declared { grammar: self, id, item: links.item(id), targets: links.targets(id) }
    }

    /// A set for about as many names as the file has declarations.
    pub(super) fn name_set(&self) -> NameSet {
        NameSet::new(&self.project.sources.names, self.project.sources.file(self.file).tree.declarations.len())
    }

    /// The declaration `grammar Name`, if there is one.
    pub(super) fn header(&self) -> Option<Declared<'_>> {
        self.declarations().next().filter(|first| matches!(first.kind(), DeclarationKind::Grammar { .. }))
    }
}

/// A declaration, seen from the file being checked. It may be of another file.
#[derive(Clone, Copy)]
pub(super) struct Declared<'a> {
    pub(super) grammar: &'a Grammar<'a>,
    pub(super) id: DeclarationId,
    pub(super) item: Item<'a>,
    targets: Targets<'a>,
}

impl<'a> Declared<'a> {
    pub(super) fn project(&self) -> &'a Project<'a> {
        self.grammar.project
    }

    pub(super) fn links(&self) -> &'a Links<'a> {
        &self.grammar.project.links
    }

    pub(super) fn kind(&self) -> DeclarationKind {
        self.item.declaration.kind
    }

    pub(super) fn name(&self) -> &'a str {
        self.project().name(self.id)
    }

    /// The text of the file that the declaration stands in.
    pub(super) fn file_text(&self) -> &'a str {
        &self.project().sources.file(self.links().file(self.id)).text
    }

    /// The rule that the call `node` calls.
    #[inline]
    pub(super) fn called(&self, node: NodeId) -> Option<DeclarationId> {
        self.targets.rule(node)
    }

    /// The type that the `CrossReference`, `Action` or `TypeReference` `node` names.
    #[inline]
    pub(super) fn named_type(&self, node: NodeId) -> Option<TypeDefinition> {
        self.links().type_of(self.targets, node)
    }

    pub(super) fn error(&self, code: Code, span: Span, message: impl Into<String>) -> Problem {
        self.problem(Severity::Error, code, span, message)
    }

    pub(super) fn warning(&self, code: Code, span: Span, message: impl Into<String>) -> Problem {
        self.problem(Severity::Warning, code, span, message)
    }

    pub(super) fn hint(&self, code: Code, span: Span, message: impl Into<String>) -> Problem {
        self.problem(Severity::Hint, code, span, message)
    }

    /// A problem of the file being checked, at `span` of this declaration's region.
    fn problem(&self, severity: Severity, code: Code, span: Span, message: impl Into<String>) -> Problem {
        let mut problem = Problem::new(severity, code, self.grammar.file, self.absolute(span), message);
        problem.span_file = self.links().file(self.id);
        problem
    }

    /// A span of the region as one of the file.
    pub(super) fn absolute(&self, span: Span) -> Span {
        span.shifted(self.item.declaration.region.start)
    }
}

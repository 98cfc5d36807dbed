//! One language: its entry grammar with everything that it imports embedded, as one list of rules, interfaces and types,
//! and what names mean in it.
//!
//! Langium copies the imported elements behind the entry grammar's own and links the result anew
//! (`embedReferencedGrammar` in `generate.ts`, langium-cli 4.4.0). So a name means the first element of that name in the
//! embedded order, wherever it is used: a table by name is the whole of reference resolution, and costs the same for
//! every reference.

use super::lexicon::Lexicon;
use super::sources::Sources;
use crate::text::name::known;
use crate::text::{ByName, FileId, Name};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Returns};

/// A language of the project.
#[derive(Clone, Debug)]
pub struct Language {
    /// The entry grammar's name.
    pub name: Name,
    /// The entry grammar.
    pub entry: FileId,
    /// Which entry of the configuration's `languages` it is.
    pub config: usize,
    /// Rules of all kinds, in embedded order.
    pub rules: Vec<Element>,
    /// Interfaces, in embedded order.
    pub interfaces: Vec<Element>,
    /// Declared types, in embedded order.
    pub types: Vec<Element>,
    /// The order of the lists above in the grammar's JSON and in name lookup.
    pub sections: [Section; 3],
    scope: Scope,
    pub(super) lexicon: Lexicon,
}

/// A declaration in the role of an element of a language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Element {
    /// The file it stands in.
    pub file: FileId,
    /// Its position among the file's declarations.
    pub declaration: u32,
    /// Whether it came by an import. Langium's copies of imported elements lose their comments and are never the entry.
    pub imported: bool,
}

impl Element {
    /// The declaration with its nodes.
    pub fn item(self, sources: &Sources) -> Item<'_> {
        sources.file(self.file).tree.item(self.declaration as usize)
    }

    /// What the declaration is.
    pub fn kind(self, sources: &Sources) -> DeclarationKind {
        sources.file(self.file).tree.declarations[self.declaration as usize].kind
    }

    /// The text of the declaration's region: what spans of its nodes count from.
    pub fn text(self, sources: &Sources) -> &str {
        let file = sources.file(self.file);
        file.tree.declarations[self.declaration as usize].region.of(&file.text)
    }

    /// The doc comment before byte `start` of the region, with its delimiters; none for imported elements.
    pub fn comment_at(self, sources: &Sources, start: u32) -> Option<&str> {
        if self.imported {
            return None;
        }
        Some(self.item(sources).comment_at(start)?.of(self.text(sources)))
    }
}

/// A list of a grammar's elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Section {
    Rules,
    Interfaces,
    Types,
}

/// Things of a grammar by section, the sections in the order in which they begin.
#[derive(Debug)]
pub(super) struct Sections<T> {
    things: [Vec<T>; 3],
    begun: Vec<Section>,
}

impl<T> Default for Sections<T> {
    fn default() -> Sections<T> {
        Sections { things: [const { Vec::new() }; 3], begun: Vec::new() }
    }
}

impl<T> Sections<T> {
    /// What was found in a section so far.
    pub(super) fn of(&mut self, section: Section) -> &mut Vec<T> {
        if !self.begun.contains(&section) {
            self.begun.push(section);
        }
        &mut self.things[section as usize]
    }

    /// All things, section by section.
    pub(super) fn in_order(mut self) -> Vec<T> {
        let mut sections = self.begun.into_iter().map(|section| std::mem::take(&mut self.things[section as usize]));
        let mut all = sections.next().unwrap_or_default();
        sections.for_each(|mut things| all.append(&mut things));
        all
    }
}

/// What a type's name refers to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypeTarget {
    /// A parser or infix rule that names its type after itself: an index into [`Language::rules`].
    Rule(u32),
    /// An `infers` or `infer`: the rule's index, and its `InferredType` node.
    Inferred(u32, NodeId),
    /// An index into [`Language::interfaces`].
    Interface(u32),
    /// An index into [`Language::types`].
    Type(u32),
}

/// What names mean.
#[derive(Clone, Debug)]
struct Scope {
    rules: ByName<u32>,
    terminals: ByName<u32>,
    types: ByName<TypeTarget>,
}

impl Language {
    /// The rule of any kind that `name` means, as an index into [`Language::rules`].
    pub fn rule(&self, name: Name) -> Option<u32> {
        self.scope.rules.get(name)
    }

    /// The terminal rule that `name` means in another terminal rule, as an index into [`Language::rules`].
    pub fn terminal(&self, name: Name) -> Option<u32> {
        self.scope.terminals.get(name)
    }

    /// The type that `name` means.
    pub fn type_target(&self, name: Name) -> Option<TypeTarget> {
        self.scope.types.get(name)
    }

    /// Whether several rules of the language have one name, of which only the first is meant by it.
    pub(super) fn has_namesakes(&self, sources: &Sources) -> bool {
        let name_of = |rule: &Element| rule.kind(sources).name();
        let is_meant = |(index, rule)| name_of(rule).and_then(|name| self.rule(name)) == Some(index);
        !(0..).zip(&self.rules).all(is_meant)
    }

    /// Lets `name`, which is new, mean the rule at `index` too.
    pub(super) fn add_name(&mut self, name: Name, index: u32) {
        self.scope.rules.make_room(name);
        self.scope.rules.set(name, index);
    }

    /// What the rule at `index` is.
    pub fn rule_kind(&self, sources: &Sources, index: u32) -> DeclarationKind {
        self.rules[index as usize].kind(sources)
    }

    /// The rule at `index`, as a declaration.
    pub fn rule_item<'s>(&self, sources: &'s Sources, index: u32) -> Item<'s> {
        self.rules[index as usize].item(sources)
    }
}

/// The language of `entry`, which is the one at `config` in the configuration, with its imports embedded: `known` if that is what
/// [`of_file`] gave. All imports must have been found and all trees be free of problems.
pub(super) fn embed(sources: &Sources, entry: FileId, config: usize, known: Option<Language>) -> Option<Language> {
    let DeclarationKind::Grammar { name } = sources.file(entry).tree.declarations.first()?.kind else { return None };
    Some(Language { name, config, ..known.unwrap_or_else(|| of_file(sources, entry)) })
}

/// The grammar `entry` and its imports side by side, as Langium sees them before it embeds one in the other: nothing is
/// a copy, so all comments are there. The grammar need not have a name.
pub(super) fn side_by_side(sources: &Sources, entry: FileId) -> Language {
    language(sources, entry, false)
}

/// Any grammar with its imports, as if they were embedded in it. For checks, which look at files that may have problems.
pub(super) fn of_file(sources: &Sources, entry: FileId) -> Language {
    language(sources, entry, true)
}

/// A language that has no name yet.
fn language(sources: &Sources, entry: FileId, copies_imports: bool) -> Language {
    let (mut rules, mut interfaces, mut types) = (Vec::new(), Vec::new(), Vec::new());
    let mut terminals = 0;
    for (index, file) in transitive_imports(sources, entry).into_iter().enumerate() {
        for (declaration, kind) in sources.file(file).tree.declarations.iter().map(|declaration| declaration.kind).enumerate() {
            let element = Element { file, declaration: declaration as u32, imported: index > 0 && copies_imports };
            match section(kind) {
                Some(Section::Rules) => {
                    terminals += usize::from(matches!(kind, DeclarationKind::TerminalRule { .. }));
                    rules.push(element);
                }
                Some(Section::Interfaces) => interfaces.push(element),
                Some(Section::Types) => types.push(element),
                None => {}
            }
        }
    }
    let sections = section_order(entry, [&rules, &interfaces, &types]);
    let scope = scope(sources, sections, &rules, terminals, &interfaces, &types);
    let (name, lexicon) = (known::UNKNOWN, Lexicon::default());
    Language { name, entry, config: 0, rules, interfaces, types, sections, scope, lexicon }
}

/// `entry` and the files that it imports, directly or not, each once, in the order of a depth-first walk
/// (`resolveTransitiveImports` in `internal-grammar-util.ts`).
pub(super) fn transitive_imports(sources: &Sources, entry: FileId) -> Vec<FileId> {
    let mut order = Vec::new();
    let mut seen = vec![false; sources.files.len()];
    let mut pending = vec![entry];
    while let Some(file) = pending.pop() {
        if !std::mem::replace(&mut seen[file.index()], true) {
            order.push(file);
            pending.extend(sources.file(file).imports.iter().rev().flatten());
        }
    }
    order
}

pub(super) fn section(kind: DeclarationKind) -> Option<Section> {
    match kind {
        DeclarationKind::ParserRule { .. } | DeclarationKind::InfixRule { .. } | DeclarationKind::TerminalRule { .. } => {
            Some(Section::Rules)
        }
        DeclarationKind::Interface { .. } => Some(Section::Interfaces),
        DeclarationKind::Type { .. } => Some(Section::Types),
        DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => None,
    }
}

/// The sections by their first declaration in `entry`; those without one follow in alphabetical order, as Langium adds missing
/// lists in the order of its meta data. `elements`: rules, interfaces and types, those of the entry first.
fn section_order(entry: FileId, elements: [&[Element]; 3]) -> [Section; 3] {
    let first = |section: &Section| {
        let first = elements[*section as usize].first().filter(|first| first.file == entry);
        first.map_or(u32::MAX, |first| first.declaration)
    };
    let mut order = [Section::Interfaces, Section::Rules, Section::Types];
    order.sort_by_key(first);
    order
}

fn scope(
    sources: &Sources,
    sections: [Section; 3],
    rules: &[Element],
    terminals: usize,
    interfaces: &[Element],
    types: &[Element],
) -> Scope {
    let names = sources.names.len();
    let mut scope = Scope {
        rules: ByName::new(names, rules.len()),
        terminals: ByName::new(names, terminals),
        types: ByName::new(names, rules.len() - terminals + interfaces.len() + types.len()),
    };
    for section in sections {
        match section {
            Section::Rules => {
                for (index, rule) in (0..).zip(rules) {
                    let item = rule.item(sources);
                    let kind = item.declaration.kind;
                    let Some(name) = kind.name() else { continue };
                    scope.rules.set_first(name, index);
                    if let DeclarationKind::TerminalRule { .. } = kind {
                        scope.terminals.set_first(name, index);
                    }
                    for_each_inferred_type(item, |name, node| {
                        let target = node.map_or(TypeTarget::Rule(index), |node| TypeTarget::Inferred(index, node));
                        scope.types.set_first(name, target);
                    });
                }
            }
            Section::Interfaces => {
                for (index, interface) in interfaces.iter().enumerate() {
                    if let Some(name) = interface.kind(sources).name() {
                        scope.types.set_first(name, TypeTarget::Interface(index as u32));
                    }
                }
            }
            Section::Types => {
                for (index, ty) in types.iter().enumerate() {
                    if let Some(name) = ty.kind(sources).name() {
                        scope.types.set_first(name, TypeTarget::Type(index as u32));
                    }
                }
            }
        }
    }
    scope.rules.shrink();
    scope.terminals.shrink();
    scope.types.shrink();
    scope
}

/// The types that a rule brings into being without a declaration: its own (with the `infers` node, if there is one),
/// then those of its `infer` actions. Their order decides which of several wins
/// (`processTypeNode` and `processActionNode` in `grammar-scope.ts`).
pub(super) fn for_each_inferred_type(item: Item<'_>, mut visit: impl FnMut(Name, Option<NodeId>)) {
    let (name, returns) = match item.declaration.kind {
        DeclarationKind::ParserRule { name, returns, .. } | DeclarationKind::InfixRule { name, returns, .. } => (name, returns),
        DeclarationKind::TerminalRule { .. }
        | DeclarationKind::Grammar { .. }
        | DeclarationKind::Import { .. }
        | DeclarationKind::Interface { .. }
        | DeclarationKind::Type { .. }
        | DeclarationKind::Broken => return,
    };
    let inferred_name = |node: NodeId| match item.node(node).kind {
        Kind::InferredType { name } => name,
        _ => unreachable!("'infers' and 'infer' make InferredType nodes"),
    };
    match returns {
        Returns::Implicit => visit(name, None),
        Returns::Infers(node) => visit(inferred_name(node), Some(node)),
        Returns::Type(_) | Returns::Primitive(_) => {}
    }
    if !item.declaration.has_inferring_actions {
        return;
    }
    // Actions do not contain each other, so their order among the nodes is that in the text.
    for node in item.nodes {
        if let Kind::InferringAction { inferred, .. } = node.kind {
            visit(inferred_name(inferred), Some(inferred));
        }
    }
}

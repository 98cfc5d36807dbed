//! What names mean in one file and not in others.
//!
//! As long as Langium keeps the files of a language apart, each sees itself and what it imports, directly or not
//! (`getGlobalScope` in `grammar-scope.ts`, langium 4.4.0). [`Language`](super::Language) knows names of the whole
//! language only, which is the same for grammars without errors. For others, the names that a file does not see are
//! taken out of its tree. And where several files have a rule of one name, each file means the one that it sees first; there,
//! the others get names of their own.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::language::{Language, for_each_inferred_type, transitive_imports};
use super::links::{DeclarationId, Links};
use super::sources::Sources;
use crate::text::name::known;
use crate::text::{FileId, Name};
use crate::tree::{DeclarationKind, Kind, NodeId, Returns, Tree};

/// The sources with references to nothing in place of those to what cannot be seen; none if there are no such ones.
pub(super) fn without_invisible(sources: &Sources) -> Option<Sources> {
    let ids = || (0..sources.files.len() as u32).map(FileId);
    let definitions: Vec<Definitions> = ids().map(|id| Definitions::new(&sources.file(id).tree)).collect();
    let mut files = sources.files.clone();
    let mut is_changed = false;
    for id in ids() {
        let visible = transitive_imports(sources, id);
        if visible.len() == sources.files.len() {
            continue;
        }
        let scope = Scope { definitions: visible.iter().map(|file| &definitions[file.index()]).collect() };
        let file = sources.file(id);
        if let Some(tree) = scope.strip(&file.tree) {
            files[id.index()] = Arc::new(file.with_tree(tree));
            is_changed = true;
        }
    }
    if is_changed { Some(Sources { names: sources.names.clone(), files }) } else { None }
}

/// The sources with names of their own in place of those that mean another rule in their file than in the whole `language`,
/// which gets to know these names; none if there are no such ones. `links` are those of the files as they are.
pub(super) fn with_own_meanings(sources: &Sources, links: &Links<'_>, language: &mut Language) -> Option<Sources> {
    if !language.has_namesakes(sources) {
        return None;
    }
    let ids = language.rules.iter().map(|rule| links.declaration(rule.file, rule.declaration));
    let rules: FxHashMap<DeclarationId, u32> = ids.zip(0..).collect();
    let mut own_names: FxHashMap<u32, Name> = FxHashMap::default();
    let mut added: Vec<(Name, u32)> = Vec::new();
    let mut names = sources.names.clone();
    let mut files = sources.files.clone();
    for &id in links.visible(language.entry) {
        let mut tree: Option<Tree> = None;
        for declaration in links.declarations(id) {
            let first = links.item(declaration).declaration.parts[0].start as usize;
            for (index, node) in links.item(declaration).nodes.iter().enumerate() {
                let Kind::RuleCall { rule: name, arguments, predicate } = node.kind else { continue };
                let called = links.called(declaration, NodeId::from_index(index));
                let Some(&meant) = called.and_then(|called| rules.get(&called)) else { continue };
                if language.rule(name) == Some(meant) {
                    continue;
                }
                // No name of a grammar contains a space.
                let rule = *own_names.entry(meant).or_insert_with(|| {
                    let name = names.intern(&format!("rule {meant}"));
                    added.push((name, meant));
                    name
                });
                let tree = tree.get_or_insert_with(|| sources.file(id).tree.clone());
                tree.nodes[first + index].kind = Kind::RuleCall { rule, arguments, predicate };
            }
        }
        if let Some(tree) = tree {
            files[id.index()] = Arc::new(sources.file(id).with_tree(tree));
        }
    }
    added.iter().for_each(|&(name, rule)| language.add_name(name, rule));
    if added.is_empty() { None } else { Some(Sources { names, files }) }
}

/// The names that a file declares.
#[derive(Default)]
struct Definitions {
    rules: FxHashSet<Name>,
    types: FxHashSet<Name>,
}

impl Definitions {
    fn new(tree: &Tree) -> Definitions {
        let mut definitions = Definitions::default();
        for item in tree.items() {
            match item.declaration.kind {
                DeclarationKind::ParserRule { name, .. }
                | DeclarationKind::InfixRule { name, .. }
                | DeclarationKind::TerminalRule { name, .. } => {
                    definitions.rules.insert(name);
                    for_each_inferred_type(item, |name, _| {
                        definitions.types.insert(name);
                    });
                }
                DeclarationKind::Interface { name, .. } | DeclarationKind::Type { name, .. } => {
                    definitions.types.insert(name);
                }
                DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => {}
            }
        }
        definitions
    }
}

/// What one file sees.
struct Scope<'d> {
    definitions: Vec<&'d Definitions>,
}

/// What no declaration can be called.
const NOTHING: Name = known::EMPTY;

impl Scope<'_> {
    /// The tree without the references that lead out of the scope, if there are any.
    fn strip(&self, tree: &Tree) -> Option<Tree> {
        let mut stripped: Option<Tree> = None;
        let mut change = |change: &dyn Fn(&mut Tree)| change(stripped.get_or_insert_with(|| tree.clone()));
        for (index, node) in tree.nodes.iter().enumerate() {
            let mut kind = node.kind;
            match &mut kind {
                Kind::RuleCall { rule, .. } if !self.has_rule(*rule) => *rule = NOTHING,
                Kind::CrossReference { ty, .. } | Kind::Action { ty, .. } | Kind::TypeReference { ty } if !self.has_type(*ty) => {
                    *ty = NOTHING;
                }
                _ => continue,
            }
            change(&|tree| tree.nodes[index].kind = kind);
        }
        for (index, declaration) in tree.declarations.iter().enumerate() {
            let mut kind = declaration.kind;
            match &mut kind {
                DeclarationKind::ParserRule { returns, .. } | DeclarationKind::InfixRule { returns, .. } => match returns {
                    Returns::Type(ty) if !self.has_type(*ty) => *ty = NOTHING,
                    Returns::Type(_) | Returns::Implicit | Returns::Primitive(_) | Returns::Infers(_) => continue,
                },
                DeclarationKind::Interface { super_types, .. } => {
                    let first = declaration.parts[1].start as usize + super_types.start().map_or(0, |start| start + 1);
                    for (position, name) in tree.item(index).names(*super_types).enumerate() {
                        if !self.has_type(name) {
                            change(&|tree| tree.lists[first + position] = NOTHING.raw());
                        }
                    }
                    continue;
                }
                DeclarationKind::Grammar { .. }
                | DeclarationKind::Import { .. }
                | DeclarationKind::Type { .. }
                | DeclarationKind::TerminalRule { .. }
                | DeclarationKind::Broken => continue,
            }
            change(&|tree| tree.declarations[index].kind = kind);
        }
        stripped
    }

    fn has_rule(&self, name: Name) -> bool {
        self.definitions.iter().any(|definitions| definitions.rules.contains(&name))
    }

    fn has_type(&self, name: Name) -> bool {
        self.definitions.iter().any(|definitions| definitions.types.contains(&name))
    }
}

//! Names that are declared nowhere in sight: neither in the file nor in what it imports.

use rustc_hash::FxHashMap;

use super::{Context, error};
use crate::model::language::{for_each_inferred_type, transitive_imports};
use crate::model::sources::Sources;
use crate::syntax::{Lexer, TokenKind};
use crate::text::{Code, FileId, Name, Problem, Span};
use crate::tree::{DeclarationKind, Item, Kind, List, Node, NodeId, Returns};

/// Looking for a likely name among thousands takes longer than the rest of the run; no one reads a hundred of them.
const MOST_SUGGESTIONS: usize = 20;

/// A kind of thing that names refer to. The three name spaces of a grammar do not mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Space {
    Rule,
    Terminal,
    Type,
}

/// Linking errors of the documents as they are (`createLinkingError` in langium's `linker.ts`, scopes of
/// `grammar-scope.ts`). Rules, terminals and types of imported files are in scope; parameters only in their own rule.
pub(super) fn unresolved(context: Context<'_>, problems: &mut Vec<Problem>) {
    let sources = context.sources;
    let definitions: Vec<Definitions> = (0..sources.files.len()).map(|file| definitions(sources, FileId(file as u32))).collect();
    for id in (0..sources.files.len() as u32).map(FileId) {
        let scope = Scope { sources, definitions: &definitions, visible: transitive_imports(sources, id) };
        let mut checker = FileChecker { scope, file: id, problems };
        sources.file(id).tree.items().for_each(|item| checker.declaration(item));
    }
}

/// The first declaration of each name in one file.
type Definitions = FxHashMap<(Space, Name), u32>;

fn definitions(sources: &Sources, file: FileId) -> Definitions {
    let mut definitions = Definitions::default();
    for (index, item) in sources.file(file).tree.items().enumerate() {
        let mut define = |space, name| {
            definitions.entry((space, name)).or_insert(index as u32);
        };
        match item.declaration.kind {
            DeclarationKind::ParserRule { name, .. } | DeclarationKind::InfixRule { name, .. } => {
                define(Space::Rule, name);
                for_each_inferred_type(item, |name, _| define(Space::Type, name));
            }
            DeclarationKind::TerminalRule { name, .. } => {
                define(Space::Rule, name);
                define(Space::Terminal, name);
            }
            DeclarationKind::Interface { name, .. } | DeclarationKind::Type { name, .. } => define(Space::Type, name),
            DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => {}
        }
    }
    definitions
}

/// What one file sees.
struct Scope<'a> {
    sources: &'a Sources,
    definitions: &'a [Definitions],
    /// The file itself and its imports.
    visible: Vec<FileId>,
}

impl<'a> Scope<'a> {
    fn find(&self, space: Space, name: Name) -> Option<Item<'a>> {
        self.visible.iter().find_map(|&file| {
            let index = *self.definitions[file.index()].get(&(space, name))?;
            Some(self.sources.file(file).tree.item(index as usize))
        })
    }
}

struct FileChecker<'a, 'p> {
    scope: Scope<'a>,
    file: FileId,
    problems: &'p mut Vec<Problem>,
}

impl FileChecker<'_, '_> {
    fn declaration(&mut self, item: Item<'_>) {
        match item.declaration.kind {
            DeclarationKind::Interface { super_types, .. } => {
                for (index, name) in item.names(super_types).enumerate() {
                    self.check_type(item, name, Place::SuperType(index));
                }
            }
            DeclarationKind::ParserRule { returns, .. } | DeclarationKind::InfixRule { returns, .. } => {
                if let Returns::Type(name) = returns {
                    self.check_type(item, name, Place::ReturnType);
                }
            }
            DeclarationKind::TerminalRule { .. }
            | DeclarationKind::Type { .. }
            | DeclarationKind::Grammar { .. }
            | DeclarationKind::Import { .. }
            | DeclarationKind::Broken => {}
        }
        item.nodes.iter().for_each(|node| self.node(item, node));
    }

    fn node(&mut self, item: Item<'_>, node: &Node) {
        match node.kind {
            Kind::RuleCall { rule, arguments, .. } => match self.scope.find(Space::Rule, rule) {
                None => self.report(item, "AbstractRule", rule, Place::FirstName(node.span)),
                Some(called) => self.arguments(item, arguments, called),
            },
            Kind::TerminalRuleCall { rule } if self.scope.find(Space::Terminal, rule).is_none() => {
                self.report(item, "TerminalRule", rule, Place::FirstName(node.span));
            }
            Kind::CrossReference { ty, .. } | Kind::Action { ty, .. } | Kind::TypeReference { ty } => {
                self.check_type(item, ty, Place::FirstName(node.span));
            }
            Kind::ParameterReference { parameter } if !has_parameter(item, parameter) => {
                self.report(item, "Parameter", parameter, Place::FirstName(node.span));
            }
            _ => {}
        }
    }

    fn arguments(&mut self, item: Item<'_>, arguments: List, called: Item<'_>) {
        for id in item.ids(arguments) {
            let node = item.node(id);
            if let Kind::NamedArgument { parameter: Some(parameter), .. } = node.kind
                && !has_parameter(called, parameter)
            {
                self.report(item, "Parameter", parameter, Place::FirstName(node.span));
            }
        }
    }

    fn check_type(&mut self, item: Item<'_>, name: Name, place: Place) {
        if self.scope.find(Space::Type, name).is_none() {
            self.report(item, "AbstractType", name, place);
        }
    }

    fn report(&mut self, item: Item<'_>, expected: &str, name: Name, place: Place) {
        let sources = self.scope.sources;
        let span = locate(&sources.file(self.file).text, item, place);
        let name = sources.names.get(name);
        let message = format!("Could not resolve reference to {expected} named '{name}'.");
        let hint = if self.problems.len() < MOST_SUGGESTIONS { self.suggestion(expected, name) } else { None };
        self.problems.push(error(Code::UnresolvedReference, self.file, span, message, hint));
    }

    /// The visible name most like `name`, if one is alike enough to be meant.
    fn suggestion(&self, expected: &str, name: &str) -> Option<String> {
        let space = match expected {
            "AbstractRule" => Space::Rule,
            "TerminalRule" => Space::Terminal,
            "AbstractType" => Space::Type,
            _ => return None,
        };
        let visible = self.scope.visible.iter().map(|file| &self.scope.definitions[file.index()]);
        let names = visible.flat_map(Definitions::keys).filter(|(found, _)| *found == space);
        let names = names.map(|&(_, found)| self.scope.sources.names.get(found));
        let limit = (name.len() / 3).max(1);
        let likely = names.map(|found| (edit_distance(name, found, limit), found)).min()?;
        if likely.0 <= limit { Some(format!("did you mean '{}'?", likely.1)) } else { None }
    }
}

fn has_parameter(rule: Item<'_>, name: Name) -> bool {
    let parameters = match rule.declaration.kind {
        DeclarationKind::ParserRule { parameters, .. } | DeclarationKind::InfixRule { parameters, .. } => parameters,
        _ => return false,
    };
    rule.ids(parameters).any(|id: NodeId| matches!(rule.node(id).kind, Kind::Parameter { name: found } if found == name))
}

/// Where a reference is written. Nodes do not remember it: it is looked up in the text when there is a problem.
#[derive(Clone, Copy)]
enum Place {
    /// The first name in a node.
    FirstName(Span),
    /// The name after `returns`.
    ReturnType,
    /// The n-th name after `extends`.
    SuperType(usize),
}

fn locate(text: &str, item: Item<'_>, place: Place) -> Span {
    let start = item.declaration.region.start;
    let (from, keyword, skipped) = match place {
        Place::FirstName(span) => (start + span.start, None, 0),
        Place::ReturnType => (start + item.declaration.first_token, Some(TokenKind::Returns), 0),
        Place::SuperType(index) => (start + item.declaration.first_token, Some(TokenKind::Extends), index),
    };
    let mut lexer = Lexer::new(text, from as usize);
    let mut next = || {
        let token = lexer.next_token();
        if token.kind == TokenKind::Eof { None } else { Some(token) }
    };
    if let Some(keyword) = keyword {
        while next().is_some_and(|token| token.kind != keyword) {}
    }
    let names = std::iter::from_fn(next).filter(|token| token.kind == TokenKind::Id);
    names.skip(skipped).map(|token| token.span()).next().unwrap_or(Span::new(from, from))
}

/// How many characters have to be inserted, deleted or replaced to turn `a` into `b`; more than `limit` if it is more.
fn edit_distance(a: &str, b: &str, limit: usize) -> usize {
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(row[j + 1] + 1);
        }
    }
    row[b.len()]
}

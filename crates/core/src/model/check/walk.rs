//! The walk through the declarations of a file: what [`declaration_checks`] and [`node_checks`] find.

use super::project::{Declared, Grammar, Project};
use super::references::{self, Unresolved};
use super::{Above, FAR_CHECK, IMPORT_CHECKS, Site, asks_for_types, declaration_checks, node_checks, roots};
use crate::model::language::{Sections, section};
use crate::model::links::DeclarationId;
use crate::text::{FileId, Problem, Span};
use crate::tree::{Cardinality, Kind, Node, NodeId};

/// What is wrong with the declarations of a file.
pub(super) struct Found {
    pub(super) linking: Vec<Problem>,
    pub(super) of_declarations: Vec<Problem>,
    /// For [`Verdict::sound`](super::Verdict::sound).
    pub(super) sound: Vec<u128>,
    /// Nothing is wrong with the declarations of which types decide that.
    pub(super) has_sound_types: bool,
}

/// So many nodes are a piece of work of their own: some milliseconds.
pub(super) const NODES_OF_A_PIECE: usize = 1 << 16;

/// A declaration, and how many nodes it has.
pub(super) type Sized = (DeclarationId, u32);

/// The declarations of a file, in the order in which Langium comes to them.
pub(super) struct Order {
    declarations: Vec<Sized>,
    /// Some need to know the types of the grammar.
    pub(super) asks_for_types: bool,
}

impl Order {
    /// Finds all there is to know in one look at each: of many, looking takes longer than thinking.
    pub(super) fn of(project: &Project<'_>, file: FileId) -> Order {
        let (mut declarations, mut asks) = (Sections::default(), false);
        for (item, id) in project.sources.file(file).tree.items().zip(project.links.declarations(file)) {
            asks = asks || asks_for_types(item);
            if let Some(section) = section(item.declaration.kind) {
                declarations.of(section).push((id, item.nodes.len() as u32));
            }
        }
        Order { declarations: declarations.in_order(), asks_for_types: asks }
    }
}

/// The declarations of a file, to be checked piece by piece.
pub(super) struct Walk<'g> {
    grammar: &'g Grammar<'g>,
    order: Order,
}

impl<'g> Walk<'g> {
    pub(super) fn new(grammar: &'g Grammar<'g>, order: Order) -> Walk<'g> {
        Walk { grammar, order }
    }

    /// What to [check](Walk::check) at once.
    pub(super) fn pieces(&self) -> Vec<&[Sized]> {
        pieces(&self.order.declarations, |&(_, nodes)| nodes as usize)
    }

    /// Checks a piece.
    pub(super) fn check(&self, piece: &[Sized]) -> Piece {
        walk(self.grammar, piece)
    }

    /// What was found in all pieces, in their order.
    pub(super) fn found(&self, pieces: Vec<Piece>) -> Found {
        let grammar = self.grammar;
        let mut of_declarations = Vec::new();
        for import in grammar.import_declarations() {
            IMPORT_CHECKS.iter().for_each(|check| check(&import, &mut of_declarations));
        }
        let (mut unresolved, mut has_sound_types, mut sound) = (Vec::new(), true, Vec::new());
        let file = grammar.project.sources.file(grammar.file);
        if grammar.project.surroundings().is_some() {
            sound.resize(file.tree.declarations.len(), 0);
        }
        for mut piece in pieces {
            unresolved.append(&mut piece.unresolved);
            of_declarations.append(&mut piece.problems);
            has_sound_types &= piece.has_sound_types;
            if !sound.is_empty() {
                piece.sound.into_iter().for_each(|index| sound[index] = file.hashes()[index]);
            }
        }
        Found { linking: references::problems(grammar, &unresolved), of_declarations, sound, has_sound_types }
    }
}

/// `items` in pieces of about [`NODES_OF_A_PIECE`].
fn pieces<T>(items: &[T], size: impl Fn(&T) -> usize) -> Vec<&[T]> {
    let mut pieces = Vec::new();
    let (mut start, mut nodes) = (0, 0);
    for (index, item) in items.iter().enumerate() {
        nodes += size(item);
        if nodes >= NODES_OF_A_PIECE {
            pieces.push(&items[start..=index]);
            (start, nodes) = (index + 1, 0);
        }
    }
    pieces.push(&items[start..]);
    pieces
}

/// What is wrong with some of them.
#[derive(Default)]
pub(super) struct Piece {
    unresolved: Vec<Unresolved>,
    problems: Vec<Problem>,
    /// The declarations that nothing is wrong with, by their position in the file, whatever types there are.
    sound: Vec<usize>,
    has_sound_types: bool,
}

impl Piece {
    fn findings(&self) -> usize {
        self.unresolved.len() + self.problems.len()
    }
}

fn walk(grammar: &Grammar<'_>, declarations: &[Sized]) -> Piece {
    let mut found = Piece { has_sound_types: true, ..Piece::default() };
    let mut trial = Piece::default();
    let mut pending = Vec::new();
    let (file, verdict) = (grammar.project.sources.file(grammar.file), grammar.project.verdict(grammar.file));
    let is_known = grammar.project.is_as_it_was() && !cfg!(debug_assertions);
    for &(id, _) in declarations {
        let index = grammar.project.links.place(id).1 as usize;
        if verdict.is_some_and(|verdict| verdict.is_sound(file, index))
            && (is_known || !is_suspicious_far_away(&grammar.declared(id), &mut trial))
        {
            found.sound.push(index);
            continue;
        }
        let declared = grammar.declared(id);
        let before = found.findings();
        references::of_declaration(&declared, &mut found.unresolved);
        declaration_checks(declared.kind()).iter().for_each(|check| check(&declared, &mut found.problems));
        if is_suspicious(&declared, &mut trial) {
            nodes(&declared, &mut pending, &mut found);
        }
        let is_sound = found.findings() == before;
        match asks_for_types(declared.item) {
            true => found.has_sound_types &= is_sound,
            false if is_sound => found.sound.push(index),
            false => {}
        }
    }
    found
}

/// Whether something can be wrong with the nodes of a declaration in which nothing was, since others were edited.
fn is_suspicious_far_away(owner: &Declared<'_>, trial: &mut Piece) -> bool {
    for (index, node) in owner.item.nodes.iter().enumerate() {
        if let Kind::CrossReference { .. } = node.kind {
            let above = Above::default();
            FAR_CHECK(&Site { owner, id: NodeId::from_index(index), node, above }, &mut trial.problems);
        }
    }
    let is_suspicious = !trial.problems.is_empty();
    trial.problems.clear();
    is_suspicious
}

/// Whether the nodes can have problems: looks at them in the order in which they lie, without following their order in the
/// text. That takes a third of the time of [`nodes`], and nearly always there is nothing to follow.
fn is_suspicious(owner: &Declared<'_>, trial: &mut Piece) -> bool {
    // Parents lie behind their children. What is above a node is taken for what makes most checks complain.
    let mut above = Above { repeated: false, assigned: false, lookahead: false, nested: true };
    let mut assigned = Span::new(0, 0);
    for (index, node) in owner.item.nodes.iter().enumerate().rev() {
        let span = owner.item.span(node);
        above.assigned = assigned.start <= span.start && span.end <= assigned.end;
        check_node(&Site { owner, id: NodeId::from_index(index), node, above }, trial);
        above.repeated |= is_repeated(node);
        if let Kind::Assignment { .. } = node.kind {
            assigned = span;
        }
    }
    let is_suspicious = !(trial.unresolved.is_empty() && trial.problems.is_empty());
    trial.unresolved.clear();
    trial.problems.clear();
    is_suspicious
}

/// Checks the nodes of a declaration, parents before children.
fn nodes(owner: &Declared<'_>, pending: &mut Vec<(NodeId, Above)>, found: &mut Piece) {
    roots(owner.item, |root| pending.push((root, Above::default())));
    pending.reverse();
    while let Some((id, above)) = pending.pop() {
        let node = owner.item.node(id);
        check_node(&Site { owner, id, node, above }, found);
        let first = pending.len();
        let below = above.below(node);
        owner.item.children(node, |child| pending.push((child, below)));
        pending[first..].reverse();
    }
}

#[inline]
fn check_node(site: &Site<'_>, found: &mut Piece) {
    references::of_node(site, &mut found.unresolved);
    node_checks(&site.node.kind).iter().for_each(|check| check(site, &mut found.problems));
}

/// Whether it may come several times.
pub(super) fn is_repeated(node: &Node) -> bool {
    matches!(node.cardinality(), Cardinality::Many | Cardinality::OneOrMore)
}

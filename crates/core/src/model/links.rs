//! What every reference of every file refers to, file by file as the files are, before anything is embedded.
//!
//! Langium links each document in its own scope: its own elements first, then those of the files that it imports,
//! directly or not. Here one table by name is filled for each file, and every reference costs one look.

use super::language::{Section, Sections, for_each_inferred_type, section, transitive_imports};
use super::sources::Sources;
use crate::text::{FileId, Name};
use crate::tree::{Declaration, DeclarationKind, Item, Kind, Node, NodeId, Returns};
use crate::work::Workers;

/// A declaration of any file: all declarations of a project, numbered through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct DeclarationId(u32);

impl DeclarationId {
    /// As a position in tables of all declarations.
    pub(super) const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What the name of a type refers to: a declaration, and for an `infers` or `infer` its `InferredType` node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TypeDefinition {
    /// A parser rule, infix rule, interface or type.
    pub(super) declaration: DeclarationId,
    /// The node, if the name is not the declaration's own.
    pub(super) node: Option<NodeId>,
}

/// All links of a project.
pub(super) struct Links<'s> {
    sources: &'s Sources,
    /// By file, the number of its first declaration.
    first: Vec<u32>,
    /// By declaration.
    places: Vec<(FileId, u32)>,
    declarations: Vec<&'s Declaration>,
    /// By file: itself and its imports, in the order in which Langium looks into them.
    visible: Vec<Vec<FileId>>,
    definitions: Vec<TypeDefinition>,
    /// By file.
    targets: Vec<FileTargets>,
    /// By declaration: the file that an import leads to.
    imported: Vec<Option<FileId>>,
    /// By declaration: what `returns` names, as an index into `definitions`.
    returns: Vec<u32>,
    /// By declaration: where its super types start in `super_types`.
    super_starts: Vec<u32>,
    super_types: Vec<u32>,
    /// By name: whether some file defines a type of that name.
    is_type: Vec<bool>,
    /// Every reference leads somewhere.
    complete: bool,
}

const NONE: u32 = u32::MAX;

/// What the nodes of one file refer to. A third of all nodes refers to something, so finding out which target is whose takes
/// less memory than a target for each node.
#[derive(Debug, Default)]
struct NodeTargets {
    /// By node: which of the targets of its block it refers to, or [`NO_TARGET`].
    places: Vec<u8>,
    /// By block: its first target.
    blocks: Vec<u32>,
    /// Declarations or indices into `definitions`.
    targets: Vec<u32>,
    /// None refers to something that is not there.
    complete: bool,
}

const NO_TARGET: u8 = u8::MAX;
/// So many nodes have their targets together.
const BLOCK: usize = 128;
/// So many blocks are a piece of work: some milliseconds.
const NODES_OF_A_PIECE: usize = BLOCK << 12;

impl NodeTargets {
    /// `find` tells what a node refers to if it refers to something, [`NONE`] if that is not there. `piece` nodes, whole
    /// blocks, are a piece of work.
    fn new<N: Sync>(nodes: &[N], piece: usize, find: impl Fn(&N) -> Option<u32> + Sync, workers: Workers<'_>) -> NodeTargets {
        if nodes.len() <= piece {
            return NodeTargets::of_piece(nodes, find);
        }
        let pieces: Vec<&[N]> = nodes.chunks(piece).collect();
        let pieces = workers.map(&pieces, |nodes| NodeTargets::of_piece(nodes, &find));
        let places = Vec::with_capacity(nodes.len());
        let mut all = NodeTargets { places, complete: true, ..NodeTargets::default() };
        for NodeTargets { places, blocks, targets, complete } in pieces {
            let first = all.targets.len() as u32;
            all.places.extend(places);
            all.blocks.extend(blocks.into_iter().map(|block| first + block));
            all.targets.extend(targets);
            all.complete &= complete;
        }
        all
    }

    fn of_piece<N>(nodes: &[N], find: impl Fn(&N) -> Option<u32>) -> NodeTargets {
        let (mut blocks, mut targets) = (Vec::with_capacity(nodes.len().div_ceil(BLOCK)), Vec::new());
        let (mut places, mut complete) = (vec![NO_TARGET; nodes.len()], true);
        for (places, nodes) in places.chunks_mut(BLOCK).zip(nodes.chunks(BLOCK)) {
            let first = targets.len();
            blocks.push(first as u32);
            for (place, node) in places.iter_mut().zip(nodes) {
                match find(node) {
                    None => {}
                    Some(NONE) => complete = false,
                    Some(target) => {
                        *place = (targets.len() - first) as u8;
                        targets.push(target);
                    }
                }
            }
        }
        NodeTargets { places, blocks, targets, complete }
    }

    #[inline]
    fn get(&self, node: usize) -> Option<u32> {
        match self.places[node] {
            NO_TARGET => None,
            place => Some(self.targets[self.blocks[node / BLOCK] as usize + usize::from(place)]),
        }
    }
}

/// What the nodes of one file refer to.
#[derive(Debug)]
enum FileTargets {
    /// Found out for all nodes at once.
    OfNodes(NodeTargets),
    /// Found out whenever somebody asks, as few are going to.
    ByName(Table),
}

/// What the nodes of one declaration refer to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Targets<'l> {
    of_file: &'l FileTargets,
    first_node: u32,
    nodes: &'l [Node],
}

impl Targets<'_> {
    #[inline]
    fn get(self, node: NodeId) -> Option<u32> {
        match self.of_file {
            FileTargets::OfNodes(targets) => targets.get(self.first_node as usize + node.index()),
            FileTargets::ByName(table) => table.target(&self.nodes[node.index()]).filter(|&target| target != NONE),
        }
    }

    /// The rule that a `RuleCall` or `TerminalRuleCall` calls.
    #[inline]
    pub(super) fn rule(self, node: NodeId) -> Option<DeclarationId> {
        self.get(node).map(DeclarationId)
    }
}

/// A kind of thing that names refer to. The three name spaces of a grammar do not mix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Rule,
    Terminal,
    Type,
}

/// What each name means in one file.
#[derive(Debug, Default)]
struct Table {
    /// With the stamp of the file that they are of.
    values: [Vec<(u32, u32)>; 3],
    stamp: u32,
}

impl Table {
    fn new(names: usize) -> Table {
        let empty = || vec![(0, 0); names];
        Table { values: [empty(), empty(), empty()], stamp: 0 }
    }

    fn define(&mut self, space: Space, name: Name, value: u32) {
        let known = &mut self.values[space as usize][name.index()];
        if known.0 != self.stamp {
            *known = (self.stamp, value);
        }
    }

    fn find(&self, space: Space, name: Name) -> u32 {
        let (stamp, value) = self.values[space as usize][name.index()];
        if stamp == self.stamp { value } else { NONE }
    }

    /// What a node refers to, if it refers to something; [`NONE`] if that is not there.
    fn target(&self, node: &Node) -> Option<u32> {
        match node.kind {
            Kind::RuleCall { rule, .. } => Some(self.find(Space::Rule, rule)),
            Kind::TerminalRuleCall { rule } => Some(self.find(Space::Terminal, rule)),
            Kind::CrossReference { ty, .. } | Kind::Action { ty, .. } | Kind::TypeReference { ty } => {
                Some(self.find(Space::Type, ty))
            }
            _ => None,
        }
    }
}

/// What a file defines, in the order in which Langium finds it.
type Defined = Vec<(Space, Name, u32)>;

impl<'s> Links<'s> {
    /// The links of all files.
    pub(super) fn new(sources: &'s Sources, workers: Workers<'_>) -> Links<'s> {
        Links::with(sources, Links::link, workers)
    }

    /// The links of all files, if it is known that every reference leads somewhere. Of a single file, they are found out when
    /// somebody asks for them.
    pub(super) fn known(sources: &'s Sources, workers: Workers<'_>) -> Links<'s> {
        let links = match sources.files.len() {
            1 => Links::with(sources, |links, file, table, _| links.link_later(file, table), workers),
            _ => Links::new(sources, workers),
        };
        debug_assert!(links.complete && Links::new(sources, workers).complete, "declarations show too little");
        links
    }

    /// The links of all files; `link` finds those of a file.
    fn with(sources: &'s Sources, link: fn(&mut Links<'s>, FileId, &mut Table, Workers<'_>), workers: Workers<'_>) -> Links<'s> {
        let mut links = Links {
            sources,
            first: Vec::new(),
            places: Vec::new(),
            declarations: Vec::new(),
            visible: (0..sources.files.len()).map(|file| transitive_imports(sources, FileId(file as u32))).collect(),
            definitions: Vec::new(),
            targets: Vec::new(),
            imported: Vec::new(),
            returns: Vec::new(),
            super_starts: Vec::new(),
            super_types: Vec::new(),
            is_type: vec![false; sources.names.len()],
            complete: true,
        };
        for (file, content) in sources.files.iter().enumerate() {
            links.first.push(links.places.len() as u32);
            links.places.extend((0..content.tree.declarations.len() as u32).map(|index| (FileId(file as u32), index)));
            links.declarations.extend(&content.tree.declarations);
            let first = links.imported.len();
            links.imported.resize(links.places.len(), None);
            let is_import = |declaration: &Declaration| matches!(declaration.kind, DeclarationKind::Import { .. });
            // Imports stand at the beginning, and looking at all declarations takes milliseconds if there are many.
            let imports = (first..).zip(&content.tree.declarations).filter(|(_, declaration)| is_import(declaration));
            content.imports.iter().zip(imports).for_each(|(&to, (id, _))| links.imported[id] = to);
        }
        let defined: Vec<Defined> = (0..sources.files.len()).map(|file| links.defined_by(FileId(file as u32))).collect();
        let mut table = Table::new(sources.names.len());
        // What is imported is found in the order in which Langium lists its files, whoever imports it.
        let mut ranks = vec![0; sources.files.len()];
        sources.listed().into_iter().zip(0_u32..).for_each(|(file, rank)| ranks[file.index()] = rank);
        for file in (0..sources.files.len() as u32).map(FileId) {
            table.stamp += 1;
            let mut visible = links.visible[file.index()].clone();
            visible[1..].sort_unstable_by_key(|file| ranks[file.index()]);
            for visible in visible {
                for &(space, name, value) in &defined[visible.index()] {
                    table.define(space, name, value);
                }
            }
            link(&mut links, file, &mut table, workers);
        }
        links.super_starts.push(links.super_types.len() as u32);
        links
    }

    fn defined_by(&mut self, file: FileId) -> Defined {
        let mut defined = Sections::default();
        for (item, id) in self.sources.file(file).tree.items().zip(self.first[file.index()]..) {
            let kind = item.declaration.kind;
            let (Some(section), Some(name)) = (section(kind), kind.name()) else { continue };
            let defined = defined.of(section);
            let mut define_type = |name: Name, node| {
                self.is_type[name.index()] = true;
                defined.push((Space::Type, name, self.definitions.len() as u32));
                self.definitions.push(TypeDefinition { declaration: DeclarationId(id), node });
            };
            match section {
                Section::Rules => {
                    for_each_inferred_type(item, define_type);
                    defined.push((Space::Rule, name, id));
                    if let DeclarationKind::TerminalRule { .. } = kind {
                        defined.push((Space::Terminal, name, id));
                    }
                }
                Section::Interfaces | Section::Types => define_type(name, None),
            }
        }
        defined.in_order()
    }

    fn link(&mut self, file: FileId, table: &mut Table, workers: Workers<'_>) {
        let nodes = &self.sources.file(file).tree.nodes;
        let of_nodes = || NodeTargets::new(nodes, NODES_OF_A_PIECE, |node| table.target(node), workers);
        let hands = if nodes.len() > NODES_OF_A_PIECE { workers } else { Workers::alone() };
        let (targets, ()) = hands.join(of_nodes, || self.link_declarations(file, table));
        self.complete &= targets.complete;
        self.targets.push(FileTargets::OfNodes(targets));
    }

    /// The same for the last file, without a look at its nodes.
    fn link_later(&mut self, file: FileId, table: &mut Table) {
        self.link_declarations(file, table);
        self.targets.push(FileTargets::ByName(std::mem::take(table)));
    }

    fn link_declarations(&mut self, file: FileId, table: &Table) {
        for item in self.sources.file(file).tree.items() {
            self.super_starts.push(self.super_types.len() as u32);
            let mut returns = NONE;
            match item.declaration.kind {
                DeclarationKind::Interface { super_types, .. } => {
                    let first = self.super_types.len();
                    self.super_types.extend(item.names(super_types).map(|name| table.find(Space::Type, name)));
                    self.complete &= !self.super_types[first..].contains(&NONE);
                }
                DeclarationKind::ParserRule { returns: Returns::Type(name), .. }
                | DeclarationKind::InfixRule { returns: Returns::Type(name), .. } => {
                    returns = table.find(Space::Type, name);
                    self.complete &= returns != NONE;
                }
                _ => {}
            }
            self.returns.push(returns);
        }
    }
}

// Declarations
impl<'s> Links<'s> {
    /// How many declarations there are.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The declaration at `index` of `file`.
    pub(super) fn declaration(&self, file: FileId, index: u32) -> DeclarationId {
        DeclarationId(self.first[file.index()] + index)
    }

    /// The declarations of `file`.
    pub(super) fn declarations(&self, file: FileId) -> impl DoubleEndedIterator<Item = DeclarationId> + Clone + use<> {
        let first = self.first[file.index()];
        (first..first + self.sources.file(file).tree.declarations.len() as u32).map(DeclarationId)
    }

    /// All declarations.
    pub(super) fn all(&self) -> impl Iterator<Item = DeclarationId> + Clone + use<> {
        (0..self.places.len() as u32).map(DeclarationId)
    }

    /// Where a declaration stands: the file and the position in it.
    pub(super) fn place(&self, id: DeclarationId) -> (FileId, u32) {
        self.places[id.index()]
    }

    /// The file that a declaration stands in.
    pub(super) fn file(&self, id: DeclarationId) -> FileId {
        self.places[id.index()].0
    }

    /// The file that an import leads to, if there is one.
    pub(super) fn imported(&self, import: DeclarationId) -> Option<FileId> {
        self.imported[import.index()]
    }

    /// The declaration and its nodes.
    pub(super) fn item(&self, id: DeclarationId) -> Item<'s> {
        let (file, index) = self.places[id.index()];
        self.sources.file(file).tree.item(index as usize)
    }

    /// What it is.
    #[inline]
    pub(super) fn kind(&self, id: DeclarationId) -> DeclarationKind {
        self.declarations[id.index()].kind
    }

    /// Whether every reference leads somewhere.
    pub(super) fn is_complete(&self) -> bool {
        self.complete
    }

    /// Whether some file of the project defines a type called `name`.
    pub(super) fn is_type(&self, name: Name) -> bool {
        self.is_type[name.index()]
    }

    /// The file itself, then all that it imports, directly or not.
    pub(super) fn visible(&self, file: FileId) -> &[FileId] {
        &self.visible[file.index()]
    }
}

// References
impl Links<'_> {
    /// What the nodes of `from` refer to.
    pub(super) fn targets(&self, from: DeclarationId) -> Targets<'_> {
        let (file, nodes) = (self.file(from), self.declarations[from.index()].parts[0]);
        let of_file = &self.targets[file.index()];
        Targets { of_file, first_node: nodes.start, nodes: &self.sources.file(file).tree.nodes[nodes.range()] }
    }

    fn definition(&self, index: u32) -> Option<TypeDefinition> {
        self.definitions.get(index as usize).copied()
    }

    /// The rule that the `RuleCall` or `TerminalRuleCall` `node` of `from` calls.
    pub(super) fn called(&self, from: DeclarationId, node: NodeId) -> Option<DeclarationId> {
        self.targets(from).rule(node)
    }

    /// The type that the `CrossReference`, `Action` or `TypeReference` `node` of `from` names.
    pub(super) fn named_type(&self, from: DeclarationId, node: NodeId) -> Option<TypeDefinition> {
        self.type_of(self.targets(from), node)
    }

    /// The type that a `CrossReference`, `Action` or `TypeReference` with these `targets` names.
    #[inline]
    pub(super) fn type_of(&self, targets: Targets<'_>, node: NodeId) -> Option<TypeDefinition> {
        self.definition(targets.get(node)?)
    }

    /// The type that a rule says to return.
    pub(super) fn returned_type(&self, rule: DeclarationId) -> Option<TypeDefinition> {
        self.definition(self.returns[rule.index()])
    }

    /// The types that an interface extends, `None` for each that does not exist.
    pub(super) fn super_types(&self, interface: DeclarationId) -> impl ExactSizeIterator<Item = Option<TypeDefinition>> + '_ {
        let (start, end) = (self.super_starts[interface.index()], self.super_starts[interface.index() + 1]);
        self.super_types[start as usize..end as usize].iter().map(|&index| self.definition(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_found_in_pieces_are_those_found_at_once() {
        let nodes: Vec<u32> = (0..10 * BLOCK as u32 + 7).collect();
        let third = |node: &u32| node.is_multiple_of(3).then_some(node * 2);
        let dangling = |node: &u32| if *node == 700 { Some(NONE) } else { third(node) };
        for (find, complete) in [(&third as &(dyn Fn(&u32) -> Option<u32> + Sync), true), (&dangling, false)] {
            for blocks in [1, 3, 10, 11] {
                let targets = NodeTargets::new(&nodes, blocks * BLOCK, find, Workers::alone());
                assert_eq!(targets.complete, complete);
                for node in &nodes {
                    let found = find(node).filter(|&target| target != NONE);
                    assert_eq!(targets.get(*node as usize), found, "node {node}, {blocks} blocks a piece");
                }
            }
        }
    }
}

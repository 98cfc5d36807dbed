//! What a parsed grammar is: declarations over flat vectors of nodes. Data only; [`syntax`](crate::syntax) makes it.
//!
//! The **declaration** is the unit of work. Everything inside it is relative to it: node ids count from its first node,
//! spans from the first byte of its region. So a declaration's slices mean the same wherever they lie, and can be moved
//! by copying: that is what makes streaming, parallel and incremental parsing a matter of who calls the parser.
//!
//! Productions are named as in Langium's own grammar (package `langium`, `langium-grammar.langium`).

mod declaration;
mod dump;
mod graft;
mod node;
mod stored;

pub use declaration::{Declaration, DeclarationKind, Part, Returns};
pub use dump::dump;
pub(crate) use node::Place;
pub use node::{Cardinality, Flags, Kind, List, Lookahead, Node, NodeId, Operator, Predicate, Primitive};

use crate::text::{Name, Span};

/// A parsed grammar file.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// The declarations in input order, their regions without gaps between them.
    pub declarations: Vec<Declaration>,
    /// All nodes; each declaration owns a contiguous part.
    pub nodes: Vec<Node>,
    /// All lists: a length, then as many items (node ids or names as numbers). Each declaration owns a contiguous part. If it
    /// is longer than 64 KiB, the spans of its nodes are between its lists.
    pub lists: Vec<u32>,
    /// All doc comments; each declaration owns a contiguous part.
    pub comments: Vec<Comment>,
    /// What was wrong, in input order; each belongs to a declaration.
    pub problems: Vec<SyntaxProblem>,
    /// The last block comment before the first token of the file, absolute: what Langium takes for the comment of the
    /// whole grammar, even if line comments follow it (`findCommentNode` in `cst-utils.ts`, the root node's case).
    pub grammar_comment: Option<Span>,
}

/// A block comment directly before a token (nothing but white space between).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Start of the token that follows, relative to the region.
    pub token: u32,
    /// The comment with its delimiters, relative to the region.
    pub span: Span,
}

/// A place where the text is not a grammar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxProblem {
    /// Index of the declaration.
    pub declaration: u32,
    /// Where, relative to the declaration's region.
    pub span: Span,
    /// What was found and what was expected.
    pub message: String,
    /// What to do about it.
    pub hint: Option<&'static str>,
}

impl Tree {
    /// The declaration at `index` with its parts of the vectors.
    #[inline]
    pub fn item(&self, index: usize) -> Item<'_> {
        let declaration = &self.declarations[index];
        let [nodes, lists, comments] = &declaration.parts;
        Item {
            declaration,
            nodes: &self.nodes[nodes.range()],
            lists: &self.lists[lists.range()],
            comments: &self.comments[comments.range()],
        }
    }

    /// All declarations with their parts, in input order.
    pub fn items(&self) -> impl ExactSizeIterator<Item = Item<'_>> {
        (0..self.declarations.len()).map(|index| self.item(index))
    }

    /// Bytes on the heap.
    pub fn heap_bytes(&self) -> usize {
        self.declarations.capacity() * size_of::<Declaration>()
            + self.nodes.capacity() * size_of::<Node>()
            + self.lists.capacity() * size_of::<u32>()
            + self.comments.capacity() * size_of::<Comment>()
    }
}

/// One declaration and the nodes, lists and comments that it owns. Cheap to copy.
#[derive(Clone, Copy, Debug)]
pub struct Item<'t> {
    /// The declaration itself.
    pub declaration: &'t Declaration,
    /// Its nodes, children before parents; a [`NodeId`] indexes this.
    pub nodes: &'t [Node],
    /// Its lists; a [`List`] indexes this.
    pub lists: &'t [u32],
    /// Its doc comments, by ascending token.
    pub comments: &'t [Comment],
}

impl<'t> Item<'t> {
    /// The node `id` of this declaration.
    pub fn node(&self, id: NodeId) -> &'t Node {
        &self.nodes[id.index()]
    }

    /// From the first to the last token of `node`, relative to the declaration's region. Parentheses around an element
    /// belong to it, as they do to its CST node in Langium.
    pub fn span(&self, node: &Node) -> Span {
        let Span { start, end } = self.declaration.region;
        if Place::is_in_lists(end - start) {
            let at = node.place().start();
            Span::new(self.lists[at], self.lists[at + 1])
        } else {
            node.place().span()
        }
    }

    /// The nodes of `list`.
    pub fn ids(&self, list: List) -> impl ExactSizeIterator<Item = NodeId> + DoubleEndedIterator + Clone + use<'t> {
        self.raw(list).iter().map(|&id| NodeId::from_raw(id))
    }

    /// The node at `index` of `list`.
    pub(crate) fn id_at(&self, list: List, index: usize) -> Option<NodeId> {
        self.raw(list).get(index).map(|&id| NodeId::from_raw(id))
    }

    /// The names of `list`.
    pub fn names(&self, list: List) -> impl ExactSizeIterator<Item = Name> + Clone + use<'t> {
        self.raw(list).iter().map(|&name| Name::from_raw(name))
    }

    fn raw(&self, list: List) -> &'t [u32] {
        match list.start() {
            None => &[],
            Some(at) => &self.lists[at + 1..at + 1 + self.lists[at] as usize],
        }
    }

    /// The doc comment of whatever starts at `start` (relative to the region), relative too.
    pub fn comment_at(&self, start: u32) -> Option<Span> {
        let at = self.comments.binary_search_by_key(&start, |comment| comment.token).ok()?;
        Some(self.comments[at].span)
    }

    /// The doc comment of `node`, relative to the region.
    pub fn comment_of(&self, node: &Node) -> Option<Span> {
        if node.flags().has(Flags::COMMENTED) { self.comment_at(self.span(node).start) } else { None }
    }

    /// Visits `root` and everything below it, parents before children, children in source order: the order of
    /// Langium's `streamAllContents`.
    pub fn preorder(&self, root: NodeId) -> Preorder<'t> {
        Preorder { item: *self, pending: vec![root] }
    }

    /// Calls `visit` with each direct child of `node`, in source order.
    pub fn children(&self, node: &Node, mut visit: impl FnMut(NodeId)) {
        match node.kind {
            Kind::Group { elements, guard, .. } => {
                guard.into_iter().for_each(&mut visit);
                self.ids(elements).for_each(visit);
            }
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } => self.ids(elements).for_each(visit),
            Kind::Assignment { terminal, .. } => visit(terminal),
            Kind::CrossReference { terminal, .. } => terminal.into_iter().for_each(visit),
            Kind::RuleCall { arguments, .. } => self.ids(arguments).for_each(visit),
            Kind::NamedArgument { value, .. } => visit(value),
            Kind::InferringAction { inferred, .. } => visit(inferred),
            Kind::Disjunction { operands } | Kind::Conjunction { operands } => self.ids(operands).for_each(visit),
            Kind::Negation { value } => visit(value),
            Kind::InfixOperators { precedences } => self.ids(precedences).for_each(visit),
            Kind::InfixPrecedence { operators, .. } => self.ids(operators).for_each(visit),
            Kind::TerminalAlternatives { elements } | Kind::TerminalGroup { elements } => self.ids(elements).for_each(visit),
            Kind::NegatedToken { terminal } | Kind::UntilToken { terminal } => visit(terminal),
            Kind::CharacterRange { left, right } => [Some(left), right].into_iter().flatten().for_each(visit),
            Kind::UnionType { types } => self.ids(types).for_each(visit),
            Kind::ArrayType { element } => visit(element),
            Kind::ReferenceType { referenced, .. } => visit(referenced),
            Kind::TypeAttribute { parts, .. } => self.ids(parts).for_each(visit),
            Kind::ArrayLiteral { elements } => self.ids(elements).for_each(visit),
            Kind::Keyword { .. }
            | Kind::Action { .. }
            | Kind::EndOfFile
            | Kind::InferredType { .. }
            | Kind::Parameter { .. }
            | Kind::ReturnType { .. }
            | Kind::ParameterReference { .. }
            | Kind::BooleanLiteral { .. }
            | Kind::StringLiteral { .. }
            | Kind::NumberLiteral { .. }
            | Kind::TerminalRuleCall { .. }
            | Kind::RegexToken { .. }
            | Kind::Wildcard
            | Kind::TypeReference { .. }
            | Kind::PrimitiveType { .. }
            | Kind::StringType { .. } => {}
        }
    }
}

/// Iterator of [`Item::preorder`].
#[derive(Debug)]
pub struct Preorder<'t> {
    item: Item<'t>,
    pending: Vec<NodeId>,
}

impl<'t> Iterator for Preorder<'t> {
    type Item = (NodeId, &'t Node);

    fn next(&mut self) -> Option<(NodeId, &'t Node)> {
        let id = self.pending.pop()?;
        let node = self.item.node(id);
        let first = self.pending.len();
        self.item.children(node, |child| self.pending.push(child));
        self.pending[first..].reverse();
        Some((id, node))
    }
}

//! Where the parts of declarations and nodes are written. Nodes do not remember it: when there is a problem, the text
//! is read again (`findNodeForProperty` in langium's `grammar-utils.ts` finds the same places).

use super::project::Declared;
use crate::syntax::{Lexer, Token, TokenKind};
use crate::text::Span;
use crate::tree::{Node, NodeId};

impl Declared<'_> {
    /// The tokens from byte `from` of the region on, with spans in the region.
    fn tokens(&self, from: u32) -> impl Iterator<Item = Token> {
        let start = self.item.declaration.region.start;
        let mut lexer = Lexer::new(self.file_text(), (start + from) as usize);
        std::iter::from_fn(move || {
            let token = lexer.next_token();
            let relative = Token { start: token.start - start, end: token.end - start, ..token };
            if token.kind == TokenKind::Eof { None } else { Some(relative) }
        })
    }

    /// The first token from byte `from` on that is `wanted`.
    fn token(&self, from: u32, wanted: impl Fn(TokenKind) -> bool) -> Span {
        self.tokens(from).find(|token| wanted(token.kind)).map_or(Span::new(from, from), Token::span)
    }

    /// The first token of the declaration.
    pub(super) fn first_token(&self) -> Span {
        self.token(self.item.declaration.first_token, |_| true)
    }

    /// From the first to the last token.
    pub(super) fn whole(&self) -> Span {
        let region = self.item.declaration.region;
        Span::new(self.item.declaration.first_token, region.end - region.start)
    }

    /// The declared name; for an import, the path.
    pub(super) fn name_place(&self) -> Span {
        self.item.declaration.name_span
    }

    /// What follows `returns`.
    pub(super) fn returned_place(&self) -> Span {
        let mut tokens = self.tokens(self.item.declaration.first_token).skip_while(|token| token.kind != TokenKind::Returns);
        tokens.nth(1).map_or(self.first_token(), Token::span)
    }

    /// `returns` or `infers` with what follows it, and the space before.
    pub(super) fn returns_with_space(&self) -> Span {
        let mut tokens = self.tokens(self.item.declaration.first_token);
        let keyword = tokens.find(|token| matches!(token.kind, TokenKind::Returns | TokenKind::Infers));
        let (Some(keyword), Some(returned)) = (keyword, tokens.next()) else { return self.first_token() };
        let before = &self.item.declaration.region.of(self.file_text())[..keyword.start as usize];
        Span::new(before.trim_end().len() as u32, returned.end)
    }

    /// From the first token of a rule to its colon.
    pub(super) fn head_place(&self) -> Span {
        let first = self.item.declaration.first_token;
        Span::new(first, self.token(self.name_place().end, |kind| kind == TokenKind::Colon).end)
    }

    /// Where a parser rule without `returns` can have one: behind its name and parameters.
    pub(super) fn place_for_returns(&self) -> Span {
        let name = self.name_place().end;
        let mut tokens = self.tokens(name);
        let end = match tokens.next() {
            Some(token) if token.kind == TokenKind::Less => {
                tokens.find(|token| token.kind == TokenKind::Greater).map_or(name, |token| token.end)
            }
            _ => name,
        };
        Span::new(end, end)
    }

    /// The first token of a node.
    pub(super) fn first_token_of(&self, node: &Node) -> Span {
        self.token(self.item.span(node).start, |_| true)
    }

    /// The name at `index` after `extends`, or the last one there.
    pub(super) fn super_type_place(&self, index: usize) -> Span {
        let tokens = self.tokens(self.item.declaration.first_token).skip_while(|token| token.kind != TokenKind::Extends);
        let names = tokens.take_while(|token| token.kind != TokenKind::OpenBrace).filter(|token| token.kind == TokenKind::Id);
        names.take(index + 1).last().map_or(self.first_token(), Token::span)
    }

    /// The first name in a node: of a called rule, a type, a parameter, an `infers`.
    pub(super) fn name_in(&self, node: &Node) -> Span {
        self.token(self.item.span(node).start, |kind| kind == TokenKind::Id)
    }

    /// The property of an assignment.
    pub(super) fn feature_of_assignment(&self, node: &Node) -> Span {
        let before = |kind| matches!(kind, TokenKind::OpenParen | TokenKind::DoubleArrow | TokenKind::Arrow);
        self.token(self.item.span(node).start, |kind| !before(kind))
    }

    /// The property of an action; the action, if it has none.
    pub(super) fn feature_of_action(&self, node: &Node) -> Span {
        let span = self.item.span(node);
        let inside = self.tokens(span.start).take_while(|token| token.end <= span.end);
        inside.skip_while(|token| token.kind != TokenKind::Dot).nth(1).map_or(span, Token::span)
    }

    /// `=>` or `->` before an element.
    pub(super) fn predicate_place(&self, node: &Node) -> Span {
        self.token(self.item.span(node).start, |kind| matches!(kind, TokenKind::DoubleArrow | TokenKind::Arrow))
    }

    /// The `|` of a cross-reference.
    pub(super) fn bar_place(&self, node: &Node) -> Span {
        self.token(self.item.span(node).start, |kind| kind == TokenKind::Bar)
    }

    /// The flags of a regular expression.
    pub(super) fn flags_place(&self, node: &Node) -> Span {
        let token = self.token(self.item.span(node).start, |kind| kind == TokenKind::Regex);
        let region = self.item.declaration.region;
        let literal = token.of(region.of(self.file_text()));
        Span::new(token.start + literal.rfind('/').map_or(0, |slash| slash as u32 + 1), token.end)
    }

    /// Where the node `id` lies.
    pub(super) fn node_place(&self, id: NodeId) -> Span {
        self.item.span(self.item.node(id))
    }
}

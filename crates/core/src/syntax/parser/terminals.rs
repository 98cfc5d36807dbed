//! The definitions of terminal rules.

use super::{Parsed, Parser};
use crate::syntax::lexer::TokenKind;
use crate::tree::{Cardinality, Flags, Kind, Lookahead, NodeId, Predicate};

impl Parser<'_> {
    pub(super) fn terminal_alternatives(&mut self) -> Parsed<NodeId> {
        self.nested(|p| {
            let start = p.at;
            let first = p.terminal_group()?;
            if p.kind() != TokenKind::Bar {
                return Ok(first);
            }
            let elements = p.list(|p| {
                p.add(first);
                while p.eat(TokenKind::Bar) {
                    let element = p.terminal_group()?;
                    p.add(element);
                }
                Ok(())
            })?;
            Ok(p.node(start, Kind::TerminalAlternatives { elements }))
        })
    }

    fn terminal_group(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let first = self.terminal_token()?;
        if !starts_terminal_token(self.kind()) {
            return Ok(first);
        }
        let elements = self.list(|p| {
            p.add(first);
            while starts_terminal_token(p.kind()) {
                let element = p.terminal_token()?;
                p.add(element);
            }
            Ok(())
        })?;
        Ok(self.node(start, Kind::TerminalGroup { elements }))
    }

    fn terminal_token(&mut self) -> Parsed<NodeId> {
        let id = self.terminal_token_element()?;
        let cardinality = self.cardinality();
        if cardinality != Cardinality::One {
            let node = self.node_mut(id);
            node.set_cardinality(cardinality);
            if node.lookahead() == Lookahead::None {
                // Only matters if parentheses with a lookahead follow.
                node.set_flags(node.flags().with(Flags::CARDINALITY_FIRST));
            }
        }
        Ok(id)
    }

    fn terminal_token_element(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let kind = match self.kind() {
            TokenKind::String => {
                let left = self.plain_keyword()?;
                let right = if self.eat(TokenKind::DotDot) { Some(self.plain_keyword()?) } else { None };
                Kind::CharacterRange { left, right }
            }
            TokenKind::Id => Kind::TerminalRuleCall { rule: self.id()? },
            TokenKind::Regex => {
                let token = self.bump();
                let text = token.span().of(self.text);
                Kind::RegexToken { regex: self.names.intern(text) }
            }
            TokenKind::Not => {
                self.bump();
                Kind::NegatedToken { terminal: self.nested(Self::terminal_token_element)? }
            }
            TokenKind::Arrow => {
                self.bump();
                Kind::UntilToken { terminal: self.nested(Self::terminal_token_element)? }
            }
            TokenKind::Dot => {
                self.bump();
                Kind::Wildcard
            }
            TokenKind::OpenParen => return self.parenthesized_terminal_element(),
            _ => return Err(self.expected("a terminal element")),
        };
        Ok(self.node(start, kind))
    }

    fn parenthesized_terminal_element(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        self.bump();
        let lookahead = match self.kind() {
            TokenKind::QuestionEquals => Lookahead::Ahead,
            TokenKind::QuestionNot => Lookahead::NotAhead,
            TokenKind::QuestionLessEquals => Lookahead::Behind,
            TokenKind::QuestionLessNot => Lookahead::NotBehind,
            _ => Lookahead::None,
        };
        if lookahead != Lookahead::None {
            self.bump();
        }
        let id = self.terminal_alternatives()?;
        self.expect(TokenKind::CloseParen)?;
        self.enclose(id, start);
        let node = self.node_mut(id);
        node.set_flags(node.flags().with(Flags::PARENTHESIZED));
        // `assignWithoutOverride` in `langium-parser.ts`: the inner parentheses' lookahead stays.
        if node.lookahead() == Lookahead::None {
            node.set_lookahead(lookahead);
        }
        Ok(id)
    }

    /// Rule `Keyword`.
    pub(super) fn plain_keyword(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let value = self.string()?;
        Ok(self.node(start, Kind::Keyword { value, predicate: Predicate::None }))
    }
}

const fn starts_terminal_token(kind: TokenKind) -> bool {
    matches!(
        kind,
        TokenKind::String
            | TokenKind::Id
            | TokenKind::Regex
            | TokenKind::Not
            | TokenKind::Arrow
            | TokenKind::Dot
            | TokenKind::OpenParen
    )
}

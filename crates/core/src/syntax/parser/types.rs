//! Type definitions, attributes of interfaces, and their default values.

use super::{Parsed, Parser};
use crate::syntax::lexer::TokenKind;
use crate::tree::{Kind, NodeId};

impl Parser<'_> {
    pub(super) fn type_attribute(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        if !super::is_feature_name(self.kind()) {
            return Err(self.expected("a property name or '}'"));
        }
        let name = self.feature_name()?;
        let optional = self.eat(TokenKind::Question);
        self.expect(TokenKind::Colon)?;
        let mark = self.pending.len();
        let definition = self.type_definition()?;
        self.add(definition);
        if self.eat(TokenKind::Equals) {
            let default = self.value_literal()?;
            self.add(default);
        }
        let parts = self.take_list(mark);
        self.eat(TokenKind::Semicolon);
        Ok(self.node(start, Kind::TypeAttribute { name, parts, optional }))
    }

    pub(super) fn type_definition(&mut self) -> Parsed<NodeId> {
        self.nested(Self::union_type)
    }

    fn union_type(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let first = self.array_type()?;
        if self.kind() != TokenKind::Bar {
            return Ok(first);
        }
        let types = self.list(|p| {
            p.add(first);
            while p.eat(TokenKind::Bar) {
                let ty = p.array_type()?;
                p.add(ty);
            }
            Ok(())
        })?;
        Ok(self.node(start, Kind::UnionType { types }))
    }

    fn array_type(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let element = self.reference_type()?;
        if !self.eat(TokenKind::OpenBracket) {
            return Ok(element);
        }
        self.expect(TokenKind::CloseBracket)?;
        Ok(self.node(start, Kind::ArrayType { element }))
    }

    fn reference_type(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        if !self.eat(TokenKind::At) {
            return self.simple_type();
        }
        let referenced = self.simple_type()?;
        let multi = self.eat(TokenKind::Plus);
        Ok(self.node(start, Kind::ReferenceType { referenced, multi }))
    }

    fn simple_type(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        match self.kind() {
            TokenKind::OpenParen => {
                self.bump();
                let inner = self.type_definition()?;
                self.expect(TokenKind::CloseParen)?;
                self.enclose(inner, start);
                Ok(inner)
            }
            TokenKind::Id => {
                let ty = self.id()?;
                Ok(self.node(start, Kind::TypeReference { ty }))
            }
            TokenKind::String => {
                let value = self.string()?;
                Ok(self.node(start, Kind::StringType { value }))
            }
            _ => match self.primitive() {
                Some(primitive) => Ok(self.node(start, Kind::PrimitiveType { primitive })),
                None => Err(self.expected("a type")),
            },
        }
    }

    fn value_literal(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let kind = match self.kind() {
            TokenKind::String => Kind::StringLiteral { value: self.string()? },
            TokenKind::Number => {
                let token = self.bump();
                Kind::NumberLiteral { text: self.intern_id(token) }
            }
            TokenKind::True | TokenKind::False => Kind::BooleanLiteral { value: self.bump().kind == TokenKind::True },
            TokenKind::OpenBracket => {
                self.bump();
                let elements = self.list(|p| {
                    if p.kind() == TokenKind::CloseBracket {
                        return Ok(());
                    }
                    p.comma_separated(|p| {
                        let element = p.nested(Self::value_literal)?;
                        p.add(element);
                        Ok(())
                    })
                })?;
                self.expect(TokenKind::CloseBracket)?;
                Kind::ArrayLiteral { elements }
            }
            _ => return Err(self.expected("a value")),
        };
        Ok(self.node(start, kind))
    }
}

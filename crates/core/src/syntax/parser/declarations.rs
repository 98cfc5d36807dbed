//! Declarations: header, imports, interfaces, types and the frames of rules.

use super::{Failed, Parsed, Parser};
use crate::syntax::lexer::TokenKind;
use crate::tree::{DeclarationKind, Kind, List, NodeId, Returns};

impl Parser<'_> {
    /// The declaration that the tokens make up, all of them.
    pub(super) fn declaration(&mut self) -> Parsed<DeclarationKind> {
        let kind = match self.kind() {
            TokenKind::Grammar => self.grammar(),
            TokenKind::Import => self.grammar_import(),
            TokenKind::Interface => self.interface(),
            TokenKind::Type => self.type_declaration(),
            TokenKind::Hidden | TokenKind::Terminal => self.terminal_rule(),
            TokenKind::Infix => self.infix_rule(),
            TokenKind::Entry | TokenKind::Fragment | TokenKind::Id => self.parser_rule(),
            _ => Err(self.expected("a rule, an interface or a type")),
        }?;
        if self.kind() == TokenKind::Eof { Ok(kind) } else { Err(self.expected("the end of the declaration")) }
    }

    fn grammar(&mut self) -> Parsed<DeclarationKind> {
        self.bump();
        Ok(DeclarationKind::Grammar { name: self.declared_name()? })
    }

    fn grammar_import(&mut self) -> Parsed<DeclarationKind> {
        self.bump();
        let span = self.token().span();
        let path = self.string()?;
        self.name_span = Some(self.relative(span));
        self.eat(TokenKind::Semicolon);
        Ok(DeclarationKind::Import { path })
    }

    fn interface(&mut self) -> Parsed<DeclarationKind> {
        self.bump();
        let name = self.declared_name()?;
        let super_types = self.list(|p| {
            if p.eat(TokenKind::Extends) {
                p.comma_separated(|p| {
                    let name = p.id()?;
                    p.pending.push(name.raw());
                    Ok(())
                })?;
            }
            Ok(())
        })?;
        self.expect(TokenKind::OpenBrace)?;
        let attributes = self.list(|p| {
            while !p.eat(TokenKind::CloseBrace) {
                let attribute = p.type_attribute()?;
                p.add(attribute);
            }
            Ok(())
        })?;
        self.eat(TokenKind::Semicolon);
        Ok(DeclarationKind::Interface { name, super_types, attributes })
    }

    fn type_declaration(&mut self) -> Parsed<DeclarationKind> {
        self.bump();
        let name = self.declared_name()?;
        self.expect(TokenKind::Equals)?;
        let definition = self.type_definition()?;
        self.eat(TokenKind::Semicolon);
        Ok(DeclarationKind::Type { name, definition })
    }

    fn parser_rule(&mut self) -> Parsed<DeclarationKind> {
        let entry = self.eat(TokenKind::Entry);
        let fragment = !entry && self.eat(TokenKind::Fragment);
        let name = self.declared_name()?;
        let parameters = self.parameters()?;
        let returns = self.returns()?;
        self.rule_colon()?;
        let definition = self.alternatives()?;
        self.rule_end()?;
        Ok(DeclarationKind::ParserRule { name, entry, fragment, parameters, returns, definition })
    }

    fn infix_rule(&mut self) -> Parsed<DeclarationKind> {
        self.bump();
        let name = self.declared_name()?;
        let parameters = self.parameters()?;
        self.expect(TokenKind::On)?;
        let call = self.rule_call()?;
        let returns = self.returns()?;
        self.rule_colon()?;
        let operators = self.infix_operators()?;
        self.rule_end()?;
        Ok(DeclarationKind::InfixRule { name, parameters, call, returns, operators })
    }

    fn terminal_rule(&mut self) -> Parsed<DeclarationKind> {
        let hidden = self.eat(TokenKind::Hidden);
        self.expect(TokenKind::Terminal)?;
        let fragment = self.eat(TokenKind::Fragment);
        let name = self.declared_name()?;
        let ty = if !fragment && self.eat(TokenKind::Returns) { Some(self.return_type()?) } else { None };
        self.rule_colon()?;
        let definition = self.terminal_alternatives()?;
        self.rule_end()?;
        Ok(DeclarationKind::TerminalRule { name, hidden, fragment, ty, definition })
    }

    fn rule_colon(&mut self) -> Parsed<()> {
        if self.eat(TokenKind::Colon) {
            return Ok(());
        }
        Err(self.expected_with("':'", Some("a rule is written 'Name: … ;'")))
    }

    fn rule_end(&mut self) -> Parsed<()> {
        if self.eat(TokenKind::Semicolon) {
            return Ok(());
        }
        let hint = if self.kind() == TokenKind::Eof { Some("a rule ends with ';'") } else { None };
        Err(self.expected_with("';' or another element", hint))
    }

    /// The second half of fragment `RuleNameAndParams`.
    fn parameters(&mut self) -> Parsed<List> {
        if !self.eat(TokenKind::Less) || self.eat(TokenKind::Greater) {
            return Ok(List::EMPTY);
        }
        let parameters = self.list(|p| {
            p.comma_separated(|p| {
                let start = p.at;
                let name = p.id()?;
                let parameter = p.node(start, Kind::Parameter { name });
                p.add(parameter);
                Ok(())
            })
        })?;
        self.expect(TokenKind::Greater)?;
        Ok(parameters)
    }

    fn returns(&mut self) -> Parsed<Returns> {
        let start = self.at;
        if self.eat(TokenKind::Returns) {
            return match self.primitive() {
                Some(primitive) => Ok(Returns::Primitive(primitive)),
                None => Ok(Returns::Type(self.type_name()?)),
            };
        }
        if self.eat(TokenKind::Infers) {
            let name = self.id()?;
            return Ok(Returns::Infers(self.node(start, Kind::InferredType { name })));
        }
        Ok(Returns::Implicit)
    }

    fn type_name(&mut self) -> Parsed<crate::text::Name> {
        if self.kind() == TokenKind::Id { self.id() } else { Err(self.expected("a type")) }
    }

    fn return_type(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let name = match self.primitive() {
            Some(primitive) => primitive.name(),
            None => self.type_name()?,
        };
        Ok(self.node(start, Kind::ReturnType { name }))
    }

    /// One or more of `item`, with commas between.
    pub(super) fn comma_separated(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Failed>) -> Parsed<()> {
        item(self)?;
        while self.eat(TokenKind::Comma) {
            item(self)?;
        }
        Ok(())
    }
}

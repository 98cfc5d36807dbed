//! The definitions of parser and infix rules.

use super::{Parsed, Parser, is_feature_name};
use crate::syntax::lexer::TokenKind;
use crate::tree::{Cardinality, Kind, List, NodeId, Operator, Predicate};

// Structure
impl Parser<'_> {
    pub(super) fn alternatives(&mut self) -> Parsed<NodeId> {
        self.nested(|p| {
            let start = p.at;
            let first = p.conditional_branch()?;
            if p.kind() != TokenKind::Bar {
                return Ok(first);
            }
            let elements = p.list(|p| {
                p.add(first);
                while p.eat(TokenKind::Bar) {
                    let branch = p.conditional_branch()?;
                    p.add(branch);
                }
                Ok(())
            })?;
            Ok(p.node(start, Kind::Alternatives { elements }))
        })
    }

    fn conditional_branch(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        if !self.eat(TokenKind::Less) {
            return self.unordered_group();
        }
        let guard = Some(self.disjunction()?);
        self.expect(TokenKind::Greater)?;
        let elements = self.list(Self::abstract_tokens)?;
        Ok(self.node(start, Kind::Group { elements, guard, predicate: Predicate::None }))
    }

    fn unordered_group(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let first = self.group()?;
        if self.kind() != TokenKind::Ampersand {
            return Ok(first);
        }
        let elements = self.list(|p| {
            p.add(first);
            while p.eat(TokenKind::Ampersand) {
                let group = p.group()?;
                p.add(group);
            }
            Ok(())
        })?;
        Ok(self.node(start, Kind::UnorderedGroup { elements }))
    }

    fn group(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let mark = self.pending.len();
        let first = self.abstract_token()?;
        if !self.starts_abstract_token() {
            return Ok(first);
        }
        self.add(first);
        self.abstract_tokens()?;
        let elements = self.take_list(mark);
        Ok(self.node(start, Kind::Group { elements, guard: None, predicate: Predicate::None }))
    }

    /// One or more of rule `AbstractToken`.
    fn abstract_tokens(&mut self) -> Parsed<()> {
        loop {
            let token = self.abstract_token()?;
            self.add(token);
            if !self.starts_abstract_token() {
                return Ok(());
            }
        }
    }

    fn starts_abstract_token(&self) -> bool {
        match self.kind() {
            TokenKind::String
            | TokenKind::Id
            | TokenKind::OpenParen
            | TokenKind::OpenBrace
            | TokenKind::DoubleArrow
            | TokenKind::Arrow
            | TokenKind::EndOfFile => true,
            kind => is_feature_name(kind),
        }
    }

    fn abstract_token(&mut self) -> Parsed<NodeId> {
        if self.kind() == TokenKind::OpenBrace {
            return self.action();
        }
        let id = self.assignment_or_terminal()?;
        let cardinality = self.cardinality();
        if cardinality != Cardinality::One {
            self.node_mut(id).set_cardinality(cardinality);
        }
        Ok(id)
    }

    fn assignment_or_terminal(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let predicate = match self.kind() {
            TokenKind::DoubleArrow => Predicate::DoubleArrow,
            TokenKind::Arrow => Predicate::Arrow,
            _ => Predicate::None,
        };
        if predicate != Predicate::None {
            self.bump();
        }
        let assigns = matches!(self.kind_after(1), TokenKind::Equals | TokenKind::PlusEquals | TokenKind::QuestionEquals);
        match self.kind() {
            kind if assigns && is_feature_name(kind) => self.assignment(start, predicate),
            TokenKind::String => self.keyword(start, predicate),
            TokenKind::Id => self.rule_call_from(start, predicate),
            TokenKind::OpenParen => self.parenthesized_element(start, predicate),
            TokenKind::EndOfFile if predicate == Predicate::None => {
                self.bump();
                Ok(self.node(start, Kind::EndOfFile))
            }
            kind if kind.is_word() && kind != TokenKind::EndOfFile => {
                self.bump();
                let hint = "a keyword can be a property name; to call a rule of this name, write '^' before it";
                Err(self.expected_with("'=', '+=' or '?='", Some(hint)))
            }
            _ => Err(self.expected("an element of a rule")),
        }
    }

    fn parenthesized_element(&mut self, start: usize, predicate: Predicate) -> Parsed<NodeId> {
        self.bump();
        let inner = self.alternatives()?;
        self.expect(TokenKind::CloseParen)?;
        if predicate == Predicate::None {
            self.enclose(inner, start);
            return Ok(inner);
        }
        let mark = self.pending.len();
        self.add(inner);
        let elements = self.take_list(mark);
        Ok(self.node(start, Kind::Group { elements, guard: None, predicate }))
    }
}

// Elements
impl Parser<'_> {
    fn keyword(&mut self, start: usize, predicate: Predicate) -> Parsed<NodeId> {
        let value = self.string()?;
        Ok(self.node(start, Kind::Keyword { value, predicate }))
    }

    pub(super) fn rule_call(&mut self) -> Parsed<NodeId> {
        if self.kind() != TokenKind::Id {
            return Err(self.expected("the name of a rule"));
        }
        self.rule_call_from(self.at, Predicate::None)
    }

    fn rule_call_from(&mut self, start: usize, predicate: Predicate) -> Parsed<NodeId> {
        let rule = self.id()?;
        let arguments = if self.eat(TokenKind::Less) {
            let arguments = self.list(|p| {
                p.comma_separated(|p| {
                    let argument = p.named_argument()?;
                    p.add(argument);
                    Ok(())
                })
            })?;
            self.expect(TokenKind::Greater)?;
            arguments
        } else {
            List::EMPTY
        };
        Ok(self.node(start, Kind::RuleCall { rule, arguments, predicate }))
    }

    fn named_argument(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let mut parameter = None;
        if self.kind() == TokenKind::Id && self.kind_after(1) == TokenKind::Equals {
            parameter = Some(self.id()?);
            self.bump();
        }
        let value = self.disjunction()?;
        Ok(self.node(start, Kind::NamedArgument { parameter, value }))
    }

    fn assignment(&mut self, start: usize, predicate: Predicate) -> Parsed<NodeId> {
        let feature = self.feature_name()?;
        let operator = match self.bump().kind {
            TokenKind::PlusEquals => Operator::Add,
            TokenKind::QuestionEquals => Operator::Flag,
            _ => Operator::Assign,
        };
        let terminal = self.assignable_terminal()?;
        Ok(self.node(start, Kind::Assignment { feature, terminal, operator, predicate }))
    }

    fn assignable_terminal(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        match self.kind() {
            TokenKind::String => self.plain_keyword(),
            TokenKind::Id => self.rule_call(),
            TokenKind::OpenBracket => self.cross_reference(),
            TokenKind::OpenParen => {
                self.bump();
                let inner = self.nested(Self::assignable_alternatives)?;
                if self.kind() != TokenKind::CloseParen {
                    return Err(self.expected("'|' or ')'"));
                }
                self.bump();
                self.enclose(inner, start);
                Ok(inner)
            }
            _ => Err(self.expected("a keyword, a rule, a cross-reference or alternatives in parentheses")),
        }
    }

    fn assignable_alternatives(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let first = self.assignable_terminal()?;
        if self.kind() != TokenKind::Bar {
            return Ok(first);
        }
        let elements = self.list(|p| {
            p.add(first);
            while p.eat(TokenKind::Bar) {
                let element = p.assignable_terminal()?;
                p.add(element);
            }
            Ok(())
        })?;
        Ok(self.node(start, Kind::Alternatives { elements }))
    }

    fn cross_reference(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        self.bump();
        let multi = self.eat(TokenKind::Plus);
        let ty = self.id()?;
        let deprecated = self.kind() == TokenKind::Bar;
        let mut terminal = None;
        if deprecated || self.kind() == TokenKind::Colon {
            self.bump();
            terminal = Some(match self.kind() {
                TokenKind::String => self.plain_keyword()?,
                _ => self.rule_call()?,
            });
        }
        self.expect(TokenKind::CloseBracket)?;
        Ok(self.node(start, Kind::CrossReference { ty, terminal, multi, deprecated }))
    }

    fn action(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        self.bump();
        let type_start = self.at;
        let inferred = self.eat(TokenKind::Infer);
        if self.kind() != TokenKind::Id {
            return Err(self.expected(if inferred { "a name" } else { "a type or 'infer'" }));
        }
        let ty = self.id()?;
        let inferred = if inferred { Some(self.node(type_start, Kind::InferredType { name: ty })) } else { None };
        let (mut feature, mut operator) = (None, Operator::Assign);
        if self.eat(TokenKind::Dot) {
            feature = Some(self.feature_name()?);
            operator = match self.kind() {
                TokenKind::Equals => Operator::Assign,
                TokenKind::PlusEquals => Operator::Add,
                _ => return Err(self.expected("'=' or '+='")),
            };
            self.bump();
            self.expect(TokenKind::Current)?;
        }
        self.expect(TokenKind::CloseBrace)?;
        Ok(match inferred {
            Some(inferred) => {
                self.has_inferring_actions = true;
                self.node(start, Kind::InferringAction { inferred, feature, operator })
            }
            None => self.node(start, Kind::Action { ty, feature, operator }),
        })
    }
}

// Conditions
impl Parser<'_> {
    fn disjunction(&mut self) -> Parsed<NodeId> {
        self.nested(|p| p.operands(TokenKind::Bar, Self::conjunction, |operands| Kind::Disjunction { operands }))
    }

    fn conjunction(&mut self) -> Parsed<NodeId> {
        self.operands(TokenKind::Ampersand, Self::negation, |operands| Kind::Conjunction { operands })
    }

    fn operands(
        &mut self,
        operator: TokenKind,
        operand: fn(&mut Self) -> Parsed<NodeId>,
        kind: fn(List) -> Kind,
    ) -> Parsed<NodeId> {
        let start = self.at;
        let first = operand(self)?;
        if self.kind() != operator {
            return Ok(first);
        }
        let operands = self.list(|p| {
            p.add(first);
            while p.eat(operator) {
                let next = operand(p)?;
                p.add(next);
            }
            Ok(())
        })?;
        Ok(self.node(start, kind(operands)))
    }

    fn negation(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        if !self.eat(TokenKind::Not) {
            return self.atom();
        }
        let value = self.nested(Self::negation)?;
        Ok(self.node(start, Kind::Negation { value }))
    }

    fn atom(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        match self.kind() {
            TokenKind::Id => {
                let parameter = self.id()?;
                Ok(self.node(start, Kind::ParameterReference { parameter }))
            }
            TokenKind::True | TokenKind::False => {
                let value = self.bump().kind == TokenKind::True;
                Ok(self.node(start, Kind::BooleanLiteral { value }))
            }
            TokenKind::OpenParen => {
                self.bump();
                let inner = self.disjunction()?;
                self.expect(TokenKind::CloseParen)?;
                self.enclose(inner, start);
                Ok(inner)
            }
            _ => Err(self.expected("a parameter, 'true', 'false', '!' or '('")),
        }
    }
}

// Infix rules
impl Parser<'_> {
    pub(super) fn infix_operators(&mut self) -> Parsed<NodeId> {
        let start = self.at;
        let precedences = self.list(|p| {
            loop {
                let precedence = p.infix_precedence()?;
                p.add(precedence);
                if !p.eat(TokenKind::Greater) {
                    return Ok(());
                }
            }
        })?;
        Ok(self.node(start, Kind::InfixOperators { precedences }))
    }

    fn infix_precedence(&mut self) -> Parsed<NodeId> {
        use crate::text::name::known;
        let start = self.at;
        let associativity = match self.kind() {
            TokenKind::LeftWord => Some(known::LEFT),
            TokenKind::RightWord => Some(known::RIGHT),
            _ => None,
        };
        if associativity.is_some() {
            self.bump();
            self.expect(TokenKind::Assoc)?;
        }
        let operators = self.list(|p| {
            loop {
                let operator = p.plain_keyword()?;
                p.add(operator);
                if !p.eat(TokenKind::Bar) {
                    return Ok(());
                }
            }
        })?;
        Ok(self.node(start, Kind::InfixPrecedence { operators, associativity }))
    }
}

//! A language as Chevrotain records it: what each rule of its parser is made of, and what can be matched without consuming
//! anything. Langium builds that parser in `parser-builder-base.ts` (langium 4.4.0).
//!
//! All facts here are found by passing news on from parts to wholes, so that each costs the size of the grammar.

use std::ops::Range;

use crate::model::language::{Element, Language};
use crate::model::name_assignment::name_assignment;
use crate::model::sources::Sources;
use crate::text::Name;
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, NodeId};

/// A production, by its position in [`Productions`].
pub(super) type ProductionId = u32;

/// What a production is. Actions are none: the parser consumes nothing for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A keyword or terminal, by its text or name, which never are the same; none for the end of the file.
    Terminal(Option<Name>),
    /// A rule, by its position in [`Productions::rules`].
    Call(u32),
    Sequence,
    /// Its parts are sequences.
    Choice,
    Optional,
    Many,
    AtLeastOne,
}

impl Shape {
    pub(super) const fn is_repetition(self) -> bool {
        matches!(self, Shape::Many | Shape::AtLeastOne)
    }
}

#[derive(Clone, Debug)]
struct Production {
    shape: Shape,
    /// The element that makes it, in the grammar element of its rule.
    node: NodeId,
    parts: Range<u32>,
    /// The production that it is a part of; of the root of a rule, itself.
    whole: ProductionId,
    /// Its position among the parts of its whole.
    position: u32,
    /// An alternative that a guard, or what was parsed before, decides about.
    gated: bool,
}

/// A rule of the parser: a reachable parser or infix rule.
#[derive(Clone, Debug)]
pub(super) struct ParserRule {
    pub(super) element: Element,
    /// A sequence.
    pub(super) root: ProductionId,
    /// Its productions: those from this one on, until those of the next rule.
    first: ProductionId,
}

/// All productions of a language.
#[derive(Debug, Default)]
pub(super) struct Productions {
    pub(super) rules: Vec<ParserRule>,
    productions: Vec<Production>,
    parts: Vec<ProductionId>,
    /// The calls of all rules, by rule.
    calls: Vec<ProductionId>,
    call_starts: Vec<u32>,
}

/// A cross-reference that cannot be parsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unparsable {
    pub(super) element: Element,
    pub(super) node: NodeId,
    pub(super) reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Names of the type are not written as one terminal, data type rule or keyword.
    NoSimpleName,
    /// What they are written as belongs to a rule that the parser never gets to.
    Unreachable,
    /// An infix rule on a terminal.
    InfixOnTerminal,
}

impl Productions {
    /// The productions of `language`, and what keeps them from being made.
    pub(super) fn new(sources: &Sources, language: &Language) -> (Productions, Vec<Unparsable>) {
        let words = language.words(sources);
        let reachable = &words.reachable[..];
        let is_kind = |rule: u32, wanted: fn(&DeclarationKind) -> bool| {
            reachable[rule as usize] && wanted(&language.rule_kind(sources, rule))
        };
        let is_parser_rule: fn(&DeclarationKind) -> bool = |kind| matches!(kind, DeclarationKind::ParserRule { .. });
        let is_infix_rule: fn(&DeclarationKind) -> bool = |kind| matches!(kind, DeclarationKind::InfixRule { .. });
        let all = 0..language.rules.len() as u32;
        let parser_rules = all.clone().filter(|&rule| is_kind(rule, is_parser_rule));
        let rules: Vec<u32> = parser_rules.chain(all.filter(|&rule| is_kind(rule, is_infix_rule))).collect();
        let mut numbers = vec![None; language.rules.len()];
        rules.iter().enumerate().for_each(|(number, &rule)| numbers[rule as usize] = Some(number as u32));
        let mut keywords = vec![false; sources.names.len()];
        for value in &words.keywords {
            keywords[value.index()] = true;
        }
        let mut recorder = Recorder {
            sources,
            language,
            reachable,
            numbers: &numbers,
            keywords: &keywords,
            element: language.rules.first().copied(),
            made: Productions::default(),
            open: Vec::new(),
            unparsable: Vec::new(),
        };
        for &rule in &rules {
            recorder.rule(language.rules[rule as usize]);
        }
        let Recorder { mut made, unparsable, .. } = recorder;
        made.connect();
        (made, unparsable)
    }

    pub(super) fn len(&self) -> usize {
        self.productions.len()
    }

    pub(super) fn all(&self) -> Range<ProductionId> {
        0..self.productions.len() as u32
    }

    pub(super) fn shape(&self, id: ProductionId) -> Shape {
        self.productions[id as usize].shape
    }

    /// Whether an alternative is chosen by more than by looking ahead.
    pub(super) fn is_gated(&self, id: ProductionId) -> bool {
        self.productions[id as usize].gated
    }

    pub(super) fn node(&self, id: ProductionId) -> NodeId {
        self.productions[id as usize].node
    }

    pub(super) fn parts(&self, id: ProductionId) -> &[ProductionId] {
        let Range { start, end } = self.productions[id as usize].parts;
        &self.parts[start as usize..end as usize]
    }

    /// What `id` is a part of, and the position there; nothing for the roots of rules.
    pub(super) fn whole(&self, id: ProductionId) -> Option<(ProductionId, usize)> {
        let Production { whole, position, .. } = self.productions[id as usize];
        if whole == id { None } else { Some((whole, position as usize)) }
    }

    /// The productions of a rule.
    pub(super) fn of_rule(&self, rule: usize) -> Range<ProductionId> {
        let end = self.rules.get(rule + 1).map_or(self.productions.len() as u32, |next| next.first);
        self.rules[rule].first..end
    }

    /// The rule that a production belongs to.
    pub(super) fn rule_of(&self, id: ProductionId) -> usize {
        self.rules.partition_point(|rule| rule.first <= id) - 1
    }

    fn calls_of(&self, rule: usize) -> &[ProductionId] {
        &self.calls[self.call_starts[rule] as usize..self.call_starts[rule + 1] as usize]
    }

    fn connect(&mut self) {
        for whole in 0..self.productions.len() as u32 {
            for (position, part) in self.productions[whole as usize].parts.clone().enumerate() {
                let part = self.parts[part as usize] as usize;
                self.productions[part].whole = whole;
                self.productions[part].position = position as u32;
            }
        }
        let mut calls: Vec<(u32, ProductionId)> = Vec::new();
        calls.extend(self.productions.iter().zip(0..).filter_map(|(production, id)| match production.shape {
            Shape::Call(rule) => Some((rule, id)),
            _ => None,
        }));
        calls.sort_unstable();
        self.call_starts = (0..=self.rules.len() as u32).map(|rule| calls.partition_point(|call| call.0 < rule) as u32).collect();
        self.calls = calls.into_iter().map(|(_, id)| id).collect();
    }

    /// Which productions can match nothing. Alternatives without productions do so too, but where Chevrotain looks ahead it
    /// passes over them (`possiblePathsFrom` in its `interpreter.ts`): `counts_blanks` says whether they count.
    pub(super) fn nullable(&self, counts_blanks: bool) -> Vec<bool> {
        let mut nullable = vec![false; self.len()];
        let mut missing: Vec<u32> = Vec::with_capacity(self.len());
        let mut pending: Vec<ProductionId> = Vec::new();
        for id in self.all() {
            let needed = match self.shape(id) {
                Shape::Sequence | Shape::AtLeastOne => self.parts(id).len() as u32,
                Shape::Optional | Shape::Many => 0,
                Shape::Terminal(_) | Shape::Call(_) | Shape::Choice => 1,
            };
            missing.push(needed);
            if needed == 0 {
                pending.push(id);
            }
        }
        while let Some(id) = pending.pop() {
            if std::mem::replace(&mut nullable[id as usize], true) {
                continue;
            }
            match self.whole(id) {
                Some((whole, _)) => {
                    let is_choice = self.shape(whole) == Shape::Choice;
                    if is_choice && !counts_blanks && self.parts(id).is_empty() {
                        continue;
                    }
                    let missing = &mut missing[whole as usize];
                    *missing = missing.saturating_sub(1);
                    if *missing == 0 {
                        pending.push(whole);
                    }
                }
                None => pending.extend(self.calls_of(self.rule_of(id))),
            }
        }
        nullable
    }

    /// Which productions can match a token at all, as far as Chevrotain sees by looking ahead. `skippable`: which it can
    /// look past.
    pub(super) fn starting(&self, skippable: &[bool]) -> Vec<bool> {
        // The first part of each sequence that cannot be looked past; what is behind it is not seen.
        let ends: Vec<usize> = self.all().map(|id| self.seen_parts(id, skippable).len()).collect();
        let mut starting = vec![false; self.len()];
        let mut pending: Vec<ProductionId> = self.all().filter(|&id| matches!(self.shape(id), Shape::Terminal(_))).collect();
        while let Some(id) = pending.pop() {
            if std::mem::replace(&mut starting[id as usize], true) {
                continue;
            }
            match self.whole(id) {
                Some((whole, position)) if position < ends[whole as usize] => pending.push(whole),
                Some(_) => {}
                None => pending.extend(self.calls_of(self.rule_of(id))),
            }
        }
        starting
    }

    /// The parts of `id` that can be reached before anything is consumed.
    pub(super) fn seen_parts(&self, id: ProductionId, skippable: &[bool]) -> &[ProductionId] {
        let parts = self.parts(id);
        if self.shape(id) == Shape::Choice {
            return parts;
        }
        let skipped = parts.iter().take_while(|&&part| skippable[part as usize]).count();
        &parts[..parts.len().min(skipped + 1)]
    }
}

/// Makes productions in the order in which Langium's parser calls Chevrotain.
struct Recorder<'a> {
    sources: &'a Sources,
    language: &'a Language,
    reachable: &'a [bool],
    /// By rule of the language: its number among those of the parser.
    numbers: &'a [Option<u32>],
    /// By name: whether it is the text of a reachable keyword.
    keywords: &'a [bool],
    /// The rule that is being recorded.
    element: Option<Element>,
    made: Productions,
    /// The parts of all productions that are not complete.
    open: Vec<ProductionId>,
    unparsable: Vec<Unparsable>,
}

impl<'a> Recorder<'a> {
    fn rule(&mut self, element: Element) {
        self.element = Some(element);
        let item = element.item(self.sources);
        let first = self.made.productions.len() as u32;
        let from = self.open.len();
        let node = match item.declaration.kind {
            DeclarationKind::ParserRule { definition, .. } => {
                self.element(item, definition, false);
                definition
            }
            DeclarationKind::InfixRule { call, operators, .. } => {
                self.infix(item, call, operators);
                call
            }
            _ => return,
        };
        let root = self.close(Shape::Sequence, node, from);
        self.open.pop();
        self.made.rules.push(ParserRule { element, root, first });
    }

    /// `buildInfixRule`
    fn infix(&mut self, item: Item<'a>, call: NodeId, operators: NodeId) {
        let Kind::RuleCall { rule, .. } = item.node(call).kind else { return };
        let Some(operand) = self.language.rule(rule) else { return };
        if let DeclarationKind::TerminalRule { .. } = self.language.rule_kind(self.sources, operand) {
            return self.give_up(call, Reason::InfixOnTerminal);
        }
        self.call(operand, call);
        let (repeated, choice) = (self.open.len(), self.open.len());
        for (id, node) in item.preorder(operators) {
            let Kind::Keyword { value, .. } = node.kind else { continue };
            let alternative = self.open.len();
            self.close(Shape::Terminal(Some(value)), id, alternative);
            self.close(Shape::Sequence, id, alternative);
        }
        self.close(Shape::Choice, operators, choice);
        self.call(operand, call);
        self.close(Shape::Many, operators, repeated);
    }

    /// `buildElement`. The guard of an alternative decides between the alternatives; any other guard is a choice between
    /// the group and nothing.
    fn element(&mut self, item: Item<'a>, id: NodeId, is_alternative: bool) {
        let from = self.open.len();
        let node = item.node(id);
        match node.kind {
            Kind::Keyword { value, .. } => self.terminal(id, Some(value)),
            Kind::EndOfFile => self.terminal(id, None),
            Kind::Assignment { terminal, .. } => self.element(item, terminal, false),
            Kind::CrossReference { ty, terminal, .. } => match terminal {
                Some(terminal) => self.written_as(id, item, terminal),
                None => self.named(id, ty),
            },
            Kind::RuleCall { rule, .. } => {
                if let Some(rule) = self.language.rule(rule) {
                    self.call(rule, id);
                }
            }
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } => {
                let is_unordered = matches!(node.kind, Kind::UnorderedGroup { .. });
                for element in item.ids(elements) {
                    let alternative = self.open.len();
                    self.element(item, element, true);
                    let made = self.close(Shape::Sequence, element, alternative);
                    let is_guarded = matches!(item.node(element).kind, Kind::Group { guard: Some(_), .. });
                    self.made.productions[made as usize].gated = is_unordered || is_guarded;
                }
                self.close(Shape::Choice, id, from);
            }
            Kind::Group { elements, .. } => item.ids(elements).for_each(|element| self.element(item, element, false)),
            _ => {}
        }
        let is_guarded = !is_alternative && matches!(node.kind, Kind::Group { guard: Some(_), .. });
        if let Kind::UnorderedGroup { .. } = node.kind {
            self.close(Shape::Many, id, from);
        }
        let cardinality = node.cardinality();
        match cardinality {
            Cardinality::One => {}
            Cardinality::Optional => {
                self.close(Shape::Optional, id, from);
            }
            Cardinality::Many => {
                self.close(Shape::Many, id, from);
            }
            Cardinality::OneOrMore => {
                self.close(Shape::AtLeastOne, id, from);
            }
        }
        if is_guarded && matches!(cardinality, Cardinality::One | Cardinality::OneOrMore) {
            let group = self.close(Shape::Sequence, id, from);
            let nothing = self.close(Shape::Sequence, id, from + 1);
            [group, nothing].into_iter().for_each(|alternative| self.made.productions[alternative as usize].gated = true);
            self.close(Shape::Choice, id, from);
        }
    }

    /// Makes a production of all that was recorded since `from`.
    fn close(&mut self, shape: Shape, node: NodeId, from: usize) -> ProductionId {
        let start = self.made.parts.len() as u32;
        self.made.parts.extend(self.open.drain(from..));
        let id = self.made.productions.len() as u32;
        let parts = start..self.made.parts.len() as u32;
        self.made.productions.push(Production { shape, node, parts, whole: id, position: 0, gated: false });
        self.open.push(id);
        id
    }

    fn terminal(&mut self, node: NodeId, token: Option<Name>) {
        self.close(Shape::Terminal(token), node, self.open.len());
    }

    fn call(&mut self, rule: u32, node: NodeId) {
        match self.numbers[rule as usize] {
            Some(number) => {
                self.close(Shape::Call(number), node, self.open.len());
            }
            None => self.terminal(node, self.language.rule_kind(self.sources, rule).name()),
        }
    }

    fn give_up(&mut self, node: NodeId, reason: Reason) {
        if let Some(element) = self.element {
            self.unparsable.push(Unparsable { element, node, reason });
        }
    }

    /// A reference without a terminal of its own: as the names of what it refers to are written.
    fn named(&mut self, id: NodeId, ty: Name) {
        match name_assignment(self.sources, self.language, ty) {
            Some((item, assignment)) => match item.node(assignment).kind {
                Kind::Assignment { terminal, .. } => self.written_as(id, item, terminal),
                _ => self.give_up(id, Reason::NoSimpleName),
            },
            None => self.give_up(id, Reason::NoSimpleName),
        }
    }

    /// `buildCrossReference`
    fn written_as(&mut self, id: NodeId, item: Item<'a>, terminal: NodeId) {
        match item.node(terminal).kind {
            Kind::Keyword { value, .. } if self.keywords[value.index()] => self.terminal(id, Some(value)),
            Kind::Keyword { .. } => self.give_up(id, Reason::Unreachable),
            Kind::RuleCall { rule, .. } => {
                let Some(rule) = self.language.rule(rule) else { return };
                let kind = self.language.rule_kind(self.sources, rule);
                match kind {
                    DeclarationKind::InfixRule { .. } => self.give_up(id, Reason::NoSimpleName),
                    _ if !self.reachable[rule as usize] => self.give_up(id, Reason::Unreachable),
                    _ => self.call(rule, id),
                }
            }
            _ => self.give_up(id, Reason::NoSimpleName),
        }
    }
}

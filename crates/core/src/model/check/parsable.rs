//! A quick proof that a language can be made a parser of. It holds for nearly all languages, takes one look at each node and
//! keeps a byte for each rule; only where it fails, [`Productions`](super::productions::Productions) are made, which say
//! what is wrong.
//!
//! A node is judged by its children, which lie before it, and by what is known of the rules that it calls. What is known of
//! rules grows until nothing is new. `productions.rs` says what Chevrotain makes of each node.

use super::parser::MOST_OF_A_KIND;
use crate::model::language::{Element, Language};
use crate::model::name_assignment::name_assignment;
use crate::model::sources::Sources;
use crate::text::{ByName, Name};
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, List, Node, NodeId};
use crate::work::Workers;

/// What is known of a node or a rule, as bits.
pub(super) type Facts = u8;

/// It can match nothing.
const NULLABLE: Facts = 1;
/// So it can where alternatives without productions do not count.
const SKIPPABLE: Facts = 2;
/// It can begin with a token, as far as Chevrotain sees by looking ahead.
const STARTING: Facts = 4;
/// Chevrotain makes nothing of it.
const BLANK: Facts = 8;
/// A group with a guard: outside of alternatives, a choice between it and nothing.
const GUARDED: Facts = 16;

const NOTHING: Facts = NULLABLE | SKIPPABLE | BLANK;

/// News of rules may have to pass through so many rules that are written in an unfortunate order. Picked by gut feeling:
/// real languages take two rounds.
const MOST_ROUNDS: usize = 8;

/// Rules that are a piece of work: some twenty milliseconds.
const RULES_OF_A_PIECE: usize = 1 << 15;

/// What is known of the rules of a language without a fixed lookahead if the parser certainly can be made: no rule calls
/// itself before it consumes something, every repetition consumes something, no rule is too long for Chevrotain, and every
/// cross-reference is written in a known way. `reachable`: which of the rules the parser can get to.
pub(super) fn proof(sources: &Sources, language: &Language, reachable: &[bool], workers: Workers<'_>) -> Option<Vec<Facts>> {
    proof_in_pieces(sources, language, reachable, RULES_OF_A_PIECE, workers)
}

/// The same; `piece` rules are a piece of work.
fn proof_in_pieces(
    sources: &Sources,
    language: &Language,
    reachable: &[bool],
    piece: usize,
    workers: Workers<'_>,
) -> Option<Vec<Facts>> {
    let parser = &Parser::new(sources, language, reachable);
    let starts: Vec<usize> = (0..parser.rules.len().max(1)).step_by(piece).collect();
    let judge = |&start: &usize| {
        let numbers = start..parser.rules.len().min(start + piece);
        let mut judge = Judge::new(parser, start, vec![STARTING; numbers.len()]);
        // Rules mostly call those behind them.
        for number in numbers.rev() {
            judge.learn(number);
        }
        judge
    };
    let mut judge = workers.map(&starts, judge).into_iter().reduce(Judge::joined)?;
    let is_settled = judge.is_certain && judge.settle();
    (is_settled && judge.is_certain && judge.all_begin()).then_some(judge.known)
}

/// Whether what was `known` still proves it, since all rules show what they showed then: only those that `is_edited` says are
/// looked at.
pub(super) fn still_holds(
    sources: &Sources,
    language: &Language,
    (reachable, known): (&[bool], &[Facts]),
    is_edited: impl Fn(Element) -> bool,
) -> bool {
    let parser = &Parser::new(sources, language, reachable);
    if known.len() != parser.rules.len() {
        return false;
    }
    let mut judge = Judge::new(parser, 0, known.to_vec());
    (0..parser.rules.len()).all(|number| {
        let rule = language.rules[parser.rules[number] as usize];
        !is_edited(rule) || judge.rule(rule.item(sources), number) | STARTING == known[number] && judge.is_certain
    })
}

const NONE: u32 = u32::MAX;

/// The parser of a language, with its rules numbered.
struct Parser<'a> {
    sources: &'a Sources,
    language: &'a Language,
    /// By rule of the language: whether the parser can get to it.
    reachable: &'a [bool],
    /// By rule of the language: its number.
    numbers: Vec<u32>,
    /// By number: the rule of the language.
    rules: Vec<u32>,
}

impl<'a> Parser<'a> {
    fn new(sources: &'a Sources, language: &'a Language, reachable: &'a [bool]) -> Parser<'a> {
        let mut rules: Vec<u32> = Vec::new();
        let mut numbers = vec![NONE; language.rules.len()];
        for (rule, _) in (0..).zip(reachable).filter(|&(_, &reachable)| reachable) {
            if !matches!(language.rule_kind(sources, rule), DeclarationKind::TerminalRule { .. }) {
                numbers[rule as usize] = rules.len() as u32;
                rules.push(rule);
            }
        }
        Parser { sources, language, reachable, numbers, rules }
    }

    /// The rule of this number.
    fn item(&self, number: usize) -> Item<'a> {
        self.language.rule_item(self.sources, self.rules[number])
    }
}

/// Judges rules one by one: all of them, or those from one number to another.
struct Judge<'a> {
    parser: &'a Parser<'a>,
    /// The first number. What is by number here, begins with it.
    first: usize,
    /// By number. That all of them begin with a token is taken for granted, and seen to in the end.
    known: Vec<Facts>,
    /// By number: when the rule was looked at, and when something new was found, in steps. Steps before [`Judge::settle`] are one.
    judged: Vec<u32>,
    changed: Vec<u32>,
    /// Rules that were judged by others before these were looked at themselves, and the others, by their numbers.
    early: Vec<(u32, u32)>,
    /// By type: how cross-references to it are written that do not say so.
    written: ByName<Written>,
    /// Of the rule that is looked at.
    number: usize,
    nodes: Vec<Facts>,
    pending: Vec<(NodeId, bool)>,
    /// By number.
    begins: Vec<Begin>,
    /// The calls at the beginning of rules.
    calls: Vec<Call>,
    is_certain: bool,
}

/// What a reference or a call is to the parser.
#[derive(Clone, Copy)]
enum Written {
    Token,
    /// A rule, by its number.
    Rule(u32),
    /// In no known way.
    Unknown,
}

/// What a rule begins with.
#[derive(Clone, Copy, Default)]
struct Begin {
    /// There is a token among it.
    token: bool,
    /// The rules, as a range of [`Judge::calls`].
    calls: (u32, u32),
}

/// A call at the beginning of a rule.
#[derive(Clone, Copy)]
struct Call {
    rule: u32,
    /// Looking ahead, Chevrotain sees it.
    is_seen: bool,
}

impl<'a> Judge<'a> {
    /// For the rules from number `first` on of which so much is `known`.
    fn new(parser: &'a Parser<'a>, first: usize, known: Vec<Facts>) -> Judge<'a> {
        let count = known.len();
        Judge {
            parser,
            first,
            known,
            judged: vec![0; count],
            changed: vec![0; count],
            early: Vec::new(),
            written: ByName::new(parser.sources.names.len(), 0),
            number: 0,
            nodes: Vec::new(),
            pending: Vec::new(),
            begins: vec![Begin::default(); count],
            calls: Vec::new(),
            is_certain: true,
        }
    }

    /// With what `next` found out about the rules behind.
    fn joined(mut self, next: Judge<'a>) -> Judge<'a> {
        let moved = self.calls.len() as u32;
        let begin = |Begin { token, calls: (first, end) }| Begin { token, calls: (first + moved, end + moved) };
        self.known.extend(next.known);
        self.judged.extend(next.judged);
        self.changed.extend(next.changed);
        self.early.extend(next.early);
        self.begins.extend(next.begins.into_iter().map(begin));
        self.calls.extend(next.calls);
        self.is_certain &= next.is_certain;
        self
    }

    /// Looks at a rule. Whether there is something new.
    fn learn(&mut self, number: usize) -> bool {
        let facts = self.rule(self.parser.item(number), number) | STARTING;
        let index = number - self.first;
        self.judged[index] = 1;
        std::mem::replace(&mut self.known[index], facts) != facts
    }

    /// Looks at rules again until nothing is new. Whether that was soon enough.
    fn settle(&mut self) -> bool {
        let mut now = 1;
        let mut learn = |judge: &mut Judge<'_>, number: usize| {
            now += 1;
            let is_new = judge.learn(number);
            judge.judged[number] = now;
            if is_new {
                judge.changed[number] = now;
            }
            is_new
        };
        // Mostly, nobody was judged by a rule that turned out to be something else.
        let mut is_new = false;
        for (number, called) in std::mem::take(&mut self.early) {
            if self.known[called as usize] != STARTING {
                is_new |= learn(self, number as usize);
            }
        }
        for round in 0..MOST_ROUNDS {
            if !is_new || !self.is_certain {
                return true;
            }
            is_new = false;
            for position in 0..self.known.len() {
                let number = if round % 2 == 0 { position } else { self.known.len() - 1 - position };
                if self.is_outdated(self.parser.item(number), number) {
                    is_new |= learn(self, number);
                }
            }
        }
        !is_new
    }

    /// Whether there is something new of a rule that the rule of this number calls.
    fn is_outdated(&mut self, item: Item<'a>, number: usize) -> bool {
        let is_new = |judge: &mut Judge<'_>, node: &Node| {
            let called = match node.kind {
                Kind::RuleCall { rule, .. } => judge.called(rule),
                Kind::CrossReference { ty, terminal: None, .. } => judge.named(ty),
                _ => return false,
            };
            matches!(called, Written::Rule(called) if judge.changed[called as usize] >= judge.judged[number])
        };
        item.nodes.iter().any(|node| is_new(self, node))
    }

    /// What is known of a rule by what is known of others so far.
    fn rule(&mut self, item: Item<'a>, number: usize) -> Facts {
        let definition = match item.declaration.kind {
            DeclarationKind::ParserRule { definition, .. } => definition,
            // The operand, then operators with operands behind them.
            DeclarationKind::InfixRule { call, .. } => call,
            _ => return 0,
        };
        let is_infix = matches!(item.declaration.kind, DeclarationKind::InfixRule { .. });
        if item.nodes.len() > MOST_OF_A_KIND / 2 {
            self.is_certain &= is_short(item);
        }
        self.number = number;
        self.nodes.clear();
        for node in item.nodes {
            let facts = self.node(item, node);
            self.nodes.push(facts);
        }
        self.begin(item, definition, number);
        if is_infix {
            let operand = item.node(definition).kind;
            self.is_certain &= matches!(operand, Kind::RuleCall { rule, .. } if self.is_rule(rule));
        }
        outside_alternatives(self.nodes[definition.index()]) & (NULLABLE | SKIPPABLE)
    }

    fn node(&mut self, item: Item<'a>, node: &Node) -> Facts {
        let mut facts = match node.kind {
            Kind::Keyword { .. } | Kind::EndOfFile => STARTING,
            Kind::RuleCall { rule, .. } => self.facts(self.called(rule)),
            Kind::CrossReference { terminal: Some(terminal), .. } => {
                let written = self.written_as(item, terminal);
                self.facts(written)
            }
            Kind::CrossReference { ty, terminal: None, .. } => {
                let written = self.named(ty);
                self.facts(written)
            }
            Kind::Assignment { terminal, .. } => outside_alternatives(self.nodes[terminal.index()]),
            Kind::Group { elements, .. } => self.sequence(item, elements),
            Kind::Alternatives { elements } => self.choice(item, elements),
            Kind::UnorderedGroup { elements } => {
                let choice = self.choice(item, elements);
                self.repetition(choice);
                NULLABLE | SKIPPABLE | choice
            }
            _ => NOTHING,
        };
        match node.cardinality() {
            Cardinality::One => {}
            Cardinality::Optional => facts = NULLABLE | SKIPPABLE | facts & STARTING,
            Cardinality::Many => {
                self.repetition(facts);
                facts = NULLABLE | SKIPPABLE | facts & STARTING;
            }
            Cardinality::OneOrMore => {
                self.repetition(facts);
                facts &= !BLANK;
            }
        }
        if matches!(node.kind, Kind::Group { guard: Some(_), .. }) && !node.cardinality().is_optional() {
            facts |= GUARDED;
        }
        facts
    }

    fn sequence(&self, item: Item<'a>, elements: List) -> Facts {
        let (mut all, mut starting) = (NOTHING | STARTING, 0);
        for element in item.ids(elements) {
            let facts = outside_alternatives(self.nodes[element.index()]);
            if all & SKIPPABLE != 0 {
                starting |= facts & STARTING;
            }
            all &= facts;
        }
        all & NOTHING | starting
    }

    fn choice(&self, item: Item<'a>, elements: List) -> Facts {
        let mut any = 0;
        for element in item.ids(elements) {
            let facts = self.nodes[element.index()];
            any |= if facts & BLANK == 0 { facts } else { facts & NULLABLE };
        }
        any & (NULLABLE | SKIPPABLE | STARTING)
    }

    /// What is repeated has to begin with a token, and not to be looked past.
    fn repetition(&mut self, repeated: Facts) {
        self.is_certain &= repeated & (SKIPPABLE | STARTING) == STARTING;
    }

    fn facts(&mut self, written: Written) -> Facts {
        match written {
            Written::Token => STARTING,
            Written::Rule(called) => {
                let index = (called as usize).wrapping_sub(self.first);
                if self.judged.get(index).is_none_or(|&judged| judged == 0) {
                    self.early.push((self.number as u32, called));
                }
                self.known.get(index).copied().unwrap_or(STARTING)
            }
            Written::Unknown => {
                self.is_certain = false;
                0
            }
        }
    }

    fn called(&self, rule: Name) -> Written {
        self.parser.language.rule(rule).map_or(Written::Unknown, |rule| match self.parser.numbers[rule as usize] {
            NONE => Written::Token,
            number => Written::Rule(number),
        })
    }

    fn is_rule(&self, rule: Name) -> bool {
        matches!(self.called(rule), Written::Rule(_))
    }

    fn written_as(&self, item: Item<'a>, terminal: NodeId) -> Written {
        match item.node(terminal).kind {
            Kind::Keyword { .. } => Written::Token,
            Kind::RuleCall { rule, .. } => {
                let is_fit = |&rule: &u32| {
                    let kind = self.parser.language.rule_kind(self.parser.sources, rule);
                    self.parser.reachable[rule as usize] && !matches!(kind, DeclarationKind::InfixRule { .. })
                };
                if self.parser.language.rule(rule).as_ref().is_some_and(is_fit) { self.called(rule) } else { Written::Unknown }
            }
            _ => Written::Unknown,
        }
    }

    fn named(&mut self, ty: Name) -> Written {
        if let Some(written) = self.written.get(ty) {
            return written;
        }
        let written = match name_assignment(self.parser.sources, self.parser.language, ty) {
            Some((item, assignment)) => match item.node(assignment).kind {
                // A keyword may be one of a rule that is never reached.
                Kind::Assignment { terminal, .. } if !matches!(item.node(terminal).kind, Kind::Keyword { .. }) => {
                    self.written_as(item, terminal)
                }
                _ => Written::Unknown,
            },
            None => Written::Unknown,
        };
        self.written.set(ty, written);
        written
    }

    /// Finds what the rule of these nodes begins with.
    fn begin(&mut self, item: Item<'a>, definition: NodeId, number: usize) {
        let first = self.calls.len() as u32;
        let mut token = false;
        let mut pending = std::mem::take(&mut self.pending);
        pending.push((definition, true));
        while let Some((id, is_seen)) = pending.pop() {
            let written = match item.node(id).kind {
                Kind::Keyword { .. } | Kind::EndOfFile => Written::Token,
                Kind::RuleCall { rule, .. } => self.called(rule),
                Kind::CrossReference { terminal: Some(terminal), .. } => self.written_as(item, terminal),
                Kind::CrossReference { ty, terminal: None, .. } => self.named(ty),
                Kind::Assignment { terminal, .. } => {
                    pending.push((terminal, is_seen));
                    continue;
                }
                Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } => {
                    pending.extend(item.ids(elements).map(|element| (element, is_seen)));
                    continue;
                }
                Kind::Group { elements, .. } => {
                    let mut is_seen = is_seen;
                    for element in item.ids(elements) {
                        pending.push((element, is_seen));
                        let facts = outside_alternatives(self.nodes[element.index()]);
                        if facts & NULLABLE == 0 {
                            break;
                        }
                        is_seen &= facts & SKIPPABLE != 0;
                    }
                    continue;
                }
                _ => continue,
            };
            match written {
                Written::Token => token |= is_seen,
                Written::Rule(rule) => self.calls.push(Call { rule, is_seen }),
                Written::Unknown => {}
            }
        }
        self.pending = pending;
        self.begins[number - self.first] = Begin { token, calls: (first, self.calls.len() as u32) };
    }

    /// Whether all rules begin with a token sooner or later, none with itself.
    fn all_begin(&self) -> bool {
        let calls = |number: usize| {
            let (first, end) = self.begins[number].calls;
            &self.calls[first as usize..end as usize]
        };
        let mut open = vec![0_u32; self.begins.len()];
        (0..open.len()).flat_map(calls).for_each(|call| open[call.rule as usize] += 1);
        // Callers before those that they call. Rules on a circle, and what it leads to, are missing.
        let mut order: Vec<usize> = (0..open.len()).filter(|&number| open[number] == 0).collect();
        let mut next = 0;
        while let Some(&number) = order.get(next) {
            next += 1;
            for call in calls(number) {
                open[call.rule as usize] -= 1;
                if open[call.rule as usize] == 0 {
                    order.push(call.rule as usize);
                }
            }
        }
        let mut begins = vec![false; self.begins.len()];
        for &number in order.iter().rev() {
            let token = self.begins[number].token;
            begins[number] = token || calls(number).iter().any(|call| call.is_seen && begins[call.rule as usize]);
        }
        begins.into_iter().all(|begins| begins)
    }
}

/// What a node is outside of alternatives: there, a guard makes a choice between a group and nothing.
fn outside_alternatives(facts: Facts) -> Facts {
    match facts & (GUARDED | BLANK) {
        GUARDED => NULLABLE | facts & (SKIPPABLE | STARTING),
        0 | BLANK => facts,
        _ => NULLABLE | facts & STARTING,
    }
}

/// Whether a rule has no more of anything than Chevrotain can number.
fn is_short(item: Item<'_>) -> bool {
    let [mut tokens, mut calls, mut choices, mut optional, mut repeated] = [0; 5];
    let mut longest_choice = 0;
    for node in item.nodes {
        match node.kind {
            Kind::Keyword { .. } | Kind::EndOfFile => tokens += 1,
            // Which of both it is does not matter here: few rules come close to the limit.
            Kind::RuleCall { .. } | Kind::CrossReference { terminal: None, .. } => {
                calls += 1;
                tokens += 1;
            }
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } => {
                choices += 1;
                repeated += usize::from(matches!(node.kind, Kind::UnorderedGroup { .. }));
                longest_choice = longest_choice.max(item.ids(elements).len());
            }
            Kind::Group { guard: Some(_), .. } => choices += 1,
            _ => {}
        }
        match node.cardinality() {
            Cardinality::One => {}
            Cardinality::Optional => optional += 1,
            Cardinality::Many | Cardinality::OneOrMore => repeated += 1,
        }
    }
    [tokens, calls, choices, optional, repeated, longest_choice].into_iter().all(|count| count <= MOST_OF_A_KIND)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::language;
    use crate::text::FileId;

    #[test]
    fn rules_judged_in_pieces_are_those_judged_at_once() {
        // The rules of a grammar, and whether a parser of it certainly can be made.
        let grammars = [
            ("entry A: 'a' b=B c=C?; B: 'b' a=A?; C: d=D; D: 'd';", true),
            // What can be nothing, behind and before those that call it, over several rules.
            ("E: F? e='e'?; entry A: 'a' (b=B | 'x'); B: c=C d=D; C: {C} c='c'?; D: c=C 'd' e=E; F: 'f';", true),
            ("F: e=E; E: d=D; D: {D} d='d'?; entry A: 'a' f=F (g=G)*; G: f=F 'g';", true),
            // Repeats what can be nothing, which only shows when the last rule is known.
            ("entry A: 'a' b+=B*; B: c=C; C: d=D; D: {D} d='d'?;", false),
            ("D: {D} d='d'?; C: d=D; B: c=C; entry A: 'a' b+=B*;", false),
            // Calls itself first, at once, over others, and behind what can be nothing.
            ("entry A: a=A 'a' | 'b';", false),
            ("entry A: b=B; B: c=C 'b'; C: a=A | 'c';", false),
            ("N: {N} n='n'?; entry A: 'a' b=B; B: n=N b=C; C: b=B 'c' | 'd';", false),
        ];
        for (rules, is_certain) in grammars {
            let text = format!("grammar G {rules}");
            let sources = Sources::in_memory([("g.langium", &*text)]);
            let language = language::of_file(&sources, FileId(0));
            let reachable = &language.words(&sources).reachable;
            let proof = |piece| proof_in_pieces(&sources, &language, reachable, piece, Workers::alone());
            let at_once = proof(usize::MAX / 2);
            assert_eq!(at_once.is_some(), is_certain, "{rules}");
            (1..6).for_each(|piece| assert_eq!(proof(piece), at_once, "{rules} in pieces of {piece}"));
        }
    }
}

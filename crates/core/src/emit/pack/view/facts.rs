//! What the view has to know about the whole of a grammar before a template asks for a part of it: who calls whom, which
//! keywords there are, which rules make which types. One walk over the nodes.

use std::ops::Range;

use crate::emit::Input;
use crate::model::{Language, RuleFacts, RuleKind, Sources, reachable_rules};
use crate::text::Name;
use crate::tree::Kind;

/// Facts about one grammar. Rules are indices into [`Language::rules`].
pub(super) struct GrammarFacts {
    pub(super) facts: RuleFacts,
    /// Whether the parser can get to each rule; terminals that only other terminals use count too.
    pub(super) reachable: Vec<bool>,
    /// Parser and infix rules.
    pub(super) rules: Vec<u32>,
    /// Terminal rules.
    pub(super) terminals: Vec<u32>,
    /// Of each rule: what it calls, each once, in order; terminals apart.
    pub(super) calls: RuleLists,
    pub(super) called_terminals: RuleLists,
    /// Of each rule: the rules that call it, in the order of the grammar. Terminals that do are left out.
    pub(super) callers: RuleLists,
    /// Each keyword with the rules that have it, in order of appearance.
    pub(super) keywords: Vec<(Name, Vec<u32>)>,
}

impl GrammarFacts {
    pub(super) fn new(sources: &Sources, language: &Language) -> GrammarFacts {
        let facts = RuleFacts::new(sources, language);
        let (mut rules, mut terminals) = (Vec::new(), Vec::new());
        let (mut calls, mut called_terminals) = (RuleLists::new(), RuleLists::new());
        let mut keywords: Vec<(Name, Vec<u32>)> = Vec::new();
        let mut slots: Vec<Option<u32>> = vec![None; sources.names.len()];
        // The last rule that called each rule.
        let mut last_callers: Vec<Option<u32>> = vec![None; language.rules.len()];
        for (rule, element) in (0..).zip(&language.rules) {
            let is_terminal = facts.kind(rule) == RuleKind::Terminal;
            if is_terminal {
                terminals.push(rule)
            } else {
                rules.push(rule)
            }
            for node in element.item(sources).nodes {
                let called = match node.kind {
                    Kind::RuleCall { rule: called, .. } => language.rule(called),
                    Kind::TerminalRuleCall { rule: called } => language.terminal(called),
                    Kind::Keyword { value, .. } if !is_terminal => {
                        let slot = *slots[value.index()].get_or_insert_with(|| {
                            keywords.push((value, Vec::new()));
                            keywords.len() as u32 - 1
                        });
                        let users = &mut keywords[slot as usize].1;
                        if users.last() != Some(&rule) {
                            users.push(rule);
                        }
                        None
                    }
                    _ => None,
                };
                if let Some(called) = called
                    && last_callers[called as usize].replace(rule) != Some(rule)
                {
                    let is_terminal = facts.kind(called) == RuleKind::Terminal;
                    if is_terminal { &mut called_terminals } else { &mut calls }.items.push(called);
                }
            }
            calls.end_list();
            called_terminals.end_list();
        }
        let callers = RuleLists::inverted(&rules, &[&calls, &called_terminals]);
        let reachable = reachable_rules(sources, language, true);
        GrammarFacts { facts, reachable, rules, terminals, calls, called_terminals, callers, keywords }
    }
}

/// A list of rules for each rule, one behind the other.
pub(super) struct RuleLists {
    items: Vec<u32>,
    /// Where each list ends; before that, where the first one begins.
    borders: Vec<u32>,
}

impl RuleLists {
    fn new() -> RuleLists {
        RuleLists { items: Vec::new(), borders: vec![0] }
    }

    fn end_list(&mut self) {
        self.borders.push(self.items.len() as u32);
    }

    /// The list of a rule.
    pub(super) fn of(&self, rule: u32) -> &[u32] {
        let rule = rule as usize;
        &self.items[self.borders[rule] as usize..self.borders[rule + 1] as usize]
    }

    /// Of each rule, those among `callers` that have it in one of their lists.
    fn inverted(callers: &[u32], all: &[&RuleLists]) -> RuleLists {
        let pairs = || {
            let of = |caller| all.iter().flat_map(move |lists| lists.of(caller)).map(move |&called| (called as usize, caller));
            callers.iter().flat_map(move |&caller| of(caller))
        };
        let mut places = vec![0; all[0].borders.len()];
        pairs().for_each(|(called, _)| places[called + 1] += 1);
        (1..places.len()).for_each(|rule| places[rule] += places[rule - 1]);
        let mut inverted = RuleLists { items: vec![0; pairs().count()], borders: places.clone() };
        for (called, caller) in pairs() {
            inverted.items[places[called] as usize] = caller;
            places[called] += 1;
        }
        inverted
    }
}

/// Which rules make which types: a type's name, the grammar and the rule; sorted, each once.
pub(super) struct Makers(Vec<(Name, u32, u32)>);

impl Makers {
    pub(super) fn new(input: Input<'_>, grammars: &[GrammarFacts]) -> Makers {
        let mut makers = Vec::new();
        for ((grammar, language), facts) in (0..).zip(&input.model.languages).zip(grammars) {
            for &rule in &facts.rules {
                if matches!(facts.facts.kind(rule), RuleKind::Parser | RuleKind::Infix | RuleKind::DataType) {
                    makers.push((facts.facts.type_name(rule), grammar, rule));
                }
                for node in language.rule_item(input.sources, rule).nodes {
                    match node.kind {
                        Kind::Action { ty, .. } => makers.push((ty, grammar, rule)),
                        Kind::InferredType { name } => makers.push((name, grammar, rule)),
                        _ => {}
                    }
                }
            }
        }
        makers.sort_unstable();
        makers.dedup();
        Makers(makers)
    }

    /// Where those are that make the type called `name`: of one grammar, or of all.
    pub(super) fn range(&self, name: Name, grammar: Option<u32>) -> Range<usize> {
        let place = |&(other, in_grammar, _): &(Name, u32, u32)| (other, grammar.map_or(0, |_| in_grammar));
        let wanted = (name, grammar.unwrap_or(0));
        let start = self.0.partition_point(|maker| place(maker) < wanted);
        let count = self.0[start..].iter().take_while(|maker| place(maker) == wanted).count();
        start..start + count
    }

    /// The grammar and the rule at `index`.
    pub(super) fn at(&self, index: usize) -> (u32, u32) {
        let (_, grammar, rule) = self.0[index];
        (grammar, rule)
    }
}

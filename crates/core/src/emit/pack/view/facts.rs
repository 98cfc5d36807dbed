//! What the view has to know about the whole of a grammar before a template asks for a part of it: who calls whom, which
//! keywords there are, which rules make which types. One walk over the nodes.

use crate::emit::Input;
use crate::model::{Language, RuleFacts, RuleKind, Sources, reachable_rules};
use crate::text::Name;
use crate::tree::{DeclarationKind, Kind};

/// Facts about one grammar. Rules are indices into [`Language::rules`].
pub(super) struct GrammarFacts {
    pub(super) facts: RuleFacts,
    /// Whether the parser can get to each rule; terminals that only other terminals use count too.
    pub(super) reachable: Vec<bool>,
    /// Parser and infix rules.
    pub(super) rules: Vec<u32>,
    /// Terminal rules.
    pub(super) terminals: Vec<u32>,
    /// A called rule and its caller; sorted, each pair once.
    calls: Vec<(u32, u32)>,
    /// Each keyword with the rules that have it, in order of appearance.
    pub(super) keywords: Vec<(Name, Vec<u32>)>,
}

impl GrammarFacts {
    pub(super) fn new(sources: &Sources, language: &Language) -> GrammarFacts {
        let (mut rules, mut terminals, mut calls) = (Vec::new(), Vec::new(), Vec::new());
        let mut keywords: Vec<(Name, Vec<u32>)> = Vec::new();
        let mut slots: Vec<Option<u32>> = vec![None; sources.names.len()];
        for (rule, element) in (0..).zip(&language.rules) {
            let item = element.item(sources);
            let is_terminal = matches!(item.declaration.kind, DeclarationKind::TerminalRule { .. });
            if is_terminal {
                terminals.push(rule)
            } else {
                rules.push(rule)
            }
            for node in item.nodes {
                match node.kind {
                    Kind::RuleCall { rule: called, .. } => calls.extend(language.rule(called).map(|called| (called, rule))),
                    Kind::TerminalRuleCall { rule: called } => {
                        calls.extend(language.terminal(called).map(|called| (called, rule)));
                    }
                    Kind::Keyword { value, .. } if !is_terminal => {
                        let slot = *slots[value.index()].get_or_insert_with(|| {
                            keywords.push((value, Vec::new()));
                            keywords.len() as u32 - 1
                        });
                        let users = &mut keywords[slot as usize].1;
                        if users.last() != Some(&rule) {
                            users.push(rule);
                        }
                    }
                    _ => {}
                }
            }
        }
        calls.sort_unstable();
        calls.dedup();
        let reachable = reachable_rules(sources, language, true);
        GrammarFacts { facts: RuleFacts::new(sources, language), reachable, rules, terminals, calls, keywords }
    }

    /// The rules that call `rule`, in the order of the grammar.
    pub(super) fn callers(&self, rule: u32) -> impl Iterator<Item = u32> + '_ {
        let first = self.calls.partition_point(|&(called, _)| called < rule);
        self.calls[first..].iter().take_while(move |&&(called, _)| called == rule).map(|&(_, caller)| caller)
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

    /// The grammars and rules that make the type called `name`.
    pub(super) fn of(&self, name: Name) -> impl Iterator<Item = (u32, u32)> + '_ {
        let first = self.0.partition_point(|&(other, ..)| other < name);
        self.0[first..].iter().take_while(move |&&(other, ..)| other == name).map(|&(_, grammar, rule)| (grammar, rule))
    }
}

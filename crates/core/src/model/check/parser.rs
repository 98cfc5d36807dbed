//! Grammars that Chevrotain, with which Langium parses, makes no parser of (`validateGrammar` and `validateLookahead` in its
//! `checks.js`, and what it throws or runs out of stack at on the way). It says no place; here there is one, and a message of
//! ours.

use super::LanguageContext;
use super::graph::circles;
use super::lookahead::{Ambiguity, Explorer, Stop, ambiguity};
use super::productions::{ProductionId, Productions, Reason, Shape, Unparsable};
use crate::model::language::Element;
use crate::model::sources::Sources;
use crate::text::{Code, Problem, Severity, Span};
use crate::tree::{DeclarationKind, Kind, NodeId};

/// Chevrotain numbers what it calls in a rule, each kind from 1, in one byte (`MAX_METHOD_IDX` in its `gast_recorder.js`).
pub(super) const MOST_OF_A_KIND: usize = 255;

/// All of it. What comes later relies on what comes before.
pub(super) fn definition(context: LanguageContext<'_>, problems: &mut Vec<Problem>) {
    let LanguageContext { config, language, is_parsable, .. } = context;
    if !is_parsable || cfg!(debug_assertions) {
        let known = problems.len();
        look_closely(context, config.lookahead(language.config), problems);
        debug_assert!(!is_parsable || problems.len() == known, "no proof: {:?}", &problems[known..]);
    }
}

fn look_closely(context: LanguageContext<'_>, lookahead: Option<usize>, problems: &mut Vec<Problem>) {
    let LanguageContext { sources, language, .. } = context;
    let (productions, unparsable) = Productions::new(sources, language);
    let mut finder = Finder { sources, productions: &productions, problems };
    finder.unparsable(&unparsable);
    if finder.problems.is_empty() {
        finder.long_rules();
    }
    if finder.problems.is_empty() {
        finder.many_alternatives();
        finder.left_recursion();
    }
    if finder.problems.is_empty() {
        let skippable = productions.nullable(false);
        finder.idle_repetitions(&skippable);
        match lookahead {
            None => finder.endless_repetitions(&skippable),
            Some(tokens) => {
                finder.empty_alternatives();
                finder.fixed_lookahead(tokens, &skippable);
            }
        }
    }
}

struct Finder<'a, 'p> {
    sources: &'a Sources,
    productions: &'a Productions,
    problems: &'p mut Vec<Problem>,
}

impl Finder<'_, '_> {
    fn report(&mut self, code: Code, element: Element, span: Span, message: String, hint: &str) {
        let span = span.shifted(element.item(self.sources).declaration.region.start);
        self.problems.push(Problem::new(Severity::Error, code, element.file, span, message).with_hint(hint));
    }

    fn report_node(&mut self, code: Code, element: Element, node: NodeId, message: String, hint: &str) {
        let item = element.item(self.sources);
        self.report(code, element, item.span(item.node(node)), message, hint);
    }

    fn report_rule(&mut self, code: Code, rule: usize, message: String, hint: &str) {
        let element = self.productions.rules[rule].element;
        self.report(code, element, element.item(self.sources).declaration.name_span, message, hint);
    }

    fn name(&self, rule: usize) -> &str {
        let kind = self.productions.rules[rule].element.item(self.sources).declaration.kind;
        kind.name().map_or("", |name| self.sources.names.get(name))
    }

    fn unparsable(&mut self, found: &[Unparsable]) {
        for &Unparsable { element, node, reason } in found {
            let ty = match element.item(self.sources).node(node).kind {
                Kind::CrossReference { ty: name, .. } | Kind::RuleCall { rule: name, .. } => self.sources.names.get(name),
                _ => "",
            };
            let (message, hint) = match reason {
                Reason::NoSimpleName => (
                    format!(
                        "How names of '{ty}' are written cannot be told from its rule: they are not one terminal or keyword."
                    ),
                    "write the terminal after a colon: '[Type:ID]'",
                ),
                Reason::Unreachable => (
                    format!("Names of '{ty}' are written as something that no rule the parser gets to uses."),
                    "use the rule, or write another terminal after a colon: '[Type:ID]'",
                ),
                Reason::InfixOnTerminal => (
                    format!("An infix rule combines objects, but '{ty}' is a terminal."),
                    "write a parser rule with the terminal, and call that",
                ),
            };
            self.report_node(Code::UnparsableReference, element, node, message, hint);
        }
    }

    fn long_rules(&mut self) {
        for rule in 0..self.productions.rules.len() {
            let is_infix = matches!(
                self.productions.rules[rule].element.item(self.sources).declaration.kind,
                DeclarationKind::InfixRule { .. }
            );
            // An infix rule numbers only its operators, from 0.
            let most = if is_infix { MOST_OF_A_KIND + 1 } else { MOST_OF_A_KIND };
            let mut counts = [0_usize; 5];
            for id in self.productions.of_rule(rule) {
                match self.productions.shape(id) {
                    Shape::Terminal(_) => counts[0] += 1,
                    Shape::Call(_) => counts[1] += 1,
                    Shape::Choice => counts[2] += 1,
                    Shape::Optional => counts[3] += 1,
                    Shape::Many | Shape::AtLeastOne => counts[4] += 1,
                    Shape::Sequence => {}
                }
            }
            let kinds = ["keywords and terminals", "rule calls", "alternatives", "optional elements", "repetitions"];
            for (count, kind) in counts.into_iter().zip(kinds).filter(|&(count, _)| count > most) {
                let message =
                    format!("Rule '{}' has {count} {kind}; a parser can tell {most} in one rule apart.", self.name(rule));
                self.report_rule(Code::LongRule, rule, message, "move a part of it into a rule of its own");
            }
        }
    }

    /// `validateTooManyAlts`
    fn many_alternatives(&mut self) {
        for id in self.productions.all().filter(|&id| self.productions.shape(id) == Shape::Choice) {
            let count = self.productions.parts(id).len();
            if count > MOST_OF_A_KIND {
                let rule = self.productions.rule_of(id);
                let message =
                    format!("{count} alternatives in rule '{}' are more than the {MOST_OF_A_KIND} of a parser.", self.name(rule));
                let element = self.productions.rules[rule].element;
                self.report_node(
                    Code::TooManyAlternatives,
                    element,
                    self.productions.node(id),
                    message,
                    "move some of them into a rule of their own",
                );
            }
        }
    }

    /// `validateNoLeftRecursion`. Chevrotain reports each rule of a circle and each way around it; here a circle has one
    /// problem, at the first of its rules.
    fn left_recursion(&mut self) {
        let nullable = self.productions.nullable(true);
        let calls: Vec<Vec<u32>> = self.productions.rules.iter().map(|rule| self.first_calls(rule.root, &nullable)).collect();
        for circle in circles(&calls) {
            let first = circle[0] as usize;
            let mut path: Vec<&str> = circle.iter().map(|&rule| self.name(rule as usize)).collect();
            path.push(self.name(first));
            let message = format!("Rule '{}' calls itself before it consumes any input: {}.", path[0], path.join(" -> "));
            self.report_rule(Code::LeftRecursion, first, message, "write the repetition with '*' or '+' instead of recursion");
        }
    }

    /// The rules that a production calls before it consumes anything (`getFirstNoneTerminal`).
    fn first_calls(&self, root: ProductionId, nullable: &[bool]) -> Vec<u32> {
        let mut calls = Vec::new();
        let mut pending = vec![root];
        while let Some(id) = pending.pop() {
            match self.productions.shape(id) {
                Shape::Call(rule) => calls.push(rule),
                _ => pending.extend(self.productions.seen_parts(id, nullable).iter().rev()),
            }
        }
        calls
    }

    /// `validateSomeNonEmptyLookaheadPath`
    fn idle_repetitions(&mut self, skippable: &[bool]) {
        let productions = self.productions;
        let starting = productions.starting(skippable);
        for id in productions.all().filter(|&id| productions.shape(id).is_repetition() && !starting[id as usize]) {
            let rule = productions.rule_of(id);
            let message = format!("What is repeated in rule '{}' never consumes any input.", self.name(rule));
            self.report_repetition(id, message);
        }
    }

    /// Repetitions of what may match nothing, where the parser has to look ahead past them: there Chevrotain runs out of
    /// stack (`possiblePathsFrom`). Where it need not look, it accepts them.
    fn endless_repetitions(&mut self, skippable: &[bool]) {
        let productions = self.productions;
        let is_endless = |id: ProductionId| {
            let is_skippable = |part: &ProductionId| skippable[*part as usize];
            productions.shape(id).is_repetition() && productions.parts(id).iter().all(is_skippable)
        };
        let suspects: Vec<ProductionId> = productions.all().filter(|&id| is_endless(id)).collect();
        if suspects.is_empty() {
            return;
        }
        let seen = looked_at(productions, skippable);
        let count = self.problems.len();
        suspects.into_iter().filter(|&id| seen[id as usize]).for_each(|id| self.report_endless(id));
        if self.problems.len() > count {
            return;
        }
        // Of repetitions, it looks at so many tokens.
        const TOKENS: usize = 3;
        let mut explorer = Explorer::new(productions, skippable);
        for id in productions.all().filter(|&id| productions.shape(id).is_repetition()) {
            match explorer.around(id, TOKENS) {
                Ok(_) => {}
                Err(Stop::Endless(endless)) => return self.report_endless(endless),
                Err(Stop::TooMuch) => return,
            }
        }
    }

    fn report_endless(&mut self, id: ProductionId) {
        let rule = self.productions.rule_of(id);
        let message =
            format!("What is repeated in rule '{}' may match nothing, so the repetition may never end.", self.name(rule));
        self.report_repetition(id, message);
    }

    /// `validateEmptyOrAlternative`: with a fixed lookahead, only the last alternative may match nothing.
    fn empty_alternatives(&mut self) {
        let productions = self.productions;
        let starting = productions.starting(&productions.nullable(true));
        for id in productions.all().filter(|&id| productions.shape(id) == Shape::Choice) {
            let parts = productions.parts(id);
            if let Some(position) = parts[..parts.len() - 1].iter().position(|&part| !starting[part as usize]) {
                let rule = productions.rule_of(id);
                let name = self.name(rule);
                let message = format!("Alternative {} of rule '{name}' matches nothing, but is not the last one.", position + 1);
                let element = productions.rules[rule].element;
                let node = productions.node(parts[position]);
                self.report_node(Code::AmbiguousAlternatives, element, node, message, "move it behind the others");
            }
        }
    }

    /// `validateAmbiguousAlternationAlternatives`: what a parser that looks `tokens` ahead cannot tell apart.
    fn fixed_lookahead(&mut self, tokens: usize, skippable: &[bool]) {
        let productions = self.productions;
        let mut explorer = Explorer::new(productions, skippable);
        for id in productions.all() {
            let found = match productions.shape(id) {
                Shape::Choice => explorer.alternatives(productions.parts(id), tokens),
                Shape::Optional | Shape::Many | Shape::AtLeastOne => explorer.around(id, tokens).map(|()| Vec::new()),
                Shape::Terminal(_) | Shape::Call(_) | Shape::Sequence => continue,
            };
            match found {
                Ok(paths) => {
                    if let Some(ambiguity) = ambiguity(productions, id, &paths) {
                        self.report_ambiguity(id, tokens, &ambiguity);
                    }
                }
                Err(Stop::Endless(endless)) => return self.report_endless(endless),
                Err(Stop::TooMuch) => return,
            }
        }
    }

    fn report_ambiguity(&mut self, id: ProductionId, tokens: usize, Ambiguity { one, other, path }: &Ambiguity) {
        let rule = self.productions.rule_of(id);
        let words: Vec<&str> = path.iter().map(|token| token.map_or("EOF", |name| self.sources.names.get(name))).collect();
        let begin = match &words[..] {
            [] => "can match nothing".to_owned(),
            words => format!("can begin with '{}'", words.join(" ")),
        };
        let message = format!(
            "Alternatives {} and {} in rule '{}' {begin}: a lookahead of {tokens} does not tell them apart.",
            one + 1,
            other + 1,
            self.name(rule)
        );
        let hint = "without 'maxLookahead' in the configuration the parser looks ahead as far as it has to";
        let element = self.productions.rules[rule].element;
        self.report_node(Code::AmbiguousAlternatives, element, self.productions.node(id), message, hint);
    }

    fn report_repetition(&mut self, id: ProductionId, message: String) {
        let element = self.productions.rules[self.productions.rule_of(id)].element;
        let hint = "repeat something that always consumes input, or make it optional instead";
        self.report_node(Code::EmptyRepetition, element, self.productions.node(id), message, hint);
    }
}

/// The productions that are looked at before anything is consumed, wherever the parser has to decide: at the start of each
/// alternative, and in and behind whatever is optional or repeated.
fn looked_at(productions: &Productions, skippable: &[bool]) -> Vec<bool> {
    let mut seen = vec![false; productions.len()];
    let mut pending: Vec<ProductionId> = Vec::new();
    let mut behind: Vec<ProductionId> = Vec::new();
    for id in productions.all() {
        match productions.shape(id) {
            Shape::Choice => pending.extend(productions.parts(id)),
            Shape::Optional | Shape::Many | Shape::AtLeastOne => {
                pending.extend(productions.seen_parts(id, skippable));
                behind.push(id);
            }
            Shape::Terminal(_) | Shape::Call(_) | Shape::Sequence => {}
        }
    }
    let mut seen_behind = vec![false; productions.len()];
    while let Some(id) = behind.pop() {
        if std::mem::replace(&mut seen_behind[id as usize], true) {
            continue;
        }
        // Behind the last part of a whole is what is behind the whole, to the end of the rule.
        let Some((whole, position)) = productions.whole(id) else { continue };
        let next = match productions.shape(whole) {
            Shape::Choice => None,
            _ => productions.parts(whole).get(position + 1),
        };
        match next {
            None => behind.push(whole),
            Some(&next) => {
                pending.push(next);
                if skippable[next as usize] {
                    behind.push(next);
                }
            }
        }
    }
    while let Some(id) = pending.pop() {
        if !std::mem::replace(&mut seen[id as usize], true) {
            match productions.shape(id) {
                Shape::Call(rule) => pending.push(productions.rules[rule as usize].root),
                _ => pending.extend(productions.seen_parts(id, skippable)),
            }
        }
    }
    seen
}

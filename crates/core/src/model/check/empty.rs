//! Rules that match nothing at all, or themselves before anything else.

use super::project::Declared;
use crate::model::links::{DeclarationId, Links};
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Item, Kind, List, NodeId};

/// What a rule consumes at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Consumes {
    Something,
    Nothing,
    /// To know it, one has to know it: the rule begins with itself.
    Itself,
}

/// `checkEmptyParserRule`. (Where a rule begins with itself, Langium runs out of stack and prints that as an error.)
pub(super) fn parser_rule(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { entry: false, fragment: false, .. } = rule.kind() else { return };
    match rule.project().consumes(rule.id) {
        Consumes::Something => {}
        Consumes::Nothing => {
            let message = "This parser rule potentially consumes no input.";
            problems.push(rule.warning(Code::EmptyRule, rule.name_place(), message));
        }
        Consumes::Itself => {
            let message = format!("Rule '{}' calls itself before it consumes any input.", rule.name());
            let problem = rule.error(Code::LeftRecursion, rule.name_place(), message);
            problems.push(problem.with_hint("write the repetition with '*' or '+' instead of recursion"));
        }
    }
}

/// What each rule consumes, by declaration; only parser rules are looked at.
pub(super) fn find(links: &Links<'_>) -> Vec<Consumes> {
    let mut finder = Finder { links, states: vec![State::New; links.len()], waiting: Vec::new() };
    for rule in links.all() {
        if let (State::New, DeclarationKind::ParserRule { definition, .. }) = (finder.states[rule.index()], links.kind(rule)) {
            if finder.begins_plainly(rule, definition) {
                finder.states[rule.index()] = State::Found(Consumes::Something);
            } else {
                finder.rule(rule, definition);
            }
        }
    }
    let found = finder.states.into_iter().map(|state| match state {
        State::Found(found) => found,
        State::New | State::Open => Consumes::Something,
    });
    found.collect()
}

#[derive(Clone, Copy)]
enum State {
    New,
    /// It depends on itself, if somebody asks for it now.
    Open,
    Found(Consumes),
}

/// Something that waits for what a part of it consumes.
enum Waiting {
    Rule(DeclarationId),
    /// A group or alternatives of a rule: the first element with a result that decides ends the search.
    List {
        rule: DeclarationId,
        elements: List,
        /// How many of the elements have been looked at.
        seen: usize,
        decisive: Consumes,
    },
}

struct Finder<'a> {
    links: &'a Links<'a>,
    states: Vec<State>,
    /// Empty between two searches.
    waiting: Vec<Waiting>,
}

impl<'a> Finder<'a> {
    /// Finds the result of `root` and of all that it depends on, each once. Keeps its own stack: rules may call each other
    /// deeper than the thread's stack is.
    fn rule(&mut self, root: DeclarationId, definition: NodeId) {
        self.states[root.index()] = State::Open;
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.push(Waiting::Rule(root));
        let mut next = Some((root, definition));
        let mut found = None;
        loop {
            if let Some((rule, id)) = next.take() {
                match self.element(rule, self.links.item(rule), id) {
                    Step::Found(consumes) => found = Some(consumes),
                    Step::List(list) => waiting.push(list),
                    Step::Call(called, definition) => match self.states[called.index()] {
                        State::Found(consumes) => found = Some(consumes),
                        State::New => {
                            self.states[called.index()] = State::Open;
                            waiting.push(Waiting::Rule(called));
                            next = Some((called, definition));
                            continue;
                        }
                        // Whoever waits for a rule that waits for itself runs into the same circle.
                        State::Open => {
                            for waiting in waiting.drain(..) {
                                if let Waiting::Rule(rule) = waiting {
                                    self.states[rule.index()] = State::Found(Consumes::Itself);
                                }
                            }
                            self.waiting = waiting;
                            return;
                        }
                    },
                }
            }
            match waiting.last_mut() {
                None => {
                    self.waiting = waiting;
                    return;
                }
                Some(Waiting::Rule(rule)) => {
                    self.states[rule.index()] = State::Found(found.unwrap_or(Consumes::Something));
                    waiting.pop();
                }
                Some(Waiting::List { rule, elements, seen, decisive }) => {
                    let is_decided = found.is_some_and(|found| found == *decisive || found == Consumes::Itself);
                    if is_decided {
                        waiting.pop();
                    } else if let Some(element) = self.links.item(*rule).id_at(*elements, *seen) {
                        *seen += 1;
                        found = None;
                        next = Some((*rule, element));
                    } else {
                        let decisive = *decisive;
                        found = Some(if decisive == Consumes::Something { Consumes::Nothing } else { Consumes::Something });
                        waiting.pop();
                    }
                }
            }
        }
    }

    /// Whether a rule begins with a keyword or an assignment that has to be there, as most rules do.
    fn begins_plainly(&self, rule: DeclarationId, definition: NodeId) -> bool {
        let item = self.links.item(rule);
        let is_plain = |id: NodeId| {
            let node = item.node(id);
            matches!(node.kind, Kind::Keyword { .. } | Kind::Assignment { .. }) && !node.cardinality().is_optional()
        };
        let node = item.node(definition);
        match node.kind {
            Kind::Group { elements, .. } => !node.cardinality().is_optional() && item.ids(elements).next().is_some_and(is_plain),
            _ => is_plain(definition),
        }
    }

    fn element(&self, rule: DeclarationId, item: Item<'a>, id: NodeId) -> Step {
        let node = item.node(id);
        if node.cardinality().is_optional() {
            return Step::Found(Consumes::Nothing);
        }
        let list = |elements, decisive| Step::List(Waiting::List { rule, elements, seen: 0, decisive });
        match node.kind {
            Kind::Action { .. } | Kind::InferringAction { .. } | Kind::UnorderedGroup { .. } => Step::Found(Consumes::Nothing),
            Kind::Group { elements, .. } => list(elements, Consumes::Something),
            Kind::Alternatives { elements } => list(elements, Consumes::Nothing),
            Kind::RuleCall { .. } => match self.links.called(rule, id).map(|called| (called, self.links.kind(called))) {
                Some((called, DeclarationKind::ParserRule { definition, .. })) => Step::Call(called, definition),
                // Of a terminal, Langium looks only at what its whole definition is followed by.
                Some((called, DeclarationKind::TerminalRule { definition, .. }))
                    if self.links.item(called).node(definition).cardinality().is_optional() =>
                {
                    Step::Found(Consumes::Nothing)
                }
                _ => Step::Found(Consumes::Something),
            },
            _ => Step::Found(Consumes::Something),
        }
    }
}

enum Step {
    Found(Consumes),
    List(Waiting),
    Call(DeclarationId, NodeId),
}

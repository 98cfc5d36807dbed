//! Rules that match nothing at all, or themselves before anything else.

use super::project::Declared;
use crate::model::links::{DeclarationId, Links};
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Item, Kind, NodeId};

/// What a rule consumes at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    let mut finder = Finder { links, found: vec![None; links.len()] };
    for rule in links.all() {
        finder.rule(rule);
    }
    finder.found.into_iter().map(|found| found.unwrap_or(Consumes::Something)).collect()
}

struct Finder<'a> {
    links: &'a Links<'a>,
    found: Vec<Option<Consumes>>,
}

/// A rule whose result is not known yet.
struct Unknown(DeclarationId);

impl Finder<'_> {
    /// Finds the result of `root` and of all that it depends on. Keeps its own stack: rules may call each other deeper
    /// than the thread's stack is.
    fn rule(&mut self, root: DeclarationId) {
        let mut open = vec![root];
        while let Some(&rule) = open.last() {
            let result = match (self.found[rule.index()], self.links.kind(rule)) {
                (Some(found), _) => Ok(found),
                (None, DeclarationKind::ParserRule { definition, .. }) => self.element(rule, self.links.item(rule), definition),
                (None, _) => Ok(Consumes::Something),
            };
            match result {
                Ok(found) => {
                    self.found[rule.index()] = Some(found);
                    open.pop();
                }
                Err(Unknown(called)) => match open.iter().position(|&other| other == called) {
                    // Whoever waits for a rule that waits for itself runs into the same circle.
                    Some(_) => {
                        for waiting in open.drain(..) {
                            self.found[waiting.index()] = Some(Consumes::Itself);
                        }
                    }
                    None => open.push(called),
                },
            }
        }
    }

    fn element(&self, rule: DeclarationId, item: Item<'_>, id: NodeId) -> Result<Consumes, Unknown> {
        let node = item.node(id);
        if node.cardinality.is_optional() {
            return Ok(Consumes::Nothing);
        }
        match node.kind {
            Kind::Action { .. } | Kind::InferringAction { .. } | Kind::UnorderedGroup { .. } => Ok(Consumes::Nothing),
            Kind::Group { elements, .. } => self.first(rule, item, elements, Consumes::Something),
            Kind::Alternatives { elements } => self.first(rule, item, elements, Consumes::Nothing),
            Kind::RuleCall { .. } => match self.links.called(rule, id) {
                Some(called) if matches!(self.links.kind(called), DeclarationKind::ParserRule { .. }) => {
                    self.found[called.index()].ok_or(Unknown(called))
                }
                _ => Ok(Consumes::Something),
            },
            _ => Ok(Consumes::Something),
        }
    }

    /// The first result that decides: `decisive`, or an endless search.
    fn first(
        &self,
        rule: DeclarationId,
        item: Item<'_>,
        elements: crate::tree::List,
        decisive: Consumes,
    ) -> Result<Consumes, Unknown> {
        for element in item.ids(elements) {
            let found = self.element(rule, item, element)?;
            if found == decisive || found == Consumes::Itself {
                return Ok(found);
            }
        }
        Ok(if decisive == Consumes::Something { Consumes::Nothing } else { Consumes::Something })
    }
}

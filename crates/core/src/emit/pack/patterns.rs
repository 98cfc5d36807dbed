//! The short templates in the manifest of a pack: where an output goes, and whether there is one.

use std::cell::Cell;

use super::assembly::Pack;
use super::manifest::Pattern;
use super::plan::{PackProblem, manifest_problem};
use super::subject::Subject;
use super::{Arena, Dialect, Limits, Options, Problem, ProjectView, Spent, Template, Templates, View, Watch, compile, render};
use crate::emit::{Sink, sink};
use crate::text::Span;

/// The short templates of an output, compiled.
pub(super) struct Patterns<'p> {
    pack: &'p Pack,
    layer: usize,
    path: (Template, &'p Pattern),
    when: Option<(Template, &'p Pattern)>,
}

impl<'p> Patterns<'p> {
    pub(super) fn new(
        pack: &'p Pack,
        layer: usize,
        path: &'p Pattern,
        when: Option<&'p Pattern>,
        view: &ProjectView<'_>,
    ) -> Result<Patterns<'p>, Box<PackProblem>> {
        // Paths are no HTML, whatever the pack writes.
        let dialect = Dialect { vocabulary: view.vocabulary(), ..Dialect::CODE };
        let compile = |pattern: &Pattern, text: &str| {
            compile("pack.toml", text, &dialect).map_err(|problems| {
                let first = problems.into_iter().next().map(|problem| (problem.message, problem.hint));
                let (message, hint) = first.unwrap_or_default();
                manifest_problem(pack, layer, pattern.span, message, hint)
            })
        };
        let condition = |pattern: &'p Pattern| {
            let text = format!("{{{{#if {}}}}}1{{{{/if}}}}", pattern.text);
            compile(pattern, &text).map(|template| (template, pattern))
        };
        let when = when.map(condition).transpose()?;
        Ok(Patterns { pack, layer, path: (compile(path, &path.text)?, path), when })
    }

    /// The path for what `subject` is about; none if there is to be no file.
    pub(super) fn path(
        &self,
        subject: &Subject<'_>,
        allowance: &Allowance,
        view: &ProjectView<'_>,
    ) -> Result<Option<String>, Box<PackProblem>> {
        let templates = Templates::new();
        let text_of = |(template, pattern): &(Template, &Pattern)| {
            let mut result = Ok(());
            let text = sink::whole(|sink| {
                result = run(template, &templates, subject, allowance.limits.of_pattern(), allowance, view, sink)
            });
            let result = result.and_then(|()| allowance.check(template));
            result
                .map(|()| text)
                .map_err(|problem| manifest_problem(self.pack, self.layer, pattern.span, problem.message, problem.hint))
        };
        if let Some(when) = &self.when
            && text_of(when)?.is_empty()
        {
            return Ok(None);
        }
        text_of(&self.path).map(|path| Some(path.trim().to_owned()))
    }
}

/// What all of these templates of a pack may take: as much as one that writes a file.
pub(super) struct Allowance {
    limits: Limits,
    spent: Cell<u64>,
}

impl Allowance {
    pub(super) fn new(limits: Limits) -> Allowance {
        Allowance { limits, spent: Cell::new(0) }
    }

    /// Makes sure that it suffices with what `template` took.
    fn check(&self, template: &Template) -> Result<(), Problem> {
        if self.spent.get() <= self.limits.steps {
            return Ok(());
        }
        let message = format!("the paths and conditions of a pack do more than {} steps together", self.limits.steps);
        Err(Problem::new(template.name(), template.source(), Span::new(0, 0), message, None))
    }
}

impl Watch for Allowance {
    fn spent(&self, spent: Spent) {
        self.spent.set(self.spent.get() + spent.steps);
    }
}

/// Renders a template into `sink`.
pub(super) fn run(
    template: &Template,
    templates: &Templates,
    subject: &Subject<'_>,
    limits: Limits,
    watch: &dyn Watch,
    view: &ProjectView<'_>,
    sink: &mut Sink<'_>,
) -> Result<(), Problem> {
    let arena = Arena::new();
    let root = subject.root(view, &arena);
    render(template, templates, view, root, &Options { limits, data: &[], watch }, sink)
}

//! Calls of partials.

use super::compile::BYTES_OF_STEP;
use super::problem::Call;
use super::program::{Expression, Partial, PartialName, Program, Template};
use super::render::{Renderer, Result, Stop, fail};
use super::scope::{Closure, Contexts, Data, Frame, Inlines, Scope, This};
use super::suggest::did_you_mean;
use super::value::{Key, Layered, Value, View};
use crate::text::LineIndex;

/// How many calls a problem tells of.
const MAX_CALLS: usize = 16;

/// What a partial's name leads to.
enum Target<'f> {
    Template(&'f Template),
    Inline(&'f Inlines<'f>, Program),
    Block(&'f Closure<'f>),
}

/// A call: of what, by whom, and what it is given.
struct Called<'c> {
    partial: &'c Partial,
    caller: &'c Scope<'c>,
    /// The context.
    this: &'c Value<'c>,
    data: &'c Data<'c>,
    /// The inline partials that it may call.
    inlines: Option<&'c Inlines<'c>>,
}

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// `{{> name context key=value}}`. `known` is the context, or the only value, if there is a short way to it.
    #[inline(never)]
    pub(super) fn partial(&mut self, known: &Value<'f>, partial: &'f Partial, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        let pairs = &template.pairs[partial.hash.0 as usize..partial.hash.1 as usize];
        // What the context is made of, if it is made up: it stays where it is, since copying values takes longer than finding them.
        let (found, context, one, several, refs, layered);
        let mut this: &Value<'_> = match (partial.context, known) {
            (None, _) => scope.this.value,
            (Some(context), Value::Undefined) => {
                found = self.expression(context, scope, false)?;
                &found
            }
            (Some(_), known) => known,
        };
        let value;
        if !pairs.is_empty() {
            let over: &[(Key<'_>, &Value<'_>)] = match (pairs, partial.context, known) {
                ([(name, expression)], None, known) => {
                    let value = match known {
                        Value::Undefined => {
                            value = self.expression(*expression, scope, false)?;
                            &value
                        }
                        known => known,
                    };
                    one = [(template.key(*name), value)];
                    &one
                }
                (pairs, ..) => {
                    several = self.partial_hash(pairs, scope)?;
                    refs = several.iter().map(|(key, value)| (*key, value)).collect::<Vec<_>>();
                    &refs
                }
            };
            layered = Layered { base: this, over, hides_known: partial.hides_known };
            context = Value::Layered(&layered);
            this = &context;
        }
        let called = Called { partial, caller: scope, this, data: scope.data, inlines: scope.inlines };
        if partial.block.is_none()
            && let Some(template) = self.known_template(partial, scope)
            && !template.compat
        {
            return self.call_partial(&called, |renderer| renderer.call_template(template, &called));
        }
        self.call_target(called)
    }

    /// Calls a partial, `run` running it.
    #[inline(always)]
    fn call_partial(&mut self, called: &Called<'_>, run: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        let Called { partial, caller, .. } = *called;
        if self.partials == self.limits.partials {
            return Err(self.too_many_partials(called));
        }
        self.partials += 1;
        let result = if partial.indent.is_none() {
            run(self)
        } else {
            // It is written in any case, and taken off again if the partial writes nothing.
            let length = partial.indent.as_str(caller.template).len();
            self.spend(length / BYTES_OF_STEP, caller.template, || partial.span)?;
            let indent = self.out.begin_indent(&partial.indent, caller.template);
            let result = run(self);
            self.out.end_indent(indent);
            result
        };
        self.partials -= 1;
        result.map_err(|problem| called_from(partial, caller.template, problem))
    }

    #[cold]
    fn too_many_partials(&self, called: &Called<'_>) -> Stop {
        let message = format!("partials call each other more than {} deep", self.limits.partials);
        let hint = "does one of them call itself without an end?".to_owned();
        fail(called.caller.template, called.partial.span, message, Some(hint))
    }

    /// Runs a template that sees nothing of its caller but what it is given.
    #[inline(always)]
    fn call_template(&mut self, template: &Template, called: &Called<'_>) -> Result<()> {
        let this = This::new(called.this);
        let contexts = Contexts { this, outer: None };
        let Called { data, inlines, .. } = *called;
        self.run(&template.main, &Scope { template, this, contexts: Some(&contexts), data, params: None, inlines }, None)
    }

    /// Calls whatever the name of a partial leads to.
    #[inline(never)]
    fn call_target(&mut self, called: Called<'_>) -> Result<()> {
        let Called { partial, caller: scope, .. } = called;
        let target = self.partial_target(partial, scope)?;
        let Some(block) = &partial.block else {
            let Some(target) = target else { return Err(self.no_partial(partial, scope)?) };
            return self.call_partial(&called, |renderer| renderer.call_closely(&target, &called));
        };
        let closure = Closure { program: *block, scope: *scope, block: scope.data.block() };
        // What the block encloses stands in for a partial that does not exist.
        let target = target.unwrap_or(Target::Block(&closure));
        let data = Data { frame: Frame::Block(Some(&closure)), outer: Some(scope.data) };
        let Scope { template, contexts, params, inlines: outer, .. } = *scope;
        let inlines = Inlines { template, range: block.inlines, contexts, params, is_passed: true, outer };
        let inlines = if block.has_inlines() { Some(&inlines) } else { outer };
        let called = Called { data: &data, inlines, ..called };
        self.call_partial(&called, |renderer| renderer.call_closely(&target, &called))
    }

    /// Calls a partial that may see more than its context: that of the caller, or where it was declared.
    fn call_closely(&mut self, target: &Target<'_>, called: &Called<'_>) -> Result<()> {
        let Called { caller, data, inlines: passed, .. } = *called;
        let this = This::new(called.this);
        match *target {
            Target::Template(template) if !template.compat => self.call_template(template, called),
            Target::Template(template) => {
                let outer = Scope { template, this, contexts: caller.contexts, data, params: None, inlines: passed };
                self.run_called(&template.main, &outer)
            }
            Target::Inline(inlines, program) => {
                let visible = if inlines.is_passed { inlines.outer } else { Some(inlines) };
                let Inlines { template, contexts: around, params, .. } = *inlines;
                let outer = Scope { template, this, contexts: around, data, params, inlines: visible };
                self.run_called(&program, &outer)
            }
            Target::Block(closure) => {
                let data = Data { frame: Frame::Block(closure.block), outer: Some(data) };
                self.run_called(&closure.program, &Scope { this, data: &data, ..closure.scope })
            }
        }
    }

    /// Runs a body that was declared elsewhere, `outer` being what it saw there and the context that it is given.
    fn run_called(&mut self, program: &Program, outer: &Scope<'f>) -> Result<()> {
        let contexts = Contexts { this: outer.this, outer: outer.contexts };
        let contexts = if self.is_new(outer.this.value, outer) { Some(&contexts) } else { outer.contexts };
        self.run(program, &Scope { contexts, ..*outer }, outer.contexts)
    }

    /// The values that are laid over the context.
    fn partial_hash(&mut self, pairs: &[(u32, Expression)], scope: &Scope<'f>) -> Result<Vec<(Key<'f>, Value<'f>)>> {
        let mut over: Vec<(Key<'f>, Value<'f>)> = Vec::with_capacity(pairs.len());
        // handlebars.js fills the object from the last pair to the first: that is the order of its keys, and of two pairs
        // of a name the first one counts.
        for (name, value) in pairs.iter().rev() {
            let pair = (scope.template.key(*name), self.expression(*value, scope, false)?);
            match over.iter_mut().find(|(known, _)| known.is(pair.0)) {
                Some(known) => *known = pair,
                None => over.push(pair),
            }
        }
        Ok(over)
    }

    /// The template that a name leads to wherever it is called from, if it does.
    #[inline]
    fn known_template(&mut self, partial: &Partial, scope: &Scope<'f>) -> Option<&'r Template> {
        let (PartialName::Static(name), None) = (partial.name, scope.inlines) else { return None };
        let address = std::ptr::from_ref(partial).addr();
        let place = address / size_of::<Partial>() % self.found.len();
        match self.found[place] {
            Some((known, template)) if known == address => Some(template),
            Some(_) | None => {
                let found = self.templates.get(scope.template.key(name).name);
                self.found[place] = found.map(|template| (address, template));
                found
            }
        }
    }

    /// What is called; none if nothing has this name.
    fn partial_target(&mut self, partial: &Partial, scope: &Scope<'f>) -> Result<Option<Target<'f>>> {
        if let PartialName::Block = partial.name {
            return Ok(scope.data.block().map(Target::Block));
        }
        let name = self.partial_name(partial, scope)?;
        self.spend(Inlines::count(scope.inlines) / 2, scope.template, || partial.span)?;
        Ok(match Inlines::find(scope.inlines, name) {
            Some((inlines, program)) => Some(Target::Inline(inlines, program)),
            None => self.templates.get(name).map(Target::Template),
        })
    }

    #[cold]
    fn no_partial(&mut self, partial: &Partial, scope: &Scope<'f>) -> Result<Stop> {
        let name = self.partial_name(partial, scope)?;
        let hint = did_you_mean(name, self.templates.iter().map(Template::name));
        Ok(fail(scope.template, partial.span, format!("there is no partial `{name}`"), hint))
    }

    fn partial_name(&mut self, partial: &Partial, scope: &Scope<'f>) -> Result<&'f str> {
        Ok(match partial.name {
            PartialName::Static(name) => scope.template.key(name).name,
            PartialName::Block => "@partial-block",
            PartialName::Dynamic(value) => match self.expression(value, scope, false)? {
                Value::Undefined => "undefined",
                Value::Null => "null",
                value => self.reader.text(value),
            },
        })
    }
}

/// Adds to a problem where the partial was called.
#[cold]
fn called_from(partial: &Partial, template: &Template, mut problem: Stop) -> Stop {
    if problem.calls.len() < MAX_CALLS {
        let position = LineIndex::new(&template.source).position(&template.source, partial.span.start);
        problem.calls.push(Call { template: template.name.clone(), position });
    }
    problem
}

//! Calls of partials.

use super::problem::Call;
use super::program::{Expression, Partial, PartialName, Program, Template};
use super::render::{Renderer, Result, Stop, fail};
use super::scope::{Closure, Contexts, Data, Frame, Inlines, Scope};
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

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// `{{> name context key=value}}`. `known` is the context, or the only value, if there is a short way to it.
    #[inline(never)]
    pub(super) fn partial(&mut self, known: Value<'f>, partial: &'f Partial, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        self.spend(1, template, || partial.span)?;
        let pairs = &template.pairs[partial.hash.0 as usize..partial.hash.1 as usize];
        let plain = match partial.context {
            None => *scope.this,
            Some(context) => self.known_or(known, context, scope, false)?,
        };
        let (one, several);
        let over: &[(Key<'f>, Value<'f>)] = match (pairs, partial.context) {
            ([], _) => return self.partial_in(&plain, partial, scope),
            ([(name, value)], None) => {
                one = [(template.key(*name), self.known_or(known, *value, scope, false)?)];
                &one
            }
            (pairs, _) => {
                several = self.partial_hash(pairs, scope)?;
                &several
            }
        };
        let hides_known = over.iter().any(|(key, _)| key.id != Key::OTHER);
        self.partial_in(&Value::Layered(&Layered { base: plain, over, hides_known }), partial, scope)
    }

    /// Calls a partial with a context.
    #[inline]
    fn partial_in(&mut self, this: &Value<'f>, partial: &'f Partial, scope: &Scope<'f>) -> Result<()> {
        let target = self.partial_target(partial, scope)?;
        match (&partial.block, target) {
            (None, Some(target)) => self.call_partial(partial, &target, this, scope.data, scope.inlines, scope),
            (None, None) => Err(self.no_partial(partial, scope)?),
            (Some(block), target) => self.partial_with_block(partial, block, target, this, scope),
        }
    }

    /// Calls a partial that is given a block.
    #[inline(never)]
    fn partial_with_block(
        &mut self,
        partial: &'f Partial,
        block: &Program,
        target: Option<Target<'f>>,
        this: &Value<'f>,
        scope: &Scope<'f>,
    ) -> Result<()> {
        let closure = Closure { program: *block, scope: *scope, block: scope.data.block() };
        // What the block encloses stands in for a partial that does not exist.
        let target = target.unwrap_or(Target::Block(&closure));
        let data = Data { frame: Frame::Block(Some(&closure)), outer: Some(scope.data) };
        let Scope { template, contexts, params, inlines: outer, .. } = *scope;
        let inlines = Inlines { template, range: block.inlines, contexts, params, is_passed: true, outer };
        let inlines = if block.has_inlines() { Some(&inlines) } else { outer };
        self.call_partial(partial, &target, this, &data, inlines, scope)
    }

    #[inline]
    fn call_partial(
        &mut self,
        partial: &Partial,
        target: &Target<'f>,
        this: &Value<'f>,
        data: &Data<'f>,
        passed: Option<&Inlines<'f>>,
        caller: &Scope<'f>,
    ) -> Result<()> {
        if self.partials == self.limits.partials {
            let message = format!("partials call each other more than {} deep", self.limits.partials);
            let hint = "does one of them call itself without an end?".to_owned();
            return Err(fail(caller.template, partial.span, message, Some(hint)));
        }
        let outer_indent = self.out.begin_indent(&caller.template.contents[partial.indent as usize]);
        self.partials += 1;
        let result = self.call_target(target, this, data, passed, caller);
        self.partials -= 1;
        self.out.end_indent(outer_indent);
        result.map_err(|problem| called_from(partial, caller.template, problem))
    }

    #[inline]
    fn call_target(
        &mut self,
        target: &Target<'f>,
        this: &Value<'f>,
        data: &Data<'f>,
        passed: Option<&Inlines<'f>>,
        caller: &Scope<'f>,
    ) -> Result<()> {
        match target {
            Target::Template(template) if !template.compat => {
                let contexts = Contexts { value: *this, outer: None };
                let this = &contexts.value;
                let scope = Scope { template, this, contexts: Some(&contexts), data, params: None, inlines: passed };
                self.run(&template.main, &scope, None)
            }
            target => self.call_closely(target, this, data, passed, caller),
        }
    }

    /// Calls a partial that sees more than its context: that of the caller, or where it was declared.
    #[inline(never)]
    fn call_closely(
        &mut self,
        target: &Target<'f>,
        this: &Value<'f>,
        data: &Data<'f>,
        passed: Option<&Inlines<'f>>,
        caller: &Scope<'f>,
    ) -> Result<()> {
        match *target {
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
        let contexts = Contexts { value: *outer.this, outer: outer.contexts };
        let contexts = if self.is_new(outer.this, outer) { Some(&contexts) } else { outer.contexts };
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

    /// What is called; none if nothing has this name.
    #[inline]
    fn partial_target(&mut self, partial: &Partial, scope: &Scope<'f>) -> Result<Option<Target<'f>>> {
        if let (PartialName::Static(name), None) = (partial.name, scope.inlines) {
            let address = std::ptr::from_ref(partial).addr();
            let place = address / align_of::<Partial>() % self.found.len();
            if let Some((known, template)) = self.found[place]
                && known == address
            {
                return Ok(Some(Target::Template(template)));
            }
            let found = self.templates.get(scope.template.key(name).name);
            self.found[place] = found.map(|template| (address, template));
            return Ok(found.map(Target::Template));
        }
        if let PartialName::Block = partial.name {
            return Ok(scope.data.block().map(Target::Block));
        }
        let name = self.partial_name(partial, scope)?;
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
        let position = LineIndex::new(&template.source).position(partial.span.start);
        problem.calls.push(Call { template: template.name.clone(), position });
    }
    problem
}

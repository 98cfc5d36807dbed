//! Calls of partials.

use super::few::Hash;
use super::problem::Call;
use super::program::{Partial, PartialName, Program, Template};
use super::render::{Renderer, Result, fail};
use super::scope::{Closure, Contexts, Data, Frame, Inlines, Scope};
use super::suggest::did_you_mean;
use super::value::{Layered, Value, View};
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
    /// `{{> name context key=value}}`
    #[inline(never)]
    pub(super) fn partial(&mut self, partial: &'f Partial, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        self.spend(1, template, || partial.span)?;
        if self.partials == self.limits.partials {
            let message = format!("partials call each other more than {} deep", self.limits.partials);
            return Err(fail(template, partial.span, message, Some("does one of them call itself without an end?".to_owned())));
        }
        let plain = match partial.context {
            None => scope.this,
            Some(context) => self.expression(context, scope, false)?,
        };
        let mut over = Hash::new();
        self.partial_hash(partial, scope, &mut over)?;
        let layered = Layered { base: plain, over: over.as_slice() };
        let context = if layered.over.is_empty() { plain } else { Value::Layered(&layered) };
        let block = partial.block.map(|program| Closure { program, scope: *scope, block: scope.data.block() });
        let target = self.partial_target(partial, scope)?;
        // What the block encloses stands in for a partial that does not exist.
        let Some(target) = target.or(block.as_ref().map(Target::Block)) else {
            let name = self.partial_name(partial, scope)?;
            let templates = self.templates.iter().map(Template::name);
            let hint = did_you_mean(name, templates);
            return Err(fail(template, partial.span, format!("there is no partial `{name}`"), hint));
        };
        let indent =
            (partial.indent.start < partial.indent.end).then(|| self.out.begin_indent(partial.indent.of(&template.source)));
        self.partials += 1;
        let result = match &block {
            None => self.call_target(&target, context, scope.data, scope.inlines, scope),
            Some(closure) => {
                let data = Data { frame: Frame::Block(Some(closure)), outer: Some(scope.data) };
                let inlines = Inlines {
                    template,
                    range: closure.program.inlines,
                    contexts: scope.contexts,
                    params: scope.params,
                    is_passed: true,
                    outer: scope.inlines,
                };
                let has_inlines = closure.program.inlines.0 != closure.program.inlines.1;
                self.call_target(&target, context, &data, if has_inlines { Some(&inlines) } else { scope.inlines }, scope)
            }
        };
        self.partials -= 1;
        if let Some(outer) = indent {
            self.out.end_indent(outer);
        }
        if let Err(mut problem) = result {
            if problem.calls.len() < MAX_CALLS {
                let position = LineIndex::new(&template.source).position(partial.span.start);
                problem.calls.push(Call { template: template.name.clone(), position });
            }
            return Err(problem);
        }
        Ok(())
    }

    fn call_target(
        &mut self,
        target: &Target<'f>,
        this: Value<'f>,
        data: &'f Data<'f>,
        passed: Option<&'f Inlines<'f>>,
        caller: &Scope<'f>,
    ) -> Result<()> {
        match *target {
            Target::Template(template) => {
                let around = if template.compat { caller.contexts } else { None };
                let contexts = Contexts { value: this, outer: around };
                let is_same = around.is_some() && !self.is_new(this, caller);
                let contexts = if is_same { around } else { Some(&contexts) };
                let scope = Scope { template, this, contexts, data, params: None, inlines: passed };
                self.run(template.main, &scope, around)
            }
            Target::Inline(inlines, program) => {
                let visible = if inlines.is_passed { inlines.outer } else { Some(inlines) };
                let Inlines { template, contexts: around, params, .. } = *inlines;
                let outer = Scope { template, this, contexts: around, data, params, inlines: visible };
                self.run_called(program, &outer)
            }
            Target::Block(closure) => {
                let data = Data { frame: Frame::Block(closure.block), outer: Some(data) };
                self.run_called(closure.program, &Scope { this, data: &data, ..closure.scope })
            }
        }
    }

    /// Runs a body that was declared elsewhere, `outer` being what it saw there and the context that it is given.
    fn run_called(&mut self, program: Program, outer: &Scope<'f>) -> Result<()> {
        let contexts = Contexts { value: outer.this, outer: outer.contexts };
        let contexts = if self.is_new(outer.this, outer) { Some(&contexts) } else { outer.contexts };
        self.run(program, &Scope { contexts, ..*outer }, outer.contexts)
    }

    /// The values that are laid over the context.
    fn partial_hash(&mut self, partial: &Partial, scope: &Scope<'f>, over: &mut Hash<'f>) -> Result<()> {
        let template = scope.template;
        // handlebars.js fills the object from the last pair to the first: that is the order of its keys, and of two pairs
        // of a name the first one counts.
        for (name, value) in template.pairs[partial.hash.0 as usize..partial.hash.1 as usize].iter().rev() {
            let field = (&*template.names[*name as usize].text, self.expression(*value, scope, false)?);
            match over.as_mut_slice().iter_mut().find(|(known, _)| *known == field.0) {
                Some(known) => *known = field,
                None => over.push(field),
            }
        }
        Ok(())
    }

    /// What is called; none if nothing has this name.
    fn partial_target(&mut self, partial: &Partial, scope: &Scope<'f>) -> Result<Option<Target<'f>>> {
        if let (PartialName::Static(name), None) = (partial.name, scope.inlines) {
            let address = std::ptr::from_ref(partial).addr();
            let place = address / size_of::<Partial>() % self.found.len();
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

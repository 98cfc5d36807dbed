//! Calls of partials.

use super::few::Hash;
use super::problem::Call;
use super::program::{Partial, PartialName, Program, Template};
use super::render::{Renderer, Result, fail};
use super::scope::{Closure, Contexts, Data, Frame, Inlines, Scope};
use super::suggest::did_you_mean;
use super::value::Value;
use crate::text::LineIndex;

/// How many calls a problem tells of.
const MAX_CALLS: usize = 16;

/// What a partial's name leads to.
enum Target<'f, 'a> {
    Template(&'a Template),
    Inline(&'f Inlines<'f, 'a>, Program),
    Block(&'f Closure<'f, 'a>),
}

impl<'a> Renderer<'a, '_, '_> {
    /// `{{> name context key=value}}`
    #[inline(never)]
    pub(super) fn partial(&mut self, partial: &'a Partial, scope: &Scope<'_, 'a>) -> Result<()> {
        let template = scope.template;
        self.spend(1, template, || partial.span)?;
        if self.partials == self.limits.partials {
            let message = format!("partials call each other more than {} deep", self.limits.partials);
            return Err(fail(template, partial.span, message, Some("does one of them call itself without an end?".to_owned())));
        }
        let context = self.partial_context(partial, scope)?;
        let name = self.partial_name(partial, scope)?;
        let block = partial.block.map(|program| Closure { program, scope: *scope, block: scope.data.block() });
        let target = match partial.name {
            PartialName::Block => scope.data.block().map(Target::Block),
            PartialName::Static(_) | PartialName::Dynamic(_) => match Inlines::find(scope.inlines, name) {
                Some((inlines, program)) => Some(Target::Inline(inlines, program)),
                None => self.templates.get(name).map(Target::Template),
            },
        };
        // What the block encloses stands in for a partial that does not exist.
        let Some(target) = target.or(block.as_ref().map(Target::Block)) else {
            let templates = self.templates.iter().map(Template::name);
            let hint = did_you_mean(name, templates);
            return Err(fail(template, partial.span, format!("there is no partial `{name}`"), hint));
        };
        let is_indented = partial.indent.start < partial.indent.end;
        self.captures += u32::from(is_indented);
        if is_indented {
            self.write(partial.indent.of(&template.source), template, partial.indent)?;
        }
        let start = self.out.len();
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
        self.captures -= u32::from(is_indented);
        if let Err(mut problem) = result {
            if problem.calls.len() < MAX_CALLS {
                let position = LineIndex::new(&template.source).position(partial.span.start);
                problem.calls.push(Call { template: template.name.clone(), position });
            }
            return Err(problem);
        }
        if is_indented {
            self.indent(start, partial, template)?;
        }
        Ok(())
    }

    fn call_target(
        &mut self,
        target: &Target<'_, 'a>,
        this: Value<'a>,
        data: &Data<'_, 'a>,
        passed: Option<&Inlines<'_, 'a>>,
        caller: &Scope<'_, 'a>,
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
    fn run_called(&mut self, program: Program, outer: &Scope<'_, 'a>) -> Result<()> {
        let contexts = Contexts { value: outer.this, outer: outer.contexts };
        let contexts = if self.is_new(outer.this, outer) { Some(&contexts) } else { outer.contexts };
        self.run(program, &Scope { contexts, ..*outer }, outer.contexts)
    }

    fn partial_context(&mut self, partial: &Partial, scope: &Scope<'_, 'a>) -> Result<Value<'a>> {
        let context = match partial.context {
            None => scope.this,
            Some(context) => self.expression(context, scope, false)?,
        };
        let (start, end) = partial.hash;
        if start == end {
            return Ok(context);
        }
        let template = scope.template;
        let mut over = Hash::new();
        for (name, value) in &template.pairs[start as usize..end as usize] {
            let field = (&*template.names[*name as usize].text, self.expression(*value, scope, false)?);
            // The last one of a name counts.
            match over.as_mut_slice().iter_mut().find(|(known, _)| *known == field.0) {
                Some(known) => *known = field,
                None => over.push(field),
            }
        }
        let arena = self.reader.arena;
        Ok(arena.layered(context, arena.fields(over.as_slice())))
    }

    fn partial_name(&mut self, partial: &Partial, scope: &Scope<'_, 'a>) -> Result<&'a str> {
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

    /// Puts a partial's indentation before each line that was written since `start`; before the first one it stands.
    fn indent(&mut self, start: usize, partial: &Partial, template: &'a Template) -> Result<()> {
        let indent = partial.indent.of(&template.source);
        let text = &self.out[start..];
        if text.is_empty() {
            self.out.truncate(start - indent.len());
            return Ok(());
        }
        // What follows the last line break is a line only if there is something.
        let Some(first) = memchr::memchr(b'\n', &text.as_bytes()[..text.len() - 1]) else {
            return Ok(());
        };
        let rest = self.out.split_off(start + first + 1);
        let lines = memchr::memchr_iter(b'\n', rest.as_bytes()).count() + 1;
        self.spend(lines + (rest.len() >> 4), template, || partial.span)?;
        self.make_room(rest.len() + lines * indent.len(), template, || partial.span)?;
        self.out.reserve(rest.len() + lines * indent.len());
        for line in rest.split_inclusive('\n') {
            self.out.push_str(indent);
            self.out.push_str(line);
        }
        Ok(())
    }
}

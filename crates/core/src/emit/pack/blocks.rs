//! Blocks: which bodies they run, in which scope.

use super::helpers::WORDS_OF_STEP;
use super::program::{Block, BlockKind, Condition, Expression, Program, Test, Variable};
use super::render::{Renderer, Result, Seen, fail, self_span};
use super::scope::{Contexts, Data, Frame, Params, Scope, This};
use super::value::{Value, View, is_same_name};

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// Whether a condition holds. `seen` is what it is about, if there was a short way to it.
    #[inline(always)]
    pub(super) fn holds(&mut self, seen: Seen<'f>, condition: &Condition, scope: &Scope<'f>) -> Result<bool> {
        match (&condition.test, seen) {
            (Test::True, Seen::Flag(flag)) => Ok(flag),
            (Test::Equal(Expression::Text(name)), Seen::Text(text)) => {
                Ok(is_same_name(text, &scope.template.names[*name as usize].text))
            }
            (_, seen) => self.holds_of_any(seen.value(), condition, scope),
        }
    }

    /// The same for what few conditions are about.
    #[inline(never)]
    fn holds_of_any(&mut self, value: Value<'f>, condition: &Condition, scope: &Scope<'f>) -> Result<bool> {
        Ok(match (condition.test, value) {
            (_, Value::Undefined) | (Test::TrueOrZero | Test::TrueOrZeroIf(_), _) => return self.test(condition, scope),
            (Test::True, value) => self.reader.is_true(value),
            (Test::Equal(literal), value) => self.is_literal(value, literal, scope),
        })
    }

    /// Goes on in a branch of `if` or `unless`, or behind it if the branch had to be run by itself. Gives the next
    /// instruction.
    #[inline(always)]
    pub(super) fn branch(&mut self, is_true: bool, condition: &Condition, scope: &Scope<'f>) -> Result<u32> {
        let branch = &condition.branches[usize::from(is_true)];
        if branch.has_inlines() || matches!(scope.this.value, Value::Undefined | Value::Null) {
            self.run_here(branch, scope)?;
            return Ok(condition.after);
        }
        Ok(branch.start)
    }

    /// Whether a condition holds, the long way.
    fn test(&mut self, condition: &Condition, scope: &Scope<'f>) -> Result<bool> {
        let counts = match condition.test {
            Test::True | Test::Equal(_) => return self.truth(condition.value, scope),
            Test::TrueOrZero => true,
            Test::TrueOrZeroIf(counts) => self.truth(counts, scope)?,
        };
        let value = self.expression(condition.value, scope, true)?;
        Ok(self.reader.is_true(value) || counts && matches!(value, Value::Number(0.0)))
    }

    /// Whether a value is equal to a literal.
    fn is_literal(&self, value: Value<'f>, literal: Expression, scope: &Scope<'f>) -> bool {
        match (value, literal) {
            (Value::Text(text), Expression::Text(name)) => *text == *scope.template.names[name as usize].text,
            (Value::Number(number), Expression::Number(literal)) => number == literal,
            (Value::Bool(value), Expression::Bool(literal)) => value == literal,
            (_, _) => false,
        }
    }

    /// Runs a body in the context of its block.
    #[inline(never)]
    fn run_here(&mut self, body: &Program, scope: &Scope<'f>) -> Result<()> {
        // A helper's `this` is never nothing: Handlebars gives it an empty object instead.
        const NOTHING: &Value<'static> = &Value::Fields(&[]);
        match scope.this.value {
            Value::Undefined => {
                let this = This::new(NOTHING);
                let contexts = Contexts { this, outer: scope.contexts };
                self.run(body, &Scope { this, contexts: Some(&contexts), ..*scope }, scope.contexts)
            }
            Value::Null => self.run(body, &Scope { this: This::new(NOTHING), ..*scope }, scope.contexts),
            _ => self.run(body, scope, scope.contexts),
        }
    }

    /// Runs a block. `value` is what it is about, if there is a short way to it.
    #[inline(never)]
    pub(super) fn block(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        match block.kind {
            BlockKind::Each => self.each(value, block, scope),
            BlockKind::With => self.with(value, block, scope),
            BlockKind::Section => self.section(value, block, scope),
            BlockKind::Wrap => self.wrap(block, scope),
        }
    }

    fn each(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.known_or(value, block.value, scope, false)?;
        if self.each_item(value, block, scope)? {
            return Ok(());
        }
        if scope.template.strict && !matches!(value, Value::Null | Value::Undefined) && self.is_plain(value) {
            let message = format!("`each` needs a list or an object, but this is {}", self.reader.describe(value));
            return Err(fail(scope.template, self_span(scope.template, block), message, None));
        }
        block.inverse.as_ref().map_or(Ok(()), |inverse| self.run_here(inverse, scope))
    }

    /// Runs the body for each item or property. Says whether there was any.
    fn each_item(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<bool> {
        let reader = self.reader;
        if let Some(length) = reader.length(value) {
            match (&block.body, value) {
                (None, _) => {}
                (Some(body), Value::List(list)) => {
                    self.turns(length, None, block, body, scope, |index| reader.view.item(list, index, reader.arena))?;
                }
                (Some(body), value) => self.turns(length, None, block, body, scope, |index| reader.item(value, index))?,
            }
            return Ok(length > 0);
        }
        if self.is_plain(value) {
            return Ok(false);
        }
        let keys = reader.keys(value);
        let Some(body) = &block.body else { return Ok(!keys.is_empty()) };
        // Each name has to be looked for among all.
        let steps = keys.len() * (1 + reader.view.vocabulary().len() / WORDS_OF_STEP);
        self.spend(steps, scope.template, || self_span(scope.template, block))?;
        let property = |index: usize| reader.property(&value, reader.key(keys[index]));
        self.turns(keys.len(), Some(&keys), block, body, scope, property)?;
        Ok(!keys.is_empty())
    }

    /// Runs a body so many times, with what `item` gives as context.
    #[inline(always)]
    fn turns(
        &mut self,
        length: usize,
        keys: Option<&[&'f str]>,
        block: &Block,
        body: &Program,
        scope: &Scope<'f>,
        item: impl Fn(usize) -> Value<'f>,
    ) -> Result<()> {
        self.enter(body, scope)?;
        for index in 0..length {
            let item = item(index);
            let this = This::new(&item);
            let contexts = Contexts { this, outer: scope.contexts };
            let data = Data { frame: Frame::Each { index, length, keys }, outer: Some(scope.data) };
            let around = if self.is_new(&item, scope) { Some(&contexts) } else { scope.contexts };
            let inner = Scope { this, contexts: around, data: &data, ..*scope };
            if block.params == 0 {
                self.run_entered(body, &inner, scope.contexts)?;
            } else {
                let params = Params { values: [item, data.of_loop(Variable::Key)], outer: scope.params };
                self.run_entered(body, &Scope { params: Some(&params), ..inner }, scope.contexts)?;
            }
            self.out.cut();
        }
        self.leave();
        Ok(())
    }

    /// Whether a context is another one than that around it, as far as `==` tells.
    #[inline(always)]
    pub(super) fn is_new(&self, context: &Value<'f>, scope: &Scope<'f>) -> bool {
        match (context, scope.contexts) {
            (Value::Object(inner), Some(Contexts { this: This { value: Value::Object(outer), .. }, .. })) => inner != outer,
            (Value::Object(_), Some(Contexts { this: This { value: Value::Fields(_) | Value::Layered(_), .. }, .. })) => true,
            (_, around) => around.is_none_or(|around| self.are_different(context, around.this.value)),
        }
    }

    #[inline(never)]
    fn are_different(&self, inner: &Value<'f>, outer: &Value<'f>) -> bool {
        !self.reader.equal_loosely(*inner, *outer)
    }

    fn with(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.known_or(value, block.value, scope, true)?;
        if self.reader.is_empty(value) {
            return block.inverse.as_ref().map_or(Ok(()), |inverse| self.run_here(inverse, scope));
        }
        self.run_in(value, block, scope)
    }

    /// `{{#value}}`: `blockHelperMissing` of Handlebars.
    fn section(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.known_or(value, block.value, scope, false)?;
        match value {
            Value::Bool(true) => block.body.as_ref().map_or(Ok(()), |body| self.run(body, scope, scope.contexts)),
            Value::Bool(false) | Value::Null | Value::Undefined => {
                block.inverse.as_ref().map_or(Ok(()), |inverse| self.run(inverse, scope, scope.contexts))
            }
            Value::List(_) | Value::Items(_) => {
                if self.each_item(value, block, scope)? {
                    return Ok(());
                }
                block.inverse.as_ref().map_or(Ok(()), |inverse| self.run(inverse, scope, scope.contexts))
            }
            Value::Number(_) | Value::Text(_) | Value::Object(_) | Value::Fields(_) | Value::Layered(_) => {
                self.run_in(value, block, scope)
            }
        }
    }

    /// Runs the body with `value` as context.
    fn run_in(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let Some(body) = &block.body else {
            return Ok(());
        };
        let params = Params { values: [value, Value::Undefined], outer: scope.params };
        let this = This::new(&value);
        let contexts = Contexts { this, outer: scope.contexts };
        let inner = Scope {
            this,
            contexts: if self.is_new(&value, scope) { Some(&contexts) } else { scope.contexts },
            params: if block.params > 0 { Some(&params) } else { scope.params },
            ..*scope
        };
        self.run(body, &inner, scope.contexts)
    }

    /// Gives what the body writes to a helper.
    fn wrap(&mut self, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let capture = self.out.capture();
        if let Some(body) = &block.body {
            self.run_here(body, scope)?;
        }
        let text = self.out.captured(capture);
        let Expression::Call(call) = block.value else { unreachable!("only calls of helpers wrap a block") };
        self.write_wrapped(call, &text, scope)
    }

    /// Whether `value` has neither items nor properties to go through.
    fn is_plain(&self, value: Value<'f>) -> bool {
        matches!(value, Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_))
    }
}

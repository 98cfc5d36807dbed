//! Runs a compiled template.
//!
//! A block runs its body by recursion, `if` and `unless` by a jump. What is written goes to the end of the sink; where a
//! helper has to see it first, it is taken off there again.

use super::budget::Budget;
use super::options::{Interrupt, Limits, Log, Options};
use super::output::Output;
use super::problem::Problem;
use super::program::{Block, Expression, Op, Program, Template, Templates, Zero};
use super::reader::{Reader, field};
use super::scope::{Contexts, Data, Frame, Inlines, Params, Scope};
use super::value::{Arena, Value, View};
use super::writer::push_escaped;
use crate::emit::Sink;
use crate::text::Span;

/// Appends what `template` makes of `root` to `sink`. `templates` are the partials that it may call, `view` gives the
/// properties of `root` and of what is reached from there.
///
/// # Errors
/// A path that leads nowhere in strict mode, a partial that does not exist, a helper that cannot do what it is asked, a
/// limit that is reached. What was written before is in the sink.
pub fn render<'a, V: View>(
    template: &'a Template,
    templates: &'a Templates,
    view: &'a V,
    root: Value<'a>,
    options: &Options<'a>,
    sink: &mut Sink<'_>,
) -> std::result::Result<(), Problem> {
    let arena = Arena::new();
    start(template, templates, Reader { view, arena: &arena }, root, options, sink).map_err(|stop| *stop)
}

fn start<'r, V: View>(
    template: &'r Template,
    templates: &'r Templates,
    reader: Reader<'r, V>,
    root: Value<'r>,
    options: &Options<'r>,
    sink: &'r mut Sink<'_>,
) -> Result<()> {
    let mut renderer = Renderer {
        reader,
        templates,
        root: field(options.data, "root").unwrap_or(root),
        limits: options.limits,
        interrupt: options.interrupt,
        log: options.log,
        budget: Budget::new(options.limits.steps),
        out: Output::new(sink, options.limits.output),
        depth: 0,
        partials: 0,
        found: [None; 8],
    };
    let data = Data { frame: Frame::Root { root, data: options.data }, outer: None };
    let contexts = Contexts { value: root, outer: None };
    let scope = Scope { template, this: root, contexts: Some(&contexts), data: &data, params: None, inlines: None };
    renderer.run(template.main, &scope, None)?;
    renderer.make_room(0, template, || Span::new(0, 0))
}

/// Texts of fewer bytes are written without being counted: a step for each piece is enough.
const LONG: usize = 64;

/// Why a rendering ends early. Boxed, so that results are small.
pub(super) type Stop = Box<Problem>;

pub(super) type Result<T> = std::result::Result<T, Stop>;

pub(super) struct Renderer<'r, 'd, V> {
    pub(super) reader: Reader<'r, V>,
    pub(super) templates: &'r Templates,
    /// `@root`
    pub(super) root: Value<'r>,
    pub(super) limits: Limits,
    interrupt: Option<Interrupt<'r>>,
    pub(super) log: Option<Log<'r>>,
    pub(super) budget: Budget,
    pub(super) out: Output<'r, 'd>,
    depth: u32,
    pub(super) partials: u32,
    /// Which templates calls led to lately, by the address of the call.
    pub(super) found: [Option<(usize, &'r Template)>; 8],
}

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// Runs a body. `around`: the contexts around it, which are those of its inline partials.
    #[inline]
    pub(super) fn run(&mut self, program: Program, scope: &Scope<'f>, around: Option<&'f Contexts<'f>>) -> Result<()> {
        if self.depth == self.limits.depth {
            let span = span_at(scope.template, program.start);
            let message = format!("more than {} blocks and partials run within each other here", self.limits.depth);
            return Err(fail(scope.template, span, message, None));
        }
        self.spend(program.steps as usize, scope.template, || span_at(scope.template, program.start))?;
        self.depth += 1;
        let (first, end) = program.inlines;
        let result = if first == end {
            self.run_range(program.start, program.end, scope)
        } else {
            self.run_with_inlines(program, scope, around)
        };
        self.depth -= 1;
        result
    }

    fn run_with_inlines(&mut self, program: Program, scope: &Scope<'f>, around: Option<&'f Contexts<'f>>) -> Result<()> {
        let Scope { template, params, inlines: outer, .. } = *scope;
        let inlines = Inlines { template, range: program.inlines, contexts: around, params, is_passed: false, outer };
        self.run_range(program.start, program.end, &Scope { inlines: Some(&inlines), ..*scope })
    }

    fn run_range(&mut self, start: u32, end: u32, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        let ops = &template.ops[..end as usize];
        let mut next = start as usize;
        while let Some(op) = ops.get(next) {
            next += 1;
            match *op {
                Op::Content { content } => self.out.push_content(&template.contents[content as usize]),
                Op::Path { path, escape } => match self.quick_path(path, scope) {
                    Value::Text(text) if !escape => self.write(text, template, || template.paths[path as usize].span)?,
                    Value::Undefined => {
                        let value = self.long_path(path, scope, false)?;
                        self.print(value, Expression::Path(path), escape, scope)?;
                    }
                    value => self.print(value, Expression::Path(path), escape, scope)?,
                },
                Op::Call { call, escape } => self.write_call(call, escape, scope)?,
                Op::If { block, negated } => {
                    let block = &template.blocks[block as usize];
                    next = self.condition(block, negated, scope)? as usize;
                }
                Op::Jump { to } => next = to as usize,
                Op::Each { block } => {
                    let block = &template.blocks[block as usize];
                    next = block.after as usize;
                    self.each(block, scope)?;
                }
                Op::With { block } => {
                    let block = &template.blocks[block as usize];
                    next = block.after as usize;
                    self.with(block, scope)?;
                }
                Op::Section { block } => {
                    let block = &template.blocks[block as usize];
                    next = block.after as usize;
                    self.section(block, scope)?;
                }
                Op::Wrap { block } => {
                    let block = &template.blocks[block as usize];
                    next = block.after as usize;
                    self.wrap(block, scope)?;
                }
                Op::Partial { partial } => {
                    let partial = &template.partials[partial as usize];
                    next = partial.after as usize;
                    self.partial(partial, scope)?;
                }
            }
        }
        Ok(())
    }

    /// `if` and `unless`. Gives the next instruction.
    fn condition(&mut self, block: &Block, negated: bool, scope: &Scope<'f>) -> Result<u32> {
        let is_true = match (block.value, block.zero) {
            (value, Zero::False) => self.truth(value, scope)?,
            (value, Zero::True) => self.truth_with_zero(value, None, scope)?,
            (value, Zero::If(condition)) => self.truth_with_zero(value, Some(condition), scope)?,
        };
        let Some(body) = (if is_true != negated { block.body } else { block.inverse }) else {
            return Ok(block.after);
        };
        if matches!(scope.this, Value::Undefined | Value::Null) || body.inlines.0 != body.inlines.1 {
            self.run_here(body, scope)?;
            return Ok(block.after);
        }
        Ok(body.start)
    }

    /// Whether a value is true, or is 0 and that counts.
    #[inline(never)]
    fn truth_with_zero(&mut self, value: Expression, condition: Option<Expression>, scope: &Scope<'f>) -> Result<bool> {
        let value = self.expression(value, scope, true)?;
        let counts = condition.map_or(Ok(true), |condition| self.truth(condition, scope))?;
        Ok(self.reader.is_true(value) || counts && matches!(value, Value::Number(0.0)))
    }

    /// Runs a body in the context of its block.
    #[inline(never)]
    fn run_here(&mut self, body: Program, scope: &Scope<'f>) -> Result<()> {
        match scope.this {
            // A helper's `this` is never nothing: Handlebars gives it an empty object instead.
            Value::Undefined => {
                let contexts = Contexts { value: Value::Fields(&[]), outer: scope.contexts };
                self.run(body, &Scope { this: Value::Fields(&[]), contexts: Some(&contexts), ..*scope }, scope.contexts)
            }
            Value::Null => self.run(body, &Scope { this: Value::Fields(&[]), ..*scope }, scope.contexts),
            _ => self.run(body, scope, scope.contexts),
        }
    }

    #[inline(never)]
    fn each(&mut self, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.expression(block.value, scope, false)?;
        if self.each_item(value, block, scope)? {
            return Ok(());
        }
        if scope.template.strict && !matches!(value, Value::Null | Value::Undefined) && self.is_plain(value) {
            let message = format!("`each` needs a list or an object, but this is {}", self.reader.describe(value));
            return Err(fail(scope.template, self_span(scope.template, block), message, None));
        }
        block.inverse.map_or(Ok(()), |inverse| self.run_here(inverse, scope))
    }

    /// Runs the body for each item or property. Says whether there was any.
    fn each_item(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<bool> {
        let reader = self.reader;
        let has_params = block.params > 0;
        if let Some(length) = reader.length(value) {
            let Some(body) = block.body else { return Ok(length > 0) };
            for index in 0..length {
                let (item, key) = (reader.item(value, index), Value::Number(index as f64));
                self.iteration(item, key, (index, length), body, has_params, scope)?;
            }
            return Ok(length > 0);
        }
        if self.is_plain(value) {
            return Ok(false);
        }
        let keys = reader.keys(value);
        let Some(body) = block.body else { return Ok(!keys.is_empty()) };
        self.spend(keys.len(), scope.template, || self_span(scope.template, block))?;
        for (index, key) in keys.iter().enumerate() {
            let item = reader.property(value, reader.key(key));
            self.iteration(item, Value::Text(key), (index, keys.len()), body, has_params, scope)?;
        }
        Ok(!keys.is_empty())
    }

    #[inline(always)]
    fn iteration(
        &mut self,
        item: Value<'f>,
        key: Value<'f>,
        (index, length): (usize, usize),
        body: Program,
        has_params: bool,
        scope: &Scope<'f>,
    ) -> Result<()> {
        let data = Data { frame: Frame::Each { key, index, is_last: index + 1 == length }, outer: Some(scope.data) };
        let params = Params { values: [item, key], outer: scope.params };
        let contexts = Contexts { value: item, outer: scope.contexts };
        let inner = Scope {
            this: item,
            contexts: if self.is_new(item, scope) { Some(&contexts) } else { scope.contexts },
            data: &data,
            params: if has_params { Some(&params) } else { scope.params },
            ..*scope
        };
        self.run(body, &inner, scope.contexts)?;
        self.out.cut();
        Ok(())
    }

    /// Whether a context is another one than that around it, as far as `==` tells.
    pub(super) fn is_new(&self, context: Value<'f>, scope: &Scope<'f>) -> bool {
        let Some(Contexts { value, .. }) = scope.contexts else {
            return true;
        };
        match (context, *value) {
            (Value::Object(inner), Value::Object(outer)) => inner != outer,
            (Value::Text(inner), Value::Text(outer)) => inner != outer,
            (inner, outer) => !self.reader.equal_loosely(inner, outer),
        }
    }

    #[inline(never)]
    fn with(&mut self, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.expression(block.value, scope, true)?;
        if self.reader.is_empty(value) {
            return block.inverse.map_or(Ok(()), |inverse| self.run_here(inverse, scope));
        }
        self.run_in(value, block, scope)
    }

    /// `{{#value}}`: `blockHelperMissing` of Handlebars.
    #[inline(never)]
    fn section(&mut self, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let value = self.expression(block.value, scope, false)?;
        match value {
            Value::Bool(true) => block.body.map_or(Ok(()), |body| self.run(body, scope, scope.contexts)),
            Value::Bool(false) | Value::Null | Value::Undefined => {
                block.inverse.map_or(Ok(()), |inverse| self.run(inverse, scope, scope.contexts))
            }
            Value::List(_) | Value::Items(_) => {
                if self.each_item(value, block, scope)? {
                    return Ok(());
                }
                block.inverse.map_or(Ok(()), |inverse| self.run(inverse, scope, scope.contexts))
            }
            Value::Number(_) | Value::Text(_) | Value::Object(_) | Value::Fields(_) | Value::Layered(_) => {
                self.run_in(value, block, scope)
            }
        }
    }

    /// Runs the body with `value` as context.
    fn run_in(&mut self, value: Value<'f>, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let Some(body) = block.body else {
            return Ok(());
        };
        let params = Params { values: [value, Value::Undefined], outer: scope.params };
        let contexts = Contexts { value, outer: scope.contexts };
        let inner = Scope {
            this: value,
            contexts: if self.is_new(value, scope) { Some(&contexts) } else { scope.contexts },
            params: if block.params > 0 { Some(&params) } else { scope.params },
            ..*scope
        };
        self.run(body, &inner, scope.contexts)
    }

    /// Gives what the body writes to a helper.
    #[inline(never)]
    fn wrap(&mut self, block: &Block, scope: &Scope<'f>) -> Result<()> {
        let capture = self.out.capture();
        if let Some(body) = block.body {
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

    /// Writes a value. `from` is where it comes from, for messages.
    #[inline(never)]
    pub(super) fn print(&mut self, value: Value<'f>, from: Expression, escape: bool, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        let span = || span_of(template, from);
        match value {
            Value::Text(text) if !escape => return self.write(text, template, span),
            Value::Undefined | Value::Null => return Ok(()),
            Value::Text(text) => {
                self.spend(text.len() >> 4, template, span)?;
                self.make_room(text.len(), template, span)?;
            }
            Value::Bool(_) | Value::Number(_) => {}
            Value::Object(_) | Value::Fields(_) | Value::Layered(_) | Value::List(_) | Value::Items(_) if template.strict => {
                return Err(self.no_text(value, from, scope));
            }
            Value::List(_) | Value::Items(_) => {
                let length = self.reader.length(value).unwrap_or(0);
                self.spend(length, template, span)?;
            }
            Value::Object(_) | Value::Fields(_) | Value::Layered(_) => {}
        }
        let reader = self.reader;
        let printed: Result<usize> = self.out.push_with(|out| {
            if !escape {
                reader.print(value, out);
            } else if let Value::Text(text) = value {
                out.push_with(text, |out| push_escaped(out, text));
            } else {
                out.push_escaped(|out| reader.print(value, out));
            }
            Ok(())
        });
        let written = printed?;
        self.spend(written >> 6, template, span)?;
        self.check_room(template, span)
    }

    /// Appends `text`; `span` is the reason.
    #[inline]
    pub(super) fn write(&mut self, text: &str, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if self.out.is_indented() || text.len() >= LONG {
            return self.write_slowly(text, template, span());
        }
        self.out.push(text);
        Ok(())
    }

    #[inline(never)]
    fn write_slowly(&mut self, text: &str, template: &Template, span: Span) -> Result<()> {
        if text.len() >= LONG {
            self.spend(text.len() >> 6, template, || span)?;
            self.make_room(text.len(), template, || span)?;
        }
        if !self.out.is_indented() {
            self.out.push(text);
            return Ok(());
        }
        let written = self.out.push_indented(text);
        if written >= LONG { self.spend(written >> 6, template, || span) } else { Ok(()) }
    }

    /// Takes steps.
    #[inline]
    pub(super) fn spend(&mut self, steps: usize, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if self.budget.take(steps) { self.refill(template, span()) } else { Ok(()) }
    }

    #[cold]
    fn refill(&mut self, template: &Template, span: Span) -> Result<()> {
        self.budget.refill().map_err(|message| fail(template, span, message, None))?;
        if self.reader.arena.bytes() > self.limits.memory {
            let message = format!("the values that are made up take more than {} MB", self.limits.memory >> 20);
            return Err(fail(template, span, message, None));
        }
        if self.interrupt.is_some_and(|Interrupt(is_due)| is_due()) {
            return Err(fail(template, span, "the rendering was stopped".to_owned(), None));
        }
        self.check_room(template, || span)
    }

    /// Makes sure that `length` more bytes may be written.
    pub(super) fn make_room(&mut self, length: usize, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if length > self.out.room() { Err(self.too_long(template, span())) } else { self.check_room(template, span) }
    }

    fn check_room(&mut self, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if self.out.is_full() { Err(self.too_long(template, span())) } else { Ok(()) }
    }

    #[cold]
    fn too_long(&self, template: &Template, span: Span) -> Stop {
        fail(template, span, format!("the text becomes longer than {} MB", self.limits.output >> 20), None)
    }
}

/// The place of an instruction, as well as it is known.
fn span_at(template: &Template, op: u32) -> Span {
    match template.ops.get(op as usize) {
        Some(Op::Content { content }) => template.contents[*content as usize].span,
        Some(Op::Path { path, .. }) => template.paths[*path as usize].span,
        Some(Op::Call { call, .. }) => template.calls[*call as usize].span,
        Some(Op::Partial { partial }) => template.partials[*partial as usize].span,
        Some(Op::If { block, .. } | Op::Each { block } | Op::With { block } | Op::Section { block } | Op::Wrap { block }) => {
            self_span(template, &template.blocks[*block as usize])
        }
        Some(Op::Jump { .. }) | None => Span::new(0, 0),
    }
}

/// A problem in `template`.
#[cold]
pub(super) fn fail(template: &Template, span: Span, message: String, hint: Option<String>) -> Stop {
    Box::new(Problem::new(&template.name, &template.source, span, message, hint))
}

/// The place of what a block is about.
fn self_span(template: &Template, block: &Block) -> Span {
    span_of(template, block.value)
}

/// The place of an expression; literals have none.
pub(super) fn span_of(template: &Template, expression: Expression) -> Span {
    match expression {
        Expression::Path(path) => template.paths[path as usize].span,
        Expression::Call(call) => template.calls[call as usize].span,
        Expression::Text(_) | Expression::Number(_) | Expression::Bool(_) | Expression::Undefined | Expression::Null => {
            Span::new(0, 0)
        }
    }
}

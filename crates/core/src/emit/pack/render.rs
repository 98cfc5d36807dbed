//! Runs a compiled template.
//!
//! A block runs its body by recursion, `if` and `unless` by a jump. What is written goes to the end of the sink; where a
//! helper has to see it first, it is taken off there again.

use super::budget::{Budget, NoSteps};
use super::buffer::Buffer;
use super::options::{Limits, Options, Spent, Watch};
use super::output::Output;
use super::problem::Problem;
use super::program::{Action, Block, Expression, Program, Template, Templates, Way};
use super::reader::{Reader, field};
use super::scope::{Contexts, Data, Frame, Inlines, Scope, This};
use super::value::{Arena, Value, View};
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
        watch: options.watch,
        budget: Budget::new(options.limits.steps),
        out: Output::new(sink, options.limits.output),
        depth: 0,
        partials: 0,
        found: [None; 16],
    };
    let data = Data { frame: Frame::Root { root, data: options.data }, outer: None };
    let this = This::new(&root);
    let contexts = Contexts { this, outer: None };
    let scope = Scope { template, this, contexts: Some(&contexts), data: &data, params: None, inlines: None };
    let result = renderer.run(&template.main, &scope, None);
    let result = result.and_then(|()| renderer.make_room(0, template, || Span::new(0, 0)));
    renderer.out.flush();
    let output = (options.limits.output - renderer.out.room()) as u64;
    options.watch.spent(Spent { steps: renderer.budget.spent(reader.arena.fuel()), output });
    result
}

/// Texts of fewer bytes are written without being counted: a step for each piece is enough.
const LONG: usize = 64;

/// What an instruction is about. Most are about a text or a flag, which stay where they are: values were just written in pieces,
/// and copying one as a whole would wait for that, which took a quarter of the time of a rendering.
#[derive(Clone, Copy)]
pub(super) enum Seen<'f> {
    Text(&'f str),
    Flag(bool),
    Other(Value<'f>),
}

impl<'f> Seen<'f> {
    #[inline(always)]
    fn new(value: Value<'f>) -> Seen<'f> {
        match value {
            Value::Text(text) => Seen::Text(text),
            Value::Bool(flag) => Seen::Flag(flag),
            other => Seen::Other(other),
        }
    }

    #[inline(always)]
    pub(super) fn value(self) -> Value<'f> {
        match self {
            Seen::Text(text) => Value::Text(text),
            Seen::Flag(flag) => Value::Bool(flag),
            Seen::Other(other) => other,
        }
    }
}

/// Why a rendering ends early. Boxed, so that results are small.
pub(super) type Stop = Box<Problem>;

pub(super) type Result<T> = std::result::Result<T, Stop>;

pub(super) struct Renderer<'r, 'd, V> {
    pub(super) reader: Reader<'r, V>,
    pub(super) templates: &'r Templates,
    /// `@root`
    pub(super) root: Value<'r>,
    pub(super) limits: Limits,
    pub(super) watch: &'r dyn Watch,
    pub(super) budget: Budget,
    pub(super) out: Output<'r, 'd>,
    depth: u32,
    pub(super) partials: u32,
    /// Which templates calls led to lately, by the address of the call.
    pub(super) found: [Option<(usize, &'r Template)>; 16],
}

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// Runs a body. `around`: the contexts around it, which are those of its inline partials.
    #[inline(always)]
    pub(super) fn run(&mut self, program: &Program, scope: &Scope<'f>, around: Option<&'f Contexts<'f>>) -> Result<()> {
        self.enter(program, scope)?;
        self.run_entered(program, scope, around)?;
        self.leave();
        Ok(())
    }

    /// What comes before running a body, once or many times.
    #[inline]
    pub(super) fn enter(&mut self, program: &Program, scope: &Scope<'f>) -> Result<()> {
        self.depth += 1;
        if self.depth > self.limits.depth { Err(self.too_deep(program, scope)) } else { Ok(()) }
    }

    /// What comes after it.
    #[inline]
    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    #[cold]
    fn too_deep(&self, program: &Program, scope: &Scope<'f>) -> Stop {
        let span = span_at(scope.template, program.start);
        let message = format!("more than {} blocks and partials run within each other here", self.limits.depth);
        fail(scope.template, span, message, None)
    }

    /// Runs a body that was entered.
    #[inline(always)]
    pub(super) fn run_entered(&mut self, program: &Program, scope: &Scope<'f>, around: Option<&'f Contexts<'f>>) -> Result<()> {
        if program.has_inlines() {
            return self.run_with_inlines(program, scope, around);
        }
        self.run_program(program, scope)
    }

    #[inline(never)]
    fn run_with_inlines(&mut self, program: &Program, scope: &Scope<'f>, around: Option<&'f Contexts<'f>>) -> Result<()> {
        let Scope { template, params, inlines: outer, .. } = *scope;
        let inlines = Inlines { template, range: program.inlines, contexts: around, params, is_passed: false, outer };
        self.run_program(program, &Scope { inlines: Some(&inlines), ..*scope })
    }

    fn run_program(&mut self, program: &Program, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        self.spend(program.steps as usize, template, || span_at(template, program.start))?;
        let ops = &template.ops[..program.end as usize];
        let mut next = program.start as usize;
        let mut seen = Seen::Other(Value::Undefined);
        while let Some(op) = ops.get(next) {
            next += 1;
            if !op.piece.is_none() {
                self.out.push_piece(&op.piece, template);
            }
            if op.value.way == Way::None {
                seen = Seen::Other(Value::Undefined);
            } else if op.value.way != Way::Same {
                seen = Seen::new(self.quick(&op.value, scope));
            }
            match op.action {
                Action::Nothing => {}
                Action::Path { path, escape } => match seen {
                    Seen::Text(text) if !escape && text.len() <= Buffer::SHORT => self.out.push(text),
                    seen => self.print_path(seen.value(), path, escape, scope)?,
                },
                Action::Rewrite { call, run } => match seen {
                    Seen::Text(text) => self.rewrite(text, run, call, scope)?,
                    seen => self.write_call(&seen.value(), call, false, scope)?,
                },
                Action::Call { call, escape } => self.write_call(&seen.value(), call, escape, scope)?,
                Action::If { condition } => {
                    let condition = &template.conditions[condition as usize];
                    let is_true = self.holds(seen, condition, scope)?;
                    next = self.branch(is_true, condition, scope)? as usize;
                }
                Action::Choose { condition } => {
                    let condition = &template.conditions[condition as usize];
                    let is_true = self.holds(seen, condition, scope)?;
                    self.out.push_piece(&condition.pieces[usize::from(is_true)], template);
                }
                Action::Jump { to } => next = to as usize,
                Action::Block { block } => {
                    let block = &template.blocks[block as usize];
                    self.block(self.quick(&block.about, scope), block, scope)?;
                    next = block.after as usize;
                }
                Action::Partial { partial } => {
                    let partial = &template.partials[partial as usize];
                    let known = self.quick(&partial.about, scope);
                    self.partial(&known, partial, scope)?;
                    next = partial.after as usize;
                }
            }
        }
        Ok(())
    }

    /// Writes the value of a path, if it is not the text `value`.
    #[inline(never)]
    fn print_path(&mut self, value: Value<'f>, path: u32, escape: bool, scope: &Scope<'f>) -> Result<()> {
        let value = match value {
            Value::Undefined => self.path(path, scope, false)?,
            value => value,
        };
        self.print(value, Expression::Path(path), escape, scope)
    }

    /// Writes a value. `from` is where it comes from, for messages.
    #[inline(never)]
    pub(super) fn print(&mut self, value: Value<'f>, from: Expression, escape: bool, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        let span = || span_of(template, from);
        match value {
            Value::Text(text) if !escape => return self.write(text, template, span()),
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
            match value {
                value if !escape => reader.print(value, out),
                Value::Text(text) => out.push_escaped(text),
                value => out.push_escaped_with(|out| reader.print(value, out)),
            }
            Ok(())
        });
        let written = printed?;
        self.spend(written >> 6, template, span)?;
        self.check_room(template, span)
    }

    /// Appends `text`; `span` is the reason.
    #[inline(never)]
    fn write(&mut self, text: &str, template: &Template, span: Span) -> Result<()> {
        if text.len() >= LONG {
            self.make_room(text.len(), template, || span)?;
        }
        let before = self.out.len();
        self.out.push(text);
        let written = self.out.len() - before;
        if written >= LONG { self.spend(written >> 6, template, || span) } else { Ok(()) }
    }

    /// Takes steps.
    #[inline]
    pub(super) fn spend(&mut self, steps: usize, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if self.reader.arena.fuel().take(steps) { self.refill(template, span()) } else { Ok(()) }
    }

    #[cold]
    fn refill(&mut self, template: &Template, span: Span) -> Result<()> {
        self.budget.refill(self.reader.arena.fuel()).map_err(|NoSteps(message)| beyond(template, span, message))?;
        self.check_memory(template, || span)?;
        if let Some(reason) = self.watch.must_stop() {
            return Err(beyond(template, span, reason));
        }
        self.check_room(template, || span)
    }

    /// Makes sure that the values that were made up are not too many.
    #[inline]
    pub(super) fn check_memory(&self, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        let is_too_much = self.reader.arena.bytes() > self.limits.memory;
        if is_too_much { Err(self.too_much_memory(template, span())) } else { Ok(()) }
    }

    #[cold]
    pub(super) fn too_much_memory(&self, template: &Template, span: Span) -> Stop {
        beyond(template, span, format!("the values that are made up take more than {} MB", self.limits.memory >> 20))
    }

    /// Makes sure that `length` more bytes may be written.
    pub(super) fn make_room(&mut self, length: usize, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if length > self.out.room() { Err(self.too_long(template, span())) } else { self.check_room(template, span) }
    }

    fn check_room(&mut self, template: &Template, span: impl FnOnce() -> Span) -> Result<()> {
        if self.out.is_full() { Err(self.too_long(template, span())) } else { Ok(()) }
    }

    #[cold]
    pub(super) fn too_long(&self, template: &Template, span: Span) -> Stop {
        beyond(template, span, format!("the text becomes longer than {} MB", self.limits.output >> 20))
    }
}

/// The place of an instruction, as well as it is known.
fn span_at(template: &Template, op: u32) -> Span {
    let Some(op) = template.ops.get(op as usize) else { return Span::new(0, 0) };
    match op.action {
        _ if !op.piece.is_none() => template.contents[op.piece.text as usize].span,
        Action::Path { path, .. } => template.paths[path as usize].span,
        Action::Call { call, .. } | Action::Rewrite { call, .. } => template.calls[call as usize].span,
        Action::Partial { partial } => template.partials[partial as usize].span,
        Action::If { condition } | Action::Choose { condition } => {
            span_of(template, template.conditions[condition as usize].value)
        }
        Action::Block { block } => self_span(template, &template.blocks[block as usize]),
        Action::Nothing | Action::Jump { .. } => Span::new(0, 0),
    }
}

/// A problem in `template`.
#[cold]
pub(super) fn fail(template: &Template, span: Span, message: String, hint: Option<String>) -> Stop {
    Box::new(Problem::new(&template.name, &template.source, span, message, hint))
}

/// A limit was reached.
#[cold]
pub(super) fn beyond(template: &Template, span: Span, message: String) -> Stop {
    let mut stop = fail(template, span, message, None);
    stop.is_limit = true;
    stop
}

/// The place of what a block is about.
pub(super) fn self_span(template: &Template, block: &Block) -> Span {
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

//! The values of expressions: paths and calls of helpers.

use super::budget::NoSteps;
use super::few::{Hash, Values};
use super::helpers::{self, Args, Fault, FaultKind, Helper, Rewrite, Run};
use super::options::LogLine;
use super::program::{Base, Call, Callee, Expression, Path, Quick, Variable, Way};
use super::reader::field;
use super::render::{Renderer, Result, Stop, beyond, fail, span_of};
use super::scope::{Contexts, Params, Scope};
use super::suggest::did_you_mean;
use super::value::{Field, Handle, Layered, Value, View};
use super::writer::Writer;
use crate::text::LineIndex;

/// So many bytes count for a step that a helper is given or writes: 2.5 ns for each, which is what `kebab` and `tsString` take.
const BYTES_OF_STEP: usize = 4;

/// What a helper gives.
type Outcome<T> = std::result::Result<T, Fault>;

impl<'f, 'r: 'f, V: View> Renderer<'r, '_, V> {
    /// The value of an expression. `probe`: a path may lead nowhere, in strict mode too.
    pub(super) fn expression(&mut self, expression: Expression, scope: &Scope<'f>, probe: bool) -> Result<Value<'f>> {
        Ok(match expression {
            Expression::Path(path) => return self.path(path, scope, probe),
            Expression::Call(call) => return self.call(call, scope),
            Expression::Text(name) => Value::Text(&scope.template.names[name as usize].text),
            Expression::Number(number) => Value::Number(number),
            Expression::Bool(value) => Value::Bool(value),
            Expression::Undefined => Value::Undefined,
            Expression::Null => Value::Null,
        })
    }

    /// The value of an expression, `known` being where the short way led to.
    #[inline(always)]
    pub(super) fn known_or(
        &mut self,
        known: Value<'f>,
        expression: Expression,
        scope: &Scope<'f>,
        probe: bool,
    ) -> Result<Value<'f>> {
        match known {
            Value::Undefined => self.expression(expression, scope, probe),
            known => Ok(known),
        }
    }

    /// Whether the value of an expression is true.
    pub(super) fn truth(&mut self, expression: Expression, scope: &Scope<'f>) -> Result<bool> {
        if let Expression::Call(call) = expression {
            let call = &scope.template.calls[call as usize];
            if let Callee::Helper(helper @ Helper { run: Run::Test(run), .. }) = call.helper {
                return self.with_args(helper, call, scope, run);
            }
        }
        let value = self.expression(expression, scope, true)?;
        Ok(self.reader.is_true(value))
    }

    /// The value of a path.
    pub(super) fn path(&mut self, id: u32, scope: &Scope<'f>, probe: bool) -> Result<Value<'f>> {
        match self.quick_path(id, scope) {
            Value::Undefined => self.long_path(id, scope, probe),
            value => Ok(value),
        }
    }

    /// The value that a short way leads to, if it does.
    #[inline(always)]
    pub(super) fn quick(&self, quick: &Quick, scope: &Scope<'f>) -> Value<'f> {
        match (quick.way, scope.this.owner) {
            (Way::Property, Some(owner)) => self.word(owner, quick.id),
            (_, _) => self.quick_elsewhere(quick, scope),
        }
    }

    /// A property that the view knows by number.
    #[inline(always)]
    fn word(&self, owner: &Handle, id: u16) -> Value<'f> {
        self.reader.view.word(owner, id, self.reader.arena)
    }

    /// The same for what is no property of the context, or if the context is not that simple.
    #[inline(never)]
    fn quick_elsewhere(&self, quick: &Quick, scope: &Scope<'f>) -> Value<'f> {
        let owner = match quick.way {
            Way::None | Way::Same => return Value::Undefined,
            Way::Property => scope.this.owner,
            Way::Outer => scope.contexts.and_then(|contexts| contexts.outer).and_then(|outer| outer.this.owner),
            Way::Root => {
                if let Value::Object(root) = &self.root {
                    Some(root)
                } else {
                    None
                }
            }
            Way::Deep => match &scope.this.owner.map(|owner| self.word(owner, quick.id)) {
                Some(Value::Object(owner)) => return self.word(owner, quick.name as u16),
                Some(_) | None => return Value::Undefined,
            },
            Way::Named => return self.named(quick, scope),
            Way::This => return *scope.this.value,
            Way::Key => return scope.data.of_loop(Variable::Key),
            Way::Index => return scope.data.of_loop(Variable::Index),
            Way::First => return scope.data.of_loop(Variable::First),
            Way::Last => return scope.data.of_loop(Variable::Last),
        };
        match owner {
            Some(owner) => self.word(owner, quick.id),
            None => self.quick_of_other(quick, scope),
        }
    }

    /// A property of the context that the view does not know by number: mostly what a partial is given.
    #[inline(never)]
    fn named(&self, quick: &Quick, scope: &Scope<'f>) -> Value<'f> {
        let key = scope.template.key(quick.name);
        match scope.this.value {
            Value::Layered(Layered { over: [(name, value), ..], .. }) if key.is(*name) => **value,
            // Looking into a text takes time that is counted there.
            Value::Text(_) => Value::Undefined,
            value => self.reader.property(value, key),
        }
    }

    /// The same for a property of what is no object of the view, or has others laid over it.
    #[inline(never)]
    fn quick_of_other(&self, quick: &Quick, scope: &Scope<'f>) -> Value<'f> {
        let owner = match quick.way {
            Way::Property => Some(scope.this.value),
            Way::Outer => scope.contexts.and_then(|contexts| contexts.outer).map(|outer| outer.this.value),
            Way::Root => Some(&self.root),
            Way::None | Way::Same | Way::Deep | Way::Named | Way::This | Way::Key | Way::Index | Way::First | Way::Last => None,
        };
        match owner {
            // Looking into a text takes time that is counted on the long way.
            None | Some(Value::Text(_)) => Value::Undefined,
            Some(owner) => self.reader.property(owner, scope.template.key(quick.name)),
        }
    }

    #[inline(never)]
    fn quick_path(&self, path: u32, scope: &Scope<'f>) -> Value<'f> {
        self.quick(&scope.template.paths[path as usize].quick, scope)
    }

    /// The value of a path, step by step.
    #[inline(never)]
    pub(super) fn long_path(&mut self, id: u32, scope: &Scope<'f>, probe: bool) -> Result<Value<'f>> {
        let template = scope.template;
        let path = &template.paths[id as usize];
        let is_strict = template.strict && !probe;
        let segments = (path.segments.1 - path.segments.0) as usize;
        self.spend(path.distance(scope) + segments, template, || path.span)?;
        let (mut value, rest) = self.start_of(path, scope);
        for segment in rest {
            let stays = match path.base {
                // `data && data.name`: what is false ends the path.
                Base::Data(..) => self.is_false(value),
                Base::Context(_) | Base::Param(..) => matches!(value, Value::Undefined | Value::Null),
            };
            if stays {
                if is_strict || template.assume_objects {
                    return Err(self.leads_nowhere(id, scope));
                }
                return Ok(value);
            }
            value = self.reader.property(&value, template.key(*segment));
        }
        self.spend(0, template, || path.span)?; // what the view counted
        if is_strict && matches!(value, Value::Undefined) {
            return Err(self.leads_nowhere(id, scope));
        }
        Ok(value)
    }

    /// Where a path starts, and its segments from there on.
    fn start_of(&self, path: &Path, scope: &Scope<'f>) -> (Value<'f>, &'f [u32]) {
        let template = scope.template;
        let segments = &template.segments[path.segments.0 as usize..path.segments.1 as usize];
        match path.base {
            Base::Context(0) if path.anywhere => {
                let key = template.key(segments[0]);
                // `depths[i] && lookupProperty(depths[i], name)`: a context that is false stands for its property.
                let mut values = Contexts::chain(scope.contexts).map(|context| match self.is_false(context) {
                    true => context,
                    false => self.reader.property(&context, key),
                });
                let found = values.find(|value| !matches!(value, Value::Undefined | Value::Null));
                (found.unwrap_or(Value::Undefined), &segments[1..])
            }
            Base::Context(0) => (*scope.this.value, segments),
            Base::Context(up) => (Contexts::chain(scope.contexts).nth(up as usize).unwrap_or(Value::Undefined), segments),
            Base::Data(variable, up) => {
                let Some((name, rest)) = segments.split_first() else {
                    return (Value::Undefined, segments);
                };
                (scope.data.get(variable, template.key(*name).name, up), rest)
            }
            Base::Param(up, index) => {
                let chain = std::iter::successors(scope.params, |params: &&Params<'f>| params.outer);
                let mut frames = chain.skip(up as usize);
                let value = frames.next().and_then(|params| params.values.get(index as usize)).copied();
                (value.unwrap_or(Value::Undefined), segments)
            }
        }
    }

    /// Whether JavaScript takes a value for false.
    fn is_false(&self, value: Value<'f>) -> bool {
        !self.reader.is_true(value) && self.reader.length(value).is_none()
    }

    /// The value that a helper gives.
    fn call(&mut self, id: u32, scope: &Scope<'f>) -> Result<Value<'f>> {
        let call = &scope.template.calls[id as usize];
        let helper = match call.helper {
            Callee::Helper(helper) => helper,
            Callee::Missing(path) => return self.missing(path, call, scope),
        };
        match helper.run {
            Run::Test(run) => self.with_args(helper, call, scope, |args| run(args).map(Value::Bool)),
            Run::Value(run) => self.with_args(helper, call, scope, run),
            Run::Text(_) | Run::Rewrite(_) => self.text_of(helper, call, scope),
            Run::If { .. } | Run::Each | Run::With | Run::Log => Ok(Value::Undefined),
        }
    }

    /// Writes what a helper makes of `text`, its only value.
    #[inline(never)]
    pub(super) fn rewrite(&mut self, text: &str, run: Rewrite, id: u32, scope: &Scope<'f>) -> Result<()> {
        let span = || scope.template.calls[id as usize].span;
        self.spend(1 + rewriting(text), scope.template, span)?;
        let written = self.out.push_with(|writer| {
            run(text, writer);
            if writer.is_full() { Err(()) } else { Ok(()) }
        });
        written.map(|_| ()).map_err(|()| self.too_long(scope.template, span()))
    }

    /// Writes what a helper gives. `only` is its only value, if there is a short way to it.
    #[inline(never)]
    pub(super) fn write_call(&mut self, only: &Value<'f>, id: u32, escape: bool, scope: &Scope<'f>) -> Result<()> {
        let template = scope.template;
        let call = &template.calls[id as usize];
        let Callee::Helper(helper) = call.helper else {
            self.call(id, scope)?;
            return Ok(());
        };
        match helper.run {
            Run::Text(_) | Run::Rewrite(_) if !escape => match only {
                Value::Undefined => self.write_text(helper, call, None, scope),
                only => self.write_made(helper, call, &[*only], &[], scope),
            },
            Run::Log => self.log(helper, call, scope),
            Run::Text(_) | Run::Rewrite(_) | Run::Test(_) | Run::Value(_) | Run::If { .. } | Run::Each | Run::With => {
                let value = self.call(id, scope)?;
                self.print(value, Expression::Call(id), escape, scope)
            }
        }
    }

    /// Tells whoever wants to know what a call says.
    fn log(&mut self, helper: &'static Helper, call: &Call, scope: &Scope<'f>) -> Result<()> {
        let watch = self.watch;
        let line = self.with_args(helper, call, scope, |args| helpers::log_line(args, |level| watch.wants_log(level)))?;
        let Some((level, text)) = line else { return Ok(()) };
        let Scope { template, .. } = scope;
        let position = LineIndex::new(&template.source).position(&template.source, call.span.start);
        watch.log(&LogLine { level, template: &template.name, position, text: &text });
        // Finding the line takes a look at all of the template.
        self.spend(100 + template.source.len() / BYTES_OF_STEP, template, || call.span)
    }

    /// Writes what a helper makes of the text of its block.
    pub(super) fn write_wrapped(&mut self, id: u32, text: &'f str, scope: &Scope<'f>) -> Result<()> {
        let call = &scope.template.calls[id as usize];
        match call.helper {
            Callee::Helper(helper) => self.write_text(helper, call, Some(text), scope),
            Callee::Missing(_) => Ok(()),
        }
    }

    fn write_text(&mut self, helper: &'static Helper, call: &Call, block: Option<&'f str>, scope: &Scope<'f>) -> Result<()> {
        let (mut values, mut hash) = (Values::new(), Hash::new());
        if let Some(text) = block {
            values.push(Value::Text(text));
        }
        self.arguments(helper, call, scope, &mut values, &mut hash)?;
        self.write_made(helper, call, values.as_slice(), hash.as_slice(), scope)
    }

    /// Writes what a helper makes of what it is given.
    fn write_made(
        &mut self,
        helper: &'static Helper,
        call: &Call,
        values: &[Value<'f>],
        hash: &[Field<'f>],
        scope: &Scope<'f>,
    ) -> Result<()> {
        let (template, span) = (scope.template, call.span);
        let result = Args::new(values, hash, self.reader.any(), &mut self.budget)
            .and_then(|mut args| self.out.push_with(|writer| helper.write(&mut args, writer)));
        let written = result.map_err(|fault| fault.at(call, scope, || self.too_long(template, span)))?;
        self.spend(written / BYTES_OF_STEP, template, || span)
    }

    /// What a helper would write.
    fn text_of(&mut self, helper: &'static Helper, call: &Call, scope: &Scope<'f>) -> Result<Value<'f>> {
        let (mut values, mut hash) = (Values::new(), Hash::new());
        self.arguments(helper, call, scope, &mut values, &mut hash)?;
        let (values, hash, reader) = (values.as_slice(), hash.as_slice(), self.reader.any());
        // For a moment, it is there twice.
        let room = self.limits.memory.saturating_sub(self.reader.arena.bytes()) / 2;
        let text = Args::new(values, hash, reader, &mut self.budget)
            .and_then(|mut args| self.out.aside(self.reader.arena, room, |writer| helper.write(&mut args, writer)));
        let text = text.map_err(|fault| fault.at(call, scope, || self.too_much_memory(scope.template, call.span)))?;
        self.spend_on_value(text.len() / BYTES_OF_STEP, call, scope)?;
        Ok(Value::Text(text))
    }

    /// Calls `run` with the values that a helper is given.
    #[inline]
    fn with_args<T>(
        &mut self,
        helper: &'static Helper,
        call: &Call,
        scope: &Scope<'f>,
        run: impl FnOnce(&mut Args<'_, 'f>) -> Outcome<T>,
    ) -> Result<T> {
        let params = &scope.template.expressions[call.params.0 as usize..call.params.1 as usize];
        if let ([a, b], true) = (params, call.hash.0 == call.hash.1) {
            let values = [self.expression(*a, scope, helper.probes)?, self.expression(*b, scope, helper.probes)?];
            return self.run_helper(call, &values, &[], scope, run);
        }
        let (mut values, mut hash) = (Values::new(), Hash::new());
        self.arguments(helper, call, scope, &mut values, &mut hash)?;
        self.run_helper(call, values.as_slice(), hash.as_slice(), scope, run)
    }

    #[inline]
    fn run_helper<T>(
        &mut self,
        call: &Call,
        values: &[Value<'f>],
        hash: &[Field<'f>],
        scope: &Scope<'f>,
        run: impl FnOnce(&mut Args<'_, 'f>) -> Outcome<T>,
    ) -> Result<T> {
        let value = Args::new(values, hash, self.reader.any(), &mut self.budget).and_then(|mut args| run(&mut args));
        let value = value.map_err(|fault| fault.at(call, scope, || self.too_long(scope.template, call.span)))?;
        self.spend_on_value(0, call, scope)?;
        Ok(value)
    }

    /// Counts what a call gave, and what was counted while it was made.
    #[inline]
    fn spend_on_value(&mut self, steps: usize, call: &Call, scope: &Scope<'f>) -> Result<()> {
        self.spend(steps, scope.template, || call.span)?;
        // A value that was made up may be large.
        self.check_memory(scope.template, || call.span)
    }

    #[inline(never)]
    fn arguments(
        &mut self,
        helper: &'static Helper,
        call: &Call,
        scope: &Scope<'f>,
        values: &mut Values<'f>,
        hash: &mut Hash<'f>,
    ) -> Result<()> {
        let template = scope.template;
        for param in &template.expressions[call.params.0 as usize..call.params.1 as usize] {
            values.push(self.expression(*param, scope, helper.probes)?);
        }
        for (name, value) in &template.pairs[call.hash.0 as usize..call.hash.1 as usize] {
            let value = self.expression(*value, scope, helper.probes)?;
            hash.push((&template.names[*name as usize].text, value));
        }
        Ok(())
    }

    /// A call of a helper that does not exist, in non-strict mode: nothing, if it is given no values and the context has
    /// no such property either.
    fn missing(&mut self, path: u32, call: &Call, scope: &Scope<'f>) -> Result<Value<'f>> {
        let value = self.path(path, scope, true)?;
        if call.params.0 == call.params.1 && matches!(value, Value::Undefined | Value::Null) {
            return Ok(Value::Undefined);
        }
        let name = scope.template.paths[path as usize].span.of(&scope.template.source);
        let hint = did_you_mean(name, helpers::helpers().map(|helper| helper.name));
        Err(fail(scope.template, call.span, format!("there is no helper `{name}`"), hint))
    }

    /// A value was to be printed that has no text.
    #[cold]
    pub(super) fn no_text(&self, value: Value<'f>, from: Expression, scope: &Scope<'f>) -> Stop {
        let template = scope.template;
        let span = span_of(template, from);
        let what = span.of(&template.source);
        let message = format!("`{what}` is {}, which has no text", self.reader.describe(value));
        let hint = match value {
            Value::List(_) | Value::Items(_) => format!("write `{{{{join {what} \", \"}}}}` or `{{{{#each {what}}}}}`"),
            value => format!("it has `{}`", self.reader.keys(value).join("`, `")),
        };
        fail(template, span, message, Some(hint))
    }

    /// A path leads nowhere: finds out where it ends.
    #[cold]
    pub(super) fn leads_nowhere(&self, id: u32, scope: &Scope<'f>) -> Stop {
        let template = scope.template;
        let path = &template.paths[id as usize];
        let (mut value, rest) = self.start_of(path, scope);
        let mut reached = match path.base {
            Base::Context(0) => String::new(),
            Base::Context(up) => vec![".."; up as usize].join("/"),
            Base::Data(..) => {
                let name = template.segments.get(path.segments.0 as usize).map_or("", |name| template.key(*name).name);
                format!("@{name}")
            }
            Base::Param(..) => {
                let text = path.span.of(&template.source);
                text.split(['.', '/']).next().unwrap_or(text).to_owned()
            }
        };
        let problem = |message: String, hint: Option<String>| fail(template, path.span, message, hint);
        if path.anywhere && matches!(value, Value::Undefined) {
            let name = template.key(template.segments[path.segments.0 as usize]).name;
            return problem(format!("`{name}` is a property of no context around"), None);
        }
        if matches!(value, Value::Undefined) {
            return match path.base {
                Base::Context(0) => problem("there is no context here".to_owned(), None),
                Base::Context(up) => problem(format!("there is no context {up} levels up"), None),
                Base::Data(variable, _) => problem(format!("there is no `{reached}` here"), variable_hint(variable, &reached)),
                Base::Param(..) => problem(format!("`{reached}` has no value"), None),
            };
        }
        for segment in rest {
            let name = template.key(*segment).name;
            if matches!(value, Value::Null) || self.is_false(value) {
                let owner = if reached.is_empty() { "the context" } else { &format!("`{reached}`") };
                let hint = format!("ask first: `{{{{#if {}}}}}`", if reached.is_empty() { "." } else { &reached });
                return problem(format!("{owner} is {}, so it has no `{name}`", self.reader.describe(value)), Some(hint));
            }
            let next = self.reader.property(&value, template.key(*segment));
            if matches!(next, Value::Undefined) {
                let mut known = self.reader.keys(value);
                if self.reader.length(value).is_some() {
                    known = vec!["length"];
                }
                let hint = match did_you_mean(name, known.iter().copied()) {
                    Some(hint) if hint.starts_with("did you mean") => Some(hint),
                    other => self.elsewhere(name, scope).or(other),
                };
                let described = self.described(value, &reached);
                let hint = hint.or_else(|| match described {
                    OPTIONS => Some(format!("declare it in pack.toml, in a table [options.{name}]")),
                    _ => None,
                });
                return problem(format!("`{name}` is not a property of {described}"), hint);
            }
            if !reached.is_empty() {
                reached.push('.');
            }
            reached.push_str(name);
            value = next;
        }
        problem(format!("`{}` has no value", path.span.of(&template.source)), None)
    }

    /// What a message calls `value`, to which `reached` led. What packs give to templates has no kind, but a place.
    fn described(&self, value: Value<'f>, reached: &str) -> &'f str {
        let (Value::Fields(fields), Value::Fields(root)) = (value, self.root) else { return self.reader.describe(value) };
        if std::ptr::eq(fields, root) {
            return "the top of the template";
        }
        let last = reached.rsplit('.').next().unwrap_or(reached);
        let is_at_top = matches!(field(root, last), Some(Value::Fields(found)) if std::ptr::eq(found, fields));
        let described = AT_TOP.iter().find(|(name, _)| is_at_top && *name == last);
        described.map_or_else(|| self.reader.describe(value), |(_, described)| described)
    }

    /// Where else a name means something.
    fn elsewhere(&self, name: &str, scope: &Scope<'f>) -> Option<String> {
        let has = |context: &Value<'f>| !matches!(self.reader.property(context, self.reader.key(name)), Value::Undefined);
        let up = Contexts::chain(scope.contexts).take(20).position(|context| has(&context));
        match up {
            Some(up) if up > 0 => Some(format!("did you mean `{}{name}`?", "../".repeat(up))),
            _ => helpers::find(name).map(|helper| format!("`{name}` is a helper: `{{{{{name} {}}}}}`", helper.usage)),
        }
    }
}

const OPTIONS: &str = "the options of the pack";

/// What messages call the objects at the top of the templates of packs that are no objects of the view.
const AT_TOP: &[(&str, &str)] =
    &[("options", OPTIONS), ("results", "the results that the output needs"), ("pack", "the pack"), ("output", "the output")];

/// What to do about a variable that is not there.
fn variable_hint(variable: Variable, name: &str) -> Option<String> {
    match variable {
        Variable::Key | Variable::Index | Variable::First | Variable::Last => {
            Some("it is there in `{{#each}}` and other blocks that go through a list".to_owned())
        }
        Variable::Root | Variable::PartialBlock => None,
        Variable::Other => did_you_mean(name, ["@root", "@index", "@key", "@first", "@last", "@partial-block"].into_iter()),
    }
}

impl Helper {
    /// Writes what it makes of its values, if it writes text.
    fn write(&self, args: &mut Args<'_, '_>, writer: &mut Writer<'_>) -> Outcome<()> {
        match self.run {
            Run::Text(run) => run(args, writer)?,
            Run::Rewrite(run) => {
                let text = args.text(0)?;
                args.spend(rewriting(text))?;
                run(text, writer);
            }
            Run::If { .. } | Run::Each | Run::With | Run::Log | Run::Test(_) | Run::Value(_) => {}
        }
        if writer.is_full() { Err(Fault::full()) } else { Ok(()) }
    }
}

/// What changing the case of a text counts for: beyond ASCII it goes from character to character, which takes 10 ns for each.
#[inline]
fn rewriting(text: &str) -> usize {
    let is_slow = text.len() >= 32 && !text.is_ascii();
    if is_slow { text.len() } else { text.len() / BYTES_OF_STEP }
}

impl Fault {
    /// The problem of a call; `full` is that of a text that becomes too long.
    #[cold]
    fn at(self, call: &Call, scope: &Scope<'_>, full: impl FnOnce() -> Stop) -> Stop {
        let name = match call.helper {
            Callee::Helper(helper) => helper.name,
            Callee::Missing(_) => "helper",
        };
        match self.into_kind() {
            FaultKind::Wrong(message, hint) => fail(scope.template, call.span, format!("`{name}`: {message}"), hint),
            FaultKind::NoSteps(NoSteps(message)) => beyond(scope.template, call.span, message),
            FaultKind::Full => full(),
        }
    }
}

impl Path {
    /// What finding its start counts for: contexts, parameters and frames of variables are looked through one by one.
    #[inline]
    fn distance(&self, scope: &Scope<'_>) -> usize {
        match self.base {
            Base::Context(_) if self.anywhere => Contexts::chain(scope.contexts).count(),
            Base::Context(up) | Base::Param(up, _) => up as usize / 2,
            Base::Data(..) => scope.data.depth() / 2,
        }
    }
}

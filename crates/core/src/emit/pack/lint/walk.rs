//! Follows the paths of one text through what is known of its contexts, as rendering will follow them through values.

use super::super::ast::{Block, Call, Expression, Partial, PartialName, Path, Program, Statement};
use super::super::helpers::{self, Group, Helper, Run};
use super::super::parser::name_of;
use super::super::suggest::did_you_mean;
use super::super::trouble::nearest;
use super::known::{Known, group};
use super::names::Names;
use super::scope::{Block as Given, Contexts, Inlines, Scope};
use crate::text::Span;

/// Whether rendering gets to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Never: it takes a property that does not exist.
    Never,
    /// If some condition is true, which may ask for the kind of the context.
    Maybe,
    /// Whenever the text is rendered, and the lists on the way are not empty.
    Always,
}

/// A path of a text.
pub(super) struct Followed {
    pub(super) span: Span,
    /// Why it leads nowhere, if so.
    pub(super) nowhere: Option<Nowhere>,
}

#[derive(Clone, Debug)]
pub(super) struct Nowhere {
    pub(super) message: String,
    pub(super) hint: Option<String>,
    /// Rendering fails there, whatever else the text is used for.
    pub(super) fails: bool,
}

/// A call of a partial.
pub(super) struct Called<'t> {
    pub(super) callee: Callee,
    pub(super) span: Span,
    pub(super) reach: Reach,
    pub(super) context: Known,
    /// The inline partials that it may call.
    pub(super) inlines: Inlines<'t>,
    /// The block that it is given, which stands in for a partial that does not exist.
    pub(super) block: Option<Given<'t>>,
    /// Where the call stands.
    pub(super) scope: Scope<'t>,
}

/// What a call names.
pub(super) enum Callee {
    /// A partial of one of these names.
    Named(Vec<String>),
    /// Any.
    Unknown,
    /// `@partial-block`
    Block,
}

/// What stands in a text and is rendered only if a call leads to it.
pub(super) struct Waiting<'t> {
    pub(super) program: &'t Program<'t>,
    pub(super) scope: Scope<'t>,
}

/// What is found on a walk.
pub(super) struct Walked<'t> {
    pub(super) followed: Vec<Followed>,
    pub(super) called: Vec<Called<'t>>,
    pub(super) waiting: Vec<Waiting<'t>>,
}

/// Walks `program`, the outermost body of a text, or one that is called.
pub(super) fn walk<'t>(program: &'t Program<'t>, scope: &Scope<'t>, reach: Reach, names: &Names) -> Walked<'t> {
    let found = Walked { followed: Vec::new(), called: Vec::new(), waiting: Vec::new() };
    let mut walk = Walk { names, scope: scope.clone(), reach, found };
    walk.program(program, &scope.contexts.around());
    walk.found
}

struct Walk<'w, 't> {
    names: &'w Names,
    scope: Scope<'t>,
    reach: Reach,
    found: Walked<'t>,
}

impl<'t> Walk<'_, 't> {
    /// A body, in the contexts `around` and perhaps one of its own.
    fn program(&mut self, program: &'t Program<'t>, around: &Contexts) {
        let outer = self.scope.inlines.clone();
        self.scope.inlines = self.scope.declare(program, around, false);
        for statement in &program.body {
            match statement {
                Statement::Content(_) | Statement::Comment(_) => {}
                Statement::Mustache(mustache) => {
                    self.mustache(&mustache.call);
                }
                Statement::Block(block) => self.block(block),
                Statement::Partial(partial) => self.partial(partial),
                Statement::Inline(inline) => {
                    let scope = Scope { contexts: around.clone(), block: Given::Unknown, ..self.scope.clone() };
                    self.found.waiting.push(Waiting { program: &inline.program, scope });
                }
            }
        }
        self.scope.inlines = outer;
    }

    fn mustache(&mut self, call: &'t Call<'t>) -> Option<Known> {
        let is_call = has_values(call)
            || self.helper(&call.callee).is_some_and(|helper| helper.group == Group::Builtin && helper.name != "default");
        if is_call { self.call(call) } else { self.expression(&call.callee, false) }
    }

    fn block(&mut self, block: &'t Block<'t>) {
        let call = &block.call;
        let Some(helper) = self.helper(&call.callee) else { return self.section(block) };
        match helper.run {
            Run::If { .. } => {
                self.arguments(helper, call);
                self.bodies(block, Reach::Maybe);
            }
            Run::Test(_) if has_values(call) => {
                self.call(call);
                self.bodies(block, Reach::Maybe);
            }
            Run::Each => {
                let item = match self.arguments(helper, call).into_iter().next().flatten() {
                    None => None,
                    Some(Known::List(item)) => Some(*item),
                    // Its properties, one after the other.
                    Some(_) => Some(Known::Unknown),
                };
                self.scoped(block, item, Known::Plain);
            }
            Run::With => {
                let value = self.arguments(helper, call).into_iter().next().flatten();
                self.scoped(block, value, Known::Unknown);
            }
            Run::Text(_) | Run::Rewrite(_) => {
                self.arguments(helper, call);
                self.bodies(block, self.reach);
            }
            Run::Test(_) | Run::Value(_) | Run::Log => self.section(block),
        }
    }

    /// `{{#value}}`: for each item of a list, in an object, or where it is true.
    fn section(&mut self, block: &'t Block<'t>) {
        match self.mustache(&block.call) {
            Some(Known::List(item)) => self.scoped(block, Some(*item), Known::Plain),
            Some(Known::Plain | Known::Texts(_)) => self.scoped(block, Some(Known::Unknown), Known::Unknown),
            value => self.scoped(block, value, Known::Unknown),
        }
    }

    /// Both bodies of a block, in the context around it.
    fn bodies(&mut self, block: &'t Block<'t>, reach: Reach) {
        for body in block.program.iter().chain(&block.inverse) {
            self.body(body, None, reach);
        }
    }

    /// The body of a block in another context; `second` is the second of its parameters. There is none where the value of
    /// the block cannot exist: nothing is rendered then.
    fn scoped(&mut self, block: &'t Block<'t>, context: Option<Known>, second: Known) {
        if let Some(body) = &block.program {
            let reach = if context.is_some() { self.reach } else { Reach::Never };
            let context = context.unwrap_or(Known::Unknown);
            self.scope.params.extend((!body.params.is_empty()).then(|| (&*body.params, [context.clone(), second])));
            self.body(body, Some(context), reach);
            if !body.params.is_empty() {
                self.scope.params.pop();
            }
        }
        if let Some(inverse) = &block.inverse {
            self.body(inverse, None, Reach::Maybe);
        }
    }

    /// What stands in a block, in a context of its own if it has one.
    fn body(&mut self, body: &'t Program<'t>, context: Option<Known>, reach: Reach) {
        let around = (self.scope.contexts.clone(), self.reach);
        self.reach = self.reach.min(reach);
        if let Some(context) = context {
            self.scope.contexts = around.0.with(context);
        }
        self.program(body, &around.0);
        (self.scope.contexts, self.reach) = around;
    }

    fn partial(&mut self, partial: &'t Partial<'t>) {
        let context = match partial.params.first() {
            Some(context) => self.expression(context, false),
            None => self.scope.contexts.up(0),
        };
        let hash = partial.hash.iter().map(|pair| {
            let value = self.expression(&pair.value, false);
            (pair.key.clone().into_owned(), value.unwrap_or(Known::Unknown))
        });
        let hash: Vec<(String, Known)> = hash.collect();
        let reach = if context.is_some() { self.reach } else { Reach::Never };
        let context = context.unwrap_or(Known::Unknown).layered(hash);
        let callee = match &partial.name {
            PartialName::Static(name) => Callee::Named(vec![name.clone().into_owned()]),
            PartialName::Block => Callee::Block,
            PartialName::Dynamic(name) => match self.expression(name, false) {
                Some(Known::Texts(names)) => Callee::Named(names),
                Some(_) | None => Callee::Unknown,
            },
        };
        let scope = self.scope.clone();
        let inlines = match &partial.block {
            Some(body) => scope.declare(body, &scope.contexts, true),
            None => scope.inlines.clone(),
        };
        let block = partial.block.as_ref().map(|body| scope.close(body));
        if let Some(body) = &partial.block {
            self.found.waiting.push(Waiting { program: body, scope: scope.clone() });
        }
        self.found.called.push(Called { callee, span: partial.span, reach, context, inlines, block, scope });
    }

    /// The helper that a callee names, if it names one.
    fn helper(&self, callee: &Expression<'t>) -> Option<&'static Helper> {
        match callee {
            Expression::Path(path) if !path.is_simple() => None,
            callee => {
                let name = name_of(callee);
                if self.param(&name).is_some() { None } else { helpers::find(&name) }
            }
        }
    }

    fn param(&self, name: &str) -> Option<Known> {
        self.scope.params.iter().rev().find_map(|(names, values)| {
            let at = names.iter().position(|param| *param == name)?;
            Some(values.get(at).cloned().unwrap_or(Known::Unknown))
        })
    }

    /// The value of an expression; none if it cannot have one. `probes`: it may ask for what does not exist.
    fn expression(&mut self, expression: &'t Expression<'t>, probes: bool) -> Option<Known> {
        match expression {
            Expression::Path(path) => self.path(path, probes),
            Expression::Call(call) => self.call(call),
            Expression::Text(text, _) => Some(Known::texts(vec![text.clone().into_owned()])),
            Expression::Number(..) | Expression::Bool(..) => Some(Known::Plain),
            Expression::Undefined(_) | Expression::Null(_) => Some(Known::Unknown),
        }
    }

    fn call(&mut self, call: &'t Call<'t>) -> Option<Known> {
        let Some(helper) = self.helper(&call.callee) else { return Some(Known::Unknown) };
        let values = self.arguments(helper, call);
        if ["eq", "ne"].contains(&helper.name) {
            self.compare(call, &values);
        }
        if helper.name == "concat" {
            return Some(Known::concat(values));
        }
        let first = values.into_iter().next().flatten();
        let by = match helper.name {
            "filter" => call.params.get(1),
            _ => call.hash.iter().find(|pair| pair.key == "by").map(|pair| &pair.value),
        };
        if let (Some(Known::List(item)), Some(Expression::Text(by, span))) = (&first, by) {
            self.follow((**item).clone(), by.split('.'), *span, true);
        }
        match (helper.name, helper.run) {
            ("sort" | "filter" | "unique", _) => first,
            ("lookup", _) => Some(looked_up(first, call.params.get(1))),
            ("group", _) => first.map(|list| Known::list(group(list))),
            (_, Run::Test(_) | Run::Text(_) | Run::Rewrite(_)) => Some(Known::Plain),
            (_, Run::Value(_) | Run::If { .. } | Run::Each | Run::With | Run::Log) => Some(Known::Unknown),
        }
    }

    /// A text that is compared with a value which it cannot be is a mistake: both are told apart by what is known of them.
    fn compare(&mut self, call: &'t Call<'t>, values: &[Option<Known>]) {
        let ([a, b], [of_a, of_b]) = (&call.params[..], values) else { return };
        for (literal, known) in [(a, of_b), (b, of_a)] {
            // One text may be what a caller happens to give.
            if let (Expression::Text(text, span), Some(Known::Texts(all))) = (literal, known)
                && all.len() > 1
            {
                let wrong = || {
                    let message = format!("{text:?} is never equal to that, which is one of {}", quoted(all));
                    let near = nearest(text, all.iter().map(String::as_str));
                    (message, near.map(|near| format!("did you mean {near:?}?")))
                };
                // Rendering goes on.
                self.note(*span, true, (!all.iter().any(|known| *known == **text)).then(wrong));
            }
        }
    }

    /// The values that a helper is given.
    fn arguments(&mut self, helper: &Helper, call: &'t Call<'t>) -> Vec<Option<Known>> {
        let probes = helper.probes || matches!(helper.run, Run::If { .. } | Run::With);
        let values = call.params.iter().map(|param| self.expression(param, probes)).collect();
        for pair in &call.hash {
            self.expression(&pair.value, probes);
        }
        values
    }

    fn path(&mut self, path: &'t Path<'t>, probes: bool) -> Option<Known> {
        let mut segments = path.segments.iter().map(|segment| &**segment);
        let first = path.segments.first().map_or("", |first| &**first);
        if path.data {
            segments.next();
            let value = match first {
                "root" => self.scope.root.clone(),
                "index" | "key" | "first" | "last" => Known::Plain,
                "partial-block" => Known::Unknown,
                _ => {
                    let message = format!("there is no `@{first}`");
                    self.note(path.span, probes, Some((message, did_you_mean(first, VARIABLES.iter().copied()))));
                    return None;
                }
            };
            return self.follow(value, segments, path.span, probes);
        }
        if path.depth == 0
            && !path.scoped
            && let Some(value) = self.param(first)
        {
            segments.next();
            return self.follow(value, segments, path.span, probes);
        }
        let up = path.depth as usize;
        match self.scope.contexts.up(up) {
            Some(context) => self.follow(context, segments, path.span, probes),
            None => {
                let message = format!("there is no context {up} {} up", if up == 1 { "level" } else { "levels" });
                let hint = "a partial sees what it is given: `{{> name key=value}}`".to_owned();
                self.note(path.span, probes, Some((message, Some(hint))));
                None
            }
        }
    }

    /// Where `segments` lead to from `value`.
    fn follow<'n>(
        &mut self,
        mut value: Known,
        segments: impl Iterator<Item = &'n str>,
        span: Span,
        probes: bool,
    ) -> Option<Known> {
        for name in segments {
            if value == Known::Unknown && !self.names.is_known(name) {
                let message = format!("nothing that templates see has `{name}`");
                self.note(span, probes, Some((message, Some(self.names.hint(name)))));
                return None;
            }
            match value.property(name) {
                Some(next) => value = next,
                None => {
                    let message = format!("`{name}` is not a property of {}", value.described());
                    self.note(span, probes, Some((message, self.hint(&value, name))));
                    return None;
                }
            }
        }
        self.note(span, probes, None);
        Some(value)
    }

    /// What may have been meant by the property `name` of `value`.
    fn hint(&self, value: &Known, name: &str) -> Option<String> {
        let near = did_you_mean(name, value.names().into_iter());
        if near.as_ref().is_some_and(|near| near.starts_with("did you mean")) {
            return near;
        }
        let outer = self.scope.contexts.known().enumerate().skip(1);
        let has = |(_, context): &(usize, &Known)| **context != Known::Unknown && context.property(name).is_some();
        if let Some((up, _)) = outer.into_iter().find(has) {
            return Some(format!("did you mean `{}{name}`?", "../".repeat(up)));
        }
        match value {
            Known::List(item) if item.property(name).is_some() => Some("`{{#each}}` goes through a list".to_owned()),
            _ if near.is_some() => near,
            _ => helpers::find(name).map(|helper| format!("`{name}` is a helper: `{{{{{name} {}}}}}`", helper.usage)),
        }
    }

    fn note(&mut self, span: Span, probes: bool, nowhere: Option<(String, Option<String>)>) {
        if self.reach == Reach::Never {
            return;
        }
        let fails = self.reach == Reach::Always && !probes;
        let nowhere = nowhere.map(|(message, hint)| Nowhere { message, hint, fails });
        self.found.followed.push(Followed { span, nowhere });
    }
}

/// The variables that templates have.
const VARIABLES: &[&str] = &["root", "index", "key", "first", "last", "partial-block"];

fn quoted(texts: &[String]) -> String {
    texts.iter().map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", ")
}

fn has_values(call: &Call<'_>) -> bool {
    !call.params.is_empty() || !call.hash.is_empty()
}

/// What `lookup` finds in `value`, if the name of the property is written there. One that does not exist is nothing.
fn looked_up(value: Option<Known>, name: Option<&Expression<'_>>) -> Known {
    match (value, name) {
        (Some(value), Some(Expression::Text(name, _))) => value.property(name).unwrap_or(Known::Unknown),
        (_, _) => Known::Unknown,
    }
}

//! Conditions of outputs that are always the same, whatever the options and the project are: found by trying.
//!
//! The paths in a condition are taken for variables that do not depend on each other, each with all values that it can have
//! and some that it cannot. So some conditions that are never true are missed, and none is told of that can be.

use super::super::assembly::Pack;
use super::super::ast::{Call, Expression, Path, Statement};
use super::super::helpers;
use super::super::manifest::ForEach;
use super::super::option::OptionType;
use super::super::parser::{name_of, parse};
use super::super::value::{Arena, Field, NoView, Value};
use super::super::view::{SCOPE, Shape};
use super::super::{Dialect, Options, Templates, compile, render};
use super::known::{all_values, has};
use crate::emit::sink;

/// Combinations of values that are tried, at most: more would take a second.
const MOST_TRIED: usize = 4096;

/// What is constant in the condition `when` of an output: what it says, or a comparison in it, and whether that is true. Nothing
/// if it is `true` itself: that does no harm.
pub(super) fn constant(pack: &Pack, for_each: ForEach, when: &str) -> Option<(String, bool)> {
    let text = format!("{{{{#if {when}}}}}1{{{{/if}}}}");
    let program = parse(&text).ok()?;
    let Some(Statement::Block(block)) = program.body.first() else { return None };
    let [whole] = &block.call.params[..] else { return None };
    let mut comparisons = Vec::new();
    compared(whole, &mut comparisons);
    let comparisons = comparisons.into_iter().map(|call| call.span.of(&text));
    let parts = comparisons.map(|call| call.trim_start_matches('(').trim_end_matches(')'));
    let parts = parts.map(|call| (format!("({call})"), format!("`{call}`")));
    let all = [(when.to_owned(), "`when`".to_owned())].into_iter().chain(parts);
    let mut constants = all.filter_map(|(part, called)| Some((called, always(pack, for_each, &part)?)));
    constants.find(|(called, is_true)| !*is_true || called != "`when`" || when.trim() != "true")
}

/// The comparisons in an expression.
fn compared<'t, 's>(expression: &'t Expression<'s>, found: &mut Vec<&'t Call<'s>>) {
    if let Expression::Call(call) = expression {
        if ["eq", "ne"].contains(&&*name_of(&call.callee)) {
            found.push(call);
        }
        call.params.iter().for_each(|param| compared(param, found));
    }
}

/// Whether an expression is always true (or always not), if that is known.
fn always(pack: &Pack, for_each: ForEach, expression: &str) -> Option<bool> {
    let text = format!("{{{{#if {expression}}}}}1{{{{/if}}}}");
    let program = parse(&text).ok()?;
    let Some(Statement::Block(block)) = program.body.first() else { return None };
    let [whole] = &block.call.params[..] else { return None };
    let mut found = Found::default();
    found.walk(whole, Use::Truth)?;
    let arena = Arena::new();
    let mut text = text.clone();
    let mut names: Vec<String> = Vec::new();
    let mut values: Vec<Vec<Value<'_>>> = Vec::new();
    found.paths.sort_by_key(|(path, _)| std::cmp::Reverse(path.span.start));
    for (path, used) in &found.paths {
        let domain = found.values(pack, for_each, path, *used, &arena)?;
        let name = steps(path).join(".");
        let at = names.iter().position(|known| *known == name).unwrap_or(names.len());
        if at == names.len() {
            names.push(name);
            values.push(domain);
        } else if domain.len() > values[at].len() {
            values[at] = domain;
        }
        // What is before it in the text stays where it is.
        if !path.span.of(&text).ends_with(&*path.original) {
            return None;
        }
        text.replace_range(path.span.start as usize..path.span.end as usize, &format!("v{at}"));
    }
    let tried = values.iter().try_fold(1_usize, |product, values| product.checked_mul(values.len()))?;
    if tried > MOST_TRIED {
        return None;
    }
    let template = compile("when", &text, &Dialect::CODE).ok()?;
    let variables: Vec<String> = (0..names.len()).map(|at| format!("v{at}")).collect();
    let mut outcome = None;
    for number in 0..tried {
        let mut rest = number;
        let fields = variables.iter().zip(&values).map(|(name, values)| {
            let value = values[rest % values.len()];
            rest /= values.len();
            (name.as_str(), value)
        });
        let fields: Vec<Field<'_>> = fields.collect();
        let mut result = Ok(());
        let root = Value::Fields(&fields);
        let written = sink::whole(|sink| result = render(&template, &Templates::new(), &NoView, root, &Options::DEFAULT, sink));
        let is_true = result.ok().map(|()| !written.is_empty())?;
        if outcome.is_some_and(|known| known != is_true) {
            return None;
        }
        outcome = Some(is_true);
    }
    outcome
}

/// What becomes of a value.
#[derive(Clone, Copy, PartialEq)]
enum Use {
    /// It is true or not.
    Truth,
    /// It is compared with others.
    Compared,
    /// A helper makes something of it.
    Other,
}

/// The paths and the literals of an expression.
#[derive(Default)]
struct Found<'t> {
    paths: Vec<(&'t Path<'t>, Use)>,
    texts: Vec<&'t str>,
    numbers: Vec<f64>,
}

impl<'t> Found<'t> {
    /// None if not all of it is understood.
    fn walk(&mut self, expression: &'t Expression<'t>, used: Use) -> Option<()> {
        match expression {
            Expression::Path(path) => self.paths.push((path, used)),
            Expression::Text(text, _) => self.texts.push(text),
            Expression::Number(number, _) => self.numbers.push(*number),
            Expression::Bool(..) | Expression::Undefined(_) | Expression::Null(_) => {}
            Expression::Call(call) => {
                let name = name_of(&call.callee);
                helpers::find(&name).filter(|_| call.hash.is_empty() && !call.params.is_empty())?;
                let used = match &*name {
                    "and" | "or" | "not" => Use::Truth,
                    "eq" | "ne" => Use::Compared,
                    _ => Use::Other,
                };
                return call.params.iter().try_for_each(|param| self.walk(param, used));
            }
        }
        Some(())
    }

    /// All values that a path can have, or enough of them: of texts and numbers those that it is compared with, and others that
    /// are no others'. None if that is not known.
    fn values<'a>(&self, pack: &Pack, for_each: ForEach, path: &Path<'_>, used: Use, arena: &'a Arena) -> Option<Vec<Value<'a>>> {
        let flags = [Value::Bool(true), Value::Bool(false)];
        let number = self.paths.iter().position(|(other, _)| std::ptr::eq(*other, path)).unwrap_or(0);
        let others = || (0..self.paths.len()).map(|at| format!("\u{1}{at}")).skip(number).take(1);
        let any_text = || {
            let known = self.texts.iter().map(|text| (*text).to_owned()).chain([String::new(), "\u{1}".to_owned()]);
            known.chain(others()).map(|text| Value::Text(arena.text(&text))).collect::<Vec<Value<'a>>>()
        };
        let texts = |texts: &[String]| texts.iter().map(|text| Value::Text(arena.text(text))).collect::<Vec<_>>();
        let steps = steps(path);
        if let ["options", name] = steps[..] {
            let options = pack.options();
            let option = options.iter().find(|option| option.name == name)?;
            return match &option.ty {
                OptionType::Flag => Some(flags.to_vec()),
                OptionType::Choice(choices) => Some(texts(choices)),
                OptionType::Text if used != Use::Other => Some(any_text()),
                OptionType::Number if used != Use::Other => {
                    let others = [0.0, f64::MAX, f64::MAX / (number + 2) as f64];
                    Some(self.numbers.iter().copied().chain(others).map(Value::Number).collect())
                }
                OptionType::Texts if used == Use::Truth => Some(vec![Value::Items(&[]), Value::Items(arena.items(&flags))]),
                OptionType::Text | OptionType::Number | OptionType::Texts => None,
            };
        }
        let (first, rest) = steps.split_first()?;
        let mut shape = SCOPE.iter().find(|(name, ..)| name == first && has(for_each, first))?.1;
        let mut doc = "";
        for name in rest {
            let (Shape::One(kind) | Shape::Link(kind)) = shape else { return None };
            let field = kind.spec().fields.iter().find(|field| field.name == *name)?;
            (shape, doc) = (field.shape, field.doc);
        }
        let values = match shape {
            Shape::Flag => flags.to_vec(),
            Shape::Text => match all_values(doc) {
                Some(all) => texts(&all),
                None if used != Use::Other => any_text(),
                None => return None,
            },
            Shape::One(_) | Shape::Link(_) if used == Use::Truth => vec![Value::Bool(true)],
            Shape::Texts | Shape::Many(_) | Shape::Links(_) if used == Use::Truth => flags.to_vec(),
            Shape::Value | Shape::One(_) | Shape::Link(_) | Shape::Texts | Shape::Many(_) | Shape::Links(_) => return None,
        };
        // What leads there may be missing.
        Some(values.into_iter().chain([Value::Null]).collect())
    }
}

/// The steps of a path from the top; none if it starts elsewhere.
fn steps<'p>(path: &'p Path<'_>) -> Vec<&'p str> {
    let steps: Vec<&str> = path.segments.iter().map(|segment| &**segment).collect();
    match (path.data, path.depth, steps.first()) {
        (true, 0, Some(&"root")) => steps[1..].to_vec(),
        (false, 0, _) => steps,
        (..) => Vec::new(),
    }
}

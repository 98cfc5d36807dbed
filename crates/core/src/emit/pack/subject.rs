//! What a template finds at the top: [`SCOPE`](super::view::SCOPE), as values.

use super::assembly::Pack;
use super::manifest::ForEach;
use super::option::OptionValue;
use super::plan::{ResultFile, Results};
use super::value::{Arena, Field, Value};
use super::view::ProjectView;
use crate::text::Span;

/// What a file is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    Project,
    Grammar(Value<'static>),
    /// A rule and its grammar.
    Rule(Value<'static>, Value<'static>),
    Type(Value<'static>),
    /// A terminal and its grammar.
    Terminal(Value<'static>, Value<'static>),
}

impl Item {
    /// Everything that there is a file for.
    pub(super) fn all(for_each: ForEach, view: &ProjectView<'_>) -> Vec<Item> {
        match for_each {
            ForEach::Project => vec![Item::Project],
            ForEach::Grammar => view.grammars().map(Item::Grammar).collect(),
            ForEach::Rule => view.rules().map(|(grammar, rule)| Item::Rule(rule, grammar)).collect(),
            ForEach::Type => view.types().map(Item::Type).collect(),
            ForEach::Terminal => view.terminals().map(|(grammar, terminal)| Item::Terminal(terminal, grammar)).collect(),
        }
    }

    /// Its name; empty for the project.
    pub(super) fn name(self, view: &ProjectView<'_>) -> String {
        let arena = Arena::new();
        match self {
            Item::Project => String::new(),
            Item::Grammar(item) | Item::Rule(item, _) | Item::Type(item) | Item::Terminal(item, _) => {
                view.name_of(item, &arena).to_owned()
            }
        }
    }

    /// What to call a file of the output `output`.
    pub(super) fn about(self, output: &str, view: &ProjectView<'_>) -> String {
        let what = match self {
            Item::Project => return format!("`outputs.{output}`"),
            Item::Grammar(_) => "grammar",
            Item::Rule(..) => "rule",
            Item::Type(_) => "type",
            Item::Terminal(..) => "terminal",
        };
        format!("`outputs.{output}` of the {what} {}", self.name(view))
    }
}

/// What a template is rendered with.
#[derive(Clone, Copy)]
pub(super) struct Subject<'s> {
    pub(super) pack: &'s Pack,
    pub(super) options: &'s [(String, OptionValue)],
    pub(super) item: Item,
    /// The path of the file.
    pub(super) output: Option<&'s str>,
    /// What was rendered before, and the outputs that the template declared to need.
    pub(super) results: Option<(&'s Results, &'s [(String, Span)])>,
}

impl<'s> Subject<'s> {
    /// The top of the template.
    pub(super) fn root<'a>(&self, view: &'a ProjectView<'_>, arena: &'a Arena) -> Value<'a>
    where
        's: 'a,
    {
        let mut fields: Vec<Field<'a>> = vec![("project", view.project())];
        match self.item {
            Item::Project => {}
            Item::Grammar(grammar) => fields.push(("grammar", grammar)),
            Item::Rule(rule, grammar) => fields.extend([("grammar", grammar), ("rule", rule)]),
            Item::Type(ty) => fields.push(("type", ty)),
            Item::Terminal(terminal, grammar) => fields.extend([("grammar", grammar), ("terminal", terminal)]),
        }
        if let Value::Fields(of_pack) = at_top(self.pack, self.options, arena) {
            fields.extend_from_slice(of_pack);
        }
        if let Some(path) = self.output {
            fields.push(("output", Value::Fields(arena.fields(&[("path", Value::Text(path))]))));
        }
        if let Some((results, needs)) = self.results {
            let results = needs.iter().map(|(name, _)| {
                let files = results.get(name).map_or(&[][..], Vec::as_slice);
                (&**name, result_files(files, arena))
            });
            let results: Vec<Field<'a>> = results.collect();
            fields.push(("results", Value::Fields(arena.fields(&results))));
        }
        Value::Fields(arena.fields(&fields))
    }
}

/// What a pack itself adds to the top of each of its templates.
pub(super) fn at_top<'a>(pack: &'a Pack, options: &'a [(String, OptionValue)], arena: &'a Arena) -> Value<'a> {
    let options: Vec<Field<'a>> = options.iter().map(|(name, value)| (&**name, option_value(value, arena))).collect();
    let manifest = pack.manifest();
    let pack = [("name", Value::Text(&manifest.name)), ("version", Value::Text(&manifest.version))];
    let fields = [("options", Value::Fields(arena.fields(&options))), ("pack", Value::Fields(arena.fields(&pack)))];
    Value::Fields(arena.fields(&fields))
}

fn option_value<'a>(value: &'a OptionValue, arena: &'a Arena) -> Value<'a> {
    match value {
        OptionValue::Text(text) => Value::Text(text),
        OptionValue::Flag(flag) => Value::Bool(*flag),
        OptionValue::Number(number) => Value::Number(*number),
        OptionValue::Texts(texts) => {
            let texts: Vec<Value<'a>> = texts.iter().map(|text| Value::Text(text)).collect();
            Value::Items(arena.items(&texts))
        }
    }
}

fn result_files<'a>(files: &'a [ResultFile], arena: &'a Arena) -> Value<'a> {
    let files = files.iter().map(|ResultFile { path, name, text }| {
        let fields = [("path", Value::Text(path)), ("name", Value::Text(name)), ("text", Value::Text(text))];
        Value::Fields(arena.fields(&fields))
    });
    let files: Vec<Value<'a>> = files.collect();
    Value::Items(arena.items(&files))
}

//! Templates to measure the template engine with: the types of a language as TypeScript, from data made up from a seed.

use langloom_core::emit::Sink;
use langloom_core::emit::pack::{Arena, Dialect, Handle, Key, Options, Template, Templates, Value, View, compile, render};
use serde::Serialize;

use crate::grammars::random::Random;
use crate::grammars::words::{NOUNS, PROPERTIES};

/// The template, and the partial that it calls `property`.
pub(crate) const MAIN: &str = include_str!("types.hbs");
pub(crate) const PROPERTY: &str = include_str!("property.hbs");

/// What the template reads.
#[derive(Debug, Serialize)]
pub(crate) struct Data {
    types: Vec<Type>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Type {
    name: String,
    doc: Option<String>,
    super_types: Vec<String>,
    properties: Vec<Property>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Property {
    name: String,
    r#type: String,
    is_optional: bool,
    is_list: bool,
}

/// As ordinary interfaces have.
const PROPERTIES_EACH: usize = 5;

impl Data {
    /// Data of so many types.
    pub(crate) fn new(types: usize) -> Data {
        let mut random = Random::new(1);
        let name = |number: usize| format!("{}{number}", NOUNS[number % NOUNS.len()]);
        let types = (0..types).map(|number| Type {
            name: name(number),
            doc: random.chance(40).then(|| format!("What is known about {}.", name(number))),
            super_types: if random.chance(30) { vec![name(number / 2), name(number / 3)] } else { Vec::new() },
            properties: (0..PROPERTIES_EACH)
                .map(|index| Property {
                    name: format!("{}{index}", random.pick(PROPERTIES)),
                    r#type: if random.chance(50) { "string".to_owned() } else { name(random.below(number + 1)) },
                    is_optional: random.chance(30),
                    is_list: random.chance(20),
                })
                .collect(),
        });
        Data { types: types.collect() }
    }
}

/// The same text as the template's, by code that can do nothing else: what any template engine can reach at best.
pub(crate) fn plain(data: &Data) -> String {
    let mut text = String::new();
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    for Type { name, doc, super_types, properties } in &data.types {
        if let Some(doc) = doc {
            push(&["/** ", doc, " */\n"]);
        }
        push(&["export interface ", name]);
        for (index, super_type) in super_types.iter().enumerate() {
            push(&[if index == 0 { " extends " } else { ", " }, super_type]);
        }
        push(&[" {\n    readonly $type: '", name, "';\n"]);
        for Property { name, r#type, is_optional, is_list } in properties {
            push(&["    ", name, if *is_optional { "?" } else { "" }, ": "]);
            push(&if *is_list { ["Array<", r#type, ">;\n"] } else { ["", r#type, ";\n"] });
        }
        push(&["}\n\nexport const ", name, " = {\n    $type: '", name, "'"]);
        properties.iter().for_each(|property| push(&[",\n    ", &property.name, ": '", &property.name, "'"]));
        push(&["\n} as const;\n\nexport function is", name, "(item: unknown): item is ", name]);
        push(&[" {\n    return reflection.isInstance(item, ", name, ".$type);\n}\n\n"]);
    }
    text
}

/// Kinds of handles: the first id is a type, the second one its property.
const ROOT: u16 = 0;
const TYPES: u16 = 1;
const TYPE: u16 = 2;
const PROPERTIES_OF: u16 = 3;
const PROPERTY_OF: u16 = 4;

fn handle(kind: u16, ids: [u32; 3]) -> Handle {
    Handle { kind, ids }
}

impl View for Data {
    fn get<'a>(&'a self, object: Handle, key: Key<'_>, arena: &'a Arena) -> Value<'a> {
        let [number, index, _] = object.ids.map(|id| id as usize);
        let text = |text: &'a Option<String>| text.as_ref().map_or(Value::Null, |text| Value::Text(text));
        match (object.kind, key.name) {
            (ROOT, "types") => Value::List(handle(TYPES, [0; 3])),
            (TYPE, "name") => Value::Text(&self.types[number].name),
            (TYPE, "doc") => text(&self.types[number].doc),
            (TYPE, "superTypes") => {
                let names: Vec<Value<'_>> = self.types[number].super_types.iter().map(|name| Value::Text(name)).collect();
                Value::Items(arena.items(&names))
            }
            (TYPE, "properties") => Value::List(handle(PROPERTIES_OF, object.ids)),
            (PROPERTY_OF, "name") => Value::Text(&self.types[number].properties[index].name),
            (PROPERTY_OF, "type") => Value::Text(&self.types[number].properties[index].r#type),
            (PROPERTY_OF, "isOptional") => Value::Bool(self.types[number].properties[index].is_optional),
            (PROPERTY_OF, "isList") => Value::Bool(self.types[number].properties[index].is_list),
            _ => Value::Undefined,
        }
    }

    fn keys<'a>(&'a self, object: Handle, _: &'a Arena) -> &'a [&'a str] {
        match object.kind {
            ROOT => &["types"],
            TYPE => &["name", "doc", "superTypes", "properties"],
            PROPERTY_OF => &["name", "type", "isOptional", "isList"],
            _ => &[],
        }
    }

    fn len(&self, list: Handle) -> usize {
        match list.kind {
            TYPES => self.types.len(),
            _ => self.types[list.ids[0] as usize].properties.len(),
        }
    }

    fn item<'a>(&'a self, list: Handle, index: usize, _: &'a Arena) -> Value<'a> {
        let index = index as u32;
        match list.kind {
            TYPES => Value::Object(handle(TYPE, [index, 0, 0])),
            _ => Value::Object(handle(PROPERTY_OF, [list.ids[0], index, 0])),
        }
    }

    fn describe(&self, _: Handle) -> &str {
        "an object"
    }
}

/// Compiles the template and its partial.
///
/// # Panics
/// If one of them is no template, which the first run shows.
pub(crate) fn compiled() -> (Template, Templates) {
    let compile = |name: &str, source: &str| match compile(name, source, &Dialect::CODE) {
        Ok(template) => template,
        Err(problems) => panic!("{name}: {}", problems[0]),
    };
    let mut templates = Templates::new();
    templates.insert(compile("property", PROPERTY));
    (compile("types", MAIN), templates)
}

/// The text that the template makes of `data`.
///
/// # Panics
/// If it cannot be rendered, which the first run shows.
pub(crate) fn rendered((template, templates): &(Template, Templates), data: &Data) -> String {
    let mut text = String::new();
    let mut drain = |chunk: &str| text.push_str(chunk);
    let mut sink = Sink::new(256 * 1024, &mut drain);
    let root = Value::Object(handle(ROOT, [0; 3]));
    if let Err(problem) = render(template, templates, data, root, &Options::DEFAULT, &mut sink) {
        panic!("{problem}");
    }
    sink.finish();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_code_writes_what_the_template_does() {
        let data = Data::new(50);
        assert_eq!(plain(&data), rendered(&compiled(), &data));
    }
}

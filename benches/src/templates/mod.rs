//! A template as packs have them, the data it is given, and the same text written by plain Rust.

mod pack;
mod plain;
mod view;

pub(crate) use pack::Pack;
pub(crate) use view::{VOCABULARY, View};

use langloom_core::emit::Sink;
use langloom_core::emit::pack::{Dialect, Limits, Options, Template, Templates, compile, render};
use serde_json::json;

/// Declarations of types and their names, as a module of TypeScript: loops in loops, conditions, values of contexts and
/// loops around, a partial that is indented and given a value, helpers and a sub-expression.
pub(crate) const TEMPLATE: &str = include_str!("types.hbs");

/// What [`TEMPLATE`] calls for each property.
pub(crate) const PARTIALS: &[(&str, &str)] = &[("property", include_str!("property.hbs"))];

/// How many properties the types have where nothing else is said.
pub(crate) const PROPERTIES: usize = 5;

/// The data: interfaces of a made up grammar.
#[derive(Debug)]
pub(crate) struct Types {
    pub(crate) grammar: String,
    pub(crate) types: Vec<Interface>,
}

#[derive(Debug)]
pub(crate) struct Interface {
    pub(crate) name: String,
    pub(crate) doc: Option<String>,
    pub(crate) supers: Vec<String>,
    pub(crate) properties: Vec<Property>,
}

#[derive(Debug)]
pub(crate) struct Property {
    pub(crate) name: String,
    pub(crate) ty: String,
    pub(crate) is_reference: bool,
    pub(crate) is_array: bool,
    pub(crate) is_optional: bool,
}

impl Types {
    /// So many interfaces of so many properties each.
    pub(crate) fn new(interfaces: usize, properties: usize) -> Types {
        let property = |of: usize, at: usize| Property {
            name: format!("property{at}Of{}", of % 13),
            ty: if at.is_multiple_of(3) { "string".to_owned() } else { format!("Declaration{}", (of * 7 + at) % interfaces) },
            is_reference: at % 3 == 1,
            is_array: at % 4 == 2,
            is_optional: at % 2 == 1,
        };
        let interface = |of: usize| Interface {
            name: format!("Declaration{of}"),
            doc: of.is_multiple_of(2).then(|| format!("What the rule number {of} of the grammar creates.")),
            supers: (1..=of % 3).filter(|up| *up <= of).map(|up| format!("Declaration{}", of - up)).collect(),
            properties: (0..properties).map(|at| property(of, at)).collect(),
        };
        Types { grammar: "MadeUp".to_owned(), types: (0..interfaces).map(interface).collect() }
    }

    /// The same for handlebars.js.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let property = |property: &Property| {
            let kind = if property.is_reference { "reference" } else { "plain" };
            json!({ "name": property.name, "type": property.ty, "kind": kind, "array": property.is_array, "optional": property.is_optional })
        };
        let interface = |interface: &Interface| {
            let properties: Vec<_> = interface.properties.iter().map(property).collect();
            json!({ "name": interface.name, "doc": interface.doc, "supers": interface.supers, "properties": properties })
        };
        json!({ "grammar": self.grammar, "types": self.types.iter().map(interface).collect::<Vec<_>>() })
    }
}

/// Compiles the template and its partials.
///
/// # Panics
/// If one of them is no template, which the first run shows.
pub(crate) fn compiled() -> (Template, Templates) {
    let dialect = Dialect { vocabulary: VOCABULARY, ..Dialect::CODE };
    let compile = |name: &str, source: &str| match compile(name, source, &dialect) {
        Ok(template) => template,
        Err(problems) => panic!("{name}: {}", problems[0]),
    };
    let mut partials = Templates::new();
    PARTIALS.iter().for_each(|(name, source)| partials.insert(compile(name, source)));
    (compile("types", TEMPLATE), partials)
}

/// Bytes that [`compiled`] reads.
pub(crate) fn source_bytes() -> usize {
    TEMPLATE.len() + PARTIALS.iter().map(|(_, source)| source.len()).sum::<usize>()
}

/// The text that the template makes of `types`.
///
/// # Panics
/// If it cannot be rendered, which the first run shows.
pub(crate) fn rendered((template, partials): &(Template, Templates), types: &Types) -> String {
    let view = View(types);
    // All types of a million lines are in one file here.
    let options = Options { limits: Limits::DEFAULT.times(10.0), ..Options::DEFAULT };
    written(|sink| {
        if let Err(problem) = render(template, partials, &view, view.root(), &options, sink) {
            panic!("{problem}");
        }
    })
}

/// The same text by Rust with `write!`, which writes it to where all of Langloom's own outputs go, as the engine does.
pub(crate) fn written_plainly(types: &Types) -> String {
    written(|sink| plain::write(types, sink).unwrap_or_else(|error| panic!("{error}")))
}

/// The same text by Rust that pushes it piece by piece: what no engine is faster than.
pub(crate) fn pushed_by_hand(types: &Types) -> String {
    written(|sink| plain::push(types, sink))
}

fn written(write: impl FnOnce(&mut Sink<'_>)) -> String {
    let mut text = String::new();
    let mut drain = |chunk: &str| text.push_str(chunk);
    let mut sink = Sink::new(256 * 1024, &mut drain);
    write(&mut sink);
    sink.finish();
    text
}

//! No template makes the engine panic or run away: what it may do is counted, here with little to spend.

#![no_main]

#[path = "../../crates/core/tests/support/json_view.rs"]
mod json_view;

use std::sync::LazyLock;

use json_view::JsonView;
use langloom_core::emit::Sink;
use langloom_core::emit::pack::{Dialect, Limits, Options, Templates, View, compile, render};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { partials: 16, depth: 64, output: 64 << 10, memory: 256 << 10, steps: 50_000 };

const DATA: &str = r#"{
    "name": "SomeLanguage", "empty": "", "yes": true, "no": false, "nothing": null, "number": 3.5, "n": -2,
    "types": [
        { "name": "Person", "properties": [{ "name": "name", "type": "string" }, { "name": "friends", "optional": true }] },
        { "name": "Ähre's", "properties": [] }
    ],
    "words": ["b", "a", "b", "HTTPServer2", "<&>\"'`="], "numbers": [3, 1, 2, 1e21, 0.1], "a b": { "c": [[], [1]] }
}"#;

static JSON: LazyLock<serde_json::Value> = LazyLock::new(|| serde_json::from_str(DATA).expect("it is JSON"));

/// It knows half of the names by number.
static VIEW: LazyLock<JsonView<'_>> = LazyLock::new(|| JsonView::new(&JSON, |at| at % 2 == 0));

/// A line of these characters divides a template from the partials `a`, `b` and `c`.
const BORDER: &str = "\n----\n";

fuzz_target!(|text: &str| {
    for dialect in [Dialect::CODE, Dialect { compat: true, ..Dialect::HANDLEBARS }] {
        let dialect = Dialect { vocabulary: VIEW.vocabulary(), ..dialect };
        let mut sources = text.split(BORDER);
        let Some(Ok(template)) = sources.next().map(|source| compile("main", source, &dialect)) else { continue };
        let mut templates = Templates::new();
        for (name, source) in ["a", "b", "c"].into_iter().zip(sources) {
            compile(name, source, &dialect).into_iter().for_each(|template| templates.insert(template));
        }
        let options = Options { limits: LIMITS, ..Options::DEFAULT };
        let mut length = 0;
        let mut count = |chunk: &str| length += chunk.len();
        let mut sink = Sink::new(1 << 10, &mut count);
        let result = render(&template, &templates, &*VIEW, VIEW.root(), &options, &mut sink);
        sink.finish();
        if let Err(problem) = result {
            // For people: it names a place in a text.
            let _ = problem.to_string();
        }
        assert!(length <= LIMITS.output, "{length} bytes");
    }
});

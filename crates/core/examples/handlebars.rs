//! Renders templates for the comparison with handlebars.js (`conformance/handlebars.mjs`): one JSON object a line on
//! standard input, one on standard output.
//!
//! In: `template`, `partials` (an object of texts), `data`, `variables` (an object), `dialect` (an object with the options
//! of [`Dialect`]; those of handlebars.js where nothing is said), `compileOnly`. Out: `output` and `log`, or `error`.

#[path = "../tests/support/json_view.rs"]
mod json_view;

use std::cell::RefCell;
use std::io::{BufRead, Write, stdin, stdout};

use json_view::JsonView;
use langloom_core::emit::Sink;
use langloom_core::emit::pack::{Dialect, Limits, LogLevel, LogLine, Options, Templates, Value, View, Watch, compile, render};
use serde_json::json;

fn main() {
    let mut out = stdout().lock();
    for line in stdin().lock().lines() {
        let task: serde_json::Value = serde_json::from_str(&line.expect("text on standard input")).expect("JSON on each line");
        let answer = answer(&task);
        writeln!(out, "{answer}").and_then(|()| out.flush()).expect("someone who reads");
    }
}

fn answer(task: &serde_json::Value) -> serde_json::Value {
    let log = Logged::default();
    match output(task, &log) {
        Ok(output) => json!({ "output": output, "log": log.0.into_inner() }),
        Err(error) => json!({ "error": error }),
    }
}

/// What `{{log}}` said.
#[derive(Default)]
struct Logged(RefCell<Vec<String>>);

impl Watch for Logged {
    fn wants_log(&self, _: LogLevel) -> bool {
        true
    }

    fn log(&self, line: &LogLine<'_>) {
        self.0.borrow_mut().push(line.text.to_owned());
    }
}

fn output(task: &serde_json::Value, log: &Logged) -> Result<String, String> {
    // One view for both: the data is its first member, the variables are its second. It knows half of the names by number,
    // as those of packs know some.
    let variables = task["variables"].as_object().cloned().unwrap_or_default();
    let names: Vec<String> = variables.keys().cloned().collect();
    let mut values = vec![task["data"].clone()];
    values.extend(variables.into_iter().map(|(_, value)| value));
    let values = serde_json::Value::Array(values);
    let view = JsonView::new(&values, |at| at % 2 == 0);
    let dialect = Dialect { vocabulary: View::vocabulary(&view), ..dialect(&task["dialect"]) };
    let compile = |name: &str, source: &serde_json::Value| {
        compile(name, source.as_str().unwrap_or_default(), &dialect).map_err(|problems| problems[0].to_string())
    };
    let template = compile("main", &task["template"])?;
    if task["compileOnly"] == true {
        return Ok(String::new());
    }
    let mut templates = Templates::new();
    for (name, source) in task["partials"].as_object().into_iter().flatten() {
        templates.insert(compile(name, source)?);
    }
    let arena = langloom_core::emit::pack::Arena::new();
    let member = |index: usize| match view.root() {
        Value::List(list) => View::item(&view, list, index, &arena),
        other => other,
    };
    let data: Vec<(&str, Value<'_>)> = names.iter().enumerate().map(|(at, name)| (&**name, member(at + 1))).collect();
    let root = if task.get("data").is_some() { member(0) } else { Value::Undefined };
    let options = Options { data: &data, watch: log, limits: Limits::DEFAULT };
    let mut text = String::new();
    let mut drain = |chunk: &str| text.push_str(chunk);
    let mut sink = Sink::new(1 << 16, &mut drain);
    render(&template, &templates, &view, root, &options, &mut sink).map_err(|problem| problem.to_string())?;
    sink.finish();
    Ok(text)
}

fn dialect(options: &serde_json::Value) -> Dialect<'static> {
    let option = |name: &str, default: bool| options[name].as_bool().unwrap_or(default);
    Dialect {
        escape: option("escape", true),
        strict: option("strict", false),
        ignore_standalone: option("ignoreStandalone", false),
        prevent_indent: option("preventIndent", false),
        explicit_partial_context: option("explicitPartialContext", false),
        assume_objects: option("assumeObjects", false),
        compat: option("compat", false),
        vocabulary: &[],
    }
}

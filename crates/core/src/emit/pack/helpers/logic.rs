//! What Handlebars brings along, and comparisons.

use std::cmp::Ordering;

use super::{Args, Example, Fault, Group, Helper, Run, Value};
use crate::emit::pack::options::LogLevel;

pub(super) const BUILTINS: &[Helper] = &[
    Helper {
        name: "if",
        usage: "value",
        about: "Writes the block if the value is true: everything but `false`, `0`, `\"\"`, an empty list, and what does not exist. `includeZero=true` takes 0 for true. `{{else}}` and `{{else if other}}` may follow.",
        group: Group::Builtin,
        examples: &[Example { template: "{{#if optional}}?{{else}}!{{/if}}", data: r#"{"optional": true}"#, output: "?" }],
        values: (1, 1),
        keys: &["includeZero"],
        probes: true,
        run: Run::If { negated: false },
    },
    Helper {
        name: "unless",
        usage: "value",
        about: "Writes the block if the value is not true.",
        group: Group::Builtin,
        examples: &[Example { template: "{{#unless optional}}!{{/unless}}", data: r#"{"optional": false}"#, output: "!" }],
        values: (1, 1),
        keys: &["includeZero"],
        probes: true,
        run: Run::If { negated: true },
    },
    Helper {
        name: "each",
        usage: "list",
        about: "Writes the block for each item of a list or each property of an object, with the item as context. In it, `@index` counts from 0, `@key` is the name of the property, `@first` and `@last` tell the ends. `as |item index|` gives names. `{{else}}` is for an empty list.",
        group: Group::Builtin,
        examples: &[
            Example {
                template: "{{#each names}}{{.}}{{#unless @last}}, {{/unless}}{{/each}}",
                data: r#"{"names": ["a", "b"]}"#,
                output: "a, b",
            },
            Example {
                template: "{{#each ages as |age name|}}{{name}}={{age}};{{/each}}",
                data: r#"{"ages": {"Ada": 36, "Bob": 7}}"#,
                output: "Ada=36;Bob=7;",
            },
        ],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Each,
    },
    Helper {
        name: "with",
        usage: "value",
        about: "Writes the block with the value as context, if there is one and it is not empty. `as |name|` gives it a name.",
        group: Group::Builtin,
        examples: &[Example {
            template: "{{#with owner}}{{name}}{{else}}nobody{{/with}}",
            data: r#"{"owner": {"name": "Ada"}}"#,
            output: "Ada",
        }],
        values: (1, 1),
        keys: &[],
        probes: true,
        run: Run::With,
    },
    Helper {
        name: "lookup",
        usage: "object name",
        about: "The property of an object, or the item of a list, whose name or index was computed. Nothing if there is none.",
        group: Group::Builtin,
        examples: &[Example { template: "{{lookup names @root.at}}", data: r#"{"names": ["a", "b"], "at": 1}"#, output: "b" }],
        values: (2, 2),
        keys: &[],
        probes: true,
        run: Run::Value(lookup),
    },
    Helper {
        name: "log",
        usage: "value … level=\"info\"",
        about: "Writes values to the log instead of the text, for a look at what a template sees: `langloom generate -v` shows it where templates run, with the template and the line. Those of `level=\"debug\"` need `-vv`; `warn` and `error` are marked. The first 1,000 lines of a pack are shown.",
        group: Group::Builtin,
        examples: &[Example { template: "a{{log name}}b", data: r#"{"name": "x"}"#, output: "ab" }],
        values: (0, usize::MAX),
        keys: &["level"],
        probes: true,
        run: Run::Log,
    },
    Helper {
        name: "default",
        usage: "value …",
        about: "The first value that exists and is not empty; the last one if none is. The way to ask for what may not be there.",
        group: Group::Builtin,
        examples: &[Example { template: "{{default title name \"untitled\"}}", data: r#"{"name": "x"}"#, output: "x" }],
        values: (2, usize::MAX),
        keys: &[],
        probes: true,
        run: Run::Value(default),
    },
];

/// A helper that compares two values.
const fn comparison(
    name: &'static str,
    about: &'static str,
    examples: &'static [Example],
    run: for<'c, 'a> fn(&mut Args<'c, 'a>) -> Result<bool, Fault>,
) -> Helper {
    let values = (2, 2);
    Helper { name, usage: "a b", about, group: Group::Logic, examples, values, keys: &[], probes: false, run: Run::Test(run) }
}

pub(super) const TESTS: &[Helper] = &[
    comparison(
        "eq",
        "Whether two values are equal and of the same kind; of objects, whether they are the same. As a block, an `if`.",
        &[
            Example { template: "{{#if (eq kind \"list\")}}[]{{/if}}", data: r#"{"kind": "list"}"#, output: "[]" },
            Example { template: "{{#eq 1 2}}a{{else}}b{{/eq}}", data: "{}", output: "b" },
        ],
        |args| args.equal(args.value(0), args.value(1)),
    ),
    comparison(
        "ne",
        "Whether two values differ.",
        &[Example { template: "{{ne kind \"list\"}}", data: r#"{"kind": "list"}"#, output: "false" }],
        |args| Ok(!args.equal(args.value(0), args.value(1))?),
    ),
    comparison(
        "lt",
        "Whether the first number is less, or the first text comes before the second.",
        &[Example { template: "{{lt 2 10}} {{lt \"b\" \"a\"}}", data: "{}", output: "true false" }],
        |args| Ok(compare(args)?.is_some_and(Ordering::is_lt)),
    ),
    comparison(
        "lte",
        "Whether it is less or equal.",
        &[Example { template: "{{lte 2 2}}", data: "{}", output: "true" }],
        |args| Ok(compare(args)?.is_some_and(Ordering::is_le)),
    ),
    comparison(
        "gt",
        "Whether the first number is greater, or the first text comes after the second.",
        &[Example { template: "{{#if (gt items.length 1)}}many{{/if}}", data: r#"{"items": [1, 2]}"#, output: "many" }],
        |args| Ok(compare(args)?.is_some_and(Ordering::is_gt)),
    ),
    comparison(
        "gte",
        "Whether it is greater or equal.",
        &[Example { template: "{{gte 2 3}}", data: "{}", output: "false" }],
        |args| Ok(compare(args)?.is_some_and(Ordering::is_ge)),
    ),
    Helper {
        name: "and",
        usage: "value …",
        about: "Whether all values are true.",
        group: Group::Logic,
        examples: &[Example {
            template: "{{#if (and array (not optional))}}[]{{/if}}",
            data: r#"{"array": true, "optional": false}"#,
            output: "[]",
        }],
        values: (1, usize::MAX),
        keys: &[],
        probes: true,
        run: Run::Test(|args| Ok((0..args.count()).all(|at| args.is_true(args.value(at))))),
    },
    Helper {
        name: "or",
        usage: "value …",
        about: "Whether any value is true. For the value itself, see `default`.",
        group: Group::Logic,
        examples: &[Example { template: "{{or array optional}}", data: r#"{"array": false, "optional": true}"#, output: "true" }],
        values: (1, usize::MAX),
        keys: &[],
        probes: true,
        run: Run::Test(|args| Ok((0..args.count()).any(|at| args.is_true(args.value(at))))),
    },
    Helper {
        name: "not",
        usage: "value",
        about: "Whether the value is not true.",
        group: Group::Logic,
        examples: &[Example { template: "{{not optional}}", data: r#"{"optional": false}"#, output: "true" }],
        values: (1, 1),
        keys: &[],
        probes: true,
        run: Run::Test(|args| Ok(!args.is_true(args.value(0)))),
    },
    Helper {
        name: "includes",
        usage: "list value",
        about: "Whether a list has an item that is equal to the value, or a text contains the other one.",
        group: Group::Logic,
        examples: &[
            Example { template: "{{includes kinds \"b\"}}", data: r#"{"kinds": ["a", "b"]}"#, output: "true" },
            Example { template: "{{includes \"abc\" \"bd\"}}", data: "{}", output: "false" },
        ],
        values: (2, 2),
        keys: &[],
        probes: false,
        run: Run::Test(includes),
    },
];

/// How much a call of `log` matters and what it says, if a line that matters so much `is_wanted`.
pub(in crate::emit::pack) fn log_line(
    args: &mut Args<'_, '_>,
    is_wanted: impl Fn(LogLevel) -> bool,
) -> Result<Option<(LogLevel, String)>, Fault> {
    let level = match args.key_value("level") {
        Value::Undefined => Some(LogLevel::Info),
        level => LogLevel::of(args.any_text_of(level)?),
    };
    let Some(level) = level.filter(|level| is_wanted(*level)) else { return Ok(None) };
    let words: Vec<&str> = (0..args.count()).map(|at| args.any_text_of(args.value(at))).collect::<Result<_, Fault>>()?;
    Ok(Some((level, words.join(" "))))
}

fn lookup<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let object = args.value(0);
    if !args.is_true(object) && args.length(object).is_none() {
        return Ok(object);
    }
    let name = match args.value(1) {
        Value::Undefined => "undefined",
        Value::Null => "null",
        name => args.any_text_of(name)?,
    };
    args.property(object, name)
}

fn default<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let values = || (0..args.count()).map(|at| args.value(at));
    let found = values().find(|value| !args.is_empty(*value) || matches!(value, Value::Bool(false)));
    Ok(found.or(values().next_back()).unwrap_or(Value::Undefined))
}

/// The order of two numbers or two texts; none if a number is `NaN`.
fn compare(args: &mut Args<'_, '_>) -> Result<Option<Ordering>, Fault> {
    match (args.value(0), args.value(1)) {
        (Value::Number(a), Value::Number(b)) => Ok(a.partial_cmp(&b)),
        (Value::Text(a), Value::Text(b)) => args.compare(a, b).map(Some),
        (a, b) => {
            let (a, b) = (args.describe(a), args.describe(b));
            Err(format!("only two numbers or two texts can be compared, but these are {a} and {b}").into())
        }
    }
}

fn includes(args: &mut Args<'_, '_>) -> Result<bool, Fault> {
    if let Value::Text(text) = args.value(0) {
        return Ok(text.contains(args.text(1)?));
    }
    let wanted = args.value(1);
    for item in args.list(0)? {
        if args.equal(item, wanted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

//! Text of any kind.

use super::{Args, Example, Fault, Group, Helper, Run, Value};
use crate::emit::pack::writer::Writer;
use crate::text::js;

pub(super) const HELPERS: &[Helper] = &[
    Helper {
        name: "concat",
        usage: "value …",
        about: "The values one after the other.",
        group: Group::Text,
        examples: &[Example {
            template: "{{pascal (concat name \"-node\")}}",
            data: r#"{"name": "state"}"#,
            output: "StateNode",
        }],
        values: (1, usize::MAX),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            for at in 0..args.count() {
                out.push(args.text(at)?);
            }
            Ok(())
        }),
    },
    Helper {
        name: "replace",
        usage: "text old new",
        about: "The text with another one in each place of the old one.",
        group: Group::Text,
        examples: &[Example { template: "{{replace \"a.b.c\" \".\" \"/\"}}", data: "{}", output: "a/b/c" }],
        values: (3, 3),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            let (text, old, new) = (args.text(0)?, args.text(1)?, args.text(2)?);
            if old.is_empty() {
                return Err("there is no empty text to replace".to_owned().into());
            }
            for (at, piece) in text.split(old).enumerate() {
                if at > 0 {
                    out.push(new);
                }
                out.push(piece);
            }
            Ok(())
        }),
    },
    Helper {
        name: "trim",
        usage: "text",
        about: "The text without white space at its ends.",
        group: Group::Text,
        examples: &[Example { template: "[{{#trim}}  a b\n{{/trim}}]", data: "{}", output: "[a b]" }],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            out.push(args.text(0)?.trim_matches(js::is_white_space));
            Ok(())
        }),
    },
    Helper {
        name: "indent",
        usage: "text by",
        about: "The text with each line that is not empty indented by so many spaces, or by a text.",
        group: Group::Text,
        examples: &[
            Example { template: "{{#indent 2}}\na\n\nb\n{{/indent}}", data: "{}", output: "  a\n\n  b\n" },
            Example { template: "{{indent text \"\t\"}}", data: r#"{"text": "a\nb"}"#, output: "\ta\n\tb" },
        ],
        values: (2, 2),
        keys: &[],
        probes: false,
        run: Run::Text(indent),
    },
    Helper {
        name: "json",
        usage: "value indent=2",
        about: "The value as JSON. `indent` spreads it over lines. What an object of the view only refers to is written by its name, as `langloom dump view` does.",
        group: Group::Text,
        examples: &[
            Example {
                template: "{{json value}}",
                data: r#"{"value": {"a": ["\"", 1.5, null, true]}}"#,
                output: r#"{"a":["\"",1.5,null,true]}"#,
            },
            Example {
                template: "{{json value indent=2}}",
                data: r#"{"value": {"a": [1], "b": {}}}"#,
                output: "{\n  \"a\": [\n    1\n  ],\n  \"b\": {}\n}",
            },
        ],
        values: (1, 1),
        keys: &["indent"],
        probes: false,
        run: Run::Text(|args, out| {
            let indent = match args.key_value("indent") {
                Value::Number(width) => width.clamp(0.0, 10.0) as usize,
                _ => 0,
            };
            push_json(args, args.value(0), out, indent, 0)
        }),
    },
    Helper {
        name: "raw",
        usage: "text",
        about: "The text as it is: `{{{{raw}}}}` encloses text with mustaches that are none.",
        group: Group::Text,
        examples: &[Example { template: "{{{{raw}}}}{{name}}{{{{/raw}}}}", data: "{}", output: "{{name}}" }],
        values: (1, 1),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            out.push(args.text(0)?);
            Ok(())
        }),
    },
];

fn indent(args: &mut Args<'_, '_>, out: &mut Writer<'_>) -> Result<(), Fault> {
    let spaces;
    let by = match args.value(1) {
        Value::Number(width) => {
            spaces = " ".repeat(width.clamp(0.0, 200.0) as usize);
            &*spaces
        }
        _ => args.text(1)?,
    };
    for line in args.text(0)?.split_inclusive('\n') {
        if !line.trim_end_matches(['\r', '\n']).is_empty() {
            out.push(by);
        }
        out.push(line);
    }
    Ok(())
}

/// How deep objects are written: a view could go on forever.
const MAX_JSON_DEPTH: usize = 64;

fn push_json<'a>(
    args: &mut Args<'_, 'a>,
    value: Value<'a>,
    out: &mut Writer<'_>,
    indent: usize,
    depth: usize,
) -> Result<(), Fault> {
    if depth > MAX_JSON_DEPTH {
        return Err(format!("objects are nested more than {MAX_JSON_DEPTH} deep here").into());
    }
    match value {
        Value::Undefined | Value::Null => out.push("null"),
        Value::Bool(value) => out.push(if value { "true" } else { "false" }),
        Value::Number(number) if number.is_finite() => out.push_number(number),
        Value::Number(_) => out.push("null"),
        Value::Text(text) => push_json_text(text, out),
        Value::List(_) | Value::Items(_) => {
            let length = args.length(value).unwrap_or(0);
            out.push("[");
            for at in 0..length {
                separate(out, at, indent, depth + 1);
                let item = args.item(value, at)?;
                push_json(args, item, out, indent, depth + 1)?;
            }
            end(out, length, indent, depth, "]");
        }
        Value::Object(_) | Value::Fields(_) | Value::Layered(_) => {
            let keys = args.keys(value)?;
            out.push("{");
            for (at, key) in keys.iter().enumerate() {
                separate(out, at, indent, depth + 1);
                push_json_text(key, out);
                out.push(if indent > 0 { ": " } else { ":" });
                let held = args.property(value, key)?;
                let held = if args.leads_elsewhere(value, key) { names_of(args, held)? } else { held };
                push_json(args, held, out, indent, depth + 1)?;
            }
            end(out, keys.len(), indent, depth, "}");
        }
    }
    // Whatever else follows would be dropped.
    if out.is_full() { Err(Fault::full()) } else { Ok(()) }
}

/// The name of an object, or those of the objects in a list.
fn names_of<'a>(args: &mut Args<'_, 'a>, value: Value<'a>) -> Result<Value<'a>, Fault> {
    let Some(length) = args.length(value) else { return name_of(args, value) };
    let names = (0..length).map(|at| {
        let item = args.item(value, at)?;
        name_of(args, item)
    });
    let names: Vec<Value<'a>> = names.collect::<Result<_, Fault>>()?;
    Ok(args.made_list(&names))
}

fn name_of<'a>(args: &mut Args<'_, 'a>, value: Value<'a>) -> Result<Value<'a>, Fault> {
    if let Value::Object(_) = value { args.property(value, "name") } else { Ok(value) }
}

fn push_json_text(text: &str, out: &mut Writer<'_>) {
    if needs_escapes(text) {
        return out.push_with(text, |out| js::push_json_string(out, text));
    }
    out.push_quoted(text, b'"');
}

/// Whether a JSON string cannot hold `text` as it is, found eight bytes at a time: most texts are names.
fn needs_escapes(text: &str) -> bool {
    const EACH: u64 = u64::from_le_bytes([1; 8]);
    // The highest bit is set of each byte that is less than `limit`, and of no byte below the first such one.
    let is_less = |word: u64, limit: u8| word.wrapping_sub(EACH * u64::from(limit)) & !word;
    let has = |bytes: [u8; 8]| {
        let word = u64::from_le_bytes(bytes);
        let is = |byte: u8| is_less(word ^ (EACH * u64::from(byte)), 1);
        (is_less(word, b' ') | is(b'"') | is(b'\\')) & (EACH << 7) != 0
    };
    let (pieces, rest) = text.as_bytes().as_chunks();
    pieces.iter().any(|piece| has(*piece)) || rest.iter().any(|byte| matches!(byte, ..b' ' | b'"' | b'\\'))
}

fn separate(out: &mut Writer<'_>, at: usize, indent: usize, depth: usize) {
    if at > 0 {
        out.push(",");
    }
    new_line(out, indent, depth);
}

fn end(out: &mut Writer<'_>, count: usize, indent: usize, depth: usize, bracket: &str) {
    if count > 0 {
        new_line(out, indent, depth);
    }
    out.push(bracket);
}

fn new_line(out: &mut Writer<'_>, indent: usize, depth: usize) {
    if indent > 0 {
        out.push("\n");
        for _ in 0..indent * depth {
            out.push(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::push_json_text;
    use crate::emit::pack::buffer::Buffer;
    use crate::emit::pack::writer::Writer;
    use crate::text::js;

    #[test]
    fn json_is_written_the_same_the_short_way() {
        for length in 1..=20 {
            for at in 0..length {
                for char in (0..=0x7F).filter_map(char::from_u32).chain(['é', '\u{2028}', '😀']) {
                    let text = format!("{}{char}{}", "a".repeat(at), "~".repeat(length - at - 1));
                    let (mut buffer, mut expected) = (Buffer::new(), String::new());
                    push_json_text(&text, &mut Writer::new(&mut buffer, usize::MAX));
                    js::push_json_string(&mut expected, &text);
                    assert_eq!(buffer.as_str(), expected);
                }
            }
        }
    }
}

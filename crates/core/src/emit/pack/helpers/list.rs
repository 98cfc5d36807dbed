//! Lists: joining, sorting, grouping.

use std::cmp::Ordering;

use super::{Args, Example, Fault, Group, Helper, Run, Value};
use crate::text::collate;

pub(super) const HELPERS: &[Helper] = &[
    Helper {
        name: "join",
        usage: "list separator by=\"property\"",
        about: "The items of a list with a separator between them, `, ` if none is given. `by` names the property of each item to write.",
        group: Group::Lists,
        examples: &[
            Example { template: "{{join names}} {{join names \" | \"}}", data: r#"{"names": ["a", "b"]}"#, output: "a, b a | b" },
            Example {
                template: "{{join types by=\"name\"}}",
                data: r#"{"types": [{"name": "A"}, {"name": "B"}]}"#,
                output: "A, B",
            },
        ],
        values: (1, 2),
        keys: &["by"],
        probes: false,
        run: Run::Text(|args, out| {
            let by = args.key("by")?;
            let separator = if args.values.len() > 1 { args.text(1)? } else { ", " };
            for (at, item) in args.list(0)?.into_iter().enumerate() {
                if at > 0 {
                    out.push(separator);
                }
                out.push(args.as_text(args.by(item, by))?);
            }
            Ok(())
        }),
    },
    Helper {
        name: "sort",
        usage: "list by=\"property\" descending=true",
        about: "The list in order: numbers by size, before texts in the order of a dictionary (that of `localeCompare`). Equal items stay as they were.",
        group: Group::Lists,
        examples: &[
            Example {
                template: "{{#each (sort names)}}{{.}} {{/each}}",
                data: r#"{"names": ["b", "a", "B"]}"#,
                output: "a b B ",
            },
            Example {
                template: "{{join (sort types by=\"size\" descending=true) by=\"name\"}}",
                data: r#"{"types": [{"name": "A", "size": 2}, {"name": "B", "size": 10}]}"#,
                output: "B, A",
            },
        ],
        values: (1, 1),
        keys: &["by", "descending"],
        probes: false,
        run: Run::Value(sort),
    },
    Helper {
        name: "unique",
        usage: "list by=\"property\"",
        about: "The list without items that are equal to an earlier one.",
        group: Group::Lists,
        examples: &[Example { template: "{{join (unique names)}}", data: r#"{"names": ["a", "b", "a"]}"#, output: "a, b" }],
        values: (1, 1),
        keys: &["by"],
        probes: false,
        run: Run::Value(unique),
    },
    Helper {
        name: "group",
        usage: "list by=\"property\"",
        about: "The items of a list by what they have in common: a list of groups with `key` and `items`, in the order in which the keys first occur.",
        group: Group::Lists,
        examples: &[Example {
            template: "{{#each (group rules by=\"kind\")}}{{key}}: {{join items by=\"name\"}}; {{/each}}",
            data: r#"{"rules": [{"kind": "p", "name": "A"}, {"kind": "t", "name": "B"}, {"kind": "p", "name": "C"}]}"#,
            output: "p: A, C; t: B; ",
        }],
        values: (1, 1),
        keys: &["by"],
        probes: false,
        run: Run::Value(group),
    },
    Helper {
        name: "filter",
        usage: "list property value",
        about: "The items of a list whose property has that value; without a value, those whose property is true.",
        group: Group::Lists,
        examples: &[
            Example {
                template: "{{join (filter rules \"kind\" \"p\") by=\"name\"}}",
                data: r#"{"rules": [{"kind": "p", "name": "A"}, {"kind": "t", "name": "B"}]}"#,
                output: "A",
            },
            Example {
                template: "{{join (filter rules \"entry\") by=\"name\"}}",
                data: r#"{"rules": [{"entry": false, "name": "A"}, {"entry": true, "name": "B"}]}"#,
                output: "B",
            },
        ],
        values: (2, 3),
        keys: &[],
        probes: false,
        run: Run::Value(filter),
    },
];

fn sort<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let by = args.key("by")?;
    let list = args.list(0)?;
    args.spend(list.len() * (list.len() + 1).ilog2() as usize)?;
    let mut keyed: Vec<(Value<'a>, Value<'a>)> = list.into_iter().map(|item| (args.by(item, by), item)).collect();
    let strange = keyed.iter().find(|(key, _)| rank(*key).is_none());
    if let Some((key, _)) = strange {
        let message = format!("only numbers and texts have an order, but this list contains {}", args.reader.describe(*key));
        return Err(Fault::new(message, by.is_none().then(|| "name the property to sort by: `by=\"name\"`".to_owned())));
    }
    keyed.sort_by(|(a, _), (b, _)| order(*a, *b));
    if args.flag("descending") {
        // Reversed twice, so that equal items stay as they were.
        keyed.reverse();
        keyed.sort_by(|(a, _), (b, _)| order(*b, *a));
    }
    Ok(items(args, keyed.into_iter().map(|(_, item)| item)))
}

/// Where a kind of value comes in the order.
fn rank(value: Value<'_>) -> Option<u8> {
    match value {
        Value::Undefined | Value::Null => Some(0),
        Value::Bool(_) => Some(1),
        Value::Number(_) => Some(2),
        Value::Text(_) => Some(3),
        Value::Object(_) | Value::List(_) | Value::Items(_) | Value::Fields(_) | Value::Layered(_) => None,
    }
}

fn order(a: Value<'_>, b: Value<'_>) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(&b),
        (Value::Text(a), Value::Text(b)) => collate::compare_texts(a, b),
        (Value::Bool(a), Value::Bool(b)) => a.cmp(&b),
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

/// What makes two values equal, in a form that can be looked up.
#[derive(PartialEq, Eq, Hash)]
enum Identity<'a> {
    Nothing,
    Bool(bool),
    Number(u64),
    Text(&'a str),
    Handle(u8, super::super::value::Handle),
    Address(usize),
}

impl<'a> Identity<'a> {
    fn of(value: Value<'a>) -> Identity<'a> {
        match value {
            Value::Undefined | Value::Null => Identity::Nothing,
            Value::Bool(value) => Identity::Bool(value),
            Value::Number(number) => Identity::Number((number + 0.0).to_bits()), // -0 and 0 are equal
            Value::Text(text) => Identity::Text(text),
            Value::Object(handle) => Identity::Handle(0, handle),
            Value::List(handle) => Identity::Handle(1, handle),
            Value::Items(items) => Identity::Address(items.as_ptr().addr()),
            Value::Fields(fields) => Identity::Address(fields.as_ptr().addr()),
            Value::Layered(layered) => Identity::Address(std::ptr::from_ref(layered).addr()),
        }
    }
}

fn unique<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let by = args.key("by")?;
    let list = args.list(0)?;
    let mut seen = rustc_hash::FxHashSet::default();
    let kept: Vec<Value<'a>> = list.into_iter().filter(|item| seen.insert(Identity::of(args.by(*item, by)))).collect();
    Ok(items(args, kept.into_iter()))
}

fn group<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let Some(by) = args.key("by")? else {
        return Err("groups need to know what by: `by=\"property\"`".to_owned().into());
    };
    let list = args.list(0)?;
    let mut groups: Vec<(Value<'a>, Vec<Value<'a>>)> = Vec::new();
    let mut places = rustc_hash::FxHashMap::default();
    for item in list {
        let key = args.by(item, Some(by));
        let place = *places.entry(Identity::of(key)).or_insert(groups.len());
        if place == groups.len() {
            groups.push((key, Vec::new()));
        }
        groups[place].1.push(item);
    }
    let arena = args.reader.arena;
    let groups = groups
        .into_iter()
        .map(|(key, items)| Value::Fields(arena.fields(&[("key", key), ("items", Value::Items(arena.items(&items)))])));
    Ok(items(args, groups))
}

fn filter<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let property = args.text(1)?;
    let wanted = args.values.get(2).copied();
    let list = args.list(0)?;
    let reader = args.reader;
    let keeps = |item: Value<'a>| {
        let value = args.by(item, Some(property));
        wanted.map_or_else(|| reader.is_true(value), |wanted| reader.equal(value, wanted))
    };
    let kept: Vec<Value<'a>> = list.into_iter().filter(|item| keeps(*item)).collect();
    Ok(items(args, kept.into_iter()))
}

fn items<'a>(args: &Args<'_, 'a>, items: impl Iterator<Item = Value<'a>>) -> Value<'a> {
    Value::Items(args.reader.arena.items(&items.collect::<Vec<_>>()))
}

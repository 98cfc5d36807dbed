//! Lists: joining, sorting, grouping.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

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
            let path = args.path(by)?;
            let separator = if args.count() > 1 { args.text(1)? } else { ", " };
            for (at, item) in args.list(0)?.into_iter().enumerate() {
                if at > 0 {
                    out.push(separator);
                }
                let value = args.follow(item, &path)?;
                out.push(args.text_of(value)?);
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
    let mut keyed = keyed(args, by)?;
    let strange = keyed.iter().find(|(key, _)| rank(*key).is_none());
    if let Some((key, _)) = strange {
        let message = format!("only numbers and texts have an order, but this list contains {}", args.describe(*key));
        return Err(Fault::new(message, by.is_none().then(|| "name the property to sort by: `by=\"name\"`".to_owned())));
    }
    spend_on_places(args, &keyed)?;
    keyed.sort_by(|(a, _), (b, _)| order(*a, *b));
    if args.flag("descending") {
        // Reversed twice, so that equal items stay as they were.
        keyed.reverse();
        keyed.sort_by(|(a, _), (b, _)| order(*b, *a));
    }
    Ok(items(args, keyed.into_iter().map(|(_, item)| item)))
}

/// The items of the list, each behind what `by` names in it.
fn keyed<'a>(args: &mut Args<'_, 'a>, by: Option<&str>) -> Result<Vec<(Value<'a>, Value<'a>)>, Fault> {
    let path = args.path(by)?;
    args.list(0)?.into_iter().map(|item| Ok((args.follow(item, &path)?, item))).collect()
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

/// What makes two values equal, in a form that can be looked up: in order, as texts can be made up whose hashes are equal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
    let keyed = keyed(args, by)?;
    let mut seen = BTreeSet::new();
    spend_on_places(args, &keyed)?;
    Ok(items(args, keyed.into_iter().filter(|(key, _)| seen.insert(Identity::of(*key))).map(|(_, item)| item)))
}

fn group<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let Some(by) = args.key("by")? else {
        return Err("groups need to know what by: `by=\"property\"`".to_owned().into());
    };
    let keyed = keyed(args, Some(by))?;
    spend_on_places(args, &keyed)?;
    let mut groups: Vec<(Value<'a>, Vec<Value<'a>>)> = Vec::new();
    let mut places = BTreeMap::new();
    for (key, item) in keyed {
        let place = *places.entry(Identity::of(key)).or_insert(groups.len());
        if place == groups.len() {
            groups.push((key, Vec::new()));
        }
        groups[place].1.push(item);
    }
    let groups = groups.into_iter().map(|(key, items)| args.made_object(&[("key", key), ("items", args.made_list(&items))]));
    Ok(items(args, groups))
}

/// Counts looking each of these up among the others.
fn spend_on_places(args: &mut Args<'_, '_>, keyed: &[(Value<'_>, Value<'_>)]) -> Result<(), Fault> {
    args.spend_on_order(keyed.iter().map(|(key, _)| if let Value::Text(text) = key { text } else { "" }))
}

fn filter<'a>(args: &mut Args<'_, 'a>) -> Result<Value<'a>, Fault> {
    let property = args.text(1)?;
    let wanted = (args.count() > 2).then(|| args.value(2));
    let mut kept = Vec::new();
    for (value, item) in keyed(args, Some(property))? {
        let is_kept = match wanted {
            Some(wanted) => args.equal(value, wanted)?,
            None => args.is_true(value),
        };
        if is_kept {
            kept.push(item);
        }
    }
    Ok(args.made_list(&kept))
}

fn items<'a>(args: &Args<'_, 'a>, items: impl Iterator<Item = Value<'a>>) -> Value<'a> {
    args.made_list(&items.collect::<Vec<_>>())
}

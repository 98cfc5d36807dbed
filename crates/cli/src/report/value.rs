//! JSON values and how they are printed: indented, keys in the order in which they were put in.

use langloom_core::text::js;

/// A JSON value.
#[derive(Debug)]
pub(super) enum Value {
    Null,
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Value>),
    Object(Vec<(&'static str, Value)>),
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Value {
        Value::Text(text.into())
    }

    /// `value`, or `null`.
    pub(super) fn or_null(value: Option<Value>) -> Value {
        value.unwrap_or(Value::Null)
    }

    /// As a document, with a line break at its end.
    pub(super) fn print(&self) -> String {
        let mut out = String::new();
        self.push(&mut out, 0);
        out.push('\n');
        out
    }

    fn push(&self, out: &mut String, depth: usize) {
        match self {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Value::Number(number) => out.push_str(&number.to_string()),
            Value::Text(text) => js::push_json_string(out, text),
            Value::List(items) => {
                push_members(out, depth, ['[', ']'], items, |out, item| item.push(out, depth + 1));
            }
            Value::Object(members) => push_members(out, depth, ['{', '}'], members, |out, (key, value)| {
                js::push_json_string(out, key);
                out.push_str(": ");
                value.push(out, depth + 1);
            }),
        }
    }
}

fn push_members<T>(out: &mut String, depth: usize, brackets: [char; 2], members: &[T], push: impl Fn(&mut String, &T)) {
    let line_break = |out: &mut String, depth: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    };
    out.push(brackets[0]);
    for (index, member) in members.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        line_break(out, depth + 1);
        push(out, member);
    }
    if !members.is_empty() {
        line_break(out, depth);
    }
    out.push(brackets[1]);
}

//! The view as JSON: for those who write templates, and for the test that every field can be read.

use super::ProjectView;
use super::kinds::{KINDS, KindId, Shape};
use crate::emit::Sink;
use crate::emit::pack::value::{Arena, Handle, Value, View};
use crate::text::js;

/// Appends the project with everything in it. Where an object belongs elsewhere, its name stands for it.
pub fn dump(view: &ProjectView<'_>, text: &mut Sink<'_>) {
    // Each grammar, rule and type has an arena of its own: the whole of a large project is not held in memory.
    let Value::Object(project) = view.project() else { return };
    Dump { view, depth: 0 }.object(project, text);
    text.push('\n');
}

struct Dump<'v> {
    view: &'v ProjectView<'v>,
    depth: usize,
}

impl Dump<'_> {
    fn object(&mut self, handle: Handle, text: &mut Sink<'_>) {
        let arena = Arena::new();
        text.push('{');
        self.depth += 1;
        for (index, field) in KINDS[usize::from(handle.kind)].fields.iter().enumerate() {
            self.begin(index, text);
            js::push_json_string(text, field.name);
            text.push_str(": ");
            let value = (field.get)(self.view, &handle.ids, &arena);
            self.value(value, is_link(field.shape), text);
        }
        self.end('}', text);
        text.cut();
    }

    fn value(&mut self, value: Value<'_>, is_link: bool, text: &mut Sink<'_>) {
        match value {
            Value::Undefined | Value::Null => text.push_str("null"),
            Value::Bool(true) => text.push_str("true"),
            Value::Bool(false) => text.push_str("false"),
            // JSON has no other numbers; JavaScript writes `null` for them too.
            Value::Number(number) if !number.is_finite() => text.push_str("null"),
            Value::Number(number) => js::push_number(text, number),
            Value::Text(value) => js::push_json_string(text, value),
            Value::Object(handle) if is_link => {
                let arena = Arena::new();
                js::push_json_string(text, self.view.name_of(Value::Object(handle), &arena));
            }
            Value::Object(handle) => self.object(handle, text),
            Value::List(handle) => {
                let items = (0..self.view.len(handle)).map(|index| self.view.list_item(handle, index));
                self.items(items, is_link, text);
            }
            Value::Items(items) => self.items(items.iter().copied(), is_link, text),
            Value::Fields(fields) => {
                text.push('{');
                self.depth += 1;
                for (index, (name, value)) in fields.iter().enumerate() {
                    self.begin(index, text);
                    js::push_json_string(text, name);
                    text.push_str(": ");
                    self.value(*value, false, text);
                }
                self.end('}', text);
            }
            Value::Layered(layered) => self.value(*layered.base, is_link, text),
        }
    }

    fn items<'a>(&mut self, items: impl Iterator<Item = Value<'a>>, is_link: bool, text: &mut Sink<'_>) {
        let mut items = items.peekable();
        if items.peek().is_none() {
            return text.push_str("[]");
        }
        text.push('[');
        self.depth += 1;
        for (index, item) in items.enumerate() {
            self.begin(index, text);
            self.value(item, is_link, text);
        }
        self.end(']', text);
    }

    fn begin(&self, index: usize, text: &mut Sink<'_>) {
        text.push_str(if index > 0 { ",\n" } else { "\n" });
        text.extend(std::iter::repeat_n("  ", self.depth));
    }

    fn end(&mut self, bracket: char, text: &mut Sink<'_>) {
        self.depth -= 1;
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", self.depth));
        text.push(bracket);
    }
}

fn is_link(shape: Shape) -> bool {
    match shape {
        Shape::Link(KindId(_)) | Shape::Links(KindId(_)) => true,
        Shape::Text | Shape::Flag | Shape::Value | Shape::Texts | Shape::One(_) | Shape::Many(_) => false,
    }
}

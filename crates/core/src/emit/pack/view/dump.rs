//! The view as JSON: for those who write templates, and for the test that every field can be read.

use super::ProjectView;
use super::kinds::KINDS;
use crate::emit::Sink;
use crate::emit::pack::Pack;
use crate::emit::pack::manifest::VIEW_VERSION;
use crate::emit::pack::option::OptionValue;
use crate::emit::pack::subject::at_top;
use crate::emit::pack::value::{Arena, Field, Handle, Value, View};
use crate::text::js;

/// A pack as templates see it: what the user calls it, the pack, the values of its options.
pub type DumpedPack<'p> = (&'p str, &'p Pack, &'p [(String, OptionValue)]);

/// Appends the project with everything in it, and behind that the version of the view and what `packs` add. Where an object
/// belongs elsewhere, its name stands for it.
pub fn dump(view: &ProjectView<'_>, packs: &[DumpedPack<'_>], text: &mut Sink<'_>) {
    // Each grammar, rule and type has an arena of its own: the whole of a large project is not held in memory.
    let Value::Object(project) = view.project() else { return };
    let arena = Arena::new();
    let packs: Vec<Field<'_>> = packs.iter().map(|(name, pack, options)| (*name, at_top(pack, options, &arena))).collect();
    let more = [("view", Value::Number(f64::from(VIEW_VERSION))), ("packs", Value::Fields(&packs))];
    Dump { view, depth: 0 }.object(project, &more, text);
    text.push('\n');
}

struct Dump<'v> {
    view: &'v ProjectView<'v>,
    depth: usize,
}

impl Dump<'_> {
    /// An object with all that it has, and `more`.
    fn object(&mut self, handle: Handle, more: &[Field<'_>], text: &mut Sink<'_>) {
        let arena = Arena::new();
        text.push('{');
        self.depth += 1;
        for (index, field) in KINDS[usize::from(handle.kind)].fields.iter().enumerate() {
            self.begin(index, text);
            js::push_json_string(text, field.name);
            text.push_str(": ");
            let value = (field.get)(self.view, &handle.ids, &arena);
            self.value(value, field.shape.is_link(), text);
        }
        for (name, value) in more {
            self.begin(1, text);
            js::push_json_string(text, name);
            text.push_str(": ");
            self.value(*value, false, text);
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
            Value::Object(handle) => self.object(handle, &[], text),
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

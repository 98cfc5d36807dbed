//! How JavaScript reads, compares and prints the values of a template.

use super::buffer::Buffer;
use super::value::{Arena, Field, Handle, Key, Value, View, is_same_name};
use super::writer::Writer;
use crate::text::js;

/// Lists in lists are printed so deep: a view could go on forever.
const MAX_PRINT_DEPTH: u32 = 64;

/// A view and where it puts what it makes up. The renderer knows the kind of view, so that asking it costs no call through a
/// table; helpers do not.
pub(super) struct Reader<'a, V: ?Sized = dyn View + 'a> {
    pub(super) view: &'a V,
    pub(super) arena: &'a Arena,
}

impl<V: ?Sized> Clone for Reader<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: ?Sized> Copy for Reader<'_, V> {}

impl<'a, V: View> Reader<'a, V> {
    /// The same for helpers.
    pub(super) fn any(self) -> Reader<'a> {
        Reader { view: self.view, arena: self.arena }
    }
}

impl<'a, V: View + ?Sized> Reader<'a, V> {
    /// The key of a name that was made up while rendering.
    pub(super) fn key(self, name: &str) -> Key<'_> {
        let id = self.view.vocabulary().iter().position(|known| *known == name);
        Key { name, id: id.map_or(Key::OTHER, |id| id as u16) }
    }

    /// `value.key`
    pub(super) fn property(self, mut value: &Value<'a>, key: Key<'_>) -> Value<'a> {
        let mut is_layered = false;
        while let Value::Layered(layered) = value {
            // Mostly there is one layer, of few properties.
            if is_layered || layered.over.len() > 4 {
                self.arena.charge(1 + layered.over.len() / 4);
            }
            if let Some((_, found)) = layered.over.iter().find(|(over, _)| key.is(*over)) {
                return **found;
            }
            is_layered = true;
            value = layered.base;
        }
        match value {
            Value::Object(object) => self.view.get(*object, key, self.arena),
            Value::Fields(fields) => field(fields, key.name).unwrap_or(Value::Undefined),
            // A copy of a list or a text has its items, but no length.
            _ if is_layered && key.name == "length" => Value::Undefined,
            value => self.property_of_other(*value, key),
        }
    }

    #[inline(never)]
    fn property_of_other(self, value: Value<'a>, key: Key<'_>) -> Value<'a> {
        match value {
            Value::Text(text) => {
                self.arena.charge(text.len() / COUNTED_BYTES_OF_STEP);
                text_property(text, key.name, self.arena)
            }
            Value::List(list) => self.list_property(list, key.name),
            Value::Items(items) => match key.name {
                "length" => Value::Number(items.len() as f64),
                name => index(name).and_then(|at| items.get(at)).copied().unwrap_or(Value::Undefined),
            },
            Value::Undefined
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Object(_)
            | Value::Fields(_)
            | Value::Layered(_) => Value::Undefined,
        }
    }

    fn list_property(self, list: Handle, name: &str) -> Value<'a> {
        let length = self.view.len(list);
        match name {
            "length" => Value::Number(length as f64),
            name => match index(name) {
                Some(at) if at < length => self.view.item(list, at, self.arena),
                Some(_) | None => Value::Undefined,
            },
        }
    }

    /// The names of a value's properties, in the order in which `each` visits them. Nothing for what is no object.
    pub(super) fn keys(self, value: Value<'a>) -> Vec<&'a str> {
        let mut layers = Vec::new();
        let mut base = value;
        while let Value::Layered(layered) = base {
            layers.push(layered.over);
            base = *layered.base;
        }
        let mut keys: Vec<&'a str> = match base {
            Value::Object(object) => self.view.keys(object, self.arena).to_vec(),
            Value::Fields(fields) => fields.iter().map(|(name, _)| *name).collect(),
            Value::Text(_) | Value::List(_) | Value::Items(_) if layers.is_empty() => Vec::new(),
            Value::Text(text) => self.indices(text.chars().map(char::len_utf16).sum()),
            Value::List(list) => self.indices(self.view.len(list)),
            Value::Items(items) => self.indices(items.len()),
            Value::Undefined | Value::Null | Value::Bool(_) | Value::Number(_) | Value::Layered(_) => Vec::new(),
        };
        self.arena.charge(keys.len());
        for over in layers.into_iter().rev() {
            for (key, _) in over {
                self.arena.charge(1 + keys.len() / 4);
                if !keys.contains(&key.name) {
                    keys.push(key.name);
                }
            }
        }
        keys
    }

    fn indices(self, count: usize) -> Vec<&'a str> {
        (0..count).map(|at| self.arena.text(&at.to_string())).collect()
    }

    /// The number of items, if `value` is a list.
    #[inline]
    pub(super) fn length(self, value: Value<'a>) -> Option<usize> {
        match value {
            Value::List(list) => Some(self.view.len(list)),
            Value::Items(items) => Some(items.len()),
            Value::Undefined
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Object(_)
            | Value::Fields(_)
            | Value::Layered(_) => None,
        }
    }

    /// An item of a list.
    #[inline]
    pub(super) fn item(self, list: Value<'a>, at: usize) -> Value<'a> {
        match list {
            Value::List(handle) => self.view.item(handle, at, self.arena),
            Value::Items(items) => items.get(at).copied().unwrap_or(Value::Undefined),
            Value::Undefined
            | Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Object(_)
            | Value::Fields(_)
            | Value::Layered(_) => Value::Undefined,
        }
    }

    /// Whether `if` takes `value` for true: not for `false`, `0`, `""`, nothing and empty lists.
    #[inline]
    pub(super) fn is_true(self, value: Value<'a>) -> bool {
        match value {
            Value::Undefined | Value::Null => false,
            Value::Bool(value) => value,
            Value::Number(number) => number != 0.0 && !number.is_nan(),
            Value::Text(text) => !text.is_empty(),
            Value::Object(_) | Value::Fields(_) | Value::Layered(_) => true,
            Value::List(list) => self.view.len(list) > 0,
            Value::Items(items) => !items.is_empty(),
        }
    }

    /// `Utils.isEmpty` of Handlebars: 0 is not empty.
    pub(super) fn is_empty(self, value: Value<'a>) -> bool {
        !matches!(value, Value::Number(0.0)) && !self.is_true(value)
    }

    /// Appends `value` as JavaScript turns it into a text; nothing for nothing.
    #[inline]
    pub(super) fn print(self, value: Value<'a>, out: &mut Writer<'_>) {
        match value {
            Value::Text(text) => out.push(text),
            other => self.print_other(other, out, 0),
        }
    }

    fn print_other(self, value: Value<'a>, out: &mut Writer<'_>, depth: u32) {
        match value {
            Value::Undefined | Value::Null => {}
            Value::Text(text) => out.push(text),
            Value::Bool(value) => out.push(if value { "true" } else { "false" }),
            Value::Number(number) => out.push_number(number),
            Value::Object(_) | Value::Fields(_) | Value::Layered(_) => out.push("[object Object]"),
            Value::List(_) | Value::Items(_) => {
                for at in 0..self.length(value).unwrap_or(0) {
                    if at > 0 {
                        out.push(",");
                    }
                    if depth < MAX_PRINT_DEPTH && !out.is_full() {
                        self.print_other(self.item(value, at), out, depth + 1);
                    }
                }
            }
        }
    }

    /// `value` as a text that lives as long as the rendering.
    pub(super) fn text(self, value: Value<'a>) -> &'a str {
        match value {
            Value::Text(text) => text,
            Value::Bool(true) => "true",
            Value::Bool(false) => "false",
            Value::Undefined | Value::Null => "",
            other => {
                let mut text = Buffer::new();
                self.print_counted(other, &mut text);
                self.arena.text(text.as_str())
            }
        }
    }

    /// Appends a value that may be a list of lists.
    fn print_counted(self, value: Value<'a>, text: &mut Buffer) {
        self.print(value, &mut Writer::new(text, MAX_TEXT));
        self.arena.charge(text.len() + self.length(value).unwrap_or(0));
    }

    /// `a == b`, as `each` and `with` compare contexts.
    pub(super) fn equal_loosely(self, a: Value<'a>, b: Value<'a>) -> bool {
        let is_nothing = |value| matches!(value, Value::Undefined | Value::Null);
        match (Primitive::of(a), Primitive::of(b)) {
            _ if is_nothing(a) || is_nothing(b) => is_nothing(a) && is_nothing(b),
            (Primitive::None, Primitive::None) => is_same(a, b),
            (Primitive::Text(a), Primitive::Text(b)) => self.equal_texts(a, b),
            (Primitive::Number(a), Primitive::Number(b)) => a == b,
            (Primitive::Number(a), Primitive::Text(b)) | (Primitive::Text(b), Primitive::Number(a)) => {
                self.arena.charge(b.len() / COUNTED_BYTES_OF_STEP);
                a == number(b)
            }
            (Primitive::None, other) => self.equal_to_primitive(a, other),
            (other, Primitive::None) => self.equal_to_primitive(b, other),
        }
    }

    fn equal_to_primitive(self, object: Value<'a>, other: Primitive<'a>) -> bool {
        if let Value::Object(_) | Value::Fields(_) | Value::Layered(_) = object {
            return matches!(other, Primitive::Text("[object Object]"));
        }
        let mut text = Buffer::new();
        self.print_counted(object, &mut text);
        match other {
            Primitive::Text(other) => text.as_str() == other,
            Primitive::Number(other) => number(text.as_str()) == other,
            Primitive::None => false,
        }
    }

    /// `a === b`: the same object, or equal plain values of the same type.
    pub(super) fn equal(self, a: Value<'a>, b: Value<'a>) -> bool {
        match (a, b) {
            (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
            (Value::Bool(a), Value::Bool(b)) => a == b,
            (Value::Number(a), Value::Number(b)) => a == b,
            (Value::Text(a), Value::Text(b)) => self.equal_texts(a, b),
            (a, b) => is_same(a, b),
        }
    }

    /// Whether two texts are equal.
    #[inline]
    fn equal_texts(self, a: &str, b: &str) -> bool {
        if a.len() != b.len() {
            return false;
        }
        self.arena.charge(a.len() / COMPARED_BYTES_OF_STEP);
        a == b
    }

    /// What a message calls `value`.
    pub(super) fn describe(self, value: Value<'a>) -> &'a str {
        match value {
            Value::Undefined | Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "a text",
            Value::Object(object) => self.view.describe(object),
            Value::List(_) | Value::Items(_) => "a list",
            Value::Fields(_) => "an object",
            Value::Layered(layered) => {
                let mut base = layered.base;
                while let Value::Layered(layered) = base {
                    base = layered.base;
                }
                match base {
                    Value::Object(object) => self.view.describe(*object),
                    _ => "an object",
                }
            }
        }
    }
}

/// So many bytes of a text count for a step when its characters are counted or read: 0.3 ns for each.
const COUNTED_BYTES_OF_STEP: usize = 16;
/// The same when it is compared with one of the same length: 0.03 ns for each.
const COMPARED_BYTES_OF_STEP: usize = 64;

/// The most bytes that a value has when it is turned into a text to be compared or looked up.
const MAX_TEXT: usize = 1 << 20;

/// A plain value as `==` sees it: `true` is 1.
#[derive(Clone, Copy)]
enum Primitive<'a> {
    Text(&'a str),
    Number(f64),
    None,
}

impl<'a> Primitive<'a> {
    fn of(value: Value<'a>) -> Primitive<'a> {
        match value {
            Value::Text(text) => Primitive::Text(text),
            Value::Number(number) => Primitive::Number(number),
            Value::Bool(value) => Primitive::Number(f64::from(u8::from(value))),
            Value::Undefined
            | Value::Null
            | Value::Object(_)
            | Value::List(_)
            | Value::Items(_)
            | Value::Fields(_)
            | Value::Layered(_) => Primitive::None,
        }
    }
}

/// Whether both are the same object or list, not just equal ones.
fn is_same(a: Value<'_>, b: Value<'_>) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) | (Value::List(a), Value::List(b)) => a == b,
        (Value::Items(a), Value::Items(b)) => std::ptr::eq(a, b) && !a.is_empty(),
        // The only empty one is what helpers get for a context that is nothing.
        (Value::Fields(a), Value::Fields(b)) => std::ptr::eq(a, b) || a.is_empty() && b.is_empty(),
        (Value::Layered(a), Value::Layered(b)) => std::ptr::eq(a, b),
        _ => false,
    }
}

/// `Number(text)`
pub(super) fn number(text: &str) -> f64 {
    let text = text.trim_matches(js::is_white_space);
    let radix = |digits: &str, radix| u64::from_str_radix(digits, radix).map_or(f64::NAN, |number| number as f64);
    match text.as_bytes() {
        [] => 0.0,
        [b'0', b'x' | b'X', ..] => radix(&text[2..], 16),
        [b'0', b'o' | b'O', ..] => radix(&text[2..], 8),
        [b'0', b'b' | b'B', ..] => radix(&text[2..], 2),
        _ => match text.trim_start_matches(['+', '-']) {
            "Infinity" => text.parse().unwrap_or(f64::NAN),
            digits if digits.starts_with(|char: char| char.is_ascii_digit() || char == '.') => text.parse().unwrap_or(f64::NAN),
            _ => f64::NAN,
        },
    }
}

#[inline]
pub(super) fn field<'a>(fields: &'a [Field<'a>], name: &str) -> Option<Value<'a>> {
    fields.iter().find(|(key, _)| is_same_name(key, name)).map(|(_, value)| *value)
}

/// `name` as an index of a list: decimal digits without zeros before them.
fn index(name: &str) -> Option<usize> {
    let is_index = name == "0" || !name.starts_with('0') && name.bytes().all(|byte| byte.is_ascii_digit());
    is_index.then(|| name.parse().ok()).flatten()
}

fn text_property<'a>(text: &'a str, name: &str, arena: &'a Arena) -> Value<'a> {
    if name == "length" {
        return Value::Number(js::length(text) as f64);
    }
    let Some(at) = index(name) else {
        return Value::Undefined;
    };
    if text.is_ascii() {
        return text.get(at..=at).map_or(Value::Undefined, Value::Text);
    }
    let mut units = 0;
    for char in text.chars() {
        if (units..units + char.len_utf16()).contains(&at) {
            let whole = char.len_utf16() == 1;
            return Value::Text(arena.text(char_or_half(char, whole).encode_utf8(&mut [0; 4])));
        }
        units += char.len_utf16();
    }
    Value::Undefined
}

/// Half of a character that takes two UTF-16 units is none.
fn char_or_half(char: char, whole: bool) -> char {
    if whole { char } else { char::REPLACEMENT_CHARACTER }
}

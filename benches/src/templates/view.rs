//! The data as the template sees it: read where it is, by numbers of names.

use langloom_core::emit::pack::{Arena, Handle, Key, Value};

use super::{Interface, Property, Types};

/// A view of [`Types`].
#[derive(Debug)]
pub(crate) struct View<'t>(pub(crate) &'t Types);

/// The names of all properties. [`Key::id`] counts them.
pub(crate) const VOCABULARY: &[&str] =
    &["grammar", "types", "name", "doc", "supers", "properties", "type", "kind", "array", "optional"];

const ROOT: u16 = 0;
const TYPES: u16 = 1;
const TYPE: u16 = 2;
const SUPERS: u16 = 3;
const PROPERTIES: u16 = 4;
const PROPERTY: u16 = 5;

const fn handle(kind: u16, a: u32, b: u32) -> Handle {
    Handle { kind, ids: [a, b, 0] }
}

impl View<'_> {
    /// The whole.
    pub(crate) fn root(&self) -> Value<'_> {
        Value::Object(handle(ROOT, 0, 0))
    }

    fn interface(&self, of: Handle) -> &Interface {
        &self.0.types[of.ids[0] as usize]
    }

    fn property(&self, of: Handle) -> &Property {
        &self.interface(of).properties[of.ids[1] as usize]
    }
}

impl langloom_core::emit::pack::View for View<'_> {
    fn vocabulary(&self) -> &[&str] {
        VOCABULARY
    }

    #[inline(always)] // what most mustaches ask
    fn get<'a>(&'a self, object: Handle, key: Key<'_>, _: &'a Arena) -> Value<'a> {
        let [of, ..] = object.ids;
        match (object.kind, key.id) {
            (ROOT, 0) => Value::Text(&self.0.grammar),
            (ROOT, 1) => Value::List(handle(TYPES, 0, 0)),
            (TYPE, 2) => Value::Text(&self.interface(object).name),
            (TYPE, 3) => self.interface(object).doc.as_deref().map_or(Value::Null, Value::Text),
            (TYPE, 4) => Value::List(handle(SUPERS, of, 0)),
            (TYPE, 5) => Value::List(handle(PROPERTIES, of, 0)),
            (PROPERTY, 2) => Value::Text(&self.property(object).name),
            (PROPERTY, 6) => Value::Text(&self.property(object).ty),
            (PROPERTY, 7) => Value::Text(if self.property(object).is_reference { "reference" } else { "plain" }),
            (PROPERTY, 8) => Value::Bool(self.property(object).is_array),
            (PROPERTY, 9) => Value::Bool(self.property(object).is_optional),
            _ => Value::Undefined,
        }
    }

    fn keys<'a>(&'a self, object: Handle, _: &'a Arena) -> &'a [&'a str] {
        match object.kind {
            ROOT => &VOCABULARY[..2],
            TYPE => &VOCABULARY[2..6],
            _ => &["name", "type", "kind", "array", "optional"],
        }
    }

    fn len(&self, list: Handle) -> usize {
        match list.kind {
            TYPES => self.0.types.len(),
            SUPERS => self.interface(list).supers.len(),
            _ => self.interface(list).properties.len(),
        }
    }

    fn item<'a>(&'a self, list: Handle, index: usize, _: &'a Arena) -> Value<'a> {
        match list.kind {
            TYPES => Value::Object(handle(TYPE, index as u32, 0)),
            SUPERS => Value::Text(&self.interface(list).supers[index]),
            _ => Value::Object(handle(PROPERTY, list.ids[0], index as u32)),
        }
    }

    fn describe(&self, object: Handle) -> &str {
        match object.kind {
            ROOT => "the grammar",
            TYPE => "a type",
            _ => "a property",
        }
    }
}

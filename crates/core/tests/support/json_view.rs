//! JSON as templates see it: a [`View`] of a parsed text, for tests and benchmarks.

use langloom_core::emit::pack::{Arena, Handle, Key, Value, View};

/// A JSON text as a flat list of its values; the first one is the whole.
#[derive(Debug)]
pub(crate) struct JsonView(Vec<Node>);

#[derive(Debug)]
enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<u32>),
    Object(Vec<(String, u32)>),
}

const OBJECT: u16 = 0;
const LIST: u16 = 1;

impl JsonView {
    pub(crate) fn new(json: &serde_json::Value) -> JsonView {
        let mut view = JsonView(Vec::new());
        view.add(json);
        view
    }

    /// The whole.
    pub(crate) fn root(&self) -> Value<'_> {
        self.value(0)
    }

    fn add(&mut self, json: &serde_json::Value) -> u32 {
        let id = self.0.len() as u32;
        self.0.push(Node::Null);
        self.0[id as usize] = match json {
            serde_json::Value::Null => Node::Null,
            serde_json::Value::Bool(value) => Node::Bool(*value),
            serde_json::Value::Number(number) => Node::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Node::Text(text.clone()),
            serde_json::Value::Array(items) => Node::List(items.iter().map(|item| self.add(item)).collect()),
            serde_json::Value::Object(members) => {
                Node::Object(members.iter().map(|(name, value)| (name.clone(), self.add(value))).collect())
            }
        };
        id
    }

    fn value(&self, id: u32) -> Value<'_> {
        let handle = |kind| Handle { kind, ids: [id, 0, 0] };
        match &self.0[id as usize] {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(number) => Value::Number(*number),
            Node::Text(text) => Value::Text(text),
            Node::List(_) => Value::List(handle(LIST)),
            Node::Object(_) => Value::Object(handle(OBJECT)),
        }
    }

    fn members(&self, object: Handle) -> &[(String, u32)] {
        match &self.0[object.ids[0] as usize] {
            Node::Object(members) => members,
            other => panic!("{other:?} is no object"),
        }
    }

    fn items(&self, list: Handle) -> &[u32] {
        match &self.0[list.ids[0] as usize] {
            Node::List(items) => items,
            other => panic!("{other:?} is no list"),
        }
    }
}

impl View for JsonView {
    fn get<'a>(&'a self, object: Handle, key: Key<'_>, _: &'a Arena) -> Value<'a> {
        let member = self.members(object).iter().find(|(name, _)| name == key.name);
        member.map_or(Value::Undefined, |(_, id)| self.value(*id))
    }

    fn keys<'a>(&'a self, object: Handle, arena: &'a Arena) -> &'a [&'a str] {
        arena.names(&self.members(object).iter().map(|(name, _)| &**name).collect::<Vec<_>>())
    }

    fn len(&self, list: Handle) -> usize {
        self.items(list).len()
    }

    fn item<'a>(&'a self, list: Handle, index: usize, _: &'a Arena) -> Value<'a> {
        self.value(self.items(list)[index])
    }

    fn describe(&self, _: Handle) -> &str {
        "an object"
    }
}

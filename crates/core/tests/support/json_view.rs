//! JSON as templates see it: a [`View`] of a parsed text, for tests and benchmarks.

use langloom_core::emit::pack::{Arena, Handle, Key, Value, View};

/// A JSON text as a flat list of its values; the first one is the whole.
#[derive(Debug)]
pub(crate) struct JsonView<'j> {
    nodes: Vec<Node>,
    /// The names that it knows by number.
    vocabulary: Vec<&'j str>,
}

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

impl<'j> JsonView<'j> {
    /// A view that knows those names of properties by number for which `knows` says so: it is given how many other names
    /// come before them.
    pub(crate) fn new(json: &'j serde_json::Value, knows: impl Fn(usize) -> bool) -> JsonView<'j> {
        let mut view = JsonView { nodes: Vec::new(), vocabulary: Vec::new() };
        view.add(json);
        let mut at = 0;
        view.vocabulary.retain(|_| {
            at += 1;
            knows(at - 1)
        });
        view
    }

    /// The whole.
    pub(crate) fn root(&self) -> Value<'_> {
        self.value(0)
    }

    fn add(&mut self, json: &'j serde_json::Value) -> u32 {
        let id = self.nodes.len() as u32;
        self.nodes.push(Node::Null);
        self.nodes[id as usize] = match json {
            serde_json::Value::Null => Node::Null,
            serde_json::Value::Bool(value) => Node::Bool(*value),
            serde_json::Value::Number(number) => Node::Number(number.as_f64().unwrap_or(f64::NAN)),
            serde_json::Value::String(text) => Node::Text(text.clone()),
            serde_json::Value::Array(items) => Node::List(items.iter().map(|item| self.add(item)).collect()),
            serde_json::Value::Object(members) => {
                for name in members.keys() {
                    if !self.vocabulary.contains(&name.as_str()) {
                        self.vocabulary.push(name);
                    }
                }
                Node::Object(members.iter().map(|(name, value)| (name.clone(), self.add(value))).collect())
            }
        };
        id
    }

    fn value(&self, id: u32) -> Value<'_> {
        let handle = |kind| Handle { kind, ids: [id, 0, 0] };
        match &self.nodes[id as usize] {
            Node::Null => Value::Null,
            Node::Bool(value) => Value::Bool(*value),
            Node::Number(number) => Value::Number(*number),
            Node::Text(text) => Value::Text(text),
            Node::List(_) => Value::List(handle(LIST)),
            Node::Object(_) => Value::Object(handle(OBJECT)),
        }
    }

    fn members(&self, object: Handle) -> &[(String, u32)] {
        match &self.nodes[object.ids[0] as usize] {
            Node::Object(members) => members,
            other => panic!("{other:?} is no object"),
        }
    }

    fn items(&self, list: Handle) -> &[u32] {
        match &self.nodes[list.ids[0] as usize] {
            Node::List(items) => items,
            other => panic!("{other:?} is no list"),
        }
    }
}

impl View for JsonView<'_> {
    fn vocabulary(&self) -> &[&str] {
        &self.vocabulary
    }

    fn get<'a>(&'a self, object: Handle, key: Key<'_>, _: &'a Arena) -> Value<'a> {
        assert!(key.id == Key::OTHER || self.vocabulary[usize::from(key.id)] == key.name, "{key:?}");
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

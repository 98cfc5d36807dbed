//! What templates read: values, and the view that gives them one at a time.
//!
//! A template sees a tree of objects, lists and plain values, but nobody has to build that tree. Whatever has data
//! (the analysed project, a test's JSON) implements [`View`]; an object or list is a [`Handle`] that only the view
//! understands, and its properties are asked for when a template names them. Texts and lists that have to be made up for
//! the answer are put into the [`Arena`] of the rendering, so values are small and are copied freely.

use bumpalo::Bump;

use super::budget::Fuel;

/// A value of a template.
#[derive(Clone, Copy, Debug)]
pub enum Value<'a> {
    /// There is no such thing: what a [`View`] answers for a property that it does not know. In strict mode, printing it
    /// is an error.
    Undefined,
    /// A property that is known and has no value. Prints nothing, and is false to `if`.
    Null,
    /// True or false.
    Bool(bool),
    /// A number; prints as in JavaScript.
    Number(f64),
    /// A text.
    Text(&'a str),
    /// An object that the view gives the properties of.
    Object(Handle),
    /// A list that the view gives the items of.
    List(Handle),
    /// A list that was made up.
    Items(&'a [Value<'a>]),
    /// An object that was made up: names and values in their order. If a name repeats, the first one counts.
    Fields(&'a [Field<'a>]),
    /// An object with some properties laid over it: the context of `{{> partial context key=value}}`.
    Layered(&'a Layered<'a>),
}

/// A property of an object that was made up.
pub type Field<'a> = (&'a str, Value<'a>);

/// `over` hides what `base` has of the same names.
#[derive(Clone, Copy, Debug)]
pub struct Layered<'a> {
    /// The object underneath.
    pub base: &'a Value<'a>,
    /// What lies over it, each name once.
    pub over: &'a [(Key<'a>, &'a Value<'a>)],
    /// Whether any of these names is one that the view knows by number: mostly they are the pack's own.
    pub hides_known: bool,
}

/// An object or a list, by numbers that mean something to its [`View`] only. Equal handles are the same object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Handle {
    /// Which kind of thing it is.
    pub kind: u16,
    /// Which one of its kind: an index, an index within an index, …
    pub ids: [u32; 3],
}

/// The name of a property, as a template writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key<'k> {
    /// The name.
    pub name: &'k str,
    /// Its position in the vocabulary that the template was compiled with ([`Dialect::vocabulary`](super::Dialect)), or
    /// [`Key::OTHER`]: a view can `match` on numbers instead of comparing texts.
    pub id: u16,
}

impl Key<'_> {
    /// The id of a name that the vocabulary does not have.
    pub const OTHER: u16 = u16::MAX;

    /// Whether both are the same name.
    #[inline]
    pub(super) fn is(self, other: Key<'_>) -> bool {
        if self.id != Key::OTHER && other.id != Key::OTHER { self.id == other.id } else { is_same_name(self.name, other.name) }
    }
}

/// Whether names are equal. Most are short: there is no need to call `memcmp` for these.
#[inline]
pub(super) fn is_same_name(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    match (a.first_chunk::<4>(), b.first_chunk::<4>()) {
        (Some(first), Some(other)) if a.len() <= 8 => first == other && a.last_chunk::<4>() == b.last_chunk::<4>(),
        _ => a.first() == b.first() && a == b,
    }
}

/// Gives templates their data.
///
/// What it answers must not change while a template is rendered.
pub trait View {
    /// The names that [`Key::id`] counts: what templates for this view are compiled with.
    fn vocabulary(&self) -> &[&str] {
        &[]
    }

    /// The value of the property `key` of `object`: [`Value::Undefined`] if objects of this kind do not have it,
    /// [`Value::Null`] if this one has no value for it.
    fn get<'a>(&'a self, object: Handle, key: Key<'_>, arena: &'a Arena) -> Value<'a>;

    /// The same for the word of the vocabulary at `id`. Most instructions ask for one: it is worth inlining.
    #[inline(always)]
    fn word<'a>(&'a self, object: &Handle, id: u16, arena: &'a Arena) -> Value<'a> {
        let name = self.vocabulary().get(usize::from(id)).copied().unwrap_or_default();
        self.get(*object, Key { name, id }, arena)
    }

    /// The names of the properties of `object`, in the order in which `each` visits them; also what "did you mean"
    /// chooses from.
    fn keys<'a>(&'a self, object: Handle, arena: &'a Arena) -> &'a [&'a str];

    /// The number of items of `list`.
    fn len(&self, list: Handle) -> usize;

    /// An item of `list`, `index` being less than [`View::len`]. Called for one index after the other: if finding the
    /// next one is not cheap, answer a made up [`Value::Items`] instead of a list.
    fn item<'a>(&'a self, list: Handle, index: usize, arena: &'a Arena) -> Value<'a>;

    /// What messages call such an object: `a rule`.
    fn describe(&self, object: Handle) -> &str;

    /// Whether what the property `name` of `object` leads to belongs elsewhere: where an object is written with all that it
    /// has, names stand for such ones. Going on there might have no end.
    fn leads_elsewhere(&self, _object: Handle, _name: &str) -> bool {
        false
    }
}

/// The view of those who have no objects of their own: all values are made up.
#[derive(Clone, Copy, Debug)]
pub struct NoView;

impl View for NoView {
    fn get<'a>(&'a self, _: Handle, _: Key<'_>, _: &'a Arena) -> Value<'a> {
        Value::Undefined
    }

    fn keys<'a>(&'a self, _: Handle, _: &'a Arena) -> &'a [&'a str] {
        &[]
    }

    fn len(&self, _: Handle) -> usize {
        0
    }

    fn item<'a>(&'a self, _: Handle, _: usize, _: &'a Arena) -> Value<'a> {
        Value::Undefined
    }

    fn describe(&self, _: Handle) -> &str {
        "an object"
    }
}

/// Where values live that are made up while a template is rendered. All of them go at once, with the arena.
///
/// What is put here counts for steps of the rendering, so that making values up is never free.
#[derive(Debug, Default)]
pub struct Arena {
    values: Bump,
    fuel: Fuel,
}

/// So many bytes of a text that is made up count for a step.
const BYTES_OF_STEP: usize = 16;
/// What an item of a list that is made up counts for, or a property.
const STEPS_OF_ITEM: usize = 2;

impl Arena {
    /// An empty one. Allocates nothing yet.
    pub fn new() -> Arena {
        Arena::default()
    }

    /// A copy of `text`.
    pub fn text(&self, text: &str) -> &str {
        self.charge(text.len() / BYTES_OF_STEP);
        self.values.alloc_str(text)
    }

    /// A copy of `items`.
    pub fn items<'a>(&'a self, items: &[Value<'a>]) -> &'a [Value<'a>] {
        self.charge(items.len() * STEPS_OF_ITEM);
        self.values.alloc_slice_copy(items)
    }

    /// A copy of `fields`.
    pub fn fields<'a>(&'a self, fields: &[Field<'a>]) -> &'a [Field<'a>] {
        self.charge(fields.len() * STEPS_OF_ITEM);
        self.values.alloc_slice_copy(fields)
    }

    /// A copy of `names`, the texts themselves being shared.
    pub fn names<'a>(&'a self, names: &[&'a str]) -> &'a [&'a str] {
        self.charge(names.len() * STEPS_OF_ITEM);
        self.values.alloc_slice_copy(names)
    }

    /// Bytes in use, and some more.
    pub fn bytes(&self) -> usize {
        self.values.allocated_bytes()
    }

    /// Counts `steps` of ten nanoseconds against the limit of the rendering, for answers that take longer than their size tells.
    /// The rendering ends at its next instruction if these were too many.
    #[inline]
    pub fn charge(&self, steps: usize) {
        self.fuel.take(steps);
    }

    pub(super) fn fuel(&self) -> &Fuel {
        &self.fuel
    }
}

// Values are copied for every mustache: more bytes would show.
const _: () = assert!(size_of::<Value<'_>>() == 24);

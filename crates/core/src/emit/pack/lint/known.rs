//! What is known of a value before anything is rendered: of which kind it is, and so which properties it has.

use super::super::assembly::Pack;
use super::super::manifest::ForEach;
use super::super::option::OptionType;
use super::super::view::{FieldSpec, KindId, SCOPE, Shape};
use crate::text::Span;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Known {
    /// Anything: what most helpers give, what may be one thing or another.
    Unknown,
    /// A text, a number, true or false.
    Plain,
    /// One of these texts.
    Texts(Vec<String>),
    /// An object of the view.
    Object(KindId),
    /// An object that is made up: what it is called in messages, and all that it has.
    Made(&'static str, Vec<(String, Known)>),
    List(Box<Known>),
    /// What `{{> partial key=value}}` lays over a context.
    Layered(Box<Known>, Vec<(String, Known)>),
}

/// Partials that give each other what they were given could nest it without an end.
const DEEPEST: usize = 6;

/// So many texts, and so long ones, are told apart; `concat` makes more of few.
const MOST_TEXTS: usize = 64;
const LONGEST_TEXT: usize = 64;

impl Known {
    pub(super) fn of_shape(shape: Shape) -> Known {
        match shape {
            Shape::Text | Shape::Flag => Known::Plain,
            Shape::Value => Known::Unknown,
            Shape::Texts => Known::list(Known::Plain),
            Shape::One(kind) | Shape::Link(kind) => Known::Object(kind),
            Shape::Many(kind) | Shape::Links(kind) => Known::list(Known::Object(kind)),
        }
    }

    /// What the field holds.
    fn of_field(field: &FieldSpec) -> Known {
        match field.shape {
            Shape::Text => all_values(field.doc).map_or(Known::Plain, Known::Texts),
            shape => Known::of_shape(shape),
        }
    }

    /// One of `texts`.
    pub(super) fn texts(texts: Vec<String>) -> Known {
        let are_few = texts.len() <= MOST_TEXTS && texts.iter().all(|text| text.len() <= LONGEST_TEXT);
        if are_few { Known::Texts(texts) } else { Known::Plain }
    }

    /// The texts of `parts`, one after the other.
    pub(super) fn concat(parts: Vec<Option<Known>>) -> Known {
        let mut texts = vec![String::new()];
        for part in parts {
            let Some(Known::Texts(ends)) = part else { return Known::Plain };
            texts = texts.iter().flat_map(|start| ends.iter().map(move |end| format!("{start}{end}"))).collect();
            if texts.len() > MOST_TEXTS {
                return Known::Plain;
            }
        }
        Known::texts(texts)
    }

    pub(super) fn list(item: Known) -> Known {
        Known::List(Box::new(item))
    }

    /// This with `over` laid over it.
    pub(super) fn layered(self, over: Vec<(String, Known)>) -> Known {
        if over.is_empty() {
            return self;
        }
        let (base, mut all) = match self {
            Known::Layered(base, all) => (base, all),
            plain => (Box::new(plain), Vec::new()),
        };
        for (name, value) in over {
            let value = if value.depth() < DEEPEST { value } else { Known::Unknown };
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = value,
                None => all.push((name, value)),
            }
        }
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        Known::Layered(base, all)
    }

    fn depth(&self) -> usize {
        match self {
            Known::Unknown | Known::Plain | Known::Texts(_) | Known::Object(_) => 1,
            Known::List(item) => 1 + item.depth(),
            Known::Made(_, fields) => 1 + deepest(fields),
            Known::Layered(base, fields) => 1 + base.depth().max(deepest(fields)),
        }
    }

    /// The property `name`; none if there cannot be one.
    pub(super) fn property(&self, name: &str) -> Option<Known> {
        let of = |fields: &[(String, Known)]| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let is_index = name.bytes().all(|byte| byte.is_ascii_digit());
        match self {
            Known::Unknown => Some(Known::Unknown),
            Known::Plain | Known::Texts(_) => (name == "length" || is_index).then_some(Known::Plain),
            Known::Object(kind) => kind.spec().fields.iter().find(|field| field.name == name).map(Known::of_field),
            Known::Made(_, fields) => of(fields),
            Known::List(_) if name == "length" => Some(Known::Plain),
            Known::List(item) => is_index.then(|| (**item).clone()),
            Known::Layered(base, over) => of(over).or_else(|| base.property(name)),
        }
    }

    /// The names of all of its properties.
    pub(super) fn names(&self) -> Vec<&str> {
        let of = |fields| <[(String, Known)]>::iter(fields).map(|(name, _)| name.as_str());
        match self {
            Known::Unknown => Vec::new(),
            Known::Plain | Known::Texts(_) | Known::List(_) => vec!["length"],
            Known::Object(kind) => kind.spec().fields.iter().map(|field| field.name).collect(),
            Known::Made(_, fields) => of(fields).collect(),
            Known::Layered(base, over) => base.names().into_iter().chain(of(over)).collect(),
        }
    }

    /// What messages call it.
    pub(super) fn described(&self) -> &'static str {
        match self {
            Known::Unknown => "an object",
            Known::Plain | Known::Texts(_) => "a plain value",
            Known::Object(kind) => kind.spec().described,
            Known::Made(described, _) => described,
            Known::List(_) => "a list",
            Known::Layered(base, _) => base.described(),
        }
    }

    /// Whether both may be one and the same value. A context that is that of the block around it is not counted by `..`.
    pub(super) fn may_equal(&self, other: &Known) -> bool {
        match (self, other) {
            (Known::Unknown, _) | (_, Known::Unknown) => true,
            (Known::Object(a), Known::Object(b)) => a == b,
            // JavaScript takes a list of a text for the text.
            (Known::Plain | Known::Texts(_) | Known::List(_), Known::Plain | Known::Texts(_) | Known::List(_)) => true,
            (Known::Made(a, _), Known::Made(b, _)) => a == b,
            (Known::Layered(..), Known::Layered(..)) => true,
            (Known::Plain | Known::Texts(_) | Known::List(_), _)
            | (Known::Object(_) | Known::Made(..) | Known::Layered(..), _) => false,
        }
    }
}

fn deepest(fields: &[(String, Known)]) -> usize {
    fields.iter().map(|(_, value)| value.depth()).max().unwrap_or(0)
}

/// The values of a field whose documentation lists them and says nothing else: "`left` or `right`".
pub(super) fn all_values(doc: &str) -> Option<Vec<String>> {
    let parts: Vec<&str> = doc.split('`').collect();
    let is_list = parts.len() > 3
        && parts.iter().step_by(2).enumerate().all(|(at, between)| match *between {
            "" => at == 0 || 2 * at + 1 == parts.len(),
            ", " | " or " => true,
            _ => false,
        });
    is_list.then(|| parts.iter().skip(1).step_by(2).map(|value| (*value).to_owned()).collect())
}

/// What a template of `pack` finds at the top; a `path` or a `when` if `needs` is none, as these have no output yet.
/// [`Subject`](super::super::subject::Subject) makes the values.
pub(super) fn top(pack: &Pack, for_each: ForEach, needs: Option<&[(String, Span)]>) -> Known {
    let (described, names) = objects(for_each);
    let held = SCOPE.iter().filter(|(name, ..)| names.contains(name));
    let mut fields: Vec<(String, Known)> = held.map(|(name, shape, _)| ((*name).to_owned(), Known::of_shape(*shape))).collect();
    let options = pack.options().into_iter().map(|option| {
        let value = match &option.ty {
            OptionType::Texts => Known::list(Known::Plain),
            OptionType::Choice(choices) => Known::texts(choices.clone()),
            OptionType::Text | OptionType::Flag | OptionType::Number => Known::Plain,
        };
        (option.name.clone(), value)
    });
    fields.push(("options".to_owned(), Known::Made("the options of the pack", options.collect())));
    fields.push(("pack".to_owned(), plains("the pack", &["name", "version"])));
    if let Some(needs) = needs {
        fields.push(("output".to_owned(), plains("the output", &["path"])));
        let file = plains("a file of another output", &["path", "name", "text"]);
        let results = needs.iter().map(|(name, _)| (name.clone(), Known::list(file.clone())));
        fields.push(("results".to_owned(), Known::Made("the results that the output needs", results.collect())));
    }
    Known::Made(described, fields)
}

/// What messages call the top of a template, and the objects that it finds there.
fn objects(for_each: ForEach) -> (&'static str, &'static [&'static str]) {
    match for_each {
        ForEach::Project => ("the top of a template for the project", &["project"]),
        ForEach::Grammar => ("the top of a template for each grammar", &["project", "grammar"]),
        ForEach::Rule => ("the top of a template for each rule", &["project", "grammar", "rule"]),
        ForEach::Type => ("the top of a template for each type", &["project", "type"]),
        ForEach::Terminal => ("the top of a template for each terminal", &["project", "grammar", "terminal"]),
    }
}

/// Whether a template finds an object called `name` at the top.
pub(super) fn has(for_each: ForEach, name: &str) -> bool {
    objects(for_each).1.contains(&name)
}

fn plains(described: &'static str, names: &[&str]) -> Known {
    Known::Made(described, names.iter().map(|name| ((*name).to_owned(), Known::Plain)).collect())
}

/// What `group` gives for each group of items of `list`.
pub(super) fn group(list: Known) -> Known {
    Known::Made("a group", vec![("key".to_owned(), Known::Unknown), ("items".to_owned(), list)])
}

//! What templates see: the analysed project as objects with documented fields, read where it lies.
//!
//! [`KINDS`](kinds::KINDS) is the one table of all objects and their fields. The view itself, `docs/packs.md`, `langloom
//! dump view` and the check of templates come from it. An object is a [`Handle`]: numbers that say which one of its kind.

mod class_diagram;
mod doc_comment;
mod dump;
mod facts;
mod kinds;
mod lists;
mod rules;
mod slugs;
mod types;

use std::sync::OnceLock;

pub use dump::{DumpedPack, dump};
pub use kinds::{FieldSpec, KINDS, KindId, KindSpec, SCOPE, Shape};

use super::value::{Arena, Handle, Key, Value, View};
use crate::emit::Input;
use crate::model::types::{TypeId, Types};
use crate::model::{Element, Language};
use crate::text::Name;
use facts::{GrammarFacts, Makers};
use kinds::{Get, Kind, Place};

/// The project as templates see it.
pub struct ProjectView<'m> {
    input: Input<'m>,
    /// The types of the project, and if there are several grammars, those of each.
    type_sets: Vec<&'m Types>,
    grammars: Vec<GrammarFacts>,
    /// Which rules make which type.
    makers: Makers,
    /// The names of all fields, each once.
    vocabulary: Vec<&'static str>,
    /// Kind by kind, how to get what each word of the vocabulary is to it.
    by_word: Vec<Get>,
    /// The names of the fields of each kind.
    names: Vec<Vec<&'static str>>,
    /// What files about each grammar can be called.
    slugs: Vec<String>,
    /// The class diagram of each set of types, once somebody asks for it. It takes long for a value.
    class_diagrams: Vec<OnceLock<String>>,
}

impl<'m> ProjectView<'m> {
    /// The view of a project.
    pub fn new(input: Input<'m>) -> ProjectView<'m> {
        let grammars: Vec<GrammarFacts> =
            input.model.languages.iter().map(|language| GrammarFacts::new(input.sources, language)).collect();
        let makers = Makers::new(input, &grammars);
        let mut vocabulary: Vec<&str> = KINDS.iter().flat_map(|kind| kind.fields).map(|field| field.name).collect();
        vocabulary.sort_unstable();
        vocabulary.dedup();
        let nothing: Get = |_, _, _| Value::Undefined;
        let field_of =
            |kind: &KindSpec, word: &str| kind.fields.iter().find(|field| field.name == word).map_or(nothing, |field| field.get);
        let by_word = KINDS.iter().flat_map(|kind| vocabulary.iter().map(|word| field_of(kind, word))).collect();
        let names = KINDS.iter().map(|kind| kind.fields.iter().map(|field| field.name).collect()).collect();
        let types = [input.model.types(input.sources)];
        let type_sets: Vec<&Types> = types.into_iter().chain(input.model.language_types(input.sources)).collect();
        let class_diagrams = type_sets.iter().map(|_| OnceLock::new()).collect();
        let slugs = slugs::of(input);
        ProjectView { input, type_sets, grammars, makers, vocabulary, by_word, names, slugs, class_diagrams }
    }

    /// The project.
    pub fn project(&self) -> Value<'static> {
        object(Kind::Project, [0; 3])
    }

    /// Bytes of all grammar files.
    pub fn source_bytes(&self) -> usize {
        self.input.sources.files.iter().map(|file| file.text.len()).sum()
    }

    /// The grammars.
    pub fn grammars(&self) -> impl Iterator<Item = Value<'static>> {
        (0..self.input.model.languages.len() as u32).map(|grammar| object(Kind::Grammar, [grammar, 0, 0]))
    }

    /// The types of the whole project: interfaces, then unions.
    pub fn types(&self) -> impl Iterator<Item = Value<'static>> {
        let types = self.type_set(0);
        (0..(types.interfaces.len() + types.unions.len()) as u32).map(|id| object(Kind::Type, [0, id, 0]))
    }

    /// The parser and infix rules of every grammar, with their grammars.
    pub fn rules(&self) -> impl Iterator<Item = (Value<'static>, Value<'static>)> + '_ {
        self.grammars.iter().enumerate().flat_map(|(grammar, facts)| in_grammar(grammar as u32, Kind::Rule, &facts.rules))
    }

    /// The terminal rules of every grammar, with their grammars.
    pub fn terminals(&self) -> impl Iterator<Item = (Value<'static>, Value<'static>)> + '_ {
        self.grammars.iter().enumerate().flat_map(|(grammar, facts)| in_grammar(grammar as u32, Kind::Terminal, &facts.terminals))
    }

    /// The name of an object that has one, for messages.
    pub fn name_of<'a>(&'a self, object: Value<'_>, arena: &'a Arena) -> &'a str {
        let Value::Object(handle) = object else { return "" };
        match self.get(handle, Key { name: "name", id: Key::OTHER }, arena) {
            Value::Text(name) => name,
            _ => "",
        }
    }

    #[inline]
    fn text(&self, name: Name) -> &str {
        self.input.sources.names.get(name)
    }

    fn language(&self, grammar: u32) -> &'m Language {
        &self.input.model.languages[grammar as usize]
    }

    fn element(&self, [grammar, rule, _]: Place) -> Element {
        self.language(grammar).rules[rule as usize]
    }

    /// The types of the project (0), or of a grammar (its number and one). If there is but one grammar they are the same.
    #[inline]
    fn type_set(&self, set: u32) -> &'m Types {
        self.type_sets[set as usize]
    }

    /// The set of the types of a grammar.
    fn set_of(&self, grammar: u32) -> u32 {
        if self.input.model.languages.len() < 2 { 0 } else { grammar + 1 }
    }

    /// The class diagram of a set.
    fn class_diagram(&self, set: u32) -> &str {
        self.class_diagrams[set as usize].get_or_init(|| class_diagram::draw(self, set))
    }

    /// The type that `name` means in a set.
    fn type_named(&self, set: u32, name: Name) -> Value<'static> {
        self.type_set(set).find(name).map_or(Value::Null, |id| type_object(set, id))
    }
}

fn in_grammar(grammar: u32, kind: Kind, rules: &[u32]) -> impl Iterator<Item = (Value<'static>, Value<'static>)> {
    rules.iter().map(move |&rule| (object(Kind::Grammar, [grammar, 0, 0]), object(kind, [grammar, rule, 0])))
}

fn object(kind: Kind, ids: Place) -> Value<'static> {
    Value::Object(Handle { kind: kind as u16, ids })
}

fn type_object(set: u32, id: TypeId) -> Value<'static> {
    object(Kind::Type, [set, id.0, 0])
}

fn maybe(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

impl View for ProjectView<'_> {
    fn vocabulary(&self) -> &[&str] {
        &self.vocabulary
    }

    fn get<'a>(&'a self, object: Handle, key: Key<'_>, arena: &'a Arena) -> Value<'a> {
        if key.id != Key::OTHER {
            return self.word(&object, key.id, arena);
        }
        let kind = KINDS.get(usize::from(object.kind));
        let field = kind.and_then(|kind| kind.fields.iter().find(|field| field.name == key.name));
        field.map_or(Value::Undefined, |field| (field.get)(self, &object.ids, arena))
    }

    #[inline(always)] // what most instructions do
    fn word<'a>(&'a self, object: &Handle, id: u16, arena: &'a Arena) -> Value<'a> {
        let place = usize::from(object.kind) * self.vocabulary.len() + usize::from(id);
        self.by_word.get(place).map_or(Value::Undefined, |get| get(self, &object.ids, arena))
    }

    fn keys<'a>(&'a self, object: Handle, _: &'a Arena) -> &'a [&'a str] {
        self.names.get(usize::from(object.kind)).map_or(&[], Vec::as_slice)
    }

    fn len(&self, list: Handle) -> usize {
        self.list_len(list)
    }

    #[inline(always)] // what each turn of most loops asks
    fn item<'a>(&'a self, list: Handle, index: usize, _: &'a Arena) -> Value<'a> {
        self.list_item(list, index)
    }

    fn describe(&self, object: Handle) -> &str {
        KINDS.get(usize::from(object.kind)).map_or("a list", |kind| kind.described)
    }

    fn leads_elsewhere(&self, object: Handle, name: &str) -> bool {
        let kind = KINDS.get(usize::from(object.kind));
        let field = kind.and_then(|kind| kind.fields.iter().find(|field| field.name == name));
        field.is_some_and(|field| field.shape.is_link())
    }
}

impl std::fmt::Debug for ProjectView<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("ProjectView").field("grammars", &self.grammars.len()).finish_non_exhaustive()
    }
}

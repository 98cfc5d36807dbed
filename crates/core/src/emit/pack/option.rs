//! The options of a pack: what they may be, and what they are.

use toml::de::DeValue;

use super::fields::{Fields, kind_of, span};
use super::trouble::Trouble;
use crate::text::Span;

/// An option that a pack declares.
#[derive(Clone, Debug, PartialEq)]
pub struct OptionSpec {
    /// Its name.
    pub name: String,
    /// What it may be.
    pub ty: OptionType,
    /// What it is unless the user says otherwise.
    pub default: OptionValue,
    /// What it is for.
    pub description: String,
}

/// What an option may be.
#[derive(Clone, Debug, PartialEq)]
pub enum OptionType {
    /// A string.
    Text,
    /// True or false.
    Flag,
    /// A number.
    Number,
    /// A list of strings.
    Texts,
    /// One of these strings.
    Choice(Vec<String>),
}

/// What an option is.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum OptionValue {
    Text(String),
    Flag(bool),
    Number(f64),
    Texts(Vec<String>),
}

const TYPES: &[(&str, OptionType)] = &[
    ("string", OptionType::Text),
    ("boolean", OptionType::Flag),
    ("number", OptionType::Number),
    ("list", OptionType::Texts),
    ("choice", OptionType::Choice(Vec::new())),
];

impl OptionType {
    /// What it takes, to end the sentence "it must be …".
    pub fn wanted(&self) -> String {
        match self {
            OptionType::Text => "a string".to_owned(),
            OptionType::Flag => "true or false".to_owned(),
            OptionType::Number => "a number".to_owned(),
            OptionType::Texts => "a list of strings".to_owned(),
            OptionType::Choice(choices) => {
                let quoted: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
                format!("one of {}", quoted.join(", "))
            }
        }
    }

    /// Whether `value` is one that the option may have.
    pub fn takes(&self, value: &OptionValue) -> bool {
        match (self, value) {
            (OptionType::Text, OptionValue::Text(_))
            | (OptionType::Flag, OptionValue::Flag(_))
            | (OptionType::Number, OptionValue::Number(_))
            | (OptionType::Texts, OptionValue::Texts(_)) => true,
            (OptionType::Choice(choices), OptionValue::Text(text)) => choices.contains(text),
            (OptionType::Text | OptionType::Flag | OptionType::Number | OptionType::Texts | OptionType::Choice(_), _) => false,
        }
    }

    /// What a person who wrote `text` on a command line means: lists are separated by commas.
    pub fn parse(&self, text: &str) -> Option<OptionValue> {
        let value = match self {
            OptionType::Text | OptionType::Choice(_) => OptionValue::Text(text.to_owned()),
            OptionType::Flag => OptionValue::Flag(text.parse().ok()?),
            OptionType::Number => OptionValue::Number(text.parse().ok().filter(|number: &f64| number.is_finite())?),
            OptionType::Texts if text.is_empty() => OptionValue::Texts(Vec::new()),
            OptionType::Texts => OptionValue::Texts(text.split(',').map(|item| item.trim().to_owned()).collect()),
        };
        self.takes(&value).then_some(value)
    }

    /// Its word in `pack.toml`.
    pub fn word(&self) -> &'static str {
        match self {
            OptionType::Text => "string",
            OptionType::Flag => "boolean",
            OptionType::Number => "number",
            OptionType::Texts => "list",
            OptionType::Choice(_) => "choice",
        }
    }
}

impl std::fmt::Display for OptionValue {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            OptionValue::Text(text) => write!(formatter, "{text:?}"),
            OptionValue::Flag(flag) => write!(formatter, "{flag}"),
            OptionValue::Number(number) => write!(formatter, "{number}"),
            OptionValue::Texts(texts) => write!(formatter, "{texts:?}"),
        }
    }
}

const KEYS: &[&str] = &["type", "default", "description", "choices"];

/// The option that `[options.name]` of a pack declares.
pub(super) fn read(name: &str, fields: &Fields<'_>, troubles: &mut Vec<Trouble>) -> Option<OptionSpec> {
    fields.allow(KEYS, troubles);
    let description = fields.text("description", troubles);
    if fields.get("description").is_none() {
        fields.lacks("description", "description = \"Whether to write tests\"", troubles);
    }
    if fields.get("type").is_none() {
        fields.lacks("type", "type = \"boolean\"", troubles);
    }
    let mut ty = fields.choice("type", TYPES, troubles)?;
    let choices = fields.texts("choices", troubles);
    match (&mut ty, choices) {
        (OptionType::Choice(list), Some(choices)) if !choices.is_empty() => {
            *list = choices.into_iter().map(|(text, _)| text.to_owned()).collect();
        }
        (OptionType::Choice(_), _) => {
            fields.lacks("choices", "choices = [\"a\", \"b\"]", troubles);
            // Which default it may have, nobody knows.
            return None;
        }
        (OptionType::Text | OptionType::Flag | OptionType::Number | OptionType::Texts, Some(_)) => {
            let at = fields.get("choices").map_or(0..0, toml::Spanned::span);
            let message = format!("`choices` belongs to options of the type \"choice\", and this one is a {}", ty.word());
            troubles.push(Trouble::new(span(at), message, Some("set type = \"choice\", or remove the line".to_owned())));
        }
        (OptionType::Text | OptionType::Flag | OptionType::Number | OptionType::Texts, None) => {}
    }
    let Some(default) = fields.get("default") else {
        fields.lacks("default", &format!("default = {}", example(&ty)), troubles);
        return None;
    };
    let value = value_of(default.get_ref());
    let at = span(default.span());
    let found = default.get_ref().as_str().map_or_else(|| kind_of(default.get_ref()).to_owned(), |text| format!("{text:?}"));
    let default = checked(&ty, value, &found, &format!("`default` of `options.{name}`"), at, troubles)?;
    Some(OptionSpec { name: name.to_owned(), ty, default, description: description?.0.trim().to_owned() })
}

fn checked(
    ty: &OptionType,
    value: Option<OptionValue>,
    found: &str,
    what: &str,
    at: Span,
    troubles: &mut Vec<Trouble>,
) -> Option<OptionValue> {
    if let Some(value) = value.filter(|value| ty.takes(value)) {
        return Some(value);
    }
    let hint = Some(format!("for example {}", example(ty)));
    troubles.push(Trouble::new(at, format!("{what} must be {}, not {found}", ty.wanted()), hint));
    None
}

fn example(ty: &OptionType) -> String {
    match ty {
        OptionType::Text => "\"text\"".to_owned(),
        OptionType::Flag => "true".to_owned(),
        OptionType::Number => "1".to_owned(),
        OptionType::Texts => "[\"a\", \"b\"]".to_owned(),
        OptionType::Choice(choices) => format!("{:?}", choices.first().map_or("a", String::as_str)),
    }
}

fn value_of(value: &DeValue<'_>) -> Option<OptionValue> {
    match value {
        DeValue::String(text) => Some(OptionValue::Text(text.to_string())),
        DeValue::Boolean(flag) => Some(OptionValue::Flag(*flag)),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|n| OptionValue::Number(n as f64))
        }
        DeValue::Float(number) => number.as_str().parse().ok().filter(|n: &f64| n.is_finite()).map(OptionValue::Number),
        DeValue::Array(items) => {
            let texts = items.iter().map(|item| item.get_ref().as_str().map(str::to_owned));
            Some(OptionValue::Texts(texts.collect::<Option<_>>()?))
        }
        DeValue::Datetime(_) | DeValue::Table(_) => None,
    }
}

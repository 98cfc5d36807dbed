//! Reading a TOML table key by key: every key that is read is honoured, every other one is an error.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::trouble::{Trouble, nearest};
use crate::text::Span;

/// A table being read.
pub(super) struct Fields<'t> {
    table: &'t DeTable<'t>,
    /// Where it stands, or what begins it.
    span: Span,
    /// What to call it: "the pack", "`outputs.ast`".
    called: String,
}

impl<'t> Fields<'t> {
    pub(super) fn new(table: &'t DeTable<'t>, span: Span, called: String) -> Fields<'t> {
        Fields { table, span, called }
    }

    /// The members in the order of the text.
    pub(super) fn members(&self) -> Vec<(&'t str, Span, &'t Spanned<DeValue<'t>>)> {
        let members = self.table.iter().map(|(key, value)| (&**key.get_ref(), span(key.span()), value));
        let mut members: Vec<_> = members.collect();
        members.sort_by_key(|(_, span, _)| span.start);
        members
    }

    /// Complains about keys that are not in `known`.
    pub(super) fn allow(&self, known: &[&str], troubles: &mut Vec<Trouble>) {
        for (key, span, _) in self.members() {
            if !known.contains(&key) {
                let hint = match nearest(key, known.iter().copied()) {
                    Some(near) if self.get(near).is_none() => format!("did you mean `{near}`?"),
                    _ => format!("allowed here: {}", known.join(", ")),
                };
                troubles.push(Trouble::new(span, format!("unknown key `{key}` in {}", self.called), Some(hint)));
            }
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// Complains that `key` is missing; `example` is a line that would do.
    pub(super) fn lacks(&self, key: &str, example: &str, troubles: &mut Vec<Trouble>) {
        let message = format!("{} lacks the key `{key}`", self.called);
        troubles.push(Trouble::new(self.span, message, Some(format!("for example {example}"))));
    }

    pub(super) fn text(&self, key: &str, troubles: &mut Vec<Trouble>) -> Option<(&'t str, Span)> {
        let value = self.get(key)?;
        let found = value.get_ref().as_str().map(|text| (text, span(value.span())));
        self.expect(key, value, found, "a string", troubles)
    }

    pub(super) fn flag(&self, key: &str, troubles: &mut Vec<Trouble>) -> Option<bool> {
        let value = self.get(key)?;
        self.expect(key, value, value.get_ref().as_bool(), "true or false", troubles)
    }

    pub(super) fn texts(&self, key: &str, troubles: &mut Vec<Trouble>) -> Option<Vec<(&'t str, Span)>> {
        let value = self.get(key)?;
        let items = value.get_ref().as_array().map(|items| {
            items.iter().map(|item| Some((item.get_ref().as_str()?, span(item.span())))).collect::<Option<Vec<_>>>()
        });
        self.expect(key, value, items.flatten(), "a list of strings", troubles)
    }

    /// One of the words of `choices`, and what it stands for.
    pub(super) fn choice<T: Clone>(&self, key: &str, choices: &[(&str, T)], troubles: &mut Vec<Trouble>) -> Option<T> {
        let (text, span) = self.text(key, troubles)?;
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, meaning)| meaning.clone());
        if found.is_none() {
            let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
            let message = format!("`{key}` of {} must be one of {}, not {text:?}", self.called, words.join(", "));
            let hint = nearest(text, words).map(|near| format!("did you mean {near:?}?"));
            troubles.push(Trouble::new(span, message, hint));
        }
        found
    }

    /// The tables in the table at `key`, in the order of the text.
    pub(super) fn tables(&self, key: &str, troubles: &mut Vec<Trouble>) -> Vec<(&'t str, Span, Fields<'t>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let wanted = format!("tables of their own, [{key}.NAME]");
        let Some(table) = self.expect(key, value, value.get_ref().as_table(), &wanted, troubles) else { return Vec::new() };
        let all = Fields::new(table, span(value.span()), format!("`{key}`"));
        let members = all.members().into_iter().filter_map(|(name, name_span, value)| {
            let table = all.expect(name, value, value.get_ref().as_table(), "a table", troubles)?;
            Some((name, name_span, Fields::new(table, name_span, format!("`{key}.{name}`"))))
        });
        members.collect()
    }

    fn expect<T>(
        &self,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        found: Option<T>,
        wanted: &str,
        troubles: &mut Vec<Trouble>,
    ) -> Option<T> {
        if found.is_none() {
            let message = format!("`{key}` of {} must be {wanted}, not {}", self.called, kind_of(value.get_ref()));
            troubles.push(Trouble::new(span(value.span()), message, None));
        }
        found
    }
}

/// What `value` is, to end the sentence "it must be … and not …".
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}

pub(super) fn span(range: Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

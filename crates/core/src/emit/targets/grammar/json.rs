//! JSON as `JSON.stringify` prints it, written straight into a literal of TypeScript.
//!
//! Knows only what syntax trees need: objects that start with their `$type`, lists of them, and references. Keys, types
//! and words are plain (nothing in them needs an escape); strings may hold anything.

use std::fmt::Write;

use crate::text::js::{self, Literal};

/// Writes one value.
#[derive(Debug)]
pub(super) struct Json<'t> {
    text: &'t mut String,
    literal: Literal,
    /// How many objects and lists are open.
    depth: usize,
}

/// A line break and indentation for more levels than grammars have, so that a line takes one copy.
const LINE: &str = concat!(
    "\n",
    "                                                                                ",
    "                                                                                ",
);

// Objects
impl<'t> Json<'t> {
    /// Writes to the end of `text`, in a template literal with two spaces of indentation for each level.
    pub(super) fn new(text: &'t mut String, literal: Literal) -> Json<'t> {
        Json { text, literal, depth: 0 }
    }

    /// Starts an object with its `$type`.
    pub(super) fn open(&mut self, ty: &str) {
        self.open_at("$type");
        self.quoted(ty);
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.line();
        self.text.push('}');
    }

    /// A reference to the element of `section` at `index` or, if `path` is not empty, to what `path` leads to from there.
    pub(super) fn reference(&mut self, section: &str, index: u32, path: &str) {
        self.open_at("$ref");
        self.text.push_str("\"#/");
        self.text.push_str(section);
        self.index(index);
        self.text.push_str(path);
        self.text.push('"');
        self.close();
    }

    /// A reference to a parameter of the rule at index `rule`.
    pub(super) fn parameter_reference(&mut self, rule: u32, parameter: u32) {
        self.open_at("$ref");
        self.text.push_str("\"#/rules");
        self.index(rule);
        self.text.push_str("/parameters");
        self.index(parameter);
        self.text.push('"');
        self.close();
    }

    fn index(&mut self, index: u32) {
        let _ = write!(self.text, "@{index}"); // a String takes everything
    }

    fn open_at(&mut self, key: &str) {
        self.text.push('{');
        self.depth += 1;
        self.line();
        self.quoted(key);
        self.colon();
    }
}

// Properties
impl Json<'_> {
    /// Starts a property that is not the first.
    pub(super) fn key(&mut self, key: &str) {
        self.text.push(',');
        self.line();
        self.quoted(key);
        self.colon();
    }

    pub(super) fn word(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    pub(super) fn string(&mut self, key: &str, value: &str) {
        self.key(key);
        js::push_json_string_in(self.text, value, self.literal);
    }

    pub(super) fn number(&mut self, key: &str, value: f64) {
        self.key(key);
        if value.is_finite() {
            js::push_number(self.text, value);
        } else {
            self.text.push_str("null");
        }
    }

    pub(super) fn flag(&mut self, key: &str, value: bool) {
        self.key(key);
        self.text.push_str(if value { "true" } else { "false" });
    }

    pub(super) fn flag_if_set(&mut self, key: &str, value: bool) {
        if value {
            self.flag(key, true);
        }
    }

    pub(super) fn flag_unless_set(&mut self, key: &str, value: bool) {
        if !value {
            self.flag(key, false);
        }
    }
}

// Lists
impl Json<'_> {
    /// Starts a property whose value is a list.
    pub(super) fn open_list(&mut self, key: &str) {
        self.key(key);
        self.text.push('[');
        self.depth += 1;
    }

    /// Starts the item at `index` of a list.
    pub(super) fn item(&mut self, index: usize) {
        if index > 0 {
            self.text.push(',');
        }
        self.line();
    }

    /// Ends a list of at least one item.
    pub(super) fn close_list(&mut self) {
        self.depth -= 1;
        self.line();
        self.text.push(']');
    }

    pub(super) fn empty_list(&mut self, key: &str) {
        self.key(key);
        self.text.push_str("[]");
    }
}

impl Json<'_> {
    fn quoted(&mut self, word: &str) {
        self.text.push('"');
        self.text.push_str(word);
        self.text.push('"');
    }

    fn colon(&mut self) {
        self.text.push_str(if self.literal == Literal::Template { ": " } else { ":" });
    }

    fn line(&mut self) {
        if self.literal == Literal::Template {
            let length = 1 + 2 * self.depth;
            match LINE.get(..length) {
                Some(line) => self.text.push_str(line),
                None => {
                    self.text.push_str(LINE);
                    self.text.extend(std::iter::repeat_n(' ', length - LINE.len()));
                }
            }
        }
    }
}

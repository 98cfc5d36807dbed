//! JSON as `JSON.stringify` prints it, written straight into a literal of TypeScript.
//!
//! Knows only what syntax trees need: objects that start with their `$type`, lists of them, and references. Keys, types
//! and words are plain (nothing in them needs an escape); strings may hold anything.

use crate::emit::Sink;
use crate::text::js::{self, Literal};

/// Writes one value.
#[derive(Debug)]
pub(super) struct Json<'t, 'd> {
    text: &'t mut Sink<'d>,
    literal: Literal,
    style: Style,
    /// How many objects and lists are open.
    depth: usize,
}

/// What differs between indented and compact JSON. Pieces that always stand together are one: copies are what it costs.
#[derive(Clone, Copy, Debug)]
struct Style {
    is_indented: bool,
    after_key: &'static str,
    type_key: &'static str,
    reference_key: &'static str,
}

const INDENTED: Style =
    Style { is_indented: true, after_key: "\": ", type_key: "\"$type\": \"", reference_key: "\"$ref\": \"#/" };
const COMPACT: Style = Style { is_indented: false, after_key: "\":", type_key: "\"$type\":\"", reference_key: "\"$ref\":\"#/" };

// Objects
impl<'t, 'd> Json<'t, 'd> {
    /// Writes to the end of `text`, in a template literal with two spaces of indentation for each level.
    pub(super) fn new(text: &'t mut Sink<'d>, literal: Literal) -> Json<'t, 'd> {
        let style = match literal {
            Literal::Template => INDENTED,
            Literal::SingleQuoted => COMPACT,
        };
        Json { text, literal, style, depth: 0 }
    }

    /// Starts an object with its `$type`.
    pub(super) fn open(&mut self, ty: &str) {
        self.depth += 1;
        self.line(AFTER_BRACE);
        self.text.push_str(self.style.type_key);
        self.text.push_str(ty);
        self.text.push('"');
    }

    /// What was written so far may leave.
    pub(super) fn cut(&mut self) {
        self.text.cut();
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.line(LINE);
        self.text.push('}');
    }

    /// A reference to the element of `section` at `index` or, if `path` is not empty, to what `path` leads to from there.
    pub(super) fn reference(&mut self, section: &str, index: u32, path: &str) {
        self.open_reference(section, index);
        self.text.push_str(path);
        self.text.push('"');
        self.close();
    }

    /// A reference to a parameter of the rule at index `rule`.
    pub(super) fn parameter_reference(&mut self, rule: u32, parameter: u32) {
        self.open_reference("rules", rule);
        self.text.push_str("/parameters@");
        js::push_integer(self.text, parameter);
        self.text.push('"');
        self.close();
    }

    fn open_reference(&mut self, section: &str, index: u32) {
        self.depth += 1;
        self.line(AFTER_BRACE);
        self.text.push_str(self.style.reference_key);
        self.text.push_str(section);
        self.text.push('@');
        js::push_integer(self.text, index);
    }
}

// Properties
impl Json<'_, '_> {
    /// Starts a property that is not the first.
    pub(super) fn key(&mut self, key: &str) {
        self.line(AFTER_COMMA);
        self.text.push('"');
        self.text.push_str(key);
        self.text.push_str(self.style.after_key);
    }

    pub(super) fn word(&mut self, key: &str, value: &str) {
        self.key(key);
        self.text.push('"');
        self.text.push_str(value);
        self.text.push('"');
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
impl Json<'_, '_> {
    /// Starts a property whose value is a list.
    pub(super) fn open_list(&mut self, key: &str) {
        self.key(key);
        self.text.push('[');
        self.depth += 1;
    }

    /// Starts the item at `index` of a list.
    pub(super) fn item(&mut self, index: usize) {
        self.line(if index > 0 { AFTER_COMMA } else { LINE });
    }

    /// Ends a list of at least one item.
    pub(super) fn close_list(&mut self) {
        self.depth -= 1;
        self.line(LINE);
        self.text.push(']');
    }

    pub(super) fn empty_list(&mut self, key: &str) {
        self.key(key);
        self.text.push_str("[]");
    }
}

/// A line break and indentation for more levels than grammars have, after whatever stands before the line break.
macro_rules! line_after {
    ($lead:literal) => {
        concat!(
            $lead,
            "\n",
            "                                                                                ",
            "                                                                                ",
        )
    };
}

const LINE: &str = line_after!("");
const AFTER_COMMA: &str = line_after!(",");
const AFTER_BRACE: &str = line_after!("{");

impl Json<'_, '_> {
    /// Starts a line as `run`, one of the constants above, does.
    fn line(&mut self, run: &'static str) {
        let lead = run.len() - LINE.len();
        if !self.style.is_indented {
            return self.text.push_str(&run[..lead]);
        }
        let length = lead + 1 + 2 * self.depth;
        if let Some(line) = run.get(..length) {
            self.text.push_str(line);
        } else {
            self.text.push_str(run);
            self.text.extend(std::iter::repeat_n(' ', length - run.len()));
        }
    }
}

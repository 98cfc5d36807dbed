//! JSON as `JSON.stringify` prints it, written straight into a literal of TypeScript.
//!
//! Knows only what syntax trees need: objects that start with their `$type`, lists of them, and references. Keys, types
//! and words are plain (nothing in them needs an escape); strings may hold anything.
//!
//! Copies are what it costs, so pieces that always stand together are one, known at compile time: `key!`, `ty!`, `property!`
//! and `reference!` make them, and what takes them is inlined, which turns them into a few instructions.

use crate::emit::Sink;
use crate::text::js::{self, Literal};
use crate::work::Pool;

/// Writes one value.
#[derive(Debug)]
pub(super) struct Json<'t, 'd> {
    text: &'t mut Sink<'d>,
    literal: Literal,
    /// The other style is compact.
    is_indented: bool,
    /// How many objects and lists are open.
    depth: usize,
}

/// A piece of JSON in both styles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) indented: &'static str,
    pub(super) compact: &'static str,
}

/// A key and what stands behind it, up to and with the quote of its value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key(pub(super) Piece);

/// A [`Key`].
macro_rules! key {
    ($name:literal) => {
        json::Key(json::Piece { indented: concat!("\"", $name, "\": \""), compact: concat!("\"", $name, "\":\"") })
    };
}

/// A property with its value, as a [`Piece`].
macro_rules! property {
    ($name:literal, $value:literal) => {
        json::Piece { indented: concat!("\"", $name, "\": ", $value), compact: concat!("\"", $name, "\":", $value) }
    };
}

/// The type of an object, as a [`Piece`].
macro_rules! ty {
    ($name:literal) => {
        json::Piece { indented: concat!("\"$type\": \"", $name, "\""), compact: concat!("\"$type\":\"", $name, "\"") }
    };
}

/// The start of a reference to an element of a section, as a [`Piece`].
macro_rules! reference {
    ($section:literal) => {
        json::Piece { indented: concat!("\"$ref\": \"#/", $section, "@"), compact: concat!("\"$ref\":\"#/", $section, "@") }
    };
}

pub(super) use {key, property, reference, ty};

// Objects
impl<'t, 'd> Json<'t, 'd> {
    /// Writes to the end of `text`, in a template literal with two spaces of indentation for each level.
    pub(super) fn new(text: &'t mut Sink<'d>, literal: Literal) -> Json<'t, 'd> {
        let is_indented = match literal {
            Literal::Template => true,
            Literal::SingleQuoted => false,
        };
        Json { text, literal, is_indented, depth: 0 }
    }

    /// Starts an object with its `$type`.
    #[inline(always)]
    pub(super) fn open(&mut self, ty: Piece) {
        self.depth += 1;
        self.line(AFTER_BRACE);
        self.piece(ty);
    }

    /// Whether somebody wants to know the pieces of the text.
    pub(super) fn notes_pieces(&self) -> bool {
        self.text.notes_pieces()
    }

    pub(super) fn is_indented(&self) -> bool {
        self.is_indented
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.line(LINE);
        self.text.push('}');
    }

    /// A reference to the element at `index` of a section or, if `path` is not empty, to what `path` leads to from there.
    #[inline(always)]
    pub(super) fn reference(&mut self, section: Piece, index: u32, path: &str) {
        self.depth += 1;
        self.line(AFTER_BRACE);
        self.piece(section);
        js::push_integer(self.text, index);
        self.end_reference(path);
    }

    /// A reference to a parameter of the rule at index `rule`.
    pub(super) fn parameter_reference(&mut self, rules: Piece, rule: u32, parameter: u32) {
        self.depth += 1;
        self.line(AFTER_BRACE);
        self.piece(rules);
        js::push_integer(self.text, rule);
        self.text.push_str("/parameters@");
        js::push_integer(self.text, parameter);
        self.end_reference("");
    }

    fn end_reference(&mut self, path: &str) {
        if !path.is_empty() {
            self.text.push_str(path);
        }
        self.text.push('"');
        self.close();
    }

    #[inline(always)]
    fn piece(&mut self, piece: Piece) {
        if self.is_indented {
            self.text.push_str(piece.indented);
        } else {
            self.text.push_str(piece.compact);
        }
    }
}

// Properties
impl Json<'_, '_> {
    /// Starts a property that is not the first.
    #[inline(always)]
    pub(super) fn key(&mut self, Key(Piece { indented, compact }): Key) {
        self.property(Piece { indented: &indented[..indented.len() - 1], compact: &compact[..compact.len() - 1] });
    }

    /// A property that is not the first.
    #[inline(always)]
    pub(super) fn property(&mut self, property: Piece) {
        self.line(AFTER_COMMA);
        self.piece(property);
    }

    #[inline(always)]
    pub(super) fn word(&mut self, Key(key): Key, value: &str) {
        self.property(key);
        self.text.push_str(value);
        self.text.push('"');
    }

    #[inline(always)]
    pub(super) fn string(&mut self, Key(key): Key, value: &str) {
        self.property(key);
        js::push_json_content_in(self.text, value, self.literal);
        self.text.push('"');
    }

    pub(super) fn number(&mut self, key: Key, value: f64) {
        self.key(key);
        if value.is_finite() {
            js::push_number(self.text, value);
        } else {
            self.text.push_str("null");
        }
    }

    #[inline(always)]
    pub(super) fn flag(&mut self, key: Key, value: bool) {
        self.key(key);
        self.text.push_str(if value { "true" } else { "false" });
    }

    #[inline(always)]
    pub(super) fn flag_if_set(&mut self, key: Key, value: bool) {
        if value {
            self.key(key);
            self.text.push_str("true");
        }
    }

    #[inline(always)]
    pub(super) fn flag_unless_set(&mut self, key: Key, value: bool) {
        if !value {
            self.key(key);
            self.text.push_str("false");
        }
    }
}

// Lists
impl Json<'_, '_> {
    /// Starts the value of a property, which is a list.
    pub(super) fn open_list(&mut self) {
        self.text.push('[');
        self.depth += 1;
    }

    /// The items of a list, each a piece of the text with a key, which `write` writes, unless the earlier text has them.
    pub(super) fn items<T: Sync>(
        &mut self,
        items: &[T],
        key: impl Fn(usize, &T) -> Option<u128> + Sync,
        write: impl Fn(&mut Json<'_, '_>, usize, &T) + Sync,
    ) {
        let Json { literal, is_indented, depth, .. } = *self;
        self.text.list(items, &Pool::new(|| ()), |(), index, item, text| {
            text.piece(key(index, item), |text| {
                let mut json = Json { text, literal, is_indented, depth };
                json.item(index);
                write(&mut json, index, item);
            });
        });
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

    /// A list of no items as the value of a property.
    pub(super) fn empty_list(&mut self) {
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
    #[inline(always)]
    fn line(&mut self, run: &'static str) {
        let lead = run.len() - LINE.len();
        if !self.is_indented {
            return self.text.push_str(&run[..lead]);
        }
        const FEW: usize = 32;
        let length = lead + 1 + 2 * self.depth;
        if 2 * self.depth <= FEW {
            // As many as known at compile time take no call; those that are too many are cut off.
            let end = self.text.len() + length;
            self.text.push_str(&run[..lead + 1 + FEW]);
            self.text.truncate(end);
        } else if let Some(line) = run.get(..length) {
            self.text.push_str(line);
        } else {
            self.text.push_str(run);
            self.text.extend(std::iter::repeat_n(' ', length - run.len()));
        }
    }
}

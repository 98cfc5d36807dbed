//! TextMate: syntax highlighting for VS Code and other editors (`textmate-generator.ts`, langium-cli 4.4.0).

use super::tokens::{self, Role, Terminal};
use crate::emit::{Input, Part, Sink};
use crate::model::config::{LanguageConfig, Version};
use crate::text::js;
use crate::text::regex::Ends;

/// Appends the file of the language `part` to `text`.
pub(crate) fn render(input: Input<'_>, part: Part, text: &mut Sink<'_>) {
    let (language, config) = input.language(part);
    let terminals = tokens::terminals(input, language);
    let keywords = tokens::keywords(input, language);
    let mut writer = Writer { config, version: &input.config.version, json: Json { text, depth: 0, is_empty: true } };
    writer.json.open('{');
    writer.json.string("name", &[&config.id]);
    writer.json.string("scopeName", &["source.", &config.id]);
    writer.json.open_at("fileTypes", '[');
    for extension in &config.file_extensions {
        writer.json.item();
        js::push_json_string(writer.json.text, extension);
    }
    writer.json.close(']');
    writer.patterns(&terminals, &keywords);
    writer.repository(&terminals);
    writer.json.close('}');
    writer.json.text.push('\n');
}

struct Writer<'a> {
    config: &'a LanguageConfig,
    version: &'a Version,
    json: Json<'a>,
}

impl Writer<'_> {
    fn patterns(&mut self, terminals: &[Terminal<'_>], keywords: &[&str]) {
        self.json.open_at("patterns", '[');
        self.json.open_item('{');
        self.json.string("include", &["#comments"]);
        self.json.close('}');
        self.json.open_item('{');
        self.scope("keyword.control");
        self.json.string("match", &[if self.config.case_insensitive { "(?i)" } else { "" }, &keyword_pattern(keywords)]);
        self.json.close('}');
        if let Some(string) = terminals.iter().find(|terminal| terminal.is_string()) {
            for ends in string.ends(self.version).into_iter().filter(|ends| !ends.end.is_empty()) {
                self.string_pattern(&ends);
            }
        }
        self.json.close(']');
    }

    fn string_pattern(&mut self, ends: &Ends) {
        const DOUBLE: u16 = b'"' as u16;
        const SINGLE: u16 = b'\'' as u16;
        const BACKTICK: u16 = b'`' as u16;
        self.json.open_item('{');
        self.scope(match ends.start[..] {
            [SINGLE] => "string.quoted.single",
            [DOUBLE] => "string.quoted.double",
            [BACKTICK] => "string.quoted.backtick",
            _ => "string.quoted.delimiter",
        });
        self.json.utf16("begin", &ends.start);
        self.json.utf16("end", &ends.end);
        self.json.open_at("patterns", '[');
        self.json.open_item('{');
        self.json.string("include", &["#string-character-escape"]);
        self.json.close('}');
        self.json.close(']');
        self.json.close('}');
    }

    /// What the patterns include.
    fn repository(&mut self, terminals: &[Terminal<'_>]) {
        let comments = terminals.iter().filter(|terminal| terminal.role == Role::Comment);
        let mut comments = comments.flat_map(|terminal| terminal.ends(self.version)).peekable();
        self.json.open_at("repository", '{');
        if comments.peek().is_some() {
            self.json.open_at("comments", '{');
            self.json.open_at("patterns", '[');
            comments.for_each(|ends| self.comment(&ends));
            self.json.close(']');
            self.json.close('}');
        }
        if terminals.iter().any(|terminal| terminal.is_string() && terminal.role != Role::Comment) {
            self.json.open_at("string-character-escape", '{');
            self.scope("constant.character.escape");
            self.json.string("match", &[ESCAPES]);
            self.json.close('}');
        }
        self.json.close('}');
    }

    /// A comment with an end is a block, one without goes to the end of the line.
    fn comment(&mut self, ends: &Ends) {
        self.json.open_item('{');
        if ends.end.is_empty() {
            self.json.utf16("begin", &ends.start);
            self.captures("beginCaptures", "1", "punctuation.whitespace.comment.leading");
            self.json.string("end", &["(?=$)"]);
            self.scope("comment.line");
        } else {
            self.scope("comment.block");
            self.json.utf16("begin", &ends.start);
            self.captures("beginCaptures", "0", "punctuation.definition.comment");
            self.json.utf16("end", &ends.end);
            self.captures("endCaptures", "0", "punctuation.definition.comment");
        }
        self.json.close('}');
    }

    fn captures(&mut self, key: &str, group: &str, scope: &str) {
        self.json.open_at(key, '{');
        self.json.open_at(group, '{');
        self.scope(scope);
        self.json.close('}');
        self.json.close('}');
    }

    /// The name of a scope ends with the language.
    fn scope(&mut self, name: &str) {
        self.json.string("name", &[name, ".", &self.config.id]);
    }
}

/// The escape sequences of JavaScript's strings.
const ESCAPES: &str =
    r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]+\}|[0-2][0-7]{0,2}|3[0-6][0-7]?|37[0-7]?|[4-7][0-7]?|.|$)";

/// The keywords with letters, grouped by what makes a boundary at their ends (`groupKeywords`): `\b` is one between a
/// word character and another one, so beside a symbol it has to be `\B`.
fn keyword_pattern(keywords: &[&str]) -> String {
    let mut pattern = String::new();
    for (starts, ends) in [(true, true), (false, true), (true, false), (false, false)] {
        let is_of_group = |keyword: &str| {
            let bytes = keyword.as_bytes();
            bytes.first().is_some_and(is_word_byte) == starts && bytes.last().is_some_and(is_word_byte) == ends
        };
        let words = keywords.iter().filter(|keyword| tokens::is_word(keyword) && is_of_group(keyword));
        let group_start = pattern.len();
        for keyword in words {
            if pattern.len() > group_start {
                pattern.push('|');
            } else {
                let separator = if pattern.is_empty() { "" } else { "|" };
                pattern.extend([separator, if starts { r"\b(" } else { r"\B(" }]);
            }
            pattern.push_str(&js::escape_regexp(keyword));
        }
        if pattern.len() > group_start {
            pattern.push_str(if ends { r")\b" } else { r")\B" });
        }
    }
    pattern
}

/// Whether `\w` matches it.
fn is_word_byte(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

/// Writes JSON as `JSON.stringify(value, null, 2)` does.
struct Json<'a> {
    text: &'a mut String,
    depth: usize,
    /// Nothing stands yet in the innermost open object or list.
    is_empty: bool,
}

impl Json<'_> {
    fn open(&mut self, bracket: char) {
        self.text.push(bracket);
        self.depth += 1;
        self.is_empty = true;
    }

    fn open_at(&mut self, key: &str, bracket: char) {
        self.key(key);
        self.open(bracket);
    }

    fn open_item(&mut self, bracket: char) {
        self.item();
        self.open(bracket);
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        if !self.is_empty {
            self.line();
        }
        self.text.push(bracket);
        self.is_empty = false;
    }

    fn item(&mut self) {
        if !self.is_empty {
            self.text.push(',');
        }
        self.is_empty = false;
        self.line();
    }

    fn key(&mut self, key: &str) {
        self.item();
        self.text.extend(["\"", key, "\": "]);
    }

    fn string(&mut self, key: &str, pieces: &[&str]) {
        self.key(key);
        js::push_json_string(self.text, &pieces.concat());
    }

    fn utf16(&mut self, key: &str, value: &[u16]) {
        self.key(key);
        js::push_json_utf16(self.text, value);
    }

    fn line(&mut self) {
        self.text.push('\n');
        (0..self.depth).for_each(|_| self.text.push_str("  "));
    }
}

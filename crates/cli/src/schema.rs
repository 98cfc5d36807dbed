//! What `langium-config.json` may contain, as a table, and what is wrong with one that does not follow it.
//!
//! Accepts what `langium-config-schema.json` of langium-cli 4.4.0 accepts, checked with the `jsonschema` package that it
//! uses. Of the odd things that this combination accepts, two are errors here, because nobody means them: keys named like
//! members of JavaScript's `Object.prototype` (`constructor`), and items after the first one in `fileExtensions` and
//! `fileNames` that are not strings (the first of which then crashes langium-cli).

use langloom_core::text::Span;

use crate::json::{Node, Value};
use crate::kinds::FindingKind;
use crate::report::Finding;

/// What a value may be.
#[derive(Debug)]
enum Shape {
    Text,
    /// A string, or `null` for the default.
    TextOrNull,
    /// A string that is a JavaScript identifier of ASCII characters.
    Identifier,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    Bool,
    Number,
    /// How many times something.
    Factor,
    BoolOrNumber,
    List(&'static Shape),
    Object(&'static [Key]),
    /// An object with any keys, and values of this shape.
    Map(&'static Shape),
    /// A version of langium-cli. Checked elsewhere.
    Version,
    /// A string, a number, true or false, or a list of strings. Checked elsewhere.
    Any,
}

/// A key that an object may have.
#[derive(Debug)]
struct Key {
    name: &'static str,
    shape: Shape,
    required: bool,
    /// What it is for, where editors are told.
    doc: &'static str,
}

const fn key(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, required: false, doc: "" }
}

const fn required(name: &'static str, shape: Shape) -> Key {
    Key { name, shape, required: true, doc: "" }
}

const fn setting(name: &'static str, shape: Shape, doc: &'static str) -> Key {
    Key { name, shape, required: false, doc }
}

/// Langloom's own settings.
static SETTINGS: Shape = Shape::Object(&[
    setting(
        "compat",
        Shape::Version,
        "The version of langium-cli to be like, from 4.0 to 4.4; that of node_modules unless given",
    ),
    setting("packs", Shape::Map(&PACK), "The packs to render, by name"),
]);

static PACK: Shape = Shape::Object(&[
    setting(
        "from",
        Shape::Text,
        "Where the pack is: a built-in pack, ./FOLDER, ./ARCHIVE.tar.gz, ./ARCHIVE.zip or npm:PACKAGE; the built-in pack of \
         this name unless given",
    ),
    setting("out", Shape::Text, "The folder to write to; a folder of this name in `out` of the configuration unless given"),
    setting("limits", Shape::Factor, "How many times the usual steps, memory and text its templates may take, from 1 to 1000"),
    setting("options", Shape::Map(&Shape::Any), "The options of the pack: `langloom packs show NAME` lists them"),
]);

static CONFIG: Shape = Shape::Object(&[
    required("projectName", Shape::Identifier),
    required("languages", Shape::List(&LANGUAGE)),
    required("out", Shape::Text),
    key("importExtension", Shape::TextOrNull),
    key("mode", Shape::OneOf(&["development", "production"])),
    key("validation", Shape::Object(&[key("types", Shape::OneOf(&["normal", "strict"]))])),
    key("chevrotainParserConfig", Shape::Object(PARSER)),
    key("langiumInternal", Shape::Bool),
]);

static LANGUAGE: Shape = Shape::Object(&[
    required("id", Shape::Text),
    required("grammar", Shape::Text),
    required("fileExtensions", Shape::List(&Shape::Text)),
    key("fileNames", Shape::List(&Shape::Text)),
    key("caseInsensitive", Shape::Bool),
    key("textMate", Shape::Object(&[required("out", Shape::Text)])),
    key("monarch", Shape::Object(&[required("out", Shape::Text)])),
    key("prism", Shape::Object(&[required("out", Shape::Text)])),
    key(
        "railroad",
        Shape::Object(&[required("out", Shape::Text), key("css", Shape::Text), key("mode", Shape::OneOf(&["html", "svg"]))]),
    ),
    key("chevrotainParserConfig", Shape::Object(PARSER)),
    key(
        "bnf",
        Shape::Object(&[
            required("out", Shape::Text),
            key("comment", Shape::OneOf(&["skip", "parentheses", "slash", "hash"])),
            key("dialect", Shape::OneOf(&["GBNF", "EBNF"])),
        ]),
    ),
]);

static PARSER: &[Key] = &[
    key("recoveryEnabled", Shape::Bool),
    key("maxLookahead", Shape::Number),
    key("dynamicTokensEnabled", Shape::Bool),
    key("nodeLocationTracking", Shape::Text),
    key("traceInitPerf", Shape::BoolOrNumber),
    key("skipValidations", Shape::Bool),
];

/// Everything in `config` that does not follow the table, in the order of the text.
pub(crate) fn check(config: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_shape(config, &CONFIG, "", &mut findings);
    if findings.is_empty()
        && let Some(languages) = config.get("languages")
        && languages.items().is_empty()
    {
        findings.push(invalid(languages, "`languages` is empty, so there is nothing to generate".to_owned()));
    }
    findings.sort_by_key(|finding| finding.span.map(|span| span.start));
    findings
}

/// Everything in Langloom's own settings that does not follow the table, in the order of the text.
pub(crate) fn check_settings(settings: &Node) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_shape(settings, &SETTINGS, "", &mut findings);
    findings.sort_by_key(|finding| finding.span.map(|span| span.start));
    findings
}

/// The JSON schema of Langloom's own settings, for editors.
pub(crate) fn settings_schema() -> String {
    let mut text = String::from(
        "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"Settings of Langloom\",\n  ",
    );
    push_schema(&SETTINGS, 1, &mut text);
    text.push_str("\n}\n");
    text
}

/// Appends the members of the schema of `shape`, without braces.
fn push_schema(shape: &Shape, depth: usize, text: &mut String) {
    let line = format!("\n{}", "  ".repeat(depth));
    match shape {
        Shape::Text | Shape::Identifier => text.push_str("\"type\": \"string\""),
        Shape::TextOrNull => text.push_str("\"type\": [\"string\", \"null\"]"),
        Shape::OneOf(choices) => text.push_str(&format!("\"enum\": {choices:?}")),
        Shape::Bool => text.push_str("\"type\": \"boolean\""),
        Shape::Number => text.push_str("\"type\": \"number\""),
        Shape::Factor => text.push_str("\"type\": \"number\", \"minimum\": 1, \"maximum\": 1000"),
        Shape::BoolOrNumber => text.push_str("\"type\": [\"boolean\", \"number\"]"),
        Shape::Version => text.push_str(r#""type": "string", "pattern": "^4\\.0*[0-4](\\.\\d+([-+].*)?)?$""#),
        Shape::Any => {
            text.push_str(r#""type": ["string", "number", "boolean", "array"], "items": { "type": "string" }"#);
        }
        Shape::List(item) => {
            text.push_str(&format!("\"type\": \"array\",{line}\"items\": {{{line}  "));
            push_schema(item, depth + 1, text);
            text.push_str(&format!("{line}}}"));
        }
        Shape::Map(value) => {
            text.push_str(&format!("\"type\": \"object\",{line}\"additionalProperties\": {{{line}  "));
            push_schema(value, depth + 1, text);
            text.push_str(&format!("{line}}}"));
        }
        Shape::Object(keys) => {
            text.push_str(&format!("\"type\": \"object\",{line}\"additionalProperties\": false,{line}\"properties\": {{"));
            for (index, key) in keys.iter().enumerate() {
                let comma = if index > 0 { "," } else { "" };
                text.push_str(&format!("{comma}{line}  {:?}: {{{line}    \"description\": {:?},{line}    ", key.name, key.doc));
                push_schema(&key.shape, depth + 2, text);
                text.push_str(&format!("{line}  }}"));
            }
            text.push_str(&format!("{line}}}"));
        }
    }
}

/// Checks `node`, which stands at `path` (`languages[0].id`; empty for the whole).
fn check_shape(node: &Node, shape: &Shape, path: &str, findings: &mut Vec<Finding>) {
    let fits = match (shape, &node.value) {
        (Shape::Object(keys), Value::Object(_)) => return check_object(node, keys, path, findings),
        (Shape::List(item), Value::List(items)) => {
            for (index, node) in items.iter().enumerate() {
                check_shape(node, item, &format!("{path}[{index}]"), findings);
            }
            return;
        }
        (Shape::Identifier, Value::Text(text)) => {
            if !is_identifier(text) {
                findings.push(bad_identifier(node, path, text));
            }
            return;
        }
        (Shape::OneOf(choices), Value::Text(text)) => {
            if !choices.contains(&&**text) {
                findings.push(bad_choice(node, path, text, choices));
            }
            return;
        }
        (Shape::Map(value), Value::Object(members)) => {
            let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            members.iter().for_each(|member| check_shape(&member.value, value, &inside(&member.key), findings));
            return;
        }
        (Shape::Version | Shape::Any, _) => true,
        (Shape::Text, Value::Text(_)) => true,
        (Shape::TextOrNull, Value::Text(_) | Value::Null) => true,
        (Shape::Bool, Value::Bool(_)) => true,
        // A literal beyond the range of a double is Infinity in JavaScript, which the schema does not count as a number.
        (Shape::Number, Value::Number(number)) => number.is_finite(),
        (Shape::Factor, Value::Number(number)) => (1.0..=1000.0).contains(number),
        (Shape::BoolOrNumber, Value::Number(number)) => number.is_finite(),
        (Shape::BoolOrNumber, Value::Bool(_)) => true,
        (
            Shape::Text
            | Shape::TextOrNull
            | Shape::Identifier
            | Shape::OneOf(_)
            | Shape::Bool
            | Shape::Number
            | Shape::Factor
            | Shape::BoolOrNumber
            | Shape::List(_)
            | Shape::Object(_)
            | Shape::Map(_),
            _,
        ) => false,
    };
    if !fits {
        let what = if path.is_empty() { "the configuration".to_owned() } else { format!("`{path}`") };
        let found = match (shape, &node.value) {
            (Shape::Factor, Value::Number(number)) => number.to_string(),
            (_, value) => found(value).to_owned(),
        };
        findings.push(invalid(node, format!("{what} must be {}, not {found}", wanted(shape))));
    }
}

fn check_object(node: &Node, keys: &[Key], path: &str, findings: &mut Vec<Finding>) {
    let Value::Object(members) = &node.value else { return };
    let inside = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for member in members {
        if !keys.iter().any(|key| key.name == member.key) {
            let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
            let message = format!("unknown key `{}`{place}", member.key);
            let hint = unknown_key_hint(&member.key, keys, node);
            findings.push(Finding::error(Some(FindingKind::UnknownKey), Some(member.key_span), message, Some(hint)));
        }
    }
    for key in keys {
        match node.get(key.name) {
            Some(value) => check_shape(value, &key.shape, &inside(key.name), findings),
            None if key.required => {
                let place = if path.is_empty() { "the configuration".to_owned() } else { format!("`{path}`") };
                let message = format!("{place} lacks the key `{}`", key.name);
                let hint = format!("add `\"{}\"`, {}", key.name, wanted(&key.shape));
                let brace = Span::new(node.span.start, node.span.start + 1);
                findings.push(Finding::error(Some(FindingKind::MissingKey), Some(brace), message, Some(hint)));
            }
            None => {}
        }
    }
}

fn unknown_key_hint(name: &str, keys: &[Key], node: &Node) -> String {
    let names: Vec<&str> = keys.iter().map(|key| key.name).collect();
    match nearest(name, &names) {
        Some(near) if node.get(near).is_none() => format!("did you mean `{near}`?"),
        _ => format!("allowed here: {}", names.join(", ")),
    }
}

fn bad_identifier(node: &Node, path: &str, text: &str) -> Finding {
    let message = format!("`{path}` must be a name made of letters, digits, `_` and `$` that does not start with a digit");
    let mut better: String = text.chars().map(|char| if is_identifier_part(char) { char } else { '_' }).collect();
    if !is_identifier(&better) {
        better.insert(0, '_');
    }
    let hint = (!text.is_empty()).then(|| format!("for example {better:?}"));
    Finding::error(Some(FindingKind::WrongValue), Some(node.span), message, hint)
}

fn bad_choice(node: &Node, path: &str, text: &str, choices: &[&str]) -> Finding {
    let message = format!("`{path}` must be {}, not {text:?}", either(choices));
    let hint = nearest(text, choices).map(|near| format!("did you mean {near:?}?"));
    Finding::error(Some(FindingKind::WrongValue), Some(node.span), message, hint)
}

fn invalid(node: &Node, message: String) -> Finding {
    Finding::error(Some(FindingKind::WrongValue), Some(node.span), message, None)
}

fn is_identifier(text: &str) -> bool {
    text.chars().all(is_identifier_part) && text.starts_with(|first: char| !first.is_ascii_digit())
}

fn is_identifier_part(char: char) -> bool {
    char.is_ascii_alphanumeric() || char == '_' || char == '$'
}

/// What `shape` takes, to end the sentence "it must be …".
fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Text | Shape::TextOrNull => "a string".to_owned(),
        Shape::Identifier => "a name, as a string".to_owned(),
        Shape::OneOf(choices) => either(choices),
        Shape::Bool => "true or false".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::Factor => "a number from 1 to 1000".to_owned(),
        Shape::BoolOrNumber => "true, false or a number".to_owned(),
        Shape::List(Shape::Object(_)) => "a list of objects".to_owned(),
        Shape::List(_) => "a list of strings".to_owned(),
        Shape::Object(_) | Shape::Map(_) => "an object".to_owned(),
        Shape::Version => "a version of langium-cli".to_owned(),
        Shape::Any => "a value".to_owned(),
    }
}

/// What `value` is, to end the sentence "… and not …".
fn found(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(number) if number.is_infinite() => "a number too large for a double",
        Value::Number(_) => "a number",
        Value::Text(_) => "a string",
        Value::List(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// `"a", "b" or "c"`.
fn either(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("{choice:?}")).collect();
    match quoted.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => quoted.concat(),
    }
}

/// The candidate that somebody who wrote `word` may have meant.
pub(crate) fn nearest<'c>(word: &str, candidates: &[&'c str]) -> Option<&'c str> {
    if word.len() > 40 {
        return None;
    }
    let word = word.to_lowercase();
    let starts_alike = |candidate: &&str| {
        let candidate = candidate.to_lowercase();
        word.len().min(candidate.len()) >= 3 && (word.starts_with(&candidate) || candidate.starts_with(&word))
    };
    let distance = |candidate: &str| strsim::damerau_levenshtein(&word, &candidate.to_lowercase());
    let best = candidates.iter().copied().min_by_key(|candidate| distance(candidate))?;
    if distance(best) <= best.len().div_ceil(4) {
        return Some(best);
    }
    candidates.iter().copied().find(starts_alike)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    /// A configuration that is in order, with `top` and `language` put into it.
    fn findings(top: &str, language: &str) -> Vec<String> {
        let text = format!(
            r#"{{ "projectName": "A", "out": "o"{top},
                 "languages": [{{ "id": "a", "grammar": "g", "fileExtensions": []{language} }}] }}"#
        );
        check(&json::parse(&text).unwrap()).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn odd_but_accepted_by_langium_cli() {
        for (top, language) in [
            (r#", "importExtension": null"#, ""),
            (r#", "validation": {}, "chevrotainParserConfig": {}"#, ""),
            (r#", "chevrotainParserConfig": { "maxLookahead": -2.5, "nodeLocationTracking": "", "traceInitPerf": 3 }"#, ""),
            (r#", "projectName": "$_9""#, ""),
            (r#", "mode": 5, "mode": "production""#, r#", "id": """#),
            ("", r#", "fileNames": [], "railroad": { "out": "" }, "bnf": { "out": "../../x" }"#),
        ] {
            assert_eq!(findings(top, language), [""; 0], "{top}{language}");
        }
    }

    #[test]
    fn the_value_that_counts_is_the_last_one() {
        assert_eq!(
            findings(r#", "mode": "production", "mode": 5"#, ""),
            [r#"`mode` must be "development" or "production", not a number"#]
        );
    }

    #[test]
    fn near_misses() {
        let keys = ["projectName", "out", "grammar", "textMate", "id"];
        for (word, expected) in [
            ("projectname", Some("projectName")),
            ("gramar", Some("grammar")),
            ("grammarFile", Some("grammar")),
            ("text", Some("textMate")),
            ("outDir", Some("out")),
            ("di", Some("id")),
            ("i", Some("id")),
            ("output", Some("out")),
            ("zzz", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, &keys), expected, "{word}");
        }
        assert_eq!(nearest(&"x".repeat(1000), &keys), None);
    }
}

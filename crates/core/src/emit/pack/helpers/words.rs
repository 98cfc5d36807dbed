//! How names are written: case conversion and plurals.

use super::shape::Shape;
use super::{Example, Group, Helper, Run, Value};
use crate::emit::pack::buffer::Buffer;
use crate::emit::pack::writer::Writer;

/// A helper that rewrites a text.
const fn case(name: &'static str, about: &'static str, examples: &'static [Example], run: fn(&str, &mut Writer<'_>)) -> Helper {
    let (values, run) = ((1, 1), Run::Rewrite(run));
    Helper { name, usage: "text", about, group: Group::Words, examples, values, keys: &[], probes: false, run }
}

pub(super) const HELPERS: &[Helper] = &[
    case(
        "pascal",
        "`PascalCase`. Words begin at capitals, after separators, and at the last letter of a run of capitals; digits belong to the word before them.",
        &[
            Example {
                template: "{{pascal \"parser-rule\"}} {{pascal \"HTTPServer2Name\"}}",
                data: "{}",
                output: "ParserRule HttpServer2Name",
            },
            Example { template: "{{pascal \"version 1.2\"}}", data: "{}", output: "Version1_2" },
        ],
        |text, out| write(text, out, &Style { separator: "", first: Case::Capital, rest: Case::Capital }),
    ),
    case(
        "camel",
        "`camelCase`.",
        &[Example {
            template: "{{camel \"ParserRule\"}} {{camel \"XMLHttpRequest\"}} {{camel \"IDs\"}}",
            data: "{}",
            output: "parserRule xmlHttpRequest ids",
        }],
        |text, out| write(text, out, &Style { separator: "", first: Case::Lower, rest: Case::Capital }),
    ),
    case(
        "kebab",
        "`kebab-case`.",
        &[Example {
            template: "{{kebab \"ParserRule\"}} {{kebab \"getHTTPResponse\"}}",
            data: "{}",
            output: "parser-rule get-http-response",
        }],
        |text, out| write(text, out, &Style { separator: "-", first: Case::Lower, rest: Case::Lower }),
    ),
    case(
        "snake",
        "`snake_case`.",
        &[Example { template: "{{snake \"ParserRule\"}} {{snake \"utf8Text\"}}", data: "{}", output: "parser_rule utf8_text" }],
        |text, out| write(text, out, &Style { separator: "_", first: Case::Lower, rest: Case::Lower }),
    ),
    case(
        "constant",
        "`CONSTANT_CASE`.",
        &[Example { template: "{{constant \"ParserRule\"}}", data: "{}", output: "PARSER_RULE" }],
        |text, out| write(text, out, &Style { separator: "_", first: Case::Upper, rest: Case::Upper }),
    ),
    case(
        "title",
        "`Title Case`. Runs of capitals stay as they are.",
        &[Example { template: "{{title \"myXMLFile_name\"}}", data: "{}", output: "My XML File Name" }],
        |text, out| write(text, out, &Style { separator: " ", first: Case::Title, rest: Case::Title }),
    ),
    case(
        "upper",
        "All letters in upper case.",
        &[Example { template: "{{upper \"Rule\"}}", data: "{}", output: "RULE" }],
        |text, out| push_all(text, out, Case::Upper),
    ),
    case(
        "lower",
        "All letters in lower case.",
        &[Example { template: "{{lower \"Rule\"}}", data: "{}", output: "rule" }],
        |text, out| push_all(text, out, Case::Lower),
    ),
    case(
        "upperFirst",
        "The first letter in upper case, the rest as it is.",
        &[Example { template: "{{upperFirst \"parserRule\"}}", data: "{}", output: "ParserRule" }],
        |text, out| with_first(text, out, Case::Upper),
    ),
    case(
        "lowerFirst",
        "The first letter in lower case, the rest as it is.",
        &[Example { template: "{{lowerFirst \"ParserRule\"}}", data: "{}", output: "parserRule" }],
        |text, out| with_first(text, out, Case::Lower),
    ),
    Helper {
        name: "pluralize",
        usage: "noun count",
        about: "The plural of an English noun, or of the last word of a name; what ends like a plural stays as it is. With a count of 1, the noun as it is.",
        group: Group::Words,
        examples: &[
            Example {
                template: "{{pluralize \"Entry\"}} {{pluralize \"parserRule\"}} {{pluralize \"box\"}} {{pluralize \"child\"}}",
                data: "{}",
                output: "Entries parserRules boxes children",
            },
            Example {
                template: "{{pluralize \"ID\"}} {{pluralize \"Rules\"}} {{pluralize \"alias\"}} {{pluralize \"PARSER_RULE\"}}",
                data: "{}",
                output: "IDs Rules aliases PARSER_RULES",
            },
            Example { template: "{{n}} {{pluralize \"rule\" n}}", data: r#"{"n": 1}"#, output: "1 rule" },
        ],
        values: (1, 2),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            let noun = args.text(0)?;
            args.spend(noun.len())?; // finding words goes from character to character
            match args.value(1) {
                Value::Number(1.0) => out.push(noun),
                _ => pluralize(noun, out),
            }
            Ok(())
        }),
    },
];

/// What the helper `kebab` makes of `text`.
pub(in super::super) fn kebab(text: &str) -> String {
    let mut buffer = Buffer::new();
    let style = Style { separator: "-", first: Case::Lower, rest: Case::Lower };
    write(text, &mut Writer::new(&mut buffer, usize::MAX), &style);
    buffer.as_str().to_owned()
}

/// How words become a name.
#[derive(Clone, Copy)]
struct Style {
    /// What stands between them.
    separator: &'static str,
    /// The case of the first word.
    first: Case,
    /// That of all others.
    rest: Case,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Lower,
    Upper,
    /// Capital and lower case
    Capital,
    /// Like `Capital`, but words all in capitals stay
    Title,
}

/// Writes the words of `text`.
fn write(text: &str, out: &mut Writer<'_>, style: &Style) {
    let stays = match Shape::of(text) {
        Shape::Word => style.first != Case::Upper,
        Shape::Words => style.separator.is_empty(),
        Shape::Other => false,
    };
    if stays { with_first(text, out, style.first) } else { write_bytes(text, out, style) }
}

#[inline(never)] // most names do not get here
fn write_bytes(text: &str, out: &mut Writer<'_>, style: &Style) {
    // Names are mostly ASCII.
    let is_upper = |pair: &[u8]| pair.iter().all(u8::is_ascii_uppercase);
    if !text.is_ascii() || style.first == Case::Title && text.as_bytes().windows(2).any(is_upper) {
        return write_words(text, out, style);
    }
    out.push_ascii(2 * text.len(), |room| write_ascii(text.as_bytes(), room, style));
}

fn write_words(text: &str, out: &mut Writer<'_>, &Style { separator, first, rest }: &Style) {
    let mut before: Option<&str> = None;
    words(text, |word| {
        let joins_digits = |before: &str| {
            separator.is_empty()
                && before.ends_with(|char: char| char.is_ascii_digit())
                && word.starts_with(|char: char| char.is_ascii_digit())
        };
        match before {
            None => {}
            // Two numbers would become one.
            Some(before) if joins_digits(before) => out.push("_"),
            Some(_) => out.push(separator),
        }
        push_word(out, word, if before.is_some() { rest } else { first });
        before = Some(word);
    });
}

/// The same for ASCII without words that [`Case::Title`] lets stay, byte by byte. Gives the number of bytes written: at most
/// twice as many as the text has.
fn write_ascii(text: &[u8], room: &mut [u8], &Style { separator, first, rest }: &Style) -> usize {
    let (mut length, mut case, mut before, mut last) = (0, first, b' ', b' ');
    let mut rest_of_text = text.iter().copied().peekable();
    while let Some(byte) = rest_of_text.next() {
        if !byte.is_ascii_alphanumeric() {
            before = byte;
            continue;
        }
        let next_is_lower = rest_of_text.peek().is_some_and(u8::is_ascii_lowercase) && !begins_plural(rest_of_text.clone());
        let begins =
            !before.is_ascii_alphanumeric() || byte.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower);
        if begins && length > 0 {
            case = rest;
            // Two numbers would become one.
            let joins_digits = byte.is_ascii_digit() && last.is_ascii_digit();
            if let Some(separator) = separator.as_bytes().first().or(joins_digits.then_some(&b'_')) {
                put(*separator, room, &mut length);
            }
        }
        let is_upper = case == Case::Upper || case != Case::Lower && begins;
        last = if is_upper { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() };
        put(last, room, &mut length);
        before = byte;
        // Most bytes are small letters and digits within a word.
        while let Some(byte) = rest_of_text.next_if(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()) {
            last = if case == Case::Upper { byte.to_ascii_uppercase() } else { byte };
            put(last, room, &mut length);
            before = byte;
        }
    }
    length
}

/// Whether an `s` comes, and no small letter behind it: the plural of a run of capitals, as in `IDs`.
fn begins_plural(mut rest: impl Iterator<Item = u8>) -> bool {
    rest.next() == Some(b's') && !rest.next().is_some_and(|byte| byte.is_ascii_lowercase())
}

#[inline(always)]
fn put(byte: u8, room: &mut [u8], length: &mut usize) {
    if let Some(place) = room.get_mut(*length) {
        *place = byte;
        *length += 1;
    }
}

fn push_word(out: &mut Writer<'_>, word: &str, case: Case) {
    match case {
        Case::Lower | Case::Upper => push_all(word, out, case),
        Case::Title if is_run_of_capitals(word.strip_suffix('s').unwrap_or(word)) => out.push(word),
        Case::Capital | Case::Title => {
            let first = word.chars().next().map_or(0, char::len_utf8);
            push_all(&word[..first], out, Case::Upper);
            push_all(&word[first..], out, Case::Lower);
        }
    }
}

/// Whether a word has several letters, and no small ones.
fn is_run_of_capitals(word: &str) -> bool {
    word.chars().count() > 1 && !word.chars().any(char::is_lowercase)
}

/// Writes a text with all letters in upper case, or else in lower case.
fn push_all(text: &str, out: &mut Writer<'_>, case: Case) {
    let is_upper = case == Case::Upper;
    if text.is_ascii() {
        return out.push_ascii(text.len(), |room| {
            room.copy_from_slice(text.as_bytes());
            if is_upper {
                room.make_ascii_uppercase()
            } else {
                room.make_ascii_lowercase()
            }
            room.len()
        });
    }
    if is_upper {
        text.chars().flat_map(char::to_uppercase).for_each(|char| out.push_char(char));
    } else {
        text.chars().flat_map(char::to_lowercase).for_each(|char| out.push_char(char));
    }
}

/// Calls `each` with the words of a name. A word ends before a capital that follows a lower case letter or a digit,
/// before the last of several capitals if a lower case letter follows it that is no `s` of a plural, and at everything that is
/// no letter or digit.
fn words<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let mut start = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if !char.is_alphanumeric() {
            if let Some(start) = start.take() {
                each(&text[start..at]);
            }
        } else if let Some(from) = start {
            let is_plural = || {
                let mut rest = text[at + char.len_utf8()..].chars();
                rest.next() == Some('s') && !rest.next().is_some_and(char::is_lowercase)
            };
            let next_is_lower = chars.peek().is_some_and(|(_, next)| next.is_lowercase()) && !is_plural();
            let is_boundary =
                char.is_uppercase() && (before.is_lowercase() || before.is_numeric() || before.is_uppercase() && next_is_lower);
            if is_boundary {
                each(&text[from..at]);
                start = Some(at);
            }
        } else {
            start = Some(at);
        }
        before = char;
    }
    if let Some(start) = start {
        each(&text[start..]);
    }
}

/// Writes a text with its first letter in another case.
#[inline(always)]
fn with_first(text: &str, out: &mut Writer<'_>, case: Case) {
    match text.as_bytes().first() {
        Some(first) if first.is_ascii() => {
            let changed = if case == Case::Lower { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
            out.push_with_first(text, changed);
        }
        Some(_) | None => with_first_char(text, out, case),
    }
}

#[inline(never)]
fn with_first_char(text: &str, out: &mut Writer<'_>, case: Case) {
    let first = text.chars().next().map_or(0, char::len_utf8);
    push_all(&text[..first], out, case);
    out.push(&text[first..]);
}

/// Nouns whose plural follows no rule, in lower case.
const IRREGULAR: &[(&str, &str)] = &[
    ("child", "children"),
    ("person", "people"),
    ("man", "men"),
    ("woman", "women"),
    ("foot", "feet"),
    ("tooth", "teeth"),
    ("goose", "geese"),
    ("mouse", "mice"),
    ("ox", "oxen"),
    ("leaf", "leaves"),
    ("half", "halves"),
    ("knife", "knives"),
    ("life", "lives"),
    ("wife", "wives"),
    ("shelf", "shelves"),
    ("self", "selves"),
    ("datum", "data"),
    ("criterion", "criteria"),
    ("phenomenon", "phenomena"),
    ("index", "indices"),
    ("vertex", "vertices"),
    ("matrix", "matrices"),
    ("appendix", "appendices"),
    ("quiz", "quizzes"),
    ("hero", "heroes"),
    ("echo", "echoes"),
    ("potato", "potatoes"),
    ("tomato", "tomatoes"),
    ("schema", "schemas"),
];

/// Nouns whose plural is the noun.
const INVARIANT: &[&str] =
    &["series", "species", "sheep", "fish", "deer", "data", "metadata", "information", "news", "equipment", "software"];

/// Nouns that end like a plural and are none.
const SINGULAR: &[&str] = &["alias", "atlas", "bias", "canvas", "chaos", "cosmos", "gas", "lens"];

/// Writes the plural of the last word of `noun`, in its case.
fn pluralize(noun: &str, out: &mut Writer<'_>) {
    let mut last = "";
    words(noun, |word| last = word);
    if last.is_empty() || !noun.ends_with(last) {
        return out.push(noun);
    }
    let lower = last.to_lowercase();
    let is_acronym = is_run_of_capitals(last) && (noun.chars().any(char::is_lowercase) || last.len() <= LONGEST_ACRONYM);
    // Lower case of other lengths than the word itself: no English noun.
    if lower.len() != last.len() || is_acronym && !noun.contains('_') {
        out.push(noun);
        return out.push("s");
    }
    let (kept, ending) = plural(&lower);
    out.push(&noun[..noun.len() - last.len() + kept]);
    if is_run_of_capitals(last) {
        ending.chars().for_each(|char| out.push_char(char.to_ascii_uppercase()))
    } else {
        out.push(ending)
    }
}

/// Letters of a noun that is taken for an acronym if it is all in capitals: `URI`, but not `RULE`.
const LONGEST_ACRONYM: usize = 3;

/// Whether `word` ends like a plural.
fn is_plural(word: &str) -> bool {
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    IRREGULAR.iter().any(|(_, plural)| *plural == word)
        || word.len() > 2 && word.ends_with('s') && !ends(&["ss", "us", "is"]) && !SINGULAR.contains(&word)
}

/// How many bytes of `word` stay, and what follows them in the plural.
fn plural(word: &str) -> (usize, &'static str) {
    if INVARIANT.contains(&word) || is_plural(word) {
        return (word.len(), "");
    }
    if let Some((_, plural)) = IRREGULAR.iter().find(|(singular, _)| *singular == word) {
        let same = word.bytes().zip(plural.bytes()).take_while(|(a, b)| a == b).count();
        return (same, &plural[same..]);
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| word.ends_with(ending));
    let consonant_before = |letters: usize| {
        let stem = &word.as_bytes()[..word.len() - letters];
        stem.last().is_some_and(|byte| byte.is_ascii_alphabetic() && !b"aeiou".contains(byte))
    };
    if word.ends_with('y') && consonant_before(1) {
        (word.len() - 1, "ies")
    } else if word.ends_with("sis") && word.len() > 4 {
        (word.len() - 2, "es")
    } else if ends(&["s", "x", "z", "ch", "sh"]) {
        (word.len(), "es")
    } else {
        (word.len(), "s")
    }
}

#[cfg(test)]
mod tests {
    use super::{Case, Style, write, write_bytes, write_words};
    use crate::emit::pack::buffer::Buffer;
    use crate::emit::pack::writer::Writer;

    #[test]
    fn ascii_is_written_the_same_the_short_way() {
        let style = |separator, first, rest| Style { separator, first, rest };
        let styles = [
            style("", Case::Capital, Case::Capital),
            style("", Case::Lower, Case::Capital),
            style("-", Case::Lower, Case::Lower),
            style("_", Case::Upper, Case::Upper),
            style(" ", Case::Title, Case::Title),
        ];
        let written = |write: fn(&str, &mut Writer<'_>, &Style), text: &str, style: &Style| {
            let mut buffer = Buffer::new();
            write(text, &mut Writer::new(&mut buffer, usize::MAX), style);
            buffer.as_str().to_owned()
        };
        let check = |text: &str| {
            for style in &styles {
                let expected = written(write_words, text, style);
                assert_eq!(written(write_bytes, text, style), expected, "{text}");
                assert_eq!(written(write, text, style), expected, "{text}");
            }
        };
        // All texts of up to six of these characters, alone and where pieces of eight bytes meet.
        let mut texts = vec![String::new()];
        for from in 0..5_usize.pow(5) {
            for char in ['a', 's', 'B', '1', '-'] {
                let text = format!("{}{char}", texts[from]);
                check(&text);
                check(&format!("Xyzxy{text}"));
                texts.push(text);
            }
        }
        for char in (0..=0x100).filter_map(char::from_u32) {
            check(&format!("{char}{char}a{char}B1{char}c{char}"));
        }
    }
}

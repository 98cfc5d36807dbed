//! How names are written: case conversion and plurals.

use super::{Args, Example, Fault, Group, Helper, Run, Value};
use crate::emit::pack::writer::Writer;

/// A helper that rewrites a text.
const fn case(
    name: &'static str,
    about: &'static str,
    examples: &'static [Example],
    run: for<'c, 'a> fn(&mut Args<'c, 'a>, &mut Writer<'_>) -> Result<(), Fault>,
) -> Helper {
    let values = (1, 1);
    Helper { name, usage: "text", about, group: Group::Words, examples, values, keys: &[], probes: false, run: Run::Text(run) }
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
        |args, out| write(args, out, "", [Case::Capital, Case::Capital]),
    ),
    case(
        "camel",
        "`camelCase`.",
        &[Example {
            template: "{{camel \"ParserRule\"}} {{camel \"XMLHttpRequest\"}}",
            data: "{}",
            output: "parserRule xmlHttpRequest",
        }],
        |args, out| write(args, out, "", [Case::Lower, Case::Capital]),
    ),
    case(
        "kebab",
        "`kebab-case`.",
        &[Example {
            template: "{{kebab \"ParserRule\"}} {{kebab \"getHTTPResponse\"}}",
            data: "{}",
            output: "parser-rule get-http-response",
        }],
        |args, out| write(args, out, "-", [Case::Lower, Case::Lower]),
    ),
    case(
        "snake",
        "`snake_case`.",
        &[Example { template: "{{snake \"ParserRule\"}} {{snake \"utf8Text\"}}", data: "{}", output: "parser_rule utf8_text" }],
        |args, out| write(args, out, "_", [Case::Lower, Case::Lower]),
    ),
    case(
        "constant",
        "`CONSTANT_CASE`.",
        &[Example { template: "{{constant \"ParserRule\"}}", data: "{}", output: "PARSER_RULE" }],
        |args, out| write(args, out, "_", [Case::Upper, Case::Upper]),
    ),
    case(
        "title",
        "`Title Case`. Runs of capitals stay as they are.",
        &[Example { template: "{{title \"myXMLFile_name\"}}", data: "{}", output: "My XML File Name" }],
        |args, out| write(args, out, " ", [Case::Title, Case::Title]),
    ),
    case(
        "upper",
        "All letters in upper case.",
        &[Example { template: "{{upper \"Rule\"}}", data: "{}", output: "RULE" }],
        |args, out| {
            let text = args.text(0)?;
            text.chars().flat_map(char::to_uppercase).for_each(|char| out.push_char(char));
            Ok(())
        },
    ),
    case(
        "lower",
        "All letters in lower case.",
        &[Example { template: "{{lower \"Rule\"}}", data: "{}", output: "rule" }],
        |args, out| {
            let text = args.text(0)?;
            text.chars().flat_map(char::to_lowercase).for_each(|char| out.push_char(char));
            Ok(())
        },
    ),
    case(
        "upperFirst",
        "The first letter in upper case, the rest as it is.",
        &[Example { template: "{{upperFirst \"parserRule\"}}", data: "{}", output: "ParserRule" }],
        |args, out| {
            with_first(args, out, <[u8]>::make_ascii_uppercase, |char, out| {
                char.to_uppercase().for_each(|char| out.push_char(char));
            })
        },
    ),
    case(
        "lowerFirst",
        "The first letter in lower case, the rest as it is.",
        &[Example { template: "{{lowerFirst \"ParserRule\"}}", data: "{}", output: "parserRule" }],
        |args, out| {
            with_first(args, out, <[u8]>::make_ascii_lowercase, |char, out| {
                char.to_lowercase().for_each(|char| out.push_char(char));
            })
        },
    ),
    Helper {
        name: "pluralize",
        usage: "noun count",
        about: "The plural of an English noun, or of the last word of a name. With a count of 1, the noun as it is.",
        group: Group::Words,
        examples: &[
            Example {
                template: "{{pluralize \"Entry\"}} {{pluralize \"parserRule\"}} {{pluralize \"box\"}} {{pluralize \"child\"}}",
                data: "{}",
                output: "Entries parserRules boxes children",
            },
            Example { template: "{{n}} {{pluralize \"rule\" n}}", data: r#"{"n": 1}"#, output: "1 rule" },
        ],
        values: (1, 2),
        keys: &[],
        probes: false,
        run: Run::Text(|args, out| {
            let noun = args.text(0)?;
            match args.value(1) {
                Value::Number(1.0) => out.push(noun),
                _ => pluralize(noun, out),
            }
            Ok(())
        }),
    },
];

#[derive(Clone, Copy)]
enum Case {
    Lower,
    Upper,
    /// Capital and lower case
    Capital,
    /// Like `Capital`, but words all in capitals stay
    Title,
}

/// Writes the words of the first value: the first one and the others in these cases.
fn write(args: &Args<'_, '_>, out: &mut Writer<'_>, separator: &str, [first, rest]: [Case; 2]) -> Result<(), Fault> {
    let text = args.text(0)?;
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
    Ok(())
}

fn push_word(out: &mut Writer<'_>, word: &str, case: Case) {
    // Names are mostly ASCII, whose case changes in place.
    if word.is_ascii() {
        return out.push_changed(word, word.len(), in_place(word, case));
    }
    let upper = |text: &str, out: &mut Writer<'_>| text.chars().flat_map(char::to_uppercase).for_each(|char| out.push_char(char));
    let lower = |text: &str, out: &mut Writer<'_>| text.chars().flat_map(char::to_lowercase).for_each(|char| out.push_char(char));
    match case {
        Case::Lower => lower(word, out),
        Case::Upper => upper(word, out),
        Case::Title if word.chars().count() > 1 && !word.chars().any(char::is_lowercase) => out.push(word),
        Case::Capital | Case::Title => {
            let first = word.chars().next().map_or(0, char::len_utf8);
            upper(&word[..first], out);
            lower(&word[first..], out);
        }
    }
}

/// What changes a word that is ASCII.
fn in_place(word: &str, case: Case) -> fn(&mut [u8]) {
    match case {
        Case::Lower => <[u8]>::make_ascii_lowercase,
        Case::Upper => <[u8]>::make_ascii_uppercase,
        Case::Title if word.len() > 1 && !word.bytes().any(|byte| byte.is_ascii_lowercase()) => |_| {},
        Case::Capital | Case::Title => |word| {
            if let Some((first, rest)) = word.split_first_mut() {
                first.make_ascii_uppercase();
                rest.make_ascii_lowercase();
            }
        },
    }
}

/// Calls `each` with the words of a name. A word ends before a capital that follows a lower case letter or a digit,
/// before the last of several capitals if a lower case letter follows it, and at everything that is no letter or digit.
fn words<'t>(text: &'t str, each: impl FnMut(&'t str)) {
    if text.is_ascii() { ascii_words(text, each) } else { any_words(text, each) }
}

fn any_words<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let mut start = None;
    let mut before = ' ';
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        if !char.is_alphanumeric() {
            if let Some(start) = start.take() {
                each(&text[start..at]);
            }
        } else if let Some(from) = start {
            let next_is_lower = chars.peek().is_some_and(|(_, next)| next.is_lowercase());
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

/// The same for ASCII, at half the cost.
fn ascii_words<'t>(text: &'t str, mut each: impl FnMut(&'t str)) {
    let bytes = text.as_bytes();
    let mut start = None;
    let mut before = b' ';
    for (at, &byte) in bytes.iter().enumerate() {
        if !byte.is_ascii_alphanumeric() {
            if let Some(start) = start.take() {
                each(&text[start..at]);
            }
        } else if let Some(from) = start {
            let next_is_lower = || bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            let is_boundary = byte.is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower());
            if is_boundary {
                each(&text[from..at]);
                start = Some(at);
            }
        } else {
            start = Some(at);
        }
        before = byte;
    }
    if let Some(start) = start {
        each(&text[start..]);
    }
}

/// Writes a text with another first letter: changed in place if it is ASCII.
#[inline(always)]
fn with_first(
    args: &Args<'_, '_>,
    out: &mut Writer<'_>,
    change: fn(&mut [u8]),
    write: impl Fn(char, &mut Writer<'_>),
) -> Result<(), Fault> {
    let text = args.text(0)?;
    if text.as_bytes().first().is_some_and(u8::is_ascii) {
        out.push_changed(text, 1, change);
        return Ok(());
    }
    let mut chars = text.chars();
    if let Some(first) = chars.next() {
        write(first, out);
    }
    out.push(chars.as_str());
    Ok(())
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

/// Writes the plural of the last word of `noun`, in its case.
fn pluralize(noun: &str, out: &mut Writer<'_>) {
    let mut last = "";
    words(noun, |word| last = word);
    if last.is_empty() || !noun.ends_with(last) {
        return out.push(noun);
    }
    let is_upper = last.chars().count() > 1 && !last.chars().any(char::is_lowercase);
    let lower = last.to_lowercase();
    let (kept, ending) = plural(&lower);
    // Lower case of other lengths than the word itself: no English noun.
    if lower.len() != last.len() {
        out.push(noun);
        return out.push("s");
    }
    out.push(&noun[..noun.len() - last.len() + kept]);
    if is_upper { ending.chars().for_each(|char| out.push_char(char.to_ascii_uppercase())) } else { out.push(ending) }
}

/// How many bytes of `word` stay, and what follows them in the plural.
fn plural(word: &str) -> (usize, &'static str) {
    if INVARIANT.contains(&word) {
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
    use super::{any_words, ascii_words};

    #[test]
    fn words_of_ascii_are_the_same_the_short_way() {
        // All texts of up to six of these characters.
        let mut texts = vec![String::new()];
        for from in 0..4_u32.pow(6) {
            for char in ['a', 'B', '1', '-'] {
                let text = format!("{}{char}", texts[from as usize]);
                let (mut short, mut long) = (Vec::new(), Vec::new());
                ascii_words(&text, |word| short.push(word));
                any_words(&text, |word| long.push(word));
                assert_eq!(short, long, "{text}");
                texts.push(text);
            }
        }
    }
}

//! How JavaScript prints strings, numbers and regular expressions.

use std::borrow::Cow;
use std::fmt::Write;

/// The TypeScript literal that a JSON text is written into, and so what has to be escaped once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    /// `'…'`
    SingleQuoted,
    /// `` `…` ``
    Template,
}

/// Appends `value` as `JSON.stringify` prints it, with quotes.
pub fn push_json_string(out: &mut String, value: &str) {
    out.push('"');
    push_json_content(out, value, None);
    out.push('"');
}

/// [`push_json_string`] for UTF-16 code units, which can hold halves of characters.
pub fn push_json_utf16(out: &mut String, units: &[u16]) {
    out.push('"');
    let mut buffer = [0; 4];
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok(character) => push_json_content(out, character.encode_utf8(&mut buffer), None),
            Err(half) => {
                let _ = write!(out, "\\u{:04x}", half.unpaired_surrogate()); // a String takes everything
            }
        }
    }
    out.push('"');
}

/// Appends `value` as it stands in a JSON text that itself stands in `literal`: what [`push_json_string`] gives without the
/// quotes, with backslashes, the literal's delimiter and `${` escaped.
pub fn push_json_content_in(out: &mut String, value: &str, literal: Literal) {
    push_json_content(out, value, Some(literal));
}

fn push_json_content(out: &mut String, value: &str, literal: Option<Literal>) {
    let backslash = if literal.is_some() { r"\\" } else { r"\" };
    let bytes = value.as_bytes();
    let mut copied = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if !MAY_NEED_ESCAPE[byte as usize] {
            continue;
        }
        // Everything that is escaped is ASCII: the slices end at character boundaries.
        let escape = match byte {
            0..0x20 => [backslash, CONTROL_ESCAPES[byte as usize]],
            b'"' => [backslash, "\""],
            b'\\' => [backslash, backslash],
            b'\'' if literal == Some(Literal::SingleQuoted) => [r"\", "'"],
            b'`' if literal == Some(Literal::Template) => [r"\", "`"],
            b'$' if literal == Some(Literal::Template) && bytes.get(at + 1) == Some(&b'{') => [r"\", "$"],
            _ => continue,
        };
        out.push_str(&value[copied..at]);
        copied = at + 1;
        out.extend(escape);
    }
    out.push_str(&value[copied..]);
}

/// What `JSON.stringify` writes behind the backslash for U+0000 to U+001F.
#[rustfmt::skip]
const CONTROL_ESCAPES: [&str; 32] = [
    "u0000", "u0001", "u0002", "u0003", "u0004", "u0005", "u0006", "u0007",
    "b", "t", "n", "u000b", "f", "r", "u000e", "u000f",
    "u0010", "u0011", "u0012", "u0013", "u0014", "u0015", "u0016", "u0017",
    "u0018", "u0019", "u001a", "u001b", "u001c", "u001d", "u001e", "u001f",
];

/// What no [`Literal`] and no JSON string can hold as it is.
const MAY_NEED_ESCAPE: [bool; 256] = {
    let mut table = [false; 256];
    let mut control = 0;
    while control < 0x20 {
        table[control] = true;
        control += 1;
    }
    let special = b"\"\\'`$";
    let mut index = 0;
    while index < special.len() {
        table[special[index] as usize] = true;
        index += 1;
    }
    table
};

/// Appends `number` in decimal digits, as `write!` does at three times the cost.
pub fn push_integer(out: &mut String, number: u32) {
    out.push_str(integer(number, &mut [0; 10]));
}

/// The decimal digits of `number`, written into `digits`.
pub(crate) fn integer(number: u32, digits: &mut [u8; 10]) -> &str {
    let (mut at, mut rest) = (digits.len(), number);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    str::from_utf8(&digits[at..]).unwrap_or_default()
}

/// Appends `number` as `String(number)` prints it: the shortest digits that give the same number again.
pub fn push_number(out: &mut String, number: f64) {
    let magnitude = number.abs();
    if magnitude.fract() == 0.0 && magnitude <= f64::from(u32::MAX) {
        if number < 0.0 {
            out.push('-');
        }
        push_integer(out, magnitude as u32);
    } else if number.is_nan() {
        out.push_str("NaN");
    } else if number.is_infinite() {
        out.push_str(if number > 0.0 { "Infinity" } else { "-Infinity" });
    } else if (1e-6..1e21).contains(&magnitude) {
        let _ = write!(out, "{number}"); // a String takes everything
    } else {
        let start = out.len();
        let _ = write!(out, "{number:e}");
        if let Some(at) = out[start..].find('e')
            && out.as_bytes()[start + at + 1] != b'-'
        {
            out.insert(start + at + 1, '+');
        }
    }
}

/// The value of a literal of Langium's terminal `NUMBER`, such as `1.50`, `.5`, `-Infinity` or `NaN`.
pub fn parse_number(text: &str) -> f64 {
    text.parse().unwrap_or(f64::NAN)
}

/// Whether `\s` matches `character` and `String.prototype.trim` removes it.
pub fn is_white_space(character: char) -> bool {
    character == '\u{feff}' || character.is_whitespace() && character != '\u{85}'
}

/// The length of `text` as JavaScript counts it: in UTF-16 code units.
pub fn length(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(char::len_utf16).sum() }
}

/// Appends the regular expression as V8 prints it (`RegExp.prototype.toString`). `flags` may stand in any order.
pub fn push_regexp(out: &mut String, source: &str, flags: &str) {
    out.push('/');
    if source.is_empty() {
        out.push_str("(?:)");
    }
    let (mut in_class, mut escaped) = (false, false);
    for character in source.chars() {
        match character {
            '/' if !escaped && !in_class => out.push_str(r"\/"),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => {
                if !escaped {
                    out.push('\\');
                }
                out.push_str(match character {
                    '\n' => "n",
                    '\r' => "r",
                    '\u{2028}' => "u2028",
                    _ => "u2029",
                });
            }
            other => out.push(other),
        }
        match character {
            '[' if !escaped => in_class = true,
            ']' if !escaped => in_class = false,
            _ => {}
        }
        escaped = character == '\\' && !escaped;
    }
    out.push('/');
    out.extend("dgimsuvy".chars().filter(|&flag| flags.contains(flag)));
}

/// `text` as a regular expression that matches it and nothing else (`escapeRegExp` in `regexp-utils.ts`, langium 4.4.0).
pub fn escape_regexp(text: &str) -> Cow<'_, str> {
    const SPECIAL: &[char] = &['.', '*', '+', '?', '^', '$', '{', '}', '(', ')', '|', '[', ']', '\\'];
    if !text.contains(SPECIAL) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if SPECIAL.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    Cow::Owned(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collect(push: impl FnOnce(&mut String)) -> String {
        let mut out = String::new();
        push(&mut out);
        out
    }

    #[test]
    fn json_strings() {
        // Input, JSON, JSON in single quotes, JSON in a template: recorded from Node 24.
        let cases = [
            ("plain \u{e9}\u{1F600}\u{2028}\u{7f}", [r#""plain é😀"#; 3].map(|start| format!("{start}\u{2028}\u{7f}\""))),
            ("a\"b", [r#""a\"b""#, r#""a\\"b""#, r#""a\\"b""#].map(str::to_owned)),
            (r"\d", [r#""\\d""#, r#""\\\\d""#, r#""\\\\d""#].map(str::to_owned)),
            (
                "\0\u{1f}\u{b}",
                [r#""\u0000\u001f\u000b""#, r#""\\u0000\\u001f\\u000b""#, r#""\\u0000\\u001f\\u000b""#].map(str::to_owned),
            ),
            ("\u{8}\t\n\u{c}\r", [r#""\b\t\n\f\r""#, r#""\\b\\t\\n\\f\\r""#, r#""\\b\\t\\n\\f\\r""#].map(str::to_owned)),
            ("it's `${x}` $ {", [r#""it's `${x}` $ {""#, r#""it\'s `${x}` $ {""#, r#""it's \`\${x}\` $ {""#].map(str::to_owned)),
            (r"\${", [r#""\\${""#, r#""\\\\${""#, r#""\\\\\${""#].map(str::to_owned)),
        ];
        for (input, [plain, single, template]) in cases {
            assert_eq!(collect(|out| push_json_string(out, input)), plain);
            assert_eq!(collect(|out| push_json_utf16(out, &input.encode_utf16().collect::<Vec<u16>>())), plain);
            for (literal, expected) in [(Literal::SingleQuoted, single), (Literal::Template, template)] {
                assert_eq!(collect(|out| push_json_content_in(out, input, literal)), expected[1..expected.len() - 1]);
            }
        }
        let halves = [0xD83D, 0x61, 0xDE00];
        assert_eq!(collect(|out| push_json_utf16(out, &halves)), r#""\ud83da\ude00""#);
    }

    #[test]
    fn numbers() {
        // The literal, and what `String(Number(literal))` gives.
        let cases = [
            ("0", "0"),
            ("-0", "0"),
            ("1.50", "1.5"),
            (".5", "0.5"),
            ("-.25", "-0.25"),
            ("1e20", "100000000000000000000"),
            ("1E+21", "1e+21"),
            ("123456789012345680000", "123456789012345680000"),
            ("1e-6", "0.000001"),
            ("15e-8", "1.5e-7"),
            ("-1.25e-10", "-1.25e-10"),
            ("1.7976931348623157e308", "1.7976931348623157e+308"),
            ("5e-324", "5e-324"),
            ("1e400", "Infinity"),
            ("-Infinity", "-Infinity"),
            ("NaN", "NaN"),
        ];
        for (literal, expected) in cases {
            assert_eq!(collect(|out| push_number(out, parse_number(literal))), expected, "{literal}");
        }
        for number in [0, 9, 10, 65_536, u32::MAX] {
            assert_eq!(collect(|out| push_integer(out, number)), number.to_string());
        }
    }

    #[test]
    fn regular_expressions() {
        // Source, flags and `new RegExp(source, flags).toString()` on Node 24.
        let cases = [
            ("", "", "/(?:)/"),
            ("/", "", r"/\//"),
            (r"\/[/\]/]/", "", r"/\/[/\]/]\//"),
            ("[^]/]", "", r"/[^]\/]/"),
            (r"\\/", "", r"/\\\//"),
            ("\n\\\n[\r\\\r]", "", r"/\n\n[\r\r]/"),
            ("\u{2028}\\\u{2028}\u{2029}", "", r"/\u2028\u2028\u2029/"),
            ("a", "usi", "/a/isu"),
            ("a", "ysmigd", "/a/dgimsy"),
        ];
        for (source, flags, expected) in cases {
            assert_eq!(collect(|out| push_regexp(out, source, flags)), expected);
        }
        assert_eq!(escape_regexp("plain-/é"), "plain-/é");
        assert_eq!(escape_regexp(r".*+?^${}()|[]\"), r"\.\*\+\?\^\$\{\}\(\)\|\[\]\\");
    }
}

//! `kebabCase` of lodash 4.17, for the ASCII letters, digits and underscores that Langium names are made of.

/// Appends `name` in lower case, its words joined with `-`.
pub(super) fn push_kebab_case(text: &mut String, name: &str) {
    let bytes = name.as_bytes();
    let mut at = 0;
    let mut joint = "";
    while at < bytes.len() {
        let length = word_length(&bytes[at..]);
        if length == 0 {
            at += 1;
            continue;
        }
        text.push_str(joint);
        let start = text.len();
        text.push_str(&name[at..at + length]);
        text[start..].make_ascii_lowercase();
        joint = "-";
        at += length;
    }
}

/// How many bytes the word at the start of `bytes` has; none if no word starts there (`unicodeWords`).
fn word_length(bytes: &[u8]) -> usize {
    let digits = count(bytes, u8::is_ascii_digit);
    if digits > 0 {
        return digits + ordinal_suffix(bytes[digits - 1], &bytes[digits..]);
    }
    let upper = count(bytes, u8::is_ascii_uppercase);
    let lower = count(&bytes[upper..], u8::is_ascii_lowercase);
    match (upper, lower) {
        (0 | 1, _) | (_, 0) => upper + lower,
        // The last capital starts the next word: `HTMLParser`.
        _ => upper - 1,
    }
}

/// The length of `st`, `nd`, `rd` or `th` after a number that ends with `digit`, if it makes the number an ordinal.
fn ordinal_suffix(digit: u8, rest: &[u8]) -> usize {
    let expected = match digit {
        b'1' => b"st",
        b'2' => b"nd",
        b'3' => b"rd",
        _ => b"th",
    };
    let Some(suffix) = rest.first_chunk::<2>() else { return 0 };
    let ends_word = |is_same_case: fn(&u8) -> bool| match rest.get(2) {
        Some(next) => !next.is_ascii_digit() && !is_same_case(next),
        None => true,
    };
    let is_ordinal = (suffix == expected && ends_word(u8::is_ascii_lowercase))
        || (*suffix == expected.map(|byte| byte.to_ascii_uppercase()) && ends_word(u8::is_ascii_uppercase));
    if is_ordinal { 2 } else { 0 }
}

fn count(bytes: &[u8], is_one: fn(&u8) -> bool) -> usize {
    bytes.iter().take_while(|byte| is_one(byte)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_those_of_lodash() {
        // Recorded from `_.kebabCase` of lodash 4.17.21.
        for (name, expected) in RECORDED {
            let mut found = String::new();
            push_kebab_case(&mut found, name);
            assert_eq!(found, *expected, "{name}");
        }
    }

    const RECORDED: &[(&str, &str)] = &[
        ("a", "a"),
        ("A", "a"),
        ("ABC", "abc"),
        ("fooBar", "foo-bar"),
        ("FooBar", "foo-bar"),
        ("HTMLParser", "html-parser"),
        ("HTML", "html"),
        ("parseHTML", "parse-html"),
        ("HTMLParser2Go", "html-parser-2-go"),
        ("v1", "v-1"),
        ("V1", "v-1"),
        ("V12b", "v-12-b"),
        ("V12B", "v-12-b"),
        ("ab12cd", "ab-12-cd"),
        ("AB12CD", "ab-12-cd"),
        ("AB12Cd", "ab-12-cd"),
        ("_", ""),
        ("__x_", "x"),
        ("A_b", "a-b"),
        ("FOO_BAR", "foo-bar"),
        ("__FOO__bar", "foo-bar"),
        ("x1st", "x-1st"),
        ("x1stA", "x-1st-a"),
        ("x1sta", "x-1-sta"),
        ("x1st2", "x-1-st-2"),
        ("x21ST", "x-21st"),
        ("x21STa", "x-21st-a"),
        ("x21STA", "x-21-sta"),
        ("x12th", "x-12-th"),
        ("x10th", "x-10th"),
        ("x10thing", "x-10-thing"),
        ("x10TH_", "x-10th"),
        ("x2nd_", "x-2nd"),
        ("x3rdX", "x-3rd-x"),
        ("x4thX4TH", "x-4th-x-4th"),
        ("x1ST2ND", "x-1-st-2nd"),
        ("A1st22ND", "a-1-st-22nd"),
        ("aB", "a-b"),
        ("aBC", "a-bc"),
        ("aBCd", "a-b-cd"),
        ("Ab1", "ab-1"),
        ("AB1", "ab-1"),
        ("ABc1", "a-bc-1"),
        ("x11th", "x-11-th"),
        ("x1th", "x-1-th"),
        ("x2st", "x-2-st"),
        ("x3RDx", "x-3rd-x"),
        ("x3RDX", "x-3-rdx"),
    ];
}

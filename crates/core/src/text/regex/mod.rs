//! JavaScript's regular expressions, as far as outputs depend on what they match: running one ([`Regex`]) and guessing
//! how its matches start and end ([`ends`]).
//!
//! Printing them is not done here ([`js::push_regexp`](super::js::push_regexp) does), nor is checking them: the crate
//! regress accepts some that V8 rejects, such as `\b+`. What it runs, it runs as V8 does, but for the flag `i` with `ſ`
//! (U+017F) and the Kelvin sign (U+212A), which only with `u` are an S and a K.

use std::borrow::Cow;

mod ends;

pub use ends::{Ends, ends};

/// A regular expression that can be run.
#[derive(Clone, Debug)]
pub struct Regex {
    program: regress::Regex,
    /// Has the flag `u`: matches characters instead of UTF-16 code units.
    unicode: bool,
}

impl Regex {
    /// Compiles what JavaScript writes as `/source/flags`; `None` if it is invalid. Flags other than `i`, `m`, `s` and
    /// `u` make no difference to whether something matches, and are ignored.
    pub fn new(source: &str, flags: &str) -> Option<Regex> {
        let unicode = flags.contains('u');
        let program = if unicode {
            regress::Regex::with_flags(source, flags)
        } else {
            // Without the flag a character beyond U+FFFF is a sequence of two, in classes and before quantifiers too.
            regress::Regex::from_unicode(without_code_points(source).encode_utf16().map(u32::from), flags)
        };
        Some(Regex { program: program.ok()?, unicode })
    }

    /// Whether it matches somewhere in `text`, which is in UTF-16.
    pub fn test(&self, text: &[u16]) -> bool {
        if self.unicode {
            self.program.find_from_utf16(text, 0).next().is_some()
        } else {
            self.program.find_from_ucs2(text, 0).next().is_some()
        }
    }

    /// Whether it matches somewhere in one of the white space characters (`isWhitespace` in `regexp-utils.ts`,
    /// langium 4.4.0).
    pub fn matches_white_space(&self) -> bool {
        WHITE_SPACE.encode_utf16().any(|unit| self.program.find_from_ucs2(&[unit], 0).next().is_some())
    }
}

/// `source` with the backslash taken from each `\u{`, which without the flag `u` means just the letter: 0.12 of regress
/// takes it for the number of a character always.
fn without_code_points(source: &str) -> Cow<'_, str> {
    if !source.contains(r"\u{") {
        return Cow::Borrowed(source);
    }
    let mut plain = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(at) = rest.find('\\') {
        let escaped = rest[at + 1..].chars().next().map_or(0, char::len_utf8);
        let end = at + 1 + escaped;
        let is_code_point = rest[at + 1..].starts_with("u{");
        plain.extend([&rest[..at], &rest[if is_code_point { at + 1 } else { at }..end]]);
        rest = &rest[end..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What `\s` matches.
const WHITE_SPACE: &str = "\u{c}\n\r\t\u{b} \u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\
\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}\u{feff}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_like_javascript() {
        // Source, flags, text and `new RegExp(source, flags).test(text)` on Node 24.
        let cases = [
            ("[A-Z]+", "", "abc", false),
            ("[A-Z]+", "i", "abc", true),
            ("^.$", "", "🎉", false),
            ("^.$", "u", "🎉", true),
            ("^🎉?$", "", "\u{1F389}", true),
            ("^[🎉]$", "", "🎉", false),
            ("^[🎉]$", "u", "🎉", true),
            ("(?<=a)b", "", "ab", true),
            (r"^\p{L}+$", "u", "é日", true),
            (r"^\p{L}+$", "", "é日", false),
            (r"^(a)\1\2$", "", "aa\u{2}", true),
            ("{", "", "{", true),
            (r"^\u{3}$", "", "uuu", true),
            (r"\\u{3}", "", r"\uuu", true),
            (r"[\u{1F600}]", "", "}", true),
        ];
        for (source, flags, text, expected) in cases {
            let regex = Regex::new(source, flags).expect(source);
            let units: Vec<u16> = text.encode_utf16().collect();
            assert_eq!(regex.test(&units), expected, "/{source}/{flags} on {text}");
        }
        for (source, flags) in [("(", ""), ("*", ""), (r"\p{Nothing}", "u"), ("[b-a]", ""), ("{", "u")] {
            assert!(Regex::new(source, flags).is_none(), "/{source}/{flags}");
        }
    }

    #[test]
    fn finds_white_space_anywhere_in_a_match() {
        for (source, expected) in
            [(r"\s+", true), (" ", true), ("[^x]", true), ("a?", true), (r"\S", false), ("//[^\n]*", false), ("\u{feff}", true)]
        {
            assert_eq!(Regex::new(source, "").unwrap().matches_white_space(), expected, "{source}");
        }
    }
}

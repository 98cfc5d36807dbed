//! Text for streams that do not want colours.

use anstream::adapter::strip_str;

/// `text` without colours and whatever else only a terminal understands: what `strip_str` leaves of it.
///
/// That one looks up every byte in a table, which takes 25 instructions; it is asked only from the first control character
/// on that is not the start of a colour.
pub(super) fn uncoloured(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let (shown, special) = rest.split_at(rest.bytes().position(is_control).unwrap_or(rest.len()));
        plain.push_str(shown);
        match after_colour(special) {
            Some(behind) => rest = behind,
            None => {
                plain.extend(strip_str(special));
                return plain;
            }
        }
    }
}

fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !byte.is_ascii_whitespace()
}

/// What is behind the colour that `text` begins with: an escape character, `[`, numbers, `m`.
fn after_colour(text: &str) -> Option<&str> {
    let numbers = text.strip_prefix("\x1b[")?;
    let end = numbers.bytes().position(|byte| !byte.is_ascii_digit() && byte != b';')?;
    numbers[end..].strip_prefix('m')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::style::{BOLD, DIM};

    #[test]
    fn it_is_what_strip_str_leaves() {
        let coloured = format!("{BOLD}a{BOLD:#} {DIM}\u{e4}{DIM:#}");
        let pieces =
            [&*coloured, "\x1b", "[", "1;3", "m", "\x1b[38;5;1m", "\u{1F600}", "\t\r\n", "\x07", "\x7f", "\u{85}", "b", "\0"];
        let mut number = 1_usize;
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..6 {
                number = number * 7919 % 1_000_003;
                text.push_str(pieces[number % pieces.len()]);
                assert_eq!(uncoloured(&text), strip_str(&text).to_string(), "{text:?}");
            }
        }
        assert_eq!(uncoloured(&coloured), "a \u{e4}");
    }
}

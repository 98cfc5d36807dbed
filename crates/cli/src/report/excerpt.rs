//! The source line of a finding, with carets under the place.

use std::fmt::Write as _;

use anstyle::Style;
use langloom_core::text::Span;
use unicode_width::UnicodeWidthChar;

use super::style::DIM;

/// Columns shown before the caret, and in all; the rest of a long line is cut. Picked so that it fits into most windows.
const BEFORE: usize = 70;
const WIDTH: usize = 110;

/// The line where `span` starts and carets under what `span` covers of it.
pub(super) fn push_excerpt(out: &mut String, text: &str, span: Span, line: u32, style: Style) {
    let is_break = |char| char == '\n' || char == '\r';
    let at = span.start as usize;

    // All of it costs the width of the excerpt, not of the line: generated grammars have lines of megabytes.
    let mut from = at;
    let mut before = 0;
    let mut is_cut = false;
    for (offset, char) in text[..at].char_indices().rev().take_while(|&(_, char)| !is_break(char)) {
        before += shown(char).1;
        if before > BEFORE {
            is_cut = true;
            break;
        }
        from = offset;
    }
    let mut source = String::new();
    let mut column = 0;
    let mut carets = 0;
    let mut indent = 0;
    if is_cut {
        source.push('…');
        column = 1;
    }
    for (offset, char) in text[from..].char_indices().take_while(|&(_, char)| !is_break(char)) {
        let (shape, width) = shown(char);
        if column + width > WIDTH {
            source.push('…');
            break;
        }
        if from + offset < at {
            indent = column + width;
        } else if from + offset < span.end as usize {
            carets += width;
        }
        column += width;
        source.push_str(shape.encode_utf8(&mut [0; 4]));
        source.extend(std::iter::repeat_n(' ', if char == '\t' { width - 1 } else { 0 }));
    }
    if from == at {
        indent = usize::from(is_cut);
    }
    let line = line.to_string();
    let gutter = line.len();
    let source = source.trim_end();
    let carets = "^".repeat(carets.max(1));
    let _ = writeln!(out, "  {DIM}{line} |{DIM:#} {source}");
    let _ = writeln!(out, "  {:gutter$} {DIM}|{DIM:#} {:indent$}{style}{carets}{style:#}", "", "");
}

/// What stands for `char` in an excerpt, and how many columns it takes. A terminal obeys control characters and lets
/// bidirectional ones reorder the line, so neither is passed on.
fn shown(char: char) -> (char, usize) {
    match char {
        '\t' => (' ', 4),
        char if is_unprintable(char) => (char::REPLACEMENT_CHARACTER, 1),
        char => (char, char.width().unwrap_or(0)),
    }
}

fn is_unprintable(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A message, which may quote the text: control characters are escaped, further lines indented.
pub(super) fn push_message(out: &mut String, message: &str) {
    for char in message.chars() {
        match char {
            '\n' => out.push_str("\n  "),
            char if is_unprintable(char) => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
}

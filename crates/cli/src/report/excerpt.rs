//! The source line of a finding, with carets under the place.

use std::fmt::Write as _;

use anstyle::Style;
use langloom_core::text::{Fix, LineIndex, Span};
use unicode_width::UnicodeWidthChar;

use super::location::{Excerpt, Location, Range};

/// Columns shown before the caret, and in all; the rest of a long line is cut. Picked so that it fits into most windows.
const BEFORE: usize = 70;
const WIDTH: usize = 110;
/// Characters of which the same holds, as there are some that take no column.
const MOST: usize = 1_000;

impl Location {
    /// The place `span` of `text`, of which `lines` is the index, for a finding with this `fix`.
    pub(crate) fn of(text: &str, lines: &LineIndex, span: Span, fix: Option<&Fix>) -> Location {
        let range = |span: Span| Range { start: lines.position(text, span.start), end: lines.position(text, span.end) };
        Location { range: range(span), fixed: fix.map(|fix| range(fix.span)), excerpt: Excerpt::of(text, span) }
    }
}

impl Excerpt {
    /// Of the line where `span` starts.
    fn of(text: &str, span: Span) -> Excerpt {
        let is_break = |char| char == '\n' || char == '\r';
        let at = span.start as usize;

        // All of it costs the width of the excerpt, not of the line: generated grammars have lines of megabytes.
        let mut from = at;
        let mut before = 0;
        let mut is_cut = false;
        for (count, (offset, char)) in text[..at].char_indices().rev().take_while(|&(_, char)| !is_break(char)).enumerate() {
            before += shown(char).1;
            if before > BEFORE || count == MOST {
                is_cut = true;
                break;
            }
            from = offset;
        }
        let mut source = String::with_capacity(WIDTH);
        let mut column = 0;
        let mut carets = 0;
        let mut indent = 0;
        if is_cut {
            source.push('…');
            column = 1;
        }
        for (count, (offset, char)) in text[from..].char_indices().take_while(|&(_, char)| !is_break(char)).enumerate() {
            let (shape, width) = shown(char);
            if column + width > WIDTH || count == 2 * MOST {
                source.push('…');
                break;
            }
            if from + offset < at {
                indent = column + width;
            } else if from + offset < span.end as usize {
                carets += width;
            }
            column += width;
            source.push(shape);
            if char == '\t' {
                source.extend(std::iter::repeat_n(' ', width - 1));
            }
        }
        if from == at {
            indent = usize::from(is_cut);
        }
        source.truncate(source.trim_end().len());
        Excerpt { source, indent: indent as u32, carets: carets.max(1) as u32 }
    }

    /// Appends it, as of this `line`, with carets in this `style` under the place, and `dim` where it may be overlooked.
    pub(super) fn push(&self, out: &mut String, line: u32, style: Style, dim: Style) {
        let Excerpt { source, indent, carets } = self;
        let line = line.to_string();
        let (gutter, indent, carets) = (line.len(), *indent as usize, "^".repeat(*carets as usize));
        let _ = writeln!(out, "  {dim}{line} |{dim:#} {source}");
        let _ = writeln!(out, "  {:gutter$} {dim}|{dim:#} {:indent$}{style}{carets}{style:#}", "", "");
    }
}

/// What stands for `char` in an excerpt, and how many columns it takes. A terminal obeys control characters and lets
/// bidirectional ones reorder the line, so neither is passed on.
fn shown(char: char) -> (char, usize) {
    match char {
        ' '..='~' => (char, 1),
        '\t' => (' ', 4),
        char if is_unprintable(char) => (char::REPLACEMENT_CHARACTER, 1),
        char => (char, char.width().unwrap_or(0)),
    }
}

/// Whether a terminal would obey `char` instead of showing it.
pub(crate) fn is_unprintable(char: char) -> bool {
    char.is_control() || matches!(char, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A message, which may quote the text: control characters are escaped, further lines indented.
pub(super) fn push_message(out: &mut String, message: &str) {
    if message.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return out.push_str(message);
    }
    for char in message.chars() {
        match char {
            '\n' => out.push_str("\n  "),
            char if is_unprintable(char) => out.extend(char.escape_default()),
            char => out.push(char),
        }
    }
}

//! Parsing never fails, and is the same whole, in chunks, and again after an edit.

#![no_main]

use langloom_core::syntax::{Edit, Incoming, parse, reparse};
use langloom_core::text::Names;
use langloom_core::tree;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    // How the text arrives and what is edited in it comes at the end, so that grammars as they are can be a corpus.
    let Some((bytes, &[chunk, from, length, source])) = data.split_last_chunk::<4>() else { return };
    let text = String::from_utf8_lossy(bytes);
    let mut names = Names::new();
    let whole = parse(&text, &mut names);
    let dump = tree::dump(&whole, &names);

    let mut streamed_names = Names::new();
    let mut incoming = Incoming::default();
    bytes.chunks(usize::from(chunk) + 1).for_each(|chunk| incoming.feed(chunk, &mut streamed_names));
    let (streamed_text, streamed) = incoming.finish(&mut streamed_names);
    assert_eq!(streamed_text, text);
    assert_eq!(tree::dump(&streamed, &streamed_names), dump, "streamed");

    let edited = edit(&text, from, length, source);
    let again = reparse(Edit::between(&text, &edited), whole.clone(), &edited, &mut names);
    let mut new_names = Names::new();
    let anew = parse(&edited, &mut new_names);
    assert_eq!(tree::dump(&again, &names), tree::dump(&anew, &new_names), "edited");
    assert_eq!(again.grammar_comment, anew.grammar_comment);
});

/// The text with `length` bytes at one place replaced by as many from another, each place a 256th of the text.
fn edit(text: &str, from: u8, length: u8, source: u8) -> String {
    let place = |part: u8| text.floor_char_boundary(text.len() * usize::from(part) / 256);
    let end = |start: usize, length: u8| text.floor_char_boundary((start + usize::from(length)).min(text.len()));
    let (start, copied) = (place(from), place(source));
    // An odd length inserts, an even one replaces.
    let rest = if length % 2 == 1 { start } else { end(start, length) };
    [&text[..start], &text[copied..end(copied, length)], &text[rest..]].concat()
}

//! What a project means, apart from where it is written: all that its analysis and Langium's outputs depend on. Two texts
//! that differ in white space and plain comments alone mean the same, so what was made of one need not be made again.

use std::hash::Hash;

use super::Memory;
use super::notes::Notes;
use super::sources::{File, Sources};
use crate::hash::{Bytes, xxh3};
use crate::text::{FileId, Span};
use crate::tree::{Declaration, DeclarationKind, Item};

/// XXH3 of the meaning of `sources`: the same if, in the order of `sources.files`, the trees are the same but for spans, and
/// doc comments and paths are the same. Names count by their number; so what was parsed with names of an earlier text may
/// look different, though it means the same. Asks `memory`, and answers in it for the next time.
pub fn meaning(sources: &Sources, memory: &mut Memory) -> u128 {
    let mut bytes = Bytes::default();
    let (text, borders) = sources.names.content();
    xxh3(text.as_bytes()).hash(&mut bytes);
    borders.hash(&mut bytes);
    sources.files.len().hash(&mut bytes);
    memory.notes.resize_with(sources.files.len(), Notes::default);
    for (file, known) in sources.files.iter().zip(&mut memory.notes) {
        file_meaning(file, known, &mut bytes);
    }
    bytes.xxh3()
}

/// Of 10,000 lines, this takes 5 million instructions to find out, and half a million to see that `known` says it.
fn file_meaning(file: &File, known: &mut Notes, bytes: &mut Bytes) {
    file.path.hash(bytes);
    file.imports.hash(bytes);
    file.tree.grammar_comment.map(|span| span.of(&file.text)).hash(bytes);
    file.tree.problems.len().hash(bytes);
    file.tree.declarations.len().hash(bytes);
    *known = Notes::of(file, known);
    let mut room = Bytes::default();
    for (index, note) in known.iter_mut().enumerate() {
        if note.meant == 0 {
            item_meaning(file.tree.item(index), &file.text, &mut room);
            note.meant = room.xxh3();
        }
        note.meant.hash(bytes);
    }
}

fn item_meaning(item: Item<'_>, text: &str, bytes: &mut Bytes) {
    let Item { declaration, nodes, lists, comments } = item;
    declaration.kind.hash(bytes);
    lists.hash(bytes);
    nodes.len().hash(bytes);
    for node in nodes {
        (node.kind, node.cardinality(), node.lookahead(), node.flags()).hash(bytes);
    }
    // Where a terminal says more than fits, the bytes of its declaration are counted.
    if let DeclarationKind::TerminalRule { .. } = declaration.kind {
        declaration.length().hash(bytes);
    }
    if !comments.is_empty() {
        let comment_at = |start| comments.binary_search_by_key(&start, |comment| comment.token).ok();
        comment_at(declaration.first_token).hash(bytes);
        nodes.iter().for_each(|node| comment_at(item.span(node).start).hash(bytes));
        let region = declaration.region.of(text);
        comments.iter().for_each(|comment| comment.span.of(region).hash(bytes));
    }
}

/// A declaration as a fixed point: as long as its bytes stay the same, places in it move with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Its position among those of its file.
    pub declaration: u32,
    /// Where its first token starts and its last one ends, in bytes of the file.
    pub span: Span,
}

impl Anchor {
    /// The declaration of `file` that `span` is in, if it is in one from its first token to its last.
    pub fn of(sources: &Sources, file: FileId, span: Span) -> Option<Anchor> {
        let declarations = &sources.file(file).tree.declarations;
        let declaration = declarations.partition_point(|declaration| declaration.region.end < span.end);
        let anchor = Anchor::at(sources, file, declaration as u32)?;
        (anchor.span.start <= span.start && span.end <= anchor.span.end).then_some(anchor)
    }

    /// The declaration at a position, if there is one.
    pub fn at(sources: &Sources, file: FileId, declaration: u32) -> Option<Anchor> {
        let Declaration { region, first_token, .. } = sources.file(file).tree.declarations.get(declaration as usize)?;
        Some(Anchor { declaration, span: Span::new(region.start + first_token, region.end) })
    }
}

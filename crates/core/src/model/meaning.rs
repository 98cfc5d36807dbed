//! What a project means, apart from where it is written: all that its analysis and Langium's outputs depend on. Two texts
//! that differ in white space and plain comments alone mean the same, so what was made of one need not be made again.

use std::hash::{Hash, Hasher};

use super::sources::{File, Sources};
use crate::text::{FileId, Span};
use crate::tree::{Declaration, DeclarationKind, Item};

/// Writes down the meaning of `sources` in pieces: the bytes are equal if, in the order of `sources.files`, the trees are
/// equal but for spans (those of declarations of more than 64 KiB count, as they are in the lists), and doc comments and paths are the same. Names count by their number; so what was parsed with
/// names of an earlier text may look different, though it means the same.
pub fn meaning(sources: &Sources, take: &mut dyn FnMut(&[u8])) {
    let mut pieces = Pieces { bytes: Vec::with_capacity(PIECE), take };
    let (text, borders) = sources.names.content();
    pieces.text(text);
    borders.hash(&mut pieces);
    sources.files.len().hash(&mut pieces);
    sources.files.iter().for_each(|file| file_meaning(file, &mut pieces));
    pieces.flush();
}

/// The bytes that are handed out at a time, about.
const PIECE: usize = 64 * 1024;

fn file_meaning(file: &File, pieces: &mut Pieces<'_>) {
    pieces.text(&file.path);
    file.imports.hash(pieces);
    file.tree.grammar_comment.map(|span| span.of(&file.text)).hash(pieces);
    file.tree.problems.len().hash(pieces);
    file.tree.declarations.len().hash(pieces);
    for item in file.tree.items() {
        item_meaning(item, &file.text, pieces);
    }
}

fn item_meaning(item: Item<'_>, text: &str, pieces: &mut Pieces<'_>) {
    let Item { declaration, nodes, lists, comments } = item;
    declaration.kind.hash(pieces);
    lists.hash(pieces);
    nodes.len().hash(pieces);
    for node in nodes {
        (node.kind, node.cardinality(), node.lookahead(), node.flags()).hash(pieces);
    }
    // Where a terminal says more than fits, the bytes of its declaration are counted.
    if let DeclarationKind::TerminalRule { .. } = declaration.kind {
        declaration.length().hash(pieces);
    }
    if !comments.is_empty() {
        let comment_at = |start| comments.binary_search_by_key(&start, |comment| comment.token).ok();
        comment_at(declaration.first_token).hash(pieces);
        nodes.iter().for_each(|node| comment_at(item.span(node).start).hash(pieces));
        let region = declaration.region.of(text);
        comments.iter().for_each(|comment| pieces.text(comment.span.of(region)));
    }
}

/// A hasher that hashes nothing: it hands out what there is to hash.
struct Pieces<'t> {
    bytes: Vec<u8>,
    take: &'t mut dyn FnMut(&[u8]),
}

impl Pieces<'_> {
    fn text(&mut self, text: &str) {
        text.hash(self);
    }

    fn flush(&mut self) {
        (self.take)(&self.bytes);
        self.bytes.clear();
    }
}

impl Hasher for Pieces<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= PIECE {
            self.flush();
        }
    }

    fn write_u8(&mut self, number: u8) {
        self.bytes.push(number);
    }

    fn write_u32(&mut self, number: u32) {
        self.write(&number.to_le_bytes());
    }

    /// Which variant of an enum: none has so many.
    fn write_isize(&mut self, variant: isize) {
        self.write_u8(variant as u8);
    }

    fn finish(&self) -> u64 {
        unreachable!("what is handed out is hashed elsewhere")
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

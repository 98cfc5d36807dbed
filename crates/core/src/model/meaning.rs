//! What a project means, apart from where it is written: all that its analysis and Langium's outputs depend on. Two texts
//! that differ in white space and plain comments alone mean the same, so what was made of one need not be made again.

use std::hash::{Hash, Hasher};

use xxhash_rust::xxh3::xxh3_128;

use super::Memory;
use super::sources::{File, Sources};
use crate::codec::{Reader, Writer};
use crate::text::{FileId, Span};
use crate::tree::{Declaration, DeclarationKind, Item};

/// XXH3 of the meaning of `sources`: the same if, in the order of `sources.files`, the trees are the same but for spans, and
/// doc comments and paths are the same. Names count by their number; so what was parsed with names of an earlier text may
/// look different, though it means the same. Asks `memory`, and answers in it for the next time.
pub fn meaning(sources: &Sources, memory: &mut Memory) -> u128 {
    let mut bytes = Bytes(Vec::new());
    let (text, borders) = sources.names.content();
    xxh3_128(text.as_bytes()).hash(&mut bytes);
    borders.hash(&mut bytes);
    sources.files.len().hash(&mut bytes);
    memory.meanings.resize_with(sources.files.len(), Meanings::default);
    for (file, known) in sources.files.iter().zip(&mut memory.meanings) {
        file_meaning(file, known, &mut bytes);
    }
    xxh3_128(&bytes.0)
}

/// What the declarations of a file mean, by what is written there. Of 10,000 lines that takes 5 million instructions to find
/// out, and half a million to see that it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Meanings(Vec<Meaning>);

impl Meanings {
    /// Of how many declarations it is known.
    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn write(&self, writer: &mut Writer<'_>) {
        writer.list(&self.0, |writer, meaning| meaning.write(writer));
    }

    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Meanings> {
        reader.list(Meaning::read).map(Meanings)
    }
}

impl Meaning {
    fn write(&self, writer: &mut Writer<'_>) {
        [self.written, self.meant].into_iter().for_each(|hash| writer.hash(hash));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Meaning> {
        Some(Meaning { written: reader.hash()?, meant: reader.hash()? })
    }
}

/// XXH3 of the bytes of a declaration's region, and of what they mean.
#[derive(Clone, Copy, Debug)]
struct Meaning {
    written: u128,
    meant: u128,
}

fn file_meaning(file: &File, known: &mut Meanings, bytes: &mut Bytes) {
    file.path.hash(bytes);
    file.imports.hash(bytes);
    file.tree.grammar_comment.map(|span| span.of(&file.text)).hash(bytes);
    file.tree.problems.len().hash(bytes);
    file.tree.declarations.len().hash(bytes);
    let old = std::mem::take(&mut known.0);
    let moved = file.tree.declarations.len() as isize - old.len() as isize;
    let mut room = Bytes(Vec::new());
    for ((index, item), &written) in file.tree.items().enumerate().zip(file.hashes()) {
        // Declarations that were added or deleted move those behind them.
        let places = [Some(index), index.checked_add_signed(-moved)];
        let same = places.into_iter().flatten().filter_map(|place| old.get(place)).find(|old| old.written == written);
        let meaning = same.copied().unwrap_or_else(|| {
            room.0.clear();
            item_meaning(item, &file.text, &mut room);
            Meaning { written, meant: xxh3_128(&room.0) }
        });
        meaning.meant.hash(bytes);
        known.0.push(meaning);
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

/// A hasher that hashes nothing: it collects what there is to hash.
#[derive(Default)]
pub(super) struct Bytes(pub(super) Vec<u8>);

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.push(number);
    }

    /// Which variant of an enum: none has so many.
    fn write_isize(&mut self, variant: isize) {
        self.write_u8(variant as u8);
    }

    fn finish(&self) -> u64 {
        unreachable!("what is collected is hashed elsewhere")
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

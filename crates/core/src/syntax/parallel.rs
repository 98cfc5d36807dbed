//! A file parsed in several pieces at the same time.
//!
//! Where a declaration ends cannot be known without reading all that comes before it: any `;` may lie in a string or a
//! comment. So it is guessed, pieces are parsed as if the guesses were right, and a piece counts only if the one before
//! it ended exactly where it began. What was guessed wrong is parsed again.

use super::{Boundaries, Tokens, check_order, parse, parse_declaration, reserve};
use crate::text::Names;
use crate::tree::Tree;
use crate::work::Workers;

/// Below this many bytes for each worker, starting threads costs more than it saves: a thread costs 36 µs, in which 3 KB
/// are parsed, and joining the trees a tenth of the parsing.
const SMALLEST_PIECE: usize = 64 * 1024;

/// Parses a whole file like [`parse`], in up to `pieces` pieces.
pub fn parse_in_pieces(text: &str, names: &mut Names, pieces: usize, workers: Workers<'_>) -> Tree {
    let pieces = pieces.min(text.len() / SMALLEST_PIECE);
    if pieces < 2 {
        return parse(text, names);
    }
    assemble(text, names, &guess_starts(text, pieces), workers)
}

/// Parses a whole file in pieces that are guessed to begin at `starts`, ascending, the first at 0.
fn assemble(text: &str, names: &mut Names, starts: &[usize], workers: Workers<'_>) -> Tree {
    let ranges: Vec<(usize, usize)> =
        starts.iter().enumerate().map(|(index, &start)| (start, starts.get(index + 1).copied().unwrap_or(text.len()))).collect();
    let pieces = workers.map(&ranges, |&(start, end)| parse_piece(text, start, end));
    let mut tree = Tree::default();
    let mut end = 0;
    for (piece, &(start, limit)) in pieces.into_iter().zip(&ranges) {
        if start == end {
            end = piece.end;
            add(&mut tree, piece, names, workers);
        } else if end < limit {
            // Guessed wrong: the declaration before reaches beyond the guess.
            let piece = parse_piece(text, end, limit);
            end = piece.end;
            add(&mut tree, piece, names, workers);
        }
    }
    check_order(&mut tree);
    tree
}

/// Some declarations, with names of their own.
struct Piece {
    tree: Tree,
    names: Names,
    /// Where the last declaration ends; the end of the text, if none follows.
    end: usize,
}

/// Parses the declarations that begin before `limit`, the first at `start`.
fn parse_piece(text: &str, start: usize, limit: usize) -> Piece {
    let (mut tree, mut names) = (Tree::default(), Names::new());
    // The first piece may become the whole.
    reserve(&mut tree, if start == 0 { text.len() } else { limit - start });
    let mut boundaries = Boundaries::new(text, start);
    if start == 0 {
        tree.grammar_comment = boundaries.block_comment_ahead();
    }
    let mut tokens = Tokens::default();
    let mut end = start as u32;
    while (end as usize) < limit {
        if !boundaries.next_declaration(&mut tokens) {
            return Piece { tree, names, end: text.len() };
        }
        end = parse_declaration(text, end, &mut tokens, &mut names, &mut tree);
    }
    Piece { tree, names, end: end as usize }
}

/// From this many nodes on, a piece is added by two threads: so a million lines are read and parsed in 274 ms instead of 305, and
/// 10,000 lines (50,000 nodes) would take longer.
const NODES_TO_SHARE: usize = 1 << 16;

/// Adds a piece to the tree of a text. The first one is that tree, and its names are those of the text if it is the
/// first text: that saves half of the work if there are two.
fn add(tree: &mut Tree, piece: Piece, names: &mut Names, workers: Workers<'_>) {
    if tree.declarations.is_empty() && names.has_only_known() {
        (*tree, *names) = (piece.tree, piece.names);
        return;
    }
    let workers = if piece.tree.nodes.len() < NODES_TO_SHARE { Workers::alone() } else { workers };
    tree.grammar_comment = tree.grammar_comment.or(piece.tree.grammar_comment);
    let (declarations, nodes) = (tree.declarations.len(), tree.nodes.len());
    let (renamed, ()) = workers.join(|| names.intern_all(&piece.names), || tree.append(&piece.tree));
    let [first, second] = tree.rename_from((declarations, nodes), &renamed);
    workers.join(first, second);
}

/// Places near the borders of `pieces` equal pieces where a declaration probably begins: behind a `;` that ends a line.
fn guess_starts(text: &str, pieces: usize) -> Vec<usize> {
    let mut starts = vec![0];
    for piece in 1..pieces {
        let from = text.len() / pieces * piece;
        let found = memchr::memmem::find(&text.as_bytes()[from..], b";\n").map(|at| from + at + 1);
        starts.extend(found.filter(|&start| start > *starts.last().unwrap_or(&0)));
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree;

    const TEXT: &str = "/** doc */\ngrammar G\nimport 'a'\n// ;\nentry A: a=';\n' /* ;\n */ b=B;\n\
        terminal T: /;/;\ninterface I extends J, A { a: string; b: @I };\nB returns A: 'x;\n' {C.x=current} ;;\n\
        hidden terminal WS: /\\s;/;\ninfix E on B: '+' > right assoc '*';\nbroken ( ;\ntype T2 = 'a' | @I[];\nC infers D: <!p> d=[A:T];\n";

    /// However the text is cut, right or wrong, the tree is that of the whole text.
    #[test]
    fn pieces_make_the_whole() {
        let mut names = Names::new();
        let expected = tree::dump(&parse(TEXT, &mut names), &names);
        let starts = || (1..TEXT.len()).filter(|&start| TEXT.is_char_boundary(start));
        for first in starts() {
            for second in starts().filter(|&second| second > first).step_by(7) {
                let mut names = Names::new();
                let tree = assemble(TEXT, &mut names, &[0, first, second], Workers::alone());
                assert_eq!(tree::dump(&tree, &names), expected, "cut at {first} and {second}");
            }
        }
    }

    #[test]
    fn names_are_numbered_as_without_pieces() {
        let (mut whole, mut pieces) = (Names::new(), Names::new());
        parse(TEXT, &mut whole);
        assemble(TEXT, &mut pieces, &guess_starts(TEXT, 4), Workers::alone());
        assert!(whole.iter().eq(pieces.iter()));
    }
}

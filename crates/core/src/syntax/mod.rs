//! From text to [`Tree`]. Never fails: what cannot be read becomes a problem of the tree.

mod boundary;
mod incremental;
mod lexer;
mod parallel;
mod parser;
mod runs;
mod stream;

pub use boundary::{Boundaries, Tokens};
pub use incremental::{Edit, reparse};
pub use lexer::{Lexer, Token, TokenKind};
pub use parallel::parse_in_pieces;
pub use stream::Incoming;

use crate::text::{Names, Span};
use crate::tree::{DeclarationKind, SyntaxProblem, Tree};

/// Parses a whole file. Positions in the tree are bytes of `text`.
///
/// # Panics
/// If `text` has 4 GiB or more.
pub fn parse(text: &str, names: &mut Names) -> Tree {
    assert!(u32::try_from(text.len()).is_ok(), "a grammar of 4 GiB or more");
    let mut tree = Tree::default();
    reserve(&mut tree, text.len());
    let mut boundaries = Boundaries::new(text, 0);
    tree.grammar_comment = boundaries.block_comment_ahead();
    let mut tokens = Tokens::default();
    let mut region_start = 0;
    while boundaries.next_declaration(&mut tokens) {
        region_start = parse_declaration(text, region_start, &mut tokens, names, &mut tree);
    }
    check_order(&mut tree);
    tree
}

/// Parses the declaration that `tokens` make up and appends it to `tree`. Its region starts at byte `region_start` of
/// `text`; the result is where it ends.
pub fn parse_declaration(text: &str, region_start: u32, tokens: &mut Tokens, names: &mut Names, tree: &mut Tree) -> u32 {
    parser::parse_declaration(text, region_start, tokens, names, tree)
}

/// Room for a file of `bytes` bytes, so that vectors seldom grow: growing copies, while room that is not used costs
/// nothing but addresses. A dense generated grammar of 10,000 lines (302 KB) has a node for each 7.4 bytes, a list entry
/// for each 9.3 and a declaration for each 72.
fn reserve(tree: &mut Tree, bytes: usize) {
    tree.nodes.reserve(bytes / 7);
    tree.lists.reserve(bytes / 9);
    tree.declarations.reserve(bytes / 70);
}

/// `grammar` comes first, imports come next: the one rule that no declaration can check alone.
fn check_order(tree: &mut Tree) {
    let mut imports_may_follow = true;
    let mut misplaced = Vec::new();
    for (index, declaration) in tree.declarations.iter().enumerate() {
        let hint = match declaration.kind {
            DeclarationKind::Grammar { .. } if index > 0 => "'grammar' may stand only once, at the start of the file",
            DeclarationKind::Import { .. } if !imports_may_follow => "move it up, before the first rule, interface or type",
            DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => continue,
            _ => {
                imports_may_follow = false;
                continue;
            }
        };
        let (what, length) = match declaration.kind {
            DeclarationKind::Import { .. } => ("'import'", "import".len()),
            _ => ("'grammar'", "grammar".len()),
        };
        misplaced.push(SyntaxProblem {
            declaration: index as u32,
            span: Span::new(declaration.first_token, declaration.first_token + length as u32),
            message: format!("Found {what}, but expected a rule, an interface or a type."),
            hint: Some(hint),
        });
    }
    if !misplaced.is_empty() {
        tree.problems.extend(misplaced);
        tree.problems.sort_by_key(|problem| (problem.declaration, problem.span.start));
    }
}

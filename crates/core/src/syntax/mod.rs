//! From text to [`Tree`]. Never fails: what cannot be read becomes a problem of the tree.

use crate::text::Names;
use crate::tree::Tree;

/// Parses a whole file.
pub fn parse(_text: &str, _names: &mut Names) -> Tree {
    Tree::default()
}

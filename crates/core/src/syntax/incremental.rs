//! A file parsed again after an edit: declarations before and behind the edit stay, those that it touched are parsed.

use super::{Boundaries, Tokens, check_order, parse_declaration};
use crate::text::Names;
use crate::tree::Tree;

/// What an edit did to a text. What is before and behind it is the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where it begins, in bytes.
    pub start: usize,
    /// Bytes of the old text that are no more.
    pub removed: usize,
    /// Bytes of the new text in their place.
    pub added: usize,
}

impl Edit {
    /// The edit that made `new` of `old`.
    pub fn between(old: &str, new: &str) -> Edit {
        let start = new.floor_char_boundary(common_prefix(old.as_bytes(), new.as_bytes()));
        let suffix = common_suffix(&old.as_bytes()[start..], &new.as_bytes()[start..]);
        let end = new.ceil_char_boundary(new.len() - suffix);
        Edit { start, removed: end + old.len() - new.len() - start, added: end - start }
    }
}

/// The tree of `text`, as [`parse`](super::parse) gives it, made of `old`, the tree of the text before `edit`. `names` must be
/// those of `old`. They become the same whenever the same is edited again.
pub fn reparse(edit: Edit, old: Tree, text: &str, names: &mut Names) -> Tree {
    assert!(u32::try_from(text.len()).is_ok(), "a grammar of 4 GiB or more");
    let (prefix, suffix) = (edit.start, text.len() - edit.start - edit.added);
    let kept = kept_before(&old, prefix);
    let mut end = kept.checked_sub(1).map_or(0, |last| old.declarations[last].region.end);
    let mut boundaries = Boundaries::new(text, end as usize);
    let grammar_comment = if kept == 0 { boundaries.block_comment_ahead() } else { old.grammar_comment };
    let moved = edit.added as i64 - edit.removed as i64;
    let mut tokens = Tokens::default();
    let mut parsed = Tree::default();
    let mut same = old.declarations.len();
    loop {
        if end as usize >= text.len() - suffix
            && let Some(index) = kept_behind(&old, i64::from(end) - moved)
        {
            same = index;
            break;
        }
        if !boundaries.next_declaration(&mut tokens) {
            break;
        }
        end = parse_declaration(text, end, &mut tokens, names, &mut parsed);
    }
    let mut tree = old;
    tree.replace(kept..same, parsed, moved);
    tree.grammar_comment = grammar_comment;
    check_order(&mut tree);
    tree
}

/// Bytes that are compared at a time, until some differ.
const STRIDE: usize = 64;

/// How many bytes are the same at the start.
fn common_prefix(old: &[u8], new: &[u8]) -> usize {
    let strides = old.chunks_exact(STRIDE).zip(new.chunks_exact(STRIDE)).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[strides * STRIDE..], &new[strides * STRIDE..]);
    strides * STRIDE + old.iter().zip(new).take_while(|(old, new)| old == new).count()
}

/// How many bytes are the same at the end.
fn common_suffix(old: &[u8], new: &[u8]) -> usize {
    let strides = old.rchunks_exact(STRIDE).zip(new.rchunks_exact(STRIDE)).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[..old.len() - strides * STRIDE], &new[..new.len() - strides * STRIDE]);
    strides * STRIDE + old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count()
}

/// A declaration ends where what follows says so: up to two tokens of the next ones, and of the last of these a few bytes
/// more (of `1`, the `e+5` that could follow).
const DECLARATIONS_AHEAD: usize = 3;
const BYTES_AHEAD: usize = 16;

/// How many declarations at the start mean the same in every text that shares the first `prefix` bytes. A broken one may
/// contain a token that ends wherever it finds an end, and is none before.
fn kept_before(old: &Tree, prefix: usize) -> usize {
    let inside = old.declarations.partition_point(|declaration| declaration.region.end as usize + BYTES_AHEAD <= prefix);
    let sound = old.problems.first().map_or(usize::MAX, |problem| problem.declaration as usize);
    inside.min(sound).saturating_sub(DECLARATIONS_AHEAD)
}

/// The declaration that starts at byte `start` of the old text, if nothing is wrong from there on.
fn kept_behind(old: &Tree, start: i64) -> Option<usize> {
    let start = u32::try_from(start).ok()?;
    let index = old.declarations.binary_search_by_key(&start, |declaration| declaration.region.start).ok()?;
    let is_sound = old.problems.last().is_none_or(|problem| (problem.declaration as usize) < index);
    is_sound.then_some(index)
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;
    use crate::tree;

    const PIECES: &[&str] = &[
        "grammar G\n",
        "import 'a'\n",
        "A: a=B;\n",
        "/** doc */ B: 'x' {infer C.x=current} b+=ID;\n",
        "interface I { a: string }\n",
        "type T = 'a' | @I\n",
        "terminal ID: /[a-z;]+/;\n",
        "hidden terminal WS: /\\s+/;\n",
        "// ; line\n",
        "/* ;\n*/",
        ";",
        "'",
        "/*",
        "*/",
        "\"",
        "1",
        "e5",
        "/",
        "\\",
        ":",
        "{",
        "}",
        "é",
        "E: <!p> c=[A|ID] ;\n",
        "terminal",
        " ",
        "\r\n",
    ];

    /// A generator of numbers that look random (xorshift), the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, limit: usize) -> usize {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 % limit.max(1) as u64) as usize
        }
    }

    fn boundary(text: &str, dice: &mut Dice) -> usize {
        text.floor_char_boundary(dice.below(text.len() + 1))
    }

    #[test]
    fn after_any_edit_the_tree_is_that_of_the_text() {
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut names = Names::new();
        let (mut text, mut old) = (String::new(), Tree::default());
        for step in 0..10_000 {
            let mut edited = text.clone();
            let at = boundary(&edited, &mut dice);
            match dice.below(if edited.len() > 600 { 5 } else { 2 }) {
                0 => edited.insert_str(at, PIECES[dice.below(PIECES.len())]),
                1 => (0..5).for_each(|_| edited.push_str(PIECES[dice.below(6)])),
                _ => {
                    let end = edited.floor_char_boundary((at + dice.below(60)).min(edited.len())).max(at);
                    edited.replace_range(at..end, "");
                }
            }
            let tree = reparse(Edit::between(&text, &edited), old.clone(), &edited, &mut names);
            let expected = parse(&edited, &mut names);
            assert_eq!(tree::dump(&tree, &names), tree::dump(&expected, &names), "step {step}: {text:?} -> {edited:?}");
            assert_eq!(tree.grammar_comment, expected.grammar_comment, "step {step}");
            (text, old) = (edited, tree);
        }
    }

    #[test]
    fn what_an_edit_does_not_touch_is_not_parsed() {
        let rules: Vec<String> = (0..100).map(|index| format!("Rule{index}: name=ID;\n")).collect();
        let (mut names, text) = (Names::new(), rules.concat());
        let old = parse(&text, &mut names);
        let edited = text.replace("Rule50: name", "Rule50: title");
        assert_eq!(kept_before(&old, text.find("Rule50: n").unwrap()), 50 - 1 - DECLARATIONS_AHEAD);
        let tree = reparse(Edit::between(&text, &edited), old.clone(), &edited, &mut names);
        assert_eq!(tree.declarations.len(), 100);
    }
}

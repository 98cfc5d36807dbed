//! More documentation than rules.

use super::definition::{MEMBERS, definition};
use super::grammar::Grammar;
use super::{Project, Random};

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut grammar = Grammar::new(random, 0);
    while grammar.lines() + 4 < lines {
        let rest = lines - grammar.lines();
        if grammar.random.chance(30) {
            let sentence = grammar.sentence(9);
            grammar.line(&format!("// {sentence}\n"));
        }
        let length = grammar.random.between(10, 40).min(rest);
        grammar.comment(length);
        definition(&mut grammar, MEMBERS, 3);
        grammar.group_loose();
    }
    vec![Project::single("Comments", grammar.finish("Comments"))]
}

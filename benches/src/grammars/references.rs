//! Cross-references everywhere: what resolving names costs.

use super::definition::{Member, definition, optional_reference, reference_list};
use super::grammar::{Grammar, Properties};
use super::{Project, Random};

const MEMBERS: &[(usize, Member)] =
    &[(30, optional_reference), (15, reference_list), (25, two_references), (15, multi_reference), (15, group_reference)];

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut grammar = Grammar::new(random, 0);
    while grammar.lines() + 4 < lines {
        let count = grammar.random.between(4, 8);
        definition(&mut grammar, MEMBERS, count);
        grammar.group_loose();
    }
    vec![Project::single("References", grammar.finish("References"))]
}

fn two_references(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (a, b) = (properties.next(), properties.next());
    let (first, second) = (grammar.object(), grammar.object());
    format!("'{a}' {a}=[{first}] ('-' {b}=[{second}:ID])?")
}

fn multi_reference(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, target) = (properties.next(), grammar.object());
    format!("('{property}' {property}=[+{target}:ID])?")
}

fn group_reference(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, group) = (properties.next(), grammar.group_to_come());
    format!("'{property}' '*' {property}+=[{group}:STRING]+")
}

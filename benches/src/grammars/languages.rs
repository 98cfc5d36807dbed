//! Many languages of 35 lines in one configuration, no two with a name in common but those of the terminals that all import.

use super::grammar::{Grammar, terminals};
use super::{Project, Random, rules};

const LINES: usize = 35;

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let count = (lines / LINES).max(1);
    let mut next = 0;
    let mut files = Vec::with_capacity(count + 1);
    for index in 0..count {
        let mut grammar = Grammar::new(random, next);
        // The lines that it counts for terminals are more rules here.
        while grammar.lines() < LINES {
            rules::declaration(&mut grammar);
        }
        let text;
        (text, next) = grammar.finish_entry(&format!("Language{index}"), "import './terminals';\n");
        files.push((format!("language{index:05}.langium"), text));
    }
    files.push(("terminals.langium".to_owned(), terminals()));
    vec![Project { folder: String::new(), name: "Languages".to_owned(), files, entries: count }]
}

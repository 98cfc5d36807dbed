//! A language in many files of 100 lines: a tree of imports, eight to a file, all of which import the terminals.

use super::grammar::{Grammar, terminals};
use super::{Project, Random, rules};

const LINES: usize = 100;
const CHILDREN: usize = 8;

/// What a file offers to the one that imports it.
struct Offer {
    part: String,
    objects: Vec<String>,
}

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let count = (lines / LINES).max(1);
    let lines = lines / count;
    let mut offers: Vec<Option<Offer>> = (0..count).map(|_| None).collect();
    let mut files = vec![("terminals.langium".to_owned(), terminals())];
    let mut next = 0;
    for index in (0..count).rev() {
        let children = (CHILDREN * index + 1).min(count)..(CHILDREN * index + CHILDREN + 1).min(count);
        let mut imports = "import './terminals';\n".to_owned();
        let mut grammar = Grammar::new(random, next);
        for child in children {
            imports.push_str(&format!("import './{}';\n", name(child)));
            if let Some(offer) = offers[child].take() {
                grammar.add_group(&offer.part);
                grammar.objects.extend(offer.objects);
            }
        }
        let imported = grammar.objects.len();
        // The lines that it counts for terminals stand for its imports.
        while grammar.lines() < lines {
            rules::declaration(&mut grammar);
        }
        let text;
        if index == 0 {
            (text, next) = grammar.finish_entry("Imports", &imports);
        } else {
            let objects = grammar.objects.split_off(imported);
            let part;
            (text, part, next) = grammar.finish_part(&imports);
            offers[index] = Some(Offer { part, objects });
        }
        files.push((format!("{}.langium", name(index)), text));
    }
    files.reverse();
    vec![Project { folder: String::new(), name: "Imports".to_owned(), files, entries: 1 }]
}

fn name(index: usize) -> String {
    if index == 0 { "imports".to_owned() } else { format!("part{index:05}") }
}

//! Terminals named like the text of a keyword.

use rustc_hash::FxHashMap;

use super::imports::imported_files;
use super::name_set::NameSet;
use super::project::{Declared, Grammar};
use crate::model::links::DeclarationId;
use crate::text::{Code, FileId, Name, Problem};
use crate::tree::{DeclarationKind, Kind};

/// `checkClashingTerminalNames`
pub(super) fn terminals_and_keywords(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let local = Tokens::of(grammar, grammar.file);
    let imports = imported_files(grammar);
    let mut tokens: FxHashMap<FileId, Tokens> = FxHashMap::default();
    let mut imported_terminals: Lists = Lists::default();
    let mut imported_keywords: Lists = Lists::default();
    for (index, (_, files)) in imports.iter().enumerate() {
        for &file in files {
            let tokens = tokens.entry(file).or_insert_with(|| Tokens::of(grammar, file));
            tokens.terminals.iter().for_each(|&(name, _)| imported_terminals.add(name, index));
            tokens.keywords.iter().for_each(|&name| imported_keywords.add(name, index));
        }
    }
    local_terminals(grammar, &local, &imported_keywords, &imports, problems);

    let mut by_import: Vec<(usize, Vec<Name>)> = Vec::new();
    for &keyword in &local.keywords {
        imported_terminals.get(keyword).iter().for_each(|&import| add(&mut by_import, import, keyword));
    }
    report(grammar, &imports, by_import, "locally defined", problems);

    let mut by_import: Vec<(usize, Vec<Name>)> = Vec::new();
    for &name in &imported_terminals.order {
        let keywords = imported_keywords.get(name);
        if !keywords.is_empty() {
            let others = imported_terminals.get(name).iter().filter(|import| !keywords.contains(import));
            others.for_each(|&import| add(&mut by_import, import, name));
        }
    }
    report(grammar, &imports, by_import, "imported", problems);
}

fn local_terminals(
    grammar: &Grammar<'_>,
    local: &Tokens,
    imported_keywords: &Lists,
    imports: &[(Declared<'_>, Vec<FileId>)],
    problems: &mut Vec<Problem>,
) {
    // Terminals of one name come one after the other, where the first of them stands.
    let mut groups: Vec<(Name, Vec<DeclarationId>)> = Vec::new();
    let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
    for &(name, terminal) in &local.terminals {
        let slot = *slots.entry(name).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some((_, group)) => group.push(terminal),
            None => groups.push((name, vec![terminal])),
        }
    }
    for (name, terminals) in groups {
        let message = if local.keyword_set.contains(name) {
            "Terminal name clashes with existing keyword.".to_owned()
        } else if let [import, ..] = imported_keywords.get(name) {
            let DeclarationKind::Import { path } = imports[*import].0.kind() else { continue };
            format!("Terminal name clashes with imported keyword from \"{}\".", grammar.project.text(path))
        } else {
            continue;
        };
        for terminal in terminals {
            let terminal = grammar.declared(terminal);
            problems.push(terminal.error(Code::TerminalClash, terminal.name_place(), message.clone()));
        }
    }
}

fn report(
    grammar: &Grammar<'_>,
    imports: &[(Declared<'_>, Vec<FileId>)],
    clashes: Vec<(usize, Vec<Name>)>,
    which: &str,
    problems: &mut Vec<Problem>,
) {
    for (import, names) in clashes {
        let names: Vec<&str> = names.iter().map(|&name| grammar.project.text(name)).collect();
        let message = format!("Imported terminals ({}) clash with {which} keywords.", names.join(", "));
        let import = &imports[import].0;
        problems.push(import.error(Code::TerminalClash, import.name_place(), message));
    }
}

fn add(lists: &mut Vec<(usize, Vec<Name>)>, import: usize, name: Name) {
    match lists.iter_mut().find(|(other, _)| *other == import) {
        Some((_, names)) => names.push(name),
        None => lists.push((import, vec![name])),
    }
}

/// Imports by name, in the order in which the names were found.
#[derive(Default)]
struct Lists {
    order: Vec<Name>,
    imports: FxHashMap<Name, Vec<usize>>,
}

impl Lists {
    fn add(&mut self, name: Name, import: usize) {
        let imports = self.imports.entry(name).or_default();
        if imports.is_empty() {
            self.order.push(name);
        }
        imports.push(import);
    }

    fn get(&self, name: Name) -> &[usize] {
        self.imports.get(&name).map_or(&[], Vec::as_slice)
    }
}

/// Whether [`terminals_and_keywords`] found the problem.
pub(super) fn may_find(problem: &Problem) -> bool {
    problem.code == Code::TerminalClash
}

/// The terminals of a file and the distinct keywords of its other rules, in order. Those of rules that nothing was wrong with
/// do not clash, as they did not: where something clashes, nothing is known the next time.
struct Tokens {
    terminals: Vec<(Name, DeclarationId)>,
    keywords: Vec<Name>,
    keyword_set: NameSet,
}

impl Tokens {
    fn of(grammar: &Grammar<'_>, file: FileId) -> Tokens {
        let links = &grammar.project.links;
        let tree = &grammar.project.sources.file(file).tree;
        let keyword_set = NameSet::new(&grammar.project.sources.names, tree.declarations.len());
        let mut tokens = Tokens { terminals: Vec::new(), keywords: Vec::new(), keyword_set };
        let (verdict, content) = (grammar.project.verdict(file), grammar.project.sources.file(file));
        for (index, id) in links.declarations(file).enumerate() {
            match links.kind(id) {
                DeclarationKind::TerminalRule { name, .. } => tokens.terminals.push((name, id)),
                DeclarationKind::ParserRule { .. } | DeclarationKind::InfixRule { .. }
                    if !verdict.is_some_and(|verdict| verdict.is_sound(content, index)) =>
                {
                    // Keywords have no keywords below them, so their order among the nodes is that in the text.
                    for node in links.item(id).nodes {
                        if let Kind::Keyword { value, .. } = node.kind
                            && tokens.keyword_set.insert(value)
                        {
                            tokens.keywords.push(value);
                        }
                    }
                }
                _ => {}
            }
        }
        tokens
    }
}

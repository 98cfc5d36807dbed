//! Imports: that they lead somewhere, and that no two bring the same.

use rustc_hash::{FxHashMap, FxHashSet};

use super::project::{Declared, Grammar};
use crate::model::{Sources, import_paths};
use crate::text::{Code, FileId, Name, Problem, Severity};
use crate::tree::DeclarationKind;

/// The imports of a file, each with the file that it leads to.
fn imports<'g>(grammar: &'g Grammar<'_>) -> impl Iterator<Item = (Declared<'g>, Option<FileId>)> {
    grammar.import_declarations().zip(grammar.project.sources.file(grammar.file).imports.iter().copied())
}

/// The imports that lead to a file, each with all files that it brings, the imported one last
/// (`resolveTransitiveImports` of an import).
pub(super) fn imported_files<'g>(grammar: &'g Grammar<'_>) -> Vec<(Declared<'g>, Vec<FileId>)> {
    let found = imports(grammar).filter_map(|(import, target)| Some((import, target?)));
    found
        .map(|(import, target)| {
            let mut files = grammar.project.links.visible(target).to_vec();
            files.rotate_left(1);
            (import, files)
        })
        .collect()
}

/// `checkPackageImport`. (Of a missing file, langium-cli 4.4.0 prints a stack trace instead.)
pub(super) fn resolved(import: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::Import { path } = import.kind() else { return };
    let path = import.project().text(path);
    if import.links().imported(import.id).is_none() {
        let hint = match path {
            "" => "write the path of a grammar, relative to the folder of this one".to_owned(),
            path => format!("there is no file '{path}' relative to the folder of this grammar"),
        };
        let problem = import.error(Code::MissingImport, import.name_place(), "Import cannot be resolved.");
        problems.push(problem.with_hint(hint));
    } else if let Some(stem) = path.strip_suffix(".langium") {
        let place = import.name_place();
        let mut problem = import.warning(Code::ImportExtension, place, "Imports do not need file extensions.");
        if !stem.is_empty() && !stem.contains(['\\', '\'', '"']) {
            problem = problem.with_fix(import.absolute(place), format!("'{stem}'"));
        }
        problems.push(problem);
    }
}

/// Imports whose file does not exist, whatever else is wrong. An import with an empty path, which Langium passes over, is
/// not one of them.
pub(super) fn missing_files(sources: &Sources, problems: &mut Vec<Problem>) {
    for (id, file) in sources.files.iter().enumerate() {
        let imports =
            file.tree.declarations.iter().filter(|declaration| matches!(declaration.kind, DeclarationKind::Import { .. }));
        for ((declaration, target), path) in imports.zip(&file.imports).zip(import_paths(&file.tree, &sources.names)) {
            if let (None, Some(path)) = (target, path) {
                let span = declaration.name_span.shifted(declaration.region.start);
                let file = FileId(id as u32);
                let problem = Problem::new(Severity::Error, Code::MissingImport, file, span, "Import cannot be resolved.");
                problems.push(problem.with_hint(format!("there is no file '{path}' relative to the folder of this grammar")));
            }
        }
    }
}

/// `checkDuplicateImportedGrammar`
pub(super) fn duplicate(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    // In the order of the first import of each file.
    let mut groups: Vec<Vec<Declared<'_>>> = Vec::new();
    let mut slots: FxHashMap<FileId, usize> = FxHashMap::default();
    for (import, target) in imports(grammar) {
        let Some(target) = target else { continue };
        let slot = *slots.entry(target).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some(imports) => imports.push(import),
            None => groups.push(vec![import]),
        }
    }
    for import in groups.iter().flat_map(|imports| &imports[1..]) {
        let message = "The grammar is already being directly imported.";
        let span = import.whole();
        problems.push(import.warning(Code::DuplicateImport, span, message).with_fix(import.absolute(span), ""));
    }
}

/// `checkUniqueImportedRules`
pub(super) fn overlapping(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let imports = imported_files(grammar);
    if imports.len() < 2 {
        return;
    }
    let rules = rules_by_file(grammar, &imports);
    let mut places: FxHashMap<Name, u32> = FxHashMap::default();
    rules.values().flatten().for_each(|&name| *places.entry(name).or_default() += 1);
    if places.values().all(|&count| count < 2) {
        return;
    }
    let names_of = |files: &[FileId]| files.iter().flat_map(|file| &rules[file]).copied().collect::<FxHashSet<Name>>();
    let sets: Vec<FxHashSet<Name>> = imports.iter().map(|(_, files)| names_of(files)).collect();
    for (outer, (import, files)) in imports.iter().enumerate() {
        let mut duplicates: Vec<Name> = Vec::new();
        let mut seen: FxHashSet<Name> = FxHashSet::default();
        for (inner, (_, other_files)) in imports.iter().enumerate().filter(|&(inner, _)| inner != outer) {
            let own = files.iter().filter(|file| !other_files.contains(file)).flat_map(|file| &rules[file]);
            duplicates.extend(own.filter(|name| sets[inner].contains(name) && seen.insert(**name)));
        }
        if !duplicates.is_empty() {
            let names: Vec<&str> = duplicates.iter().map(|&name| grammar.project.text(name)).collect();
            let message = format!("Some rules exported by this grammar are also included in other imports: {}", names.join(", "));
            problems.push(import.error(Code::OverlappingImports, import.name_place(), message));
        }
    }
}

fn rules_by_file(grammar: &Grammar<'_>, imports: &[(Declared<'_>, Vec<FileId>)]) -> FxHashMap<FileId, Vec<Name>> {
    let mut rules: FxHashMap<FileId, Vec<Name>> = FxHashMap::default();
    let links = &grammar.project.links;
    for &file in imports.iter().flat_map(|(_, files)| files) {
        rules.entry(file).or_insert_with(|| {
            let kinds = links.declarations(file).map(|id| links.kind(id));
            kinds.filter(|kind| kind.is_rule()).filter_map(|kind| kind.name()).collect()
        });
    }
    rules
}

//! The files that an analysis reads.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::hash::xxh3;
use crate::syntax;
use crate::text::{FileId, LineIndex, Names, Problem};
use crate::tree::{Declaration, DeclarationKind, Tree};

/// All files of a project and the names in them.
#[derive(Debug, Default)]
pub struct Sources {
    /// The names of all trees.
    pub names: Names,
    /// The files in load order: each language's grammar, then its imports depth first. A [`FileId`] indexes this.
    pub files: Vec<Arc<File>>,
}

/// One grammar file.
#[derive(Debug)]
pub struct File {
    /// Its path for people: relative to the configuration's folder where possible.
    pub path: String,
    /// Its text.
    pub text: String,
    /// Its tree.
    pub tree: Tree,
    /// For each import declaration, in order, the file it leads to; `None` if there is no such file.
    pub imports: Vec<Option<FileId>>,
    lines: OnceLock<LineIndex>,
    hashes: OnceLock<Vec<u128>>,
}

impl File {
    /// The file at `path`, for people, with this text, its tree, and what its imports lead to.
    pub fn new(path: String, text: String, tree: Tree, imports: Vec<Option<FileId>>) -> File {
        File { path, text, tree, imports, lines: OnceLock::new(), hashes: OnceLock::new() }
    }

    /// The same file with another tree.
    pub(super) fn with_tree(&self, tree: Tree) -> File {
        File::new(self.path.clone(), self.text.clone(), tree, self.imports.clone())
    }

    /// Where its lines start; found out by the first who asks.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(&self.text))
    }

    /// XXH3 of the bytes of each declaration's region: the same if the same is written there. Found out by the first who
    /// asks, at a cost of half a million instructions for 10,000 lines.
    pub fn hashes(&self) -> &[u128] {
        let hash = |declaration: &Declaration| xxh3(declaration.region.of(&self.text).as_bytes());
        self.hashes.get_or_init(|| self.tree.declarations.iter().map(hash).collect())
    }
}

impl Sources {
    /// A project in memory: the path and the text of each file, the entry grammars first. Imports lead to the files whose
    /// paths they name, as if all were in one folder.
    pub fn in_memory<'t>(files: impl IntoIterator<Item = (impl Into<String>, &'t str)>) -> Sources {
        let mut sources = Sources::default();
        let mut parsed: Vec<(String, &str, Tree)> = Vec::new();
        for (path, text) in files {
            parsed.push((path.into(), text, syntax::parse(text, &mut sources.names)));
        }
        let paths = (0..).map(FileId).zip(&parsed);
        let ids: FxHashMap<String, FileId> = paths.map(|(id, (path, ..))| (path.clone(), id)).collect();
        for (path, text, tree) in parsed {
            let target = |path: Option<String>| ids.get(path?.trim_start_matches("./")).copied();
            let imports = import_paths(&tree, &sources.names).map(target).collect();
            sources.files.push(Arc::new(File::new(path, text.to_owned(), tree, imports)));
        }
        sources
    }

    /// The line on which a problem starts, from 1.
    pub fn line_of(&self, problem: &Problem) -> u32 {
        let file = self.file(problem.span_file);
        file.lines().line_of(&file.text, problem.span.start)
    }

    /// The file `id`.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }
}

impl Sources {
    /// The files as Langium lists them, which it keeps by the folders of their paths: what is in a folder comes where the
    /// first file of that folder was loaded (`UriTrie` in `uri-utils.ts`, langium 4.4.0).
    pub(super) fn listed(&self) -> Vec<FileId> {
        let above = |path: &str| path.split(['/', '\\']).take_while(|part| *part == "..").count();
        let depth = self.files.iter().map(|file| above(&file.path)).max().unwrap_or(0);
        // Folders by the folder around them and their name, numbered in the order of their first file.
        let mut folders: FxHashMap<(usize, &str), usize> = FxHashMap::default();
        let mut entries: Vec<Vec<Entry>> = vec![Vec::new()];
        for (id, file) in self.files.iter().enumerate() {
            let climbed = above(&file.path);
            // Names of the folders around the project do not matter, as long as they are always the same.
            let around = std::iter::repeat_n("..", depth - climbed);
            let parts = around.chain(file.path.split(['/', '\\']).skip(climbed));
            let parts: Vec<&str> = parts.filter(|part| !matches!(*part, "" | ".")).collect();
            let mut folder = 0;
            for part in &parts[..parts.len().saturating_sub(1)] {
                folder = *folders.entry((folder, part)).or_insert_with(|| {
                    let number = entries.len();
                    entries.push(Vec::new());
                    entries[folder].push(Entry::Folder(number));
                    number
                });
            }
            entries[folder].push(Entry::File(FileId(id as u32)));
        }
        let mut listed = Vec::with_capacity(self.files.len());
        let mut pending = vec![Entry::Folder(0)];
        while let Some(entry) = pending.pop() {
            match entry {
                Entry::File(file) => listed.push(file),
                Entry::Folder(folder) => pending.extend(entries[folder].iter().rev()),
            }
        }
        listed
    }
}

/// What a folder contains.
#[derive(Clone, Copy)]
enum Entry {
    File(FileId),
    Folder(usize),
}

/// The paths that a tree imports, in order: as written, with `.langium` appended where it is missing
/// (`resolveImportUri` in `internal-grammar-util.ts`), relative to the importing file's folder.
/// `None` stands for an import whose path is empty.
pub fn import_paths<'t>(tree: &'t Tree, names: &'t Names) -> impl Iterator<Item = Option<String>> + 't {
    tree.declarations.iter().filter_map(|declaration| match declaration.kind {
        DeclarationKind::Import { path } => Some(match names.get(path) {
            "" => None,
            path if path.ends_with(".langium") => Some(path.to_owned()),
            path => Some(format!("{path}.langium")),
        }),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_a_folder_are_listed_together() {
        let listed = |paths: &[&str]| {
            let mut sources = Sources::default();
            for path in paths {
                let file = File::new((*path).to_owned(), String::new(), Tree::default(), Vec::new());
                sources.files.push(Arc::new(file));
            }
            sources.listed().into_iter().map(|id| sources.file(id).path.clone()).collect::<Vec<_>>()
        };
        assert_eq!(listed(&["main", "sub/a", "other", "sub/deep/x", "sub/b"]), ["main", "sub/a", "sub/deep/x", "sub/b", "other"]);
        assert_eq!(listed(&["main", "../x", "sub/a", "../y/z", "../y"]), ["main", "sub/a", "../x", "../y/z", "../y"]);
    }
}

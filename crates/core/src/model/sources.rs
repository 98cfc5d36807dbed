//! The files that an analysis reads.

use std::sync::Arc;

use crate::text::{FileId, Names};
use crate::tree::{DeclarationKind, Tree};

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
}

impl Sources {
    /// The file `id`.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }
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

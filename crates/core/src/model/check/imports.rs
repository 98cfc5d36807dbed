//! Imports that lead nowhere.

use super::{Context, error, name_span};
use crate::model::{Sources, import_paths};
use crate::text::{Code, FileId, Problem};
use crate::tree::DeclarationKind;

/// `checkPackageImport` in langium's `validator.ts`, which langium-cli never reaches: it stops with a stack trace when
/// it cannot read the file.
pub(super) fn missing(context: Context<'_>, problems: &mut Vec<Problem>) {
    unresolved(context.sources, |_| true, problems);
}

/// Imports whose file does not exist. An import with an empty path, which Langium passes over, is not one of them.
pub(super) fn missing_files(sources: &Sources, problems: &mut Vec<Problem>) {
    unresolved(sources, |path| path.is_some(), problems);
}

fn unresolved(sources: &Sources, matters: fn(Option<&str>) -> bool, problems: &mut Vec<Problem>) {
    for (id, file) in sources.files.iter().enumerate() {
        let imports =
            file.tree.declarations.iter().filter(|declaration| matches!(declaration.kind, DeclarationKind::Import { .. }));
        for ((declaration, target), path) in imports.zip(&file.imports).zip(import_paths(&file.tree, &sources.names)) {
            if target.is_none() && matters(path.as_deref()) {
                let hint = match path {
                    Some(path) => format!("there is no file '{path}' relative to the folder of this grammar"),
                    None => "write the path of a grammar, relative to the folder of this one".to_owned(),
                };
                let message = "Import cannot be resolved.".to_owned();
                problems.push(error(Code::MissingImport, FileId(id as u32), name_span(declaration), message, Some(hint)));
            }
        }
    }
}

//! Packs from wherever they are: embedded, in a folder, in `node_modules`, in an archive.

mod archive;
pub(crate) mod built_in;
mod configured;
mod folder;
pub(crate) mod scaffold;
mod source;
mod watch;
mod waves;
mod write;

use std::path::Path;

use langloom_core::emit::pack::{self, Files, Layer, Pack};
use langloom_core::text::Span;

use crate::kinds::FindingKind;
use crate::report::{Document, Exit, Failure, Finding};

pub(crate) use configured::{Configured, configured};
pub(crate) use folder::FOLDERS;
pub(crate) use source::Source;
pub(crate) use write::{Content, PackOutputs, Plans, failure, is_edited_outside};

/// The name of the file that says what a pack is.
pub(crate) const MANIFEST: &str = "pack.toml";

/// Bytes of a file of a pack, at most.
const LARGEST_FILE: u64 = 32 << 20;
/// Bytes of all files of an archive, at most.
const LARGEST_PACK: u64 = 256 << 20;
/// Files of a pack, at most.
const MOST_FILES: usize = 10_000;
/// Packs that extend each other, at most.
const LONGEST_CHAIN: usize = 8;

/// The version of this Langloom.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where something asks for a pack, for messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'d> {
    pub(crate) document: Option<&'d Document>,
    pub(crate) span: Option<Span>,
}

impl Asking<'_> {
    /// What is asked for cannot be had.
    pub(crate) fn failure(self, message: String, hint: Option<String>) -> Failure {
        let finding = Finding::error(Some(FindingKind::Pack), self.span, message, hint);
        Failure { exit: Exit::Invalid, document: self.document.cloned(), findings: vec![finding] }
    }
}

/// Loads the pack that `name` stands for in a text that belongs to the absolute folder `base`, and all that it extends.
pub(crate) fn load(name: &str, base: &Path, asking: Asking<'_>) -> Result<Pack, Failure> {
    let mut layers: Vec<Layer> = Vec::new();
    let mut seen: Vec<Source> = Vec::new();
    let (mut name, mut base, mut document, mut span) = (name.to_owned(), base.to_owned(), asking.document.cloned(), asking.span);
    loop {
        let asking = Asking { document: document.as_ref(), span };
        let source = Source::find(&name, &base, asking)?;
        if seen.contains(&source) {
            return Err(asking.failure(format!("the pack {name:?} extends itself"), Some("remove this line".to_owned())));
        }
        if layers.len() == LONGEST_CHAIN {
            return Err(asking.failure(format!("more than {LONGEST_CHAIN} packs extend each other"), None));
        }
        let layer = load_one(&source, asking)?;
        let extends = layer.manifest.extends.clone();
        let next = Document { path: format!("{}/{MANIFEST}", layer.shown), text: layer.text.clone() };
        base = source.folder();
        seen.push(source);
        layers.push(layer);
        let Some((extended, at)) = extends else { return Ok(Pack::new(layers)) };
        (name, document, span) = (extended, Some(next), Some(at));
    }
}

/// Loads the pack at `source` without what it extends.
fn load_one(source: &Source, asking: Asking<'_>) -> Result<Layer, Failure> {
    let shown = source.shown();
    let files: Box<dyn Files> = match source {
        Source::BuiltIn(name) => Box::new(built_in::files(name)),
        Source::Folder(folder) => Box::new(
            folder::files(folder).map_err(|error| asking.failure(format!("cannot read the pack {shown}: {error}"), None))?,
        ),
        Source::Archive(path) => Box::new(archive::files(path).map_err(|reason| {
            asking.failure(format!("cannot use the pack {shown}: {reason}"), Some("nothing of it was unpacked".to_owned()))
        })?),
    };
    let Some(bytes) = files.read(MANIFEST).map_err(|error| asking.failure(error, None))? else {
        let hint = "a pack is a folder with a pack.toml; `langloom packs new NAME` makes one".to_owned();
        return Err(asking.failure(format!("there is no {MANIFEST} in {shown}"), Some(hint)));
    };
    let document = Document {
        path: format!("{shown}/{MANIFEST}"),
        text: String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    };
    match pack::parse_manifest(&document.text, VERSION) {
        Ok(manifest) => Ok(Layer { manifest, text: document.text, files, shown }),
        Err(troubles) => {
            let findings = troubles
                .into_iter()
                .map(|trouble| Finding::error(Some(FindingKind::Pack), Some(trouble.span), trouble.message, trouble.hint));
            let findings = findings.collect();
            Err(Failure::about(Exit::Invalid, document, findings))
        }
    }
}

/// Where the pack that `name` stands for is, seen from the absolute folder `base`.
pub(crate) fn find(name: &str, base: &Path) -> Result<Source, Failure> {
    Source::find(name, base, Asking { document: None, span: None })
}

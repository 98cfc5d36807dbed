//! Where a pack is, from what a configuration calls it.

use std::path::{Path, PathBuf};

use langloom_core::emit::pack::nearest;

use super::{Asking, MANIFEST, built_in};
use crate::report::Failure;
use crate::{disk, paths};

/// Where a pack is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// In the binary, by this name.
    BuiltIn(&'static str),
    /// In this absolute folder.
    Folder(PathBuf),
    /// In this archive, an absolute path.
    Archive(PathBuf),
}

/// What the names of packages start with.
const PACKAGE: &str = "npm:";

/// What the names of archives end with that nobody reads here.
const OTHER_ARCHIVES: &[&str] =
    &[".tar", ".tar.xz", ".txz", ".tar.bz2", ".tbz2", ".tar.zst", ".xz", ".bz2", ".7z", ".rar", ".gz"];

const HINT: &str = "write the name of a built-in pack, ./FOLDER, ./ARCHIVE.tar.gz, ./ARCHIVE.zip, or npm:PACKAGE for a package \
                    in node_modules";

impl Source {
    /// Where `name`, seen from the absolute folder `base`, is.
    pub(super) fn find(name: &str, base: &Path, asking: Asking<'_>) -> Result<Source, Failure> {
        if let Some(package) = name.strip_prefix(PACKAGE) {
            return find_package(package, base, asking);
        }
        if name.contains("://") {
            let hint = "download it, or clone it, and name the folder or the archive".to_owned();
            return Err(asking.failure(format!("{name:?} is a URL, and packs are not downloaded"), Some(hint)));
        }
        let lower = name.to_ascii_lowercase();
        if let Some(ending) = OTHER_ARCHIVES.iter().find(|ending| !is_archive(name) && lower.ends_with(**ending)) {
            let hint = "pack it as .tar.gz, .tgz or .zip, or unpack it and name the folder".to_owned();
            return Err(asking.failure(format!("{name:?} is an archive of a kind that is not read, {ending}"), Some(hint)));
        }
        let is_path = name.starts_with('.') || name.contains(['/', '\\']) || Path::new(name).is_absolute() || is_archive(name);
        if !is_path {
            if let Some(name) = built_in::names().find(|&built_in| built_in == name) {
                return Ok(Source::BuiltIn(name));
            }
            let hint = match nearest(name, built_in::names()) {
                Some(near) => format!("did you mean {near:?}?"),
                None => format!("built in are: {}; {HINT}", built_in::names().collect::<Vec<_>>().join(", ")),
            };
            return Err(asking.failure(format!("there is no built-in pack {name:?}"), Some(hint)));
        }
        let path = paths::resolve(base, name);
        if !disk::exists(&path) {
            // Once it is there, there is something to do.
            let _ = disk::note_file(&path);
            return Err(asking.failure(format!("there is no pack at {}", path.display()), Some(HINT.to_owned())));
        }
        Ok(if is_archive(name) { Source::Archive(path) } else { Source::Folder(path) })
    }

    /// The folder that paths in the pack start from.
    pub(super) fn folder(&self) -> PathBuf {
        match self {
            Source::BuiltIn(_) => PathBuf::from("/"),
            Source::Folder(folder) => folder.clone(),
            Source::Archive(path) => path.parent().unwrap_or(path).to_owned(),
        }
    }

    /// What to call it.
    pub(super) fn shown(&self) -> String {
        match self {
            Source::BuiltIn(name) => built_in::shown(name),
            Source::Folder(path) | Source::Archive(path) => path.display().to_string(),
        }
    }
}

pub(super) fn is_archive(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".tar.gz", ".tgz", ".zip"].iter().any(|ending| name.ends_with(ending))
}

/// A package that Node would find from `base`.
fn find_package(package: &str, base: &Path, asking: Asking<'_>) -> Result<Source, Failure> {
    let parts: Vec<&str> = package.split('/').collect();
    let is_name = |part: &str| {
        let known = |char: char| char.is_ascii_alphanumeric() || "-_.~".contains(char);
        !part.is_empty() && part.chars().all(known) && !part.starts_with('.')
    };
    let is_package = match parts[..] {
        [name] => is_name(name),
        [scope, name] => scope.strip_prefix('@').is_some_and(is_name) && is_name(name),
        _ => false,
    };
    if !is_package {
        let hint = Some("for example npm:my-pack or npm:@my-team/my-pack".to_owned());
        return Err(asking.failure(format!("{package:?} is not the name of an npm package"), hint));
    }
    for folder in base.ancestors() {
        let folder = folder.join("node_modules").join(package);
        if disk::exists(&folder.join(MANIFEST)) {
            return Ok(Source::Folder(folder));
        }
    }
    let message = format!("there is no package {package:?} with a {MANIFEST} in node_modules of {} or above", base.display());
    Err(asking.failure(message, Some(format!("npm install --save-dev {package}"))))
}

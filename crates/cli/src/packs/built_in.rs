//! The packs in the binary: the folder `packs` of the repository, which `build.rs` lists.

use langloom_core::emit::pack::Files;

/// Path below `packs`, and content; sorted.
static FILES: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/built_in_packs.rs"));

struct BuiltIn {
    name: &'static str,
}

/// The names of the packs.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().filter_map(|(path, _)| path.strip_suffix("/pack.toml")).filter(|name| !name.contains('/'))
}

/// What the names of these packs start with in messages. No path does, as they are absolute.
const PREFIX: &str = "built-in:";

/// What to call the pack `name`.
pub(super) fn shown(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Whether a pack that is called so is built in.
pub(super) fn is_shown(shown: &str) -> bool {
    shown.starts_with(PREFIX)
}

/// The files of the pack `name`.
pub(super) fn files(name: &'static str) -> impl Files {
    BuiltIn { name }
}

/// All files of the pack `name`, the example included, by path and content.
pub(crate) fn all_files(name: &str) -> impl Iterator<Item = (&'static str, &'static [u8])> {
    FILES.iter().filter_map(move |(path, content)| Some((path.strip_prefix(name)?.strip_prefix('/')?, *content)))
}

impl Files for BuiltIn {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(all_files(self.name).find(|(other, _)| *other == path).map(|(_, content)| content.to_vec()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let paths = all_files(self.name).map(|(path, _)| path.to_owned()).collect::<Vec<_>>();
        super::folder::below(&paths, folder)
    }
}

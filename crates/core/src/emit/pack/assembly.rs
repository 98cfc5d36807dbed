//! A pack with those that it extends: whose options, outputs and files count.

use super::manifest::{Manifest, OutputSpec, StaticSpec};
use super::option::OptionSpec;

/// Gives the files of one pack. Paths are relative to its folder, with `/` between folders.
pub trait Files: Send + Sync {
    /// The bytes of a file; none if there is no such file. The error says why it cannot be read.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// The paths of all files below `folder`, sorted.
    fn list(&self, folder: &str) -> Vec<String>;

    /// Whether a file that is there is a program, where that can be told.
    fn is_executable(&self, _path: &str) -> bool {
        false
    }
}

/// One pack, without those that it extends.
pub struct Layer {
    /// Its `pack.toml`.
    pub manifest: Manifest,
    /// The text of that.
    pub text: String,
    /// Its files.
    pub files: Box<dyn Files>,
    /// What to call its folder: what stands before the paths of its files in messages.
    pub shown: String,
}

/// A pack: itself, then what it extends, then what that extends.
#[derive(Debug)]
pub struct Pack {
    layers: Vec<Layer>,
}

/// A folder of a pack.
pub(super) const TEMPLATES: &str = "templates";
/// A folder of a pack.
pub(super) const PARTIALS: &str = "partials";
/// A folder of a pack.
pub(super) const STATIC: &str = "static";
/// What the names of partials lack.
pub(super) const EXTENSION: &str = ".hbs";

/// A text of a pack.
#[derive(Clone, Debug)]
pub struct PackText {
    /// The layer it is of.
    pub layer: usize,
    /// Its path, for people.
    pub shown: String,
    /// The text.
    pub text: String,
}

impl Pack {
    /// A pack and those that it extends.
    ///
    /// # Panics
    /// If there are no layers.
    pub fn new(layers: Vec<Layer>) -> Pack {
        assert!(!layers.is_empty());
        Pack { layers }
    }

    /// The pack itself, then what it extends.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// What the pack itself says.
    pub fn manifest(&self) -> &Manifest {
        &self.layers[0].manifest
    }

    /// The options: those of the pack, then those of others that it does not replace.
    pub fn options(&self) -> Vec<&OptionSpec> {
        self.merged(|manifest| &manifest.options, |option| &option.name).into_iter().map(|(_, option)| option).collect()
    }

    /// The outputs: those of the pack, then those of others that it does not replace. With the layer of each.
    pub fn outputs(&self) -> Vec<(usize, &OutputSpec)> {
        self.merged(|manifest| &manifest.outputs, |output| &output.name)
    }

    /// The static files, likewise.
    pub fn statics(&self) -> Vec<(usize, &StaticSpec)> {
        self.merged(|manifest| &manifest.statics, |item| &item.name)
    }

    fn merged<T>(&self, items: fn(&Manifest) -> &Vec<T>, name: fn(&T) -> &String) -> Vec<(usize, &T)> {
        let mut merged: Vec<(usize, &T)> = Vec::new();
        for (layer, Layer { manifest, .. }) in self.layers.iter().enumerate() {
            for item in items(manifest) {
                if !merged.iter().any(|(_, other)| name(other) == name(item)) {
                    merged.push((layer, item));
                }
            }
        }
        merged
    }

    /// Whether texts end with exactly one line break.
    pub fn has_final_newline(&self) -> bool {
        self.layers.iter().find_map(|layer| layer.manifest.final_newline).unwrap_or(true)
    }

    /// Whether white space at the ends of lines is removed.
    pub fn is_trimmed(&self) -> bool {
        self.layers.iter().find_map(|layer| layer.manifest.trims).unwrap_or(false)
    }

    /// The template at `path`: that of the first layer from `from` on that has one.
    pub fn template(&self, path: &str, from: usize) -> Result<Option<PackText>, String> {
        self.text(&format!("{TEMPLATES}/{path}"), from)
    }

    /// The partial called `name`: that of the first layer from `from` on that has one.
    pub fn partial(&self, name: &str, from: usize) -> Result<Option<PackText>, String> {
        self.text(&format!("{PARTIALS}/{name}{EXTENSION}"), from)
    }

    /// The names of all partials of all layers, each once, sorted.
    pub fn partial_names(&self) -> Vec<String> {
        let files = self.layers.iter().flat_map(|layer| layer.files.list(PARTIALS));
        let mut names: Vec<String> = files.filter_map(|path| Some(partial_name(&path)?.to_owned())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The files below `from` of the folder `static`, each once, with the layer of each: relative to `from`.
    pub fn static_files(&self, from: &str) -> Vec<(usize, String)> {
        let folder = if from.is_empty() { STATIC.to_owned() } else { format!("{STATIC}/{from}") };
        let mut files: Vec<(usize, String)> = Vec::new();
        for (layer, Layer { files: source, .. }) in self.layers.iter().enumerate() {
            for path in source.list(&folder) {
                let path = path[folder.len()..].trim_start_matches('/').to_owned();
                if !files.iter().any(|(_, other)| *other == path) {
                    files.push((layer, path));
                }
            }
        }
        files.sort_by(|(_, a), (_, b)| a.cmp(b));
        files
    }

    /// The bytes of the static file at `path`, and whether it is a program.
    pub fn static_file(&self, path: &str) -> Result<Option<(Vec<u8>, bool)>, String> {
        let path = format!("{STATIC}/{path}");
        for layer in &self.layers {
            if let Some(bytes) = layer.files.read(&path)? {
                return Ok(Some((bytes, layer.files.is_executable(&path))));
            }
        }
        Ok(None)
    }

    /// The text at `path`, which begins with its folder: that of the first layer from `from` on that has one.
    pub(super) fn text(&self, path: &str, from: usize) -> Result<Option<PackText>, String> {
        for (index, layer) in self.layers.iter().enumerate().skip(from) {
            if let Some(bytes) = layer.files.read(path)? {
                let shown = format!("{}/{path}", layer.shown);
                let text = String::from_utf8(bytes).map_err(|error| {
                    let at = error.utf8_error().valid_up_to();
                    format!("{shown} is not UTF-8: see its byte {at}")
                })?;
                // A byte order mark would end up in the output.
                let text = text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text);
                return Ok(Some(PackText { layer: index, shown, text }));
            }
        }
        Ok(None)
    }
}

/// The name of the partial whose file is at `path`.
pub(super) fn partial_name(path: &str) -> Option<&str> {
    path.strip_prefix(PARTIALS)?.strip_prefix('/')?.strip_suffix(EXTENSION)
}

impl std::fmt::Debug for Layer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Layer").field("manifest", &self.manifest).field("shown", &self.shown).finish_non_exhaustive()
    }
}

//! Reading and writing files, with errors that name them.

use std::fs::{self, FileType};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::grammars::{Outputs, Project};

/// Writes the files and the configuration of each project below `folder`. Returns where the configurations are.
pub(crate) fn write_projects(folder: &Path, projects: &[Project], outputs: Outputs) -> Result<Vec<PathBuf>, String> {
    projects.iter().map(|project| write_project(&folder.join(&project.folder), project, outputs)).collect()
}

fn write_project(folder: &Path, project: &Project, outputs: Outputs) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    for (name, text) in &project.files {
        write(&folder.join(name), text)?;
    }
    let config = folder.join("langium-config.json");
    write(&config, &project.config(outputs))?;
    Ok(config)
}

/// Writes a file.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    fs::write(path, text).map_err(|error| format!("cannot write {}: {error}", path.display()))
}

/// Writes data as JSON, indented, and makes the folder if it is missing.
pub(crate) fn write_json(path: &Path, data: &impl serde::Serialize) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    }
    let text = serde_json::to_string_pretty(data).map_err(|error| error.to_string())?;
    write(path, &format!("{text}\n"))
}

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The files in `folder`, not those in folders inside of it, by name. None if there is no such folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    entries(folder, FileType::is_file)
}

/// The folders in `folder`, by name. None if there is no such folder.
pub(crate) fn folders(folder: &Path) -> Result<Vec<PathBuf>, String> {
    entries(folder, FileType::is_dir)
}

fn entries(folder: &Path, wanted: fn(&FileType) -> bool) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("cannot list {}: {error}", folder.display());
    let mut found = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if wanted(&entry.file_type().map_err(failed)?) {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Removes a folder and all that is in it.
pub(crate) fn remove_folder(folder: &Path) -> Result<(), String> {
    fs::remove_dir_all(folder).map_err(|error| format!("cannot remove {}: {error}", folder.display()))
}

/// A folder for temporary files, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// A new folder for `purpose`.
    pub(crate) fn new(purpose: &str) -> Result<Scratch, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        // Names of one length: longer paths take more instructions.
        let name = format!("langloom-bench-{:07}-{number:04}-{purpose}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Scratch(path))
    }

    /// Copies a file, and says where to.
    pub(crate) fn copy(&self, from: &Path) -> Result<PathBuf, String> {
        let to = self.0.join(from.file_name().unwrap_or_default());
        fs::copy(from, &to).map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))?;
        Ok(to)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

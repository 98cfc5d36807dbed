//! Reading and writing files, with errors that name them.

use std::fs;
use std::path::{Path, PathBuf};

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

/// Reads a file.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The files in `folder`, not those in folders inside of it, by name. None if there is no such folder.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let failed = |error| format!("cannot list {}: {error}", folder.display());
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

/// A folder for temporary files, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    /// A new folder for this process and `purpose`.
    pub(crate) fn new(purpose: &str) -> Result<Scratch, String> {
        let path = std::env::temp_dir().join(format!("langloom-bench-{}-{purpose}", std::process::id()));
        fs::create_dir_all(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Scratch(path))
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

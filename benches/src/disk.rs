//! Reading and writing files, with errors that name them.

use std::fs;
use std::path::{Path, PathBuf};

use crate::grammars::Project;

/// Writes the files and the configuration of each project below `folder`. Returns where the configurations are.
pub(crate) fn write_projects(folder: &Path, projects: &[Project]) -> Result<Vec<PathBuf>, String> {
    projects.iter().map(|project| write_project(&folder.join(&project.folder), project)).collect()
}

fn write_project(folder: &Path, project: &Project) -> Result<PathBuf, String> {
    fs::create_dir_all(folder).map_err(|error| format!("cannot create {}: {error}", folder.display()))?;
    for (name, text) in &project.files {
        write(&folder.join(name), text)?;
    }
    let config = folder.join("langium-config.json");
    write(&config, &project.config())?;
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

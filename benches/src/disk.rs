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

/// A folder that is removed with all that is in it when this is dropped.
#[derive(Debug)]
pub(crate) struct Temporary(pub(crate) PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A folder for temporary files, removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Scratch(Temporary);

/// What the name of a [`Scratch`] begins with; the number of its process follows.
const PREFIX: &str = "langloom-bench-";

/// Removes from `base` what processes left that were killed: what is in memory would stay there.
fn remove_leftovers(base: &Path) {
    let processes = Path::new("/proc");
    if !processes.join("self").exists() {
        return;
    }
    for folder in folders(base).unwrap_or_default() {
        let rest = folder.file_name().and_then(|name| name.to_str()?.strip_prefix(PREFIX));
        let process = rest.and_then(|rest| rest.split('-').next()?.parse::<u32>().ok());
        if process.is_some_and(|process| !processes.join(process.to_string()).exists()) {
            let _ = remove_folder(&folder);
        }
    }
}

/// Bytes of the path of a [`Scratch`], where the folder that it is in leaves room for that.
const LENGTH: usize = 100;

/// The folder that temporary files are made in: what `TMPDIR` names, else one in memory if there is one that is large enough.
///
/// Creating a file costs the same there and on ext4, unless files were deleted in the last five minutes: without a journal
/// ext4 does not reuse their numbers, and looks at each of them for every new file. With 4,000 deleted ones, 1,000 grammars took
/// 4.2 s of CPU time instead of 1.0.
fn base() -> PathBuf {
    match std::env::var_os("TMPDIR") {
        None if free_bytes(Path::new(MEMORY)).is_some_and(|bytes| bytes >= ROOM) => PathBuf::from(MEMORY),
        None | Some(_) => std::env::temp_dir(),
    }
}

/// Whether temporary files are in memory.
pub(crate) fn is_in_memory() -> bool {
    base().starts_with(MEMORY)
}

/// A folder in memory, where there is one.
const MEMORY: &str = "/dev/shm";

/// What three sites of a million lines take, and everything around them.
const ROOM: u64 = 6 << 30;

/// How much more fits into the file system that `folder` is on; nothing if programs cannot be run from there.
#[cfg(target_os = "linux")]
fn free_bytes(folder: &Path) -> Option<u64> {
    use std::ffi::CString;
    use std::mem::MaybeUninit;
    use std::os::unix::ffi::OsStrExt;

    let folder = CString::new(folder.as_os_str().as_bytes()).ok()?;
    let mut stat = MaybeUninit::<libc::statvfs>::zeroed();
    // SAFETY: the path ends with a zero, the pointer is good for a write, and zero bytes are a valid statvfs.
    let (failed, stat) = unsafe { (libc::statvfs(folder.as_ptr(), stat.as_mut_ptr()) != 0, stat.assume_init()) };
    (!failed && stat.f_flag & libc::ST_NOEXEC == 0).then(|| stat.f_bavail * stat.f_frsize)
}

#[cfg(not(target_os = "linux"))]
fn free_bytes(_folder: &Path) -> Option<u64> {
    None
}

impl Scratch {
    /// A new folder for `purpose`, whose path has [`LENGTH`] bytes: longer ones take more instructions and memory.
    pub(crate) fn new(purpose: &str) -> Result<Scratch, String> {
        Scratch::below(&base(), purpose)
    }

    /// The same where Langloom was built, which is a disk as people have it for their grammars.
    pub(crate) fn on_disk(purpose: &str) -> Result<Scratch, String> {
        let base = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target"));
        remove_leftovers(base);
        Scratch::below(base, purpose)
    }

    fn below(base: &Path, purpose: &str) -> Result<Scratch, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        if number == 0 {
            remove_leftovers(base);
        }
        let start = format!("{PREFIX}{}-{number}-{purpose}-", std::process::id());
        let width = LENGTH.saturating_sub(base.as_os_str().len() + 1);
        let path = base.join(format!("{start:-<width$}"));
        fs::create_dir_all(&path).map_err(|error| format!("cannot create {}: {error}", path.display()))?;
        Ok(Scratch(Temporary(path)))
    }

    /// Copies a file, and says where to.
    pub(crate) fn copy(&self, from: &Path) -> Result<PathBuf, String> {
        let to = self.path().join(from.file_name().unwrap_or_default());
        fs::copy(from, &to).map_err(|error| format!("cannot copy {} to {}: {error}", from.display(), to.display()))?;
        Ok(to)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.0.0
    }
}

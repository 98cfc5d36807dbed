//! A pack in an archive, which nobody may trust: read into memory, never unpacked to the disk. Names that lead elsewhere,
//! links, devices, names twice, and more than a pack needs are errors.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::GzDecoder;
use langloom_core::emit::pack::{Files, TakenPaths, check_path};
use tar::EntryType;

use super::folder::below;
use super::{LARGEST_FILE, LARGEST_PACK, MANIFEST, MOST_FILES};
use crate::disk;

/// The files of an archive, by path.
struct ArchiveFiles {
    files: BTreeMap<String, Entry>,
    paths: Vec<String>,
}

struct Entry {
    bytes: Vec<u8>,
    is_executable: bool,
}

/// What files begin with that are compressed with gzip.
const GZIP: &[u8] = &[0x1F, 0x8B];

/// The files of the pack in the archive at `path`. The error ends the sentence "cannot use the pack: …".
pub(super) fn files(path: &Path) -> Result<impl Files + use<>, String> {
    let bytes = disk::read_bytes(path, LARGEST_PACK).map_err(|error| error.to_string())?.ok_or("there is no such file")?;
    let mut unpacked = Unpacked::default();
    // What it is, says its content.
    if bytes.starts_with(b"PK") {
        unzip(&bytes, &mut unpacked)?;
    } else if !bytes.starts_with(GZIP) && path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip")) {
        return Err("it is no zip archive".to_owned());
    } else {
        untar(&bytes, &mut unpacked)?;
    }
    let files = unpacked.into_pack()?;
    let paths = files.keys().cloned().collect();
    Ok(ArchiveFiles { files, paths })
}

impl Files for ArchiveFiles {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(self.files.get(path).map(|entry| entry.bytes.clone()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        below(&self.paths, folder)
    }

    fn is_executable(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|entry| entry.is_executable)
    }
}

#[derive(Default)]
struct Unpacked {
    files: BTreeMap<String, Entry>,
    taken: TakenPaths,
    bytes: u64,
}

impl Unpacked {
    /// Adds a file with these permissions, as Unix writes them.
    fn add(&mut self, path: &str, mode: u32, content: impl Read) -> Result<(), String> {
        check_path(path).map_err(|reason| format!("it has a file {path:?}, and {reason}"))?;
        self.taken.take(path).map_err(|other| format!("its files {other:?} and {path:?} have the same place"))?;
        if self.files.len() == MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }
        // Sizes that an archive claims are not to be trusted: what comes out is counted.
        let mut bytes = Vec::new();
        content.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(|error| format!("{path:?} is damaged: {error}"))?;
        self.bytes += bytes.len() as u64;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(format!("its file {path:?} is larger than {} MB", LARGEST_FILE >> 20));
        }
        if self.bytes > LARGEST_PACK {
            return Err(format!("all of it is larger than {} MB", LARGEST_PACK >> 20));
        }
        self.files.insert(path.to_owned(), Entry { bytes, is_executable: mode & 0o100 != 0 });
        Ok(())
    }

    /// The files, without the folder around all of them that archives often have.
    fn into_pack(self) -> Result<BTreeMap<String, Entry>, String> {
        if self.files.contains_key(MANIFEST) {
            return Ok(self.files);
        }
        let root = self.files.keys().next().and_then(|path| path.split_once('/')).map(|(root, _)| format!("{root}/"));
        let root = root.filter(|root| self.files.keys().all(|path| path.starts_with(root)));
        let Some(root) = root.filter(|root| self.files.contains_key(&format!("{root}{MANIFEST}"))) else {
            return Err(format!("there is no {MANIFEST} in it, neither at the top nor in the one folder there"));
        };
        Ok(self.files.into_iter().map(|(path, entry)| (path[root.len()..].to_owned(), entry)).collect())
    }
}

fn untar(bytes: &[u8], unpacked: &mut Unpacked) -> Result<(), String> {
    let damaged = |error: std::io::Error| format!("it is no tar.gz archive: {error}");
    let mut archive = tar::Archive::new(GzDecoder::new(bytes).take(2 * LARGEST_PACK));
    for (count, entry) in archive.entries().map_err(damaged)?.enumerate() {
        let entry = entry.map_err(damaged)?;
        if count > 2 * MOST_FILES {
            return Err(format!("it has more than {MOST_FILES} files"));
        }
        let path = String::from_utf8(entry.path_bytes().into_owned()).map_err(|_| "it has a name that is not UTF-8")?;
        match entry.header().entry_type() {
            EntryType::Regular | EntryType::Continuous => {
                let mode = entry.header().mode().unwrap_or(0);
                unpacked.add(path.strip_prefix("./").unwrap_or(&path), mode, entry)?;
            }
            EntryType::Directory | EntryType::XGlobalHeader | EntryType::XHeader => {}
            EntryType::Symlink | EntryType::Link => return Err(format!("{path:?} is a link, which a pack must not have")),
            _ => return Err(format!("{path:?} is neither a file nor a folder")),
        }
    }
    Ok(())
}

fn unzip(bytes: &[u8], unpacked: &mut Unpacked) -> Result<(), String> {
    let damaged = |error: zip::result::ZipError| format!("it is no zip archive that can be read: {error}");
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > 2 * MOST_FILES {
        return Err(format!("it has more than {MOST_FILES} files"));
    }
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let path = std::str::from_utf8(entry.name_raw()).map_err(|_| "it has a name that is not UTF-8")?.to_owned();
        if entry.is_symlink() {
            return Err(format!("{path:?} is a link, which a pack must not have"));
        }
        if !path.ends_with('/') {
            unpacked.add(&path, entry.unix_mode().unwrap_or(0), entry)?;
        }
    }
    Ok(())
}

//! Folders of generated projects that programs run on.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::disk;
use crate::grammars::{Outputs, Shape};
use crate::measure::child::{self, Usage};
use crate::record::Grammars;

/// A folder with one or many projects of a shape.
#[derive(Debug)]
pub(crate) struct Site {
    root: PathBuf,
    /// The folders of the projects below it.
    projects: Vec<PathBuf>,
    edits: usize,
}

/// What a rule gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// A keyword: types stay as they are.
    Keyword,
    /// A property, so that a type changes.
    Property,
}

/// What runs leave in the folder of a project: outputs, and what Langloom remembers.
const TRACES: &[&str] = &["generated", "more", ".langloom"];

impl Site {
    /// Writes grammars to `root`, in another process, since this one has to stay small ([`child::run`]).
    pub(crate) fn new(root: PathBuf, shape: &Shape, lines: usize, outputs: Outputs) -> Result<Site, String> {
        let mut command = Command::new(this_program()?);
        command.args(["grammars", "--shape", shape.name, "--lines", &lines.to_string()]);
        command.args(["--outputs", outputs.name(), "--out"]).arg(&root);
        child::run(command.stdout(Stdio::null()))?;
        let mut projects = vec![PathBuf::new()];
        if !root.join(CONFIG).exists() {
            projects = disk::folders(&root)?.iter().filter_map(|path| path.file_name().map(PathBuf::from)).collect();
        }
        for project in &projects {
            // Without it, Langloom looks for an installed langium-cli in every folder above: their number would count.
            disk::write(&root.join(project).join("langloom.toml"), "compat = \"4.4.0\"\n")?;
        }
        Ok(Site { root, projects, edits: 0 })
    }

    /// Removes what runs left.
    pub(crate) fn clear(&self) -> Result<(), String> {
        let traces = self.folders().flat_map(|project| TRACES.iter().map(move |trace| project.join(trace)));
        traces.filter(|path| path.exists()).try_for_each(|path| disk::remove_folder(&path))
    }

    /// Edits a rule in the middle of the first project's grammar, as an editor does: a new file takes the old one's place.
    pub(crate) fn edit(&mut self, edit: Edit) -> Result<(), String> {
        self.edits += 1;
        let number = self.edits;
        let added = match edit {
            Edit::Keyword => format!(" 'edited{number}'"),
            Edit::Property => format!(" 'edited{number}' edited{number}=ID"),
        };
        let grammar = largest(&self.root.join(&self.projects[0]))?;
        insert(&grammar, &added).map_err(|error| format!("cannot edit {}: {error}", grammar.display()))
    }

    /// The folders of the projects.
    pub(crate) fn folders(&self) -> impl Iterator<Item = PathBuf> {
        self.projects.iter().map(|project| self.root.join(project))
    }

    /// The folder that they are in.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Runs what `command` makes of each project's configuration, one after the other. Returns what they used together.
    pub(crate) fn run(&self, mut command: impl FnMut(&Path) -> Command) -> Result<Usage, String> {
        let mut sum = Usage::default();
        for folder in self.folders() {
            sum += run(command(&folder.join(CONFIG)))?;
        }
        Ok(sum)
    }

    /// Runs what `command` makes of all configurations.
    pub(crate) fn run_once(&self, command: impl FnOnce(&[PathBuf]) -> Command) -> Result<Usage, String> {
        let configs: Vec<PathBuf> = self.folders().map(|folder| folder.join(CONFIG)).collect();
        run(command(&configs))
    }

    /// What stands here, for a report.
    pub(crate) fn grammars(&self, shape: &Shape, lines: usize) -> Result<Grammars, String> {
        let bytes = self.folders().map(|folder| Ok(grammar_files(&folder)?.iter().map(|path| length(path)).sum::<u64>()));
        let bytes = bytes.sum::<Result<u64, String>>()?;
        Ok(Grammars { shape: shape.name.to_owned(), lines, projects: self.projects.len(), bytes })
    }

    /// The paths of all outputs.
    pub(crate) fn outputs(&self) -> Result<Vec<PathBuf>, String> {
        let mut outputs = Vec::new();
        for folder in self.folders().flat_map(|project| Outputs::FOLDERS.iter().map(move |folder| project.join(folder))) {
            outputs.extend(disk::files(&folder)?);
        }
        Ok(outputs)
    }

    /// The bytes of all outputs.
    pub(crate) fn output_bytes(&self) -> Result<u64, String> {
        Ok(self.outputs()?.iter().map(|path| length(path)).sum())
    }

    /// A hash of the contents of all outputs and of their paths below the root.
    pub(crate) fn output_hash(&self) -> Result<u128, String> {
        let mut bytes = Vec::new();
        for path in self.outputs()? {
            let below = path.strip_prefix(&self.root).unwrap_or(&path);
            let hash = langloom_disk::hash_file(&path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            bytes.extend_from_slice(below.as_os_str().as_encoded_bytes());
            bytes.extend_from_slice(&hash.to_le_bytes());
        }
        Ok(langloom_disk::hash(&bytes))
    }
}

fn run(mut command: Command) -> Result<Usage, String> {
    command.stdin(Stdio::null()).env("LC_ALL", "en_US.UTF-8");
    child::run(&mut command).map_err(|error| format!("{error}: {}", command.get_program().display()))
}

/// The name of a configuration.
const CONFIG: &str = "langium-config.json";

/// Where this program is.
pub(crate) fn this_program() -> Result<PathBuf, String> {
    std::env::current_exe().map_err(|error| format!("cannot find this program: {error}"))
}

fn grammar_files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut files = disk::files(folder)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "langium"));
    Ok(files)
}

fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |data| data.len())
}

fn largest(folder: &Path) -> Result<PathBuf, String> {
    let grammars = grammar_files(folder)?;
    let largest = grammars.into_iter().max_by_key(|path| length(path));
    largest.ok_or_else(|| format!("there is no grammar in {}", folder.display()))
}

/// Bytes in which a place for an edit is looked for. There is one every few lines, and this process has to stay small.
const LOOKED_THROUGH: u64 = 64 * 1024;

/// What an edit comes after: the end of an assignment, where one more keyword or property is fine in every kind of rule.
const PLACE: &[u8] = b"=ID";

/// Inserts `added` after the first [`PLACE`] in the second half of a grammar, or else of all of it.
fn insert(grammar: &Path, added: &str) -> io::Result<()> {
    let mut old = File::open(grammar)?;
    let middle = old.metadata()?.len() / 2;
    let place = match find(&mut old, middle)? {
        Some(place) => place,
        None => find(&mut old, 0)?.ok_or_else(|| io::Error::other("there is nothing to edit"))?,
    };
    let path = grammar.with_extension("edited");
    let mut new = File::create(&path)?;
    old.seek(SeekFrom::Start(0))?;
    io::copy(&mut Read::by_ref(&mut old).take(place), &mut new)?;
    new.write_all(added.as_bytes())?;
    io::copy(&mut old, &mut new)?;
    fs::rename(path, grammar)
}

/// Where the first [`PLACE`] from `start` on ends; looks no further than [`LOOKED_THROUGH`] bytes.
fn find(file: &mut File, start: u64) -> io::Result<Option<u64>> {
    file.seek(SeekFrom::Start(start))?;
    let mut piece = Vec::new();
    file.take(LOOKED_THROUGH).read_to_end(&mut piece)?;
    let is_end = |byte: u8| !byte.is_ascii_alphanumeric() && byte != b'_';
    let found = piece.windows(PLACE.len() + 1).position(|window| window.starts_with(PLACE) && is_end(window[PLACE.len()]));
    Ok(found.map(|at| start + (at + PLACE.len()) as u64))
}

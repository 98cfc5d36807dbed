//! A scratch folder and a way to run `langloom` in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder of its own, deleted in the end.
pub(crate) struct Scratch(PathBuf);

impl Scratch {
    pub(crate) fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("langloom-test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Scratch(fs::canonicalize(path).unwrap())
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.join(path)
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// The paths of all files but those in which Langloom remembers runs, sorted; folders end with `/` if they are empty.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut files = self.all_files();
        files.retain(|file| !file.starts_with(".langloom/"));
        files
    }

    /// The paths of all files, sorted; folders end with `/` if they are empty.
    pub(crate) fn all_files(&self) -> Vec<String> {
        let mut files = Vec::new();
        collect(&self.0, "", &mut files);
        files.sort();
        files
    }

    /// Runs `langloom` in this folder.
    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Run {
        let mut command = self.command(env!("CARGO_BIN_EXE_langloom"));
        command.args(args);
        self.finish(command)
    }

    /// Runs a line of bash in this folder, in which `$LANGLOOM` is the binary.
    pub(crate) fn bash(&self, script: &str) -> Run {
        let mut command = self.command("bash");
        command.args(["-c", script]).env("LANGLOOM", env!("CARGO_BIN_EXE_langloom"));
        self.finish(command)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.0).stdin(Stdio::null()).env_remove("CLICOLOR_FORCE");
        command
    }

    fn finish(&self, mut command: Command) -> Run {
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).unwrap().replace(self.0.to_str().unwrap(), "$DIR");
            mask_times(&text)
        };
        Run { exit: status.code().unwrap_or(-1), stdout: text(stdout), stderr: text(stderr) }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What a run of the binary came to. The scratch folder is called `$DIR` in the texts, and times are masked.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Checks that the run succeeded.
    #[track_caller]
    pub(crate) fn succeeded(self) -> Run {
        assert_eq!((self.exit, &*self.stderr), (0, ""), "{}", self.stdout);
        self
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if !entry.file_type().unwrap().is_dir() {
            files.push(name);
            continue;
        }
        let count = files.len();
        collect(&entry.path(), &format!("{name}/"), files);
        if files.len() == count {
            files.push(format!("{name}/"));
        }
    }
}

/// ` in 3.2 ms` becomes ` in N ms`.
fn mask_times(text: &str) -> String {
    let Some((before, after)) = text.split_once(" ms") else { return text.to_owned() };
    let number = before.trim_end_matches(|char: char| char.is_ascii_digit() || char == '.');
    format!("{number}N ms{after}")
}

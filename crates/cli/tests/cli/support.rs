//! A scratch folder and a way to run `langloom` in it.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

pub(crate) const GRAMMAR: &str =
    "grammar A\nentry Model: 'model' name=ID;\nhidden terminal WS: /\\s+/;\nterminal ID: /[a-z]+/;\n";

/// The outputs of [`project`].
pub(crate) const OUTPUTS: [&str; 3] = ["gen/ast.ts", "gen/grammar.ts", "gen/module.ts"];

/// A project with one language, [`GRAMMAR`].
pub(crate) fn project() -> Scratch {
    project_to("gen")
}

/// A project with one language whose outputs go to `out`.
pub(crate) fn project_to(out: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("langium-config.json", config(out, "a.langium"));
    scratch.write("a.langium", GRAMMAR);
    scratch
}

/// A configuration with one language.
pub(crate) fn config(out: &str, grammar: &str) -> String {
    format!(
        r#"{{ "projectName": "A", "out": "{out}",
              "languages": [{{ "id": "a", "grammar": "{grammar}", "fileExtensions": [".a"] }}] }}"#
    )
}

/// The binary under test: that of this build, unless the environment names another one.
pub(crate) fn binary() -> String {
    std::env::var("LANGLOOM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_langloom").to_owned())
}

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
        let mut command = self.command(&binary());
        command.args(args);
        self.finish(command)
    }

    /// Runs a line of bash in this folder, in which `$LANGLOOM` is the binary.
    pub(crate) fn bash(&self, script: &str) -> Run {
        let mut command = self.command("bash");
        command.args(["-c", script]).env("LANGLOOM", binary());
        self.finish(command)
    }

    /// A command with this folder as its current one.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        // On a busy machine anything may take over a second.
        command.env("LANGLOOM_PROGRESS", "never");
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

    /// Checks the exit code.
    #[track_caller]
    pub(crate) fn exit_is(self, exit: i32) -> Run {
        assert_eq!(self.exit, exit, "{self:?}");
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

/// How much of something a test does: `normal`, unless the environment variable `name` says otherwise.
pub(crate) fn amount(name: &str, normal: usize) -> usize {
    std::env::var(name).map_or(normal, |number| number.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Numbers that look random and are the same each time (xorshift).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

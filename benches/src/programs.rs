//! Where the programs are that are measured, and what they can do.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Langloom's program.
#[derive(Clone, Debug)]
pub(crate) struct Langloom {
    path: PathBuf,
    /// What `generate --help` prints.
    help: String,
}

impl Langloom {
    /// As given, else what the variable `LANGLOOM` names, else the one beside this program.
    pub(crate) fn find(given: Option<&Path>) -> Result<Langloom, String> {
        let variable = std::env::var_os("LANGLOOM").map(PathBuf::from);
        let beside = || std::env::current_exe().ok().map(|program| program.with_file_name("langloom"));
        let path = given.map(Path::to_owned).or(variable).or_else(beside);
        let path = path.ok_or("name Langloom's program with --langloom")?;
        if !path.exists() {
            let path = path.display();
            return Err(format!("there is no Langloom at {path}: build it (cargo build --release) or name it with --langloom"));
        }
        let help = Command::new(&path).args(["generate", "--help"]).output();
        let help = help.map_err(|error| format!("cannot run {}: {error}", path.display()))?;
        Ok(Langloom { path, help: String::from_utf8_lossy(&help.stdout).into_owned() })
    }

    /// Whether `generate` knows all options among `arguments`.
    pub(crate) fn knows(&self, arguments: &[&str]) -> bool {
        let options = arguments.iter().filter(|argument| argument.starts_with("--"));
        options
            .map(|option| option.split('=').next().unwrap_or(option))
            .all(|option| self.help.split(|char: char| !char.is_ascii_alphanumeric() && char != '-').any(|word| word == option))
    }

    /// `langloom generate -f config`, with `arguments`.
    pub(crate) fn generate(&self, config: &Path, arguments: &[&str]) -> Command {
        self.generate_all(&[config.to_owned()], arguments)
    }

    /// The same with several configurations.
    pub(crate) fn generate_all(&self, configs: &[PathBuf], arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.path);
        command.arg("generate");
        command.args(configs.iter().flat_map(|config| [OsStr::new("-f"), config.as_os_str()])).args(arguments);
        command
    }

    /// The same program elsewhere.
    pub(crate) fn at(&self, path: PathBuf) -> Langloom {
        Langloom { path, help: self.help.clone() }
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// The command line of langium-cli, without arguments, if it is installed for the conformance tests.
pub(crate) fn reference() -> Option<[PathBuf; 2]> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/node_modules");
    let command = [modules.join(".bin/node"), modules.join("langium-cli/bin/langium.js")];
    if command.iter().all(|path| path.exists()) { Some(command) } else { None }
}

/// An interpreter and the folder of handlebars.js, if it is installed for the conformance tests.
pub(crate) fn handlebars() -> Option<(PathBuf, PathBuf)> {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/node_modules");
    let (node, library) = (modules.join(".bin/node"), modules.join("handlebars"));
    (node.exists() && library.exists()).then_some((node, library))
}

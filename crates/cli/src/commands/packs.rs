//! `langloom packs`

mod check;
mod test;

use std::path::{Path, PathBuf};

use clap::Subcommand;
use langloom_core::emit::pack::{Pack, check_path};

use crate::disk::{self, Batch};
use crate::packs::{self, Asking, built_in, scaffold};
use crate::report::{BOLD, Failure, Terminal};
use crate::{config, paths, settings};

/// Look at template packs, make them and test them
///
/// A pack is a folder with a pack.toml, Handlebars templates and static files. langloom.toml says which
/// packs a project uses; langloom generate renders them. docs/packs.md tells the whole story.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

const EXAMPLES: &str = "\
Examples:
  langloom packs new ./packs/java
      makes a pack that works, to start from

  langloom packs eject docs ./packs/docs
      copies a built-in pack, to change it

  langloom packs test ./packs/java
      renders its example and compares

In langloom.toml, beside langium-config.json:
  [packs.java]
  from = \"./packs/java\"
  out = \"src/main/java\"
  options.package = \"com.example\"";

#[derive(Debug, Subcommand)]
enum Action {
    /// List the packs that are built in, and those of the project in the current folder
    List,

    /// Tell about a pack: its options and what it writes
    Show {
        /// A built-in pack, a folder, an archive, npm:PACKAGE, or what langloom.toml calls one
        pack: String,
    },

    /// Make a pack that works, with an example
    New {
        /// The folder to make; its name becomes that of the pack
        folder: PathBuf,
    },

    /// Copy a built-in pack into a folder, to change it
    Eject {
        /// A built-in pack
        pack: String,
        /// The folder to make; ./PACK unless given
        folder: Option<PathBuf>,
    },

    /// Look for mistakes in a pack: what does not compile, paths that lead nowhere, files that nothing uses
    Check {
        /// A built-in pack, a folder, an archive, npm:PACKAGE, or what langloom.toml calls one
        pack: String,
    },

    /// Render the example of a pack and compare with what its folder `example/expected` holds
    Test {
        /// A folder, a built-in pack, npm:PACKAGE, or what langloom.toml calls one
        pack: String,
        /// Write what was rendered into `example/expected`
        #[arg(long)]
        update: bool,
    },

    /// Print the JSON Schema of langloom.toml, for editors
    Schema,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    match &args.action {
        Action::List => list(terminal),
        Action::Show { pack } => show(&load(&meant(pack)?)?, terminal),
        Action::New { folder } => new(folder, terminal),
        Action::Eject { pack, folder } => eject(pack, folder.as_deref(), terminal),
        Action::Check { pack } => check::run(pack, terminal),
        Action::Test { pack, update } => test::run(pack, *update, terminal),
        Action::Schema => {
            terminal.raw(crate::schema::settings_schema().as_bytes());
            Ok(())
        }
    }
}

/// What a command line means by `name`, as a configuration in the current folder would call it: a pack in a folder of this
/// name, what `[packs.NAME]` there leads to, or else what the configuration would take it for.
fn meant(name: &str) -> Result<String, Failure> {
    let current = disk::current_folder()?;
    let is_name = !name.contains(['/', '\\']);
    if is_name && disk::exists(&paths::resolve(&current, name).join(packs::MANIFEST)) {
        return Ok(format!("./{name}"));
    }
    // Settings that are wrong are the business of others, unless only they could say what is meant.
    let needs_no_settings = built_in::names().any(|built_in| built_in == name) || name.contains(['/', '\\', '.', ':']);
    let settings = match settings::load(&current, Path::new("")) {
        Err(failure) if !needs_no_settings => return Err(failure),
        settings => settings.unwrap_or_default(),
    };
    let configured = settings.packs.into_iter().find(|pack| pack.name == name);
    Ok(configured.and_then(|pack| pack.from).map_or_else(|| name.to_owned(), |(from, _)| from))
}

/// The pack that `name` stands for, seen from the current folder.
fn load(name: &str) -> Result<Pack, Failure> {
    packs::load(name, &disk::current_folder()?, Asking { document: None, span: None })
}

fn list(terminal: &mut Terminal) -> Result<(), Failure> {
    terminal.answer(format_args!("Built in:"));
    for name in built_in::names() {
        let pack = load(name)?;
        terminal.answer(format_args!("  {BOLD}{name}{BOLD:#} {}  {}", pack.manifest().version, pack.manifest().description));
    }
    let found = config::find(None)?;
    if !disk::exists(&found.absolute) {
        return Ok(());
    }
    let project = config::load(&found, None)?;
    let configured = packs::configured(&project)?;
    if !configured.is_empty() {
        terminal.answer(format_args!("In this project:"));
    }
    for packs::Configured { name, pack, out, .. } in &configured {
        let manifest = pack.manifest();
        let from = &pack.layers()[0].shown;
        terminal.answer(format_args!("  {BOLD}{name}{BOLD:#} {} ({from}), to {}", manifest.version, out.display()));
    }
    Ok(())
}

fn show(pack: &Pack, terminal: &mut Terminal) -> Result<(), Failure> {
    let manifest = pack.manifest();
    terminal.answer(format_args!("{BOLD}{}{BOLD:#} {}", manifest.name, manifest.version));
    terminal.answer(format_args!("{}", manifest.description));
    for layer in &pack.layers()[1..] {
        terminal.answer(format_args!("Extends {} {}", layer.manifest.name, layer.manifest.version));
    }
    if !pack.options().is_empty() {
        terminal.answer(format_args!("\nOptions:"));
    }
    for option in pack.options() {
        let what = option.ty.wanted();
        terminal.answer(format_args!("  {BOLD}{}{BOLD:#}: {what}; {} unless given", option.name, option.default));
        terminal.answer(format_args!("      {}", option.description));
    }
    terminal.answer(format_args!("\nWrites:"));
    for (_, output) in pack.outputs() {
        let each = match output.for_each {
            langloom_core::emit::pack::ForEach::Project => String::new(),
            each => format!(", for each {}", each.word()),
        };
        let when = output.when.as_ref().map(|when| format!(", when {}", when.text)).unwrap_or_default();
        let write = output.write.word();
        terminal.answer(format_args!("  {BOLD}{}{BOLD:#}: {}{each}{when} ({write})", output.name, output.path.text));
    }
    for (_, copied) in pack.statics() {
        terminal.answer(format_args!("  {BOLD}{}{BOLD:#}: {} ({}, copied)", copied.name, copied.to.text, copied.write.word()));
    }
    Ok(())
}

fn new(folder: &Path, terminal: &mut Terminal) -> Result<(), Failure> {
    let folder = paths::resolve(&disk::current_folder()?, folder);
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let is_part = |char: char| if char.is_ascii_alphanumeric() { char.to_ascii_lowercase() } else { '-' };
    let mut name: String = name.chars().map(is_part).collect();
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        name.insert_str(0, "pack-");
    }
    let files = scaffold::FILES.iter().map(|(path, text)| (*path, text.replacen("NAME", &name, 1).into_bytes()));
    make(&folder, files, terminal)?;
    terminal.line(format_args!("Try it: langloom packs test {} --update", folder.display()));
    Ok(())
}

fn eject(name: &str, folder: Option<&Path>, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(name) = built_in::names().find(|built_in| *built_in == name) else {
        // Says what there is.
        load(name)?;
        let hint = Some("it is a folder already: copy it".to_owned());
        return Err(Asking { document: None, span: None }.failure(format!("{name:?} is not built in"), hint));
    };
    let folder = paths::resolve(&disk::current_folder()?, folder.unwrap_or(Path::new(name)));
    make(&folder, built_in::all_files(name).map(|(path, content)| (path, content.to_vec())), terminal)?;
    let current = disk::current_folder()?;
    let from = match folder.strip_prefix(&current) {
        Ok(below) => format!("./{}", below.display()),
        Err(_) => folder.display().to_string(),
    };
    terminal.line(format_args!("Use it in langloom.toml: [packs.{name}] with from = {from:?}"));
    Ok(())
}

/// Makes `folder`, which must not be there, with files in it.
fn make<'f>(folder: &Path, files: impl Iterator<Item = (&'f str, Vec<u8>)>, terminal: &mut Terminal) -> Result<(), Failure> {
    if disk::is_taken(folder) {
        let hint = Some("choose another folder, or move that one away".to_owned());
        return Err(Failure::world(format!("there is something at {}", folder.display()), hint));
    }
    let batch = Batch::default();
    let mut count = 0;
    for (path, content) in files {
        debug_assert!(check_path(path).is_ok());
        batch.stage(&folder.join(path), &content)?;
        count += 1;
    }
    batch.commit()?;
    terminal.line(format_args!("Made {} with {count} files", folder.display()));
    Ok(())
}

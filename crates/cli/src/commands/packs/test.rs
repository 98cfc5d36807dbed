//! `langloom packs test`: the example of a pack against what it is expected to give.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::config::{self, Project};
use crate::disk::{self, Batch, TreeLimits};
use crate::engine::{self, Options};
use crate::load::Kept;
use crate::packs::{self, Plans};
use crate::paths;
use crate::report::{Exit, Failure, Finding, Terminal};
use crate::settings::PackUse;

/// Where a pack has its example.
const EXAMPLE: &str = "example";
/// Where the example has what comes of it.
const EXPECTED: &str = "expected";

/// Lines that are shown of a file that differs.
const SHOWN_LINES: usize = 3;

pub(super) fn run(pack: &str, update: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let current = disk::current_folder()?;
    let folder = paths::resolve(&current, pack);
    let folder = if disk::exists(&folder) { folder } else { folder_of(pack, &current)? };
    let rendered = render_example(&folder, terminal)?;
    let expected = folder.join(EXAMPLE).join(EXPECTED);
    let files = disk::list_tree(&expected, TreeLimits { files: 10_000, depth: 20 });
    let files = files.map_err(|error| disk::cannot_read(&expected, &error))?;
    if update {
        return write(&expected, &rendered, &files, terminal);
    }
    let mut findings = Vec::new();
    let mut tell = |path: &str, what: String| {
        let hint = "look at it, and if it is right, run it again with --update".to_owned();
        findings.push(Finding::error(Some("pack-test"), None, format!("{EXAMPLE}/{EXPECTED}/{path} {what}"), Some(hint)));
    };
    for (path, content) in &rendered {
        match disk::read_unnoted(&expected.join(path)).map_err(|error| disk::cannot_read(&expected.join(path), &error))? {
            None => tell(path, "is missing".to_owned()),
            Some(found) if found != *content => tell(path, format!("is not what is rendered{}", difference(&found, content))),
            Some(_) => {}
        }
    }
    for path in files.iter().filter(|path| !rendered.contains_key(*path)) {
        tell(path, "is not rendered".to_owned());
    }
    if !findings.is_empty() {
        return Err(Failure { exit: Exit::Failed, document: None, findings });
    }
    terminal.line(format_args!("All {} files are as expected", rendered.len()));
    Ok(())
}

/// The folder of a pack that is none itself: of a package.
fn folder_of(pack: &str, current: &Path) -> Result<PathBuf, Failure> {
    packs::folder_of(pack, current)?.ok_or_else(|| {
        let hint = format!("langloom packs eject {pack} makes a folder of a built-in pack; unpack an archive");
        Failure::world(format!("{pack} is no folder"), Some(hint))
    })
}

/// What the pack in `folder` makes of its example: with the options of `example/langloom.toml`, if there is one.
pub(super) fn render_example(folder: &Path, terminal: &mut Terminal) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
    let configuration = folder.join(EXAMPLE).join("langium-config.json");
    if !disk::exists(&configuration) {
        let hint = "put a configuration and a grammar there; langloom packs new makes a pack with an example".to_owned();
        return Err(Failure::world(format!("the pack has no example: there is no {}", configuration.display()), Some(hint)));
    }
    let mut project = config::load(&config::find(Some(&configuration))?, None)?;
    only_pack(&mut project, folder);
    let packs = packs::configured(&project)?;
    let options = Options::default();
    let analysed = engine::analyse(&project, &options, &mut Kept::default(), terminal)?;
    let view = analysed.view(&project);
    Plans::new(&packs, Some(&view))?.render(options.jobs)
}

/// Leaves of the packs of `project` the one in `folder`; if it is not among them, with its defaults.
fn only_pack(project: &mut Project, folder: &Path) {
    let is_it = |pack: &PackUse| pack.from.as_ref().is_some_and(|(from, _)| paths::resolve(&project.folder, from) == folder);
    let found = project.settings.packs.iter().position(is_it).map(|at| project.settings.packs.swap_remove(at));
    let span = langloom_core::text::Span::new(0, 0);
    let from = Some((folder.display().to_string(), span));
    let default = PackUse { name: "example".to_owned(), name_span: span, from, out: None, options: Vec::new() };
    project.settings.packs = vec![found.unwrap_or(default)];
}

/// Makes `expected` what was rendered. `files` are in it now.
fn write(
    expected: &Path,
    rendered: &BTreeMap<String, Vec<u8>>,
    files: &[String],
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let batch = Batch::default();
    for (path, content) in rendered {
        batch.stage(&expected.join(path), content)?;
    }
    batch.commit()?;
    let gone: Vec<PathBuf> = files.iter().filter(|path| !rendered.contains_key(*path)).map(|path| expected.join(path)).collect();
    for path in &gone {
        disk::remove(path)?;
    }
    terminal.line(format_args!("Wrote {} files to {}, deleted {}", rendered.len(), expected.display(), gone.len()));
    Ok(())
}

/// The first lines that differ.
fn difference(expected: &[u8], rendered: &[u8]) -> String {
    let (Ok(expected), Ok(rendered)) = (std::str::from_utf8(expected), std::str::from_utf8(rendered)) else {
        return String::new();
    };
    let same = expected.split('\n').zip(rendered.split('\n')).take_while(|(a, b)| a == b).count();
    let lines = |text: &str, sign: &str| {
        let lines = text.split('\n').skip(same).take(SHOWN_LINES);
        lines.map(|line| format!("\n    {sign} {line}")).collect::<String>()
    };
    format!(", from line {} on:{}{}", same + 1, lines(expected, "-"), lines(rendered, "+"))
}

//! `langloom packs test`: the example of a pack against what it is expected to give.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use langloom_core::emit::pack::{CompiledTemplates, ProjectView};

use crate::config::{self, Given, Project};
use crate::disk::{self, Batch, MayRun, TreeLimits};
use crate::engine::{self, Options};
use crate::kept::Kept;
use crate::kinds::FindingKind;
use crate::packs::{self, Configured, Content, Plans, Source, built_in};
use crate::paths;
use crate::report::{Document, Exit, Failure, Finding, Terminal};
use crate::settings::{self, PackUse, Settings};

/// Files by path.
type Contents = BTreeMap<String, Content>;

/// Where a pack has its example.
pub(super) const EXAMPLE: &str = "example";
/// The configuration of the example.
const CONFIGURATION: &str = "langium-config.json";
/// Where the example has what comes of it.
const EXPECTED: &str = "expected";

/// Lines that are shown of a file that differs.
const SHOWN_LINES: usize = 3;

pub(super) fn run(pack: &str, update: bool, terminal: &mut Terminal) -> Result<(), Failure> {
    let source = packs::find(&super::meant(pack)?, &disk::current_folder()?)?;
    let rendered = match (&source, update) {
        (Source::Archive(_), _) => {
            return Err(Failure::world(format!("{pack} is an archive"), Some("unpack it, and test the folder".to_owned())));
        }
        (Source::BuiltIn(_), true) => {
            let hint = format!("langloom packs eject {pack} makes a folder of it");
            return Err(Failure::world(format!("{pack} is built in and cannot be changed"), Some(hint)));
        }
        (Source::Folder(_) | Source::BuiltIn(_), _) => render_example(&source, terminal)?,
    };
    let Some(rendered) = rendered else {
        let hint = "put a configuration and a grammar there; langloom packs new makes a pack with an example".to_owned();
        let message = format!("the pack has no example: there is no {EXAMPLE}/{CONFIGURATION} in {pack}");
        return Err(Failure::world(message, Some(hint)));
    };
    let expected = expected(&source)?;
    match (source, update) {
        (Source::Folder(folder), true) => write(&folder.join(EXAMPLE).join(EXPECTED), &rendered, &expected, terminal),
        (_, _) => compare(&rendered, &expected, terminal),
    }
}

fn compare(rendered: &Contents, expected: &Contents, terminal: &mut Terminal) -> Result<(), Failure> {
    let mut findings = Vec::new();
    let mut tell = |path: &str, what: String| {
        let hint = "look at it, and if it is right, run it again with --update".to_owned();
        let message = format!("{EXAMPLE}/{EXPECTED}/{path} {what}");
        findings.push(Finding::error(Some(FindingKind::PackTest), None, message, Some(hint)));
    };
    for (path, content) in rendered {
        match expected.get(path) {
            None => tell(path, "is missing".to_owned()),
            Some(found) if found.bytes != content.bytes => {
                tell(path, format!("is not what is rendered{}", difference(&found.bytes, &content.bytes)));
            }
            Some(found) if content.is_program.is_some() && found.is_program != content.is_program => {
                let is = if found.is_program == Some(true) { "is a program" } else { "is no program" };
                tell(path, format!("{is}, unlike what is copied"));
            }
            Some(_) => {}
        }
    }
    for path in expected.keys().filter(|path| !rendered.contains_key(*path)) {
        tell(path, "is not rendered".to_owned());
    }
    if !findings.is_empty() {
        return Err(Failure { exit: Exit::Failed, document: None, findings });
    }
    terminal.line(format_args!("All {} files are as expected", rendered.len()));
    Ok(())
}

/// What the pack makes of its example: with the options of `example/langloom.toml`, if there is one. None if it has no
/// example; archives are not asked for theirs.
fn render_example(source: &Source, terminal: &mut Terminal) -> Result<Option<Contents>, Failure> {
    with_example(source, terminal, |_, _, plans, options| plans.render(options))
}

/// What `run` makes of the pack, with the project of its example, and its files there. None as [`render_example`] says.
pub(super) fn with_example<T>(
    source: &Source,
    terminal: &mut Terminal,
    run: impl FnOnce(&[Configured], &ProjectView<'_>, &Plans<'_>, &Options) -> Result<T, Failure>,
) -> Result<Option<T>, Failure> {
    let (mut project, folder, from) = match source {
        Source::Folder(folder) => {
            let configuration = folder.join(EXAMPLE).join(CONFIGURATION);
            if !disk::exists(&configuration) {
                return Ok(None);
            }
            let project = config::load(&config::find(Some(&configuration))?, None)?;
            (project, folder.clone(), folder.display().to_string())
        }
        Source::BuiltIn(name) => match project_of_built_in(name)? {
            Some((project, folder)) => (project, folder, (*name).to_owned()),
            None => return Ok(None),
        },
        Source::Archive(_) => return Ok(None),
    };
    only_pack(&mut project, &folder, from);
    let packs = packs::configured(&project)?;
    let options = Options::default();
    let analysed = engine::analyse(&project, &options, &mut Kept::default(), terminal)?;
    let view = analysed.view(&project);
    let plans = Plans::new(&packs, Some(&view), &mut CompiledTemplates::default())?;
    run(&packs, &view, &plans, &options).map(Some)
}

/// The project of the example of a built-in pack, and the folder that the pack would lie in if it lay on a disk.
fn project_of_built_in(name: &str) -> Result<Option<(Project, PathBuf)>, Failure> {
    let folder = Path::new("/built-in").join(name);
    let files: Vec<(&str, String)> = built_in::all_files(name)
        .filter_map(|(path, content)| {
            let path = path.strip_prefix(EXAMPLE)?.strip_prefix('/')?;
            Some((path, String::from_utf8_lossy(content).into_owned()))
        })
        .collect();
    let text = |wanted: &str| files.iter().find(|(path, _)| *path == wanted).map(|(_, text)| text.clone());
    let Some(configuration) = text(CONFIGURATION) else { return Ok(None) };
    let example = folder.join(EXAMPLE);
    let settings = match text(settings::FILE) {
        Some(text) => settings::of_document(Document { path: example.join(settings::FILE).display().to_string(), text })?,
        None => Settings::default(),
    };
    let given = files.into_iter().map(|(path, text)| (example.join(path), Given::Text(text)));
    let project = config::in_memory(example.join(CONFIGURATION), configuration, settings, given.collect())?;
    Ok(Some((project, folder)))
}

/// Leaves of the packs of `project` the one in `folder`, which is loaded from `from`; if it is not among them, with its
/// defaults.
fn only_pack(project: &mut Project, folder: &Path, from: String) {
    let is_it = |pack: &PackUse| pack.from.as_ref().is_some_and(|(from, _)| paths::resolve(&project.folder, from) == folder);
    let found = project.settings.packs.iter().position(is_it).map(|at| project.settings.packs.swap_remove(at));
    let span = langloom_core::text::Span::new(0, 0);
    let default =
        PackUse { name: "example".to_owned(), name_span: span, from: None, out: None, limits: None, options: Vec::new() };
    let from = Some((from, span));
    project.settings.packs = vec![PackUse { from, ..found.unwrap_or(default) }];
}

/// What the folder `example/expected` of a pack holds.
fn expected(source: &Source) -> Result<Contents, Failure> {
    let folder = match source {
        Source::Folder(folder) => folder.join(EXAMPLE).join(EXPECTED),
        Source::BuiltIn(name) => {
            let prefix = format!("{EXAMPLE}/{EXPECTED}/");
            let files = built_in::all_files(name);
            let files = files.filter_map(|(path, content)| Some((path.strip_prefix(&prefix)?.to_owned(), content)));
            let files = files.map(|(path, content)| (path, Content { bytes: content.to_vec(), is_program: None }));
            return Ok(files.collect());
        }
        Source::Archive(_) => return Ok(Contents::new()),
    };
    let files = disk::list_tree(&folder, TreeLimits { files: 10_000, depth: 20 });
    let mut contents = Contents::new();
    for path in files.map_err(|error| disk::cannot_read(&folder, &error))? {
        let absolute = folder.join(&path);
        let content = disk::read_unnoted(&absolute).map_err(|error| disk::cannot_read(&absolute, &error))?;
        let is_program = Some(disk::is_program(&absolute));
        contents.extend(content.map(|bytes| (path, Content { bytes, is_program })));
    }
    Ok(contents)
}

/// Makes `expected` what was rendered. `old` is in it now.
fn write(expected: &Path, rendered: &Contents, old: &Contents, terminal: &mut Terminal) -> Result<(), Failure> {
    let batch = Batch::default();
    for (path, content) in rendered {
        let may_run = content.is_program.map_or(MayRun::AsItIs, |is_program| if is_program { MayRun::Yes } else { MayRun::No });
        batch.stage_runnable(&expected.join(path), &content.bytes, may_run)?;
    }
    batch.commit()?;
    let gone: Vec<PathBuf> = old.keys().filter(|path| !rendered.contains_key(*path)).map(|path| expected.join(path)).collect();
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

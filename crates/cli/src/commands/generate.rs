//! `langloom generate`

use std::path::PathBuf;
use std::time::Instant;

use clap::ValueEnum;
use langloom_core::model::config;

use super::work::Work;
use crate::cache::{Cache, Record, Verdict};
use crate::config::Found;
use crate::disk::{Batch, Fate, Look};
use crate::engine::Generated;
use crate::load::Kept;
use crate::report::{BOLD, Failure, Format, GOOD, Terminal};
use crate::{config as configuration, disk, engine, paths, watch};

/// Generate code from the grammars of a project
///
/// Reads a configuration and the Langium grammars that it names, and writes ast.ts, grammar.ts and
/// module.ts to its `out` folder, byte for byte what `langium generate` of langium-cli 4.4 writes.
///
/// Files appear whole or not at all, and files that would not change are left untouched. Of what is
/// in the way, only files that an earlier run wrote and nobody edited are replaced or, if they are no
/// longer generated, deleted. If anything is wrong, nothing is written.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The configuration: a JSON file, or a package.json with a key `langium`
    ///
    /// Paths inside of it start at its folder. Without this option ./langium-config.json is read,
    /// or else the key `langium` of ./package.json.
    #[arg(short, long, value_name = "FILE", verbatim_doc_comment)]
    file: Option<PathBuf>,

    /// How to write grammar.ts: development is readable, production small
    ///
    /// The default is `mode` in the configuration, else development.
    #[arg(short, long, value_name = "MODE", hide_possible_values = true, verbatim_doc_comment)]
    mode: Option<Mode>,

    /// How to write what is found in the grammars: human, with source lines; plain, as langium-cli does
    #[arg(long, value_name = "FORMAT", default_value = "human", hide_possible_values = true, hide_default_value = true)]
    format: Format,

    /// Go on whenever a grammar, the configuration or a style sheet changes, until interrupted
    #[arg(short, long, conflicts_with_all = ["check", "dry_run", "list_outputs", "clean"])]
    watch: bool,

    /// Overwrite outputs that were edited since they were generated; copies are kept as NAME.orig
    #[arg(long)]
    force: bool,

    /// Say why there was something to do, or why not
    #[arg(long)]
    explain: bool,

    /// Write a Makefile rule: the outputs, and the files that they depend on
    #[arg(long, value_name = "FILE")]
    depfile: Option<PathBuf>,

    #[command(flatten)]
    instead: Instead,

    #[command(flatten)]
    work: Work,
}

/// What to do instead of generating
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Instead of generating")]
#[group(multiple = false)]
struct Instead {
    /// Compare: list outputs that are missing, different, edited or no longer generated; exit 1 if there are any
    #[arg(long)]
    check: bool,

    /// Say what would be written and deleted
    #[arg(long)]
    dry_run: bool,

    /// Print the paths of all outputs
    #[arg(long)]
    list_outputs: bool,

    /// Delete what the last run wrote, but what was edited since
    #[arg(long)]
    clean: bool,
}

const EXAMPLES: &str = "\
Examples:
  langloom generate
      with the configuration in the current folder

  langloom generate -f packages/language/langium-config.json
      with one elsewhere

  langloom generate -m production
      with a grammar.ts as small as it gets

Like another langium-cli:
  The output is like that of the langium-cli 4.x that is installed in node_modules, or else of
  4.4.0. A file langloom.toml beside the configuration decides otherwise:
      compat = \"4.2.1\"

Exit codes:
  0  done
  1  a file could not be read or written, or --check found a difference
  2  the configuration or a grammar is wrong
  3  an output was edited since it was generated; --force overwrites it";

/// `--mode`
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    Development,
    Production,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    terminal.set_format(args.format);
    let found = configuration::find(args.file.as_deref())?;
    let folder = args.work.cache_folder(&found);
    if args.instead.clean {
        return clean(args, &found, folder, terminal);
    }
    let mut kept = Kept::default();
    if args.watch {
        return watch::forever(terminal, |terminal| {
            if !args.work.is_incremental() {
                kept = Kept::default();
            }
            once(args, &found, folder.clone(), &mut kept, terminal)
        });
    }
    once(args, &found, folder, &mut kept, terminal)
}

/// Generates, unless nothing changed since the last time.
fn once(args: &Args, found: &Found, folder: Option<PathBuf>, kept: &mut Kept, terminal: &mut Terminal) -> Result<(), Failure> {
    let start = Instant::now();
    let Instead { check, dry_run, list_outputs, .. } = args.instead;
    let is_trial = check || dry_run || list_outputs;
    if !is_trial {
        terminal.line(format_args!("Reading config from {BOLD}{}{BOLD:#}", found.absolute.display()));
    }
    let mut cache = folder.map(|folder| Cache::open(folder, &found.absolute, &arguments(args)));
    if let Some(cache) = cache.as_mut().filter(|_| !is_trial) {
        match cache.verdict() {
            Verdict::UpToDate => return up_to_date(args, cache, start, terminal),
            Verdict::Stale(reason) if args.explain => terminal.line(format_args!("Generating, since {reason}")),
            Verdict::Stale(_) => {}
        }
    }
    let mode = args.mode.map(|mode| match mode {
        Mode::Development => config::Mode::Development,
        Mode::Production => config::Mode::Production,
    });
    let project = configuration::load(found, mode)?;
    if let Some(warning) = &project.warning {
        terminal.warn(warning.clone());
    }
    let mode = match (is_trial, args.force) {
        (true, _) => engine::Mode::Trial,
        (false, true) => engine::Mode::Force,
        (false, false) => engine::Mode::Write,
    };
    let done = engine::generate(&project, &args.work.options(), mode, cache.as_ref(), kept, terminal)?;
    if is_trial {
        return report_trial(args, &done, terminal);
    }
    if let Some(depfile) = &args.depfile {
        write_depfile(depfile, done.outputs.iter().map(|(path, _)| path), disk::looks().iter())?;
    }
    // A warning belongs to the configuration, and is not remembered.
    if let Some(cache) = cache.as_mut().filter(|_| project.warning.is_none()) {
        let outputs = done.outputs.iter().map(|(path, written)| (path.clone(), written.hash));
        // Where it cannot be remembered, as in a protected folder, the next run just does it all again.
        if let Err(failure) = cache.finish(outputs, done.problems, done.files)
            && args.explain
        {
            failure.findings.into_iter().for_each(|finding| terminal.line(format_args!("{}", finding.message)));
        }
    }
    let unchanged = done.outputs.iter().filter(|(_, written)| written.fate == Fate::Unchanged).count();
    let deleted = if done.obsolete.is_empty() { String::new() } else { format!(", {} deleted", done.obsolete.len()) };
    terminal.line(format_args!(
        "Langloom finished {GOOD}successfully{GOOD:#} in {:.1} ms ({} written, {unchanged} unchanged{deleted})",
        start.elapsed().as_secs_f64() * 1e3,
        done.outputs.len() - unchanged,
    ));
    Ok(())
}

/// The arguments that outputs depend on.
fn arguments(args: &Args) -> String {
    format!("{:?}", args.mode)
}

fn up_to_date(args: &Args, cache: &Cache, start: Instant, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(last) = cache.last() else { return Ok(()) };
    engine::replay(last, terminal)?;
    if args.explain {
        let (inputs, outputs) = (last.inputs.len(), last.outputs.len());
        terminal.line(format_args!("Nothing to do: {inputs} inputs and {outputs} outputs are as the last run left them"));
    }
    if let Some(depfile) = &args.depfile {
        write_depfile(depfile, last.outputs.iter().map(|output| &output.path), last.inputs.iter())?;
    }
    terminal.line(format_args!(
        "Langloom finished {GOOD}successfully{GOOD:#} in {:.1} ms (0 written, {} unchanged)",
        start.elapsed().as_secs_f64() * 1e3,
        last.outputs.len(),
    ));
    Ok(())
}

/// Says what a run would do.
fn report_trial(args: &Args, done: &Generated, terminal: &mut Terminal) -> Result<(), Failure> {
    if args.instead.list_outputs {
        done.outputs.iter().for_each(|(path, _)| terminal.line(format_args!("{}", path.display())));
        return Ok(());
    }
    let mut differences = 0;
    let mut tell = |what: &str, path: &PathBuf| {
        differences += 1;
        terminal.line(format_args!("{what:9} {}", path.display()));
    };
    for (path, written) in &done.outputs {
        match written.fate {
            Fate::Unchanged => {}
            Fate::Created => tell("missing", path),
            Fate::Changed if done.edited.contains(path) => tell("edited", path),
            Fate::Changed => tell("changed", path),
        }
    }
    done.obsolete.iter().for_each(|path| tell("obsolete", path));
    match differences {
        0 => terminal.line(format_args!("All {} outputs are up to date", done.outputs.len())),
        _ if args.instead.check => {
            let message = format!("{differences} of {} outputs are not up to date", done.outputs.len() + done.obsolete.len());
            return Err(Failure::world(message, Some("run langloom generate".to_owned())));
        }
        _ => {}
    }
    Ok(())
}

/// Deletes what the last run wrote.
fn clean(args: &Args, found: &Found, folder: Option<PathBuf>, terminal: &mut Terminal) -> Result<(), Failure> {
    let cache = folder.map(|folder| Cache::open(folder, &found.absolute, &arguments(args)));
    let mut deleted = 0;
    for output in cache.iter().filter_map(Cache::last).flat_map(|last| &last.outputs) {
        if !Record::is_ours(output) {
            terminal.warn(format!("{} was edited since it was generated, and stays", output.path.display()));
        } else if disk::exists(&output.path) {
            disk::remove(&output.path)?;
            deleted += 1;
        }
    }
    terminal.line(format_args!("Deleted {deleted} files"));
    Ok(())
}

/// Writes `outputs: inputs` as make and ninja read it. Files that were looked for in vain are not named: to them, a missing
/// file is an error.
fn write_depfile<'a>(
    path: &std::path::Path,
    outputs: impl Iterator<Item = &'a PathBuf>,
    inputs: impl Iterator<Item = &'a Look>,
) -> Result<(), Failure> {
    let escaped = |path: &PathBuf| {
        path.display().to_string().replace('\\', "\\\\").replace(' ', "\\ ").replace('#', "\\#").replace('$', "$$")
    };
    let outputs: Vec<String> = outputs.map(escaped).collect();
    let inputs: Vec<String> = inputs.filter(|look| look.found.is_some()).map(|look| escaped(&look.path)).collect();
    let text = format!("{}: {}\n", outputs.join(" "), inputs.join(" \\\n  "));
    let batch = Batch::default();
    batch.stage(&paths::resolve(&disk::current_folder()?, path), text.as_bytes())?;
    batch.commit()?;
    Ok(())
}

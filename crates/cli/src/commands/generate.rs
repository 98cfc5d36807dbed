//! `langloom generate`

mod depfile;
mod instead;
mod why;

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use langloom_core::emit::pack::CompiledTemplates;
use langloom_core::model::config;

use self::depfile::Depfile;
use self::instead::Instead;
use super::findings::Findings;
use super::work::{See, Work};
use crate::cache::{Cache, Told, Verdict};
use crate::claims::Claims;
use crate::config::Found;
use crate::disk::{Fate, PATIENCE};
use crate::engine::{Generated, Options};
use crate::kept::Kept;
use crate::report::{BOLD, Failure, GOOD, Terminal};
use crate::side::SideFiles;
use crate::{config as configuration, disk, engine, problems, watch};

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
    /// The configuration: a JSON file, a package.json with a key `langium`, or a folder with one of them
    ///
    /// Paths inside of it start at its folder. Without this option ./langium-config.json is read,
    /// or else the key `langium` of ./package.json. May be given several times.
    #[arg(short, long, value_name = "FILE", verbatim_doc_comment)]
    file: Vec<PathBuf>,

    /// How to write grammar.ts: development is readable, production small
    ///
    /// The default is `mode` in the configuration, else development.
    #[arg(short, long, value_name = "MODE", hide_possible_values = true, verbatim_doc_comment)]
    mode: Option<Mode>,

    /// Go on whenever a grammar, the configuration or a style sheet changes, until interrupted
    #[arg(short, long, conflicts_with_all = ["check", "dry_run", "list_outputs", "clean"])]
    watch: bool,

    /// Set an option of a pack, in place of what langloom.toml says
    #[arg(long, value_name = "PACK.OPTION=VALUE")]
    set: Vec<String>,

    /// Overwrite outputs that were edited since they were generated; copies are kept as NAME.orig
    #[arg(long)]
    force: bool,

    /// Say why there was something to do, or why not
    #[arg(long, conflicts_with_all = ["check", "dry_run", "list_outputs", "clean"])]
    explain: bool,

    /// Write a Makefile rule for each configuration: the outputs, and the files that they depend on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["check", "dry_run", "list_outputs", "clean"])]
    depfile: Option<PathBuf>,

    #[command(flatten)]
    instead: Instead,

    #[command(flatten)]
    findings: Findings,

    #[command(flatten)]
    work: Work,

    #[command(flatten)]
    see: See,
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
  3  an output was edited since it was generated; --force overwrites it
  4  more memory is needed than --memory-limit allows";

/// `--mode`
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    Development,
    Production,
}

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    args.findings.apply(terminal);
    let mut earlier = Earlier::default();
    let side = SideFiles::new(args.see.files().chain(&args.depfile))?;
    let is_last = !args.watch && args.file.len() < 2;
    let options = Options { is_last, ..args.work.hands.options(args.see.start(&args.work.hands), side) };
    if !args.watch {
        return observed(args, &options, &mut earlier, terminal);
    }
    watch::forever(terminal, |terminal| {
        if !args.work.is_incremental() {
            earlier = Earlier::default();
        }
        observed(args, &options, &mut earlier, terminal)
    })
}

/// What earlier runs of this process left.
#[derive(Default)]
struct Earlier {
    /// By configuration; none where there was nothing to do yet.
    kept: Vec<Option<Kept>>,
    templates: CompiledTemplates,
}

/// Generates under observation.
fn observed(args: &Args, options: &Options, earlier: &mut Earlier, terminal: &mut Terminal) -> Result<(), Failure> {
    options.observe.begin();
    let result = all(args, options, earlier, terminal);
    let observed = options.observe.finish(result.is_ok());
    result.and(observed)
}

/// Generates from all configurations, one after the other. What is wrong with one of them is told, and the others go on.
fn all(args: &Args, options: &Options, earlier: &mut Earlier, terminal: &mut Terminal) -> Result<(), Failure> {
    let files: Vec<Option<&Path>> =
        if args.file.is_empty() { vec![None] } else { args.file.iter().map(|file| Some(&**file)).collect() };
    let Earlier { kept, templates } = earlier;
    kept.resize_with(files.len(), || None);
    let mut rules = args.depfile.as_deref().map(Depfile::new);
    let mut claims = Claims::of(files.len());
    if let [file] = files[..] {
        once(args, file, options, (&mut kept[0], templates, &mut claims), &mut rules, terminal)?;
    } else {
        let mut worst = None;
        for (file, kept) in files.into_iter().zip(kept) {
            if let Err(failure) = once(args, file, options, (kept, templates, &mut claims), &mut rules, terminal) {
                worst = worst.max(Some(failure.exit));
                terminal.failure(failure);
            }
        }
        if let Some(exit) = worst {
            return Err(Failure { exit, document: None, findings: Vec::new() });
        }
    }
    rules.map_or(Ok(()), Depfile::write)
}

/// Generates from one configuration, unless nothing changed since the last time.
fn once(
    args: &Args,
    file: Option<&Path>,
    options: &Options,
    (kept, compiled, claims): (&mut Option<Kept>, &mut CompiledTemplates, &mut Claims),
    rules: &mut Option<Depfile<'_>>,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let start = Instant::now();
    let first_look = disk::count_looks();
    let found = configuration::find(file)?;
    let folder = args.work.cache_folder(&found)?;
    options.observe.about(folder.as_deref(), || format!("langloom generate, {}", found.absolute.display()));
    let mut cache = folder.map(|folder| Cache::open(&folder, &found.absolute, &identity(args)));
    if args.instead.is_any() {
        return instead::run(args, &found, options, (cache, claims), terminal);
    }
    terminal.line(format_args!("Reading config from {BOLD}{}{BOLD:#}", found.absolute.display()));
    if let Verdict::UpToDate = verdict(args, options, cache.as_mut(), terminal) {
        return up_to_date(args, &found, options, cache.as_mut(), start, (rules, claims), terminal);
    }
    let lock = disk::lock(&found.absolute, PATIENCE, || {
        terminal.line(format_args!("Waiting for another process that generates from this configuration"));
    })?;
    // Another process may have done the work meanwhile.
    if cache.as_mut().is_some_and(Cache::refresh)
        && let Verdict::UpToDate = verdict(args, options, cache.as_mut(), terminal)
    {
        return up_to_date(args, &found, options, cache.as_mut(), start, (rules, claims), terminal);
    }

    let mut project = configuration::load(&found, args.mode())?;
    project.settings.sets.clone_from(&args.set);
    if let Some(warning) = &project.warning {
        terminal.warn(warning.clone());
    }
    let kept = kept.get_or_insert_with(|| args.nothing_kept());
    let mode = if args.force { engine::Mode::Force } else { engine::Mode::Write };
    let earlier = engine::Earlier { kept, compiled, claims };
    let is_first = cache.as_ref().is_none_or(|cache| cache.last().is_none());
    let done = engine::generate(&project, options, mode, cache.as_mut(), earlier, terminal)?;
    // A run that remembers others knows what they left; listing folders is for those that do not.
    if is_first && lock.is_held() {
        disk::remove_all_leftovers(done.outputs.iter().chain(&done.once).map(|(path, _)| &**path));
    }
    claims.add(&found.absolute, done.outputs.iter().map(|(path, written)| (path, written.hash)));
    options.observe.settle();
    let looks = disk::looks_since(first_look);
    if let Some(rules) = rules {
        rules.add(done.outputs.iter().map(|(path, _)| path), &looks);
    }
    if args.explain {
        if let Some(last) = cache.as_ref().and_then(Cache::last) {
            why::new_inputs(last, &looks, terminal);
        }
        why::outputs(&done, terminal);
    }
    // Once, as the run that is remembered has it no more.
    for (path, reason) in &done.obsolete.staying {
        terminal.warn(format!("{} is no longer generated and {reason}, so it stays", path.display()));
    }
    terminal.line(format_args!("{}", last_words(&done, start)));
    // Before the run is remembered: if somebody kills this process, the next one does it.
    drop(done.replaced);
    if let Some(cache) = &mut cache {
        let told = Told { warning: project.warning, problems: done.problems, files: done.files, meant: done.meant };
        match (cache.finish(looks, done.outputs, told), args.work.chosen_cache()) {
            (Ok(()), _) => {}
            (Err(error), Some(folder)) => {
                terminal.warn(format!("this run cannot be remembered in {}: {error}", folder.display()));
            }
            (Err(error), None) if args.explain => {
                terminal.line(format_args!("The next run will do all of it again: this one cannot be remembered ({error})"));
            }
            // A folder that is protected is no reason to complain in each run.
            (Err(_), None) => {}
        }
        kept.leave(cache);
    }
    Ok(())
}

impl Args {
    fn mode(&self) -> Option<config::Mode> {
        self.mode.map(|mode| match mode {
            Mode::Development => config::Mode::Development,
            Mode::Production => config::Mode::Production,
        })
    }

    /// What there is from earlier runs before the first one.
    fn nothing_kept(&self) -> Kept {
        match (self.work.is_incremental(), self.watch) {
            (true, true) => Kept::for_many(),
            (true, false) if !self.work.hands.is_memory_limited() => Kept::for_another_process(),
            (true, false) | (false, _) => Kept::default(),
        }
    }
}

/// The arguments that outputs depend on.
fn identity(args: &Args) -> String {
    format!("{:?}{:?}", args.mode, args.set)
}

/// Whether there is something to do. Without a cache there always is.
fn verdict(args: &Args, options: &Options, cache: Option<&mut Cache>, terminal: &mut Terminal) -> Verdict {
    let verdict = match cache {
        Some(cache) => {
            let verdict = cache.verdict(args.explain);
            options.observe.lookup(matches!(verdict, Verdict::UpToDate));
            verdict
        }
        None => Verdict::Stale(vec!["runs are not remembered (--no-cache)".to_owned()]),
    };
    options.observe.log(1, || match &verdict {
        Verdict::UpToDate => "nothing changed since the last run".to_owned(),
        Verdict::Stale(reasons) => format!("generating, since {}", reasons.join(", ")),
    });
    if let Verdict::Stale(reasons) = &verdict
        && args.explain
    {
        why::reasons(reasons, terminal);
    }
    verdict
}

fn up_to_date(
    args: &Args,
    found: &Found,
    options: &Options,
    cache: Option<&mut Cache>,
    start: Instant,
    (rules, claims): (&mut Option<Depfile<'_>>, &mut Claims),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let Some(last) = cache.and_then(Cache::take_last) else { return Ok(()) };
    options.check_side_files(&found.absolute, last.outputs.iter().map(|output| &output.path))?;
    claims.add(&found.absolute, last.outputs.iter().map(|output| (&output.path, output.stamp.hash)));
    problems::replay(last.told, terminal)?;
    if args.explain {
        let (inputs, outputs) = (last.inputs.len(), last.outputs.len());
        terminal.line(format_args!("Nothing to do: {inputs} inputs and {outputs} outputs are as the last run left them"));
    }
    if let Some(rules) = rules {
        rules.add(last.outputs.iter().map(|output| &output.path), &last.inputs);
    }
    terminal.line(format_args!(
        "Langloom finished {GOOD}successfully{GOOD:#} in {:.1} ms (0 written, {} unchanged)",
        start.elapsed().as_secs_f64() * 1e3,
        last.outputs.len(),
    ));
    disk::look_again(last.inputs);
    Ok(())
}

fn last_words(done: &Generated, start: Instant) -> String {
    let outputs = done.outputs.iter().chain(&done.once);
    let unchanged = outputs.clone().filter(|(_, written)| written.fate == Fate::Unchanged).count();
    let deleted = done.obsolete.deleted.len();
    let deleted = if deleted == 0 { String::new() } else { format!(", {deleted} deleted") };
    format!(
        "Langloom finished {GOOD}successfully{GOOD:#} in {:.1} ms ({} written, {unchanged} unchanged{deleted})",
        start.elapsed().as_secs_f64() * 1e3,
        outputs.count() - unchanged,
    )
}

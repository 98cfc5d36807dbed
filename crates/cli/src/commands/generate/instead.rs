//! What `langloom generate` can do instead of generating.

use std::path::{Path, PathBuf};

use super::Args;
use crate::cache::{Cache, Kept, Obsolete};
use crate::claims::Claims;
use crate::config::{self, Found};
use crate::disk::{self, Fate, PATIENCE};
use crate::engine::{self, Earlier, Generated, Options};
use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding, Terminal};

/// What to do instead of generating
#[derive(Clone, Copy, Debug, clap::Args)]
#[command(next_help_heading = "Instead of generating")]
#[group(multiple = false)]
pub(super) struct Instead {
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

impl Instead {
    pub(super) fn is_any(self) -> bool {
        self.check || self.dry_run || self.list_outputs || self.clean
    }
}

/// Does what `args` ask for.
pub(super) fn run(
    args: &Args,
    found: &Found,
    options: &Options,
    (mut cache, claims): (Option<Cache>, &mut Claims),
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let Instead { check, dry_run, list_outputs, clean } = args.instead;
    if (dry_run || list_outputs) && terminal.format().is_document() {
        let hint = "leave out --format, or ask for the differences with --check".to_owned();
        return Err(Failure::world("a list of outputs is not a document of that format".to_owned(), Some(hint)));
    }
    if clean {
        return delete_outputs(found, cache, terminal);
    }
    let mut project = config::load(found, args.mode())?;
    project.settings.sets.clone_from(&args.set);
    let (mut kept, mut compiled) = Default::default();
    let earlier = Earlier { kept: &mut kept, compiled: &mut compiled, claims };
    let done = engine::generate(&project, options, engine::Mode::Trial, cache.as_mut(), earlier, terminal)?;
    claims.add(&found.absolute, done.outputs.iter().map(|(path, written)| (path, written.hash)));
    options.observe.settle();
    if list_outputs {
        done.outputs.iter().chain(&done.once).for_each(|(path, _)| terminal.answer(format_args!("{}", path.display())));
        return Ok(());
    }
    let extra = extra(&done);
    let differences = differences(&done, &extra);
    if differences.is_empty() {
        terminal.line(format_args!("All {} outputs are up to date", done.outputs.len()));
        return Ok(());
    }
    if check {
        let findings = differences.into_iter().map(|difference| difference.finding()).collect();
        return Err(Failure { exit: Exit::Failed, document: None, findings });
    }
    for Difference { path, kind } in differences {
        let what = match kind {
            Kind::Missing => "would be created",
            Kind::Program => "would be made a program",
            Kind::NoProgram => "would be made no program any more",
            Kind::Changed => "would be overwritten",
            Kind::Edited if args.force => "was edited since it was generated, and would be overwritten; a copy would be kept",
            Kind::Edited => "was edited since it was generated, and would be overwritten only with --force",
            Kind::Unreadable(_) => "cannot be read",
            Kind::Obsolete => "would be deleted",
            Kind::Staying(reason) => {
                terminal.answer(format_args!("{} is no longer generated and {reason}, so it would stay", path.display()));
                continue;
            }
            Kind::Extra => "looks generated, but is no output, and would stay",
        };
        terminal.answer(format_args!("{} {what}", path.display()));
    }
    Ok(())
}

/// A path where there is not what should be there.
struct Difference<'d> {
    path: &'d Path,
    kind: Kind,
}

enum Kind {
    Missing,
    /// It should be a program, and is none; or the other way round.
    Program,
    NoProgram,
    Changed,
    Edited,
    /// Nobody can tell what it holds; why, in the system's words.
    Unreadable(String),
    Obsolete,
    /// It is not deleted, as it holds something of the user's.
    Staying(&'static str),
    Extra,
}

impl Difference<'_> {
    fn finding(&self) -> Finding {
        use FindingKind::{ChangedOutput, EditedOutput, ExtraOutput, MissingOutput, ObsoleteOutput, UnreadableOutput};
        let generate = "run langloom generate";
        let (unreadable, staying);
        let (kind, words, hint) = match &self.kind {
            Kind::Missing => (MissingOutput, "is missing", generate),
            Kind::Program => (ChangedOutput, "is no program, and should be", generate),
            Kind::NoProgram => (ChangedOutput, "is a program, and should not be", generate),
            Kind::Changed => (ChangedOutput, "is not what its grammars give", generate),
            Kind::Edited => (EditedOutput, "was edited since it was generated", "run langloom generate --force"),
            Kind::Unreadable(why) => {
                unreadable = format!("cannot be read: {why}");
                (UnreadableOutput, &*unreadable, "see who may read it")
            }
            Kind::Obsolete => (ObsoleteOutput, "is no longer generated", "run langloom generate, which deletes it"),
            Kind::Extra => (ExtraOutput, "looks generated, but nothing generates it", "delete it, or move it elsewhere"),
            Kind::Staying(reason) => {
                staying = format!("is no longer generated and {reason}");
                (ObsoleteOutput, &*staying, "delete it, or run langloom generate, which leaves it to you and forgets it")
            }
        };
        let message = format!("{} {words}", self.path.display());
        Finding::error(Some(kind), None, message, Some(hint.to_owned())).about(self.path)
    }
}

fn differences<'d>(done: &'d Generated, extra: &'d [PathBuf]) -> Vec<Difference<'d>> {
    let mut differences = Vec::new();
    for (path, written) in done.outputs.iter().chain(&done.once) {
        let kind = match written.fate {
            Fate::Unchanged => continue,
            Fate::Created => Kind::Missing,
            Fate::Permitted if written.is_program == Some(true) => Kind::Program,
            Fate::Permitted => Kind::NoProgram,
            Fate::Changed if let Err(error) = disk::check_readable(path) => Kind::Unreadable(error.to_string()),
            Fate::Changed if done.edited.contains(path) => Kind::Edited,
            Fate::Changed => Kind::Changed,
        };
        differences.push(Difference { path, kind });
    }
    differences.extend(done.obsolete.deleted.iter().map(|path| Difference { path, kind: Kind::Obsolete }));
    differences.extend(done.obsolete.staying.iter().map(|(path, reason)| Difference { path, kind: Kind::Staying(reason) }));
    differences.extend(extra.iter().map(|path| Difference { path, kind: Kind::Extra }));
    differences
}

/// Generated files that are outputs of nothing: in a fresh checkout, where no earlier run is known, these are what is
/// left of outputs that are no longer generated.
fn extra(done: &Generated) -> Vec<PathBuf> {
    let outputs: Vec<PathBuf> = done.outputs.iter().map(|(path, _)| path.clone()).collect();
    let mut extra = disk::others_that_say(&outputs, "This file was generated by langium-cli");
    let Obsolete { deleted, staying } = &done.obsolete;
    extra.retain(|path| !deleted.contains(path) && !staying.iter().any(|(other, _)| other == path));
    extra
}

/// Deletes what the last run wrote, but what was edited since.
fn delete_outputs(found: &Found, cache: Option<Cache>, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(mut cache) = cache else {
        let hint = "run it without --no-cache".to_owned();
        return Err(Failure::world("without a cache it is not known what was generated".to_owned(), Some(hint)));
    };
    let _lock = disk::lock(&found.absolute, PATIENCE, || {})?;
    cache.refresh();
    let mut deleted = 0;
    let mut staying: Vec<PathBuf> = Vec::new();
    for output in cache.last().into_iter().flat_map(|last| &last.outputs) {
        let path = output.path.display();
        if let Some(reason) = cache.reason_to_stay(output) {
            terminal.warn(format!("{path} {reason}, and stays"));
            staying.push(output.path.clone());
        } else if cache.is_of_others(output) {
            terminal.warn(format!("{path} is generated from another configuration, too, and stays"));
        } else if disk::remove(&output.path)? {
            deleted += 1;
        }
    }
    cache.forget_outputs(|output: &Kept| staying.contains(&output.path));
    terminal.line(format_args!("Deleted {deleted} files"));
    Ok(())
}

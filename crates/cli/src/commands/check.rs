//! `langloom check`

use std::path::{Path, PathBuf};

use langloom_core::text::Severity;

use super::findings::Findings;
use super::work::{Hands, See};
use crate::config::{self as configuration, Given, Project};
use crate::engine::{self, Checked, Options};
use crate::fix::{self, Fixed};
use crate::report::{BOLD, Exit, Failure, GOOD, Terminal};
use crate::{disk, paths, problems};

/// Check grammars and generate nothing
///
/// Makes the checks that `generate` makes: those of the grammars that a configuration names, or of
/// single grammars. What a grammar imports is checked too. A grammar without a name is checked as a
/// part of a language.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// Grammars, or - for one from standard input; without any, those of the configuration
    #[arg(value_name = "GRAMMAR")]
    grammars: Vec<PathBuf>,

    /// The configuration: a JSON file, a package.json with a key `langium`, or a folder with one of them
    ///
    /// Without this option ./langium-config.json is read, or else the key `langium` of ./package.json.
    #[arg(short, long, value_name = "FILE", conflicts_with = "grammars", verbatim_doc_comment)]
    file: Option<PathBuf>,

    /// Where standard input would be if it were a file: its imports start there
    #[arg(long, value_name = "PATH", requires = "grammars")]
    stdin_path: Option<PathBuf>,

    /// Put right what can be put right for certain, and check again
    #[arg(long)]
    fix: bool,

    /// Print what --fix would change, as a patch, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,

    #[command(flatten)]
    findings: Findings,

    #[command(flatten)]
    hands: Hands,

    #[command(flatten)]
    see: See,
}

const EXAMPLES: &str = "\
Examples:
  langloom check
      the grammars of the configuration in the current folder

  langloom check src/hello.langium
      one grammar and what it imports

  git show HEAD:src/hello.langium | langloom check - --stdin-path src/hello.langium
      a grammar that is not in a file

  langloom check --fix --dry-run
      what could be put right at once

  langloom check --format sarif > langloom.sarif
      for a code scanner

Exit codes:
  0  there are no errors; there may be warnings
  1  a file could not be read or written
  2  the configuration or a grammar is wrong
  4  more memory is needed than --memory-limit allows";

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    args.findings.apply(terminal);
    if args.dry_run && terminal.format().is_document() {
        let hint = "leave out --dry-run: fixes are part of the findings".to_owned();
        return Err(Failure::world("a patch is not a document of that format".to_owned(), Some(hint)));
    }
    let may_be_parts = !args.grammars.is_empty();
    let mut project = if may_be_parts { of_grammars(args)? } else { of_configuration(args, terminal)? };
    let path = project.path.clone();
    let title = || format!("langloom check, {}", path.display());
    args.see.observed(&args.hands, title, |options| check(args, &mut project, may_be_parts, options, terminal))
}

fn check(
    args: &Args,
    project: &mut Project,
    may_be_parts: bool,
    options: &Options,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if !args.fix {
        let checked = engine::check(project, may_be_parts, options)?;
        options.observe.settle();
        return report(checked, terminal);
    }
    let (checked, fixed) = fix::fix(project, may_be_parts, options)?;
    options.observe.settle();
    if args.dry_run {
        return report_trial(&checked, &fixed, terminal);
    }
    fix::write(&fixed)?;
    for Fixed { shown, codes, .. } in &fixed {
        let (count, codes) = counted(codes);
        terminal.line(format_args!("{GOOD}Fixed{GOOD:#} {BOLD}{shown}{BOLD:#}: {count} ({codes})"));
    }
    report(checked, terminal)
}

fn of_configuration(args: &Args, terminal: &mut Terminal) -> Result<Project, Failure> {
    let project = configuration::load(&configuration::find(args.file.as_deref())?, None)?;
    if let Some(warning) = &project.warning {
        terminal.warn(warning.clone());
    }
    Ok(project)
}

fn of_grammars(args: &Args) -> Result<Project, Failure> {
    let folder = disk::current_folder()?;
    let is_standard_input = |grammar: &&PathBuf| grammar.as_os_str() == "-";
    if args.grammars.iter().any(|grammar| is_standard_input(&grammar)) && args.fix && !args.dry_run {
        let hint = "name the file that it is in, or print the changes with --fix --dry-run".to_owned();
        return Err(Failure::world("standard input cannot be fixed in place".to_owned(), Some(hint)));
    }
    let stdin_path = args.stdin_path.as_deref().unwrap_or(Path::new("<stdin>"));
    let mut absolute = Vec::new();
    for grammar in &args.grammars {
        if is_standard_input(&grammar) {
            absolute.push(paths::resolve(&folder, stdin_path));
            continue;
        }
        let path = paths::resolve(&folder, grammar);
        if !disk::exists(&path) {
            let message = format!("there is no file {}", grammar.display());
            return Err(Failure::world(message, None));
        }
        if path.extension().is_some_and(|extension| extension == "json") {
            let hint = format!("name a configuration with --file {}", grammar.display());
            return Err(Failure::world(format!("{} is not a grammar", grammar.display()), Some(hint)));
        }
        absolute.push(path);
    }
    let relative = absolute.iter().map(|path| paths::relative(&folder, path).display().to_string());
    let mut project = configuration::of_grammars(&folder, relative);
    if args.grammars.iter().any(|grammar| is_standard_input(&grammar)) {
        project.given.insert(paths::resolve(&folder, stdin_path), Given::StandardInput);
    }
    Ok(project)
}

/// Shows what was found, and fails if there are errors.
fn report(Checked { sources, inputs, problems }: Checked, terminal: &mut Terminal) -> Result<(), Failure> {
    let is_wrong = problems.iter().any(|problem| problem.severity == Severity::Error);
    problems::show(problems::locate(&sources, problems), &engine::named(&sources, &inputs), terminal)?;
    if is_wrong {
        return Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() });
    }
    let files = plural(sources.files.len(), "grammar");
    let tally = terminal.tally();
    let tally = if tally.is_empty() { "nothing to complain about" } else { &tally };
    terminal.line(format_args!("{GOOD}Checked{GOOD:#} {files}: {tally}"));
    Ok(())
}

/// Prints what would be changed, and fails if that would leave errors.
fn report_trial(checked: &Checked, fixed: &[Fixed], terminal: &mut Terminal) -> Result<(), Failure> {
    let patches: String = fixed.iter().map(fix::patch).collect();
    terminal.raw(patches.as_bytes());
    let count = |severity| checked.problems.iter().filter(|problem| problem.severity == severity).count();
    let rest = format!(
        "{}, {} and {} would remain",
        plural(count(Severity::Error), "error"),
        plural(count(Severity::Warning), "warning"),
        plural(count(Severity::Hint), "hint"),
    );
    let fixes: usize = fixed.iter().map(|fixed| fixed.codes.len()).sum();
    terminal.note(format_args!("Would fix {} in {}; {rest}", plural(fixes, "problem"), plural(fixed.len(), "file")));
    if count(Severity::Error) > 0 {
        return Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() });
    }
    Ok(())
}

/// How many problems were fixed, and which kinds of them.
fn counted(codes: &[&'static str]) -> (String, String) {
    let mut kinds = codes.to_vec();
    kinds.sort_unstable();
    kinds.dedup();
    (plural(codes.len(), "problem"), kinds.join(", "))
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

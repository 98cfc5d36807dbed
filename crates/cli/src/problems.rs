//! What is told about the grammars: where problems are, and showing them, once more if nothing changed.

use std::collections::HashSet;
use std::path::PathBuf;
use std::rc::Rc;

use langloom_core::model::Sources;
use langloom_core::text::{FileId, Problem};

use crate::cache::Told;
use crate::report::{Failure, Finding, Format, Located, Location, Terminal};
use crate::{disk, fix, paths};

/// `problems` of `sources`, each with its place.
pub(crate) fn locate(sources: &Sources, problems: Vec<Problem>) -> Vec<(Problem, Location)> {
    let located = problems.into_iter().map(|problem| {
        let file = sources.file(problem.span_file);
        let location = Location::of(&file.text, file.lines(), problem.span, problem.fix.as_ref());
        (problem, location)
    });
    located.collect()
}

/// Shows what a run told once more.
pub(crate) fn replay(told: Told, terminal: &mut Terminal) -> Result<(), Failure> {
    if let Some(warning) = told.warning {
        terminal.warn(warning);
    }
    show(told.problems, &told.files, terminal)
}

/// Shows what was found in the grammars, file by file. `files` are the grammars by [`FileId`]: as they are called and where
/// they are.
pub(crate) fn show(
    problems: Vec<(Problem, Location)>,
    files: &[(String, PathBuf)],
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    if problems.is_empty() {
        return Ok(());
    }
    let folder = disk::current_folder()?;
    let is_plain = terminal.format() == Format::Plain;
    let problems = if is_plain { problems } else { without_repetitions(problems) };
    let mut problems = problems.into_iter().peekable();
    while let Some((first, _)) = problems.peek() {
        let (id, span_file) = (first.file, first.span_file);
        let input = &files[span_file.index()].1;
        // Langium's paths start at the configuration; a path that an editor can open starts where the user is. Langium
        // prints the path of the file that it checks, also if the place is in another one.
        let path: Rc<str> = match is_plain {
            true => (*files[id.index()].0).into(),
            false => paths::relative(&folder, input).display().to_string().into(),
        };
        let is_of_others = fix::is_of_others(input);
        let same = |(problem, _): &(Problem, Location)| problem.file == id && problem.span_file == span_file;
        let of_file = std::iter::from_fn(|| problems.next_if(same)).map(|(problem, location)| {
            let mut finding = Finding::from(problem);
            finding.fix = finding.fix.filter(|_| !is_of_others);
            Located { finding, path: Some(path.clone()), location: Some(location) }
        });
        terminal.show(of_file.collect());
    }
    Ok(())
}

/// What is wrong in an imported file is found again in each file that imports it.
fn without_repetitions(mut problems: Vec<(Problem, Location)>) -> Vec<(Problem, Location)> {
    let is_own = |problem: &Problem| problem.file == problem.span_file;
    if problems.iter().all(|(problem, _)| is_own(problem)) {
        return problems;
    }
    let place = |problem: &Problem| (problem.span_file, problem.span.start, problem.message.clone());
    let own = problems.iter().filter(|(problem, _)| is_own(problem));
    let mut seen: HashSet<(FileId, u32, String)> = own.map(|(problem, _)| place(problem)).collect();
    problems.retain(|(problem, _)| is_own(problem) || seen.insert(place(problem)));
    problems
}

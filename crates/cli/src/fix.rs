//! Applying the fixes of problems to files.
//!
//! Fixes are applied to texts in memory, which are checked again, since one fix may make room for another; only the last
//! texts are written, all of them or none.

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use langloom_core::syntax;
use langloom_core::text::{FileId, Fix, Names, Problem};
use similar::TextDiff;

use crate::config::{Given, Project};
use crate::disk::{self, Batch};
use crate::engine::{self, Checked, Options};
use crate::paths;
use crate::report::Failure;

/// A file with fixes applied.
#[derive(Debug)]
pub(crate) struct Fixed {
    path: PathBuf,
    /// The path as the user would write it.
    pub(crate) shown: String,
    before: String,
    after: String,
    /// The kinds of the problems that were fixed, one for each.
    pub(crate) codes: Vec<&'static str>,
}

/// Fixes make room for others at most so often. Picked by gut feeling; more than two passes were never seen.
const PASSES: usize = 10;

/// Applies fixes until none is left. The result is what checks find then, and the files that are to be changed.
pub(crate) fn fix(project: &mut Project, may_be_parts: bool, options: &Options) -> Result<(Checked, Vec<Fixed>), Failure> {
    let folder = disk::current_folder()?;
    let mut fixed: BTreeMap<PathBuf, Fixed> = BTreeMap::new();
    let mut refused: HashSet<PathBuf> = HashSet::new();
    for _ in 0..PASSES {
        let checked = engine::check(project, may_be_parts, options)?;
        let mut is_done = true;
        for (file, problems) in by_file(&checked.problems) {
            let path = &checked.inputs[file.index()];
            if is_of_others(path) || refused.contains(path) {
                continue;
            }
            let before = &checked.sources.file(file).text;
            let (after, codes) = apply(before, &problems);
            if faults(&after) > faults(before) {
                refused.insert(path.clone());
                continue;
            }
            is_done = false;
            project.given.insert(path.clone(), Given::Text(after.clone()));
            let fixed = fixed.entry(path.clone()).or_insert_with(|| Fixed {
                path: path.clone(),
                shown: paths::relative(&folder, path).display().to_string(),
                before: before.clone(),
                after: String::new(),
                codes: Vec::new(),
            });
            fixed.after = after;
            fixed.codes.extend(codes);
        }
        if is_done {
            return Ok((checked, fixed.into_values().collect()));
        }
    }
    Ok((engine::check(project, may_be_parts, options)?, fixed.into_values().collect()))
}

/// Writes the files, all or none.
pub(crate) fn write(fixed: &[Fixed]) -> Result<(), Failure> {
    let batch = Batch::for_user();
    for Fixed { path, shown, before, after, .. } in fixed {
        // What is not UTF-8 was replaced when the file was read, and must not be lost.
        if !disk::holds(path, before).map_err(|error| disk::cannot_read(path, &error))? {
            let message = format!("{shown} was changed meanwhile, or is not UTF-8");
            return Err(Failure::world(message, Some("nothing was fixed".to_owned())));
        }
        batch.stage(path, after.as_bytes())?;
    }
    batch.commit()?;
    Ok(())
}

/// What changes in a file, as `patch` and `git apply` read it.
pub(crate) fn patch(Fixed { shown, before, after, .. }: &Fixed) -> String {
    let shown = shown.replace('\\', "/");
    let diff = TextDiff::from_lines(&**before, &**after);
    diff.unified_diff().header(&format!("a/{shown}"), &format!("b/{shown}")).to_string()
}

/// The problems that have a fix, by the file that has to be changed.
fn by_file(problems: &[Problem]) -> BTreeMap<FileId, Vec<(&Fix, &'static str)>> {
    let mut files: BTreeMap<FileId, Vec<(&Fix, &'static str)>> = BTreeMap::new();
    for problem in problems {
        if let Some(fix) = &problem.fix {
            files.entry(problem.span_file).or_default().push((fix, problem.code.name()));
        }
    }
    files
}

/// `text` with those of `fixes` that do not get in each other's way, in the order of the text, and their kinds. The
/// others are left to the next pass.
fn apply(text: &str, fixes: &[(&Fix, &'static str)]) -> (String, Vec<&'static str>) {
    let mut fixes = fixes.to_vec();
    fixes.sort_by_key(|(fix, _)| (fix.span.start, fix.span.end));
    // A problem of an imported file is found again in each file that imports it.
    fixes.dedup();
    let (mut fixed, mut codes) = (String::with_capacity(text.len()), Vec::new());
    let mut done = 0;
    let mut last = None;
    for (fix, code) in fixes {
        let (start, end) = (fix.span.start as usize, fix.span.end as usize);
        // Two insertions at one place have no order.
        if start < done || last == Some(fix.span) {
            continue;
        }
        fixed.push_str(&text[done..start]);
        fixed.push_str(&fix.replacement);
        codes.push(code);
        (done, last) = (end, Some(fix.span));
    }
    fixed.push_str(&text[done..]);
    (fixed, codes)
}

/// How many faults of syntax `text` has. A fix must not add one.
fn faults(text: &str) -> usize {
    syntax::parse(text, &mut Names::new()).problems.len()
}

/// Whether the file came with a package, so that a change of it would be lost or belongs elsewhere.
pub(crate) fn is_of_others(path: &Path) -> bool {
    path.components().any(|component| component.as_os_str() == "node_modules")
}

#[cfg(test)]
mod tests {
    use langloom_core::text::Span;

    use super::*;

    #[test]
    fn fixes_that_overlap_wait() {
        let fix = |start, end, replacement: &str| Fix { span: Span::new(start, end), replacement: replacement.to_owned() };
        let fixes =
            [fix(6, 7, "Z"), fix(0, 2, "AB"), fix(1, 3, "x"), fix(0, 2, "AB"), fix(4, 4, "1"), fix(4, 4, "2"), fix(7, 8, "")];
        let fixes: Vec<(&Fix, &str)> = fixes.iter().map(|fix| (fix, "code")).collect();
        assert_eq!(apply("abcdefgh", &fixes), ("ABcd1efZ".to_owned(), vec!["code"; 4]));
    }
}

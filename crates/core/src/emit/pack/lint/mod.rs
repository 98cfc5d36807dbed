//! Mistakes in a pack that can be found without a project: what does not compile, paths that lead nowhere, partials that do
//! not exist, files that nothing uses.
//!
//! A template starts at the top of its output; blocks, parameters and calls of partials lead from there to objects whose
//! kinds are known ([`known`]), so that what a path can lead to is known too ([`walk`]). Where it is not, a name is in order
//! if anything in the pack or the view has it ([`names`]).

mod conditions;
mod known;
mod names;
mod scope;
mod texts;
mod walk;

use std::collections::BTreeSet;

use super::assembly::{PARTIALS, Pack, STATIC, TEMPLATES, partial_name};
use super::manifest::{ForEach, OutputSpec, Pattern};
use super::parser::parse;
use super::plan::{PackProblem, waves};
use super::trouble::Trouble;
use super::{Dialect, compile};
use crate::text::Span;
use known::top;
use names::Names;
use scope::Scope;
use texts::{Texts, parsed, sources};
use walk::{Reach, walk};

/// Everything wrong with the texts of `pack`, by text.
pub fn lint(pack: &Pack) -> Vec<PackProblem> {
    let names = Names::of(pack);
    let mut problems = Vec::new();
    let sources = sources(pack);
    let parsed = parsed(&sources);
    let mut texts = Texts::new(pack, &names, &parsed);
    for (layer, spec) in pack.outputs() {
        let patterns = [(&spec.path, spec.path.text.clone())].into_iter().chain(spec.when.iter().map(condition));
        problems.extend(check_patterns(pack, layer, spec.for_each, patterns, &names));
        problems.extend(check_condition(pack, layer, spec.for_each, spec.when.as_ref()));
        problems.extend(check_needs(pack, layer, spec));
        match pack.template(&spec.template, 0) {
            Ok(Some(text)) => texts.use_template(&text, top(pack, spec.for_each, Some(&spec.needs))),
            Ok(None) => {
                let message = format!("there is no file {TEMPLATES}/{}", spec.template);
                problems.push(manifest_problem(pack, layer, spec.template_span, message, None));
            }
            Err(error) => problems.push(manifest_problem(pack, layer, spec.template_span, error, None)),
        }
    }
    for (layer, spec) in pack.statics() {
        let patterns = [(&spec.to, spec.to.text.clone())].into_iter().chain(spec.when.iter().map(condition));
        problems.extend(check_patterns(pack, layer, ForEach::Project, patterns, &names));
        problems.extend(check_condition(pack, layer, ForEach::Project, spec.when.as_ref()));
        if pack.static_files(&spec.from).is_empty() {
            let message = format!("there is no file {STATIC}/{}", spec.from);
            problems.push(manifest_problem(pack, layer, spec.from_span, message, None));
        }
    }
    problems.extend(uncopied(pack));
    problems.extend(circle(pack));
    let (used, has_dynamic, found) = texts.finish();
    problems.extend(found);
    problems.extend(unused(pack, &used, has_dynamic));
    problems.sort_by(|a, b| (&a.path, a.trouble.span.start).cmp(&(&b.path, b.trouble.span.start)));
    problems
}

/// The template that a `when` stands for.
fn condition(when: &Pattern) -> (&Pattern, String) {
    (when, format!("{{{{#if {}}}}}1{{{{/if}}}}", when.text))
}

/// Checks short templates of a manifest.
fn check_patterns<'p>(
    pack: &Pack,
    layer: usize,
    for_each: ForEach,
    patterns: impl Iterator<Item = (&'p Pattern, String)>,
    names: &Names,
) -> Vec<PackProblem> {
    let top = top(pack, for_each, None);
    let scope = Scope::of_text(0, top.clone(), top);
    let mut problems = Vec::new();
    for (pattern, text) in patterns {
        let mut problem = |message, hint| problems.push(manifest_problem(pack, layer, pattern.span, message, hint));
        match (compile("pack.toml", &text, &Dialect::CODE), parse(&text)) {
            (Ok(_), Ok(program)) => {
                let found = walk(&program, &scope, Reach::Always, names);
                found.followed.into_iter().filter_map(|path| path.nowhere).for_each(|found| problem(found.message, found.hint));
            }
            (Err(found), _) => found.into_iter().for_each(|found| problem(found.message, found.hint)),
            (Ok(_), Err(_)) => unreachable!("what compiles was parsed"),
        }
    }
    problems
}

/// A condition that is always the same.
fn check_condition(pack: &Pack, layer: usize, for_each: ForEach, when: Option<&Pattern>) -> Option<PackProblem> {
    let when = when?;
    let (what, is_true) = conditions::constant(pack, for_each, &when.text)?;
    let (message, hint) = match (is_true, &*what) {
        (false, "`when`") => ("`when` is never true, so that there is never a file".to_owned(), "remove it, or the table"),
        (false, what) => (format!("{what} is never true"), "it has no such value: see `langloom packs show`, and docs/packs.md"),
        (true, what) => (format!("{what} is always true"), "leave it out"),
    };
    Some(manifest_problem(pack, layer, when.span, message, Some(hint.to_owned())))
}

/// Outputs that need each other in a circle.
fn circle(pack: &Pack) -> Option<PackProblem> {
    let outputs = pack.outputs();
    let is_known = |name: &str| outputs.iter().any(|(_, other)| other.name == name);
    // Of a need that is no output was told.
    let are_known = outputs.iter().all(|(_, spec)| spec.needs.iter().all(|(name, _)| is_known(name)));
    if are_known { waves(pack, &outputs).err().map(|problem| *problem) } else { None }
}

/// Files of the pack itself below `static` that no `[static.NAME]` is about.
fn uncopied(pack: &Pack) -> Option<PackProblem> {
    let layer = &pack.layers()[0];
    let statics = pack.statics();
    let is_copied = |path: &str| {
        let path = path.strip_prefix(STATIC).and_then(|path| path.strip_prefix('/')).unwrap_or(path);
        let inside = |from: &str| path.strip_prefix(from).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        statics.iter().any(|(_, spec)| spec.from.is_empty() || inside(spec.from.trim_end_matches('/')))
    };
    let files: Vec<String> = layer.files.list(STATIC).into_iter().filter(|path| !is_copied(path)).collect();
    let path = format!("{}/{}", layer.shown, files.first()?);
    let more = if files.len() > 1 { format!(" (and {} more)", files.len() - 1) } else { String::new() };
    let hint = "add a table [static.NAME] with `to`, where it is to go, or delete it".to_owned();
    let trouble = Trouble::new(Span::new(0, 0), format!("nothing copies this file{more}"), Some(hint));
    Some(PackProblem { path, text: String::new(), trouble, calls: Vec::new() })
}

fn check_needs(pack: &Pack, layer: usize, spec: &OutputSpec) -> Vec<PackProblem> {
    let outputs = pack.outputs();
    let unknown = spec.needs.iter().filter(|(name, _)| !outputs.iter().any(|(_, other)| other.name == *name));
    unknown.map(|(name, span)| manifest_problem(pack, layer, *span, format!("there is no output {name:?}"), None)).collect()
}

/// Files that no output leads to. Where names of partials are found while rendering, any of them may be meant.
fn unused(pack: &Pack, used: &BTreeSet<String>, has_dynamic: bool) -> Vec<PackProblem> {
    let layer = &pack.layers()[0];
    // What takes the place of a file of an extended pack is used where that was.
    let files = [TEMPLATES, PARTIALS].into_iter().flat_map(|folder| layer.files.list(folder));
    let unused = files
        .into_iter()
        .filter(|path| !(used.contains(&format!("{}/{path}", layer.shown)) || has_dynamic && partial_name(path).is_some()));
    let problems = unused.map(|path| {
        let text = layer.files.read(&path).ok().flatten().map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let hint = Some("delete it, or name it in an output or another template".to_owned());
        PackProblem {
            path: format!("{}/{path}", layer.shown),
            text: text.unwrap_or_default(),
            trouble: Trouble::new(Span::new(0, 0), "nothing uses this file".to_owned(), hint),
            calls: Vec::new(),
        }
    });
    problems.collect()
}

fn manifest_problem(pack: &Pack, layer: usize, span: Span, message: String, hint: Option<String>) -> PackProblem {
    *super::plan::manifest_problem(pack, layer, span, message, hint)
}

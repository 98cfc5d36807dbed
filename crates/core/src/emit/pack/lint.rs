//! Mistakes in a pack that can be found without a project: what does not compile, names that nothing in the view has,
//! partials that do not exist, files that nothing uses.

use std::collections::{BTreeMap, BTreeSet};

use super::assembly::{PARTIALS, Pack, PackText, TEMPLATES, partial_name};
use super::plan::{PackProblem, find_partial};
use super::trouble::{Trouble, nearest};
use super::view::{KINDS, SCOPE};
use super::{Dialect, Template, compile};
use crate::text::Span;

/// Everything wrong with the texts of `pack`, by text.
pub fn lint(pack: &Pack) -> Vec<PackProblem> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    let mut pending: Vec<PackText> = Vec::new();
    let mut dynamic = false;
    for (layer, spec) in pack.outputs() {
        let manifest = |span, message, hint| manifest_problem(pack, layer, span, message, hint);
        match pack.template(&spec.template, 0) {
            Ok(Some(text)) => pending.push(text),
            Ok(None) => {
                let message = format!("there is no file {TEMPLATES}/{}", spec.template);
                problems.push(manifest(spec.template_span, message, None));
            }
            Err(error) => problems.push(manifest(spec.template_span, error, None)),
        }
        let condition = spec.when.iter().map(|when| (when, format!("{{{{#if {}}}}}1{{{{/if}}}}", when.text)));
        for (pattern, text) in condition.chain([(&spec.path, spec.path.text.clone())]) {
            match compile("pack.toml", &text, &Dialect::CODE) {
                Ok(template) => {
                    let unknown = unknown_names(pack, &template).into_iter();
                    problems.extend(unknown.map(|(_, message, hint)| manifest(pattern.span, message, hint)));
                }
                Err(found) => problems.extend(found.into_iter().map(|found| manifest(pattern.span, found.message, found.hint))),
            }
        }
        for (name, span) in &spec.needs {
            if !pack.outputs().iter().any(|(_, other)| other.name == *name) {
                problems.push(manifest(*span, format!("there is no output {name:?}"), None));
            }
        }
    }
    while let Some(text) = pending.pop() {
        if !used.insert(text.shown.clone()) {
            continue;
        }
        let problem = |span, message, hint| PackProblem {
            path: text.shown.clone(),
            text: text.text.clone(),
            trouble: Trouble::new(span, message, hint),
            calls: Vec::new(),
        };
        let escape = pack.layers()[text.layer].manifest.escapes_html;
        let template = match compile(&text.shown, &text.text, &Dialect { escape, ..Dialect::CODE }) {
            Ok(template) => template,
            Err(found) => {
                problems.extend(found.into_iter().map(|found| problem(found.span, found.message, found.hint)));
                continue;
            }
        };
        problems.extend(unknown_names(pack, &template).into_iter().map(|(span, message, hint)| problem(span, message, hint)));
        let mut called: Vec<(String, Span)> = template.partials().map(|(name, span)| (name.to_owned(), span)).collect();
        if template.has_dynamic_partials() {
            dynamic = true;
            called.extend(pack.partial_names().into_iter().map(|name| (name, Span::new(0, 0))));
        }
        for (name, span) in called {
            match find_partial(pack, text.layer, &name) {
                Ok(Some(found)) => pending.push(found),
                Ok(None) if is_block(&text.text, span) || is_inline(pack, &name) => {}
                Ok(None) => {
                    let hint = nearest(&name, pack.partial_names().iter().map(String::as_str))
                        .map(|near| format!("did you mean `{near}`?"));
                    problems.push(problem(span, format!("there is no partial `{name}`"), hint));
                }
                Err(error) => problems.push(problem(span, error, None)),
            }
        }
    }
    problems.extend(unused(pack, &used, dynamic));
    problems.sort_by(|a, b| (&a.path, a.trouble.span.start).cmp(&(&b.path, b.trouble.span.start)));
    problems
}

/// A partial with a block has that to fall back to.
fn is_block(text: &str, span: Span) -> bool {
    span.of(text).starts_with("{{#") || span.of(text).starts_with("{{~#")
}

/// Whether some text of the pack declares a partial of that name.
fn is_inline(pack: &Pack, name: &str) -> bool {
    pack.layers().iter().any(|layer| {
        let files = [TEMPLATES, PARTIALS].into_iter().flat_map(|folder| layer.files.list(folder));
        files.into_iter().any(|path| match layer.files.read(&path) {
            Ok(Some(bytes)) => compile(&path, &String::from_utf8_lossy(&bytes), &Dialect::CODE)
                .is_ok_and(|template| template.inline_partials().any(|inline| inline == name)),
            Ok(None) | Err(_) => false,
        })
    })
}

/// Names in paths that no object of the view has, and that are no options or variables of the templates either.
fn unknown_names(pack: &Pack, template: &Template) -> Vec<(Span, String, Option<String>)> {
    let mut known: BTreeSet<&str> = KINDS.iter().flat_map(|kind| kind.fields).map(|field| field.name).collect();
    known.extend(SCOPE.iter().map(|(name, ..)| *name));
    known.extend(["path", "text", "length", "key", "items", "version"]);
    let options: Vec<String> = pack.options().iter().map(|option| option.name.clone()).collect();
    known.extend(options.iter().map(String::as_str));
    let outputs: Vec<String> = pack.outputs().iter().map(|(_, output)| output.name.clone()).collect();
    known.extend(outputs.iter().map(String::as_str));
    let given = given_names(pack);
    known.extend(given.iter().map(String::as_str));
    let mut reported: BTreeMap<String, Span> = BTreeMap::new();
    for (name, span) in template.path_names() {
        if !known.contains(name) {
            reported.entry(name.to_owned()).or_insert(span);
        }
    }
    let found = reported.into_iter().map(|(name, span)| {
        let hint = nearest(&name, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
        (
            span,
            format!("nothing that templates see has `{name}`"),
            hint.or_else(|| Some("docs/packs.md lists what there is".to_owned())),
        )
    });
    found.collect()
}

/// The names that the texts of a pack give to values themselves: `{{> partial name=value}}`.
fn given_names(pack: &Pack) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for layer in pack.layers() {
        for path in [TEMPLATES, PARTIALS].into_iter().flat_map(|folder| layer.files.list(folder)) {
            if let Ok(Some(bytes)) = layer.files.read(&path)
                && let Ok(template) = compile(&path, &String::from_utf8_lossy(&bytes), &Dialect::CODE)
            {
                names.extend(template.hash_names().map(str::to_owned));
            }
        }
    }
    names
}

/// Files that no output leads to. Where names of partials are found while rendering, any of them may be meant.
fn unused(pack: &Pack, used: &BTreeSet<String>, dynamic: bool) -> Vec<PackProblem> {
    let layer = &pack.layers()[0];
    // What takes the place of a file of an extended pack is used where that was.
    let files = [TEMPLATES, PARTIALS].into_iter().flat_map(|folder| layer.files.list(folder));
    let unused = files
        .into_iter()
        .filter(|path| !(used.contains(&format!("{}/{path}", layer.shown)) || dynamic && partial_name(path).is_some()));
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

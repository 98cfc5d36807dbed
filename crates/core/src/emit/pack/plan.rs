//! From a pack and a project to the files that are due: where each goes, and what it takes to render it.
//!
//! Templates are compiled here and only if a file is due that needs them. Rendering itself is a function of a plan, so the
//! caller renders as many files at a time as it likes.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::assembly::{Pack, PackText};
use super::ending::{Ending, with_final_newline, without_trailing_space};
use super::manifest::{OutputSpec, Pattern, StaticSpec, WriteMode};
use super::option::OptionValue;
use super::output_path::{TakenPaths, check_path};
use super::patterns::{Allowance, Patterns, run};
use super::subject::{Item, Subject};
use super::suggest::did_you_mean;
use super::trouble::{Trouble, nearest};
use super::{CompiledTemplates, Limits, Problem, ProjectView, Spent, Template, Templates, View, Watch, regions};
use crate::emit::{Sink, sink};
use crate::text::{Position, Span};

/// Something wrong with a pack, in one of its texts.
#[derive(Clone, Debug)]
pub struct PackProblem {
    /// The text, as people call it.
    pub path: String,
    /// The text itself.
    pub text: String,
    /// Where in it, and what.
    pub trouble: Trouble,
    /// The files and places that called for it, the last one first.
    pub calls: Vec<(String, Position)>,
}

/// So many bytes of a file leave together while it is rendered.
const STREAMED: usize = super::output::CHUNK;

/// The files that a pack writes.
#[derive(Debug)]
pub struct Plan<'p> {
    pack: &'p Pack,
    options: Vec<(String, OptionValue)>,
    limits: Limits,
    templates: Templates,
    /// The merged outputs that have files, in an order in which what others need comes first.
    outputs: Vec<Due<'p>>,
    /// The files.
    files: Vec<PlannedFile>,
}

/// An output with files.
#[derive(Debug)]
struct Due<'p> {
    spec: &'p OutputSpec,
    /// The template's name among the compiled ones.
    template: String,
    /// How many outputs have to be rendered before it, in a row.
    wave: usize,
}

/// A file that is to be written.
#[derive(Clone, Debug)]
pub struct PlannedFile {
    /// Where, below the pack's `out`.
    pub path: String,
    /// What to do if there is a file.
    pub write: WriteMode,
    /// The files of a wave can be rendered once those of all waves before it are.
    pub wave: usize,
    /// Whether others look at its text.
    pub is_needed: bool,
    /// The name of the output in `pack.toml`, and what the file is about.
    pub about: String,
    content: Content,
}

#[derive(Clone, Debug)]
enum Content {
    /// An output, by its number in the plan, for one item.
    Rendered(usize, Item),
    /// A file of the pack.
    Copied(String),
}

/// The texts of files that others need, by output.
pub type Results = BTreeMap<String, Vec<ResultFile>>;

/// A file that another one needs.
#[derive(Clone, Debug)]
pub struct ResultFile {
    /// Its path, below the pack's `out`.
    pub path: String,
    /// The name of what it is about; empty for the project.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What a file consists of.
#[derive(Debug)]
pub enum FileContent {
    /// Text, of a template.
    Text(String),
    /// Bytes, as they are in the pack.
    Bytes {
        /// All of them.
        bytes: Vec<u8>,
        /// Whether it is a program.
        is_executable: bool,
    },
}

/// Plans the files of `pack` with the values of its options, which must be those of [`Pack::options`]. `compiled` has the
/// templates of earlier plans.
pub fn plan<'p>(
    pack: &'p Pack,
    options: Vec<(String, OptionValue)>,
    limits: Limits,
    view: &ProjectView<'_>,
    compiled: &mut CompiledTemplates,
) -> Result<Plan<'p>, Box<PackProblem>> {
    let mut plan = Plan { pack, options, limits, templates: Templates::new(), outputs: Vec::new(), files: Vec::new() };
    let merged = pack.outputs();
    let waves = waves(pack, &merged)?;
    let mut taken = TakenPaths::default();
    let allowance = Allowance::new(limits);
    for (&(layer, spec), &wave) in merged.iter().zip(&waves) {
        let is_needed = merged.iter().any(|(_, other)| other.needs.iter().any(|(name, _)| *name == spec.name));
        let patterns = Patterns::new(pack, layer, &spec.path, spec.when.as_ref(), view)?;
        let items: Vec<Item> = Item::all(spec.for_each, view);
        let first = plan.files.len();
        for item in items {
            let subject = Subject { pack, options: &plan.options, item, output: None, results: None };
            let Some(path) = patterns.path(&subject, &allowance, view)? else { continue };
            let about = item.about(&spec.name, view);
            let content = Content::Rendered(plan.outputs.len(), item);
            plan.add(layer, &spec.path, PlannedFile { path, write: spec.write, wave, is_needed, about, content }, &mut taken)?;
        }
        if plan.files.len() > first {
            let template = plan.compile_template(layer, spec, view, compiled)?;
            plan.outputs.push(Due { spec, template, wave });
        }
    }
    for (layer, spec) in pack.statics() {
        plan.add_static(layer, spec, &allowance, view, &mut taken)?;
    }
    Ok(plan)
}

impl<'p> Plan<'p> {
    /// The files.
    pub fn files(&self) -> &[PlannedFile] {
        &self.files
    }

    /// How many waves of files there are.
    pub fn waves(&self) -> usize {
        self.outputs.iter().map(|due| due.wave + 1).max().unwrap_or(1)
    }

    /// The names of outputs that are rendered.
    pub fn due(&self) -> impl Iterator<Item = &str> {
        self.outputs.iter().map(|due| &*due.spec.name)
    }

    /// What the files may take together.
    pub fn limit(&self) -> Spent {
        self.limits.of_files(self.files.len())
    }

    /// What people call the template of this name.
    pub fn shown(&self, template: &str) -> String {
        shown_name(self.pack, template)
    }

    /// What `file`, one of [`Plan::files`], consists of. `results` has the files that it needs.
    pub fn render(
        &self,
        file: &PlannedFile,
        results: &Results,
        view: &ProjectView<'_>,
        watch: &dyn Watch,
    ) -> Result<FileContent, Box<PackProblem>> {
        let (due, item) = match &file.content {
            Content::Rendered(output, item) => (&self.outputs[*output], *item),
            Content::Copied(path) => return self.copy(path),
        };
        let mut result = Ok(());
        let text = sink::whole(|sink| result = self.run(file, (due, item), results, view, watch, sink));
        result?;
        let text = self.finish(text);
        if file.write == WriteMode::Regions
            && let Err(trouble) = regions::check(&text)
        {
            let trouble =
                Trouble { message: format!("what it writes to {} cannot be used: {}", file.path, trouble.message), ..trouble };
            let template = self.template(due);
            return Err(Box::new(PackProblem {
                path: template.name().to_owned(),
                text: template.source().to_owned(),
                trouble: Trouble { span: Span::new(0, 0), ..trouble },
                calls: Vec::new(),
            }));
        }
        Ok(FileContent::Text(text))
    }

    /// Whether `file` can be [streamed](Plan::stream): it is a text, and nobody has to look at all of it.
    pub fn is_streamed(&self, file: &PlannedFile) -> bool {
        let is_rendered = matches!(file.content, Content::Rendered(..));
        is_rendered && !file.is_needed && file.write != WriteMode::Regions && !self.pack.is_trimmed()
    }

    /// What [`Plan::render`] gives for a file that is streamed, handed to `take` in chunks while it is rendered.
    pub fn stream(
        &self,
        file: &PlannedFile,
        results: &Results,
        view: &ProjectView<'_>,
        watch: &dyn Watch,
        take: &mut dyn FnMut(&[u8]),
    ) -> Result<(), Box<PackProblem>> {
        let Content::Rendered(output, item) = &file.content else { unreachable!("only texts are streamed") };
        let run = |take: &mut dyn FnMut(&[u8])| {
            let mut sink = Sink::of_bytes(STREAMED, take);
            let result = self.run(file, (&self.outputs[*output], *item), results, view, watch, &mut sink);
            sink.finish();
            result
        };
        if !self.pack.has_final_newline() {
            return run(take);
        }
        let mut ending = Ending::new(take);
        let result = run(&mut |bytes| ending.push(bytes));
        ending.finish();
        result
    }

    /// Renders a file into `sink`.
    fn run(
        &self,
        file: &PlannedFile,
        (due, item): (&Due<'_>, Item),
        results: &Results,
        view: &ProjectView<'_>,
        watch: &dyn Watch,
        sink: &mut Sink<'_>,
    ) -> Result<(), Box<PackProblem>> {
        let results = Some((results, &*due.spec.needs));
        let subject = Subject { pack: self.pack, options: &self.options, item, output: Some(&file.path), results };
        run(self.template(due), &self.templates, &subject, self.limits, watch, view, sink).map_err(|problem| {
            let is_too_much = problem.is_limit;
            let mut problem = self.problem(problem);
            if let Some(name) = missing_partial(&problem.trouble.message) {
                problem.trouble.hint = did_you_mean(name, self.pack.partial_names().iter().map(String::as_str));
            }
            if is_too_much {
                let hint = "does it go on without an end? If not, `limits = 10` in [packs.NAME] allows it ten times as much";
                problem.trouble.hint = Some(hint.to_owned());
            }
            problem.trouble.message = format!("{} (while writing {})", problem.trouble.message, file.path);
            problem
        })
    }

    fn template(&self, due: &Due<'_>) -> &Template {
        self.templates.get(&due.template).unwrap_or_else(|| unreachable!("due templates are compiled"))
    }

    /// What others may see of a file, once it is rendered.
    pub fn result(&self, file: &PlannedFile, text: String, view: &ProjectView<'_>) -> Option<(String, ResultFile)> {
        match &file.content {
            Content::Rendered(output, item) if file.is_needed => {
                let result = ResultFile { path: file.path.clone(), name: item.name(view), text };
                Some((self.outputs[*output].spec.name.clone(), result))
            }
            Content::Rendered(..) | Content::Copied(_) => None,
        }
    }

    fn copy(&self, path: &str) -> Result<FileContent, Box<PackProblem>> {
        match self.pack.static_file(path) {
            Ok(Some((bytes, is_executable))) => Ok(FileContent::Bytes { bytes, is_executable }),
            Ok(None) => Err(manifest_problem(self.pack, 0, Span::new(0, 0), format!("the file static/{path} is gone"), None)),
            Err(error) => Err(manifest_problem(self.pack, 0, Span::new(0, 0), error, None)),
        }
    }

    /// White space at ends as the pack wants it.
    fn finish(&self, mut text: String) -> String {
        if self.pack.is_trimmed() {
            text = without_trailing_space(text);
        }
        if self.pack.has_final_newline() { with_final_newline(text) } else { text }
    }

    fn add(
        &mut self,
        layer: usize,
        pattern: &Pattern,
        file: PlannedFile,
        taken: &mut TakenPaths,
    ) -> Result<(), Box<PackProblem>> {
        let fail = |message, hint: &str| Err(manifest_problem(self.pack, layer, pattern.span, message, Some(hint.to_owned())));
        if let Err(reason) = check_path(&file.path) {
            let message = format!("{} would go to {:?}, which cannot be used: {reason}", file.about, file.path);
            return fail(
                message,
                "write a path below the pack's folder, with `/` between folders, for every name that can occur",
            );
        }
        if let Err(other) = taken.take(&file.path) {
            let message = format!("{} would go to {:?}, which is taken by {other:?}", file.about, file.path);
            return fail(message, "put something into the path that tells the files apart, in more than upper and lower case");
        }
        self.files.push(file);
        Ok(())
    }

    fn add_static(
        &mut self,
        layer: usize,
        spec: &'p StaticSpec,
        allowance: &Allowance,
        view: &ProjectView<'_>,
        taken: &mut TakenPaths,
    ) -> Result<(), Box<PackProblem>> {
        let found = self.pack.static_files(&spec.from);
        if found.is_empty() {
            let message = format!("there is no file static/{}", spec.from);
            return Err(manifest_problem(self.pack, layer, spec.from_span, message, None));
        }
        let patterns = Patterns::new(self.pack, layer, &spec.to, spec.when.as_ref(), view)?;
        let subject = Subject { pack: self.pack, options: &self.options, item: Item::Project, output: None, results: None };
        let Some(to) = patterns.path(&subject, allowance, view)? else { return Ok(()) };
        for (_, path) in found {
            // Of a file itself, nothing is left.
            let join = |folder: &str| match (folder, &*path) {
                (_, "") => folder.to_owned(),
                ("" | ".", path) => path.to_owned(),
                (folder, path) => format!("{}/{path}", folder.trim_end_matches('/')),
            };
            let file = PlannedFile {
                path: join(&to),
                write: spec.write,
                wave: 0,
                is_needed: false,
                about: format!("`static.{}`", spec.name),
                content: Content::Copied(join(&spec.from)),
            };
            self.add(layer, &spec.to, file, taken)?;
        }
        Ok(())
    }

    /// Compiles the template of `spec` and the partials that it needs; the result is its name.
    fn compile_template(
        &mut self,
        layer: usize,
        spec: &OutputSpec,
        view: &ProjectView<'_>,
        compiled: &mut CompiledTemplates,
    ) -> Result<String, Box<PackProblem>> {
        let pack = self.pack;
        let fail = |message, hint| manifest_problem(pack, layer, spec.template_span, message, hint);
        let found = pack.template(&spec.template, 0).map_err(|error| fail(error, None))?;
        let Some(text) = found else {
            let known = pack.layers().iter().flat_map(|layer| layer.files.list(super::assembly::TEMPLATES)).collect::<Vec<_>>();
            let known = known.iter().map(|path| &path[super::assembly::TEMPLATES.len() + 1..]);
            let hint = nearest(&spec.template, known).map(|near| format!("did you mean {near:?}?"));
            return Err(fail(format!("there is no file templates/{}", spec.template), hint));
        };
        let name = text.shown.clone();
        if self.templates.get(&name).is_none() {
            let template = compile_text(pack, &name, &text, view, compiled)?;
            self.compile_partials(text.layer, &template, view, compiled)?;
            self.templates.insert(template);
        }
        Ok(name)
    }

    /// Compiles the partials that `template`, of a layer, calls, and those that they call.
    fn compile_partials(
        &mut self,
        layer: usize,
        template: &Template,
        view: &ProjectView<'_>,
        compiled: &mut CompiledTemplates,
    ) -> Result<(), Box<PackProblem>> {
        let pack = self.pack;
        let mut pending: Vec<(usize, String)> = Vec::new();
        let calls = |layer: usize, template: &Template, pending: &mut Vec<(usize, String)>| {
            pending.extend(template.partials().map(|(name, _)| (layer, name.to_owned())));
            if template.has_dynamic_partials() {
                pending.extend(pack.partial_names().into_iter().map(|name| (layer, name)));
            }
        };
        calls(layer, template, &mut pending);
        while let Some((caller, name)) = pending.pop() {
            if self.templates.get(&name).is_some() {
                continue;
            }
            // What is found nowhere may be an inline partial, or have a block to fall back to: rendering knows.
            let found = find_partial(pack, caller, &name);
            let found = found.map_err(|error| manifest_problem(pack, caller, Span::new(0, 0), error, None))?;
            if let Some(text) = found {
                let template = compile_text(pack, &name, &text, view, compiled)?;
                calls(text.layer, &template, &mut pending);
                self.templates.insert(template);
            }
        }
        Ok(())
    }

    fn problem(&self, problem: Problem) -> Box<PackProblem> {
        let source = self.templates.get(&problem.template).map(|template| template.source().to_owned());
        to_pack_problem(problem, source.unwrap_or_default(), |name| shown_name(self.pack, name))
    }
}

/// What the names of what a pack extends begin with.
const BASE: &str = "base/";

/// The partial that `name` means in a text of the layer `caller`: of the first layer that has one, or behind `base/` of the
/// first one after `caller`. There, templates count too.
pub(super) fn find_partial(pack: &Pack, caller: usize, name: &str) -> Result<Option<PackText>, String> {
    let Some(name) = name.strip_prefix(BASE) else { return pack.partial(name, 0) };
    match pack.partial(name, caller + 1)? {
        Some(text) => Ok(Some(text)),
        None => pack.template(&format!("{name}{}", super::assembly::EXTENSION), caller + 1),
    }
}

/// A partial is compiled under the name that it is called by. For people, it is a file.
fn shown_name(pack: &Pack, name: &str) -> String {
    let found = (0..pack.layers().len()).find_map(|caller| find_partial(pack, caller, name).ok().flatten());
    found.map_or_else(|| name.to_owned(), |text| text.shown)
}

fn compile_text(
    pack: &Pack,
    name: &str,
    text: &PackText,
    view: &ProjectView<'_>,
    compiled: &mut CompiledTemplates,
) -> Result<Arc<Template>, Box<PackProblem>> {
    let escapes_html = pack.layers()[text.layer].manifest.escapes_html;
    compiled.get_or_compile(name, text, escapes_html, view.vocabulary()).map_err(|problems| match problems.into_iter().next() {
        Some(problem) => to_pack_problem(problem, text.text.clone(), |_| text.shown.clone()),
        None => unreachable!("failing takes a problem"),
    })
}

fn to_pack_problem(problem: Problem, text: String, shown: impl Fn(&str) -> String) -> Box<PackProblem> {
    Box::new(PackProblem {
        path: shown(&problem.template),
        text,
        calls: problem.calls.iter().map(|call| (shown(&call.template), call.position)).collect(),
        trouble: Trouble { span: problem.span, message: problem.message, hint: problem.hint },
    })
}

/// The name of the partial that does not exist, if that is the problem. Rendering knows those that are called, under names
/// that are none for people, and not all that there are.
fn missing_partial(message: &str) -> Option<&str> {
    message.strip_prefix("there is no partial `")?.strip_suffix('`')
}

/// For each output, how many have to be rendered before it, in a row.
pub(super) fn waves(pack: &Pack, outputs: &[(usize, &OutputSpec)]) -> Result<Vec<usize>, Box<PackProblem>> {
    let mut waves = vec![0; outputs.len()];
    for (layer, spec) in outputs {
        for (name, span) in &spec.needs {
            if !outputs.iter().any(|(_, other)| other.name == *name) {
                let hint =
                    nearest(name, outputs.iter().map(|(_, other)| &*other.name)).map(|near| format!("did you mean {near:?}?"));
                return Err(manifest_problem(pack, *layer, *span, format!("there is no output {name:?}"), hint));
            }
        }
    }
    // Every round puts at least one more output in its place, unless they need each other in a circle.
    for _ in 0..=outputs.len() {
        let wave_of = |name: &str| outputs.iter().position(|(_, other)| other.name == name).map_or(0, |at| waves[at] + 1);
        let next: Vec<usize> =
            outputs.iter().map(|(_, spec)| spec.needs.iter().map(|(name, _)| wave_of(name)).max().unwrap_or(0)).collect();
        if next == waves {
            return Ok(waves);
        }
        waves = next;
    }
    let at = waves.iter().enumerate().max_by_key(|(_, wave)| **wave).map_or(0, |(at, _)| at);
    let (layer, spec) = outputs[at];
    let span = spec.needs.first().map_or(Span::new(0, 0), |(_, span)| *span);
    let hint = Some("remove one of the needs in the circle".to_owned());
    Err(manifest_problem(pack, layer, span, format!("the output `{}` needs itself, through others", spec.name), hint))
}

pub(super) fn manifest_problem(pack: &Pack, layer: usize, span: Span, message: String, hint: Option<String>) -> Box<PackProblem> {
    let layer = &pack.layers()[layer];
    Box::new(PackProblem {
        path: format!("{}/pack.toml", layer.shown),
        text: layer.text.clone(),
        trouble: Trouble::new(span, message, hint),
        calls: Vec::new(),
    })
}

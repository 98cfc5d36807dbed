//! The packs that a project asks for, with their options.

use std::path::PathBuf;

use langloom_core::emit::pack::{Limits, OptionSpec, OptionType, OptionValue, Pack, nearest};
use langloom_core::text::Span;

use super::{Asking, MANIFEST, load};
use crate::config::Project;
use crate::json::{Member, Node, Value};
use crate::kinds::FindingKind;
use crate::paths;
use crate::report::{Document, Exit, Failure, Finding};
use crate::settings::PackUse;

/// A pack that is to be rendered.
#[derive(Debug)]
pub(crate) struct Configured {
    /// What the user calls it.
    pub(crate) name: String,
    pub(crate) pack: Pack,
    /// The absolute folder that it writes to.
    pub(crate) out: PathBuf,
    /// How many times the usual limits of templates, if the user decides.
    limits: Option<f64>,
    /// The value of each option.
    pub(crate) options: Vec<(String, OptionValue)>,
}

/// Bytes of grammars from which on the limits of built-in packs grow. The usual ones are too few for `docs` with 3.8 MB, 100,000
/// lines, whose diagrams take more than 256 MB, and for `types` with 39 MB.
const USUAL_GRAMMARS: f64 = 1_000_000.0;

impl Configured {
    /// The absolute paths of the files that the pack consists of. Those of built-in packs and in archives have none.
    pub(crate) fn sources(&self) -> Vec<PathBuf> {
        let layers = self.pack.layers().iter().filter(|layer| !super::built_in::is_shown(&layer.shown));
        let files = layers.flat_map(|layer| {
            let folder = PathBuf::from(&layer.shown);
            let below = super::folder::FOLDERS.into_iter().flat_map(|name| layer.files.list(name)).chain([MANIFEST.to_owned()]);
            let is_archive = super::source::is_archive(&layer.shown);
            let files: Vec<PathBuf> = if is_archive { vec![folder] } else { below.map(|path| folder.join(path)).collect() };
            files
        });
        files.collect()
    }

    /// How far the templates may go, for grammars of so many bytes. Those of built-in packs are known to come to an end, and
    /// to do little for each rule: what they may do grows with the grammars.
    pub(crate) fn limits(&self, source_bytes: usize) -> Limits {
        Limits::DEFAULT.times(self.factor(source_bytes))
    }

    /// How many times the usual limits these are.
    pub(crate) fn factor(&self, source_bytes: usize) -> f64 {
        let is_built_in = self.pack.layers().iter().all(|layer| super::built_in::is_shown(&layer.shown));
        let grown = if is_built_in { source_bytes as f64 / USUAL_GRAMMARS } else { 1.0 };
        self.limits.unwrap_or(1.0).max(grown)
    }
}

/// Loads the packs of `project`.
pub(crate) fn configured(project: &Project) -> Result<Vec<Configured>, Failure> {
    let sets = project.settings.sets.iter().map(|text| parse_set(text)).collect::<Result<Vec<Set<'_>>, Failure>>()?;
    let uses = &project.settings.packs;
    for set in &sets {
        if !uses.iter().any(|pack| pack.name == set.pack) {
            let hint = match nearest(set.pack, uses.iter().map(|pack| &*pack.name)) {
                Some(near) => format!("did you mean {near}?"),
                None if uses.is_empty() => "langloom.toml configures none: add a table [packs.NAME]".to_owned(),
                None => format!("configured are: {}", uses.iter().map(|pack| &*pack.name).collect::<Vec<_>>().join(", ")),
            };
            return Err(set.failure(format!("there is no pack `{}`", set.pack), Some(hint)));
        }
    }
    uses.iter().map(|pack| configure(project, pack, &sets)).collect()
}

fn configure(project: &Project, pack_use: &PackUse, sets: &[Set<'_>]) -> Result<Configured, Failure> {
    let document = project.settings.document.as_ref();
    let (from, span) = match &pack_use.from {
        Some((from, span)) => (from, *span),
        None => (&pack_use.name, pack_use.name_span),
    };
    let pack = load(from, &project.folder, Asking { document, span: Some(span) })?;
    let out = match &pack_use.out {
        Some((out, _)) => paths::resolve(&project.folder, out),
        None => paths::resolve(&project.folder, format!("{}/{}", project.config.out, pack_use.name)),
    };
    let sets: Vec<&Set<'_>> = sets.iter().filter(|set| set.pack == pack_use.name).collect();
    let options = options(&pack, pack_use, &sets, document)?;
    Ok(Configured { name: pack_use.name.clone(), pack, out, limits: pack_use.limits, options })
}

/// The value of each option: that of the command line, else of the settings, else its default.
fn options(
    pack: &Pack,
    pack_use: &PackUse,
    sets: &[&Set<'_>],
    document: Option<&Document>,
) -> Result<Vec<(String, OptionValue)>, Failure> {
    let specs = pack.options();
    let mut values: Vec<(String, OptionValue)> = specs.iter().map(|spec| (spec.name.clone(), spec.default.clone())).collect();
    let mut findings = Vec::new();
    for Member { key, key_span, value } in &pack_use.options {
        match specs.iter().position(|spec| spec.name == *key) {
            None => {
                let message = format!("the pack `{}` has no option `{key}`", pack_use.name);
                findings.push(wrong(*key_span, message, no_option(key, &specs)));
            }
            Some(at) => match value_of(value).filter(|value| specs[at].ty.takes(value)) {
                Some(value) => values[at].1 = value,
                None => {
                    let message = format!("the option `{key}` must be {}", specs[at].ty.wanted());
                    findings.push(wrong(value.span, message, near_choice(value.text(), &specs[at].ty)));
                }
            },
        }
    }
    if let (false, Some(document)) = (findings.is_empty(), document) {
        return Err(Failure::about(Exit::Invalid, document.clone(), findings));
    }
    for set in sets {
        let Some(at) = specs.iter().position(|spec| spec.name == set.option) else {
            let message = format!("the pack `{}` has no option `{}`", set.pack, set.option);
            return Err(set.failure(message, Some(no_option(set.option, &specs))));
        };
        let Some(value) = specs[at].ty.parse(set.value) else {
            let message = format!("the option `{}` must be {}, not {:?}", set.option, specs[at].ty.wanted(), set.value);
            return Err(set.failure(message, near_choice(Some(set.value), &specs[at].ty)));
        };
        values[at].1 = value;
    }
    Ok(values)
}

fn wrong(span: Span, message: String, hint: impl Into<Option<String>>) -> Finding {
    Finding::error(Some(FindingKind::PackOption), Some(span), message, hint.into())
}

fn no_option(name: &str, specs: &[&OptionSpec]) -> String {
    match nearest(name, specs.iter().map(|spec| &*spec.name)) {
        Some(near) => format!("did you mean `{near}`?"),
        None if specs.is_empty() => "it has none".to_owned(),
        None => format!("it has: {}", specs.iter().map(|spec| &*spec.name).collect::<Vec<_>>().join(", ")),
    }
}

fn near_choice(text: Option<&str>, ty: &OptionType) -> Option<String> {
    let OptionType::Choice(choices) = ty else { return None };
    nearest(text?, choices.iter().map(String::as_str)).map(|near| format!("did you mean {near:?}?"))
}

fn value_of(node: &Node) -> Option<OptionValue> {
    match &node.value {
        Value::Text(text) => Some(OptionValue::Text(text.clone())),
        Value::Bool(flag) => Some(OptionValue::Flag(*flag)),
        Value::Number(number) if number.is_finite() => Some(OptionValue::Number(*number)),
        Value::List(items) => {
            let texts = items.iter().map(|item| item.text().map(str::to_owned));
            Some(OptionValue::Texts(texts.collect::<Option<_>>()?))
        }
        Value::Number(_) | Value::Null | Value::Object(_) => None,
    }
}

/// An argument of `--set`.
#[derive(Clone, Copy, Debug)]
struct Set<'s> {
    text: &'s str,
    pack: &'s str,
    option: &'s str,
    value: &'s str,
}

impl Set<'_> {
    fn failure(&self, message: String, hint: Option<String>) -> Failure {
        invalid_set(self.text, message, hint)
    }
}

fn parse_set(text: &str) -> Result<Set<'_>, Failure> {
    let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
    match parts {
        Some(((pack, option), value)) if !pack.is_empty() && !option.is_empty() => Ok(Set { text, pack, option, value }),
        Some(_) | None => {
            let hint = "write PACK.OPTION=VALUE, for example --set types.zod=true".to_owned();
            Err(invalid_set(text, "that is no option of a pack".to_owned(), Some(hint)))
        }
    }
}

fn invalid_set(text: &str, message: String, hint: Option<String>) -> Failure {
    let finding = Finding::error(Some(FindingKind::PackOption), None, format!("--set {text}: {message}"), hint);
    Failure { exit: Exit::Invalid, document: None, findings: vec![finding] }
}

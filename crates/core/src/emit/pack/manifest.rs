//! `pack.toml`: what a pack is called, which options it has and which files it writes.

use toml::de::DeTable;

use super::fields::{Fields, span};
use super::option::{self, OptionSpec};
use super::output_path::check_path;
use super::trouble::Trouble;
use crate::text::Span;

/// The version of the view that templates see; it grows by one when a field is removed or changes its meaning.
pub const VIEW_VERSION: u32 = 1;

/// What `pack.toml` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Manifest {
    /// `name`
    pub name: String,
    /// `version`: three numbers.
    pub version: String,
    /// `description`: one line.
    pub description: String,
    /// `extends`: the pack that this one builds on, named as in a configuration, and where it stands.
    pub extends: Option<(String, Span)>,
    /// `escape`: whether `{{…}}` escapes HTML.
    pub escapes_html: bool,
    /// `trim`: whether white space at the ends of lines is removed from what is written; as the pack it extends unless given.
    pub trims: Option<bool>,
    /// `final_newline`: whether texts end with exactly one line break, whatever the template ends with.
    pub final_newline: Option<bool>,
    /// `[options.NAME]`, in the order of the file.
    pub options: Vec<OptionSpec>,
    /// `[outputs.NAME]`, in the order of the file.
    pub outputs: Vec<OutputSpec>,
    /// `[static.NAME]`, in the order of the file.
    pub statics: Vec<StaticSpec>,
}

/// `[outputs.NAME]`: files that one template writes.
#[derive(Clone, Debug, PartialEq)]
pub struct OutputSpec {
    /// Its name, for messages, `needs`, and packs that extend this one.
    pub name: String,
    /// `template`: a path below `templates`.
    pub template: String,
    /// `path`: where a file goes, below the pack's `out`; itself a template.
    pub path: Pattern,
    /// `for_each`: what there is a file for.
    pub for_each: ForEach,
    /// `when`: an expression; no file where it is false.
    pub when: Option<Pattern>,
    /// `write`: what to do with a file that is there.
    pub write: WriteMode,
    /// `needs`: outputs whose texts the template looks at.
    pub needs: Vec<(String, Span)>,
    /// Where the name of the template stands.
    pub template_span: Span,
}

/// `[static.NAME]`: files that are copied as they are.
#[derive(Clone, Debug, PartialEq)]
pub struct StaticSpec {
    /// Its name, for messages and packs that extend this one.
    pub name: String,
    /// `from`: a file or a folder below `static`; empty for all of it.
    pub from: String,
    /// `to`: where it goes, below the pack's `out`; itself a template.
    pub to: Pattern,
    /// `when`: an expression; no files where it is false.
    pub when: Option<Pattern>,
    /// `write`: `always` or `once`.
    pub write: WriteMode,
    /// Where `from` stands.
    pub from_span: Span,
}

/// A short template in `pack.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// The template.
    pub text: String,
    /// Where it stands in `pack.toml`, with its quotes.
    pub span: Span,
}

/// What there is a file for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum ForEach {
    #[default]
    Project,
    Grammar,
    Rule,
    Type,
    Terminal,
}

impl ForEach {
    /// The words of `for_each`.
    pub const WORDS: &[(&str, ForEach)] = &[
        ("project", ForEach::Project),
        ("grammar", ForEach::Grammar),
        ("rule", ForEach::Rule),
        ("type", ForEach::Type),
        ("terminal", ForEach::Terminal),
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, meaning)| *meaning == self).map_or("", |(word, _)| word)
    }
}

/// What to do with a file that is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WriteMode {
    /// The file is Langloom's: it is written anew.
    #[default]
    Always,
    /// The file becomes the user's: it is written if it is not there.
    Once,
    /// The file is Langloom's but for the regions in it, which are the user's.
    Regions,
}

impl WriteMode {
    /// The words of `write`.
    pub const WORDS: &[(&str, WriteMode)] = &[
        ("always", WriteMode::Always),
        ("once", WriteMode::Once),
        ("regions", WriteMode::Regions),
        ("region-preserving", WriteMode::Regions),
    ];

    /// Its word, the first one of several.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, meaning)| *meaning == self).map_or("", |(word, _)| word)
    }
}

/// The keys of `pack.toml`, with what they are for.
pub const PACK_KEYS: &[(&str, &str)] = &[
    ("name", "what the pack is called: lower-case letters, digits and `-`"),
    ("version", "its version, for example `1.0.0`"),
    ("description", "one line for `langloom packs list`"),
    ("langloom", "the oldest Langloom that it works with, for example `0.1`"),
    ("view", "the version of the view that its templates are written for"),
    ("extends", "another pack, named as in a configuration, whose options, outputs and files it takes over"),
    ("escape", "`html`: `{{…}}` escapes HTML; `none`, the default: it does not"),
    ("trim", "true: white space at the ends of lines is removed; the default is false"),
    ("final_newline", "true, the default: files end with exactly one line break"),
    ("options", "tables `[options.NAME]`"),
    ("outputs", "tables `[outputs.NAME]`"),
    ("static", "tables `[static.NAME]`"),
];

/// The keys of `[outputs.NAME]`, with what they are for.
pub const OUTPUT_KEYS: &[(&str, &str)] = &[
    ("template", "a file below `templates`"),
    ("path", "where a file goes, below the pack's `out`; itself a template: `\"{{kebab rule.name}}.md\"`"),
    ("for_each", "what there is a file for: `project` (the default), `grammar`, `rule`, `type` or `terminal`"),
    ("when", "an expression, as between `{{#if` and `}}`; no file where it is false"),
    ("write", "`always` (the default), `once` or `regions`, which may be called `region-preserving`"),
    ("needs", "names of outputs whose texts the template finds in `results`"),
];

/// The keys of `[static.NAME]`, with what they are for.
pub const STATIC_KEYS: &[(&str, &str)] = &[
    ("from", "a file or a folder below `static`; all of it unless given"),
    ("to", "where it goes, below the pack's `out`; itself a template. A file's path, or a folder's"),
    ("when", "an expression, as between `{{#if` and `}}`; no files where it is false"),
    ("write", "`always` (the default) or `once`"),
];

fn keys(table: &'static [(&'static str, &'static str)]) -> Vec<&'static str> {
    table.iter().map(|(key, _)| *key).collect()
}

/// Reads the text of a `pack.toml`. Everything wrong with it is told at once. `langloom` is the version of this Langloom.
pub fn parse_manifest(text: &str, langloom: &str) -> Result<Manifest, Vec<Trouble>> {
    let table = DeTable::parse(text)
        .map_err(|error| vec![Trouble::new(span(error.span().unwrap_or(0..0)), error.message().to_owned(), None)])?;
    let mut troubles = Vec::new();
    let start = Span::new(0, text.lines().next().map_or(0, str::len) as u32);
    let manifest = read(&Fields::new(table.get_ref(), start, "the pack".to_owned()), langloom, &mut troubles);
    troubles.sort_by_key(|trouble| trouble.span.start);
    if troubles.is_empty() { Ok(manifest) } else { Err(troubles) }
}

fn read(fields: &Fields<'_>, langloom: &str, troubles: &mut Vec<Trouble>) -> Manifest {
    fields.allow(&keys(PACK_KEYS), troubles);
    let mut required = |key: &str, example: &str| {
        if fields.get(key).is_none() {
            fields.lacks(key, example, troubles);
        }
        fields.text(key, troubles)
    };
    let name = required("name", "name = \"my-pack\"");
    let version = required("version", "version = \"1.0.0\"");
    let description = required("description", "description = \"Java classes of the AST\"");
    if let Some((name, span)) = name.filter(|(name, _)| !is_name(name)) {
        let hint = Some("use lower-case letters, digits and `-`, and begin with a letter".to_owned());
        troubles.push(Trouble::new(span, format!("{name:?} cannot be the name of a pack"), hint));
    }
    if let Some((version, span)) = version.filter(|(version, _)| numbers(version).is_none_or(|numbers| numbers.len() != 3)) {
        troubles.push(Trouble::new(span, format!("{version:?} is no version"), Some("for example \"1.0.0\"".to_owned())));
    }
    if let Some((oldest, span)) = fields.text("langloom", troubles) {
        match (numbers(oldest), numbers(langloom)) {
            (None, _) => {
                troubles.push(Trouble::new(span, format!("{oldest:?} is no version"), Some("for example \"0.1\"".to_owned())));
            }
            (Some(wanted), Some(ours)) if wanted > ours => {
                let message = format!("the pack needs Langloom {oldest}, and this is {langloom}");
                troubles.push(Trouble::new(span, message, Some("install a newer Langloom".to_owned())));
            }
            (Some(_), _) => {}
        }
    }
    check_view(fields, troubles);
    let options = fields.tables("options", troubles);
    let options = options.into_iter().filter_map(|(name, at, table)| {
        if !is_identifier(name) {
            let hint = Some("use letters, digits and `_`, and begin with a letter".to_owned());
            troubles.push(Trouble::new(at, format!("{name:?} cannot be the name of an option"), hint));
        }
        option::read(name, &table, troubles)
    });
    let options = options.collect();
    let outputs = fields.tables("outputs", troubles);
    let outputs: Vec<OutputSpec> =
        outputs.into_iter().filter_map(|(name, at, table)| read_output(name, at, &table, troubles)).collect();
    let statics = fields.tables("static", troubles);
    let statics = statics.into_iter().filter_map(|(name, at, table)| read_static(name, at, &table, troubles)).collect();
    let text_of = |found: Option<(&str, Span)>| found.map(|(text, _)| text.to_owned()).unwrap_or_default();
    Manifest {
        name: text_of(name),
        version: text_of(version),
        description: text_of(description),
        extends: fields.text("extends", troubles).map(|(text, span)| (text.to_owned(), span)),
        escapes_html: fields.choice("escape", &[("none", false), ("html", true)], troubles).unwrap_or(false),
        trims: fields.flag("trim", troubles),
        final_newline: fields.flag("final_newline", troubles),
        options,
        outputs,
        statics,
    }
}

fn check_view(fields: &Fields<'_>, troubles: &mut Vec<Trouble>) {
    let Some(value) = fields.get("view") else { return };
    let found = value.get_ref().as_integer().and_then(|number| number.as_str().parse::<u32>().ok());
    if found != Some(VIEW_VERSION) {
        let message = format!("`view` of the pack must be {VIEW_VERSION}, the version of the view of this Langloom");
        let hint = Some("see docs/packs.md for what its templates may name".to_owned());
        troubles.push(Trouble::new(span(value.span()), message, hint));
    }
}

fn read_output(name: &str, at: Span, fields: &Fields<'_>, troubles: &mut Vec<Trouble>) -> Option<OutputSpec> {
    fields.allow(&keys(OUTPUT_KEYS), troubles);
    check_item_name(name, at, troubles);
    for (key, example) in [("template", "template = \"index.ts.hbs\""), ("path", "path = \"index.ts\"")] {
        if fields.get(key).is_none() {
            fields.lacks(key, example, troubles);
        }
    }
    let template = fields.text("template", troubles);
    if let Some((path, span)) = template {
        check_inside(path, "templates", span, troubles);
    }
    let path = fields.text("path", troubles);
    let needs = fields.texts("needs", troubles).unwrap_or_default();
    let for_each = fields.choice("for_each", ForEach::WORDS, troubles).unwrap_or_default();
    let when = fields.text("when", troubles).map(pattern);
    let write = fields.choice("write", WriteMode::WORDS, troubles).unwrap_or_default();
    let (template, template_span) = template?;
    Some(OutputSpec {
        name: name.to_owned(),
        template: template.to_owned(),
        path: pattern(path?),
        for_each,
        when,
        write,
        needs: needs.into_iter().map(|(name, span)| (name.to_owned(), span)).collect(),
        template_span,
    })
}

fn read_static(name: &str, at: Span, fields: &Fields<'_>, troubles: &mut Vec<Trouble>) -> Option<StaticSpec> {
    fields.allow(&keys(STATIC_KEYS), troubles);
    check_item_name(name, at, troubles);
    let from = fields.text("from", troubles);
    if let Some((path, span)) = from {
        check_inside(path, "static", span, troubles);
    }
    let to = fields.text("to", troubles);
    if fields.get("to").is_none() {
        fields.lacks("to", "to = \"assets\"", troubles);
    }
    let when = fields.text("when", troubles).map(pattern);
    let write = fields.choice("write", &WriteMode::WORDS[..2], troubles).unwrap_or_default();
    let (from, from_span) = from.unwrap_or(("", at));
    Some(StaticSpec { name: name.to_owned(), from: from.to_owned(), to: pattern(to?), when, write, from_span })
}

fn pattern((text, span): (&str, Span)) -> Pattern {
    Pattern { text: text.to_owned(), span }
}

fn check_item_name(name: &str, at: Span, troubles: &mut Vec<Trouble>) {
    if !is_identifier(name) {
        let hint = Some("use letters, digits, `_` and `-`, and begin with a letter".to_owned());
        troubles.push(Trouble::new(at, format!("{name:?} cannot be the name of an output"), hint));
    }
}

/// Files of a pack lie in the pack.
fn check_inside(path: &str, folder: &str, span: Span, troubles: &mut Vec<Trouble>) {
    if let Err(reason) = check_path(path) {
        let hint = Some(format!("write the path of a file in the pack's folder `{folder}`, with `/` between folders"));
        troubles.push(Trouble::new(span, format!("{path:?} cannot be used: {reason}"), hint));
    }
}

fn is_name(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    letters && name.len() <= 64 && name.starts_with(|first: char| first.is_ascii_lowercase())
}

fn is_identifier(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    letters && name.starts_with(|first: char| first.is_ascii_alphabetic())
}

/// The numbers of a version, one to three.
fn numbers(version: &str) -> Option<Vec<u32>> {
    let release = version.split(['-', '+']).next()?;
    let numbers = release.split('.').map(|part| part.parse::<u32>().ok()).collect::<Option<Vec<u32>>>()?;
    (1..=3).contains(&numbers.len()).then_some(numbers)
}

//! Finding and reading a project's configuration, as `loadConfig` in langium-cli's `package.ts` does.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use langloom_core::model::config::{
    BnfComment, BnfConfig, BnfDialect, Config, ConfigValue, LanguageConfig, Mode, ParserConfig, RailroadConfig, Version,
};
use langloom_core::text::Span;

use crate::json::{self, Node, Value};
use crate::kinds::FindingKind;
use crate::report::{Document, Exit, Failure, Finding};
use crate::settings::{self, Settings};
use crate::{compat, disk, paths, schema};

/// A configuration that was read, and where everything in it belongs.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) config: Config,
    /// The absolute path of the configuration file.
    pub(crate) path: PathBuf,
    /// Its folder: all paths in it start there.
    pub(crate) folder: PathBuf,
    /// Its text.
    pub(crate) document: Document,
    /// Where in it the `grammar` of each language stands.
    pub(crate) grammar_spans: Vec<Option<Span>>,
    /// Langloom's own settings beside it.
    pub(crate) settings: Settings,
    /// What should be said before the work starts.
    pub(crate) warning: Option<String>,
    /// What is taken in place of files, by absolute path.
    pub(crate) given: HashMap<PathBuf, Given>,
}

/// What stands for a file.
#[derive(Debug)]
pub(crate) enum Given {
    Text(String),
    StandardInput,
}

const CONFIG_FILE: &str = "langium-config.json";
const PACKAGE_FILE: &str = "package.json";

/// Which file to read.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) absolute: PathBuf,
    /// As the user would write it.
    shown: PathBuf,
    /// The user named it.
    is_given: bool,
}

/// The configuration file to read: `file` if given, else `langium-config.json`, else `package.json`, in the folder `file` or
/// in the current one.
pub(crate) fn find(file: Option<&Path>) -> Result<Found, Failure> {
    let given = file.filter(|file| !file.as_os_str().is_empty());
    let is_given = given.is_some_and(|given| !given.is_dir());
    let shown = match given {
        Some(file) if is_given => file.to_owned(),
        folder => {
            let folder = folder.unwrap_or(Path::new(""));
            let config = folder.join(CONFIG_FILE);
            if disk::exists(&config) { config } else { folder.join(PACKAGE_FILE) }
        }
    };
    let absolute = paths::resolve(&disk::current_folder()?, &shown);
    Ok(Found { absolute, shown, is_given })
}

/// Reads the configuration. `mode` overrides the one in it.
pub(crate) fn load(found: &Found, mode: Option<Mode>) -> Result<Project, Failure> {
    let Found { absolute, shown, is_given } = found;
    let folder = absolute.parent().unwrap_or(absolute).to_owned();
    let text = match disk::read_text(absolute) {
        Ok(text) => text,
        Err(error) if !*is_given && disk::is_absence(&error) => {
            let message = format!("there is no {CONFIG_FILE} and no {PACKAGE_FILE} in {}", folder.display());
            let hint = "run langloom in the folder of your language, or name the file with --file".to_owned();
            return Err(Failure::world(message, Some(hint)));
        }
        Err(error) => return Err(disk::cannot_read(absolute, &error).into()),
    };
    let document = Document { path: shown.display().to_string(), text };
    let whole = parse(&document)?;
    let is_package = absolute.file_name().is_some_and(|name| name == PACKAGE_FILE);
    let node = if is_package { whole.get("langium") } else { Some(&whole) };
    let node = match node {
        // Anything else is invalid rather than missing, which is another exit code.
        Some(node) if matches!(node.value, Value::Object(_) | Value::List(_)) => node,
        node => return Err(no_config(document, node, is_package, *is_given)),
    };
    check(node, &document)?;
    let settings = settings::load(&folder, shown.parent().unwrap_or(shown))?;
    let (version, warning) = compat::version(&folder, &settings)?;
    let config = config(node, &folder, &document, mode, version)?;
    let grammar_spans = grammar_spans(node);
    let path = absolute.clone();
    Ok(Project { config, path, folder, document, grammar_spans, settings, warning, given: HashMap::new() })
}

/// The project of a configuration that is in no file, but would be at the absolute `path`; nor are its grammars, which are
/// `given`.
pub(crate) fn in_memory(
    path: PathBuf,
    text: String,
    settings: Settings,
    given: HashMap<PathBuf, Given>,
) -> Result<Project, Failure> {
    let document = Document { path: path.display().to_string(), text };
    let node = parse(&document)?;
    check(&node, &document)?;
    let folder = path.parent().unwrap_or(&path).to_owned();
    let config = config(&node, &folder, &document, None, Version::default())?;
    let grammar_spans = grammar_spans(&node);
    Ok(Project { config, path, folder, document, grammar_spans, settings, warning: None, given })
}

/// A project without a configuration: the one grammar at `path`, and defaults.
pub(crate) fn of_grammar(path: &Path) -> Result<Project, Failure> {
    let absolute = paths::resolve(&disk::current_folder()?, path);
    let folder = absolute.parent().unwrap_or(&absolute).to_owned();
    let document = Document { path: path.display().to_string(), text: String::new() };
    let grammar = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(Project { path: absolute, document, ..of_grammars(&folder, [grammar]) })
}

/// A project without a configuration: grammars with paths from the absolute `folder`, and defaults.
pub(crate) fn of_grammars(folder: &Path, grammars: impl IntoIterator<Item = String>) -> Project {
    let languages = grammars.into_iter().map(|grammar| LanguageConfig { grammar, ..LanguageConfig::default() });
    let languages: Vec<LanguageConfig> = languages.collect();
    let grammar_spans = vec![None; languages.len()];
    let config = Config { languages, out: ".".to_owned(), ..Config::default() };
    let document = Document { path: String::new(), text: String::new() };
    let path = folder.to_owned();
    let (folder, settings) = (folder.to_owned(), Settings::default());
    Project { config, path, folder, document, grammar_spans, settings, warning: None, given: HashMap::new() }
}

fn parse(document: &Document) -> Result<Node, Failure> {
    json::parse(&document.text).map_err(|error| {
        let finding = Finding::error(Some(FindingKind::Syntax), Some(error.span), error.message.to_owned(), None);
        Failure::about(Exit::Failed, document.clone(), vec![finding])
    })
}

fn check(node: &Node, document: &Document) -> Result<(), Failure> {
    let findings = schema::check(node);
    if findings.is_empty() { Ok(()) } else { Err(Failure::about(Exit::Invalid, document.clone(), findings)) }
}

/// The file has no configuration in it.
fn no_config(document: Document, node: Option<&Node>, is_package: bool, is_given: bool) -> Failure {
    let (message, hint) = match (is_package, node) {
        (true, None) if is_given => ("there is no key `langium` in this file".to_owned(), None),
        (true, None) => (
            "there is no key `langium` in this file, and no langium-config.json beside it".to_owned(),
            Some("run langloom in the folder of your language, or name the file with --file".to_owned()),
        ),
        (true, Some(_)) => ("`langium` must be an object".to_owned(), None),
        (false, _) => ("the configuration must be an object".to_owned(), None),
    };
    let finding = Finding::error(Some(FindingKind::WrongValue), node.map(|node| node.span), message, hint);
    Failure::about(Exit::Failed, document, vec![finding])
}

// The functions below read what `schema::check` found to be in order.

fn config(node: &Node, folder: &Path, document: &Document, mode: Option<Mode>, version: Version) -> Result<Config, Failure> {
    let languages = node.get("languages").map_or(&[][..], Node::items);
    Ok(Config {
        project_name: text_of(node, "projectName"),
        languages: languages.iter().map(|node| language(node, folder, document)).collect::<Result<_, Failure>>()?,
        out: match text_of(node, "out") {
            // The folder itself; joined to a file's name it would be the root of the file system.
            out if out.is_empty() => ".".to_owned(),
            out => out,
        },
        import_extension: optional_text(node, "importExtension").unwrap_or_else(|| ".js".to_owned()),
        mode: mode.unwrap_or(match node.get("mode").and_then(Node::text) {
            Some("production") => Mode::Production,
            _ => Mode::Development,
        }),
        strict_types: node.get("validation").is_some_and(|validation| text_of(validation, "types") == "strict"),
        parser_config: node.get("chevrotainParserConfig").map(parser_config),
        langium_internal: flag(node, "langiumInternal"),
        version,
    })
}

fn grammar_spans(node: &Node) -> Vec<Option<Span>> {
    let languages = node.get("languages").map_or(&[][..], Node::items);
    languages.iter().map(|language| Some(language.get("grammar")?.span)).collect()
}

fn language(node: &Node, folder: &Path, document: &Document) -> Result<LanguageConfig, Failure> {
    let out = |key| node.get(key).map(|node| text_of(node, "out"));
    let railroad = match node.get("railroad") {
        Some(node) => Some(railroad(node, folder, document)?),
        None => None,
    };
    Ok(LanguageConfig {
        id: text_of(node, "id"),
        grammar: text_of(node, "grammar"),
        file_extensions: node.get("fileExtensions").map(texts).unwrap_or_default(),
        file_names: node.get("fileNames").map(texts),
        case_insensitive: flag(node, "caseInsensitive"),
        text_mate: out("textMate"),
        monarch: out("monarch"),
        prism: out("prism"),
        railroad,
        bnf: node.get("bnf").map(|node| BnfConfig {
            out: text_of(node, "out"),
            dialect: match &*text_of(node, "dialect") {
                "EBNF" => BnfDialect::Ebnf,
                _ => BnfDialect::Gbnf,
            },
            comment: match &*text_of(node, "comment") {
                "skip" => Some(BnfComment::Skip),
                "parentheses" => Some(BnfComment::Parentheses),
                "slash" => Some(BnfComment::Slash),
                "hash" => Some(BnfComment::Hash),
                _ => None,
            },
        }),
        parser_config: node.get("chevrotainParserConfig").map(parser_config),
    })
}

/// With the text of the style sheet, a file in the absolute folder `folder`. (langium-cli goes on without one that it
/// cannot read.)
fn railroad(node: &Node, folder: &Path, document: &Document) -> Result<RailroadConfig, Failure> {
    let css = node.get("css").filter(|css| css.text() != Some(""));
    let styles = match css {
        Some(css) => {
            let path = paths::resolve(folder, css.text().unwrap_or_default());
            let text = disk::read_text(&path).map_err(|error| {
                let message = format!("cannot read the style sheet {}: {error}", path.display());
                let finding = Finding::error(Some(FindingKind::MissingCss), Some(css.span), message, None);
                Failure::about(Exit::Failed, document.clone(), vec![finding])
            })?;
            Some(text)
        }
        None => None,
    };
    Ok(RailroadConfig {
        out: text_of(node, "out"),
        css: css.and_then(Node::text).map(str::to_owned),
        styles,
        svg: text_of(node, "mode") == "svg",
    })
}

/// The options in the order of a JavaScript object: where a key stands first, with the value that it has last.
fn parser_config(node: &Node) -> ParserConfig {
    let mut options: Vec<(String, ConfigValue)> = Vec::new();
    let Value::Object(members) = &node.value else { return ParserConfig(options) };
    for member in members {
        let value = match &member.value.value {
            Value::Bool(value) => ConfigValue::Bool(*value),
            Value::Number(value) => ConfigValue::Number(*value),
            Value::Text(value) => ConfigValue::Text(value.clone()),
            Value::Null | Value::List(_) | Value::Object(_) => continue,
        };
        match options.iter_mut().find(|(key, _)| *key == member.key) {
            Some(option) => option.1 = value,
            None => options.push((member.key.clone(), value)),
        }
    }
    ParserConfig(options)
}

fn optional_text(node: &Node, key: &str) -> Option<String> {
    node.get(key)?.text().map(str::to_owned)
}

fn text_of(node: &Node, key: &str) -> String {
    optional_text(node, key).unwrap_or_default()
}

fn texts(node: &Node) -> Vec<String> {
    node.items().iter().filter_map(Node::text).map(str::to_owned).collect()
}

fn flag(node: &Node, key: &str) -> bool {
    matches!(node.get(key), Some(Node { value: Value::Bool(true), .. }))
}

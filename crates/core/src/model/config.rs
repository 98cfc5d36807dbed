//! The configuration of a project, as values. Reading `langium-config.json` is the shell's business.
//!
//! Keys are those of `langium-config-schema.json` in langium-cli 4.4.0.

/// What to generate, from which grammars, to where. Paths are relative to the configuration file's folder.
#[derive(Clone, Debug)]
pub struct Config {
    /// `projectName`: prefix of the generated type names.
    pub project_name: String,
    /// `languages`, in the order of the file.
    pub languages: Vec<LanguageConfig>,
    /// `out`: folder of `ast.ts`, `grammar.ts` and `module.ts`.
    pub out: String,
    /// `importExtension`: what generated imports end with; `.js` unless given.
    pub import_extension: String,
    /// `mode`, or the command line's.
    pub mode: Mode,
    /// `validation.types` is `strict`: inferred types are errors.
    pub strict_types: bool,
    /// `chevrotainParserConfig` for all languages.
    pub parser_config: Option<ParserConfig>,
    /// `langiumInternal`: output for Langium itself.
    pub langium_internal: bool,
    /// Which langium-cli to be like.
    pub version: Version,
}

impl Default for Config {
    /// What is meant where a configuration says nothing, and no languages.
    fn default() -> Config {
        Config {
            project_name: "Project".to_owned(),
            languages: Vec::new(),
            out: "generated".to_owned(),
            import_extension: ".js".to_owned(),
            mode: Mode::Development,
            strict_types: false,
            parser_config: None,
            langium_internal: false,
            version: Version::default(),
        }
    }
}

impl Config {
    /// How many tokens the parser of the language at `index` looks ahead at most (`maxLookahead`); as far as it has to, if
    /// that is not configured.
    pub(super) fn lookahead(&self, index: usize) -> Option<usize> {
        let of_language = self.languages[index].parser_config.as_ref();
        let configs = [of_language, self.parser_config.as_ref()].into_iter().flatten();
        let mut entries = configs.flat_map(|config| &config.0).filter(|(key, _)| key == "maxLookahead");
        match entries.next()?.1 {
            ConfigValue::Number(tokens) => Some(tokens.max(0.0) as usize),
            ConfigValue::Bool(_) | ConfigValue::Text(_) => None,
        }
    }
}

/// One entry of `languages`.
#[derive(Clone, Debug, Default)]
pub struct LanguageConfig {
    /// `id`
    pub id: String,
    /// `grammar`: path of the entry grammar.
    pub grammar: String,
    /// `fileExtensions`, with or without a leading dot.
    pub file_extensions: Vec<String>,
    /// `fileNames`
    pub file_names: Option<Vec<String>>,
    /// `caseInsensitive`
    pub case_insensitive: bool,
    /// `textMate.out`
    pub text_mate: Option<String>,
    /// `monarch.out`
    pub monarch: Option<String>,
    /// `prism.out`
    pub prism: Option<String>,
    /// `railroad`
    pub railroad: Option<RailroadConfig>,
    /// `bnf`
    pub bnf: Option<BnfConfig>,
    /// `chevrotainParserConfig` for this language alone.
    pub parser_config: Option<ParserConfig>,
}

/// `railroad`
#[derive(Clone, Debug)]
pub struct RailroadConfig {
    /// `out`: a file, or in SVG mode a folder.
    pub out: String,
    /// Path of `css`.
    pub css: Option<String>,
    /// The text of that file.
    pub styles: Option<String>,
    /// `mode` is `svg`: one file a rule.
    pub svg: bool,
}

/// `bnf`
#[derive(Clone, Debug)]
pub struct BnfConfig {
    /// `out`
    pub out: String,
    /// `dialect`
    pub dialect: BnfDialect,
    /// `comment`; the dialect's own style unless given.
    pub comment: Option<BnfComment>,
}

/// `bnf.dialect`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BnfDialect {
    #[default]
    Gbnf,
    Ebnf,
}

/// `bnf.comment`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BnfComment {
    Skip,
    Parentheses,
    Slash,
    Hash,
}

/// `mode`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Mode {
    #[default]
    Development,
    Production,
}

/// `chevrotainParserConfig`: its keys in the order of the file, as they are printed in that order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParserConfig(pub Vec<(String, ConfigValue)>);

/// A value of [`ParserConfig`].
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum ConfigValue {
    Bool(bool),
    Number(f64),
    Text(String),
}

/// A version of langium-cli, 4.0.0 or later.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The minor version: it decides what is written.
    pub minor: u32,
    /// The whole version, for the header of generated files.
    pub text: String,
}

impl Default for Version {
    fn default() -> Version {
        Version { minor: 4, text: "4.4.0".to_owned() }
    }
}

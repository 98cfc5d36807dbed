//! `module.ts`: what Langium's dependency injection needs to know about each language
//! (`generateModule` in `module-generator.ts`, langium-cli 4.0.0 to 4.4.0).

use crate::emit::{Input, Part, Sink};
use crate::model::Language;
use crate::model::config::{Config, ConfigValue, LanguageConfig, Mode, ParserConfig};
use crate::text::js;

/// Appends the text of `module.ts`.
pub(crate) fn render(input: Input<'_>, _: Part, text: &mut Sink<'_>) {
    let config = input.config;
    let languages: Vec<Named<'_>> = input.model.languages.iter().map(|language| Named::new(input, language)).collect();
    super::push_header(text, &config.version);
    push_imports(text, config, &languages);
    for language in &languages {
        push_meta_data(text, config, language);
    }
    push_parser_configs(text, config, &languages);
    text.extend(["\nexport const ", &config.project_name, "GeneratedSharedModule: "]);
    text.push_str("Module<LangiumSharedCoreServices, LangiumGeneratedSharedCoreServices> = {\n");
    text.extend(["    AstReflection: () => new ", &config.project_name, "AstReflection()\n};\n"]);
    for language in &languages {
        push_language_module(text, config, language);
    }
}

/// A language with its name and its entry of the configuration.
struct Named<'a> {
    name: &'a str,
    config: &'a LanguageConfig,
}

impl<'a> Named<'a> {
    fn new(input: Input<'a>, language: &Language) -> Named<'a> {
        Named { name: input.sources.names.get(language.name), config: &input.config.languages[language.config] }
    }
}

fn push_imports(text: &mut String, config: &Config, languages: &[Named<'_>]) {
    let extension = config.import_extension.as_str();
    let has_parser_config =
        config.parser_config.is_some() || languages.iter().any(|language| language.config.parser_config.is_some());
    text.push('\n');
    if config.langium_internal {
        text.extend(["import type { LanguageMetaData } from '../../languages/language-meta-data", extension, "';\n"]);
        push_reflection_import(text, config, "../../languages/generated/ast");
        text.extend(["import type { Module } from '../../dependency-injection", extension, "';\n"]);
        text.extend(["import type { ", SERVICES, " } from '../../services", extension, "';\n"]);
        if has_parser_config {
            text.extend(["import type { IParserConfig } from '../../parser/parser-config", extension, "';\n"]);
        }
    } else {
        let parser_config = if has_parser_config { ", IParserConfig" } else { "" };
        text.extend(["import type { ", SERVICES, ", LanguageMetaData, Module", parser_config, " } from 'langium';\n"]);
        push_reflection_import(text, config, "./ast");
    }
    text.push_str("import { ");
    for (index, language) in languages.iter().enumerate() {
        text.extend([if index > 0 { ", " } else { "" }, language.name, "Grammar"]);
    }
    text.extend([" } from './grammar", extension, "';\n"]);
}

const SERVICES: &str =
    "LangiumSharedCoreServices, LangiumCoreServices, LangiumGeneratedCoreServices, LangiumGeneratedSharedCoreServices";

fn push_reflection_import(text: &mut String, config: &Config, path: &str) {
    text.extend(["import { ", &config.project_name, "AstReflection } from '", path, &config.import_extension, "';\n"]);
}

fn push_meta_data(text: &mut String, config: &Config, language: &Named<'_>) {
    let LanguageConfig { id, file_extensions, file_names, case_insensitive, .. } = language.config;
    text.extend(["\nexport const ", language.name, "LanguageMetaData = {\n"]);
    text.extend(["    languageId: '", id, "',\n    fileExtensions: ["]);
    for (index, extension) in file_extensions.iter().enumerate() {
        let dot = if extension.starts_with('.') { "" } else { "." };
        text.extend([if index > 0 { ", '" } else { "'" }, dot, extension, "'"]);
    }
    text.push_str("],\n");
    if let Some(file_names) = file_names {
        text.push_str("    fileNames: [");
        for (index, name) in file_names.iter().enumerate() {
            text.extend([if index > 0 { ", '" } else { "'" }, name, "'"]);
        }
        text.push_str("],\n");
    }
    let mode = match config.mode {
        Mode::Development => "development",
        Mode::Production => "production",
    };
    text.extend(["    caseInsensitive: ", if *case_insensitive { "true" } else { "false" }, ",\n"]);
    text.extend(["    mode: '", mode, "'\n} as const satisfies LanguageMetaData;\n"]);
}

/// Each language's own parser configuration, then the general one, if there is a language that it is for.
fn push_parser_configs(text: &mut String, config: &Config, languages: &[Named<'_>]) {
    for language in languages {
        if let Some(parser_config) = &language.config.parser_config {
            push_parser_config(text, [language.name, "ParserConfig"], parser_config);
        }
    }
    if let Some(parser_config) = &config.parser_config
        && languages.iter().any(|language| language.config.parser_config.is_none())
    {
        push_parser_config(text, ["", "parserConfig"], parser_config);
    }
}

fn push_parser_config(text: &mut String, name: [&str; 2], config: &ParserConfig) {
    text.extend(["\nexport const ", name[0], name[1], ": IParserConfig = {\n"]);
    for (key, value) in &config.0 {
        text.extend(["    ", key, ": "]);
        match value {
            ConfigValue::Bool(value) => text.push_str(if *value { "true" } else { "false" }),
            ConfigValue::Number(value) => js::push_number(text, *value),
            ConfigValue::Text(value) => text.extend(["'", value, "'"]),
        }
        text.push_str(",\n");
    }
    text.push_str("};\n");
}

fn push_language_module(text: &mut String, config: &Config, language: &Named<'_>) {
    let name = language.name;
    text.extend(["\nexport const ", name, "GeneratedModule: Module<LangiumCoreServices, LangiumGeneratedCoreServices> = {\n"]);
    text.extend(["    Grammar: () => ", name, "Grammar(),\n"]);
    text.extend(["    LanguageMetaData: () => ", name, "LanguageMetaData,\n"]);
    if language.config.parser_config.is_some() {
        text.extend(["    parser: {\n        ParserConfig: () => ", name, "ParserConfig\n    }\n"]);
    } else if config.parser_config.is_some() {
        text.push_str("    parser: {\n        ParserConfig: () => parserConfig\n    }\n");
    } else {
        text.push_str("    parser: {}\n");
    }
    text.push_str("};\n");
}

#[cfg(test)]
mod tests {
    use super::super::testing;
    use super::*;

    const GRAMMARS: &[&str] = &["grammar A entry M: 'm';", "grammar B entry M: 'm';"];

    #[test]
    fn one_plain_language() {
        let expected = "\
/******************************************************************************
 * This file was generated by langium-cli 4.4.0.
 * DO NOT EDIT MANUALLY!
 ******************************************************************************/

import type { LangiumSharedCoreServices, LangiumCoreServices, LangiumGeneratedCoreServices, \
LangiumGeneratedSharedCoreServices, LanguageMetaData, Module } from 'langium';
import { ProjectAstReflection } from './ast.js';
import { AGrammar } from './grammar.js';

export const ALanguageMetaData = {
    languageId: 'id',
    fileExtensions: [],
    caseInsensitive: false,
    mode: 'development'
} as const satisfies LanguageMetaData;

export const ProjectGeneratedSharedModule: Module<LangiumSharedCoreServices, LangiumGeneratedSharedCoreServices> = {
    AstReflection: () => new ProjectAstReflection()
};

export const AGeneratedModule: Module<LangiumCoreServices, LangiumGeneratedCoreServices> = {
    Grammar: () => AGrammar(),
    LanguageMetaData: () => ALanguageMetaData,
    parser: {}
};
";
        assert_eq!(testing::render(render, &GRAMMARS[..1], &testing::config(1)), expected);
    }

    #[test]
    fn every_option() {
        let value = |key: &str, value| (key.to_owned(), value);
        let general = ParserConfig(vec![
            value("nodeLocationTracking", ConfigValue::Text("full".to_owned())),
            value("maxLookahead", ConfigValue::Number(3.0)),
            value("recoveryEnabled", ConfigValue::Bool(false)),
        ]);
        let mut config = Config {
            mode: Mode::Production,
            langium_internal: true,
            import_extension: String::new(),
            parser_config: Some(general),
            ..testing::config(2)
        };
        config.languages[0] = LanguageConfig {
            id: "a".to_owned(),
            file_extensions: vec![".a".to_owned(), "b".to_owned()],
            file_names: Some(vec!["A".to_owned(), "a file".to_owned()]),
            case_insensitive: true,
            parser_config: Some(ParserConfig(Vec::new())),
            ..LanguageConfig::default()
        };
        config.languages[1].file_names = Some(Vec::new());
        let expected = "\
import type { LanguageMetaData } from '../../languages/language-meta-data';
import { ProjectAstReflection } from '../../languages/generated/ast';
import type { Module } from '../../dependency-injection';
import type { LangiumSharedCoreServices, LangiumCoreServices, LangiumGeneratedCoreServices, \
LangiumGeneratedSharedCoreServices } from '../../services';
import type { IParserConfig } from '../../parser/parser-config';
import { AGrammar, BGrammar } from './grammar';

export const ALanguageMetaData = {
    languageId: 'a',
    fileExtensions: ['.a', '.b'],
    fileNames: ['A', 'a file'],
    caseInsensitive: true,
    mode: 'production'
} as const satisfies LanguageMetaData;

export const BLanguageMetaData = {
    languageId: 'id',
    fileExtensions: [],
    fileNames: [],
    caseInsensitive: false,
    mode: 'production'
} as const satisfies LanguageMetaData;

export const AParserConfig: IParserConfig = {
};

export const parserConfig: IParserConfig = {
    nodeLocationTracking: 'full',
    maxLookahead: 3,
    recoveryEnabled: false,
};

export const ProjectGeneratedSharedModule: Module<LangiumSharedCoreServices, LangiumGeneratedSharedCoreServices> = {
    AstReflection: () => new ProjectAstReflection()
};

export const AGeneratedModule: Module<LangiumCoreServices, LangiumGeneratedCoreServices> = {
    Grammar: () => AGrammar(),
    LanguageMetaData: () => ALanguageMetaData,
    parser: {
        ParserConfig: () => AParserConfig
    }
};

export const BGeneratedModule: Module<LangiumCoreServices, LangiumGeneratedCoreServices> = {
    Grammar: () => BGrammar(),
    LanguageMetaData: () => BLanguageMetaData,
    parser: {
        ParserConfig: () => parserConfig
    }
};
";
        let found = testing::render(render, GRAMMARS, &config);
        assert_eq!(found.split_once("*/\n\n").unwrap().1, expected);
    }
}

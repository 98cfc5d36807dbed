//! No grammar makes the compiler panic or hang: checks, types and every output.

#![no_main]

use langloom_core::emit::{self, Input};
use langloom_core::model::config::{BnfConfig, BnfDialect, Config, LanguageConfig, RailroadConfig};
use langloom_core::model::{self, Sources};
use langloom_core::text::FileId;
use langloom_core::work::Workers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let sources = Sources::in_memory([("main.langium", text)]);
    let config = config();
    if let Ok(types) = model::extract_types(&sources, FileId(0)) {
        emit::render_types(&sources, &types, &mut String::new());
    }
    let analysis = model::analyse(&sources, &[FileId(0)], &config, Workers::alone());
    for problem in &analysis.problems {
        assert!(text.get(problem.span.start as usize..problem.span.end as usize).is_some(), "{problem:?}");
    }
    if let Some(model) = &analysis.model {
        let input = Input { sources: &sources, model, config: &config };
        for output in emit::outputs(input) {
            emit::render_whole(&output, input);
        }
    }
});

/// Everything that can be asked for.
fn config() -> Config {
    let language = LanguageConfig {
        id: "language".to_owned(),
        grammar: "main.langium".to_owned(),
        text_mate: Some("textmate.json".to_owned()),
        monarch: Some("monarch.ts".to_owned()),
        prism: Some("prism.js".to_owned()),
        railroad: Some(RailroadConfig { out: "railroad.html".to_owned(), css: None, styles: None, svg: false }),
        bnf: Some(BnfConfig { out: "language.bnf".to_owned(), dialect: BnfDialect::Gbnf, comment: None }),
        ..LanguageConfig::default()
    };
    Config {
        project_name: "Fuzzed".to_owned(),
        languages: vec![language],
        ..Config::default()
    }
}

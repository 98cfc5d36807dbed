//! The grammars in `conformance/checks` have the problems that the reference found, as recorded beside them by
//! `conformance/record-checks.mjs`: each message of the checks at least once, at the same place and in the same order.

use std::fs;
use std::path::Path;

use crate::support::{Run, Scratch};

#[test]
fn problems_are_those_of_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/checks");
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut grammars: Vec<_> = files.filter(|path| path.extension().is_some_and(|extension| extension == "langium")).collect();
    grammars.sort();
    assert!(grammars.len() > 50, "found only {} grammars", grammars.len());
    let mut failed = 0;
    for path in &grammars {
        let expected = fs::read_to_string(path.with_extension("txt")).unwrap();
        let found = problems(&fs::read_to_string(path).unwrap());
        if found != expected {
            failed += 1;
            println!("==== {}{}", path.display(), difference(&found, &expected));
        }
    }
    assert_eq!(failed, 0, "{failed} of {} grammars have other problems", grammars.len());
}

/// What is wrong with a grammar, in the form of the recordings.
fn problems(text: &str) -> String {
    let scratch = Scratch::new();
    let mut sections = vec![("grammar.langium".to_owned(), String::new())];
    let mut types = "normal";
    for line in text.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("//# file ") {
            sections.push((name.trim().to_owned(), String::new()));
        } else if line.starts_with("//# strict") {
            types = "strict";
        } else if let Some((_, section)) = sections.last_mut() {
            section.push_str(line);
        }
    }
    sections.iter().for_each(|(name, section)| scratch.write(name, section));
    let language = r#"{"id": "test", "grammar": "grammar.langium", "fileExtensions": [".test"]}"#;
    let validation = format!(r#"{{"types": "{types}"}}"#);
    let config =
        format!(r#"{{"projectName": "Test", "languages": [{language}], "out": "generated", "validation": {validation}}}"#);
    scratch.write("langium-config.json", config);
    let Run { exit, stdout, stderr } = scratch.run(["generate", "--format", "plain"]);
    let places = |text: &str| {
        let lines = text.lines().filter(|line| line.contains(".langium:") && line.contains(" - "));
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    format!("exit {exit}\n{}hints\n{}", places(&stderr), places(&stdout))
}

/// The lines that only one side has, in order.
fn difference(found: &str, expected: &str) -> String {
    let missing = expected.lines().filter(|line| !found.lines().any(|other| other == *line)).map(|line| format!("\n  - {line}"));
    let extra = found.lines().filter(|line| !expected.lines().any(|other| other == *line)).map(|line| format!("\n  + {line}"));
    let lines: String = missing.chain(extra).collect();
    if lines.is_empty() { format!("\n  another order:\n{found}") } else { lines }
}

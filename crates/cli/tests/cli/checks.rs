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

/// Each place where Langium's checks report something has a grammar whose recording shows it: `conformance/checks/messages.txt`.
#[test]
fn each_message_has_a_recording() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/checks");
    let table = fs::read_to_string(folder.join("messages.txt")).unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().filter(|line| !line.starts_with('#')).map(|line| line.splitn(3, '|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), 96, "Langium 4.4.0 reports something in 96 places");
    let mut grammars = 0;
    for row in &rows {
        let [site, grammar, message] = row[..] else { panic!("not a row of three: {row:?}") };
        if grammar == "-" {
            continue;
        }
        grammars += 1;
        let recording = fs::read_to_string(folder.join(format!("{grammar}.txt"))).unwrap();
        let mut said = recording.lines().filter_map(|line| Some(line.split_once(" - ")?.1));
        assert!(said.any(|text| is_like(text, message)), "{site}: {grammar}.txt does not say: {message}");
    }
    assert_eq!(grammars, 93, "three of them cannot be reached");
}

/// Whether `text` is `pattern`, in which `…` stands for any text.
fn is_like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('…');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.split_once(part) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
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

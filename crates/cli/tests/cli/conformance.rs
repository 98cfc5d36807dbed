//! The grammars in `conformance/grammars` give what the reference gave for them, as recorded in `conformance/expected`
//! and, with all outputs on, in `conformance/expected-all`. The reference itself runs only in `conformance/compare.mjs`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Scratch;

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance")
}

/// All files below `folder`, by path relative to it.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut pending = vec![folder.to_path_buf()];
    while let Some(path) = pending.pop() {
        for entry in fs::read_dir(&path).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else {
                let relative = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                files.push((relative, fs::read(&path).unwrap()));
            }
        }
    }
    files.sort();
    files
}

#[test]
fn own_grammars_give_what_the_reference_gave() {
    let (projects, accepted) = compare("langium-config.json", "expected", &[]);
    assert!(projects > 100, "found only {projects} projects");
    assert!(accepted > 80, "only {accepted} of {projects} projects were accepted");
}

#[test]
fn own_grammars_give_what_the_reference_gave_with_all_outputs() {
    let (projects, accepted) = compare("langium-config.all.json", "expected-all", &[]);
    assert!(accepted > 15, "only {accepted} of {projects} projects were accepted");
}

/// How the work is done changes no byte of what it gives.
#[test]
fn no_switch_changes_a_byte() {
    let switches: [&[&str]; 6] = [
        &["--no-cache"],
        &["--jobs", "1"],
        &["--jobs", "7"],
        &["--no-stream"],
        &["--jobs", "1", "--chunk-size", "7"],
        &["--no-cache", "--jobs", "1", "--no-stream", "--no-incremental"],
    ];
    for switches in switches {
        compare("langium-config.json", "expected", switches);
        compare("langium-config.all.json", "expected-all", switches);
    }
}

/// Lists of so many rules and types are written by all threads that have nothing else to do.
#[test]
fn many_rules_give_the_same_with_any_number_of_threads() {
    const RULES: usize = 20_000;
    let scratch = Scratch::new();
    scratch.write(
        "langium-config.json",
        r#"{ "projectName": "Many", "languages": [{ "id": "many", "grammar": "many.langium", "fileExtensions": [".m"] }], "out": "out" }"#,
    );
    let mut grammar = "grammar Many\nentry Model: rules+=R0*;\nterminal ID: /[a-z]+/;\n".to_owned();
    for rule in 0..RULES {
        let (next, other) = ((rule + 1) % RULES, rule * 7 % RULES);
        grammar += &format!("R{rule}: 'k{rule}' name=ID p{}=[R{other}] ('+' next=R{next})?;\n", rule % 100);
    }
    scratch.write("many.langium", grammar);
    let outputs = |switches: &[&str]| {
        let run = scratch.run(["generate", "--force"].iter().chain(switches));
        assert_eq!(run.exit, 0, "{}", run.stderr);
        ["out/ast.ts", "out/grammar.ts"].map(|path| scratch.read(path))
    };
    let alone = outputs(&["--no-cache", "--jobs", "1"]);
    assert!(alone[0].contains("export interface R19999 extends") && alone[1].contains(r#""name": "R19999""#));
    for switches in [&["--no-cache", "--jobs", "4", "--trace", "trace.json"][..], &["--jobs", "4"], &["--jobs", "7"]] {
        fs::remove_dir_all(scratch.path("out")).unwrap();
        assert!(outputs(switches) == alone, "{switches:?}");
    }
    let trace: serde_json::Value = serde_json::from_str(&scratch.read("trace.json")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let rendered = events.iter().filter(|event| event["cat"] == "batch" && event["name"] == "render").count();
    assert!(rendered > 3 + 20, "the outputs, and parts of them: {rendered}");
}

/// Compares what all projects that have the configuration `config` give, with `switches` on the command line, with what is
/// recorded in the folder `recordings`. Returns how many there are, and how many of them are accepted.
fn compare(config: &str, recordings: &str, switches: &[&str]) -> (usize, usize) {
    let grammars = conformance().join("grammars");
    let mut names: Vec<String> =
        fs::read_dir(&grammars).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| conformance().join(recordings).join(name).exists());
    names.sort();
    let mut accepted = 0;
    for name in &names {
        let sources = files(&grammars.join(name));
        let scratch = Scratch::new();
        sources.iter().for_each(|(path, content)| scratch.write(path, content));
        let run = scratch.run(["generate", "-f", config].iter().chain(switches));
        let mut expected = files(&conformance().join(recordings).join(name));
        let exit = expected.iter().position(|(path, _)| path == "exit").map(|index| expected.remove(index).1);
        let exit = exit.unwrap_or_else(|| panic!("{name}: no exit code is recorded"));
        let succeeds = String::from_utf8_lossy(&exit).trim() == "0";
        assert_eq!(run.exit == 0, succeeds, "{name}: exit {}\n{}", run.exit, run.stderr);
        accepted += usize::from(succeeds);
        let written = scratch.files().into_iter().filter(|path| !sources.iter().any(|(source, _)| source == path));
        let written: Vec<String> = written.collect();
        assert_eq!(written, expected.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), "{name}: other files");
        for (path, content) in &expected {
            let found = fs::read(scratch.path(path)).unwrap();
            assert!(found == *content, "{name}: {path} differs:\n{}", first_difference(&found, content));
        }
    }
    (names.len(), accepted)
}

/// The first line that differs, as found and as recorded.
fn first_difference(found: &[u8], recorded: &[u8]) -> String {
    let (found, recorded) = (String::from_utf8_lossy(found), String::from_utf8_lossy(recorded));
    let lines = found.lines().chain(std::iter::repeat("(end)")).zip(recorded.lines().chain(std::iter::repeat("(end)")));
    let (number, (found, recorded)) = lines.enumerate().find(|(_, (a, b))| a != b || *a == "(end)").unwrap();
    format!("line {}\n  found    {found}\n  recorded {recorded}", number + 1)
}

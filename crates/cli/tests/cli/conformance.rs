//! The grammars in `conformance/grammars` give what the reference gave for them, as recorded in `conformance/expected`.
//! The reference itself runs only in `conformance/compare.mjs`.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Scratch;

/// What the reference rejects for reasons that Langloom does not check yet.
const NOT_REJECTED_YET: &[&str] = &["reject-recursive-fragment", "reject-two-entries"];

/// How the names of the files end that are compared with `conformance/expected`.
const CORE_OUTPUTS: &[&str] = &["ast.ts", "grammar.ts", "module.ts"];

/// The same for `conformance/expected-all`, where every other output is recorded too.
const ALL_OUTPUTS: &[&str] = &["ast.ts", "grammar.ts", "module.ts", ".tmLanguage.json", ".monarch.ts", ".prism.js"];

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

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn own_grammars_give_what_the_reference_gave() {
    let names = names(&conformance().join("grammars"));
    assert!(names.len() > 100, "found only {} projects", names.len());
    let accepted = names.iter().filter(|name| is_accepted(name, &["generate"], "expected", CORE_OUTPUTS)).count();
    assert!(accepted > 80, "only {accepted} of {} projects were accepted", names.len());
}

#[test]
fn own_grammars_give_the_other_outputs_that_the_reference_gave() {
    let names = names(&conformance().join("expected-all"));
    let arguments = ["generate", "-f", "langium-config.all.json"];
    let accepted = names.iter().filter(|name| is_accepted(name, &arguments, "expected-all", ALL_OUTPUTS)).count();
    assert!(accepted > 10, "only {accepted} of {} projects were accepted", names.len());
}

/// Runs Langloom on the project `name` and checks that the files whose names end with one of `outputs` are those in
/// `recordings`. Returns whether the project was accepted.
fn is_accepted(name: &str, arguments: &[&str], recordings: &str, outputs: &[&str]) -> bool {
    let is_compared = |path: &str| outputs.iter().any(|output| path.ends_with(output));
    let sources = files(&conformance().join("grammars").join(name));
    let scratch = Scratch::new();
    sources.iter().for_each(|(path, content)| scratch.write(path, content));
    let run = scratch.run(arguments);
    let expected = files(&conformance().join(recordings).join(name));
    let exit = expected.iter().find(|(path, _)| path == "exit").map(|(_, exit)| String::from_utf8_lossy(exit).trim() == "0");
    let succeeds = exit.unwrap_or_else(|| panic!("{name}: no exit code is recorded"));
    if NOT_REJECTED_YET.contains(&name) {
        assert_eq!(run.exit, 0, "{name} is rejected now: take it off the list");
        return false;
    }
    assert_eq!(run.exit == 0, succeeds, "{name}: exit {}\n{}", run.exit, run.stderr);
    let written = scratch.files().into_iter().filter(|path| !sources.iter().any(|(source, _)| source == path));
    let written: Vec<String> = written.filter(|path| is_compared(path)).collect();
    let recorded: Vec<&(String, Vec<u8>)> = expected.iter().filter(|(path, _)| is_compared(path)).collect();
    assert_eq!(written, recorded.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>(), "{name}: other files");
    for (path, content) in recorded {
        let found = fs::read(scratch.path(path)).unwrap();
        assert!(found == *content, "{name}: {path} differs:\n{}", first_difference(&found, content));
    }
    succeeds
}

/// The first line that differs, as found and as recorded.
fn first_difference(found: &[u8], recorded: &[u8]) -> String {
    let (found, recorded) = (String::from_utf8_lossy(found), String::from_utf8_lossy(recorded));
    let lines = found.lines().chain(std::iter::repeat("(end)")).zip(recorded.lines().chain(std::iter::repeat("(end)")));
    let (number, (found, recorded)) = lines.enumerate().find(|(_, (a, b))| a != b || *a == "(end)").unwrap();
    format!("line {}\n  found    {found}\n  recorded {recorded}", number + 1)
}

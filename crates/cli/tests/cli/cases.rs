//! Every file in `tests/cases` is a test: files, a command line, and what comes of it.
//!
//! A case is made of sections that start with `--- `: `--- file PATH` with a file's content, `--- run ARGUMENTS`, and
//! then what is expected, `--- exit CODE`, `--- stdout`, `--- stderr` and `--- files`, the last of which lists the files
//! that the run made. With `UPDATE=1` in the environment the expected sections are written instead of checked.

use std::fs;
use std::path::Path;

use crate::support::{Run, Scratch};

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    let failed = paths.iter().filter(|path| !check(path)).count();
    assert_eq!(failed, 0, "{failed} cases differ; look at the changes that UPDATE=1 makes");
}

/// Runs the case at `path` and says whether it came out as expected.
fn check(path: &Path) -> bool {
    let case = fs::read_to_string(path).unwrap();
    let (input, _) = case.split_once("\n--- exit").unwrap_or_else(|| (case.trim_end(), ""));
    let scratch = Scratch::new();
    let mut args = Vec::new();
    for section in format!("\n{input}").split("\n--- ").skip(1) {
        let (head, content) = section.split_once('\n').unwrap_or((section, ""));
        match head.split_once(' ').unwrap_or((head, "")) {
            ("file", path) => scratch.write(path, format!("{content}\n")),
            ("run", line) => args = line.split_whitespace().map(str::to_owned).collect(),
            (other, _) => panic!("{}: no such section: {other}", path.display()),
        }
    }
    let before = scratch.files();
    let run = scratch.run(&args);
    let made: Vec<_> = scratch.files().into_iter().filter(|file| !before.contains(file)).collect();
    let actual = format!("{input}\n{}", show(&run, &made));
    if actual == case {
        return true;
    }
    if std::env::var_os("UPDATE").is_some() {
        fs::write(path, actual).unwrap();
        return true;
    }
    println!("==== {} gives\n{actual}", path.display());
    false
}

fn show(run: &Run, made: &[String]) -> String {
    let mut text = format!("--- exit {}\n", run.exit);
    for (name, content) in [("stdout", &run.stdout), ("stderr", &run.stderr)] {
        if !content.is_empty() {
            text += &format!("--- {name}\n{content}");
        }
    }
    if !made.is_empty() {
        text += &format!("--- files\n{}\n", made.join("\n"));
    }
    text
}

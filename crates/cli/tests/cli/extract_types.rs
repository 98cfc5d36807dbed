//! `extract-types`: every folder in `tests/types` is a test. It holds a `grammar.langium`, what that imports, and in
//! `expected.langium` what `extract-types` of langium-cli 4.4.0 makes of it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Scratch;

#[test]
fn types_are_those_of_the_reference() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/types");
    let mut count = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let folder = entry.unwrap().path();
        let scratch = Scratch::new();
        for path in files(&folder) {
            let name = path.strip_prefix(&folder).unwrap().to_str().unwrap();
            scratch.write(name, fs::read(&path).unwrap());
        }
        scratch.run(["extract-types", "grammar.langium"]).succeeded();
        assert_eq!(scratch.read("types.langium"), scratch.read("expected.langium"), "{}", folder.display());
        count += 1;
    }
    assert!(count > 0);
}

#[test]
fn an_existing_file_is_replaced_only_by_force() {
    let scratch = Scratch::new();
    scratch.write("a.langium", "grammar A\ninterface B {}\n");
    scratch.write("types.langium", "mine");
    let run = scratch.run(["extract-types", "a.langium"]);
    assert_eq!((run.exit, run.stderr.contains("-f")), (1, true), "{}", run.stderr);
    assert_eq!(scratch.read("types.langium"), "mine");
    scratch.run(["extract-types", "a.langium", "-f"]).succeeded();
    assert_eq!(scratch.read("types.langium"), "interface B {\n}\n\n");
}

#[test]
fn a_grammar_is_not_replaced_by_its_types() {
    let scratch = Scratch::new();
    scratch.write("a.langium", "grammar A\nimport 'b'\n");
    scratch.write("b.langium", "interface B {}\n");
    for output in ["a.langium", "./b.langium"] {
        assert_eq!(scratch.run(["extract-types", "a.langium", "-f", "-o", output]).exit, 1);
    }
    assert_eq!(scratch.read("b.langium"), "interface B {}\n");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

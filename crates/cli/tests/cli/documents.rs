//! The pages in `docs` say what the program does.

use std::fmt::Write as _;
use std::path::Path;

use langloom_core::text::Code;

use crate::support::Scratch;

/// `docs/checks.md` is made of what `langloom explain` is made of. With `UPDATE=1` in the environment it is written.
#[test]
fn every_kind_of_error_is_documented() {
    let mut page = "# What can be wrong\n\n\
        Each message ends with the name of its kind in brackets. `langloom explain NAME` prints what is said here.\n\
        First come grammars, then [everything else](#everything-else).\n\
        This page is made by `UPDATE=1 cargo test -p langloom documented`.\n"
        .to_owned();
    for code in Code::ALL {
        let (name, explanation, wrong, right) = (code.name(), code.explanation(), code.wrong(), code.right());
        let _ = write!(page, "\n## {name}\n\n{explanation}\n\nWrong:\n\n```langium\n{wrong}\n```\n\n");
        let _ = write!(page, "Right:\n\n```langium\n{right}\n```\n");
        if code.has_fixes() {
            page += "\nWhere it is certain what was meant, `langloom check --fix` puts it right.\n";
        }
    }
    page += "\n# Everything else\n\nKinds of findings that are about the configuration, packs, outputs and the run.\n";
    let scratch = Scratch::new();
    let others = scratch.run(["explain"]).succeeded().stdout;
    let others: Vec<&str> = others.lines().filter(|name| Code::ALL.iter().all(|code| code.name() != *name)).collect();
    assert!(others.contains(&"edited-output") && others.contains(&"memory-limit"), "{others:?}");
    for name in others {
        let explained = scratch.run(["explain", name]).succeeded().stdout;
        let explanation = explained.strip_prefix(&format!("{name}\n\n")).unwrap_or_else(|| panic!("{explained}"));
        let _ = write!(page, "\n## {name}\n\n{explanation}");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/checks.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page, "docs/checks.md is not up to date: UPDATE=1 cargo test -p langloom documented");
}

/// The example in `docs/formats.md` is what comes out.
#[test]
fn the_json_format_is_documented() {
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/formats.md")).unwrap();
    let example = |language: &str| {
        let (_, rest) = page.split_once(&format!("```{language}\n")).unwrap();
        rest.split_once("```").unwrap().0
    };
    let scratch = Scratch::new();
    scratch.write("src/hello.langium", example("langium"));
    let run = scratch.run(["check", "src/hello.langium", "--format", "json"]);
    assert_eq!(run.stdout, example("json"));
}

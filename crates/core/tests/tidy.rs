//! The architecture, as a test: core touches nothing of the outside world, layers point one way, files have headers,
//! and ARCHITECTURE.md tells of things that exist.

use std::fs;
use std::path::{Path, PathBuf};

/// The layers of core, each with what it may name besides itself.
const LAYERS: &[(&str, &[&str])] = &[
    ("codec", &[]),
    ("hash", &[]),
    ("work", &[]),
    ("text", &["codec"]),
    ("tree", &["codec", "text"]),
    ("syntax", &["text", "tree", "work"]),
    ("model", &["codec", "hash", "text", "tree", "syntax", "work"]),
    ("emit", &["codec", "hash", "text", "tree", "model", "work"]),
];

/// What core uses of the standard library. Everything else in it touches the world, or could one day.
const PURE_STD: &[&str] = &[
    "array",
    "borrow",
    "cell",
    "cmp",
    "collections",
    "convert",
    "fmt",
    "hash",
    "hint",
    "iter",
    "mem",
    "num",
    "ops",
    "ptr",
    "result",
    "slice",
    "str",
    "string",
    "sync",
    "vec",
];

/// Of `std::cell`, only what a value counts in while others read it.
const PURE_CELL: &[&str] = &["Cell"];

/// Of `std::sync`, only what shares data that nobody changes once it is there.
const PURE_SYNC: &[&str] = &["Arc", "OnceLock"];

/// What pools are made of, in `work.rs` alone: what they lend is not passed on.
const POOL_SYNC: &[&str] = &["Mutex", "PoisonError"];

/// The crates that core may depend on: none of them can do input, output, threads or clocks.
const PURE_CRATES: &[&str] =
    &["bumpalo", "hashbrown", "icu_collator", "icu_normalizer", "memchr", "regress", "rustc-hash", "strsim", "toml", "twox-hash"];

/// Those that disk may depend on: none of ours, so that it knows of files and nothing else.
const DISK_CRATES: &[&str] = &["crc-fast", "signal-hook", "twox-hash"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn rust_files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    // A small layer is one file.
    let file = folder.with_extension("rs");
    let mut pending = vec![folder.to_path_buf()];
    if file.exists() {
        files.push((file.clone(), fs::read_to_string(file).unwrap()));
        pending.retain(|folder| folder.exists());
    }
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(!files.is_empty(), "no Rust files in {}", folder.display());
    files
}

/// The code of a file without comments and tests.
fn code(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap();
    code.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The identifiers that follow each `prefix` in `code`; for `prefix{a, b}` each of them.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        let identifier = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
        match rest.strip_prefix('{') {
            Some(list) => names.extend(list.split('}').next().unwrap().split(',').map(|item| identifier(item.trim()))),
            None => names.push(identifier(rest)),
        }
    }
    names
}

#[test]
fn core_is_pure() {
    for (path, text) in rust_files(&root().join("crates/core/src")) {
        let code = code(&text);
        for name in named_after(&code, "std::") {
            assert!(PURE_STD.contains(&name.as_str()), "{}: std::{name} is not for core", path.display());
        }
        for name in named_after(&code, "std::cell::") {
            assert!(PURE_CELL.contains(&name.as_str()), "{}: std::cell::{name} is not for core", path.display());
        }
        for name in named_after(&code, "std::sync::") {
            let is_of_pools = path.ends_with("src/work.rs") && POOL_SYNC.contains(&name.as_str());
            let is_pure = PURE_SYNC.contains(&name.as_str()) || is_of_pools;
            assert!(is_pure, "{}: std::sync::{name} is not for core", path.display());
        }
        for banned in ["extern crate", "unsafe ", "println!", "print!", "eprint", "dbg!"] {
            assert!(!code.contains(banned), "{}: {banned} is not for core", path.display());
        }
    }
}

#[test]
fn crates_depend_on_what_they_may() {
    for (layer, allowed) in [("core", PURE_CRATES), ("disk", DISK_CRATES)] {
        let manifest = fs::read_to_string(root().join("crates").join(layer).join("Cargo.toml")).unwrap();
        // Those of tests may touch what they like.
        let sections =
            manifest.split("\n[").filter(|section| section.starts_with("dependencies]") || section.starts_with("target."));
        let lines = sections.flat_map(|section| section.lines().skip(1)).filter(|line| !line.trim().is_empty());
        let mut count = 0;
        for line in lines {
            count += 1;
            let name = line.split([' ', '=', '.']).next().unwrap();
            assert!(allowed.contains(&name), "{layer} depends on {name}: if it may, say so in this test");
            assert!(line.contains('#'), "{name}: say beside it why it was chosen");
        }
        assert!(count > 0, "{layer} has no dependencies that this test can see");
    }
}

#[test]
fn layers_point_one_way() {
    for (layer, allowed) in LAYERS {
        for (path, text) in rust_files(&root().join("crates/core/src").join(layer)) {
            for name in named_after(&code(&text), "crate::") {
                let known = LAYERS.iter().any(|(layer, _)| *layer == name);
                assert!(known, "{}: crate::{name} belongs to no layer", path.display());
                assert!(name == *layer || allowed.contains(&name.as_str()), "{}: {layer} must not name {name}", path.display());
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["crates/core/src", "crates/disk/src", "crates/cli/src"] {
        for (path, text) in rust_files(&root().join(folder)) {
            assert!(text.starts_with("//! "), "{}: starts without a header", path.display());
        }
    }
}

#[test]
fn architecture_names_what_exists() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    assert!(text.lines().count() <= 150, "ARCHITECTURE.md is to be read in one go");
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|quoted| quoted.contains('/') && !quoted.contains([' ', '<', '*', ':', '\n']));
    let mut count = 0;
    for path in paths {
        count += 1;
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}, which does not exist");
    }
    assert!(count > 10, "found only {count} paths in ARCHITECTURE.md");
}

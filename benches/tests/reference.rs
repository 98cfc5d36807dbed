//! What is measured must be a grammar: langium-cli accepts every shape. Skipped where it is not installed.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Small enough for a second each, large enough that every kind of rule is there.
const LINES: &str = "300";

#[test]
fn the_reference_accepts_every_shape() {
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance/node_modules");
    let (node, script) = (modules.join(".bin/node"), modules.join("langium-cli/bin/langium.js"));
    if !node.exists() || !script.exists() {
        eprintln!("skipped: langium-cli is not installed (npm ci --prefix conformance)");
        return;
    }
    let folder = std::env::temp_dir().join(format!("langloom-bench-reference-{}", std::process::id()));
    let made = Command::new(env!("CARGO_BIN_EXE_langloom-bench"))
        .args(["grammars", "--shape", "all", "--lines", LINES, "--out"])
        .arg(&folder)
        .status();
    assert!(made.unwrap().success());
    let configs = configurations(&folder);
    assert!(configs.len() > 6, "found only {configs:?}");
    for config in configs {
        let output = Command::new(&node).arg(&script).args(["generate", "-f"]).arg(&config).output().unwrap();
        assert!(output.status.success(), "{}:\n{}", config.display(), String::from_utf8_lossy(&output.stderr));
    }
    std::fs::remove_dir_all(folder).unwrap();
}

/// The configurations below `folder`; of many small projects the first.
fn configurations(folder: &Path) -> Vec<PathBuf> {
    let shapes = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let configs = shapes.map(|shape| {
        let single = shape.join("langium-config.json");
        if single.exists() { single } else { shape.join("p00000/langium-config.json") }
    });
    configs.collect()
}

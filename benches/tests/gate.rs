//! The gate must see each stage that became 5 % slower, and must be silent about the others. Skipped without valgrind, but
//! not in CI.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The one with all stages; each is repeated 20 times, so that one more time is 5 %.
const WORKLOAD: &str = "rules-100";

#[test]
fn five_percent_are_seen_and_nothing_else_is() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none(), "valgrind is not installed: scripts/gate does that");
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let baseline = Baseline::new();
    let accepted = gate(&baseline.0, &["--accept"]);
    assert!(accepted.status.success(), "{accepted:?}");

    let stages = stages(&baseline.0);
    assert!(stages.len() > 15, "{stages:?}");
    // Every other stage: the largest, the smallest, those before and those after.
    let slow: Vec<&str> = stages.iter().step_by(2).map(String::as_str).collect();
    let output = gate(&baseline.0, &["--slow", &slow.join(",")]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for stage in &stages {
        let name = format!("WORSE   {stage} of {WORKLOAD}, ");
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with(&name)).collect();
        if !slow.contains(&stage.as_str()) {
            assert_eq!(lines, [""; 0], "{text}");
            continue;
        }
        let [line] = lines[..] else { panic!("{stage}: {text}") };
        assert!(line.contains("instructions: "), "{line}");
        // Stages of a few thousand instructions cannot be slowed down by exactly 5 %.
        assert!(["(+4.9 %", "(+5.0 %", "(+5.1 %"].iter().any(|text| line.contains(text)), "{line}");
        assert!(line.contains("2 % allowed"), "{line}");
    }
    assert!(text.contains(&format!(": {} worse, 0 better, 0 new", slow.len())), "{text}");
    assert!(text.contains("accept it: scripts/gate --accept"), "{text}");
}

#[test]
fn a_stage_that_does_not_exist_is_an_error() {
    let output = gate(Path::new("none.json"), &["--stage", "parsing"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no stage parsing; there are lex, "));
}

fn gate(baseline: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_langloom-bench"));
    command.args(["gate", "--workload", WORKLOAD, "--baseline"]).arg(baseline).args(arguments);
    command.output().unwrap()
}

/// The stages that were accepted.
fn stages(baseline: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(baseline).unwrap();
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    value["figures"][WORKLOAD].as_object().unwrap().keys().cloned().collect()
}

/// A file of this test's own, deleted in the end.
struct Baseline(PathBuf);

impl Baseline {
    fn new() -> Baseline {
        Baseline(std::env::temp_dir().join(format!("langloom-bench-baseline-{}.json", std::process::id())))
    }
}

impl Drop for Baseline {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

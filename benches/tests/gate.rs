//! The gate must see a stage that became 5 % slower, and must be silent when nothing changed. Skipped without valgrind.

use std::path::Path;
use std::process::{Command, Output};

const WORKLOAD: &str = "rules-500";

/// The largest, the smallest and some between; the gate treats all alike.
const STAGES: &[&str] = &["lex", "parse", "analyse", "ast", "module"];

#[test]
fn five_percent_are_seen_and_nothing_else_is() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("skipped: valgrind is not installed");
        return;
    }
    let baseline = std::env::temp_dir().join(format!("langloom-bench-baseline-{}.json", std::process::id()));
    let accepted = gate(&baseline, &STAGES.join(","), &["--accept"]);
    assert!(accepted.status.success(), "{accepted:?}");

    let unchanged = gate(&baseline, &STAGES.join(","), &[]);
    assert!(unchanged.status.success(), "{unchanged:?}");
    assert!(String::from_utf8_lossy(&unchanged.stdout).contains(": 0 worse, 0 better, 0 new"), "{unchanged:?}");

    for stage in STAGES {
        let slow = gate(&baseline, stage, &["--slow", stage]);
        let text = String::from_utf8_lossy(&slow.stdout);
        assert_eq!(slow.status.code(), Some(1), "{stage}: {text}");
        let worse: Vec<&str> = text.lines().filter(|line| line.starts_with("WORSE")).collect();
        let [line] = worse[..] else { panic!("{stage}: {text}") };
        assert!(line.contains(&format!("{stage} of {WORKLOAD}, instructions: ")), "{line}");
        // Stages of a few thousand instructions cannot be slowed down by exactly 5 %.
        assert!(
            ["(+4.9 %, 2 % allowed)", "(+5.0 %, 2 % allowed)", "(+5.1 %, 2 % allowed)"].iter().any(|text| line.contains(text)),
            "{line}"
        );
        assert!(text.contains("langloom-bench gate --accept"), "{text}");
    }
    std::fs::remove_file(baseline).unwrap();
}

#[test]
fn a_stage_that_does_not_exist_is_an_error() {
    let output = gate(Path::new("none.json"), "parsing", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no stage parsing; there are lex, "));
}

fn gate(baseline: &Path, stages: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_langloom-bench"));
    command.args(["gate", "--workload", WORKLOAD, "--stage", stages, "--baseline"]).arg(baseline).args(arguments);
    command.output().unwrap()
}

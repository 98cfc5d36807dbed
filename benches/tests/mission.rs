//! What the project promises, held to with the suite's own tools: sizes, memory, caches, parallel work. The bounds are wide
//! enough for a busy machine and a build that is hardly optimised; `docs/performance.md` has the figures that are reached.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::Value;

/// Figures of Langloom on ordinary grammars, by lines and mode.
type Figures = HashMap<(usize, String), Value>;

#[test]
fn grammars_of_all_sizes_take_time_in_proportion() {
    let cpu = |lines| figure(lines, "cold", "cpu");
    for lines in [35, 500, 1_000, 10_000] {
        assert!(cpu(lines) > 0.0);
    }
    // 9 times the declarations and the same start: a cost that grows with the square shows as 80 and more.
    assert!(cpu(10_000) < 25.0 * cpu(1_000), "1,000 lines: {} s, 10,000 lines: {} s", cpu(1_000), cpu(10_000));
}

#[test]
fn memory_stays_small() {
    let peak = figure(10_000, "cold", "peak_memory");
    assert!(peak <= 64e6, "10,000 lines took {peak} bytes");
    let growth = peak / figure(1_000, "cold", "peak_memory");
    assert!(growth < 10.0, "ten times the lines took {growth:.1} times the memory");
}

#[test]
fn what_is_remembered_saves_more_than_half() {
    let (cold, again) = (figure(10_000, "cold", "cpu"), figure(10_000, "no-op", "cpu"));
    assert!(again <= 0.5 * cold, "a cold run took {cold} s, one with nothing to do {again} s");
    assert_eq!(figure(10_000, "no-op", "outputs_written"), 0.0);
    assert_eq!(figure(10_000, "no-op", "outputs_kept"), 3.0);
}

#[test]
fn only_what_changed_is_written() {
    // grammar.ts and ast.ts name the new keyword, module.ts does not.
    assert_eq!(figure(10_000, "edit", "outputs_written"), 2.0);
    assert_eq!(figure(10_000, "edit", "outputs_kept"), 1.0);
}

/// That threads change no byte, the suite itself makes sure of: it compares what cold modes write.
#[test]
fn work_is_shared_among_threads() {
    assert!(figure(10_000, "jobs-2", "cpu") > 0.0);
    let Some((alone, both)) = threads_started("1").zip(threads_started("2")) else {
        assert!(std::env::var_os("CI").is_none(), "strace is not installed: scripts/tools does that");
        eprintln!("skipped: strace is not installed");
        return;
    };
    assert_eq!(alone, 0, "one job needs no thread besides the main one");
    assert!(both > 0, "two jobs never started a thread");
}

/// How many threads and processes `langloom generate --jobs JOBS` starts.
fn threads_started(jobs: &str) -> Option<usize> {
    let folder = Scratch::new(&format!("jobs-{jobs}"));
    let status = bench().args(["grammars", "--lines", "10k", "--out"]).arg(&folder.0).status().unwrap();
    assert!(status.success());
    let trace = folder.0.join("trace.txt");
    let mut command = Command::new("strace");
    command.args(["-f", "-e", "trace=clone,clone3", "-e", "signal=none", "-o"]).arg(&trace).arg(langloom());
    command.args(["generate", "--jobs", jobs, "-f"]).arg(folder.0.join("langium-config.json"));
    let output = command.output().ok()?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(message.contains("ptrace"), "{message}");
        return None;
    }
    Some(std::fs::read_to_string(trace).unwrap().lines().filter(|line| line.contains("clone")).count())
}

/// A figure of a mode on ordinary grammars.
fn figure(lines: usize, mode: &str, name: &str) -> f64 {
    static FIGURES: OnceLock<Figures> = OnceLock::new();
    let figures = FIGURES.get_or_init(measure);
    let value = &figures[&(lines, mode.to_owned())][name];
    value.as_f64().unwrap_or_else(|| panic!("{mode}, {lines} lines: {name} is {value}"))
}

/// Runs the suite's modes once for all tests.
fn measure() -> Figures {
    let folder = Scratch::new("mission");
    let mut figures = Figures::new();
    let runs = [("35,500,1k", "cold"), ("10k", "cold,no-op,edit,jobs-1,jobs-2")];
    for (index, (lines, modes)) in runs.into_iter().enumerate() {
        let json = folder.0.join(format!("{index}.json"));
        let mut command = bench();
        command.args(["modes", "--rounds", "3", "--exact-up-to", "0", "--lines", lines, "--mode", modes, "--json"]).arg(&json);
        let output = command.arg("--langloom").arg(langloom()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let all: Value = serde_json::from_str(&std::fs::read_to_string(&json).unwrap()).unwrap();
        for of in all.as_array().unwrap() {
            let lines = of["lines"].as_u64().unwrap() as usize;
            for mode in of["modes"].as_array().unwrap() {
                figures.insert((lines, mode["mode"].as_str().unwrap().to_owned()), mode.clone());
            }
        }
    }
    figures
}

fn bench() -> Command {
    Command::new(env!("CARGO_BIN_EXE_langloom-bench"))
}

/// Langloom's program of this build. Cargo builds only this package's programs for a test of this package alone.
fn langloom() -> &'static Path {
    static LANGLOOM: OnceLock<PathBuf> = OnceLock::new();
    LANGLOOM.get_or_init(|| {
        let bench = Path::new(env!("CARGO_BIN_EXE_langloom-bench"));
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "-p", "langloom"]).current_dir(env!("CARGO_MANIFEST_DIR"));
        if bench.parent().is_some_and(|folder| folder.ends_with("release")) {
            cargo.arg("--release");
        }
        assert!(cargo.status().unwrap().success());
        bench.with_file_name(format!("langloom{}", std::env::consts::EXE_SUFFIX))
    })
}

/// A folder of a test's own, deleted in the end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(purpose: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("langloom-bench-test-{}-{purpose}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

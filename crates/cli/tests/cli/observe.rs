//! What a user sees of a run: progress, logs, timings, traces, reports, and the memory limit.
//!
//! Slow runs are made with a grammar that is a named pipe: reading it takes as long as the test wants.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::support::Scratch;

const GRAMMAR: &str = "grammar G entry A: 'a' name=ID b+=B*; B: 'b' a=[A]; terminal ID: /[a-z]+/; hidden terminal WS: /\\s+/;";
const CONFIG: &str = r#"{ "projectName": "P", "out": "src/generated",
    "languages": [{ "id": "g", "grammar": "g.langium", "fileExtensions": [".g"] }] }"#;

fn project() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("langium-config.json", CONFIG);
    scratch.write("g.langium", GRAMMAR);
    scratch
}

/// A project whose grammar is a pipe.
fn slow_project() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("langium-config.json", CONFIG);
    assert!(Command::new("mkfifo").arg(scratch.path("g.langium")).status().unwrap().success());
    scratch
}

/// A grammar of so many rules, each of which calls two others: some 80 bytes a rule.
fn many_rules(count: usize) -> String {
    let rules = (0..count).map(|index| {
        let [left, right] = [2 * index + 1, 2 * index + 2].map(|index| index % count);
        format!("Rule{index}: 'rule{index}' name=ID ('of' (left+=Rule{left} | right+=Rule{right}))* value=ID;\n")
    });
    format!("grammar G entry Start: rules+=Rule0*;\n{}terminal ID: /[a-z]+/;", rules.collect::<String>())
}

/// What arrives, piece by piece, with the time since `start`.
struct Screen {
    pieces: Receiver<(Duration, Vec<u8>)>,
    text: String,
    first: Option<Duration>,
}

impl Screen {
    fn new(start: Instant, mut from: impl Read + Send + 'static) -> Screen {
        let (sender, pieces) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            // A terminal that nobody writes to any more gives an error.
            while let Ok(count @ 1..) = from.read(&mut buffer) {
                if sender.send((start.elapsed(), buffer[..count].to_vec())).is_err() {
                    break;
                }
            }
        });
        Screen { pieces, text: String::new(), first: None }
    }

    /// Waits until `enough` is on the screen.
    #[track_caller]
    fn wait_for(&mut self, enough: impl Fn(&str) -> bool) {
        const PATIENCE: Duration = Duration::from_secs(60);
        while !enough(&self.text) {
            let (at, piece) = self.pieces.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{error}: {:?}", self.text));
            self.first.get_or_insert(at);
            self.text += std::str::from_utf8(&piece).unwrap();
        }
    }

    /// Everything to the end.
    fn rest(mut self) -> String {
        self.text.extend(self.pieces.iter().map(|(_, piece)| String::from_utf8(piece).unwrap()));
        self.text
    }
}

/// Starts `langloom generate` with a progress line, on a terminal of `columns` or on a pipe.
fn start(scratch: &Scratch, columns: Option<u16>, args: &[&str], env: &[(&str, &str)]) -> (Child, Screen) {
    let mut command = scratch.command(env!("CARGO_BIN_EXE_langloom"));
    command.arg("generate").args(args).env_remove("LANGLOOM_PROGRESS").env_remove("NO_COLOR").env("TERM", "xterm");
    command.envs(env.iter().copied()).stdout(Stdio::piped());
    let start = Instant::now();
    match columns {
        None => {
            let mut child = command.stderr(Stdio::piped()).spawn().unwrap();
            let screen = Screen::new(start, child.stderr.take().unwrap());
            (child, screen)
        }
        Some(columns) => {
            let (terminal, program_side) = terminal(columns);
            let screen = Screen::new(start, terminal);
            (command.stderr(program_side).spawn().unwrap(), screen)
        }
    }
}

/// A terminal: its own side and that of programs.
fn terminal(columns: u16) -> (File, File) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let own = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&own).unwrap();
    unlockpt(&own).unwrap();
    let name = ptsname(&own, Vec::new()).unwrap();
    let programs = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let size = rustix::termios::Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    rustix::termios::tcsetwinsize(&programs, size).unwrap();
    (File::from(own), programs)
}

/// Lets `child` read its grammar, and waits for its exit code.
#[track_caller]
fn answer(scratch: &Scratch, child: &mut Child, grammar: &str) -> Option<i32> {
    assert!(child.try_wait().unwrap().is_none(), "it does not wait for its grammar");
    File::options().write(true).open(scratch.path("g.langium")).unwrap().write_all(grammar.as_bytes()).unwrap();
    child.wait().unwrap().code()
}

#[test]
fn a_line_appears_after_a_second_and_is_gone_in_the_end() {
    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, Some(100), &["--no-cache"], &[]);
    screen.wait_for(|text| text.matches("reading grammars").count() >= 3);
    assert!(screen.first >= Some(Duration::from_secs(1)), "{:?}", screen.first);
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    let text = screen.rest();
    // Each one overwrites the one before, has room on the line and ends in the erasure of what was longer.
    for line in text.trim_start_matches('\r').split('\r').filter(|line| !line.is_empty() && *line != "\x1b[K") {
        let shown = line.strip_suffix("\x1b[K").unwrap_or_else(|| panic!("{line:?}"));
        let shown = shown.replace("\x1b[1;32m", "").replace("\x1b[0m", "");
        assert!(shown.len() < 100 && shown.contains(" % ") && shown.contains(" in use"), "{shown:?}");
    }
    assert!(text.ends_with("\r\x1b[K"), "{text:?}");
    assert!(!text.contains('\n'));
}

#[test]
fn findings_do_not_stand_in_the_line() {
    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, Some(100), &["--no-cache"], &[]);
    screen.wait_for(|text| text.contains("reading grammars"));
    assert_eq!(answer(&scratch, &mut child, "grammar G A: b=C;"), Some(2));
    let text = screen.rest();
    let (before, after) = text.split_once("g.langium:1:").unwrap_or_else(|| panic!("{text:?}"));
    let erased = before.rfind("\r\x1b[K").unwrap_or_else(|| panic!("{text:?}"));
    assert!(!before[erased + 4..].contains('%'), "{text:?}");
    assert!(after.contains("failed"), "{text:?}");
}

#[test]
fn colours_and_lines_that_change_are_only_for_who_wants_them() {
    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, Some(60), &["--no-cache"], &[("NO_COLOR", "1")]);
    screen.wait_for(|text| text.contains("reading grammars"));
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    let text = screen.rest();
    assert!(!text.contains("\x1b[1;32m") && text.contains("\x1b[K"), "{text:?}");

    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, Some(60), &["--no-cache"], &[("TERM", "dumb")]);
    screen.wait_for(|text| text.contains('\n'));
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    let text = screen.rest();
    assert!(!text.contains('\x1b') && text.starts_with("Langloom: reading grammars, "), "{text:?}");
}

#[test]
fn logs_get_few_lines_and_programs_get_objects() {
    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, None, &["--no-cache"], &[]);
    screen.wait_for(|text| text.contains('\n'));
    assert!(screen.first >= Some(Duration::from_secs(1)), "{:?}", screen.first);
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    let text = screen.rest();
    assert!(text.lines().all(|line| line.starts_with("Langloom: ")) && !text.contains('\r'), "{text:?}");

    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, None, &["--no-cache", "--progress", "json"], &[]);
    screen.wait_for(|text| text.lines().count() >= 3);
    assert!(screen.first < Some(Duration::from_secs(1)) || cfg!(debug_assertions), "from the start");
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    let text = screen.rest();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (end, progress) = events.split_last().unwrap();
    assert_eq!((&end["event"], &end["succeeded"]), (&Value::from("end"), &Value::from(true)));
    let done: Vec<f64> = progress.iter().map(|event| event["done"].as_f64().unwrap()).collect();
    assert!(done.is_sorted() && done.iter().all(|done| (0.0..1.0).contains(done)), "{done:?}");
    assert!(progress.iter().all(|event| event["event"] == "progress" && event["phase"].is_string()));
}

#[test]
fn nobody_hears_of_progress_who_does_not_want_to() {
    let scratch = slow_project();
    let (mut child, screen) = start(&scratch, Some(80), &["--no-cache"], &[("LANGLOOM_PROGRESS", "never")]);
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(answer(&scratch, &mut child, GRAMMAR), Some(0));
    assert_eq!(screen.rest(), "");
}

/// What a run of over a second took is what the next one reckons with.
#[test]
fn long_runs_are_learned_from() {
    let scratch = slow_project();
    let (mut child, mut screen) = start(&scratch, None, &[], &[]);
    screen.wait_for(|text| text.contains('\n'));
    assert!(child.try_wait().unwrap().is_none());
    // The pipe is a file by the time that the run is remembered, else it would be read once more.
    let writer = File::options().write(true).open(scratch.path("g.langium")).unwrap();
    std::fs::remove_file(scratch.path("g.langium")).unwrap();
    scratch.write("g.langium", GRAMMAR);
    (&writer).write_all(GRAMMAR.as_bytes()).unwrap();
    drop(writer);
    assert!(child.wait().unwrap().success());
    let times = scratch.read(".langloom/times-1");
    let load = times.lines().find_map(|line| line.strip_prefix("load ")).unwrap_or_else(|| panic!("{times}"));
    // Nanoseconds for a byte.
    assert!(load.parse::<f64>().unwrap() * GRAMMAR.len() as f64 > 0.9e9, "{times}");
    scratch.run(["cache", "clear"]);
    assert!(!scratch.path(".langloom/times-1").exists());
}

#[test]
fn a_table_of_timings() {
    let scratch = project();
    let run = scratch.run(["generate", "--timings"]);
    assert_eq!(run.exit, 0);
    let first: Vec<&str> = run.stderr.lines().map(|line| line.split_whitespace().next().unwrap()).collect();
    let expected = "phase prepare load check resolve infer render ast grammar module packs commit remember total";
    assert_eq!(first.join(" "), expected, "{}", run.stderr);
    let head = run.stderr.lines().next().unwrap();
    assert_eq!(head.split_whitespace().collect::<Vec<_>>().join(" "), "phase time share threads cpus memory peak cached what");
    let render = run.stderr.lines().find(|line| line.starts_with("render")).unwrap();
    assert!(render.contains("0 of 3  3 files, "), "{render}");

    let again = scratch.run(["generate", "--timings"]);
    let prepare = again.stderr.lines().find(|line| line.starts_with("prepare")).unwrap();
    assert!(prepare.trim_end().ends_with("1 of 1"), "{prepare}");
}

#[test]
fn packs_are_a_phase_of_their_own() {
    let scratch = project();
    scratch.write("langloom.toml", "[packs.types]\n");
    let run = scratch.run(["generate", "--timings", "--report", "report.json"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let row = |name: &str| run.stderr.lines().find(|line| line.trim_start().starts_with(name)).unwrap().to_owned();
    assert!(row("render").contains("0 of 3  3 files, "), "{}", run.stderr);
    assert!(row("packs").contains(" file") && row("pack ").contains(" file"), "{}", run.stderr);
    let report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    let outputs = report["outputs"].as_array().unwrap();
    let path = |output: &&Value| output["path"].as_str().unwrap().contains("/types/");
    let output = outputs.iter().find(path).unwrap_or_else(|| panic!("{report}"));
    let path = output["path"].as_str().unwrap();
    assert_eq!(output["bytes"].as_u64().unwrap(), scratch.read(path).len() as u64, "{path}");
}

#[test]
fn checks_and_extracted_types_can_be_seen_too() {
    let scratch = project();
    for command in ["check", "check g.langium", "check --fix --dry-run", "extract-types g.langium -f"] {
        let all = format!("{command} --jobs 2 -v --timings --trace t.json --report r.json --progress json --memory-limit 1G");
        let run = scratch.run(all.split(' '));
        assert_eq!(run.exit, 0, "{command}: {}", run.stderr);
        assert!(run.stderr.contains("\ntotal ") && run.stderr.contains("{\"event\":\"end\""), "{command}: {}", run.stderr);
        let report: Value = serde_json::from_str(&scratch.read("r.json")).unwrap();
        assert_eq!(report["grammars"][0]["bytes"], GRAMMAR.len(), "{command}");
        assert!(serde_json::from_str::<Value>(&scratch.read("t.json")).is_ok(), "{command}");
    }
    scratch.write("g.langium", many_rules(10_000));
    for command in ["check", "extract-types g.langium -f"] {
        let run = scratch.run(format!("{command} --memory-limit 8M").split(' '));
        assert_eq!(run.exit, 4, "{command}: {}", run.stderr);
    }
}

#[test]
fn a_log_of_what_happens() {
    let scratch = project();
    let once = scratch.run(["generate", "-v", "--jobs", "1"]).stderr;
    let again = scratch.run(["generate", "-v"]).stderr;
    let twice = scratch.run(["generate", "-vv", "--no-cache"]).stderr;
    assert!(once.contains("] generating, since no earlier run is remembered\n"), "{once}");
    assert!(
        once.contains("] load: ") && once.contains(&format!("1 file, {} B", GRAMMAR.len())) && !once.contains("output generated"),
        "{once}"
    );
    assert!(again.contains("] nothing changed since the last run\n"), "{again}");
    assert!(twice.contains("]   output src/generated/ast.ts: ") || twice.contains("/ast.ts: "), "{twice}");
}

#[test]
fn a_trace_of_files_batches_outputs_and_threads() {
    let scratch = project();
    scratch.write("g.langium", many_rules(3000));
    scratch.run(["generate", "--jobs", "2", "--trace", "trace.json"]);
    let trace: Value = serde_json::from_str(&scratch.read("trace.json")).unwrap();
    let events = trace["traceEvents"].as_array().unwrap();
    let of = |category: &str| events.iter().filter(|event| event["cat"] == category).count();
    // Phases: one comes twice. Batches: the pieces of the grammar, checks, outputs.
    assert_eq!((of("phase"), of("file"), of("output")), (9, 1, 3));
    assert!(of("batch") >= 2 + 2 + 3, "{}", of("batch"));
    for event in events {
        let has = |keys: &[&str]| keys.iter().all(|key| !event[*key].is_null());
        match event["ph"].as_str().unwrap() {
            "X" => assert!(has(&["name", "cat", "pid", "tid", "ts", "dur", "args"]), "{event}"),
            "C" => assert!(event["args"]["bytes"].as_u64().unwrap() > 0 && has(&["name", "pid", "ts"]), "{event}"),
            "M" => assert!(event["args"]["name"].is_string(), "{event}"),
            other => panic!("{other}"),
        }
    }
    // On one track, spans lie within others or beside them.
    let mut spans: Vec<(u64, f64, f64)> = events
        .iter()
        .filter(|event| event["ph"] == "X")
        .map(|event| {
            let number = |key: &str| event[key].as_f64().unwrap();
            (event["tid"].as_u64().unwrap(), number("ts"), number("ts") + number("dur"))
        })
        .collect();
    spans.sort_by(|a, b| (a.0, a.1, -a.2).partial_cmp(&(b.0, b.1, -b.2)).unwrap());
    let mut open: Vec<(u64, f64, f64)> = Vec::new();
    for span in spans {
        open.retain(|outer| outer.0 == span.0 && outer.2 > span.1 + 0.001);
        assert!(open.iter().all(|outer| span.2 <= outer.2 + 0.001), "{span:?} in {open:?}");
        open.push(span);
    }
}

#[test]
fn a_report_as_a_page_and_as_data() {
    let scratch = project();
    assert_eq!(scratch.run(["generate", "--report", "report.json", "--no-cache"]).exit, 0);
    let report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    assert_eq!((&report["format"], &report["succeeded"]), (&Value::from(1), &Value::from(true)));
    let time = |value: &Value| value["time_ms"].as_f64().unwrap();
    let phases = report["phases"].as_array().unwrap();
    let sum: f64 = phases.iter().map(time).sum();
    assert!((sum - time(&report)).abs() < 0.1, "{sum} of {report}");
    for output in report["outputs"].as_array().unwrap() {
        let path = output["path"].as_str().unwrap();
        assert_eq!(output["bytes"].as_u64().unwrap(), scratch.read(path).len() as u64, "{path}");
    }
    assert_eq!(report["outputs"].as_array().unwrap().len(), 3);
    assert_eq!(report["grammars"][0]["bytes"], GRAMMAR.len());
    assert_eq!(report["biggest_declarations"][0]["name"], "A");

    assert_eq!(scratch.run(["generate", "--report", "report.html"]).exit, 0);
    let page = scratch.read("report.html");
    for part in ["<h2>Recommendations</h2>", "<h2>Time by phase</h2>", "<h2>Memory</h2>", "<h2>Threads</h2>", "/ast.ts"] {
        assert!(page.contains(part), "{part}");
    }
    for outside in ["http:", "https:", "<script", "src=", "url(", "@import"] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());

    let wrong = scratch.run(["generate", "--report", "report.txt"]);
    assert!(wrong.exit == 2 && wrong.stderr.contains(".html or .json"), "{}", wrong.stderr);
}

#[test]
fn runs_that_fail_are_reported_too() {
    let scratch = project();
    scratch.write("g.langium", "grammar G A: b=C;");
    let run = scratch.run(["generate", "--report", "report.json", "--trace", "trace.json", "--timings"]);
    assert_eq!(run.exit, 2);
    let report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    assert_eq!(report["succeeded"], false);
    assert!(serde_json::from_str::<Value>(&scratch.read("trace.json")).is_ok() && run.stderr.contains("\ntotal "));
}

#[test]
fn seeing_changes_no_byte() {
    let (plain, seen) = (project(), project());
    for scratch in [&plain, &seen] {
        scratch.write("g.langium", many_rules(1000));
    }
    plain.run(["generate", "--no-cache"]);
    let all = "generate --no-cache -vv --timings --trace t.json --report r.html --memory-limit 1G --progress always";
    assert_eq!(seen.run(all.split(' ')).exit, 0);
    for path in ["ast.ts", "grammar.ts", "module.ts"].map(|name| format!("src/generated/{name}")) {
        assert!(plain.read(&path) == seen.read(&path), "{path}");
    }
}

/// What a million lines under 300 MB are to a build for use, this is to one for tests: they took 36 MB once.
#[test]
#[cfg(target_os = "linux")]
fn a_grammar_of_20_000_rules_needs_33_mb() {
    let scratch = project();
    scratch.write("g.langium", many_rules(20_000));
    scratch.run(["generate", "--no-cache"]).succeeded();
    let outputs = ["ast.ts", "grammar.ts"].map(|name| format!("src/generated/{name}"));
    let free = outputs.each_ref().map(|path| scratch.read(path));
    outputs.iter().for_each(|path| std::fs::remove_file(scratch.path(path)).unwrap());
    let run = scratch.run(["generate", "--no-cache", "--memory-limit", "33M", "--report", "report.json"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(outputs.each_ref().map(|path| scratch.read(path)) == free);
    let report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    let peak = report["peak_bytes"].as_u64().unwrap();
    assert!(peak <= 33_000_000, "{peak}");
}

#[test]
fn the_memory_limit_is_kept_or_the_run_fails_and_leaves_all_as_it_was() {
    let scratch = project();
    scratch.run(["generate", "--no-cache"]).succeeded();
    let before: Vec<(String, String)> = scratch.files().into_iter().map(|path| (path.clone(), scratch.read(&path))).collect();
    let small = scratch.read("g.langium");

    scratch.write("g.langium", many_rules(10_000));
    let run = scratch.run(["generate", "--no-cache", "--memory-limit", "8M"]);
    assert_eq!(run.exit, 4, "{}", run.stderr);
    assert!(run.stderr.contains("more than the memory limit of 8.00 MB"), "{}", run.stderr);
    assert!(run.stderr.contains("slowed down to stay under 8.00 MB"), "{}", run.stderr);
    scratch.write("g.langium", small);
    let after: Vec<(String, String)> = scratch.files().into_iter().map(|path| (path.clone(), scratch.read(&path))).collect();
    assert_eq!(before, after);

    // A limit that is tight but can be kept gives the same bytes.
    scratch.write("g.langium", many_rules(10_000));
    scratch.run(["generate", "--no-cache"]).succeeded();
    let free = scratch.read("src/generated/ast.ts");
    std::fs::remove_file(scratch.path("src/generated/ast.ts")).unwrap();
    let run = scratch.run(["generate", "--no-cache", "--memory-limit", "60M", "--report", "report.json"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    assert!(scratch.read("src/generated/ast.ts") == free);
    let report: Value = serde_json::from_str(&scratch.read("report.json")).unwrap();
    assert_eq!(report["memory_limit"], 60_000_000);

    let wrong = scratch.run(["generate", "--memory-limit", "much"]);
    assert!(wrong.exit == 2 && wrong.stderr.contains("such as 300M"), "{}", wrong.stderr);
}

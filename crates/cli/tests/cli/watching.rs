//! `langloom generate --watch`: whatever happens to the files, in the end the outputs are those of a clean run.
//!
//! Quick by default. The environment asks for more: `EDITS`, `GROWTH_EDITS`.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use crate::packs;
use crate::support::{GRAMMAR, OUTPUTS, Random, Scratch, amount, binary, config, project};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running `langloom generate --watch`.
struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(scratch: &Scratch, args: &[&str]) -> Watch {
        let mut command = scratch.command(&binary());
        command.args(["generate", "--watch"]).args(args).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let watch = Watch { child, lines };
        watch.until_waiting();
        watch
    }

    /// Waits until a run is over.
    fn until_waiting(&self) {
        while self.lines.recv_timeout(PATIENCE).expect("no run came to its end") != "Waiting for changes" {}
    }

    /// How many runs came to their end since somebody last looked.
    fn runs(&self) -> usize {
        self.lines.try_iter().filter(|line| line == "Waiting for changes").count()
    }

    /// Resident memory, in KiB.
    #[cfg(target_os = "linux")]
    fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `is_so`.
#[track_caller]
fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "never: {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn contains(scratch: &Scratch, output: &str, words: &str) -> bool {
    fs::read_to_string(scratch.path(output)).is_ok_and(|text| text.contains(words))
}

/// Checks that the outputs become those of a clean run.
#[track_caller]
fn becomes_clean(scratch: &Scratch) {
    let clean = Scratch::new();
    for file in scratch.files().into_iter().filter(|file| !file.starts_with("gen/") && !file.ends_with('/')) {
        clean.write(&file, fs::read(scratch.path(&file)).unwrap());
    }
    clean.run(["generate", "--no-cache"]);
    eventually("outputs of a clean run", || {
        OUTPUTS.iter().all(|output| fs::read(scratch.path(output)).ok() == fs::read(clean.path(output)).ok())
    });
}

fn version(number: usize) -> String {
    GRAMMAR.replace("Model", &format!("Model{number}"))
}

#[test]
fn every_kind_of_change_is_seen() {
    let scratch = project();
    scratch.write("lib/b.langium", "terminal ID: /[a-z]+/;\n");
    let _watch = Watch::start(&scratch, &[]);
    let ast_gets = |words: &str| eventually(words, || contains(&scratch, OUTPUTS[0], words));

    scratch.write("a.langium", version(1));
    ast_gets("Model1 ");
    // As editors do it: a new file takes the place of the old one.
    scratch.write("a.langium~", version(2));
    fs::rename(scratch.path("a.langium~"), scratch.path("a.langium")).unwrap();
    ast_gets("Model2 ");
    // A file that was not there, in a folder that was not there, and what it imports in turn.
    let importing = version(3).replace("grammar A\n", "grammar A\nimport './new/c';\n").replace("name=ID", "name=ID other=NEW");
    scratch.write("a.langium", &importing);
    std::thread::sleep(Duration::from_millis(100));
    scratch.write("new/c.langium", "import '../lib/d';\n");
    std::thread::sleep(Duration::from_millis(100));
    scratch.write("lib/d.langium", "terminal NEW: /[0-9]+/;\n");
    ast_gets("NEW: /[0-9]+/");
    scratch.write("lib/d.langium", "terminal NEW: /[1-9]+/;\n");
    ast_gets("NEW: /[1-9]+/");
    // A folder that is deleted and made again, as when branches are switched.
    fs::remove_dir_all(scratch.path("new")).unwrap();
    scratch.write("new/c.langium", "import '../lib/e';\n");
    scratch.write("lib/e.langium", "terminal NEW: /[2-9]+/;\n");
    ast_gets("NEW: /[2-9]+/");
    std::thread::sleep(Duration::from_millis(100));
    scratch.write("new/c.langium", "terminal NEW: /[3-9]+/;\n");
    ast_gets("NEW: /[3-9]+/");
    // The configuration, and a file beside it that was looked for in vain.
    scratch.write("langium-config.json", config("gen", "a.langium").replace("\"A\"", "\"Renamed\""));
    ast_gets("RenamedTerminals");
    scratch.write("langloom.toml", "compat = \"4.2.1\"\n");
    ast_gets("langium-cli 4.2.1");
    becomes_clean(&scratch);
}

#[test]
fn mistakes_do_not_end_it() {
    let scratch = project();
    scratch.write("langium-config.json", "{");
    let watch = Watch::start(&scratch, &[]);
    scratch.write("langium-config.json", config("gen", "a.langium"));
    eventually("outputs", || contains(&scratch, OUTPUTS[0], "Model "));
    for (file, wrong, right) in [
        ("a.langium", "grammar A entry".to_owned(), version(1)),
        ("langium-config.json", "[]".to_owned(), config("gen", "a.langium")),
        ("a.langium", "grammar A\nentry Model: name=Missing;".to_owned(), version(2)),
        ("langium-config.json", config("gen", "missing.langium"), config("gen", "a.langium") + " "),
    ] {
        scratch.write(file, wrong);
        watch.until_waiting();
        scratch.write(file, right);
        becomes_clean(&scratch);
    }
    for file in ["langium-config.json", "a.langium"] {
        let text = scratch.read(file);
        fs::remove_file(scratch.path(file)).unwrap();
        watch.until_waiting();
        scratch.write(file, text.replace("Model2", "Model3"));
        becomes_clean(&scratch);
    }
}

#[test]
fn without_what_is_kept_between_runs() {
    let scratch = project();
    let _watch = Watch::start(&scratch, &["--no-incremental", "--no-stream", "--no-cache", "--jobs", "1"]);
    for number in 1..4 {
        scratch.write("a.langium", version(number));
        becomes_clean(&scratch);
    }
}

/// An output that was edited is refused, and undoing that is a change.
#[test]
fn refused_outputs_are_watched() {
    let scratch = project();
    let watch = Watch::start(&scratch, &[]);
    let undo: [fn(&Scratch, &str); 2] =
        [|scratch, before| scratch.write(OUTPUTS[0], before), |scratch, _| fs::remove_file(scratch.path(OUTPUTS[0])).unwrap()];
    for (index, undo) in undo.into_iter().enumerate() {
        let before = scratch.read(OUTPUTS[0]);
        scratch.write(OUTPUTS[0], "edited");
        scratch.write("a.langium", version(index));
        watch.until_waiting();
        // A run may have seen a file that was half written.
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(scratch.read(OUTPUTS[0]), "edited");
        undo(&scratch, &before);
        eventually("what was refused", || contains(&scratch, OUTPUTS[0], &format!("Model{index} ")));
    }
    becomes_clean(&scratch);
}

/// Whoever reads what is told may have read enough.
#[test]
fn nobody_reads_what_it_tells() {
    let scratch = project();
    // 124 says that it had to be ended.
    let run = scratch.bash("timeout 30 \"$LANGLOOM\" generate --watch | head -1; exit ${PIPESTATUS[0]}");
    assert_eq!((run.exit, &*run.stdout), (0, "Reading config from $DIR/langium-config.json\n"));
    // Even if all of a run fits into the pipe.
    let run = scratch.bash("timeout 30 \"$LANGLOOM\" generate --watch | sleep 0.5; exit ${PIPESTATUS[0]}");
    assert_eq!(run.exit, 0);
}

/// Where the test may have the system watch nothing.
#[test]
#[cfg(target_os = "linux")]
fn that_folders_are_not_watched_is_told_once() {
    let scratch = project();
    let without =
        |what: &str| scratch.bash(&format!("unshare -Ur bash -c 'echo 0 > /proc/sys/user/max_inotify_watches && {what}'"));
    if without("true").exit != 0 {
        return;
    }
    let run = without("(sleep 0.5; echo >> a.langium) & timeout 3 \"$LANGLOOM\" generate --watch");
    assert_eq!(run.stderr.matches("warning: the system watches no more folders").count(), 1, "{run:?}");
    assert_eq!(run.stdout.matches("Waiting for changes").count(), 2, "{run:?}");
}

#[test]
fn style_sheets_are_watched() {
    let scratch = project();
    let railroad = r#""id": "a", "railroad": { "out": "diagrams.html", "css": "own.css" }"#;
    scratch.write("langium-config.json", config("gen", "a.langium").replace("\"id\": \"a\"", railroad));
    scratch.write("own.css", "svg { fill: red }");
    let _watch = Watch::start(&scratch, &[]);
    scratch.write("own.css", "svg { fill: blue }");
    eventually("the new style", || contains(&scratch, "diagrams.html", "fill: blue"));
}

/// Templates are compiled again if they changed, or how they are read, and the others see what the grammar has become.
#[test]
fn packs_are_watched() {
    let scratch = packs::project("path = \"o.txt\"", "{{> part}}{{#each project.interfaces}} {{name}}{{/each}}");
    scratch.write("pack/partials/part.hbs", "<{{project.name}}>");
    let _watch = Watch::start(&scratch, &[]);
    assert_eq!(scratch.read("out/o.txt"), "<A> Greeting Model Person\n");
    let edit = |file: &str, text: &str, expected: &str| {
        scratch.write(file, text);
        eventually(expected, || contains(&scratch, "out/o.txt", expected));
    };
    edit("a.langium", &scratch.read("a.langium").replace("Person", "Human"), "<A> Greeting Human Model\n");
    edit("pack/partials/part.hbs", "{{project.name}}: '<'", "A: '<' Greeting Human Model\n");
    edit("pack/templates/t.hbs", "{{> part}}{{project.name}}", "A: '<'A\n");
    let escaped = packs::manifest("path = \"o.txt\"").replace("\n\n", "\nescape = \"html\"\n\n");
    edit("pack/partials/part.hbs", "{{json '<'}}", "\"<\"A\n");
    edit("pack/pack.toml", &escaped, "&quot;&lt;&quot;A\n");
    edit("pack/pack.toml", &packs::manifest("path = \"o.txt\""), "\"<\"A\n");
}

/// Many edits at any distance, also while a run is at work: the last one always counts, and runs are not one for each.
#[test]
fn no_edit_is_lost() {
    let edits = amount("EDITS", 150);
    let scratch = project();
    let watch = Watch::start(&scratch, &[]);
    let mut random = Random(5);
    for edit in 0..edits {
        match random.below(3) {
            0 => {
                scratch.write("new", version(edit));
                fs::rename(scratch.path("new"), scratch.path("a.langium")).unwrap();
            }
            1 => {
                fs::remove_file(scratch.path("a.langium")).unwrap();
                scratch.write("a.langium", version(edit));
            }
            _ => scratch.write("a.langium", version(edit)),
        }
        std::thread::sleep(Duration::from_millis(random.below(50) as u64));
        if edit % 25 == 24 {
            becomes_clean(&scratch);
        }
    }
    becomes_clean(&scratch);
    std::thread::sleep(Duration::from_millis(300));
    let runs = watch.runs();
    assert!(runs <= edits + 1, "{runs} runs for {edits} edits");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(watch.runs(), 0, "runs without an edit");
}

/// A thousand files change at once, as when branches are switched.
#[test]
fn a_thousand_files_are_one_change() {
    let scratch = Scratch::new();
    let files = 1_000;
    let write = |version: usize| {
        for file in 0..files {
            scratch.write(
                &format!("parts/{file}.langium"),
                format!("import '../ids';\nRule{file}: 'rule{file}' 'v{version}' name=ID;\n"),
            );
        }
    };
    write(0);
    let imports: String = (0..files).map(|file| format!("import './parts/{file}';\n")).collect();
    // A parser can tell 255 calls in one rule apart.
    let group = |group: usize| {
        let rules: Vec<String> = (group * 100..(group + 1) * 100).map(|rule| format!("Rule{rule}")).collect();
        format!("Group{group}: {};\n", rules.join(" | "))
    };
    let calls: Vec<String> = (0..10).map(|group| format!("rules+=Group{group}")).collect();
    let groups: String = (0..10).map(group).collect();
    let head = format!("grammar A\n{imports}entry Model: ({})*;\n{groups}", calls.join(" | "));
    scratch.write("ids.langium", "terminal ID: /[a-z]+/;\n");
    scratch.write("a.langium", head);
    scratch.write("langium-config.json", config("gen", "a.langium"));
    let watch = Watch::start(&scratch, &[]);
    write(1);
    eventually("the new outputs", || contains(&scratch, OUTPUTS[0], "\"v1\"") && !contains(&scratch, OUTPUTS[0], "\"v0\""));
    becomes_clean(&scratch);
    std::thread::sleep(Duration::from_millis(500));
    let runs = watch.runs();
    assert!(runs <= 4, "{runs} runs");
}

#[test]
fn ctrl_c_ends_it_at_once() {
    let scratch = project();
    let mut watch = Watch::start(&scratch, &[]);
    let start = Instant::now();
    scratch.bash(&format!("kill -INT {}", watch.child.id())).succeeded();
    let exit = watch.child.wait().unwrap();
    assert!(start.elapsed() < Duration::from_secs(1), "it took {:?}", start.elapsed());
    assert_eq!(exit.code(), Some(130));
    assert_eq!(scratch.files().len(), 5);
}

/// 10,000 lines, 300 KB. Edits differ in a keyword in the middle.
fn big_grammar(edit: usize) -> String {
    let rules = (0..2_000).map(|rule| {
        let keyword = if rule == 1_000 { format!("edit{edit}") } else { format!("rule{}", rule % 300) };
        let next = (rule + 1) % 2_000;
        format!(
            "Rule{rule}:\n    '{keyword}' name=ID\n    ('to' other=[Rule{next}:ID])?\n    (parts+=Part{rule})*;\n\
             Part{rule}: value=ID | '(' inner=Rule{next} ')';\n"
        )
    });
    let head = GRAMMAR.replace("name=ID", "name=ID rules+=Rule0*");
    format!("{head}{}", rules.collect::<String>())
}

/// Memory is given back between runs. What is left goes up and down by a megabyte with what threads leave in the C
/// library's heaps, so the least that is seen in some edits is compared with the least in later ones.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow() {
    let edits = amount("GROWTH_EDITS", 100);
    let scratch = project();
    scratch.write("a.langium", big_grammar(0));
    let watch = Watch::start(&scratch, &[]);
    let least_in = |range: std::ops::Range<usize>| {
        let memory_after = |edit: usize| {
            scratch.write("new", big_grammar(edit));
            fs::rename(scratch.path("new"), scratch.path("a.langium")).unwrap();
            watch.until_waiting();
            let look = || {
                std::thread::sleep(Duration::from_millis(20));
                watch.memory()
            };
            (0..if edit.is_multiple_of(5) { 6 } else { 1 }).map(|_| look()).min().unwrap()
        };
        range.map(memory_after).min().unwrap()
    };
    least_in(1..20);
    let early = least_in(20..50);
    least_in(50..edits - 30);
    let late = least_in(edits - 30..edits);
    println!("from {early} to {late} KiB in {edits} edits");
    assert!(late as f64 <= early as f64 * 1.05, "from {early} to {late} KiB in {edits} edits");
}

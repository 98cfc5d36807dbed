//! What is remembered from run to run: when there is nothing to do, which files may be replaced or deleted, and what
//! `--check` and its kin tell of it.

use std::fs::{self, File};
use std::time::SystemTime;

use crate::support::{OUTPUTS, Run, Scratch, config, project};

const GRAMMAR: &str = crate::support::GRAMMAR;

/// Runs `langloom generate` with `--explain` and the words `more`.
fn explained(scratch: &Scratch, more: &[&str]) -> String {
    let args = ["generate", "--explain"].iter().chain(more);
    scratch.run(args).succeeded().stdout
}

/// How long a file has to be left alone until its times tell that it was: longer than the tick of the clock of the file
/// system, of which Langloom knows that it is at most 20 ms.
fn settle() {
    std::thread::sleep(std::time::Duration::from_millis(30));
}

fn log_of(scratch: &Scratch) -> String {
    let logs: Vec<String> = scratch.all_files().into_iter().filter(|file| file.starts_with(".langloom/runs-")).collect();
    let [log] = &logs[..] else { panic!("{logs:?}") };
    log.clone()
}

#[test]
fn content_decides() {
    let scratch = project();
    assert!(explained(&scratch, &[]).contains("Generating, since no earlier run is remembered"));
    assert!(explained(&scratch, &[]).contains("Nothing to do"));

    // Another time, another inode, the same bytes.
    scratch.bash("touch a.langium; cp gen/ast.ts x; mv x gen/ast.ts").succeeded();
    assert!(explained(&scratch, &[]).contains("Nothing to do"));

    // The same length and the same time of modification, other bytes.
    let modified = fs::metadata(scratch.path("a.langium")).unwrap().modified().unwrap();
    scratch.write("a.langium", GRAMMAR.replace("Model", "Modal"));
    File::options().write(true).open(scratch.path("a.langium")).unwrap().set_modified(modified).unwrap();
    assert!(explained(&scratch, &[]).contains("since $DIR/a.langium was changed"));
    assert!(scratch.read("gen/ast.ts").contains("Modal"));
}

#[test]
fn what_was_looked_for_in_vain_counts() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    scratch.write("langloom.toml", "compat = \"4.2.1\"\n");
    assert!(explained(&scratch, &[]).contains("since $DIR/langloom.toml is new"));
    fs::remove_file(scratch.path("langloom.toml")).unwrap();
    assert!(explained(&scratch, &[]).contains("since $DIR/langloom.toml is missing"));
    fs::remove_file(scratch.path("gen/module.ts")).unwrap();
    assert!(explained(&scratch, &[]).contains("since $DIR/gen/module.ts is missing"));
    assert!(explained(&scratch, &["--mode", "production"]).contains("since the last run had other options"));
    assert!(explained(&scratch, &["--no-cache"]).contains("since runs are not remembered"));
}

/// In all formats: with source lines, fixes, what takes two code units, and what is wrong in a file that is imported.
#[test]
fn findings_are_told_again() {
    let scratch = project();
    let grammar = GRAMMAR.replace("entry", "import 'b'\nimport 'b'\nentry");
    scratch.write("a.langium", format!("{grammar}terminal UNUSED: 'x';\n/* \u{1F600} */ Unused: 'y' name=ID;\n"));
    scratch.write("b.langium", "/* \t\u{e4} */ other: name='z';\n");
    assert_eq!(scratch.run(["generate"]).exit, 0);
    for format in ["human", "plain", "json", "sarif", "github"] {
        let told = |cache: &[&str]| {
            let run = scratch.run(["generate", "--format", format].iter().chain(cache));
            assert_eq!(run.exit, 0, "{format}: {run:?}");
            let says_what_it_does = |line: &&str| ["Reading ", "Writing ", "Langloom "].iter().any(|word| line.starts_with(word));
            let findings = |stream: &str| stream.lines().filter(|line| !says_what_it_does(line)).collect::<Vec<_>>().join("\n");
            (findings(&run.stdout), findings(&run.stderr), run)
        };
        let (clean, again) = (told(&["--no-cache"]), told(&[]));
        assert_eq!((&clean.0, &clean.1), (&again.0, &again.1), "{format}");
        assert!((clean.0 + &clean.1).contains("already being directly imported"), "{format}: {:?}", clean.2);
        let said = again.2.stdout + &again.2.stderr;
        assert!(said.contains("(0 written, 3 unchanged)"), "{format}: {said}");
    }
}

/// What a clean run makes of the project of `scratch`, without anything remembered: its outputs and what it says.
fn clean_run(scratch: &Scratch) -> (Vec<String>, String) {
    let run = scratch.run(["generate", "--no-cache"]);
    assert_eq!(run.exit, 0, "{run:?}");
    (OUTPUTS.iter().map(|output| scratch.read(output)).collect(), run.stderr)
}

#[test]
fn edits_without_meaning_end_a_run_early() {
    const EARLY: &str = "The grammars mean what they meant";
    let scratch = project();
    let warned = format!("{GRAMMAR}terminal UNUSED: 'x';\nUnused: 'y' name=ID;\n");
    scratch.write("a.langium", &warned);
    assert_eq!(scratch.run(["generate"]).exit, 0);
    let check = |text: String, is_early: bool, what: &str| {
        settle();
        scratch.write("a.langium", &text);
        let run = scratch.run(["generate", "--explain"]);
        assert_eq!(run.stdout.contains(EARLY), is_early, "{what}: {run:?}");
        let outputs: Vec<String> = OUTPUTS.iter().map(|output| scratch.read(output)).collect();
        assert_eq!((outputs, run.stderr), clean_run(&scratch), "{what}");
        // The next run has nothing to do.
        let again = scratch.run(["generate", "--explain"]);
        assert!(again.stdout.contains("Nothing to do"), "{what}: {again:?}");
    };
    check(format!("{warned}\n"), false, "the first run of what is not worth keeping does not find out what it means");
    check(warned.replace("terminal UNUSED", "// plain\n\n  terminal UNUSED"), true, "findings move");
    check(warned.replace("terminal UNUSED", "/* block */ terminal UNUSED"), false, "a block comment may be printed");
    check(warned.replace("terminal UNUSED", "/* block */\r\nterminal UNUSED"), true, "the same one, moved");
    check(warned.replace("'y' name=ID", "'y'  name=ID"), false, "the first edit takes a comment away");
    check(warned.replace("'y' name=ID", "'y'   name=ID"), false, "a declaration with a finding was edited");
    check(warned.replace(";\nUnused", "; Unused"), false, "two findings come to one line, a third was edited");
    check(warned.replace(";\nUnused", ";\n Unused"), false, "and are apart again");
    check(warned.clone(), true, "still apart");
    let large = large_grammar();
    scratch.bash("rm -rf .langloom").succeeded();
    scratch.write("a.langium", &large);
    scratch.run(["generate", "--force"]).exit_is(0);
    check(format!("{large}\n"), true, "the first run of a large grammar");
}

#[test]
fn edited_outputs_are_refused() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    let edit = |words: &str| {
        scratch.write("gen/ast.ts", words);
        settle();
    };
    edit("mine");
    let before = scratch.all_files();
    let run = scratch.run(["generate"]);
    assert_eq!(run.exit, 3, "{run:?}");
    assert!(run.stderr.contains("$DIR/gen/ast.ts was edited since it was generated [edited-output]"), "{run:?}");
    assert_eq!(scratch.read("gen/ast.ts"), "mine");
    assert_eq!(scratch.all_files(), before);

    // Also if something else is to be written meanwhile: all or nothing.
    scratch.write("a.langium", GRAMMAR.replace("Model", "Root"));
    assert_eq!(scratch.run(["generate"]).exit, 3);
    assert!(scratch.read("gen/grammar.ts").contains("Model"));

    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!(scratch.read("gen/ast.ts.orig"), "mine");
    edit("mine again");
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!((scratch.read("gen/ast.ts.orig"), scratch.read("gen/ast.ts.orig2")), ("mine".into(), "mine again".into()));
    assert!(scratch.read("gen/ast.ts").contains("Root"));

    // An edit that is what would be generated is no edit to lose.
    let wanted = scratch.read("gen/module.ts");
    scratch.write("gen/module.ts", "mine");
    scratch.write("gen/module.ts", wanted);
    scratch.run(["generate"]).succeeded();
}

/// Whoever changes between modes, or generates the same file from two configurations, edits nothing.
#[test]
fn what_another_run_wrote_is_no_edit() {
    let scratch = project();
    for mode in ["development", "production", "development"] {
        scratch.run(["generate", "--mode", mode]).succeeded();
    }
    scratch.write("b.langium", GRAMMAR.replace("Model", "Other"));
    scratch.write("b.json", config("gen", "b.langium"));
    for file in ["langium-config.json", "b.json", "langium-config.json", "b.json"] {
        scratch.run(["generate", "-f", file]).succeeded();
    }
    assert!(scratch.read("gen/ast.ts").contains("Other"));
}

#[test]
fn what_is_no_longer_generated_is_deleted() {
    let scratch = project();
    scratch.write("langium-config.json", config_with_more(&["textMate", "monarch", "prism"]));
    scratch.write("more/mine", "mine");
    scratch.run(["generate"]).succeeded();
    assert!(scratch.path("syntaxes/textMate").exists());
    scratch.write("more/prism", "edited");
    settle();
    scratch.write("langium-config.json", config_with_more(&[]));
    let run = scratch.run(["generate"]).exit_is(0);
    assert!(run.stdout.contains("2 deleted") && run.stderr.contains("more/prism is no longer generated"), "{run:?}");
    // With its folder, as nothing else was in it; what was edited stays, and so does what was never ours.
    assert_eq!(
        scratch.files(),
        ["a.langium", OUTPUTS[0], OUTPUTS[1], OUTPUTS[2], "langium-config.json", "more/mine", "more/prism"]
    );

    // What another configuration generates stays.
    scratch.write("langium-config.json", config_with_more(&["textMate"]));
    scratch.write("other.json", config_with_more(&["textMate"]));
    scratch.run(["generate"]).succeeded();
    scratch.run(["generate", "-f", "other.json"]).succeeded();
    scratch.write("langium-config.json", config_with_more(&[]));
    scratch.run(["generate"]).succeeded();
    assert!(scratch.path("syntaxes/textMate").exists());
}

/// The usual configuration with outputs of these kinds, textMate in the folder `syntaxes` and all others in `more`.
fn config_with_more(kinds: &[&str]) -> String {
    let more = kinds.iter().map(|kind| {
        let folder = if *kind == "textMate" { "syntaxes" } else { "more" };
        format!(r#", "{kind}": {{ "out": "{folder}/{kind}" }}"#)
    });
    config("gen", "a.langium").replace("\"id\": \"a\"", &format!("\"id\": \"a\"{}", more.collect::<String>()))
}

#[track_caller]
fn found_differences(run: &Run, expected: &[(&str, &str)]) {
    assert_eq!(run.exit, 1, "{run:?}");
    let errors = run.stderr.lines().filter(|line| line.starts_with("error: "));
    let codes: Vec<(&str, &str)> = errors
        .map(|line| {
            let path = line.trim_start_matches("error: $DIR/").split(' ').next().unwrap();
            (path, line.rsplit('[').next().unwrap().trim_end_matches(']'))
        })
        .collect();
    assert_eq!(codes, expected, "{run:?}");
}

#[test]
fn check_finds_every_difference_and_changes_nothing() {
    let scratch = project();
    scratch.write("langium-config.json", config_with_more(&["textMate"]));
    let check = || scratch.run(["generate", "--check"]);
    let missing = [OUTPUTS[0], OUTPUTS[1], OUTPUTS[2], "syntaxes/textMate"].map(|path| (path, "missing-output"));
    found_differences(&check(), &missing);
    assert_eq!(scratch.all_files(), ["a.langium", "langium-config.json"]);

    scratch.run(["generate"]).succeeded();
    assert_eq!(check().succeeded().stdout, "All 4 outputs are up to date\n");

    let old = scratch.read("gen/module.ts");
    scratch.write("a.langium", GRAMMAR.replace("Model", "Root"));
    scratch.write("langium-config.json", config("gen", "a.langium"));
    scratch.write("gen/ast.ts", "edited");
    scratch.write("gen/old.ts", old);
    settle();
    let before = snapshot(&scratch);
    let expected = [
        ("gen/ast.ts", "edited-output"),
        ("gen/grammar.ts", "changed-output"),
        ("syntaxes/textMate", "obsolete-output"),
        ("gen/old.ts", "extra-output"),
    ];
    found_differences(&check(), &expected);
    let dry = scratch.run(["generate", "--dry-run"]).succeeded();
    assert_eq!(dry.stdout.lines().count(), 4, "{}", dry.stdout);
    assert!(dry.stdout.contains("$DIR/syntaxes/textMate would be deleted"), "{}", dry.stdout);
    assert_eq!(snapshot(&scratch), before);

    // Without what is remembered, as in a fresh checkout.
    let fresh = scratch.run(["generate", "--check", "--no-cache"]);
    found_differences(&fresh, &[("gen/ast.ts", "changed-output"), expected[1], expected[3]]);

    scratch.write("a.langium", "grammar");
    assert_eq!(check().exit, 2);
}

fn snapshot(scratch: &Scratch) -> Vec<(String, SystemTime)> {
    let modified = |file: &String| fs::symlink_metadata(scratch.path(file)).unwrap().modified().unwrap();
    scratch.all_files().into_iter().map(|file| (file.clone(), modified(&file))).collect()
}

#[test]
fn outputs_are_listed_and_dependencies_written() {
    let scratch = project();
    scratch.write("b c.langium", "terminal ID: /[a-z]+/;\n");
    scratch.write("a.langium", "grammar A\nimport './b c';\nentry Model: name=ID;\n");
    let list = scratch.run(["generate", "--list-outputs"]).succeeded();
    assert_eq!(list.stdout, OUTPUTS.map(|path| format!("$DIR/{path}\n")).concat());
    assert!(!scratch.path("gen").exists());

    let rule = |run: Run| {
        run.succeeded();
        scratch.read("deps").replace(scratch.path("").to_str().unwrap(), "")
    };
    let first = rule(scratch.run(["generate", "--depfile", "deps"]));
    let inputs = "a.langium \\\n  b\\ c.langium \\\n  langium-config.json\n";
    assert_eq!(first, format!("{}: {inputs}", OUTPUTS.join(" ")));
    scratch.bash("rm deps").succeeded();
    assert_eq!(rule(scratch.run(["generate", "--depfile", "deps"])), first);

    let other = scratch.read("langium-config.json").replace("\"gen", "\"other");
    scratch.write("other.json", &other);
    let both = rule(scratch.run(["generate", "-f", "langium-config.json", "-f", "other.json", "--depfile", "deps"]));
    let second = first.replace("gen/", "other/").replace("langium-config.json", "other.json");
    assert_eq!(both, first + &second);
}

#[test]
fn clean_deletes_what_was_generated() {
    let scratch = project();
    scratch.write("gen/mine.ts", "mine");
    scratch.run(["generate"]).succeeded();
    scratch.write("gen/ast.ts", "edited");
    settle();
    let run = scratch.run(["generate", "--clean"]);
    assert!(run.exit == 0 && run.stdout == "Deleted 2 files\n" && run.stderr.contains("gen/ast.ts was edited"), "{run:?}");
    assert_eq!(scratch.files(), ["a.langium", "gen/ast.ts", "gen/mine.ts", "langium-config.json"]);
    assert_eq!(scratch.run(["generate", "--clean", "--no-cache"]).exit, 1);
}

#[test]
fn the_cache_is_where_it_should_be() {
    let scratch = project();
    scratch.write("node_modules/x", "");
    scratch.run(["generate"]).succeeded();
    assert!(scratch.path("node_modules/.cache/langloom").is_dir() && !scratch.path(".langloom").exists());
    scratch.run(["generate", "--cache-dir", "elsewhere/cache"]).succeeded();
    assert!(scratch.path("elsewhere/cache/.gitignore").is_file());

    let scratch = project();
    scratch.run(["generate", "--no-cache"]).succeeded();
    assert!(!scratch.path(".langloom").exists());
}

#[test]
fn the_cache_can_be_looked_at_and_forgotten() {
    let scratch = project();
    assert_eq!(scratch.run(["cache", "stats"]).succeeded().stdout, "$DIR/.langloom: 0 configurations, 0 bytes\n");
    scratch.run(["generate"]).succeeded();
    let stats = scratch.run(["cache", "stats"]).succeeded().stdout;
    assert!(stats.contains("1 configuration, ") && stats.contains("$DIR/langium-config.json: "), "{stats}");
    assert!(stats.contains(" 3 outputs, "), "{stats}");
    assert!(scratch.run(["cache", "verify"]).succeeded().stdout.ends_with(" sound records\n"));

    let log = log_of(&scratch);
    let mut bytes = fs::read(scratch.path(&log)).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    scratch.write(&log, bytes);
    let run = scratch.run(["cache", "verify"]);
    assert!(run.exit == 1 && run.stderr.contains("are damaged [damaged-cache]"), "{run:?}");
    // It costs time and nothing else.
    scratch.run(["generate"]).succeeded();
    scratch.run(["cache", "verify"]).succeeded();

    assert!(scratch.run(["cache", "clear"]).succeeded().stdout.starts_with("Deleted "));
    assert!(!scratch.path(".langloom").exists());
    scratch.run(["cache", "clear"]).succeeded();
    assert!(explained(&scratch, &[]).contains("since no earlier run is remembered"));
}

#[test]
fn the_cache_stays_small() {
    let scratch = project();
    for index in 0..200 {
        scratch.write("a.langium", GRAMMAR.replace("Model", &format!("Model{index}")));
        scratch.run(["generate"]).succeeded();
    }
    let size = fs::metadata(scratch.path(&log_of(&scratch))).unwrap().len();
    assert!(size < 100_000, "{size} bytes");

    // A configuration that is no more is forgotten as soon as another one is remembered.
    for name in ["one", "two"] {
        scratch.write(&format!("{name}.json"), config("gen", "a.langium"));
        scratch.run(["generate", "-f", &format!("{name}.json")]).succeeded();
        fs::remove_file(scratch.path(&format!("{name}.json"))).unwrap();
    }
    let stats = scratch.run(["cache", "stats"]).succeeded().stdout;
    assert!(stats.contains("2 configurations") && stats.contains("two.json") && !stats.contains("one.json"), "{stats}");
}

#[test]
fn several_configurations_in_one_call() {
    let scratch = project();
    scratch.write("b.langium", GRAMMAR.replace("Model", "Other"));
    scratch.write("b.json", config("other", "b.langium"));
    let files = ["generate", "-f", "langium-config.json", "-f", "b.json"];
    scratch.run(files).succeeded();
    assert!(scratch.read("gen/ast.ts").contains("Model") && scratch.read("other/ast.ts").contains("Other"));
    let stdout = scratch.run(files.iter().chain(&["--explain"])).succeeded().stdout;
    assert_eq!(stdout.matches("Nothing to do").count(), 2, "{stdout}");

    // What is wrong with one does not keep the other from being done.
    scratch.write("a.langium", "grammar");
    scratch.write("b.langium", GRAMMAR.replace("Model", "Another"));
    let run = scratch.run(files);
    assert!(run.exit == 2 && run.stderr.contains("a.langium:1:"), "{run:?}");
    assert!(scratch.read("gen/ast.ts").contains("Model") && scratch.read("other/ast.ts").contains("Another"));
}

#[test]
fn a_warning_about_the_configuration_is_told_again() {
    let scratch = project();
    scratch.write("node_modules/langium-cli/package.json", r#"{ "version": "3.5.0" }"#);
    let first = scratch.run(["generate"]);
    assert!(first.exit == 0 && first.stderr.starts_with("warning: "), "{first:?}");
    let second = scratch.run(["generate", "--explain"]);
    assert_eq!(first.stderr, second.stderr);
    assert!(second.stdout.contains("Nothing to do"), "{second:?}");
}

/// A grammar that is worth being kept for the next process, and an interface among its rules.
fn large_grammar() -> String {
    let rules = (0..900).map(|rule| {
        let (next, other) = ((rule + 1) % 900, (rule * 7 + 3) % 900);
        format!(
            "/** Rule {rule} */\nRule{rule}: 'rule{rule}' name=ID (parts+=Rule{next} ',')* (ref=[Rule{other}:ID])? size=INT?;\n"
        )
    });
    let head = "grammar Large\nentry Model: all+=Rule0* known+=Known*;\nKnown returns Known: 'known' title=ID;\n";
    let tail = "interface Known { title: string }\nhidden terminal WS: /\\s+/;\n\
        terminal ID: /[a-z_]+/;\nterminal INT returns number: /[0-9]+/;\n";
    format!("{head}{}{tail}", rules.collect::<String>())
}

/// What a process finds that has nothing from earlier ones.
fn as_if_new(scratch: &Scratch, mode: &str) -> Vec<String> {
    scratch.bash("rm -rf new; mkdir new; cp langium-config.json a.langium new").succeeded();
    scratch.run(["generate", "-f", "new/langium-config.json", "--no-cache", "--mode", mode]).exit_is(0);
    OUTPUTS.iter().map(|output| scratch.read(&format!("new/{output}"))).collect()
}

fn outputs(scratch: &Scratch) -> Vec<String> {
    OUTPUTS.iter().map(|output| scratch.read(output)).collect()
}

/// What a run left for another process.
fn left_file(scratch: &Scratch) -> String {
    cache_file(scratch, "left-").expect("a large grammar is kept")
}

fn cache_file(scratch: &Scratch, prefix: &str) -> Option<String> {
    scratch.all_files().into_iter().find(|file| file.starts_with(&format!(".langloom/{prefix}")))
}

#[test]
fn what_a_process_leaves_changes_nothing_but_time() {
    let scratch = project();
    let grammar = large_grammar();
    scratch.write("a.langium", &grammar);
    scratch.run(["generate"]).succeeded();
    assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"));
    let edits: [(&str, &str); 11] = [
        ("'rule450'", "'rule450' 'more'"),
        ("/** Rule 17 */", "/** Rule 17,\n told at length */"),
        ("Rule9: 'rule9' name=ID", "Rule9: 'rule9' title=ID"),
        ("Rule9: 'rule9' title=ID", "Rule9: 'rule9' name=ID flag?='f'?"),
        ("interface Known { title: string }", "interface Known { title: string | number }"),
        ("terminal INT returns number: /[0-9]+/", "terminal INT returns number: /[0-9]+(_[0-9]+)*/"),
        ("entry Model: all+=Rule0*", "entry Model: all+=(Rule0 | Rule1)*"),
        ("/** Rule 600 */\n", "Extra: 'extra' of=Rule1;\n/** Rule 600 */\n"),
        ("of=Rule1", "of=Rule1 also=[Extra]?"),
        ("also=[Extra]", "also=[Extra:ID]"),
        ("Extra: 'extra' of=Rule1 also=[Extra:ID]?;\n", ""),
    ];
    let mut text = grammar;
    for (old, new) in edits {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
        scratch.write("a.langium", &text);
        let run = scratch.run(["generate"]);
        let clean = scratch.run(["generate", "--dry-run", "--no-cache"]);
        assert_eq!((run.exit, &run.stderr), (clean.exit, &clean.stderr), "{old} -> {new}");
        // One edit is a mistake, which the next one mends.
        if new.contains("[Extra]") {
            run.exit_is(2);
        } else {
            run.exit_is(0);
            assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"), "{old} -> {new}");
        }
    }
}

/// Whatever is wrong with it, or with the outputs that it speaks of.
#[test]
fn what_a_process_leaves_is_only_believed_if_it_holds() {
    let scratch = project();
    let grammar = large_grammar();
    scratch.write("a.langium", &grammar);
    scratch.run(["generate"]).succeeded();
    let whole = fs::read(scratch.path(&left_file(&scratch))).unwrap();
    let edit = |number: usize| scratch.write("a.langium", grammar.replace("'rule450'", &format!("'rule450' 'kw{number}'")));
    for number in 0..12 {
        let mut damaged = whole.clone();
        match number {
            0 => damaged.clear(),
            1 => damaged.truncate(whole.len() / 2),
            // Another build of Langloom, and another checksum.
            2 => damaged[0] ^= 1,
            3 => damaged[20] ^= 1,
            _ => damaged[whole.len() / 13 * number] ^= 1 << (number % 8),
        }
        fs::write(scratch.path(&left_file(&scratch)), damaged).unwrap();
        let verified = scratch.run(["cache", "verify"]);
        assert_eq!(verified.exit == 0, number == 2, "{number}: {}", verified.stderr);
        edit(number);
        scratch.run(["generate"]).succeeded();
        assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"), "{number}");
    }
    // An output that somebody edited, with the same length and times as far as they can be set, is no source of pieces.
    settle();
    let output = scratch.path("gen/grammar.ts");
    let modified = fs::metadata(&output).unwrap().modified().unwrap();
    fs::write(&output, scratch.read("gen/grammar.ts").replace("\"rule3\"", "\"rulf3\"")).unwrap();
    File::options().write(true).open(&output).unwrap().set_modified(modified).unwrap();
    edit(100);
    scratch.run(["generate"]).exit_is(3);
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"));
    // One that is gone.
    fs::remove_file(&output).unwrap();
    edit(101);
    scratch.run(["generate"]).succeeded();
    assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"));
    // Other options.
    scratch.run(["generate", "--mode", "production"]).succeeded();
    assert_eq!(outputs(&scratch), as_if_new(&scratch, "production"));
    // It is forgotten with everything else.
    scratch.run(["cache", "clear"]).succeeded();
    assert!(!scratch.all_files().iter().any(|file| file.starts_with(".langloom")), "{:?}", scratch.all_files());
    // Who does not want it does not get it.
    for option in [&["--no-incremental"][..], &["--no-cache"], &["--memory-limit", "1G"]] {
        scratch.run([&["generate"], option].concat()).succeeded();
        assert_eq!((cache_file(&scratch, "left-"), cache_file(&scratch, "types-")), (None, None), "{option:?}");
    }
}

/// Edit after edit, what changed is put behind what is there, until that is too much; whatever of it is damaged is done again.
#[test]
fn what_changed_is_left_behind_what_was_left() {
    let scratch = project();
    let grammar = large_grammar();
    scratch.write("a.langium", &grammar);
    scratch.run(["generate"]).succeeded();
    let mut text = grammar;
    let mut edit = |rule: usize, more: &str| {
        text = text.replacen(&format!("'rule{rule}'"), &format!("'rule{rule}' {more}"), 1);
        scratch.write("a.langium", &text);
        scratch.run(["generate"]).exit_is(0);
        assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"), "{rule} {more}");
        fs::read(scratch.path(&left_file(&scratch))).unwrap()
    };
    let mut before = edit(0, "'first'");
    let mut added = 0;
    for number in 1..=20 {
        let after = edit(890 - number * 40, &format!("'é{number}' flag{number}?='?'?").repeat(number % 3));
        let is_added = after.len() < before.len() + 5_000 && after.starts_with(&before);
        added += usize::from(is_added && after.len() > before.len());
        before = after;
    }
    assert!((5..20).contains(&added), "{added}");
    for (number, rule) in (0..6).zip([100, 101, 700, 2, 500, 899]) {
        let whole = edit(rule, &format!("'a{number}'"));
        let longer = edit(rule, &format!("'b{number}'"));
        let mut damaged = longer.clone();
        match number {
            0 => damaged.truncate(whole.len() + 5),
            1 => damaged.truncate(longer.len() - 1),
            2 => damaged.extend(b"more"),
            _ => *damaged.iter_mut().nth_back(number * 7).unwrap() ^= 1,
        }
        fs::write(scratch.path(&left_file(&scratch)), damaged).unwrap();
        edit(rule, &format!("'c{number}'"));
        scratch.run(["cache", "verify"]).succeeded();
    }
}

/// What rules said about types is read by the process that asks for it, and written again only if it was of no use.
#[test]
fn what_rules_said_about_types_is_left() {
    let scratch = project();
    let grammar = large_grammar();
    scratch.write("a.langium", &grammar);
    scratch.run(["generate"]).succeeded();
    let types = || fs::read(scratch.path(&cache_file(&scratch, "types-").unwrap())).unwrap();
    let mut text = grammar.clone();
    let mut edit = |rule: usize, more: &str| {
        text = text.replacen(&format!("'rule{rule}'"), &format!("'rule{rule}' {more}"), 1);
        scratch.write("a.langium", &text);
        scratch.run(["generate"]).exit_is(0);
        assert_eq!(outputs(&scratch), as_if_new(&scratch, "development"), "{rule} {more}");
    };
    let whole = types();
    let left = fs::read(scratch.path(&left_file(&scratch))).unwrap();
    for (rule, more) in [(1, "first=ID"), (1, "second=ID"), (450, "third+=INT"), (899, "fourth?='four'")] {
        edit(rule, more);
        assert!(types() == whole, "{more}: what is left still serves");
        let longer = fs::read(scratch.path(&left_file(&scratch))).unwrap();
        assert!(longer.starts_with(&left) && longer.len() < left.len() + 20_000, "{more}: {}", longer.len());
    }
    for number in 0..12 {
        let mut damaged = whole.clone();
        match number {
            0 => damaged.clear(),
            1 => damaged.truncate(whole.len() / 2),
            2 => damaged.truncate(whole.len() - 1),
            // Another build of Langloom.
            3 => damaged[0] ^= 1,
            _ => damaged[whole.len() / 13 * number] ^= 1 << (number % 8),
        }
        fs::write(scratch.path(&cache_file(&scratch, "types-").unwrap()), &damaged).unwrap();
        assert_eq!(scratch.run(["cache", "verify"]).exit == 0, number == 3, "{number}");
        edit(number, &format!("damaged{number}=ID"));
        assert!(types() != damaged, "{number}: it was of no use");
        assert_eq!(scratch.run(["cache", "verify"]).exit, 0, "{number}");
    }
    // That of another project, whose names have other numbers.
    let other = types();
    scratch.write("a.langium", format!("{grammar}Last: 'last' other=ID;\n"));
    scratch.run(["generate", "--force"]).exit_is(0);
    fs::write(scratch.path(&cache_file(&scratch, "types-").unwrap()), other).unwrap();
    edit(17, "last=ID");
}

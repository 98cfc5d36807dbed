//! What is told to programs and scripts: which file a finding is about, that what was asked for could not be written, options
//! that would do nothing, and what is known of the cache.

use std::fs;

use crate::support::{GRAMMAR, OUTPUTS, Scratch, config, project};

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn findings_about_outputs_say_which() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    scratch.write("gen/ast.ts", "edited");
    fs::remove_file(scratch.path("gen/module.ts")).unwrap();
    let check = |format: &str| scratch.run(["generate", "--check", "--format", format]).exit_is(1).stdout;

    let document = json(&check("json"));
    let findings = document["findings"].as_array().unwrap();
    let paths: Vec<&str> = findings.iter().map(|finding| finding["path"].as_str().unwrap()).collect();
    assert_eq!(paths, ["gen/ast.ts", "gen/module.ts"]);

    let document = json(&check("sarif"));
    let results = document["runs"][0]["results"].as_array().unwrap();
    let place = |result: &serde_json::Value| result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].to_string();
    assert_eq!(results.iter().map(place).collect::<Vec<_>>(), ["\"gen/ast.ts\"", "\"gen/module.ts\""]);
    assert_eq!(document["runs"][0]["tool"]["driver"]["rules"][0]["id"], "edited-output");

    let commands = check("github");
    assert!(commands.starts_with("::error file=gen/ast.ts,title=edited-output::"), "{commands}");

    // What a run refuses to overwrite, and what it cannot read.
    let document = json(&scratch.run(["generate", "--format", "json"]).exit_is(3).stdout);
    assert_eq!(document["findings"][0]["path"], "gen/ast.ts");
    fs::remove_file(scratch.path("a.langium")).unwrap();
    scratch.write("a.langium/x", "");
    let document = json(&scratch.run(["generate", "--format", "json", "--force"]).exit_is(1).stdout);
    assert_eq!(document["findings"][0]["path"], "a.langium");
}

/// People are told the path once, in the message, and as many as there are.
#[test]
fn people_are_told_the_path_once() {
    let scratch = project();
    let run = scratch.run(["generate", "--check", "--max-findings", "1"]).exit_is(1);
    let lines: Vec<&str> = run.stderr.lines().filter(|line| line.contains("[missing-output]")).collect();
    assert_eq!(lines, OUTPUTS.map(|path| format!("error: $DIR/{path} is missing [missing-output]")));
}

/// Permissions, which root does not feel: as root, the runs are made by another user.
#[test]
fn an_output_that_cannot_be_read_was_not_edited() {
    let scratch = project();
    let is_root = scratch.bash("test $(id -u) = 0").exit == 0;
    let user = if is_root { "setpriv --reuid 65534 --regid 65534 --clear-groups" } else { "" };
    scratch.bash("cp \"$LANGLOOM\" bin; chmod 755 . bin; chmod 644 *.json *.langium").succeeded();
    if scratch.bash(&format!("{user} ./bin --version")).exit != 0 {
        return;
    }
    scratch.bash("./bin generate && chmod 000 gen/ast.ts && chmod -R go+rX .langloom && chmod 777 gen").succeeded();
    let run = scratch.bash(&format!("{user} ./bin generate --check")).exit_is(1);
    let expected = "error: $DIR/gen/ast.ts cannot be read: Permission denied";
    assert!(run.stderr.starts_with(expected) && run.stderr.contains("[unreadable-output]"), "{run:?}");
    scratch.bash("chmod 222 gen/ast.ts").succeeded();
    let run = scratch.bash(&format!("{user} ./bin generate")).exit_is(1);
    assert!(run.stderr.starts_with("error: cannot read $DIR/gen/ast.ts: Permission denied"), "{run:?}");
}

#[test]
#[cfg(target_os = "linux")]
fn what_was_asked_for_and_cannot_be_written_is_an_error() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    let asked = [
        "check --format json",
        "check --format sarif",
        "generate --check --format json",
        "generate --list-outputs",
        "dump ast a.langium",
        "dump view langium-config.json",
        "explain",
        "cache stats",
        "packs list",
        "completions bash",
    ];
    for args in asked {
        let run = scratch.bash(&format!("\"$LANGLOOM\" {args} > /dev/full"));
        let words = "error: cannot write to standard output: No space left on device";
        assert!(run.exit == 1 && run.stderr.contains(words), "{args}: {run:?}");
        // Somebody who read enough is none.
        scratch.bash(&format!("\"$LANGLOOM\" {args} 2>&1 | true; exit ${{PIPESTATUS[0]}}")).succeeded();
    }
    scratch.write("a.langium", "grammar");
    scratch.bash("\"$LANGLOOM\" check --format json > /dev/full").exit_is(2);
    scratch.write("a.langium", GRAMMAR.replace("Model", "Root"));
    // What happens is told, too, but nobody asked.
    scratch.bash("\"$LANGLOOM\" generate > /dev/full").succeeded();
    assert!(scratch.read("gen/ast.ts").contains("Root"));
}

#[test]
fn options_that_would_do_nothing_are_refused() {
    let scratch = project();
    for instead in ["--check", "--dry-run", "--list-outputs", "--clean"] {
        for ignored in [&["--depfile", "deps"][..], &["--explain"]] {
            let run = scratch.run(["generate", instead].iter().chain(ignored)).exit_is(2);
            assert!(run.stderr.contains("cannot be used with"), "{run:?}");
        }
    }
    for list in ["--dry-run", "--list-outputs"] {
        let run = scratch.run(["generate", list, "--format", "json"]).exit_is(1);
        assert!(run.stdout.contains("a list of outputs is not a document of that format"), "{run:?}");
    }

    scratch.run(["generate"]).succeeded();
    scratch.write("gen/ast.ts", "edited");
    let run = scratch.run(["generate", "--dry-run"]).succeeded();
    assert!(run.stdout.contains("gen/ast.ts was edited since it was generated, and would be overwritten only with --force"));
    let run = scratch.run(["generate", "--dry-run", "--force"]).succeeded();
    assert!(run.stdout.contains("gen/ast.ts was edited since it was generated, and would be overwritten; a copy would be kept"));
}

#[test]
fn a_place_where_nothing_can_be_remembered_is_told() {
    let scratch = project();
    scratch.write("place", "a file");
    let run = scratch.run(["generate", "--cache-dir", "place"]).exit_is(0);
    assert!(run.stderr.starts_with("warning: this run cannot be remembered in place: "), "{run:?}");
    // A usual place that is protected is no reason to complain in each run.
    scratch.write(".langloom", "a file");
    scratch.run(["generate"]).succeeded();
}

#[test]
fn a_folder_of_others_keeps_what_is_remembered_from_version_control() {
    let scratch = project();
    scratch.write("place/mine", "mine");
    scratch.run(["generate", "--cache-dir", "place"]).succeeded();
    let ignored = scratch.bash("git init -q . && git add -A && git status --porcelain").succeeded().stdout;
    assert!(ignored.contains("place/mine") && !ignored.contains("place/runs-") && !ignored.contains(".gitignore"), "{ignored}");
    scratch.run(["cache", "clear", "--cache-dir", "place"]).succeeded();
    assert_eq!(fs::read_dir(scratch.path("place")).unwrap().count(), 1);

    // What somebody wrote stays.
    scratch.write("place/.gitignore", "other\n");
    scratch.run(["generate", "--cache-dir", "place"]).succeeded();
    scratch.run(["cache", "clear", "--cache-dir", "place"]).succeeded();
    assert_eq!(scratch.read("place/.gitignore"), "other\n");
}

/// A grammar of more bytes than runs need to leave something for the next process.
fn long_grammar() -> String {
    let rules = (0..2_000).map(|rule| format!("Rule{rule}: 'a rule of that number {rule}' name=ID;\n"));
    GRAMMAR.replace("name=ID", "name=ID r=Rule0") + &rules.collect::<String>()
}

#[test]
fn all_of_the_cache_is_counted_and_verified() {
    let scratch = project();
    scratch.write("a.langium", long_grammar());
    scratch.run(["generate"]).exit_is(0);
    let find = |start: &str| scratch.all_files().into_iter().find(|file| file.starts_with(start)).unwrap();
    let (log, left) = (find(".langloom/runs-"), find(".langloom/left-"));
    let bytes: u64 = [&log, &left].map(|file| fs::metadata(scratch.path(file)).unwrap().len()).iter().sum();
    let stats = || scratch.run(["cache", "stats"]).succeeded().stdout;
    assert!(stats().starts_with(&format!("$DIR/.langloom: 1 configuration, {bytes} bytes\n")), "{}", stats());

    scratch.write(".langloom/runs-2-00000000000000000000000000000000", "what another version wrote");
    let run = scratch.run(["cache", "verify"]).succeeded();
    assert!(run.stdout.ends_with(" sound records\n1 file is of another version of Langloom\n"), "{run:?}");
    fs::remove_file(scratch.path(".langloom/runs-2-00000000000000000000000000000000")).unwrap();

    let mut damaged = fs::read(scratch.path(&left)).unwrap();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    scratch.write(&left, damaged);
    let run = scratch.run(["cache", "verify"]).exit_is(1);
    assert!(run.stderr.starts_with(&format!("error: $DIR/{left} is damaged [damaged-cache]\n")), "{run:?}");
    // As the hint says, the next run that generates writes it anew.
    scratch.write("a.langium", long_grammar().replace("name=ID r", "title=ID r"));
    scratch.run(["generate"]).exit_is(0);
    scratch.run(["cache", "verify"]).succeeded();

    fs::rename(scratch.path("langium-config.json"), scratch.path("other.json")).unwrap();
    assert!(stats().contains("$DIR/langium-config.json: ") && stats().contains("; the configuration is no more"), "{}", stats());
    let run = scratch.run(["cache", "stats", "-f", "missing.json"]).exit_is(1);
    assert!(run.stderr.starts_with("error: there is no file missing.json"), "{run:?}");
}

#[test]
fn all_that_changed_is_explained() {
    let scratch = project();
    scratch.write("a.langium", GRAMMAR.replace("grammar A\n", "grammar A\nimport './b'\nimport './c'\n"));
    scratch.write("b.langium", "terminal B: /b/;\n");
    scratch.write("c.langium", "terminal C: /c/;\n");
    scratch.run(["generate"]).exit_is(0);
    let grammar = scratch.read("a.langium").replace("'./c'", "'./d'");
    scratch.write("a.langium", grammar);
    fs::rename(scratch.path("c.langium"), scratch.path("d.langium")).unwrap();
    scratch.write("b.langium", "import './e'\nterminal B: /B/;\n");
    scratch.write("e.langium", "terminal E: /e/;\n");
    let stdout = scratch.run(["generate", "--explain"]).exit_is(0).stdout;
    let expected = "Generating, since 3 things are not as they were:\n  $DIR/a.langium was changed\n  \
        $DIR/b.langium was changed\n  $DIR/c.langium is missing\n";
    assert!(stdout.contains(expected), "{stdout}");
    assert!(stdout.contains("  $DIR/d.langium was called $DIR/c.langium\n"), "{stdout}");
    assert!(stdout.contains("  $DIR/e.langium is read for the first time\n"), "{stdout}");

    // A long list is cut.
    for index in 0..30 {
        scratch.write(&format!("l{index}.langium"), format!("terminal L{index}: /l{index}/;\n"));
    }
    let imports: String = (0..30).map(|index| format!("import './l{index}'\n")).collect();
    scratch.write("a.langium", GRAMMAR.replace("grammar A\n", &format!("grammar A\n{imports}")));
    let stdout = scratch.run(["generate", "--explain"]).exit_is(0).stdout;
    assert!(stdout.contains("is read for the first time\n  and 10 more\n"), "{stdout}");
}

#[test]
fn a_folder_stands_for_the_configuration_in_it() {
    let scratch = Scratch::new();
    scratch.write("language/langium-config.json", config("gen", "a.langium"));
    scratch.write("language/a.langium", GRAMMAR);
    scratch.run(["generate", "-f", "language"]).succeeded();
    scratch.run(["check", "-f", "language"]).succeeded();
    let run = scratch.run(["generate", "-f", "language/langium-config.json"]).succeeded();
    assert!(run.stdout.contains("(0 written, 3 unchanged)"), "{run:?}");
    fs::remove_file(scratch.path("language/langium-config.json")).unwrap();
    scratch.write("language/package.json", format!("{{ \"langium\": {} }}", config("other", "a.langium")));
    scratch.run(["generate", "-f", "language"]).succeeded();
    assert!(scratch.path("language/other/ast.ts").is_file());
}

#[test]
fn another_encoding_is_told() {
    let scratch = project();
    let utf_16 = |mark: &str, text: &str, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
    };
    let words = "it is UTF-16, and should be UTF-8";
    for (mark, bytes) in
        [("\u{FEFF}", u16::to_le_bytes as fn(u16) -> [u8; 2]), ("\u{FEFF}", u16::to_be_bytes), ("", u16::to_le_bytes)]
    {
        scratch.write("a.langium", utf_16(mark, GRAMMAR, bytes));
        for how in [&["--jobs", "1"][..], &["--chunk-size", "1"], &["--no-stream"]] {
            let run = scratch.run(["check"].iter().chain(how)).exit_is(1);
            assert!(run.stderr.starts_with(&format!("error: cannot read $DIR/a.langium: {words}")), "{how:?}: {run:?}");
        }
    }
    scratch.write("langium-config.json", utf_16("\u{FEFF}", &config("gen", "a.langium"), u16::to_le_bytes));
    let run = scratch.run(["generate"]).exit_is(1);
    assert!(run.stderr.starts_with(&format!("error: cannot read $DIR/langium-config.json: {words}")), "{run:?}");
}

#[test]
fn two_languages_with_one_output_are_named() {
    let scratch = project();
    scratch.write("b.langium", GRAMMAR.replace("grammar A", "grammar B"));
    let language = |id: &str| {
        format!(
            r#"{{ "id": "{id}", "grammar": "{id}.langium", "fileExtensions": [".{id}"], "textMate": {{ "out": "s.json" }} }}"#
        )
    };
    let config = format!(r#"{{ "projectName": "A", "out": "gen", "languages": [{}, {}] }}"#, language("a"), language("b"));
    scratch.write("langium-config.json", config);
    let run = scratch.run(["generate"]).exit_is(2);
    let words = "textMate of the language `b` and textMate of the language `a` have the same path: $DIR/s.json";
    assert!(run.stderr.contains(words), "{run:?}");
}

/// How many pieces a grammar was parsed in while it was read.
fn pieces(scratch: &Scratch, args: &[&str]) -> usize {
    scratch.run(["check", "--trace", "trace.json"].iter().chain(args)).exit_is(0);
    let trace = json(&scratch.read("trace.json"));
    let events = trace["traceEvents"].as_array().unwrap();
    events.iter().filter(|event| event["cat"] == "batch" && event["name"] == "load").count()
}

#[test]
fn a_size_of_chunks_is_heeded_however_many_threads_there_are() {
    let scratch = project();
    scratch.write("a.langium", long_grammar());
    let chunk = ["--chunk-size", "1K"];
    let length = fs::metadata(scratch.path("a.langium")).unwrap().len() as usize;
    for jobs in ["1", "2"] {
        assert!(pieces(&scratch, &[&chunk[..], &["--jobs", jobs]].concat()) >= length.div_ceil(1024), "{jobs}");
    }
    assert!(pieces(&scratch, &["--no-stream", "--jobs", "1"]) <= 2);
}

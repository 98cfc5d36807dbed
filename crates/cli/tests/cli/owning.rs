//! What belongs to whom: which files Langloom may overwrite and delete, and which it never touches.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::time::Duration;

use crate::packs;
use crate::support::{GRAMMAR, OUTPUTS, Run, Scratch, binary, config, project};

/// How long a file has to be left alone until its times tell that it was.
fn settle() {
    std::thread::sleep(Duration::from_millis(30));
}

fn set_grammar(scratch: &Scratch, rule: &str) {
    scratch.write("a.langium", GRAMMAR.replace("Model", rule));
}

#[track_caller]
fn refused(run: &Run, path: &str) {
    assert_eq!(run.exit, 3, "{run:?}");
    assert!(run.stderr.contains(&format!("$DIR/{path} was edited since it was generated")), "{run:?}");
}

#[test]
fn what_another_langloom_wrote_is_no_edit() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    set_grammar(&scratch, "Two");
    scratch.run(["generate", "--no-cache"]).succeeded();
    set_grammar(&scratch, "Three");
    scratch.run(["generate"]).succeeded();
    assert!(scratch.read("gen/ast.ts").contains("Three"));

    // So is what was copied with its times.
    set_grammar(&scratch, "Four");
    scratch.run(["generate", "--no-cache"]).succeeded();
    scratch.bash("cp -p gen/ast.ts x && mv x gen/ast.ts && chmod 600 gen/grammar.ts").succeeded();
    set_grammar(&scratch, "Five");
    scratch.run(["generate"]).succeeded();
}

/// An editor may write beside the file and rename, may keep the time, and may do both.
#[test]
fn an_edit_of_what_another_langloom_wrote_is_one() {
    for edit in [
        "sed -i s/Two/Too/ gen/ast.ts",
        "echo edited >> gen/ast.ts",
        "touch -r gen/ast.ts time; sed -i s/Two/Too/ gen/ast.ts; touch -r time gen/ast.ts; rm time",
        "touch -r gen/ast.ts time; echo edited >> gen/ast.ts; touch -r time gen/ast.ts; rm time",
    ] {
        let scratch = project();
        scratch.run(["generate"]).succeeded();
        set_grammar(&scratch, "Two");
        scratch.run(["generate", "--no-cache"]).succeeded();
        settle();
        scratch.bash(edit).succeeded();
        let edited = scratch.read("gen/ast.ts");
        set_grammar(&scratch, "Three");
        refused(&scratch.run(["generate"]), "gen/ast.ts");
        assert_eq!(scratch.read("gen/ast.ts"), edited, "{edit}");
    }
}

#[test]
fn what_another_langloom_wrote_of_a_pack_is_not_foreign() {
    let scratch = packs::project("path = \"f.txt\"", "{{project.name}} one\n");
    scratch.run(["generate", "--no-cache"]).succeeded();
    scratch.write("pack/templates/t.hbs", "{{project.name}} two\n");
    scratch.run(["generate"]).succeeded();
    assert!(scratch.read("out/f.txt").ends_with("two\n"));
}

/// Files that `langloom new` made are the user's, although a Langloom wrote them.
#[test]
fn files_of_a_new_project_are_the_users() {
    let scratch = packs::project("path = \"package.json\"", "mine\n");
    scratch.bash("\"$LANGLOOM\" new fresh > /dev/null").succeeded();
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"fresh\"\n");
    let run = scratch.run(["generate"]);
    assert!(run.exit == 3 && run.stderr.contains("fresh/package.json is not known to be generated"), "{run:?}");
}

/// A project in a git repository, generated and committed, and then generated from another grammar.
fn in_git() -> Option<Scratch> {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    let script = "git init -q -b main && git config user.name x && git config user.email x && echo .langloom > .gitignore && \
        git add . && git commit -qm one && git switch -qc other";
    if scratch.bash(script).exit != 0 {
        println!("skipped: there is no git");
        return None;
    }
    set_grammar(&scratch, "Two");
    scratch.run(["generate"]).succeeded();
    settle();
    Some(scratch)
}

#[test]
fn what_git_has_is_no_edit() {
    let Some(scratch) = in_git() else { return };
    scratch.bash("git commit -qam two && git switch -q main").succeeded();
    set_grammar(&scratch, "Three");
    // What git says counts, wherever somebody runs this.
    let run = scratch.bash("cd gen; GIT_DIR=/nowhere GIT_INDEX_FILE=x \"$LANGLOOM\" generate -v -f ../langium-config.json");
    assert_eq!(run.exit, 0, "{run:?}");
    assert!(run.stderr.contains("overwriting $DIR/gen/ast.ts, which no run here wrote, but which is as git has it"), "{run:?}");
    assert!(scratch.read("gen/ast.ts").contains("Three"));

    // What is in the index is not lost either.
    settle();
    scratch.bash("echo edited >> gen/ast.ts; git add gen/ast.ts").succeeded();
    set_grammar(&scratch, "Four");
    scratch.run(["generate"]).succeeded();
}

#[test]
fn what_git_does_not_have_is_an_edit() {
    for edit in [
        "git checkout -q main -- gen; echo edited >> gen/ast.ts",
        "git rm -q --cached gen/ast.ts; echo edited >> gen/ast.ts",
        "git update-index --assume-unchanged gen/ast.ts; echo edited >> gen/ast.ts",
        "git commit -qam two; git update-index --skip-worktree gen/ast.ts; echo edited >> gen/ast.ts",
        "git rm -q --cached gen/ast.ts; echo gen >> .gitignore; echo edited >> gen/ast.ts",
        "git rm -q --cached gen/ast.ts; git add -N gen/ast.ts; echo edited >> gen/ast.ts",
        "echo edited > gen/ast.ts; git add gen/ast.ts; rm -rf .git",
        "echo edited > gen/ast.ts; git add gen/ast.ts; echo broken > .git/index",
        "cp gen/ast.ts x; mv x gen/ast.ts; echo edited >> gen/ast.ts; cp gen/ast.ts elsewhere; git add elsewhere",
        "echo edited > elsewhere; ln -sf ../elsewhere gen/ast.ts; git add gen/ast.ts",
    ] {
        let Some(scratch) = in_git() else { return };
        scratch.bash(edit).succeeded();
        set_grammar(&scratch, "Three");
        refused(&scratch.run(["generate"]), "gen/ast.ts");
        assert!(scratch.read("gen/ast.ts").contains("edited"), "{edit}");
    }
}

/// Starting a process costs more than a run with nothing to do.
#[test]
fn git_is_asked_only_before_a_run_is_refused() {
    let scratch = project();
    scratch.write("bin/git", "#!/bin/sh\necho asked >> \"$ASKED\"\nexit 1\n");
    let generate = |more: &str| {
        let script = format!("chmod +x bin/git; ASKED=$PWD/asked PATH=$PWD/bin:$PATH \"$LANGLOOM\" generate {more}");
        scratch.bash(&script)
    };
    generate("").succeeded();
    set_grammar(&scratch, "Two");
    generate("").succeeded();
    generate("").succeeded();
    scratch.write("gen/ast.ts", "edited");
    scratch.write("gen/module.ts", "edited");
    settle();
    generate("--force").succeeded();
    assert!(!scratch.path("asked").exists());
    scratch.write("gen/ast.ts", "edited");
    scratch.write("gen/module.ts", "edited");
    settle();
    refused(&generate(""), "gen/ast.ts");
    assert_eq!(scratch.read("asked"), "asked\n");
}

#[test]
fn copies_of_edited_outputs_are_nothing_extra() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    for _ in 0..2 {
        scratch.bash("echo '// edited' >> gen/ast.ts").succeeded();
        settle();
        scratch.run(["generate", "--force"]).succeeded();
    }
    assert!(scratch.read("gen/ast.ts.orig2").contains("generated by langium-cli"));
    scratch.bash("cp gen/ast.ts gen/.ast.ts.langloom-1.tmp").succeeded();
    scratch.run(["generate", "--check"]).succeeded();
    // What only has such a name in it is another matter.
    scratch.bash("cp gen/ast.ts gen/ast.original.ts").succeeded();
    assert!(scratch.run(["generate", "--check"]).stderr.contains("gen/ast.original.ts looks generated"));
}

#[test]
fn a_copy_of_a_file_with_a_long_name() {
    let scratch = project();
    let name = format!("{}.txt", "n".repeat(240));
    let with_bnf =
        config("gen", "a.langium").replace("\"id\": \"a\"", &format!("\"id\": \"a\", \"bnf\": {{ \"out\": \"{name}\" }}"));
    scratch.write("langium-config.json", with_bnf);
    scratch.run(["generate"]).succeeded();
    scratch.write(&name, "edited");
    settle();
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!(scratch.read(&format!("{}.orig", "n".repeat(200))), "edited");
}

#[test]
fn an_edited_output_is_not_forgotten_in_silence() {
    let scratch = project();
    let with_prism = config("gen", "a.langium").replace("\"id\": \"a\"", "\"id\": \"a\", \"prism\": { \"out\": \"prism.js\" }");
    scratch.write("langium-config.json", &with_prism);
    scratch.run(["generate"]).succeeded();
    scratch.write("prism.js", "edited");
    settle();
    scratch.write("langium-config.json", config("gen", "a.langium"));
    let check = scratch.run(["generate", "--check"]);
    assert!(
        check.exit == 1 && check.stderr.contains("prism.js is no longer generated and was edited [obsolete-output]"),
        "{check:?}"
    );
    let dry = scratch.run(["generate", "--dry-run"]).succeeded();
    assert!(dry.stdout.contains("prism.js is no longer generated and was edited, so it would stay"), "{dry:?}");
    let run = scratch.run(["generate"]);
    assert_eq!((run.exit, &*run.stderr), (0, "warning: $DIR/prism.js is no longer generated and was edited, so it stays\n"));
    assert_eq!(scratch.read("prism.js"), "edited");
    // Once.
    set_grammar(&scratch, "Two");
    scratch.run(["generate"]).succeeded();
    scratch.run(["generate", "--check"]).succeeded();
}

#[test]
fn leftovers_that_nobody_remembers_are_deleted() {
    let scratch = project();
    let leave = || {
        for output in
            ["gen/.ast.ts.langloom-1.tmp", "gen/.module.ts.langloom-77.old", "gen/.mine.ts.langloom-1.tmp", "gen/.ast.ts.tmp"]
        {
            scratch.write(output, "left");
        }
    };
    let left = || scratch.files().into_iter().filter(|file| file.starts_with("gen/.")).collect::<Vec<_>>();
    for options in [&["--no-cache"][..], &[]] {
        leave();
        scratch.run([&["generate"], options].concat()).succeeded();
        assert_eq!(left(), ["gen/.ast.ts.tmp", "gen/.mine.ts.langloom-1.tmp"], "{options:?}");
    }
    // Where links lead to, too.
    scratch.write("real/.x.ts.langloom-1.tmp", "left");
    scratch.bash("mv gen/ast.ts real/x.ts && ln -s ../real/x.ts gen/ast.ts").succeeded();
    scratch.run(["generate", "--no-cache"]).succeeded();
    assert_eq!(fs::read_dir(scratch.path("real")).unwrap().count(), 1);
    // A run that remembers what others left lists no folders.
    leave();
    set_grammar(&scratch, "Two");
    scratch.run(["generate"]).succeeded();
    assert_eq!(left().len(), 4);
}

/// A closed terminal ends a run as Ctrl-C does, with an exit code of its own, unless somebody said that it should not.
#[cfg(target_os = "linux")]
#[test]
fn a_closed_terminal_ends_it_in_order() {
    let scratch = project();
    let watch = |program: &str, args: &[&str]| {
        let log = File::create(scratch.path("log")).unwrap();
        let mut command = scratch.command(program);
        let child = command.args(args).args(["generate", "--watch"]).stdout(log).stderr(Stdio::null()).spawn().unwrap();
        for _ in 0..200 {
            if scratch.read("log").contains("Waiting") {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        scratch.bash(&format!("kill -HUP {}", child.id())).succeeded();
        child
    };
    // Of a process that a signal ended there is no exit code. These tests may run under `nohup` themselves.
    assert_eq!(watch("env", &["--default-signal=HUP", &binary()]).wait().unwrap().code(), Some(129));
    set_grammar(&scratch, "Two");
    let mut child = watch("nohup", &[&binary()]);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    scratch.bash(&format!("kill -TERM {}", child.id())).succeeded();
    child.wait().unwrap();
}

#[test]
fn side_files_replace_nothing_that_matters() {
    let scratch = project();
    scratch.write("b.langium", "terminal ID: /[a-z]+/;\n");
    scratch.write("a.langium", "grammar A\nimport './b';\nentry Model: name=ID;\n");
    let texts = || ["a.langium", "b.langium", "langium-config.json"].map(|file| scratch.read(file));
    let before = texts();
    for (option, path) in [
        ("--report", "langium-config.json"),
        ("--trace", "langium-config.json"),
        ("--trace", "a.langium"),
        ("--depfile", "b.langium"),
        ("--depfile", "./x/../a.langium"),
        ("--trace", "gen/ast.ts"),
        ("--depfile", "gen/ast.ts"),
    ] {
        let what = format!("{option} {path}");
        let run = scratch.run(["generate", option, path]);
        assert!(run.exit == 1 && run.stderr.contains("would be overwritten by what --trace"), "{what}: {run:?}");
        assert_eq!(texts(), before, "{what}");
        assert_eq!(scratch.all_files().len(), 3, "{what}: {:?}", scratch.all_files());
    }
    scratch.bash("ln -s a.langium link").succeeded();
    let run = scratch.run(["generate", "--trace", "link"]);
    assert!(run.exit == 1 && texts() == before, "{run:?}");
    let run = scratch.run(["generate", "--trace", "x", "--depfile", "./x"]);
    assert!(run.exit == 1 && run.stderr.contains("two things"), "{run:?}");
    assert!(!scratch.path("gen").exists());

    // With nothing to do, with mistakes, and in other commands.
    scratch.run(["generate", "--trace", "trace", "--depfile", "deps"]).succeeded();
    let generated = scratch.read("gen/ast.ts");
    for (option, path) in
        [("--trace", "gen/ast.ts"), ("--depfile", "gen/ast.ts"), ("--trace", "a.langium"), ("--depfile", "b.langium")]
    {
        assert_eq!(scratch.run(["generate", option, path]).exit, 1, "{option} {path}");
    }
    assert_eq!((scratch.read("gen/ast.ts"), texts()), (generated, before));
    assert_eq!(scratch.run(["check", "--trace", "b.langium"]).exit, 1);
    assert_eq!(scratch.run(["extract-types", "a.langium", "-o", "x.langium", "--trace", "b.langium"]).exit, 1);
    assert!(texts()[1].contains("terminal ID") && !scratch.path("x.langium").exists());
    scratch.write("a.langium", "grammar");
    assert_eq!(scratch.run(["generate", "--trace", "a.langium"]).exit, 2);
    assert_eq!(scratch.read("a.langium"), "grammar");
}

#[test]
fn a_side_file_that_cannot_be_written_says_nothing_of_outputs() {
    let scratch = project();
    for (option, words) in [("--trace", "cannot write $DIR"), ("--depfile", "cannot write $DIR")] {
        let run = scratch.run(["generate", option, "."]);
        assert!(run.exit == 1 && run.stderr.contains(words) && !run.stderr.contains("no output"), "{option}: {run:?}");
        assert!(scratch.path("gen/ast.ts").exists());
    }
}

#[test]
fn an_output_that_is_a_link_to_an_input() {
    let scratch = project();
    scratch.bash("mkdir gen; ln -s ../a.langium gen/module.ts").succeeded();
    let run = scratch.run(["generate"]);
    assert!(run.exit == 2 && run.stderr.contains("gen/module.ts would be generated, and is a symbolic link to"), "{run:?}");
    assert_eq!(scratch.read("a.langium"), GRAMMAR);
    assert_eq!(scratch.files().len(), 3, "{:?}", scratch.files());
}

#[test]
fn a_link_that_leads_nowhere_makes_no_folders() {
    let scratch = project();
    scratch.bash("mkdir gen; ln -s ../outside/module.ts gen/module.ts").succeeded();
    let run = scratch.run(["generate"]);
    assert!(run.exit == 1 && run.stderr.contains("is a symbolic link to"), "{run:?}");
    assert!(!scratch.path("outside").exists() && !scratch.path("gen/ast.ts").exists());
}

#[test]
fn two_configurations_that_write_one_file() {
    let scratch = project();
    scratch.write("b.langium", GRAMMAR.replace("Model", "Other"));
    scratch.write("b.json", config("gen", "b.langium"));
    let both = ["generate", "-f", "langium-config.json", "-f", "b.json"];
    for _ in 0..2 {
        let run = scratch.run(both);
        let words = "$DIR/langium-config.json and $DIR/b.json both generate $DIR/gen/ast.ts, and not the same";
        assert!(run.exit == 2 && run.stderr.contains(words), "{run:?}");
        assert!(scratch.read("gen/ast.ts").contains("Model"));
    }
    assert_eq!(scratch.run(both.iter().chain(&["--check"])).exit, 2);
    // The same bytes are no conflict, nor is the same configuration twice.
    scratch.write("b.json", config("gen", "a.langium"));
    scratch.run(both).succeeded();
    scratch.run(["generate", "-f", "b.json", "-f", "./b.json"]).succeeded();

    // Each deletes only what is its own, and the last one all.
    let clean = |file: &str| scratch.run(["generate", "-f", file, "--clean"]);
    let first = clean("b.json");
    assert!(first.exit == 0 && first.stderr.contains("gen/ast.ts is generated from another configuration, too"), "{first:?}");
    assert_eq!(first.stdout, "Deleted 0 files\n");
    assert_eq!(clean("langium-config.json").succeeded().stdout, "Deleted 3 files\n");
    assert!(!scratch.path("gen").exists());
    let again = scratch.run(["generate", "--explain"]).succeeded().stdout;
    assert!(again.contains("Generating, since"), "{again}");
    assert!(OUTPUTS.iter().all(|output| scratch.path(output).exists()));
}

/// What stays of a cleaned project is still known to be edited.
#[test]
fn cleaning_forgets_no_edit() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    scratch.write("gen/ast.ts", "edited");
    settle();
    assert_eq!(scratch.run(["generate", "--clean"]).stdout, "Deleted 2 files\n");
    refused(&scratch.run(["generate"]), "gen/ast.ts");
    fs::remove_file(scratch.path("gen/ast.ts")).unwrap();
    scratch.run(["generate"]).succeeded();
}

#[test]
fn cleaning_an_output_that_is_a_link() {
    let scratch = project();
    scratch.bash("mkdir gen; touch real.ts; ln -s ../real.ts gen/ast.ts").succeeded();
    scratch.run(["generate"]).succeeded();
    assert!(scratch.read("real.ts").contains("generated"));
    assert_eq!(scratch.run(["generate", "--clean"]).succeeded().stdout, "Deleted 3 files\n");
    assert!(!scratch.path("real.ts").exists() && scratch.path("gen/ast.ts").is_symlink());
    // It leads nowhere now, to a folder that is there.
    scratch.run(["generate"]).succeeded();
    assert!(scratch.read("real.ts").contains("generated"));
    fs::remove_file(scratch.path("gen/ast.ts")).unwrap();
    symlink("../elsewhere.ts", scratch.path("gen/ast.ts")).unwrap();
    scratch.run(["generate"]).succeeded();
}

#[test]
fn an_empty_output_is_no_edit() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    scratch.write("gen/ast.ts", "");
    scratch.write("gen/module.ts", "");
    settle();
    scratch.run(["generate"]).succeeded();
    assert!(OUTPUTS.iter().all(|output| !scratch.read(output).is_empty()));
}

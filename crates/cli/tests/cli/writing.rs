//! What happens on the disk: everything or nothing, and nothing more than needed.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::time::{Duration, SystemTime};

use crate::support::{GRAMMAR, OUTPUTS, Run, Scratch, config, project, project_to};

fn outputs(scratch: &Scratch) -> [String; 3] {
    OUTPUTS.map(|path| scratch.read(path))
}

#[track_caller]
fn failed_to_write(run: &Run, words: &str) {
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(run.stderr.starts_with("error: cannot write $DIR/"), "{run:?}");
    assert!(run.stderr.contains(words) && run.stderr.contains("no output was changed"), "{run:?}");
}

#[test]
fn a_run_without_changes_touches_nothing() {
    let scratch = project();
    let run = scratch.run(["generate"]).succeeded();
    assert!(run.stdout.ends_with("(3 written, 0 unchanged)\n"), "{}", run.stdout);
    let old = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    for path in OUTPUTS {
        File::options().write(true).open(scratch.path(path)).unwrap().set_modified(old).unwrap();
    }
    let inodes = OUTPUTS.map(|path| fs::metadata(scratch.path(path)).unwrap().ino());

    let run = scratch.run(["generate"]).succeeded();
    assert!(run.stdout.ends_with("(0 written, 3 unchanged)\n"), "{}", run.stdout);
    for (path, inode) in OUTPUTS.into_iter().zip(inodes) {
        let metadata = fs::metadata(scratch.path(path)).unwrap();
        assert_eq!((metadata.modified().unwrap(), metadata.ino()), (old, inode), "{path}");
    }
}

#[test]
fn only_what_changes_is_written() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    let before = outputs(&scratch);
    scratch.write("a.langium", GRAMMAR.replace("[a-z]+", "[A-Z]+"));
    let run = scratch.run(["generate"]).succeeded();
    assert!(run.stdout.ends_with("(2 written, 1 unchanged)\n"), "{}", run.stdout);
    let after = outputs(&scratch);
    assert_eq!(before[2], after[2]);
    assert_ne!(before[0], after[0]);
    assert_ne!(before[1], after[1]);

    // The same length and other bytes, and less bytes: neither is taken for equal.
    scratch.write("gen/ast.ts", after[0].replace("Model", "Medol"));
    scratch.write("gen/module.ts", "");
    scratch.run(["generate", "--no-cache"]).succeeded();
    assert_eq!(outputs(&scratch), after);
}

#[test]
fn other_files_stay() {
    let scratch = project();
    scratch.write("gen/mine.ts", "mine");
    scratch.write("gen/sub/mine.ts", "mine");
    scratch.run(["generate"]).succeeded();
    let files = scratch.files();
    assert_eq!(files, ["a.langium", OUTPUTS[0], OUTPUTS[1], "gen/mine.ts", OUTPUTS[2], "gen/sub/mine.ts", "langium-config.json"]);
}

#[test]
fn folders_are_made_where_the_configuration_points() {
    let scratch = Scratch::new();
    scratch.write("project/conf/langium-config.json", config("../../up/./a/b/", "../a.langium"));
    scratch.write("project/a.langium", GRAMMAR);
    scratch.run(["generate", "-f", "project/conf/langium-config.json"]).succeeded();
    assert_eq!(scratch.files().iter().filter(|file| file.starts_with("up/a/b/")).count(), 3);
}

#[test]
fn an_empty_out_is_the_folder_of_the_configuration() {
    let scratch = project_to("");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.files(), ["a.langium", "ast.ts", "grammar.ts", "langium-config.json", "module.ts"]);
}

#[test]
fn a_file_in_place_of_the_folder() {
    let scratch = project_to("gen/deep");
    scratch.write("gen", "a file");
    let before = scratch.all_files();
    failed_to_write(&scratch.run(["generate"]), "Not a directory");
    assert_eq!(scratch.all_files(), before);
    assert_eq!(scratch.read("gen"), "a file");
}

#[test]
fn a_folder_in_place_of_a_file() {
    let scratch = project();
    scratch.write("gen/ast.ts", "old");
    scratch.write("gen/module.ts/x", "x");
    let before = scratch.all_files();
    failed_to_write(&scratch.run(["generate"]), "cannot write $DIR/gen/module.ts: is a directory");
    assert_eq!(scratch.all_files(), before);
    assert_eq!(scratch.read("gen/ast.ts"), "old");
}

/// A limit on the size of files makes a write fail in its middle, as a full disk does.
#[test]
fn a_full_disk_leaves_the_old_files() {
    let full = "trap '' XFSZ; ulimit -f 1; exec \"$LANGLOOM\" generate";
    let scratch = project_to("new/gen");
    let before = scratch.all_files();
    failed_to_write(&scratch.bash(full), "File too large");
    assert_eq!(scratch.all_files(), before);

    let scratch = project();
    for path in OUTPUTS {
        scratch.write(path, "old");
    }
    let before = scratch.all_files();
    failed_to_write(&scratch.bash(full), "File too large");
    assert_eq!(scratch.all_files(), before);
    assert_eq!(outputs(&scratch), ["old"; 3]);
}

/// Permissions, which root does not feel: as root, the run is made by another user.
#[test]
fn protected_files_and_folders() {
    let scratch = project();
    let is_root = scratch.bash("test $(id -u) = 0").exit == 0;
    let user = if is_root { "setpriv --reuid 65534 --regid 65534 --clear-groups" } else { "" };
    // The target folder may be closed to others.
    scratch.bash("cp \"$LANGLOOM\" bin; chmod 755 . bin; chmod 644 *.json *.langium").succeeded();
    if scratch.bash(&format!("{user} ./bin --version")).exit != 0 {
        return;
    }
    let generate = format!("{user} ./bin generate");

    scratch.bash("mkdir -m 555 gen").succeeded();
    failed_to_write(&scratch.bash(&generate), "Permission denied");
    assert_eq!(fs::read_dir(scratch.path("gen")).unwrap().count(), 0);

    scratch.bash("chmod 777 gen; echo old > gen/module.ts; chmod 444 gen/module.ts").succeeded();
    failed_to_write(&scratch.bash(&generate), "cannot write $DIR/gen/module.ts: Permission denied");
    assert_eq!(fs::read_dir(scratch.path("gen")).unwrap().count(), 1);
    assert_eq!(scratch.read("gen/module.ts"), "old\n");

    scratch.bash("chmod 666 gen/module.ts").succeeded();
    scratch.bash(&generate).succeeded();
    scratch.bash("chmod 000 a.langium").succeeded();
    let run = scratch.bash(&generate);
    assert_eq!(run.exit, 1);
    assert!(run.stderr.starts_with("error: cannot read $DIR/a.langium: Permission denied"), "{run:?}");
}

#[test]
fn the_mode_of_a_replaced_file_stays() {
    let scratch = project();
    scratch.write("gen/ast.ts", "old");
    fs::set_permissions(scratch.path("gen/ast.ts"), fs::Permissions::from_mode(0o640)).unwrap();
    scratch.run(["generate"]).succeeded();
    assert_eq!(fs::metadata(scratch.path("gen/ast.ts")).unwrap().mode() & 0o777, 0o640);
}

#[test]
fn symbolic_links_stay() {
    let scratch = project();
    scratch.write("real/folder/x", "");
    scratch.write("real/old.ts", "old");
    symlink("real/folder", scratch.path("gen")).unwrap();
    symlink("../old.ts", scratch.path("real/folder/ast.ts")).unwrap();
    symlink("../not-yet.ts", scratch.path("gen/module.ts")).unwrap();
    scratch.run(["generate"]).succeeded();
    for link in ["gen", "gen/ast.ts", "gen/module.ts"] {
        assert!(fs::symlink_metadata(scratch.path(link)).unwrap().is_symlink(), "{link}");
    }
    assert_eq!(scratch.read("real/old.ts"), scratch.read("gen/ast.ts"));
    assert_eq!(scratch.read("real/not-yet.ts"), scratch.read("gen/module.ts"));
    assert_eq!(fs::read_dir(scratch.path("real/folder")).unwrap().count(), 4);
    assert_eq!(fs::read_dir(scratch.path("real")).unwrap().count(), 3);

    symlink("grammar.ts", scratch.path("gen/loop")).unwrap();
    scratch.bash("rm gen/grammar.ts; ln -s loop gen/grammar.ts").succeeded();
    failed_to_write(&scratch.run(["generate"]), "symbolic links");
}

#[test]
fn a_leftover_temporary_file_is_no_obstacle() {
    let scratch = project();
    scratch.write("gen/x", "");
    scratch.bash("echo stale > gen/.ast.ts.langloom-$$.tmp; exec \"$LANGLOOM\" generate").succeeded();
    assert_eq!(fs::read_dir(scratch.path("gen")).unwrap().count(), 4);
    assert!(!scratch.read("gen/ast.ts").contains("stale"));
}

#[test]
fn an_output_never_replaces_an_input() {
    let scratch = Scratch::new();
    scratch.write("langium-config.json", config("gen", "gen/module.ts"));
    scratch.write("gen/module.ts", GRAMMAR);
    let run = scratch.run(["generate"]);
    assert_eq!(run.exit, 2, "{run:?}");
    assert!(run.stderr.contains("module and a grammar have the same path: $DIR/gen/module.ts"), "{run:?}");
    assert_eq!(scratch.all_files(), ["gen/module.ts", "langium-config.json"]);
}

#[test]
fn wrong_grammars_write_nothing() {
    let scratch = project();
    scratch.run(["generate"]).succeeded();
    let before = outputs(&scratch);
    scratch.write("a.langium", "grammar A\nentry Model: name=Missing;\n");
    let run = scratch.run(["generate"]);
    assert_eq!(run.exit, 2, "{run:?}");
    assert!(run.stderr.starts_with("a.langium:2:19: error: "), "{run:?}");
    assert!(run.stderr.ends_with("Langloom failed: 1 error.\n"), "{run:?}");
    assert_eq!(outputs(&scratch), before);
}

#[test]
fn nobody_reads_the_output() {
    let scratch = project();
    for redirection in ["| true", ">&-", "2>&-", ">&- 2>&-", "| head -c 5 > /dev/null"] {
        let script = format!("set -o pipefail; \"$LANGLOOM\" generate {redirection}");
        scratch.bash(&script).succeeded();
    }
    scratch.bash("set -o pipefail; \"$LANGLOOM\" completions bash | true").succeeded();
    scratch.write("a.langium", "grammar A");
    assert_eq!(scratch.bash("\"$LANGLOOM\" generate 2>&1 | true; exit ${PIPESTATUS[0]}").exit, 2);
}

#[test]
fn colours_only_where_they_are_wanted() {
    let scratch = project();
    scratch.write("a.langium", "grammar");
    let has_colour = |environment: &str| {
        let run = scratch.bash(&format!("{environment} \"$LANGLOOM\" generate"));
        (run.stdout + &run.stderr).contains('\u{1b}')
    };
    assert!(!has_colour("CLICOLOR=1"));
    assert!(has_colour("CLICOLOR_FORCE=1"));
    assert!(!has_colour("CLICOLOR_FORCE=1 NO_COLOR=1"));
}

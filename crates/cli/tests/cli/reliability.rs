//! What must hold whatever happens to a run: killed at any moment, failing at any system call, many at a time. Files are
//! old or new, never in between, and the next run repairs the rest.
//!
//! Quick by default. The environment asks for more: `KILLS`, `PROCESSES`, `ROUNDS`, `SCRIPTS`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use crate::support::{OUTPUTS, Random, Scratch, amount, binary, config, project};

/// A grammar of a few thousand lines, so that a run takes long enough to be killed in its middle. Its outputs tell which
/// `version` of it they are made from. Large enough to be kept for the next process, too.
fn grammar(version: usize) -> String {
    let rule = |rule| {
        format!("/** A rule of many. */\nRule{rule}: 'rule{rule}' version{version}=ID ('plus' more+=[Model:ID] 'and' so=ID)*;\n")
    };
    let rules = (0..600).map(rule);
    // A rule has 255 alternatives at most.
    let part = |part: usize| {
        let alternatives: Vec<String> = (0..200).map(|rule| format!("rules+=Rule{}", 200 * part + rule)).collect();
        format!("Part{part}: {};\n", alternatives.join(" | "))
    };
    format!(
        "grammar A\nentry Model: {};\n{}{}hidden terminal WS: /\\s+/;\nterminal ID: /[a-z]+/;\n",
        (0..3).map(|part| format!("parts+=Part{part}")).collect::<Vec<_>>().join(" | "),
        (0..3).map(part).collect::<String>(),
        rules.collect::<String>()
    )
}

type Files = BTreeMap<String, Option<String>>;

/// What the files in `scratch` hold, but not what Langloom remembers.
fn files(scratch: &Scratch) -> Files {
    scratch.files().into_iter().map(|file| (file.clone(), fs::read_to_string(scratch.path(&file)).ok())).collect()
}

/// The project whose grammar is `grammar(version)`, generated from nothing: all of its files.
fn clean_run(version: usize) -> Files {
    let scratch = project();
    scratch.write("a.langium", grammar(version));
    assert_eq!(scratch.run(["generate", "--no-cache"]).exit, 0);
    files(&scratch)
}

/// Checks that every output in `scratch` is missing, where that is possible, or one of those that `versions` have.
#[track_caller]
fn is_whole(scratch: &Scratch, versions: &[Option<&Files>], what: &str) {
    for output in OUTPUTS {
        let found = fs::read_to_string(scratch.path(output)).ok();
        let known = versions.iter().any(|files| match files {
            Some(files) => files.get(output).cloned().flatten() == found,
            None => found.is_none(),
        });
        assert!(known, "{what}: {output} is torn");
    }
}

/// Checks that the next run makes `scratch` equal to a clean run, without leftovers.
#[track_caller]
fn is_repaired(scratch: &Scratch, expected: &Files, what: &str) {
    let run = scratch.run(["generate"]);
    assert_eq!(run.exit, 0, "{what}: {run:?}");
    let found = files(scratch);
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{what}: leftovers");
    assert!(found == *expected, "{what}: other outputs than a clean run");
}

fn spawn(scratch: &Scratch) -> Child {
    let mut command = scratch.command(&binary());
    command.arg("generate").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn killed_at_random_moments() {
    let kills = amount("KILLS", 60);
    let versions = [clean_run(0), clean_run(1)];
    let mut random = Random(7);
    let time = {
        let scratch = project();
        scratch.write("a.langium", grammar(0));
        let start = Instant::now();
        scratch.run(["generate"]);
        start.elapsed()
    };
    let scratch = project();
    let mut killed = 0;
    for kill in 0..kills {
        let what = format!("kill {kill}");
        let is_cold = kill % 3 == 0;
        if is_cold {
            let _ = fs::remove_dir_all(scratch.path("gen"));
            let _ = fs::remove_dir_all(scratch.path(".langloom"));
        }
        let version = kill % 2;
        scratch.write("a.langium", grammar(version));
        let mut child = spawn(&scratch);
        std::thread::sleep(time.mul_f64(random.below(1_200) as f64 / 1_000.0));
        child.kill().unwrap();
        killed += usize::from(child.wait().unwrap().code().is_none());
        is_whole(
            &scratch,
            &[is_cold.then_some(()).map_or(Some(&versions[1 - version]), |()| None), Some(&versions[version])],
            &what,
        );
        is_repaired(&scratch, &versions[version], &what);
    }
    assert!(killed * 3 > kills, "only {killed} of {kills} runs were still there to be killed");
}

/// The system calls that change something on the disk, or could.
const CALLS: &[&str] = &[
    "write",
    "pwrite64",
    "copy_file_range",
    "sendfile",
    "splice",
    "ftruncate",
    "mkdir",
    "rename",
    "renameat2",
    "link",
    "linkat",
    "unlink",
    "unlinkat",
    "rmdir",
    "chmod",
    "fchmod",
];

/// Runs `langloom generate` with something injected into system calls; none without a working strace.
fn traced(scratch: &Scratch, inject: &str) -> Option<(i32, String, bool)> {
    let script = format!(
        "strace -f -o trace -e trace=all -e inject={inject} \"$LANGLOOM\" generate --jobs 1 2>&1; code=$?; \
         grep -c INJECTED trace; grep -c '+++ killed by SIGKILL' trace; rm -f trace; exit $code"
    );
    let run = scratch.bash(&script);
    let mut lines = run.stdout.lines().rev();
    let killed: usize = lines.next()?.parse().ok()?;
    let injected: usize = lines.next()?.parse().ok()?;
    Some((run.exit, run.stdout, injected + killed > 0))
}

fn has_strace(scratch: &Scratch) -> bool {
    let works = scratch.bash("strace -o /dev/null -e inject=getppid:error=EIO true").exit == 0;
    if !works {
        println!("skipped: there is no strace that can inject");
    }
    works
}

/// A project in one of three states: never generated, generated from another grammar, and with an output in the way of
/// which nothing is remembered.
fn prepare(scratch: &Scratch, scenario: usize) {
    let _ = fs::remove_dir_all(scratch.path("gen"));
    let _ = fs::remove_dir_all(scratch.path(".langloom"));
    if scenario > 0 {
        scratch.write("a.langium", crate::support::GRAMMAR.replace("Model", "Old"));
        let args: &[&str] = if scenario == 1 { &["generate"] } else { &["generate", "--no-cache"] };
        scratch.run(args).succeeded();
    }
    scratch.write("a.langium", crate::support::GRAMMAR);
}

/// The outputs before and after a run in `scenario`.
fn before_and_after(scenario: usize) -> (Files, Files) {
    let scratch = project();
    prepare(&scratch, scenario);
    let before = files(&scratch);
    scratch.run(["generate"]).succeeded();
    (before, files(&scratch))
}

#[test]
fn killed_at_every_system_call() {
    let scratch = project();
    if !has_strace(&scratch) {
        return;
    }
    let mut kills = 0;
    for scenario in 0..3 {
        let (before, after) = before_and_after(scenario);
        let old = if scenario == 0 { None } else { Some(&before) };
        for call in CALLS {
            for when in 1.. {
                let what = format!("scenario {scenario}, killed at {call} number {when}");
                prepare(&scratch, scenario);
                let (_, _, was_injected) = traced(&scratch, &format!("{call}:signal=KILL:when={when}")).unwrap();
                if !was_injected {
                    break;
                }
                is_whole(&scratch, &[old, Some(&after)], &what);
                is_repaired(&scratch, &after, &what);
                kills += 1;
            }
        }
    }
    assert!(kills > 30, "only {kills} kills");
}

#[test]
fn failing_at_every_system_call() {
    let scratch = project();
    if !has_strace(&scratch) {
        return;
    }
    let errors =
        ["openat:EACCES", "write:ENOSPC", "copy_file_range:EIO", "mkdir:EACCES", "rename:EIO", "link:EPERM", "fchmod:EPERM"];
    let mut failures = 0;
    for scenario in 0..3 {
        let (before, after) = before_and_after(scenario);
        for (call, error) in errors.iter().map(|error| error.split_once(':').unwrap()) {
            // Once, and from then on, as a full disk does.
            for when in (1..).flat_map(|when| [format!("{when}"), format!("{when}+")]) {
                let is_lasting = when.ends_with('+');
                if is_lasting && !["write", "rename"].contains(&call) {
                    continue;
                }
                let what = format!("scenario {scenario}, {error} at {call} number {when}");
                prepare(&scratch, scenario);
                let Some((exit, out, was_injected)) = traced(&scratch, &format!("{call}:error={error}:when={when}")) else {
                    // The dynamic linker did not find the C library.
                    continue;
                };
                if !was_injected {
                    break;
                }
                let found = files(&scratch);
                if call == "rename" && is_lasting && out.contains("some outputs were changed") {
                    // What cannot be renamed cannot be renamed back either: the run says so.
                    is_whole(&scratch, &[Some(&before), Some(&after)], &what);
                } else {
                    // Nothing has to be remembered, and nobody has to hear of it.
                    assert!(found == after || found == before, "{what}: {:?}\n{out}", found.keys());
                }
                assert!(found == after || exit != 0, "{what}: exit {exit} without outputs\n{out}");
                // If every write fails, nobody hears of it.
                if exit == 1 && !(call == "write" && is_lasting) {
                    let names_path = out.lines().any(|line| line.starts_with("error: ") && line.contains("$DIR/"));
                    assert!(names_path, "{what}:\n{out}");
                }
                is_repaired(&scratch, &after, &what);
                failures += usize::from(exit != 0);
            }
        }
    }
    assert!(failures > 30, "only {failures} failures");
}

/// All with the same folder and the same cache, while the grammar changes.
#[test]
fn many_at_a_time() {
    let (processes, rounds) = (amount("PROCESSES", 8), amount("ROUNDS", 5));
    let versions = [clean_run(0), clean_run(1)];
    let scratch = project();
    for round in 0..rounds {
        let what = format!("round {round}");
        let version = round % 2;
        scratch.write("a.langium", grammar(version));
        if round % 3 == 2 {
            let _ = fs::remove_dir_all(scratch.path("gen"));
        }
        let mut children: Vec<Child> = (0..processes).map(|_| spawn(&scratch)).collect();
        for child in &mut children {
            assert_eq!(child.wait().unwrap().code(), Some(0), "{what}");
        }
        assert!(files(&scratch) == versions[version], "{what}: wrong bytes");
        is_repaired(&scratch, &versions[version], &what);
    }
}

/// Edits of the same length within a tick of the clock, with times put back, and runs between them: no run may take an
/// old output for a current one.
#[test]
fn edits_that_hide() {
    let scripts = amount("SCRIPTS", 40);
    let mut random = Random(3);
    let scratch = project();
    let grammar = |letter: usize| crate::support::GRAMMAR.replace("Model", &format!("Model{}", (b'A' + letter as u8) as char));
    for script in 0..scripts {
        let mut letter = 0;
        for _ in 0..6 {
            let path = scratch.path("a.langium");
            let modified = fs::metadata(&path).unwrap().modified().unwrap();
            letter = random.below(26);
            match random.below(4) {
                0 => {
                    scratch.write("new", grammar(letter));
                    fs::rename(scratch.path("new"), &path).unwrap();
                }
                1 => {
                    scratch.write("langium-config.json", config("gen", "a.langium") + &" ".repeat(random.below(3)));
                    fs::write(&path, grammar(letter)).unwrap();
                }
                _ => fs::write(&path, grammar(letter)).unwrap(),
            }
            if random.below(2) == 0 {
                File::options().write(true).open(&path).unwrap().set_modified(modified).unwrap();
            }
            if random.below(2) == 0 {
                scratch.run(["generate"]).succeeded();
            }
            if random.below(8) == 0 {
                std::thread::sleep(Duration::from_millis(25));
            }
        }
        scratch.run(["generate"]).succeeded();
        let ast = scratch.read("gen/ast.ts");
        assert!(ast.contains(&format!("Model{}", (b'A' + letter as u8) as char)), "script {script}: a stale output");
    }
}

#[test]
fn interrupted() {
    let expected = clean_run(1);
    let scratch = project();
    scratch.write("a.langium", grammar(0));
    scratch.run(["generate"]);
    let before = files(&scratch);
    let mut random = Random(11);
    let mut was_interrupted = 0;
    let mut attempt = 0;
    // Where the machine is busy, runs may be over before any signal comes: then there are more, with less and less time.
    while attempt < 20 || was_interrupted == 0 {
        assert!(attempt < 320, "no run was interrupted");
        scratch.write("a.langium", grammar(1));
        let child = spawn(&scratch);
        std::thread::sleep(Duration::from_micros(random.below(60_000 >> (attempt / 20)) as u64));
        let start = Instant::now();
        scratch.bash(&format!("kill -{} {}", ["INT", "HUP"][attempt % 2], child.id()));
        let exit = { child }.wait().unwrap();
        assert!(start.elapsed() < Duration::from_secs(2), "attempt {attempt}: it took {:?}", start.elapsed());
        was_interrupted += usize::from(exit.code() != Some(0));
        is_whole(&scratch, &[Some(&before), Some(&expected)], &format!("attempt {attempt}"));
        assert_eq!(scratch.files().len(), expected.len(), "attempt {attempt}: leftovers: {:?}", scratch.files());
        scratch.write("a.langium", grammar(0));
        scratch.run(["generate"]);
        attempt += 1;
    }
}

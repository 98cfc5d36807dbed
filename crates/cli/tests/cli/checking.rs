//! `langloom check`: what it reads, what it fixes, and what other programs read of it.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use langloom_core::text::Code;

use crate::support::Scratch;

/// Everything that can be put right for certain, once.
const FIXABLE: &str = "\
grammar Fixable
import './parts.langium'
import './parts'

interface Item { name: string }
interface Note { text: string }
entry Model: items+=Item* notes+=Note* (links+=[Item|ID])* Named;
Item /* which? */: name=ID;
Note infers Note: {infer Note} text=ID;
Other infers Thing: 'other' {Thing.of=current} 'of' to=ID;
fragment Named returns Item: name=ID => 'end' ref=[Any:ID]?;
Any: /* one of */ Item | Note;
Called: Item | Note;
Caller: Called (',' ref=[Called:ID])?;
";

const FIXED: &str = "\
grammar Fixable
import './parts'


interface Item { name: string }
interface Note { text: string }
entry Model: items+=Item* notes+=Note* (links+=[Item:ID])* Named;
Item returns Item /* which? */: name=ID;
Note returns Note: {Note} text=ID;
Other infers Thing: 'other' {infer Thing.of=current} 'of' to=ID;
fragment Named: name=ID  'end' ref=[Any:ID]?;
type Any = /* one of */ Item | Note;
Called: Item | Note;
Caller: Called (',' ref=[Called:ID])?;
";

const PARTS: &str = "terminal ID: /[a-z]+/g;\nterminal NUMBER: ('0'..'9')+ | /x/i;\n";
const FIXED_PARTS: &str = "terminal ID: /[a-z]+/;\nterminal NUMBER: (/[0-9]/)+ | /x/;\n";

fn fixable() -> Scratch {
    let scratch = Scratch::new();
    scratch.write("src/a.langium", FIXABLE);
    scratch.write("src/parts.langium", PARTS);
    scratch
}

#[test]
fn fixes_are_applied_until_none_is_left() {
    let scratch = fixable();
    let run = scratch.run(["check", "--fix", "src/a.langium"]);
    assert_eq!((scratch.read("src/a.langium"), scratch.read("src/parts.langium")), (FIXED.to_owned(), FIXED_PARTS.to_owned()));
    assert_eq!(run.exit, 0, "{run:?}");
    let told: BTreeSet<&str> = run.stdout.split(['(', ')', ',', ' ']).collect();
    for code in Code::ALL.iter().filter(|code| code.has_fixes()) {
        assert!(told.contains(code.name()), "{} is not in this test: {run:?}", code.name());
    }
    assert!(
        run.stdout.starts_with("Fixed src/a.langium: 10 problems (deprecated-reference-syntax, duplicate-import, "),
        "{run:?}"
    );
    assert!(run.stdout.ends_with("Checked 2 grammars: 3 hints\n"), "{run:?}");
    assert_eq!(scratch.files(), ["src/a.langium", "src/parts.langium"]);
}

/// On grammars with every kind of problem, fixes leave nothing to fix, and no error that was not there.
#[test]
fn fixes_make_nothing_worse() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../conformance/checks");
    let mut fixed = 0;
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.extension().is_none_or(|extension| extension != "langium") {
            continue;
        }
        let scratch = Scratch::new();
        let text = fs::read_to_string(&path).unwrap();
        for (index, part) in format!("a.langium\n{text}").split("//# file ").enumerate() {
            let (name, text) = part.split_once('\n').unwrap();
            assert!(index > 0 || name == "a.langium");
            scratch.write(name.trim(), text);
        }
        let errors = |args: &[&str]| {
            let run = scratch.run(["check", "a.langium", "--format", "json"].iter().chain(args));
            let count = run.stdout.split("\"errors\": ").nth(1).unwrap().split(',').next().unwrap().parse::<u32>().unwrap();
            (count, run)
        };
        let (before, run) = errors(&[]);
        fixed += run.stdout.matches("\"fix\": {").count();
        let (after, run) = errors(&["--fix"]);
        assert!(after <= before, "{}: {run:?}", path.display());
        assert!(!run.stdout.contains("\"fix\": {"), "{}: {run:?}", path.display());
    }
    assert!(fixed > 20, "only {fixed} problems have fixes");
}

#[test]
fn a_dry_run_prints_a_patch_that_does_the_same() {
    let scratch = fixable();
    scratch.bash("$LANGLOOM check --fix --dry-run src/a.langium > a.patch").exit_is(0);
    assert_eq!((scratch.read("src/a.langium"), scratch.read("src/parts.langium")), (FIXABLE.to_owned(), PARTS.to_owned()));
    assert!(scratch.read("a.patch").starts_with("--- a/src/a.langium\n+++ b/src/a.langium\n@@ -1,"));
    let run = scratch.run(["check", "--fix", "--dry-run", "src/a.langium", "--format", "json"]).exit_is(1);
    assert!(run.stdout.contains("a patch is not a document of that format"), "{run:?}");
    scratch.bash("patch -s -p1 < a.patch").exit_is(0);
    assert_eq!((scratch.read("src/a.langium"), scratch.read("src/parts.langium")), (FIXED.to_owned(), FIXED_PARTS.to_owned()));
}

#[test]
fn what_is_not_ours_or_not_text_is_not_fixed() {
    let scratch = Scratch::new();
    scratch.write("a.langium", "grammar Whole\nimport './node_modules/b.langium'\nentry A: a=ID;\n");
    scratch.write("node_modules/b.langium", PARTS);
    let run = scratch.run(["check", "--fix", "a.langium"]);
    assert!(run.stdout.starts_with("Fixed a.langium: 1 problem (import-extension)\n"), "{run:?}");
    assert_eq!(scratch.read("node_modules/b.langium"), PARTS);
    assert!(run.stdout.ends_with("Checked 2 grammars: 2 warnings, 1 hint\n"), "{run:?}");

    let latin: &[u8] = b"grammar A // caf\xe9\nentry A: (links+=[A|ID])* name=ID;\nterminal ID: /a/g;\n";
    scratch.write("latin.langium", latin);
    let run = scratch.run(["check", "--fix", "latin.langium"]);
    assert_eq!(run.exit, 1, "{run:?}");
    assert!(run.stderr.contains("latin.langium was changed meanwhile, or is not UTF-8"), "{run:?}");
    assert_eq!(std::fs::read(scratch.path("latin.langium")).unwrap(), latin);
}

#[test]
fn standard_input_is_a_file_in_its_folder() {
    let scratch = fixable();
    let run = scratch.bash("$LANGLOOM check - --stdin-path src/new.langium --format plain < src/a.langium");
    assert_eq!(run.exit, 2);
    assert!(run.stderr.contains("src/new.langium:7:53 - '|' is deprecated."), "{run:?}");
    assert!(run.stdout.contains("src/parts.langium:2:18 - Consider using regex"), "{run:?}");
    let run = scratch.bash("$LANGLOOM check - < src/a.langium");
    assert!(run.stderr.contains("<stdin>:2:8: error: Import cannot be resolved."), "{run:?}");
    scratch.bash("$LANGLOOM check --fix - < src/a.langium").exit_is(1);
    scratch.bash("head -c 300000 /dev/zero | tr '\\0' ';' | timeout 60 $LANGLOOM check -").exit_is(2);
}

#[test]
fn parts_of_a_language_are_checked_as_such() {
    let scratch = Scratch::new();
    scratch.write("part.langium", "terminal ID: /[a-z]+/;\n");
    scratch.write("a.langium", "grammar Whole\nimport './part'\nentry A: name=ID;\n");
    let run = scratch.run(["check", "part.langium", "a.langium"]).succeeded();
    assert_eq!(run.stdout, "Checked 2 grammars: nothing to complain about\n");
    scratch.write(
        "langium-config.json",
        r#"{"projectName":"A","out":"o","languages":[{"id":"a","grammar":"part.langium","fileExtensions":[]}]}"#,
    );
    let run = scratch.run(["check"]);
    assert!(run.stderr.contains("The entry grammar must start with the 'grammar' keyword."), "{run:?}");
    assert_eq!(run.exit, 2);
}

/// With a hundred findings in a file, people see the first ones and programs see all.
#[test]
fn long_lists_are_abridged_for_people_only() {
    let scratch = Scratch::new();
    let rules: String = (0..100).map(|index| format!("R{index}: a=Missing{index};\n")).collect();
    scratch.write("a.langium", format!("grammar A\nentry M: a='a';\n{rules}"));
    let shown = |args: &[&str], what: &str| {
        let run = scratch.run(["check", "a.langium"].iter().chain(args));
        assert_eq!(run.exit, 2, "{run:?}");
        (run.stdout + &run.stderr).matches(what).count()
    };
    assert_eq!(shown(&[], ": error: "), 50);
    assert_eq!(shown(&[], ": hint: "), 50);
    assert_eq!(shown(&[], "a.langium: 50 errors, 50 hints not shown; --max-findings 0 shows all\n"), 1);
    assert_eq!(shown(&["--max-findings", "7"], ": error: "), 7);
    assert_eq!(shown(&["--max-findings", "0"], ": error: "), 100);
    assert_eq!(shown(&["--format", "plain"], "a.langium:"), 200);
    assert_eq!(shown(&["--format", "json"], "\"severity\": "), 200);
    assert_eq!(shown(&["--format", "sarif"], "\"level\": "), 200);
    assert_eq!(shown(&["--format", "github"], "::error file=a.langium,"), 100);
}

/// A document for programs has standard output for itself, whatever happens.
#[test]
fn documents_are_alone_on_standard_output() {
    let scratch = Scratch::new();
    let config = |grammar: &str| {
        format!(r#"{{"projectName":"A","out":"o","languages":[{{"id":"a","grammar":"{grammar}","fileExtensions":[]}}]}}"#)
    };
    scratch.write("a.langium", "grammar Whole\nentry A: name=ID;\nterminal ID: /[a-z]+/;\n");
    scratch.write("langium-config.json", config("a.langium"));
    scratch.write("missing.json", config("b.langium"));
    scratch.write("wrong.json", "{]");
    for (args, exit, findings) in [
        (&["generate"][..], 0, 0),
        (&["generate"][..], 0, 0),
        (&["generate", "-f", "missing.json"][..], 1, 1),
        (&["generate", "-f", "wrong.json"][..], 1, 1),
        (&["generate", "-f", "absent.json"][..], 1, 1),
        (&["check", "-f", "wrong.json"][..], 1, 1),
        (&["extract-types", "a.langium"][..], 0, 0),
        (&["extract-types", "a.langium"][..], 1, 1),
    ] {
        for (format, start, count) in
            [("json", "{\n  \"version\": 1,\n", "\"severity\": "), ("sarif", "{\n  \"$schema\": ", "\"level\": ")]
        {
            if exit == 0 {
                scratch.bash("rm -f types.langium");
            }
            let run = scratch.run(args.iter().chain(&["--format", format]));
            assert_eq!(run.exit, exit, "{args:?}: {run:?}");
            assert!(run.stdout.starts_with(start) && run.stdout.ends_with("}\n"), "{args:?}: {run:?}");
            assert_eq!(run.stdout.matches(count).count(), findings, "{args:?}: {run:?}");
        }
    }
}

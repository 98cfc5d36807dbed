//! What packs may take, and what they say while they run.

use std::fmt::Write;

use crate::packs::{project, refused};
use crate::support::Scratch;

const FOR_TYPES: &str = "path = \"{{type.name}}.txt\"\nfor_each = \"type\"";

/// A project with the types `T00` to `T39`.
fn with_types(output: &str, template: &str) -> Scratch {
    let scratch = project(output, template);
    let names: Vec<String> = (0..40).map(|at| format!("T{at:02}")).collect();
    let mut grammar = format!("grammar A\nentry Model: ts+=({})*;\n", names.join(" | "));
    for name in names {
        let _ = writeln!(grammar, "{name}: '{name}' name=ID;");
    }
    scratch.write("a.langium", grammar + "terminal ID: /[a-z]+/;\n");
    scratch
}

#[test]
fn no_file_begins_once_one_failed() {
    let template = "{{#eq type.name \"T07\"}}{{type.seventh}}{{/eq}}{{#eq type.name \"T09\"}}{{type.ninth}}{{/eq}}";
    let scratch = with_types(FOR_TYPES, template);
    for jobs in 1..5 {
        let run = scratch.run(["generate", "--no-cache", "-vv", "--jobs", &jobs.to_string()]);
        // Whoever is first: what is told is the first failure in the order of the plan.
        refused(&run, 2, "`seventh` is not a property of a type");
        refused(&run, 2, "(while writing T07.txt)");
        assert!(!run.stderr.contains("`ninth`"), "{}", run.stderr);
        let begun = (0..40).filter(|at| run.stderr.contains(&format!("T{at:02}.txt: "))).count();
        assert!((8..8 + 8 * jobs).contains(&begun), "{begun} files began with {jobs} threads: {}", run.stderr);
    }
}

#[test]
fn paths_and_conditions_may_take_less() {
    let loops = |depth: usize| format!("{}{}", "{{#each @root.project.types}}".repeat(depth), "{{/each}}".repeat(depth));
    let output = |loops: &str| format!("path = \"{loops}{{{{type.name}}}}.txt\"\nfor_each = \"type\"");
    refused(&with_types(&output(&loops(4)), "").run(["generate"]), 2, "the template does more than 1000000 steps");
    // Each of them suffices for 200,000 steps or so.
    with_types(&output(&loops(3)), "").run(["generate"]).succeeded();
}

#[test]
fn what_templates_log_is_shown_in_order() {
    let scratch =
        with_types(FOR_TYPES, "a\n{{log type.name \"\u{1b}[1m\"}}{{log \"odd\" level=\"warn\"}}{{log \"deep\" level=\"debug\"}}");
    for jobs in ["1", "4"] {
        let run = scratch.run(["generate", "--no-cache", "-v", "--jobs", jobs]);
        assert_eq!(run.exit, 0, "{}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().filter_map(|line| Some(line.split_once("t.hbs:2:")?.1)).collect();
        assert_eq!(lines.len(), 2 * 41, "{}", run.stderr);
        assert_eq!(lines[..4], ["1: Model \u{fffd}[1m", "25: warn: odd", "1: T00 \u{fffd}[1m", "25: warn: odd"]);
        let names: Vec<&str> = lines.iter().step_by(2).map(|line| &line[3..6]).collect();
        assert!(names[1..].is_sorted(), "{names:?}");
        assert!(run.stderr.contains("templates/t.hbs:2:1: T39"), "{}", run.stderr);
    }
    assert!(scratch.run(["generate", "--no-cache", "-vv"]).stderr.contains("debug: deep"));
    scratch.run(["generate", "--no-cache"]).succeeded(); // says nothing
}

#[test]
fn what_is_logged_is_bounded() {
    let long = "x".repeat(3_000);
    let scratch = with_types(FOR_TYPES, &format!("{{{{#each project.types}}}}{{{{log ../type.name \"{long}\"}}}}{{{{/each}}}}"));
    for jobs in ["1", "4"] {
        let run = scratch.run(["generate", "--no-cache", "-v", "--jobs", jobs]);
        assert_eq!(run.exit, 0, "{}", run.stderr);
        let lines: Vec<&str> = run.stderr.lines().filter_map(|line| Some(line.split_once("t.hbs:1:")?.1)).collect();
        assert_eq!(lines.len(), 1_000);
        assert!(lines.iter().all(|line| line.len() < 1_050 && line.ends_with('…')));
        // 41 lines of each file.
        assert!(lines[0].contains(" Model ") && lines[40].contains(" Model ") && lines[41].contains(" T00 "));
        assert!(lines[999].contains(" T23 "), "{}", &lines[999][..20]);
        assert_eq!(run.stderr.matches("templates log more than 1000 lines").count(), 1);
    }
}

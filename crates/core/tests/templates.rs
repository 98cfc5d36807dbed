//! The template engine: cases in `tests/templates`, the examples of all helpers, their documentation, and limits.
//!
//! A file of cases: `=== name`, then sections that begin with `--- template`, `--- partial NAME`, `--- data` (JSON),
//! `--- dialect` (words; `handlebars` is that of handlebars.js, else code), and `--- output` or `--- problem`. The last line break of a
//! section is not part of it.

#[path = "support/json_view.rs"]
mod json_view;

use std::cell::Cell;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use json_view::JsonView;
use langloom_core::emit::Sink;
use langloom_core::emit::pack::{
    Arena, Dialect, Group, Handle, Interrupt, Key, Limits, NoView, Options, Problem, Templates, Value, View, compile, helpers,
    render,
};

/// What is given to a template, and how it is read.
struct Case<'t> {
    template: &'t str,
    partials: Vec<(&'t str, &'t str)>,
    data: &'t str,
    dialect: Dialect<'static>,
}

impl<'t> Case<'t> {
    fn code(template: &'t str, data: &'t str) -> Case<'t> {
        Case { template, partials: Vec::new(), data, dialect: Dialect::CODE }
    }

    /// The text; or what is wrong, a problem a line, with its hint and the calls that led to it. It makes no difference which
    /// names the view knows by number.
    fn run(&self) -> Result<String, String> {
        let [one, other] = [0, 1].map(|known| {
            let result = self.run_knowing(|at| at % 2 == known, &Options::DEFAULT);
            result.map_err(|problems| problems.iter().map(show).collect::<Vec<_>>().join("\n"))
        });
        assert_eq!(one, other);
        one
    }

    fn run_with(&self, options: &Options<'_>) -> Result<String, Vec<Problem>> {
        self.run_knowing(|_| true, options)
    }

    fn run_knowing(&self, knows: impl Fn(usize) -> bool, options: &Options<'_>) -> Result<String, Vec<Problem>> {
        let json: serde_json::Value = serde_json::from_str(self.data).unwrap_or_else(|error| panic!("{}: {error}", self.data));
        let view = JsonView::new(&json, knows);
        let dialect = Dialect { vocabulary: view.vocabulary(), ..self.dialect };
        let template = compile("main", self.template, &dialect)?;
        let mut templates = Templates::new();
        for (name, source) in &self.partials {
            templates.insert(compile(name, source, &dialect)?);
        }
        let mut text = String::new();
        let mut drain = |chunk: &str| text.push_str(chunk);
        let mut sink = Sink::new(1 << 16, &mut drain);
        render(&template, &templates, &view, view.root(), options, &mut sink).map_err(|problem| vec![problem])?;
        sink.finish();
        Ok(text)
    }
}

fn show(problem: &Problem) -> String {
    let mut text = problem.to_string();
    for call in &problem.calls {
        let _ = write!(text, "\n  called at {}:{}:{}", call.template, call.position.line, call.position.column);
    }
    text
}

#[test]
fn cases() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates");
    let mut count = 0;
    let mut failures = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let file = path.file_stem().unwrap().to_string_lossy().into_owned();
        for case in text.split("\n=== ").skip(1) {
            count += 1;
            // The empty line before the next case, or the end of the file.
            let case = case.strip_suffix('\n').unwrap_or(case);
            if let Err(failure) = check(case) {
                let _ = writeln!(failures, "\n{file}: {failure}");
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count > 60, "only {count} cases");
}

fn check(text: &str) -> Result<(), String> {
    let (name, sections) = text.split_once('\n').unwrap();
    let mut case = Case::code("", "null");
    let mut expected = None;
    for section in format!("\n{sections}").split("\n--- ").skip(1) {
        let (title, body) = section.split_once('\n').unwrap_or((section, ""));
        // The sections live as long as the test: there are few.
        let body: &'static str = Box::leak(body.to_owned().into_boxed_str());
        match title.split_once(' ').unwrap_or((title, "")) {
            ("template", _) => case.template = body,
            ("partial", name) => case.partials.push((Box::leak(name.to_owned().into_boxed_str()), body)),
            ("data", _) => case.data = body,
            ("dialect", _) => case.dialect = dialect(body),
            ("output", _) => expected = Some(Ok(body.to_owned())),
            ("problem", _) => expected = Some(Err(body.trim_end().to_owned())),
            (other, _) => panic!("{name}: there is no section `{other}`"),
        }
    }
    let expected = expected.unwrap_or_else(|| panic!("{name}: neither output nor problem"));
    let found = case.run();
    if found == expected { Ok(()) } else { Err(format!("{name}\nexpected {expected:?}\n     got {found:?}")) }
}

fn dialect(words: &str) -> Dialect<'static> {
    let mut dialect = Dialect::CODE;
    for word in words.split_whitespace() {
        match word {
            "handlebars" => dialect = Dialect::HANDLEBARS,
            "escape" => dialect.escape = true,
            "ignoreStandalone" => dialect.ignore_standalone = true,
            "preventIndent" => dialect.prevent_indent = true,
            "explicitPartialContext" => dialect.explicit_partial_context = true,
            "assumeObjects" => dialect.assume_objects = true,
            "compat" => dialect.compat = true,
            other => panic!("there is no option `{other}`"),
        }
    }
    dialect
}

#[test]
fn examples_of_helpers_come_true() {
    let mut names = Vec::new();
    for helper in helpers() {
        assert!(!helper.examples.is_empty(), "{}: has no example", helper.name);
        assert!(helper.about.ends_with('.'), "{}: its description is no sentence", helper.name);
        for example in helper.examples {
            let found = Case::code(example.template, example.data).run();
            assert_eq!(found.as_deref(), Ok(example.output), "{}: {}", helper.name, example.template);
            assert!(example.template.contains(helper.name), "{}: the example shows another one", helper.name);
        }
        names.push(helper.name);
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), helpers().count(), "two helpers have the same name");
}

/// What `docs/templates.md` has between its marks.
fn documentation() -> String {
    let mut text = String::new();
    for group in Group::ALL {
        let _ = writeln!(text, "\n### {}", group.title());
        for helper in helpers().filter(|helper| helper.group == *group) {
            let _ = writeln!(text, "\n**`{} {}`** — {}\n", helper.name, helper.usage, helper.about);
            for example in helper.examples {
                let with = if example.data == "{}" { String::new() } else { format!(" with `{}`", example.data) };
                let line = |text: &str| text.replace('\n', "⏎").replace('\t', "⇥");
                let _ = writeln!(text, "- `` {} ``{with} gives `` {} ``", line(example.template), line(example.output));
            }
        }
    }
    text
}

#[test]
fn documentation_lists_all_helpers() {
    const START: &str =
        "<!-- helpers: made from the table HELPERS, run UPDATE=1 cargo test -p langloom-core --test templates -->\n";
    const END: &str = "\n<!-- /helpers -->";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/templates.md");
    let text = fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(START).expect("the mark where the helpers start");
    let (_, after) = rest.split_once(END).expect("the mark where the helpers end");
    let wanted = format!("{before}{START}{}{END}{after}", documentation());
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &wanted).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == wanted, "docs/templates.md is not up to date: run with UPDATE=1");
}

/// How long this thread has run, where the system tells: the machine may be busy with other things.
fn on_the_processor() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split(' ').next()?.parse().ok().map(Duration::from_nanos)
}

/// What ends a rendering, on a thread with the stack that threads have by default.
fn problem_of(template: String, partials: Vec<(&'static str, String)>, data: String) -> String {
    let run = move || {
        let start = Instant::now();
        let before = on_the_processor();
        let partials = partials.iter().map(|(name, source)| (*name, &**source)).collect();
        let case = Case { partials, ..Case::code(&template, &data) };
        let problem = case.run().err().unwrap_or_else(|| "no problem".to_owned());
        // What is not optimised takes longer.
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 2 });
        let took = on_the_processor().zip(before).map_or_else(|| start.elapsed(), |(after, before)| after - before);
        assert!(took < limit, "took {took:?}: {problem}");
        problem.lines().next().unwrap_or_default().to_owned()
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().expect("no crash")
}

#[test]
fn hostile_templates_end_in_an_error() {
    let nested = |open: &str, close: &str, count: usize| open.repeat(count) + &close.repeat(count);
    let items = format!(r#"{{"items": [{}], "t": true, "self": "a"}}"#, vec!["1"; 1_000].join(","));
    let each = |count| nested("{{#each @root.items}}", "{{/each}}", count);
    /// A name, a template, its partials, and what the message says.
    type Hostile = (&'static str, String, Vec<(&'static str, String)>, &'static str);
    let cases: Vec<Hostile> = vec![
        ("calls itself", "{{> a}}".into(), vec![("a", "x{{> a}}".into())], "partials call each other more than 128 deep"),
        (
            "call each other",
            "{{> a}}".into(),
            vec![("a", "{{> b}}".into()), ("b", "{{> a}}".into())],
            "partials call each other more than 128 deep",
        ),
        (
            "by a name from data",
            "{{> (lookup . \"self\")}}".into(),
            vec![("a", "{{> (lookup @root \"self\")}}".into())],
            "partials call",
        ),
        ("inline, itself", "{{#*inline \"a\"}}{{> a}}{{/inline}}{{> a}}".into(), vec![], "partials call"),
        (
            "its own block",
            "{{> a}}".into(),
            vec![("a", "{{#> b}}{{> a}}{{/b}}".into()), ("b", "{{> @partial-block}}".into())],
            "partials call",
        ),
        (
            "in many blocks",
            "{{> a}}".into(),
            vec![("a", format!("{}{{{{> a}}}}{}", "{{#with @root}}".repeat(200), "{{/with}}".repeat(200)))],
            "more than 1000 blocks and partials",
        ),
        (
            "twice each: 2^128 calls",
            "{{> a}}".into(),
            vec![("a", "{{#if @root.t}}{{> a}}{{> a}}{{/if}}".into())],
            "partials call each other more than 128 deep",
        ),
        ("20,000 blocks", nested("{{#if t}}", "{{/if}}", 20_000), vec![], "more than 250 blocks stand in each other"),
        ("20,000 else if", format!("{{{{#if t}}}}{}{{{{/if}}}}", "{{else if t}}".repeat(20_000)), vec![], "more than 250 blocks"),
        (
            "20,000 calls",
            format!("{{{{not {}t{}}}}}", "(not ".repeat(20_000), ")".repeat(20_000)),
            vec![],
            "more than 250 blocks",
        ),
        ("10^12 iterations", each(4), vec![], "the template does more than 100000000 steps"),
        (
            "10^7 times 100 bytes",
            each(2).replace("}}{{/", &format!("}}}}{}{{{{/", "x".repeat(1_000))),
            vec![],
            "the text becomes longer than 256 MB",
        ),
        (
            "a text that doubles",
            "{{> a s=\"0123456789\"}}".into(),
            vec![("a", "{{#with (concat s s) as |d|}}{{> a s=d}}{{/with}}".into())],
            "the values that are made up take more than 256 MB",
        ),
        (
            "a list that is sorted forever",
            "{{#each items}}{{#each @root.items}}{{#each (sort @root.items)}}{{/each}}{{/each}}{{/each}}".into(),
            vec![],
            "the values that are made up take more than 256 MB|the template does more than",
        ),
        (
            "long lookups",
            format!(
                "{{{{#each items}}}}{{{{#each @root.items}}}}{{{{@root.self{}}}}}{{{{/each}}}}{{{{/each}}}}",
                ".[0]".repeat(50_000)
            ),
            vec![],
            "the template does more than 100000000 steps",
        ),
        (
            "a call with many values",
            format!(
                "{{{{#each items}}}}{{{{#each @root.items}}}}{{{{or {}}}}}{{{{/each}}}}{{{{/each}}}}",
                "false ".repeat(50_000)
            ),
            vec![],
            "the template does more than 100000000 steps",
        ),
        ("a long name", format!("{{{{{}}}}}", "abcdefgh".repeat(100_000)), vec![], "is not a property of"),
        (
            "many parameters of a block",
            format!(
                "{{{{#each items as |{}|}}}}{}{{{{/each}}}}",
                (0..30_000).map(|at| format!("p{at} ")).collect::<String>(),
                "{{name}}".repeat(30_000)
            ),
            vec![],
            "a block declares more than 100 parameters",
        ),
        (
            "lines that grow by their indentation",
            format!("\n{}{{{{> a}}}}\n", " ".repeat(100_000)),
            vec![("a", "x\n".repeat(100_000))],
            "the text becomes longer than 256 MB",
        ),
        (
            "indentation of indentation",
            "{{> a}}".into(),
            vec![("a", format!("{}\n    {{{{> a}}}}\n", "x\n".repeat(100_000)))],
            "partials call each other|the text becomes longer|the template does more",
        ),
    ];
    for (name, template, partials, expected) in cases {
        let problem = problem_of(template, partials, items.clone());
        assert!(expected.split('|').any(|expected| problem.contains(expected)), "{name}: {problem}");
    }
}

#[test]
fn the_caller_can_stop_it_and_set_limits() {
    let items = format!("[{}]", vec!["1"; 1_000].join(","));
    let forever = Case::code("{{#each @root}}{{#each @root}}{{#each @root}}{{/each}}{{/each}}{{/each}}", &items);
    let asked = std::cell::Cell::new(0);
    let is_due = || {
        asked.set(asked.get() + 1);
        asked.get() > 3
    };
    let problems = forever.run_with(&Options { interrupt: Some(Interrupt(&is_due)), ..Options::DEFAULT }).unwrap_err();
    assert_eq!(problems[0].message, "the rendering was stopped");
    let options = Options { limits: Limits { output: 10, ..Limits::DEFAULT }, ..Options::DEFAULT };
    let ten = Case::code("{{#each .}}12345{{/each}}", "[1, 2]");
    assert_eq!(ten.run_with(&options).unwrap(), "1234512345");
    let fifteen = Case::code("{{#each .}}12345{{/each}}", "[1, 2, 3]");
    assert!(fifteen.run_with(&options).is_err());
}

/// Counts how often it is asked for a property, and has all of them: they are `list`, one text in a list, or their own names.
struct Counting(Cell<u32>);

impl View for Counting {
    fn vocabulary(&self) -> &[&str] {
        &["known"]
    }

    fn get<'a>(&'a self, _: Handle, key: Key<'_>, arena: &'a Arena) -> Value<'a> {
        self.0.set(self.0.get() + 1);
        if key.name == "list" { Value::Items(arena.items(&[Value::Text("item")])) } else { Value::Text(arena.text(key.name)) }
    }

    fn keys<'a>(&'a self, _: Handle, _: &'a Arena) -> &'a [&'a str] {
        &[]
    }

    fn len(&self, _: Handle) -> usize {
        0
    }

    fn item<'a>(&'a self, _: Handle, _: usize, _: &'a Arena) -> Value<'a> {
        Value::Undefined
    }

    fn describe(&self, _: Handle) -> &str {
        "an object"
    }
}

#[test]
fn values_are_asked_for_once() {
    // What a view answers may be a diagram that took long to draw.
    for template in [
        "{{PATH}}",
        "{{{PATH}}}",
        "{{#if PATH}}a{{/if}}",
        "{{#if PATH}}a{{list.length}}{{else}}{{x}}{{/if}}",
        "{{#unless PATH}}a{{else}}b{{/unless}}",
        "{{#if PATH includeZero=true}}a{{/if}}",
        "{{#if (eq PATH \"x\")}}a{{/if}}",
        "{{#if (and PATH true)}}a{{/if}}",
        "{{#each (sort list by=PATH)}}{{.}}{{/each}}",
        "{{#with PATH}}a{{/with}}",
        "{{#PATH}}a{{/PATH}}",
        "{{pascal PATH}}",
        "{{concat PATH \"a\"}}",
        "{{indent PATH 2}}",
        "{{#indent PATH}}a{{/indent}}",
        "{{> partial PATH}}",
        "{{> partial key=PATH}}",
        "{{> partial PATH key=\"a\"}}",
        "{{#> partial PATH}}a{{/partial}}",
        "{{#each list}}{{../PATH}}{{/each}}",
        "{{#each list}}{{@root.PATH}}{{/each}}",
    ] {
        for path in ["known", "other"] {
            let view = Counting(Cell::new(0));
            let dialect = Dialect { vocabulary: view.vocabulary(), ..Dialect::HANDLEBARS };
            let compile = |name: &str, source: &str| compile(name, source, &dialect);
            let template = compile("main", &template.replace("PATH", path)).unwrap();
            let mut templates = Templates::new();
            templates.insert(compile("partial", "-").unwrap());
            let mut nowhere = |_: &str| {};
            let mut sink = Sink::new(1 << 10, &mut nowhere);
            let root = Value::Object(Handle::default());
            let result = render(&template, &templates, &view, root, &Options::DEFAULT, &mut sink);
            let mentions = template.source().matches(path).count() + template.source().matches("list").count();
            // Blocks name their end.
            let ends = template.source().matches(&format!("{{{{/{path}")).count();
            assert_eq!(view.0.get() as usize, mentions - ends, "{}: {result:?}", template.source());
        }
    }
}

#[test]
fn damaged_templates_are_errors_and_never_crash() {
    let whole = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates/language.txt")).unwrap();
    let mut compiled = 0;
    for case in whole.split("\n=== ").skip(1).filter_map(|case| case.split_once("--- template\n")) {
        let source = case.1.split("\n--- ").next().unwrap();
        for (at, char) in source.char_indices() {
            // Cut off, a character less, and a brace too many.
            for damaged in [
                source[..at].to_owned(),
                format!("{}{}", &source[..at], &source[at + char.len_utf8()..]),
                format!("{}{{{}", &source[..at], &source[at..]),
                format!("{}}}{}", &source[..at], &source[at..]),
            ] {
                let Ok(template) = compile("main", &damaged, &Dialect::HANDLEBARS) else { continue };
                compiled += 1;
                let mut nowhere = |_: &str| {};
                let mut sink = Sink::new(1 << 10, &mut nowhere);
                let _ = render(&template, &Templates::new(), &NoView, Value::Null, &Options::DEFAULT, &mut sink);
            }
        }
    }
    assert!(compiled > 1_000, "only {compiled} were templates");
}

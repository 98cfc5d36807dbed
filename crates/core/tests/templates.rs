//! The template engine: cases in `tests/templates`, the examples of all helpers, their documentation, and limits.
//!
//! A file of cases: `=== name`, then sections that begin with `--- template`, `--- partial NAME`, `--- data` (JSON),
//! `--- dialect` (words; `handlebars` is that of handlebars.js, else code), and `--- output` or `--- problem`. The last line break of a
//! section is not part of it.

#[path = "support/json_view.rs"]
mod json_view;

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use json_view::JsonView;
use langloom_core::emit::Sink;
use langloom_core::emit::pack::{
    Arena, Dialect, Group, Handle, Key, Limits, LogLevel, LogLine, NoView, Options, Problem, Spent, Templates, Value, View,
    Watch, compile, helpers, render,
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
        let problems = case.run_with(&Options::DEFAULT).err().unwrap_or_default();
        let problem = problems.first().map_or_else(|| "no problem".to_owned(), show);
        // What is not optimised takes longer.
        let limit = Duration::from_secs(if cfg!(debug_assertions) { 60 } else { 2 });
        let took = on_the_processor().zip(before).map_or_else(|| start.elapsed(), |(after, before)| after - before);
        assert!(took < limit, "took {took:?}: {problem}");
        problem.lines().next().unwrap_or_default().to_owned()
    };
    std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap().join().expect("no crash")
}

/// A name, a template, its partials, and what the message says.
type Hostile = (&'static str, String, Vec<(&'static str, String)>, &'static str);

/// Templates that do little themselves, but have a helper or a look at a value do much.
fn hostile_calls() -> Vec<Hostile> {
    const STEPS: &str = "the template does more than 100000000 steps";
    let often = |body: &str| {
        let body = format!("{{{{#each @root.items}}}}{{{{#each @root.items}}}}{body}{{{{/each}}}}{{{{/each}}}}");
        format!("{{{{#each @root.items}}}}{body}{{{{/each}}}}")
    };
    let path = "x.".repeat(10_000);
    let pairs: String = (0..100).map(|at| format!(" k{at}=1")).collect();
    [
        ("long texts compared", "{{#if (eq @root.long @root.other)}}{{/if}}".to_owned(), STEPS),
        ("a long literal", format!("{{{{#if (eq @root.long \"{}\")}}}}{{{{/if}}}}", "x".repeat(300_000)), STEPS),
        ("long texts in order", "{{#if (lt @root.long @root.other)}}{{/if}}".to_owned(), STEPS),
        ("long texts of any language in order", "{{#if (lt @root.any @root.any)}}{{/if}}".to_owned(), STEPS),
        ("a long text searched", "{{#if (includes @root.long \"zz\")}}{{/if}}".to_owned(), STEPS),
        ("a long text counted", "{{#if @root.long.length}}{{/if}}".to_owned(), STEPS),
        ("a long text counted as context", "{{#with @root.long}}{{length}}{{/with}}".to_owned(), STEPS),
        ("a long context in itself", "{{#with @root.long}}{{#with @root.other}}{{/with}}{{/with}}".to_owned(), STEPS),
        ("a long text trimmed", "{{trim @root.long}}".to_owned(), "the text becomes longer than 64 MB"),
        ("a long text in other words", "{{#if (title @root.any)}}{{/if}}".to_owned(), "made up take more|100000000 steps"),
        ("a long text looked up", "{{lookup @root.items @root.long}}".to_owned(), STEPS),
        ("a list filtered", "{{#if (filter @root.texts \"length\" 3)}}{{/if}}".to_owned(), STEPS),
        ("a list filtered by a long path", format!("{{{{#if (filter @root.texts \"{path}\" 3)}}}}{{{{/if}}}}"), STEPS),
        ("a list sorted", "{{#if (sort @root.texts)}}{{/if}}".to_owned(), "made up take more|100000000 steps"),
        (
            "a list sorted by a long path",
            format!("{{{{#if (sort @root.items by=\"{path}\")}}}}{{{{/if}}}}"),
            "100000000 steps|made up",
        ),
        (
            "a list sorted of any language",
            "{{#if (sort @root.names descending=true)}}{{/if}}".to_owned(),
            "made up|100000000 steps",
        ),
        ("a list joined by a long path", format!("{{{{join @root.items \"\" by=\"{path}\"}}}}"), STEPS),
        ("a list without what repeats", "{{#if (unique @root.texts)}}{{/if}}".to_owned(), STEPS),
        ("a list as text", "{{#if (eq (json @root.texts) 1)}}{{/if}}".to_owned(), "made up|100000000 steps"),
        ("plurals", "{{#if (pluralize @root.any)}}{{/if}}".to_owned(), "made up|100000000 steps"),
        ("what is logged", "{{log @root.long}}".to_owned(), STEPS),
        (
            "variables far away",
            format!("{}{{{{#if @nowhere}}}}{{{{/if}}}}{}", "{{#each @root.one}}".repeat(240), "{{/each}}".repeat(240)),
            STEPS,
        ),
        ("indentation of nothing", format!("\n{}{{{{> nothing}}}}\n", " ".repeat(300_000)), STEPS),
        ("many values by name", format!("{{{{> values{pairs}}}}}"), STEPS),
    ]
    .into_iter()
    .map(|(name, body, expected)| {
        let partials = vec![("nothing", String::new()), ("values", "{{#if zz}}{{/if}}".repeat(100))];
        (name, often(&body), partials, expected)
    })
    .chain([
        (
            "a text that grows by being replaced",
            "{{> a s=\"eeeeeeeeee\"}}".to_owned(),
            vec![("a", "{{#with (replace s \"e\" \"eeee\") as |d|}}{{> a s=d}}{{/with}}".to_owned())],
            "the values that are made up take more than 256 MB|100000000 steps",
        ),
        (
            "more values by name than a partial may get",
            format!("{{{{> a{pairs} more=1}}}}"),
            vec![("a", String::new())],
            "a partial is given more than 100 values by name",
        ),
        (
            "values upon values",
            "{{> a k=0}}".to_owned(),
            vec![
                ("a", "{{> b k=k}}{{> a k=1}}".to_owned()),
                ("b", "{{#each @root.items}}{{#if ../zz}}{{/if}}{{/each}}".repeat(100)),
            ],
            "100000000 steps|partials call",
        ),
    ])
    .collect()
}

#[test]
fn hostile_templates_end_in_an_error() {
    let nested = |open: &str, close: &str, count: usize| open.repeat(count) + &close.repeat(count);
    let list = |items: Vec<String>| items.join(",");
    let items = format!(
        r#"{{"items": [{}], "t": true, "self": "a", "one": [1], "long": "{}", "other": "{}", "any": "{}", "texts": [{}], "names": [{}]}}"#,
        list(vec!["1".to_owned(); 1_000]),
        "x".repeat(300_000),
        "x".repeat(299_999) + "y",
        "éx".repeat(100_000),
        list((0..20_000).map(|at| format!("\"name{at}\"")).collect()),
        list((0..20_000).map(|at| format!("\"é{at}\"")).collect()),
    );
    let each = |count| nested("{{#each @root.items}}", "{{/each}}", count);
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
            "the text becomes longer than 64 MB",
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
            "the text becomes longer than 64 MB",
        ),
        (
            "indentation of indentation",
            "{{> a}}".into(),
            vec![("a", format!("{}\n    {{{{> a}}}}\n", "x\n".repeat(100_000)))],
            "partials call each other|the text becomes longer|the template does more",
        ),
    ];
    for (name, template, partials, expected) in cases.into_iter().chain(hostile_calls()) {
        let problem = problem_of(template, partials, items.clone());
        assert!(expected.split('|').any(|expected| problem.contains(expected)), "{name}: {problem}");
    }
}

/// Stops a rendering when it is asked so many times, and keeps what it is told.
#[derive(Default)]
struct Watching {
    stops_at: u32,
    asked: Cell<u32>,
    spent: Cell<Spent>,
    lines: RefCell<Vec<String>>,
}

impl Watch for Watching {
    fn must_stop(&self) -> Option<String> {
        self.asked.set(self.asked.get() + 1);
        (self.asked.get() == self.stops_at).then(|| "enough".to_owned())
    }

    fn wants_log(&self, level: LogLevel) -> bool {
        level > LogLevel::Debug
    }

    fn log(&self, line: &LogLine<'_>) {
        let LogLine { level, template, position, text } = line;
        self.lines.borrow_mut().push(format!("{}: {template}:{}:{}: {text}", level.name(), position.line, position.column));
    }

    fn spent(&self, spent: Spent) {
        self.spent.set(spent);
    }
}

#[test]
fn logs_are_told_with_their_place() {
    let watch = Watching::default();
    let template = "a\n{{log name 1}}{{log \"w\" level=\"WARN\"}}{{log \"d\" level=\"debug\"}}{{log \"3\" level=3}}\n{{> p}}{{log level=\"x\"}}";
    let case = Case { partials: vec![("p", " {{log list}}")], ..Case::code(template, r#"{"name": "x", "list": [1, 2]}"#) };
    case.run_with(&Options { watch: &watch, ..Options::DEFAULT }).unwrap();
    assert_eq!(
        watch.lines.into_inner(),
        ["info: main:2:1: x 1", "warn: main:2:15: w", "error: main:2:64: 3", "info: p:1:2: 1,2"]
    );
}

#[test]
fn renderings_tell_what_they_took() {
    let spent = |template: &str| {
        let watch = Watching::default();
        let texts = format!(
            r#"{{"long": "{}", "é": "{}", "list": [{}]}}"#,
            "x".repeat(80_000),
            "é".repeat(800),
            vec!["\"é\""; 1_000].join(",")
        );
        Case::code(template, &texts).run_with(&Options { watch: &watch, ..Options::DEFAULT }).unwrap();
        watch.spent.get()
    };
    let steps = |template: &str| spent(template).steps;
    let base = steps("a");
    assert!(base < 10 && spent("abc").output == 3, "{base}");
    // What is looked at counts, however few instructions that takes.
    for (template, least) in [
        ("{{#if (eq long long)}}{{/if}}", 20_000),
        ("{{#if (lt long long)}}{{/if}}", 40_000),
        ("{{#if (lt é é)}}{{/if}}", 3_000),
        ("{{#if (includes long \"zz\")}}{{/if}}", 10_000),
        ("{{#if (includes list \"zz\")}}{{/if}}", 1_000),
        ("{{#if long.length}}{{/if}}", 5_000),
        ("{{#with long}}{{length}}{{/with}}", 5_000),
        ("{{#with long as |l|}}{{#with (trim l)}}{{/with}}{{/with}}", 20_000),
        ("{{#if (filter list \"length\" 3)}}{{/if}}", 3_000),
        ("{{#if (filter list \"0.0.0.0.0\" 3)}}{{/if}}", 10_000),
        ("{{join list \"\" by=\"0.0.0\"}}", 7_000),
        ("{{#if (sort list)}}{{/if}}", 190_000),
        ("{{#if (sort list by=\"length\")}}{{/if}}", 20_000),
        ("{{#if (unique list)}}{{/if}}", 190_000),
        ("{{#if (group list by=\"length\")}}{{/if}}", 20_000),
        ("{{json list}}", 1_000),
        ("{{pascal long}}", 20_000),
        ("{{pluralize long}}", 80_000),
        ("{{#if (replace long \"x\" \"yy\")}}{{/if}}", 50_000),
        ("{{lookup list long}}", 10_000),
        ("{{log long}}", 10_000),
    ] {
        let steps = steps(template) - base;
        assert!(steps >= least, "{template} counts for {steps} steps");
    }
    // A name is no long text.
    assert!(steps("{{pascal \"abcdefgh\"}}{{#if (eq \"a\" \"b\")}}{{/if}}") < 20);
}

#[test]
fn the_caller_can_stop_it_and_set_limits() {
    let items = format!("[{}]", vec!["1"; 1_000].join(","));
    let forever = Case::code("{{#each @root}}{{#each @root}}{{#each @root}}{{/each}}{{/each}}{{/each}}", &items);
    let watch = Watching { asked: Cell::new(0), stops_at: 4, ..Watching::default() };
    let problems = forever.run_with(&Options { watch: &watch, ..Options::DEFAULT }).unwrap_err();
    assert_eq!((&*problems[0].message, problems[0].is_limit), ("enough", true));
    assert_eq!(watch.asked.get(), 4);
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

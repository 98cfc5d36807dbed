//! What `langloom packs check` finds in templates, as tables: a template and what is wrong with it.

use std::collections::BTreeMap;

use langloom_core::emit::pack::{Files, Layer, Pack, PackProblem, lint, parse_manifest};
use langloom_core::text::LineIndex;

/// A pack in memory: paths and texts.
struct Memory(BTreeMap<String, String>);

impl Files for Memory {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(self.0.get(path).map(|text| text.clone().into_bytes()))
    }

    fn list(&self, folder: &str) -> Vec<String> {
        self.0.keys().filter(|path| path.starts_with(&format!("{folder}/"))).cloned().collect()
    }
}

const OPTIONS: &str = "
[options.title]
type = \"string\"
default = \"\"
description = \"d\"
[options.tags]
type = \"list\"
default = []
description = \"d\"
[options.flag]
type = \"boolean\"
default = false
description = \"d\"
[options.part]
type = \"choice\"
choices = [\"a\", \"b\"]
default = \"a\"
description = \"d\"
";

/// A pack of these outputs and files.
fn pack(outputs: &str, files: &[(&str, &str)]) -> Pack {
    let text = format!("name = \"p\"\nversion = \"1.0.0\"\ndescription = \"d\"\n{OPTIONS}{outputs}");
    let manifest = parse_manifest(&text, "0.1.0").unwrap_or_else(|troubles| panic!("{troubles:?}"));
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    Pack::new(vec![Layer { manifest, text, files: Box::new(Memory(files)), shown: "p".to_owned() }])
}

/// An output of the template `template`.
fn output(name: &str, template: &str, for_each: &str) -> String {
    format!("[outputs.{name}]\ntemplate = \"{template}\"\npath = \"{name}.txt\"\nfor_each = \"{for_each}\"\n")
}

/// `file:line:column message; hint`
fn told(problem: &PackProblem) -> String {
    let place = LineIndex::new(&problem.text).position(&problem.text, problem.trouble.span.start);
    let path = problem.path.trim_start_matches("p/");
    let hint = problem.trouble.hint.as_ref().map(|hint| format!("; {hint}")).unwrap_or_default();
    format!("{path}:{}:{} {}{hint}", place.line, place.column, problem.trouble.message)
}

/// What is wrong with what is found in `pack`: each of `expected` is to be the beginning of one finding.
fn mismatch(pack: &Pack, about: &str, expected: &[&str]) -> Option<String> {
    let found: Vec<String> = lint(pack).iter().map(told).collect();
    let matches = found.len() == expected.len() && found.iter().zip(expected).all(|(found, start)| found.starts_with(start));
    (!matches).then(|| format!("{about}\n  expected {expected:?}\n  found    {found:?}\n"))
}

/// What the template of an output may say: for what it is, the template, and what is found in it, without the file.
const TEMPLATES: &[(&str, &str, &str)] = &[
    // The top.
    ("project", "{{project.name}} {{options.title}} {{pack.version}} {{output.path}}", ""),
    ("project", "{{rule.name}}", "1:3 `rule` is not a property of the top of a template for the project"),
    ("rule", "{{rule.name}} {{grammar.name}}", ""),
    ("rule", "{{terminal.regex}}", "1:3 `terminal` is not a property of the top of a template for each rule"),
    ("type", "{{type.name}}", ""),
    ("type", "{{grammar.name}}", "1:3 `grammar` is not a property of the top of a template for each type"),
    ("terminal", "{{terminal.regex}} {{grammar.name}}", ""),
    ("grammar", "{{grammar.nmae}}", "1:3 `nmae` is not a property of a grammar; did you mean `name`?"),
    // Options and results are known by name.
    ("project", "{{options.titel}}", "1:3 `titel` is not a property of the options of the pack; did you mean `title`?"),
    ("project", "{{#each options.tags}}{{.}}{{/each}}", ""),
    ("project", "{{#each options.tags}}{{name}}{{/each}}", "1:25 `name` is not a property of a plain value"),
    ("project", "{{results.other}}", "1:3 `other` is not a property of the results that the output needs"),
    // Blocks.
    ("grammar", "{{#each grammar.rules}}{{properties}}{{/each}}", "1:26 `properties` is not a property of a rule"),
    ("grammar", "{{#each grammar.rules}}\n  {{nmae}}{{/each}}", "2:5 `nmae` is not a property of a rule; did you mean `name`?"),
    ("type", "{{#each type.properties}}{{name}}: {{type.notation}}{{/each}}", ""),
    ("type", "{{#each type.properties}}{{type.typ}}{{/each}}", "1:28 `typ` is not a property of a type expression"),
    ("rule", "{{#with rule.type}}{{properties.length}}{{else}}{{rule.name}}{{/with}}", ""),
    ("rule", "{{#with rule.type}}{{x}}{{else}}{{name}}{{/with}}", "1:22 `x` is not|1:35 `name` is not a property of the top"),
    ("rule", "{{#rule.calls}}{{isEntry}}{{/rule.calls}}{{#rule}}{{calls.length}}{{/rule}}", ""),
    ("rule", "{{#rule.calls}}{{regex}}{{/rule.calls}}", "1:18 `regex` is not a property of a rule"),
    ("rule", "{{#if rule.regex}}1{{/if}}", "1:7 `regex` is not a property of a rule"),
    ("rule", "{{#unless (eq rule.knd 1)}}1{{/unless}}", "1:15 `knd` is not a property of a rule; did you mean `kind`?"),
    ("rule", "{{#eq rule.kind \"infix\"}}{{rule.nme}}{{/eq}}", "1:28 `nme` is not"),
    ("rule", "{{#indent 4}}{{rule.nme}}{{/indent}}", "1:16 `nme` is not"),
    ("rule", "{{rule.calls.length}} {{rule.calls.0.name}} {{rule.name.length}}", ""),
    ("rule", "{{rule.calls.name}}", "1:3 `name` is not a property of a list; `{{#each}}` goes through a list"),
    ("rule", "{{#each rule.parameters}}{{name}}{{/each}}", "1:28 `name` is not a property of a plain value"),
    ("rule", "{{#each rule}}{{whatever}}{{name}}{{/each}}", "1:17 nothing that templates see has `whatever`"),
    // Variables.
    ("grammar", "{{#each grammar.rules}}{{@indx}}{{/each}}", "1:26 there is no `@indx`; did you mean `index`?"),
    ("grammar", "{{#if @partial-block}}1{{/if}}{{@root.project.name}}", ""),
    // Values that something cannot have.
    (
        "type",
        "{{#if (eq type.kind \"interfce\")}}1{{/if}}",
        "1:21 \"interfce\" is never equal to that, which is one of \"interface\", \"union\"; did you mean \"interface\"?",
    ),
    ("type", "{{#ne \"union\" type.kind}}1{{/ne}}{{#if (eq type.name \"x\")}}2{{/if}}", ""),
    ("rule", "{{#each rule.calls}}{{#eq kind \"terminal\"}}1{{/eq}}{{/each}}", "1:32 \"terminal\" is never equal"),
    ("project", "{{#if (eq options.part \"c\")}}1{{/if}}", "1:24 \"c\" is never equal to that, which is one of \"a\", \"b\""),
    // Contexts around.
    ("grammar", "{{#each grammar.rules}}{{../project.name}}{{@root.grammar.name}}{{@index}}{{@last}}{{/each}}", ""),
    ("grammar", "{{#each grammar.rules}}{{../rules}}{{/each}}", "1:26 `rules` is not a property of the top"),
    (
        "grammar",
        "{{#each grammar.rules}}{{project.name}}{{/each}}",
        "1:26 `project` is not a property of a rule; did you mean `../project`?",
    ),
    ("grammar", "{{#each grammar.rules}}{{#if name}}{{../grammar.name}}{{/if}}{{/each}}", ""),
    ("grammar", "{{#each grammar.rules}}{{@root.rules}}{{/each}}", "1:26 `rules` is not a property of the top"),
    ("grammar", "{{../name}}", "1:3 there is no context 1 level up"),
    ("grammar", "{{#each grammar.rules}}{{../../name}}{{/each}}", "1:26 there is no context 2 levels up"),
    ("grammar", "{{this.grammar.name}} {{./project.name}} {{#with grammar}}{{this.nme}}{{/with}}", "1:61 `nme` is not"),
    // A rule that a rule calls may be itself, and then `..` is one further out.
    ("rule", "{{#with rule}}{{#each calls}}{{../name}} {{../rule.name}}{{/each}}{{/with}}", ""),
    ("rule", "{{#with rule}}{{#each calls}}{{../nmae}}{{/each}}{{/with}}", "1:32 nothing that templates see has `nmae`"),
    // Parameters of blocks.
    ("grammar", "{{#each grammar.rules as |r at|}}{{r.name}}{{at}}{{#each r.calls}}{{r.kind}}{{/each}}{{/each}}", ""),
    ("grammar", "{{#each grammar.rules as |r|}}{{r.regex}}{{/each}}", "1:33 `regex` is not a property of a rule"),
    (
        "grammar",
        "{{#with grammar as |g|}}{{g.rules.length}}{{g.rule}}{{/with}}",
        "1:45 `rule` is not a property of a grammar; did you mean `rules`?",
    ),
    (
        "grammar",
        "{{#each grammar.rules as |name|}}{{name.kind}}{{this.name.kind}}{{/each}}",
        "1:49 `kind` is not a property of a plain value",
    ),
    // Helpers that give what they were given.
    ("grammar", "{{#each (sort (filter grammar.rules \"isEntry\") by=\"name\")}}{{kind}}{{/each}}", ""),
    (
        "grammar",
        "{{#each (sort (filter grammar.rules \"isEntry\") by=\"name\")}}{{regex}}{{/each}}",
        "1:62 `regex` is not a property of a rule",
    ),
    ("grammar", "{{#each (group grammar.rules by=\"kind\")}}{{key}}{{#each items}}{{name}}{{/each}}{{/each}}", ""),
    ("grammar", "{{#each (group grammar.rules by=\"kind\")}}{{#each items}}{{regex}}{{/each}}{{/each}}", "1:59 `regex` is not"),
    ("grammar", "{{join grammar.rules by=\"type.nam\"}}", "1:25 `nam` is not a property of a type; did you mean `name`?"),
    ("grammar", "{{#each (filter grammar.rules \"isAst\")}}{{name}}{{/each}}", "1:31 `isAst` is not a property of a rule"),
    // Of other results nothing is known: any name that something has is in order.
    ("rule", "{{#with (lookup rule \"type\")}}{{properties}}{{/with}}", ""),
    (
        "rule",
        "{{#with (default rule.type rule)}}{{propertys}}{{/with}}",
        "1:37 nothing that templates see has `propertys`; did you mean `properties`?",
    ),
    // What follows from a mistake is not told of.
    ("rule", "{{#each rule.cals}}{{x.y}}{{z}}{{/each}}", "1:9 `cals` is not"),
];

#[test]
fn templates() {
    let wrong = TEMPLATES.iter().filter_map(|(for_each, template, expected)| {
        let pack = pack(&output("o", "t", for_each), &[("templates/t", template)]);
        let expected = expected.split('|').filter(|text| !text.is_empty()).map(|text| format!("templates/t:{text}"));
        let expected: Vec<String> = expected.collect();
        mismatch(&pack, template, &expected.iter().map(String::as_str).collect::<Vec<_>>())
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

/// What partials may say: the templates for each rule and each type, the partials `a` and `b`, and what is found.
type Partials = (&'static str, &'static str, &'static str, &'static str, &'static [&'static str]);

const PARTIALS: &[Partials] = &[
    ("{{> a rule}}", "x", "{{name}} {{calls.length}} {{> b}}", "{{kind}}", &[]),
    (
        "{{> a rule}}",
        "x",
        "{{name}}{{> b type}}",
        "{{properties.length}}{{calls}}",
        &["partials/b.hbs:1:24 `calls` is not a property of a type"],
    ),
    // With a type it fails, whatever the rule is like.
    ("{{> a rule}}", "{{> a type}}", "{{calls.length}}{{> b}}", "", &["partials/a.hbs:1:3 `calls` is not a property of a type"]),
    // What is asked for may be there for one and not for the other.
    ("{{> a rule}}", "{{> a type}}", "{{#if calls}}{{calls.length}}{{/if}}{{> b}}", "", &[]),
    ("{{> a rule}}", "{{> a type}}", "{{#if calls}}{{> b}}{{/if}}", "{{calls.length}}", &[]),
    ("{{> a rule}}", "{{> a type}}", "{{#if clls}}{{> b}}{{/if}}", "", &["partials/a.hbs:1:7 `clls` is not"]),
    ("{{> a rule}}", "{{> a type}}", "{{#with calls}}{{length}}{{/with}}{{> b}}", "", &[]),
    (
        "{{> a rule}}",
        "{{> a type}}",
        "{{#if (eq kind \"union\")}}{{definition.notation}}{{nmae}}{{/if}}{{> b}}",
        "",
        &["partials/a.hbs:1:51 `nmae` is not"],
    ),
    // What is given by name.
    ("{{> a rule n=1}}", "x", "{{n}} {{name}} {{> b n=2}}", "{{n}}{{name}}{{type.name}}", &[]),
    (
        "{{> a it=rule}}",
        "x",
        "{{it.name}}{{it.regex}} {{project.name}}{{> b}}",
        "",
        &["partials/a.hbs:1:14 `regex` is not a property of a rule"],
    ),
    ("{{> a rule n=1}}", "x", "{{m}}{{> b}}", "{{n.x}}", &["partials/a.hbs:1:3 `m` is not", "partials/b.hbs:1:3 `x` is not"]),
    // They call themselves and each other.
    (
        "{{> a rule}}",
        "x",
        "{{#each calls}}{{> a}}{{/each}}{{> b n=1}}",
        "{{n}}{{> a x=this}}{{nme}}",
        &["partials/b.hbs:1:22 `nme` is not"],
    ),
    // They see nothing of their caller.
    (
        "{{#with rule}}{{> a}}{{/with}}",
        "x",
        "{{../project.name}}{{> b}}",
        "{{@root.rule.name}}",
        &["partials/a.hbs:1:3 there is no context 1 level up; a partial sees"],
    ),
    (
        "{{> a rule}}",
        "x",
        "{{@root.type.name}}{{> b}}",
        "",
        &["partials/a.hbs:1:3 `type` is not a property of the top of a template for each rule"],
    ),
    // There are none of that name, or nothing calls them.
    (
        "{{> aa rule}}",
        "x",
        "",
        "",
        &[
            "partials/a.hbs:1:1 nothing uses",
            "partials/b.hbs:1:1 nothing uses",
            "templates/r:1:1 there is no partial `aa`; did you mean `a`?",
        ],
    ),
    ("{{#> none}}{{nmae}}{{/none}}{{> a}}", "{{> b}}", "", "", &["templates/r:1:14 `nmae` is not a property of the top of"]),
    // What nothing renders is used all the same.
    ("{{#each rule.cals}}{{> a}}{{/each}}", "{{> b}}", "{{whatever}}", "", &["templates/r:1:9 `cals` is not"]),
];

/// What inline partials, partial blocks and computed names lead to, likewise.
const PASSED_ON: &[Partials] = &[
    // A partial block is rendered with what the partial gives it, and sees what is around it.
    (
        "{{#> a rule}}{{name}}{{regex}}{{nmae}}{{/a}}",
        "x",
        "{{> @partial-block}}{{> b}}",
        "",
        &["templates/r:1:24 `regex` is not a property of a rule", "templates/r:1:33 `nmae` is not"],
    ),
    (
        "{{#> a rule}}{{properties}}{{../rule.name}}{{../nmae}}{{/a}}",
        "x",
        "{{> @partial-block type}}{{> b}}",
        "",
        &["templates/r:1:46 `nmae` is not a property of the top of a template for each rule"],
    ),
    ("{{#> a rule}}{{n}}{{m}}{{name}}{{/a}}", "x", "{{> @partial-block n=1}}{{> b}}", "", &["templates/r:1:21 `m` is not"]),
    (
        "{{#each rule.calls as |r|}}{{#> a rule.type}}{{r.calls}}{{r.regex}}{{properties}}{{/a}}{{/each}}",
        "x",
        "{{> b}}",
        "{{> @partial-block}}",
        &["templates/r:1:35 `rule` is not a property of a rule"],
    ),
    // The block of the caller is that of what it calls, unless that is given another one.
    (
        "{{#with rule.type}}{{#> a}}{{properties}}{{calls}}{{/a}}{{/with}}",
        "x",
        "{{> b}}",
        "{{> @partial-block}}",
        &["templates/r:1:44 `calls` is not a property of a type"],
    ),
    (
        "{{#> a rule}}{{name}}{{calls}}{{regex}}{{/a}}",
        "x",
        "{{#> b type}}{{properties}}{{nmae}}{{> @partial-block ../this}}{{/b}}",
        "{{> @partial-block}}",
        // What is around the block of `a` is the context of `a`.
        &["partials/a.hbs:1:30 `nmae` is not a property of a type", "templates/r:1:33 `regex` is not a property of a rule"],
    ),
    // Two callers, two contexts: only one of them has it, and rendering gets there.
    (
        "{{#> a rule}}{{calls}}{{/a}}{{#> a rule.type}}{{properties}}{{calls}}{{/a}}",
        "x",
        "{{> @partial-block}}{{> b}}",
        "",
        &["templates/r:1:63 `calls` is not a property of a type"],
    ),
    // Without a block there is none.
    ("{{> a}}", "x", "{{> @partial-block}}{{> b}}", "", &["partials/a.hbs:1:1 there is no `@partial-block`"]),
    ("{{> a}}", "x", "{{#if @partial-block}}{{> @partial-block}}{{/if}}{{> b}}", "", &[]),
    (
        "{{> a}}",
        "x",
        "{{#> @partial-block}}{{project.name}}{{nmae}}{{/@partial-block}}{{> b}}",
        "",
        &["partials/a.hbs:1:40 `nmae`"],
    ),
    // One that nothing renders is checked for names that nothing has.
    ("{{#> a rule}}{{regex}}{{nmae}}{{/a}}", "x", "{{> b}}", "", &["templates/r:1:25 nothing that templates see has `nmae`"]),
    // Blocks within each other without an end.
    (
        "{{> a rule}}",
        "x",
        "{{#> a}}{{> @partial-block}}{{name}}{{nmae}}{{/a}}{{> b}}",
        "",
        &["partials/a.hbs:1:39 nothing that templates see has `nmae`"],
    ),
    (
        "{{#> a rule}}{{kind}}{{/a}}",
        "x",
        "{{> @partial-block}}{{#each calls}}{{#> a}}{{name}}{{> @partial-block}}{{nme}}{{/a}}{{/each}}{{> b}}",
        "",
        &["partials/a.hbs:1:74 `nme` is not a property of a rule"],
    ),
    // Inline partials are given contexts by those that call them, in the text and in others.
    (
        "{{#*inline \"i\"}}{{regex}}{{nmae}}{{/inline}}{{> i rule}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:19 `regex` is not a property of a rule", "templates/r:1:28 `nmae` is not a property of a rule"],
    ),
    (
        "{{#*inline \"i\"}}{{name}}{{n}}{{#each calls}}{{> i n=2}}{{/each}}{{regex}}{{/inline}}{{> i rule n=1}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:67 `regex` is not a property of a rule"],
    ),
    (
        "{{#*inline \"i\"}}{{calls}}{{properties}}{{/inline}}{{> a}}",
        "x",
        "{{> i rule}}{{> b}}",
        "{{> i rule}}",
        &["templates/r:1:28 `properties` is not a property of a rule"],
    ),
    (
        "{{> a rule}}",
        "x",
        "{{#*inline \"b\"}}{{calls}}{{nmae}}{{/inline}}{{> b}}",
        "{{regex}}",
        &["partials/a.hbs:1:28 `nmae` is not"],
    ),
    (
        "{{#if rule}}{{#*inline \"i\"}}{{/inline}}{{/if}}{{> i}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:47 there is no partial `i`"],
    ),
    // What they see around them is what is around the body that declares them.
    (
        "{{#each rule.calls}}{{#*inline \"i\"}}{{properties}}{{../rule.name}}{{../nmae}}{{/inline}}{{> i type}}{{/each}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:69 `nmae` is not a property of the top of a template for each rule"],
    ),
    (
        "{{#*inline \"i\"}}{{@root.rule.name}}{{@root.type}}{{/inline}}{{> i 1}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:38 `type`"],
    ),
    // Those that a partial block declares are for the partial.
    (
        "{{#> a rule}}{{#*inline \"b\"}}{{calls}}{{regex}}{{/inline}}{{/a}}",
        "x",
        "{{> b}}",
        "{{x}}",
        &["partials/b.hbs:1:3 nothing that templates see has `x`", "templates/r:1:41 `regex` is not a property of a rule"],
    ),
    ("{{#> a}}{{#*inline \"b\"}}{{/inline}}{{/a}}", "x", "{{> b}}", "{{regex}}", &[]),
    (
        "{{#> a rule}}{{#*inline \"i\"}}{{> j}}{{/inline}}{{#*inline \"j\"}}{{/inline}}{{/a}}",
        "x",
        "{{> i}}{{> j}}{{> b}}",
        "",
        &["templates/r:1:30 there is no partial `j`"],
    ),
    // Names that are computed, of texts that are known.
    (
        "{{> (concat \"a\" \"\") rule}}",
        "x",
        "{{regex}}{{rgx}}",
        "{{properties}}",
        &[
            "partials/a.hbs:1:3 `regex` is not a property of a rule",
            "partials/a.hbs:1:12 `rgx` is not a property of a rule",
            "partials/b.hbs:1:1 nothing uses",
        ],
    ),
    (
        "{{> (lookup options \"part\") rule}}",
        "x",
        "{{calls}}{{nmae}}",
        "{{regex}}",
        &["partials/a.hbs:1:12 `nmae`", "partials/b.hbs:1:3 `regex`"],
    ),
    ("{{> (concat options.part) rule}}", "x", "{{calls}}", "{{kind}}", &[]),
    ("{{> (concat \"c\" options.part) rule}}{{> a}}", "{{> b}}", "", "", &["templates/r:1:1 there is no partial `ca` or `cb`"]),
    (
        "{{#*inline \"ca\"}}{{regex}}{{/inline}}{{> (concat \"c\" options.part) rule}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:20 `regex`"],
    ),
    // A partial may be told what to call.
    (
        "{{> a rule then=\"b\"}}{{> a rule.type then=\"b\"}}",
        "x",
        "{{> (lookup this \"then\") name=1}}",
        "{{name}}{{#if calls}}1{{/if}}{{nmae}}",
        &["partials/b.hbs:1:32 `nmae` is not"],
    ),
    // Kinds are known too, and what is called for one of them may be written for it.
    (
        "{{> (concat rule.kind) rule}}{{> a}}",
        "{{> b}}",
        "",
        "",
        &["templates/r:1:1 there is no partial `parser` or `dataType` or"],
    ),
    // Nobody knows: any partial may be meant that is reached in no other way.
    (
        "{{> (lookup options \"title\") rule}}{{> a rule}}",
        "x",
        "{{regex}}",
        "{{regex}}{{rgx}}",
        &["partials/a.hbs:1:3 `regex` is not a property of a rule", "partials/b.hbs:1:12 nothing that templates see has `rgx`"],
    ),
    ("{{> (lookup options \"title\") rule}}", "x", "{{@root.rule.name}}{{@root.type}}", "", &["partials/a.hbs:1:22 `type`"]),
];

#[test]
fn partials() {
    let wrong = PARTIALS.iter().chain(PASSED_ON).filter_map(|(rule, ty, a, b, expected)| {
        let outputs = output("r", "r", "rule") + &output("t", "t", "type");
        let files = [("templates/r", *rule), ("templates/t", *ty), ("partials/a.hbs", *a), ("partials/b.hbs", *b)];
        mismatch(&pack(&outputs, &files), &format!("{files:?}"), expected)
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn templates_of_several_outputs() {
    let outputs = output("r", "t", "rule") + &output("t", "t", "type");
    let cases: [(&str, &[&str]); 2] = [
        ("{{project.name}}{{#if rule}}{{rule.name}}{{else}}{{type.name}}{{/if}}", &[]),
        ("{{rule.name}}", &["templates/t:1:3 `rule` is not a property of the top of a template for each type"]),
    ];
    for (template, expected) in cases {
        assert_eq!(mismatch(&pack(&outputs, &[("templates/t", template)]), template, expected), None);
    }
}

#[test]
fn patterns_of_the_manifest() {
    let output = |keys: &str| format!("[outputs.o]\ntemplate = \"t\"\n{keys}\n");
    for (keys, expected) in [
        ("path = \"{{type.name}}\"\nfor_each = \"type\"\nwhen = \"type.isUnion\"", ""),
        ("path = \"{{type.nme}}\"\nfor_each = \"type\"", "`nme` is not a property of a type; did you mean `name`?"),
        ("path = \"{{type.name}}\"\nfor_each = \"rule\"", "`type` is not a property of the top of a template for each rule"),
        ("path = \"a\"\nwhen = \"options.titl\"", "`titl` is not a property of the options"),
        ("path = \"{{output.path}}\"", "`output` is not"),
        ("path = \"a\"\n[static.s]\nto = \"{{project.nme}}\"", "`nme` is not a property of the project"),
        ("path = \"a\"\nneeds = [\"x\"]", "there is no output \"x\""),
    ] {
        let files = [("templates/t", ""), ("static/s", "")];
        let pack = pack(&output(keys), &files[..if keys.contains("static") { 2 } else { 1 }]);
        let found: Vec<String> = lint(&pack)
            .iter()
            .map(|problem| problem.trouble.message.clone() + "; " + problem.trouble.hint.as_deref().unwrap_or(""))
            .collect();
        assert_eq!(found.len(), usize::from(!expected.is_empty()), "{keys}: {found:?}");
        assert!(found.iter().all(|found| found.starts_with(expected)), "{keys}: {found:?}");
    }
}

/// Conditions that are the same whatever the options and the project are.
#[test]
fn constant_conditions() {
    for (when, expected) in [
        ("true", ""),
        ("options.flag", ""),
        ("false", "`when` is never true"),
        ("(and options.flag (not options.flag))", "`when` is never true"),
        ("(and options.flag (not @root.options.flag))", "`when` is never true"),
        ("(or options.flag (not options.flag))", "`when` is always true"),
        ("(eq options.flag \\\"yes\\\")", "`when` is never true"),
        ("(eq options.flag true)", ""),
        ("(eq options.part \\\"a\\\")", ""),
        ("(or type.isUnion (ne options.flag \\\"yes\\\"))", "`when` is always true"),
        ("(or type.isUnion (eq options.flag \\\"yes\\\"))", "`eq options.flag"),
        ("(and (eq options.title \\\"a\\\") (eq options.title \\\"b\\\"))", "`when` is never true"),
        ("(and (eq options.title \\\"a\\\") (eq type.name \\\"b\\\"))", ""),
        ("(eq options.title type.name)", ""),
        ("(and (ne options.title type.name) (ne options.title \\\"\\\"))", ""),
        // What helpers make of texts is not known.
        ("(eq (upper options.title) \\\"A\\\")", ""),
        ("(lt options.title \\\"A\\\")", ""),
        ("(includes options.tags \\\"a\\\")", ""),
        ("(and options.tags (not options.tags))", "`when` is never true"),
        ("(eq type.kind \\\"union\\\")", ""),
        ("(and (eq type.kind \\\"union\\\") (eq type.kind \\\"interface\\\"))", "`when` is never true"),
        ("(and type.definition (not type.definition))", "`when` is never true"),
        ("type.properties", ""),
        ("type.definition.type.isUnion", ""),
    ] {
        let keys = format!("[outputs.o]\ntemplate = \"t\"\npath = \"a\"\nfor_each = \"type\"\nwhen = \"{when}\"\n");
        let found: Vec<String> =
            lint(&pack(&keys, &[("templates/t", "")])).into_iter().map(|problem| problem.trouble.message).collect();
        assert_eq!(found.len(), usize::from(!expected.is_empty()), "{when}: {found:?}");
        assert!(found.iter().all(|found| found.starts_with(expected)), "{when}: {found:?}");
    }
}

#[test]
fn who_called_is_told() {
    let files = [("templates/r", "\n{{> a rule}}"), ("partials/a.hbs", " {{> b}}"), ("partials/b.hbs", "{{nmae}}")];
    let found = lint(&pack(&output("r", "r", "rule"), &files));
    let calls: Vec<String> =
        found[0].calls.iter().map(|(path, place)| format!("{path}:{}:{}", place.line, place.column)).collect();
    assert_eq!(calls, ["p/partials/a.hbs:1:2", "p/templates/r:2:1"]);
}

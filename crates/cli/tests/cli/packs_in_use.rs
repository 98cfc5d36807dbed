//! Packs as users come upon them: settings that are wrong, packs that are, and what is said of both.

use crate::packs::{manifest, project, refused};
use crate::support::Scratch;

const IN_PACKAGE: &str = r#"{ "langloom": { "packs": { "p": { "from": "./pack", "out": "out" } } } }"#;

/// A file that cannot be read must not look like one without settings: what packs wrote would be deleted.
#[test]
fn settings_in_a_package_that_is_wrong() {
    let scratch = project("path = \"f.txt\"", "{{project.name}}");
    std::fs::remove_file(scratch.path("langloom.toml")).unwrap();
    scratch.write("package.json", IN_PACKAGE);
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "A\n");
    scratch.write("package.json", IN_PACKAGE.replace("} } } }", "},} } }"));
    refused(&scratch.run(["generate"]), 2, "package.json:1:68: error: expected a key; JSON has no trailing commas [syntax]");
    assert_eq!(scratch.read("out/f.txt"), "A\n");
    // Without the word in it, it is the business of others.
    scratch.write("package.json", "{ broken");
    scratch.run(["generate"]).succeeded();
    assert!(!scratch.path("out/f.txt").exists());
}

#[test]
fn regions_have_two_names() {
    let scratch = project("path = \"f.txt\"\nwrite = \"region-preserving\"", "// langloom:begin a\n// langloom:end a\n");
    scratch.run(["generate"]).succeeded();
    scratch.write("out/f.txt", "// langloom:begin a\nmine\n// langloom:end a\n");
    scratch.write("pack/templates/t.hbs", "more\n// langloom:begin a\n// langloom:end a\n");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "more\n// langloom:begin a\nmine\n// langloom:end a\n");
    assert!(scratch.run(["packs", "show", "p"]).succeeded().stdout.contains("(regions)"));
}

#[test]
fn objects_as_json_have_an_end() {
    let scratch = project("path = \"f.txt\"", "{{#each project.types}}{{json . indent=1}}\n{{/each}}{{json this}}");
    scratch.run(["generate"]).succeeded();
    let text = scratch.read("out/f.txt");
    assert!(text.contains(" \"name\": \"Person\",\n"), "{text}");
    assert!(text.contains(" \"containers\": [\n  \"Model\"\n ]"), "{text}");
}

/// Grammars of several languages may have the same name, or one that differs in case only.
#[test]
fn documents_of_languages_with_one_name() {
    let scratch = Scratch::new();
    let grammar = |name: &str| format!("grammar {name}\nentry M: 'm' name=ID;\nterminal ID: /[a-z]+/;\n");
    let names = ["Lang", "lang", "Lang", "Other", "LangB"];
    let languages = names.iter().zip(["a", "B", "b", "c", "d"]).enumerate().map(|(at, (name, id))| {
        scratch.write(&format!("{at}.langium"), grammar(name));
        format!(r#"{{ "id": "{id}", "grammar": "{at}.langium", "fileExtensions": [".{id}{at}"] }}"#)
    });
    let languages = languages.collect::<Vec<_>>().join(", ");
    scratch.write("langium-config.json", format!(r#"{{ "projectName": "A", "out": "gen", "languages": [{languages}] }}"#));
    scratch.write("langloom.toml", "[packs.docs]\nout = \"out\"\noptions.html = false\n");
    let run = scratch.run(["generate"]);
    assert_eq!(run.exit, 0, "{}", run.stderr);
    let made: Vec<String> = scratch.files().into_iter().filter(|path| path.starts_with("out/")).collect();
    assert_eq!(made, ["out/lang-a.md", "out/lang-b-2.md", "out/lang-b-3.md", "out/lang-b.md", "out/other.md"]);
}

#[test]
fn what_templates_see_of_packs_is_dumped() {
    let option = "path = \"f.txt\"\n[options.x]\ntype = \"number\"\ndefault = 1\ndescription = \"d\"";
    let scratch = project(option, "x");
    let grammar = scratch.read("a.langium").replace("[Person:ID]", "[Person:ID] friends+=[+Person:ID]");
    scratch.write("a.langium", grammar + "infix Sum on Person: '*' > '+' | '-';\n");
    let view = |args: &[&str]| {
        let run = scratch.run([&["dump", "view", "langium-config.json"], args].concat());
        assert_eq!(run.exit, 0, "{}", run.stderr);
        run.stdout
    };
    let text = view(&["--set", "p.x=7"]);
    assert!(text.contains("\"view\": 1,\n  \"packs\": {\n    \"p\": {\n      \"options\": {\n        \"x\": 7\n"), "{text}");
    assert!(text.contains("\"name\": \"p\",\n        \"version\": \"1.0.0\"\n"), "{text}");
    assert!(text.contains("\"isMulti\": true"), "{text}");
    assert!(!text.contains("\"diagram\": null") && text.contains(">+</text>"), "{text}");
    assert!(view(&[]).contains("\"x\": 1\n"));
    refused(&scratch.run(["dump", "view", "langium-config.json", "--set", "p.y=7"]), 2, "has no option `y`");
}

/// What `packs check` says of the pack in `pack`.
fn checked(scratch: &Scratch) -> String {
    let run = scratch.run(["packs", "check", "./pack"]);
    run.stdout + &run.stderr
}

#[test]
fn packs_that_cannot_be_rendered_are_told() {
    let check = |output: &str, message: &str| {
        let scratch = project(output, "x");
        refused(&scratch.run(["packs", "check", "./pack"]), 2, message);
    };
    check("path = \"f\"\n[static.s]\nfrom = \"nope\"\nto = \".\"", "there is no file static/nope");
    check(
        "path = \"f\"\nneeds = [\"a\"]\n[outputs.a]\ntemplate = \"t.hbs\"\npath = \"a\"\nneeds = [\"o\"]",
        "needs itself, through others",
    );
    check("path = \"f\"\nwhen = \"false\"", "`when` is never true");
    let scratch = project("path = \"f\"", "x");
    scratch.write("pack/static/a/b.txt", "x");
    scratch.write("pack/static/c.txt", "x");
    refused(
        &scratch.run(["packs", "check", "./pack"]),
        2,
        "pack/static/a/b.txt:1:1: error: nothing copies this file (and 1 more)",
    );
    scratch.write(
        "pack/pack.toml",
        manifest("path = \"f\"\n[static.s]\nfrom = \"a\"\nto = \".\"\n[static.c]\nfrom = \"c.txt\"\nto = \"d\""),
    );
    assert!(checked(&scratch).contains("in order; it has no example, so that nothing was rendered"), "{}", checked(&scratch));
    scratch.write("pack/template/t2.hbs", "x");
    scratch.write("pack/src/deep/t3.hbs", "x");
    let said = checked(&scratch);
    assert!(said.contains("nobody looks for templates where template/t2.hbs is: did you mean templates/?"), "{said}");
    assert!(said.contains("where src/deep/t3.hbs is: put it into templates/ or partials/"), "{said}");
}

#[test]
fn outputs_that_the_example_does_not_lead_to() {
    let scratch = Scratch::new();
    scratch.run(["packs", "new", "pack"]).succeeded();
    assert!(scratch.run(["packs", "check", "pack"]).succeeded().stdout.contains("its example gives"));
    let more = "\n[options.unions]\ntype = \"boolean\"\ndefault = false\ndescription = \"d\"\n\
                [outputs.some]\ntemplate = \"overview.md.hbs\"\npath = \"some.md\"\nwhen = \"options.unions\"\n\
                [outputs.unions]\ntemplate = \"overview.md.hbs\"\npath = \"{{type.name}}.u\"\nfor_each = \"type\"\n\
                when = \"(and options.unions type.isUnion)\"\n";
    scratch.write("pack/pack.toml", scratch.read("pack/pack.toml") + more);
    let said = checked(&scratch);
    assert!(said.contains("the output `unions` writes nothing for the example, whatever the options are"), "{said}");
    assert!(!said.contains("`some`"), "{said}");
}

#[test]
fn what_is_wrong_in_templates_has_a_name() {
    let part = "path = \"f.txt\"\n[outputs.t]\ntemplate = \"u.hbs\"\npath = \"u.txt\"";
    for (template, messages) in [
        ("{{projct}}", &["`projct` is not a property of the top of the template", "did you mean `project`?"][..]),
        (
            "{{options.x}}",
            &["`x` is not a property of the options of the pack", "declare it in pack.toml, in a table [options.x]"],
        ),
        ("{{pack.nme}}", &["`nme` is not a property of the pack", "did you mean `name`?"]),
        ("{{#each project.types}}{{@indx}}{{/each}}", &["there is no `@indx` here", "did you mean `@index`?"]),
        ("{{@index}}", &["there is no `@index` here", "it is there in `{{#each}}`"]),
        ("{{> prt}}", &["there is no partial `prt`", "did you mean `part`?"]),
    ] {
        let scratch = project(part, template);
        scratch.write("pack/templates/u.hbs", "u");
        scratch.write("pack/partials/part.hbs", "x");
        let run = scratch.run(["generate"]);
        for message in messages {
            refused(&run, 2, message);
        }
    }
}

#[test]
fn packs_in_each_others_way() {
    let scratch = project("path = \"f.txt\"", "x");
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"out\"\n[packs.q]\nfrom = \"./pack\"\nout = \"out\"\n");
    let run = scratch.run(["generate"]);
    refused(&run, 2, "the pack `q` would write `outputs.o` to $DIR/out/f.txt, where the pack `p` would write `outputs.o` too");
    // A pack must not eat itself.
    let scratch = project("path = \"templates/t.hbs\"", "x");
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"pack\"\n");
    refused(&scratch.run(["generate", "--force"]), 2, "where $DIR/pack/templates/t.hbs is");
    assert_eq!(scratch.read("pack/templates/t.hbs"), "x");
}

#[test]
fn what_is_no_pack() {
    let scratch = Scratch::new();
    scratch.write("a.zip", "nothing");
    for (from, message) in [
        ("https://example.com/pack.tgz", "is a URL, and packs are not downloaded"),
        ("./a.tar.xz", "is an archive of a kind that is not read, .tar.xz"),
        ("./a.tar", "is an archive of a kind that is not read, .tar"),
        ("./a.zip", "it is no zip archive"),
    ] {
        refused(&scratch.run(["packs", "show", from]), 2, message);
    }
    // Only settings say what a name means that nothing else has.
    scratch.write("langloom.toml", "[packs.p\n");
    refused(&scratch.run(["packs", "show", "p"]), 2, "langloom.toml:1:");
    scratch.run(["packs", "show", "docs"]).succeeded();
}

#[test]
fn a_choice_needs_choices() {
    let scratch = project("path = \"f\"\n[options.x]\ntype = \"choice\"\ndefault = \"a\"\ndescription = \"d\"", "x");
    let run = scratch.run(["packs", "check", "./pack"]);
    refused(&run, 2, "`options.x` lacks the key `choices`");
    assert!(!run.stderr.contains("must be one of"), "{}", run.stderr);
}

/// A checkout is a folder: what git keeps in it is nobody's business.
#[test]
fn packs_from_everywhere() {
    let scratch = project("path = \"f.txt\"", "{{project.name}}  \t\nend");
    // What is remembered of runs lies in here, from the beginning.
    std::fs::create_dir(scratch.path("node_modules")).unwrap();
    scratch.write("pack/.git/HEAD", "ref: refs/heads/main\n");
    scratch.write("pack/.git/hooks/t.hbs", "{{broken");
    let trimming = manifest("path = \"f.txt\"").replace("\n\n", "\ntrim = true\n\n");
    scratch.write("pack/pack.toml", trimming);
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "A\nend\n");
    assert!(!checked(&scratch).contains(".git"));
    scratch.bash("mkdir -p node_modules/@team && mv pack node_modules/@team/pack").succeeded();
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"npm:@team/pack\"\nout = \"out\"\n");
    scratch.write("node_modules/@team/pack/templates/t.hbs", "of a package");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "of a package\n");
}

/// What the schema of the settings takes is what the tool takes.
#[test]
fn the_schema_tells_versions_and_lists() {
    let schema = Scratch::new().run(["packs", "schema"]).succeeded().stdout;
    let compat = &schema[schema.find("\"compat\"").unwrap()..schema.find("\"packs\"").unwrap()];
    assert!(compat.contains("\"type\": \"string\", \"pattern\": \"^4"), "{compat}");
    assert!(schema.contains("\"items\": { \"type\": \"string\" }"), "{schema}");
}

//! Packs as a user meets them: what is written where, what stays, and what is refused.

use std::fs;

use crate::support::{Run, Scratch};

const CONFIG: &str = r#"{ "projectName": "A", "out": "gen",
  "languages": [{ "id": "a", "grammar": "a.langium", "fileExtensions": [".a"] }] }"#;

const GRAMMAR: &str = "grammar A
entry Model: (persons+=Person | greetings+=Greeting)*;
Person: 'person' name=ID;
Greeting: 'hello' person=[Person:ID];
terminal ID: /[a-z]+/;
hidden terminal WS: /\\s+/;
";

/// A project whose pack has one output: the keys of `output` in `pack.toml`, and its template.
pub(crate) fn project(output: &str, template: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("langium-config.json", CONFIG);
    scratch.write("a.langium", GRAMMAR);
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"out\"\n");
    scratch.write("pack/pack.toml", manifest(output));
    scratch.write("pack/templates/t.hbs", template);
    scratch
}

pub(crate) fn manifest(output: &str) -> String {
    format!("name = \"p\"\nversion = \"1.0.0\"\ndescription = \"d\"\n\n[outputs.o]\ntemplate = \"t.hbs\"\n{output}\n")
}

#[track_caller]
pub(crate) fn refused(run: &Run, exit: i32, message: &str) {
    assert_eq!(run.exit, exit, "{}{}", run.stdout, run.stderr);
    assert!(run.stderr.contains(message), "{}", run.stderr);
}

fn made(scratch: &Scratch) -> Vec<String> {
    scratch.files().into_iter().filter(|path| path.starts_with("out/")).collect()
}

#[test]
fn a_type_that_changes_changes_its_own_file() {
    let scratch = project("path = \"{{type.name}}.txt\"\nfor_each = \"type\"", "{{#each type.properties}}{{name}}\n{{/each}}");
    scratch.run(["generate"]).succeeded();
    assert_eq!(made(&scratch), ["out/Greeting.txt", "out/Model.txt", "out/Person.txt"]);
    assert_eq!(scratch.read("out/Model.txt"), "persons\ngreetings\n");
    let modified = |path: &str| fs::metadata(scratch.path(path)).unwrap().modified().unwrap();
    let before = [modified("out/Greeting.txt"), modified("out/Model.txt")];
    scratch.write("a.langium", GRAMMAR.replace("'person' name=ID", "'person' name=ID age=ID"));
    let run = scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/Person.txt"), "name\nage\n");
    assert_eq!([modified("out/Greeting.txt"), modified("out/Model.txt")], before, "{}", run.stdout);
    // Without the type, there is no file.
    let without = GRAMMAR.replace(" | greetings+=Greeting", "").replace("Greeting: 'hello' person=[Person:ID];\n", "");
    scratch.write("a.langium", without);
    scratch.run(["generate"]).succeeded();
    assert_eq!(made(&scratch), ["out/Model.txt", "out/Person.txt"]);
}

#[test]
fn files_of_the_user_are_not_overwritten() {
    let scratch = project("path = \"f.txt\"", "{{project.name}}");
    scratch.write("out/f.txt", "mine");
    refused(&scratch.run(["generate"]), 3, "is not known to be generated");
    assert_eq!(scratch.read("out/f.txt"), "mine");
    assert!(!scratch.path("gen").exists(), "all or nothing");
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!((&*scratch.read("out/f.txt"), &*scratch.read("out/f.txt.orig")), ("A\n", "mine"));
    scratch.write("out/f.txt", "edited");
    refused(&scratch.run(["generate"]), 3, "was edited since it was generated");
    assert_eq!(scratch.read("out/f.txt"), "edited");
}

#[test]
fn written_once() {
    let scratch = project("path = \"f.txt\"\nwrite = \"once\"", "{{project.name}}");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "A\n");
    scratch.write("out/f.txt", "mine");
    scratch.write("a.langium", format!("{GRAMMAR}\n// edited\n"));
    scratch.run(["generate"]).succeeded();
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "mine");
    // It is the user's: it stays when the pack goes, and comes back when it is gone.
    scratch.write("langloom.toml", "");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "mine");
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"out\"\n");
    scratch.run(["generate"]).succeeded();
    fs::remove_file(scratch.path("out/f.txt")).unwrap();
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "A\n");
}

#[test]
fn regions_stay() {
    let template = "{{#each project.types}}{{name}}\n// langloom:begin {{name}}\n// langloom:end {{name}}\n{{/each}}";
    let scratch = project("path = \"f.txt\"\nwrite = \"regions\"", template);
    scratch.run(["generate"]).succeeded();
    let mine = scratch.read("out/f.txt").replace("begin Person\n", "begin Person\n  my ünes\r\n");
    scratch.write("out/f.txt", &mine);
    scratch
        .write("a.langium", GRAMMAR.replace("person=[Person:ID]", "person=[Person:ID] other=Other").to_owned() + "Other: x=ID;");
    scratch.run(["generate"]).succeeded();
    let merged = scratch.read("out/f.txt");
    assert!(merged.contains("// langloom:begin Person\n  my ünes\r\n// langloom:end Person\n") && merged.contains("begin Other"));
    // What is outside of regions is Langloom's.
    scratch.write("out/f.txt", merged.replace("Model\n//", "Model!\n//"));
    refused(&scratch.run(["generate"]), 3, "was edited since it was generated");
    scratch.write("out/f.txt", &merged);
    // A region without a place, with text in it.
    scratch.write("pack/templates/t.hbs", "nothing\n");
    let run = scratch.run(["generate"]);
    refused(&run, 3, "the region `Person` has no place in the new file");
    assert_eq!(scratch.read("out/f.txt"), merged);
    scratch.run(["generate", "--force"]).succeeded();
    assert_eq!((scratch.read("out/f.txt"), scratch.read("out/f.txt.orig")), ("nothing\n".to_owned(), merged));
    // It is never deleted.
    scratch.write("langloom.toml", "");
    let run = scratch.run(["generate"]);
    refused(&run, 0, "out/f.txt is no longer generated and may have regions that are yours, so it stays");
    assert!(scratch.path("out/f.txt").exists());
}

#[test]
fn unsafe_outputs() {
    for (path, message) in [
        ("../f.txt", "must stay in its folder"),
        ("/tmp/f.txt", "it is absolute"),
        ("a/../../f.txt", "must stay in its folder"),
        ("{{#each project.types}}{{name}}/../{{/each}}", "must stay in its folder"),
        ("C:/f.txt", "`:`"),
        ("a\\\\b.txt", "`\\`"),
        ("nul.txt", "device"),
        ("src/Con.ts", "device"),
        ("{{lower \\\"COM1\\\"}}.{{project.name}}", "device"),
        (".GIT/hooks/f", "belongs to git"),
        ("f.txt.", "ends with a dot"),
        ("", "it is empty"),
    ] {
        let unsafe_output = project(&format!("path = \"{path}\""), "x");
        let unsafe_static = project(&format!("path = \"ok.txt\"\n[static.s]\nfrom = \"f\"\nto = \"{path}\""), "x");
        unsafe_static.write("pack/static/f", "x");
        for scratch in [unsafe_output, unsafe_static] {
            let before = scratch.files();
            refused(&scratch.run(["generate"]), 2, message);
            assert_eq!(scratch.files(), before, "{path}");
        }
    }
    // The names of the files themselves, and a folder that they go to.
    for (file, to, message) in [("aux.c", "", "device"), ("a/b:c", "", "`:`"), ("a/b", "..", "must stay in its folder")] {
        let scratch = project(&format!("path = \"ok.txt\"\n[static.s]\nto = \"{to}\""), "x");
        scratch.write(&format!("pack/static/{file}"), "x");
        let before = scratch.files();
        refused(&scratch.run(["generate"]), 2, message);
        assert_eq!(scratch.files(), before, "{file}");
    }
}

#[test]
fn collisions() {
    let two = |one: &str, other: &str| {
        let scratch = project(&format!("path = \"{one}\"\n[outputs.o2]\ntemplate = \"t.hbs\"\npath = \"{other}\""), "x");
        let run = scratch.run(["generate"]);
        assert!(!scratch.path("out").exists() && !scratch.path("gen").exists());
        run
    };
    for (one, other) in [("a.txt", "a.txt"), ("a.txt", "A.TXT"), ("\u{e9}", "e\u{301}"), ("a", "a/b")] {
        refused(&two(one, other), 2, "which is taken by");
    }
    // One output, for types whose names differ in case only; and static files.
    let scratch = project("path = \"{{lower type.name}}.txt\"\nfor_each = \"type\"", "x");
    scratch.write("a.langium", GRAMMAR.replace("name=ID;", "name=ID person=PERSON;") + "PERSON: x=ID;\n");
    let before = scratch.files();
    refused(&scratch.run(["generate"]), 2, "which is taken by \"person.txt\"");
    assert_eq!(scratch.files(), before);
    let scratch = project("path = \"f.txt\"\n[static.s]\nto = \".\"", "x");
    scratch.write("pack/static/F.txt", "x");
    let before = scratch.files();
    refused(&scratch.run(["generate"]), 2, "which is taken by \"f.txt\"");
    assert_eq!(scratch.files(), before);
    let scratch = project("path = \"ast.ts\"", "x");
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"gen\"\n");
    refused(&scratch.run(["generate"]), 2, "gen/ast.ts");
    assert!(!scratch.path("gen").exists());
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    let scratch = project("path = \"a/f.txt\"", "x");
    scratch.write("elsewhere/f.txt", "mine");
    fs::create_dir(scratch.path("out")).unwrap();
    std::os::unix::fs::symlink(scratch.path("elsewhere"), scratch.path("out/a")).unwrap();
    refused(&scratch.run(["generate"]), 1, "is a symbolic link");
    assert_eq!(scratch.read("elsewhere/f.txt"), "mine");
    let scratch = project("path = \"f.txt\"", "x");
    std::os::unix::fs::symlink("/etc/hostname", scratch.path("pack/templates/link.hbs")).unwrap();
    refused(&scratch.run(["generate"]), 2, "symbolic link");
}

#[test]
fn static_files_are_copied_as_they_are() {
    let scratch = project("path = \"f.txt\"\n[static.all]\nto = \"{{lower project.name}}\"", "x");
    let files: [(&str, &[u8]); 5] = [
        ("empty", b""),
        ("binary.png", b"\x89PNG\r\n\x1a\n\0\xff\xfe no \xc3\x28 UTF-8"),
        (".hidden/{{name}}.hbs", b"{{nothing}} is \r\n rendered  \n\n\n"),
        ("no-line-break", b"\xef\xbb\xbfwith a mark"),
        ("deep/er/f.txt", b"x"),
    ];
    for (path, bytes) in files {
        scratch.write(&format!("pack/static/{path}"), bytes);
    }
    scratch.write("pack/static/run.sh", "#!/bin/sh\n");
    scratch.bash("chmod 755 pack/static/run.sh && chmod 640 pack/static/empty").succeeded();
    scratch.run(["packs", "check", "./pack"]).succeeded();
    scratch.bash("umask 027; $LANGLOOM generate").succeeded();
    for (path, bytes) in files {
        assert_eq!(fs::read(scratch.path(&format!("out/a/{path}"))).unwrap(), bytes, "{path}");
    }
    // Who may read a program may run it, and no other file.
    let modes = scratch.bash("stat -c %a out/a/run.sh out/a/empty").succeeded();
    assert_eq!(modes.stdout, "750\n640\n");
    // One that is there keeps what somebody set.
    scratch.bash("chmod 644 out/a/run.sh").succeeded();
    scratch.write("pack/static/run.sh", "#!/bin/sh\necho\n");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/a/run.sh"), "#!/bin/sh\necho\n");
    assert_eq!(scratch.bash("stat -c %a out/a/run.sh").succeeded().stdout, "644\n");
}

/// What a pack wants is done when it changes; in between, what somebody set stays.
#[cfg(unix)]
#[test]
fn becoming_a_program_is_a_change() {
    let scratch = project("path = \"f.txt\"\n[static.all]\nto = \".\"", "x");
    scratch.write("pack/static/run.sh", "#!/bin/sh\n");
    scratch.write("pack/static/text", "x");
    scratch.run(["generate"]).succeeded();
    let modified = || scratch.bash("stat -c %y out/run.sh").succeeded().stdout;
    let mode = || scratch.bash("stat -c %a out/run.sh out/text").succeeded().stdout;
    assert_eq!(mode(), "644\n644\n");
    let first = modified();
    // Nothing but the bit, there and back, is noticed, and the file is not written.
    scratch.bash("chmod 755 pack/static/run.sh").succeeded();
    refused(&scratch.run(["generate", "--check"]), 1, "out/run.sh is no program, and should be");
    let run = scratch.run(["generate", "--explain"]).succeeded();
    assert!(run.stdout.contains("pack/static/run.sh was changed"), "{}", run.stdout);
    assert!(run.stdout.contains("out/run.sh: not written: only who may run it changed"), "{}", run.stdout);
    assert_eq!((mode(), modified()), ("755\n644\n".to_owned(), first.clone()));
    scratch.run(["generate", "--check"]).succeeded();
    let run = scratch.run(["generate", "--explain"]).succeeded();
    assert!(run.stdout.contains("Nothing to do"), "{}", run.stdout);
    scratch.bash("chmod 644 pack/static/run.sh").succeeded();
    refused(&scratch.run(["generate", "--check"]), 1, "out/run.sh is a program, and should not be");
    scratch.run(["generate"]).succeeded();
    assert_eq!((mode(), modified()), ("644\n644\n".to_owned(), first));
    // What somebody set stays, while the pack wants what it wanted.
    scratch.bash("chmod 755 out/text").succeeded();
    scratch.write("a.langium", GRAMMAR.replace("Greeting:", "// edited\nGreeting:"));
    scratch.run(["generate"]).succeeded();
    assert_eq!(mode(), "644\n755\n");
    scratch.run(["generate", "--check"]).succeeded();
    // Where no run is remembered, what should be a program becomes one.
    scratch.bash("chmod 755 pack/static/run.sh && rm -r .langloom").succeeded();
    refused(&scratch.run(["generate", "--check"]), 1, "out/run.sh is no program, and should be");
    scratch.run(["generate"]).succeeded();
    assert_eq!(mode(), "755\n755\n");
    // Together with other bytes.
    scratch.bash("chmod 644 pack/static/run.sh && echo more >> pack/static/run.sh").succeeded();
    scratch.run(["generate"]).succeeded();
    assert_eq!(mode(), "644\n755\n");
}

#[cfg(unix)]
#[test]
fn whether_a_copy_is_a_program_is_tested() {
    let scratch = Scratch::new();
    scratch.run(["packs", "new", "p"]).succeeded();
    let manifest = scratch.read("p/pack.toml");
    scratch.write("p/pack.toml", manifest + "\n[static.all]\nto = \".\"\n");
    scratch.write("p/static/run.sh", "#!/bin/sh\n");
    scratch.run(["packs", "test", "p", "--update"]).succeeded();
    scratch.run(["packs", "test", "p"]).succeeded();
    scratch.bash("chmod 755 p/static/run.sh").succeeded();
    refused(&scratch.run(["packs", "test", "p"]), 1, "example/expected/run.sh is no program, unlike what is copied");
    scratch.run(["packs", "test", "p", "--update"]).succeeded();
    scratch.run(["packs", "test", "p"]).succeeded();
    scratch.bash("chmod 644 p/static/run.sh").succeeded();
    refused(&scratch.run(["packs", "test", "p"]), 1, "example/expected/run.sh is a program, unlike what is copied");
}

/// A name is first a pack in a folder here, then one of the project, then a built-in one.
#[test]
fn packs_by_name() {
    let scratch = project("path = \"f.txt\"", "x");
    let shown = |name: &str| scratch.run(["packs", "show", name]).succeeded().stdout.lines().next().unwrap().to_owned();
    assert_eq!(shown("p"), "p 1.0.0");
    assert_eq!(shown("./pack"), "p 1.0.0");
    assert_eq!(shown("pack"), "p 1.0.0");
    assert!(
        scratch
            .run(["packs", "check", "p"])
            .succeeded()
            .stdout
            .contains("p: 1 output and 0 partials in order; it has no example")
    );
    // A folder without a pack is none, and may be called like one that is built in.
    scratch.write("docs/readme.txt", "x");
    assert_eq!(shown("docs"), "docs 1.0.0");
    scratch.run(["packs", "test", "docs"]).succeeded();
    scratch.write("langloom.toml", "[packs.docs]\nfrom = \"./pack\"\n");
    assert_eq!(shown("docs"), "p 1.0.0");
    let run = scratch.run(["packs", "eject", "types", "a/types"]).succeeded();
    assert!(run.stdout.contains("from = \"./a/types\""), "{}", run.stdout);
}

#[test]
fn limits_can_be_raised() {
    let option = "\n[options.all]\ntype = \"list\"\ndefault = []\ndescription = \"d\"\n";
    let template = "{{#each options.all}}{{#each @root.options.all}}{{/each}}{{/each}}done";
    let scratch = project("path = \"f.txt\"", template);
    scratch.write("pack/pack.toml", scratch.read("pack/pack.toml") + option);
    let settings = |limits: &str| {
        let all = "\"x\", ".repeat(11_000);
        scratch.write("langloom.toml", format!("[packs.p]\nfrom = \"./pack\"\nout = \"out\"\n{limits}options.all = [{all}]\n"));
        scratch.run(["generate"])
    };
    let run = settings("");
    refused(&run, 2, "the template does more than 100000000 steps");
    refused(&run, 2, "does it go on without an end? If not, `limits = 10` in [packs.NAME] allows it ten times as much");
    settings("limits = 4\n").succeeded();
    assert_eq!(scratch.read("out/f.txt"), "done\n");
    for wrong in ["0.5", "-1", "1001", "inf", "nan", "\"many\""] {
        refused(&settings(&format!("limits = {wrong}\n")), 2, "`packs.p.limits` must be a number from 1 to 1000");
    }
}

#[test]
fn packs_extend_each_other() {
    let scratch = project("path = \"f.txt\"", "{{#> title}}Title{{/title}} {{> part}} {{options.x}}");
    scratch.write("pack/partials/part.hbs", "base part");
    let manifest = fs::read_to_string(scratch.path("pack/pack.toml")).unwrap();
    let option = "\n[options.x]\ntype = \"number\"\ndefault = 1\ndescription = \"d\"\n";
    scratch.write("pack/pack.toml", manifest + option);
    scratch.write("mine/pack.toml", "name = \"m\"\nversion = \"1.0.0\"\ndescription = \"d\"\nextends = \"../pack\"\n");
    scratch.write("mine/partials/part.hbs", "my part, {{> base/part}}");
    scratch.write("langloom.toml", "[packs.p]\nfrom = \"./mine\"\nout = \"out\"\noptions.x = 2\n");
    scratch.run(["generate"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "Title my part, base part 2\n");
    // A file that is put there takes the place of another: that is a change.
    scratch.write("mine/templates/t.hbs", "{{#> base/t}}{{#*inline \"title\"}}Mine{{/inline}}{{/base/t}}!");
    scratch.run(["generate", "--set", "p.x=3"]).succeeded();
    assert_eq!(scratch.read("out/f.txt"), "Mine my part, base part 3!\n");
    scratch.write("pack/pack.toml", fs::read_to_string(scratch.path("pack/pack.toml")).unwrap() + "\n");
    fs::write(
        scratch.path("pack/pack.toml"),
        fs::read_to_string(scratch.path("pack/pack.toml")).unwrap().replacen("name", "extends = \"../mine\"\nname", 1),
    )
    .unwrap();
    refused(&scratch.run(["generate"]), 2, "extends itself");
}

#[test]
fn results_of_others_come_first() {
    let more = "path = \"index.txt\"\nneeds = [\"each\"]\n[outputs.each]\ntemplate = \"each.hbs\"\npath = \"{{type.name}}.txt\"\n\
                for_each = \"type\"";
    let scratch = project(more, "{{#each results.each}}{{path}} {{name}} {{text}}{{/each}}");
    scratch.write("pack/templates/each.hbs", "<{{type.name}}>\n");
    scratch.run(["generate"]).succeeded();
    let expected = "Greeting.txt Greeting <Greeting>\nModel.txt Model <Model>\nPerson.txt Person <Person>\n";
    assert_eq!(scratch.read("out/index.txt"), expected);
    scratch.write("pack/pack.toml", manifest("path = \"a\"\nneeds = [\"o\"]"));
    refused(&scratch.run(["generate"]), 2, "needs itself");
}

#[test]
fn a_pack_that_is_made_works() {
    let scratch = Scratch::new();
    scratch.run(["packs", "new", "my-pack"]).succeeded();
    scratch.run(["packs", "test", "my-pack", "--update"]).succeeded();
    scratch.run(["packs", "test", "my-pack"]).succeeded();
    scratch.run(["packs", "check", "./my-pack"]).succeeded();
    assert!(scratch.read("my-pack/example/expected/person.ts").contains("export class Person {"));
    refused(&scratch.run(["packs", "new", "my-pack"]), 1, "there is something at");
    scratch.write("my-pack/partials/signature.hbs", "**{{name}}**");
    refused(&scratch.run(["packs", "test", "my-pack"]), 1, "overview.md is not what is rendered, from line 5 on");
    scratch.write("my-pack/partials/unused.hbs", "x");
    scratch.write("my-pack/partials/signature.hbs", "{{nmae}} {{> sig}}");
    let run = scratch.run(["packs", "check", "./my-pack"]);
    for message in ["`nmae` is not a property of a type", "did you mean `name`?", "no partial `sig`", "nothing uses this file"] {
        refused(&run, 2, message);
    }
}

#[test]
fn built_in_packs_are_in_order() {
    for name in ["types", "docs"] {
        let scratch = Scratch::new();
        let run = scratch.run(["packs", "check", name]).succeeded();
        assert!(run.stdout.contains("; its example gives "), "{}", run.stdout);
        let run = scratch.run(["packs", "test", name]).succeeded();
        assert!(run.stdout.contains("files are as expected"), "{}", run.stdout);
        assert!(scratch.all_files().is_empty(), "{:?}", scratch.all_files());
        refused(&scratch.run(["packs", "test", name, "--update"]), 1, "is built in and cannot be changed");
        // A folder of that name comes first.
        scratch.run(["packs", "eject", name]).succeeded();
        scratch.run(["packs", "test", name]).succeeded();
        let expected = fs::read_dir(scratch.path(name).join("example/expected")).unwrap().next().unwrap().unwrap().path();
        let text = fs::read_to_string(&expected).unwrap();
        fs::write(&expected, format!("{text}more\n")).unwrap();
        refused(&scratch.run(["packs", "test", name]), 1, "is not what is rendered");
        fs::write(&expected, text).unwrap();
    }
    let scratch = Scratch::new();
    scratch.run(["packs", "eject", "types", "node_modules/@team/types"]).succeeded();
    scratch.run(["packs", "test", "npm:@team/types"]).succeeded();
    refused(&scratch.run(["packs", "test", "nothing"]), 2, "there is no built-in pack");
    scratch.bash("tar -czf docs.tgz node_modules").succeeded();
    refused(&scratch.run(["packs", "test", "./docs.tgz"]), 1, "is an archive");
}

#[test]
fn schema_of_the_settings_is_committed() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/langloom.schema.json");
    let run = Scratch::new().run(["packs", "schema"]).succeeded();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &run.stdout).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap_or_default(), run.stdout, "run with UPDATE=1");
}

/// Templates that several projects share are compiled once; others of the same name are others.
#[test]
fn projects_with_packs_in_one_call_do_not_mix_them_up() {
    let scratch = Scratch::new();
    for (folder, template) in [("a", "one {{project.name}}"), ("b", "two {{project.name}}"), ("c", "one {{project.name}}")] {
        let write = |file: &str, text: &str| scratch.write(&format!("{folder}/{file}"), text);
        write("langium-config.json", &CONFIG.replace("\"A\"", &format!("\"{folder}\"")));
        write("a.langium", GRAMMAR);
        write("langloom.toml", "[packs.p]\nfrom = \"./pack\"\nout = \"out\"\n");
        write("pack/pack.toml", &manifest("path = \"o.txt\""));
        write("pack/templates/t.hbs", template);
    }
    let configs = ["a", "b", "c"].map(|folder| format!("{folder}/langium-config.json"));
    let args = configs.iter().flat_map(|config| ["-f", config.as_str()]);
    scratch.run(["generate"].into_iter().chain(args)).succeeded();
    assert_eq!(["a", "b", "c"].map(|folder| scratch.read(&format!("{folder}/out/o.txt"))), ["one a\n", "two b\n", "one c\n"]);
}

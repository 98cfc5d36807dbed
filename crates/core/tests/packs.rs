//! Packs from a grammar to text, and the view that their templates see.

use std::fs;
use std::path::{Path, PathBuf};

use langloom_core::emit::pack::view::{KINDS, KindId, SCOPE, Shape, dump};
use langloom_core::emit::pack::{
    CompiledTemplates, FileContent, Files, Layer, Limits, OUTPUT_KEYS, PACK_KEYS, Pack, ProjectView, Results, STATIC_KEYS,
    Unwatched, lint, parse_manifest, plan,
};
use langloom_core::emit::{Input, Sink};
use langloom_core::model::config::{Config, LanguageConfig};
use langloom_core::model::{self, Model, Sources};
use langloom_core::text::FileId;
use langloom_core::work::Workers;

/// A pack in a folder.
struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(fs::read(self.0.join(path)).ok())
    }

    fn list(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let mut pending = vec![folder.to_owned()];
        while let Some(folder) = pending.pop() {
            for entry in fs::read_dir(self.0.join(&folder)).into_iter().flatten() {
                let entry = entry.unwrap();
                let path = format!("{folder}/{}", entry.file_name().to_str().unwrap());
                if entry.path().is_dir() { pending.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The built-in pack `name`.
fn pack(name: &str) -> Pack {
    pack_at(&format!("packs/{name}"))
}

/// The pack in a folder of the repository.
fn pack_at(folder: &str) -> Pack {
    let (name, folder) = (folder, root().join(folder));
    let text = fs::read_to_string(folder.join("pack.toml")).unwrap();
    let manifest = parse_manifest(&text, "0.1.0").unwrap();
    Pack::new(vec![Layer { manifest, text, files: Box::new(Folder(folder)), shown: name.to_owned() }])
}

fn config() -> Config {
    Config {
        project_name: "Recipes".to_owned(),
        languages: vec![LanguageConfig { id: "recipes".to_owned(), ..LanguageConfig::default() }],
        ..Config::default()
    }
}

fn analyse(text: &str, config: &Config) -> (Sources, Model) {
    let sources = Sources::in_memory([("recipes.langium", text)]);
    let analysis = model::analyse(&sources, &[FileId(0)], config, Workers::alone());
    assert!(analysis.model.is_some(), "{:?}", analysis.problems);
    (sources, analysis.model.unwrap())
}

/// What a pack writes for a grammar: paths and texts.
fn render(pack: &Pack, grammar: &str) -> Vec<(String, String)> {
    let config = config();
    let (sources, model) = analyse(grammar, &config);
    let view = ProjectView::new(Input { sources: &sources, model: &model, config: &config });
    let options = pack.options().iter().map(|option| (option.name.clone(), option.default.clone())).collect::<Vec<_>>();
    let plan = plan(pack, options, Limits::DEFAULT, &view, &mut CompiledTemplates::default())
        .unwrap_or_else(|problem| panic!("{problem:#?}"));
    let mut results = Results::new();
    let mut files = Vec::new();
    for wave in 0..plan.waves() {
        for file in plan.files().iter().filter(|file| file.wave == wave) {
            let text = match plan.render(file, &results, &view, &Unwatched) {
                Ok(FileContent::Text(text)) => text,
                Ok(FileContent::Bytes { bytes, .. }) => String::from_utf8(bytes).unwrap(),
                Err(problem) => {
                    panic!("{}:{:?}: {}\n{:?}", problem.path, problem.trouble.span, problem.trouble.message, problem.calls)
                }
            };
            if let Some((name, result)) = plan.result(file, text.clone(), &view) {
                results.entry(name).or_default().push(result);
            }
            files.push((file.path.clone(), text));
        }
    }
    files
}

fn recipes() -> String {
    fs::read_to_string(root().join("examples/recipes/recipes.langium")).unwrap()
}

#[test]
fn built_in_packs_render() {
    for name in ["types", "docs"] {
        let files = render(&pack(name), &recipes());
        for (path, text) in files {
            assert!(!text.is_empty(), "{name}: {path}");
        }
    }
}

/// What `packs check` finds in packs that render is a mistake of its own.
#[test]
fn packs_that_render_are_in_order() {
    for folder in ["packs/types", "packs/docs", "benches/pack"] {
        let found: Vec<String> =
            lint(&pack_at(folder)).into_iter().map(|problem| format!("{}: {}", problem.path, problem.trouble.message)).collect();
        assert!(found.is_empty(), "{found:#?}");
    }
}

/// The whole view as JSON.
fn dumped(view: &ProjectView<'_>) -> String {
    let mut whole = String::new();
    let mut drain = |chunk: &str| whole.push_str(chunk);
    let mut sink = Sink::new(1 << 10, &mut drain);
    dump(view, &mut sink);
    sink.finish();
    whole
}

/// What stands between `<!-- name -->` and the next `<!-- end -->` of `docs/packs.md` is `expected`. With `UPDATE=1` in the
/// environment it is written instead.
fn check_documented(name: &str, expected: &str) {
    let path = root().join("docs/packs.md");
    let text = fs::read_to_string(&path).unwrap();
    let begin = format!("<!-- {name} -->\n");
    let start = text.find(&begin).unwrap() + begin.len();
    let end = start + text[start..].find("<!-- end -->").unwrap();
    if &text[start..end] == expected {
        return;
    }
    assert!(std::env::var_os("UPDATE").is_some(), "docs/packs.md is not what the table `{name}` says: run with UPDATE=1");
    fs::write(path, format!("{}{expected}{}", &text[..start], &text[end..])).unwrap();
}

fn shape(shape: Shape) -> String {
    let link = |kind: KindId| format!("[{0}](#{0})", kind.spec().name);
    match shape {
        Shape::Text => "text".to_owned(),
        Shape::Flag => "true or false".to_owned(),
        Shape::Value => "value".to_owned(),
        Shape::Texts => "list of texts".to_owned(),
        Shape::One(kind) | Shape::Link(kind) => link(kind),
        Shape::Many(kind) | Shape::Links(kind) => format!("list of {}", link(kind)),
    }
}

#[test]
fn docs_and_tables_are_in_step() {
    let mut text = String::from("\n### The top\n\n| | | |\n|---|---|---|\n");
    for (name, held, doc) in SCOPE {
        text += &format!("| `{name}` | {} | {doc} |\n", shape(*held));
    }
    for kind in KINDS {
        text += &format!("\n### {}\n\n{}\n\n| | | |\n|---|---|---|\n", kind.name, kind.doc);
        for field in kind.fields {
            text += &format!("| `{}` | {} | {} |\n", field.name, shape(field.shape), field.doc);
        }
    }
    check_documented("view", &format!("{text}\n"));
    let mut keys = String::new();
    for (title, table) in [("", PACK_KEYS), ("`[outputs.NAME]`", OUTPUT_KEYS), ("`[static.NAME]`", STATIC_KEYS)] {
        keys += &format!("\n| {title} | |\n|---|---|\n");
        table.iter().for_each(|(key, doc)| keys += &format!("| `{key}` | {doc} |\n"));
    }
    keys += "\n`[options.NAME]` has `type` (`string`, `boolean`, `number`, `list` or `choice`), `default`, `description`, and for a \
             `choice` its `choices`.\n\n";
    check_documented("keys", &keys);
}

#[test]
fn every_field_can_be_read() {
    let config = config();
    let (sources, model) = analyse(&recipes(), &config);
    let view = ProjectView::new(Input { sources: &sources, model: &model, config: &config });
    let text = dumped(&view);
    for kind in KINDS.iter().filter(|kind| !["import", "tag"].contains(&kind.name)) {
        for field in kind.fields {
            assert!(text.contains(&format!("\"{}\": ", field.name)), "{}.{} is not dumped", kind.name, field.name);
        }
    }
}

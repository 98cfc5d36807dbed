//! What the parser makes of texts. Each `trees/NAME.langium` is a test; `trees/NAME.tree` holds what
//! [`langloom_core::tree::dump`] prints for it. `UPDATE=1 cargo test` writes the latter anew.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use langloom_core::syntax::{Boundaries, Edit, Incoming, Tokens, parse, parse_declaration, reparse};
use langloom_core::text::Names;
use langloom_core::tree::{Tree, dump};

fn grammars(folder: &str) -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    let mut pending = vec![folder];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "langium") {
                files.push((path.clone(), String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned()));
            }
        }
    }
    assert!(!files.is_empty());
    files.sort();
    files
}

#[test]
fn trees_are_as_recorded() {
    for (path, text) in grammars("tests/trees") {
        let mut names = Names::new();
        let found = dump(&parse(&text, &mut names), &names);
        let recorded = path.with_extension("tree");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&recorded, &found).unwrap();
        }
        let expected = fs::read_to_string(&recorded).unwrap_or_default();
        assert_eq!(found, expected, "{}:\n{text}", path.display());
    }
}

/// Regions cover the text from its start without gaps, and a declaration parsed from its region alone is the same.
#[test]
fn declarations_can_be_parsed_one_by_one() {
    for (path, text) in grammars("../../conformance/grammars").into_iter().chain(grammars("tests/trees")) {
        let mut names = Names::new();
        let whole = parse(&text, &mut names);
        let mut start = 0;
        for (index, declaration) in whole.declarations.iter().enumerate() {
            assert_eq!(declaration.region.start, start, "{}", path.display());
            start = declaration.region.end;
            let part = declaration.region.of(&text);
            let mut tokens = Tokens::default();
            let mut tree = Tree::default();
            assert!(Boundaries::new(part, 0).next_declaration(&mut tokens));
            parse_declaration(part, 0, &mut tokens, &mut names, &mut tree);
            let (alone, inside) = (tree.item(0), whole.item(index));
            assert_eq!(alone.nodes, inside.nodes, "{}", path.display());
            assert_eq!(alone.lists, inside.lists);
            assert_eq!(alone.comments, inside.comments);
            assert_eq!(alone.declaration.kind, inside.declaration.kind);
        }
    }
}

/// The spans of such declarations are kept elsewhere than those of others, and have to stay with them wherever they go.
#[test]
fn declarations_of_more_than_64_kib_have_spans_like_others() {
    const GAP: usize = 70_000;
    let [before, behind] = ["/** doc */ A: 'x' ", "(b=ID? | {infer B} c+=[B:ID] (d=('e')))*; C: e=ID;"];
    let short = format!("grammar G {before}{behind}");
    let [long, edited] = [" ", "  "].map(|gap| format!("grammar G{gap}{before}{}{behind}", " ".repeat(GAP)));
    let mut names = Names::new();
    let border = short.find(behind).unwrap();
    let expected = moved(&dump(&parse(&short, &mut names), &names), border, GAP);
    let whole = parse(&long, &mut names);
    assert_eq!(dump(&whole, &names), expected);
    let mut incoming = Incoming::default();
    long.as_bytes().chunks(1000).for_each(|chunk| incoming.feed(chunk, &mut names));
    assert_eq!(dump(&incoming.finish(&mut names).1, &names), expected);
    let edited_tree = dump(&parse(&edited, &mut names), &names);
    assert_eq!(dump(&reparse(Edit::between(&long, &edited), whole.clone(), &edited, &mut names), &names), edited_tree);
    assert_eq!(edited_tree, moved(&expected, "grammar G".len() + 1, 1));
}

/// A dump of a text of which all from byte `border` on is moved by `by` bytes.
fn moved(dump: &str, border: usize, by: usize) -> String {
    let end = |end: &str| end.parse::<usize>().ok().map(|end| if end < border { end } else { end + by });
    let word = |word: &str| {
        let span = word.split_once("..").and_then(|(from, to)| Some((end(from)?, end(to)?)));
        span.map_or_else(|| word.to_owned(), |(from, to)| format!("{from}..{to}"))
    };
    let line = |line: &str| line.split(' ').map(word).collect::<Vec<_>>().join(" ");
    dump.lines().map(|text| line(text) + "\n").collect()
}

/// What a tree takes: 16 bytes a node, and with lists, declarations and comments so much for each node and each byte of
/// grammar. Trees are a third of what a run of a million lines keeps, so more of it should be meant.
#[test]
fn trees_are_as_small_as_they_were() {
    let (mut text_bytes, mut nodes, mut tree_bytes) = (0, 0, 0);
    for (_, text) in grammars("../../conformance/grammars") {
        let Tree { nodes: own, lists, comments, declarations, .. } = parse(&text, &mut Names::new());
        text_bytes += text.len();
        nodes += own.len();
        tree_bytes +=
            size_of_val(&own[..]) + size_of_val(&lists[..]) + size_of_val(&comments[..]) + size_of_val(&declarations[..]);
    }
    let (for_a_node, for_a_byte) = (tree_bytes as f64 / nodes as f64, tree_bytes as f64 / text_bytes as f64);
    assert!(for_a_node < 33.8, "{for_a_node:.2} bytes a node");
    assert!(for_a_byte < 3.63, "{for_a_byte:.2} bytes for a byte of grammar");
}

/// Whatever is done to a grammar, the parser neither panics nor loses its way in the text.
#[test]
fn damaged_grammars_are_parsed_too() {
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    let mut next = move |bound: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound as u64) as usize
    };
    let inserted = [
        "(",
        ")",
        "'",
        "/",
        ";",
        "{",
        "}",
        "[",
        "<",
        ":",
        "/*",
        "*/",
        "entry ",
        "type X",
        "=",
        "?",
        "\u{1F600}",
        "\n",
        "^",
        "@",
        "!",
    ];
    for (path, text) in grammars("../../conformance/grammars") {
        for round in 0..60 {
            let mut characters: Vec<char> = text.chars().collect();
            for _ in 0..1 + round % 4 {
                let at = next(characters.len() + 1);
                if next(2) == 0 {
                    let part: Vec<char> = inserted[next(inserted.len())].chars().collect();
                    characters.splice(at..at, part);
                } else {
                    let end = (at + next(20)).min(characters.len());
                    characters.drain(at..end);
                }
            }
            let damaged: String = characters.into_iter().collect();
            let mut names = Names::new();
            let tree = parse(&damaged, &mut names);
            let mut last = 0;
            for declaration in &tree.declarations {
                assert_eq!(declaration.region.start, last, "{} in round {round}", path.display());
                last = declaration.region.end;
            }
            assert!(last as usize <= damaged.len());
            dump(&tree, &names);
        }
    }
}

#[test]
fn nesting_is_bounded() {
    let deep = |open: &str, close: &str| format!("A: {}'x'{};", open.repeat(1_000_000), close.repeat(1_000_000));
    let texts = [
        deep("(", ")"),
        deep("a=(", ")"),
        deep("B<", ">"),
        format!("A: <{}a> 'x';", "!".repeat(1_000_000)),
        format!("terminal A: {}'x'{};", "(".repeat(1_000_000), ")".repeat(1_000_000)),
        format!("terminal A: {}'x';", "!".repeat(1_000_000)),
        format!("type A = {}string{};", "(".repeat(1_000_000), ")".repeat(1_000_000)),
        format!("interface A {{ b: string = {}1{} }}", "[".repeat(1_000_000), "]".repeat(1_000_000)),
    ];
    for text in texts {
        let tree = parse(&text, &mut Names::new());
        assert_eq!(tree.problems.len(), 1, "{}", &text[..40]);
    }
    let mut flat = String::from("A: 'x'");
    (0..200_000).for_each(|index| write!(flat, " | b{index}=('y')?").unwrap());
    let tree = parse(&(flat + ";"), &mut Names::new());
    assert!(tree.problems.is_empty());
}

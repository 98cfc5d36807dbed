//! What takes longer when the input grows, takes as much longer as the input is larger: grammars with one long chain of
//! something, four times as long, may take at most so many times as long. CPU time of this thread, so that a busy machine
//! changes little; the best of several runs.

use langloom_core::model::config::{Config, LanguageConfig};
use langloom_core::model::{self, Sources};
use langloom_core::text::FileId;
use langloom_core::work::Workers;

/// Name, what is measured, how many pieces at first, and the files made of so many pieces; the first one is the entry.
type Shape = (&'static str, Stage, usize, fn(usize) -> Vec<String>);

enum Stage {
    /// The checks of all files.
    Check,
    /// Everything up to the types of the language. Where one name has to be written for every two pieces, as for interfaces
    /// that extend each other, that grows with what is written.
    Analyse,
}

use Stage::{Analyse, Check};

const SHAPES: &[Shape] = &[
    ("a chain of fragments", Check, 500, |count| {
        let fragments = joined(count, |n| format!("fragment F{n}: a{n}=ID ('k' F{})?;\n", n + 1));
        vec![format!("grammar G entry M: 'm' F0; fragment F{count}: last=ID; {fragments} {ID}")]
    }),
    ("fragments that many rules use", Analyse, 300, |count| {
        let fragments = joined(20, |n| format!("fragment F{n}: a{n}=ID ('k' F{})?;\n", n + 1));
        let rules = joined(count, |n| format!("R{n}: 'r' b=ID F0;\n"));
        let calls = joined(count.div_ceil(200), |n| format!("| c{n}=C{n}"));
        let groups = joined(count.div_ceil(200), |group| {
            let first = group * 200;
            let members = joined((count - first).min(200), |n| format!("| r{n}=R{}", first + n));
            format!("C{group}: 'c' {members};\n")
        });
        vec![format!("grammar G entry M: 'm' {calls}; fragment F20: last=ID; {groups} {fragments} {rules} {ID}")]
    }),
    ("a long rule", Analyse, 250, |count| {
        let options = joined(count, |n| format!("('o{n}' a{n}=ID ('c' b{n}+=ID (',' b{n}+=ID)*)?)?\n"));
        vec![format!("grammar G entry M: 'm' {options}; {ID}")]
    }),
    ("a chain of rules that may be empty", Analyse, 2_000, |count| {
        let rules = joined(count, |n| format!("R{n}: r=R{}? | s?='s';\n", n + 1));
        vec![format!("grammar G entry M: r=R0; R{count}: 'x' y=ID; {rules} {ID}")]
    }),
    ("a rule of many calls", Analyse, 2_000, |count| {
        let rules = joined(count, |n| format!("R{n}: 'r' a=ID;\n"));
        let calls = joined(count, |n| format!("| R{n}"));
        vec![format!("grammar G entry M: R0 {calls}; {rules} {ID}")]
    }),
    ("a chain of terminals", Analyse, 500, |count| {
        let terminals = joined(count, |n| format!("terminal T{n}: 't' T{};\n", n + 1));
        vec![format!("grammar G entry M: 'm' t=T0; terminal T{count}: /x/; {terminals}")]
    }),
    ("a terminal that doubles", Analyse, 500, |count| {
        let terminals = joined(count, |n| format!("terminal T{n}: T{0} T{0};\n", n + 1));
        vec![format!("grammar G entry M: 'm' t=T0; terminal T{count}: /x/; {terminals}")]
    }),
    ("many terminals and keywords", Analyse, 300, |count| {
        let terminals = joined(count, |n| format!("terminal T{n}: 't{n}x' /[0-9]+/;\nterminal U{n}: 'u{n}x';\n"));
        let rules = joined(count, |n| format!("R{n}: 'k{n}' t=T{n} u=U{n};\n"));
        let calls = joined(count, |n| format!("| R{n}"));
        vec![format!("grammar G entry M: R0 {calls}; {rules} {terminals}")]
    }),
    ("a chain of interfaces", Check, 2_000, |count| {
        let interfaces = joined(count, |n| format!("interface I{n} extends I{} {{}}\n", n + 1));
        vec![format!("grammar G interface I{count} {{ a: string }} {interfaces} entry M returns I0: 'm' a=ID; {ID}")]
    }),
    ("a chain of types", Check, 2_000, |count| {
        let types = joined(count, |n| format!("type T{n} = T{} | 'x{n}';\n", n + 1));
        vec![format!("grammar G interface I {{ a: T0 }} type T{count} = 'x'; {types} entry M returns I: 'm' a='x'; {ID}")]
    }),
    ("many interfaces with defaults", Check, 1_000, |count| {
        let interfaces = joined(count, |n| format!("interface I{n} {{ a: string = 'x' b: I{} }}\n", (n + 1) % count));
        vec![format!("grammar G {interfaces} entry M: 'm' a=ID; {ID}")]
    }),
    ("many imports", Analyse, 200, |count| {
        let imports = joined(count, |n| format!("import '{}'\n", n + 1));
        let others = (1..=count).map(|n| format!("interface I{n} {{ a: string }}"));
        [format!("grammar G {imports} entry M: 'm' a=ID; {ID}")].into_iter().chain(others).collect()
    }),
    ("the same import many times", Check, 1_000, |count| {
        let imports = joined(count, |_| "import '1'\n".to_owned());
        vec![format!("grammar G {imports} entry M: 'm' a=ID; {ID}"), "interface I { a: string }".to_owned()]
    }),
    ("a line of mistakes", Check, 5_000, |count| vec![format!("grammar G {}", ";".repeat(count))]),
    ("a line of unknown names", Check, 3_000, |count| {
        let rules = joined(count, |n| format!("R{n}: 'r' a=Missing; "));
        vec![format!("grammar G entry M: 'm' a=ID; {rules} {}", ID.trim())]
    }),
];

const ID: &str = "terminal ID: /[a-z]+/;\n";

/// Twice the growth of the input allows for caches that are too small and sorting. Where work grows with its square, it is 16.
const MOST: f64 = 8.5;

#[test]
fn work_grows_with_the_input() {
    let Some(_) = cpu_seconds() else { return };
    let mut failed = Vec::new();
    for (name, stage, count, files) in SHAPES {
        let (small, large) = (files(*count), files(4 * count));
        let best = |files: &[String]| (0..2).map(|_| seconds(stage, files)).fold(f64::INFINITY, f64::min);
        let (one, four) = (best(&small), best(&large));
        let factor = four / one;
        println!("{factor:6.1} {:9.2} ms {:9.2} ms  {name}", one * 1e3, four * 1e3);
        if factor > MOST {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "more than {MOST} times the work for four times the input: {failed:?}");
}

fn joined(count: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect()
}

/// CPU seconds of a stage: the mean of as many runs as take the clock some steps.
fn seconds(stage: &Stage, files: &[String]) -> f64 {
    let sources = Sources::in_memory((0..).zip(files).map(|(number, text): (u32, _)| (format!("{number}.langium"), &**text)));
    let config = config();
    let start = cpu_seconds().unwrap_or_default();
    for runs in 1.. {
        match stage {
            Stage::Check => drop(model::check(&sources, &[FileId(0)], &config, Workers::alone())),
            Stage::Analyse => drop(model::analyse(&sources, &[FileId(0)], &config, Workers::alone())),
        }
        let taken = cpu_seconds().unwrap_or_default() - start;
        if taken > ENOUGH {
            return taken / f64::from(runs);
        }
    }
    unreachable!("the runs do not end before they took long enough")
}

/// In seconds; the clock goes on in steps of some milliseconds.
const ENOUGH: f64 = 0.08;

fn config() -> Config {
    let language = LanguageConfig {
        id: "g".to_owned(),
        grammar: "0.langium".to_owned(),
        file_extensions: vec![".g".to_owned()],
        ..LanguageConfig::default()
    };
    Config { project_name: "G".to_owned(), languages: vec![language], ..Config::default() }
}

/// CPU time of this thread so far; none where the system does not tell.
fn cpu_seconds() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(text.split_whitespace().next()?.parse::<f64>().ok()? / 1e9)
}

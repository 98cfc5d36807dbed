//! Declared interfaces and types, and rules that return them.

use super::grammar::{Grammar, near};
use super::{Project, Random};

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut grammar = Grammar::new(random, 0);
    let mut names = Vec::new();
    let mut bases = Vec::new();
    while grammar.lines() + 4 < lines {
        if bases.is_empty() || grammar.random.chance(12) {
            let base = base(&mut grammar, &bases);
            bases.push(base);
        }
        for _ in 0..grammar.random.between(1, 4) {
            interface(&mut grammar, &bases, &mut names);
        }
        union(&mut grammar, &names);
        grammar.group_loose();
    }
    vec![Project::single("Types", grammar.finish("Types"))]
}

/// Writes an interface without a rule; others extend it.
fn base(grammar: &mut Grammar<'_>, bases: &[String]) -> String {
    let extends = if bases.is_empty() || grammar.random.chance(50) {
        String::new()
    } else {
        format!(" extends {}", near(grammar.random, bases))
    };
    let n = grammar.number();
    let mut properties = grammar.properties();
    let (a, b) = (properties.next(), properties.next());
    grammar.comment(1);
    grammar.line(&format!("interface Base{n}{extends} {{\n    {a}{n}?: string\n    {b}{n}: boolean = true\n}}\n"));
    format!("Base{n}")
}

/// Writes an interface and the rule that returns it. Its properties have its number behind, so that no two interfaces
/// that a third one extends clash.
fn interface(grammar: &mut Grammar<'_>, bases: &[String], names: &mut Vec<String>) {
    let (name, keyword) = grammar.name();
    let n = name.trim_start_matches(|c: char| !c.is_ascii_digit()).to_owned();
    let extends = if grammar.random.chance(25) { String::new() } else { format!(" extends {}", near(grammar.random, bases)) };
    names.push(name.clone());
    let (target, part, other) = (near(grammar.random, names), near(grammar.random, names), near(grammar.random, names));
    let mut properties = grammar.properties();
    let [a, b, c, d, e, f] = std::array::from_fn(|_| format!("{}{n}", properties.next()));
    if grammar.random.chance(30) {
        grammar.comment(3);
    }
    let attributes = [
        format!("{a}: string"),
        format!("{b}?: @{target}"),
        format!("{c}: {part}[]"),
        format!("{d}?: 'one' | 'two' | 'three' | 'four'"),
        format!("{e}?: (@{other} | @{part})[]"),
        format!("{f}?: number = {n}"),
    ];
    grammar.line(&format!("interface {name}{extends} {{\n    {}\n}}\n", attributes.join("\n    ")));
    grammar.line(&format!("{name} returns {name}: {keyword} {a}=ID ('to' {b}=[{target}:ID])? ('=' {f}=INT)?"));
    grammar.line(&format!("    ('{{' {c}+={part}* '}}')? {d}=('one' | 'two' | 'three' | 'four')?;\n"));
    grammar.add_object(&name);
}

/// Writes a type that is one of several.
fn union(grammar: &mut Grammar<'_>, names: &[String]) {
    let n = grammar.number();
    let members: Vec<String> = (0..grammar.random.between(2, 4)).map(|_| near(grammar.random, names)).collect();
    let line = match grammar.random.below(3) {
        0 => format!("type Word{n} = 'one{n}' | 'two{n}' | string;\n"),
        1 => format!("type Link{n} = @{};\n", members[0]),
        _ => format!("type Union{n} = {};\n", members.join(" | ")),
    };
    grammar.line(&line);
}

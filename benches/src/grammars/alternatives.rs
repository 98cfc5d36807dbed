//! Rules with hundreds of alternatives, and groups inside of groups.

use super::grammar::Grammar;
use super::{Project, Random};

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut grammar = Grammar::new(random, 0);
    while grammar.lines() + 8 < lines {
        // Big rules in big grammars, so that every size comes out as asked.
        let most = (lines - grammar.lines()).min(60);
        match grammar.random.below(5) {
            0 => keywords(&mut grammar, most),
            1 => branches(&mut grammar, most),
            2 => instructions(&mut grammar, most),
            3 => sequence(&mut grammar),
            _ => nested(&mut grammar, most),
        }
        grammar.group_loose();
    }
    vec![Project::single("Alternatives", grammar.finish("Alternatives"))]
}

/// An assignment that takes one of up to 192 keywords.
fn keywords(grammar: &mut Grammar<'_>, most: usize) {
    let (name, keyword) = grammar.name();
    let lines: Vec<String> = (0..most.clamp(2, 48))
        .map(|_| (0..4).map(|_| format!("'{}'", grammar.name().0.to_lowercase())).collect::<Vec<_>>().join(" | "))
        .collect();
    grammar.line(&format!("{name}:"));
    grammar.line(&format!("    {keyword} name=ID code=("));
    grammar.line(&format!("        {}", lines.join("\n        | ")));
    grammar.line("    ) operands+=INT*;\n");
    grammar.add_object(&name);
}

/// Up to 60 alternatives with properties of their own.
fn branches(grammar: &mut Grammar<'_>, most: usize) {
    let (name, keyword) = grammar.name();
    grammar.add_object(&name);
    let mut properties = grammar.properties();
    let mut lines = Vec::new();
    for _ in 0..most.clamp(2, 60) {
        let property = properties.next();
        let target = grammar.object();
        lines.push(match grammar.random.below(3) {
            0 => format!("'{property}' {property}=INT ('by' {property}Factor=INT)?"),
            1 => format!("'{property}' {property}=[{target}:ID]"),
            _ => format!("'{property}' ('(' {property}Parts+={target}* ')' | {property}=STRING)"),
        });
    }
    grammar.line(&format!("{name}:"));
    grammar.line(&format!("    {keyword} name=ID ("));
    grammar.line(&format!("        {}", lines.join("\n        | ")));
    grammar.line("    )?;\n");
}

/// A rule that makes one of up to 60 types, by actions.
fn instructions(grammar: &mut Grammar<'_>, most: usize) {
    let n = grammar.number();
    grammar.add_object(&format!("Instruction{n}"));
    grammar.line(&format!("Instruction{n}:"));
    grammar.line(&format!("    'instruction{n}' ("));
    let lines: Vec<String> = (0..most.clamp(2, 60))
        .map(|_| {
            let (name, keyword) = grammar.name();
            let target = grammar.object();
            format!("{{infer {name}}} {keyword} target=[{target}:ID]?")
        })
        .collect();
    grammar.line(&format!("        {}", lines.join("\n        | ")));
    grammar.line("    );\n");
}

/// Choices one after the other: their combinations are many, their types are not.
fn sequence(grammar: &mut Grammar<'_>) {
    let (name, keyword) = grammar.name();
    grammar.line(&format!("{name}:"));
    grammar.line(&format!("    {keyword} name=ID"));
    let mut properties = grammar.properties();
    for _ in 0..grammar.random.between(3, 6) {
        let (a, b, c) = (properties.next(), properties.next(), properties.next());
        grammar.line(&format!("    ('{a}' {a}=INT | '{b}' {b}=STRING | {c}?='{c}')?"));
    }
    grammar.line("    ';';\n");
    grammar.add_object(&name);
}

/// Groups in groups, up to 25 deep.
fn nested(grammar: &mut Grammar<'_>, most: usize) {
    let (name, keyword) = grammar.name();
    grammar.add_object(&name);
    grammar.line(&format!("{name}:"));
    let mut properties = grammar.properties();
    let depth = (most / 2).clamp(2, 25);
    grammar.line(&format!("    {keyword} name=ID ("));
    for _ in 1..depth {
        let property = properties.next();
        let target = grammar.object();
        grammar.line(&format!("    '{property}' ({property}=[{target}:ID] | '('"));
    }
    grammar.line("    'end' end=INT");
    for _ in 1..depth {
        let suffix = grammar.random.pick(&["?", ""]);
        let line = format!("    ')'){suffix}");
        grammar.line(&line);
    }
    grammar.line("    );\n");
}

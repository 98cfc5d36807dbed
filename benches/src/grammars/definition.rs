//! The rule that grammars have most of: a keyword, a name, and a block of members.

use super::grammar::{Grammar, Properties, near};
use super::words::CHOICES;

/// How a member is written: a line without its indentation.
pub(super) type Member = fn(&mut Grammar<'_>, &mut Properties) -> String;

/// The usual members, each with how often it is chosen.
pub(super) const MEMBERS: &[(usize, Member)] = &[
    (20, number),
    (14, text),
    (18, optional_reference),
    (8, reference_list),
    (14, choice),
    (8, flags),
    (14, list),
    (8, block),
    (6, either),
    (6, value),
];

/// Writes a rule with a block of `count` of these members.
pub(super) fn definition(grammar: &mut Grammar<'_>, members: &[(usize, Member)], count: usize) {
    let (name, keyword) = grammar.name();
    grammar.add_object(&name);
    let head = head(grammar);
    let base = grammar.object();
    let extends = match grammar.random.below(3) {
        0 => format!(" ('extends' base=[{base}:ID])?"),
        1 => format!(" (':' bases+=[{base}:ID] (',' bases+=[{base}:ID])*)?"),
        _ => String::new(),
    };
    grammar.line(&format!("{name}: {keyword} {head}{extends} '{{'"));
    let mut properties = grammar.properties();
    for _ in 0..count {
        let member = weighted(grammar, members)(grammar, &mut properties);
        grammar.line(&format!("    {member}"));
    }
    grammar.line("'}';\n");
}

/// Writes a rule of one line.
pub(super) fn short(grammar: &mut Grammar<'_>) {
    let (name, keyword) = grammar.name();
    grammar.add_object(&name);
    let head = head(grammar);
    let mut properties = grammar.properties();
    let member = weighted(grammar, MEMBERS)(grammar, &mut properties);
    grammar.line(&format!("{name}: {keyword} {head} {member};\n"));
}

/// What gives a rule its name: an assignment, or a fragment that has it.
pub(super) fn head(grammar: &mut Grammar<'_>) -> String {
    if !grammar.fragments.is_empty() && grammar.random.chance(25) {
        near(grammar.random, &grammar.fragments)
    } else {
        "name=ID".to_owned()
    }
}

fn weighted(grammar: &mut Grammar<'_>, members: &[(usize, Member)]) -> Member {
    let mut rest = grammar.random.below(members.iter().map(|(weight, _)| weight).sum());
    for (weight, member) in members {
        if rest < *weight {
            return *member;
        }
        rest -= weight;
    }
    members[0].1
}

fn number(_: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (a, b) = (properties.next(), properties.next());
    format!("'{a}' ':' {a}=INT ('{b}' {b}=INT)? ';'")
}

fn text(_: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (a, b) = (properties.next(), properties.next());
    format!("('{a}' '=' {a}=STRING ';')? ('{b}' {b}=(STRING | ID))?")
}

pub(super) fn optional_reference(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, target, path) = (properties.next(), grammar.object(), grammar.path());
    format!("('{property}' {property}=[{target}:{path}] ';')?")
}

pub(super) fn reference_list(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, target, path) = (properties.next(), grammar.object(), grammar.path());
    format!("'{property}' {property}+=[{target}:{path}] (',' {property}+=[{target}:{path}])*")
}

fn choice(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let property = properties.next();
    if !grammar.choices.is_empty() && grammar.random.chance(50) {
        let choice = near(grammar.random, &grammar.choices);
        return format!("('{property}' {property}={choice} ';')?");
    }
    let at = grammar.random.below(CHOICES.len() - 3);
    format!("('{property}' '=' {property}=('{}' | '{}' | '{}') ';')?", CHOICES[at], CHOICES[at + 1], CHOICES[at + 2])
}

fn flags(_: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (a, b) = (properties.next(), properties.next());
    format!("({a}?='{a}' | {b}?='{b}')?")
}

fn list(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, item) = (properties.next(), grammar.object());
    format!("('{property}' '[' {property}+={item} (',' {property}+={item})* ']')?")
}

fn block(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (property, group) = (properties.next(), grammar.group_to_come());
    format!("('{property}' '{{' {property}+={group}* '}}')?")
}

fn either(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let (a, b, target) = (properties.next(), properties.next(), grammar.object());
    format!("('{a}' {a}=INT | '{b}' {b}=[{target}:ID] | '-')")
}

fn value(grammar: &mut Grammar<'_>, properties: &mut Properties) -> String {
    let property = properties.next();
    let value = if grammar.values.is_empty() { "STRING".to_owned() } else { near(grammar.random, &grammar.values) };
    format!("('{property}' '=' {property}={value})?")
}

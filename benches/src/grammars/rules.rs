//! What grammars mostly are: definitions, with all other kinds of declarations between them.

use super::definition::{MEMBERS, definition, head, short};
use super::grammar::{Grammar, near};
use super::words::CHOICES;
use super::{Project, Random};

/// Writes one declaration, or a few that belong together.
type Kind = fn(&mut Grammar<'_>);

/// The kinds of declarations, each with how often it is chosen.
const KINDS: &[(usize, Kind)] = &[
    (46, documented_definition),
    (14, short),
    (3, infix),
    (3, chain),
    (7, value),
    (8, enumeration),
    (5, fragment),
    (7, declared),
    (3, guarded),
    (3, unordered),
    (3, path),
];

/// As many lines as a choice among [`KINDS`] writes at most.
const LONGEST: usize = 22;

pub(super) fn generate(random: &mut Random, lines: usize) -> Vec<Project> {
    let mut grammar = Grammar::new(random, 0);
    while grammar.lines() + LONGEST < lines {
        declaration(&mut grammar);
    }
    while grammar.lines() + 4 < lines {
        let count = (lines - grammar.lines()).saturating_sub(6).clamp(1, 4);
        definition(&mut grammar, MEMBERS, count);
    }
    vec![Project::single("Rules", grammar.finish("Rules"))]
}

/// Writes one declaration, or a few that belong together.
pub(super) fn declaration(grammar: &mut Grammar<'_>) {
    let total: usize = KINDS.iter().map(|(weight, _)| weight).sum();
    let mut rest = grammar.random.below(total);
    // A first object for the others to refer to.
    let mut chosen = KINDS[0].1;
    for (weight, kind) in KINDS {
        if rest < *weight && !grammar.objects.is_empty() {
            chosen = *kind;
            break;
        }
        rest = rest.saturating_sub(*weight);
    }
    chosen(grammar);
    grammar.group_loose();
}

fn documented_definition(grammar: &mut Grammar<'_>) {
    match grammar.random.below(10) {
        0..2 => grammar.comment(1),
        2 => grammar.comment(3),
        3 => grammar.comment(4),
        _ => {}
    }
    let count = grammar.random.between(2, 5);
    definition(grammar, MEMBERS, count);
}

fn infix(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    grammar.add_object(&format!("Formula{n}"));
    grammar.line(&format!("Formula{n}: 'formula{n}' name=ID '=' value=Expression{n} ';';\n"));
    grammar.line(&format!("Expression{n}: BinaryExpression{n};\n"));
    grammar.line(&format!("infix BinaryExpression{n} on Primary{n}:"));
    grammar.line("    '%' | '^' > '*' | '/' > '+' | '-'");
    grammar.line("    > '==' | '!=' | '<' | '<=' > '&&' > '||' > right assoc '->';\n");
    grammar.line(&format!("Primary{n} infers Expression{n}:"));
    grammar.line(&format!("    '(' Expression{n} ')'"));
    grammar.line(&format!("    | {{infer NumberLiteral{n}}} number=INT"));
    grammar.line(&format!("    | {{infer TextLiteral{n}}} text=STRING"));
    grammar.line(&format!("    | {{infer Usage{n}}} formula=[Formula{n}:ID];\n"));
}

fn chain(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    grammar.add_object(&format!("Condition{n}"));
    grammar.line(&format!("Condition{n}: 'condition{n}' name=ID ':' term=Term{n};\n"));
    grammar.line(&format!("Term{n}: Disjunction{n};\n"));
    grammar.line(&format!("Disjunction{n} infers Term{n}:"));
    grammar.line(&format!("    Conjunction{n} ({{infer Or{n}.left=current}} 'or' right=Conjunction{n})*;\n"));
    grammar.line(&format!("Conjunction{n} infers Term{n}:"));
    grammar.line(&format!("    Atom{n} ({{infer And{n}.left=current}} operator=('and' | '&&') right=Atom{n})*;\n"));
    grammar.line(&format!("Atom{n} infers Term{n}:"));
    grammar.line(&format!("    '(' Term{n} ')' | {{infer Not{n}}} 'not' operand=Atom{n}"));
    grammar.line(&format!("    | {{infer Holds{n}}} condition=[Condition{n}:QualifiedName];\n"));
}

fn value(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    let target = grammar.object();
    grammar.line(&format!("Value{n}:"));
    grammar.line(&format!("    {{infer TextValue{n}}} text=STRING | {{infer NumberValue{n}}} number=INT unit=ID?"));
    grammar.line(&format!("    | {{infer LinkValue{n}}} '@' target=[{target}:QualifiedName]"));
    grammar.line(&format!("    | {{infer ListValue{n}}} '[' (items+=Value{n} (',' items+=Value{n})*)? ']';\n"));
    grammar.values.push(format!("Value{n}"));
}

fn enumeration(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    let count = grammar.random.between(3, 6);
    let at = grammar.random.below(CHOICES.len() - count);
    grammar.line(&format!("Choice{n} returns string: '{}';\n", CHOICES[at..at + count].join("' | '")));
    grammar.choices.push(format!("Choice{n}"));
}

fn fragment(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    grammar.line(&format!("fragment Header{n}:"));
    grammar.line("    name=ID ('[' tags+=ID (',' tags+=ID)* ']')? ('alias' alias=STRING)?;\n");
    grammar.fragments.push(format!("Header{n}"));
}

fn declared(grammar: &mut Grammar<'_>) {
    let (name, keyword) = grammar.name();
    let (target, part) = (grammar.object(), grammar.object());
    let mut properties = grammar.properties();
    let (a, b, c) = (properties.next(), properties.next(), properties.next());
    grammar
        .line(&format!("interface {name} {{\n    name: string\n    {a}?: number\n    {b}?: @{target}\n    {c}: {part}[]\n}}\n"));
    grammar.line(&format!("{name} returns {name}:"));
    grammar.line(&format!("    {keyword} name=ID ('{a}' {a}=INT)? ('{b}' {b}=[{target}:ID])?"));
    grammar.line(&format!("    ('{{' {c}+={part}* '}}')?;\n"));
    grammar.add_object(&name);
}

fn guarded(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    grammar.add_object(&format!("Block{n}"));
    grammar.line(&format!("Block{n}:"));
    grammar.line(&format!("    'block{n}' name=ID '{{' first=Step{n}<true, false>? steps+=Step{n}<false, true>* '}}';\n"));
    grammar.line(&format!("Step{n}<outer, nested>:"));
    grammar.line(&format!("    'step{n}' name=ID (<outer> 'outer' level=INT | <nested & !outer> 'inner' depth=INT)?"));
    grammar.line(&format!("    (<nested> '{{' steps+=Step{n}<outer=false, nested=nested>* '}}')?;\n"));
}

fn unordered(grammar: &mut Grammar<'_>) {
    let (name, keyword) = grammar.name();
    grammar.add_object(&name);
    let head = head(grammar);
    let mut properties = grammar.properties();
    let (a, b, c) = (properties.next(), properties.next(), properties.next());
    grammar.line(&format!("{name}: {keyword} {head}"));
    grammar.line(&format!("    ('{a}' {a}=INT & '{b}' {b}=STRING & {c}?='{c}');\n"));
}

fn path(grammar: &mut Grammar<'_>) {
    let n = grammar.number();
    let inner = near(grammar.random, &grammar.paths);
    let sign = grammar.random.pick(&["/", "::", "#", "->"]);
    grammar.line(&format!("Path{n} returns string: {inner} ('{sign}' ID)*;\n"));
    grammar.paths.push(format!("Path{n}"));
}

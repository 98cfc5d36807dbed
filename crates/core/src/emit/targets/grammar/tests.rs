//! JSON of whole grammars and of declarations, as the reference wrote it.

use super::super::testing;
use super::*;
use crate::model::config::Config;

/// The JSON of what `files` make, without white space and quotes.
fn json(files: &[&str], mode: Mode) -> String {
    let text = testing::render(render, files, &Config { mode, ..testing::config(1) });
    let (_, json) = text.split_once("loadGrammarFromJson(").unwrap();
    squeeze(json.trim_end().trim_end_matches("));"))
}

fn squeeze(text: &str) -> String {
    text.replace([' ', '\n', '\'', '"', '`'], "")
}

/// Stands before the declarations below and makes them a grammar that is accepted.
const PRELUDE: &str = "grammar G entry M: 'm'; interface I {} type Y = string; terminal ID: 'i';";

/// A declaration, and its JSON or a part of it without quotes, recorded from langium-cli 4.4.0.
const DECLARATIONS: &[(&str, &str)] = &[
    // What is set first comes first.
    (
        "terminal T: (?= 'a'+)?;",
        "{$type: CharacterRange, left: {$type: Keyword, value: a}, parenthesized: true, cardinality: ?, lookahead: ?=}",
    ),
    (
        "terminal T: (?! 'a')+;",
        "{$type: CharacterRange, left: {$type: Keyword, value: a}, parenthesized: true, lookahead: ?!, cardinality: +}",
    ),
    (
        "R returns I: a?=('x' | [+I|ID])? b+=[Y:'k']; fragment F: 'f';",
        "{$type: ParserRule, name: R, returnType: {$ref: #/interfaces@0}, definition: {$type: Group, elements: [
            {$type: Assignment, feature: a, operator: ?=, terminal: {$type: Alternatives, elements: [
                {$type: Keyword, value: x},
                {$type: CrossReference, isMulti: true, type: {$ref: #/interfaces@0}, deprecatedSyntax: true,
                    terminal: {$type: RuleCall, rule: {$ref: #/rules@1}, arguments: []}}
            ]}, cardinality: ?},
            {$type: Assignment, feature: b, operator: +=, terminal: {$type: CrossReference, type: {$ref: #/types@0},
                terminal: {$type: Keyword, value: k}, deprecatedSyntax: false, isMulti: false}}
        ]}, entry: false, fragment: false, parameters: []},
        {$type: ParserRule, fragment: true, name: F, definition: {$type: Keyword, value: f}, entry: false, parameters: []}",
    ),
    (
        "interface J extends I { a?: @(I | J)+ = [1.50, -Infinity] type: 's'[] = true }",
        "{$type: Interface, name: J, superTypes: [{$ref: #/interfaces@0}], attributes: [
            {$type: TypeAttribute, name: a, isOptional: true,
                type: {$type: ReferenceType, referenceType: {$type: UnionType, types: [
                    {$type: SimpleType, typeRef: {$ref: #/interfaces@0}},
                    {$type: SimpleType, typeRef: {$ref: #/interfaces@1}}
                ]}, isMulti: true},
                defaultValue: {$type: ArrayLiteral, elements: [
                    {$type: NumberLiteral, value: 1.5},
                    {$type: NumberLiteral, value: null}
                ]}},
            {$type: TypeAttribute, name: type,
                type: {$type: ArrayType, elementType: {$type: SimpleType, stringType: s}},
                defaultValue: {$type: BooleanLiteral, true: true}, isOptional: false}
        ]}",
    ),
    (
        "infix X on M returns Y: '*' > right assoc '/' | '-';",
        "{$type: InfixRule, name: X, call: {$type: RuleCall, rule: {$ref: #/rules@0}, arguments: []},
            returnType: {$ref: #/types@0}, operators: {$type: InfixRuleOperators, precedences: [
                {$type: InfixRuleOperatorList, operators: [{$type: Keyword, value: *}]},
                {$type: InfixRuleOperatorList, associativity: right, operators: [
                    {$type: Keyword, value: /}, {$type: Keyword, value: -}
                ]}
            ]}, parameters: []}",
    ),
    // Chains nest to the left; comments belong to everything that starts behind them.
    (
        "hidden terminal T returns number: /* a */ (/* b */ 'c' | 'd' | ID 'f'..'g');",
        "{$type: TerminalRule, hidden: true, name: T, type: {$type: ReturnType, name: number},
            definition: {$type: TerminalAlternatives, elements: [
                {$type: TerminalAlternatives, elements: [
                    {$type: CharacterRange, left: {$type: Keyword, value: c, $comment: /* b */}, parenthesized: false,
                        $comment: /* b */},
                    {$type: CharacterRange, left: {$type: Keyword, value: d}, parenthesized: false}
                ], parenthesized: false, $comment: /* b */},
                {$type: TerminalGroup, elements: [
                    {$type: TerminalRuleCall, rule: {$ref: #/rules@1}, parenthesized: false},
                    {$type: CharacterRange, left: {$type: Keyword, value: f}, right: {$type: Keyword, value: g},
                        parenthesized: false}
                ], parenthesized: false}
            ], parenthesized: true, $comment: /* a */}, fragment: false}",
    ),
    (
        "/** a */ R: /* b\r\n */ (/* c */ 'x' /* d */ // e\n 'y' /* f */ z='z');",
        r"{$type: ParserRule, name: R, definition: {$type: Group, elements: [
            {$type: Keyword, value: x, $comment: /* c */},
            {$type: Keyword, value: y},
            {$type: Assignment, feature: z, operator: =, terminal: {$type: Keyword, value: z}, $comment: /* f */}
        ], $comment: /* b\\n */}, entry: false, fragment: false, parameters: [], $comment: /** a */}",
    ),
    // References to parameters and to types that are declared inside of rules.
    (
        "R<p, q>: <p | !q | true> 'a' R<q=p, (p & q)> | 'b'? & EOF;",
        "{$type: Group, guardCondition: {$type: Disjunction,
            left: {$type: Disjunction,
                left: {$type: ParameterReference, parameter: {$ref: #/rules@2/parameters@0}},
                right: {$type: Negation, value: {$type: ParameterReference, parameter: {$ref: #/rules@2/parameters@1}}}},
            right: {$type: BooleanLiteral, true: true}},
        elements: [{$type: Keyword, value: a}, {$type: RuleCall, rule: {$ref: #/rules@2}, arguments: [
            {$type: NamedArgument, parameter: {$ref: #/rules@2/parameters@1}, calledByName: true,
                value: {$type: ParameterReference, parameter: {$ref: #/rules@2/parameters@0}}},
            {$type: NamedArgument, value: {$type: Conjunction,
                left: {$type: ParameterReference, parameter: {$ref: #/rules@2/parameters@0}},
                right: {$type: ParameterReference, parameter: {$ref: #/rules@2/parameters@1}}}, calledByName: false}
        ]}]},
        {$type: UnorderedGroup, elements: [{$type: Keyword, value: b, cardinality: ?}, {$type: EndOfFile}]}",
    ),
    (
        "R infers A: {infer B} ('x' | {infer C.items+=current})+ x=[A] y=[B] z=[C];",
        "{$type: CrossReference, type: {$ref: #/rules@2/inferredType}, deprecatedSyntax: false, isMulti: false}},
        {$type: Assignment, feature: y, operator: =, terminal: {$type: CrossReference,
            type: {$ref: #/rules@2/definition/elements@0/inferredType}, deprecatedSyntax: false, isMulti: false}},
        {$type: Assignment, feature: z, operator: =, terminal: {$type: CrossReference,
            type: {$ref: #/rules@2/definition/elements@1/elements@1/inferredType}",
    ),
];

#[test]
fn declarations() {
    for (declaration, expected) in DECLARATIONS {
        let grammar = format!("{PRELUDE} {declaration}");
        let found = json(&[&grammar], Mode::Production);
        assert!(found.contains(&squeeze(expected)), "{declaration}: {found}");
        assert_eq!(found, json(&[&grammar], Mode::Development), "{declaration}: the mode changes more than the layout");
    }
}

/// Files of a project, and the JSON of its grammar without quotes, recorded from langium-cli 4.4.0.
const GRAMMARS: &[(&[&str], &str)] = &[
    (
        &["grammar G entry M: 'm';"],
        "{$type: Grammar, isDeclared: true, name: G, rules: [
            {$type: ParserRule, entry: true, name: M, definition: {$type: Keyword, value: m}, fragment: false, parameters: []}
        ], imports: [], interfaces: [], types: []}",
    ),
    (
        &["/* g */ grammar G interface I {} // c\n entry M: 'm';"],
        "{$type: Grammar, isDeclared: true, name: G,
            interfaces: [{$type: Interface, name: I, attributes: [], superTypes: []}], rules: [
            {$type: ParserRule, entry: true, name: M, definition: {$type: Keyword, value: m}, fragment: false, parameters: []}
        ], imports: [], types: [], $comment: /* g */}",
    ),
    (
        &["grammar G import '1' type Y = string; entry M: 'm';", "interface I {} entry R: /* lost */ 'r';"],
        "{$type: Grammar, isDeclared: true, name: G, imports: [],
            types: [{$type: Type, name: Y, type: {$type: SimpleType, primitiveType: string}}], rules: [
            {$type: ParserRule, entry: true, name: M, definition: {$type: Keyword, value: m}, fragment: false, parameters: []},
            {$type: ParserRule, entry: false, name: R, definition: {$type: Keyword, value: r}, fragment: false, parameters: []}
        ], interfaces: [{$type: Interface, name: I, attributes: [], superTypes: []}]}",
    ),
];

#[test]
fn grammars() {
    for (files, expected) in GRAMMARS {
        assert_eq!(json(files, Mode::Production), squeeze(expected), "{files:?}");
    }
}

#[test]
fn every_level_is_indented() {
    let grammar = format!("grammar G entry M: {} 'm' {};", "('a' | 'b' ".repeat(100), ")".repeat(100));
    let text = testing::render(render, &[&grammar], &testing::config(1));
    let (_, json) = text.split_once('`').unwrap();
    let mut depth = 0;
    for line in json.lines().take_while(|line| !line.contains('`')) {
        let content = line.trim_start();
        depth -= usize::from(content.starts_with(['}', ']']));
        assert_eq!(line.len() - content.len(), 2 * depth, "{line}");
        depth += usize::from(content.ends_with(['{', '[']));
    }
}

//! `grammar.ts`: the grammar of each language as JSON, which Langium reads when the language starts
//! (`serializeGrammar` in `grammar-serializer.ts`, langium-cli 4.0.0 to 4.4.0).
//!
//! The order of the keys is the order in which Langium's parser sets the properties: those that it reads, as it reads
//! them; at the end of a rule the missing ones that have a default, in alphabetical order; then what an enclosing rule
//! adds to the same object (`assign` and `construct` in `langium-parser.ts`). Predicates are not written: a check
//! rejects them.

mod json;
mod surroundings;
mod type_paths;

use crate::emit::{Input, Part, Sink};
use crate::model::config::Mode;
use crate::model::{Element, Language, Section, Sources, TypeTarget};
use crate::text::Name;
use crate::text::js::{self, Literal};
use crate::tree::{Cardinality, DeclarationKind, Flags, Item, Kind, List, Lookahead, Node, NodeId, Operator, Returns};
use json::{Json, Key, Piece, key, property, reference, ty};
use surroundings::Surroundings;
use type_paths::TypePaths;

/// Appends the text of `grammar.ts`.
pub(crate) fn render(input: Input<'_>, _: Part, text: &mut Sink<'_>) {
    let Input { sources, model, config } = input;
    super::push_header(text, &config.version);
    if config.langium_internal {
        let extension = config.import_extension.as_str();
        text.extend(["\nimport type { Grammar } from '../../languages/generated/ast", extension, "';\n"]);
        text.extend(["import { loadGrammarFromJson } from '../../utils/grammar-loader", extension, "';\n"]);
    } else {
        text.push_str("\nimport type { Grammar } from 'langium';\nimport { loadGrammarFromJson } from 'langium';\n");
    }
    let (literal, delimiter) = match config.mode {
        Mode::Development => (Literal::Template, "`"),
        Mode::Production => (Literal::SingleQuoted, "'"),
    };
    for language in &model.languages {
        let name = sources.names.get(language.name);
        text.extend(["\nlet loaded", name, "Grammar: Grammar | undefined;\n"]);
        text.extend(["export const ", name, "Grammar = (): Grammar => loaded", name, "Grammar ?? (loaded", name]);
        text.extend(["Grammar = loadGrammarFromJson(", delimiter]);
        push_grammar(sources, language, &mut Json::new(text, literal));
        text.extend([delimiter, "));\n"]);
    }
}

fn push_grammar(sources: &Sources, language: &Language, json: &mut Json<'_, '_>) {
    let entry = sources.file(language.entry);
    let type_paths = TypePaths::new(sources, language);
    let surroundings = json.notes_pieces().then(|| Surroundings::new(sources, language, &type_paths, json.is_indented()));
    let sections = language.sections.map(|section| match section {
        Section::Rules => (key!("rules"), &language.rules),
        Section::Interfaces => (key!("interfaces"), &language.interfaces),
        Section::Types => (key!("types"), &language.types),
    });
    // Embedding empties the list of imports, which stays where the parser set it.
    let has_imports =
        entry.tree.declarations.iter().any(|declaration| matches!(declaration.kind, DeclarationKind::Import { .. }));
    let is_in_entry = |elements: &[Element]| elements.first().is_some_and(|element| !element.imported);
    let imports_at = if has_imports { 0 } else { sections.iter().take_while(|(_, elements)| is_in_entry(elements)).count() };
    json.open(ty!("Grammar"));
    json.property(property!("isDeclared", "true"));
    json.word(key!("name"), sources.names.get(language.name));
    for index in 0..=sections.len() {
        if index == imports_at {
            json.property(property!("imports", "[]"));
        }
        match sections.get(index) {
            None => {}
            Some(&(key, elements)) if elements.is_empty() => {
                json.key(key);
                json.empty_list();
            }
            Some(&(key, elements)) => {
                json.key(key);
                json.open_list();
                let key = |index, &element: &Element| Some(surroundings.as_ref()?.key(sources, index, element));
                json.items(elements, key, |json, index, &element| {
                    let (item, index) = (element.item(sources), index as u32);
                    Printer { sources, language, type_paths: &type_paths, element, item, index, called: 0, json }.declaration();
                });
                json.close_list();
            }
        }
    }
    if let Some(comment) = entry.tree.grammar_comment {
        push_comment(json, comment.of(&entry.text));
    }
    json.close();
}

fn push_comment(json: &mut Json<'_, '_>, comment: &str) {
    if comment.contains('\r') {
        json.string(key!("$comment"), &comment.replace('\r', ""));
    } else {
        json.string(key!("$comment"), comment);
    }
}

/// Prints one declaration.
struct Printer<'a, 'j, 't, 'd> {
    sources: &'a Sources,
    language: &'a Language,
    type_paths: &'a TypePaths,
    element: Element,
    item: Item<'a>,
    /// Its position in its section.
    index: u32,
    /// The rule that was called last, for the names of the arguments.
    called: u32,
    json: &'j mut Json<'t, 'd>,
}

// Declarations
impl Printer<'_, '_, '_, '_> {
    fn declaration(&mut self) {
        match self.item.declaration.kind {
            DeclarationKind::Interface { name, super_types, attributes } => {
                self.json.open(ty!("Interface"));
                self.name(key!("name"), name);
                if !super_types.is_empty() {
                    self.super_types(super_types);
                }
                self.nodes(key!("attributes"), attributes);
                if super_types.is_empty() {
                    self.json.property(property!("superTypes", "[]"));
                }
            }
            DeclarationKind::Type { name, definition } => {
                self.json.open(ty!("Type"));
                self.name(key!("name"), name);
                self.child(key!("type"), definition);
            }
            DeclarationKind::ParserRule { name, entry, fragment, parameters, returns, definition } => {
                self.json.open(ty!("ParserRule"));
                if entry {
                    self.json.flag(key!("entry"), !self.element.imported);
                }
                self.json.flag_if_set(key!("fragment"), fragment);
                self.name(key!("name"), name);
                self.parameters(parameters);
                self.returns(returns);
                self.child(key!("definition"), definition);
                self.json.flag_unless_set(key!("entry"), entry);
                self.json.flag_unless_set(key!("fragment"), fragment);
                self.no_parameters(parameters);
            }
            DeclarationKind::InfixRule { name, parameters, call, returns, operators } => {
                self.json.open(ty!("InfixRule"));
                self.name(key!("name"), name);
                self.parameters(parameters);
                self.child(key!("call"), call);
                self.returns(returns);
                self.child(key!("operators"), operators);
                self.no_parameters(parameters);
            }
            DeclarationKind::TerminalRule { name, hidden, fragment, ty, definition } => {
                self.json.open(ty!("TerminalRule"));
                self.json.flag_if_set(key!("hidden"), hidden);
                self.json.flag_if_set(key!("fragment"), fragment);
                self.name(key!("name"), name);
                if let Some(ty) = ty {
                    self.child(key!("type"), ty);
                }
                self.child(key!("definition"), definition);
                self.json.flag_unless_set(key!("fragment"), fragment);
                self.json.flag_unless_set(key!("hidden"), hidden);
            }
            DeclarationKind::Grammar { .. } | DeclarationKind::Import { .. } | DeclarationKind::Broken => {
                unreachable!("not an element of a language")
            }
        }
        self.close_at(self.item.declaration.first_token);
    }

    fn super_types(&mut self, names: List) {
        self.json.key(key!("superTypes"));
        self.json.open_list();
        for (index, name) in self.item.names(names).enumerate() {
            self.json.item(index);
            self.type_reference(name);
        }
        self.json.close_list();
    }

    fn parameters(&mut self, parameters: List) {
        if !parameters.is_empty() {
            self.nodes(key!("parameters"), parameters);
        }
    }

    fn no_parameters(&mut self, parameters: List) {
        if parameters.is_empty() {
            self.json.property(property!("parameters", "[]"));
        }
    }

    fn returns(&mut self, returns: Returns) {
        match returns {
            Returns::Implicit => {}
            Returns::Type(name) => {
                self.json.key(key!("returnType"));
                self.type_reference(name);
            }
            Returns::Primitive(primitive) => self.json.word(key!("dataType"), primitive.text()),
            Returns::Infers(node) => self.child(key!("inferredType"), node),
        }
    }
}

// Nodes
impl<'a> Printer<'a, '_, '_, '_> {
    fn node(&mut self, id: NodeId) {
        let node = self.item.node(id);
        match node.kind {
            Kind::Alternatives { elements } => self.open_with(ty!("Alternatives"), key!("elements"), elements),
            Kind::UnorderedGroup { elements } => self.open_with(ty!("UnorderedGroup"), key!("elements"), elements),
            Kind::Group { elements, guard: None, .. } => self.open_with(ty!("Group"), key!("elements"), elements),
            Kind::Group { elements, guard: Some(guard), .. } => {
                self.json.open(ty!("Group"));
                self.child(key!("guardCondition"), guard);
                self.nodes(key!("elements"), elements);
            }
            Kind::Keyword { value, .. } => {
                self.json.open(ty!("Keyword"));
                self.text(key!("value"), value);
            }
            Kind::RuleCall { rule, arguments, .. } => {
                self.json.open(ty!("RuleCall"));
                let called = self.language.rule(rule).expect(RESOLVED);
                self.rule_reference(called);
                self.called = called;
                self.nodes(key!("arguments"), arguments);
            }
            Kind::Assignment { feature, terminal, operator, .. } => {
                self.json.open(ty!("Assignment"));
                self.name(key!("feature"), feature);
                self.json.word(key!("operator"), operator.text());
                self.child(key!("terminal"), terminal);
            }
            Kind::CrossReference { ty, terminal, multi, deprecated } => {
                self.json.open(ty!("CrossReference"));
                self.json.flag_if_set(key!("isMulti"), multi);
                self.json.key(key!("type"));
                self.type_reference(ty);
                self.json.flag_if_set(key!("deprecatedSyntax"), deprecated);
                if let Some(terminal) = terminal {
                    self.child(key!("terminal"), terminal);
                }
                self.json.flag_unless_set(key!("deprecatedSyntax"), deprecated);
                self.json.flag_unless_set(key!("isMulti"), multi);
            }
            Kind::Action { ty, feature, operator } => {
                self.json.open(ty!("Action"));
                self.json.key(key!("type"));
                self.type_reference(ty);
                self.action_feature(feature, operator);
            }
            Kind::InferringAction { inferred, feature, operator } => {
                self.json.open(ty!("Action"));
                self.child(key!("inferredType"), inferred);
                self.action_feature(feature, operator);
            }
            Kind::EndOfFile => self.json.open(ty!("EndOfFile")),
            Kind::Parameter { name } => self.open_named(ty!("Parameter"), name),
            Kind::InferredType { name } => self.open_named(ty!("InferredType"), name),
            Kind::ReturnType { name } => self.open_named(ty!("ReturnType"), name),
            Kind::NamedArgument { parameter, value } => {
                self.json.open(ty!("NamedArgument"));
                if let Some(parameter) = parameter {
                    self.parameter_reference(self.called, parameter);
                    self.json.property(property!("calledByName", "true"));
                }
                self.child(key!("value"), value);
                if parameter.is_none() {
                    self.json.property(property!("calledByName", "false"));
                }
            }
            Kind::InfixOperators { precedences } => self.open_with(ty!("InfixRuleOperators"), key!("precedences"), precedences),
            Kind::InfixPrecedence { operators, associativity } => {
                self.json.open(ty!("InfixRuleOperatorList"));
                if let Some(associativity) = associativity {
                    self.name(key!("associativity"), associativity);
                }
                self.nodes(key!("operators"), operators);
            }
            Kind::Disjunction { operands } => self.operands(ty!("Disjunction"), operands),
            Kind::Conjunction { operands } => self.operands(ty!("Conjunction"), operands),
            Kind::Negation { value } => {
                self.json.open(ty!("Negation"));
                self.child(key!("value"), value);
            }
            Kind::ParameterReference { parameter } => {
                self.json.open(ty!("ParameterReference"));
                self.parameter_reference(self.index, parameter);
            }
            Kind::TerminalAlternatives { elements } => self.terminal_alternatives(node, elements),
            Kind::TerminalGroup { elements } => {
                self.open_with(ty!("TerminalGroup"), key!("elements"), elements);
                self.parenthesized(node);
            }
            Kind::TerminalRuleCall { rule } => {
                self.json.open(ty!("TerminalRuleCall"));
                self.rule_reference(self.language.terminal(rule).expect(RESOLVED));
                self.parenthesized(node);
            }
            Kind::NegatedToken { terminal } => {
                self.json.open(ty!("NegatedToken"));
                self.child(key!("terminal"), terminal);
                self.parenthesized(node);
            }
            Kind::UntilToken { terminal } => {
                self.json.open(ty!("UntilToken"));
                self.child(key!("terminal"), terminal);
                self.parenthesized(node);
            }
            Kind::RegexToken { regex } => {
                self.json.open(ty!("RegexToken"));
                self.text(key!("regex"), regex);
                self.parenthesized(node);
            }
            Kind::Wildcard => {
                self.json.open(ty!("Wildcard"));
                self.parenthesized(node);
            }
            Kind::CharacterRange { left, right } => {
                self.json.open(ty!("CharacterRange"));
                self.child(key!("left"), left);
                if let Some(right) = right {
                    self.child(key!("right"), right);
                }
                self.parenthesized(node);
            }
            Kind::UnionType { types } => self.open_with(ty!("UnionType"), key!("types"), types),
            Kind::ArrayType { element } => {
                self.json.open(ty!("ArrayType"));
                self.child(key!("elementType"), element);
            }
            Kind::ReferenceType { referenced, multi } => {
                self.json.open(ty!("ReferenceType"));
                self.child(key!("referenceType"), referenced);
                self.json.flag(key!("isMulti"), multi);
            }
            Kind::TypeReference { ty } => {
                self.json.open(ty!("SimpleType"));
                self.json.key(key!("typeRef"));
                self.type_reference(ty);
            }
            Kind::PrimitiveType { primitive } => {
                self.json.open(ty!("SimpleType"));
                self.json.word(key!("primitiveType"), primitive.text());
            }
            Kind::StringType { value } => {
                self.json.open(ty!("SimpleType"));
                self.text(key!("stringType"), value);
            }
            Kind::TypeAttribute { name, parts, optional } => {
                self.json.open(ty!("TypeAttribute"));
                self.name(key!("name"), name);
                self.json.flag_if_set(key!("isOptional"), optional);
                for (key, part) in [key!("type"), key!("defaultValue")].into_iter().zip(self.item.ids(parts)) {
                    self.child(key, part);
                }
                self.json.flag_unless_set(key!("isOptional"), optional);
            }
            Kind::StringLiteral { value } => {
                self.json.open(ty!("StringLiteral"));
                self.text(key!("value"), value);
            }
            Kind::NumberLiteral { text } => {
                self.json.open(ty!("NumberLiteral"));
                self.json.number(key!("value"), js::parse_number(self.sources.names.get(text)));
            }
            Kind::BooleanLiteral { value } => {
                self.json.open(ty!("BooleanLiteral"));
                self.json.flag(key!("true"), value);
            }
            Kind::ArrayLiteral { elements } => self.open_with(ty!("ArrayLiteral"), key!("elements"), elements),
        }
        self.close(node);
    }

    #[inline(always)]
    fn child(&mut self, key: Key, id: NodeId) {
        self.json.key(key);
        self.node(id);
    }

    #[inline(always)]
    fn nodes(&mut self, key: Key, nodes: List) {
        self.json.key(key);
        self.list(nodes);
    }

    fn list(&mut self, nodes: List) {
        if nodes.is_empty() {
            return self.json.empty_list();
        }
        self.json.open_list();
        for (index, id) in self.item.ids(nodes).enumerate() {
            self.json.item(index);
            self.node(id);
        }
        self.json.close_list();
    }

    #[inline(always)]
    fn open_with(&mut self, ty: Piece, key: Key, nodes: List) {
        self.json.open(ty);
        self.nodes(key, nodes);
    }

    #[inline(always)]
    fn open_named(&mut self, ty: Piece, name: Name) {
        self.json.open(ty);
        self.name(key!("name"), name);
    }

    fn action_feature(&mut self, feature: Option<Name>, operator: Operator) {
        if let Some(feature) = feature {
            self.name(key!("feature"), feature);
            self.json.word(key!("operator"), operator.text());
        }
    }

    fn parenthesized(&mut self, node: &Node) {
        self.json.flag(key!("parenthesized"), node.flags().has(Flags::PARENTHESIZED));
    }

    /// `a | b | c` as `(a | b) | c`, all but the outermost object closed.
    fn operands(&mut self, ty: Piece, operands: List) {
        let mut operands = self.item.ids(operands);
        for _ in 1..operands.len() {
            self.json.open(ty);
            self.json.key(key!("left"));
        }
        let first = operands.next().expect("two operands at least");
        self.node(first);
        while let Some(operand) = operands.next() {
            self.child(key!("right"), operand);
            if operands.len() > 0 {
                self.close_at(self.item.span(self.item.node(first)).start);
            }
        }
    }

    /// Nested as [`Printer::operands`] are.
    fn terminal_alternatives(&mut self, node: &Node, elements: List) {
        let mut elements = self.item.ids(elements);
        for _ in 1..elements.len() {
            self.json.open(ty!("TerminalAlternatives"));
            self.json.key(key!("elements"));
            self.json.open_list();
            self.json.item(0);
        }
        let first = elements.next().expect("two elements at least");
        self.node(first);
        while let Some(element) = elements.next() {
            self.json.item(1);
            self.node(element);
            self.json.close_list();
            if elements.len() > 0 {
                self.json.property(property!("parenthesized", "false"));
                self.close_at(self.item.span(self.item.node(first)).start);
            }
        }
        self.parenthesized(node);
    }

    /// What an enclosing rule may add, and the end of the object.
    fn close(&mut self, node: &Node) {
        let lookahead_last = node.flags().has(Flags::CARDINALITY_FIRST);
        if node.lookahead() != Lookahead::None && !lookahead_last {
            self.json.word(key!("lookahead"), node.lookahead().text());
        }
        if node.cardinality() != Cardinality::One {
            self.json.word(key!("cardinality"), node.cardinality().text());
        }
        if node.lookahead() != Lookahead::None && lookahead_last {
            self.json.word(key!("lookahead"), node.lookahead().text());
        }
        if node.flags().has(Flags::COMMENTED) {
            self.close_at(self.item.span(node).start);
        } else {
            self.json.close();
        }
    }

    /// Ends an object that starts at byte `start` of the declaration's region.
    fn close_at(&mut self, start: u32) {
        if let Some(comment) = self.element.comment_at(self.sources, start) {
            push_comment(self.json, comment);
        }
        self.json.close();
    }
}

// Names and references
impl Printer<'_, '_, '_, '_> {
    #[inline(always)]
    fn name(&mut self, key: Key, name: Name) {
        self.json.word(key, self.sources.names.get(name));
    }

    #[inline(always)]
    fn text(&mut self, key: Key, text: Name) {
        self.json.string(key, self.sources.names.get(text));
    }

    fn type_reference(&mut self, name: Name) {
        match self.language.type_target(name).expect(RESOLVED) {
            TypeTarget::Rule(rule) => self.json.reference(reference!("rules"), rule, ""),
            TypeTarget::Inferred(rule, _) => self.json.reference(reference!("rules"), rule, self.type_paths.get(name)),
            TypeTarget::Interface(index) => self.json.reference(reference!("interfaces"), index, ""),
            TypeTarget::Type(index) => self.json.reference(reference!("types"), index, ""),
        }
    }

    fn rule_reference(&mut self, rule: u32) {
        self.json.key(key!("rule"));
        self.json.reference(reference!("rules"), rule, "");
    }

    fn parameter_reference(&mut self, rule: u32, name: Name) {
        let index = parameter_index(self.language.rule_item(self.sources, rule), name).expect(RESOLVED);
        self.json.key(key!("parameter"));
        self.json.parameter_reference(reference!("rules"), rule, index as u32);
    }
}

const RESOLVED: &str = "analysis lets no unresolved reference pass";

/// The position of the first parameter of that name.
fn parameter_index(rule: Item<'_>, name: Name) -> Option<usize> {
    let (DeclarationKind::ParserRule { parameters, .. } | DeclarationKind::InfixRule { parameters, .. }) = rule.declaration.kind
    else {
        return None;
    };
    rule.ids(parameters).position(|id| rule.node(id).kind == Kind::Parameter { name })
}

#[cfg(test)]
mod tests;

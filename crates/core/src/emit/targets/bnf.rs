//! The grammar in Backus-Naur form (`generateBnf` in `bnf-generator.ts`, langium-cli 4.4.0).
//!
//! What that function has no words for it calls `not-handled-(…)`; cardinalities of keywords and regular expressions are
//! lost; calls of the entry rule do not use the name `root`. All of that is the same here.

mod kebab_case;

use crate::emit::{Input, Part, Sink};
use crate::model::config::{BnfComment, BnfDialect};
use crate::model::{Element, Language, Sources, entry_rule};
use crate::text::{Name, Span, js};
use crate::tree::{DeclarationKind, Item, Kind, List, Node, NodeId};
use kebab_case::push_kebab_case;

/// Appends the file to `text`.
pub(crate) fn render(input: Input<'_>, part: Part, text: &mut Sink<'_>) {
    let Part::Language(index) = part else { return };
    let language = &input.model.languages[index];
    let Some(config) = &input.config.languages[language.config].bnf else { return };
    let mut writer = Writer {
        sources: input.sources,
        language,
        dialect: config.dialect,
        comment: config.comment.unwrap_or(match config.dialect {
            BnfDialect::Gbnf => BnfComment::Hash,
            BnfDialect::Ebnf => BnfComment::Parentheses,
        }),
        hidden: String::new(),
        names: String::new(),
        places: vec![Span::default(); input.sources.names.len()],
    };
    writer.write_names();
    let hidden: Vec<&Element> = language.rules.iter().filter(|rule| writer.is_hidden(rule.item(input.sources))).collect();
    if !hidden.is_empty() {
        let mut call = String::new();
        writer.push_name("HIDDEN", &mut call);
        writer.hidden = call + "* ";
    }
    let root = match config.dialect {
        BnfDialect::Gbnf => entry_rule(input.sources, language),
        BnfDialect::Ebnf => None,
    };
    for (index, &rule) in (0..).zip(&language.rules) {
        writer.push_rule(rule, root == Some(index), text);
        text.push_str("\n\n");
        text.cut();
    }
    if !hidden.is_empty() {
        writer.push_name("HIDDEN", text);
        for (index, rule) in hidden.into_iter().enumerate() {
            text.push_str(if index == 0 { " ::= ( " } else { " | " });
            writer.push_name(writer.rule_name(rule.item(input.sources)), text);
        }
        text.push_str(" )\n");
    }
}

struct Writer<'a> {
    sources: &'a Sources,
    language: &'a Language,
    dialect: BnfDialect,
    comment: BnfComment,
    /// The call of the rule that stands for all hidden terminals, with a space behind it; empty if there are none.
    hidden: String,
    /// The names of all rules as they are written, one behind the other: most are written often.
    names: String,
    /// By name: where it stands in there.
    places: Vec<Span>,
}

/// A parser rule with a value for each of its parameters.
#[derive(Clone, Copy)]
struct Variation<'a> {
    rule: Item<'a>,
    parameters: List,
    /// Bit n is the value of parameter n.
    values: u64,
}

/// Of a rule with this many parameters or more, not all variations are written: they double with each parameter, and
/// beyond a million of them langium-cli runs out of memory too.
const MOST_PARAMETERS: usize = 20;

// Rules
impl<'a> Writer<'a> {
    fn push_rule(&self, rule: Element, is_root: bool, text: &mut String) {
        let item = rule.item(self.sources);
        let name = if is_root { "root" } else { self.rule_name(item) };
        let comment = self.comment(rule, item);
        match item.declaration.kind {
            DeclarationKind::ParserRule { parameters, definition, .. } if !parameters.is_empty() => {
                let count = item.ids(parameters).len().min(MOST_PARAMETERS);
                for values in 0..1 << count {
                    let variation = Variation { rule: item, parameters, values };
                    text.push_str(if values > 0 { "\n" } else { "" });
                    text.push_str(&comment);
                    self.push_variation_name(name, Some(variation), text);
                    text.push_str(" ::= ");
                    Definition { writer: self, item, variation: Some(variation) }.push(definition, text);
                }
            }
            DeclarationKind::ParserRule { definition, .. } | DeclarationKind::TerminalRule { definition, .. } => {
                text.push_str(&comment);
                self.push_name(name, text);
                text.push_str(" ::= ");
                if matches!(item.declaration.kind, DeclarationKind::TerminalRule { hidden: false, .. }) {
                    text.push_str(&self.hidden);
                }
                Definition { writer: self, item, variation: None }.push(definition, text);
            }
            DeclarationKind::InfixRule { call, operators, .. } => {
                text.push_str(&comment);
                self.push_name(name, text);
                text.push_str(" ::= ");
                Definition { writer: self, item, variation: None }.push_infix(name, call, operators, text);
            }
            DeclarationKind::Grammar { .. }
            | DeclarationKind::Import { .. }
            | DeclarationKind::Interface { .. }
            | DeclarationKind::Type { .. }
            | DeclarationKind::Broken => {}
        }
    }

    /// The doc comment of a rule, as a line in the chosen style (`processComment`).
    fn comment(&self, rule: Element, item: Item<'_>) -> String {
        let Some(comment) = rule.comment_at(self.sources, item.declaration.first_token) else { return String::new() };
        let comment = comment.replace("\r\n", " ").replace(['\n', '\r'], " ");
        let inner = comment.strip_prefix("/*").unwrap_or(&comment).trim_start_matches(js::is_white_space);
        let inner = inner.strip_suffix("*/").unwrap_or(inner).trim_end_matches(js::is_white_space);
        if inner.is_empty() {
            return String::new();
        }
        match self.comment {
            BnfComment::Skip => " ".to_owned(),
            BnfComment::Parentheses => format!("(* {inner} *)\n"),
            BnfComment::Slash => format!("/* {inner} */\n"),
            BnfComment::Hash => format!("# {inner}\n"),
        }
    }

    fn is_hidden(&self, rule: Item<'_>) -> bool {
        matches!(rule.declaration.kind, DeclarationKind::TerminalRule { hidden: true, .. })
    }

    fn rule_name(&self, rule: Item<'_>) -> &'a str {
        rule.declaration.kind.name().map_or("", |name| self.sources.names.get(name))
    }

    fn write_names(&mut self) {
        let mut names = String::new();
        for name in self.language.rules.iter().filter_map(|rule| rule.item(self.sources).declaration.kind.name()) {
            let start = names.len() as u32;
            self.push_name(self.sources.names.get(name), &mut names);
            self.places[name.index()] = Span::new(start, names.len() as u32);
        }
        self.names = names;
    }

    /// The name of a rule that is called.
    fn push_called(&self, name: Name, text: &mut String) {
        text.push_str(self.places[name.index()].of(&self.names));
    }

    /// `processName`
    fn push_name(&self, name: &str, text: &mut String) {
        match self.dialect {
            BnfDialect::Gbnf => push_kebab_case(text, name),
            BnfDialect::Ebnf => push_all!(text, "<", name, ">"),
        }
    }

    /// The name with those of the parameters that are true, capitalised, behind it.
    fn push_variation_name(&self, name: &str, variation: Option<Variation<'_>>, text: &mut String) {
        let Some(Variation { rule, parameters, values }) = variation.filter(|variation| variation.values != 0) else {
            return self.push_name(name, text);
        };
        let mut whole = name.to_owned();
        let parameters = rule.ids(parameters).take(MOST_PARAMETERS).enumerate();
        for (_, id) in parameters.filter(|(index, _)| values >> index & 1 == 1) {
            if let Kind::Parameter { name } = rule.node(id).kind {
                let name = self.sources.names.get(name);
                let (first, rest) = name.split_at(name.len().min(1)); // names are ASCII
                whole.extend([&first.to_ascii_uppercase(), rest]);
            }
        }
        self.push_name(&whole, text);
    }
}

/// The definition of a rule, for one choice of its parameters.
struct Definition<'w, 'a> {
    writer: &'w Writer<'a>,
    item: Item<'a>,
    variation: Option<Variation<'a>>,
}

impl<'a> Definition<'_, 'a> {
    /// `processElement`
    fn push(&self, id: NodeId, text: &mut String) {
        let node = self.item.node(id);
        match node.kind {
            Kind::Keyword { value, .. } => {
                text.push_str(&self.writer.hidden);
                self.push_quoted(value, text);
            }
            Kind::Group { guard: Some(guard), .. } if !self.holds(guard) => text.push(' '),
            Kind::Group { elements, .. } | Kind::TerminalGroup { elements } => self.push_group(node, elements, text),
            Kind::Assignment { terminal, .. } => {
                self.push(terminal, text);
                text.push_str(node.cardinality().text());
            }
            Kind::RuleCall { rule, arguments, .. } => {
                self.push_call(rule, arguments, text);
                text.push_str(node.cardinality().text());
            }
            Kind::TerminalRuleCall { rule } => {
                self.writer.push_called(rule, text);
                text.push_str(node.cardinality().text());
            }
            Kind::Alternatives { elements } => self.push_alternatives(node, elements, text),
            Kind::TerminalAlternatives { elements } => self.push_terminal_alternatives(node, elements, text),
            Kind::RegexToken { regex } => push_regex(self.name(regex), text),
            Kind::CrossReference { terminal, .. } => {
                match terminal {
                    Some(terminal) => self.push(terminal, text),
                    None => text.push_str("ID"),
                }
                text.push_str(node.cardinality().text());
            }
            Kind::Action { .. } | Kind::InferringAction { .. } => {}
            Kind::UnorderedGroup { .. } => text.push_str("not-handled-(UnorderedGroup)"),
            Kind::EndOfFile => text.push_str("not-handled-(EndOfFile)"),
            Kind::NegatedToken { .. } => text.push_str("not-handled-(NegatedToken)"),
            Kind::UntilToken { .. } => text.push_str("not-handled-(UntilToken)"),
            Kind::Wildcard => text.push_str("not-handled-(Wildcard)"),
            Kind::CharacterRange { .. } => text.push_str("not-handled-(CharacterRange)"),
            _ => unreachable!("not an element of a rule"),
        }
    }

    fn push_group(&self, node: &Node, elements: List, text: &mut String) {
        let cardinality = node.cardinality().text();
        let start = text.len();
        if cardinality.is_empty() {
            self.push_joined(elements, " ", text);
            return;
        }
        text.push_str("( ");
        if self.push_joined(elements, " ", text) {
            push_all!(text, " )", cardinality);
        } else {
            text.truncate(start);
        }
    }

    fn push_alternatives(&self, node: &Node, elements: List, text: &mut String) {
        let start = text.len();
        text.push('(');
        if self.push_joined(elements, " | ", text) {
            push_all!(text, ")", node.cardinality().text());
        } else {
            text.truncate(start);
        }
    }

    /// The elements without those that are blank; whether any is left.
    fn push_joined(&self, elements: List, separator: &str, text: &mut String) -> bool {
        let start = text.len();
        for id in self.item.ids(elements) {
            let end = text.len();
            if end > start {
                text.push_str(separator);
            }
            self.push_unless_blank(id, end, text);
        }
        text.len() > start
    }

    /// Appends an element; if it is blank, cuts `text` off at `end` instead, and the result is false.
    fn push_unless_blank(&self, id: NodeId, end: usize, text: &mut String) -> bool {
        let start = text.len();
        self.push(id, text);
        let is_blank = text[start..].chars().all(js::is_white_space);
        if is_blank {
            text.truncate(end);
        }
        !is_blank
    }

    /// `a | b | c` as `((a | b) | c)`: Langium nests these to the left.
    fn push_terminal_alternatives(&self, node: &Node, elements: List, text: &mut String) {
        let start = text.len();
        let count = self.item.ids(elements).len();
        let mut is_empty = true;
        for (index, id) in self.item.ids(elements).enumerate() {
            let end = text.len();
            if !is_empty {
                text.push_str(" | ");
            }
            if self.push_unless_blank(id, end, text) && is_empty {
                is_empty = false;
                text.insert_str(start, &"(".repeat(count - index.max(1)));
            }
            if index > 0 && !is_empty {
                text.push(')');
            }
        }
        if !is_empty {
            text.push_str(node.cardinality().text());
        }
    }

    /// `processInfix`, which writes the name and `::=` once more.
    fn push_infix(&self, name: &str, call: NodeId, operators: NodeId, text: &mut String) {
        let Kind::RuleCall { rule, arguments, .. } = self.item.node(call).kind else { return };
        self.writer.push_name(name, text);
        text.push_str(" ::= ");
        self.push_call(rule, arguments, text);
        text.push_str(" ((");
        let mut separator = "";
        for (_, node) in self.item.preorder(operators) {
            if let Kind::Keyword { value, .. } = node.kind {
                text.push_str(separator);
                self.push_quoted(value, text);
                separator = " | ";
            }
        }
        text.push_str(") ");
        self.push_call(rule, arguments, text);
        text.push_str(")*");
    }

    /// The name of the called rule, in the variation that the arguments choose (`collectArguments`, which goes by
    /// position even if arguments are named).
    fn push_call(&self, name: Name, arguments: List, text: &mut String) {
        let variation = self.writer.language.rule(name).and_then(|rule| {
            let rule = self.writer.language.rule_item(self.writer.sources, rule);
            let DeclarationKind::ParserRule { parameters, .. } = rule.declaration.kind else { return None };
            if self.item.ids(arguments).len() != rule.ids(parameters).len() {
                return None;
            }
            let values = self.item.ids(arguments).take(MOST_PARAMETERS).enumerate().fold(0, |values, (index, argument)| {
                let Kind::NamedArgument { value, .. } = self.item.node(argument).kind else { return values };
                values | u64::from(self.holds(value)) << index
            });
            Some(Variation { rule, parameters, values })
        });
        match variation {
            Some(Variation { values: 1.., .. }) => self.writer.push_variation_name(self.name(name), variation, text),
            _ => self.writer.push_called(name, text),
        }
    }

    /// Whether a condition is true (`evaluateCondition`).
    fn holds(&self, condition: NodeId) -> bool {
        match self.item.node(condition).kind {
            Kind::BooleanLiteral { value } => value,
            Kind::Conjunction { operands } => self.item.ids(operands).all(|operand| self.holds(operand)),
            Kind::Disjunction { operands } => self.item.ids(operands).any(|operand| self.holds(operand)),
            Kind::Negation { value } => !self.holds(value),
            Kind::ParameterReference { parameter } => self.variation.is_some_and(|Variation { rule, parameters, values }| {
                let position = rule.ids(parameters).position(|id| rule.node(id).kind == Kind::Parameter { name: parameter });
                position.is_some_and(|position| position < MOST_PARAMETERS && values >> position & 1 == 1)
            }),
            _ => unreachable!("not a condition"),
        }
    }

    fn push_quoted(&self, value: Name, text: &mut String) {
        push_all!(text, "\"", self.name(value), "\"");
    }

    fn name(&self, name: Name) -> &'a str {
        self.writer.sources.names.get(name)
    }
}

/// The regular expression without the slashes that delimit it, or stand unescaped in it; escaped ones lose their
/// backslash.
fn push_regex(literal: &str, text: &mut String) {
    let start = text.len();
    let mut rest = literal.strip_prefix('/').unwrap_or(literal).chars().peekable();
    while let Some(character) = rest.next() {
        text.push(character);
        if rest.peek() == Some(&'/') && character != '\\' {
            rest.next();
        }
    }
    if text[start..].contains("\\/") {
        let unescaped = text[start..].replace("\\/", "/");
        text.truncate(start);
        text.push_str(&unescaped);
    }
}

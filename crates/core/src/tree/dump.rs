//! Trees as text, for tests and for people who wonder what the parser saw.

use std::fmt::Write;

use super::{DeclarationKind, Flags, Item, Kind, Node, NodeId, Returns, Tree};
use crate::text::{Name, Names, Span};

/// One line a declaration or node: its kind, its values, its position in the file (bytes), indented by depth; then the
/// problems. Stable: equal trees give equal text.
pub fn dump(tree: &Tree, names: &Names) -> String {
    let mut out = String::new();
    if let Some(Span { start, end }) = tree.grammar_comment {
        let _ = writeln!(out, "comment {start}..{end}");
    }
    for item in tree.items() {
        Dump { item, names, out: &mut out }.declaration();
    }
    for problem in &tree.problems {
        let Span { start, end } = problem.span.shifted(tree.declarations[problem.declaration as usize].region.start);
        let _ = writeln!(out, "problem {start}..{end} {}", problem.message);
        if let Some(hint) = problem.hint {
            let _ = writeln!(out, "  hint {hint}");
        }
    }
    out
}

struct Dump<'a> {
    item: Item<'a>,
    names: &'a Names,
    out: &'a mut String,
}

impl<'a> Dump<'a> {
    fn name(&self, name: Name) -> &'a str {
        self.names.get(name)
    }

    fn declaration(&mut self) {
        let item = self.item;
        let (label, roots) = self.describe_declaration();
        let Span { start, end } = item.declaration.region;
        let first = start + item.declaration.first_token;
        let comment = if item.comment_at(item.declaration.first_token).is_some() { " commented" } else { "" };
        let _ = writeln!(self.out, "{label} {first}..{end}{comment}");
        roots.into_iter().for_each(|id| self.node(id, 1));
    }

    fn describe_declaration(&self) -> (String, Vec<NodeId>) {
        let item = self.item;
        let named = |kind: &str, name: Name| format!("{kind} {}", self.name(name));
        match item.declaration.kind {
            DeclarationKind::Grammar { name } => (named("Grammar", name), Vec::new()),
            DeclarationKind::Import { path } => (format!("GrammarImport {:?}", self.name(path)), Vec::new()),
            DeclarationKind::Interface { name, super_types, attributes } => {
                let mut label = named("Interface", name);
                item.names(super_types).for_each(|name| label.extend([" extends ", self.name(name)]));
                (label, item.ids(attributes).collect())
            }
            DeclarationKind::Type { name, definition } => (named("Type", name), vec![definition]),
            DeclarationKind::ParserRule { name, entry, fragment, parameters, returns, definition } => {
                let mut label = named("ParserRule", name);
                label.push_str(if entry { " entry" } else { "" });
                label.push_str(if fragment { " fragment" } else { "" });
                let roots = item.ids(parameters).chain(self.returns(returns, &mut label)).chain([definition]);
                (label.clone(), roots.collect())
            }
            DeclarationKind::InfixRule { name, parameters, call, returns, operators } => {
                let mut label = named("InfixRule", name);
                let roots = item.ids(parameters).chain([call]).chain(self.returns(returns, &mut label)).chain([operators]);
                (label.clone(), roots.collect())
            }
            DeclarationKind::TerminalRule { name, hidden, fragment, ty, definition } => {
                let mut label = named("TerminalRule", name);
                label.push_str(if hidden { " hidden" } else { "" });
                label.push_str(if fragment { " fragment" } else { "" });
                (label, ty.into_iter().chain([definition]).collect())
            }
            DeclarationKind::Broken => ("Broken".to_owned(), Vec::new()),
        }
    }

    fn returns(&self, returns: Returns, label: &mut String) -> Option<NodeId> {
        match returns {
            Returns::Implicit => None,
            Returns::Type(name) => {
                label.extend([" returns ", self.name(name)]);
                None
            }
            Returns::Primitive(primitive) => {
                label.extend([" returns ", primitive.text()]);
                None
            }
            Returns::Infers(node) => Some(node),
        }
    }

    fn node(&mut self, id: NodeId, depth: usize) {
        let item = self.item;
        let node = item.node(id);
        let Span { start, end } = item.span(node).shifted(item.declaration.region.start);
        let label = self.describe(node);
        let _ = write!(self.out, "{:indent$}{label}{}", "", node.cardinality().text(), indent = depth * 2);
        let flags = [(Flags::PARENTHESIZED, " parenthesized"), (Flags::COMMENTED, " commented")];
        let _ = write!(self.out, "{}{}", if node.lookahead().text().is_empty() { "" } else { " " }, node.lookahead().text());
        let _ = write!(self.out, " {start}..{end}");
        flags.into_iter().filter(|&(flag, _)| node.flags().has(flag)).for_each(|(_, text)| self.out.push_str(text));
        self.out.push('\n');
        let mut children = Vec::new();
        item.children(node, |child| children.push(child));
        children.into_iter().for_each(|child| self.node(child, depth + 1));
    }

    fn describe(&self, node: &Node) -> String {
        let name = |name| self.name(name);
        match node.kind {
            Kind::Alternatives { .. } => "Alternatives".to_owned(),
            Kind::UnorderedGroup { .. } => "UnorderedGroup".to_owned(),
            Kind::Group { guard, predicate, .. } => {
                format!("Group{}{}", predicate.text(), if guard.is_some() { " guarded" } else { "" })
            }
            Kind::Keyword { value, predicate } => format!("Keyword{} {:?}", predicate.text(), name(value)),
            Kind::RuleCall { rule, predicate, .. } => format!("RuleCall{} {}", predicate.text(), name(rule)),
            Kind::Assignment { feature, operator, predicate, .. } => {
                format!("Assignment{} {}{}", predicate.text(), name(feature), operator.text())
            }
            Kind::CrossReference { ty, multi, deprecated, .. } => {
                format!("CrossReference {}{}{}", if multi { "+" } else { "" }, name(ty), if deprecated { " |" } else { "" })
            }
            Kind::Action { ty, feature, operator } => match feature {
                Some(feature) => format!("Action {}.{}{}", name(ty), name(feature), operator.text()),
                None => format!("Action {}", name(ty)),
            },
            Kind::InferringAction { feature, operator, .. } => match feature {
                Some(feature) => format!("Action .{}{}", name(feature), operator.text()),
                None => "Action".to_owned(),
            },
            Kind::EndOfFile => "EndOfFile".to_owned(),
            Kind::Parameter { name: parameter } => format!("Parameter {}", name(parameter)),
            Kind::InferredType { name: ty } => format!("InferredType {}", name(ty)),
            Kind::NamedArgument { parameter, .. } => match parameter {
                Some(parameter) => format!("NamedArgument {}", name(parameter)),
                None => "NamedArgument".to_owned(),
            },
            Kind::InfixOperators { .. } => "InfixRuleOperators".to_owned(),
            Kind::InfixPrecedence { associativity, .. } => match associativity {
                Some(associativity) => format!("InfixRuleOperatorList {}", name(associativity)),
                None => "InfixRuleOperatorList".to_owned(),
            },
            Kind::Disjunction { .. } => "Disjunction".to_owned(),
            Kind::Conjunction { .. } => "Conjunction".to_owned(),
            Kind::Negation { .. } => "Negation".to_owned(),
            Kind::ParameterReference { parameter } => format!("ParameterReference {}", name(parameter)),
            Kind::TerminalAlternatives { .. } => "TerminalAlternatives".to_owned(),
            Kind::TerminalGroup { .. } => "TerminalGroup".to_owned(),
            Kind::TerminalRuleCall { rule } => format!("TerminalRuleCall {}", name(rule)),
            Kind::NegatedToken { .. } => "NegatedToken".to_owned(),
            Kind::UntilToken { .. } => "UntilToken".to_owned(),
            Kind::RegexToken { regex } => format!("RegexToken {}", name(regex)),
            Kind::Wildcard => "Wildcard".to_owned(),
            Kind::CharacterRange { .. } => "CharacterRange".to_owned(),
            Kind::ReturnType { name: ty } => format!("ReturnType {}", name(ty)),
            Kind::UnionType { .. } => "UnionType".to_owned(),
            Kind::ArrayType { .. } => "ArrayType".to_owned(),
            Kind::ReferenceType { multi, .. } => format!("ReferenceType{}", if multi { " multi" } else { "" }),
            Kind::TypeReference { ty } => format!("SimpleType {}", name(ty)),
            Kind::PrimitiveType { primitive } => format!("SimpleType {}", primitive.text()),
            Kind::StringType { value } => format!("SimpleType {:?}", name(value)),
            Kind::TypeAttribute { name: attribute, optional, .. } => {
                format!("TypeAttribute {}{}", name(attribute), if optional { " optional" } else { "" })
            }
            Kind::StringLiteral { value } => format!("StringLiteral {:?}", name(value)),
            Kind::NumberLiteral { text } => format!("NumberLiteral {}", name(text)),
            Kind::BooleanLiteral { value } => format!("BooleanLiteral {value}"),
            Kind::ArrayLiteral { .. } => "ArrayLiteral".to_owned(),
        }
    }
}

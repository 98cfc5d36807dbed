//! What is known about the rules of a language before types are inferred.

use super::language::Language;
use super::sources::Sources;
use crate::text::Name;
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Returns};

/// Facts about rules, indexed as [`Language::rules`].
#[derive(Clone, Debug)]
pub struct RuleFacts {
    kinds: Vec<RuleKind>,
    type_names: Vec<Name>,
}

/// What a rule is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleKind {
    /// A parser rule that creates AST nodes.
    Parser,
    /// A parser rule that creates a plain value (`isDataTypeRule`): neither it nor any parser rule that it calls has an
    /// assignment or action or calls an infix rule.
    DataType,
    /// A fragment: a piece of the rules that call it.
    Fragment,
    /// An infix rule.
    Infix,
    /// A terminal rule.
    Terminal,
}

impl RuleFacts {
    /// The facts about the rules of `language`.
    pub fn new(sources: &Sources, language: &Language) -> RuleFacts {
        let called = |_, _, name| language.rule(name).map(|rule| (rule, language.rule_kind(sources, rule)));
        let data_type = data_type_rules(language.rules.iter().map(|rule| rule.item(sources)), called);
        RuleFacts::with(sources, language, data_type.into_iter())
    }

    /// The facts, if it is known of each rule whether it is a parser rule that creates a plain value.
    pub(super) fn with(sources: &Sources, language: &Language, data_types: impl Iterator<Item = bool>) -> RuleFacts {
        let facts = language.rules.iter().zip(data_types);
        let (kinds, type_names) = facts.map(|(element, data_type)| facts_of(language, element.item(sources), data_type)).unzip();
        RuleFacts { kinds, type_names }
    }

    /// What the rule is.
    pub fn kind(&self, rule: u32) -> RuleKind {
        self.kinds[rule as usize]
    }

    /// The name of the type that a call of the rule yields (`getRuleTypeName`).
    pub fn type_name(&self, rule: u32) -> Name {
        self.type_names[rule as usize]
    }
}

fn facts_of(language: &Language, item: Item<'_>, data_type: bool) -> (RuleKind, Name) {
    match item.declaration.kind {
        DeclarationKind::ParserRule { name, fragment, returns, .. } => {
            let kind = match (fragment, data_type) {
                (true, _) => RuleKind::Fragment,
                (false, true) => RuleKind::DataType,
                (false, false) => RuleKind::Parser,
            };
            (kind, if data_type { name } else { explicit_type(language, item, returns).unwrap_or(name) })
        }
        DeclarationKind::InfixRule { name, returns, .. } => {
            (RuleKind::Infix, explicit_type(language, item, returns).unwrap_or(name))
        }
        DeclarationKind::TerminalRule { ty, .. } => (RuleKind::Terminal, terminal_type(item, ty)),
        DeclarationKind::Grammar { .. }
        | DeclarationKind::Import { .. }
        | DeclarationKind::Interface { .. }
        | DeclarationKind::Type { .. }
        | DeclarationKind::Broken => unreachable!("a language lists only rules as rules"),
    }
}

/// What `returns` or `infers` says, if there is one and it means something (`getExplicitRuleType`).
fn explicit_type(language: &Language, item: Item<'_>, returns: Returns) -> Option<Name> {
    match returns {
        Returns::Implicit => None,
        Returns::Primitive(primitive) => Some(primitive.name()),
        // Whatever the name refers to carries that name.
        Returns::Type(name) => language.type_target(name).map(|_| name),
        Returns::Infers(node) => match item.node(node).kind {
            Kind::InferredType { name } => Some(name),
            _ => None,
        },
    }
}

/// The type of a terminal rule's value.
pub(super) fn terminal_type(item: Item<'_>, ty: Option<crate::tree::NodeId>) -> Name {
    match ty.map(|ty| item.node(ty).kind) {
        Some(Kind::ReturnType { name }) => name,
        _ => crate::text::name::known::STRING,
    }
}

/// For each of `declarations`, whether it is a parser rule that creates a plain value (`isDataTypeRule` in
/// `grammar-utils.ts`): neither it nor any parser rule that it calls has an assignment or action, calls an infix rule or calls
/// what does not exist. `called` tells what a call in one of them refers to: the position there, and what it is.
pub(super) fn data_type_rules<'s>(
    declarations: impl Iterator<Item = Item<'s>>,
    called: impl Fn(u32, NodeId, Name) -> Option<(u32, DeclarationKind)>,
) -> Vec<bool> {
    let mut data_types = Vec::new();
    let mut calls: Vec<(u32, u32)> = Vec::new(); // (called, caller)
    let mut pending: Vec<u32> = Vec::new();
    for (rule, item) in (0..).zip(declarations) {
        data_types.push(false);
        if !matches!(item.declaration.kind, DeclarationKind::ParserRule { .. }) {
            continue;
        }
        let first_call = calls.len();
        let is_plain = item.nodes.iter().enumerate().all(|(index, node)| match node.kind {
            Kind::Assignment { .. } | Kind::Action { .. } | Kind::InferringAction { .. } => false,
            Kind::RuleCall { rule: name, .. } => match called(rule, NodeId::from_index(index), name) {
                None | Some((_, DeclarationKind::InfixRule { .. })) => false,
                Some((called, DeclarationKind::ParserRule { .. })) => {
                    calls.push((called, rule));
                    true
                }
                Some(_) => true,
            },
            _ => true,
        });
        if is_plain {
            data_types[rule as usize] = true;
        } else {
            calls.truncate(first_call);
            pending.push(rule);
        }
    }
    calls.sort_unstable();
    while let Some(rule) = pending.pop() {
        let first = calls.partition_point(|&(called, _)| called < rule);
        for &(_, caller) in calls[first..].iter().take_while(|&&(called, _)| called == rule) {
            if std::mem::replace(&mut data_types[caller as usize], false) {
                pending.push(caller);
            }
        }
    }
    data_types
}

//! Grammars, rules, their elements, terminals and keywords.

use super::doc_comment::{self, DocComment};
use super::kinds::{Kind, Place};
use super::{ProjectView, maybe, object};
use crate::emit::pack::value::{Arena, Field, Value};
use crate::emit::targets::railroad;
use crate::model::config::LanguageConfig;
use crate::model::{RuleKind, entry_rule, terminal_regex};
use crate::text::{FileId, Name, Span};
use crate::tree::{self, Cardinality, DeclarationKind, Item, NodeId};

impl<'m> ProjectView<'m> {
    pub(super) fn config(&self, grammar: u32) -> &'m LanguageConfig {
        &self.input.config.languages[self.language(grammar).config]
    }

    pub(super) fn grammar_doc(&self, grammar: u32) -> DocComment {
        let file = self.input.sources.file(self.language(grammar).entry);
        file.tree.grammar_comment.map(|span| doc_comment::read(span.of(&file.text))).unwrap_or_default()
    }

    pub(super) fn import_count(&self, grammar: u32) -> u32 {
        self.input.sources.file(self.language(grammar).entry).imports.len() as u32
    }

    /// The path of an import as written, and the file it leads to.
    pub(super) fn import(&self, [grammar, index, _]: Place) -> (&str, Option<FileId>) {
        let file = self.input.sources.file(self.language(grammar).entry);
        let mut paths = file.tree.declarations.iter().filter_map(|declaration| match declaration.kind {
            DeclarationKind::Import { path } => Some(self.text(path)),
            _ => None,
        });
        (paths.nth(index as usize).unwrap_or_default(), file.imports[index as usize])
    }

    /// The name of the grammar in a file.
    pub(super) fn grammar_name(&self, file: FileId) -> Option<&str> {
        match self.input.sources.file(file).tree.declarations.first()?.kind {
            DeclarationKind::Grammar { name } => Some(self.text(name)),
            _ => None,
        }
    }

    pub(super) fn entry(&self, grammar: u32) -> Value<'static> {
        let entry = entry_rule(self.input.sources, self.language(grammar));
        entry.map_or(Value::Null, |rule| object(Kind::Rule, [grammar, rule, 0]))
    }

    pub(super) fn item(&self, at: Place) -> Item<'_> {
        self.element(at).item(self.input.sources)
    }

    pub(super) fn rule_name(&self, at: Place) -> &str {
        self.element(at).kind(self.input.sources).name().map_or("", |name| self.text(name))
    }

    pub(super) fn rule_kind(&self, [grammar, rule, _]: Place) -> &'static str {
        match self.grammars[grammar as usize].facts.kind(rule) {
            RuleKind::Parser => "parser",
            RuleKind::DataType => "dataType",
            RuleKind::Fragment => "fragment",
            RuleKind::Infix => "infix",
            RuleKind::Terminal => "terminal",
        }
    }

    pub(super) fn returns(&self, [grammar, rule, _]: Place) -> Name {
        self.grammars[grammar as usize].facts.type_name(rule)
    }

    /// The doc comment of a rule or terminal. Unlike Langium's copies, imported ones keep theirs.
    pub(super) fn rule_doc(&self, at: Place) -> DocComment {
        let item = self.item(at);
        let comment = item.comment_at(item.declaration.first_token);
        comment.map(|span| doc_comment::read(span.of(self.region(at)))).unwrap_or_default()
    }

    fn region(&self, at: Place) -> &str {
        self.element(at).text(self.input.sources)
    }

    /// The text of a rule from its first token on.
    pub(super) fn rule_source(&self, at: Place) -> &str {
        &self.region(at)[self.item(at).declaration.first_token as usize..]
    }

    pub(super) fn parameters<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let item = self.item(at);
        let (DeclarationKind::ParserRule { parameters, .. } | DeclarationKind::InfixRule { parameters, .. }) =
            item.declaration.kind
        else {
            return Value::Items(&[]);
        };
        let names = item.ids(parameters).filter_map(|id| match item.node(id).kind {
            tree::Kind::Parameter { name } => Some(Value::Text(self.text(name))),
            _ => None,
        });
        arena_items(arena, names)
    }

    pub(super) fn definition(&self, at: Place) -> Value<'static> {
        match self.item(at).declaration.kind {
            DeclarationKind::ParserRule { definition, .. } => element(at, definition),
            _ => Value::Null,
        }
    }

    /// What the operators of an infix rule stand between: the rule.
    pub(super) fn operand(&self, at: Place) -> Value<'static> {
        let item = self.item(at);
        let DeclarationKind::InfixRule { call, .. } = item.declaration.kind else { return Value::Null };
        match item.node(call).kind {
            tree::Kind::RuleCall { rule, .. } => self.rule_named(at[0], rule),
            _ => Value::Null,
        }
    }

    pub(super) fn precedences<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let item = self.item(at);
        let DeclarationKind::InfixRule { operators, .. } = item.declaration.kind else { return Value::Items(&[]) };
        let tree::Kind::InfixOperators { precedences } = item.node(operators).kind else { return Value::Items(&[]) };
        arena_items(arena, item.ids(precedences).map(|id| node(Kind::Precedence, at, id)))
    }

    pub(super) fn operators<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        let item = self.item(at);
        let tree::Kind::InfixPrecedence { operators, .. } = self.node(at).kind else { return Value::Items(&[]) };
        let texts = item.ids(operators).filter_map(|id| match item.node(id).kind {
            tree::Kind::Keyword { value, .. } => Some(Value::Text(self.text(value))),
            _ => None,
        });
        arena_items(arena, texts)
    }

    pub(super) fn associativity(&self, at: Place) -> &str {
        match self.node(at).kind {
            tree::Kind::InfixPrecedence { associativity: Some(name), .. } => self.text(name),
            _ => "left",
        }
    }

    /// The rule of any kind that `name` means.
    fn rule_named(&self, grammar: u32, name: Name) -> Value<'static> {
        let rule = self.language(grammar).rule(name);
        rule.map_or(Value::Null, |rule| self.rule_object(grammar, rule))
    }

    fn is_terminal(&self, grammar: u32, rule: u32) -> bool {
        self.grammars[grammar as usize].facts.kind(rule) == RuleKind::Terminal
    }

    fn rule_object(&self, grammar: u32, rule: u32) -> Value<'static> {
        let kind = if self.is_terminal(grammar, rule) { Kind::Terminal } else { Kind::Rule };
        object(kind, [grammar, rule, 0])
    }

    pub(super) fn diagram<'a>(&'a self, [grammar, rule, _]: Place, arena: &'a Arena) -> Value<'a> {
        let mut svg = String::new();
        railroad::push_linked(self.input.sources, self.language(grammar), rule, &mut svg);
        arena.charge(svg.len()); // drawing it takes longer than copying it
        if svg.is_empty() { Value::Null } else { Value::Text(arena.text(&svg)) }
    }

    // Elements

    pub(super) fn node(&self, at: Place) -> &tree::Node {
        self.item(at).node(NodeId::from_index(at[2] as usize))
    }

    pub(super) fn element_kind(&self, at: Place) -> &'static str {
        match self.node(at).kind {
            tree::Kind::Alternatives { .. } => "alternatives",
            tree::Kind::UnorderedGroup { .. } => "unorderedGroup",
            tree::Kind::Group { .. } => "group",
            tree::Kind::Keyword { .. } => "keyword",
            tree::Kind::RuleCall { .. } => "ruleCall",
            tree::Kind::Assignment { .. } => "assignment",
            tree::Kind::CrossReference { .. } => "crossReference",
            tree::Kind::Action { .. } | tree::Kind::InferringAction { .. } => "action",
            _ => "endOfFile",
        }
    }

    pub(super) fn is_many(&self, at: Place) -> bool {
        matches!(self.node(at).cardinality(), Cardinality::Many | Cardinality::OneOrMore)
    }

    pub(super) fn elements<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        match self.node(at).kind {
            tree::Kind::Alternatives { elements }
            | tree::Kind::UnorderedGroup { elements }
            | tree::Kind::Group { elements, .. } => arena_items(arena, self.item(at).ids(elements).map(|id| element(at, id))),
            _ => Value::Items(&[]),
        }
    }

    pub(super) fn keyword_value(&self, at: Place) -> Option<&str> {
        match self.node(at).kind {
            tree::Kind::Keyword { value, .. } => Some(self.text(value)),
            _ => None,
        }
    }

    fn called_name(&self, at: Place) -> Option<Name> {
        match self.node(at).kind {
            tree::Kind::RuleCall { rule, .. } => Some(rule),
            _ => None,
        }
    }

    /// The rule that an element calls, if it is a terminal or is none.
    pub(super) fn called(&self, at: Place, terminal: bool) -> Value<'static> {
        let rule = self.called_name(at).and_then(|name| self.language(at[0]).rule(name));
        let rule = rule.filter(|&rule| self.is_terminal(at[0], rule) == terminal);
        rule.map_or(Value::Null, |rule| self.rule_object(at[0], rule))
    }

    pub(super) fn arguments<'a>(&'a self, at: Place, arena: &'a Arena) -> Value<'a> {
        match self.node(at).kind {
            tree::Kind::RuleCall { arguments, .. } => {
                let item = self.item(at);
                arena_items(arena, item.ids(arguments).map(|id| Value::Text(self.slice(at, item.span(item.node(id))))))
            }
            _ => Value::Items(&[]),
        }
    }

    fn slice(&self, at: Place, span: Span) -> &str {
        span.of(self.region(at))
    }

    pub(super) fn feature(&self, at: Place) -> Option<&str> {
        match self.node(at).kind {
            tree::Kind::Assignment { feature, .. } => Some(self.text(feature)),
            tree::Kind::Action { feature, .. } | tree::Kind::InferringAction { feature, .. } => Some(self.text(feature?)),
            _ => None,
        }
    }

    pub(super) fn operator(&self, at: Place) -> Option<&str> {
        match self.node(at).kind {
            tree::Kind::Assignment { operator, .. } => Some(operator.text()),
            tree::Kind::Action { feature: Some(_), operator, .. }
            | tree::Kind::InferringAction { feature: Some(_), operator, .. } => Some(operator.text()),
            _ => None,
        }
    }

    pub(super) fn assigned(&self, at: Place) -> Value<'static> {
        match self.node(at).kind {
            tree::Kind::Assignment { terminal, .. } => element(at, terminal),
            tree::Kind::CrossReference { terminal: Some(terminal), .. } => element(at, terminal),
            _ => Value::Null,
        }
    }

    pub(super) fn element_type(&self, at: Place) -> Option<Name> {
        match self.node(at).kind {
            tree::Kind::CrossReference { ty, .. } | tree::Kind::Action { ty, .. } => Some(ty),
            tree::Kind::InferringAction { inferred, .. } => match self.item(at).node(inferred).kind {
                tree::Kind::InferredType { name } => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    pub(super) fn refers_to_several(&self, at: Place) -> bool {
        matches!(self.node(at).kind, tree::Kind::CrossReference { multi: true, .. })
    }

    pub(super) fn guard(&self, at: Place) -> Option<&str> {
        match self.node(at).kind {
            tree::Kind::Group { guard: Some(guard), .. } => Some(self.slice(at, self.item(at).span(self.item(at).node(guard)))),
            _ => None,
        }
    }

    pub(super) fn element_source(&self, at: Place) -> &str {
        self.slice(at, self.item(at).span(self.node(at)))
    }

    // Terminals and keywords

    /// The regular expression as JavaScript prints it; empty if there is none.
    pub(super) fn regex(&self, at: Place) -> String {
        let mut text = String::new();
        let _ = terminal_regex(self.input.sources, self.language(at[0]), self.element(at), &mut text); // a check rules it out
        text
    }

    pub(super) fn terminal_flags(&self, at: Place) -> (bool, bool) {
        match self.item(at).declaration.kind {
            DeclarationKind::TerminalRule { hidden, fragment, .. } => (hidden, fragment),
            _ => (false, false),
        }
    }

    pub(super) fn keyword(&self, [grammar, index, _]: Place) -> &str {
        self.text(self.grammars[grammar as usize].keywords[index as usize].0)
    }

    pub(super) fn keyword_rules(&self, [grammar, index, _]: Place) -> &[u32] {
        &self.grammars[grammar as usize].keywords[index as usize].1
    }

    /// Where the rule comes from: the file of its grammar.
    pub(super) fn file_of(&self, at: Place) -> &str {
        &self.input.sources.file(self.element(at).file).path
    }
}

fn element(at: Place, id: NodeId) -> Value<'static> {
    node(Kind::Element, at, id)
}

fn node(kind: Kind, [grammar, rule, _]: Place, id: NodeId) -> Value<'static> {
    object(kind, [grammar, rule, id.index() as u32])
}

pub(super) fn arena_items<'a>(arena: &'a Arena, items: impl Iterator<Item = Value<'a>>) -> Value<'a> {
    let items: Vec<Value<'a>> = items.collect();
    if items.is_empty() { Value::Items(&[]) } else { Value::Items(arena.items(&items)) }
}

pub(super) fn documentation<'a>(doc: &DocComment, arena: &'a Arena) -> Value<'a> {
    let text = Some(&*doc.text).filter(|text| !text.is_empty());
    maybe(text.map(|text| arena.text(text)))
}

pub(super) fn tags<'a>(doc: &DocComment, arena: &'a Arena) -> Value<'a> {
    let tags = doc.tags.iter().map(|(name, text)| {
        let fields: [Field<'a>; 2] = [("name", Value::Text(arena.text(name))), ("text", Value::Text(arena.text(text)))];
        Value::Fields(arena.fields(&fields))
    });
    arena_items(arena, tags)
}

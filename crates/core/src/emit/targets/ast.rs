//! `ast.ts`: TypeScript types of the AST, guards, and the reflection that the Langium runtime works with
//! (`ast-generator.ts` and `toAstTypesString` in `types.ts`, langium-cli and langium 4.4.0).

use std::borrow::Cow;

use super::push_header;
use crate::emit::{Input, Part, Sink};
use crate::model::types::{Interface, Property, PropertyType, PropertyTypeId, TypeId, Types, Union};
use crate::model::{Element, Language, Sources, reachable_keywords, reachable_rules, terminal_regex};
use crate::text::collate::{compare_identifiers, compare_utf16};
use crate::text::{Name, js};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Primitive};

/// Appends the file to `text`.
pub(crate) fn render(input: Input<'_>, _: Part, text: &mut Sink<'_>) {
    let project = &input.config.project_name;
    push_header(text, &input.config.version);
    text.push_str("\n/* eslint-disable */\nimport * as langium from '");
    if input.config.langium_internal {
        text.push_str("../../syntax-tree");
        text.push_str(&input.config.import_extension);
    } else {
        text.push_str("langium");
    }
    text.push_str("';\n\n");
    let types = &input.model.types;
    let writer = Writer { input, types };
    match &input.model.languages[..] {
        [language] => {
            push_tokens(input, language, project, "", text);
            text.push('\n');
            writer.push_definitions(text);
        }
        languages => {
            for (language, types) in languages.iter().zip(&input.model.language_types) {
                push_namespace(input, language, types, text);
            }
            push_composition(input, languages, text);
            writer.push_definitions(text);
        }
    }
    if input.model.languages.len() == 1 {
        push_ast_type(input, types, project, "", text);
        text.push('\n');
    }
    writer.push_reflection(text);
}

/// The part of a project with several languages that is one language's own.
fn push_namespace(input: Input<'_>, language: &Language, types: &Types, text: &mut Sink<'_>) {
    let name = input.sources.names.get(language.name);
    push_all(
        text,
        &[
            "/** Contains the reachable terminals & keywords and all available types of the '",
            name,
            "' language. */\nexport namespace ",
            name,
            " {\n\n",
        ],
    );
    push_tokens(input, language, "", "    ", text);
    text.push('\n');
    push_ast_type(input, types, "", "    ", text);
    text.push_str("\n}\n\n");
}

/// What the languages of a project have together.
fn push_composition(input: Input<'_>, languages: &[Language], text: &mut String) {
    let project = &input.config.project_name;
    let mut names: Vec<&str> = languages.iter().map(|language| input.sources.names.get(language.name)).collect();
    names.sort_unstable_by(|a, b| compare_utf16(a, b));
    let joined =
        |suffix: &str, separator: &str| names.iter().map(|name| [name, suffix].concat()).collect::<Vec<_>>().join(separator);
    push_all(
        text,
        &[
            "\n// the terminals, keywords and types of the whole '",
            project,
            "' project\n\nexport const ",
            project,
            "Terminals = {\n",
        ],
    );
    for name in &names {
        push_all(text, &["    ...", name, ".Terminals,\n"]);
    }
    push_all(
        text,
        &["};\n\nexport type ", project, "TerminalNames = keyof typeof ", project, "Terminals;\n\nexport type ", project],
    );
    push_all(text, &["KeywordNames = ", &joined(".KeywordNames", " | "), ";\n\nexport type ", project, "TokenNames = ", project]);
    push_all(text, &["TerminalNames | ", project, "KeywordNames;\n\nexport type ", project, "AstType = "]);
    push_all(text, &[&joined(".AstType", " & "), "\n\n\n// all type definitions of the the whole '", project, "' project\n\n"]);
}

/// Terminals, keywords and the names of both.
fn push_tokens(input: Input<'_>, language: &Language, prefix: &str, indent: &str, text: &mut Sink<'_>) {
    let sources = input.sources;
    let reachable = reachable_rules(sources, language, false);
    push_all(text, &[indent, "export const ", prefix, "Terminals = {\n"]);
    for (&element, _) in language.rules.iter().zip(&reachable).filter(|&(_, &reachable)| reachable) {
        if let DeclarationKind::TerminalRule { name, .. } = element.item(sources).declaration.kind {
            push_all(text, &[indent, "    ", sources.names.get(name), ": "]);
            push_regex(sources, language, element, text);
            text.push_str(",\n");
            text.cut();
        }
    }
    push_all(
        text,
        &[indent, "};\n\n", indent, "export type ", prefix, "TerminalNames = keyof typeof ", prefix, "Terminals;\n\n"],
    );
    let keywords = reachable_keywords(sources, language, &reachable);
    let mut keywords: Vec<&str> = keywords.into_iter().map(|keyword| sources.names.get(keyword)).collect();
    keywords.sort_unstable_by(|a, b| compare_utf16(a, b));
    push_all(text, &[indent, "export type ", prefix, "KeywordNames ="]);
    if keywords.is_empty() {
        text.push_str(" never");
    }
    for keyword in keywords {
        push_all(text, &["\n", indent, "    | "]);
        js::push_json_string(text, keyword);
        text.cut();
    }
    push_all(
        text,
        &[";\n\n", indent, "export type ", prefix, "TokenNames = ", prefix, "TerminalNames | ", prefix, "KeywordNames;\n"],
    );
}

fn push_regex(sources: &Sources, language: &Language, terminal: Element, text: &mut String) {
    if terminal_regex(sources, language, terminal, text).is_err() {
        unreachable!("a check makes sure that no terminal calls itself");
    }
}

/// The map of all AST types by name.
fn push_ast_type(input: Input<'_>, types: &Types, prefix: &str, indent: &str, text: &mut Sink<'_>) {
    push_all(text, &[indent, "export type ", prefix, "AstType = {\n"]);
    for id in ast_types(input, types) {
        let name = input.sources.names.get(types.name(id));
        push_all(text, &[indent, "    ", name, ": ", name, "\n"]);
    }
    push_all(text, &[indent, "}\n"]);
}

/// Interfaces and unions of AST nodes, sorted by UTF-16 code units.
fn ast_types(input: Input<'_>, types: &Types) -> Vec<TypeId> {
    let unions = types.unions.iter().enumerate().filter(|(_, union)| union.is_ast).map(|(index, _)| types.union_id(index));
    let mut ids: Vec<TypeId> = (0..types.interfaces.len() as u32).map(TypeId).chain(unions).collect();
    let names = &input.sources.names;
    ids.sort_by(|&a, &b| compare_utf16(names.get(types.name(a)), names.get(types.name(b))));
    ids
}

/// Writes the definitions and the reflection of one set of types.
struct Writer<'a> {
    input: Input<'a>,
    types: &'a Types,
}

impl<'a> Writer<'a> {
    fn name(&self, name: Name) -> &'a str {
        self.input.sources.names.get(name)
    }

    /// All types, sorted by name, each followed by an empty line.
    fn push_definitions(&self, text: &mut Sink<'_>) {
        // Both lists are sorted already; unions come first where names are equal.
        let (mut interfaces, mut unions) =
            (self.types.interfaces.iter().enumerate().peekable(), self.types.unions.iter().peekable());
        loop {
            let union_next = match (interfaces.peek(), unions.peek()) {
                (None, None) => return,
                (None, Some(_)) => true,
                (Some(_), None) => false,
                (Some((_, interface)), Some(union)) => {
                    compare_identifiers(self.name(union.name), self.name(interface.name)).is_le()
                }
            };
            if union_next {
                unions.next().into_iter().for_each(|union| self.push_union(union, text));
            } else {
                interfaces.next().into_iter().for_each(|(index, interface)| self.push_interface(index, interface, text));
            }
            text.push('\n');
            text.cut();
        }
    }

    fn push_union(&self, union: &Union, text: &mut String) {
        let name = self.name(union.name);
        self.push_comment(union.comment, "", text);
        push_all(text, &["export type ", name, " = "]);
        self.push_type(union.ty, text);
        text.push_str(";\n");
        if union.is_ast {
            text.push('\n');
            push_guard(name, &[], text);
        }
        if let Some(data_type) = union.data_type {
            text.push('\n');
            self.push_data_type_guard(union, data_type, text);
        }
    }

    fn push_interface(&self, index: usize, interface: &Interface, text: &mut String) {
        let name = self.name(interface.name);
        self.push_comment(interface.comment, "", text);
        push_all(text, &["export interface ", name, " extends "]);
        let super_types = interface.super_types.iter().filter_map(|id| self.types.interface(id));
        let super_types: Vec<&str> = super_types.map(|super_type| self.name(super_type.name)).collect();
        if super_types.is_empty() {
            text.push_str("langium.AstNode");
        } else {
            push_sorted(super_types, ", ", "", text);
        }
        text.push_str(" {\n");
        if !interface.containers.is_empty() {
            text.push_str("    readonly $container: ");
            push_sorted(interface.containers.iter().map(|id| self.name(self.types.name(id))).collect(), " | ", "", text);
            text.push_str(";\n");
        }
        if !interface.type_names.is_empty() {
            text.push_str("    readonly $type: ");
            push_sorted(interface.type_names.iter().map(|name| self.name(name)).collect(), " | ", "'", text);
            text.push_str(";\n");
        }
        let mut own: Vec<&Property> = interface.properties.iter().collect();
        own.sort_by(|a, b| compare_identifiers(self.name(a.name), self.name(b.name)));
        for property in own {
            self.push_comment(property.comment, "    ", text);
            let optional = property.optional && !self.types.arena.is_mandatory(property.ty);
            push_all(text, &["    ", self.name(property.name), if optional { "?: " } else { ": " }]);
            self.push_type(property.ty, text);
            text.push_str(";\n");
        }
        text.push_str("}\n\n");
        let all: Vec<&str> = self.sorted_properties(index).iter().map(|property| self.name(property.name)).collect();
        push_guard(name, &all, text);
    }

    /// The properties of an interface and all that it extends, sorted by name.
    fn sorted_properties(&self, index: usize) -> Vec<Property> {
        let mut properties = self.types.all_properties(index);
        properties.sort_by(|a, b| compare_identifiers(self.name(a.name), self.name(b.name)));
        properties
    }

    fn push_comment(&self, comment: Option<crate::model::types::CommentId>, indent: &str, text: &mut String) {
        if let Some(comment) = comment {
            push_all(text, &[indent, self.types.comment(comment, self.input.sources), "\n"]);
        }
    }

    /// `propertyTypeToString`
    fn push_type(&self, id: PropertyTypeId, text: &mut String) {
        match self.types.arena.get(id) {
            PropertyType::Reference { referenced, multi, .. } => {
                text.push_str(if multi { "langium.MultiReference<" } else { "langium.Reference<" });
                self.push_type(referenced, text);
                text.push('>');
            }
            PropertyType::Array(element) => {
                text.push_str("Array<");
                self.push_type(element, text);
                text.push('>');
            }
            PropertyType::Union(list) => {
                let members = self.types.arena.members(list).iter().map(|&member| self.type_text(member));
                let mut members: Vec<Cow<'a, str>> = members.collect();
                members.sort_unstable_by(|a, b| compare_utf16(a, b));
                members.dedup();
                push_joined(members.iter().map(|member| member.as_ref()), " | ", "", text);
            }
            PropertyType::Value(name) if self.types.find(name).is_none() => text.push_str("unknown"),
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => {
                text.push_str(self.name(name));
            }
            PropertyType::Text(value) => push_quoted(self.name(value), text),
        }
    }

    /// A member of a union, in parentheses if it is a union itself.
    fn type_text(&self, id: PropertyTypeId) -> Cow<'a, str> {
        match self.types.arena.get(id) {
            PropertyType::Value(name) if self.types.find(name).is_some() => Cow::Borrowed(self.name(name)),
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => Cow::Borrowed(self.name(name)),
            PropertyType::Union(_) => {
                let mut text = String::from("(");
                self.push_type(id, &mut text);
                text.push(')');
                Cow::Owned(text)
            }
            PropertyType::Value(_) | PropertyType::Text(_) | PropertyType::Array(_) | PropertyType::Reference { .. } => {
                let mut text = String::new();
                self.push_type(id, &mut text);
                Cow::Owned(text)
            }
        }
    }
}

/// `'value'`, as Langium quotes in types: only quotes are escaped.
fn push_quoted(value: &str, text: &mut String) {
    text.push('\'');
    push_escaping_quotes(value, text);
    text.push('\'');
}

fn push_escaping_quotes(value: &str, text: &mut String) {
    for (index, part) in value.split('\'').enumerate() {
        if index > 0 {
            text.push_str("\\'");
        }
        text.push_str(part);
    }
}

/// The constant with the names of a type's properties, and its type guard.
fn push_guard(name: &str, properties: &[&str], text: &mut String) {
    push_all(text, &["export const ", name, " = {\n    $type: '", name, "'"]);
    for property in properties {
        push_all(text, &[",\n    ", property, ": '", property, "'"]);
    }
    push_all(text, &["\n} as const;\n\nexport function is", name, "(item: unknown): item is ", name]);
    push_all(text, &[" {\n    return reflection.isInstance(item, ", name, ".$type);\n}\n"]);
}

// Guards of data types
impl Writer<'_> {
    fn push_data_type_guard(&self, union: &Union, data_type: Primitive, text: &mut String) {
        let mut condition = String::new();
        match data_type {
            Primitive::String if !self.is_only_text(union.ty, 0) => return,
            Primitive::String => self.push_text_condition(union, &mut condition),
            Primitive::Number | Primitive::Boolean | Primitive::Bigint => {
                push_all(&mut condition, &["typeof item === '", data_type.text(), "'"]);
            }
            Primitive::Date => condition.push_str("item instanceof Date"),
        }
        let name = self.name(union.name);
        push_all(text, &["export function is", name, "(item: unknown): item is ", name, " {\n    return ", &condition, ";\n}\n"]);
    }

    fn push_text_condition(&self, union: &Union, text: &mut String) {
        let (mut values, mut regexes) = (Vec::new(), Vec::new());
        self.types.arena.for_each_member(union.ty, &mut |_, member| match member {
            PropertyType::Text(value) => values.push(value),
            PropertyType::Terminal(name, element) if name == Primitive::String.name() => regexes.push(element),
            _ => {}
        });
        let mut separator = "";
        for sub_type in union.sub_types.iter() {
            push_all(text, &[separator, "is", self.name(self.types.name(sub_type)), "(item)"]);
            separator = " || ";
        }
        for value in values {
            push_all(text, &[separator, "item === '", self.name(value), "'"]);
            separator = " || ";
        }
        for (index, &element) in regexes.iter().enumerate() {
            text.push_str(if index == 0 { separator } else { " || " });
            if index == 0 {
                text.push_str("(typeof item === 'string' && (");
            }
            self.push_terminal(element, text);
            text.push_str(".test(item)");
        }
        match (separator, regexes.is_empty()) {
            (_, false) => text.push_str("))"),
            ("", true) => text.push_str("typeof item === 'string'"),
            (_, true) => {}
        }
    }

    fn push_terminal(&self, element: Element, text: &mut String) {
        let declares = |language: &&Language| language.rules.contains(&element);
        if let Some(language) = self.input.model.languages.iter().find(declares) {
            push_regex(self.input.sources, language, element, text);
        }
    }

    /// Whether all values of the type are texts that can be told (`containsOnlyStringTypes`, with its quirk: of several
    /// unions inside a union, only the last one counts).
    fn is_only_text(&self, id: PropertyTypeId, depth: u32) -> bool {
        // Deeper than any data type that does not contain itself: Langium recurses for ever there.
        const MAX_DEPTH: u32 = 1000;
        let list = match self.types.arena.get(id) {
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => return name == Primitive::String.name(),
            PropertyType::Text(_) => return true,
            PropertyType::Union(list) if depth < MAX_DEPTH => list,
            PropertyType::Union(_) | PropertyType::Value(_) | PropertyType::Array(_) | PropertyType::Reference { .. } => {
                return false;
            }
        };
        let mut result = true;
        for &member in self.types.arena.members(list) {
            let fits = match self.types.arena.get(member) {
                PropertyType::Value(name) => {
                    let union = self.types.find(name).and_then(|id| self.types.union(id));
                    union.is_some_and(|union| self.is_only_text(union.ty, depth + 1))
                }
                PropertyType::Terminal(name, _) => name == Primitive::String.name(),
                PropertyType::Text(_) => true,
                PropertyType::Union(_) => {
                    result = self.is_only_text(member, depth + 1);
                    true
                }
                PropertyType::Primitive(_) | PropertyType::Array(_) | PropertyType::Reference { .. } => false,
            };
            if !fits {
                return false;
            }
        }
        result
    }
}

// Reflection
impl Writer<'_> {
    fn push_reflection(&self, text: &mut Sink<'_>) {
        let project = &self.input.config.project_name;
        push_all(text, &["export class ", project, "AstReflection extends langium.AbstractAstReflection {\n"]);
        text.push_str("    override readonly types = {\n");
        let super_types = self.types.ast_super_types();
        let ids = ast_types(self.input, self.types);
        for (position, &id) in ids.iter().enumerate() {
            // Langium looks types up by name here: the interface counts where there is a union of the same name.
            let id = self.types.named_as(id);
            let name = self.name(self.types.name(id));
            push_all(text, &["        ", name, ": {\n            name: ", name, ".$type,\n            properties: {\n"]);
            if self.types.interface(id).is_some() {
                self.push_property_metadata(name, &self.sorted_properties(id.index()), text);
            }
            text.push_str("            },\n            superTypes: [");
            for (index, super_type) in super_types[id.index()].iter().enumerate() {
                push_all(text, &[if index == 0 { "" } else { ", " }, self.name(self.types.name(super_type)), ".$type"]);
            }
            text.push_str(if position + 1 < ids.len() { "]\n        },\n" } else { "]\n        }\n" });
            text.cut();
        }
        push_all(text, &["    } as const satisfies langium.AstMetaData\n}\n\nexport const reflection = new ", project]);
        text.push_str("AstReflection();\n");
    }

    fn push_property_metadata(&self, owner: &str, properties: &[Property], text: &mut String) {
        for (position, property) in properties.iter().enumerate() {
            let name = self.name(property.name);
            push_all(text, &["                ", name, ": {\n                    name: ", owner, ".", name]);
            if let Some((item, node)) = self.types.arena.default_of(property, self.input.sources) {
                text.push_str(",\n                    defaultValue: ");
                self.push_default(item, node, text);
            } else if self.has_boolean(property.ty) {
                text.push_str(",\n                    defaultValue: false");
            } else if let PropertyType::Array(_) = self.types.arena.get(property.ty) {
                text.push_str(",\n                    defaultValue: []");
            }
            if let Some(referenced) = self.first_reference(property.ty) {
                push_all(text, &[",\n                    referenceType: ", self.name(referenced), ".$type"]);
            }
            // New in 4.3.
            if property.optional && self.input.config.version.minor >= 3 {
                text.push_str(",\n                    optional: true");
            }
            text.push_str(if position + 1 < properties.len() { "\n                },\n" } else { "\n                }\n" });
        }
    }

    fn push_default(&self, item: Item<'_>, id: NodeId, text: &mut String) {
        match item.node(id).kind {
            Kind::StringLiteral { value } => push_quoted(self.name(value), text),
            Kind::NumberLiteral { text: number } => js::push_number(text, js::parse_number(self.name(number))),
            Kind::BooleanLiteral { value } => text.push_str(if value { "true" } else { "false" }),
            Kind::ArrayLiteral { elements } => {
                text.push('[');
                for (index, element) in item.ids(elements).enumerate() {
                    text.push_str(if index == 0 { "" } else { ", " });
                    self.push_default(item, element, text);
                }
                text.push(']');
            }
            _ => unreachable!("the parser accepts no other values"),
        }
    }

    fn has_boolean(&self, id: PropertyTypeId) -> bool {
        let mut found = false;
        self.types.arena.for_each_member(id, &mut |_, member| {
            if let PropertyType::Primitive(name) = member {
                found |= name == Primitive::Boolean.name();
            }
        });
        found
    }

    /// The first type that is referred to (`findReferenceTypes`).
    fn first_reference(&self, id: PropertyTypeId) -> Option<Name> {
        match self.types.arena.get(id) {
            PropertyType::Union(list) => self.types.arena.members(list).iter().find_map(|&member| self.first_reference(member)),
            PropertyType::Array(element) => self.first_reference(element),
            PropertyType::Reference { referenced, .. } => match self.types.arena.get(referenced) {
                PropertyType::Value(name) => self.types.find(name).map(|_| name),
                _ => None,
            },
            PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => None,
        }
    }
}

fn push_all(text: &mut String, parts: &[&str]) {
    parts.iter().for_each(|part| text.push_str(part));
}

/// Distinct identifiers sorted by UTF-16 code units, each between `quote`s.
fn push_sorted(mut names: Vec<&str>, separator: &str, quote: &str, text: &mut String) {
    names.sort_unstable(); // identifiers are ASCII, where bytes are code units
    names.dedup();
    push_joined(names.into_iter(), separator, quote, text);
}

fn push_joined<'n>(names: impl Iterator<Item = &'n str>, separator: &str, quote: &str, text: &mut String) {
    for (index, name) in names.enumerate() {
        push_all(text, &[if index == 0 { "" } else { separator }, quote, name, quote]);
    }
}

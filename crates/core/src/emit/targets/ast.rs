//! `ast.ts`: TypeScript types of the AST, guards, and the reflection that the Langium runtime works with
//! (`ast-generator.ts` and `toAstTypesString` in `types.ts`, langium-cli and langium 4.4.0).

mod data_type;
mod keys;
mod order;
mod reflection;

use std::hash::Hash;

use super::push_header;
use crate::emit::{Input, Part, Sink};
use crate::hash::Bytes;
use crate::model::config::Config;
use crate::model::types::{CommentId, Interface, Property, PropertyType, PropertyTypeId, SuperTypes, TypeId, Types, Union};
use crate::model::{Element, Language, Sources, terminal_regex};
use crate::text::collate::{compare_identifiers, compare_utf16, sort_utf16};
use crate::text::{Name, Span, js};
use crate::tree::DeclarationKind;
use crate::work::Pool;
use keys::{Section, TypeKeys};
use order::{Properties, PropertyOrder, TypeOrder};
use reflection::Listed;

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
    match &input.model.languages[..] {
        [language] => {
            push_tokens(input, language, project, "", text);
            text.push('\n');
        }
        languages => {
            for (index, language) in languages.iter().enumerate() {
                push_namespace(input, index, language, text);
            }
            push_composition(input, languages, text);
        }
    }
    push_piece(input, Of::All, text, push_all_types);
}

/// What a piece of the file is about.
#[derive(Clone, Copy, Debug, Hash)]
enum Of {
    All,
    Language(usize),
    Tokens,
    TypeMap,
}

/// Writes a piece that depends on types, on what it is about and on the configuration, unless it is known.
fn push_piece(input: Input<'_>, of: Of, text: &mut Sink<'_>, write: impl FnOnce(Input<'_>, &mut Sink<'_>)) {
    let Some(types_key) = input.model.types_key else { return write(input, text) };
    let Config { project_name, version, langium_internal, .. } = input.config;
    let mut bytes = Bytes::default();
    (types_key, of, project_name, version, langium_internal, input.model.languages.len()).hash(&mut bytes);
    text.piece(Some(bytes.xxh3()), |text| write(input, text));
}

/// Whether keys of pieces are of use. What counts by its number, as names do, is the same only in a project that is remembered.
fn has_pieces(input: Input<'_>, text: &Sink<'_>) -> bool {
    input.model.types_key.is_some() && text.notes_pieces()
}

/// All types, and what the Langium runtime is told about them.
fn push_all_types(input: Input<'_>, text: &mut Sink<'_>) {
    let types = input.model.types(input.sources);
    let names = &input.sources.names;
    let (order, properties, super_types) =
        (TypeOrder::new(types, names), PropertyOrder::new(types, names), SuperTypes::new(types));
    let keys = has_pieces(input, text).then(|| TypeKeys::new(input, types, &super_types));
    let writer = Writer { input, types, order, properties, super_types, keys };
    let scratches = Pool::new(|| writer.scratch());
    writer.push_definitions(&scratches, text);
    if let [_] = input.model.languages[..] {
        push_ast_type(input, types, &writer.order, &input.config.project_name, "", text);
        text.push('\n');
    }
    writer.push_reflection(&scratches, text);
}

/// The part of a project with several languages that is one language's own.
fn push_namespace(input: Input<'_>, index: usize, language: &Language, text: &mut Sink<'_>) {
    let name = input.sources.names.get(language.name);
    push_all!(
        text,
        "/** Contains the reachable terminals & keywords and all available types of the '",
        name,
        "' language. */\nexport namespace ",
        name,
        " {\n\n"
    );
    push_tokens(input, language, "", "    ", text);
    text.push('\n');
    push_piece(input, Of::Language(index), text, |input, text| {
        let types = &input.model.language_types(input.sources)[index];
        push_ast_type(input, types, &TypeOrder::new(types, &input.sources.names), "", "    ", text);
    });
    text.push_str("\n}\n\n");
}

/// What the languages of a project have together.
fn push_composition(input: Input<'_>, languages: &[Language], text: &mut String) {
    let project = &input.config.project_name;
    let mut names: Vec<&str> = languages.iter().map(|language| input.sources.names.get(language.name)).collect();
    names.sort_unstable_by(|a, b| compare_utf16(a, b));
    let joined =
        |suffix: &str, separator: &str| names.iter().map(|name| [name, suffix].concat()).collect::<Vec<_>>().join(separator);
    push_all!(
        text,
        "\n// the terminals, keywords and types of the whole '",
        project,
        "' project\n\nexport const ",
        project,
        "Terminals = {\n"
    );
    for name in &names {
        push_all!(text, "    ...", name, ".Terminals,\n");
    }
    push_all!(
        text,
        "};\n\nexport type ",
        project,
        "TerminalNames = keyof typeof ",
        project,
        "Terminals;\n\nexport type ",
        project
    );
    push_all!(text, "KeywordNames = ", &joined(".KeywordNames", " | "), ";\n\nexport type ", project, "TokenNames = ", project);
    push_all!(text, "TerminalNames | ", project, "KeywordNames;\n\nexport type ", project, "AstType = ");
    push_all!(text, &joined(".AstType", " & "), "\n\n\n// all type definitions of the the whole '", project, "' project\n\n");
}

/// Terminals, keywords and the names of both.
fn push_tokens(input: Input<'_>, language: &Language, prefix: &str, indent: &str, text: &mut Sink<'_>) {
    let key = has_pieces(input, text).then(|| {
        let words = language.words(input.sources);
        let mut bytes = Bytes::default();
        (Of::Tokens, prefix, indent, &words.keywords, hash_of_terminals(input.sources, language)).hash(&mut bytes);
        bytes.xxh3()
    });
    text.piece(key, |text| push_token_types(input.sources, language, prefix, indent, text));
}

fn push_token_types(sources: &Sources, language: &Language, prefix: &str, indent: &str, text: &mut Sink<'_>) {
    let words = language.words(sources);
    push_all!(text, indent, "export const ", prefix, "Terminals = {\n");
    for (&element, _) in language.rules.iter().zip(&words.reachable).filter(|&(_, &reachable)| reachable) {
        if let DeclarationKind::TerminalRule { name, .. } = element.kind(sources) {
            push_all!(text, indent, "    ", sources.names.get(name), ": ");
            push_regex(sources, language, element, text);
            text.push_str(",\n");
            text.cut();
        }
    }
    push_all!(text, indent, "};\n\n", indent, "export type ", prefix, "TerminalNames = keyof typeof ", prefix, "Terminals;\n\n");
    let mut keywords: Vec<&str> = words.keywords.iter().map(|&keyword| sources.names.get(keyword)).collect();
    sort_utf16(&mut keywords, |keyword| keyword);
    push_all!(text, indent, "export type ", prefix, "KeywordNames =");
    if keywords.is_empty() {
        text.push_str(" never");
    }
    for keyword in keywords {
        push_all!(text, "\n", indent, "    | ");
        js::push_json_string(text, keyword);
        text.cut();
    }
    push_all!(
        text,
        ";\n\n",
        indent,
        "export type ",
        prefix,
        "TokenNames = ",
        prefix,
        "TerminalNames | ",
        prefix,
        "KeywordNames;\n"
    );
}

/// A hash of what the terminals of a language are, and which of them can be reached.
fn hash_of_terminals(sources: &Sources, language: &Language) -> u128 {
    let mut bytes = Bytes::default();
    for (element, is_reachable) in language.rules.iter().zip(&language.words(sources).reachable) {
        if let DeclarationKind::TerminalRule { name, .. } = element.kind(sources) {
            let written = sources.file(element.file).hashes()[element.declaration as usize];
            (name, written, is_reachable).hash(&mut bytes);
        }
    }
    bytes.xxh3()
}

fn push_regex(sources: &Sources, language: &Language, terminal: Element, text: &mut String) {
    if terminal_regex(sources, language, terminal, text).is_err() {
        unreachable!("a check makes sure that no terminal calls itself");
    }
}

/// The map of all AST types by name.
fn push_ast_type(input: Input<'_>, types: &Types, order: &TypeOrder, prefix: &str, indent: &str, text: &mut Sink<'_>) {
    let names = || order.ast_types(types).map(|id| types.name(id));
    let key = has_pieces(input, text).then(|| {
        let mut bytes = Bytes::default();
        (Of::TypeMap, prefix, indent).hash(&mut bytes);
        names().for_each(|name| name.hash(&mut bytes));
        bytes.xxh3()
    });
    text.piece(key, |text| {
        push_all!(text, indent, "export type ", prefix, "AstType = {\n");
        for name in names().map(|name| input.sources.names.get(name)) {
            push_all!(text, indent, "    ", name, ": ", name, "\n");
            text.cut();
        }
        push_all!(text, indent, "}\n");
    });
}

/// Writes the definitions and the reflection of one set of types.
struct Writer<'a> {
    input: Input<'a>,
    types: &'a Types,
    order: TypeOrder,
    properties: PropertyOrder,
    super_types: SuperTypes,
    /// If the text is one of pieces.
    keys: Option<TypeKeys>,
}

/// What is made once to write many types.
struct Scratch<'a> {
    properties: Properties<'a>,
    /// For lists of types: their places in the order of types.
    places: Vec<u32>,
    members: Members,
    listed: Listed,
}

type Scratches<'a, M> = Pool<Scratch<'a>, M>;

/// The members of unions.
#[derive(Default)]
struct Members {
    /// Where they stand in the text, those of inner unions behind those of outer ones.
    spans: Vec<Span>,
    /// The text of a union whose members are to be sorted.
    unsorted: String,
}

impl<'a> Writer<'a> {
    fn scratch(&self) -> Scratch<'_> {
        Scratch {
            properties: Properties::new(self.types, &self.input.sources.names, &self.properties),
            places: Vec::new(),
            members: Members::default(),
            listed: Listed::new(self.types),
        }
    }

    fn name(&self, name: Name) -> &'a str {
        self.input.sources.names.get(name)
    }

    /// All types, sorted by name, each followed by an empty line.
    fn push_definitions<'s>(&'s self, scratches: &Scratches<'s, impl Fn() -> Scratch<'s> + Sync>, text: &mut Sink<'_>) {
        let ids = self.by_name();
        let stretches = self.stretches(&ids);
        text.list(&stretches, scratches, |scratch, _, stretch, text| {
            let key = self.keys.as_ref().map(|keys| keys.of(Section::Definitions, stretch));
            text.piece(key, |text| stretch.iter().for_each(|&id| self.push_definition(id, scratch, text)));
        });
    }

    /// `ids` in what is written in one go, each a piece of the text if it has any.
    fn stretches<'i>(&self, ids: &'i [TypeId]) -> Vec<&'i [TypeId]> {
        match self.keys {
            Some(_) => TypeKeys::stretches(self.types, self.input.sources, ids),
            None => ids.chunks(keys::TYPES_OF_A_STRETCH).collect(),
        }
    }

    /// Interfaces and unions, which are sorted already, as one list; unions come first where names are equal.
    fn by_name(&self) -> Vec<TypeId> {
        let Types { interfaces, unions, .. } = self.types;
        let mut ids = Vec::with_capacity(interfaces.len() + unions.len());
        let mut next = 0;
        for (index, union) in unions.iter().enumerate() {
            let is_before = |interface: &Interface| compare_identifiers(self.name(interface.name), self.name(union.name)).is_lt();
            while interfaces.get(next).is_some_and(is_before) {
                ids.push(TypeId(next as u32));
                next += 1;
            }
            ids.push(self.types.union_id(index));
        }
        ids.extend((next..interfaces.len()).map(|index| TypeId(index as u32)));
        ids
    }

    fn push_definition<'s>(&'s self, id: TypeId, scratch: &mut Scratch<'s>, text: &mut Sink<'_>) {
        match (self.types.interface(id), self.types.union(id)) {
            (Some(interface), _) => self.push_interface(id.index(), interface, scratch, text),
            (None, union) => union.into_iter().for_each(|union| self.push_union(union, &mut scratch.members, text)),
        }
        text.push('\n');
        text.cut();
    }

    fn push_union(&self, union: &Union, members: &mut Members, text: &mut String) {
        let name = self.name(union.name);
        self.push_comment(union.comment, "", text);
        push_all!(text, "export type ", name, " = ");
        self.push_type(union.ty, members, text);
        text.push_str(";\n");
        if union.is_ast {
            text.push('\n');
            self.push_guard(name, &[], text);
        }
        if let Some(data_type) = union.data_type {
            text.push('\n');
            self.push_data_type_guard(union, data_type, text);
        }
    }

    fn push_interface<'s>(&'s self, index: usize, interface: &'s Interface, scratch: &mut Scratch<'s>, text: &mut String) {
        let Scratch { properties, places, members, .. } = scratch;
        let name = self.name(interface.name);
        self.push_comment(interface.comment, "", text);
        push_all!(text, "export interface ", name, " extends ");
        let supers = interface.super_types.iter().filter_map(|id| self.types.interface(id)).map(|above| above.name);
        if !self.push_sorted(supers, ", ", "", places, text) {
            text.push_str("langium.AstNode");
        }
        text.push_str(" {\n");
        let (containers, type_names) = (self.types.containers(index), self.types.type_names(index));
        if !containers.is_empty() {
            text.push_str("    readonly $container: ");
            self.push_sorted(containers.iter().map(|id| self.types.name(id)), " | ", "", places, text);
            text.push_str(";\n");
        }
        if !type_names.is_empty() {
            text.push_str("    readonly $type: ");
            self.push_sorted(type_names.iter(), " | ", "'", places, text);
            text.push_str(";\n");
        }
        for property in properties.own(interface) {
            self.push_comment(property.comment, "    ", text);
            let optional = property.optional && !self.types.arena.is_mandatory(property.ty);
            push_all!(text, "    ", self.name(property.name), if optional { "?: " } else { ": " });
            self.push_type(property.ty, members, text);
            text.push_str(";\n");
        }
        text.push_str("}\n\n");
        self.push_guard(name, properties.all(index), text);
    }

    /// The types called `names` in their order, each once and between `quote`s. Whether there is any.
    fn push_sorted(
        &self,
        names: impl Iterator<Item = Name>,
        separator: &str,
        quote: &str,
        places: &mut Vec<u32>,
        text: &mut String,
    ) -> bool {
        places.clear();
        places.extend(names.map(|name| self.order.place(name)));
        places.sort_unstable();
        places.dedup();
        for (index, &place) in places.iter().enumerate() {
            let name = self.name(self.types.name(self.order.at(place)));
            push_all!(text, if index == 0 { "" } else { separator }, quote, name, quote);
        }
        !places.is_empty()
    }

    #[inline]
    fn push_comment(&self, comment: Option<CommentId>, indent: &str, text: &mut String) {
        if let Some(comment) = comment {
            push_all!(text, indent, self.types.comment(comment, self.input.sources), "\n");
        }
    }

    /// `propertyTypeToString`
    fn push_type(&self, id: PropertyTypeId, members: &mut Members, text: &mut String) {
        match self.types.arena.get(id) {
            PropertyType::Reference { referenced, multi, .. } => {
                text.push_str(if multi { "langium.MultiReference<" } else { "langium.Reference<" });
                self.push_type(referenced, members, text);
                text.push('>');
            }
            PropertyType::Array(element) => {
                text.push_str("Array<");
                self.push_type(element, members, text);
                text.push('>');
            }
            PropertyType::Union(list) => {
                let (start, first) = (text.len(), members.spans.len());
                for &member in self.types.arena.members(list) {
                    if members.spans.len() > first {
                        text.push_str(" | ");
                    }
                    let start = text.len() as u32;
                    self.push_member(member, members, text);
                    members.spans.push(Span::new(start, text.len() as u32));
                }
                members.sort(start, first, text);
                members.spans.truncate(first);
            }
            PropertyType::Value(name) if self.types.find(name).is_none() => text.push_str("unknown"),
            PropertyType::Value(name) | PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => {
                text.push_str(self.name(name));
            }
            PropertyType::Text(value) => push_quoted(self.name(value), text),
        }
    }

    /// A member of a union, in parentheses if it is a union itself.
    fn push_member(&self, id: PropertyTypeId, members: &mut Members, text: &mut String) {
        if let PropertyType::Union(_) = self.types.arena.get(id) {
            text.push('(');
            self.push_type(id, members, text);
            text.push(')');
        } else {
            self.push_type(id, members, text);
        }
    }

    /// The constant with the names of a type's properties, and its type guard.
    fn push_guard(&self, name: &str, properties: &[&Property], text: &mut String) {
        push_all!(text, "export const ", name, " = {\n    $type: '", name, "'");
        for property in properties {
            let property = self.name(property.name);
            push_all!(text, ",\n    ", property, ": '", property, "'");
        }
        push_all!(text, "\n} as const;\n\nexport function is", name, "(item: unknown): item is ", name);
        push_all!(text, " {\n    return reflection.isInstance(item, ", name, ".$type);\n}\n");
    }
}

impl Members {
    /// Brings those from `first` on, which stand in `text` from `start` on, into their order, each once.
    fn sort(&mut self, start: usize, first: usize, text: &mut String) {
        let Members { spans, unsorted } = self;
        let members = &mut spans[first..];
        if members.is_sorted_by(|a, b| compare_utf16(a.of(text), b.of(text)).is_lt()) {
            return;
        }
        unsorted.clear();
        unsorted.push_str(&text[start..]);
        let member = |span: &Span| &unsorted[span.start as usize - start..span.end as usize - start];
        members.sort_unstable_by(|a, b| compare_utf16(member(a), member(b)));
        text.truncate(start);
        let mut last = None;
        for next in members.iter().map(member).filter(|&next| last.replace(next) != Some(next)) {
            push_all!(text, if text.len() > start { " | " } else { "" }, next);
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

//! The table of everything that templates see. Adding a field here adds it to the view, to `docs/packs.md`, to `langloom dump
//! view` and to the check of templates.

use super::lists::{List, list};
use super::rules::{arena_items, documentation, tags};
use super::types::expression;
use super::{ProjectView, maybe, object, type_object};
use crate::emit::pack::value::{Arena, Value};

/// Which one of a kind: what the numbers mean is up to the kind.
pub(super) type Place = [u32; 3];

/// The kinds of objects that have handles: positions in [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Kind {
    Project,
    /// A grammar's number.
    Grammar,
    /// A grammar's number and the import's.
    Import,
    /// A grammar's number and the rule's in the language.
    Rule,
    /// A grammar's number, the rule's, the node's.
    Element,
    Precedence,
    /// As a rule.
    Terminal,
    /// A grammar's number and the keyword's.
    Keyword,
    /// A set of types and the type's number in it.
    Type,
    /// A set, an interface, the number of the property.
    Property,
    /// A set and the number in its arena.
    TypeExpression,
}

/// A kind of object.
pub struct KindSpec {
    /// Its name in the documentation.
    pub name: &'static str,
    /// What messages call one.
    pub described: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its fields, in the order in which `{{#each}}` visits them.
    pub fields: &'static [FieldSpec],
}

/// A field of a kind of object.
pub struct FieldSpec {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// What it means.
    pub doc: &'static str,
    pub(super) get: Get,
}

/// A kind as a shape names it: a position in [`KINDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindId(pub u16);

impl KindId {
    /// The kind.
    pub fn spec(self) -> &'static KindSpec {
        &KINDS[usize::from(self.0)]
    }
}

/// What a field holds. Anything but flags and lists may be missing, if the documentation says when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A text or a number.
    Text,
    /// True or false.
    Flag,
    /// Any plain value, or a list of them.
    Value,
    /// A list of texts.
    Texts,
    /// An object that belongs to this one.
    One(KindId),
    /// A list of objects that belong to this one.
    Many(KindId),
    /// An object that belongs elsewhere.
    Link(KindId),
    /// A list of objects that belong elsewhere.
    Links(KindId),
}

impl Shape {
    /// Whether it is about objects that belong elsewhere.
    pub(super) fn is_link(self) -> bool {
        match self {
            Shape::Link(KindId(_)) | Shape::Links(KindId(_)) => true,
            Shape::Text | Shape::Flag | Shape::Value | Shape::Texts | Shape::One(_) | Shape::Many(_) => false,
        }
    }
}

pub(super) type Get = for<'a> fn(&'a ProjectView<'a>, &Place, &'a Arena) -> Value<'a>;

const fn field(name: &'static str, shape: Shape, doc: &'static str, get: Get) -> FieldSpec {
    FieldSpec { name, shape, doc, get }
}

const fn id(kind: Kind) -> KindId {
    KindId(kind as u16)
}

const fn one(kind: Kind) -> Shape {
    Shape::One(id(kind))
}

const fn many(kind: Kind) -> Shape {
    Shape::Many(id(kind))
}

const fn link(kind: Kind) -> Shape {
    Shape::Link(id(kind))
}

const fn links(kind: Kind) -> Shape {
    Shape::Links(id(kind))
}

/// Tags have no handles: they are made up. What they have is written here for the documentation.
const TAG: KindId = KindId(Kind::TypeExpression as u16 + 1);

/// What a template finds at the top, besides `options`, whose fields are those that its pack declares.
pub const SCOPE: &[(&str, Shape, &str)] = &[
    ("project", link(Kind::Project), "the project"),
    ("grammar", link(Kind::Grammar), "with `for_each` = `grammar`, `rule` or `terminal`: the grammar, or that of the rule"),
    ("rule", link(Kind::Rule), "with `for_each` = `rule`: the rule"),
    ("type", link(Kind::Type), "with `for_each` = `type`: the type"),
    ("terminal", link(Kind::Terminal), "with `for_each` = `terminal`: the terminal rule"),
    ("options", Shape::Value, "the options of the pack"),
    ("pack", Shape::Value, "`pack.name` and `pack.version`"),
    ("output", Shape::Value, "`output.path`: the path of the file, below the pack's `out`; not in `path` itself"),
    ("results", Shape::Value, "what `needs` names: for each output a list of files with `path`, `name` and `text`"),
];

/// All kinds, by [`Kind`].
pub const KINDS: &[KindSpec] = &[
    KindSpec { name: "project", described: "the project", doc: "Everything that one configuration generates.", fields: PROJECT },
    KindSpec { name: "grammar", described: "a grammar", doc: "An entry grammar with all that it imports.", fields: GRAMMAR },
    KindSpec { name: "import", described: "an import", doc: "An import of an entry grammar.", fields: IMPORT },
    KindSpec { name: "rule", described: "a rule", doc: "A parser rule, data type rule, fragment or infix rule.", fields: RULE },
    KindSpec {
        name: "element",
        described: "an element",
        doc: "A part of the definition of a rule. Fields that its `kind` does not have are empty.",
        fields: ELEMENT,
    },
    KindSpec {
        name: "precedence",
        described: "a precedence",
        doc: "Operators of an infix rule that bind equally strongly.",
        fields: PRECEDENCE,
    },
    KindSpec { name: "terminal", described: "a terminal", doc: "A terminal rule.", fields: TERMINAL },
    KindSpec { name: "keyword", described: "a keyword", doc: "A keyword of a grammar.", fields: KEYWORD },
    KindSpec { name: "type", described: "a type", doc: "An interface or a union, declared or inferred.", fields: TYPE },
    KindSpec { name: "property", described: "a property", doc: "A property of an interface.", fields: PROPERTY },
    KindSpec {
        name: "typeExpression",
        described: "a type expression",
        doc: "What a property or a union can be. Fields that its `kind` does not have are empty.",
        fields: TYPE_EXPRESSION,
    },
    KindSpec { name: "tag", described: "a tag", doc: "A tag of a doc comment, such as `@deprecated`.", fields: TAG_FIELDS },
];

const PROJECT: &[FieldSpec] = &[
    field("name", Shape::Text, "`projectName` of the configuration", |view, _, _| Value::Text(&view.input.config.project_name)),
    field("out", Shape::Text, "`out` of the configuration", |view, _, _| Value::Text(&view.input.config.out)),
    field("importExtension", Shape::Text, "what generated imports end with, `.js` unless configured", |view, _, _| {
        Value::Text(&view.input.config.import_extension)
    }),
    field("grammars", many(Kind::Grammar), "the grammars, sorted by name", |_, _, _| list(List::Grammars, [0; 3])),
    field("types", many(Kind::Type), "the types of all grammars: interfaces, then unions, each sorted by name", |_, _, _| {
        list(List::Types, [0; 3])
    }),
    field("interfaces", links(Kind::Type), "those of `types` that are interfaces", |_, _, _| list(List::Interfaces, [0; 3])),
    field("unions", links(Kind::Type), "those of `types` that are unions", |_, _, _| list(List::Unions, [0; 3])),
];

const GRAMMAR: &[FieldSpec] = &[
    field("name", Shape::Text, "its name", |view, &[at, ..], _| Value::Text(view.text(view.language(at).name))),
    field("id", Shape::Text, "`id` of the language in the configuration", |view, &[at, ..], _| Value::Text(&view.config(at).id)),
    field(
        "slug",
        Shape::Text,
        "what a file about it can be called: its name as `kebab` writes it, and if other grammars share that, its `id` behind it",
        |view, &[at, ..], _| Value::Text(&view.slugs[at as usize]),
    ),
    field("file", Shape::Text, "the path of the grammar file", |view, &[at, ..], _| {
        Value::Text(&view.input.sources.file(view.language(at).entry).path)
    }),
    field("fileExtensions", Shape::Texts, "`fileExtensions` of the language", |view, &[at, ..], arena| {
        arena_items(arena, view.config(at).file_extensions.iter().map(|text| Value::Text(text)))
    }),
    field("fileNames", Shape::Texts, "`fileNames` of the language", |view, &[at, ..], arena| {
        arena_items(arena, view.config(at).file_names.iter().flatten().map(|text| Value::Text(text)))
    }),
    field("caseInsensitive", Shape::Flag, "`caseInsensitive` of the language", |view, &[at, ..], _| {
        Value::Bool(view.config(at).case_insensitive)
    }),
    field("documentation", Shape::Text, "the comment at its top, without tags; empty without one", |view, &[at, ..], arena| {
        documentation(&view.grammar_doc(at), arena)
    }),
    field("tags", Shape::Many(TAG), "the tags of that comment", |view, &[at, ..], arena| tags(&view.grammar_doc(at), arena)),
    field("imports", many(Kind::Import), "its imports", |view, &[at, ..], arena| {
        arena_items(arena, (0..view.import_count(at)).map(|index| object(Kind::Import, [at, index, 0])))
    }),
    field("entry", link(Kind::Rule), "the entry rule; empty without one", |view, &[at, ..], _| view.entry(at)),
    field("rules", many(Kind::Rule), "its parser and infix rules, imported ones last", |_, &[at, ..], _| {
        list(List::Rules, [at, 0, 0])
    }),
    field("terminals", many(Kind::Terminal), "its terminal rules, imported ones last", |_, &[at, ..], _| {
        list(List::Terminals, [at, 0, 0])
    }),
    field("keywords", many(Kind::Keyword), "its keywords, in order of appearance", |_, &[at, ..], _| {
        list(List::Keywords, [at, 0, 0])
    }),
    field("types", links(Kind::Type), "its types: interfaces, then unions, each sorted by name", |view, &[at, ..], _| {
        list(List::Types, [view.set_of(at), 0, 0])
    }),
    field("interfaces", links(Kind::Type), "those of `types` that are interfaces", |view, &[at, ..], _| {
        list(List::Interfaces, [view.set_of(at), 0, 0])
    }),
    field("unions", links(Kind::Type), "those of `types` that are unions", |view, &[at, ..], _| {
        list(List::Unions, [view.set_of(at), 0, 0])
    }),
    field(
        "classDiagram",
        Shape::Text,
        "its types as a class diagram, an SVG element in which types are links to `#type-NAME`; empty if there are none",
        |view, &[at, ..], _| maybe(Some(view.class_diagram(view.set_of(at))).filter(|svg| !svg.is_empty())),
    ),
];

const IMPORT: &[FieldSpec] = &[
    field("path", Shape::Text, "the path as written", |view, &at, _| Value::Text(view.import(at).0)),
    field("file", Shape::Text, "the path of the imported file", |view, &at, _| {
        maybe(view.import(at).1.map(|file| &*view.input.sources.file(file).path))
    }),
    field("name", Shape::Text, "the name of the imported grammar; empty if it has none", |view, &at, _| {
        maybe(view.import(at).1.and_then(|file| view.grammar_name(file)))
    }),
];

const RULE: &[FieldSpec] = &[
    field("name", Shape::Text, "its name", |view, &at, _| Value::Text(view.rule_name(at))),
    field("kind", Shape::Text, "`parser`, `dataType`, `fragment` or `infix`", |view, &at, _| Value::Text(view.rule_kind(at))),
    field("documentation", Shape::Text, "its doc comment, without tags; empty without one", |view, &at, arena| {
        documentation(&view.rule_doc(at), arena)
    }),
    field("tags", Shape::Many(TAG), "the tags of its doc comment", |view, &at, arena| tags(&view.rule_doc(at), arena)),
    field("isEntry", Shape::Flag, "whether it is the entry rule", |view, &at, _| {
        Value::Bool(matches!(view.entry(at[0]), Value::Object(entry) if entry.ids == at))
    }),
    field("isImported", Shape::Flag, "whether it comes from an imported grammar", |view, &at, _| {
        Value::Bool(view.element(at).imported)
    }),
    field("isReachable", Shape::Flag, "whether the parser can get to it", |view, &[grammar, rule, _], _| {
        Value::Bool(view.grammars[grammar as usize].reachable[rule as usize])
    }),
    field("file", Shape::Text, "the path of the file it stands in", |view, &at, _| Value::Text(view.file_of(at))),
    field("parameters", Shape::Texts, "the names of its parameters", |view, &at, arena| view.parameters(at, arena)),
    field("returns", Shape::Text, "the name of what it makes: a type, or for a data type rule its own", |view, &at, _| {
        Value::Text(view.text(view.returns(at)))
    }),
    field("type", link(Kind::Type), "the type that it makes; empty for fragments", |view, &at, _| {
        if view.rule_kind(at) == "fragment" {
            return Value::Null;
        }
        view.type_named(view.set_of(at[0]), view.returns(at))
    }),
    field("definition", one(Kind::Element), "what it consists of; empty for infix rules", |view, &at, _| view.definition(at)),
    field("operand", link(Kind::Rule), "of an infix rule: what its operators stand between", |view, &at, _| view.operand(at)),
    field("precedences", many(Kind::Precedence), "of an infix rule: its operators, the strongest first", |view, &at, arena| {
        view.precedences(at, arena)
    }),
    field("calls", links(Kind::Rule), "the rules that it calls, each once, in order", |_, &at, _| list(List::Calls, at)),
    field("terminals", links(Kind::Terminal), "the terminal rules that it calls, each once, in order", |_, &at, _| {
        list(List::CalledTerminals, at)
    }),
    field("calledBy", links(Kind::Rule), "the rules that call it", |_, &at, _| list(List::Callers, at)),
    field("source", Shape::Text, "its text in the grammar", |view, &at, _| Value::Text(view.rule_source(at))),
    field(
        "diagram",
        Shape::Text,
        "its railroad diagram, an SVG element; the names of rules in it are links to `#rule-NAME`",
        |view, &at, arena| view.diagram(at, arena),
    ),
    field("grammar", link(Kind::Grammar), "its grammar", |_, &[grammar, ..], _| object(Kind::Grammar, [grammar, 0, 0])),
];

const ELEMENT: &[FieldSpec] = &[
    field(
        "kind",
        Shape::Text,
        "`alternatives`, `group`, `unorderedGroup`, `keyword`, `ruleCall`, `assignment`, `crossReference`, `action` or `endOfFile`",
        |view, &at, _| Value::Text(view.element_kind(at)),
    ),
    field("cardinality", Shape::Text, "`?`, `*`, `+` or nothing", |view, &at, _| Value::Text(view.node(at).cardinality().text())),
    field("isOptional", Shape::Flag, "`?` or `*`", |view, &at, _| Value::Bool(view.node(at).cardinality().is_optional())),
    field("isMany", Shape::Flag, "`*` or `+`", |view, &at, _| Value::Bool(view.is_many(at))),
    field("elements", many(Kind::Element), "of alternatives and groups: their parts", |view, &at, arena| {
        view.elements(at, arena)
    }),
    field("value", Shape::Text, "of a keyword: its text", |view, &at, _| maybe(view.keyword_value(at))),
    field("rule", link(Kind::Rule), "of a rule call: the rule, unless it is a terminal", |view, &at, _| view.called(at, false)),
    field("terminal", link(Kind::Terminal), "of a rule call: the terminal rule", |view, &at, _| view.called(at, true)),
    field("arguments", Shape::Texts, "of a rule call: its arguments as written", |view, &at, arena| view.arguments(at, arena)),
    field("feature", Shape::Text, "of an assignment or action: the property", |view, &at, _| maybe(view.feature(at))),
    field("operator", Shape::Text, "of an assignment or action with a property: `=`, `+=` or `?=`", |view, &at, _| {
        maybe(view.operator(at))
    }),
    field(
        "element",
        one(Kind::Element),
        "of an assignment or cross-reference: what is parsed; may be empty for the latter",
        |view, &at, _| view.assigned(at),
    ),
    field("typeName", Shape::Text, "of a cross-reference or action: the name of the type", |view, &at, _| {
        maybe(view.element_type(at).map(|name| view.text(name)))
    }),
    field("type", link(Kind::Type), "of a cross-reference or action: the type", |view, &at, _| {
        view.element_type(at).map_or(Value::Null, |name| view.type_named(view.set_of(at[0]), name))
    }),
    field("isMulti", Shape::Flag, "of a cross-reference: whether it refers to several, `[+Type]`", |view, &at, _| {
        Value::Bool(view.refers_to_several(at))
    }),
    field("guard", Shape::Text, "of a group: its condition as written", |view, &at, _| maybe(view.guard(at))),
    field("source", Shape::Text, "its text in the grammar", |view, &at, _| Value::Text(view.element_source(at))),
];

const PRECEDENCE: &[FieldSpec] = &[
    field("operators", Shape::Texts, "the operators", |view, &at, arena| view.operators(at, arena)),
    field("associativity", Shape::Text, "`left` or `right`", |view, &at, _| Value::Text(view.associativity(at))),
];

const TERMINAL: &[FieldSpec] = &[
    field("name", Shape::Text, "its name", |view, &at, _| Value::Text(view.rule_name(at))),
    field("documentation", Shape::Text, "its doc comment, without tags; empty without one", |view, &at, arena| {
        documentation(&view.rule_doc(at), arena)
    }),
    field("tags", Shape::Many(TAG), "the tags of its doc comment", |view, &at, arena| tags(&view.rule_doc(at), arena)),
    field("isHidden", Shape::Flag, "whether it is `hidden`", |view, &at, _| Value::Bool(view.terminal_flags(at).0)),
    field("isFragment", Shape::Flag, "whether it is a `fragment`: no token, only a part of other terminals", |view, &at, _| {
        Value::Bool(view.terminal_flags(at).1)
    }),
    field("isImported", Shape::Flag, "whether it comes from an imported grammar", |view, &at, _| {
        Value::Bool(view.element(at).imported)
    }),
    field("isReachable", Shape::Flag, "whether the parser can get to it", |view, &[grammar, rule, _], _| {
        Value::Bool(view.grammars[grammar as usize].reachable[rule as usize])
    }),
    field("file", Shape::Text, "the path of the file it stands in", |view, &at, _| Value::Text(view.file_of(at))),
    field("returns", Shape::Text, "the type of its values: `string`, `number`, `boolean`, `bigint` or `Date`", |view, &at, _| {
        Value::Text(view.text(view.returns(at)))
    }),
    field("regex", Shape::Text, "its regular expression as JavaScript writes it: `/[a-z]+/i`", |view, &at, arena| {
        Value::Text(arena.text(&view.regex(at)))
    }),
    field("pattern", Shape::Text, "what stands between the slashes", |view, &at, arena| {
        Value::Text(arena.text(between_slashes(&view.regex(at))))
    }),
    field("flags", Shape::Text, "what stands behind the slashes", |view, &at, arena| {
        Value::Text(arena.text(view.regex(at).rsplit_once('/').map_or("", |(_, flags)| flags)))
    }),
    field("calls", links(Kind::Terminal), "the terminal rules that it uses", |_, &at, _| list(List::CalledTerminals, at)),
    field("calledBy", links(Kind::Rule), "the rules that use it", |_, &at, _| list(List::Callers, at)),
    field("source", Shape::Text, "its text in the grammar", |view, &at, _| Value::Text(view.rule_source(at))),
    field("grammar", link(Kind::Grammar), "its grammar", |_, &[grammar, ..], _| object(Kind::Grammar, [grammar, 0, 0])),
];

fn between_slashes(regex: &str) -> &str {
    regex.get(1..regex.rfind('/').unwrap_or(1)).unwrap_or("")
}

const KEYWORD: &[FieldSpec] = &[
    field("text", Shape::Text, "the keyword", |view, &at, _| Value::Text(view.keyword(at))),
    field("isWord", Shape::Flag, "whether it is made of letters, digits and `_`", |view, &at, _| {
        let word = view.keyword(at);
        Value::Bool(!word.is_empty() && word.chars().all(|char| char.is_alphanumeric() || char == '_'))
    }),
    field("rules", links(Kind::Rule), "the rules that it stands in", |_, &at, _| list(List::KeywordRules, at)),
];

const TYPE: &[FieldSpec] = &[
    field("name", Shape::Text, "its name", |view, &at, _| Value::Text(view.text(view.type_name(at)))),
    field("kind", Shape::Text, "`interface` or `union`", |view, &at, _| {
        Value::Text(if view.interface(at).is_some() { "interface" } else { "union" })
    }),
    field("isInterface", Shape::Flag, "whether it is an interface", |view, &at, _| Value::Bool(view.interface(at).is_some())),
    field("isUnion", Shape::Flag, "whether it is a union", |view, &at, _| Value::Bool(view.union(at).is_some())),
    field("isDeclared", Shape::Flag, "whether it is declared, not inferred from rules", |view, &at, _| {
        Value::Bool(view.is_declared(at))
    }),
    field("isAbstract", Shape::Flag, "of an interface: whether nodes are only of its sub types", |view, &at, _| {
        Value::Bool(view.interface(at).is_some_and(|interface| interface.is_abstract))
    }),
    field("isAst", Shape::Flag, "whether its values are nodes: every interface, and unions of such types", |view, &at, _| {
        Value::Bool(view.interface(at).is_some() || view.union(at).is_some_and(|union| union.is_ast))
    }),
    field("isData", Shape::Flag, "of a union: whether its values are strings, numbers and the like", |view, &at, _| {
        Value::Bool(view.union(at).is_some_and(|union| union.is_data))
    }),
    field("documentation", Shape::Text, "its doc comment, without tags; empty without one", |view, &at, arena| {
        documentation(&view.type_doc(at), arena)
    }),
    field("tags", Shape::Many(TAG), "the tags of its doc comment", |view, &at, arena| tags(&view.type_doc(at), arena)),
    field("properties", many(Kind::Property), "of an interface: its own properties", |view, &at, _| view.properties(at)),
    field(
        "allProperties",
        links(Kind::Property),
        "of an interface: its own properties and those of what it extends",
        |view, &at, arena| view.all_properties(at, arena),
    ),
    field("superTypes", links(Kind::Type), "of an interface: what it extends", |_, &at, _| list(List::SuperTypes, at)),
    field("allSuperTypes", links(Kind::Type), "of an interface: what it extends, directly or not", |view, &at, arena| {
        view.all_super_types(at, arena)
    }),
    field(
        "subTypes",
        links(Kind::Type),
        "what extends it or can stand in its place; of a union: its named members",
        |_, &at, _| list(List::SubTypes, at),
    ),
    field("containers", links(Kind::Type), "of an interface: the interfaces that can contain it", |_, &at, _| {
        list(List::Containers, at)
    }),
    field("typeNames", Shape::Texts, "the values that `$type` of such a node can have, sorted", |view, &at, arena| {
        view.type_names_list(at, arena)
    }),
    field(
        "concreteTypes",
        links(Kind::Type),
        "the interfaces that a node of it can be of, without abstract ones",
        |view, &at, arena| view.concrete_types(at, arena),
    ),
    field("definition", one(Kind::TypeExpression), "of a union: what it can be", |view, &at, _| {
        view.union(at).map_or(Value::Null, |union| expression(at[0], union.ty))
    }),
    field("dataType", Shape::Text, "of a union that a data type rule makes: `string`, `number`, …", |view, &at, _| {
        maybe(view.union(at).and_then(|union| union.data_type).map(|primitive| primitive.text()))
    }),
    field("rules", links(Kind::Rule), "the rules that make it", |view, &at, _| view.type_rules(at)),
];

const PROPERTY: &[FieldSpec] = &[
    field("name", Shape::Text, "its name", |view, &at, _| Value::Text(view.text(view.property(at).name))),
    field("type", one(Kind::TypeExpression), "what it can be", |view, &at, _| expression(at[0], view.property(at).ty)),
    field("isOptional", Shape::Flag, "whether it may be missing", |view, &at, _| {
        Value::Bool(view.property(at).optional && !view.is_mandatory(at))
    }),
    field("isMandatory", Shape::Flag, "whether Langium always sets it: lists and `boolean`", |view, &at, _| {
        Value::Bool(view.is_mandatory(at))
    }),
    field("isArray", Shape::Flag, "whether it is a list", |view, &at, _| Value::Bool(view.is_array(at))),
    field("documentation", Shape::Text, "its doc comment, without tags; empty without one", |view, &at, arena| {
        documentation(&view.property_doc(at), arena)
    }),
    field("tags", Shape::Many(TAG), "the tags of its doc comment", |view, &at, arena| tags(&view.property_doc(at), arena)),
    field("default", Shape::Value, "its default value; empty without one", |view, &at, arena| view.default_value(at, arena)),
    field("owner", link(Kind::Type), "the interface that has it", |_, &[set, owner, _], _| {
        type_object(set, crate::model::types::TypeId(owner))
    }),
];

const TYPE_EXPRESSION: &[FieldSpec] = &[
    field("kind", Shape::Text, "`type`, `primitive`, `text`, `array`, `reference` or `union`", |view, &at, _| {
        Value::Text(view.expression_kind(at))
    }),
    field("name", Shape::Text, "of a type or primitive: its name", |view, &at, _| maybe(view.expression_name(at))),
    field("type", link(Kind::Type), "of a type: the type; empty if there is none of that name", |view, &at, _| {
        view.expression_type(at)
    }),
    field("value", Shape::Text, "of a text: the text itself", |view, &at, _| maybe(view.expression_text(at))),
    field(
        "element",
        one(Kind::TypeExpression),
        "of an array: what its items are. Of a reference: what it refers to",
        |view, &at, _| view.expression_element(at),
    ),
    field("isMulti", Shape::Flag, "of a reference: whether it refers to several", |view, &at, _| Value::Bool(view.is_multi(at))),
    field(
        "members",
        many(Kind::TypeExpression),
        "of a union: its members, which are no unions, each once",
        |view, &at, arena| view.members(at, arena),
    ),
    field(
        "terminal",
        link(Kind::Terminal),
        "of a primitive: the terminal rule that its values match, if they come from one",
        |view, &at, _| view.expression_terminal(at),
    ),
    field("notation", Shape::Text, "as it is written in a grammar: `@Person[]`", |view, &at, arena| {
        Value::Text(view.notation(at, arena))
    }),
];

/// Made up by [`tags`], never asked for.
const TAG_FIELDS: &[FieldSpec] = &[
    field("name", Shape::Text, "its name, without `@`", |_, _, _| Value::Undefined),
    field("text", Shape::Text, "what stands behind it; empty if nothing does", |_, _, _| Value::Undefined),
];

//! The names of rules, types and properties.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Site;
use super::project::{Declared, Grammar};
use crate::model::links::DeclarationId;
use crate::text::{Code, Name, Problem, Span};
use crate::tree::{DeclarationKind, Kind, Returns};

/// `checkUniqueRuleName`
pub(super) fn unique_rules(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    unique(grammar, "rule", &[|kind| kind.is_rule()], problems);
}

/// `checkUniqueTypeName`
pub(super) fn unique_types(grammar: &Grammar<'_>, problems: &mut Vec<Problem>) {
    let is_type = |kind: &DeclarationKind| matches!(kind, DeclarationKind::Type { .. });
    let is_interface = |kind: &DeclarationKind| matches!(kind, DeclarationKind::Interface { .. });
    unique(grammar, "type", &[is_type, is_interface], problems);
}

/// `checkUniqueName`; `kinds` are those that share a name space, in the order in which Langium looks at them.
fn unique(grammar: &Grammar<'_>, what: &str, kinds: &[fn(&DeclarationKind) -> bool], problems: &mut Vec<Problem>) {
    let links = &grammar.project.links;
    let of_kind = |is_it: fn(&DeclarationKind) -> bool| {
        let named = move |id| Some((links.kind(id).name()?, id));
        links.declarations(grammar.file).filter(move |&id| is_it(&links.kind(id))).filter_map(named)
    };
    let mut own: Vec<(Name, DeclarationId)> = kinds.iter().flat_map(|&kind| of_kind(kind)).collect();
    let mut names = grammar.name_set();
    let is_repeated = own.iter().filter(|(name, _)| !names.insert(*name)).count() > 0;
    if is_repeated {
        let groups = by_name(&own);
        for &(_, id) in groups.iter().filter(|group| group.len() > 1).flatten() {
            let declared = grammar.declared(id);
            let message = format!("A {what}'s name has to be unique.");
            problems.push(declared.error(Code::DuplicateName, declared.name_place(), message));
        }
        own = groups.concat();
    }
    let others = grammar.imports().iter().flat_map(|&file| links.declarations(file)).map(|id| links.kind(id));
    let others = others.filter(|kind| kinds.iter().any(|is_it| is_it(kind))).filter_map(|kind| kind.name());
    let imported: FxHashSet<Name> = others.filter(|&name| names.contains(name)).collect();
    for (_, id) in own.into_iter().filter(|(name, _)| imported.contains(name)) {
        let declared = grammar.declared(id);
        let message = format!("A {what} with the name '{}' already exists in an imported grammar.", declared.name());
        problems.push(declared.error(Code::NameIsImported, declared.name_place(), message));
    }
}

/// Declarations of one name together, where the first of them stands.
fn by_name(all: &[(Name, DeclarationId)]) -> Vec<Vec<(Name, DeclarationId)>> {
    let mut groups: Vec<Vec<(Name, DeclarationId)>> = Vec::new();
    let mut slots: FxHashMap<Name, usize> = FxHashMap::default();
    for &named in all {
        let slot = *slots.entry(named.0).or_insert(groups.len());
        match groups.get_mut(slot) {
            Some(group) => group.push(named),
            None => groups.push(vec![named]),
        }
    }
    groups
}

/// `checkRuleName`
pub(super) fn rule_upper_case(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    if rule.name().starts_with(|first: char| first.is_ascii_lowercase()) {
        let message = "Rule name should start with an upper case letter.";
        problems.push(rule.warning(Code::RuleName, rule.name_place(), message));
    }
}

/// `checkParserRuleReservedName`
pub(super) fn reserved_rule(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    if !matches!(rule.kind(), DeclarationKind::ParserRule { returns: Returns::Infers(_), .. }) {
        reserved_declaration(rule, problems);
    }
}

/// `checkTypeReservedName` of interfaces and types
pub(super) fn reserved_declaration(declared: &Declared<'_>, problems: &mut Vec<Problem>) {
    reserved(declared, declared.name(), || declared.name_place(), problems);
}

/// `checkTypeReservedName` of attributes and inferred types
pub(super) fn reserved_node(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Site { owner, node, .. } = site;
    match node.kind {
        Kind::InferredType { name } => {
            reserved(owner, owner.project().text(name), || owner.name_in(node), problems);
        }
        Kind::TypeAttribute { name, .. } => reserved(owner, owner.project().text(name), || owner.item.span(node), problems),
        _ => {}
    }
}

/// `checkAssignmentReservedName`
pub(super) fn reserved_feature(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Site { owner, node, .. } = site;
    match node.kind {
        Kind::Assignment { feature, .. } => {
            reserved(owner, owner.project().text(feature), || owner.feature_of_assignment(node), problems);
        }
        Kind::Action { feature: Some(feature), .. } | Kind::InferringAction { feature: Some(feature), .. } => {
            reserved(owner, owner.project().text(feature), || owner.feature_of_action(node), problems);
        }
        _ => {}
    }
}

/// `checkReservedName`
fn reserved(owner: &Declared<'_>, name: &str, place: impl Fn() -> Span, problems: &mut Vec<Problem>) {
    if is_reserved(name) {
        let message = format!("'{name}' is a reserved name of the JavaScript runtime.");
        problems.push(owner.error(Code::ReservedName, place(), message));
    }
}

/// Looked at for every property of a grammar: the first letter and the length rule out nearly all.
fn is_reserved(name: &str) -> bool {
    let Some(first) = name.bytes().next() else { return false };
    let lengths = LENGTHS.get(usize::from(first)).copied().unwrap_or(0);
    name.len() < 32 && lengths & 1 << name.len() != 0 && RESERVED.contains(&name)
}

/// By first letter: the lengths of reserved names, as bits.
static LENGTHS: [u32; 128] = {
    let mut lengths = [0; 128];
    let mut index = 0;
    while index < RESERVED.len() {
        let name = RESERVED[index].as_bytes();
        lengths[name[0] as usize] |= 1 << name.len();
        index += 1;
    }
    lengths
};

const RESERVED: &[&str] = &[
    "Array",
    "Int8Array",
    "Uint8Array",
    "Uint8ClampedArray",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "Error",
    "AggregateError",
    "EvalError",
    "InternalError",
    "RangeError",
    "ReferenceError",
    "SyntaxError",
    "TypeError",
    "URIError",
    "BigInt",
    "RegExp",
    "Number",
    "Object",
    "Function",
    "Symbol",
    "String",
    "Math",
    "NaN",
    "Infinity",
    "Buffer",
    "ArrayBuffer",
    "SharedArrayBuffer",
    "Atomics",
    "DataView",
    "JSON",
    "Promise",
    "Generator",
    "GeneratorFunction",
    "AsyncFunction",
    "AsyncGenerator",
    "AsyncGeneratorFunction",
    "Reflect",
    "Proxy",
    "Date",
    "Intl",
    "isFinite",
    "isNaN",
    "globalThis",
    "decodeURIComponent",
    "decodeURI",
    "encodeURIComponent",
    "encodeURI",
    "parseInt",
    "parseFloat",
    "eval",
    "undefined",
    "langium",
];

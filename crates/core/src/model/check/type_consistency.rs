//! What rules create, compared with what is declared (`checkDeclaredAndInferredTypesConsistency` and what it calls).

use rustc_hash::FxHashSet;

use super::assigner::{Assigner, Shape};
use super::assignments::mixed_message;
use super::project::{Declared, Grammar};
use super::type_facts::{Creator, Info, Side, TypeFacts};
use crate::model::links::DeclarationId;
use crate::model::types::{Interface, Property, PropertyType, PropertyTypeId, PropertyWalk, TypeArena, TypeId, Types, Union};
use crate::text::collate::compare_utf16;
use crate::text::name::known;
use crate::text::{Code, Name, Problem, Span};
use crate::tree::{DeclarationKind, Kind, NodeId};

/// `checkDeclaredAndInferredTypesConsistency`, of `infos`, which are types of `grammar`.
pub(super) fn inferred_and_declared(grammar: &Grammar<'_>, infos: &[Info], problems: &mut Vec<Problem>) {
    let Some(types) = grammar.types() else { return };
    let literals = TypeArena::default();
    let assigner = Assigner::new(types, &literals);
    let mut comparison = Comparison { grammar, types, assigner, found: None, expected: None, problems };
    for info in infos {
        if types.may_mix_references()
            && let Some(interface) = types.side(Side::Inferred).interface(info.inferred.id)
        {
            comparison.references(interface);
        }
        if info.declared.is_some() {
            comparison.versions(info);
        }
    }
}

struct Comparison<'a> {
    grammar: &'a Grammar<'a>,
    types: &'a TypeFacts<'a>,
    assigner: Assigner<'a>,
    /// The properties of inferred types; most grammars have no type that is declared, too.
    found: Option<PropertyWalk<'a>>,
    /// Those of declared ones.
    expected: Option<PropertyWalk<'a>>,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Comparison<'a> {
    fn inferred(&self) -> &'a Types {
        self.types.side(Side::Inferred)
    }

    fn name(&self, name: Name) -> &'a str {
        self.grammar.project.text(name)
    }

    /// `validateInferredInterface`
    fn references(&mut self, interface: &Interface) {
        let arena = &self.inferred().arena;
        for property in self.inferred().properties(interface) {
            if !arena.has_reference(property.ty) {
                continue;
            }
            let (mut first, mut is_mixed) = (None, false);
            arena.for_each_member(property.ty, &mut |_, ty| {
                let kind = match ty {
                    PropertyType::Reference { multi, .. } => Some(multi),
                    _ => None,
                };
                is_mixed |= *first.get_or_insert(kind) != kind;
            });
            if is_mixed {
                let message = mixed_message(self.name(property.name));
                self.at_first_origin(property, Code::MixedReference, message);
            }
            for _ in 0..mixed_multi_references(arena, property.ty) {
                let message = format!(
                    "Multi references and normal references cannot be mixed. \
                     Consider splitting property \"{}\" into two or more different properties.",
                    self.name(property.name)
                );
                self.at_first_origin(property, Code::MixedMultiReference, message);
            }
        }
    }

    fn at_first_origin(&mut self, property: &Property, code: Code, message: String) {
        if let Some(origin) = self.inferred().arena.origins(property.origins).next() {
            let (owner, node) = self.types.origin(self.grammar, origin);
            self.problems.push(owner.error(code, owner.node_place(node), message));
        }
    }

    /// `validateDeclaredAndInferredConsistency`
    fn versions(&mut self, info: &Info) {
        let Some((node, declared)) = info.declared else { return };
        let (inferred_types, declared_types) = (self.inferred(), self.types.side(Side::Declared));
        let inferred = (inferred_types.interface(info.inferred.id), inferred_types.union(info.inferred.id));
        let declared = (declared_types.interface(declared.id), declared_types.union(declared.id));
        match (inferred, declared) {
            ((_, Some(inferred)), (_, Some(declared))) => self.unions(info, inferred, declared),
            ((Some(inferred), _), (Some(declared), _)) => self.interfaces(info, inferred, declared),
            _ => {
                let message = format!(
                    "Inferred and declared versions of type '{}' both have to be interfaces or unions.",
                    self.name(info.name)
                );
                self.at_creators(info, Code::InterfaceOrUnion, &format!("{message}."));
                let node = self.grammar.declared(node);
                self.problems.push(node.error(Code::InterfaceOrUnion, node.name_place(), message));
            }
        }
    }

    /// `validateAlternativesConsistency`
    fn unions(&mut self, info: &Info, inferred: &Union, declared: &Union) {
        let types = self.types;
        if types.creators(info).next().is_none() {
            return;
        }
        let (from, to) = (Shape::of(Side::Inferred, inferred.ty), Shape::of(Side::Declared, declared.ty));
        if !self.assigner.is_assignable(from, to) {
            let (from, to) = (types.text(Side::Inferred, inferred.ty), types.text(Side::Declared, declared.ty));
            let message =
                format!("Cannot assign type '{from}' to '{to}' in a rule that returns type '{}'.", self.name(info.name));
            self.at_creators(info, Code::NotAssignable, &message);
        }
    }

    /// `validatePropertiesConsistency`
    fn interfaces(&mut self, info: &Info, inferred: &Interface, declared: &Interface) {
        let declared_id = info.declared.map_or(info.inferred.id, |(_, named)| named.id);
        let expected = self.expected.get_or_insert_with(|| self.types.property_walk(Side::Declared));
        let mut expected: Vec<&Property> = expected.all(declared_id.index()).to_vec();
        expected.sort_unstable_by_key(|property| property.name);
        let found = self.found_properties(info.inferred.id, inferred);
        let own = self.inferred().properties(inferred).as_ptr_range();
        for &property in &found {
            match expected.binary_search_by_key(&property.name, |expected| expected.name) {
                Ok(at) => self.property(info, property, expected[at]),
                Err(_) if own.contains(&std::ptr::from_ref(property)) => {
                    let message = format!("A property '{}' is not expected.", self.name(property.name));
                    self.at_origins(property, Code::UnexpectedProperty, &message);
                }
                Err(_) => {}
            }
        }
        let mut found: Vec<Name> = found.iter().map(|property| property.name).collect();
        found.sort_unstable();
        let arena = &self.types.side(Side::Declared).arena;
        let is_missing = |property: &&&Property| {
            found.binary_search(&property.name).is_err() && !is_optional(arena, property) && !has_default(arena, property)
        };
        let mut missing: Vec<&str> = expected.iter().filter(is_missing).map(|property| self.name(property.name)).collect();
        if !missing.is_empty() {
            missing.sort_by(|a, b| compare_utf16(a, b));
            let (prefix, postfix) =
                if missing.len() > 1 { ("Properties", "are expected") } else { ("A property", "is expected") };
            let names: Vec<String> = missing.iter().map(|name| format!("'{name}'")).collect();
            let ty = self.name(declared.name);
            // Langium's sentence has a full stop too many.
            let message = format!("{prefix} {} {postfix}. in a rule that returns type '{ty}'.", names.join(", "));
            self.at_creators(info, Code::MissingProperty, &message);
        }
    }

    /// The properties of an inferred type, of all that it extends and of what directly extends it (`allProperties`).
    fn found_properties(&mut self, id: TypeId, interface: &Interface) -> Vec<&'a Property> {
        let types = self.inferred();
        let found = self.found.get_or_insert_with(|| self.types.property_walk(Side::Inferred));
        let mut found = found.all(id.index()).to_vec();
        if interface.sub_types.is_empty() {
            return found;
        }
        let mut names: FxHashSet<Name> = found.iter().map(|property| property.name).collect();
        for sub_type in interface.sub_types.iter().filter_map(|id| types.interface(id)) {
            found.extend(types.properties(sub_type).iter().filter(|property| names.insert(property.name)));
        }
        found
    }

    fn property(&mut self, info: &Info, found: &Property, expected: &Property) {
        let types = self.types;
        // Types that are only declared are compared with themselves.
        if !(found.ty == expected.ty && types.is_reflexive()) {
            let (from, to) = (Shape::matching(Side::Inferred, found.ty), Shape::of(Side::Declared, expected.ty));
            if !self.assigner.is_assignable(from, to) {
                let to = types.text(Side::Declared, expected.ty);
                if to != "unknown" {
                    let from = types.text(Side::Inferred, found.ty);
                    let name = self.name(found.name);
                    let message = format!(
                        "The assigned type '{from}' is not compatible with the declared property '{name}' of type '{to}'."
                    );
                    self.at_origins(found, Code::NotAssignable, &message);
                }
            }
        }
        if found.optional && !is_optional(&types.side(Side::Declared).arena, expected) {
            self.missing_in_rules(info, found.name);
        }
    }

    /// `applyMissingPropErrorToRules`
    fn missing_in_rules(&mut self, info: &Info, property: Name) {
        for creator in self.types.creators(info).filter(|creator| creator.action.is_none()) {
            if assigns(self.grammar, creator.rule, property) {
                continue;
            }
            let rule = self.grammar.declared(creator.rule);
            let place = match super::parameters::parameters(rule.kind()).and_then(|list| rule.item.ids(list).next()) {
                Some(parameter) => rule.node_place(parameter),
                None => rule.first_token(),
            };
            let (property, ty) = (self.name(property), self.name(info.name));
            let message =
                format!("Property '{property}' is missing in a rule '{}', but is required in type '{ty}'.", rule.name());
            self.problems.push(rule.error(Code::MissingProperty, place, message));
        }
    }

    /// `applyErrorToRulesAndActions`
    fn at_creators(&mut self, info: &Info, code: Code, message: &str) {
        for creator in self.types.creators(info) {
            let owner = self.grammar.declared(creator.rule);
            self.problems.push(owner.error(code, creator_place(&owner, creator), message));
        }
    }

    /// `applyErrorToProperties`
    fn at_origins(&mut self, property: &Property, code: Code, message: &str) {
        for origin in self.inferred().arena.origins(property.origins) {
            let (owner, id) = self.types.origin(self.grammar, origin);
            let node = owner.item.node(id);
            let place = match node.kind {
                Kind::Assignment { .. } => owner.feature_of_assignment(node),
                Kind::Action { .. } | Kind::InferringAction { .. } => owner.feature_of_action(node),
                _ => owner.item.span(node),
            };
            self.problems.push(owner.error(code, place, message));
        }
    }
}

/// Where it is written what a rule or action creates.
fn creator_place(owner: &Declared<'_>, creator: Creator) -> Span {
    let inferred = match creator.action {
        None => match owner.kind() {
            DeclarationKind::ParserRule { returns: crate::tree::Returns::Infers(node), .. } => node,
            _ => return owner.name_place(),
        },
        Some(action) => match owner.item.node(action).kind {
            Kind::InferringAction { inferred, .. } => inferred,
            _ => return owner.name_in(owner.item.node(action)),
        },
    };
    owner.name_in(owner.item.node(inferred))
}

/// Whether a rule assigns a property, itself or by unassigned calls (`extractAssignments`).
fn assigns(grammar: &Grammar<'_>, rule: DeclarationId, property: Name) -> bool {
    let links = &grammar.project.links;
    let mut seen: FxHashSet<DeclarationId> = FxHashSet::default();
    let mut rules = vec![rule];
    while let Some(rule) = rules.pop() {
        let item = links.item(rule);
        let DeclarationKind::ParserRule { definition, .. } = item.declaration.kind else { continue };
        if !seen.insert(rule) {
            continue;
        }
        let mut pending: Vec<NodeId> = vec![definition];
        while let Some(id) = pending.pop() {
            match item.node(id).kind {
                Kind::Assignment { feature, .. } if feature == property => return true,
                Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } => {
                    pending.extend(item.ids(elements));
                }
                Kind::RuleCall { .. } => rules.extend(links.called(rule, id)),
                _ => {}
            }
        }
    }
    false
}

/// How many references in a type are both multi and single (`collectReferenceTypes`).
fn mixed_multi_references(arena: &TypeArena, ty: PropertyTypeId) -> usize {
    match arena.get(ty) {
        PropertyType::Reference { multi, single, .. } => usize::from(multi && single),
        PropertyType::Array(element) => mixed_multi_references(arena, element),
        PropertyType::Union(list) => arena.members(list).iter().map(|&member| mixed_multi_references(arena, member)).sum(),
        PropertyType::Value(_) | PropertyType::Primitive(_) | PropertyType::Terminal(..) | PropertyType::Text(_) => 0,
    }
}

/// `isOptionalProperty`
fn is_optional(arena: &TypeArena, property: &Property) -> bool {
    property.optional || is_mandatory(arena, property.ty)
}

/// Whether the parser creates a property of the type in any case (`isMandatoryPropertyType`).
fn is_mandatory(arena: &TypeArena, ty: PropertyTypeId) -> bool {
    match arena.get(ty) {
        PropertyType::Array(_) => true,
        PropertyType::Union(list) => arena.members(list).iter().all(|&member| is_mandatory(arena, member)),
        PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => name == known::BOOLEAN,
        PropertyType::Value(_) | PropertyType::Text(_) | PropertyType::Reference { .. } => false,
    }
}

/// Whether a property has a default value, of its own or by its type (`plainToProperty`).
fn has_default(arena: &TypeArena, property: &Property) -> bool {
    fn is_boolean(arena: &TypeArena, ty: PropertyTypeId) -> bool {
        match arena.get(ty) {
            PropertyType::Union(list) => arena.members(list).iter().any(|&member| is_boolean(arena, member)),
            PropertyType::Primitive(name) | PropertyType::Terminal(name, _) => name == known::BOOLEAN,
            _ => false,
        }
    }
    property.has_default || is_boolean(arena, property.ty) || matches!(arena.get(property.ty), PropertyType::Array(_))
}

//! What tells how things of a type are named (`findNameAssignment` in `grammar-utils.ts`, langium 4.4.0).

use rustc_hash::FxHashSet;

use super::{Language, Sources, TypeTarget};
use crate::text::Name;
use crate::tree::{DeclarationKind, Item, Kind, Node, NodeId};

/// The assignment of the property `name` that decides what a cross-reference to the type `ty` is written as, unless it
/// says so itself: the first one in the type's rule or, where that starts with something else, in what it starts with.
pub fn name_assignment<'s>(sources: &'s Sources, language: &Language, ty: Name) -> Option<(Item<'s>, NodeId)> {
    let mut place = start(sources, language, ty)?;
    let mut seen = FxHashSet::default();
    while seen.insert(place) {
        let item = match place {
            Place::Rule(rule) | Place::Element(rule, _) => language.rule_item(sources, rule),
            Place::Interface(index) => language.interfaces[index as usize].item(sources),
            Place::Type(index) => language.types[index as usize].item(sources),
        };
        match search(sources, language, item, place)? {
            Found::Assignment(id) => return Some((item, id)),
            Found::Reference(next) => place = next,
        }
    }
    None
}

/// Where to look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Place {
    /// In all of a rule.
    Rule(u32),
    /// In an element of a rule.
    Element(u32, NodeId),
    Interface(u32),
    Type(u32),
}

enum Found {
    Assignment(NodeId),
    /// A call or type that the search goes on in; what follows it does not count.
    Reference(Place),
}

/// A type that is inferred in the middle of a rule is named by what stands beside the action.
fn start(sources: &Sources, language: &Language, ty: Name) -> Option<Place> {
    let TypeTarget::Inferred(rule, inferred) = language.type_target(ty)? else { return referred(language, ty) };
    let item = language.rule_item(sources, rule);
    let find = |is_it: &dyn Fn(&Kind) -> bool| item.nodes.iter().position(|node| is_it(&node.kind)).map(NodeId::from_index);
    let action = find(&|kind| matches!(*kind, Kind::InferringAction { inferred: found, .. } if found == inferred));
    let container = action.and_then(|action| {
        find(&|kind| match *kind {
            Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } => {
                item.ids(elements).any(|element| element == action)
            }
            _ => false,
        })
    });
    Some(container.map_or(Place::Rule(rule), |container| Place::Element(rule, container)))
}

/// What a type's name leads to. Nothing can be found in the name after `infers`.
fn referred(language: &Language, ty: Name) -> Option<Place> {
    match language.type_target(ty)? {
        TypeTarget::Rule(rule) => Some(Place::Rule(rule)),
        TypeTarget::Interface(index) => Some(Place::Interface(index)),
        TypeTarget::Type(index) => Some(Place::Type(index)),
        TypeTarget::Inferred(..) => None,
    }
}

fn search(sources: &Sources, language: &Language, item: Item<'_>, place: Place) -> Option<Found> {
    let parser_rule = |rule: Name| {
        let rule = language.rule(rule)?;
        let kind = language.rule_kind(sources, rule);
        if matches!(kind, DeclarationKind::ParserRule { .. }) { Some(rule) } else { None }
    };
    let roots = match (place, item.declaration.kind) {
        (Place::Element(_, element), _) => vec![element],
        (_, DeclarationKind::ParserRule { definition, .. } | DeclarationKind::Type { definition, .. }) => vec![definition],
        (_, DeclarationKind::InfixRule { call, .. }) => vec![call],
        (_, DeclarationKind::Interface { attributes, .. }) => item.ids(attributes).collect(),
        _ => return None,
    };
    for (id, node) in roots.into_iter().flat_map(|root| item.preorder(root)) {
        match node.kind {
            Kind::Assignment { feature, .. } if sources.names.get(feature).eq_ignore_ascii_case("name") => {
                return Some(Found::Assignment(id));
            }
            // An assigned call of a parser rule ends the search.
            Kind::Assignment { terminal, .. } => {
                let is_call =
                    |node: &Node| if let Kind::RuleCall { rule, .. } = node.kind { parser_rule(rule).is_some() } else { false };
                if item.preorder(terminal).any(|(_, node)| is_call(node)) {
                    return None;
                }
            }
            Kind::RuleCall { rule, .. } => {
                if let Some(rule) = parser_rule(rule) {
                    return Some(Found::Reference(Place::Rule(rule)));
                }
            }
            Kind::TypeReference { ty } if language.type_target(ty).is_some() => {
                return referred(language, ty).map(Found::Reference);
            }
            _ => {}
        }
    }
    None
}

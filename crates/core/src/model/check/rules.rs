//! What parser rules create, and how they are built.

use super::Site;
use super::project::Declared;
use crate::model::links::{DeclarationId, Links, TypeDefinition};
use crate::model::rules;
use crate::text::Code;
use crate::text::Problem;
use crate::tree::{DeclarationKind, Kind, NodeId, Returns};

/// The data type rules among all declarations.
pub(super) fn data_type_rules(links: &Links<'_>) -> Vec<bool> {
    let ids: Vec<DeclarationId> = links.all().collect();
    let called = |rule: u32, node, _| {
        let called = links.called(ids[rule as usize], node)?;
        Some((called.index() as u32, links.kind(called)))
    };
    rules::data_type_rules(ids.iter().map(|&id| links.item(id)), called)
}

/// Whether the declared type at `target` stands for plain values only (`isDataType` in `grammar-utils.ts`).
fn is_data_type(links: &Links<'_>, target: TypeDefinition) -> bool {
    let mut seen = vec![target.declaration];
    let mut next = 0;
    while let Some(&ty) = seen.get(next) {
        next += 1;
        let DeclarationKind::Type { .. } = links.kind(ty) else { return false };
        for (index, node) in links.item(ty).nodes.iter().enumerate() {
            match node.kind {
                Kind::ArrayType { .. } | Kind::ReferenceType { .. } => return false,
                Kind::TypeReference { .. } => match links.named_type(ty, NodeId::from_index(index)) {
                    Some(TypeDefinition { declaration, node: None }) => {
                        if !seen.contains(&declaration) {
                            seen.push(declaration);
                        }
                    }
                    _ => return false,
                },
                _ => {}
            }
        }
    }
    true
}

/// `checkParserRuleDataType`
pub(super) fn data_type(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { fragment, returns, .. } = rule.kind() else { return };
    let returns_data = match returns {
        Returns::Primitive(_) => true,
        Returns::Type(_) => rule.links().returned_type(rule.id).is_some_and(|ty| is_data_type(rule.links(), ty)),
        Returns::Implicit | Returns::Infers(_) => false,
    };
    let is_data = rule.project().is_data_type(rule.id);
    if is_data && !returns_data {
        let message = "This parser rule does not create an object. Add a primitive return type or an action to the start \
                       of the rule to force object instantiation.";
        problems.push(rule.error(Code::NoObject, rule.name_place(), message));
    } else if returns_data && !is_data && !fragment {
        let message = "Normal parser rules are not allowed to return a primitive value. Use a datatype rule for that.";
        problems.push(rule.error(Code::ObjectReturnsPrimitive, rule.returned_place(), message));
    }
}

/// `checkFragmentKeywords`
pub(super) fn fragment(rule: &Declared<'_>, problems: &mut Vec<Problem>) {
    let DeclarationKind::ParserRule { fragment: true, returns, .. } = rule.kind() else { return };
    let place = match returns {
        Returns::Implicit => return,
        Returns::Type(_) | Returns::Primitive(_) => rule.returned_place(),
        Returns::Infers(node) => rule.node_place(node),
    };
    let problem = rule.error(Code::FragmentReturns, place, "Fragment rules cannot specify a return type.");
    problems.push(problem.with_fix(rule.absolute(rule.returns_with_space()), ""));
}

/// `checkUnorderedGroup`
pub(super) fn unordered_group(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::UnorderedGroup { elements } = site.node.kind else { return };
    for element in site.owner.item.ids(elements).map(|id| site.owner.item.node(id)) {
        if element.cardinality().is_optional() {
            let message = "Optional elements in Unordered groups are currently not supported";
            problems.push(site.owner.error(Code::OptionalInUnorderedGroup, site.owner.item.span(element), message));
        }
    }
}

//! Cross-references: what they point to and how they are written.

use super::Site;
use super::project::{Declared, Project};
use crate::model::links::{DeclarationId, TypeDefinition};
use crate::model::types::OrderedSet;
use crate::text::name::known;
use crate::text::{Code, Problem};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Primitive, Returns};

/// `checkCrossReferenceSyntax`
pub(super) fn deprecated_syntax(site: &Site<'_>, problems: &mut Vec<Problem>) {
    if let Kind::CrossReference { deprecated: true, .. } = site.node.kind {
        let place = site.owner.bar_place(site.node);
        let problem = site.owner.error(Code::DeprecatedReference, place, "'|' is deprecated. Please, use ':' instead.");
        problems.push(problem.with_fix(site.owner.absolute(place), ":"));
    }
}

/// `checkCrossRefNameAssignment`
pub(super) fn no_terminal(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::CrossReference { terminal: None, .. } = site.node.kind else { return };
    let owner = &site.owner;
    if let Some(target) = owner.named_type(site.id)
        && !has_name(owner.project(), target)
    {
        let message = "Cannot infer terminal or data type rule for cross-reference.";
        let problem = owner.error(Code::NoReferenceTerminal, owner.name_in(site.node), message);
        problems.push(problem.with_hint("write the terminal after a colon: '[Type:ID]'"));
    }
}

/// Whether Langium finds how a type's names are written (`findNameAssignment`): by the first assignment to `name`, or
/// else by the first unassigned call of a rule or the first type that is named, followed in the same way.
fn has_name(project: &Project<'_>, target: TypeDefinition) -> bool {
    let links = &project.links;
    let mut seen: OrderedSet<(DeclarationId, Option<NodeId>)> = OrderedSet::default();
    let mut next = Some((target, start_node(links.item(target.declaration), target.node)));
    while let Some((ty, start)) = next.take() {
        if !seen.insert((ty.declaration, ty.node)) {
            return false;
        }
        let item = links.item(ty.declaration);
        let mut roots = Vec::new();
        match start {
            Start::Declaration => super::roots(item, |root| roots.push(root)),
            Start::Below(node) => item.children(item.node(node), |child| roots.push(child)),
            Start::Nowhere => {}
        }
        // What hangs below an assignment has a parent assignment, and ends the search.
        let mut pending: Vec<(NodeId, bool)> = roots.into_iter().rev().map(|root| (root, false)).collect();
        while let Some((id, assigned)) = pending.pop() {
            let node = item.node(id);
            let followed = match node.kind {
                Kind::Assignment { feature, .. } if project.text(feature).eq_ignore_ascii_case("name") => return true,
                Kind::RuleCall { .. } => links
                    .called(ty.declaration, id)
                    .filter(|&called| matches!(links.kind(called), DeclarationKind::ParserRule { .. }))
                    .map(|declaration| TypeDefinition { declaration, node: None }),
                Kind::TypeReference { .. } => links.named_type(ty.declaration, id),
                _ => None,
            };
            if let Some(followed) = followed {
                if assigned {
                    return false;
                }
                let start = if followed.node.is_some() { Start::Nowhere } else { Start::Declaration };
                next = Some((followed, start));
                break;
            }
            let below = assigned || matches!(node.kind, Kind::Assignment { .. });
            let first = pending.len();
            item.children(node, |child| pending.push((child, below)));
            pending[first..].reverse();
        }
    }
    false
}

/// Where the search for a name begins.
#[derive(Clone, Copy)]
enum Start {
    Declaration,
    /// Below the parent of an `infer` action.
    Below(NodeId),
    Nowhere,
}

fn start_node(item: Item<'_>, inferred: Option<NodeId>) -> Start {
    let Some(inferred) = inferred else { return Start::Declaration };
    let parent_of = |child: NodeId| {
        let mut nodes = item.nodes.iter();
        let is_parent = |node: &crate::tree::Node| {
            let mut found = false;
            item.children(node, |other| found |= other == child);
            found
        };
        nodes.position(is_parent).map(NodeId::from_index)
    };
    match parent_of(inferred) {
        // The `infers` of a rule.
        None => Start::Declaration,
        Some(action) => parent_of(action).map_or(Start::Declaration, Start::Below),
    }
}

/// `checkCrossRefTerminalType`
pub(super) fn terminal_type(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let Kind::CrossReference { terminal: Some(terminal), .. } = site.node.kind else { return };
    let owner = &site.owner;
    let Kind::RuleCall { .. } = owner.item.node(terminal).kind else { return };
    let Some(called) = owner.called(terminal) else { return };
    let message = match owner.links().kind(called) {
        DeclarationKind::InfixRule { .. } => "Parser rules cannot be used for cross-references.",
        DeclarationKind::ParserRule { .. } if !owner.project().is_data_type(called) => {
            "Parser rules cannot be used for cross-references."
        }
        DeclarationKind::ParserRule { .. } if !is_string_rule(&owner.grammar.declared(called)) => {
            "Data type rules for cross-references must be of type string."
        }
        DeclarationKind::TerminalRule { ty: Some(_), .. }
            if !super::terminals::returns_string(&owner.grammar.declared(called)) =>
        {
            "Terminal rules for cross-references must be of type string."
        }
        _ => return,
    };
    problems.push(owner.error(Code::ReferenceTerminal, owner.name_in(owner.item.node(terminal)), message));
}

/// `isStringGrammarType`
fn is_string_rule(rule: &Declared<'_>) -> bool {
    let links = rule.links();
    let mut seen: OrderedSet<DeclarationId> = [rule.id].into_iter().collect();
    let mut next = 0;
    while let Some(&ty) = seen.as_slice().get(next) {
        next += 1;
        let mut follow = |target: Option<TypeDefinition>| match target {
            Some(TypeDefinition { declaration, node: None }) => {
                seen.insert(declaration);
                true
            }
            _ => false,
        };
        let is_string = match links.kind(ty) {
            DeclarationKind::ParserRule { returns, .. } => match returns {
                Returns::Primitive(primitive) => primitive.name() == known::STRING,
                Returns::Type(_) => follow(links.returned_type(ty)),
                Returns::Implicit | Returns::Infers(_) => false,
            },
            DeclarationKind::Type { .. } => links.item(ty).nodes.iter().enumerate().all(|(index, node)| match node.kind {
                Kind::TypeReference { .. } => follow(links.named_type(ty, NodeId::from_index(index))),
                Kind::PrimitiveType { primitive } => primitive == Primitive::String,
                Kind::StringType { value } => !rule.project().text(value).is_empty(),
                Kind::UnionType { .. } => true,
                _ => false,
            }),
            _ => false,
        };
        if !is_string {
            return false;
        }
    }
    true
}

/// `checkCrossReferenceToTypeUnion`
pub(super) fn type_union(site: &Site<'_>, problems: &mut Vec<Problem>) {
    let owner = &site.owner;
    let Some(TypeDefinition { declaration, node: None }) = owner.named_type(site.id) else { return };
    let DeclarationKind::Type { .. } = owner.links().kind(declaration) else { return };
    let wrong = plain_members(owner.project(), declaration);
    if !wrong.is_empty() {
        let verb = if wrong.len() > 1 { "are not AST nodes" } else { "is not an AST node" };
        let message = format!(
            "Cross-reference on type union is only valid if all alternatives are AST nodes. {} {verb}.",
            wrong.join(", ")
        );
        problems.push(owner.error(Code::ReferenceToData, owner.name_in(site.node), message));
    }
}

/// What in a union of types is no AST node, each once (`checkTypeUnionContainsOnlyParseRules`).
fn plain_members(project: &Project<'_>, ty: DeclarationId) -> Vec<String> {
    let links = &project.links;
    let members = |ty: DeclarationId| {
        let item = links.item(ty);
        match item.declaration.kind {
            DeclarationKind::Type { definition, .. } => match item.node(definition).kind {
                Kind::UnionType { types } => Some(item.ids(types)),
                _ => None,
            },
            _ => None,
        }
    };
    let mut wrong: Vec<String> = Vec::new();
    let mut seen: OrderedSet<DeclarationId> = [ty].into_iter().collect();
    let mut open: Vec<_> = members(ty).map(|members| (ty, members)).into_iter().collect();
    while let Some((union, rest)) = open.last_mut() {
        let Some(id) = rest.next() else {
            open.pop();
            continue;
        };
        let text = match links.item(*union).node(id).kind {
            Kind::TypeReference { .. } => {
                let Some(target) = links.named_type(*union, id).map(|target| target.declaration) else { continue };
                let DeclarationKind::Type { name, .. } = links.kind(target) else { continue };
                match members(target) {
                    Some(members) => {
                        if seen.insert(target) {
                            open.push((target, members));
                        }
                        continue;
                    }
                    None => project.text(name).to_owned(),
                }
            }
            Kind::StringType { value } => format!("\"{}\"", project.text(value)),
            Kind::PrimitiveType { primitive } => primitive.text().to_owned(),
            _ => continue,
        };
        if !wrong.contains(&text) {
            wrong.push(text);
        }
    }
    wrong
}

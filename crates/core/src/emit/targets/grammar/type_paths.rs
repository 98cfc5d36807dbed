//! Where types are declared inside of rules.

use std::hash::{Hash, Hasher};

use crate::model::{Language, Sources, TypeTarget};
use crate::text::{Name, Span, js};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Returns};

/// Where the types stand that `infers` and `infer` declare, as paths from their rules, for example
/// `/definition/elements@1/inferredType`. A type is referred to often, and its path is found by a walk of its rule.
pub(super) struct TypePaths {
    text: String,
    /// The names of these types, each with the index of its rule.
    rules: Vec<(Name, u32)>,
    /// By [`Name::index`]; empty for all other names.
    spans: Vec<Span>,
}

impl TypePaths {
    pub(super) fn new(sources: &Sources, language: &Language) -> TypePaths {
        let mut paths = TypePaths { text: String::new(), rules: Vec::new(), spans: vec![Span::default(); sources.names.len()] };
        for (rule, element) in (0..).zip(&language.rules) {
            let item = element.item(sources);
            let mut add = |node: NodeId, definition: &str, elements: &[u32]| {
                if let Kind::InferredType { name } = item.node(node).kind
                    && language.type_target(name) == Some(TypeTarget::Inferred(rule, node))
                {
                    paths.rules.push((name, rule));
                    paths.spans[name.index()] = push_path(&mut paths.text, definition, elements);
                }
            };
            let kind = item.declaration.kind;
            if let DeclarationKind::ParserRule { returns: Returns::Infers(node), .. }
            | DeclarationKind::InfixRule { returns: Returns::Infers(node), .. } = kind
            {
                add(node, "", &[]);
            }
            if let DeclarationKind::ParserRule { definition, .. } = kind
                && item.declaration.has_inferring_actions
            {
                let mut add = |node: NodeId, elements: &[u32]| add(node, "/definition", elements);
                for_each_inferring_action(item, definition, &mut Vec::new(), &mut add);
            }
        }
        paths
    }

    pub(super) fn hash(&self, hasher: &mut impl Hasher) {
        self.rules.hash(hasher);
        self.text.hash(hasher);
    }

    pub(super) fn get(&self, name: Name) -> &str {
        self.spans[name.index()].of(&self.text)
    }
}

fn push_path(text: &mut String, definition: &str, elements: &[u32]) -> Span {
    let start = text.len() as u32;
    text.push_str(definition);
    for &index in elements {
        text.push_str("/elements@");
        js::push_integer(text, index);
    }
    text.push_str("/inferredType");
    Span::new(start, text.len() as u32)
}

/// Calls `visit` with the `InferredType` of each action at or below `id` and the indices that lead to the action.
fn for_each_inferring_action(item: Item<'_>, id: NodeId, indices: &mut Vec<u32>, visit: &mut impl FnMut(NodeId, &[u32])) {
    let kind = item.node(id).kind;
    if let Kind::InferringAction { inferred, .. } = kind {
        visit(inferred, indices);
    } else if let Kind::Alternatives { elements } | Kind::UnorderedGroup { elements } | Kind::Group { elements, .. } = kind {
        for (index, element) in (0..).zip(item.ids(elements)) {
            indices.push(index);
            for_each_inferring_action(item, element, indices, visit);
            indices.pop();
        }
    }
}

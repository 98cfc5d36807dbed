//! Files whose types can be wrong, for whoever wants to know them only then.
//!
//! Langium finds the types of each file and all that it imports anew, which over a chain of imports takes the square of its
//! length. But most files say nothing about types that could be wrong in any company.

use crate::model::sources::Sources;
use crate::text::name::known;
use crate::text::{FileId, Name};
use crate::tree::{DeclarationKind, Item, Kind, NodeId, Operator, Returns};

/// What is known of each file.
pub(super) struct Notable {
    is_entry: Vec<bool>,
    /// It declares types or has references.
    refers: Vec<bool>,
    /// Types in whose sight it is can be wrong because of it: it declares some, or has references that are put into a
    /// property together with something else, be it in another file. Empty, if all files are entry grammars.
    mixes: Vec<bool>,
}

impl Notable {
    /// What is known of all files; types of `entries` are needed anyway.
    pub(super) fn find(sources: &Sources, entries: &[FileId]) -> Notable {
        let mut is_entry = vec![false; sources.files.len()];
        entries.iter().for_each(|entry| is_entry[entry.index()] = true);
        let mixes = if is_entry.contains(&false) { mixes(sources) } else { Vec::new() };
        Notable { is_entry, refers: refers(sources), mixes }
    }

    /// Whether the types of `file`, which sees the files `visible`, should be known.
    pub(super) fn any(&self, file: FileId, visible: &[FileId]) -> bool {
        let files = if self.is_entry[file.index()] { &self.refers } else { &self.mixes };
        visible.iter().any(|file| files[file.index()])
    }
}

fn refers(sources: &Sources) -> Vec<bool> {
    let is_reference = |kind: &Kind| matches!(kind, Kind::CrossReference { .. });
    let files = sources.files.iter().map(|file| &file.tree);
    let refers = files.map(|tree| {
        let needs_types = tree.declarations.iter().any(|declaration| needs_types(declaration.kind));
        needs_types || tree.nodes.iter().any(|node| is_reference(&node.kind))
    });
    refers.collect()
}

fn mixes(sources: &Sources) -> Vec<bool> {
    let mut found: Vec<Assigned> = vec![Assigned::Nothing; sources.names.len()];
    for item in sources.files.iter().flat_map(|file| file.tree.items()) {
        assignments(item, |feature, assigned| found[feature.index()].add(assigned));
    }
    let is_mixed = |item: Item<'_>| {
        let mut is_mixed = needs_types(item.declaration.kind);
        assignments(item, |feature, assigned| {
            is_mixed |= assigned != Assigned::Other && found[feature.index()] == Assigned::Mixed;
        });
        is_mixed
    };
    sources.files.iter().map(|file| file.tree.items().any(is_mixed)).collect()
}

fn needs_types(kind: DeclarationKind) -> bool {
    match kind {
        DeclarationKind::Interface { .. } | DeclarationKind::Type { .. } => true,
        DeclarationKind::InfixRule { returns, .. } => matches!(returns, Returns::Type(_)),
        DeclarationKind::ParserRule { .. }
        | DeclarationKind::TerminalRule { .. }
        | DeclarationKind::Grammar { .. }
        | DeclarationKind::Import { .. }
        | DeclarationKind::Broken => false,
    }
}

/// What is assigned to properties of one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Assigned {
    Nothing,
    /// References of one kind only.
    References {
        multi: bool,
        operator: Operator,
    },
    /// No references.
    Other,
    /// References and something else.
    Mixed,
}

impl Assigned {
    fn add(&mut self, assigned: Assigned) {
        *self = match *self {
            Assigned::Nothing => assigned,
            found if found == assigned => found,
            _ => Assigned::Mixed,
        };
    }
}

/// Calls `visit` with all assigned properties.
fn assignments(item: Item<'_>, mut visit: impl FnMut(Name, Assigned)) {
    if let DeclarationKind::InfixRule { .. } = item.declaration.kind {
        [known::LEFT, known::OPERATOR, known::RIGHT].into_iter().for_each(|feature| visit(feature, Assigned::Other));
    }
    for node in item.nodes {
        match node.kind {
            Kind::Assignment { feature, terminal, operator, .. } => visit(feature, assigned(item, terminal, operator)),
            Kind::Action { feature: Some(feature), .. } | Kind::InferringAction { feature: Some(feature), .. } => {
                visit(feature, Assigned::Other);
            }
            _ => {}
        }
    }
}

fn assigned(item: Item<'_>, terminal: NodeId, operator: Operator) -> Assigned {
    match item.node(terminal).kind {
        Kind::CrossReference { multi, .. } => Assigned::References { multi, operator },
        Kind::Keyword { .. } | Kind::RuleCall { .. } => Assigned::Other,
        _ => {
            let mut below = item.preorder(terminal);
            if below.any(|(_, node)| matches!(node.kind, Kind::CrossReference { .. })) {
                Assigned::Mixed
            } else {
                Assigned::Other
            }
        }
    }
}

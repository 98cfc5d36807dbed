//! Moving declarations from tree to tree: copying their parts, since everything inside of a declaration is relative to it.

use std::ops::Range;

use super::{Declaration, DeclarationKind, Kind, List, Node, Part, Returns, SyntaxProblem, Tree};
use crate::text::{Name, Span};

impl Tree {
    /// Appends copies of all declarations of `from`, a later part of the same text.
    pub(crate) fn append(&mut self, from: &Tree) {
        let shifts = [self.nodes.len(), self.lists.len(), self.comments.len()].map(|length| length as i64);
        let first = self.declarations.len() as u32;
        self.nodes.extend_from_slice(&from.nodes);
        self.lists.extend_from_slice(&from.lists);
        self.comments.extend_from_slice(&from.comments);
        self.declarations.extend(from.declarations.iter().map(|declaration| {
            let mut copy = *declaration;
            copy.shift_parts(shifts);
            copy
        }));
        let moved = |problem: &SyntaxProblem| SyntaxProblem { declaration: problem.declaration + first, ..problem.clone() };
        self.problems.extend(from.problems.iter().map(moved));
    }

    /// Puts the declarations of `with` in the place of some that may have problems; all others have none. The regions of those
    /// behind move by `moved` bytes.
    pub(crate) fn replace(&mut self, declarations: Range<usize>, with: Tree, moved: i64) {
        let start = |index: usize| declarations.start.checked_sub(1).map_or(0, |last| self.declarations[last].parts[index].end);
        let starts: [u32; 3] = std::array::from_fn(start);
        let lengths = [self.nodes.len(), self.lists.len(), self.comments.len()].map(|length| length as u32);
        let behind = self.declarations.get(declarations.end);
        let ends: [u32; 3] = std::array::from_fn(|index| behind.map_or(lengths[index], |behind| behind.parts[index].start));
        let range = |index: usize| starts[index] as usize..ends[index] as usize;
        let added = [with.nodes.len(), with.lists.len(), with.comments.len()];
        let shifts: [i64; 3] = std::array::from_fn(|index| added[index] as i64 - range(index).len() as i64);
        for declaration in &mut self.declarations[declarations.end..] {
            let Span { start, end } = declaration.region;
            declaration.region = Span::new(shifted(start, moved), shifted(end, moved));
            declaration.shift_parts(shifts);
        }
        self.nodes.splice(range(0), with.nodes);
        self.lists.splice(range(1), with.lists);
        self.comments.splice(range(2), with.comments);
        let new = with.declarations.into_iter().map(|mut declaration| {
            declaration.shift_parts(starts.map(i64::from));
            declaration
        });
        self.problems = with.problems;
        self.problems.iter_mut().for_each(|problem| problem.declaration += declarations.start as u32);
        self.declarations.splice(declarations, new);
    }

    /// Turns names of one [`Names`](crate::text::Names) into those of another: `names[n.index()]` for `n`.
    pub fn rename(&mut self, names: &[Name]) {
        self.rename_from((0, 0), names).into_iter().for_each(|rename| rename());
    }

    /// Renames everything from a declaration and a node on: two halves that do not need each other, for the caller to do.
    pub(crate) fn rename_from<'t>(
        &'t mut self,
        (declaration, node): (usize, usize),
        names: &'t [Name],
    ) -> [impl FnOnce() + Send + 't; 2] {
        let rename = |name: Name| names[name.index()];
        for declaration in &mut self.declarations[declaration..] {
            if let Some(list) = rename_declaration(&mut declaration.kind, &rename)
                && let Some(at) = list.start()
            {
                let at = declaration.parts[1].start as usize + at;
                let length = self.lists[at] as usize;
                self.lists[at + 1..=at + length].iter_mut().for_each(|name| *name = rename(Name::from_raw(*name)).raw());
            }
        }
        let nodes = &mut self.nodes[node..];
        let halves: [&mut [Node]; 2] = nodes.split_at_mut(nodes.len() / 2).into();
        halves.map(|nodes| move || nodes.iter_mut().for_each(|node| rename_node(node, &rename)))
    }
}

impl Declaration {
    fn shift_parts(&mut self, by: [i64; 3]) {
        for (Part { start, end }, by) in self.parts.iter_mut().zip(by) {
            (*start, *end) = (shifted(*start, by), shifted(*end, by));
        }
    }
}

fn shifted(position: u32, by: i64) -> u32 {
    (i64::from(position) + by) as u32
}

/// Returns the list of names that the declaration has, if it has one.
fn rename_declaration(kind: &mut DeclarationKind, rename: &impl Fn(Name) -> Name) -> Option<List> {
    match kind {
        DeclarationKind::Grammar { name } | DeclarationKind::Type { name, .. } | DeclarationKind::TerminalRule { name, .. } => {
            *name = rename(*name);
            None
        }
        DeclarationKind::Import { path } => {
            *path = rename(*path);
            None
        }
        DeclarationKind::Interface { name, super_types, .. } => {
            *name = rename(*name);
            Some(*super_types)
        }
        DeclarationKind::ParserRule { name, returns, .. } | DeclarationKind::InfixRule { name, returns, .. } => {
            *name = rename(*name);
            match returns {
                Returns::Type(ty) => *ty = rename(*ty),
                Returns::Implicit | Returns::Primitive(_) | Returns::Infers(_) => {}
            }
            None
        }
        DeclarationKind::Broken => None,
    }
}

fn rename_node(node: &mut Node, rename: &impl Fn(Name) -> Name) {
    match &mut node.kind {
        Kind::Keyword { value: name, .. }
        | Kind::RuleCall { rule: name, .. }
        | Kind::Assignment { feature: name, .. }
        | Kind::CrossReference { ty: name, .. }
        | Kind::Parameter { name }
        | Kind::InferredType { name }
        | Kind::ParameterReference { parameter: name }
        | Kind::TerminalRuleCall { rule: name }
        | Kind::RegexToken { regex: name }
        | Kind::ReturnType { name }
        | Kind::TypeReference { ty: name }
        | Kind::StringType { value: name }
        | Kind::TypeAttribute { name, .. }
        | Kind::StringLiteral { value: name }
        | Kind::NumberLiteral { text: name } => *name = rename(*name),
        Kind::Action { ty, feature, .. } => {
            *ty = rename(*ty);
            *feature = feature.map(rename);
        }
        Kind::InferringAction { feature: name, .. }
        | Kind::NamedArgument { parameter: name, .. }
        | Kind::InfixPrecedence { associativity: name, .. } => *name = name.map(rename),
        Kind::Alternatives { .. }
        | Kind::UnorderedGroup { .. }
        | Kind::Group { .. }
        | Kind::EndOfFile
        | Kind::InfixOperators { .. }
        | Kind::Disjunction { .. }
        | Kind::Conjunction { .. }
        | Kind::Negation { .. }
        | Kind::TerminalAlternatives { .. }
        | Kind::TerminalGroup { .. }
        | Kind::NegatedToken { .. }
        | Kind::UntilToken { .. }
        | Kind::Wildcard
        | Kind::CharacterRange { .. }
        | Kind::UnionType { .. }
        | Kind::ArrayType { .. }
        | Kind::ReferenceType { .. }
        | Kind::PrimitiveType { .. }
        | Kind::BooleanLiteral { .. }
        | Kind::ArrayLiteral { .. } => {}
    }
}

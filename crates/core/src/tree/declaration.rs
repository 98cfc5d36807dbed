//! The declarations of a grammar file.

use std::ops::Range;

use super::{List, NodeId, Primitive};
use crate::text::{Name, Span};

/// A top-level part of a grammar file.
#[derive(Clone, Copy, Debug)]
pub struct Declaration {
    /// What it is. Its node ids and lists count from the declaration's own first ones.
    pub kind: DeclarationKind,
    /// Where it lies in the file, in bytes: from the end of the declaration before it (so that comments and white space
    /// before its first token belong to it) to the end of its last token.
    pub region: Span,
    /// Its first token, relative to the region's start.
    pub first_token: u32,
    /// The declared name (for an import, the path), relative to the region; empty at the first token if it is missing.
    pub name_span: Span,
    /// Its parts of the tree's nodes, lists and comments.
    pub parts: [Part; 3],
    /// Whether one of its nodes is an `InferringAction`: few have one, and many want to know.
    pub has_inferring_actions: bool,
}

impl Declaration {
    /// Bytes from its first token to its last.
    pub fn length(&self) -> u32 {
        self.region.end - self.region.start - self.first_token
    }
}

/// A range of one of the tree's vectors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// First element.
    pub start: u32,
    /// One past the last element.
    pub end: u32,
}

impl Part {
    /// The elements' positions.
    #[inline]
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// What a declaration is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the fields are those of the Langium types of the same names
pub enum DeclarationKind {
    /// `grammar Name`
    Grammar { name: Name },
    /// `import 'path'`
    Import { path: Name },
    /// `interface Name extends A, B { … }`; `super_types` lists names, `attributes` nodes.
    Interface { name: Name, super_types: List, attributes: List },
    /// `type Name = …`
    Type { name: Name, definition: NodeId },
    /// `Name: …`, `entry Name: …`, `fragment Name: …`
    ParserRule { name: Name, entry: bool, fragment: bool, parameters: List, returns: Returns, definition: NodeId },
    /// `infix Name on Call: …`
    InfixRule { name: Name, parameters: List, call: NodeId, returns: Returns, operators: NodeId },
    /// `terminal Name: …`; `ty` is a `ReturnType`.
    TerminalRule { name: Name, hidden: bool, fragment: bool, ty: Option<NodeId>, definition: NodeId },
    /// Text that is not a declaration; the tree's problems say why.
    Broken,
}

/// What a parser or infix rule says about the type that it creates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Returns {
    /// Nothing: the type has the rule's name.
    Implicit,
    /// `returns Name`
    Type(Name),
    /// `returns string`
    Primitive(Primitive),
    /// `infers Name`; the node is an `InferredType`.
    Infers(NodeId),
}

impl DeclarationKind {
    /// The declared name; none for imports and broken text.
    pub fn name(&self) -> Option<Name> {
        match *self {
            DeclarationKind::Grammar { name }
            | DeclarationKind::Interface { name, .. }
            | DeclarationKind::Type { name, .. }
            | DeclarationKind::ParserRule { name, .. }
            | DeclarationKind::InfixRule { name, .. }
            | DeclarationKind::TerminalRule { name, .. } => Some(name),
            DeclarationKind::Import { .. } | DeclarationKind::Broken => None,
        }
    }

    /// Whether it is a parser, infix or terminal rule.
    pub fn is_rule(&self) -> bool {
        match self {
            DeclarationKind::ParserRule { .. } | DeclarationKind::InfixRule { .. } | DeclarationKind::TerminalRule { .. } => true,
            DeclarationKind::Grammar { .. }
            | DeclarationKind::Import { .. }
            | DeclarationKind::Interface { .. }
            | DeclarationKind::Type { .. }
            | DeclarationKind::Broken => false,
        }
    }
}

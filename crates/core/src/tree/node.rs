//! The nodes inside declarations.

use std::num::NonZeroU32;

use crate::text::{Name, Span};

/// A node of one declaration, by its position in the declaration's part of the node vector.
///
/// Packed, as [`List`] and [`Name`] are, since a [`Kind`] would have holes otherwise, and there are millions of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(Rust, packed)]
pub struct NodeId(NonZeroU32);

impl NodeId {
    /// Position in the declaration's nodes.
    pub const fn index(self) -> usize {
        self.raw() as usize - 1
    }

    /// The node at `index`.
    pub const fn from_index(index: usize) -> NodeId {
        match NonZeroU32::new(index as u32 + 1) {
            Some(number) => NodeId(number),
            None => panic!("more than 4 billion nodes"),
        }
    }

    pub(crate) const fn raw(self) -> u32 {
        let NodeId(number) = self;
        number.get()
    }

    pub(crate) const fn from_raw(raw: u32) -> NodeId {
        NodeId::from_index(raw as usize - 1)
    }
}

/// A list of nodes or names, by its position in the declaration's part of the list vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(Rust, packed)]
pub struct List(u32);

impl List {
    /// The list without items, which takes no room.
    pub const EMPTY: List = List(u32::MAX);

    pub(crate) const fn at(start: usize) -> List {
        List(start as u32)
    }

    pub(super) const fn raw(self) -> u32 {
        self.0
    }

    pub(super) const fn from_raw(raw: u32) -> List {
        List(raw)
    }

    pub(crate) const fn start(self) -> Option<usize> {
        if self.0 == u32::MAX { None } else { Some(self.0 as usize) }
    }

    /// Whether there are no items.
    pub const fn is_empty(self) -> bool {
        self.0 == u32::MAX
    }
}

/// One node. There is about one per 8 bytes of grammar, so its size is what the tree costs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Node {
    /// What it is, and its parts.
    pub kind: Kind,
    bits: Bits,
    place: Place,
}

const _: () = assert!(size_of::<Kind>() == 11);
const _: () = assert!(size_of::<Node>() == 16);

impl Node {
    pub(crate) const fn new(kind: Kind, flags: Flags, place: Place) -> Node {
        Node { kind, bits: Bits(flags.0 << Bits::FLAGS), place }
    }

    pub(super) const fn stored(kind: Kind, bits: Bits, place: Place) -> Node {
        Node { kind, bits, place }
    }

    pub(super) const fn bits(&self) -> Bits {
        self.bits
    }

    /// `?`, `*` or `+` behind it.
    pub const fn cardinality(&self) -> Cardinality {
        match self.bits.0 & Bits::CARDINALITY {
            0 => Cardinality::One,
            1 => Cardinality::Optional,
            2 => Cardinality::Many,
            _ => Cardinality::OneOrMore,
        }
    }

    /// `?=`, `?!`, `?<=` or `?<!` before it (terminal elements only).
    pub const fn lookahead(&self) -> Lookahead {
        match (self.bits.0 & Bits::LOOKAHEAD) >> Bits::CARDINALITY.count_ones() {
            0 => Lookahead::None,
            1 => Lookahead::Ahead,
            2 => Lookahead::NotAhead,
            3 => Lookahead::Behind,
            _ => Lookahead::NotBehind,
        }
    }

    /// Facts in single bits.
    pub const fn flags(&self) -> Flags {
        Flags(self.bits.0 >> Bits::FLAGS)
    }

    /// Where its span is; [`Item::span`](super::Item::span) reads it.
    pub(crate) const fn place(&self) -> Place {
        self.place
    }

    pub(crate) const fn set_cardinality(&mut self, cardinality: Cardinality) {
        self.bits.0 = self.bits.0 & !Bits::CARDINALITY | cardinality as u8;
    }

    pub(crate) const fn set_lookahead(&mut self, lookahead: Lookahead) {
        self.bits.0 = self.bits.0 & !Bits::LOOKAHEAD | (lookahead as u8) << Bits::CARDINALITY.count_ones();
    }

    pub(crate) const fn set_flags(&mut self, flags: Flags) {
        self.bits.0 = self.bits.0 & (Bits::CARDINALITY | Bits::LOOKAHEAD) | flags.0 << Bits::FLAGS;
    }

    pub(crate) const fn set_place(&mut self, place: Place) {
        self.place = place;
    }
}

/// A [`Cardinality`], a [`Lookahead`] and [`Flags`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bits(u8);

impl Bits {
    pub(super) const fn raw(self) -> u8 {
        self.0
    }

    pub(super) const fn from_raw(raw: u8) -> Bits {
        Bits(raw)
    }

    const CARDINALITY: u8 = 0b11;
    const LOOKAHEAD: u8 = 0b1_1100;
    /// The first bit of the flags.
    const FLAGS: u32 = 5;
}

/// Where the span of a node is: both ends in the two halves of the number; in a declaration of more than 64 KiB, which is
/// rare, they are two items of the declaration's lists, and this is where.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place(u32);

impl Place {
    pub(super) const fn raw(self) -> u32 {
        self.0
    }

    pub(super) const fn from_raw(raw: u32) -> Place {
        Place(raw)
    }

    /// Whether the places of a declaration of `bytes` are in its lists.
    pub(crate) const fn is_in_lists(bytes: u32) -> bool {
        bytes > u16::MAX as u32
    }

    /// The place that is the span itself.
    pub(crate) const fn of(span: Span) -> Place {
        Place(span.start << 16 | span.end)
    }

    /// The place of a span that is at `start` of the lists.
    pub(crate) const fn at(start: usize) -> Place {
        Place(start as u32)
    }

    /// The span that is the place itself.
    pub(crate) const fn span(self) -> Span {
        Span::new(self.0 >> 16, self.0 & u16::MAX as u32)
    }

    /// Where the span is among the lists.
    pub(crate) const fn start(self) -> usize {
        self.0 as usize
    }
}

/// What a node is. Named after the types of Langium's grammar of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)] // the fields are those of the Langium types of the same names
pub enum Kind {
    // Elements of parser rules
    Alternatives {
        elements: List,
    },
    UnorderedGroup {
        elements: List,
    },
    Group {
        elements: List,
        guard: Option<NodeId>,
        predicate: Predicate,
    },
    Keyword {
        value: Name,
        predicate: Predicate,
    },
    RuleCall {
        rule: Name,
        arguments: List,
        predicate: Predicate,
    },
    Assignment {
        feature: Name,
        terminal: NodeId,
        operator: Operator,
        predicate: Predicate,
    },
    CrossReference {
        ty: Name,
        terminal: Option<NodeId>,
        multi: bool,
        deprecated: bool,
    },
    /// `{Type}` or `{Type.feature=current}`
    Action {
        ty: Name,
        feature: Option<Name>,
        operator: Operator,
    },
    /// `{infer Type}` or `{infer Type.feature=current}`
    InferringAction {
        inferred: NodeId,
        feature: Option<Name>,
        operator: Operator,
    },
    EndOfFile,

    // Parts of parser and infix rules
    Parameter {
        name: Name,
    },
    InferredType {
        name: Name,
    },
    NamedArgument {
        parameter: Option<Name>,
        value: NodeId,
    },
    InfixOperators {
        precedences: List,
    },
    InfixPrecedence {
        operators: List,
        associativity: Option<Name>,
    },

    // Conditions
    /// `a | b | c`: Langium nests these to the left, `(a | b) | c`; here the operands of one chain are one list.
    Disjunction {
        operands: List,
    },
    /// `a & b & c`, flat like a disjunction.
    Conjunction {
        operands: List,
    },
    Negation {
        value: NodeId,
    },
    ParameterReference {
        parameter: Name,
    },

    // Elements of terminal rules
    /// `'a' | 'b' | 'c'`, flat like a disjunction.
    TerminalAlternatives {
        elements: List,
    },
    TerminalGroup {
        elements: List,
    },
    TerminalRuleCall {
        rule: Name,
    },
    NegatedToken {
        terminal: NodeId,
    },
    UntilToken {
        terminal: NodeId,
    },
    RegexToken {
        regex: Name,
    },
    Wildcard,
    CharacterRange {
        left: NodeId,
        right: Option<NodeId>,
    },
    ReturnType {
        name: Name,
    },

    // Type definitions
    UnionType {
        types: List,
    },
    ArrayType {
        element: NodeId,
    },
    ReferenceType {
        referenced: NodeId,
        multi: bool,
    },
    TypeReference {
        ty: Name,
    },
    PrimitiveType {
        primitive: Primitive,
    },
    StringType {
        value: Name,
    },
    /// An attribute of an interface; `parts` are its type and, if there is one, its default value.
    TypeAttribute {
        name: Name,
        parts: List,
        optional: bool,
    },

    // Values
    StringLiteral {
        value: Name,
    },
    /// The literal as written, for example `1.50`.
    NumberLiteral {
        text: Name,
    },
    /// Also a condition.
    BooleanLiteral {
        value: bool,
    },
    ArrayLiteral {
        elements: List,
    },
}

/// How often an element may occur.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Cardinality {
    /// Exactly once.
    #[default]
    One,
    /// `?`
    Optional,
    /// `*`
    Many,
    /// `+`
    OneOrMore,
}

impl Cardinality {
    /// As written; empty for [`Cardinality::One`].
    pub const fn text(self) -> &'static str {
        match self {
            Cardinality::One => "",
            Cardinality::Optional => "?",
            Cardinality::Many => "*",
            Cardinality::OneOrMore => "+",
        }
    }

    /// `?` or `*` (`isOptionalCardinality` in `grammar-utils.ts`, without its case for guards).
    pub const fn is_optional(self) -> bool {
        matches!(self, Cardinality::Optional | Cardinality::Many)
    }
}

/// What a parenthesised terminal element looks for without consuming it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lookahead {
    /// It consumes.
    #[default]
    None,
    /// `?=`
    Ahead,
    /// `?!`
    NotAhead,
    /// `?<=`
    Behind,
    /// `?<!`
    NotBehind,
}

impl Lookahead {
    /// As written; empty for [`Lookahead::None`].
    pub const fn text(self) -> &'static str {
        match self {
            Lookahead::None => "",
            Lookahead::Ahead => "?=",
            Lookahead::NotAhead => "?!",
            Lookahead::Behind => "?<=",
            Lookahead::NotBehind => "?<!",
        }
    }
}

/// `=>` or `->` before an element: parsed, and rejected by a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Predicate {
    /// None.
    #[default]
    None,
    /// `=>`
    DoubleArrow,
    /// `->`
    Arrow,
}

impl Predicate {
    /// As written; empty for [`Predicate::None`].
    pub const fn text(self) -> &'static str {
        match self {
            Predicate::None => "",
            Predicate::DoubleArrow => "=>",
            Predicate::Arrow => "->",
        }
    }
}

/// How an assignment or an action stores its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// `=`
    Assign,
    /// `+=`
    Add,
    /// `?=`
    Flag,
}

impl Operator {
    /// As written.
    pub const fn text(self) -> &'static str {
        match self {
            Operator::Assign => "=",
            Operator::Add => "+=",
            Operator::Flag => "?=",
        }
    }
}

/// The built-in types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Primitive {
    String,
    Number,
    Boolean,
    Date,
    Bigint,
}

impl Primitive {
    /// As written.
    pub const fn text(self) -> &'static str {
        match self {
            Primitive::String => "string",
            Primitive::Number => "number",
            Primitive::Boolean => "boolean",
            Primitive::Date => "Date",
            Primitive::Bigint => "bigint",
        }
    }

    /// As an interned name.
    pub const fn name(self) -> Name {
        use crate::text::name::known;
        match self {
            Primitive::String => known::STRING,
            Primitive::Number => known::NUMBER,
            Primitive::Boolean => known::BOOLEAN,
            Primitive::Date => known::DATE,
            Primitive::Bigint => known::BIGINT,
        }
    }
}

/// Single-bit facts of a node.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Flags(u8);

impl Flags {
    /// A block comment stands directly before the node's first token.
    pub const COMMENTED: Flags = Flags(1);
    /// The (terminal) element stood in parentheses.
    pub const PARENTHESIZED: Flags = Flags(2);
    /// Its cardinality was written inside the parentheses that carry its lookahead. Langium's JSON shows which of the
    /// two properties was set first.
    pub const CARDINALITY_FIRST: Flags = Flags(4);

    /// Whether all bits of `flag` are set.
    pub const fn has(self, flag: Flags) -> bool {
        self.0 & flag.0 == flag.0
    }

    /// With the bits of `flag` cleared.
    #[must_use]
    pub const fn without(self, flag: Flags) -> Flags {
        Flags(self.0 & !flag.0)
    }

    /// With the bits of `flag` set.
    #[must_use]
    pub const fn with(self, flag: Flags) -> Flags {
        Flags(self.0 | flag.0)
    }
}

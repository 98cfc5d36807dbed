//! What a declaration shows to whoever looks at all declarations of a project together: less than what is written there, so
//! that most edits of a rule change nothing of it.

use std::hash::Hash;

use super::notes::Notes;
use super::sources::{File, Sources};
use crate::hash::Bytes;
use crate::text::Names;
use crate::tree::{Cardinality, DeclarationKind, Item, Kind, Node, NodeId, Returns};

/// Notes on all declarations of `sources`, by file, with what they show.
pub(super) fn outlines(sources: &Sources, known: &[Notes]) -> Vec<Notes> {
    let nothing = Notes::default();
    let mut room = Outline::default();
    let of_file = |(index, file): (usize, &std::sync::Arc<File>)| {
        let mut notes = Notes::of(file, known.get(index).unwrap_or(&nothing));
        for ((index, note), written) in notes.iter_mut().enumerate().zip(file.hashes()) {
            if note.shown == 0 {
                note.shown = shown(file.tree.item(index), *written, &sources.names, &mut room);
            }
        }
        notes
    };
    sources.files.iter().enumerate().map(of_file).collect()
}

/// A hash of what a declaration shows. Of a parser rule that is no fragment, that is its head, which rules and types it
/// names, whether it has properties, with what it begins, and what comes before a property `name`. Of all others it is how
/// they are `written`.
///
/// For 10,000 lines, it takes 4 million instructions to find that out. It is enough to tell which rules are reached, which create
/// plain values and which consume nothing, how things are named that others refer to, and what the parser sees of a rule before
/// it consumes something.
fn shown(item: Item<'_>, written: u128, names: &Names, room: &mut Outline) -> u128 {
    let DeclarationKind::ParserRule { name, entry, fragment: false, parameters, returns, definition } = item.declaration.kind
    else {
        return written;
    };
    (name, entry, item.ids(parameters).len()).hash(&mut room.bytes);
    match returns {
        Returns::Implicit => 0_u8.hash(&mut room.bytes),
        Returns::Type(name) => (1_u8, name).hash(&mut room.bytes),
        Returns::Primitive(primitive) => (2_u8, primitive.name()).hash(&mut room.bytes),
        Returns::Infers(_) => 3_u8.hash(&mut room.bytes),
    }
    let has_actions = room.names(item);
    let is_plain = begins_with_keyword(item, definition) && !has_actions;
    is_plain.hash(&mut room.bytes);
    room.hide_keywords(item, is_plain);
    for (index, node) in item.nodes.iter().enumerate() {
        if room.is_hidden(item, NodeId::from_index(index)) {
            continue;
        }
        room.node(item, node);
        if is_plain && is_name(node, names) {
            break;
        }
    }
    room.bytes.xxh3()
}

/// Whether the first thing in a rule is a keyword that is not optional.
fn begins_with_keyword(item: Item<'_>, definition: NodeId) -> bool {
    let node = item.node(definition);
    match node.kind {
        Kind::Group { elements, guard: None, .. } => {
            node.cardinality() == Cardinality::One && item.id_at(elements, 0).is_some_and(|first| is_needed(item.node(first)))
        }
        _ => is_needed(node),
    }
}

fn is_keyword(node: &Node) -> bool {
    matches!(node.kind, Kind::Keyword { .. })
}

fn is_needed(node: &Node) -> bool {
    is_keyword(node) && !node.cardinality().is_optional()
}

/// Whether things are named by the property.
fn is_name(node: &Node, names: &Names) -> bool {
    matches!(node.kind, Kind::Assignment { feature, .. } if names.get(feature).eq_ignore_ascii_case("name"))
}

/// Collects what is shown.
#[derive(Default)]
struct Outline {
    bytes: Bytes,
    names: Vec<u64>,
    is_plain: bool,
    /// By node: it is a keyword that shows nothing; if the rule is not plain.
    hidden: Vec<bool>,
}

impl Outline {
    /// Adds which rules and types the nodes name, and whether there are properties. Whether there are actions.
    fn names(&mut self, item: Item<'_>) -> bool {
        let (mut has_properties, mut has_actions) = (false, item.declaration.has_inferring_actions);
        self.names.clear();
        for node in item.nodes {
            let (space, name) = match node.kind {
                Kind::RuleCall { rule, .. } => (0, rule),
                Kind::CrossReference { ty, .. } => (1, ty),
                Kind::Action { ty, .. } => {
                    has_actions = true;
                    (2, ty)
                }
                Kind::InferredType { name } => (3, name),
                Kind::Assignment { .. } => {
                    has_properties = true;
                    continue;
                }
                _ => continue,
            };
            self.names.push(space << u32::BITS | u64::from(name.raw()));
        }
        self.names.sort_unstable();
        self.names.dedup();
        (has_properties, &self.names).hash(&mut self.bytes);
        has_actions
    }

    /// Behind a keyword that has to be there, nobody sees which keywords there are: in a rule that `is_plain`, behind the one
    /// that it begins with; in others, in the same group.
    fn hide_keywords(&mut self, item: Item<'_>, is_plain: bool) {
        self.is_plain = is_plain;
        if is_plain {
            return;
        }
        self.hidden.clear();
        self.hidden.resize(item.nodes.len(), false);
        for node in item.nodes {
            let Kind::Group { elements, .. } = node.kind else { continue };
            let behind = item.ids(elements).skip_while(|&id| !is_needed(item.node(id))).skip(1);
            behind.for_each(|id| self.hidden[id.index()] = is_keyword(item.node(id)));
        }
    }

    fn is_hidden(&self, item: Item<'_>, id: NodeId) -> bool {
        if self.is_plain { is_keyword(item.node(id)) } else { self.hidden[id.index()] }
    }

    /// Adds a node; its children were added before, but for those that are hidden.
    fn node(&mut self, item: Item<'_>, node: &Node) {
        let mut children = 0_u32;
        item.children(node, |child| children += u32::from(!self.is_hidden(item, child)));
        children.hash(&mut self.bytes);
        (node.cardinality() as u8).hash(&mut self.bytes);
        match node.kind {
            Kind::Keyword { .. } => 0_u8.hash(&mut self.bytes),
            Kind::RuleCall { rule, .. } => (1_u8, rule).hash(&mut self.bytes),
            Kind::Assignment { feature, terminal, .. } => (2_u8, feature, is_keyword(item.node(terminal))).hash(&mut self.bytes),
            Kind::CrossReference { ty, terminal, .. } => {
                (3_u8, ty, terminal.map(|terminal| is_keyword(item.node(terminal)))).hash(&mut self.bytes);
            }
            Kind::Group { guard, .. } => (4_u8, guard.is_some()).hash(&mut self.bytes),
            Kind::Alternatives { .. } => 5_u8.hash(&mut self.bytes),
            Kind::UnorderedGroup { .. } => 6_u8.hash(&mut self.bytes),
            // Also where lists and other nodes are, which may change without need: these are rare.
            kind => (7_u8, kind).hash(&mut self.bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether all declarations of a grammar with the rule `one` show what they show with the rule `other`.
    fn shows_the_same(one: &str, other: &str) -> bool {
        let rest = "grammar G\nentry Model: 'm' rules+=(A | B | F)*;\nB: 'b' name=ID;\nfragment F: x=ID;\nterminal ID: /a/;\n";
        let [one, other] = [one, other].map(|rule| format!("{rest}{rule}"));
        // Both in one project, so that names have the same numbers.
        let sources = Sources::in_memory([("one.langium", &*one), ("other.langium", &*other)]);
        let notes = outlines(&sources, &[]);
        let shown = |notes: &Notes| notes.iter().map(|note| note.shown).collect::<Vec<u128>>();
        shown(&notes[0]) == shown(&notes[1])
    }

    #[test]
    fn what_others_do_not_see_is_not_shown() {
        for (one, other) in [
            ("A: 'a' name=ID;", "A: 'x' 'y' name=ID;"),
            ("A: 'a' name=ID;", "/** doc */ A: 'a'   name=ID 'b'?;"),
            ("A: 'a' name=ID;", "A: 'a' name=ID more+=ID*;"),
            ("A: 'a' name=ID b=B c=[B];", "A: 'a' name=ID ('x' c+=[B])* b=B?;"),
            ("A: ('a' x=ID)? name=ID;", "A: ('a' 'b' x=ID 'c'?)? name=ID;"),
            ("A: 'a' {infer C.left=current} 'x';", "A: 'a' {infer C.left=current} 'y' 'z';"),
        ] {
            assert!(shows_the_same(one, other), "{one} -> {other}");
        }
    }

    #[test]
    fn what_others_see_is_shown() {
        for (one, other) in [
            // Which rules are reached, and which types are referred to.
            ("A: 'a' name=ID;", "A: 'a' name=ID b=B;"),
            ("A: 'a' name=ID c=[A];", "A: 'a' name=ID c=[B];"),
            // Whether the rule consumes something, and what the parser sees first.
            ("A: 'a' name=ID;", "A: 'a'? name=ID;"),
            ("A: 'a' name=ID;", "A: ('a' name=ID)?;"),
            ("A: name=ID?;", "A: name=ID;"),
            ("A: b=B? 'a';", "A: 'a' b=B?;"),
            ("A: b=B? c=B;", "A: b=B? 'x'? c=B;"),
            ("A: ('a'? x=ID)? b=B;", "A: ('a' x=ID)? b=B;"),
            // Whether it creates a plain value, and of which type.
            ("A: 'a' ID;", "A: 'a' x=ID;"),
            ("A: 'a' x=ID;", "A infers C: 'a' x=ID;"),
            ("A: 'a' x=ID;", "A: 'a' {infer C} x=ID;"),
            ("A: 'a' x=ID {C.left=current};", "A: 'a' x=ID {D.left=current};"),
            // How things are named.
            ("A: 'a' name=ID;", "A: 'a' Name='x' ID;"),
            ("A: 'a' name=ID x=B;", "A: 'a' x=B name=ID;"),
            ("A: 'a' x=B B;", "A: 'a' B x=B;"),
            ("A: 'a' B x='k';", "A: 'a' x=B 'k';"),
            ("A: 'a' B x=('k' | 'l');", "A: 'a' x=('k' | B) 'l';"),
            // The head.
            ("A: 'a' name=ID;", "A<p>: 'a' name=ID;"),
            ("A<p>: 'a' name=ID;", "A<q>: 'a' name=ID;"),
            ("A: 'a' name=ID;", "entry A: 'a' name=ID;"),
            // All of what is no parser rule.
            ("fragment A: 'a' x=ID;", "fragment A: 'b' x=ID;"),
            ("interface A { x: string }", "interface A { y: string }"),
            ("terminal A: /a/;", "terminal A: /b/;"),
        ] {
            assert!(!shows_the_same(one, other), "{one} -> {other}");
        }
    }
}

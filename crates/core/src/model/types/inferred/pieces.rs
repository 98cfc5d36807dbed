//! The types of a language's rules, inferred in several pieces at the same time.
//!
//! What one rule says depends on no other one, but on the fragments that it calls: the properties of a fragment, with the
//! places they come from, are shared by all that call it. So the callers of fragments stay together, and everything else is
//! dealt out. Each piece has an arena of its own, which is then appended to that of all; and it can be kept, for the next
//! analysis.

use std::sync::Arc;

use xxhash_rust::xxh3::{Xxh3, xxh3_128};

use super::{Found, called_fragments, of_rules};
use crate::model::language::Language;
use crate::model::rules::{RuleFacts, RuleKind};
use crate::model::types::property::TypeArena;
use crate::model::types::{Collector, CommentId, DocComment};
use crate::text::Name;
use crate::work::Workers;

/// Below so many rules for each piece, one thread is enough: 500 rules take 5 ms, starting a thread 40 µs. Each piece needs
/// tables as long as there are names, so there are not many pieces.
const SMALLEST_PIECE: usize = 500;
const MOST_PIECES: usize = 8;

/// Pieces that are kept are smaller, as an edit costs a piece.
const SMALLEST_KEPT_PIECE: usize = 8;
const MOST_KEPT_PIECES: usize = 64;

/// What rules said about types, piece by piece, for the next analysis of the same grammar.
///
/// A piece depends on how its rules are written, and on what they see of all others: kinds, names, and which types there
/// are. As long as both stay the same, and the numbers of names with them, so does the piece. On 10,000 lines, the types
/// of rules take 33 of the 86 million instructions of all checks, and 4 after one rule was edited.
#[derive(Clone, Debug, Default)]
pub(in crate::model) struct Memo(Vec<Arc<Piece>>);

impl Memo {
    /// Of nothing.
    pub(in crate::model) const fn new() -> Memo {
        Memo(Vec::new())
    }
}

/// What a few rules say about types, in an arena of their own.
#[derive(Debug)]
struct Piece {
    /// XXH3 of all that it depends on; 0 if it is not to be kept.
    key: u128,
    arena: TypeArena,
    comments: Vec<DocComment>,
    found: Found,
}

/// What the rules of `language` say about types, and, if there is a memo of an earlier text, the one of this text.
pub(super) fn of_language(
    collector: &mut Collector<'_>,
    language: &Language,
    facts: &RuleFacts,
    workers: Workers<'_>,
    memo: Option<&Memo>,
) -> (Found, Memo) {
    let rules = language.rules.len();
    let pieces = match memo {
        None => (rules / SMALLEST_PIECE).min(MOST_PIECES),
        Some(_) => (rules / SMALLEST_KEPT_PIECE).min(MOST_KEPT_PIECES),
    };
    in_pieces(collector, language, facts, workers, (pieces, memo))
}

fn in_pieces(
    collector: &mut Collector<'_>,
    language: &Language,
    facts: &RuleFacts,
    workers: Workers<'_>,
    (pieces, memo): (usize, Option<&Memo>),
) -> (Found, Memo) {
    let rules = 0..language.rules.len() as u32;
    if pieces < 2 {
        return (of_rules(collector, language, facts, rules), Memo::default());
    }
    let sources = collector.sources;
    let surroundings = memo.map(|_| surroundings(collector, language, facts));
    let with_key = |part: Vec<u32>| {
        let key = surroundings.map_or(0, |surroundings| key(collector, language, surroundings, &part));
        (key, part)
    };
    let parts: Vec<(u128, Vec<u32>)> = parts(collector, language, facts, pieces).into_iter().map(with_key).collect();
    let known = |index: usize, key: u128| memo?.0.get(index).filter(|piece| piece.key == key);
    let piece = |&(index, (key, part)): &(usize, &(u128, Vec<u32>))| match known(index, *key) {
        Some(piece) => Arc::clone(piece),
        None => {
            let mut own = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
            let found = of_rules(&mut own, language, facts, part.iter().copied());
            Arc::new(Piece { key: *key, arena: own.arena, comments: own.comments, found })
        }
    };
    let numbered: Vec<(usize, &(u128, Vec<u32>))> = parts.iter().enumerate().collect();
    let pieces = workers.map(&numbered, piece);
    let mut all = Found::behind(std::mem::take(&mut collector.arena.properties));
    let kept = if memo.is_some() { pieces.clone() } else { Vec::new() };
    // What is not kept is gone as soon as it was copied.
    pieces.into_iter().for_each(|piece| add(collector, &mut all, &piece));
    all.sort();
    (all, Memo(kept))
}

/// The rules, dealt out: fragments with all that call them, and the others in so many runs. Which run a rule is in does not
/// depend on what others say.
fn parts(collector: &Collector<'_>, language: &Language, facts: &RuleFacts, runs: usize) -> Vec<Vec<u32>> {
    let is_shared = |rule: u32| {
        facts.kind(rule) == RuleKind::Fragment || called_fragments(collector.sources, language, facts, rule).next().is_some()
    };
    let length = language.rules.len().div_ceil(runs);
    let mut parts: Vec<Vec<u32>> = vec![Vec::new(); 1 + runs];
    for rule in 0..language.rules.len() as u32 {
        let part = if is_shared(rule) { 0 } else { 1 + rule as usize / length };
        parts[part].push(rule);
    }
    parts
}

/// What a rule sees of all others: XXH3 of what they are, what they are called and what types there are.
fn surroundings(collector: &Collector<'_>, language: &Language, facts: &RuleFacts) -> u128 {
    let sources = collector.sources;
    let mut seen: Vec<u32> = Vec::new();
    for (rule, element) in (0..).zip(&language.rules) {
        let name = element.kind(sources).name().map_or(0, Name::raw);
        let kind = facts.kind(rule) as u32 * 2 + u32::from(element.imported);
        seen.extend([element.file.0, element.declaration, kind, name, facts.type_name(rule).raw()]);
    }
    let types = (0..sources.names.len()).map(Name::from_index).filter(|&name| language.type_target(name).is_some());
    seen.extend(types.map(Name::raw));
    let bytes: Vec<u8> = seen.into_iter().flat_map(u32::to_le_bytes).collect();
    xxh3_128(&bytes)
}

/// XXH3 of all that `rules` say about types depends on.
fn key(collector: &Collector<'_>, language: &Language, surroundings: u128, rules: &[u32]) -> u128 {
    let mut hash = Xxh3::new();
    hash.update(&surroundings.to_le_bytes());
    for &rule in rules {
        let text = language.rules[rule as usize].text(collector.sources);
        hash.update(&rule.to_le_bytes());
        hash.update(&(text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.digest128()
}

/// Adds what was found with an arena and comments of its own.
fn add(collector: &mut Collector<'_>, all: &mut Found, piece: &Piece) {
    let Piece { arena, comments, found, .. } = piece;
    let shift = collector.arena.append(arena);
    let first_comment = collector.comments.len();
    collector.comments.extend_from_slice(comments);
    let moved = |id: &mut Option<CommentId>| *id = id.map(|id| id.behind(first_comment));
    let firsts = (all.alternatives.list.len(), all.alternatives.properties.len(), all.infix.len(), all.data_types.len());
    all.append(found);
    let infix = all.infix[firsts.2..].iter_mut().flat_map(|(_, infix)| &mut infix.properties);
    for property in all.alternatives.properties[firsts.1..].iter_mut().chain(infix) {
        property.ty = shift.ty(property.ty);
        property.origins = property.origins.map(|origins| shift.origins(origins));
        moved(&mut property.comment);
    }
    all.alternatives.list[firsts.0..].iter_mut().for_each(|alternative| moved(&mut alternative.comment));
    for (_, union) in &mut all.data_types[firsts.3..] {
        moved(&mut union.comment);
        union.ty = shift.ty(union.ty);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, OnceLock};

    use super::*;
    use crate::model::types::{Types, declared};
    use crate::model::{File, Model, ModelTypes, Sources, dump, language};
    use crate::syntax::parse;
    use crate::text::{FileId, Names};

    const TEXT: &str = "grammar G\n\
        /** A */ entry A: 'a' name=ID? (/** b */ b+=B | c=[C:ID])* D;\n\
        fragment F: x='x' | y+=B;\n\
        B: F n=INT {infer Inner.left=current} op=('+' | '-') right=B;\n\
        C infers See: {infer Other} a=A | b=B F;\n\
        D: E | N; E: v=S; N: v=[B] w='w'?;\n\
        S returns string: 's' | ID; P: ID '.' ID;\n\
        interface K extends See { k: string } interface Z {}\n\
        L returns K: k=ID name=P; infix X on N: '*' > '+';\n\
        Q: F q=S ('q' q=INT)?; M: m+=A m+=B; O: A | B | {O} z=[Z:ID] ;\n\
        terminal ID: /[a-z]+/; terminal INT returns number: /[0-9]+/;";

    #[test]
    fn pieces_say_what_the_whole_says() {
        let mut names = Names::new();
        let sources = sources(TEXT, &mut names);
        let dumps: Vec<String> = (1..9).map(|pieces| types_of(&sources, (pieces, None)).0).collect();
        assert!(dumps[0].contains("Inner") && dumps[0].contains("See"), "{}", dumps[0]);
        dumps.iter().for_each(|dump| assert_eq!(*dump, dumps[0]));
    }

    /// What stands in the text and what comes in its place: what is seen from other rules, and what is not.
    #[test]
    fn what_is_remembered_holds_after_an_edit() {
        const EDITS: &[(&str, &str)] = &[
            ("'a' name=ID?", "'b' name=ID?"),
            ("'a' name=ID?", "name=ID"),
            ("/** A */", "/** about A, at length */"),
            ("fragment F: x='x'", "fragment F: x?='x' z=A"),
            ("fragment F: x='x' | y+=B;", "F: x='x' | y+=B;"),
            ("B: F n=INT", "B: n=INT"),
            ("infer Inner.left", "infer Outer.left"),
            ("C infers See:", "C:"),
            ("{infer Other}", ""),
            ("interface K", "interface C"),
            ("interface Z", "interface Y"),
            ("N: v=[B] w='w'?", "N: ID"),
            ("E: v=S;", "E: 'e';"),
            ("S returns string: 's' | ID;", "S: s=ID;"),
            ("returns number", "returns boolean"),
            ("terminal INT", "ID2: ID; terminal INT"),
            ("infix X on N", "infix X on E"),
            (" ;\n", ";\n"),
        ];
        let mut reused = 0;
        for pieces in [2, 5, 12] {
            for &(old, new) in EDITS {
                let edited = TEXT.replace(old, new);
                assert_ne!(TEXT, edited, "{old} stands in the text");
                let mut names = Names::new();
                let mut memo = Memo::new();
                for text in [TEXT, &edited, TEXT] {
                    let sources = sources(text, &mut names);
                    let (clean, _) = types_of(&sources, (1, None));
                    let (again, next) = types_of(&sources, (pieces, Some(&memo)));
                    assert_eq!(again, clean, "{old} -> {new} in {pieces} pieces");
                    reused += next.0.iter().zip(&memo.0).filter(|(new, old)| Arc::ptr_eq(new, old)).count();
                    (names, memo) = (sources.names, next);
                }
            }
        }
        // Without this, nothing may have been remembered.
        assert!(reused > 200, "{reused}");
    }

    fn sources(text: &str, names: &mut Names) -> Sources {
        let tree = parse(text, names);
        assert!(tree.problems.is_empty(), "{text}");
        let file = File::new("g.langium".to_owned(), text.to_owned(), tree, Vec::new());
        Sources { names: std::mem::take(names), files: vec![Arc::new(file)] }
    }

    /// All types, with the comments and the places that their properties come from, and what to remember.
    fn types_of(sources: &Sources, (pieces, memo): (usize, Option<&Memo>)) -> (String, Memo) {
        let language = language::of_file(sources, FileId(0));
        let facts = RuleFacts::new(sources, &language);
        let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
        let declared = declared::collect(&mut collector, &[(&language, &facts)]);
        let (found, memo) = in_pieces(&mut collector, &language, &facts, Workers::alone(), (pieces, memo));
        let inferred = super::super::finish(&mut collector, found, &declared);
        let types = Types::new(&sources.names, collector.arena, collector.comments, [inferred, declared]);
        let mut details = String::new();
        for property in types.interfaces.iter().flat_map(|interface| types.properties(interface)) {
            let comment = property.comment.map(|comment| types.comment(comment, sources));
            let origins: Vec<_> = types.arena.origins(property.origins).collect();
            details += &format!("{} {comment:?} {origins:?}\n", sources.names.get(property.name));
        }
        let all = ModelTypes { all: types, of_languages: Vec::new() };
        let model = Model { languages: vec![language], types_key: None, types: OnceLock::from(all) };
        (dump(&model, sources) + &details, memo)
    }
}

//! The types of a language's rules, inferred in several pieces at the same time.
//!
//! What one rule says depends on no other one, but on the fragments that it calls: the properties of a fragment, with the
//! places they come from, are shared by all that call it. So the callers of fragments stay together, and everything else is
//! dealt out. What a piece says can be kept, for the next analysis. Who infers pieces on another thread has an arena of its own,
//! which is then appended to that of all.

use super::memo::{Content, Memo, Piece};
use super::stored::{self, Mark};
use super::{Found, Rules, called_fragments};
use crate::codec::Writer;
use crate::hash::xxh3;
use crate::model::language::Language;
use crate::model::rules::{RuleFacts, RuleKind};
use crate::model::sources::Sources;
use crate::model::types::property::TypeArena;
use crate::model::types::{Collector, CommentId};
use crate::text::Name;
use crate::tree::Part;
use crate::work::Workers;

/// Below so many rules for each thread, one is enough: 500 rules take 5 ms, starting a thread 40 µs. Each needs tables as long as
/// there are names, so there are not many.
const RULES_OF_A_THREAD: usize = 500;
const MOST_THREADS: usize = 8;

/// Rules of a piece that is kept: an edit costs a piece, and each takes 104 bytes beside what it says.
const RULES_OF_A_PIECE: usize = 8;
/// Below so many rules nothing is kept.
const TOO_FEW_RULES: usize = 16;
/// Of so many pieces of a memo one may be outdated before it is made anew: to infer it again takes 0.1 million instructions in
/// each later run, on 10,000 lines, and to write all of them 2 million.
const PIECES_OF_AN_OUTDATED: usize = 16;

/// What the rules of `language` say about types, and, if there is a memo of an earlier text, one that serves for this text.
pub(super) fn of_language(
    collector: &mut Collector<'_>,
    language: &Language,
    facts: &RuleFacts,
    workers: Workers<'_>,
    memo: Option<&Memo>,
) -> (Found, Memo) {
    let rules = language.rules.len();
    let length = match memo {
        Some(_) if rules >= TOO_FEW_RULES => RULES_OF_A_PIECE,
        _ => rules.div_ceil((rules / RULES_OF_A_THREAD).clamp(1, MOST_THREADS)),
    };
    in_pieces(collector, (language, facts), workers, (length, memo.filter(|_| rules >= TOO_FEW_RULES)))
}

fn in_pieces(
    collector: &mut Collector<'_>,
    (language, facts): (&Language, &RuleFacts),
    workers: Workers<'_>,
    (length, memo): (usize, Option<&Memo>),
) -> (Found, Memo) {
    let sources = collector.sources;
    let mut found = Found::behind(std::mem::take(&mut collector.arena.properties));
    let Some(memo) = memo else {
        let parts = if length < language.rules.len() {
            Parts::new(language, length, |rule| shares_fragments(sources, language, facts, rule))
        } else {
            Parts::whole(language.rules.len() as u32)
        };
        let parts: Vec<&[u32]> = parts.iter().collect();
        infer(collector, (language, facts), workers, (&parts, Purpose::Now), &mut found);
        found.sort();
        return (found, Memo::new());
    };
    let seen = |names| seen(sources, language, facts, names);
    let old = memo.content().filter(|old| seen(old.names) == Some(old.seen));
    let (parts, keys) = Parts::after(old, (sources, language, facts), length);
    let parts: Vec<&[u32]> = parts.iter().collect();
    let piece = |index: usize| old?.piece(index, keys[index]);
    let known: Vec<Option<&[u8]>> = (0..parts.len()).map(piece).collect();
    let outdated = known.iter().filter(|piece| piece.is_none()).count();
    let is_enough = outdated * PIECES_OF_AN_OUTDATED <= parts.len();
    let start = Mark::of(collector, &found);
    old.inspect(|old| old.found.reserve(collector, &mut found));
    let mut all = known.iter().flatten();
    if !all.all(|piece| stored::read(piece, collector, &mut found).is_some()) {
        // Not what was written: then there is none.
        start.back_to(collector, &mut found);
        collector.arena.properties = std::mem::take(&mut found.alternatives.properties);
        return in_pieces(collector, (language, facts), workers, (length, Some(&Memo::new())));
    }
    let unknown: Vec<&[u32]> = parts.iter().zip(&known).filter(|(_, piece)| piece.is_none()).map(|(part, _)| *part).collect();
    let purpose = if is_enough { Purpose::Now } else { Purpose::Keep };
    let written = infer(collector, (language, facts), workers, (&unknown, purpose), &mut found);
    found.sort();
    if is_enough {
        return (found, memo.clone());
    }
    let mut places = written.places.into_iter();
    let mut bytes = written.bytes;
    let place = |(known, key): (&Option<&[u8]>, u128)| {
        let place = match known {
            Some(known) => appended(&mut bytes, known),
            None => places.next().unwrap_or_default(),
        };
        Piece { key, place }
    };
    let pieces = known.iter().zip(keys).map(place).collect();
    let names = sources.names.len() as u32;
    let (seen, shared) = (seen(names).unwrap_or(0), parts[0].to_vec());
    let memo = Memo::of(Content { names, seen, shared, found: Mark::of(collector, &found), pieces, order: Vec::new(), bytes });
    (found, memo)
}

fn appended(bytes: &mut Vec<u8>, more: &[u8]) -> Part {
    let start = bytes.len() as u32;
    bytes.extend_from_slice(more);
    Part { start, end: bytes.len() as u32 }
}

/// What parts say, as bytes.
#[derive(Default)]
struct Written {
    bytes: Vec<u8>,
    /// Where each part is.
    places: Vec<Part>,
}

/// What for something is inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Now,
    /// It is written down, too.
    Keep,
}

/// Adds what the rules in `parts` say to `found`. If it is to be kept, the bytes of each part.
fn infer(
    collector: &mut Collector<'_>,
    (language, facts): (&Language, &RuleFacts),
    workers: Workers<'_>,
    (parts, purpose): (&[&[u32]], Purpose),
    found: &mut Found,
) -> Written {
    let rules: usize = parts.iter().map(|part| part.len()).sum();
    let threads = (rules / RULES_OF_A_THREAD).min(MOST_THREADS);
    if threads < 2 {
        return infer_in_turn(collector, (language, facts), (parts, purpose), found);
    }
    let sources = collector.sources;
    let shares: Vec<&[&[u32]]> = parts.chunks(parts.len().div_ceil(threads)).collect();
    let shares = workers.map(&shares, |parts| {
        let mut own = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
        let mut found = Found::default();
        let written = infer_in_turn(&mut own, (language, facts), (parts, purpose), &mut found);
        (own, found, written)
    });
    let mut written = Written::default();
    // What was copied is gone at once.
    for (own, of_share, of_parts) in shares {
        add(collector, found, (&own, &of_share));
        let Part { start, .. } = appended(&mut written.bytes, &of_parts.bytes);
        let moved = |place: &Part| Part { start: start + place.start, end: start + place.end };
        written.places.extend(of_parts.places.iter().map(moved));
    }
    written
}

fn infer_in_turn(
    collector: &mut Collector<'_>,
    (language, facts): (&Language, &RuleFacts),
    (parts, purpose): (&[&[u32]], Purpose),
    found: &mut Found,
) -> Written {
    let mut writer = Writer::default();
    let mut places = Vec::new();
    let mut rules = Rules::new(collector, language, facts);
    for &part in parts {
        let (start, first_byte) = (Mark::of(rules.collector, found), writer.held() as u32);
        part.iter().for_each(|&rule| rules.add(rule, found));
        if purpose == Purpose::Keep {
            stored::write(start, rules.collector, found, &mut writer);
            places.push(Part { start: first_byte, end: writer.held() as u32 });
        }
    }
    Written { bytes: writer.finish(), places }
}

/// Whether a rule is a fragment or calls one: what it says belongs to all that do.
fn shares_fragments(sources: &Sources, language: &Language, facts: &RuleFacts, rule: u32) -> bool {
    facts.kind(rule) == RuleKind::Fragment || called_fragments(sources, language, facts, rule).next().is_some()
}

/// Rules, dealt out.
struct Parts {
    /// Those of one part behind those of another.
    rules: Vec<u32>,
    /// Where each part ends.
    ends: Vec<usize>,
}

impl Parts {
    /// Rules that are shared, and the others by stretches of so many rules. Which part a rule is in does not depend on what others
    /// say.
    fn new(language: &Language, length: usize, is_shared: impl Fn(u32) -> bool) -> Parts {
        let all = 0..language.rules.len() as u32;
        let (mut rules, others): (Vec<u32>, Vec<u32>) = all.partition(|&rule| is_shared(rule));
        let mut ends = vec![rules.len()];
        for stretch in 1..=language.rules.len().div_ceil(length) {
            let begun = rules.len() - ends[0];
            let rest = others[begun..].iter().take_while(|rule| (**rule as usize) < stretch * length);
            rules.extend(rest);
            ends.push(rules.len());
        }
        Parts { rules, ends }
    }

    /// The same with their keys, asking only rules that are not written as they were in `old`: those call what they called then.
    fn after(old: Option<&Content>, about: (&Sources, &Language, &RuleFacts), length: usize) -> (Parts, Vec<u128>) {
        let (sources, language, facts) = about;
        let is_shared = |rule: u32| shares_fragments(sources, language, facts, rule);
        let keys = |parts: &Parts| parts.iter().map(|part| key(sources, language, part)).collect();
        if let Some(old) = old {
            let mut was_shared = vec![false; language.rules.len()];
            old.shared.iter().for_each(|&rule| was_shared[rule as usize] = true);
            let parts = Parts::new(language, length, |rule| was_shared[rule as usize]);
            let keys: Vec<u128> = keys(&parts);
            let known = parts.iter().zip(&keys).enumerate();
            let outdated = known.filter(|(index, (_, key))| old.piece(*index, **key).is_none());
            let is_as_it_was = |&rule: &u32| is_shared(rule) == was_shared[rule as usize];
            let are_the_same = outdated.flat_map(|(_, (part, _))| part).all(is_as_it_was);
            if are_the_same {
                return (parts, keys);
            }
        }
        let parts = Parts::new(language, length, is_shared);
        let keys = keys(&parts);
        (parts, keys)
    }

    /// All of them together.
    fn whole(rules: u32) -> Parts {
        Parts { rules: (0..rules).collect(), ends: vec![rules as usize] }
    }

    fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| &self.rules[std::mem::replace(&mut start, end)..end])
    }
}

/// XXH3 of the first `names` names, which stored pieces speak of, and of what a rule sees of all others: what they are, what they
/// are called and what types there are. None if there are fewer names.
fn seen(sources: &Sources, language: &Language, facts: &RuleFacts, names: u32) -> Option<u128> {
    let mut seen: Vec<u32> = Vec::with_capacity(6 * language.rules.len());
    for (rule, element) in (0..).zip(&language.rules) {
        let name = element.kind(sources).name().map_or(0, Name::raw);
        let kind = facts.kind(rule) as u32 * 2 + u32::from(element.imported);
        seen.extend([element.file.0, element.declaration, kind, name, facts.type_name(rule).raw()]);
    }
    let types = (0..sources.names.len()).map(Name::from_index).filter(|&name| language.type_target(name).is_some());
    seen.extend(types.map(Name::raw));
    let (text, borders) = sources.names.content();
    let borders = borders.get(..=names as usize)?;
    seen.extend_from_slice(borders);
    let mut bytes: Vec<u8> = seen.into_iter().flat_map(u32::to_le_bytes).collect();
    bytes.extend_from_slice(text.get(..*borders.last()? as usize)?.as_bytes());
    Some(xxh3(&bytes))
}

/// XXH3 of how `rules` are written, and which rules they are.
fn key(sources: &Sources, language: &Language, rules: &[u32]) -> u128 {
    let mut bytes = Vec::with_capacity(20 * rules.len());
    for &rule in rules {
        let element = language.rules[rule as usize];
        bytes.extend_from_slice(&rule.to_le_bytes());
        bytes.extend_from_slice(&sources.file(element.file).hashes()[element.declaration as usize].to_le_bytes());
    }
    xxh3(&bytes)
}

/// Adds what was found with an arena and comments of its own.
fn add(collector: &mut Collector<'_>, all: &mut Found, (own, found): (&Collector<'_>, &Found)) {
    let Collector { arena, comments, .. } = own;
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
    use crate::codec::Reader;
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
        let lengths = [usize::MAX, 20, 7, 3, 1];
        let dumps: Vec<String> = lengths.into_iter().map(|length| types_of(&sources, (length, None)).0).collect();
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
        for length in [1, 3, 10] {
            for &(old, new) in EDITS {
                let edited = TEXT.replace(old, new);
                assert_ne!(TEXT, edited, "{old} stands in the text");
                let mut names = Names::new();
                let mut memo = Memo::new();
                for text in [TEXT, &edited, TEXT] {
                    let sources = sources(text, &mut names);
                    let (clean, _) = types_of(&sources, (usize::MAX, None));
                    let (again, next) = types_of(&sources, (length, Some(&memo)));
                    assert_eq!(again, clean, "{old} -> {new} in pieces of {length}");
                    let pieces = |memo: &Memo| memo.content().map_or_else(Vec::new, |content| content.pieces.clone());
                    let pairs = pieces(&next).into_iter().zip(pieces(&memo));
                    reused += pairs.filter(|(new, old)| new.key == old.key).count();
                    (names, memo) = (sources.names, through_bytes(&next));
                }
            }
        }
        // Without this, nothing may have been remembered.
        assert!(reused > 200, "{reused}");
    }

    fn through_bytes(memo: &Memo) -> Memo {
        let mut writer = Writer::default();
        memo.write(&mut writer);
        Memo::read(&mut Reader::new(&writer.finish())).unwrap()
    }

    fn sources(text: &str, names: &mut Names) -> Sources {
        let tree = parse(text, names);
        assert!(tree.problems.is_empty(), "{text}");
        let file = File::new("g.langium".to_owned(), text.to_owned(), tree, Vec::new());
        Sources { names: std::mem::take(names), files: vec![Arc::new(file)] }
    }

    /// All types, with the comments and the places that their properties come from, and what to remember.
    fn types_of(sources: &Sources, (length, memo): (usize, Option<&Memo>)) -> (String, Memo) {
        let language = language::of_file(sources, FileId(0));
        let facts = RuleFacts::new(sources, &language);
        let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
        let declared = declared::collect(&mut collector, &[(&language, &facts)]);
        let (found, memo) = in_pieces(&mut collector, (&language, &facts), Workers::alone(), (length, memo));
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

//! The types of a language's rules, inferred in several pieces at the same time.
//!
//! What one rule says depends on no other one, but on the fragments that it calls: the properties of a fragment, with the
//! places they come from, are shared by all that call it. So the callers of fragments stay together, and everything else is
//! dealt out. Each piece has an arena of its own, which is then appended to that of all.

use super::{Found, called_fragments, of_rules};
use crate::model::language::Language;
use crate::model::rules::RuleFacts;
use crate::model::types::property::{Shift, TypeArena};
use crate::model::types::{Collector, CommentId};
use crate::work::Workers;

/// Below so many rules for each piece, one thread is enough: 500 rules take 5 ms, starting a thread 40 µs. Each piece needs
/// tables as long as there are names, so there are not many pieces.
const SMALLEST_PIECE: usize = 500;
const MOST_PIECES: usize = 8;

/// What the rules of `language` say about types.
pub(super) fn of_language(collector: &mut Collector<'_>, language: &Language, facts: &RuleFacts, workers: Workers<'_>) -> Found {
    let pieces = (language.rules.len() / SMALLEST_PIECE).min(MOST_PIECES);
    in_pieces(collector, language, facts, workers, pieces)
}

fn in_pieces(
    collector: &mut Collector<'_>,
    language: &Language,
    facts: &RuleFacts,
    workers: Workers<'_>,
    pieces: usize,
) -> Found {
    let rules = 0..language.rules.len() as u32;
    if pieces < 2 {
        return of_rules(collector, language, facts, rules);
    }
    let sources = collector.sources;
    let calls_fragments = |&rule: &u32| called_fragments(sources, language, facts, rule).next().is_some();
    let (together, apart): (Vec<u32>, Vec<u32>) = rules.partition(calls_fragments);
    let parts: Vec<&[u32]> = apart.chunks(apart.len().div_ceil(pieces).max(1)).collect();
    let found = workers.map(&parts, |part| {
        let mut own = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
        let found = of_rules(&mut own, language, facts, part.iter().copied());
        (own, found)
    });
    let mut all = of_rules(collector, language, facts, together.into_iter());
    for (own, found) in found {
        let shift = collector.arena.append(own.arena);
        let first_comment = collector.comments.len();
        collector.comments.extend(own.comments);
        all.append(moved(found, shift, first_comment));
    }
    all.sort();
    all
}

/// What was found with an arena and comments of its own, which now stand behind others.
fn moved(mut found: Found, shift: Shift, first_comment: usize) -> Found {
    let comment = |id: &mut Option<CommentId>| *id = id.map(|id| id.behind(first_comment));
    let infix = found.infix.iter_mut().flat_map(|(_, infix)| &mut infix.properties);
    for property in found.alternatives.properties.iter_mut().chain(infix) {
        property.ty = shift.ty(property.ty);
        property.origins = property.origins.map(|origins| shift.origins(origins));
        comment(&mut property.comment);
    }
    found.alternatives.list.iter_mut().for_each(|alternative| comment(&mut alternative.comment));
    for (_, union) in &mut found.data_types {
        comment(&mut union.comment);
        union.ty = shift.ty(union.ty);
    }
    found
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::model::types::{Types, declared};
    use crate::model::{File, Model, Sources, dump, language};
    use crate::syntax::parse;
    use crate::text::{FileId, Names};

    const TEXT: &str = "grammar G\n\
        /** A */ entry A: 'a' name=ID? (/** b */ b+=B | c=[C:ID])* D;\n\
        fragment F: x='x' | y+=B;\n\
        B: F n=INT {infer Inner.left=current} op=('+' | '-') right=B;\n\
        C infers See: {infer Other} a=A | b=B F;\n\
        D: E | N; E: v=S; N: v=[B] w='w'?;\n\
        S returns string: 's' | ID; P: ID '.' ID;\n\
        interface K extends See { k: string }\n\
        L returns K: k=ID name=P; infix X on N: '*' > '+';\n\
        Q: F q=S ('q' q=INT)?; M: m+=A m+=B; O: A | B | {O} ;\n\
        terminal ID: /[a-z]+/; terminal INT returns number: /[0-9]+/;";

    #[test]
    fn pieces_say_what_the_whole_says() {
        let mut names = Names::new();
        let tree = parse(TEXT, &mut names);
        assert!(tree.problems.is_empty());
        let file = File { path: "g.langium".to_owned(), text: TEXT.to_owned(), tree, imports: Vec::new() };
        let sources = Sources { names, files: vec![Arc::new(file)] };
        let dumps: Vec<String> = (1..9).map(|pieces| dump_in_pieces(&sources, pieces)).collect();
        assert!(dumps[0].contains("Inner") && dumps[0].contains("See"), "{}", dumps[0]);
        dumps.iter().for_each(|dump| assert_eq!(*dump, dumps[0]));
    }

    /// All types, with the comments and the places that their properties come from.
    fn dump_in_pieces(sources: &Sources, pieces: usize) -> String {
        let language = language::of_file(sources, FileId(0));
        let facts = RuleFacts::new(sources, &language);
        let mut collector = Collector { sources, arena: TypeArena::default(), comments: Vec::new() };
        let declared = declared::collect(&mut collector, &[(&language, &facts)]);
        let found = in_pieces(&mut collector, &language, &facts, Workers::alone(), pieces);
        let inferred = super::super::finish(&mut collector, found, &declared);
        let types = Types::new(&sources.names, collector.arena, collector.comments, [inferred, declared]);
        let mut details = String::new();
        for property in types.interfaces.iter().flat_map(|interface| types.properties(interface)) {
            let comment = property.comment.map(|comment| types.comment(comment, sources));
            let origins: Vec<_> = types.arena.origins(property.origins).collect();
            details += &format!("{} {comment:?} {origins:?}\n", sources.names.get(property.name));
        }
        dump(&Model { languages: vec![language], types, language_types: Vec::new() }, sources) + &details
    }
}

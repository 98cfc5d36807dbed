//! What is found out about all declarations together, by walks from rule to rule. It depends on no more than what declarations
//! [show](crate::model::outline): as long as that is the same, it is known from the last time.

use std::hash::{Hash, Hasher};

use super::empty::Consumes;
use super::verdict::Surroundings;
use crate::codec::{Reader, Writer};
use crate::hash::Bytes;
use crate::model::notes::Notes;
use crate::model::{Context, Sources};

/// What was found out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::model) struct Overview {
    /// A hash of what all declarations show; 0 if nothing was found out, or some reference leads nowhere.
    pub(in crate::model) key: u128,
    /// By declaration of the project.
    pub(super) facts: Vec<Facts>,
    pub(super) surroundings: Surroundings,
    /// By file: the rules of it that nobody uses, if somebody asked.
    pub(super) unused: Vec<Option<Vec<Unused>>>,
    /// By language, if nothing was wrong with them.
    pub(in crate::model) parsers: Vec<ParserFacts>,
}

/// What is found out about a declaration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    /// It is a parser rule that creates a plain value.
    pub(super) is_data_type: bool,
    /// It is a declared type from which a way through declared types leads into a circle.
    pub(super) is_cyclic: bool,
    /// It is a terminal that matches the empty text.
    pub(super) is_empty_terminal: bool,
    /// What it consumes at least, if it is a parser rule.
    pub(super) consumes: Consumes,
}

/// A rule that nobody uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unused {
    /// Its position in its file.
    pub(super) declaration: u32,
    /// Cross-references refer to what it creates.
    pub(super) is_referenced: bool,
}

/// What is known of the parser of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::model) struct ParserFacts {
    /// By rule: whether the parser can get to it.
    pub(super) reachable: Vec<bool>,
    /// By rule that the parser can get to: what [`parsable`](super::parsable) knows of it, if that was enough.
    pub(super) rules: Option<Vec<u8>>,
}

/// A hash of what all declarations show.
pub(super) fn key(context: Context<'_>, notes: &[Notes]) -> u128 {
    let mut bytes = Bytes::default();
    (context.config.strict_types, context.entries).hash(&mut bytes);
    for (file, notes) in context.sources.files.iter().zip(notes) {
        // Where files lie decides in which order names are looked up in them.
        (&file.path, file.tree.declarations.len(), &file.imports).hash(&mut bytes);
        notes.iter().for_each(|note| bytes.write(&note.shown.to_le_bytes()));
    }
    bytes.xxh3()
}

impl Overview {
    pub(in crate::model) fn write(&self, writer: &mut Writer<'_>) {
        writer.hash(self.key);
        writer.list(&self.facts, |writer, facts| writer.byte(facts.to_bits()));
        writer.hash(self.surroundings);
        writer.list(&self.unused, |writer, unused| {
            writer.option(unused.as_ref(), |writer, unused| {
                writer.list(unused, |writer, unused| {
                    writer.word(unused.declaration);
                    writer.flag(unused.is_referenced);
                })
            });
        });
        writer.list(&self.parsers, |writer, parser| {
            writer.list(&parser.reachable, |writer, reachable| writer.flag(*reachable));
            writer.option(parser.rules.as_ref(), |writer, rules| writer.list(rules, |writer, facts| writer.byte(*facts)));
        });
    }

    pub(in crate::model) fn read(reader: &mut Reader<'_>) -> Option<Overview> {
        let unused = |reader: &mut Reader<'_>| Some(Unused { declaration: reader.word()?, is_referenced: reader.flag()? });
        Some(Overview {
            key: reader.hash()?,
            facts: reader.list(|reader| Facts::of_bits(reader.byte()?))?,
            surroundings: reader.hash()?,
            unused: reader.list(|reader| reader.option(|reader| reader.list(unused)))?,
            parsers: reader.list(|reader| {
                let reachable = reader.list(Reader::flag)?;
                Some(ParserFacts { reachable, rules: reader.option(|reader| reader.list(Reader::byte))? })
            })?,
        })
    }

    /// Whether it says something of each declaration and file, and nothing of others.
    pub(super) fn fits(&self, sources: &Sources) -> bool {
        let counts = sources.files.iter().map(|file| file.tree.declarations.len());
        let is_there = |(unused, count): (&Option<Vec<Unused>>, usize)| {
            unused.iter().flatten().all(|unused| (unused.declaration as usize) < count)
        };
        self.facts.len() == counts.clone().sum::<usize>()
            && self.unused.len() == counts.len()
            && self.unused.iter().zip(counts).all(is_there)
    }
}

impl Facts {
    fn to_bits(self) -> u8 {
        let Facts { is_data_type, is_cyclic, is_empty_terminal, consumes } = self;
        u8::from(is_data_type) | u8::from(is_cyclic) << 1 | u8::from(is_empty_terminal) << 2 | (consumes as u8) << 3
    }

    fn of_bits(bits: u8) -> Option<Facts> {
        let consumes = [Consumes::Something, Consumes::Nothing, Consumes::Itself];
        Some(Facts {
            is_data_type: bits & 1 != 0,
            is_cyclic: bits & 2 != 0,
            is_empty_terminal: bits & 4 != 0,
            consumes: *consumes.get(usize::from(bits >> 3))?,
        })
    }
}

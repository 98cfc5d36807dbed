//! What checks of a file leave for those of its next text: which declarations nothing is wrong with, and what its rules say
//! about types. As long as declarations see the same of each other, that holds for all that are written as they were.

use std::hash::{Hash, Hasher};

use super::parameters::parameters;
use super::project::Project;
use crate::codec::{Reader, Writer};
use crate::hash::Bytes;
use crate::model::language::for_each_inferred_type;
use crate::model::links::DeclarationId;
use crate::model::memory::{read_changed, write_changed};
use crate::model::sources::File;
use crate::text::FileId;
use crate::tree::{DeclarationKind, Item, Returns};

/// What was found out about a file, with the [`Surroundings`] that it holds in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::model) struct Verdict {
    /// By declaration: XXH3 of how it is written, if no check of declarations found anything; else 0.
    pub(in crate::model) sound: Vec<u128>,
    /// What the rules of the file and its imports say about types, if that was found out and nothing is wrong with it.
    pub(in crate::model) said: Option<Vec<Said>>,
}

impl Verdict {
    pub(in crate::model) fn write(&self, writer: &mut Writer<'_>) {
        writer.list(&self.sound, |writer, hash| writer.hash(*hash));
        writer.option(self.said.as_ref(), |writer, said| {
            writer.list(said, |writer, said| said.write(writer));
        });
    }

    pub(in crate::model) fn read(reader: &mut Reader<'_>) -> Option<Verdict> {
        Some(Verdict { sound: reader.list(Reader::hash)?, said: reader.option(|reader| reader.list(Said::read))? })
    }

    /// Appends what is not as in `before`; false if that cannot be told so.
    pub(in crate::model) fn write_changes(&self, before: &Verdict, writer: &mut Writer<'_>) -> bool {
        let nothing = Vec::new();
        let [new, old] = [self, before].map(|verdict| verdict.said.as_ref().unwrap_or(&nothing));
        self.said.is_some() == before.said.is_some()
            && write_changed((&self.sound, &before.sound), writer, |writer, hash| writer.hash(*hash))
            && write_changed((new, old), writer, |writer, said| said.write(writer))
    }

    pub(in crate::model) fn read_changes(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        read_changed(&mut self.sound, reader, Reader::hash)?;
        read_changed(self.said.as_deref_mut().unwrap_or_default(), reader, Said::read)
    }

    /// Whether nothing is wrong with the declaration at `index` of `file`, but for what [`FAR_CHECK`](super::FAR_CHECK) finds.
    pub(super) fn is_sound(&self, file: &File, index: usize) -> bool {
        self.sound.get(index) == Some(&file.hashes()[index])
    }
}

/// What a rule says about types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::model) struct Said {
    /// XXH3 of how the rule is written.
    pub(in crate::model) written: u128,
    /// A hash of what it says.
    pub(in crate::model) meant: u128,
}

impl Said {
    fn write(&self, writer: &mut Writer<'_>) {
        [self.written, self.meant].into_iter().for_each(|hash| writer.hash(hash));
    }

    fn read(reader: &mut Reader<'_>) -> Option<Said> {
        Some(Said { written: reader.hash()?, meant: reader.hash()? })
    }
}

/// A hash of all that declarations of a project see of each other: of a parser rule that is no fragment its head, which types
/// it creates and the facts that [`Project`] knows about it; of all others, how they are written. The one check that looks
/// further is [`FAR_CHECK`](super::FAR_CHECK). Takes half a million instructions for 10,000 lines.
pub(super) type Surroundings = u128;

pub(super) fn surroundings(project: &Project<'_>) -> Surroundings {
    let mut bytes = Bytes::default();
    let sources = project.sources;
    project.config.strict_types.hash(&mut bytes);
    for (file, id) in sources.files.iter().zip((0..).map(FileId)) {
        (file.tree.declarations.len(), &file.imports).hash(&mut bytes);
        for ((item, written), id) in file.tree.items().zip(file.hashes()).zip(project.links.declarations(id)) {
            match item.declaration.kind {
                DeclarationKind::ParserRule { fragment: false, .. } => hash_rule(project, id, item, &mut bytes),
                _ => written.hash(&mut bytes),
            }
        }
    }
    bytes.xxh3()
}

fn hash_rule(project: &Project<'_>, id: DeclarationId, item: Item<'_>, hasher: &mut impl Hasher) {
    let DeclarationKind::ParserRule { name, entry, returns, .. } = item.declaration.kind else { return };
    (name, entry, project.is_data_type(id), project.consumes(id)).hash(hasher);
    match returns {
        Returns::Type(name) => (1_u8, name).hash(hasher),
        Returns::Primitive(primitive) => (2_u8, primitive.name()).hash(hasher),
        // The type that it infers comes next.
        Returns::Implicit => 3_u8.hash(hasher),
        Returns::Infers(_) => 4_u8.hash(hasher),
    }
    for_each_inferred_type(item, |name, _| name.hash(hasher));
    for parameter in parameters(item.declaration.kind).into_iter().flat_map(|list| item.ids(list)) {
        item.node(parameter).kind.hash(hasher);
    }
    u8::MAX.hash(hasher);
}

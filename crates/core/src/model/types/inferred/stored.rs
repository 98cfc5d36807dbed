//! What rules said about types as bytes. Ids count from the beginning of a piece, so a piece means the same wherever it is put.
//!
//! On 10,000 lines, reading all of it takes a twentieth of the instructions that finding it out takes.

use std::num::NonZeroU32;

use super::{Found, InfixType};
use crate::codec::{Filler, Reader, Record, Writer};
use crate::model::language::Element;
use crate::model::types::merge::{Alternatives, TypeAlternative};
use crate::model::types::property::{OriginLink, TypeList};
use crate::model::types::{
    Collector, CommentId, DocComment, Origin, OriginsId, PlainUnion, Property, PropertyType, PropertyTypeId,
};
use crate::text::{FileId, Name, Span};
use crate::tree::{NodeId, Part as Stretch, Primitive};

/// Bytes of what a piece is made of.
const TYPE: usize = 13;
const ORIGIN: usize = 16;
const COMMENT: usize = 16;
const PROPERTY: usize = 17;
const ALTERNATIVE: usize = 36;
const INFIX: usize = 8 + 3 * PROPERTY;
const DATA_TYPE: usize = 17;

/// How much has been found: where a piece begins, or ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    types: u32,
    lists: u32,
    origins: u32,
    comments: u32,
    alternatives: u32,
    properties: u32,
    names: u32,
    infix: u32,
    data_types: u32,
}

impl Mark {
    pub(super) fn of(collector: &Collector<'_>, found: &Found) -> Mark {
        Mark {
            types: collector.arena.types.len() as u32,
            lists: collector.arena.lists.len() as u32,
            origins: collector.arena.origins.len() as u32,
            comments: collector.comments.len() as u32,
            alternatives: found.alternatives.list.len() as u32,
            properties: found.alternatives.properties.len() as u32,
            names: found.alternatives.names.len() as u32,
            infix: found.infix.len() as u32,
            data_types: found.data_types.len() as u32,
        }
    }

    /// Makes room for so much to be found, and a little more.
    pub(super) fn reserve(self, collector: &mut Collector<'_>, found: &mut Found) {
        fn room<T>(list: &mut Vec<T>, end: u32) {
            let more = (end as usize).saturating_sub(list.len());
            list.reserve_exact(more + more / 32 + 64);
        }
        let Collector { arena, comments, .. } = collector;
        room(&mut arena.types, self.types);
        room(&mut arena.stable, self.types);
        room(&mut arena.lists, self.lists);
        room(&mut arena.origins, self.origins);
        room(comments, self.comments);
        room(&mut found.alternatives.list, self.alternatives);
        room(&mut found.alternatives.properties, self.properties);
        room(&mut found.alternatives.names, self.names);
        room(&mut found.infix, self.infix);
        room(&mut found.data_types, self.data_types);
    }

    /// Appends it.
    pub(super) fn write(self, writer: &mut Writer<'_>) {
        let Mark { types, lists, origins, comments, alternatives, properties, names, infix, data_types } = self;
        let words = [types, lists, origins, comments, alternatives, properties, names, infix, data_types];
        words.into_iter().for_each(|word| writer.word(word));
    }

    /// What was written.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Mark> {
        Some(Mark {
            types: reader.word()?,
            lists: reader.word()?,
            origins: reader.word()?,
            comments: reader.word()?,
            alternatives: reader.word()?,
            properties: reader.word()?,
            names: reader.word()?,
            infix: reader.word()?,
            data_types: reader.word()?,
        })
    }

    /// Forgets what was found since.
    pub(super) fn back_to(self, collector: &mut Collector<'_>, found: &mut Found) {
        collector.arena.types.truncate(self.types as usize);
        collector.arena.stable.truncate(self.types as usize);
        collector.arena.lists.truncate(self.lists as usize);
        collector.arena.origins.truncate(self.origins as usize);
        collector.comments.truncate(self.comments as usize);
        found.alternatives.list.truncate(self.alternatives as usize);
        found.alternatives.properties.truncate(self.properties as usize);
        found.alternatives.names.truncate(self.names as usize);
        found.infix.truncate(self.infix as usize);
        found.data_types.truncate(self.data_types as usize);
    }
}

/// Appends what was found from `from` on, and does not depend on what was found before.
pub(super) fn write(from: Mark, collector: &Collector<'_>, found: &Found, writer: &mut Writer<'_>) {
    let arena = &collector.arena;
    let alternatives = &found.alternatives;
    writer.records::<_, 4>(&arena.lists[from.lists as usize..], |record, ty| record.word(from.ty(*ty)));
    writer.records::<_, TYPE>(&arena.types[from.types as usize..], |record, ty| from.write_type(*ty, record));
    writer.records::<_, 1>(&arena.stable[from.types as usize..], |record, stable| record.byte(u8::from(*stable)));
    writer.records::<_, ORIGIN>(&arena.origins[from.origins as usize..], |record, link| {
        let OriginLink { origin: Origin { file, declaration, node }, next } = *link;
        [file.0, declaration, node.raw(), from.origins(next)].into_iter().for_each(|word| record.word(word));
    });
    writer.records::<_, COMMENT>(&collector.comments[from.comments as usize..], |record, comment| {
        let DocComment { file, declaration, span } = *comment;
        [file.0, declaration, span.start, span.end].into_iter().for_each(|word| record.word(word));
    });
    writer.records::<_, PROPERTY>(&alternatives.properties[from.properties as usize..], |record, property| {
        from.write_property(property, record);
    });
    writer.records::<_, 4>(&alternatives.names[from.names as usize..], |record, name| record.word(name.raw()));
    writer.records::<_, ALTERNATIVE>(&alternatives.list[from.alternatives as usize..], |record, alternative| {
        let TypeAlternative { rule, name, comment, properties, super_types, rule_calls } = *alternative;
        [rule, name.raw(), from.comment(comment)].into_iter().for_each(|word| record.word(word));
        for (stretch, first) in [(properties, from.properties), (super_types, from.names), (rule_calls, from.names)] {
            // An empty one may be anywhere.
            let is_empty = stretch.start == stretch.end;
            [stretch.start, stretch.end].into_iter().for_each(|end| record.word(if is_empty { 0 } else { end - first }));
        }
    });
    writer.records::<_, INFIX>(&found.infix[from.infix as usize..], |record, (rule, infix)| {
        [*rule, infix.name.raw()].into_iter().for_each(|word| record.word(word));
        infix.properties.iter().for_each(|property| from.write_property(property, record));
    });
    writer.records::<_, DATA_TYPE>(&found.data_types[from.data_types as usize..], |record, (rule, union)| {
        let words = [*rule, union.name.raw(), from.comment(union.comment), from.ty(union.ty)];
        words.into_iter().for_each(|word| record.word(word));
        record.byte(union.data_type.map_or(0, |primitive| 1 + primitive as u8));
    });
}

// As numbers that count from there
impl Mark {
    fn ty(self, id: PropertyTypeId) -> u32 {
        id.moved(self.types.wrapping_neg()).raw()
    }

    fn origins(self, id: Option<OriginsId>) -> u32 {
        id.map_or(0, |id| id.raw() - self.origins)
    }

    fn comment(self, id: Option<CommentId>) -> u32 {
        id.map_or(0, |id| id.0.get() - self.comments)
    }

    #[inline]
    fn write_property(self, property: &Property, record: &mut Filler<'_>) {
        let Property { name, ty, optional, comment, has_default, origins } = *property;
        let words = [name.raw(), self.ty(ty), self.comment(comment), self.origins(origins)];
        words.into_iter().for_each(|word| record.word(word));
        record.byte(u8::from(optional) | u8::from(has_default) << 1);
    }

    fn write_type(self, ty: PropertyType, record: &mut Filler<'_>) {
        let (tag, words) = match ty {
            PropertyType::Value(name) => (0, [name.raw(), 0, 0]),
            PropertyType::Primitive(name) => (1, [name.raw(), 0, 0]),
            PropertyType::Text(name) => (2, [name.raw(), 0, 0]),
            PropertyType::Terminal(name, Element { file, declaration, imported }) => {
                (3 + u8::from(imported), [name.raw(), file.0, declaration])
            }
            PropertyType::Array(element) => (5, [self.ty(element), 0, 0]),
            PropertyType::Union(TypeList { start, end }) => (6, [start - self.lists, end - self.lists, 0]),
            PropertyType::Reference { referenced, multi, single } => {
                (7 + u8::from(multi) + 2 * u8::from(single), [self.ty(referenced), 0, 0])
            }
        };
        record.byte(tag);
        words.into_iter().for_each(|word| record.word(word));
    }
}

/// Adds what was written as `bytes`, which are as sound as the checksum that they had.
pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>, found: &mut Found) -> Option<()> {
    let reader = &mut Reader::new(bytes);
    let from = Mark::of(collector, found);
    let Collector { arena, comments, .. } = collector;
    let Alternatives { list, properties, names } = &mut found.alternatives;
    reader.add_records::<_, 4>(&mut arena.lists, |record| from.read_ty(record))?;
    reader.add_records::<_, TYPE>(&mut arena.types, |record| from.read_type(record))?;
    reader.add_records::<_, 1>(&mut arena.stable, |record| Some(record.byte()? > 0))?;
    reader.add_records::<_, ORIGIN>(&mut arena.origins, |record| {
        let (file, declaration, node) = (FileId(record.word()?), record.word()?, record.word()?);
        let node = Some(node).filter(|&raw| raw > 0).map(NodeId::from_raw)?;
        Some(OriginLink { origin: Origin { file, declaration, node }, next: from.read_origins(record)? })
    })?;
    reader.add_records::<_, COMMENT>(comments, |record| {
        let (file, declaration, span) = (FileId(record.word()?), record.word()?, Span::new(record.word()?, record.word()?));
        Some(DocComment { file, declaration, span })
    })?;
    reader.add_records::<_, PROPERTY>(properties, |record| from.read_property(record))?;
    reader.add_records::<_, 4>(names, read_name)?;
    reader.add_records::<_, ALTERNATIVE>(list, |record| {
        let (rule, name, comment) = (record.word()?, read_name(record)?, from.read_comment(record)?);
        let mut stretch = |first: u32| Some(Stretch { start: first + record.word()?, end: first + record.word()? });
        let (properties, super_types, rule_calls) = (stretch(from.properties)?, stretch(from.names)?, stretch(from.names)?);
        Some(TypeAlternative { rule, name, comment, properties, super_types, rule_calls })
    })?;
    reader.add_records::<_, INFIX>(&mut found.infix, |record| {
        let (rule, name) = (record.word()?, read_name(record)?);
        let mut property = || from.read_property(record);
        Some((rule, InfixType { name, properties: [property()?, property()?, property()?] }))
    })?;
    reader.add_records::<_, DATA_TYPE>(&mut found.data_types, |record| {
        let (rule, name, comment) = (record.word()?, read_name(record)?, from.read_comment(record)?);
        let ty = from.read_ty(record)?;
        let data_type = match record.byte()? {
            0 => None,
            number => Some(*PRIMITIVES.get(usize::from(number) - 1)?),
        };
        Some((rule, PlainUnion { name, declared: false, comment, ty, data_type }))
    })?;
    reader.is_at_end().then_some(())
}

fn read_name(record: &mut Record<'_>) -> Option<Name> {
    Some(record.word()?).filter(|&raw| raw > 0).map(Name::from_raw)
}

/// As their numbers say.
const PRIMITIVES: [Primitive; 5] = [Primitive::String, Primitive::Number, Primitive::Boolean, Primitive::Date, Primitive::Bigint];

// From numbers that count from there
impl Mark {
    #[inline]
    fn read_ty(self, record: &mut Record<'_>) -> Option<PropertyTypeId> {
        Some(PropertyTypeId::from_raw(record.word()?).moved(self.types))
    }

    #[inline]
    fn read_origins(self, record: &mut Record<'_>) -> Option<Option<OriginsId>> {
        let raw = record.word()?;
        Some(OriginsId::from_raw(if raw > 0 { raw + self.origins } else { 0 }))
    }

    #[inline]
    fn read_comment(self, record: &mut Record<'_>) -> Option<Option<CommentId>> {
        let raw = record.word()?;
        Some(NonZeroU32::new(if raw > 0 { raw + self.comments } else { 0 }).map(CommentId))
    }

    #[inline]
    fn read_type(self, record: &mut Record<'_>) -> Option<PropertyType> {
        let (tag, first, second, third) = (record.byte()?, record.word()?, record.word()?, record.word()?);
        let name = || Some(first).filter(|&raw| raw > 0).map(Name::from_raw);
        let ty = || PropertyTypeId::from_raw(first).moved(self.types);
        Some(match tag {
            0 => PropertyType::Value(name()?),
            1 => PropertyType::Primitive(name()?),
            2 => PropertyType::Text(name()?),
            3 | 4 => PropertyType::Terminal(name()?, Element { file: FileId(second), declaration: third, imported: tag == 4 }),
            5 => PropertyType::Array(ty()),
            6 => PropertyType::Union(TypeList { start: first + self.lists, end: second + self.lists }),
            7..=10 => PropertyType::Reference { referenced: ty(), multi: tag & 1 == 0, single: tag >= 9 },
            _ => return None,
        })
    }

    #[inline]
    fn read_property(self, record: &mut Record<'_>) -> Option<Property> {
        let (name, ty, comment) = (read_name(record)?, self.read_ty(record)?, self.read_comment(record)?);
        let (origins, flags) = (self.read_origins(record)?, record.byte()?);
        Some(Property { name, ty, optional: flags & 1 > 0, comment, has_default: flags & 2 > 0, origins })
    }
}

//! What rules said about types as bytes. Ids count from the beginning of a piece, so a piece means the same wherever it is put.
//!
//! On 10,000 lines, reading all of it takes a tenth of the instructions that finding it out takes.

use std::num::NonZeroU32;

use super::{Found, InfixType};
use crate::codec::{Filler, Reader, Record, Writer};
use crate::model::language::Element;
use crate::model::types::merge::TypeAlternative;
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

/// Adds what was written as `bytes`. If these are no such bytes, some of it may be there.
pub(super) fn read(bytes: &[u8], collector: &mut Collector<'_>, found: &mut Found) -> Option<()> {
    let reader = &mut Reader::new(bytes);
    let from = Mark::of(collector, found);
    let sources = collector.sources;
    let names = sources.names.len();
    let arena = &mut collector.arena;
    let alternatives = &mut found.alternatives;
    // What they mean comes next.
    reader.add_records::<_, 4>(&mut arena.lists, |record| Some(PropertyTypeId::from_raw(record.word()?).moved(from.types)))?;
    let limits = Limits { from, types: 0, names, origins: 0, comments: 0 };
    let mut types = from.types as usize;
    reader.add_records::<_, TYPE>(&mut arena.types, |record| {
        let before = Limits { types, ..limits };
        let ty = before.read_type(record, &arena.lists)?;
        if let PropertyType::Terminal(_, element) = ty {
            sources.files.get(element.file.index())?.tree.declarations.get(element.declaration as usize)?;
        }
        types += 1;
        Some(ty)
    })?;
    let limits = Limits { types, ..limits };
    let is_known = |ty: &PropertyTypeId| ty.is_below(types, names);
    arena.lists[from.lists as usize..].iter().all(is_known).then_some(())?;
    reader.add_records::<_, 1>(&mut arena.stable, |record| Some(record.byte()? > 0))?;
    (arena.stable.len() == arena.types.len()).then_some(())?;
    // Most are of the same declaration as the last one.
    let (mut here, mut nodes) = ((FileId(0), u32::MAX), 0);
    reader.add_records::<_, ORIGIN>(&mut arena.origins, |record| {
        let (file, declaration, node, next) = (FileId(record.word()?), record.word()?, record.word()?, record.word()?);
        if here != (file, declaration) {
            let declared = sources.files.get(file.index())?.tree.declarations.get(declaration as usize)?;
            (here, nodes) = ((file, declaration), declared.parts[0].range().len());
        }
        let node = Some(node).filter(|node| (1..=nodes).contains(&(*node as usize))).map(NodeId::from_raw)?;
        let next = OriginsId::from_raw(if next > 0 { next.checked_add(from.origins)? } else { 0 });
        Some(OriginLink { origin: Origin { file, declaration, node }, next })
    })?;
    let origins = arena.origins.len() as u32;
    // Nothing goes round in circles.
    let mut links = (from.origins + 1..).zip(&arena.origins[from.origins as usize..]);
    links.all(|(id, link)| link.next.is_none_or(|next| (id + 1..=origins).contains(&next.raw()))).then_some(())?;
    reader.add_records::<_, COMMENT>(&mut collector.comments, |record| {
        let (file, declaration, span) = (FileId(record.word()?), record.word()?, Span::new(record.word()?, record.word()?));
        let content = sources.files.get(file.index())?;
        let region = content.tree.declarations.get(declaration as usize)?.region.of(&content.text);
        region.get(span.start as usize..span.end as usize)?;
        Some(DocComment { file, declaration, span })
    })?;
    let limits = Limits { origins, comments: collector.comments.len() as u32, ..limits };
    reader.add_records::<_, PROPERTY>(&mut alternatives.properties, |record| limits.read_property(record))?;
    reader.add_records::<_, 4>(&mut alternatives.names, |record| limits.name(record.word()?))?;
    let (properties, all_names) = (alternatives.properties.len() as u32, alternatives.names.len() as u32);
    let rules = sources.files.iter().map(|file| file.tree.declarations.len()).sum();
    let rule = |raw: u32| Some(raw).filter(|&rule| (rule as usize) < rules);
    reader.add_records::<_, ALTERNATIVE>(&mut alternatives.list, |record| {
        let (rule, name) = (rule(record.word()?)?, limits.name(record.word()?)?);
        let comment = limits.comment(record.word()?)?;
        let mut stretch = |first: u32, all: u32| {
            let (start, end) = (record.word()?.checked_add(first)?, record.word()?.checked_add(first)?);
            (start <= end && end <= all).then_some(Stretch { start, end })
        };
        let properties = stretch(from.properties, properties)?;
        let (super_types, rule_calls) = (stretch(from.names, all_names)?, stretch(from.names, all_names)?);
        Some(TypeAlternative { rule, name, comment, properties, super_types, rule_calls })
    })?;
    reader.add_records::<_, INFIX>(&mut found.infix, |record| {
        let (rule, name) = (rule(record.word()?)?, limits.name(record.word()?)?);
        let mut property = || limits.read_property(record);
        Some((rule, InfixType { name, properties: [property()?, property()?, property()?] }))
    })?;
    reader.add_records::<_, DATA_TYPE>(&mut found.data_types, |record| {
        let (rule, name) = (rule(record.word()?)?, limits.name(record.word()?)?);
        let (comment, ty) = (limits.comment(record.word()?)?, limits.ty(record.word()?)?);
        let data_type = match record.byte()? {
            0 => None,
            number => Some(*PRIMITIVES.get(usize::from(number) - 1)?),
        };
        Some((rule, PlainUnion { name, declared: false, comment, ty, data_type }))
    })?;
    reader.is_at_end().then_some(())
}

/// As their numbers say.
const PRIMITIVES: [Primitive; 5] = [Primitive::String, Primitive::Number, Primitive::Boolean, Primitive::Date, Primitive::Bigint];

/// What numbers may be, and from where they count.
#[derive(Clone, Copy)]
struct Limits {
    from: Mark,
    types: usize,
    names: usize,
    origins: u32,
    comments: u32,
}

impl Limits {
    #[inline]
    fn name(self, raw: u32) -> Option<Name> {
        Some(raw).filter(|&raw| (1..=self.names).contains(&(raw as usize))).map(Name::from_raw)
    }

    #[inline]
    fn ty(self, raw: u32) -> Option<PropertyTypeId> {
        Some(PropertyTypeId::from_raw(raw).moved(self.from.types)).filter(|ty| ty.is_below(self.types, self.names))
    }

    #[inline]
    fn comment(self, raw: u32) -> Option<Option<CommentId>> {
        let id = NonZeroU32::new(raw).map(|id| id.saturating_add(self.from.comments));
        Some(id.map(CommentId)).filter(|_| id.is_none_or(|id| id.get() <= self.comments))
    }

    fn read_type(self, record: &mut Record<'_>, lists: &[PropertyTypeId]) -> Option<PropertyType> {
        let (tag, first, second, third) = (record.byte()?, record.word()?, record.word()?, record.word()?);
        Some(match tag {
            0 => PropertyType::Value(self.name(first)?),
            1 => PropertyType::Primitive(self.name(first)?),
            2 => PropertyType::Text(self.name(first)?),
            3 | 4 => {
                let terminal = Element { file: FileId(second), declaration: third, imported: tag == 4 };
                PropertyType::Terminal(self.name(first)?, terminal)
            }
            5 => PropertyType::Array(self.ty(first)?),
            6 => {
                let (start, end) = (first.checked_add(self.from.lists)?, second.checked_add(self.from.lists)?);
                let members = lists.get(start as usize..end as usize)?;
                let is_known = |ty: &PropertyTypeId| ty.is_below(self.types, self.names);
                members.iter().all(is_known).then_some(PropertyType::Union(TypeList { start, end }))?
            }
            7..=10 => PropertyType::Reference { referenced: self.ty(first)?, multi: tag & 1 == 0, single: tag >= 9 },
            _ => return None,
        })
    }

    #[inline]
    fn read_property(self, record: &mut Record<'_>) -> Option<Property> {
        let (name, ty, comment) = (self.name(record.word()?)?, self.ty(record.word()?)?, self.comment(record.word()?)?);
        let origins = record.word()?;
        let origins = OriginsId::from_raw(if origins > 0 { origins.checked_add(self.from.origins)? } else { 0 });
        let flags = record.byte()?;
        let is_sound = flags < 4 && origins.is_none_or(|origins| origins.raw() <= self.origins);
        is_sound.then_some(Property { name, ty, optional: flags & 1 > 0, comment, has_default: flags & 2 > 0, origins })
    }
}

//! What the text of a type depends on, as a hash: where that is the same, the text is taken from the file that is there.
//!
//! On 10,000 lines, finding that out takes an eighth of the instructions of rendering all types.

use std::hash::Hash;

use super::hash_of_terminals;
use crate::emit::Input;
use crate::hash::{Bytes, xxh3};
use crate::model::config::Config;
use crate::model::types::{
    CommentId, Interface, Property, PropertyType, PropertyTypeId, PropertyWalk, SuperTypes, TypeId, Types, Union,
};
use crate::model::{Model, Sources};
use crate::text::Name;

/// So many types are a piece, more or less, so that the pieces, which every later run reads, are few.
pub(super) const TYPES_OF_A_STRETCH: usize = 8;

/// Which part of the file a piece is of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Section {
    Definitions,
    Reflection,
    /// The end of the reflection, where no comma follows.
    LastOfReflection,
}

/// By type, a hash of all that its definition and its reflection depend on.
pub(super) struct TypeKeys {
    keys: Vec<u128>,
    /// A hash of what all of them depend on.
    around: u128,
}

impl TypeKeys {
    pub(super) fn new(input: Input<'_>, types: &Types, super_types: &SuperTypes) -> TypeKeys {
        let Config { project_name, version, langium_internal, .. } = input.config;
        let mut around = Bytes::default();
        (project_name, version, langium_internal, types.missing(input.sources.names.len())).hash(&mut around);
        let mut writer = Writer { types, sources: input.sources, bytes: Vec::new() };
        let values = writer.values(input.model);
        let mut walk = PropertyWalk::new(types, &input.sources.names);
        let count = types.interfaces.len() + types.unions.len();
        let mut key = |id: TypeId| {
            writer.bytes.clear();
            match (types.interface(id), types.union(id)) {
                (Some(interface), _) => writer.interface(id, interface, &mut walk),
                (None, Some(union)) if union.data_type.is_some() => {
                    writer.union(union);
                    writer.bytes.extend_from_slice(&values.to_le_bytes());
                }
                (None, union) => union.into_iter().for_each(|union| writer.union(union)),
            }
            writer.names(super_types.of(id).iter().map(|&above| types.name(above)));
            xxh3(&writer.bytes)
        };
        TypeKeys { keys: (0..count as u32).map(|id| key(TypeId(id))).collect(), around: around.xxh3() }
    }

    /// The key of the piece that types have in a section.
    pub(super) fn of(&self, section: Section, ids: &[TypeId]) -> u128 {
        let mut bytes = Vec::with_capacity(16 * ids.len() + 17);
        bytes.push(section as u8);
        bytes.extend_from_slice(&self.around.to_le_bytes());
        ids.iter().for_each(|id| bytes.extend_from_slice(&self.keys[id.index()].to_le_bytes()));
        xxh3(&bytes)
    }

    /// `ids` in stretches for a piece each. Where one ends depends on the names in it alone, so that new types do not move the
    /// ends of others.
    pub(super) fn stretches<'i>(types: &Types, sources: &Sources, ids: &'i [TypeId]) -> Vec<&'i [TypeId]> {
        let is_last = |id: TypeId| {
            let end = sources.names.get(types.name(id)).bytes().rev().take(2);
            end.fold(0_u32, |hash, byte| hash * 3 + u32::from(byte)).is_multiple_of(TYPES_OF_A_STRETCH as u32)
        };
        ids.chunk_by(|&one, _| !is_last(one)).collect()
    }
}

/// Writes down what a type says.
struct Writer<'a> {
    types: &'a Types,
    sources: &'a Sources,
    bytes: Vec<u8>,
}

impl<'a> Writer<'a> {
    fn interface(&mut self, id: TypeId, interface: &'a Interface, walk: &mut PropertyWalk<'a>) {
        let types = self.types;
        self.word(interface.name.raw());
        self.names(interface.super_types.iter().filter(|&above| types.interface(above).is_some()).map(|above| types.name(above)));
        self.names(types.containers(id.index()).iter().map(|container| types.name(container)));
        self.names(types.type_names(id.index()).iter());
        match interface.super_types.is_empty() {
            true => self.by_itself(id.index(), interface),
            false => walk.climb(id.index(), |_, at| self.by_itself(at, &types.interfaces[at])),
        }
    }

    /// What an interface depends on but for others.
    fn by_itself(&mut self, index: usize, interface: &Interface) {
        if let Some(said) = self.types.said(index) {
            return self.bytes.extend_from_slice(&said.to_le_bytes());
        }
        let own = self.types.properties(interface);
        self.comment(interface.comment);
        self.word(own.len() as u32);
        for property in own {
            self.comment(property.comment);
            self.property(property);
        }
    }

    fn union(&mut self, union: &Union) {
        self.word(union.name.raw());
        self.comment(union.comment);
        self.bytes.push(u8::from(union.is_ast));
        self.ty(union.ty);
    }

    /// A hash of what the guards of data types depend on: unions and terminals.
    fn values(&mut self, model: &Model) -> u128 {
        self.bytes.clear();
        for union in &self.types.unions {
            self.union(union);
            self.bytes.push(union.data_type.map_or(u8::MAX, |primitive| primitive as u8));
            self.names(union.sub_types.iter().map(|id| self.types.name(id)));
            self.types.arena.for_each_member(union.ty, &mut |_, member| {
                if let PropertyType::Terminal(_, element) = member {
                    let name = element.kind(self.sources).name().map_or(0, Name::raw);
                    [element.file.0, name].into_iter().for_each(|word| self.bytes.extend_from_slice(&word.to_le_bytes()));
                }
            });
        }
        let terminals = model.languages.iter().map(|language| hash_of_terminals(self.sources, language));
        terminals.for_each(|terminals| self.bytes.extend_from_slice(&terminals.to_le_bytes()));
        xxh3(&self.bytes)
    }

    fn property(&mut self, property: &Property) {
        self.tagged(u8::from(property.optional) | u8::from(property.has_default) << 1, property.name.raw());
        self.ty(property.ty);
        if property.has_default
            && let Some(origin) = self.types.arena.origins(property.origins).next()
        {
            let written = self.sources.file(origin.file).hashes()[origin.declaration as usize];
            self.bytes.extend_from_slice(&written.to_le_bytes());
            self.word(origin.node.index() as u32);
        }
    }

    fn ty(&mut self, id: PropertyTypeId) {
        let arena = &self.types.arena;
        let (tag, word) = match arena.get(id) {
            PropertyType::Value(name) => (u8::from(self.types.find(name).is_some()), name.raw()),
            PropertyType::Primitive(name) => (2, name.raw()),
            PropertyType::Terminal(name, _) => (3, name.raw()),
            PropertyType::Text(value) => (4, value.raw()),
            PropertyType::Array(element) => {
                self.bytes.push(5);
                return self.ty(element);
            }
            PropertyType::Reference { referenced, multi, .. } => {
                self.bytes.push(6 + u8::from(multi));
                return self.ty(referenced);
            }
            PropertyType::Union(list) => {
                let members = arena.members(list);
                self.bytes.push(8);
                self.word(members.len() as u32);
                return members.iter().for_each(|&member| self.ty(member));
            }
        };
        self.tagged(tag, word);
    }

    fn comment(&mut self, comment: Option<CommentId>) {
        match comment.map(|comment| self.types.comment(comment, self.sources)) {
            None => self.word(u32::MAX),
            Some(text) => {
                self.word(text.len() as u32);
                self.bytes.extend_from_slice(text.as_bytes());
            }
        }
    }

    fn names(&mut self, names: impl Iterator<Item = Name>) {
        names.for_each(|name| self.word(name.raw()));
        self.word(0);
    }

    /// A tag and a word, in one go.
    #[inline]
    fn tagged(&mut self, tag: u8, word: u32) {
        let [a, b, c, d] = word.to_le_bytes();
        self.bytes.extend_from_slice(&[tag, a, b, c, d]);
    }

    #[inline]
    fn word(&mut self, word: u32) {
        self.bytes.extend_from_slice(&word.to_le_bytes());
    }
}

//! What the JSON of a declaration says of others: their positions. Where these are the same, so is the JSON of a declaration
//! that is written as it was.

use std::hash::{Hash, Hasher};

use super::type_paths::TypePaths;
use crate::hash::{Bytes, xxh3};
use crate::model::{Element, Language, Section, Sources};
use crate::tree::{DeclarationKind, Returns};

/// A hash of all that what a declaration of a language refers to depends on: the names, kinds and parameters of its elements
/// in their order, and where types are inferred.
pub(super) struct Surroundings(u128);

impl Surroundings {
    pub(super) fn new(sources: &Sources, language: &Language, type_paths: &TypePaths, is_indented: bool) -> Surroundings {
        let mut bytes = Bytes::default();
        is_indented.hash(&mut bytes);
        for section in language.sections {
            let elements = match section {
                Section::Rules => &language.rules,
                Section::Interfaces => &language.interfaces,
                Section::Types => &language.types,
            };
            (section as u8, elements.len()).hash(&mut bytes);
            elements.iter().for_each(|&element| hash_element(sources, element, &mut bytes));
        }
        type_paths.hash(&mut bytes);
        Surroundings(bytes.xxh3())
    }

    /// The key of what is printed for the `index`th element of a section.
    pub(super) fn key(&self, sources: &Sources, index: usize, element: Element) -> u128 {
        let written = sources.file(element.file).hashes()[element.declaration as usize];
        let mut bytes = [0; 33];
        bytes[..16].copy_from_slice(&self.0.to_le_bytes());
        bytes[16..32].copy_from_slice(&written.to_le_bytes());
        // A comma stands before all but the first.
        bytes[32] = u8::from(index > 0);
        xxh3(&bytes)
    }
}

fn hash_element(sources: &Sources, element: Element, hasher: &mut impl Hasher) {
    let item = element.item(sources);
    let kind = item.declaration.kind;
    (std::mem::discriminant(&kind), kind.name(), element.imported).hash(hasher);
    if let DeclarationKind::ParserRule { parameters, returns, .. } | DeclarationKind::InfixRule { parameters, returns, .. } = kind
    {
        // A rule that says nothing of its type is one.
        (returns == Returns::Implicit).hash(hasher);
        item.ids(parameters).len().hash(hasher);
        item.ids(parameters).for_each(|id| item.node(id).kind.hash(hasher));
    }
}

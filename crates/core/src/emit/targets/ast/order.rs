//! The orders in which types and properties stand in the file. Comparing names again for each list of them was a quarter
//! of rendering; here each name is compared once, and lists are sorted by number.

use crate::model::types::{Interface, Property, PropertyWalk, TypeId, Types};
use crate::text::collate::{sort_identifiers, sort_utf16};
use crate::text::{Name, Names};

/// The order of types by UTF-16 code units.
pub(super) struct TypeOrder {
    /// All types in that order.
    sorted: Vec<TypeId>,
    /// By name: the place of a type of that name.
    places: Vec<u32>,
}

impl TypeOrder {
    pub(super) fn new(types: &Types, names: &Names) -> TypeOrder {
        let count = types.interfaces.len() + types.unions.len();
        let mut sorted: Vec<TypeId> = (0..count as u32).map(TypeId).collect();
        sort_utf16(&mut sorted, |id| names.get(types.name(id)));
        let mut places = vec![0; names.len()];
        for (place, &id) in (0..).zip(&sorted) {
            places[types.name(id).index()] = place;
        }
        TypeOrder { sorted, places }
    }

    /// Interfaces and unions of AST nodes.
    pub(super) fn ast_types(&self, types: &Types) -> impl Iterator<Item = TypeId> {
        self.sorted.iter().copied().filter(|&id| types.union(id).is_none_or(|union| union.is_ast))
    }

    /// Where a type called `name` stands.
    pub(super) fn place(&self, name: Name) -> u32 {
        self.places[name.index()]
    }

    /// The type at `place`.
    pub(super) fn at(&self, place: u32) -> TypeId {
        self.sorted[place as usize]
    }
}

/// The order of properties by name (`localeCompare`).
pub(super) struct PropertyOrder {
    /// By name: its place among all names of properties.
    places: Vec<u32>,
}

impl PropertyOrder {
    pub(super) fn new(types: &Types, names: &Names) -> PropertyOrder {
        let mut places = vec![u32::MAX; names.len()];
        let all = types.interfaces.iter().flat_map(|interface| types.properties(interface));
        let is_new = |name: &Name| std::mem::replace(&mut places[name.index()], 0) != 0;
        let mut sorted: Vec<Name> = all.map(|property| property.name).filter(is_new).collect();
        sort_identifiers(&mut sorted, |&name| names.get(name));
        for (place, name) in (0..).zip(sorted) {
            places[name.index()] = place;
        }
        PropertyOrder { places }
    }

    fn place(&self, property: &Property) -> u32 {
        self.places[property.name.index()]
    }
}

/// The properties of interfaces in their order.
pub(super) struct Properties<'a> {
    types: &'a Types,
    order: &'a PropertyOrder,
    walk: PropertyWalk<'a>,
    own: Vec<&'a Property>,
}

impl<'a> Properties<'a> {
    pub(super) fn new(types: &'a Types, names: &Names, order: &'a PropertyOrder) -> Properties<'a> {
        Properties { types, order, walk: PropertyWalk::new(types, names), own: Vec::new() }
    }

    /// Those of `interface` alone.
    pub(super) fn own(&mut self, interface: &'a Interface) -> &[&'a Property] {
        self.own.clear();
        self.own.extend(self.types.properties(interface));
        self.own.sort_by_key(|property| self.order.place(property));
        &self.own
    }

    /// Those of the interface at `index` and of all that it extends.
    pub(super) fn all(&mut self, index: usize) -> &[&'a Property] {
        let all = self.walk.all(index);
        all.sort_unstable_by_key(|property| self.order.place(property));
        all
    }
}

//! What is asked of every type in turn, with what that needs made once for all of them.

use super::{Property, TypeId, Types};
use crate::text::Names;

/// Finds the properties of interfaces and of all that they extend.
#[derive(Debug)]
pub struct PropertyWalk<'t> {
    types: &'t Types,
    /// By name: in which round it was found, and where in `found` it is.
    slots: Vec<(u32, u32)>,
    /// By interface: in which round it was visited.
    visited: Vec<u32>,
    round: u32,
    pending: Vec<u32>,
    found: Vec<&'t Property>,
}

impl<'t> PropertyWalk<'t> {
    /// For the interfaces of `types`, whose names are among `names`.
    pub fn new(types: &'t Types, names: &Names) -> PropertyWalk<'t> {
        let (slots, visited) = (vec![(0, 0); names.len()], vec![0; types.interfaces.len()]);
        PropertyWalk { types, slots, visited, round: 0, pending: Vec::new(), found: Vec::new() }
    }

    /// The properties of the interface at `index` and of all that it extends; nearer ones hide those of the same name. In the
    /// order of discovery (`superProperties`). May be put into another order.
    pub fn all(&mut self, index: usize) -> &mut [&'t Property] {
        self.found.clear();
        self.climb(index, |walk, index| walk.add(walk.types.properties(&walk.types.interfaces[index])));
        &mut self.found
    }

    /// Calls `visit` with the interface at `index` and then those that it extends and that say something about properties, in the
    /// order of discovery.
    pub fn climb(&mut self, index: usize, mut visit: impl FnMut(&mut Self, usize)) {
        self.round += 1;
        self.pending.push(index as u32);
        while let Some(index) = self.pending.pop() {
            if std::mem::replace(&mut self.visited[index as usize], self.round) == self.round {
                continue;
            }
            visit(self, index as usize);
            let supers = self.types.interfaces[index as usize].super_types.as_slice().iter().rev();
            let supers = supers.map(|id| id.index()).filter(|&index| index < self.types.interfaces.len());
            self.pending.extend(supers.map(|index| self.types.telling[index]));
        }
    }

    fn add(&mut self, own: &'t [Property]) {
        let first = self.found.len() as u32;
        for property in own {
            let (round, slot) = &mut self.slots[property.name.index()];
            if *round != self.round {
                (*round, *slot) = (self.round, self.found.len() as u32);
                self.found.push(property);
            } else if *slot >= first {
                // Of several in one interface, the last one counts, in the place of the first.
                self.found[*slot as usize] = property;
            }
        }
    }
}

/// The super types of each type, in the order in which Langium finds them when it looks only at interfaces and unions of
/// AST nodes (`collectTypeHierarchy`).
#[derive(Debug)]
pub struct SuperTypes {
    /// Those of all types, one type after the other.
    found: Vec<TypeId>,
    /// By type: where its own begin. One more, for the end.
    starts: Vec<u32>,
}

impl SuperTypes {
    /// Those of `types`.
    pub fn new(types: &Types) -> SuperTypes {
        let count = types.interfaces.len() + types.unions.len();
        let mut starts = vec![0; count + 1];
        for_each_pair(types, |sub, _| starts[sub.index() + 1] += 1);
        for at in 0..count {
            starts[at + 1] += starts[at];
        }
        let mut ends = starts.clone();
        let mut found = vec![TypeId(0); starts[count] as usize];
        for_each_pair(types, |sub, above| {
            let end = &mut ends[sub.index()];
            found[*end as usize] = above;
            *end += 1;
        });
        SuperTypes { found, starts }
    }

    /// Those of type `id`; some more than once.
    pub fn of(&self, id: TypeId) -> &[TypeId] {
        let [start, end] = [self.starts[id.index()], self.starts[id.index() + 1]];
        &self.found[start as usize..end as usize]
    }
}

/// Calls `visit` with each pair of a type and one of its super types, in the order of discovery. It goes by name: an
/// interface stands for the union of the same name.
fn for_each_pair(types: &Types, mut visit: impl FnMut(TypeId, TypeId)) {
    let count = types.interfaces.len() + types.unions.len();
    let is_ast = |id: TypeId| types.union(id).is_none_or(|union| union.is_ast);
    let mut visit = |sub, above| visit(types.named_as(sub), types.named_as(above));
    for id in (0..count as u32).map(TypeId).filter(|&id| is_ast(id)) {
        if let Some(interface) = types.interface(id) {
            interface.super_types.iter().filter(|&above| is_ast(above)).for_each(|above| visit(id, above));
        }
        types.sub_types(id).iter().filter(|&sub| is_ast(sub)).for_each(|sub| visit(sub, id));
    }
}

//! Types of two sources, which may have names in common, as one list sorted by name (`mergeAndRemoveDuplicates` in
//! langium 4.4.0).

use std::sync::Arc;

use super::{ByName, DocComment, Interface, Name, Names, OrderedSet, PlainInterface, PlainTypes, PlainUnion, TypeArena};
use super::{TypeId, Types, Union, hierarchy};
use crate::text::collate::{sort_identifiers, sort_identifiers_near};

/// The types of both sources; of several with one name, the last one.
pub(super) struct Merged {
    interfaces: List<PlainInterface>,
    unions: List<PlainUnion>,
    by_name: Arc<ByName<TypeId>>,
}

impl Merged {
    /// `before` are names of types in the order that they had in an earlier text, if that is known.
    pub(super) fn new(names: &Names, first: PlainTypes, second: PlainTypes, before: &[u32]) -> Merged {
        let ranks = Ranks::new(names, before);
        let interfaces = List::new(&ranks, first.interfaces, second.interfaces, |interface| interface.name);
        let unions = List::new(&ranks, first.unions, second.unions, |union| union.name);
        let mut by_name = ByName::new(names.len(), interfaces.all.len() + unions.all.len());
        // Interfaces hide unions of the same name.
        (0..).zip(in_order(&interfaces, &unions)).for_each(|(index, name)| by_name.set_first(name, TypeId(index)));
        by_name.shrink();
        Merged { interfaces, unions, by_name: Arc::new(by_name) }
    }

    /// The names of all types, sorted, of interfaces before those of unions.
    pub(super) fn order(&self) -> impl Iterator<Item = Name> {
        in_order(&self.interfaces, &self.unions)
    }

    /// How many types there are.
    pub(super) fn len(&self) -> usize {
        self.interfaces.all.len() + self.unions.all.len()
    }

    /// The types with those of the first source in place of the second one's; nothing if none of them is in both.
    pub(super) fn first(&mut self) -> Option<Chosen> {
        if self.interfaces.hidden.is_empty() && self.unions.hidden.is_empty() {
            return None;
        }
        self.interfaces.exchange();
        self.unions.exchange();
        let interfaces = self.interfaces.all.iter().map(|plain| interface(plain.clone(), &self.by_name)).collect();
        let chosen = Chosen { interfaces, unions: self.unions.all.clone(), by_name: Arc::clone(&self.by_name) };
        self.interfaces.exchange();
        self.unions.exchange();
        Some(chosen)
    }

    /// The types of the second source, and those of the first one that only it has. Interfaces take the room of plain ones, as
    /// they are as big.
    pub(super) fn into_second(self) -> Chosen {
        let Merged { interfaces, unions, by_name } = self;
        let interfaces = interfaces.all.into_iter().map(|plain| interface(plain, &by_name)).collect();
        Chosen { interfaces, unions: unions.all, by_name }
    }
}

fn in_order(interfaces: &List<PlainInterface>, unions: &List<PlainUnion>) -> impl Iterator<Item = Name> {
    interfaces.all.iter().map(|interface| interface.name).chain(unions.all.iter().map(|union| union.name))
}

/// One type of each name, sorted by name.
pub(super) struct Chosen {
    interfaces: Vec<Interface>,
    unions: Vec<PlainUnion>,
    by_name: Arc<ByName<TypeId>>,
}

impl Chosen {
    pub(super) fn relate(self, arena: Arc<TypeArena>, comments: Vec<DocComment>) -> Types {
        let Chosen { interfaces, unions, by_name } = self;
        let unions = self::unions(&unions, interfaces.len(), &by_name, &arena);
        hierarchy::relate(interfaces, unions, by_name, arena, comments)
    }
}

/// An interface without what others say about it.
fn interface(plain: PlainInterface, by_name: &ByName<TypeId>) -> Interface {
    let find = |name: Name| by_name.get(name);
    Interface {
        name: plain.name,
        declared: plain.declared,
        is_abstract: plain.is_abstract,
        comment: plain.comment,
        properties: plain.properties,
        super_types: plain.super_types.iter().filter_map(find).collect(),
        sub_types: plain.sub_types.iter().filter_map(find).collect(),
    }
}

/// `plain` unions without what others say about them.
fn unions(plain: &[PlainUnion], interfaces: usize, by_name: &ByName<TypeId>, arena: &TypeArena) -> Vec<Union> {
    let mut sub_types = Vec::new();
    let mut seen = vec![u32::MAX; interfaces + plain.len()];
    let union = |(index, plain): (u32, &PlainUnion)| {
        let PlainUnion { name, declared, comment, ty, data_type } = *plain;
        sub_types.clear();
        arena.for_each_value(ty, &mut |name| {
            let is_new = |id: &TypeId| std::mem::replace(&mut seen[id.index()], index) != index;
            sub_types.extend(by_name.get(name).filter(is_new));
        });
        let sub_types = OrderedSet::of_distinct(&sub_types);
        Union { name, declared, comment, ty, data_type, sub_types, is_ast: true, is_data: true }
    };
    (0..).zip(plain).map(union).collect()
}

/// Types of one kind.
struct List<T> {
    /// Of several with one name, the last one; sorted by name (`localeCompare`).
    all: Vec<T>,
    /// Those of the first source that have a name of the second one, with the place of that name.
    hidden: Vec<(u32, T)>,
}

impl<T> List<T> {
    fn new(ranks: &Ranks<'_>, mut first: Vec<T>, mut second: Vec<T>, name: impl Fn(&T) -> Name) -> List<T> {
        let mut places = vec![u32::MAX; ranks.names.len()];
        keep_last_of_each_name(&mut first, &mut places, &name);
        places.fill(u32::MAX);
        keep_last_of_each_name(&mut second, &mut places, &name);
        let hidden: Vec<T> = first.extract_if(.., |item| places[name(item).index()] != u32::MAX).collect();
        let mut all = first;
        all.append(&mut second);
        drop(second);
        let text = |item: &T| ranks.names.get(name(item));
        match ranks.near(&all, &name) {
            Some(near) => sort_identifiers_near(&mut all, near, text),
            None => sort_identifiers(&mut all, text),
        }
        if !hidden.is_empty() {
            (0..).zip(&all).for_each(|(at, item)| places[name(item).index()] = at);
        }
        List { hidden: hidden.into_iter().map(|item| (places[name(&item).index()], item)).collect(), all }
    }

    /// Has the hidden ones change places with those that hide them.
    fn exchange(&mut self) {
        self.hidden.iter_mut().for_each(|(at, item)| std::mem::swap(&mut self.all[*at as usize], item));
    }
}

/// In which order names were. Most types of a text that was edited are those of the earlier one: of 10,000 lines, sorting them takes
/// 1.2 million instructions without.
struct Ranks<'n> {
    names: &'n Names,
    /// By name.
    ranks: Vec<u32>,
    count: usize,
}

impl Ranks<'_> {
    fn new<'n>(names: &'n Names, before: &[u32]) -> Ranks<'n> {
        let mut ranks = vec![u32::MAX; if before.is_empty() { 0 } else { names.len() }];
        for (rank, &name) in (0..).zip(before) {
            ranks.get_mut(name as usize).into_iter().for_each(|place| *place = rank);
        }
        Ranks { names, ranks, count: before.len() }
    }

    /// The indices of `items`, those with a rank in the order of their ranks, others behind them. None if these are more.
    fn near<T>(&self, items: &[T], name: impl Fn(&T) -> Name) -> Option<Vec<u32>> {
        let mut ranked = vec![u32::MAX; self.count];
        let mut others = Vec::new();
        for (index, item) in (0..).zip(items) {
            match self.ranks.get(name(item).index()).and_then(|rank| ranked.get_mut(*rank as usize)) {
                Some(place) => *place = index,
                None => others.push(index),
            }
        }
        ranked.retain(|&index| index != u32::MAX);
        (ranked.len() >= others.len()).then(|| [ranked, others].concat())
    }
}

/// `places` is by name.
fn keep_last_of_each_name<T>(items: &mut Vec<T>, places: &mut [u32], name: &impl Fn(&T) -> Name) {
    (0..).zip(&*items).for_each(|(at, item)| places[name(item).index()] = at);
    let mut next = 0..;
    items.retain(|item| next.next() == Some(places[name(item).index()]));
}

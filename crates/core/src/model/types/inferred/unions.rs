//! Which inferred types are unions: super types that are no interfaces, and interfaces that only stand for others.

use super::{Collector, PlainInterface, PlainTypes, PlainUnion, Scratch};
use crate::model::types::property::Merger;
use crate::text::Name;

/// Interfaces without properties but with sub types become unions, or abstract if they are declared (`extractUnions`).
/// Behind the unions for super types that are no interfaces.
pub(super) fn extract(collector: &mut Collector<'_>, mut interfaces: Vec<PlainInterface>, declared: &PlainTypes) -> PlainTypes {
    let names = collector.sources.names.len();
    let sub_types = SubTypes::new(&interfaces, names);
    let mut is_declared = vec![false; names];
    declared.interfaces.iter().for_each(|interface| is_declared[interface.name.index()] = true);
    let mut union_slots = Scratch::new(names);
    let mut unions = super_unions(collector, &interfaces, &sub_types);
    for (slot, union) in (0..).zip(&unions) {
        union_slots.slot(union.name.index(), slot);
    }
    let mut members = Vec::new();
    interfaces.retain_mut(|interface| {
        members.clear();
        members.extend(sub_types.of(interface.name));
        if members.is_empty() || !interface.properties.range().is_empty() {
            return true;
        }
        if is_declared[interface.name.index()] {
            interface.is_abstract = true;
            return true;
        }
        let ty = collector.arena.one_of(&members);
        let slot = union_slots.slot(interface.name.index(), unions.len() as u32);
        match unions.get_mut(slot as usize) {
            Some(union) => {
                let mut merger = Merger::default();
                merger.start(&collector.arena, union.ty);
                merger.add(&collector.arena, ty);
                union.ty = merger.finish(&mut collector.arena);
            }
            None => {
                let PlainInterface { name, comment, .. } = *interface;
                unions.push(PlainUnion { name, declared: false, comment, ty, data_type: None });
            }
        }
        false
    });
    for interface in &mut interfaces {
        if interface.super_types.iter().any(|name| union_slots.get(name.index()).is_some()) {
            let kept = interface.super_types.iter().filter(|name| union_slots.get(name.index()).is_none());
            interface.super_types = kept.collect();
        }
    }
    PlainTypes { interfaces, unions }
}

/// Unions for super types that are no interfaces (`buildSuperUnions`).
fn super_unions(collector: &mut Collector<'_>, interfaces: &[PlainInterface], sub_types: &SubTypes) -> Vec<PlainUnion> {
    let mut is_interface = vec![false; collector.sources.names.len()];
    interfaces.iter().for_each(|interface| is_interface[interface.name.index()] = true);
    let mut unions = Vec::new();
    for &name in sub_types.super_types.iter().filter(|name| !is_interface[name.index()]) {
        let types: Vec<Name> = sub_types.of(name).collect();
        let ty = collector.arena.one_of(&types);
        unions.push(PlainUnion { name, declared: false, comment: None, ty, data_type: None });
    }
    unions
}

/// The sub types by super type, both in the order of discovery.
struct SubTypes {
    super_types: Vec<Name>,
    /// By name of the super type: the place of its first sub type, from 1 on, and that of its last one.
    ends: Vec<[u32; 2]>,
    /// A sub type, and the place of the next one of the same super type; 0 after the last one.
    links: Vec<(Name, u32)>,
}

impl SubTypes {
    fn new(interfaces: &[PlainInterface], names: usize) -> SubTypes {
        let mut sub_types = SubTypes { super_types: Vec::new(), ends: vec![[0; 2]; names], links: Vec::new() };
        for interface in interfaces {
            for super_type in interface.super_types.iter() {
                sub_types.links.push((interface.name, 0));
                let place = sub_types.links.len() as u32;
                let [first, last] = &mut sub_types.ends[super_type.index()];
                if *first == 0 {
                    *first = place;
                    sub_types.super_types.push(super_type);
                } else {
                    sub_types.links[*last as usize - 1].1 = place;
                }
                *last = place;
            }
        }
        sub_types
    }

    fn of(&self, super_type: Name) -> impl Iterator<Item = Name> + '_ {
        let mut place = self.ends[super_type.index()][0];
        std::iter::from_fn(move || {
            let (name, next) = *self.links.get((place as usize).checked_sub(1)?)?;
            place = next;
            Some(name)
        })
    }
}

//! Tables indexed by name.

use super::Name;

/// What some names mean.
///
/// Tables of all names, a few for each language, take memory with the square of the languages: 1,000 of 35 lines took 853 MB.
/// So a table is in pages, of which only those exist that something is on, which takes 44 MB; a look costs one more load.
#[derive(Clone, Debug)]
pub(crate) struct ByName<T> {
    /// Where each page begins in `slots`. Page 0 there stays empty, for all names that mean nothing.
    pages: Vec<u32>,
    slots: Vec<Option<T>>,
}

const PAGE: usize = 64;

impl<T: Copy> ByName<T> {
    /// A table for `names` names, about `count` of which mean something.
    pub(crate) fn new(names: usize, count: usize) -> ByName<T> {
        let pages = names.div_ceil(PAGE);
        let mut slots = Vec::with_capacity((1 + pages.min(count)) * PAGE);
        slots.resize(PAGE, None);
        ByName { pages: vec![0; pages], slots }
    }

    /// What `name` means.
    #[inline]
    pub(crate) fn get(&self, name: Name) -> Option<T> {
        let page = *self.pages.get(name.index() / PAGE)? as usize;
        self.slots[page + name.index() % PAGE]
    }

    /// Has `name` mean `value`, whatever it meant before.
    pub(crate) fn set(&mut self, name: Name, value: T) {
        *self.slot(name) = Some(value);
    }

    /// Has `name` mean `value`, unless it means something already.
    pub(crate) fn set_first(&mut self, name: Name, value: T) {
        self.slot(name).get_or_insert(value);
    }

    /// Lets names up to `name` mean something too, if it is newer than the table.
    pub(crate) fn make_room(&mut self, name: Name) {
        self.pages.resize(self.pages.len().max(name.index() / PAGE + 1), 0);
    }

    /// Gives back room that was reserved and is not needed.
    pub(crate) fn shrink(&mut self) {
        self.slots.shrink_to_fit();
    }

    fn slot(&mut self, name: Name) -> &mut Option<T> {
        let page = &mut self.pages[name.index() / PAGE];
        if *page == 0 {
            *page = self.slots.len() as u32;
            self.slots.resize(self.slots.len() + PAGE, None);
        }
        &mut self.slots[*page as usize + name.index() % PAGE]
    }
}

#[cfg(test)]
mod tests {
    use super::super::Names;
    use super::*;

    #[test]
    fn names_mean_what_they_were_given() {
        let mut names = Names::new();
        let all: Vec<Name> = (0..500).map(|number| names.intern(&format!("name{number}"))).collect();
        let mut table = ByName::new(names.len(), 10);
        for &name in all.iter().step_by(7) {
            table.set(name, name.index());
            table.set_first(name, 0);
        }
        table.shrink();
        for (number, &name) in all.iter().enumerate() {
            assert_eq!(table.get(name), (number % 7 == 0).then(|| name.index()));
        }
        assert_eq!(table.get(names.intern("a name that is newer than the table, and as far away as it may be")), None);
    }
}

//! Independent pieces of work, for whoever calls the compiler to do at the same time.
//!
//! Core starts no threads. It says which steps do not need each other; the caller brings the hands. What comes out is the
//! same however many there are.

use std::sync::{Mutex, PoisonError};

/// A piece of work, to be done exactly once.
pub type Task<'t> = &'t mut (dyn FnMut() + Send);

/// Those who do the work.
pub trait Hands: Sync {
    /// How many of them have nothing to do at the moment, as far as that can be known.
    fn free(&self) -> usize;

    /// Calls every task once, in any order and on any thread, and returns when all are done.
    fn run(&self, tasks: &mut [Task<'_>]);

    /// Does the same with `urgent`, which may have tasks of its own, and with `tasks`, which are for those who have nothing
    /// else to do.
    fn run_beside(&self, urgent: &mut (dyn FnMut(&dyn Hands) + Send), tasks: &mut [Task<'_>]);
}

/// Someone who can do several things at once, or one after the other.
#[derive(Clone, Copy)]
pub struct Workers<'w>(&'w dyn Hands);

/// Does one thing after the other.
struct Alone;

impl Hands for Alone {
    fn free(&self) -> usize {
        0
    }

    fn run(&self, tasks: &mut [Task<'_>]) {
        tasks.iter_mut().for_each(|task| task());
    }

    fn run_beside(&self, urgent: &mut (dyn FnMut(&dyn Hands) + Send), tasks: &mut [Task<'_>]) {
        urgent(self);
        self.run(tasks);
    }
}

impl<'w> Workers<'w> {
    /// Works with `hands`.
    pub fn new(hands: &'w dyn Hands) -> Workers<'w> {
        Workers(hands)
    }

    /// Does one thing after the other.
    pub fn alone() -> Workers<'static> {
        Workers(&Alone)
    }

    /// How many of them have nothing to do at the moment, as far as that can be known.
    pub fn free(self) -> usize {
        self.0.free()
    }

    /// The results of both.
    ///
    /// # Panics
    /// If the workers leave out a task.
    pub fn join<A: Send, B: Send>(self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        let (mut a, mut b) = (Slot::Todo(a), Slot::Todo(b));
        self.0.run(&mut [&mut || a.run(), &mut || b.run()]);
        (a.result(), b.result())
    }

    /// What `work` makes of each of `items`, in their order.
    ///
    /// # Panics
    /// If the workers leave out a task.
    pub fn map<T: Sync, R: Send>(self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        results(items, work, |tasks| self.0.run(tasks))
    }

    /// The result of `urgent`, and what `work` makes of each of `items`, in their order. The items are for those whom
    /// `urgent` has no work for.
    ///
    /// # Panics
    /// If the workers leave out a task.
    pub fn beside<A: Send, T: Sync, R: Send>(
        self,
        urgent: impl FnOnce(Workers<'_>) -> A + Send,
        items: &[T],
        work: impl Fn(&T) -> R + Sync,
    ) -> (A, Vec<R>) {
        let (mut todo, mut done) = (Some(urgent), None);
        let mut urgent = |hands: &dyn Hands| done = todo.take().map(|urgent| urgent(Workers(hands)));
        let results = results(items, work, |tasks| self.0.run_beside(&mut urgent, tasks));
        match done {
            Some(done) => (done, results),
            None => panic!("the urgent task was left out"),
        }
    }
}

impl std::fmt::Debug for Workers<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Workers")
    }
}

/// Things that are used again by those who work at the same time. Which one somebody gets must not matter.
pub struct Pool<T, M> {
    unused: Mutex<Vec<T>>,
    make: M,
}

impl<T, M: Fn() -> T> Pool<T, M> {
    /// An empty one, for what `make` makes.
    pub fn new(make: M) -> Pool<T, M> {
        Pool { unused: Mutex::new(Vec::new()), make }
    }

    /// One that nobody uses; a new one, if there is none.
    pub fn take(&self) -> T {
        let unused = self.unused.lock().unwrap_or_else(PoisonError::into_inner).pop();
        unused.unwrap_or_else(&self.make)
    }

    /// Lets others use it.
    pub fn put(&self, thing: T) {
        self.unused.lock().unwrap_or_else(PoisonError::into_inner).push(thing);
    }
}

impl<T, M> std::fmt::Debug for Pool<T, M> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Pool")
    }
}

/// What `work` makes of each of `items`, in their order, `run` doing what there is to do.
fn results<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync, run: impl FnOnce(&mut [Task<'_>])) -> Vec<R> {
    let work = &work;
    let mut slots: Vec<_> = items.iter().map(|item| Slot::Todo(move || work(item))).collect();
    let mut runs: Vec<_> = slots.iter_mut().map(|slot| move || slot.run()).collect();
    let mut tasks: Vec<Task<'_>> = runs.iter_mut().map(|run| run as Task<'_>).collect();
    run(&mut tasks);
    slots.into_iter().map(Slot::result).collect()
}

/// A piece of work, then its result.
enum Slot<W, R> {
    Todo(W),
    Running,
    Done(R),
}

impl<W: FnOnce() -> R, R> Slot<W, R> {
    fn run(&mut self) {
        if let Slot::Todo(work) = std::mem::replace(self, Slot::Running) {
            *self = Slot::Done(work());
        }
    }

    fn result(self) -> R {
        match self {
            Slot::Done(result) => result,
            Slot::Todo(_) | Slot::Running => panic!("a task was left out"),
        }
    }
}

/// Does the last thing first; every third time somebody asks, nobody is free.
#[cfg(test)]
#[derive(Default)]
pub(crate) struct Backwards(std::sync::atomic::AtomicUsize);

#[cfg(test)]
impl Hands for Backwards {
    fn free(&self) -> usize {
        self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 3
    }

    fn run(&self, tasks: &mut [Task<'_>]) {
        tasks.iter_mut().rev().for_each(|task| task());
    }

    fn run_beside(&self, urgent: &mut (dyn FnMut(&dyn Hands) + Send), tasks: &mut [Task<'_>]) {
        self.run(tasks);
        urgent(self);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_whoever_does_the_work() {
        for workers in [Workers::alone(), Workers::new(&Backwards::default())] {
            assert_eq!(workers.join(|| 1, || "b"), (1, "b"));
            assert_eq!(workers.map(&[1, 2, 3], |item| item * 2), [2, 4, 6]);
            let urgent = |workers: Workers<'_>| workers.map(&[7, 8], |item| item + 1);
            assert_eq!(workers.beside(urgent, &[1, 2, 3], |item| item * 2), (vec![8, 9], vec![2, 4, 6]));
        }
    }
}

//! Independent pieces of work, for whoever calls the compiler to do at the same time.
//!
//! Core starts no threads. It says which steps do not need each other; the caller brings the hands. What comes out is the
//! same however many there are.

/// Someone who can do several things at once, or one after the other.
#[derive(Clone, Copy)]
pub struct Workers<'w>(&'w (dyn Fn(&mut [Task<'_>]) + Sync));

/// A piece of work, to be done exactly once.
pub type Task<'t> = &'t mut (dyn FnMut() + Send);

impl<'w> Workers<'w> {
    /// `run` has to call every task it is given once, in any order and on any thread, and return when all are done.
    pub fn new(run: &'w (dyn Fn(&mut [Task<'_>]) + Sync)) -> Workers<'w> {
        Workers(run)
    }

    /// Does one thing after the other.
    pub fn alone() -> Workers<'static> {
        Workers(&|tasks| tasks.iter_mut().for_each(|task| task()))
    }

    /// The results of both.
    ///
    /// # Panics
    /// If the workers leave out a task.
    pub fn join<A: Send, B: Send>(self, a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
        let (mut a, mut b) = (Slot::Todo(a), Slot::Todo(b));
        (self.0)(&mut [&mut || a.run(), &mut || b.run()]);
        (a.result(), b.result())
    }

    /// What `work` makes of each of `items`, in their order.
    ///
    /// # Panics
    /// If the workers leave out a task.
    pub fn map<T: Sync, R: Send>(self, items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
        let work = &work;
        let mut slots: Vec<_> = items.iter().map(|item| Slot::Todo(move || work(item))).collect();
        let mut runs: Vec<_> = slots.iter_mut().map(|slot| move || slot.run()).collect();
        let mut tasks: Vec<Task<'_>> = runs.iter_mut().map(|run| run as Task<'_>).collect();
        (self.0)(&mut tasks);
        slots.into_iter().map(Slot::result).collect()
    }
}

impl std::fmt::Debug for Workers<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Workers")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_order_whoever_does_the_work() {
        let backwards = |tasks: &mut [Task<'_>]| tasks.iter_mut().rev().for_each(|task| task());
        for workers in [Workers::alone(), Workers::new(&backwards)] {
            assert_eq!(workers.join(|| 1, || "b"), (1, "b"));
            assert_eq!(workers.map(&[1, 2, 3], |item| item * 2), [2, 4, 6]);
        }
    }
}

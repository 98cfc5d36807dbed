//! How many things are done at the same time: the only place that starts threads for work.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicIsize, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

use langloom_core::work::{Hands, Task, Workers};

use crate::observe::Observe;

/// The hands of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jobs {
    wanted: Option<NonZeroUsize>,
    observe: Observe,
}

/// Threads that have work, the first one of the process included: who has a lot to do asks for it, to share it with the
/// others. It guides, and nothing depends on it.
static BUSY: AtomicIsize = AtomicIsize::new(1);

/// How many processors this process may use. Found out when it is asked for first: in a control group that takes a dozen
/// system calls, more than all others of a run with nothing to do.
pub(crate) fn processors() -> NonZeroUsize {
    static COUNT: OnceLock<NonZeroUsize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
}

impl Jobs {
    /// `wanted` threads, or as many as there are processors.
    pub(crate) fn new(wanted: Option<NonZeroUsize>) -> Jobs {
        Jobs { wanted, observe: Observe::default() }
    }

    /// The same hands under observation.
    pub(crate) fn observed(self, observe: Observe) -> Jobs {
        Jobs { observe, ..self }
    }

    /// One pair of hands of them.
    pub(crate) fn alone(self) -> Jobs {
        Jobs { wanted: Some(NonZeroUsize::MIN), ..self }
    }

    /// How many.
    pub(crate) fn count(self) -> usize {
        self.wanted.unwrap_or_else(processors).get()
    }

    /// Calls `work` with hands for the compiler.
    pub(crate) fn with_workers<R>(self, work: impl FnOnce(Workers<'_>) -> R) -> R {
        work(Workers::new(&self))
    }
}

impl Hands for Jobs {
    fn free(&self) -> usize {
        let busy = usize::try_from(BUSY.load(Ordering::Relaxed)).unwrap_or(0);
        self.observe.threads(self.count()).saturating_sub(busy)
    }

    /// Each thread takes the next task that nobody has taken.
    fn run(&self, tasks: &mut [Task<'_>]) {
        let observe = self.observe;
        observe.expect(tasks.len() as u64);
        let threads = observe.threads(self.count().min(tasks.len()));
        if threads < 2 {
            return tasks.iter_mut().for_each(|task| observe.piece(task));
        }
        let queue = Mutex::new(tasks.iter_mut());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let work = || {
            while let Some(task) = next() {
                observe.piece(task);
            }
        };
        let help = || {
            let _worker = observe.worker();
            BUSY.fetch_add(1, Ordering::Relaxed);
            work();
            BUSY.fetch_sub(1, Ordering::Relaxed);
        };
        thread::scope(|scope| {
            // This thread works too, until the others have begun with the last tasks.
            (1..threads).for_each(|_| drop(scope.spawn(help)));
            work();
            BUSY.fetch_sub(1, Ordering::Relaxed);
        });
        BUSY.fetch_add(1, Ordering::Relaxed);
    }

    /// Nobody begins with one of `tasks` while `urgent` has some that nobody has begun: what is urgent is mostly done by one
    /// thread, and `tasks` are left for the others when that is so. Of two processors, a run on a million lines had 1.75 in
    /// use, and 1.67 when all threads went on with all tasks.
    fn run_beside(&self, urgent: &mut (dyn FnMut(&dyn Hands) + Send), tasks: &mut [Task<'_>]) {
        let gate = &Gate::default();
        let mut urgent = || urgent(&Urgent { jobs: self, gate });
        let wait = |task: &mut Task<'_>| {
            gate.pass();
            task();
        };
        let mut patient: Vec<_> = tasks.iter_mut().map(|task| move || wait(task)).collect();
        let mut all: Vec<Task<'_>> = vec![&mut urgent];
        all.extend(patient.iter_mut().map(|task| task as Task<'_>));
        self.run(&mut all);
    }
}

/// The hands of what is urgent.
struct Urgent<'j> {
    jobs: &'j Jobs,
    gate: &'j Gate,
}

impl Hands for Urgent<'_> {
    fn free(&self) -> usize {
        self.jobs.free()
    }

    fn run(&self, tasks: &mut [Task<'_>]) {
        let closed = &self.gate.close(tasks.len());
        let mut tasks: Vec<_> = tasks.iter_mut().map(|task| move || closed.begin(*task)).collect();
        let mut tasks: Vec<Task<'_>> = tasks.iter_mut().map(|task| task as Task<'_>).collect();
        self.jobs.run(&mut tasks);
    }

    fn run_beside(&self, urgent: &mut (dyn FnMut(&dyn Hands) + Send), tasks: &mut [Task<'_>]) {
        self.jobs.run_beside(urgent, tasks);
    }
}

/// Where tasks wait that are not urgent.
#[derive(Default)]
struct Gate {
    /// How many keep it closed.
    closed: Mutex<u32>,
    opened: Condvar,
}

impl Gate {
    fn closed(&self) -> MutexGuard<'_, u32> {
        self.closed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes it until so many tasks have begun, or all of them are given up.
    fn close(&self, tasks: usize) -> Closed<'_> {
        if tasks > 0 {
            *self.closed() += 1;
        }
        Closed { gate: self, left: AtomicUsize::new(tasks) }
    }

    fn open(&self) {
        *self.closed() -= 1;
        self.opened.notify_all();
    }

    /// Waits until nobody keeps it closed.
    fn pass(&self) {
        let open = self.opened.wait_while(self.closed(), |closed| *closed > 0);
        drop(open.unwrap_or_else(PoisonError::into_inner));
    }
}

/// What keeps a gate closed: tasks that nobody has begun.
struct Closed<'g> {
    gate: &'g Gate,
    left: AtomicUsize,
}

impl Closed<'_> {
    /// Does a task. The gate is open while the last one is done, as others have nothing else to do then.
    fn begin(&self, task: Task<'_>) {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.gate.open();
        }
        task();
    }
}

impl Drop for Closed<'_> {
    fn drop(&mut self) {
        // A task panicked, and the others are left out: whoever waits goes on.
        if *self.left.get_mut() > 0 {
            self.gate.open();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;
    use std::time::Duration;

    use super::*;

    #[test]
    fn nobody_passes_a_closed_gate() {
        for gives_up in [false, true] {
            let (gate, has_passed) = (Gate::default(), AtomicBool::new(false));
            thread::scope(|scope| {
                let closed = gate.close(2);
                closed.begin(&mut || {});
                let waiting = scope.spawn(|| {
                    gate.pass();
                    has_passed.store(true, Ordering::Relaxed);
                });
                thread::sleep(Duration::from_millis(10));
                assert!(!has_passed.load(Ordering::Relaxed) && !waiting.is_finished());
                if !gives_up {
                    closed.begin(&mut || {});
                }
            });
            assert!(has_passed.load(Ordering::Relaxed));
        }
    }

    #[test]
    fn urgent_and_other_tasks_are_done_once_on_any_number_of_threads() {
        for threads in 1..6 {
            let jobs = Jobs::new(NonZeroUsize::new(threads));
            let (urgent, others) = jobs.with_workers(|workers| {
                let urgent = |workers: Workers<'_>| (0..3).map(|_| workers.map(&[1, 2, 3], |item| item * 2)).collect::<Vec<_>>();
                workers.beside(urgent, &[7; 40], |item| item + 1)
            });
            assert_eq!((urgent, others), (vec![vec![2, 4, 6]; 3], vec![8; 40]));
        }
    }
}

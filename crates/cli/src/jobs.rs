//! How many things are done at the same time: the only place that starts threads for work.

use std::num::NonZeroUsize;
use std::sync::{Mutex, OnceLock};
use std::thread;

use langloom_core::work::{Task, Workers};

use crate::observe::Observe;

/// The hands of a run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Jobs {
    wanted: Option<NonZeroUsize>,
    observe: Observe,
}

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
        work(Workers::new(&|tasks| self.run(tasks)))
    }

    /// Does all tasks; each thread takes the next one that nobody has taken.
    fn run(self, tasks: &mut [Task<'_>]) {
        let observe = self.observe;
        observe.expect(tasks.len() as u64);
        let threads = observe.threads(self.count().min(tasks.len()));
        if threads < 2 {
            return tasks.iter_mut().for_each(|task| observe.piece(task));
        }
        let queue = Mutex::new(tasks.iter_mut());
        let next = || queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).next();
        let work = || {
            while let Some(task) = next() {
                observe.piece(task);
            }
        };
        let help = || {
            let _worker = observe.worker();
            work();
        };
        thread::scope(|scope| {
            // This thread works too.
            (1..threads).for_each(|_| drop(scope.spawn(help)));
            work();
        });
    }
}

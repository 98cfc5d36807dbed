//! Being interrupted while files are on their way to the disk: the temporary ones are deleted before the process ends.
//! Files that are being renamed come to their places first, which takes no time.
//!
//! Where there are no signals, and when the process is killed, the next run deletes them.

use std::sync::{Arc, Mutex};

use super::batch::State;

/// Deletes the temporary files of `state` if somebody interrupts this process before the result is dropped.
pub(super) fn clean_up(state: &Arc<Mutex<State>>) {
    #[cfg(unix)]
    signals::clean_up(state);
    #[cfg(not(unix))]
    let _ = state;
}

#[cfg(unix)]
mod signals {
    use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};

    use signal_hook::consts::{SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    use super::State;

    /// The files on their way.
    static STATES: Mutex<Vec<Weak<Mutex<State>>>> = Mutex::new(Vec::new());

    pub(super) fn clean_up(state: &Arc<Mutex<State>>) {
        static LISTENING: Once = Once::new();
        LISTENING.call_once(listen);
        let mut states = lock(&STATES);
        states.retain(|state| state.strong_count() > 0);
        states.push(Arc::downgrade(state));
    }

    fn listen() {
        // Without it, the signals end the process as they always do.
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
        std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                let states: Vec<Arc<Mutex<State>>> = lock(&STATES).iter().filter_map(Weak::upgrade).collect();
                // Kept locked, so that no more files are made.
                let mut locked: Vec<MutexGuard<'_, State>> = states.iter().map(|state| lock(state)).collect();
                for state in &mut locked {
                    state.discard();
                    state.forget();
                }
                std::process::exit(128 + signal);
            }
        });
    }

    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

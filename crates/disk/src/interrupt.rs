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
    use std::fs::File;
    use std::io::{self, IsTerminal, Read};
    use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError, Weak};

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
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
        if !ignores_hangup() {
            let _ = signals.add_signal(SIGHUP);
        }
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

    /// Whether this process outlives the terminal, as under `nohup`, which listening would undo. Where the system does not
    /// tell, what is not shown on a terminal is taken for such a process.
    fn ignores_hangup() -> bool {
        let mut status = [0; 4096];
        let read = File::open("/proc/self/status").and_then(|mut file| file.read(&mut status));
        let Ok(length) = read else { return !io::stderr().is_terminal() };
        let status = String::from_utf8_lossy(&status[..length]);
        let mask = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
        mask.is_none_or(|mask| mask & 1 << (SIGHUP - 1) != 0)
    }

    fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
        mutex.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

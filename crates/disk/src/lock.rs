//! One process at a time for each configuration: of two that generate the same files, the second waits, and then finds
//! nothing to do.
//!
//! The lock is on the configuration file itself, which exists and which every such process knows, so that nothing has to
//! be made or cleaned up for it. It is gone with the process that holds it, however that ends. Reading a locked file works
//! where locks are advisory; elsewhere (Windows) a file in the folder for temporary files stands for it.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Error;

/// How long to wait for another process. Ten times what a grammar of a million lines takes.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// How long to wait without saying so.
const SILENCE: Duration = Duration::from_secs(1);
const PAUSE: Duration = Duration::from_millis(2);

/// Holds a lock until it is dropped.
#[derive(Debug)]
pub struct Lock {
    /// None where there is nothing to lock, or no locks.
    file: Option<File>,
}

impl Lock {
    /// Whether there was something to lock, so that no other process can be at work.
    pub fn is_held(&self) -> bool {
        self.file.is_some()
    }
}

/// Waits until no other process generates from the configuration `config`, an absolute path, and keeps others waiting from
/// then on. Calls `tell` if that takes long.
///
/// # Errors
/// If it takes longer than `patience`.
pub fn lock(config: &Path, patience: Duration, tell: impl FnOnce()) -> Result<Lock, Error> {
    let start = Instant::now();
    let mut tell = Some(tell);
    loop {
        // A configuration that cannot be opened is somebody else's to tell about.
        let Ok(file) = open(config) else { return Ok(Lock { file: None }) };
        match file.try_lock() {
            // An editor may have replaced the file between the two calls.
            Ok(()) if is_still_there(&file, config) => return Ok(Lock { file: Some(file) }),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) if start.elapsed() > patience => {
                let message = format!(
                    "another process has been generating from {} for more than {} seconds",
                    config.display(),
                    patience.as_secs()
                );
                return Err(Error::new(message, Some("wait for it, or end it".to_owned())));
            }
            Err(TryLockError::WouldBlock) => {
                if start.elapsed() > SILENCE
                    && let Some(tell) = tell.take()
                {
                    tell();
                }
                std::thread::sleep(PAUSE);
            }
            // Some file systems have no locks.
            Err(TryLockError::Error(_)) => return Ok(Lock { file: None }),
        }
    }
}

#[cfg(unix)]
fn open(config: &Path) -> io::Result<File> {
    File::open(config)
}

#[cfg(unix)]
fn is_still_there(file: &File, config: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (file.metadata(), std::fs::metadata(config)) {
        (Ok(ours), Ok(current)) => (ours.dev(), ours.ino()) == (current.dev(), current.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn open(config: &Path) -> io::Result<File> {
    let key = super::hash(config.as_os_str().as_encoded_bytes());
    File::create(std::env::temp_dir().join(format!("langloom-{key:032x}.lock")))
}

#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_waits_and_not_for_ever() {
        let config = std::env::temp_dir().join(format!("langloom-lock-{}", std::process::id()));
        std::fs::write(&config, "").unwrap();
        let first = lock(&config, Duration::ZERO, || {}).unwrap();
        let failure = lock(&config, Duration::from_millis(50), || {}).unwrap_err();
        assert!(failure.message.contains("another process has been generating"), "{failure:?}");
        let waiting = std::thread::spawn({
            let config = config.clone();
            move || lock(&config, PATIENCE, || {}).is_ok()
        });
        std::thread::sleep(Duration::from_millis(20));
        drop(first);
        assert!(waiting.join().unwrap());
        std::fs::remove_file(&config).unwrap();
        // What is not there cannot be locked, and is told of by whoever reads it.
        assert!(lock(&config, Duration::ZERO, || {}).is_ok());
    }
}

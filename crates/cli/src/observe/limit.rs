//! `--memory-limit`: how much memory a run may use, and what is done to stay under it.
//!
//! What a run keeps cannot be made smaller, so the limit bounds what is in flight: files are parsed while they are read,
//! fewer threads work at the same time, chunks are smaller, and what was freed is given back: bigger blocks at once, the
//! others after each phase. If that is not enough, the run ends before it replaced any file.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use super::human;
use super::memory;
use super::recorder::Observe;
use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding};

#[derive(Debug)]
pub(super) struct Limit {
    pub(super) bytes: u64,
    /// More than the limit was seen to be in use.
    over: AtomicBool,
    /// The work was slowed down, which is told once.
    slowed: AtomicBool,
}

/// Parsing a file in pieces keeps pieces beside the whole for a while. On a grammar of 39 MB that took 5.8 times its bytes at
/// the peak with two threads and 5.4 times with eight, against 4.5 times when it is parsed while it is read.
const PIECES: u64 = 6;

impl Limit {
    pub(super) fn new(bytes: u64) -> Limit {
        crate::memory::stay_smaller();
        Limit { bytes, over: AtomicBool::new(false), slowed: AtomicBool::new(false) }
    }

    /// Looks at what is in use. For the thread that looks all the time.
    pub(super) fn watch(&self, used: u64) {
        if used > self.bytes {
            self.over.store(true, Relaxed);
        }
    }
}

impl Observe {
    /// Fails if the limit cannot be kept. Gives back what can be given back first.
    pub(crate) fn check_memory(self) -> Result<(), Failure> {
        let Some((recorder, limit)) = self.limit() else { return Ok(()) };
        let Some(before) = memory::memory() else { return Ok(()) };
        if before.used <= limit.bytes / 2 {
            return Ok(());
        }
        crate::memory::give_back();
        let used = memory::memory().unwrap_or(before).used;
        if used <= limit.bytes {
            limit.over.store(false, Relaxed);
            return Ok(());
        }
        let phase = recorder.current().facts().doing;
        let message =
            format!("{phase} takes {}, more than the memory limit of {}", human::bytes(used), human::bytes(limit.bytes));
        let hint = "no output was changed; raise --memory-limit, or split the grammar into languages of their own";
        let findings = vec![Finding::error(Some(FindingKind::MemoryLimit), None, message, Some(hint.to_owned()))];
        Err(Failure { exit: Exit::Memory, document: None, findings })
    }

    /// Whether more than the limit was in use lately. Costs nothing.
    pub(crate) fn is_over_limit(self) -> bool {
        self.limit().is_some_and(|(_, limit)| limit.over.load(Relaxed))
    }

    /// How many of `wanted` threads may work now: one, once half of the memory is in use.
    pub(crate) fn threads(self, wanted: usize) -> usize {
        let Some((_, limit)) = self.limit().filter(|_| wanted > 1) else { return wanted };
        match memory::memory() {
            Some(memory) if memory.used > limit.bytes / 2 => {
                self.slow_down(&format!("{} are in use, so one thread works", human::bytes(memory.used)));
                1
            }
            _ => wanted,
        }
    }

    /// Whether there is memory to parse a file of `bytes` in pieces at the same time.
    pub(crate) fn has_room_to_parse_in_pieces(self, bytes: impl FnOnce() -> u64) -> bool {
        let Some((_, limit)) = self.limit() else { return true };
        let bytes = bytes();
        let used = memory::memory().map_or(0, |memory| memory.used);
        let has_room = used.saturating_add(bytes.saturating_mul(PIECES)) <= limit.bytes;
        if !has_room {
            self.slow_down(&format!("a grammar of {} is parsed while it is read, by one thread", human::bytes(bytes)));
        }
        has_room
    }

    /// The size of chunks under the limit; `chunk` without one.
    pub(crate) fn chunk(self, chunk: usize) -> usize {
        self.limit().map_or(chunk, |(_, limit)| chunk.min((limit.bytes / 1024) as usize).max(4096))
    }

    fn slow_down(self, how: &str) {
        let Some((_, limit)) = self.limit() else { return };
        if !limit.slowed.swap(true, Relaxed) {
            self.note(format!("slowed down to stay under {}: {how}", human::bytes(limit.bytes)));
        }
    }

    fn limit(self) -> Option<(&'static super::recorder::Recorder, &'static Limit)> {
        self.0.and_then(|recorder| Some((recorder, recorder.limit.as_ref()?)))
    }
}

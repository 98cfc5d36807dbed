//! The best of as many runs as a time budget allows: the run that was disturbed least.

use std::any::Any;
use std::time::{Duration, Instant};

use super::clock::{Time, timed};

/// Runs shorter than this are measured several at a time: the clock itself takes half a microsecond.
const SHORTEST: Duration = Duration::from_micros(200);

/// Runs `work` until `budget` is used up, three times at least. What `work` returns is dropped off the clock.
///
/// Returns the shortest wall time and the shortest CPU time of a run, which need not be of the same one.
pub(crate) fn best(budget: Duration, mut work: impl FnMut() -> Box<dyn Any>) -> Time {
    let start = Instant::now();
    let (_, first) = timed(&mut work);
    let in_batch = SHORTEST.as_nanos() / first.wall.as_nanos().max(1) + 1;
    let in_batch = in_batch.min(1_000) as u32;
    let mut best = Time { wall: Duration::MAX, cpu: Duration::MAX };
    let mut runs = 0;
    while runs < 3 || start.elapsed() < budget {
        let mut results = Vec::with_capacity(in_batch as usize);
        let ((), time) = timed(|| (0..in_batch).for_each(|_| results.push(work())));
        best = Time { wall: best.wall.min(time.wall / in_batch), cpu: best.cpu.min(time.cpu / in_batch) };
        runs += 1;
    }
    best
}

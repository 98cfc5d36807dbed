//! One process that goes on and on: what it takes from an edit to the outputs.

use std::io::{BufRead, BufReader};
use std::mem::MaybeUninit;
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use super::Mode;
use crate::measure::{above, median};
use crate::programs::Langloom;
use crate::record;
use crate::site::{Edit, Site};

/// What Langloom says when all outputs are in their places.
const DONE: &str = "finished successfully";

/// What it says when it has nothing left to do: what it replaced is deleted, and the run is remembered.
const READY: &str = "Waiting for changes";

/// How long a run may take: longer is a failure, not a figure.
const PATIENCE: Duration = Duration::from_secs(300);

/// How long to leave it alone before an edit, so that it has settled.
const PAUSE: Duration = Duration::from_millis(60);

/// Edits the first project under `langloom generate --watch`, `edits` times.
pub(super) fn measure(
    mode: &Mode,
    site: &mut Site,
    langloom: &Langloom,
    edit: Edit,
    edits: usize,
) -> Result<record::Mode, String> {
    site.clear()?;
    let folder = site.folders().next().ok_or("there is no project")?;
    let mut command = langloom.generate(&folder.join("langium-config.json"), mode.arguments);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let child = command.spawn().map_err(|error| format!("cannot run {}: {error}", langloom.path().display()))?;
    let watcher = Watcher::new(child);
    watcher.wait_for(READY)?;
    let (mut cpu, mut wall) = (Vec::new(), Vec::new());
    // The first run after the start fills caches; the figures are those of an afternoon.
    for round in 0..=edits {
        std::thread::sleep(PAUSE);
        let before = watcher.cpu()?;
        site.edit(edit)?;
        let start = Instant::now();
        watcher.wait_for(DONE)?;
        let done = start.elapsed();
        watcher.wait_for(READY)?;
        if round > 0 {
            wall.push(done.as_secs_f64());
            cpu.push((watcher.cpu()?.saturating_sub(before)).as_secs_f64());
        }
    }
    Ok(record::Mode {
        mode: mode.name.to_owned(),
        cpu: cpu.iter().copied().fold(f64::MAX, f64::min),
        system: None,
        cpu_median: median(&cpu),
        wall: wall.iter().copied().fold(f64::MAX, f64::min),
        wall_median: median(&wall),
        wall_p99: Some(above(&wall, 0.99)),
        peak_memory: watcher.peak_memory().unwrap_or(0),
        read: None,
        written: None,
        outputs_written: None,
        outputs_kept: None,
        cache_hits: None,
        cache_lookups: None,
        compiling: None,
        compiling_of_rounds: Vec::new(),
        system_calls: None,
        instructions: None,
    })
}

/// The process, ended when this is dropped.
struct Watcher {
    child: Child,
    lines: Receiver<String>,
}

impl Watcher {
    fn new(mut child: Child) -> Watcher {
        let (sender, lines) = mpsc::channel();
        if let Some(output) = child.stdout.take() {
            // A thread, since reading a pipe has no time limit. It ends with the process.
            std::thread::spawn(move || {
                BufReader::new(output).lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
            });
        }
        Watcher { child, lines }
    }

    /// Waits until it says `wanted`.
    fn wait_for(&self, wanted: &str) -> Result<(), String> {
        let start = Instant::now();
        let mut said = Vec::new();
        loop {
            let rest = PATIENCE.saturating_sub(start.elapsed());
            match self.lines.recv_timeout(rest) {
                Ok(line) if line.contains(wanted) => return Ok(()),
                Ok(line) => said.push(line),
                Err(_) => return Err(format!("langloom --watch did not come to rest; it said: {}", said.join(" / "))),
            }
        }
    }

    /// The processor time of all its threads up to now.
    fn cpu(&self) -> Result<Duration, String> {
        let mut clock = 0;
        let mut time = MaybeUninit::<libc::timespec>::zeroed();
        // SAFETY: both pointers are good for a write, and zero bytes are a valid timespec should a call fail.
        let (failed, time) = unsafe {
            let failed = libc::clock_getcpuclockid(self.child.id() as libc::pid_t, &mut clock) != 0
                || libc::clock_gettime(clock, time.as_mut_ptr()) != 0;
            (failed, time.assume_init())
        };
        match failed {
            true => Err("langloom --watch has ended".to_owned()),
            false => Ok(Duration::new(time.tv_sec as u64, time.tv_nsec as u32)),
        }
    }

    /// The most memory that it held at once, in bytes, where the system tells.
    fn peak_memory(&self) -> Option<u64> {
        let text = std::fs::read_to_string(Path::new("/proc").join(self.child.id().to_string()).join("status")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

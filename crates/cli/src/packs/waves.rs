//! Renders the files of a pack, those that do not need each other at the same time.
//!
//! Files begin in the order of the plan, and none begins once one failed or all together took too much. So whatever comes before
//! a file that began is done in any case, and the first failure in that order is the same however many threads there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use langloom_core::emit::pack::{Plan, PlannedFile, ResultFile, Results, Spent};

use super::configured::Configured;
use super::watch::{FileWatch, Log, Watched};
use crate::jobs::Jobs;
use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding};

/// What others see of a file: the name of its output, and its text.
pub(super) type NamedResult = Option<(String, ResultFile)>;

/// What became of a file.
struct Done<R> {
    result: Result<R, Failure>,
    spent: Spent,
    log: Log,
}

/// What is known of the files of a pack.
#[derive(Default)]
struct Progress {
    has_failed: bool,
    /// What files took that are done.
    spent: Spent,
    /// How many lines they logged.
    lines: usize,
}

/// Calls `render` with each file of a plan and what it may see of others: wave by wave, the files of one at the same time.
/// Gives what it gives, in the order of waves and files.
pub(super) fn in_waves<T: Send>(
    (configured, plan): (&Configured, &Plan<'_>),
    watched: &Watched,
    jobs: Jobs,
    render: impl Fn(&PlannedFile, &Results, &FileWatch<'_>) -> Result<(T, NamedResult), Failure> + Sync,
) -> Result<Vec<T>, Failure> {
    let mut results = Results::new();
    let mut all = Vec::new();
    let limit = plan.limit();
    let progress = Mutex::new(Progress::default());
    let (mut spent, mut told) = (Spent::default(), 0);
    for wave in 0..plan.waves() {
        let files: Vec<&PlannedFile> = plan.files().iter().filter(|file| file.wave == wave).collect();
        let done = in_order(jobs, &files, limit, &progress, |file, lines| {
            let watch = watched.file(lines);
            let result = render(file, &results, &watch);
            let (spent, log) = watch.finish();
            Done { result, spent, log }
        });
        for Done { result, spent: of_file, log } in done {
            watched.tell(&log, &mut told, |template| plan.shown(template));
            let (one, result) = result?;
            spent = sum(spent, of_file);
            if is_beyond(spent, limit) {
                return Err(too_much(configured, spent, limit));
            }
            all.push(one);
            if let Some((output, result)) = result {
                results.entry(output).or_default().push(result);
            }
        }
    }
    Ok(all)
}

/// What `work` makes of files, as far as they begin: each is given how many lines were logged before it, as far as that is known.
fn in_order<T: Sync, R: Send>(
    jobs: Jobs,
    files: &[T],
    limit: Spent,
    progress: &Mutex<Progress>,
    work: impl Fn(&T, usize) -> Done<R> + Sync,
) -> Vec<Done<R>> {
    let lock = || progress.lock().unwrap_or_else(PoisonError::into_inner);
    let next = AtomicUsize::new(0);
    let begin = |_: &T| {
        let (at, lines) = {
            let progress = lock();
            if progress.has_failed || is_beyond(progress.spent, limit) {
                return None;
            }
            (next.fetch_add(1, Ordering::Relaxed), progress.lines)
        };
        let done = work(&files[at], lines);
        let mut progress = lock();
        progress.has_failed |= done.result.is_err();
        progress.spent = sum(progress.spent, done.spent);
        progress.lines += done.log.lines.len();
        Some((at, done))
    };
    let mut done: Vec<(usize, Done<R>)> = jobs.with_workers(|workers| workers.map(files, begin)).into_iter().flatten().collect();
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, done)| done).collect()
}

fn sum(a: Spent, b: Spent) -> Spent {
    Spent { steps: a.steps.saturating_add(b.steps), output: a.output.saturating_add(b.output) }
}

fn is_beyond(spent: Spent, limit: Spent) -> bool {
    spent.steps > limit.steps || spent.output > limit.output
}

fn too_much(configured: &Configured, spent: Spent, limit: Spent) -> Failure {
    let what = if spent.steps > limit.steps {
        format!("do more than {} steps", limit.steps)
    } else {
        format!("write more than {} MB", limit.output >> 20)
    };
    let name = &configured.name;
    let message = format!("the templates of the pack `{name}` {what} together");
    let hint = Some(format!("if they have to, `limits = 10` in [packs.{name}] allows them ten times as much"));
    Failure {
        exit: Exit::Invalid,
        document: None,
        findings: vec![Finding::error(Some(FindingKind::Template), None, message, hint)],
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroUsize;

    use super::*;

    /// The numbers of the files that begin, and of the first one that fails or with which there are more than 100 steps.
    fn begun(threads: usize, steps: &[u64], failing: &[usize]) -> (usize, Option<usize>) {
        let limit = Spent { steps: 100, output: u64::MAX };
        let files: Vec<usize> = (0..steps.len()).collect();
        let progress = Mutex::new(Progress::default());
        let done = in_order(Jobs::new(NonZeroUsize::new(threads)), &files, limit, &progress, |&file, _| {
            // Files that are quicker than those before them.
            std::thread::sleep(std::time::Duration::from_micros(300 * (file as u64 % 3)));
            let result = if failing.contains(&file) { Err(Failure::world(String::new(), None)) } else { Ok(file) };
            Done { result, spent: Spent { steps: steps[file], output: 0 }, log: Log::default() }
        });
        let mut all = 0;
        let first = done.iter().position(|done| {
            all += done.spent.steps;
            done.result.is_err() || all > limit.steps
        });
        (done.len(), first)
    }

    #[test]
    fn none_begins_after_a_failure_and_the_first_one_is_always_the_same() {
        for threads in 1..6 {
            for _ in 0..10 {
                assert_eq!(begun(threads, &[0; 30], &[]), (30, None));
                let (count, first) = begun(threads, &[0; 30], &[20, 7, 9, 8]);
                assert_eq!(first, Some(7));
                assert!(count < 8 + threads.max(2) * 3, "{count} files began with {threads} threads");
                let (count, first) = begun(threads, &[30; 30], &[20]);
                assert_eq!(first, Some(3));
                assert!(count < 4 + threads, "{count} files began with {threads} threads");
            }
        }
        assert_eq!(begun(1, &[30; 30], &[]), (4, Some(3)));
    }
}

//! What to do about a run, as far as its figures tell.

use super::figures::Figures;
use super::human;
use super::phase::Phase;

/// A rule looks at the figures and may have something to say.
type Rule = fn(&Figures) -> Option<String>;

/// All rules, what saves most first.
const RULES: &[Rule] = &[
    was_not_remembered,
    had_one_thread,
    slowed_down,
    near_the_limit,
    waited,
    one_output_held_all_up,
    one_thread_worked,
    one_declaration_is_big,
    nothing_changed,
    files_were_slow,
];

/// What there is to recommend.
pub(super) fn advice(figures: &Figures) -> Vec<String> {
    RULES.iter().filter_map(|rule| rule(figures)).collect()
}

/// Shorter runs are not worth advice on their speed.
const WORTHWHILE: u64 = 50_000_000;

fn is_long(figures: &Figures) -> bool {
    figures.total >= WORTHWHILE
}

fn was_not_remembered(figures: &Figures) -> Option<String> {
    (is_long(figures) && figures.phase(Phase::Prepare).counts.lookups == 0).then(|| {
        format!(
            "This run was not remembered, so the next one takes as long even if nothing changed. Without --no-cache it \
             would compare file times and end within milliseconds instead of {}.",
            human::time(figures.total)
        )
    })
}

fn had_one_thread(figures: &Figures) -> Option<String> {
    (is_long(figures) && figures.jobs == 1 && figures.processors > 1)
        .then(|| format!("One thread worked on a machine of {} processors: --jobs {0} lets them all work.", figures.processors))
}

fn slowed_down(figures: &Figures) -> Option<String> {
    let limit = figures.limit.filter(|_| !figures.run.notes.is_empty())?;
    Some(format!("The work was slowed down to stay under {}: a higher --memory-limit makes it faster.", human::bytes(limit)))
}

fn near_the_limit(figures: &Figures) -> Option<String> {
    let (limit, peak) = (figures.limit?, figures.peak?);
    (peak > limit / 10 * 9).then(|| {
        format!(
            "The peak of {} is {} % of the memory limit of {}: a slightly larger grammar will exceed it.",
            human::bytes(peak),
            human::percent(peak, limit),
            human::bytes(limit)
        )
    })
}

/// Threads had something to do and no processor to do it.
fn waited(figures: &Figures) -> Option<String> {
    let (processors, threads) = (figures.processors_used()?, figures.threads_used()?);
    (is_long(figures) && processors < threads * 0.7).then(|| {
        format!(
            "{:.0} % of the time was spent waiting, for the disk or because other processes kept the processors busy: an idle \
             machine would need {} instead of {}.",
            (1.0 - processors / threads) * 100.0,
            human::time((figures.total as f64 * processors / threads) as u64),
            human::time(figures.total),
        )
    })
}

fn one_output_held_all_up(figures: &Figures) -> Option<String> {
    let longest = figures.outputs().into_iter().max_by_key(|output| output.end - output.start)?;
    let render = figures.phase(longest.phase);
    let time = longest.end - longest.start;
    let idle = figures.most_threads() as f64 - render.threads_used()?;
    let is_alone = idle >= 0.3 && time * 10 > render.time * 8 && time * 10 > figures.total * 2;
    (is_long(figures) && is_alone).then(|| {
        format!(
            "{} alone takes {} % of the run, and {idle:.1} of {} had nothing to do while outputs were written: more threads \
             will not help. If nobody needs it, take it out of the configuration.",
            longest.name,
            human::percent(time, figures.total),
            human::count(figures.most_threads() as u64, "thread"),
        )
    })
}

/// The phases that take long and that one thread works on.
fn one_thread_worked(figures: &Figures) -> Option<String> {
    if !is_long(figures) || figures.most_threads() == 1 {
        return None;
    }
    let is_alone = |phase: &&super::figures::PhaseFigures| {
        !matches!(phase.phase, Phase::Render | Phase::Packs)
            && phase.time * 100 > figures.total * 15
            && phase.threads_used().is_some_and(|threads| threads < 0.65 * figures.most_threads() as f64)
    };
    let alone: Vec<_> = figures.phases.iter().filter(is_alone).collect();
    let names: Vec<&str> = alone.iter().map(|phase| phase.phase.name()).collect();
    (!alone.is_empty()).then(|| {
        format!(
            "{} % of the run is mostly work for one thread ({}): a faster processor helps there, more of them do not.",
            human::percent(alone.iter().map(|phase| phase.time).sum(), figures.total),
            names.join(", ")
        )
    })
}

fn one_declaration_is_big(figures: &Figures) -> Option<String> {
    let (name, file, bytes) = figures.run.biggest.first()?;
    let all = figures.phase(Phase::Load).counts.bytes;
    (is_long(figures) && *bytes * 10 > all).then(|| {
        format!(
            "{name} in {file} is {} % of all grammars. A declaration is one piece of work: in smaller ones, an edit costs less.",
            human::percent(*bytes, all)
        )
    })
}

fn nothing_changed(figures: &Figures) -> Option<String> {
    let counts = figures.rendered();
    (is_long(figures) && counts.lookups > 0 && counts.hits == counts.lookups)
        .then(|| "Every output was rendered and none had changed: --explain tells what made the run necessary.".to_owned())
}

fn files_were_slow(figures: &Figures) -> Option<String> {
    let commit = figures.phase(Phase::Commit);
    (is_long(figures) && commit.time * 100 > figures.total * 25).then(|| {
        format!(
            "Putting {} in place takes {} % of the run: the folder is on a slow disk.",
            human::count(figures.rendered().files, "file"),
            human::percent(commit.time, figures.total)
        )
    })
}

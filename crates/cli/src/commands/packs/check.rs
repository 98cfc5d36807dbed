//! `langloom packs check`: what is wrong with a pack, without a project.

use std::collections::BTreeSet;
use std::path::Path;

use langloom_core::emit::pack::{self, CompiledTemplates, OptionType, OptionValue, Pack, ProjectView, nearest};

use super::test::{self, EXAMPLE};
use crate::disk::{self, TreeLimits};
use crate::packs::{self, Configured, FOLDERS, Source};
use crate::report::{Exit, Failure, Terminal};

/// Settings of options that are tried with the example, at most: planning the files of each takes about a millisecond.
const MOST_SETTINGS: usize = 64;

pub(super) fn run(name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let name = &super::meant(name)?;
    let pack = super::load(name)?;
    let source = packs::find(name, &disk::current_folder()?)?;
    if let Source::Folder(folder) = &source {
        stray(folder).into_iter().for_each(|message| terminal.warn(message));
    }
    let problems = pack::lint(&pack);
    let count = problems.len();
    for problem in problems {
        terminal.failure(packs::failure(problem));
    }
    if count > 0 {
        return Err(Failure { exit: Exit::Invalid, document: None, findings: Vec::new() });
    }
    let (outputs, templates) = (pack.outputs().len(), pack.partial_names().len());
    // What strict mode finds while rendering is found with the example.
    let rendered = test::with_example(&source, terminal, |packs, view, plans, options| {
        let files = plans.render(options)?.len();
        Ok((files, unreached(packs, view)))
    })?;
    let example = match &rendered {
        Some((files, _)) => format!("; its example gives {files} file{}", if *files == 1 { "" } else { "s" }),
        None if matches!(source, Source::Archive(_)) => String::new(),
        None => "; it has no example, so that nothing was rendered".to_owned(),
    };
    for output in rendered.into_iter().flat_map(|(_, unreached)| unreached) {
        let message = format!("the output `{output}` writes nothing for the example, whatever the options are");
        terminal.warn(format!("{message}: nobody sees whether it works"));
    }
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (outputs, templates) = (counted(outputs, "output"), counted(templates, "partial"));
    terminal.line(format_args!("{}: {outputs} and {templates} in order{example}", pack.manifest().name));
    Ok(())
}

/// Templates in the folder of a pack where nobody looks for them.
fn stray(folder: &Path) -> Vec<String> {
    let mut messages = Vec::new();
    let is_template = |path: &String| path.ends_with(".hbs");
    for (name, is_folder) in disk::list_folder(folder) {
        let is_known = FOLDERS.contains(&&*name) || name == EXAMPLE || name == "node_modules" || name.starts_with('.');
        let below = || disk::list_tree(&folder.join(&name), TreeLimits { files: 1_000, depth: 5 }).unwrap_or_default();
        let found = match is_folder {
            _ if is_known => None,
            true => below().into_iter().find(is_template).map(|path| format!("{name}/{path}")),
            false => Some(name.clone()).filter(is_template),
        };
        let Some(found) = found else { continue };
        let near = nearest(&name, FOLDERS).filter(|_| is_folder);
        let meant =
            near.map_or_else(|| "put it into templates/ or partials/".to_owned(), |near| format!("did you mean {near}/?"));
        messages.push(format!("nobody looks for templates where {found} is: {meant}"));
    }
    messages
}

/// The outputs that have no file in `view`, whatever the options are; none if there are too many settings to try.
fn unreached(packs: &[Configured], view: &ProjectView<'_>) -> Vec<String> {
    let [configured] = packs else { return Vec::new() };
    let pack = &configured.pack;
    let mut reached = BTreeSet::new();
    let mut compiled = CompiledTemplates::default();
    let Some(settings) = settings(pack, &configured.options) else { return Vec::new() };
    for options in settings {
        // One that fails says nothing of what it would write.
        let Ok(plan) = pack::plan(pack, options, configured.limits(view.source_bytes()), view, &mut compiled) else {
            return Vec::new();
        };
        reached.extend(plan.due().map(str::to_owned));
    }
    let outputs = pack.outputs().into_iter().map(|(_, output)| output.name.clone());
    outputs.filter(|output| !reached.contains(output)).collect()
}

/// `options` with all values of those that have few. None if others could make a difference too, or if they are too many.
fn settings(pack: &Pack, options: &[(String, OptionValue)]) -> Option<Vec<Vec<(String, OptionValue)>>> {
    let mut settings = vec![options.to_vec()];
    for spec in pack.options() {
        let values: Vec<OptionValue> = match &spec.ty {
            OptionType::Flag => vec![OptionValue::Flag(true), OptionValue::Flag(false)],
            OptionType::Choice(choices) => choices.iter().map(|choice| OptionValue::Text(choice.clone())).collect(),
            OptionType::Text | OptionType::Number | OptionType::Texts => {
                let name = format!("options.{}", spec.name);
                let conditions = pack.outputs().into_iter().filter_map(|(_, output)| output.when.as_ref());
                if conditions.into_iter().any(|when| when.text.contains(&name)) {
                    return None;
                }
                continue;
            }
        };
        let with = |options: &Vec<(String, OptionValue)>, value: &OptionValue| {
            let changed = options.iter().map(|(name, old)| (name.clone(), if *name == spec.name { value } else { old }.clone()));
            changed.collect::<Vec<_>>()
        };
        settings = settings.iter().flat_map(|options| values.iter().map(move |value| with(options, value))).collect();
        if settings.len() > MOST_SETTINGS {
            return None;
        }
    }
    Some(settings)
}

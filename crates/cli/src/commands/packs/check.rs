//! `langloom packs check`: what is wrong with a pack, without a project.

use langloom_core::emit::pack;

use super::test;
use crate::disk;
use crate::packs;
use crate::report::{Exit, Failure, Terminal};

pub(super) fn run(name: &str, terminal: &mut Terminal) -> Result<(), Failure> {
    let name = &super::meant(name)?;
    let pack = super::load(name)?;
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
    let source = packs::find(name, &disk::current_folder()?)?;
    let rendered = test::render_example(&source, terminal)?.map(|files| files.len());
    let example = rendered
        .map(|files| format!("; its example gives {files} file{}", if files == 1 { "" } else { "s" }))
        .unwrap_or_default();
    let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let (outputs, templates) = (counted(outputs, "output"), counted(templates, "partial"));
    terminal.line(format_args!("{}: {outputs} and {templates} in order{example}", pack.manifest().name));
    Ok(())
}

//! `langloom explain`

use langloom_core::text::Code;

use crate::kinds::FindingKind;
use crate::report::{Exit, Failure, Finding, Terminal};

/// Explain a kind of error or warning
///
/// The name of the kind stands in brackets behind each message. Without a name, all are listed.
#[derive(Debug, clap::Args)]
#[command(verbatim_doc_comment, after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The name of the kind
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  langloom explain
  langloom explain unresolved-reference";

pub(super) fn run(args: &Args, terminal: &mut Terminal) -> Result<(), Failure> {
    let text = match &args.code {
        None => names().map(|name| format!("{name}\n")).collect(),
        Some(name) => explanation(name)?,
    };
    terminal.raw(text.as_bytes());
    Ok(())
}

/// All kinds: those of problems of grammars, then the others. Grammars and configurations have one in common.
fn names() -> impl Iterator<Item = &'static str> {
    let of_grammars = |name: &&str| Code::ALL.iter().any(|code| code.name() == *name);
    let others = FindingKind::ALL.iter().map(|kind| kind.name()).filter(move |name| !of_grammars(name));
    Code::ALL.iter().map(|code| code.name()).chain(others)
}

fn explanation(name: &str) -> Result<String, Failure> {
    let kind = FindingKind::ALL.iter().find(|kind| kind.name() == name);
    let elsewhere = |kind: &FindingKind| format!("\nElsewhere: {}\n", kind.explanation());
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
        let indented = |example: &str| example.lines().map(|line| format!("    {line}\n")).collect::<String>();
        let (wrong, right) = (indented(code.wrong()), indented(code.right()));
        let fix =
            if code.has_fixes() { "\nWhere it is certain what was meant, `langloom check --fix` puts it right.\n" } else { "" };
        return Ok(format!(
            "{name}\n\n{}\n\nWrong:\n\n{wrong}\nRight:\n\n{right}{fix}{}",
            code.explanation(),
            kind.map(elsewhere).unwrap_or_default()
        ));
    }
    if let Some(kind) = kind {
        return Ok(format!("{name}\n\n{}\n", kind.explanation()));
    }
    let likely = names().min_by_key(|known| strsim::damerau_levenshtein(known, name));
    let hint = likely.map(|likely| format!("did you mean `{likely}`? `langloom explain` lists all"));
    let finding = Finding::error(None, None, format!("there is no kind of error called `{name}`"), hint);
    Err(Failure { exit: Exit::Invalid, document: None, findings: vec![finding] })
}

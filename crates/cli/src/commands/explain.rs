//! `langloom explain`

use langloom_core::text::Code;

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
        None => Code::ALL.iter().map(|code| format!("{}\n", code.name())).collect(),
        Some(name) => explanation(find(name)?),
    };
    terminal.raw(text.as_bytes());
    Ok(())
}

fn find(name: &str) -> Result<Code, Failure> {
    Code::ALL.iter().copied().find(|code| code.name() == name).ok_or_else(|| {
        let likely = Code::ALL.iter().map(|code| (strsim::damerau_levenshtein(code.name(), name), code.name())).min();
        let hint = likely.map(|(_, likely)| format!("did you mean `{likely}`? `langloom explain` lists all"));
        let finding = Finding::error(None, None, format!("there is no kind of error called `{name}`"), hint);
        Failure { exit: Exit::Invalid, document: None, findings: vec![finding] }
    })
}

fn explanation(code: Code) -> String {
    let indented = |example: &str| example.lines().map(|line| format!("    {line}\n")).collect::<String>();
    let (name, explanation) = (code.name(), code.explanation());
    format!("{name}\n\n{explanation}\n\nWrong:\n\n{}\nRight:\n\n{}", indented(code.wrong()), indented(code.right()))
}

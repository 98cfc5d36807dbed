//! Findings as one JSON document, described in docs/formats.md. What is there stays as it is; `version` grows when a
//! reader would have to change.

use langloom_core::text::{Fix, Position, Severity, Span};

use super::collected::Collected;
use super::location::Range;
use super::style::name;
use super::value::Value;
use super::{Finding, Located};

/// The document of a run.
pub(super) fn render(run: &Collected) -> String {
    let count = |severity| Value::Number(run.count(severity) as u64);
    Value::Object(vec![
        ("version", Value::Number(1)),
        ("exit", Value::Number(run.exit.into())),
        ("errors", count(Severity::Error)),
        ("warnings", count(Severity::Warning)),
        ("hints", count(Severity::Hint)),
        ("findings", Value::List(run.findings.iter().map(finding).collect())),
    ])
    .print()
}

fn finding(located: &Located) -> Value {
    let Located { finding: Finding { severity, code, message, hint, span, fix, .. }, path, location } = located;
    let change = |Fix { span, replacement }: &Fix| {
        let [start, end] = places(Some(*span), location.as_ref().and_then(|location| location.fixed));
        Value::Object(vec![("start", start), ("end", end), ("replacement", Value::text(replacement))])
    };
    let [start, end] = places(*span, location.as_ref().map(|location| location.range));
    Value::Object(vec![
        ("severity", Value::text(name(*severity))),
        ("code", Value::or_null(code.map(Value::text))),
        ("message", Value::text(message)),
        ("hint", Value::or_null(hint.as_ref().map(Value::text))),
        ("path", Value::or_null(path.as_ref().map(|path| Value::text(path.replace('\\', "/"))))),
        ("start", start),
        ("end", end),
        ("fix", Value::or_null(fix.as_ref().map(change))),
    ])
}

fn places(span: Option<Span>, range: Option<Range>) -> [Value; 2] {
    match span.zip(range) {
        None => [Value::Null, Value::Null],
        Some((span, Range { start, end })) => [place(span.start, start), place(span.end, end)],
    }
}

fn place(offset: u32, Position { line, column }: Position) -> Value {
    Value::Object(vec![
        ("line", Value::Number(line.into())),
        ("column", Value::Number(column.into())),
        ("offset", Value::Number(offset.into())),
    ])
}

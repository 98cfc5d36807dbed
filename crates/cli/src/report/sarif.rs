//! Findings as a log of SARIF 2.1.0, which code scanners read.
//!
//! Paths are relative to the folder in which Langloom was started, as GitHub wants them if that is the root of the
//! repository; only files outside of it have absolute ones. Columns count UTF-16 code units, which the log says. What is
//! wrong with no file (a disk that is full) is a notification, since a result without a place is refused by GitHub.

use std::path::{Component, Path};

use langloom_core::text::{Code, Fix, Severity};

use super::collected::Collected;
use super::location::Range;
use super::value::Value;
use super::{Finding, Located};
use crate::kinds::FindingKind;
use crate::paths;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// What relative paths are relative to.
const ROOT: &str = "SRCROOT";

/// The log of a run.
pub(super) fn render(run: &Collected) -> String {
    let rules = rules(run);
    let (results, others): (Vec<&Located>, Vec<&Located>) = run.findings.iter().partition(|located| located.path.is_some());
    let driver = Value::Object(vec![
        ("name", Value::text("langloom")),
        ("semanticVersion", Value::text(env!("CARGO_PKG_VERSION"))),
        ("rules", Value::List(rules.iter().map(|name| rule(name)).collect())),
    ]);
    let invocation = Value::Object(vec![
        ("executionSuccessful", Value::Bool(run.exit == 0)),
        ("exitCode", Value::Number(run.exit.into())),
        ("toolExecutionNotifications", Value::List(others.iter().map(|located| notification(&located.finding)).collect())),
    ]);
    let root = Value::Object(vec![("description", message("The folder in which langloom was started."))]);
    let run = Value::Object(vec![
        ("tool", Value::Object(vec![("driver", driver)])),
        ("columnKind", Value::text("utf16CodeUnits")),
        ("originalUriBaseIds", Value::Object(vec![(ROOT, root)])),
        ("invocations", Value::List(vec![invocation])),
        ("results", Value::List(results.iter().map(|located| result(located, &rules, run.folder.as_deref())).collect())),
    ]);
    Value::Object(vec![("$schema", Value::text(SCHEMA)), ("version", Value::text("2.1.0")), ("runs", Value::List(vec![run]))])
        .print()
}

/// The kinds of findings that there are, in the order in which they are met first.
fn rules(run: &Collected) -> Vec<&'static str> {
    let mut rules = Vec::new();
    for code in run.findings.iter().filter(|located| located.path.is_some()).filter_map(|located| located.finding.code) {
        if !rules.contains(&code) {
            rules.push(code);
        }
    }
    rules
}

fn rule(name: &str) -> Value {
    let mut rule = vec![("id", Value::text(name))];
    if let Some(code) = Code::ALL.iter().find(|code| code.name() == name) {
        let (wrong, right) = (code.wrong(), code.right());
        let plain = format!("{}\n\nWrong:\n\n{wrong}\n\nRight:\n\n{right}", code.explanation());
        let fenced = |example| format!("```langium\n{example}\n```");
        let markdown = format!("{}\n\nWrong:\n\n{}\n\nRight:\n\n{}", code.explanation(), fenced(wrong), fenced(right));
        rule.push(("shortDescription", message(name.replace('-', " "))));
        rule.push(("fullDescription", message(code.explanation())));
        rule.push(("help", Value::Object(vec![("text", Value::text(plain)), ("markdown", Value::text(markdown))])));
    } else if let Some(kind) = FindingKind::ALL.iter().find(|kind| kind.name() == name) {
        rule.push(("shortDescription", message(name.replace('-', " "))));
        rule.push(("fullDescription", message(kind.explanation())));
    }
    Value::Object(rule)
}

fn result(located: &Located, rules: &[&str], folder: Option<&Path>) -> Value {
    let Located { finding, path, location } = located;
    let artifact = || artifact(path.as_deref().unwrap_or_default(), folder);
    let mut result = Vec::new();
    if let Some(code) = finding.code {
        result.push(("ruleId", Value::text(code)));
        result.push(("ruleIndex", Value::Number(rules.iter().position(|rule| *rule == code).unwrap_or(0) as u64)));
    }
    result.push(("level", level(finding.severity)));
    result.push(("message", message(with_hint(finding))));
    let mut place = vec![("artifactLocation", artifact())];
    place.extend(location.as_ref().map(|location| ("region", region(location.range))));
    result.push(("locations", Value::List(vec![Value::Object(vec![("physicalLocation", Value::Object(place))])])));
    if let (Some(fix), Some(range)) = (&finding.fix, location.as_ref().and_then(|location| location.fixed)) {
        result.push(("fixes", Value::List(vec![change(fix, range, artifact())])));
    }
    Value::Object(result)
}

fn change(Fix { replacement, .. }: &Fix, range: Range, artifact: Value) -> Value {
    let content = Value::Object(vec![("text", Value::text(replacement))]);
    let replacement = Value::Object(vec![("deletedRegion", region(range)), ("insertedContent", content)]);
    let change = Value::Object(vec![("artifactLocation", artifact), ("replacements", Value::List(vec![replacement]))]);
    Value::Object(vec![("artifactChanges", Value::List(vec![change]))])
}

fn notification(finding: &Finding) -> Value {
    Value::Object(vec![("level", level(finding.severity)), ("message", message(with_hint(finding)))])
}

fn with_hint(Finding { message, hint, .. }: &Finding) -> String {
    match hint {
        Some(hint) => format!("{message}\nhelp: {hint}"),
        None => message.clone(),
    }
}

fn message(text: impl Into<String>) -> Value {
    Value::Object(vec![("text", Value::text(text))])
}

fn level(severity: Severity) -> Value {
    Value::text(match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    })
}

/// Columns start at 1, and the end column is the one behind the last character, as everywhere in Langloom.
fn region(Range { start, end }: Range) -> Value {
    Value::Object(vec![
        ("startLine", Value::Number(start.line.into())),
        ("startColumn", Value::Number(start.column.into())),
        ("endLine", Value::Number(end.line.into())),
        ("endColumn", Value::Number(end.column.into())),
    ])
}

/// The file at `path`, which starts at `folder`.
fn artifact(path: &str, folder: Option<&Path>) -> Value {
    let Some(folder) = folder else { return Value::Object(vec![("uri", Value::text(uri(Path::new(path))))]) };
    let absolute = paths::resolve(folder, path);
    let relative = paths::relative(folder, &absolute);
    if relative.is_absolute() || relative.components().next() == Some(Component::ParentDir) {
        return Value::Object(vec![("uri", Value::text(format!("file://{}", uri(&absolute))))]);
    }
    Value::Object(vec![("uri", Value::text(uri(&relative))), ("uriBaseId", Value::text(ROOT))])
}

/// `path` as a URI reference: `/` between its parts, and what has a meaning in URIs escaped.
fn uri(path: &Path) -> String {
    let mut uri = String::new();
    for component in path.components() {
        if component == Component::RootDir {
            continue;
        }
        if !uri.is_empty() || path.is_absolute() {
            uri.push('/');
        }
        for byte in component.as_os_str().to_string_lossy().bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b'+' | b',' | b'=' => {
                    uri.push(char::from(byte));
                }
                byte => uri.push_str(&format!("%{byte:02X}")),
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_relative_where_they_can_be() {
        for (path, expected) in [
            ("src/a b.langium", "uri src/a%20b.langium base"),
            ("./src/../100%/\u{e4}:#?.langium", "uri 100%25/%C3%A4%3A%23%3F.langium base"),
            ("../x/a.langium", "uri file:///work/x/a.langium"),
            ("/elsewhere/[a].langium", "uri file:///elsewhere/%5Ba%5D.langium"),
            ("/work/app/a.langium", "uri a.langium base"),
        ] {
            let Value::Object(members) = artifact(path, Some(Path::new("/work/app"))) else { panic!("{path}") };
            let mut shown = String::new();
            for member in &members {
                match member {
                    ("uri", Value::Text(uri)) => shown += &format!("uri {uri}"),
                    ("uriBaseId", _) => shown += " base",
                    other => panic!("{other:?}"),
                }
            }
            assert_eq!(shown, expected, "{path}");
        }
    }
}

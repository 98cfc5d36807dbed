//! Langloom's own settings: `langloom.toml` beside the configuration, or the key `langloom` of `package.json`. The
//! configuration itself is langium-cli's, whose schema has no room for them.

use std::path::Path;

use langloom_core::text::Span;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::json::{self, Member, Node, Value};
use crate::kinds::FindingKind;
use crate::report::{Document, Exit, Failure, Finding};
use crate::{disk, schema};

/// The file.
pub(crate) const FILE: &str = "langloom.toml";
const PACKAGE_FILE: &str = "package.json";
const PACKAGE_KEY: &str = "langloom";

/// What the settings say.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// The text that they stand in, if there are any.
    pub(crate) document: Option<Document>,
    /// `compat`
    pub(crate) compat: Option<Node>,
    /// `packs`, in the order of the text.
    pub(crate) packs: Vec<PackUse>,
    /// What the command line sets, each `PACK.OPTION=VALUE`.
    pub(crate) sets: Vec<String>,
}

/// `[packs.NAME]`: a pack that is to be rendered.
#[derive(Debug)]
pub(crate) struct PackUse {
    /// NAME: what the user calls it, and the name of a built-in pack unless `from` says where another one is.
    pub(crate) name: String,
    pub(crate) name_span: Span,
    /// `from`
    pub(crate) from: Option<(String, Span)>,
    /// `out`: a folder, relative to that of the configuration.
    pub(crate) out: Option<(String, Span)>,
    /// `limits`: how many times the usual limits of templates.
    pub(crate) limits: Option<f64>,
    /// `options`
    pub(crate) options: Vec<Member>,
}

/// Reads the settings for the configuration in the absolute folder `folder`; `shown` is the folder as the user would write
/// it.
pub(crate) fn load(folder: &Path, shown: &Path) -> Result<Settings, Failure> {
    let own = disk::read_text_if_exists(&folder.join(FILE))?;
    let package = disk::read_text_if_exists(&folder.join(PACKAGE_FILE))?;
    let package = match package {
        Some(text) => in_package(Document { path: shown.join(PACKAGE_FILE).display().to_string(), text })?,
        None => None,
    };
    match (own, package) {
        (None, None) => Ok(Settings::default()),
        (Some(_), Some((document, node))) => {
            let message = format!("there are settings here and in {FILE} too");
            let hint = Some(format!("move those of the key `{PACKAGE_KEY}` to {FILE}"));
            let finding = Finding::error(Some(FindingKind::Settings), Some(node.span), message, hint);
            Err(Failure::about(Exit::Invalid, document, vec![finding]))
        }
        (None, Some((document, node))) => settings(document, node),
        (Some(text), None) => of_document(Document { path: shown.join(FILE).display().to_string(), text }),
    }
}

/// The settings in the text of a file of their own.
pub(crate) fn of_document(document: Document) -> Result<Settings, Failure> {
    let table = DeTable::parse(&document.text).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let finding = Finding::error(Some(FindingKind::Syntax), Some(to_span(span)), error.message().to_owned(), None);
        Failure::about(Exit::Invalid, document.clone(), vec![finding])
    })?;
    let node = Node { span: to_span(table.span()), value: object(table.get_ref()) };
    settings(document, node)
}

/// The settings in a `package.json`. One that is wrong is the business of others unless it names Langloom: without what it
/// says, files of packs would no longer be generated, and be deleted.
fn in_package(document: Document) -> Result<Option<(Document, Node)>, Failure> {
    // Most have none, and need not be parsed.
    if !document.text.contains(&format!("\"{PACKAGE_KEY}\"")) {
        return Ok(None);
    }
    let node = json::parse(&document.text).map_err(|error| {
        let hint = Some(format!("it may hold settings, in a key `{PACKAGE_KEY}`"));
        let finding = Finding::error(Some(FindingKind::Syntax), Some(error.span), error.message.to_owned(), hint);
        Failure::about(Exit::Invalid, document.clone(), vec![finding])
    })?;
    let Value::Object(members) = node.value else { return Ok(None) };
    let member = members.into_iter().rfind(|member| member.key == PACKAGE_KEY);
    Ok(member.map(|member| (document, member.value)))
}

fn settings(document: Document, node: Node) -> Result<Settings, Failure> {
    let findings = schema::check_settings(&node);
    if !findings.is_empty() {
        return Err(Failure::about(Exit::Invalid, document, findings));
    }
    let mut settings = Settings { document: Some(document), ..Settings::default() };
    for Member { key, value, .. } in members(node) {
        match &*key {
            "compat" => settings.compat = Some(value),
            "packs" => settings.packs = members(value).into_iter().map(pack_use).collect(),
            _ => unreachable!("the schema knows no other key"),
        }
    }
    Ok(settings)
}

fn pack_use(Member { key, key_span, value }: Member) -> PackUse {
    let mut pack = PackUse { name: key, name_span: key_span, from: None, out: None, limits: None, options: Vec::new() };
    for Member { key, value, .. } in members(value) {
        let text = value.text().map(|text| (text.to_owned(), value.span));
        match &*key {
            "from" => pack.from = text,
            "out" => pack.out = text,
            "limits" => pack.limits = if let Value::Number(factor) = value.value { Some(factor) } else { None },
            "options" => pack.options = members(value),
            _ => unreachable!("the schema knows no other key"),
        }
    }
    pack
}

/// The members of an object, the last one of each key.
fn members(node: Node) -> Vec<Member> {
    let Value::Object(mut members) = node.value else { return Vec::new() };
    let mut index = 0;
    while index < members.len() {
        let repeated = members[index + 1..].iter().any(|other| other.key == members[index].key);
        if repeated {
            members.remove(index);
        } else {
            index += 1;
        }
    }
    members
}

fn object(table: &DeTable<'_>) -> Value {
    let members = table.iter().map(|(key, value)| Member {
        key: key.get_ref().to_string(),
        key_span: to_span(key.span()),
        value: node(value),
    });
    let mut members: Vec<Member> = members.collect();
    members.sort_by_key(|member| member.key_span.start);
    Value::Object(members)
}

fn node(value: &Spanned<DeValue<'_>>) -> Node {
    let content = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(number) => {
            Value::Number(i64::from_str_radix(number.as_str(), number.radix()).map_or(f64::INFINITY, |number| number as f64))
        }
        DeValue::Float(number) => Value::Number(number.as_str().parse().unwrap_or(f64::INFINITY)),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Datetime(date) => Value::Text(date.to_string()),
        DeValue::Array(items) => Value::List(items.iter().map(node).collect()),
        DeValue::Table(table) => object(table),
    };
    Node { value: content, span: to_span(value.span()) }
}

fn to_span(range: std::ops::Range<usize>) -> Span {
    Span::new(range.start as u32, range.end as u32)
}

//! What is remembered of a run.

use std::path::PathBuf;

use langloom_core::text::{Code, FileId, Fix, Problem, Severity, Span};

use super::codec::{Reader, Writer};
use crate::disk::{Look, Stamp, Stat};

/// A run that succeeded, or one that was about to write.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    /// What ran: another build of Langloom is another tool.
    pub(crate) tool: u128,
    /// When it began and when it had looked at its outputs, in nanoseconds since 1970.
    pub(crate) began: i64,
    pub(crate) ended: i64,
    /// The process, as long as it was not known how it would end: it may have left temporary files.
    pub(crate) pending: Option<u32>,
    /// Everything that it looked at.
    pub(crate) inputs: Vec<Look>,
    /// Everything that it wrote or found written.
    pub(crate) outputs: Vec<Kept>,
    /// What it told about the grammars.
    pub(crate) problems: Vec<Problem>,
    /// The grammars by [`FileId`]: how they were called, and where they are.
    pub(crate) files: Vec<(String, PathBuf)>,
}

/// An output of a run.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) path: PathBuf,
    pub(crate) stamp: Stamp,
    /// Contents that runs meant to write, of which it is not known whether they did.
    pub(crate) intended: Vec<u128>,
}

impl Record {
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        writer.hash(self.tool);
        writer.number(self.began as u64);
        writer.number(self.ended as u64);
        writer.option(self.pending, |writer, process| writer.number(u64::from(process)));
        writer.list(&self.inputs, |writer, look| {
            writer.path(&look.path);
            writer.option(look.found, stamp);
        });
        writer.list(&self.outputs, |writer, output| {
            writer.path(&output.path);
            stamp(writer, output.stamp);
            writer.list(&output.intended, |writer, hash| writer.hash(*hash));
        });
        writer.list(&self.problems, problem);
        writer.list(&self.files, |writer, (shown, path)| {
            writer.text(shown);
            writer.path(path);
        });
        writer.0
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Record> {
        let mut reader = Reader(bytes);
        let record = Record {
            tool: reader.hash()?,
            began: reader.number()? as i64,
            ended: reader.number()? as i64,
            pending: reader.option(|reader| u32::try_from(reader.number()?).ok())?,
            inputs: reader.list(|reader| Some(Look { path: reader.path()?, found: reader.option(read_stamp)? }))?,
            outputs: reader.list(|reader| {
                Some(Kept { path: reader.path()?, stamp: read_stamp(reader)?, intended: reader.list(Reader::hash)? })
            })?,
            problems: reader.list(read_problem)?,
            files: reader.list(|reader| Some((reader.text()?.to_owned(), reader.path()?)))?,
        };
        let known = |file: FileId| file.index() < record.files.len();
        let sound = record.problems.iter().all(|problem| known(problem.file) && known(problem.span_file));
        (reader.0.is_empty() && sound).then_some(record)
    }
}

fn stamp(writer: &mut Writer, Stamp { stat, hash }: Stamp) {
    writer.number(stat.length);
    writer.number(stat.modified as u64);
    writer.number(stat.inode);
    writer.hash(hash);
}

fn read_stamp(reader: &mut Reader<'_>) -> Option<Stamp> {
    let stat = Stat { length: reader.number()?, modified: reader.number()? as i64, inode: reader.number()? };
    Some(Stamp { stat, hash: reader.hash()? })
}

fn problem(writer: &mut Writer, problem: &Problem) {
    let Problem { code, severity, file, span_file, span: place, message, hint, fix } = problem;
    writer.text(code.name());
    writer.number(*severity as u64);
    writer.number(u64::from(file.0));
    writer.number(u64::from(span_file.0));
    span(writer, *place);
    writer.text(message);
    writer.option(hint.as_deref(), Writer::text);
    writer.option(fix.as_ref(), |writer, fix| {
        span(writer, fix.span);
        writer.text(&fix.replacement);
    });
}

fn read_problem(reader: &mut Reader<'_>) -> Option<Problem> {
    let name = reader.text()?;
    let code = Code::ALL.iter().copied().find(|code| code.name() == name)?;
    let severity = match reader.number()? {
        0 => Severity::Error,
        1 => Severity::Warning,
        2 => Severity::Hint,
        _ => return None,
    };
    let mut file = || Some(FileId(u32::try_from(reader.number()?).ok()?));
    let (file, span_file) = (file()?, file()?);
    Some(Problem {
        code,
        severity,
        file,
        span_file,
        span: read_span(reader)?,
        message: reader.text()?.to_owned(),
        hint: reader.option(|reader| Some(reader.text()?.to_owned()))?,
        fix: reader.option(|reader| Some(Fix { span: read_span(reader)?, replacement: reader.text()?.to_owned() }))?,
    })
}

fn span(writer: &mut Writer, span: Span) {
    writer.number(u64::from(span.start) << 32 | u64::from(span.end));
}

fn read_span(reader: &mut Reader<'_>) -> Option<Span> {
    let both = reader.number()?;
    Some(Span::new((both >> 32) as u32, both as u32))
}

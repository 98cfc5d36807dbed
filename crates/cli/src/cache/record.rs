//! What is remembered of a run, and how it is written down.

use std::path::PathBuf;

use langloom_core::codec::{Reader, Writer};
use langloom_core::model::Anchor;
use langloom_core::text::{Code, FileId, Fix, Position, Problem, Severity, Span};

use super::codec::{read_path, write_path};
use super::log::Log;
use crate::disk::{Found, Look, Stamp, Stat};
use crate::report::{Excerpt, Location, Range};

/// One record of a log.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// A process is going to write files under temporary names, to be renamed to these paths.
    Staging { process: u32, paths: Vec<PathBuf> },
    /// It is going to rename them now; the hash of what each will hold.
    Committing(Vec<(PathBuf, u128)>),
    /// A run succeeded, and nothing before it counts.
    Finished(Box<Record>),
}

/// A run that succeeded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Record {
    /// The configuration, an absolute path.
    pub(crate) config: PathBuf,
    /// What ran: another build of Langloom is another tool.
    pub(crate) tool: u128,
    /// The arguments that matter to the outputs.
    pub(crate) arguments: String,
    /// When it began, in nanoseconds since 1970.
    pub(crate) began: i64,
    /// Everything that it looked at.
    pub(crate) inputs: Vec<Look>,
    /// Everything that it wrote or found written.
    pub(crate) outputs: Vec<Kept>,
    pub(crate) told: Told,
}

/// What a run told, to be told again.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Told {
    /// About the configuration.
    pub(crate) warning: Option<String>,
    /// About the grammars, and where in them.
    pub(crate) problems: Vec<(Problem, Location)>,
    /// The grammars by [`FileId`]: how they were called, and where they are.
    pub(crate) files: Vec<(String, PathBuf)>,
    /// What they meant, if that was found out.
    pub(crate) meant: Option<Meant>,
}

/// What grammars meant, and what keeps their findings in place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Meant {
    /// XXH3 of what they meant (`model::meaning`).
    pub(crate) hash: u128,
    /// Of each finding: the declaration that it is about.
    pub(crate) places: Vec<Option<Place>>,
}

/// A declaration with a finding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Place {
    pub(crate) anchor: Anchor,
    /// XXH3 of the declaration's text.
    pub(crate) hash: u128,
    /// The line of the finding.
    pub(crate) line: u32,
}

/// An output of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Kept {
    pub(crate) path: PathBuf,
    pub(crate) stamp: Stamp,
    /// Of a file with regions that belong to the user: the XXH3 of what is outside of them.
    pub(crate) outside: Option<u128>,
    /// Of a file that a pack copied: whether it was meant to be a program.
    pub(crate) is_program: Option<bool>,
}

const STAGING: u64 = 0;
const COMMITTING: u64 = 1;
const FINISHED: u64 = 2;

impl Step {
    /// The steps in `log` from the last run that succeeded on.
    pub(super) fn those_that_count(log: &Log) -> impl Iterator<Item = Step> {
        let entries: Vec<&[u8]> = log.entries().collect();
        let last = entries.iter().rposition(|entry| entry.starts_with(&FINISHED.to_le_bytes()));
        entries.into_iter().skip(last.unwrap_or(0)).map_while(Step::decode)
    }

    pub(super) fn encode(&self) -> Vec<u8> {
        let mut writer = Writer::default();
        match self {
            Step::Staging { process, paths } => {
                writer.number(STAGING);
                writer.number(u64::from(*process));
                writer.list(paths, |writer, path| write_path(writer, path));
            }
            Step::Committing(contents) => {
                writer.number(COMMITTING);
                writer.list(contents, |writer, (path, hash)| {
                    write_path(writer, path);
                    writer.hash(*hash);
                });
            }
            Step::Finished(record) => {
                writer.number(FINISHED);
                record.encode(&mut writer);
            }
        }
        writer.finish()
    }

    pub(super) fn decode(bytes: &[u8]) -> Option<Step> {
        let mut reader = Reader::new(bytes);
        let step = match reader.number()? {
            STAGING => Step::Staging { process: u32::try_from(reader.number()?).ok()?, paths: reader.list(read_path)? },
            COMMITTING => Step::Committing(reader.list(|reader| Some((read_path(reader)?, reader.hash()?)))?),
            FINISHED => Step::Finished(Box::new(Record::decode(&mut reader)?)),
            _ => return None,
        };
        reader.is_at_end().then_some(step)
    }
}

impl Record {
    fn encode(&self, writer: &mut Writer<'_>) {
        write_path(writer, &self.config);
        writer.hash(self.tool);
        writer.text(&self.arguments);
        writer.number(self.began as u64);
        writer.list(&self.inputs, |writer, look| {
            write_path(writer, &look.path);
            match look.found {
                Found::Nothing => writer.number(0),
                Found::File(found) => {
                    writer.number(1);
                    stamp(writer, found);
                }
            }
        });
        writer.list(&self.outputs, |writer, output| {
            write_path(writer, &output.path);
            stamp(writer, output.stamp);
            writer.option(output.outside, Writer::hash);
            writer.option(output.is_program, Writer::flag);
        });
        writer.option(self.told.warning.as_deref(), Writer::text);
        writer.list(&self.told.problems, |writer, (problem, location)| {
            write_problem(writer, problem);
            write_location(writer, location);
        });
        writer.list(&self.told.files, |writer, (shown, path)| {
            writer.text(shown);
            write_path(writer, path);
        });
        writer.option(self.told.meant.as_ref(), |writer, meant| {
            writer.hash(meant.hash);
            writer.list(&meant.places, |writer, place| writer.option(*place, write_place));
        });
    }

    fn decode(reader: &mut Reader<'_>) -> Option<Record> {
        let record = Record {
            config: read_path(reader)?,
            tool: reader.hash()?,
            arguments: reader.text()?,
            began: reader.number()? as i64,
            inputs: reader.list(|reader| {
                let path = read_path(reader)?;
                let found = match reader.number()? {
                    0 => Found::Nothing,
                    1 => Found::File(read_stamp(reader)?),
                    _ => return None,
                };
                Some(Look { path, found })
            })?,
            outputs: reader.list(|reader| {
                Some(Kept {
                    path: read_path(reader)?,
                    stamp: read_stamp(reader)?,
                    outside: reader.option(Reader::hash)?,
                    is_program: reader.option(Reader::flag)?,
                })
            })?,
            told: Told {
                warning: reader.option(Reader::text)?,
                problems: reader.list(|reader| Some((read_problem(reader)?, read_location(reader)?)))?,
                files: reader.list(|reader| Some((reader.text()?, read_path(reader)?)))?,
                meant: reader.option(|reader| {
                    Some(Meant { hash: reader.hash()?, places: reader.list(|reader| reader.option(read_place))? })
                })?,
            },
        };
        let is_known = |file: FileId| file.index() < record.told.files.len();
        let is_sound = record.told.problems.iter().all(|(problem, _)| is_known(problem.file) && is_known(problem.span_file))
            && record.told.meant.as_ref().is_none_or(|meant| meant.places.len() == record.told.problems.len());
        is_sound.then_some(record)
    }
}

fn stamp(writer: &mut Writer<'_>, Stamp { stat, hash }: Stamp) {
    writer.number(stat.length);
    writer.number(stat.modified as u64);
    writer.number(stat.changed as u64);
    writer.number(stat.inode);
    writer.flag(stat.is_program);
    writer.hash(hash);
}

fn read_stamp(reader: &mut Reader<'_>) -> Option<Stamp> {
    let stat = Stat {
        length: reader.number()?,
        modified: reader.number()? as i64,
        changed: reader.number()? as i64,
        inode: reader.number()?,
        is_program: reader.flag()?,
    };
    Some(Stamp { stat, hash: reader.hash()? })
}

fn write_place(writer: &mut Writer<'_>, Place { anchor, hash, line }: Place) {
    writer.number(u64::from(anchor.declaration));
    span(writer, anchor.span);
    writer.hash(hash);
    writer.number(u64::from(line));
}

fn read_place(reader: &mut Reader<'_>) -> Option<Place> {
    let anchor = Anchor { declaration: u32::try_from(reader.number()?).ok()?, span: read_span(reader)? };
    Some(Place { anchor, hash: reader.hash()?, line: u32::try_from(reader.number()?).ok()? })
}

fn write_problem(writer: &mut Writer<'_>, problem: &Problem) {
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
        message: reader.text()?,
        hint: reader.option(Reader::text)?,
        fix: reader.option(|reader| Some(Fix { span: read_span(reader)?, replacement: reader.text()? }))?,
    })
}

fn write_location(writer: &mut Writer<'_>, Location { range, fixed, excerpt }: &Location) {
    write_range(writer, *range);
    writer.option(*fixed, write_range);
    writer.text(&excerpt.source);
    writer.word(excerpt.indent);
    writer.word(excerpt.carets);
}

fn read_location(reader: &mut Reader<'_>) -> Option<Location> {
    Some(Location {
        range: read_range(reader)?,
        fixed: reader.option(read_range)?,
        excerpt: Excerpt { source: reader.text()?, indent: reader.word()?, carets: reader.word()? },
    })
}

fn write_range(writer: &mut Writer<'_>, Range { start, end }: Range) {
    for Position { line, column } in [start, end] {
        writer.word(line);
        writer.word(column);
    }
}

fn read_range(reader: &mut Reader<'_>) -> Option<Range> {
    let mut position = || Some(Position { line: reader.word()?, column: reader.word()? });
    Some(Range { start: position()?, end: position()? })
}

fn span(writer: &mut Writer<'_>, span: Span) {
    writer.number(u64::from(span.start) << 32 | u64::from(span.end));
}

fn read_span(reader: &mut Reader<'_>) -> Option<Span> {
    let both = reader.number()?;
    Some(Span::new((both >> 32) as u32, both as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let stat = Stat { length: 3, modified: -1, changed: 1 << 40, inode: 7, is_program: true };
        let stamp = Stamp { stat, hash: u128::MAX / 3 };
        let (file, span) = (FileId(0), Span::new(1, 2));
        let anchor = Anchor { declaration: 4, span };
        let mut problem = Problem::new(Severity::Warning, Code::ALL[0], file, span, "a message");
        problem.hint = Some("a hint".to_owned());
        problem.fix = Some(Fix { span, replacement: "x".to_owned() });
        let range = Range { start: Position { line: 1, column: 2 }, end: Position { line: 3, column: 4 } };
        let excerpt = Excerpt { source: "a line".to_owned(), indent: 5, carets: 6 };
        let location = Location { range, fixed: Some(range), excerpt };
        Record {
            config: PathBuf::from("/a/langium-config.json"),
            tool: 1,
            arguments: "None".to_owned(),
            began: -5,
            inputs: vec![
                Look { path: PathBuf::from("/a/b"), found: Found::File(stamp) },
                Look { path: PathBuf::from("/a/c"), found: Found::Nothing },
            ],
            outputs: vec![Kept { path: PathBuf::from("/a/gen/ast.ts"), stamp, outside: Some(7), is_program: Some(true) }],
            told: Told {
                warning: Some("a warning".to_owned()),
                problems: vec![(problem, location)],
                files: vec![("b".to_owned(), PathBuf::from("/a/b"))],
                meant: Some(Meant { hash: 9, places: vec![Some(Place { anchor, hash: 1 << 100, line: 3 })] }),
            },
        }
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        let Some(Step::Finished(read)) = Step::decode(&Step::Finished(Box::new(record())).encode()) else {
            panic!("it was not read")
        };
        assert_eq!(*read, record());
    }

    /// Checksums keep damage away from here. If some gets through, nothing breaks: it is read as another record or none.
    #[test]
    fn garbage_is_no_record() {
        let bytes = Step::Finished(Box::new(record())).encode();
        assert!((0..bytes.len()).all(|length| Step::decode(&bytes[..length]).is_none()));
        for index in 0..bytes.len() {
            for flip in [1, 0x80, 0xFF] {
                let mut damaged = bytes.clone();
                damaged[index] ^= flip;
                let _ = Step::decode(&damaged);
            }
        }
    }
}

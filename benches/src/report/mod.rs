//! Reports from records: Markdown for a pull request, a page for people.

mod charts;
pub(crate) mod goals;
mod html;
mod markdown;
mod svg;

use std::path::Path;

use crate::disk;
use crate::record::Record;
pub(crate) use html::page;
pub(crate) use markdown::summary;

/// The records in a folder, the oldest first: by name, which begins with day and minute of the commit ([`file_name`]).
pub(crate) fn history(folder: &Path) -> Result<Vec<Record>, String> {
    let mut files = disk::files(folder)?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    let read = |path: &std::path::PathBuf| {
        serde_json::from_str(&disk::read(path)?).map_err(|error| format!("{}: {error}", path.display()))
    };
    files.iter().map(read).collect()
}

/// What a record is called: the day and the minute of its commit, and the commit.
pub(crate) fn file_name(record: &Record) -> String {
    let date: String = record.date.chars().map(|char| if char == ' ' { 'T' } else { char }).filter(|char| *char != ':').collect();
    format!("{date}-{}.json", record.commit.trim_end_matches('+'))
}

//! Paths among the values that are written and read.

use std::path::{Path, PathBuf};

use langloom_core::codec::{Reader, Writer};

/// Appends a path. One that is not Unicode makes the record one that is never found again.
pub(crate) fn write_path(writer: &mut Writer<'_>, path: &Path) {
    writer.text(&path.to_string_lossy());
}

pub(crate) fn read_path(reader: &mut Reader<'_>) -> Option<PathBuf> {
    Some(PathBuf::from(reader.text()?))
}

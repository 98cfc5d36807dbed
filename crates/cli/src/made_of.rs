//! What outputs are made of, for the next run that renders them.

use std::collections::HashMap;
use std::path::PathBuf;

use langloom_core::codec::{Reader, Writer};
use langloom_core::emit::Pieces;

use crate::cache::{read_path, write_path};
use crate::disk::{Segment, Segments};

/// What outputs are made of, by path.
pub(crate) type MadeOf = HashMap<PathBuf, Made>;

/// What an output is made of.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// The [hash](Segments::hash) of all of it.
    pub(crate) hash: u128,
    pub(crate) pieces: Pieces,
    pub(crate) segments: Segments,
}

/// Appends what outputs are made of.
pub(crate) fn write(all: &MadeOf, writer: &mut Writer<'_>) {
    write_after(all, &MadeOf::new(), writer);
}

/// What was written.
pub(crate) fn read(reader: &mut Reader<'_>) -> Option<MadeOf> {
    read_after(&MadeOf::new(), reader)
}

/// Appends how it differs from what outputs were made of `earlier`.
pub(crate) fn write_after(all: &MadeOf, earlier: &MadeOf, writer: &mut Writer<'_>) {
    let nothing = Made::default();
    writer.number(all.len() as u64);
    for (path, made) in all {
        write_path(writer, path);
        writer.hash(made.hash);
        let before = earlier.get(path).unwrap_or(&nothing);
        made.pieces.write_after(&before.pieces, writer);
        write_segments(&made.segments.0, &before.segments.0, writer);
    }
}

/// What was written so, after the same `earlier` ones.
pub(crate) fn read_after(earlier: &MadeOf, reader: &mut Reader<'_>) -> Option<MadeOf> {
    let nothing = Made::default();
    let all = reader.list(|reader| {
        let (path, hash) = (read_path(reader)?, reader.hash()?);
        let before = earlier.get(&path).unwrap_or(&nothing);
        let pieces = Pieces::read_after(&before.pieces, reader)?;
        let segments = Segments(read_segments(&before.segments.0, reader)?);
        Some((path, Made { hash, pieces, segments }))
    })?;
    Some(all.into_iter().collect())
}

/// How many are the same at the start and at the end, and those between.
fn write_segments(segments: &[Segment], earlier: &[Segment], writer: &mut Writer<'_>) {
    let start = segments.iter().zip(earlier).take_while(|(new, old)| new == old).count();
    let (rest, earlier) = (&segments[start..], &earlier[start..]);
    let end = rest.iter().rev().zip(earlier.iter().rev()).take_while(|(new, old)| new == old).count();
    writer.number(start as u64);
    writer.number(end as u64);
    writer.list(&rest[..rest.len() - end], |writer, segment| {
        writer.number(segment.length);
        writer.number(segment.checksum);
    });
}

fn read_segments(earlier: &[Segment], reader: &mut Reader<'_>) -> Option<Vec<Segment>> {
    let (start, end) = (usize::try_from(reader.number()?).ok()?, usize::try_from(reader.number()?).ok()?);
    let between = reader.list(|reader| Some(Segment { length: reader.number()?, checksum: reader.number()? }))?;
    let (start, end) = (earlier.get(..start)?, earlier.get(earlier.len().checked_sub(end)?..)?);
    Some([start, &between, end].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(lengths: &[u64]) -> MadeOf {
        let segment = |length: &u64| Segment { length: *length, checksum: length << 60 | 5 };
        let segments = Segments(lengths.iter().map(segment).collect());
        MadeOf::from([(PathBuf::from("/out"), Made { hash: segments.hash(), segments, ..Made::default() })])
    }

    #[test]
    fn segments_are_told_by_how_they_differ_from_earlier_ones() {
        let earlier = made(&[1, 2, 3, 3, 4]);
        for lengths in [&[1, 2, 3, 3, 4][..], &[1, 2, 3, 4], &[1, 2, 3, 3, 3, 4], &[7, 2, 3], &[], &[1, 2, 3, 3, 4, 4], &[9]] {
            let new = made(lengths);
            for earlier in [&earlier, &MadeOf::new()] {
                let mut writer = Writer::default();
                write_after(&new, earlier, &mut writer);
                let bytes = writer.finish();
                let again = read_after(earlier, &mut Reader::new(&bytes)).unwrap();
                let both = (again.values().next().unwrap(), new.values().next().unwrap());
                assert_eq!((both.0.hash, &both.0.segments), (both.1.hash, &both.1.segments), "{lengths:?}");
            }
        }
    }
}

//! Files that are made of parts of what was there before.

use std::fs;
use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use langloom_disk::{Batch, CHUNK, Fate, Part, Segments, content_hash, stat};

/// A folder that goes when the test is over.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        let path = std::env::temp_dir().join(format!("langloom-parts-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Puts `text` at `path` as Langloom does, so that it is known as Langloom's, and what is in it.
fn put(path: &Path, text: &[u8]) -> Segments {
    let batch = Batch::default();
    let (_, segments) = batch.stage_parts(path, None, |_, take| take(Part::Bytes(text))).unwrap();
    batch.commit().unwrap();
    assert!(stat(path).unwrap().is_ours());
    segments
}

/// A part of a text: what the old one has in a place, or something new.
#[derive(Clone, Debug)]
enum Of {
    Old(Range<usize>),
    New(&'static str),
}

#[test]
fn parts_of_the_old_file_stand_for_its_bytes() {
    let scratch = Scratch::new("bytes");
    // Longer than two chunks, and without a period of a power of two.
    let old: String = (0..)
        .map(|number: u32| format!("{number} "))
        .scan(0, |length, text| {
            *length += text.len();
            (*length < 2 * CHUNK + 999).then_some(text)
        })
        .collect();
    let end = old.len();
    let (a, b) = (1000, CHUNK + 77);
    let same_start = "0 1 2 3 ";
    let cases: &[&[Of]] = &[
        &[Of::Old(0..end)],
        &[Of::Old(0..a), Of::Old(a..end)],
        &[Of::New(same_start), Of::Old(same_start.len()..end)],
        &[Of::New(same_start), Of::Old(same_start.len()..b), Of::New("new"), Of::Old(b..end)],
        &[Of::New("0 1 2 X "), Of::Old(same_start.len()..end)],
        &[Of::Old(0..a), Of::New("new"), Of::Old(b..end)],
        // What is new is what the old one holds there.
        &[Of::New("X "), Of::Old(2..8), Of::New("4 5 "), Of::Old(12..b), Of::New("new"), Of::Old(b..end)],
        &[Of::New("X "), Of::Old(2..8), Of::New("4 5 "), Of::Old(13..end)],
        &[Of::Old(0..8), Of::New("4 5 "), Of::Old(12..end)],
        &[Of::New("X "), Of::Old(b..end), Of::New("more")],
        &[Of::Old(0..b)],
        &[Of::Old(0..end), Of::New("more")],
        &[Of::Old(a..end), Of::Old(0..a)],
        &[Of::Old(a..b), Of::New("new"), Of::Old(a..b)],
        &[Of::New("new")],
        &[],
    ];
    for (number, parts) in cases.iter().enumerate() {
        let path = scratch.0.join(format!("{number}"));
        let segments = put(&path, old.as_bytes());
        assert!(segments.0.len() > 4);
        let text: String = parts
            .iter()
            .map(|part| match part {
                Of::Old(place) => &old[place.clone()],
                Of::New(text) => text,
            })
            .collect();
        for (is_trial, segments) in [(true, &Segments::default()), (true, &segments), (false, &segments)] {
            stage(parts, (&path, &text, &old), is_trial, segments);
        }
        // The same without knowing what is in the old file.
        let segments = put(&path, old.as_bytes());
        stage(parts, (&path, &text, &old), false, &Segments::default());
        assert_eq!(segments, put(&path, old.as_bytes()));
    }
}

/// Makes `path`, which holds `old`, hold `parts`, which are `text`.
fn stage(parts: &[Of], (path, text, old): (&Path, &str, &str), is_trial: bool, segments: &Segments) {
    let before = stat(path).unwrap();
    let batch = if is_trial { Batch::trial() } else { Batch::default() };
    let staged = batch.stage_parts(path, Some((before, segments)), |is_known, take| {
        assert!(is_known);
        for part in parts {
            match part {
                Of::Old(place) => take(Part::Old(place.start as u64..place.end as u64)),
                Of::New(text) => take(Part::Bytes(text.as_bytes())),
            }
        }
    });
    let (written, segments) = staged.unwrap();
    assert_eq!(written.hash, content_hash(text.as_bytes()), "{parts:?}");
    assert_eq!((segments.hash(), segments.length()), (written.hash, text.len() as u64), "{parts:?}");
    assert_eq!(written.fate, if text == old { Fate::Unchanged } else { Fate::Changed }, "{parts:?}");
    batch.commit().unwrap();
    if is_trial || text == old {
        assert_eq!(stat(path), Some(before), "{parts:?}");
    } else {
        assert!(fs::read_to_string(path).unwrap() == text, "{parts:?}");
    }
}

#[test]
fn a_file_that_somebody_wrote_to_is_not_known() {
    let scratch = Scratch::new("known");
    let path = scratch.0.join("file");
    let segments = Segments::default();
    let is_known = |stat: Option<_>| {
        let mut known = None;
        let batch = Batch::trial();
        batch
            .stage_parts(&path, stat.map(|stat| (stat, &segments)), |is_known, take| {
                known = Some(is_known);
                take(Part::Bytes(b"new"));
            })
            .unwrap();
        known.unwrap()
    };
    put(&path, b"old text");
    let ours = stat(&path).unwrap();
    assert!(is_known(Some(ours)));
    assert!(!is_known(None));
    fs::write(&path, b"Old text").unwrap();
    assert!(!is_known(Some(ours)));
    // As it is now, it is known, but nobody knows what is in it.
    assert!(!is_known(stat(&path)));
}

#[test]
fn a_file_that_is_written_to_meanwhile_is_an_error() {
    let scratch = Scratch::new("meanwhile");
    let path = scratch.0.join("file");
    let segments = put(&path, b"old text");
    let batch = Batch::default();
    let failed = batch.stage_parts(&path, stat(&path).map(|stat| (stat, &segments)), |_, take| {
        fs::File::options().append(true).open(&path).unwrap().write_all(b" and more").unwrap();
        take(Part::Old(0..8));
        take(Part::Bytes(b"!"));
    });
    assert!(failed.unwrap_err().to_string().contains("changed meanwhile"));
    drop(batch);
    assert_eq!(fs::read(&path).unwrap(), b"old text and more");
    assert_eq!(fs::read_dir(&scratch.0).unwrap().count(), 1);
}

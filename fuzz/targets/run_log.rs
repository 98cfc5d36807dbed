//! No bytes in a run log make the shell panic or take much memory; what is read from it is what was written.

#![no_main]
#![allow(dead_code, unused_imports)] // the modules of the shell are here without those that use them

#[path = "../../crates/cli/src/cache/codec.rs"]
mod codec;
#[path = "../../crates/cli/src/report/location.rs"]
mod location;
#[path = "../../crates/cli/src/cache/log.rs"]
mod log;
#[path = "../../crates/cli/src/cache/record.rs"]
mod record;

/// What a record holds of the module of that name.
mod report {
    pub(crate) use crate::location::{Excerpt, Location, Range};
}

use std::fs;

use langloom_disk as disk;
use libfuzzer_sys::fuzz_target;
use log::Log;
use record::Step;

fuzz_target!(|data: &[u8]| {
    // A record, as it stands between the checksums that a fuzzer does not guess.
    if let Some(step) = Step::decode(data) {
        assert_eq!(step.encode(), data, "{step:?}");
    }
    // A file is slow, and its framing soon explored.
    if data.len() < 64 {
        file(data);
    }
});

/// Opens a whole file and appends a record to it.
fn file(bytes: &[u8]) {
    let path = std::env::temp_dir().join(format!("langloom-fuzz-{}", std::process::id()));
    fs::write(&path, bytes).expect("the folder for temporary files can be written");
    let mut log = Log::open(path.clone());
    let before: Vec<Vec<u8>> = log.entries().map(<[u8]>::to_vec).collect();
    assert_eq!(log.sound_bytes() + log.damaged_bytes(), bytes.len() as u64);
    log.append(bytes).expect("the file can be written");
    let after = Log::open(path);
    assert_eq!(after.damaged_bytes(), 0);
    assert!(after.entries().eq(before.iter().map(Vec::as_slice).chain([bytes])));
}

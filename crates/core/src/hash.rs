//! XXH3, of bytes and of values. 128 bits, so that no two texts are taken for one.

use std::hash::Hasher;

use twox_hash::XxHash3_128;

/// The XXH3 of bytes.
pub(crate) fn xxh3(bytes: &[u8]) -> u128 {
    XxHash3_128::oneshot(bytes)
}

/// A hasher that hashes nothing by itself: it collects what there is to hash, as one hash of many bytes takes a fraction of what
/// many hashes of a few take.
#[derive(Debug, Default)]
pub(crate) struct Bytes(Vec<u8>);

impl Bytes {
    /// XXH3 of what was collected since the last one.
    pub(crate) fn xxh3(&mut self) -> u128 {
        let hash = xxh3(&self.0);
        self.0.clear();
        hash
    }
}

impl Hasher for Bytes {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn write_u8(&mut self, number: u8) {
        self.0.push(number);
    }

    /// Which variant of an enum: none has so many.
    fn write_isize(&mut self, variant: isize) {
        self.write_u8(variant as u8);
    }

    fn finish(&self) -> u64 {
        unreachable!("what is collected is hashed elsewhere")
    }
}

//! What a file holds, known by its length and its CRC-64. Unlike other hashes, that of a text can be put together from those
//! of its parts: so a part that is copied from another file, whose parts are known, need not be read.

use std::ops::Range;

use crc_fast::{CrcAlgorithm, Digest};

/// Which CRC-64 it is: all are as good and as fast.
const ALGORITHM: CrcAlgorithm = CrcAlgorithm::Crc64Nvme;
/// Its polynomial without the term of the highest degree. The highest bit is the term of degree 0, as in its checksums.
const POLYNOMIAL: u64 = 0x9A6C_9329_AC4B_C9B5;

/// Bytes of a segment.
const SEGMENT: u64 = 64 * 1024;

/// A part of what a file holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Segment {
    /// Bytes.
    pub length: u64,
    /// Their CRC-64/NVME.
    pub checksum: u64,
}

/// What a file holds, as segments one behind the other. Two that would be a short one together are one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Segments(pub Vec<Segment>);

/// The hash of a file that holds `bytes`: see [`Segments::hash`].
pub fn content_hash(bytes: &[u8]) -> u128 {
    Segment { length: bytes.len() as u64, checksum: crc_fast::checksum(ALGORITHM, bytes) }.hash()
}

impl Segments {
    /// The hash of all of it, however it is divided: 64 bits and the length, so that no two of the texts that a file holds in
    /// turn are taken for one.
    pub fn hash(&self) -> u128 {
        self.0.iter().copied().fold(Segment::default(), Segment::and).hash()
    }

    /// Bytes.
    pub fn length(&self) -> u64 {
        self.0.iter().map(|segment| segment.length).sum()
    }

    /// The segments that are whole in the bytes from `place.start` to `place.end`, and which bytes they are.
    pub(super) fn within(&self, place: &Range<u64>) -> (Range<u64>, &[Segment]) {
        let (mut start, mut first) = (0, 0);
        while start < place.start && first < self.0.len() {
            start += self.0[first].length;
            first += 1;
        }
        let (mut end, mut behind) = (start, first);
        while behind < self.0.len() && end + self.0[behind].length <= place.end {
            end += self.0[behind].length;
            behind += 1;
        }
        match behind - first {
            0 => (place.end..place.end, &[]),
            _ => (start..end, &self.0[first..behind]),
        }
    }

    fn push(&mut self, segment: Segment) {
        match self.0.last_mut() {
            Some(last) if last.length + segment.length <= SEGMENT => *last = last.and(segment),
            Some(_) | None => self.0.push(segment),
        }
    }
}

impl Segment {
    /// The checksum, and before it the length; never 0, which stands for what nobody could read.
    fn hash(self) -> u128 {
        u128::from(self.length + 1) << 64 | u128::from(self.checksum)
    }

    /// This one and `next` behind it. A checksum is a remainder of polynomials, so what stands before other bytes is multiplied
    /// by x to as many as they have bits.
    fn and(self, next: Segment) -> Segment {
        let (mut checksum, mut bits) = (self.checksum, next.length);
        while bits != 0 && checksum != 0 {
            checksum = product(checksum, POWERS[bits.trailing_zeros() as usize]);
            bits &= bits - 1;
        }
        Segment { length: self.length + next.length, checksum: checksum ^ next.checksum }
    }
}

/// The remainders of x to 8 · 2ⁿ, which is what 2ⁿ bytes multiply by.
const POWERS: [u64; 64] = {
    let mut powers = [1 << (63 - 8); 64];
    let mut index = 1;
    while index < powers.len() {
        powers[index] = product(powers[index - 1], powers[index - 1]);
        index += 1;
    }
    powers
};

/// The remainder of the product of two polynomials.
const fn product(a: u64, mut b: u64) -> u64 {
    let (mut sum, mut degree) = (0, 0);
    while degree < 64 {
        sum ^= b & (a << degree >> 63).wrapping_neg();
        b = b >> 1 ^ POLYNOMIAL & (b & 1).wrapping_neg();
        degree += 1;
    }
    sum
}

/// Adds up what is written to a file.
#[derive(Debug)]
pub(super) struct Summing {
    done: Segments,
    /// The segment that is not full.
    length: u64,
    digest: Digest,
}

impl Summing {
    pub(super) fn new() -> Summing {
        Summing { done: Segments::default(), length: 0, digest: Digest::new(ALGORITHM) }
    }

    /// Adds `bytes` at the end.
    pub(super) fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = (SEGMENT - self.length) as usize;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.digest.update(now);
            self.length += now.len() as u64;
            if self.length == SEGMENT {
                self.end_segment();
            }
            bytes = later;
        }
    }

    /// Adds what is known of some bytes at the end.
    pub(super) fn add_known(&mut self, segments: &[Segment]) {
        self.end_segment();
        segments.iter().for_each(|segment| self.done.push(*segment));
    }

    pub(super) fn finish(mut self) -> Segments {
        self.end_segment();
        self.done
    }

    fn end_segment(&mut self) {
        if self.length > 0 {
            let checksum = self.digest.finalize();
            self.done.push(Segment { length: std::mem::take(&mut self.length), checksum });
            self.digest.reset();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the catalogue of parametrised CRC algorithms.
    #[test]
    fn the_hash_is_a_known_checksum_behind_the_length() {
        assert_eq!(content_hash(b"123456789"), 10 << 64 | 0xAE8B_1486_0A79_9888);
        assert_eq!(content_hash(b""), 1 << 64);
    }

    fn bytes(count: usize) -> Vec<u8> {
        (0..count as u32).map(|number| (number.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
    }

    fn summed<'b>(parts: impl IntoIterator<Item = &'b [u8]>) -> Segments {
        let mut summing = Summing::new();
        parts.into_iter().for_each(|part| summing.add(part));
        summing.finish()
    }

    #[test]
    fn the_hash_does_not_depend_on_how_bytes_are_divided() {
        let bytes = bytes(3 * SEGMENT as usize + 77);
        for chunk in [1, 1000, SEGMENT as usize, SEGMENT as usize + 1, bytes.len()] {
            let segments = summed(bytes.chunks(chunk));
            assert_eq!(segments.hash(), content_hash(&bytes), "{chunk}");
            assert_eq!((segments.length(), segments.0.len()), (bytes.len() as u64, 4));
        }
    }

    #[test]
    fn what_is_known_of_parts_makes_the_hash_of_the_whole() {
        let all = bytes(5 * SEGMENT as usize);
        // Short parts, an empty one, and zeros at the start, which a checksum may overlook.
        for cuts in [&[1, 2, 3][..], &[10, 10, 70_000, 70_001], &[SEGMENT as usize, 200_000], &[]] {
            for zeros in [0, 9] {
                let mut expected = vec![0; zeros];
                expected.extend_from_slice(&all);
                let mut summing = Summing::new();
                summing.add(&expected[..zeros]);
                let mut start = 0;
                for &cut in cuts.iter().chain([&all.len()]) {
                    let part = &all[start..cut];
                    match cut % 2 {
                        0 => summing.add(part),
                        _ => summing.add_known(&summed([part]).0),
                    }
                    start = cut;
                }
                let segments = summing.finish();
                assert_eq!(segments.hash(), content_hash(&expected), "{cuts:?} {zeros}");
                let pairs = segments.0.windows(2).map(|pair| pair[0].length + pair[1].length);
                assert!(pairs.into_iter().all(|length| length > SEGMENT), "{segments:?}");
            }
        }
    }

    #[test]
    fn whole_segments_within_a_place_are_found() {
        let segment = |length| Segment { length, checksum: 0 };
        let segments = Segments([10, 20, 30].map(segment).to_vec());
        let within = |start, end| {
            let (bytes, whole) = segments.within(&(start..end));
            (bytes, whole.iter().map(|segment| segment.length).collect::<Vec<_>>())
        };
        assert_eq!(within(0, 60), (0..60, vec![10, 20, 30]));
        assert_eq!(within(0, 59), (0..30, vec![10, 20]));
        assert_eq!(within(1, 60), (10..60, vec![20, 30]));
        assert_eq!(within(10, 30), (10..30, vec![20]));
        assert_eq!(within(11, 59), (59..59, vec![]));
        assert_eq!(within(3, 7), (7..7, vec![]));
        assert_eq!(within(70, 90), (90..90, vec![]));
        assert_eq!(Segments::default().within(&(2..5)), (5..5, &[][..]));
    }
}

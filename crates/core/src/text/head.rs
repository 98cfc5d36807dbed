//! The first bytes of a short text as a number: words of up to eight bytes are compared at once.

/// The first eight bytes of `bytes[start..end]`; zero behind its end.
#[inline(always)]
pub(crate) const fn head(bytes: &[u8], start: usize, end: usize) -> u64 {
    let length = end - start;
    let (_, rest) = bytes.split_at(start);
    match rest.first_chunk() {
        Some(chunk) if length >= 8 => u64::from_le_bytes(*chunk),
        Some(chunk) => u64::from_le_bytes(*chunk) & !(u64::MAX << (8 * length)),
        // So close to the end of `bytes`, it is put together.
        None => {
            let (mut head, mut index) = (0, length);
            while index > 0 {
                index -= 1;
                head = head << 8 | rest[index] as u64;
            }
            head
        }
    }
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn only_what_lies_within_counts() {
        let bytes = b"0123456789";
        for end in 0..=bytes.len() {
            for start in 0..=end {
                let mut expected = [0; 8];
                let length = (end - start).min(8);
                expected[..length].copy_from_slice(&bytes[start..start + length]);
                assert_eq!(head(bytes, start, end), u64::from_le_bytes(expected), "{start}..{end}");
            }
        }
    }
}

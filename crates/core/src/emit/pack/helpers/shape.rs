//! What a name consists of, found eight bytes at a time: most names are written as they are, but for a letter.
//!
//! Going through each of them byte by byte took 490 instructions, and all together a sixth of what a pack of 30 templates takes.

/// What a name consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A word: small letters and digits; only the first letter may be a capital.
    Word,
    /// Letters and digits, and no capital follows another one: each begins a word.
    Words,
    /// Anything else.
    Other,
}

impl Shape {
    #[inline(always)]
    pub(super) fn of(text: &str) -> Shape {
        let text = text.as_bytes();
        let (pieces, rest) = text.as_chunks::<8>();
        let (mut wrong, mut later, mut front, mut before) = (0, 0, 0x80, 0);
        let mut look = |bytes: u64, all: u64| {
            let letters = between(bytes | each(SMALL), b'a', b'z');
            let capitals = letters & !(bytes << 2);
            let parts = letters | between(bytes, b'0', b'9');
            wrong |= bytes & each(0x80) | parts ^ all | capitals & (capitals << 8 | before >> 56);
            later |= capitals & !front;
            (front, before) = (0, capitals);
        };
        for piece in pieces {
            look(u64::from_le_bytes(*piece), each(0x80));
        }
        if !rest.is_empty() {
            look(last_bytes(text, rest.len()), each(0x80) >> (64 - 8 * rest.len()));
        }
        match (wrong, later) {
            (0, 0) => Shape::Word,
            (0, _) => Shape::Words,
            (_, _) => Shape::Other,
        }
    }
}

/// The bit that tells small letters from capitals.
const SMALL: u8 = 0x20;

/// A number of eight times this byte.
const fn each(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of each byte that is from `first` to `last`, if all are ASCII: then none carries to the next one.
#[inline(always)]
const fn between(bytes: u64, first: u8, last: u8) -> u64 {
    bytes.wrapping_add(each(0x80 - first)) & each(0x80 + last).wrapping_sub(bytes) & each(0x80)
}

/// The last bytes of a text, from one to seven.
#[inline(always)]
fn last_bytes(text: &[u8], count: usize) -> u64 {
    let byte = |at: usize| u64::from(text[at]) << (8 * at);
    let half = |half: &[u8; 4]| u64::from(u32::from_le_bytes(*half));
    match (text.last_chunk(), text.first_chunk(), text.last_chunk()) {
        (Some(last), ..) => u64::from_le_bytes(*last) >> (64 - 8 * count),
        (None, Some(first), Some(last)) => half(first) | half(last) << (8 * (count - 4)),
        (None, ..) => byte(0) | byte(count / 2) | byte(count - 1),
    }
}

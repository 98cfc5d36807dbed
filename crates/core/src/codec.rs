//! Values as bytes, for what is kept between runs: numbers little-endian, lists and texts with their length before them.
//! Reading never fails hard: what was not written like this is `None`.

/// Appends values to bytes.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// A byte.
    #[inline]
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    /// Whether something is so.
    #[inline]
    pub fn flag(&mut self, value: bool) {
        self.byte(u8::from(value));
    }

    /// A number of 32 bits.
    #[inline]
    pub fn word(&mut self, value: u32) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A number.
    #[inline]
    pub fn number(&mut self, value: u64) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A hash.
    #[inline]
    pub fn hash(&mut self, value: u128) {
        self.0.extend_from_slice(&value.to_le_bytes());
    }

    /// A text.
    pub fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }

    /// A list of items that `write` appends.
    pub fn list<T>(&mut self, items: &[T], mut write: impl FnMut(&mut Writer, &T)) {
        self.number(items.len() as u64);
        items.iter().for_each(|item| write(self, item));
    }

    /// A value that `write` appends, if there is one.
    pub fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Writer, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }
}

/// Takes values from the start of bytes.
#[derive(Clone, Debug)]
pub struct Reader<'b>(pub &'b [u8]);

impl<'b> Reader<'b> {
    #[inline]
    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (bytes, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*bytes)
    }

    /// A byte.
    #[inline]
    pub fn byte(&mut self) -> Option<u8> {
        Some(u8::from_le_bytes(self.bytes()?))
    }

    /// Whether something is so.
    #[inline]
    pub fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// A number of 32 bits.
    #[inline]
    pub fn word(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.bytes()?))
    }

    /// A number.
    #[inline]
    pub fn number(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.bytes()?))
    }

    /// A hash.
    #[inline]
    pub fn hash(&mut self) -> Option<u128> {
        Some(u128::from_le_bytes(self.bytes()?))
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// A list of items that `read` takes.
    pub fn list<T>(&mut self, mut read: impl FnMut(&mut Reader<'b>) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Every item has at least a byte: a count beyond that is no count, and no reason to reserve memory.
        if count > self.0.len() {
            return None;
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Some(items)
    }

    /// A value that `read` takes, if there is one.
    pub fn option<T>(&mut self, read: impl FnOnce(&mut Reader<'b>) -> Option<T>) -> Option<Option<T>> {
        Some(if self.flag()? { Some(read(self)?) } else { None })
    }
}

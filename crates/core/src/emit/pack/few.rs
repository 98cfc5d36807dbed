//! Lists that are mostly short: the values of a call.

use super::value::{Field, Value};

/// A list that needs no memory of its own while it has few items.
pub(super) struct Few<T, const N: usize> {
    few: [T; N],
    count: usize,
    many: Vec<T>,
}

/// What a helper is given.
pub(super) type Values<'a> = Few<Value<'a>, 4>;
/// `key=value` pairs.
pub(super) type Hash<'a> = Few<Field<'a>, 2>;

impl<'a> Values<'a> {
    pub(super) fn new() -> Values<'a> {
        Few { few: [Value::Undefined; 4], count: 0, many: Vec::new() }
    }
}

impl<'a> Hash<'a> {
    pub(super) fn new() -> Hash<'a> {
        Few { few: [("", Value::Undefined); 2], count: 0, many: Vec::new() }
    }
}

impl<T: Copy, const N: usize> Few<T, N> {
    pub(super) fn push(&mut self, value: T) {
        if self.count < N {
            self.few[self.count] = value;
        } else {
            if self.count == N {
                self.many.extend_from_slice(&self.few);
            }
            self.many.push(value);
        }
        self.count += 1;
    }

    pub(super) fn as_slice(&self) -> &[T] {
        if self.count <= N { &self.few[..self.count] } else { &self.many }
    }
}

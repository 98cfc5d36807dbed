//! Writing SVG: lines made of pieces that are known beforehand, and of numbers as JavaScript prints them.
//!
//! Diagrams have three numbers on each of their lines, and 24 bytes for each byte of a grammar. With a push to a `String`
//! for each piece, drawing those of 10,000 lines took four times as many instructions.

use crate::text::js;

/// Writes SVG to a buffer of its own, and hands on what is in there when it is full.
pub(super) struct Pen<'p> {
    buffer: Box<[u8; CAPACITY]>,
    /// How much of the buffer is written.
    at: usize,
    labels: Labels,
    drain: &'p mut dyn FnMut(&str),
}

/// So much stays in the processor's innermost cache. Packs draw diagrams one by one, each with a pen of its own: clearing
/// 16 KiB for each was a twentieth of a page that has all of them.
const CAPACITY: usize = 4 * 1024;

/// How texts are written in SVG.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Labels {
    /// With characters of Markdown and HTML escaped.
    Escaped,
    /// Without white space at the end of lines too, which Langium's templates remove from a whole HTML file.
    Trimmed,
}

impl<'p> Pen<'p> {
    /// Hands what it writes to `drain`, to be finished with [`Pen::flush`].
    pub(super) fn new(labels: Labels, drain: &'p mut dyn FnMut(&str)) -> Pen<'p> {
        Pen { buffer: Box::new([0; CAPACITY]), at: 0, labels, drain }
    }

    /// Writes a line, or a part of one.
    #[inline(always)]
    pub(super) fn line(&mut self, write: impl FnOnce(&mut Line<'_>)) {
        if self.at > CAPACITY - Line::CAPACITY {
            self.flush();
        }
        let Some(bytes) = self.buffer[self.at..].first_chunk_mut() else { return };
        let mut line = Line { bytes, at: 0 };
        write(&mut line);
        self.at += line.at;
    }

    /// Writes a text of any length.
    pub(super) fn push(&mut self, text: &str) {
        if text.len() > CAPACITY - self.at {
            self.flush();
        }
        match self.buffer[self.at..].get_mut(..text.len()) {
            Some(place) => {
                place.copy_from_slice(text.as_bytes());
                self.at += text.len();
            }
            None => (self.drain)(text),
        }
    }

    /// Writes what boxes say.
    pub(super) fn label(&mut self, label: &str) {
        if label.bytes().all(|byte| byte != b'\n' && !needs_escape(byte)) {
            return self.push(label);
        }
        let mut lines = label.split('\n').peekable();
        while let Some(line) = lines.next() {
            match (self.labels, lines.peek()) {
                (_, None) => self.escaped(line),
                (Labels::Escaped, Some(_)) => {
                    self.escaped(line);
                    self.push("\n");
                }
                (Labels::Trimmed, Some(_)) => {
                    self.escaped(line.trim_end_matches(js::is_white_space));
                    self.push("\n");
                }
            }
        }
    }

    fn escaped(&mut self, line: &str) {
        let mut rest = line;
        while let Some(at) = rest.bytes().position(needs_escape) {
            self.push(&rest[..at]);
            self.line(|line| line.piece(b"&#").number(rest.as_bytes()[at].into()).piece(b";").end());
            rest = &rest[at + 1..];
        }
        self.push(rest);
    }

    /// Hands on what was written.
    pub(super) fn flush(&mut self) {
        (self.drain)(str::from_utf8(&self.buffer[..self.at]).expect("texts are written whole"));
        self.at = 0;
    }
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'*' | b'_' | b'`' | b'[' | b']' | b'<' | b'&')
}

/// A line that is being written. All checks of its bounds are decided at compile time, as each piece has a known length.
pub(super) struct Line<'l> {
    bytes: &'l mut [u8; Line::CAPACITY],
    at: usize,
}

impl Line<'_> {
    /// More than lines of 4 numbers have.
    const CAPACITY: usize = 256;

    #[inline(always)]
    pub(super) fn piece<const N: usize>(&mut self, piece: &[u8; N]) -> &mut Self {
        self.padded(piece, N)
    }

    /// Writes the first `length` of `bytes`.
    #[inline(always)]
    fn padded<const N: usize>(&mut self, bytes: &[u8; N], length: usize) -> &mut Self {
        // Assigned as a whole, which takes no call.
        *self.bytes[self.at..].first_chunk_mut().expect("lines are shorter") = *bytes;
        self.at += length;
        self
    }

    /// Writes `number` as [`js::push_number`] does.
    #[inline(always)]
    pub(super) fn number(&mut self, number: f64) -> &mut Self {
        // Added to this, a number loses what stands behind its point, and its bits end with its value.
        const WHOLE: f64 = 4_503_599_627_370_496.0;
        if number < 0.0 {
            self.piece(b"-");
        }
        let magnitude = number.abs();
        let whole = magnitude + WHOLE;
        if whole - WHOLE == magnitude && magnitude < 1000.0 {
            let digits = &SMALL[whole.to_bits() as usize % SMALL.len()];
            self.padded(digits, (digits[3] % 4) as usize)
        } else {
            self.choice(&rare_number(magnitude))
        }
    }

    /// Writes a piece that is one of several.
    #[inline(always)]
    pub(super) fn choice(&mut self, Padded { bytes, length }: &Padded) -> &mut Self {
        self.padded(bytes, *length as usize % bytes.len())
    }

    pub(super) fn end(&mut self) {}
}

/// A piece of fewer than 32 bytes, which are copied as if they were 32.
#[derive(Debug)]
pub(super) struct Padded {
    bytes: [u8; 32],
    length: u8,
}

impl Padded {
    pub(super) const fn new(text: &[u8]) -> Padded {
        let mut bytes = [0; 32];
        bytes.split_at_mut(text.len()).0.copy_from_slice(text);
        Padded { bytes, length: text.len() as u8 }
    }
}

/// The text of a positive number of a thousand or more, or with a fraction.
#[inline(never)]
fn rare_number(number: f64) -> Padded {
    let mut bytes = [0; 32];
    let whole = number as u32;
    if number < 1_000_000.0 && f64::from(whole) == number {
        let [a, b, c, count] = SMALL[whole as usize / 1000 % SMALL.len()];
        let digit = |unit: u32| b'0' + (whole / unit % 10) as u8;
        let behind = usize::from(count % 4);
        [bytes[0], bytes[1], bytes[2]] = [a, b, c];
        [bytes[behind], bytes[behind + 1], bytes[behind + 2]] = [digit(100), digit(10), digit(1)];
        return Padded { bytes, length: count + 3 };
    }
    let mut length = 0;
    let mut push = |byte: u8| {
        bytes[length] = byte;
        length += 1;
    };
    let digits = |number: u32, count: u32| (0..count).rev().map(move |place| b'0' + (number / 10_u32.pow(place) % 10) as u8);
    // Of so few digits, no shorter number is as near as the number itself.
    let scaled = number * 256.0;
    if number < 1_000_000.0 && scaled.fract() == 0.0 {
        let (whole, fraction) = (scaled as u32 / 256, scaled as u32 % 256);
        digits(whole, whole.checked_ilog10().map_or(1, |log| log + 1)).for_each(&mut push);
        push(b'.');
        let fraction = fraction * (100_000_000 / 256);
        let zeros = (0..8).take_while(|&zeros| fraction % 10_u32.pow(zeros + 1) == 0).count() as u32;
        digits(fraction / 10_u32.pow(zeros), 8 - zeros).for_each(&mut push);
    } else {
        let mut text = String::new();
        js::push_number(&mut text, number);
        text.bytes().for_each(&mut push);
    }
    Padded { bytes, length: length as u8 }
}

/// The digits of the numbers below 1000, and how many they are; more, so that any ten bits are a place in it.
static SMALL: [[u8; 4]; 1024] = {
    let mut table = [[0; 4]; 1024];
    let mut number = 0;
    while number < 1000 {
        let [hundreds, tens, ones] = [b'0' + (number / 100) as u8, b'0' + (number / 10 % 10) as u8, b'0' + (number % 10) as u8];
        table[number] = match number {
            0..10 => [ones, 0, 0, 1],
            10..100 => [tens, ones, 0, 2],
            _ => [hundreds, tens, ones, 3],
        };
        number += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    fn written(labels: Labels, write: impl FnOnce(&mut Pen<'_>)) -> String {
        let mut text = String::new();
        let mut drain = |piece: &str| text.push_str(piece);
        let mut pen = Pen::new(labels, &mut drain);
        write(&mut pen);
        pen.flush();
        text
    }

    #[test]
    fn numbers_are_those_of_javascript() {
        let whole = (0..2000).map(f64::from);
        let halves = (0..60).map(|half| 1003.0 / f64::from(half).exp2());
        for number in whole.chain(halves).flat_map(|number| [number, -number]) {
            let mut expected = String::new();
            js::push_number(&mut expected, number);
            assert_eq!(written(Labels::Escaped, |pen| pen.line(|line| line.number(number).end())), expected);
        }
    }

    #[test]
    fn labels_are_escaped() {
        let label = "a_b \t\n<é>&[c]";
        assert_eq!(written(Labels::Escaped, |pen| pen.label(label)), "a&#95;b \t\n&#60;é>&#38;&#91;c&#93;");
        assert_eq!(written(Labels::Trimmed, |pen| pen.label(label)), "a&#95;b\n&#60;é>&#38;&#91;c&#93;");
    }
}

//! How the matches of a regular expression start and end, for example `/\*` and `\*/`.
//!
//! Langium guesses that from the syntax tree of the package `@chevrotain/regexp-to-ast`, which does not know all of
//! JavaScript's syntax: what it cannot read has no ends. Both the guess and the ignorance decide what is written, so
//! [`ends`] reads what that package (version 13.2.0) reads and gives what `getTerminalParts` (`regexp-utils.ts`,
//! langium 4.4.0) gives. One pass does both: no tree is needed, nothing recurses, however deeply groups are nested.

/// How the matches of one alternative start and end: regular expressions, empty where there is nothing fixed. In UTF-16
/// code units, as they can hold halves of characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The characters and classes before the first part with a quantifier.
    pub start: Vec<u16>,
    /// The characters and classes behind the last part with a quantifier.
    pub end: Vec<u16>,
}

/// The ends of each top-level alternative of the regular expression `source`, which must be valid and printed by V8
/// (`RegExp.prototype.source`: slashes and line ends are escaped); empty if it cannot be read.
///
/// Versions before 11.1 of the package, which Langium 4.0 and 4.1 use, cannot read `lookbehind` assertions.
pub fn ends(source: &str, lookbehind: bool) -> Vec<Ends> {
    let units: Vec<u16> = source.encode_utf16().collect();
    let reader = Reader { units: &units, at: 0, current: Ends::default(), is_starting: true };
    reader.alternatives(lookbehind).unwrap_or_default()
}

struct Reader<'a> {
    units: &'a [u16],
    at: usize,
    /// What is known of the alternative that is being read.
    current: Ends,
    /// Nothing with a quantifier has been read yet.
    is_starting: bool,
}

/// A parenthesis that was opened.
enum Open {
    /// A lookahead or lookbehind: it can have no quantifier here, though JavaScript allows some.
    Assertion,
    /// A group, and how long the start was before it: with a quantifier, its content does not count.
    Group(usize),
}

/// A member of a character class.
enum ClassAtom {
    Character(u16),
    /// `\d` and its like.
    Set,
}

/// The methods return `None` where the package cannot read on.
impl Reader<'_> {
    fn alternatives(mut self, lookbehind: bool) -> Option<Vec<Ends>> {
        let mut alternatives = Vec::new();
        let mut open = Vec::new();
        while let Some(character) = self.peek(0) {
            match character {
                '|' => {
                    self.at += 1;
                    if open.is_empty() {
                        alternatives.push(std::mem::take(&mut self.current));
                        self.is_starting = true;
                    }
                }
                '(' => open.push(self.open(lookbehind)?),
                ')' => {
                    self.at += 1;
                    if let Open::Group(start) = open.pop()?
                        && self.quantifier()
                    {
                        self.current.start.truncate(start);
                        self.vary();
                    }
                }
                '^' | '$' => self.at += 1,
                '\\' if matches!(self.peek(1), Some('b' | 'B')) => self.at += 2,
                '\\' => self.escape()?,
                '[' => self.class()?,
                '.' => {
                    self.at += 1;
                    self.set(self.at - 1);
                }
                '*' | '+' | '?' | '/' => return None,
                _ => {
                    self.at += 1;
                    self.character(self.units[self.at - 1]);
                }
            }
        }
        alternatives.push(self.current);
        if open.is_empty() { Some(alternatives) } else { None }
    }

    fn open(&mut self, lookbehind: bool) -> Option<Open> {
        let group = Open::Group(self.current.start.len());
        let (open, length) = match [self.peek(1), self.peek(2), self.peek(3)] {
            [Some('?'), Some('='), _] | [Some('?'), Some('!'), _] => (Open::Assertion, 3),
            [Some('?'), Some('<'), Some('=' | '!')] if lookbehind => (Open::Assertion, 4),
            [Some('?'), Some(':'), _] => (group, 3),
            [Some('?'), _, _] => return None, // a named group, flags of a group
            _ => (group, 1),
        };
        self.at += length;
        Some(open)
    }

    /// A backslash outside of classes. Only ASCII letters and digits mean something special.
    fn escape(&mut self) -> Option<()> {
        let start = self.at;
        match self.peek(1)? {
            '1'..='9' => {
                self.at += 2;
                while self.peek(0).is_some_and(|digit| digit.is_ascii_digit()) {
                    self.at += 1;
                }
                self.quantifier(); // a back reference has no text of its own
            }
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.at += 2;
                self.set(start);
            }
            _ => {
                self.at += 1;
                let value = self.escaped()?;
                self.character(value);
            }
        }
        Some(())
    }

    /// What stands for one character behind a backslash.
    fn escaped(&mut self) -> Option<u16> {
        let letter = self.next()?;
        Some(match char::from_u32(letter.into()) {
            Some('f') => 0xC,
            Some('n') => 0xA,
            Some('r') => 0xD,
            Some('t') => 0x9,
            Some('v') => 0xB,
            Some('0') => 0,
            Some('c') => {
                let control = u8::try_from(self.next()?).ok().filter(u8::is_ascii_alphabetic)?;
                (control.to_ascii_uppercase() - 64).into()
            }
            Some('x') => self.hexadecimal(2)?,
            Some('u') => self.hexadecimal(4)?,
            _ => letter,
        })
    }

    fn hexadecimal(&mut self, digits: usize) -> Option<u16> {
        let mut value = 0;
        for _ in 0..digits {
            let digit = char::from_u32(self.next()?.into())?.to_digit(16)?;
            value = value * 16 + digit as u16;
        }
        Some(value)
    }

    fn class(&mut self) -> Option<()> {
        let start = self.at;
        self.at += if self.peek(1) == Some('^') { 2 } else { 1 };
        while self.peek(0)? != ']' {
            let atom = self.class_atom()?;
            if let ClassAtom::Character(from) = atom
                && self.peek(0) == Some('-')
                && self.peek(1) != Some(']')
            {
                self.at += 1;
                if let ClassAtom::Character(to) = self.class_atom()?
                    && to < from
                {
                    return None;
                }
            }
        }
        self.at += 1;
        self.set(start);
        Some(())
    }

    fn class_atom(&mut self) -> Option<ClassAtom> {
        let unit = self.next()?;
        if unit != u16::from(b'\\') {
            return Some(ClassAtom::Character(unit));
        }
        match self.peek(0)? {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                self.at += 1;
                Some(ClassAtom::Set)
            }
            'b' => {
                self.at += 1;
                Some(ClassAtom::Character(0x8))
            }
            _ => self.escaped().map(ClassAtom::Character),
        }
    }

    /// A character was read: it is part of the ends, unless a quantifier follows.
    fn character(&mut self, unit: u16) {
        let is_special = u8::try_from(unit).is_ok_and(|byte| br".*+?^${}()|[]\".contains(&byte));
        let escaped = [b'\\'.into(), unit];
        self.add(if is_special { &escaped } else { &escaped[1..] });
    }

    /// What stands between `start` and here matches one character: it is part of the ends as it is written.
    fn set(&mut self, start: usize) {
        self.add(&self.units[start..self.at]);
    }

    fn add(&mut self, units: &[u16]) {
        if self.quantifier() {
            return self.vary();
        }
        self.current.end.extend_from_slice(units);
        if self.is_starting {
            self.current.start.extend_from_slice(units);
        }
    }

    /// Something of variable length was read.
    fn vary(&mut self) {
        self.is_starting = false;
        self.current.end.clear();
    }

    /// Skips a quantifier, if one follows. A brace that starts none is a character like any other.
    fn quantifier(&mut self) -> bool {
        let length = match self.peek(0) {
            Some('*' | '+' | '?') => 1,
            Some('{') => self.braces(),
            _ => 0,
        };
        self.at += length;
        if length > 0 && self.peek(0) == Some('?') {
            self.at += 1;
        }
        length > 0
    }

    /// The length of `{1}`, `{1,}` or `{1,2}` here, 0 if there is none of them.
    fn braces(&self) -> usize {
        let digits_from =
            |from: usize| (from..).take_while(|&offset| self.peek(offset).is_some_and(|c| c.is_ascii_digit())).count();
        let least = digits_from(1);
        let mut length = 1 + least;
        if self.peek(length) == Some(',') {
            length += 1 + digits_from(length + 1);
        }
        if least > 0 && self.peek(length) == Some('}') { length + 1 } else { 0 }
    }

    /// The code unit `offset` places ahead; halves of characters, which mean nothing in the syntax, as U+FFFD.
    fn peek(&self, offset: usize) -> Option<char> {
        let unit = *self.units.get(self.at + offset)?;
        Some(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn next(&mut self) -> Option<u16> {
        let unit = *self.units.get(self.at)?;
        self.at += 1;
        Some(unit)
    }
}

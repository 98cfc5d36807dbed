//! JSON with positions, so that a complaint about a configuration can name the line.
//!
//! Accepts exactly what `JSON.parse` accepts, because that is what reads the configuration in langium-cli. The crates
//! that keep positions read supersets of JSON (jsonc-parser, tried first, takes raw line breaks in strings and Unicode
//! spaces between tokens even with every option off), so this reader is our own.

use langloom_core::text::Span;

/// A value and where it stands.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) value: Value,
    pub(crate) span: Span,
}

/// What a value is.
#[derive(Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Node>),
    /// Members in the order of the text, repeated keys included; the last one of a key counts.
    Object(Vec<Member>),
}

/// One `"key": value` of an object.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

/// Where a text stops being JSON, and why.
#[derive(Debug, PartialEq)]
pub(crate) struct SyntaxError {
    pub(crate) span: Span,
    pub(crate) message: &'static str,
}

/// How deep lists and objects may nest: the reader recurses, and no configuration comes near.
const MAX_DEPTH: u32 = 500;

/// Reads `text`, less than 4 GiB, as one JSON value. A byte order mark before it is skipped.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut reader = Reader { text, bytes: text.as_bytes(), at, depth: 0 };
    let node = reader.value()?;
    match reader.peek() {
        None => Ok(node),
        Some(_) => Err(reader.error("expected the end of the file")),
    }
}

impl Node {
    /// The value of `key`, if this is an object that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => members.iter().rfind(|member| member.key == key).map(|member| &member.value),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::List(_) => None,
        }
    }

    /// The text, if this is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Object(_) => None,
        }
    }

    /// The items, if this is a list; none otherwise.
    pub(crate) fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Object(_) => &[],
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: u32,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Node, SyntaxError> {
        let first = self.peek();
        let start = self.at;
        let value = match first {
            Some(b'{') => Value::Object(self.nested(Reader::object)?),
            Some(b'[') => Value::List(self.nested(Reader::list)?),
            Some(b'"') => Value::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Value::Number(self.number()?),
            Some(b't') => self.word("true", Value::Bool(true))?,
            Some(b'f') => self.word("false", Value::Bool(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            Some(b'\'') => return Err(self.error("expected a value; JSON wants double quotes")),
            Some(b'/') => return Err(self.error("expected a value; JSON has no comments")),
            Some(_) => return Err(self.error("expected a value")),
            None => return Err(self.error("expected a value, but the file ends here")),
        };
        Ok(Node { value, span: Span::new(start as u32, self.at as u32) })
    }

    fn nested<T>(&mut self, read: fn(&mut Self) -> Result<T, SyntaxError>) -> Result<T, SyntaxError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("lists and objects nest too deeply here"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(value)
    }

    /// The rest of an object, after its `{`.
    fn object(&mut self) -> Result<Vec<Member>, SyntaxError> {
        let mut members = Vec::new();
        if self.eat(b'}') {
            return Ok(members);
        }
        loop {
            match self.peek() {
                Some(b'"') => {}
                Some(b'}') => return Err(self.error("expected a key; JSON has no trailing commas")),
                Some(b'/') => return Err(self.error("expected a key; JSON has no comments")),
                Some(_) => return Err(self.error("expected a key in double quotes")),
                None => return Err(self.error("expected a key, but the file ends here")),
            }
            let start = self.at as u32;
            let key = self.string()?;
            let key_span = Span::new(start, self.at as u32);
            if !self.eat(b':') {
                return Err(self.error("expected `:` after the key"));
            }
            members.push(Member { key, key_span, value: self.value()? });
            if self.eat(b'}') {
                return Ok(members);
            }
            if !self.eat(b',') {
                return Err(self.error("expected `,` or `}`"));
            }
        }
    }

    /// The rest of a list, after its `[`.
    fn list(&mut self) -> Result<Vec<Node>, SyntaxError> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(items);
        }
        loop {
            if !items.is_empty() && self.peek() == Some(b']') {
                return Err(self.error("expected a value; JSON has no trailing commas"));
            }
            items.push(self.value()?);
            if self.eat(b']') {
                return Ok(items);
            }
            if !self.eat(b',') {
                return Err(self.error("expected `,` or `]`"));
            }
        }
    }

    fn string(&mut self) -> Result<String, SyntaxError> {
        let open = self.at;
        self.at += 1;
        let mut value = String::new();
        loop {
            let rest = &self.bytes[self.at..];
            let plain = rest.iter().position(|&byte| byte == b'"' || byte == b'\\' || byte < b' ');
            let Some(plain) = plain else {
                self.at = open;
                return Err(self.error("this string has no end"));
            };
            value.push_str(&self.text[self.at..self.at + plain]);
            self.at += plain;
            match self.bytes[self.at] {
                b'"' => {
                    self.at += 1;
                    return Ok(value);
                }
                b'\\' => value.push(self.escape()?),
                b'\n' | b'\r' => {
                    self.at = open;
                    return Err(self.error("this string has no end on its line"));
                }
                _ => return Err(self.error("control characters in strings must be written as \\u escapes")),
            }
        }
    }

    /// The character that a `\` sequence stands for. Half a surrogate pair becomes U+FFFD, as it does when Node writes
    /// such a string to a file.
    fn escape(&mut self) -> Result<char, SyntaxError> {
        let start = self.at;
        let letter = self.bytes.get(self.at + 1).copied();
        self.at += 2;
        Ok(match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let Some(unit) = self.hex(self.at) else {
                    self.at = start;
                    return Err(self.error("\\u wants four hexadecimal digits"));
                };
                self.at += 4;
                let low = match unit {
                    0xD800..=0xDBFF if self.bytes[self.at..].starts_with(b"\\u") => self.hex(self.at + 2),
                    _ => None,
                };
                match (char::from_u32(unit), low) {
                    (None, Some(low @ 0xDC00..=0xDFFF)) => {
                        self.at += 6;
                        let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                        char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
                    }
                    (char, _) => char.unwrap_or(char::REPLACEMENT_CHARACTER),
                }
            }
            _ => {
                self.at = start;
                return Err(self.error("no such escape in JSON"));
            }
        })
    }

    fn hex(&self, at: usize) -> Option<u32> {
        let digits = self.bytes.get(at..at + 4)?;
        digits.iter().try_fold(0, |value, &digit| Some(value * 16 + char::from(digit).to_digit(16)?))
    }

    fn number(&mut self) -> Result<f64, SyntaxError> {
        let start = self.at;
        self.at += usize::from(self.bytes[self.at] == b'-');
        let leading_zero = self.bytes.get(self.at) == Some(&b'0');
        let mut digits = self.digits();
        if leading_zero && digits > 1 {
            self.at = start;
            return Err(self.error("numbers in JSON do not start with 0"));
        }
        if digits > 0 && self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            digits = self.digits();
        }
        if digits > 0 && matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.bytes.get(self.at), Some(b'+' | b'-')));
            digits = self.digits();
        }
        match self.text[start..self.at].parse() {
            Ok(value) if digits > 0 => Ok(value),
            _ => Err(self.error("expected a digit")),
        }
    }

    /// Skips digits and says how many.
    fn digits(&mut self) -> usize {
        let count = self.bytes[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += count;
        count
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, SyntaxError> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.error("expected a value"));
        }
        self.at += word.len();
        Ok(value)
    }

    /// Skips white space; the byte after it.
    fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// An error at the current character.
    fn error(&self, message: &'static str) -> SyntaxError {
        let at = self.at.min(self.text.len());
        let length = self.text[at..].chars().next().map_or(0, char::len_utf8);
        SyntaxError { span: Span::new(at as u32, (at + length) as u32), message }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(node: &Node) -> String {
        match &node.value {
            Value::Null => "null".into(),
            Value::Bool(value) => value.to_string(),
            Value::Number(value) => value.to_string(),
            Value::Text(value) => format!("{value:?}"),
            Value::List(items) => format!("{:?}", items.iter().map(show).collect::<Vec<_>>()),
            Value::Object(members) => members.iter().map(|m| format!("{}:{};", m.key, show(&m.value))).collect(),
        }
    }

    #[test]
    fn reads_what_json_parse_reads() {
        for (text, expected) in [
            (" [1, -0.5e+1 ,0] ", r#"["1", "-5", "0"]"#),
            ("\u{FEFF}{}", ""),
            (r#"{"a":true,"b":{"c":null}}"#, "a:true;b:c:null;;"),
            (r#""\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00""#, r#""\"\\/\u{8}\u{c}\n\r\tä😀""#),
            (r#""\ud800x\udc00\ud800\u0041""#, "\"\u{FFFD}x\u{FFFD}\u{FFFD}A\""),
            ("\"\u{7F}\u{2028}\"", "\"\\u{7f}\\u{2028}\""),
            ("1e999", "inf"),
        ] {
            let node = parse(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(show(&node), expected, "{text}");
        }
    }

    #[test]
    fn rejects_what_json_parse_rejects() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            ("[1,]", 3),
            (r#"{"a":1,}"#, 7),
            (r#"{"a" 1}"#, 5),
            ("{'a':1}", 1),
            ("[1 2]", 3),
            ("// x\n1", 0),
            ("\u{B}1", 0),
            ("\u{A0}1", 0),
            ("\u{FEFF}\u{FEFF}1", 3),
            ("01", 0),
            ("-", 1),
            ("1.", 2),
            ("1e", 2),
            (".5", 0),
            ("+1", 0),
            ("NaN", 0),
            ("tru", 0),
            ("truex", 4),
            ("1 1", 2),
            ("\"a\nb\"", 0),
            ("\"a\tb\"", 2),
            ("\"a", 0),
            (r#""\x41""#, 1),
            (r#""\u00g0""#, 1),
            (r#""\"#, 1),
            (r#""\u12"#, 1),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.span.start, at, "{text}: {}", error.message);
        }
    }

    #[test]
    fn deep_nesting_is_an_error_not_a_crash() {
        assert!(parse(&("[".repeat(500) + &"]".repeat(500))).is_ok());
        assert_eq!(parse(&"[".repeat(1_000_000)).unwrap_err().span.start, 500);
        assert!(parse(&"{\"a\":".repeat(1_000_000)).is_err());
    }

    #[test]
    fn the_last_of_repeated_keys_counts() {
        let node = parse(r#"{"a":1,"b":2,"a":"x"}"#).unwrap();
        assert_eq!(node.get("a").and_then(Node::text), Some("x"));
        assert_eq!(node.get("c").map(|_| ()), None);
    }
}

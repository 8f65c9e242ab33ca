//! Reads a request as developers have it at hand: JSON, the object of a call in JavaScript, or that call with what stands
//! around it. Keys without quotes, single quotes, comments and commas at the end are as good as JSON; code in place of a
//! value is noted as code.

use super::{
    cursor::Reader,
    value::{Object, Value},
};

/// The longest text that is read, in bytes.
pub const LONGEST: u32 = 64 * 1024;
/// The deepest that things may lie within each other.
const DEEPEST: u32 = 24;
/// The most values.
const MOST: u32 = 4_000;

/// Why a text is no request. Lines are counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadError {
    Empty,
    TooLong {
        max: u32,
    },
    /// There is no `{`, nor anything like `name: value`.
    NoObject,
    TooDeep {
        line: u32,
    },
    TooMany {
        line: u32,
    },
    /// A bracket that was opened in this line is never closed.
    Unclosed {
        line: u32,
    },
    /// A quote that was opened in this line is not closed in it.
    UnclosedText {
        line: u32,
    },
    /// “ ” or ‘ ’ in place of straight quotes.
    CurlyQuote {
        line: u32,
    },
    MissingComma {
        line: u32,
    },
    MissingColon {
        line: u32,
    },
    /// Something else where a parameter's name belongs.
    NoName {
        line: u32,
    },
    NoValue {
        line: u32,
    },
}

type Result<T> = std::result::Result<T, ReadError>;

/// The request in a text.
pub fn read(text: &str) -> Result<Object> {
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    if text.len() > LONGEST as usize {
        return Err(ReadError::TooLong { max: LONGEST });
    }
    let start = Reader { rest: text, line: 1, count: 0 };
    let mut bare = start.clone();
    if bare.begins_with_name() {
        return start.clone().entries(None, 0);
    }
    let mut reader = start.after("request_pay").filter(Reader::begins_with_object).unwrap_or(start);
    reader.skip_to_object()?;
    let line = reader.line;
    reader.next();
    reader.entries(Some(line), 1)
}

impl Reader<'_> {
    /// Behind a word and the bracket that follows it.
    fn after(&self, word: &str) -> Option<Self> {
        let mut reader = self.clone();
        while !reader.rest.starts_with(word) {
            reader.next()?;
        }
        while reader.next()? != '(' {}
        Some(reader)
    }

    fn begins_with_object(&self) -> bool {
        let mut reader = self.clone();
        reader.skip();
        reader.peek() == Some('{')
    }

    /// Whether it is a request without the brackets around it.
    fn begins_with_name(&mut self) -> bool {
        self.skip();
        let is_name = match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote).is_ok(),
            _ => !self.take_while(is_word).is_empty(),
        };
        self.skip();
        is_name && self.take(':')
    }

    /// To the first `{` that is not within a comment.
    fn skip_to_object(&mut self) -> Result<()> {
        loop {
            match self.peek() {
                None => return Err(ReadError::NoObject),
                Some('{') => return Ok(()),
                Some('/') => {
                    let before = self.rest.len();
                    self.skip();
                    if self.rest.len() == before {
                        self.next();
                    }
                }
                // Not a comment: `https://…`.
                Some(':') => {
                    self.take_while(|c| c == ':' || c == '/');
                }
                Some(_) => {
                    self.next();
                }
            }
        }
    }

    /// The parameters up to the bracket that closes them; up to the end, where none was opened.
    fn entries(&mut self, opened: Option<u32>, depth: u32) -> Result<Object> {
        if depth > DEEPEST {
            return Err(ReadError::TooDeep { line: self.line });
        }
        let mut object = Object::default();
        loop {
            self.skip();
            match (self.peek(), opened) {
                (Some('}'), Some(_)) => {
                    self.next();
                    return Ok(object);
                }
                (None, None) => return Ok(object),
                (None, Some(line)) => return Err(ReadError::Unclosed { line }),
                (Some('.'), _) if self.rest.starts_with("...") => {
                    self.code()?;
                    object.is_open = true;
                }
                // A name that is computed may be any.
                (Some('['), _) => {
                    self.next();
                    self.code()?;
                    self.take(']');
                    self.skip();
                    if !self.take(':') {
                        return Err(ReadError::MissingColon { line: self.line });
                    }
                    self.value(depth)?;
                    object.is_open = true;
                }
                _ => {
                    let entry = self.entry(depth)?;
                    object.entries.push(entry);
                }
            }
            self.end_of_item(opened.is_some().then_some('}'))?;
        }
    }

    fn entry(&mut self, depth: u32) -> Result<(String, Value)> {
        let line = self.line;
        let name = match self.peek() {
            Some(quote @ ('"' | '\'')) => self.quoted(quote)?,
            Some('“' | '”' | '‘' | '’') => return Err(ReadError::CurlyQuote { line }),
            _ => self.take_while(is_word).to_owned(),
        };
        if name.is_empty() {
            return Err(ReadError::NoName { line });
        }
        self.skip();
        match self.peek() {
            Some(':') => {
                self.next();
                Ok((name, self.value(depth)?))
            }
            // `{ amount }` is short for `{ amount: amount }`.
            Some(',' | '}') | None => Ok((name, Value::Code)),
            Some('(') => {
                self.code()?;
                Ok((name, Value::Code))
            }
            Some(_) => Err(ReadError::MissingColon { line: self.line }),
        }
    }

    fn value(&mut self, depth: u32) -> Result<Value> {
        self.skip();
        self.count += 1;
        if self.count > MOST {
            return Err(ReadError::TooMany { line: self.line });
        }
        let (line, before) = (self.line, self.clone());
        let value = match self.peek() {
            None | Some(',' | '}' | ']') => return Err(ReadError::NoValue { line }),
            Some('“' | '”' | '‘' | '’') => return Err(ReadError::CurlyQuote { line }),
            Some('{') => {
                self.next();
                Value::Object(self.entries(Some(line), depth + 1)?)
            }
            Some('[') => {
                self.next();
                self.list(line, depth + 1)?
            }
            Some(quote @ ('"' | '\'')) => Value::Text(self.quoted(quote)?),
            Some('`') => self.template()?,
            Some(c) if c.is_ascii_digit() || c == '-' => self.number(),
            Some(c) if is_word(c) => match self.take_while(is_word) {
                "true" => Value::Boolean(true),
                "false" => Value::Boolean(false),
                "null" | "undefined" => Value::Nothing,
                _ => return self.code().map(|()| Value::Code),
            },
            Some(_) => return self.code().map(|()| Value::Code),
        };
        self.skip();
        match self.peek() {
            None | Some(',' | '}' | ']') => Ok(value),
            // Two values in a row.
            Some(c) if is_word(c) || matches!(c, '"' | '\'' | '{') => Err(ReadError::MissingComma { line: self.line }),
            // A value that is calculated with: read again, as code.
            Some(_) => {
                *self = before;
                self.code().map(|()| Value::Code)
            }
        }
    }

    fn list(&mut self, opened: u32, depth: u32) -> Result<Value> {
        if depth > DEEPEST {
            return Err(ReadError::TooDeep { line: self.line });
        }
        let mut items = Vec::new();
        loop {
            self.skip();
            match self.peek() {
                None => return Err(ReadError::Unclosed { line: opened }),
                Some(']') => {
                    self.next();
                    return Ok(Value::List(items));
                }
                _ => items.push(self.value(depth)?),
            }
            self.end_of_item(Some(']'))?;
        }
    }

    /// A comma, or the bracket that closes (and stays). Without one to close, the end of the text.
    fn end_of_item(&mut self, closing: Option<char>) -> Result<()> {
        self.skip();
        match self.peek() {
            Some(',') => {
                self.next();
                Ok(())
            }
            None => Ok(()),
            next if closing.is_some() && next == closing => Ok(()),
            Some(_) => Err(ReadError::MissingComma { line: self.line }),
        }
    }

    fn number(&mut self) -> Value {
        let text = self.take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
        Value::Number(text.chars().filter(|c| *c != '_').collect())
    }

    fn quoted(&mut self, quote: char) -> Result<String> {
        let line = self.line;
        self.next();
        let mut text = String::new();
        loop {
            match self.next() {
                None | Some('\n') => return Err(ReadError::UnclosedText { line }),
                Some('\\') => text.extend(self.escaped()),
                Some(c) if c == quote => return Ok(text),
                Some(c) => text.push(c),
            }
        }
    }

    fn escaped(&mut self) -> Option<char> {
        match self.next()? {
            'n' => Some('\n'),
            't' => Some('\t'),
            'r' => Some('\r'),
            'u' => {
                let digits = self.rest.get(..4)?;
                let c = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
                digits.chars().for_each(|_| {
                    self.next();
                });
                Some(c)
            }
            // A line that goes on in the next one.
            '\n' => None,
            other => Some(other),
        }
    }

    /// Text in backticks: a value, where no code is within.
    fn template(&mut self) -> Result<Value> {
        let line = self.line;
        self.next();
        let (mut text, mut is_code) = (String::new(), false);
        loop {
            is_code |= self.rest.starts_with("${");
            match self.next() {
                None => return Err(ReadError::UnclosedText { line }),
                Some('\\') => text.extend(self.escaped()),
                Some('`') => return Ok(if is_code { Value::Code } else { Value::Text(text) }),
                Some(c) => text.push(c),
            }
        }
    }

    /// Goes on behind code, to the comma or the bracket that ends it.
    fn code(&mut self) -> Result<()> {
        let line = self.line;
        let mut open = 0_u32;
        loop {
            self.skip();
            match self.peek() {
                None if open > 0 => return Err(ReadError::Unclosed { line }),
                None => return Ok(()),
                Some(',' | '}' | ']' | ')') if open == 0 => return Ok(()),
                Some(quote @ ('"' | '\'')) => {
                    self.quoted(quote)?;
                }
                Some('`') => {
                    self.template()?;
                }
                Some(c) => {
                    self.next();
                    match c {
                        '(' | '[' | '{' => open += 1,
                        ')' | ']' | '}' => open -= 1,
                        _ => {}
                    }
                }
            }
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

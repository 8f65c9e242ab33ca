//! Going through a text letter by letter.

use crate::text::is_default_ignorable;

/// How far a text is read.
#[derive(Clone)]
pub(super) struct Reader<'a> {
    pub rest: &'a str,
    /// Counted from 1.
    pub line: u32,
    /// How many values there were.
    pub count: u32,
}

impl<'a> Reader<'a> {
    pub fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        self.line += u32::from(next == Some('\n'));
        next
    }

    pub fn take(&mut self, wanted: char) -> bool {
        let is_next = self.peek() == Some(wanted);
        if is_next {
            self.next();
        }
        is_next
    }

    pub fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let before = self.rest;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        before.strip_suffix(self.rest).unwrap_or_default()
    }

    /// Goes on behind white space, what cannot be seen, and comments.
    pub fn skip(&mut self) {
        loop {
            self.take_while(|c| c.is_whitespace() || is_default_ignorable(c));
            if self.rest.starts_with("//") {
                self.take_while(|c| c != '\n');
            } else if self.rest.starts_with("/*") {
                while !self.rest.is_empty() && !self.rest.starts_with("*/") {
                    self.next();
                }
                self.next();
                self.next();
            } else {
                return;
            }
        }
    }
}

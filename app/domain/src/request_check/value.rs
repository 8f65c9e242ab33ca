//! A request as far as it can be read: values, and places where code stands whose value nobody knows here.

/// A value of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// `null` or `undefined`.
    Nothing,
    Boolean(bool),
    /// As it is written, without the `_` between digits.
    Number(String),
    Text(String),
    List(Vec<Value>),
    Object(Object),
    /// A variable, a call, a sum: there, but only the program knows what it is.
    Code,
}

/// Parameters in the order in which they are written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Object {
    pub entries: Vec<(String, Value)>,
    /// Whether more comes from code (`...defaults`): what is not here may still be there.
    pub is_open: bool,
}

/// What was found under a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found<'a> {
    Value(&'a Value),
    /// Written, as code.
    Code,
    /// Not written; whether it is sent is up to code.
    Unknown,
    NotThere,
}

impl Object {
    /// The value of a parameter; of several, the last one, as in JavaScript.
    fn own(&self, name: &str) -> Found<'_> {
        match self.entries.iter().rev().find(|(key, _)| key == name) {
            Some((_, Value::Code)) => Found::Code,
            Some((_, value)) => Found::Value(value),
            None if self.is_open => Found::Unknown,
            None => Found::NotThere,
        }
    }

    /// The value at a place like `card.direct.code`.
    pub fn find(&self, field: &str) -> Found<'_> {
        let (name, rest) = field.split_once('.').map_or((field, None), |(name, rest)| (name, Some(rest)));
        match (self.own(name), rest) {
            (Found::Value(Value::Object(inner)), Some(rest)) => inner.find(rest),
            (Found::Value(_), Some(_)) => Found::NotThere,
            (Found::Code, Some(_)) => Found::Unknown,
            (found, _) => found,
        }
    }

    /// Whether something is written at this place, be it code, or code from which it comes.
    pub fn is_written(&self, field: &str) -> bool {
        let (name, rest) = field.split_once('.').map_or((field, None), |(name, rest)| (name, Some(rest)));
        self.entries.iter().any(|(key, value)| {
            key == name
                && match (value, rest) {
                    (_, None) | (Value::Code, _) => true,
                    (Value::Object(inner), Some(rest)) => inner.is_written(rest),
                    (_, Some(_)) => false,
                }
        })
    }

    /// Puts a value at a place like `card.direct.code`.
    pub fn put(&mut self, field: &str, value: Value) {
        let Some((name, rest)) = field.split_once('.') else {
            self.entries.push((field.to_owned(), value));
            return;
        };
        if let Some((_, Value::Object(inner))) = self.entries.iter_mut().find(|(key, _)| key == name) {
            inner.put(rest, value);
            return;
        }
        let mut inner = Self::default();
        inner.put(rest, value);
        self.entries.push((name.to_owned(), Value::Object(inner)));
    }

    /// Every place where a value stands, in the order in which they are written.
    pub fn places(&self) -> Vec<String> {
        let within = |name: &String, value: &Value| match value {
            Value::Object(inner) if !inner.entries.is_empty() => {
                inner.places().into_iter().map(|place| format!("{name}.{place}")).collect()
            }
            _ => vec![name.clone()],
        };
        self.entries.iter().flat_map(|(name, value)| within(name, value)).collect()
    }
}

impl Value {
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(object) => object.entries.is_empty() && !object.is_open,
            _ => false,
        }
    }

    /// The whole number that it is; digits in quotes are one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Self::Number(text) | Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// One value as text, as a gateway sees it.
    pub fn plain(&self) -> Option<String> {
        match self {
            Self::Boolean(is) => Some(is.to_string()),
            Self::Number(text) => Some(text.clone()),
            Self::Text(text) => Some(text.trim().to_owned()),
            _ => None,
        }
    }

    /// As it would be written, cut where it is long.
    pub fn written(&self) -> String {
        const MOST: usize = 60;
        let text = match self {
            Self::Nothing => "null".to_owned(),
            Self::Boolean(is) => is.to_string(),
            Self::Number(text) => text.clone(),
            Self::Text(text) => format!("\"{text}\""),
            Self::List(items) => {
                let items: Vec<String> = items.iter().take(MOST).map(Self::written).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Object(_) => "{…}".to_owned(),
            Self::Code => "…".to_owned(),
        };
        if text.chars().count() > MOST { text.chars().take(MOST).chain(['…']).collect() } else { text }
    }
}

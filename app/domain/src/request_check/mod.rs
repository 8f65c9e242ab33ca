//! Tells what is wrong with a payment request before it is sent. The rules are the catalogue's
//! ([`requests`](crate::catalogue::requests)); here is what their words mean.

mod cursor;
mod read;
mod value;

use std::collections::{BTreeMap, BTreeSet};

use validator::Validate;

pub use read::{LONGEST, ReadError, read};
pub use value::{Found, Object, Value};

use crate::{
    catalogue::{
        Module,
        requests::{ChannelName, Device, InputKind, Level, RequestCall, RequestInput, RequestRule, Test},
    },
    channel::Mode,
    form::FormErrors,
    id::ChannelKey,
};

/// What the request checker's page posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Validate)]
pub struct RequestForm {
    #[validate(length(max = 40, code = "too_long"))]
    pub call: String,
    /// Empty for every device.
    #[validate(length(max = 40, code = "too_long"))]
    pub device: String,
    /// `paste`, `fill` when the inputs are meant, or `enter` when no button was pressed.
    #[validate(length(max = 40, code = "too_long"))]
    pub by: String,
    /// What was pasted.
    pub text: String,
    /// What was filled in, by parameter.
    pub inputs: BTreeMap<String, String>,
}

impl RequestForm {
    pub const FILL: &'static str = "fill";
    pub const PASTE: &'static str = "paste";
    pub const ENTER: &'static str = "enter";
    /// What the name of an input begins with.
    pub const INPUT: &'static str = "in.";

    /// From names and values as they are posted. Names that the form does not have are left out.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "call" => form.call = value,
                "device" => form.device = value,
                "by" => form.by = value,
                "text" => form.text = value,
                _ => {
                    if let Some(field) = name.strip_prefix(Self::INPUT) {
                        form.inputs.insert(field.to_owned(), value);
                    }
                }
            }
        }
        form
    }

    /// Whether anything was asked at all.
    pub fn is_asked(&self) -> bool {
        !self.by.is_empty()
    }

    /// Whether the inputs are meant. No text area sends a form by the Enter key, so that key was pressed in an input.
    pub fn is_filled(&self) -> bool {
        let has_input = || self.inputs.values().any(|typed| !typed.trim().is_empty());
        self.by == Self::FILL || self.by == Self::ENTER && (has_input() || self.text.trim().is_empty())
    }

    pub fn device(&self) -> Option<Device> {
        match self.device.as_str() {
            "pc" => Some(Device::Pc),
            "mobile" => Some(Device::Mobile),
            _ => None,
        }
    }

    /// The request that is meant: what was pasted, or what was filled in.
    pub fn request(&self, call: &RequestCall) -> Result<Object, ReadError> {
        if self.validate().map_err(FormErrors::from).is_err() {
            return Err(ReadError::NoObject);
        }
        if self.is_filled() { Ok(self.filled(call)) } else { read(&self.text) }
    }

    fn filled(&self, call: &RequestCall) -> Object {
        let mut request = Object::default();
        for input in &call.inputs {
            let typed = self.inputs.get(&input.field).map_or("", |typed| typed.trim());
            if !typed.is_empty() {
                request.put(&input.field, as_typed(input, typed));
            }
        }
        request
    }
}

fn as_typed(input: &RequestInput, typed: &str) -> Value {
    let number = |text: &str| match text.trim().parse::<i64>() {
        Ok(_) => Value::Number(text.trim().to_owned()),
        Err(_) => Value::Text(text.trim().to_owned()),
    };
    match (input.kind, typed) {
        (InputKind::Number, _) => number(typed),
        (InputKind::Boolean, "true") => Value::Boolean(true),
        (InputKind::Boolean, "false") => Value::Boolean(false),
        (InputKind::Numbers, _) => {
            Value::List(typed.split(',').filter(|part| !part.trim().is_empty()).map(number).collect())
        }
        _ => Value::Text(typed.to_owned()),
    }
}

/// The channel that a request is meant for.
#[derive(Debug, Clone, Copy)]
pub struct Channel<'a> {
    pub key: ChannelKey,
    pub mode: Mode,
    pub mid: &'a str,
    pub module: &'a Module,
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<'a> {
    pub rule: &'a RequestRule,
    /// What the request says there, as it is written.
    pub given: Option<String>,
}

/// What the rules say about a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<'a> {
    /// What is refused first, then what wants care; otherwise in the guide's order.
    pub findings: Vec<Finding<'a>>,
    /// Parameters on which a rule could not be decided, since code stands there.
    pub undecided: Vec<String>,
    /// Whether more is sent than is written (`...data`), so that some rules could not be decided.
    pub is_open: bool,
    /// Parameters of which the guide says nothing.
    pub unmentioned: Vec<String>,
    /// How many rules there are for such a request.
    pub rules: usize,
}

impl Report<'_> {
    /// Whether every rule is kept, as far as the rules go.
    pub fn is_fine(&self) -> bool {
        self.findings.is_empty() && self.undecided.is_empty() && !self.is_open
    }

    pub fn count(&self, level: Level) -> usize {
        self.findings.iter().filter(|finding| finding.rule.level == level).count()
    }
}

/// Holds a request against every rule of its call.
pub fn check<'a>(call: &'a RequestCall, request: &Object, device: Option<Device>, channel: Channel<'_>) -> Report<'a> {
    let applies = |rule: &&RequestRule| {
        rule.mode.is_none_or(|mode| mode == channel.mode)
            && (device.is_none() || rule.device.is_none() || rule.device == device)
    };
    let mut findings = Vec::new();
    let mut undecided = BTreeSet::new();
    let rules: Vec<&RequestRule> = call.rules.iter().filter(applies).collect();
    for rule in &rules {
        // A circumstance that may hold is not enough to say that something is wrong.
        let circumstances = rule.when.iter().map(|when| (when, asked(&when.is, request.find(&when.field), channel)));
        let mut may_hold = Vec::new();
        let mut holds = true;
        for (when, answer) in circumstances {
            holds &= matches!(answer, Answer::Yes | Answer::Unknown);
            if answer == Answer::Unknown {
                may_hold.push(when.field.clone());
            }
        }
        let must = asked(&rule.must, request.find(&rule.field), channel);
        if !holds || matches!(must, Answer::Yes | Answer::NotThere) {
            continue;
        }
        if must == Answer::Unknown {
            undecided.insert(rule.field.clone());
        }
        if must == Answer::No && may_hold.is_empty() {
            let given = match request.find(&rule.field) {
                Found::Value(value) => Some(value.written()),
                _ => None,
            };
            findings.push(Finding { rule, given });
        }
        undecided.extend(may_hold);
    }
    findings.sort_by_key(|finding| finding.rule.level == Level::Caution);
    // What is not written at all, with `...` around it, would be every parameter that there is.
    let all = undecided.len();
    undecided.retain(|field| request.is_written(field));
    let is_open = undecided.len() < all;
    let unmentioned = request.places().into_iter().filter(|place| !call.mentions(place)).collect();
    Report { findings, undecided: undecided.into_iter().collect(), is_open, unmentioned, rules: rules.len() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// Code stands there.
    Unknown,
    NotThere,
}

fn asked(test: &Test, found: Found<'_>, channel: Channel<'_>) -> Answer {
    let yes = |is: bool| if is { Answer::Yes } else { Answer::No };
    let value = match (found, test) {
        // Code that is written is taken to give something.
        (Found::Code, Test::Present) | (Found::NotThere, Test::Absent) => return Answer::Yes,
        (Found::Code, Test::Absent) | (Found::NotThere, Test::Present) => return Answer::No,
        (Found::Code | Found::Unknown, _) => return Answer::Unknown,
        (Found::NotThere, _) => return Answer::NotThere,
        (Found::Value(value), Test::Present) => return yes(!value.is_blank()),
        (Found::Value(value), Test::Absent) => return yes(value.is_blank()),
        (Found::Value(value), _) if value.is_blank() => return Answer::NotThere,
        (Found::Value(value), _) => value,
    };
    let numbers = || match value {
        Value::List(items) => items.iter().map(Value::number).collect::<Option<Vec<i64>>>(),
        _ => None,
    };
    let plain = || value.plain().unwrap_or_default();
    match test {
        Test::Present | Test::Absent => Answer::Yes,
        Test::Text => yes(matches!(value, Value::Text(_))),
        Test::Number => yes(value.number().is_some()),
        Test::Boolean => yes(matches!(value, Value::Boolean(_))),
        Test::Numbers => yes(numbers().is_some()),
        Test::Digits => yes(!plain().is_empty() && plain().bytes().all(|byte| byte.is_ascii_digit())),
        Test::OneOf(words) => yes(words.contains(&plain())),
        Test::NoneOf(words) => yes(!words.contains(&plain())),
        // What is no number is told by another rule.
        Test::AtLeast(least) => value.number().map_or(Answer::NotThere, |number| yes(number >= *least)),
        Test::Below(limit) => value.number().map_or(Answer::NotThere, |number| yes(number < *limit)),
        Test::HasAbove(limit) => numbers().map_or(Answer::NotThere, |all| yes(all.iter().any(|n| n > limit))),
        Test::NoneAbove(limit) => numbers().map_or(Answer::NotThere, |all| yes(all.iter().all(|n| n <= limit))),
        Test::OfChannel(name) => yes(names(*name, &plain(), channel)),
    }
}

fn names(name: ChannelName, given: &str, channel: Channel<'_>) -> bool {
    let code = channel.module.pg_code.as_deref().unwrap_or_default();
    match name {
        ChannelName::ChannelKey => given == channel.key.to_string(),
        ChannelName::PgCode => given == code || given.split_once('.').is_some_and(|(first, _)| first == code),
        ChannelName::Pg => given == code || given.split_once('.') == Some((code, channel.mid)),
    }
}

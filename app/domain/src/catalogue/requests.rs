//! The catalogue's words for what a payment request must say. A guide of a gateway is a list of calls, a call a list of
//! rules; the request checker knows these words and no gateway.

use serde::{Deserialize, Serialize};

use super::model::{LocalText, Version};
use crate::{channel::Mode, id::ModuleId};

/// A gateway's guide for developers: what it asks of requests to some modules of the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestGuide {
    pub modules: Vec<ModuleId>,
    pub version: Version,
    /// What every finding cites.
    pub title: String,
    pub url: String,
    pub sources: Vec<String>,
    #[serde(rename = "call")]
    pub calls: Vec<RequestCall>,
}

/// One way of asking: a function of the SDK or an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestCall {
    pub key: String,
    /// As it stands in code: `IMP.request_pay`.
    pub name: String,
    pub title: LocalText,
    /// Whether it makes a difference on which device it is called.
    #[serde(default)]
    pub by_device: bool,
    /// A request in which nothing is wrong, as one begins with.
    pub example: String,
    /// What can be filled in instead of pasting.
    #[serde(rename = "input")]
    pub inputs: Vec<RequestInput>,
    /// Parameters that the guide mentions beside those of inputs and rules; `name.*` for all within one.
    #[serde(default)]
    pub parameters: Vec<String>,
    #[serde(rename = "rule")]
    pub rules: Vec<RequestRule>,
}

/// A parameter to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestInput {
    /// The parameter, with dots between what is within what: `card.direct.code`.
    pub field: String,
    pub label: LocalText,
    #[serde(default)]
    pub kind: InputKind,
    /// The values to choose from.
    #[serde(default, rename = "choice")]
    pub choices: Vec<RequestChoice>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InputKind {
    #[default]
    Text,
    Number,
    /// Yes, no, or nothing said.
    Boolean,
    /// Numbers with commas between them.
    Numbers,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestChoice {
    pub value: String,
    /// In the gateway's words.
    pub label: String,
}

/// What a parameter must be under some circumstances.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRule {
    /// Names the rule within its call.
    pub key: String,
    pub field: String,
    pub must: Test,
    /// All of them have to hold for the rule to say anything.
    #[serde(default)]
    pub when: Vec<Circumstance>,
    /// The only device on which it holds.
    #[serde(default)]
    pub device: Option<Device>,
    /// The only mode in which it holds.
    #[serde(default)]
    pub mode: Option<Mode>,
    #[serde(default)]
    pub level: Level,
    /// What is wrong, why, and what to do.
    pub text: LocalText,
    /// Where the guide says so.
    pub section: String,
    /// The document that says so, where it is not the guide.
    #[serde(default)]
    pub document: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circumstance {
    pub field: String,
    pub is: Test,
}

/// What can be asked of a parameter. What is not there passes everything but `present`, and is no circumstance but
/// `absent`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// There, and not blank.
    Present,
    Absent,
    /// Text, in quotes.
    Text,
    /// A whole number; digits in quotes are one, too.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A list of whole numbers.
    Numbers,
    /// Nothing but digits.
    Digits,
    OneOf(Vec<String>),
    NoneOf(Vec<String>),
    AtLeast(i64),
    Below(i64),
    /// A list with a number above this one.
    HasAbove(i64),
    /// A list without a number above this one.
    NoneAbove(i64),
    /// Names the very channel that is asked about.
    OfChannel(ChannelName),
}

/// How requests name a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelName {
    /// V1's `pg`: the module's code, alone or with a dot and the MID.
    Pg,
    /// The module's code alone.
    PgCode,
    ChannelKey,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Device {
    Pc,
    Mobile,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The guide requires otherwise: the request is refused, or not what it is meant to be.
    #[default]
    Refused,
    /// It goes through, perhaps not as it is meant.
    Caution,
}

impl RequestGuide {
    pub fn call(&self, key: &str) -> Option<&RequestCall> {
        self.calls.iter().find(|call| call.key == key)
    }
}

impl RequestCall {
    /// Whether the guide says anything about a parameter, or about something within it.
    pub fn mentions(&self, field: &str) -> bool {
        let inputs = self.inputs.iter().map(|input| input.field.as_str());
        let rules = self.rules.iter().map(|rule| rule.field.as_str());
        let listed = self.parameters.iter().map(String::as_str);
        inputs.chain(rules).chain(listed).any(|known| match known.strip_suffix("*") {
            Some(within) => field.starts_with(within),
            None => known == field,
        })
    }
}

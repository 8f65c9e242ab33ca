//! 테스트 │ 실연동: a test channel beside the live one that stands behind it, and what the live one still needs.

use serde::{Deserialize, Serialize};

use super::{
    ChannelForm, Credentials, Use,
    view::{ChannelDetail, FieldState},
};
use crate::catalogue::{Field, Module};

/// What one side has of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Nothing,
    Value(String),
    /// A secret that is set; long ones have a fingerprint.
    Secret(Option<Fingerprint>),
    /// The payment core's own keys for a shared test MID.
    NotNeeded,
}

/// What a secret is told by. Made with another key, the same secret has another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    pub text: String,
    /// The key that it was made with, where that was noted. Browsers need not know.
    #[serde(skip)]
    pub made_with: Option<String>,
}

impl Fingerprint {
    /// Whether it is of the same secret; nobody can say where the two were made with different keys.
    fn is_like(&self, other: &Self) -> Option<bool> {
        let is_same = self.text == other.text;
        let is_comparable = self.made_with.is_some() && self.made_with == other.made_with;
        (is_same || is_comparable).then_some(is_same)
    }
}

/// How the two sides stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Same,
    Different,
    /// The live channel does not have it.
    MissingInLive,
    /// The test channel does not have it.
    MissingInTest,
    /// Neither has it.
    Missing,
    /// Both are set; short secrets have no fingerprint to tell by, nor have those that were set with different keys.
    Unknown,
}

/// One line of the two side by side.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinRow {
    /// As forms name their inputs.
    pub field: String,
    /// The PG's own word for a field of its own; empty for ours.
    pub label: String,
    pub test: Side,
    pub live: Side,
    pub verdict: Verdict,
}

impl TwinRow {
    /// `is_needed` says whether the live channel cannot do without.
    fn new(field: impl Into<String>, label: &str, (test, live): (Side, Side), is_needed: bool) -> Self {
        use Side::{NotNeeded, Nothing, Secret, Value};
        let verdict = match (&test, &live) {
            (Nothing, Nothing) => Verdict::Missing,
            // With the payment core's own keys everything is there, also what nobody asked for.
            (NotNeeded, Nothing) if !is_needed => Verdict::Missing,
            (_, Nothing) => Verdict::MissingInLive,
            (NotNeeded, _) | (_, NotNeeded) => Verdict::Different,
            (Nothing, _) => Verdict::MissingInTest,
            (Value(test), Value(live)) if test == live => Verdict::Same,
            (Secret(Some(test)), Secret(Some(live))) => match test.is_like(live) {
                Some(true) => Verdict::Same,
                Some(false) => Verdict::Different,
                None => Verdict::Unknown,
            },
            (Secret(None), Secret(None)) => Verdict::Unknown,
            _ => Verdict::Different,
        };
        Self { field: field.into(), label: label.to_owned(), test, live, verdict }
    }
}

/// The two, field by field, in the order of the form. Only what a module has today is compared; `module` is the live
/// channel's.
pub fn side_by_side(test: &ChannelDetail, live: &ChannelDetail, module: &Module) -> Vec<TwinRow> {
    let value = |text: &str| if text.is_empty() { Side::Nothing } else { Side::Value(text.to_owned()) };
    let ours = |field: &str, of: &dyn Fn(&ChannelDetail) -> String| {
        TwinRow::new(field, "", (value(&of(test)), value(&of(live))), false)
    };
    let mut rows = vec![
        ours("name", &|channel| channel.summary.name.clone()),
        ours("module", &|channel| channel.summary.module.to_string()),
        ours("purpose", &|channel| channel.summary.purpose.to_string()),
        ours("mid", &|channel| channel.summary.mid.clone()),
        ours("uses", &|channel| words(&channel.uses)),
        ours("tax", &|channel| channel.tax.to_string()),
        ours("status", &|channel| channel.summary.status.to_string()),
    ];
    let side = |channel: &ChannelDetail, key: &str| {
        let field = channel.fields.iter().find(|field| field.key.as_str() == key);
        match field.map(|field| &field.state) {
            Some(FieldState::Value { value }) => Side::Value(value.clone()),
            Some(FieldState::Set { fingerprint, made_with, .. }) => {
                Side::Secret(fingerprint.clone().map(|text| Fingerprint { text, made_with: made_with.clone() }))
            }
            Some(FieldState::Unset) if channel.credentials == Credentials::SharedTest => Side::NotNeeded,
            Some(FieldState::Unset) | None => Side::Nothing,
        }
    };
    let only_test = test.fields.iter().filter(|own| live.fields.iter().all(|other| other.key != own.key));
    for field in live.fields.iter().chain(only_test) {
        let key = field.key.as_str();
        let sides = (side(test, key), side(live, key));
        let is_needed = module.field(&field.key).is_some_and(|field| field.needed(&live.uses));
        rows.push(TwinRow::new(format!("fields.{key}"), &field.label, sides, is_needed));
    }
    // What neither was ever asked for says nothing.
    rows.retain(|row| row.verdict != Verdict::Missing || row.field.starts_with("fields."));
    rows
}

fn words(uses: &[Use]) -> String {
    uses.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(" ")
}

/// Where the live channel stands with one thing that it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Need {
    /// To be typed before it can be saved.
    Needed,
    /// May be typed.
    Optional,
    /// The test channel's is taken over.
    Taken,
    /// The live channel has it already.
    Kept,
}

/// One line of the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLine {
    /// As forms name their inputs.
    pub field: String,
    /// The PG's own word for a field of its own; empty for ours.
    pub label: String,
    pub secret: bool,
    pub need: Need,
}

/// What it takes to have `module` live as `test` has it in test mode; `live` is the channel that is there already. Keys
/// belong to a MID, so none of the test channel's is taken over.
pub fn plan(module: &Module, test: &ChannelDetail, live: Option<&ChannelDetail>) -> Vec<PlanLine> {
    let ours =
        |field: &str, need: Need| PlanLine { field: field.to_owned(), label: String::new(), secret: false, need };
    let uses = live_uses(module, test, live);
    let taken = if live.is_some() { Need::Kept } else { Need::Taken };
    let mut lines = vec![
        ours("name", taken),
        ours("purpose", taken),
        ours("mid", if live.is_some() { Need::Kept } else { Need::Needed }),
    ];
    if module.uses_for(test.summary.purpose).next().is_some() {
        let need = match (uses.is_empty(), module.needs_use) {
            (true, true) => Need::Needed,
            (true, false) => Need::Optional,
            (false, _) if live.is_some_and(|live| uses.iter().all(|word| live.uses.contains(word))) => Need::Kept,
            (false, _) => Need::Taken,
        };
        lines.push(ours("uses", need));
    }
    let is_held = |field: &Field| {
        let held = live.and_then(|live| live.fields.iter().find(|own| own.key == field.key));
        held.is_some_and(|held| held.state != FieldState::Unset)
    };
    for field in module.fields_for(test.summary.purpose).filter(|field| field.allowed(&uses)) {
        let need = if is_held(field) {
            Need::Kept
        } else if field.needed(&uses) {
            Need::Needed
        } else {
            Need::Optional
        };
        let (name, label) = (format!("fields.{}", field.key), field.label.clone());
        lines.push(PlanLine { field: name, label, secret: field.secret, need });
    }
    lines.push(ours("tax", taken));
    lines.sort_by_key(|line| line.need);
    lines
}

/// The uses that the live channel will have: its own and the test channel's, as far as its module knows them.
fn live_uses(module: &Module, test: &ChannelDetail, live: Option<&ChannelDetail>) -> Vec<Use> {
    let own = live.map(|live| live.uses.as_slice()).unwrap_or_default();
    let offered = |word: &&Use| module.uses.contains(word);
    let mut uses: Vec<Use> = own.iter().chain(&test.uses).filter(offered).copied().collect();
    uses.sort_unstable();
    uses.dedup();
    uses
}

/// What the plan's form begins with: the live channel as it is, or what a new one takes over from the test channel
/// under `name`. Every secret is blank.
pub fn plan_form(module: &Module, test: &ChannelDetail, live: Option<&ChannelDetail>, name: String) -> ChannelForm {
    let uses = live_uses(module, test, live);
    let uses = uses.into_iter().map(|word| (word.as_str().to_owned(), "on".to_owned())).collect();
    match live {
        Some(live) => ChannelForm { uses, ..live.form(module) },
        None => ChannelForm {
            name,
            purpose: test.summary.purpose.as_str().to_owned(),
            uses,
            tax: test.tax.as_str().to_owned(),
            ..ChannelForm::default()
        },
    }
}

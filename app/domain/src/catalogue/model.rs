//! The vocabulary of the catalogue files. Every key here is a key of the TOML; unknown keys are refused, so that a typo
//! in a file fails the tests instead of silently meaning nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::requests::RequestGuide;
use crate::{
    channel::{Mode, Purpose, Use},
    id::{FieldKey, ModuleId, ProviderId},
};

/// One sentence in both languages. PGs' own words (labels, pay methods) are not translated and are plain strings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalText {
    pub ko: String,
    pub en: String,
}

/// 결제대행사: one catalogue file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    pub id: ProviderId,
    /// Raised by one with every change of the file's content; stored with each channel version.
    pub revision: u32,
    /// The PG's own name, Korean where it has one.
    pub name: String,
    pub name_en: String,
    /// Other names people search by: older and newer company names.
    #[serde(default)]
    pub aliases: Vec<String>,
    pub category: Category,
    /// The PG's own admin site, where most values are found.
    #[serde(default)]
    pub admin_url: Option<String>,
    /// Where the facts come from: seed files, pages, schemas.
    pub sources: Vec<String>,
    #[serde(rename = "module")]
    pub modules: Vec<Module>,
    /// What guides ask of requests to these modules. Here and not in the modules, which are sent to browsers.
    #[serde(default, rename = "request_guide")]
    pub request_guides: Vec<RequestGuide>,
}

/// The heading a provider is listed under (the first three are seed 004's; 본인인증 is ours), in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// 결제대행사
    PaymentGateway,
    /// 간편결제 직연동
    DirectWallet,
    /// 해외 결제대행사
    Overseas,
    /// 본인인증
    Identity,
}

/// 결제 모듈: one product of a provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Module {
    pub id: ModuleId,
    /// The PG's own label, without its generation: "결제창 일반결제 및 API 수기/정기결제".
    pub label: String,
    /// 신모듈/구모듈, where the provider has both.
    #[serde(default)]
    pub generation: Option<Generation>,
    pub status: ModuleStatus,
    /// The newer module of the same provider that a new merchant should take instead.
    #[serde(default)]
    pub superseded_by: Option<ModuleId>,
    /// What V2 calls the module, e.g. `INICIS_V2`.
    pub pg_provider: String,
    /// What V1 calls the module, e.g. `html5_inicis`; none for modules of V2 only.
    #[serde(default)]
    pub pg_code: Option<String>,
    pub versions: Vec<Version>,
    /// e.g. "결제창 일반결제", "API 정기결제": the first word is the chip.
    pub pay_styles: Vec<String>,
    pub purposes: Vec<Purpose>,
    pub modes: Vec<Mode>,
    /// Whether it is for buyers abroad and takes other currencies than won, of a provider that otherwise takes won.
    #[serde(default)]
    pub overseas: bool,
    /// The uses that decide which fields are needed; empty when none does.
    #[serde(default)]
    pub uses: Vec<Use>,
    /// Whether one of the uses must be chosen with one's own MID: without any, no field would be left.
    #[serde(default)]
    pub needs_use: bool,
    pub mid: MidField,
    #[serde(default, rename = "test_mid")]
    pub test_mids: Vec<TestMid>,
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    #[serde(default, rename = "pay_method")]
    pub pay_methods: Vec<PayMethods>,
    #[serde(default, rename = "notice")]
    pub notices: Vec<Notice>,
    /// Where the PG must be told to send 가상계좌 입금통보, when the module has virtual accounts.
    #[serde(default)]
    pub vbank_notice_url: Option<String>,
    /// PortOne's guide for developers, by version.
    #[serde(default)]
    pub guides: BTreeMap<Version, String>,
    /// Facts about this module that the sources disagree on, and how it was decided.
    #[serde(default)]
    pub decided: Vec<String>,
    pub sources: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// 신모듈
    New,
    /// 구모듈
    Old,
}

/// Whether channels of the module can be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModuleStatus {
    Active,
    /// Addable; a newer module exists.
    Legacy,
    /// Addable; the PG opens it on request.
    ByRequest,
    /// Addable; the PG opens it to no new merchant.
    ClosedToNew,
    /// Addable; a seed names it, and later documents no longer do.
    Undocumented,
    /// Not addable; shown for channels that exist.
    Discontinued,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Version {
    V1,
    V2,
}

/// How the module asks for the MID.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MidField {
    /// "PG상점아이디 (MID)", with the PG's own word in the brackets.
    pub label: String,
    #[serde(default)]
    pub help: Option<LocalText>,
    #[serde(default)]
    pub help_url: Option<String>,
    /// How live MIDs begin, as far as is known; another beginning is warned about, never refused.
    #[serde(default)]
    pub live_prefixes: Vec<String>,
    /// How many characters live MIDs have, where the PG says so; another length is warned about.
    #[serde(default)]
    pub live_length: Option<u32>,
    /// What the prefix hint is based on, said to the merchant.
    #[serde(default)]
    pub live_prefix_help: Option<LocalText>,
}

/// A MID that the PG publishes for everybody's tests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestMid {
    pub mid: String,
    /// What it is for, in the PG's words: "결제창 일반결제".
    pub purpose_label: LocalText,
    /// The channel purpose it belongs to; payment unless said.
    #[serde(default = "payment")]
    pub purpose: Purpose,
    #[serde(default)]
    pub pay_styles: Vec<String>,
    /// The uses (of the module's) that choosing this MID means.
    #[serde(default)]
    pub uses: Vec<Use>,
    /// Published public values that go with it, e.g. `ssp_mall_id = "t_2302142p"`. Never secrets.
    #[serde(default)]
    pub paired: BTreeMap<FieldKey, String>,
    /// Spellings found in documents that are wrong.
    #[serde(default)]
    pub misspellings: Vec<String>,
    /// Why it is not offered any more. It is still recognised, and taken when typed.
    #[serde(default)]
    pub retired: Option<LocalText>,
}

const fn payment() -> Purpose {
    Purpose::Payment
}

/// One PG-specific input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub key: FieldKey,
    /// Keys that the field had in earlier revisions: values stored under them are its own.
    #[serde(default)]
    pub formerly: Vec<FieldKey>,
    /// The PG's own label, untranslated.
    pub label: String,
    pub secret: bool,
    pub required: Required,
    /// With `required = "conditional"`: needed under it. With `optional`: allowed only under it. Blank otherwise.
    #[serde(default)]
    pub condition: Option<Condition>,
    /// The purposes under which the field exists; all when empty.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    /// The field it goes with: both are filled, or neither.
    #[serde(default)]
    pub pair: Option<FieldKey>,
    /// Characters, where the PG says so.
    #[serde(default)]
    pub max_length: Option<u32>,
    #[serde(default)]
    pub exact_length: Option<u32>,
    /// Several lines (PEM): up to 16 KiB and a text area.
    #[serde(default)]
    pub multiline: bool,
    /// How the value is known to begin; another beginning is warned about, never refused.
    #[serde(default)]
    pub prefixes: Vec<String>,
    #[serde(default)]
    pub help: Option<LocalText>,
    #[serde(default)]
    pub help_url: Option<String>,
    /// What to think of before leaving it blank, shown beside an optional field.
    #[serde(default)]
    pub caution: Option<LocalText>,
}

/// When a field must be filled, shared test MIDs apart (they need no field).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Required {
    /// In every mode.
    Always,
    /// In live mode, and in test mode with one's own MID.
    Live,
    /// As `Live`, and only under the field's condition.
    Conditional,
    Optional,
}

/// Holds when any of these uses is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub any_of: Vec<Use>,
}

/// 결제 수단 by pay style, in the PG's words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PayMethods {
    pub style: String,
    pub methods: Vec<String>,
}

/// Something the merchant should know about a module before saving, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// The modes in which it is shown; both when empty.
    #[serde(default)]
    pub modes: Vec<Mode>,
    /// The purposes it is about; all when empty.
    #[serde(default)]
    pub purposes: Vec<Purpose>,
    #[serde(default)]
    pub topic: Topic,
    pub tone: Tone,
    pub text: LocalText,
    /// The document that says so.
    pub source: String,
}

/// Where a notice belongs on the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    /// What the module can and cannot do, what its values are for.
    #[default]
    About,
    /// How it behaves in test mode: whether money moves, when it is voided, what cannot be tested.
    TestMode,
    /// What the contract itself needs: its conditions, papers of its own, what to settle with the PG first.
    Contract,
    /// What has to be done outside the console: keyfile, domains, API version, notification URLs, reviews.
    ToDo,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Info,
    /// Money moves, or payments fail, for those who did not read it.
    Caution,
}

impl Topic {
    pub const ALL: &'static [Self] = &[Self::About, Self::TestMode, Self::Contract, Self::ToDo];
}

impl Module {
    pub fn field(&self, key: &FieldKey) -> Option<&Field> {
        self.fields.iter().find(|f| f.key == *key)
    }

    pub fn test_mid(&self, mid: &str) -> Option<&TestMid> {
        self.test_mids.iter().find(|t| t.mid == mid)
    }

    /// Whether channels of this module may be added.
    pub fn addable(&self) -> bool {
        self.status != ModuleStatus::Discontinued
    }

    /// The fields that exist for this purpose, in the form's order.
    pub fn fields_for(&self, purpose: Purpose) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(move |f| f.purposes.is_empty() || f.purposes.contains(&purpose))
    }

    /// The uses that decide fields of this purpose.
    pub fn uses_for(&self, purpose: Purpose) -> impl Iterator<Item = Use> + '_ {
        self.uses.iter().copied().filter(move |u| u.fits(purpose))
    }

    /// What is shown in this mode, about any of its purposes.
    pub fn notices_for(&self, mode: Mode, topic: Topic) -> impl Iterator<Item = &Notice> {
        self.notices.iter().filter(move |n| n.topic == topic && (n.modes.is_empty() || n.modes.contains(&mode)))
    }

    /// The shared test MIDs to choose from.
    pub fn offered_test_mids(&self) -> impl Iterator<Item = &TestMid> {
        self.test_mids.iter().filter(|test| test.retired.is_none())
    }
}

impl Field {
    /// Whether the field may be filled at all with these uses.
    pub fn allowed(&self, uses: &[Use]) -> bool {
        self.condition.as_ref().is_none_or(|c| c.any_of.iter().any(|u| uses.contains(u)))
    }

    /// Whether the field must be filled with these uses, when the MID is the merchant's own.
    pub fn needed(&self, uses: &[Use]) -> bool {
        match self.required {
            Required::Always | Required::Live => true,
            Required::Conditional => self.allowed(uses),
            Required::Optional => false,
        }
    }

    /// The most characters that are taken; 512 on one line and 16 KiB on several where the PG gives no figure.
    pub fn limit(&self) -> u32 {
        self.max_length.or(self.exact_length).unwrap_or(if self.multiline { 16 * 1024 } else { 512 })
    }
}

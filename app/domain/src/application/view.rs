//! What may be shown of an application. No type here can hold the account number or the upload's content.

use serde::{Deserialize, Serialize};

use super::{Business, Choice, Consented, Media, Reviewed, Service, State, Step};
use crate::id::{ApplicationId, ModuleId, ProviderId};

/// 전자결제 신청 as its first page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    /// Whether the required consents were given, in the words of today.
    pub is_begun: bool,
    /// What was entered; for whoever may see it.
    pub details: Option<Details>,
    pub contracts: Vec<ContractSummary>,
}

/// Whether what was entered can be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Hold {
    Free,
    /// Changes are asked for by one application while another is looked at: what is changed is changed for both.
    Shared,
    /// Being looked at.
    Locked,
}

/// What was entered for 비즈니스 인증.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub consents: Vec<Consented>,
    pub business: Option<Business>,
    pub service: Option<Service>,
    pub bank: Option<String>,
    /// When the account number was stored; the number itself is not shown again.
    pub number_set_at: Option<i64>,
    pub file: Option<FileView>,
    pub hold: Hold,
    /// When a step was last saved.
    pub changed_at: i64,
}

impl Details {
    pub const fn has(&self, step: Step) -> bool {
        match step {
            Step::Business => self.business.is_some(),
            Step::Service => self.service.is_some(),
            Step::Settlement => self.number_set_at.is_some(),
            Step::Registration => self.file.is_some(),
        }
    }

    /// A mark of what a step holds, by which a page that shows it tells later whether somebody has saved another.
    pub fn mark(&self, step: Step) -> i64 {
        let told = match step {
            Step::Business => format!("{:?}", self.business),
            // When it was found is nobody's typing.
            Step::Service => format!("{:?}", self.service.as_ref().map(|it| (&it.url, &it.contact))),
            Step::Settlement => format!("{:?} {:?}", self.bank, self.number_set_at),
            Step::Registration => format!("{:?}", self.file),
        };
        // FNV-1a: for telling one text from the next, not for proving anything.
        let mark = told
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325_u64, |mark, byte| (mark ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        // 0 is for who has seen nothing.
        (mark >> 1).cast_signed().max(1)
    }

    /// The steps that are still to be done.
    pub fn missing(&self) -> Vec<Step> {
        Step::ALL.iter().copied().filter(|step| !self.has(*step)).collect()
    }
}

/// An upload, without its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    pub name: String,
    pub media: Media,
    pub bytes: i64,
    pub at: i64,
}

/// The application for one PG's module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractSummary {
    pub id: ApplicationId,
    pub provider: ProviderId,
    pub provider_name: String,
    pub module: ModuleId,
    pub module_label: String,
    pub state: State,
    /// Since when it is in this state; UTC milliseconds since 1970.
    pub state_at: i64,
    /// When it was last submitted, if it ever was.
    pub submitted_at: Option<i64>,
    /// What was chosen and what the operator said; for whoever may see more than the state.
    pub details: Option<ContractDetails>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContractDetails {
    pub choice: Choice,
    pub note: String,
    pub reviews: Vec<Reviewed>,
}

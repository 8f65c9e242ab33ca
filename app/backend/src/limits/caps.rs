//! How much one merchant may have at a time. The figures are far above what anybody needs: they keep a script that went
//! wild, or an account that was taken over, from growing without end.

use std::{collections::HashMap, sync::Mutex};

use domain::form::{ErrorCode, FormErrors};
use uuid::Uuid;

use crate::{error::Result, held::held};

/// Every cap. Pending sign-ups have no merchant yet: a client has [`super::SIGN_UPS_A_DAY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Channels that are not archived.
    pub channels: u32,
    /// V2 API secrets that work.
    pub api_secrets: u32,
    /// Members, and invitations that wait to be accepted.
    pub members: u32,
    /// Stores, the primary one included.
    pub stores: u32,
}

impl Caps {
    pub const DEFAULT: Self = Self { channels: 20_000, api_secrets: 200, members: 500, stores: 1_000 };
}

/// Counting the channels of who has many takes as long as adding one: after a count, so many are added without another.
const UNCOUNTED: u32 = 1_000;
/// So many merchants are remembered.
const MERCHANTS: usize = 10_000;

/// For how many more channels a merchant has room for certain, but for what other consoles add meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Room(Mutex<HashMap<Uuid, u32>>);

impl Room {
    /// Whether there is room for one more without counting.
    pub fn take(&self, merchant: Uuid) -> bool {
        held(&self.0).get_mut(&merchant).is_some_and(|left| {
            let is_room = *left > 0;
            *left = left.saturating_sub(1);
            is_room
        })
    }

    /// Notes that `have` were counted, the one that is being added not among them.
    pub fn counted(&self, merchant: Uuid, have: u64, most: u32) {
        let have = u32::try_from(have).unwrap_or(u32::MAX).saturating_add(1);
        let mut rooms = held(&self.0);
        if rooms.len() >= MERCHANTS {
            rooms.clear();
        }
        rooms.insert(merchant, most.saturating_sub(have).min(UNCOUNTED));
    }
}

/// Refuses one more than `most`, beside the field that is first asked for.
pub(crate) fn require_room(field: &str, have: u64, most: u32) -> Result<()> {
    if have < u64::from(most) {
        return Ok(());
    }
    Err(FormErrors::one(field, ErrorCode::NoRoom { most }).into())
}

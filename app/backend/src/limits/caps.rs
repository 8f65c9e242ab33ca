//! How much one merchant may have at a time. The figures are far above what anybody needs: they keep a script that went
//! wild, or an account that was taken over, from growing without end.

use domain::form::{ErrorCode, FormErrors};

use crate::error::Result;

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

/// Refuses one more than `most`, beside the field that is first asked for.
pub(crate) fn require_room(field: &str, have: u64, most: u32) -> Result<()> {
    if have < u64::from(most) {
        return Ok(());
    }
    Err(FormErrors::one(field, ErrorCode::NoRoom { most }).into())
}

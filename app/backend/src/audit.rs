//! Who did what. Each row is bound to the one before by a keyed hash, per merchant, and is written in the transaction of
//! the change itself: no audit row, no action.

use std::net::{IpAddr, Ipv4Addr};

use domain::{
    member::Permission,
    trail::{FieldChange, Outcome},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    channels::to_json,
    entity::{audit_chains, audit_events},
    error::Result,
    time_ms,
    vault::MacPurpose,
};

macro_rules! actions {
    ($($action:ident = $word:literal),+ $(,)?) => {
        /// What was done, or refused; a closed list of words.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Action { $($action),+ }

        impl Action {
            pub const ALL: &'static [Self] = &[$(Self::$action),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$action => $word),+ }
            }
        }
    };
}

actions! {
    MerchantCreated = "merchant.created",
    LoggedIn = "member.logged_in",
    LoggedOut = "member.logged_out",
    SessionEnded = "member.session_ended",
    SignedOutEverywhere = "member.signed_out_everywhere",
    PasswordChanged = "member.password_changed",
    PasswordReset = "member.password_reset",
    EmailChangeAsked = "member.email_change_asked",
    EmailChanged = "member.email_changed",
    LanguageChosen = "member.language_chosen",
    MemberInvited = "member.invited",
    InvitationResent = "member.invitation_resent",
    InvitationWithdrawn = "member.invitation_withdrawn",
    MemberJoined = "member.joined",
    RoleChanged = "member.role_changed",
    MemberRemoved = "member.removed",
    MemberLeft = "member.left",
    StoreAdded = "store.added",
    StoreRenamed = "store.renamed",
    ChannelAdded = "channel.added",
    ChannelEdited = "channel.edited",
    ChannelPaused = "channel.paused",
    ChannelResumed = "channel.resumed",
    ChannelDeleted = "channel.deleted",
    ChannelRestored = "channel.restored",
    ChannelRolledBack = "channel.rolled_back",
    ChannelsPaired = "channel.paired",
    ChannelsParted = "channel.parted",
    SecretCompared = "channel.secret_compared",
    ApiSecretIssued = "api_secret.issued",
    ApiSecretRolled = "api_secret.rolled",
    ApiSecretRevoked = "api_secret.revoked",
    V1SecretShown = "v1_secret.shown",
    V1SecretReissued = "v1_secret.reissued",
    ChannelAssigned = "channel.assigned",
    ApplicationConsented = "application.consented",
    ApplicationEdited = "application.edited",
    ApplicationFileKept = "application.file_kept",
    ApplicationChosen = "application.chosen",
    ApplicationDropped = "application.dropped",
    ApplicationSubmitted = "application.submitted",
    ApplicationBegunAgain = "application.begun_again",
    ApplicationMoved = "application.moved",
    ApplicationReviewNoted = "application.review_noted",
    ApplicationDisclosed = "application.disclosed",
    CoreTokenCreated = "core_token.created",
    CoreTokenRevoked = "core_token.revoked",
    KeyRotated = "key.rotated",
    KeyRemoved = "key.removed",
}

/// Whose trail tells of core tokens and of keys: the operator's, which is no merchant's.
pub(crate) const OPERATOR: Uuid = Uuid::nil();

/// One entry to be written.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub merchant: Uuid,
    pub member: Option<Uuid>,
    /// The id part of the API secret that was at work.
    pub credential: Option<&'a str>,
    pub address: IpAddr,
    pub action: Action,
    /// What it was done to: a channel key, an address, an id.
    pub target: &'a str,
    pub outcome: Outcome,
    pub changes: Vec<FieldChange>,
    /// Why, where somebody said so; of a refusal, its code.
    pub reason: &'a str,
}

impl<'a> Entry<'a> {
    /// Something that `actor` did to `target`.
    pub(crate) fn by(actor: &'a Actor, action: Action, target: &'a str) -> Self {
        Self {
            merchant: actor.merchant,
            member: actor.credential().is_none().then_some(actor.member),
            credential: actor.credential(),
            address: actor.address,
            action,
            target,
            outcome: Outcome::Done,
            changes: Vec::new(),
            reason: actor.reason.as_str(),
        }
    }

    /// Something that a member did before, or without, being an actor: a login, the first mail link.
    pub(crate) const fn of_member(
        (merchant, member): (Uuid, Uuid),
        address: IpAddr,
        action: Action,
        target: &'a str,
    ) -> Self {
        Self {
            merchant,
            member: Some(member),
            credential: None,
            address,
            action,
            target,
            outcome: Outcome::Done,
            changes: Vec::new(),
            reason: "",
        }
    }

    /// Something done at the machine itself.
    pub(crate) const fn by_operator(action: Action, target: &'a str, changes: Vec<FieldChange>) -> Self {
        Self {
            merchant: OPERATOR,
            member: None,
            credential: None,
            address: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            action,
            target,
            outcome: Outcome::Done,
            changes,
            reason: "",
        }
    }

    pub(crate) fn changing(self, changes: Vec<FieldChange>) -> Self {
        Self { changes, ..self }
    }

    /// The same, not done.
    pub(crate) fn refused(self, reason: &'a str) -> Self {
        Self { outcome: Outcome::Refused, reason, ..self }
    }
}

impl Backend {
    /// Lets an actor go on who may; notes down who may not.
    ///
    /// # Errors
    /// As [`Actor::require`].
    pub async fn require(&self, actor: &Actor, permission: Permission, action: Action, target: &str) -> Result<()> {
        let Err(error) = actor.require(permission) else { return Ok(()) };
        let txn = self.db.write().await?;
        self.audit(&txn, Entry::by(actor, action, target).refused(error.code())).await?;
        txn.commit().await?;
        Err(error)
    }

    /// Appends an entry within the caller's transaction. Updating the chain's head locks it, so entries of one merchant
    /// are numbered without gaps.
    pub(crate) async fn audit(&self, txn: &impl ConnectionTrait, entry: Entry<'_>) -> Result<()> {
        use audit_chains::Column as Chain;
        let advanced = audit_chains::Entity::update_many()
            .col_expr(Chain::Seq, Expr::col(Chain::Seq).add(1))
            .filter(Chain::MerchantId.eq(entry.merchant))
            .exec_with_returning(txn)
            .await?;
        let (seq, previous) = if let Some(head) = advanced.into_iter().next() {
            (head.seq, head.mac)
        } else {
            let (merchant_id, mac) = (Set(entry.merchant), Set(vec![0; 32]));
            let head = audit_chains::ActiveModel { merchant_id, seq: Set(1), mac };
            audit_chains::Entity::insert(head).exec_without_returning(txn).await?;
            (1, vec![0; 32])
        };
        let mut row = audit_events::Model {
            merchant_id: entry.merchant,
            seq,
            at: time_ms(self.clock.now()),
            member_id: entry.member,
            credential: entry.credential.map(str::to_owned),
            address: entry.address.to_string(),
            action: entry.action.as_str().to_owned(),
            target: entry.target.to_owned(),
            outcome: entry.outcome.as_str().to_owned(),
            details: to_json(&entry.changes)?,
            reason: entry.reason.to_owned(),
            previous_mac: previous,
            key_id: self.vault.active_key_id(),
            mac: Vec::new(),
        };
        row.mac = self.audit_mac(&row)?.to_vec();
        audit_chains::Entity::update_many()
            .col_expr(Chain::Mac, Expr::value(row.mac.clone()))
            .filter(Chain::MerchantId.eq(entry.merchant))
            .exec(txn)
            .await?;
        audit_events::Entity::insert(audit_events::ActiveModel::from(row)).exec_without_returning(txn).await?;
        Ok(())
    }

    pub(crate) fn audit_mac(&self, row: &audit_events::Model) -> Result<[u8; 32]> {
        let member = row.member_id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let (seq, at) = (row.seq.to_be_bytes(), row.at.to_be_bytes());
        let mut parts: Vec<&[u8]> = vec![
            row.merchant_id.as_bytes(),
            &seq,
            &at,
            &member,
            row.address.as_bytes(),
            row.action.as_bytes(),
            row.target.as_bytes(),
            row.details.as_bytes(),
            &row.previous_mac,
        ];
        // Rows older than these columns have their defaults, and a MAC without them.
        let credential = row.credential.as_deref().unwrap_or_default();
        if !credential.is_empty() || row.outcome != Outcome::Done.as_str() || !row.reason.is_empty() {
            parts.extend([credential.as_bytes(), row.outcome.as_bytes(), row.reason.as_bytes()]);
        }
        self.vault.mac(&row.key_id, MacPurpose::Audit, &parts)
    }
}

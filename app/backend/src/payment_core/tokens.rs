//! Tokens of payment cores: shown once when made, stored as keyed MAC, limited to scopes and stores.

use std::sync::Arc;

use domain::{
    credential::{Brand, CoreScope, format_token, parse_token},
    id::StoreId,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, sea_query::Expr,
};
use uuid::Uuid;

use super::{fresh::Moment, nodes::is_name};
use crate::{
    Backend,
    actor::Reach,
    audit::{Action, Entry},
    credentials::{Credential, Presented},
    entity::{channels, core_tokens, stores},
    error::{Error, Result},
    time_ms,
    vault::MacPurpose,
};

/// What a new token is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreGrant {
    pub name: String,
    pub scopes: Vec<CoreScope>,
    /// All stores when empty; the primary store stands for everything of its merchant.
    pub stores: Vec<StoreId>,
}

impl CoreGrant {
    /// Everything that a payment core needs.
    pub fn everything(name: &str) -> Self {
        Self { name: name.to_owned(), scopes: CoreScope::PAYMENT_CORE.to_vec(), stores: Vec::new() }
    }
}

/// A token at the one moment it can be seen.
#[derive(Debug)]
pub struct NewCoreToken {
    pub token: domain::secret::Secret,
    pub kid: String,
}

/// A token as the operator sees it listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreTokenView {
    pub kid: String,
    pub name: String,
    pub scopes: Vec<CoreScope>,
    pub stores: Vec<StoreId>,
    /// UTC milliseconds since 1970, as all times here.
    pub created_at: i64,
    pub last_used_at: Option<i64>,
    pub revoked_at: Option<i64>,
}

/// A payment core that showed a valid token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CoreCaller {
    pub kid: Arc<str>,
    pub name: Arc<str>,
    /// What the running core calls itself; empty where it does not.
    pub(super) node: Arc<str>,
    /// What is kept is true to then, and may be read by; none where a moment is to be made for each reading.
    pub(super) moment: Option<Moment>,
    scopes: Arc<[CoreScope]>,
    /// The merchants within reach, with how much of each; everything when there is no list.
    within: Option<Arc<[(Uuid, Reach)]>>,
}

impl CoreCaller {
    /// The same, by the name it gives itself, if that is one: it goes into the record of secret reads.
    pub fn called(self, node: &str) -> Option<Self> {
        is_name(node).then(|| Self { node: node.into(), ..self })
    }

    pub fn require(&self, scope: CoreScope) -> Result<()> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Error::ScopeMissing) }
    }

    /// Whether the token is for some stores only.
    pub(crate) fn is_limited(&self) -> bool {
        self.within.is_some()
    }

    /// What of a merchant is within reach of a limited token.
    pub(crate) fn of_merchant(&self, merchant: Uuid) -> impl Iterator<Item = Reach> {
        self.within
            .iter()
            .flat_map(|within| within.iter())
            .filter(move |(own, _)| *own == merchant)
            .map(|(_, reach)| *reach)
    }

    pub(super) fn knows_merchant(&self, merchant: Uuid) -> bool {
        !self.is_limited() || self.of_merchant(merchant).next().is_some()
    }

    pub(super) fn has(&self, head: &channels::Model) -> bool {
        !self.is_limited() || self.of_merchant(head.merchant_id).any(|reach| reach.has(head))
    }

    pub(crate) fn has_store(&self, merchant: Uuid, store: Uuid) -> bool {
        !self.is_limited()
            || self.of_merchant(merchant).any(|reach| match reach {
                Reach::Merchant => true,
                Reach::Store(own) => own == store,
            })
    }

    /// The channels within reach.
    pub(super) fn channels(&self) -> Condition {
        let Some(within) = &self.within else { return Condition::all() };
        // Not `any` of nothing, which is everything.
        let none = Condition::any().add(Expr::value(false));
        within.iter().fold(none, |any, (merchant, reach)| {
            let own = channels::Column::MerchantId.eq(*merchant);
            any.add(Condition::all().add(own).add(reach.condition()))
        })
    }

    /// The stores within reach.
    pub(super) fn stores(&self) -> Condition {
        let Some(within) = &self.within else { return Condition::all() };
        let none = Condition::any().add(Expr::value(false));
        within.iter().fold(none, |any, (merchant, reach)| {
            any.add(match reach {
                Reach::Merchant => stores::Column::MerchantId.eq(*merchant),
                Reach::Store(store) => stores::Column::Id.eq(*store),
            })
        })
    }
}

impl Backend {
    /// Makes a token for a payment core called `name` that may read and verify everything.
    pub async fn create_core_token(&self, name: &str) -> Result<NewCoreToken> {
        self.grant_core_token(&CoreGrant::everything(name)).await
    }

    /// Makes a token. [`Error::NotFound`] when one of the stores is not there.
    pub async fn grant_core_token(&self, grant: &CoreGrant) -> Result<NewCoreToken> {
        let kid = self.random.alphanumeric(12);
        let token = format_token(Brand::CoreToken, &kid, &self.random.bytes(), crc32fast::hash);
        let key_id = self.vault.active_key_id();
        let mac = self.vault.mac(&key_id, MacPurpose::CoreToken, &[token.as_bytes()])?;
        let scopes = grant.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" ");
        let stores = grant.stores.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let txn = self.db.write().await?;
        for store in &grant.stores {
            stores::Entity::find_by_id(store.uuid()).one(&txn).await?.ok_or(Error::NotFound)?;
        }
        core_tokens::ActiveModel {
            kid: Set(kid.clone()),
            name: Set(grant.name.clone()),
            key_id: Set(key_id),
            mac: Set(mac.to_vec()),
            created_at: Set(time_ms(self.clock.now())),
            revoked_at: Set(None),
            scopes: Set(scopes.clone()),
            stores: Set(stores.clone()),
            last_used_at: Set(None),
            last_acked_at: Set(None),
        }
        .insert(&txn)
        .await?;
        let begun = |field: &str, value: &str| FieldChange::new(field, None, Some(Trace::value(value)));
        let changes = vec![begun("name", &grant.name), begun("scopes", &scopes), begun("stores", &stores)];
        self.audit(&txn, Entry::by_operator(Action::CoreTokenCreated, &kid, changes)).await?;
        txn.commit().await?;
        Ok(NewCoreToken { token: domain::secret::Secret::new(token), kid })
    }

    /// Every token, the newest first.
    pub async fn core_tokens(&self) -> Result<Vec<CoreTokenView>> {
        let rows = core_tokens::Entity::find()
            .order_by_desc(core_tokens::Column::CreatedAt)
            .order_by_asc(core_tokens::Column::Kid)
            .all(self.db.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| CoreTokenView {
                scopes: scopes_of(&row),
                stores: stores_of(&row),
                kid: row.kid,
                name: row.name,
                created_at: row.created_at,
                last_used_at: row.last_used_at,
                revoked_at: row.revoked_at,
            })
            .collect())
    }

    /// Ends a token, by its id part, from the next request on. [`Error::NotFound`] when there is none, or it has ended.
    pub async fn revoke_core_token(&self, kid: &str) -> Result<()> {
        let txn = self.db.write().await?;
        let ended = core_tokens::Entity::update_many()
            .col_expr(core_tokens::Column::RevokedAt, Expr::value(time_ms(self.clock.now())))
            .filter(core_tokens::Column::Kid.eq(kid))
            .filter(core_tokens::Column::RevokedAt.is_null())
            .exec(&txn)
            .await?;
        if ended.rows_affected != 1 {
            return Err(Error::NotFound);
        }
        self.audit(&txn, Entry::by_operator(Action::CoreTokenRevoked, kid, Vec::new())).await?;
        txn.commit().await
    }

    /// Who shows this token; [`Error::Unauthenticated`] for any other text. Every reading by the caller asks anew how far
    /// the database is.
    pub async fn core_caller(&self, token: &str) -> Result<CoreCaller> {
        Ok(CoreCaller { moment: None, ..self.core_caller_of_request(token).await? })
    }

    /// The same, for the one request that showed it: what it reads is at least as new as this check.
    pub async fn core_caller_of_request(&self, token: &str) -> Result<CoreCaller> {
        // A wrong character is refused before the database is asked anything.
        let parsed = parse_token(Brand::CoreToken, token, crc32fast::hash).ok_or(Error::Unauthenticated)?;
        let moment = self.moment().await?;
        let caller = self.caller_at(moment, parsed.kid, token).await?;
        Ok(CoreCaller { moment: Some(moment), ..caller })
    }

    async fn caller_at(&self, moment: Moment, kid: &str, token: &str) -> Result<CoreCaller> {
        if let Some(caller) = self.kept_token(kid, token) {
            self.reads.note_use(&caller.kid, time_ms(self.clock.now()));
            return Ok(caller);
        }
        let row = core_tokens::Entity::find_by_id(kid).one(self.db.read()).await?;
        let row = row.filter(|row| row.revoked_at.is_none()).ok_or(Error::Unauthenticated)?;
        if !self.vault.mac_matches(&row.key_id, MacPurpose::CoreToken, &[token.as_bytes()], &row.mac)? {
            return Err(Error::Unauthenticated);
        }
        self.reads.note_use(&row.kid, time_ms(self.clock.now()));
        self.renew_token_mac(&row, token).await;
        let caller = self.caller_of(&row).await?;
        self.keep_token(moment, token, &caller);
        Ok(caller)
    }

    /// A keyed hash by a key that was rotated away is made anew while the token is at hand.
    async fn renew_token_mac(&self, row: &core_tokens::Model, token: &str) {
        use core_tokens::Column;
        let key_id = self.vault.active_key_id();
        if row.key_id == key_id {
            return;
        }
        let Ok(mac) = self.vault.mac(&key_id, MacPurpose::CoreToken, &[token.as_bytes()]) else { return };
        let renewed = core_tokens::Entity::update_many()
            .col_expr(Column::KeyId, Expr::value(key_id))
            .col_expr(Column::Mac, Expr::value(mac.to_vec()))
            .filter(Column::Kid.eq(row.kid.as_str()))
            .filter(Column::KeyId.eq(row.key_id.as_str()))
            .exec(self.db.statement())
            .await;
        if renewed.is_err() {
            tracing::warn!(kid = row.kid, "the hash of a core token is not renewed");
        }
    }

    /// Who has a token, whatever was shown.
    pub(super) async fn caller_of(&self, row: &core_tokens::Model) -> Result<CoreCaller> {
        Ok(CoreCaller {
            kid: row.kid.as_str().into(),
            name: row.name.as_str().into(),
            node: Arc::from(""),
            moment: None,
            scopes: scopes_of(row).into(),
            within: self.core_reach(row).await?,
        })
    }

    /// What a credential is good for that a merchant's server showed to this core.
    pub async fn verify_for_core(&self, core: &CoreCaller, presented: Presented<'_>) -> Result<Credential> {
        core.require(CoreScope::CredentialsVerify)?;
        let known = self.verify_credential(presented).await?;
        if core.is_limited() {
            let (merchant, _) = self.store_owner(known.store_id).await?.ok_or(Error::Unauthenticated)?;
            if !core.has_store(merchant, known.store_id.uuid()) {
                return Err(Error::StoreForbidden);
            }
        }
        Ok(known)
    }

    /// What of which merchants a token is limited to, if it is.
    async fn core_reach(&self, row: &core_tokens::Model) -> Result<Option<Arc<[(Uuid, Reach)]>>> {
        if row.stores.is_empty() {
            return Ok(None);
        }
        let ids = stores_of(row).into_iter().map(StoreId::uuid);
        let rows = stores::Entity::find().filter(stores::Column::Id.is_in(ids)).all(self.db.read()).await?;
        let reach = |store: stores::Model| if store.is_primary { Reach::Merchant } else { Reach::Store(store.id) };
        Ok(Some(rows.into_iter().map(|store| (store.merchant_id, reach(store))).collect()))
    }
}

fn scopes_of(row: &core_tokens::Model) -> Vec<CoreScope> {
    row.scopes.split(' ').filter_map(CoreScope::parse).collect()
}

fn stores_of(row: &core_tokens::Model) -> Vec<StoreId> {
    row.stores.split(' ').filter_map(|id| id.parse().ok()).collect()
}

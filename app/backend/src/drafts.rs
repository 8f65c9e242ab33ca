//! What was typed into a form that was refused, or is being typed: sealed, per member and form, for 24 hours.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{id::ChannelKey, secret::Secret};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, sea_query::OnConflict,
};
use serde::{Serialize, de::DeserializeOwned};
use subtle::ConstantTimeEq as _;
use time::Duration;
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    entity::{channels, drafts, members},
    error::{Error, Result},
    time_ms,
    vault::{MacPurpose, Place},
};

const LIFE: Duration = Duration::hours(24);

pub(crate) const fn draft_place(member: Uuid, id: Uuid) -> Place<'static> {
    Place { kind: "draft", owner: member, object: id, version: 0 }
}

/// Whose draft it is, by a ticket that a page of theirs bears. It is no [`Actor`]: all it can do is to keep a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftOwner(Uuid);

impl From<&Actor> for DraftOwner {
    fn from(actor: &Actor) -> Self {
        Self(actor.member)
    }
}

/// A draft that is there, without what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptDraft {
    /// The name of its form.
    pub form: String,
    /// When it was kept, in UTC milliseconds.
    pub at: i64,
}

impl Backend {
    /// Lets a page keep what is typed into it when its session is over, as long as drafts live. Logging out everywhere
    /// and a new password end it.
    pub async fn draft_ticket(&self, actor: &Actor) -> Result<String> {
        let now = time_ms(self.clock.now());
        let epoch = self.epoch_of(actor.member).await?.ok_or(Error::Unauthenticated)?;
        let mac = self.vault.mac(
            &self.vault.active_key_id(),
            MacPurpose::DraftTicket,
            &[actor.member.as_bytes(), &now.to_be_bytes(), &epoch.to_be_bytes()],
        )?;
        Ok(format!("{}.{now}.{}", actor.member.simple(), URL_SAFE_NO_PAD.encode(mac)))
    }

    /// Whether a page that bears this ticket is one of theirs, as it says itself: in their browser somebody else may have
    /// logged in since. What bears none comes from no page.
    pub fn is_page_of(actor: &Actor, shown: &str) -> bool {
        let whose = shown.split('.').next().unwrap_or_default();
        shown.is_empty() || Uuid::try_parse(whose).is_ok_and(|member| member == actor.member)
    }

    /// Whose page it is that bears a ticket.
    pub async fn draft_owner(&self, shown: &str) -> Result<DraftOwner> {
        let mut parts = shown.splitn(3, '.');
        let mut part = || parts.next().ok_or(Error::Unauthenticated);
        let member = Uuid::try_parse(part()?).map_err(|_| Error::Unauthenticated)?;
        let at: i64 = part()?.parse().map_err(|_| Error::Unauthenticated)?;
        let mac = URL_SAFE_NO_PAD.decode(part()?).map_err(|_| Error::Unauthenticated)?;
        let now = time_ms(self.clock.now());
        let is_over = !(time_ms(self.clock.now() - LIFE)..=now).contains(&at);
        let epoch = self.epoch_of(member).await?.filter(|_| !is_over).ok_or(Error::Unauthenticated)?;
        let expected =
            self.vault.macs(MacPurpose::DraftTicket, &[member.as_bytes(), &at.to_be_bytes(), &epoch.to_be_bytes()])?;
        let is_ours = expected.iter().any(|one| one.as_slice().ct_eq(&mac).into());
        if is_ours { Ok(DraftOwner(member)) } else { Err(Error::Unauthenticated) }
    }

    async fn epoch_of(&self, member: Uuid) -> Result<Option<i64>> {
        let found = members::Entity::find_by_id(member).one(self.db.read()).await?;
        Ok(found.filter(|member| member.removed_at.is_none()).map(|member| member.session_epoch))
    }

    /// Keeps `content` as the member's draft of `form`, in place of an earlier one.
    pub async fn keep_draft(&self, actor: &Actor, form: &str, content: &impl Serialize) -> Result<()> {
        self.keep_draft_of(actor.into(), form, content).await
    }

    /// The same for a person whose session is over.
    pub async fn keep_draft_of(&self, owner: DraftOwner, form: &str, content: &impl Serialize) -> Result<()> {
        let json = serde_json::to_string(content).map_err(|e| Error::Internal(format!("draft: {e}")))?;
        let id = self.random.uuid();
        let place = draft_place(owner.0, id);
        let sealed = self.vault.seal_one(&*self.random, place, &Secret::new(json))?;
        let row = drafts::ActiveModel {
            id: Set(id),
            member_id: Set(owner.0),
            form: Set(form.to_owned()),
            sealed: Set(sealed),
            expires_at: Set(time_ms(self.clock.now() + LIFE)),
        };
        // One statement: two clicks at once would both delete nothing and both insert.
        let in_place = OnConflict::columns([drafts::Column::MemberId, drafts::Column::Form])
            .update_columns([drafts::Column::Id, drafts::Column::Sealed, drafts::Column::ExpiresAt])
            .to_owned();
        drafts::Entity::insert(row).on_conflict(in_place).exec_without_returning(self.db.statement()).await?;
        Ok(())
    }

    /// Whether a channel is of the owner's merchant: a draft about any other is about nothing.
    pub async fn owner_has_channel(&self, owner: DraftOwner, key: ChannelKey) -> Result<bool> {
        let member = members::Entity::find_by_id(owner.0).one(self.db.read()).await?.ok_or(Error::Unauthenticated)?;
        let found = channels::owned_by(member.merchant_id).filter(channels::Column::Id.eq(key.uuid()));
        Ok(found.count(self.db.read()).await? > 0)
    }

    /// The member's draft of `form`, if one is kept.
    pub async fn draft<T: DeserializeOwned>(&self, actor: &Actor, form: &str) -> Result<Option<T>> {
        self.draft_of(actor.into(), form).await
    }

    /// The same of a person whose session is over: to be kept again, and to be shown to nobody.
    pub async fn draft_of<T: DeserializeOwned>(&self, owner: DraftOwner, form: &str) -> Result<Option<T>> {
        let row = drafts::Entity::find()
            .filter(drafts::Column::MemberId.eq(owner.0))
            .filter(drafts::Column::Form.eq(form))
            .filter(drafts::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .one(self.db.read())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let place = draft_place(owner.0, row.id);
        let json = self.vault.open_one(place, &row.sealed)?;
        // A draft of an older shape of the form is worth nothing, not an error.
        Ok(serde_json::from_str(json.expose()).ok())
    }

    /// The member's drafts of forms whose names begin so, the latest first.
    pub async fn drafts_named(&self, actor: &Actor, beginning: &str, most: u64) -> Result<Vec<KeptDraft>> {
        let found: Vec<(String, i64)> = drafts::Entity::find()
            .select_only()
            .columns([drafts::Column::Form, drafts::Column::ExpiresAt])
            .filter(drafts::Column::MemberId.eq(actor.member))
            .filter(drafts::Column::Form.starts_with(beginning))
            .filter(drafts::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .order_by_desc(drafts::Column::ExpiresAt)
            .limit(most)
            .into_tuple()
            .all(self.db.read())
            .await?;
        let life = i64::try_from(LIFE.whole_milliseconds()).unwrap_or_default();
        Ok(found.into_iter().map(|(form, expires_at)| KeptDraft { form, at: expires_at - life }).collect())
    }

    pub async fn forget_draft(&self, actor: &Actor, form: &str) -> Result<()> {
        Self::drafts_of(actor, form).exec(self.db.statement()).await?;
        Ok(())
    }

    pub(crate) async fn sweep_drafts(&self) -> Result<()> {
        let now = time_ms(self.clock.now());
        drafts::Entity::delete_many().filter(drafts::Column::ExpiresAt.lte(now)).exec(self.db.statement()).await?;
        Ok(())
    }

    fn drafts_of(actor: &Actor, form: &str) -> sea_orm::DeleteMany<drafts::Entity> {
        drafts::Entity::delete_many()
            .filter(drafts::Column::MemberId.eq(actor.member))
            .filter(drafts::Column::Form.eq(form))
    }
}

//! Test channels and the live ones that stand behind them, paired by the merchant's choice.

use domain::{
    channel::{
        Mode,
        view::{ChannelDetail, ChannelSummary},
    },
    form::{ErrorCode, FormErrors},
    id::ChannelKey,
    member::Permission,
    trail::{FieldChange, Trace},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, SqlErr,
};
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    db::Write,
    entity::{channel_pairs, channels},
    error::{Error, Result},
    time_ms,
};

/// The most channels that are suggested.
const SUGGESTED: u64 = 50;

/// A test channel and the live one behind it; one of the two may be missing.
#[derive(Debug, Clone, Default)]
pub struct Twins {
    pub test: Option<ChannelDetail>,
    pub live: Option<ChannelDetail>,
    /// Those of the other mode that it could be paired with, the likeliest first.
    pub candidates: Vec<ChannelSummary>,
}

impl Backend {
    /// The pair that a channel is part of, or the channel alone with those it could be paired with.
    pub async fn twins(&self, actor: &Actor, key: ChannelKey) -> Result<Twins> {
        actor.require(Permission::ViewChannels)?;
        let own = self.channel_detail(actor, key).await?;
        let other = match self.pair_of(self.db.read(), actor, key.uuid()).await? {
            Some(pair) => {
                let other = other_of(&pair, key.uuid());
                // One that was deleted long ago, or that is out of reach, is as good as none.
                match self.channel_detail(actor, ChannelKey::new(other)).await {
                    Ok(other) => Some(other),
                    Err(Error::NotFound | Error::StoreForbidden) => None,
                    Err(error) => return Err(error),
                }
            }
            None => None,
        };
        let candidates = if other.is_some() { Vec::new() } else { self.candidates(actor, &own.summary).await? };
        let (own, other) = (Some(own), other);
        let is_test = own.as_ref().is_some_and(|own| own.summary.mode == Mode::Test);
        let (test, live) = if is_test { (own, other) } else { (other, own) };
        Ok(Twins { test, live, candidates })
    }

    /// Pairs a test channel with a live one of the same provider and purpose, both as they were typed or chosen.
    pub async fn pair_channels(&self, actor: &Actor, test: ChannelKey, live: ChannelKey) -> Result<()> {
        let target = test.to_string();
        self.head(self.db.read(), actor, test).await?;
        self.head(self.db.read(), actor, live).await?;
        self.require(actor, Permission::EditLiveChannels, Action::ChannelsPaired, &target).await?;
        let txn = self.db.write().await?;
        let (live, _) = self.head(&txn, actor, live).await?;
        self.pair_in(&txn, actor, test, &live).await?;
        txn.commit().await
    }

    /// Lets both channels of a pair go their ways.
    pub async fn part_channels(&self, actor: &Actor, key: ChannelKey) -> Result<()> {
        let target = key.to_string();
        self.head(self.db.read(), actor, key).await?;
        self.require(actor, Permission::EditLiveChannels, Action::ChannelsParted, &target).await?;
        let txn = self.db.write().await?;
        let pair = self.pair_of(&txn, actor, key.uuid()).await?.ok_or(Error::WrongStatus)?;
        self.part_in(&txn, actor, &pair).await?;
        txn.commit().await
    }

    async fn part_in(&self, txn: &Write, actor: &Actor, pair: &channel_pairs::Model) -> Result<()> {
        let gone = channel_pairs::Entity::delete_many()
            .filter(channel_pairs::Column::MerchantId.eq(actor.merchant))
            .filter(channel_pairs::Column::TestId.eq(pair.test_id))
            .exec(txn)
            .await?;
        if gone.rows_affected != 1 {
            return Err(Error::WrongStatus);
        }
        let live = Trace::value(ChannelKey::new(pair.live_id).to_string());
        let test = ChannelKey::new(pair.test_id).to_string();
        let entry = Entry::by(actor, Action::ChannelsParted, &test);
        self.audit(txn, entry.changing(vec![FieldChange::new("live", Some(live), None)])).await
    }

    /// Parts a channel from one that was deleted too long ago to come back: nobody sees that pair any more.
    async fn part_from_gone(&self, txn: &Write, actor: &Actor, id: Uuid) -> Result<()> {
        let Some(pair) = self.pair_of(txn, actor, id).await? else { return Ok(()) };
        let other = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(other_of(&pair, id))).one(txn);
        if other.await?.is_none_or(|other| self.is_gone(&other)) {
            self.part_in(txn, actor, &pair).await?;
        }
        Ok(())
    }

    /// The channel that stands on the other side of a pair, where it can be seen.
    pub async fn twin_of(&self, actor: &Actor, key: ChannelKey) -> Result<Option<ChannelSummary>> {
        actor.require(Permission::ViewChannels)?;
        let Some(pair) = self.pair_of(self.db.read(), actor, key.uuid()).await? else { return Ok(None) };
        let other = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(other_of(&pair, key.uuid())));
        let other = other.one(self.db.read()).await?.filter(|other| actor.reach.has(other) && !self.is_gone(other));
        other.map(|other| self.summary(&other)).transpose()
    }

    /// [`Error::Stale`] where the two are not paired with each other any more.
    pub(super) async fn require_pair(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        test: ChannelKey,
        live: ChannelKey,
    ) -> Result<()> {
        let pair = self.pair_of(db, actor, test.uuid()).await?;
        let is_theirs = pair.is_some_and(|pair| (pair.test_id, pair.live_id) == (test.uuid(), live.uuid()));
        if is_theirs { Ok(()) } else { Err(Error::Stale) }
    }

    /// Pairs within the caller's transaction, which has asked for the right.
    pub(super) async fn pair_in(
        &self,
        txn: &Write,
        actor: &Actor,
        test: ChannelKey,
        live: &channels::Model,
    ) -> Result<()> {
        let (test, _) = self.head(txn, actor, test).await?;
        let modes = (test.mode.as_str(), live.mode.as_str()) == (Mode::Test.as_str(), Mode::Live.as_str());
        let alike = test.provider == live.provider && test.purpose == live.purpose;
        if !modes || !alike || test.archived_at.is_some() || live.archived_at.is_some() {
            return Err(FormErrors::one("other", ErrorCode::NotAChoice).into());
        }
        for id in [test.id, live.id] {
            self.part_from_gone(txn, actor, id).await?;
        }
        let row = channel_pairs::ActiveModel {
            test_id: Set(test.id),
            live_id: Set(live.id),
            merchant_id: Set(actor.merchant),
            at: Set(time_ms(self.clock.now())),
        };
        // One of the two may be part of a pair by now; the keys tell.
        channel_pairs::Entity::insert(row).exec_without_returning(txn).await.map_err(|e| match e.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Error::WrongStatus,
            _ => e.into(),
        })?;
        let key = ChannelKey::new(test.id).to_string();
        let live = Trace::value(ChannelKey::new(live.id).to_string());
        let entry = Entry::by(actor, Action::ChannelsPaired, &key);
        self.audit(txn, entry.changing(vec![FieldChange::new("live", None, Some(live))])).await
    }

    async fn pair_of(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        id: Uuid,
    ) -> Result<Option<channel_pairs::Model>> {
        let either =
            Condition::any().add(channel_pairs::Column::TestId.eq(id)).add(channel_pairs::Column::LiveId.eq(id));
        Ok(channel_pairs::owned_by(actor.merchant).filter(either).one(db).await?)
    }

    /// Channels of the other mode, of the same provider and purpose, that are in no pair; those of the same module first.
    async fn candidates(&self, actor: &Actor, own: &ChannelSummary) -> Result<Vec<ChannelSummary>> {
        use channel_pairs::Column::{LiveId, TestId};
        let other = if own.mode == Mode::Test { Mode::Live } else { Mode::Test };
        let paired = channel_pairs::owned_by(actor.merchant).select_only();
        let (paired_id, beside) = if other == Mode::Live { (LiveId, TestId) } else { (TestId, LiveId) };
        // One whose other half cannot come back is as good as alone.
        let gone = channels::owned_by(actor.merchant).select_only().column(channels::Column::Id);
        let gone = gone.filter(channels::Column::ArchivedAt.lt(self.gone_before()));
        let paired = paired.column(paired_id).filter(beside.not_in_subquery(sea_orm::QueryTrait::into_query(gone)));
        let found = channels::owned_by(actor.merchant)
            .filter(actor.reach.condition())
            .filter(channels::Column::Mode.eq(other.as_str()))
            .filter(channels::Column::Provider.eq(own.provider.as_str()))
            .filter(channels::Column::Purpose.eq(own.purpose.as_str()))
            .filter(channels::Column::ArchivedAt.is_null())
            .filter(channels::Column::Id.not_in_subquery(sea_orm::QueryTrait::into_query(paired)))
            .order_by_desc(channels::Column::CreatedAt)
            .limit(SUGGESTED)
            .all(self.db.read())
            .await?;
        let mut found: Vec<ChannelSummary> = found.iter().map(|head| self.summary(head)).collect::<Result<_>>()?;
        found.sort_by_key(|channel| channel.module != own.module);
        Ok(found)
    }
}

/// The other side of a channel's pair.
fn other_of(pair: &channel_pairs::Model, own: Uuid) -> Uuid {
    if pair.test_id == own { pair.live_id } else { pair.test_id }
}

//! Running payment cores: how far each is, and what pages tell of it.

use std::collections::BTreeMap;

use domain::{
    credential::CoreScope,
    id::ChannelKey,
    member::Permission,
    receipt::{CoresState, NodeReceipt, Receipt},
};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QueryOrder as _, sea_query::Expr,
};
use time::Duration;

use super::CoreCaller;
use crate::{
    Backend,
    actor::Actor,
    entity::{channels, config_events, core_acks, core_nodes, core_tokens},
    error::{Error, Result},
    ms, time_ms,
};

/// A node counts while its last word is younger.
const ALIVE: Duration = Duration::MINUTE;
/// A silent node is forgotten after this time.
const FORGOTTEN: Duration = Duration::DAY;
/// Nodes of one token.
const NODES: u64 = 64;

/// Why a core's word was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AckRefused {
    /// 1 to 80 characters, none of them a control character.
    Name,
    /// No event has that number: the last one is `last`.
    Beyond { last: i64 },
    /// The token has enough nodes.
    TooMany,
}

impl Backend {
    /// Takes down that a running core has everything up to event number `seq`.
    pub async fn ack(&self, core: &CoreCaller, node: &str, seq: i64) -> Result<Result<(), AckRefused>> {
        core.require(CoreScope::ChannelsRead)?;
        if !is_name(node) {
            return Ok(Err(AckRefused::Name));
        }
        let last = self.feed_head().await?.seq;
        if !(0..=last).contains(&seq) {
            return Ok(Err(AckRefused::Beyond { last }));
        }
        let now = self.now_ms();
        let txn = self.db.write().await?;
        let key = (core.kid.to_string(), node.to_owned());
        let before = core_nodes::Entity::find_by_id(key.clone()).one(&txn).await?;
        let known = before.as_ref().map(|row| row.seq);
        if before.is_some() {
            core_nodes::Entity::update_many()
                .col_expr(core_nodes::Column::Seq, Expr::value(seq))
                .col_expr(core_nodes::Column::AckedAt, Expr::value(now))
                .filter(core_nodes::Column::CoreKid.eq(&key.0))
                .filter(core_nodes::Column::Name.eq(node))
                .exec(&txn)
                .await?;
        } else {
            let own = core_nodes::Entity::find().filter(core_nodes::Column::CoreKid.eq(&key.0));
            if own.count(&txn).await? >= NODES {
                return Ok(Err(AckRefused::TooMany));
            }
            core_nodes::ActiveModel {
                core_kid: Set(key.0.clone()),
                name: Set(key.1.clone()),
                seq: Set(seq),
                acked_at: Set(now),
            }
            .insert(&txn)
            .await?;
        }
        let own_acks = || {
            core_acks::Entity::delete_many()
                .filter(core_acks::Column::CoreKid.eq(&key.0))
                .filter(core_acks::Column::Node.eq(node))
        };
        if known.is_some_and(|known| seq < known) {
            // It began again with something older: what it had then, it has no more.
            own_acks().filter(core_acks::Column::Seq.gte(seq)).exec(&txn).await?;
        }
        if known != Some(seq) {
            core_acks::ActiveModel { core_kid: Set(key.0), node: Set(key.1), seq: Set(seq), at: Set(now) }
                .insert(&txn)
                .await?;
        }
        core_tokens::Entity::update_many()
            .col_expr(core_tokens::Column::LastAckedAt, Expr::value(now))
            .filter(core_tokens::Column::Kid.eq(&*core.kid))
            .exec(&txn)
            .await?;
        txn.commit().await?;
        Ok(Ok(()))
    }

    /// How far the payment cores are with a channel's last change.
    pub async fn channel_receipt(&self, actor: &Actor, key: ChannelKey) -> Result<Receipt> {
        let head = self.seen_channel(actor, key).await?;
        let change = config_events::Entity::find()
            .filter(config_events::Column::ChannelId.eq(head.id))
            .order_by_desc(config_events::Column::Seq)
            .one(self.db.read())
            .await?;
        // One whose event was cut off is older than what any follower can have missed.
        let (seq, at) = change.map_or((0, None), |event| (event.seq, Some(event.at)));
        let last = self.feed_head().await?.seq;
        let now = self.now_ms();
        let tokens = self.live_tokens(|core| core.has(&head)).await?;
        let mut nodes = Vec::new();
        for row in self.nodes().await? {
            if !tokens.contains_key(&row.core_kid) {
                continue;
            }
            let applied = row.seq >= seq;
            let took_ms =
                if applied && let Some(at) = at { self.first_ack(&row, seq).await?.map(|ack| ack - at) } else { None };
            nodes.push(NodeReceipt {
                alive: now - row.acked_at < ms(ALIVE),
                applied,
                took_ms: took_ms.map(|took| took.max(0)),
                behind: last - row.seq,
                last_ack_at: row.acked_at,
                name: row.name,
            });
        }
        Ok(Receipt { nodes })
    }

    /// A channel that the actor may look at.
    pub(super) async fn seen_channel(&self, actor: &Actor, key: ChannelKey) -> Result<channels::Model> {
        actor.require(Permission::ViewChannels)?;
        let head = channels::owned_by(actor.merchant).filter(channels::Column::Id.eq(key.uuid()));
        head.one(self.db.read()).await?.filter(|head| actor.reach.has(head)).ok_or(Error::NotFound)
    }

    /// Whether any payment core follows this merchant's changes.
    pub async fn cores_state(&self, actor: &Actor) -> Result<CoresState> {
        actor.require(Permission::ViewChannels)?;
        let tokens = self.live_tokens(|core| core.knows_merchant(actor.merchant)).await?;
        Ok(match tokens.values().filter_map(|row| row.last_acked_at).max() {
            None => CoresState::NeverSeen,
            Some(at) if self.now_ms() - at < ms(ALIVE) => CoresState::Following,
            Some(since) => CoresState::Silent { since },
        })
    }

    /// Tokens that are not revoked and reach what is asked for.
    async fn live_tokens(&self, reaches: impl Fn(&CoreCaller) -> bool) -> Result<BTreeMap<String, core_tokens::Model>> {
        let rows = core_tokens::Entity::find().filter(core_tokens::Column::RevokedAt.is_null());
        let mut live = BTreeMap::new();
        for row in rows.all(self.db.read()).await? {
            if reaches(&self.caller_of(&row).await?) {
                live.insert(row.kid.clone(), row);
            }
        }
        Ok(live)
    }

    /// Nodes that are not forgotten, by name.
    pub(crate) async fn nodes(&self) -> Result<Vec<core_nodes::Model>> {
        let rows = core_nodes::Entity::find()
            .filter(core_nodes::Column::AckedAt.gt(self.now_ms() - ms(FORGOTTEN)))
            .order_by_asc(core_nodes::Column::Name)
            .order_by_asc(core_nodes::Column::CoreKid);
        Ok(rows.all(self.db.read()).await?)
    }

    /// When a node first had event number `seq`, as far as that is still known.
    async fn first_ack(&self, node: &core_nodes::Model, seq: i64) -> Result<Option<i64>> {
        let first = core_acks::Entity::find()
            .filter(core_acks::Column::CoreKid.eq(&node.core_kid))
            .filter(core_acks::Column::Node.eq(&node.name))
            .filter(core_acks::Column::Seq.gte(seq))
            .order_by_asc(core_acks::Column::Seq)
            .one(self.db.read())
            .await?;
        Ok(first.map(|ack| ack.at))
    }

    /// Forgets silent nodes, and when which event reached whom a day ago. Those who are still there keep their last word.
    pub(crate) async fn sweep_core_nodes(&self) -> Result<()> {
        let old = time_ms(self.clock.now() - FORGOTTEN);
        core_nodes::Entity::delete_many()
            .filter(core_nodes::Column::AckedAt.lte(old))
            .exec(self.db.statement())
            .await?;
        core_acks::Entity::delete_many().filter(core_acks::Column::At.lte(old)).exec(self.db.statement()).await?;
        Ok(())
    }
}

/// What a core may call itself.
pub(super) fn is_name(node: &str) -> bool {
    !node.trim().is_empty() && node.chars().count() <= 80 && !node.chars().any(char::is_control)
}

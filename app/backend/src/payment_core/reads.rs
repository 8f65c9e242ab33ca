//! Who read which channel's secrets. Counted in memory, so that no payment waits for it; written down every minute and
//! when the console stops, a row for each minute and core, in a chain of keyed hashes per merchant.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use domain::{id::ChannelKey, receipt::SecretRead};
use sea_orm::{
    ActiveModelTrait as _,
    ActiveValue::Set,
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};
use tokio::sync::Notify;
use uuid::Uuid;

use super::{
    CoreCaller,
    packed_reads::{packed, reads_of},
};
use crate::{
    Backend, Unsound,
    actor::Actor,
    entity::{core_tokens, secret_read_chains, secret_reads},
    error::{Error, Result},
    held::held,
    vault::MacPurpose,
};

const MINUTE: i64 = 60_000;
/// So many rows are not waited for any longer: a snapshot of everything shall not fill the memory.
const ENOUGH: usize = 20_000;
/// Channels of one row.
const IN_A_ROW: usize = 2_000;
/// Rows looked through at once.
const AT_ONCE: u64 = 100;
const SHOWN: u64 = 5;
/// A channel is looked for in what was written down since.
const SHOWN_SINCE: i64 = 7 * 24 * 60 * MINUTE;

/// What was read and is not written down yet.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    counts: Mutex<BTreeMap<What, i64>>,
    used: Mutex<BTreeMap<String, i64>>,
    enough: Notify,
    /// Held by whoever writes down.
    pen: tokio::sync::Mutex<()>,
}

/// In the order in which it is written down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct What {
    merchant: Uuid,
    minute: i64,
    core: Arc<str>,
    node: Arc<str>,
    channel: Uuid,
}

impl What {
    /// What comes in one row, whatever the channel.
    fn row(&self) -> (Uuid, i64, &str, &str) {
        (self.merchant, self.minute, &self.core, &self.node)
    }
}

impl Reads {
    pub(super) fn note(&self, core: &CoreCaller, now: i64, merchant: Uuid, channel: Uuid) {
        let (core, node) = (Arc::clone(&core.kid), Arc::clone(&core.node));
        let what = What { merchant, minute: now - now.rem_euclid(MINUTE), core, node, channel };
        let mut counts = held(&self.counts);
        *counts.entry(what).or_default() += 1;
        if counts.len() >= ENOUGH {
            self.enough.notify_one();
        }
    }

    /// A token's last use; written down with the reads.
    pub(super) fn note_use(&self, kid: &str, now: i64) {
        let mut used = held(&self.used);
        if let Some(at) = used.get_mut(kid) {
            *at = Ord::max(now, *at);
        } else {
            used.insert(kid.to_owned(), now);
        }
    }

    /// The next to be written, in one row: of one merchant and core, from a minute before `minute`.
    fn next(&self, minute: i64) -> Vec<(What, i64)> {
        let counts = held(&self.counts);
        let mut due = counts.iter().filter(|(what, _)| what.minute < minute).peekable();
        let row = due.peek().map(|(what, _)| what.row());
        due.take_while(|(what, _)| Some(what.row()) == row)
            .take(IN_A_ROW)
            .map(|(what, count)| (what.clone(), *count))
            .collect()
    }

    /// Takes off what was written down; what was read since stays.
    fn written(&self, rows: &[(What, i64)]) {
        let mut counts = held(&self.counts);
        for (what, written) in rows {
            if let Some(count) = counts.get_mut(what) {
                *count -= written;
                if *count <= 0 {
                    counts.remove(what);
                }
            }
        }
    }
}

impl Backend {
    /// Returns when so much was read that it is to be written down before its time.
    pub async fn many_secret_reads(&self) {
        self.reads.enough.notified().await;
    }

    /// Writes down who read what in the minutes that are over.
    pub async fn write_past_secret_reads(&self) -> Result<()> {
        let now = self.now_ms();
        self.write_reads_before(now - now.rem_euclid(MINUTE)).await
    }

    /// Writes down who read what until now.
    pub async fn write_secret_reads(&self) -> Result<()> {
        self.write_reads_before(i64::MAX).await
    }

    /// What cannot be written, or is dropped on the way, is kept for the next time.
    async fn write_reads_before(&self, minute: i64) -> Result<()> {
        let _pen = self.reads.pen.lock().await;
        let used = held(&self.reads.used).clone();
        for (kid, at) in used {
            core_tokens::Entity::update_many()
                .col_expr(core_tokens::Column::LastUsedAt, Expr::value(at))
                .filter(core_tokens::Column::Kid.eq(&kid))
                .exec(self.db.statement())
                .await?;
            let mut used = held(&self.reads.used);
            if used.get(&kid) == Some(&at) {
                used.remove(&kid);
            }
        }
        loop {
            let reads = self.reads.next(minute);
            let Some((first, _)) = reads.first() else { return Ok(()) };
            self.write_reads(first, &reads).await?;
            self.reads.written(&reads);
        }
    }

    /// Writes the row of what `reads` have in common with the first of them.
    async fn write_reads(&self, first: &What, reads: &[(What, i64)]) -> Result<()> {
        use secret_read_chains::Column as Chain;
        let merchant = first.merchant;
        let txn = self.db.write().await?;
        // Locks the chain: another console's rows come before or after, never between.
        let advanced = secret_read_chains::Entity::update_many()
            .col_expr(Chain::Seq, Expr::col(Chain::Seq).add(1))
            .filter(Chain::MerchantId.eq(merchant))
            .exec(&txn)
            .await?;
        let (seq, previous_mac) = if advanced.rows_affected == 0 {
            let head =
                secret_read_chains::ActiveModel { merchant_id: Set(merchant), seq: Set(1), mac: Set(vec![0; 32]) };
            head.insert(&txn).await?;
            (1, vec![0; 32])
        } else {
            let head = secret_read_chains::Entity::find_by_id(merchant).one(&txn).await?;
            let head = head.ok_or_else(|| Error::Internal("reads without a head".into()))?;
            (head.seq, head.mac)
        };
        let mut row = secret_reads::Model {
            merchant_id: merchant,
            seq,
            minute_at: first.minute,
            channel_id: Uuid::nil(),
            core_kid: first.core.to_string(),
            node: first.node.to_string(),
            reads: reads.iter().map(|(_, count)| count).sum(),
            previous_mac,
            key_id: self.vault.active_key_id(),
            mac: Vec::new(),
            channels: Some(packed(reads.iter().map(|(what, count)| (what.channel, *count)))),
        };
        row.mac = self.secret_read_mac(&row)?.to_vec();
        secret_read_chains::Entity::update_many()
            .col_expr(Chain::Mac, Expr::value(row.mac.clone()))
            .filter(Chain::MerchantId.eq(merchant))
            .exec(&txn)
            .await?;
        secret_reads::Entity::insert(secret_reads::ActiveModel::from(row)).exec_without_returning(&txn).await?;
        txn.commit().await
    }

    fn secret_read_mac(&self, row: &secret_reads::Model) -> Result<[u8; 32]> {
        let (seq, minute, reads) = (row.seq.to_be_bytes(), row.minute_at.to_be_bytes(), row.reads.to_be_bytes());
        let mut parts: Vec<&[u8]> = vec![
            row.merchant_id.as_bytes(),
            &seq,
            &minute,
            row.channel_id.as_bytes(),
            row.core_kid.as_bytes(),
            row.node.as_bytes(),
            &reads,
            &row.previous_mac,
        ];
        parts.extend(row.channels.as_deref());
        self.vault.mac(&row.key_id, MacPurpose::SecretRead, &parts)
    }

    /// Which payment cores read a channel's secrets within the last seven days, the last first.
    pub async fn secret_reads(&self, actor: &Actor, key: ChannelKey) -> Result<Vec<SecretRead>> {
        use secret_reads::Column::{ChannelId, MinuteAt, Seq};
        let head = self.seen_channel(actor, key).await?;
        let is_within = if self.db.is_sqlite() { "instr(channels, ?) > 0" } else { "position($1 in channels) > 0" };
        let is_within = Expr::cust_with_values(is_within, [head.id.as_bytes().to_vec()]);
        let among_others = Condition::all().add(ChannelId.eq(Uuid::nil())).add(is_within);
        let rows = secret_reads::owned_by(actor.merchant)
            .filter(MinuteAt.gte(self.now_ms() - SHOWN_SINCE))
            .filter(Condition::any().add(ChannelId.eq(head.id)).add(among_others))
            .order_by_desc(MinuteAt)
            .order_by_desc(Seq)
            .limit(SHOWN)
            .all(self.db.read())
            .await?;
        let kids = rows.iter().map(|row| row.core_kid.clone());
        let tokens = core_tokens::Entity::find().filter(core_tokens::Column::Kid.is_in(kids));
        let names: BTreeMap<String, String> =
            tokens.all(self.db.read()).await?.into_iter().map(|row| (row.kid, row.name)).collect();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                let count = row.channels.map_or(Some(row.reads), |channels| reads_of(&channels, head.id))?;
                let core = names.get(&row.core_kid).cloned().unwrap_or(row.core_kid);
                Some(SecretRead { minute: row.minute_at, core, node: row.node, count })
            })
            .collect())
    }

    /// Walks the record of every merchant; how many rows there are, and the first of each that does not fit.
    pub async fn verify_secret_reads(&self) -> Result<(u64, Vec<(Uuid, Unsound)>)> {
        let (mut seen, mut unsound) = (0, Vec::new());
        let rows = secret_reads::Entity::find().select_only().column(secret_reads::Column::MerchantId).distinct();
        let mut merchants: Vec<Uuid> = rows.into_tuple().all(self.db.read()).await?;
        let heads = secret_read_chains::Entity::find().all(self.db.read()).await?;
        merchants.extend(heads.iter().map(|head| head.merchant_id));
        merchants.sort_unstable();
        merchants.dedup();
        for merchant in merchants {
            let head = heads.iter().find(|head| head.merchant_id == merchant);
            let (mut next, mut previous) = (1, vec![0; 32]);
            let mut reaches_head = false;
            loop {
                let rows = secret_reads::owned_by(merchant)
                    .filter(secret_reads::Column::Seq.gte(next))
                    .order_by_asc(secret_reads::Column::Seq)
                    .limit(AT_ONCE)
                    .all(self.db.read())
                    .await?;
                if rows.is_empty() {
                    if !reaches_head {
                        unsound.push((merchant, Unsound::Row(next)));
                    }
                    break;
                }
                let mut fits = true;
                for row in rows {
                    fits = row.seq == next
                        && row.previous_mac == previous
                        && self.secret_read_mac(&row)?[..] == row.mac[..];
                    if !fits {
                        break;
                    }
                    reaches_head |= head.is_some_and(|head| head.seq == row.seq && head.mac == row.mac);
                    (next, previous, seen) = (next + 1, row.mac, seen + 1);
                }
                if !fits {
                    unsound.push((merchant, Unsound::Row(next)));
                    break;
                }
            }
        }
        Ok((seen, unsound))
    }
}

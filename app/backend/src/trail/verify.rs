//! Whether a trail is whole: every row bound to the one before, and nothing cut behind the last noted head.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Backend,
    entity::{
        audit_chains,
        audit_events::{self, Column},
    },
    error::Result,
    hex,
};

/// Rows read at once.
const STRIDE: u64 = 2_000;

/// The end of one merchant's chain at some moment, noted outside the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub merchant: Uuid,
    pub seq: i64,
    /// The last row's MAC, in hexadecimal.
    pub mac: String,
}

/// What is wrong with a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsound {
    /// The row with this number is missing, changed, or not where it was.
    Row(i64),
    /// Rows up to this number were there when the head was noted.
    Cut(i64),
}

/// What was found of all trails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Soundness {
    pub merchants: u64,
    pub rows: u64,
    pub unsound: Vec<(Uuid, Unsound)>,
}

impl Backend {
    /// The end of every chain now.
    pub async fn audit_heads(&self) -> Result<Vec<Head>> {
        let rows =
            audit_chains::Entity::find().order_by_asc(audit_chains::Column::MerchantId).all(self.db.read()).await?;
        Ok(rows.into_iter().map(|row| Head { merchant: row.merchant_id, seq: row.seq, mac: hex(&row.mac) }).collect())
    }

    /// Walks all trails and holds them against heads that were noted before.
    pub async fn verify_trails(&self, noted: &[Head]) -> Result<Soundness> {
        let noted: BTreeMap<Uuid, &Head> = noted.iter().map(|head| (head.merchant, head)).collect();
        let mut merchants: Vec<Uuid> = noted.keys().copied().collect();
        let events = audit_events::Entity::find().select_only().column(Column::MerchantId).distinct();
        merchants.extend(events.into_tuple::<Uuid>().all(self.db.read()).await?);
        merchants.extend(self.audit_heads().await?.into_iter().map(|head| head.merchant));
        merchants.sort_unstable();
        merchants.dedup();
        let mut found = Soundness { merchants: merchants.len() as u64, ..Soundness::default() };
        for merchant in merchants {
            let (rows, unsound) = self.walk(merchant, noted.get(&merchant).copied()).await?;
            found.rows += rows;
            found.unsound.extend(unsound.map(|unsound| (merchant, unsound)));
        }
        Ok(found)
    }

    /// Walks a merchant's chain; the number of the first entry that does not fit, if any.
    pub async fn verify_audit(&self, merchant: Uuid) -> Result<Option<i64>> {
        let (_, unsound) = self.walk(merchant, None).await?;
        Ok(unsound.map(|unsound| match unsound {
            Unsound::Row(seq) | Unsound::Cut(seq) => seq,
        }))
    }

    async fn walk(&self, merchant: Uuid, noted: Option<&Head>) -> Result<(u64, Option<Unsound>)> {
        let head = audit_chains::Entity::find_by_id(merchant).one(self.db.read()).await?;
        let (mut expected_seq, mut previous) = (1, vec![0; 32]);
        let mut reaches_head = head.is_none();
        let mut reaches_noted = noted.is_none();
        loop {
            let rows = audit_events::owned_by(merchant)
                .filter(Column::Seq.gte(expected_seq))
                .order_by_asc(Column::Seq)
                .limit(STRIDE)
                .all(self.db.read())
                .await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let sound =
                    row.seq == expected_seq && row.previous_mac == previous && self.audit_mac(&row)?[..] == row.mac[..];
                if !sound {
                    return Ok((seen(expected_seq), Some(Unsound::Row(expected_seq))));
                }
                // The head was read first: rows that were added since come after it.
                reaches_head |= head.as_ref().is_some_and(|head| head.seq == row.seq && head.mac == row.mac);
                reaches_noted |= noted.is_some_and(|noted| noted.seq == row.seq && noted.mac == hex(&row.mac));
                expected_seq += 1;
                previous = row.mac;
            }
        }
        // Nothing is complete without a head, except the trail of a merchant that never was.
        let is_bare = head.is_none() && expected_seq > 1;
        let unsound = match noted {
            Some(noted) if !reaches_noted => Some(Unsound::Cut(noted.seq)),
            _ if !reaches_head || is_bare => Some(Unsound::Row(expected_seq)),
            _ => None,
        };
        Ok((seen(expected_seq), unsound))
    }
}

fn seen(next: i64) -> u64 {
    u64::try_from(next - 1).unwrap_or_default()
}

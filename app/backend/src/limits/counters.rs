//! The second layer: counters in the database.

use sea_orm::{ConnectionTrait, Statement, Value};

use super::{GUESSES_ARE_KEPT, Limit, guesses, too_many};
use crate::{Backend, db::Write, error::Result, ms, time_ms};

/// One statement, so that of many at once each is counted. A window that is over begins anew.
const COUNT: &str = "
    INSERT INTO rate_counters AS c (name, subject, window_at, count) VALUES ($1, $2, $4, 1)
    ON CONFLICT (name, subject) DO UPDATE SET
        count = CASE WHEN c.window_at <= $3 THEN 1 ELSE c.count + 1 END,
        window_at = CASE WHEN c.window_at <= $3 THEN excluded.window_at ELSE c.window_at END
    RETURNING count, window_at";

impl Backend {
    /// Counts one more of each; refuses when somebody has had what they may.
    pub(crate) async fn admit(&self, tries: &[(Limit, &str)]) -> Result<()> {
        self.admit_in_memory(tries)?;
        self.admit_counted(tries).await
    }

    /// The second layer alone, for what has been waited for since the first.
    pub(crate) async fn admit_counted(&self, tries: &[(Limit, &str)]) -> Result<()> {
        let txn = self.db.write().await?;
        self.admit_in(&txn, tries).await?;
        txn.commit().await
    }

    /// The first layer alone: what is refused here has cost nothing.
    pub(crate) fn admit_in_memory(&self, tries: &[(Limit, &str)]) -> Result<()> {
        tries.iter().try_for_each(|(limit, subject)| self.limits.check(*limit, subject))
    }

    /// The second layer, within a transaction of the caller's.
    pub(crate) async fn admit_in(&self, txn: &Write, tries: &[(Limit, &str)]) -> Result<()> {
        for (limit, subject) in tries {
            let (count, until) = self.count(txn, *limit, subject).await?;
            if count > i64::from(limit.most) {
                self.limits.hits.note(limit.name);
                let wait = until - time_ms(self.clock.now());
                return Err(too_many(std::time::Duration::from_millis(wait.unsigned_abs())));
            }
        }
        Ok(())
    }

    /// Counts one more, and answers whether it is within the limit: for what is refused without a word.
    pub(crate) async fn is_within(&self, txn: &Write, limit: Limit, subject: &str) -> Result<bool> {
        let (count, _) = self.count(txn, limit, subject).await?;
        let is_within = count <= i64::from(limit.most);
        if !is_within {
            self.limits.hits.note(limit.name);
        }
        Ok(is_within)
    }

    async fn count(&self, txn: &Write, limit: Limit, subject: &str) -> Result<(i64, i64)> {
        let now = time_ms(self.clock.now());
        let values: [Value; 4] = [limit.name.into(), subject.into(), now.into(), (now + ms(limit.window)).into()];
        let row = txn.query_one_raw(Statement::from_sql_and_values(txn.get_database_backend(), COUNT, values)).await?;
        let row = row.ok_or_else(|| crate::Error::Internal("a counter that counts nothing".into()))?;
        Ok((i64::from(row.try_get_by_index::<i32>(0)?), row.try_get_by_index(1)?))
    }

    /// Removes counters that hold nobody up any more.
    pub(crate) async fn sweep_counters(&self) -> Result<()> {
        use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

        use crate::entity::rate_counters::{Column, Entity};
        let now = self.clock.now();
        Entity::delete_many()
            .filter(Column::Name.is_not_in(guesses::NAMES))
            .filter(Column::WindowAt.lte(time_ms(now)))
            .exec(self.db.statement())
            .await?;
        Entity::delete_many()
            .filter(Column::Name.is_in(guesses::NAMES))
            .filter(Column::WindowAt.lte(time_ms(now - GUESSES_ARE_KEPT)))
            .exec(self.db.statement())
            .await?;
        Ok(())
    }
}

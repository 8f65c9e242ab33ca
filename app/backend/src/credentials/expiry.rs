//! Warning of secrets that end soon, 14 and 3 days before, each once.

use sea_orm::{
    ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _, sea_query::Expr,
};
use time::Duration;

use super::Notice;
use crate::{Backend, Language, entity::api_secrets, error::Result, outbox::MailKind, time_ms};

const WARNINGS: [i32; 2] = [14, 3];
/// Secrets warned of in one round; the next minute takes the rest.
const ROUND: u64 = 200;

/// The warning that says nothing new: a secret made for ten days need not be told of as one with 14 days left.
pub(super) fn known_from_the_start(life: Duration) -> Option<i32> {
    WARNINGS.into_iter().rev().find(|days| life <= Duration::days((*days).into()))
}

impl Backend {
    /// Promises the mails that are due; the worker calls it every minute. Returns how many secrets were warned of.
    pub async fn warn_of_expiring_secrets(&self) -> Result<usize> {
        use api_secrets::Column;
        let now = self.clock.now();
        let mut warned = 0;
        // The nearest end first: a secret that is due for both is told of as the nearer.
        for days in WARNINGS.into_iter().rev() {
            let untold = || Condition::any().add(Column::WarnedDays.is_null()).add(Column::WarnedDays.gt(days));
            let due = api_secrets::Entity::find()
                .filter(Column::ExpiresAt.gt(time_ms(now)))
                .filter(Column::ExpiresAt.lte(time_ms(now + Duration::days(days.into()))))
                .filter(Column::RevokedAt.is_null())
                .filter(Column::Successor.is_null())
                .filter(untold())
                .order_by_asc(Column::ExpiresAt)
                .limit(ROUND)
                .all(self.db.read())
                .await?;
            for row in due {
                let txn = self.db.write().await?;
                let claimed = api_secrets::Entity::update_many()
                    .col_expr(Column::WarnedDays, Expr::value(days))
                    .filter(Column::Kid.eq(row.kid.as_str()))
                    .filter(Column::RevokedAt.is_null())
                    .filter(Column::Successor.is_null())
                    .filter(untold())
                    .exec(&txn)
                    .await?;
                if claimed.rows_affected == 1 {
                    let notice = Notice::of(&row.name, &row.kid, row.expires_at);
                    let language = Language::of_code(&row.language);
                    self.tell_owners(&txn, row.merchant_id, MailKind::ApiSecretExpiring, language, &notice).await?;
                    txn.commit().await?;
                    warned += 1;
                }
            }
        }
        if warned > 0 {
            self.wake_mail_worker();
        }
        Ok(warned)
    }
}

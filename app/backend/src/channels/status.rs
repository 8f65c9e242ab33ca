//! Pausing, resuming, deleting and restoring: a version each, secrets untouched.

use domain::{
    channel::{Status, view::VersionReason},
    id::ChannelKey,
    trail::FieldChange,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    SqlErr, sea_query::Expr,
};
use time::Duration;

use super::row::next_version;
use crate::{
    Backend,
    actor::Actor,
    audit::{Action, Entry},
    entity::{channel_versions, channels},
    error::{Error, Result},
    payment_core::EventKind,
    time_ms,
};

/// How long a deleted channel can be restored. Nothing is purged afterwards either: refunds need it.
pub(super) const RESTORABLE: Duration = Duration::days(30);

/// One way to move a channel from status to status.
struct Move {
    from: &'static [Status],
    to: Status,
    reason: VersionReason,
    action: Action,
    event: EventKind,
    /// The version that was seen, where the caller says so.
    seen: Option<i64>,
}

/// Each answers with the version it wrote.
impl Backend {
    pub async fn pause_channel(&self, actor: &Actor, key: ChannelKey) -> Result<i64> {
        let pause = Move {
            from: &[Status::Active],
            to: Status::Paused,
            reason: VersionReason::Paused,
            action: Action::ChannelPaused,
            event: EventKind::ChannelPaused,
            seen: None,
        };
        self.move_channel(actor, key, pause).await
    }

    pub async fn resume_channel(&self, actor: &Actor, key: ChannelKey) -> Result<i64> {
        let resume = Move {
            from: &[Status::Paused],
            to: Status::Active,
            reason: VersionReason::Resumed,
            action: Action::ChannelResumed,
            event: EventKind::ChannelResumed,
            seen: None,
        };
        self.move_channel(actor, key, resume).await
    }

    /// Archives: the name is free again, payments by it are over, refunds go on.
    pub async fn delete_channel(&self, actor: &Actor, key: ChannelKey) -> Result<i64> {
        self.delete_channel_at(actor, key, None).await
    }

    /// The same, if `seen` is still the current version; [`Error::Stale`] otherwise.
    pub async fn delete_channel_at(&self, actor: &Actor, key: ChannelKey, seen: Option<i64>) -> Result<i64> {
        let delete = Move {
            from: &[Status::Active, Status::Paused],
            to: Status::Archived,
            reason: VersionReason::Deleted,
            action: Action::ChannelDeleted,
            event: EventKind::ChannelArchived,
            seen,
        };
        self.move_channel(actor, key, delete).await
    }

    /// Undo of a deletion, for 30 days. [`Error::NameTaken`] when another channel has the name by now.
    pub async fn restore_channel(&self, actor: &Actor, key: ChannelKey) -> Result<i64> {
        let restore = Move {
            from: &[Status::Archived],
            to: Status::Active,
            reason: VersionReason::Restored,
            action: Action::ChannelRestored,
            event: EventKind::ChannelRestored,
            seen: None,
        };
        self.move_channel(actor, key, restore).await
    }

    /// Whether a channel was deleted too long ago to come back.
    pub(super) fn is_gone(&self, head: &channels::Model) -> bool {
        head.archived_at.is_some_and(|at| at < self.gone_before())
    }

    /// What was deleted before this time cannot come back.
    pub(super) fn gone_before(&self) -> i64 {
        time_ms(self.clock.now() - RESTORABLE)
    }

    async fn status_before(&self, db: &impl ConnectionTrait, head: &channels::Model) -> Result<Status> {
        let id = (head.id, head.current_version - 1);
        let before = channel_versions::Entity::find_by_id(id).one(db).await?;
        before
            .and_then(|row| Status::parse(&row.status))
            .filter(|status| *status != Status::Archived)
            .ok_or_else(|| Error::Internal("an archived channel without the version before".into()))
    }

    async fn move_channel(&self, actor: &Actor, key: ChannelKey, wanted: Move) -> Result<i64> {
        let target = key.to_string();
        let edit = self.permission_to_edit(actor, key).await?;
        self.require(actor, edit, wanted.action, &target).await?;
        let txn = self.db.write().await?;
        let (head, current) = self.head(&txn, actor, key).await?;
        let now = self.clock.now();
        // A person sees a deleted channel for 30 days and is told; to a server it is not there.
        if head.archived_at.is_some() && !wanted.from.contains(&Status::Archived) && actor.credential().is_some() {
            return Err(Error::NotFound);
        }
        if wanted.seen.is_some_and(|seen| seen != head.current_version) {
            return Err(Error::Stale);
        }
        if Status::parse(&head.status).is_none_or(|status| !wanted.from.contains(&status)) {
            return Err(Error::WrongStatus);
        }
        if self.is_gone(&head) {
            return Err(Error::NotFound);
        }
        let version = head.current_version + 1;
        let to = if wanted.to == Status::Archived || head.archived_at.is_none() {
            wanted.to
        } else {
            // As it was before: a channel that was paused is not set to work by bringing it back.
            self.status_before(&txn, &head).await?
        };
        let archived_at = (wanted.to == Status::Archived).then(|| time_ms(now));
        let moved = channels::Entity::update_many()
            .col_expr(channels::Column::Status, Expr::value(to.as_str()))
            .col_expr(channels::Column::ArchivedAt, Expr::value(archived_at))
            .col_expr(channels::Column::CurrentVersion, Expr::value(version))
            .col_expr(channels::Column::UpdatedAt, Expr::value(time_ms(now)))
            .filter(channels::Column::Id.eq(head.id))
            .filter(channels::Column::MerchantId.eq(actor.merchant))
            .filter(channels::Column::CurrentVersion.eq(head.current_version))
            .exec(&txn)
            .await
            .map_err(taken_or)?;
        if moved.rows_affected != 1 {
            return Err(Error::Stale);
        }
        let next = next_version(&head, current, actor, (wanted.reason, time_ms(now)));
        let row = channel_versions::Model { status: to.as_str().to_owned(), ..next };
        row.into_active_model().reset_all().insert(&txn).await?;
        let changed = FieldChange::of_value("status", &head.status, to.as_str());
        let entry = Entry::by(actor, wanted.action, &target).changing(changed.into_iter().collect());
        self.audit(&txn, entry).await?;
        self.announce(&txn, wanted.event, actor.merchant, head.store_id, head.id, version).await?;
        txn.commit().await?;
        Ok(version)
    }
}

/// Whoever brings a name back may find it taken; the index tells.
pub(super) fn taken_or(error: sea_orm::DbErr) -> Error {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => Error::NameTaken,
        _ => error.into(),
    }
}

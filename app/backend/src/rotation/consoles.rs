//! Consoles that serve say which keys they can read and which one they seal with. A rotation waits for them.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::OnConflict,
};
use time::Duration;

use crate::{Backend, KeyRingError, entity::consoles, error::Result, time_ms};

/// How often a console says that it serves.
pub const CONSOLE_PULSE: std::time::Duration = std::time::Duration::from_secs(20);
/// Who has said nothing for so long does not serve any more.
const SILENT: Duration = Duration::seconds(60);

impl Backend {
    /// Says that a console serves and which keys it can read, then looks whether it can read everything: a rotation either
    /// finds it here, or is found by it.
    pub async fn begin_serving(&self, console: &str) -> Result<()> {
        self.note_console(console).await?;
        self.check_key_ring().await
    }

    /// Says it again.
    pub async fn note_console(&self, console: &str) -> Result<()> {
        let ring = self.vault.ring();
        let row = consoles::ActiveModel {
            name: Set(console.to_owned()),
            active_key: Set(ring.active_id().to_owned()),
            key_ids: Set(ring.ids().collect::<Vec<_>>().join(" ")),
            seen_at: Set(time_ms(self.clock.now())),
        };
        let in_place = OnConflict::column(consoles::Column::Name)
            .update_columns([consoles::Column::ActiveKey, consoles::Column::KeyIds, consoles::Column::SeenAt])
            .to_owned();
        consoles::Entity::insert(row).on_conflict(in_place).exec_without_returning(self.db.statement()).await?;
        Ok(())
    }

    pub async fn end_serving(&self, console: &str) -> Result<()> {
        consoles::Entity::delete_by_id(console).exec(self.db.statement()).await?;
        Ok(())
    }

    /// Takes over the key ring's file if it was replaced; whether it was.
    pub fn refresh_key_ring(&self) -> Result<bool, KeyRingError> {
        self.vault.refresh()
    }

    /// Consoles that serve and of which `is_ready` is not true.
    pub(super) async fn consoles_not(&self, is_ready: impl Fn(&consoles::Model) -> bool) -> Result<Vec<String>> {
        let rows = consoles::Entity::find()
            .filter(consoles::Column::SeenAt.gt(time_ms(self.clock.now() - SILENT)))
            .order_by_asc(consoles::Column::Name)
            .all(self.db.read())
            .await?;
        Ok(rows.into_iter().filter(|row| !is_ready(row)).map(|row| row.name).collect())
    }
}

pub(super) fn reads(console: &consoles::Model, key_id: &str) -> bool {
    console.key_ids.split(' ').any(|id| id == key_id)
}

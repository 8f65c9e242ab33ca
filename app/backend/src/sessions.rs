//! The session store: the cookie's id is stored hashed, and saving never revives.

use std::{fmt, sync::Arc};

use domain::clock::Clock;
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, SqlErr,
    sea_query::Expr,
};
use sha2::{Digest as _, Sha256};
use time::Duration;
use tokio::time::timeout;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store,
};

use uuid::Uuid;

use crate::{
    db::{Db, NOTE_WAIT},
    entity::sessions,
    hex, ms, time_ms,
};

/// A session ends after this long without a request. Requests are noted at most once a minute, so it may be one less.
pub const IDLE: Duration = Duration::minutes(30);
/// And this long after its login, however busy.
pub const ABSOLUTE: Duration = Duration::hours(8);

/// What a session's data may hold, by its keys.
pub mod keys {
    /// Who is logged in: [`crate::SignedIn`].
    pub const SIGNED_IN: &str = "signed_in";
    pub const LOGGED_IN_AT: &str = "logged_in_at";
    pub const SEEN_AT: &str = "seen_at";
    /// The browser, as far as it says.
    pub const DEVICE: &str = "device";
    /// Where it was last used from.
    pub const ADDRESS: &str = "address";
}

/// Names a session in lists; opens none.
pub fn handle(id: &Id) -> String {
    hex(&hashed(id))
}

/// Sessions in the database. Only [`SessionStore::create`] inserts: a request that was under way while its session was
/// logged out updates nothing, so the session stays dead (the stock stores upsert and bring it back).
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: Arc<dyn Clock>,
}

impl Sessions {
    pub fn new(db: Db, clock: Arc<dyn Clock>) -> Self {
        Self { db, clock }
    }

    /// When a session ends that is written now. Counted here and by our clock: the cookie's layer knows no end but the
    /// one of silence, and has a clock of its own.
    fn ends_at(&self, record: &Record) -> i64 {
        let logged_in_at = record.data.get(keys::LOGGED_IN_AT).and_then(serde_json::Value::as_i64);
        logged_in_at.map_or_else(
            || time_ms(record.expiry_date),
            |since| (time_ms(self.clock.now()) + ms(IDLE)).min(since + ms(ABSOLUTE)),
        )
    }

    /// Removes what has expired; returns how many.
    pub async fn sweep(&self) -> crate::Result<u64> {
        let now = time_ms(self.clock.now());
        let done = sessions::Entity::delete_many()
            .filter(sessions::Column::ExpiresAt.lte(now))
            .exec(self.db.statement())
            .await?;
        Ok(done.rows_affected)
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

fn hashed(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn failed(error: impl fmt::Display) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

fn encoded(record: &Record) -> session_store::Result<String> {
    serde_json::to_string(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))
}

/// The columns that a member's list of sessions is read from, as the data has them.
struct Described {
    member: Option<Uuid>,
    device: String,
    address: String,
    created_at: i64,
    seen_at: i64,
}

impl Described {
    fn by(record: &Record) -> Self {
        let text = |key| record.data.get(key).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let number = |key| record.data.get(key).and_then(serde_json::Value::as_i64).unwrap_or_default();
        let signed_in = record.data.get(keys::SIGNED_IN).cloned();
        let signed_in = signed_in.and_then(|value| serde_json::from_value::<crate::SignedIn>(value).ok());
        Self {
            member: signed_in.map(|signed_in| signed_in.member),
            device: text(keys::DEVICE),
            address: text(keys::ADDRESS),
            created_at: number(keys::LOGGED_IN_AT),
            seen_at: number(keys::SEEN_AT),
        }
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        let described = Described::by(record);
        loop {
            let row = sessions::ActiveModel {
                id_hash: Set(hashed(&record.id)),
                data: Set(encoded(record)?),
                expires_at: Set(self.ends_at(record)),
                member_id: Set(described.member),
                device: Set(described.device.clone()),
                address: Set(described.address.clone()),
                created_at: Set(described.created_at),
                seen_at: Set(described.seen_at),
            };
            match row.insert(self.db.statement()).await {
                Ok(_) => return Ok(()),
                Err(e) if matches!(e.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                    record.id = Id::default();
                }
                Err(e) => return Err(failed(crate::Error::from(e))),
            }
        }
    }

    /// A session that is written again is one that goes on: that it was seen, or that a password was typed. Where that
    /// cannot be noted now, the request is answered nevertheless, and the next one notes it.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        let described = Described::by(record);
        let saved = sessions::Entity::update_many()
            .col_expr(sessions::Column::MemberId, Expr::value(described.member))
            .col_expr(sessions::Column::Device, Expr::value(described.device))
            .col_expr(sessions::Column::Address, Expr::value(described.address))
            .col_expr(sessions::Column::CreatedAt, Expr::value(described.created_at))
            .col_expr(sessions::Column::SeenAt, Expr::value(described.seen_at))
            .col_expr(sessions::Column::Data, Expr::value(encoded(record)?))
            .col_expr(sessions::Column::ExpiresAt, Expr::value(self.ends_at(record)))
            .filter(sessions::Column::IdHash.eq(hashed(&record.id)))
            .exec(self.db.statement());
        match timeout(NOTE_WAIT, saved).await.map(|saved| saved.map_err(crate::Error::from)) {
            Ok(Ok(_)) => Ok(()),
            Err(_) | Ok(Err(crate::Error::Unavailable)) => {
                tracing::warn!("a session was not noted down");
                Ok(())
            }
            Ok(Err(error)) => Err(failed(error)),
        }
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = sessions::Entity::find_by_id(hashed(id))
            .filter(sessions::Column::ExpiresAt.gt(time_ms(self.clock.now())))
            .one(self.db.read())
            .await
            .map_err(|e| failed(crate::Error::from(e)))?;
        found
            .map(|row| {
                let data = serde_json::from_str(&row.data).map_err(|e| session_store::Error::Decode(e.to_string()))?;
                Ok(Record { id: *id, data, expiry_date: crate::time_of(row.expires_at) })
            })
            .transpose()
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        sessions::Entity::delete_by_id(hashed(id))
            .exec(self.db.statement())
            .await
            .map_err(|e| failed(crate::Error::from(e)))?;
        Ok(())
    }
}

//! Channels from the database for whoever reads them one by one: from SQLite's file at once ([`Direct`]), from a server many
//! of them in one question ([`Together`]).

use std::{collections::HashMap, fmt::Write as _, sync::Arc};

use sea_orm::{ConnectionTrait as _, DatabaseBackend, DatabaseConnection, DbErr, Statement, Value};
use uuid::Uuid;

use crate::{
    db::{Db, Direct},
    entity::{channel_versions, channels},
    error::Result,
    together::Together,
};

/// So many channels of one MID are looked through at once; who has more is read for himself.
pub(super) const FEW: u16 = 16;

/// A channel with its current version. What no payment has a use for is not read, and empty: names to compare with, the
/// catalogue's fields, who changed what and why.
pub(super) type Row = (channels::Model, channel_versions::Model);
type Rows = Vec<Arc<Row>>;

// Text, where pages have queries that are put together: this is asked with every payment.
macro_rules! current {
    ($($which:literal)?) => {
        concat!(
            "SELECT c.id, c.merchant_id, c.store_id, c.mode, c.module, c.created_at, v.version, v.name, v.purpose, v.status, \
             v.mid, v.credentials, v.uses, v.public_fields, v.secret_notes, v.tax, v.secrets_of, v.key_id, v.wrapped_key, \
             v.sealed_secrets, v.at FROM channels c \
             JOIN channel_versions v ON v.channel_id = c.id AND v.version = c.current_version",
            $($which)?
        )
    };
}

/// A row of [`current`], by either driver.
macro_rules! read {
    ($row:ident.$get:ident) => {{
        let version = channel_versions::Model {
            channel_id: $row.$get(0)?,
            merchant_id: $row.$get(1)?,
            store_id: $row.$get(2)?,
            version: $row.$get(6)?,
            name: $row.$get(7)?,
            purpose: $row.$get(8)?,
            status: $row.$get(9)?,
            mid: $row.$get(10)?,
            credentials: $row.$get(11)?,
            uses: $row.$get(12)?,
            public_fields: $row.$get(13)?,
            secret_notes: $row.$get(14)?,
            asked_fields: None,
            tax: $row.$get(15)?,
            catalogue_revision: 0,
            secrets_of: $row.$get(16)?,
            key_id: $row.$get(17)?,
            wrapped_key: $row.$get(18)?,
            sealed_secrets: $row.$get(19)?,
            by_member: Uuid::nil(),
            at: $row.$get(20)?,
            reason: String::new(),
            credential: None,
            note: String::new(),
            made_from: None,
        };
        let head = channels::Model {
            id: version.channel_id,
            merchant_id: version.merchant_id,
            store_id: version.store_id,
            mode: $row.$get(3)?,
            provider: String::new(),
            module: $row.$get(4)?,
            name: version.name.clone(),
            name_key: String::new(),
            purpose: version.purpose.clone(),
            mid: version.mid.clone(),
            status: version.status.clone(),
            current_version: version.version,
            created_at: $row.$get(5)?,
            updated_at: version.at,
            archived_at: None,
        };
        Ok((head, version))
    }};
}

#[derive(Debug, Default)]
pub(crate) struct Load {
    current: Arc<Together<Uuid, Option<Arc<Row>>>>,
    of_mid: Arc<Together<(Uuid, String), Rows>>,
}

impl Load {
    /// A channel and its current version, as they are in the same moment.
    pub(super) async fn current(&self, db: &Db, id: Uuid) -> Result<Option<Row>> {
        let at_once = |file: &Direct| file.rows(current!(" WHERE c.id = ?"), [id], from_file);
        if let Some(found) = db.direct().and_then(at_once) {
            return Ok(found.into_iter().next());
        }
        let db = db.clone();
        let ask = move |ids: Vec<Uuid>| {
            let db = db.clone();
            async move {
                let asked: Vec<Value> = filled_up(&ids).into_iter().map(Value::from).collect();
                let count = asked.len();
                let found = rows(
                    db.read(),
                    |text, marks| {
                        text.push_str(current!());
                        text.push_str(" WHERE c.id IN (");
                        marks.write(text, count);
                        text.push(')');
                    },
                    asked,
                )
                .await?;
                let found: HashMap<Uuid, Arc<Row>> = found.into_iter().map(|row| (row.0.id, Arc::new(row))).collect();
                Ok(ids.iter().map(|id| found.get(id).cloned()).collect())
            }
        };
        Ok(self.current.ask(id, ask).await?.map(Arc::unwrap_or_clone))
    }

    /// A merchant's channels of one MID, the oldest first; no more than one beyond [`FEW`].
    pub(super) async fn of_mid(&self, db: &Db, merchant: Uuid, mid: String) -> Result<Rows> {
        let at_once = |file: &Direct| {
            let sql = current!(" WHERE c.merchant_id = ? AND c.mid = ? ORDER BY c.created_at, c.id LIMIT ?");
            file.rows(sql, (merchant, &mid, FEW + 1), |row| from_file(row).map(Arc::new))
        };
        if let Some(found) = db.direct().and_then(at_once) {
            return Ok(found);
        }
        let db = db.clone();
        let ask = move |asked: Vec<(Uuid, String)>| {
            let db = db.clone();
            async move {
                let each = filled_up(&asked);
                let count = each.len();
                let values =
                    each.into_iter().flat_map(|(merchant, mid)| [Value::from(merchant), Value::from(mid)]).collect();
                let all = rows(
                    db.read(),
                    |text, marks| {
                        for number in 0..count {
                            if number > 0 {
                                text.push_str(" UNION ALL ");
                            }
                            // Within a union, only a query of its own may have an order and an end.
                            let _ = write!(text, "SELECT * FROM ({} WHERE c.merchant_id = ", current!());
                            marks.write(text, 1);
                            text.push_str(" AND c.mid = ");
                            marks.write(text, 1);
                            let _ = write!(text, " ORDER BY c.created_at, c.id LIMIT {}) AS found", FEW + 1);
                        }
                    },
                    values,
                )
                .await?;
                let mut found: HashMap<(Uuid, String), Rows> = HashMap::new();
                for row in all {
                    let rows = found.entry((row.0.merchant_id, row.0.mid.clone())).or_default();
                    // What was asked for more than once was answered more than once.
                    let later = |last: &Arc<Row>| (last.0.created_at, last.0.id) < (row.0.created_at, row.0.id);
                    if rows.last().is_none_or(later) {
                        rows.push(Arc::new(row));
                    }
                }
                Ok(asked.iter().map(|asked| found.get(asked).cloned().unwrap_or_default()).collect())
            }
        };
        self.of_mid.ask((merchant, mid), ask).await
    }
}

/// The places of a statement's values, as the database writes them.
struct Marks {
    backend: DatabaseBackend,
    written: usize,
}

impl Marks {
    fn write(&mut self, text: &mut String, count: usize) {
        for number in 0..count {
            self.written += 1;
            text.push_str(if number == 0 { "" } else { ", " });
            let _ = match self.backend {
                DatabaseBackend::Postgres => write!(text, "${}", self.written),
                _ => write!(text, "?"),
            };
        }
    }
}

async fn rows(
    db: &DatabaseConnection,
    statement: impl FnOnce(&mut String, &mut Marks),
    values: Vec<Value>,
) -> Result<Vec<Row>> {
    let backend = db.get_database_backend();
    let mut text = String::new();
    statement(&mut text, &mut Marks { backend, written: 0 });
    let found = db.query_all_raw(Statement::from_sql_and_values(backend, text, values)).await?;
    Ok(found.iter().map(|row| read!(row.try_get_by_index)).collect::<Result<_, DbErr>>()?)
}

fn from_file(row: &rusqlite::Row<'_>) -> rusqlite::Result<Row> {
    read!(row.get)
}

/// Repeats the last one until there are 1, 2, 4 … of them: few statements, so that the driver keeps them all.
fn filled_up<T: Clone>(asked: &[T]) -> Vec<T> {
    let mut filled = asked.to_vec();
    if let Some(last) = asked.last() {
        filled.resize(asked.len().next_power_of_two(), last.clone());
    }
    filled
}

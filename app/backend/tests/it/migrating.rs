//! A database of any earlier schema, full of rows, becomes one of today: nothing is changed, everything sealed opens.

use std::{collections::BTreeMap, sync::Arc};

use backend::KeyRing;
use migrations::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, DatabaseConnection, Statement};

use crate::{
    credentials::my_password,
    support::{Bench, PASSWORD, Typing as _, ksnet, live, named, sign_up_form, test},
};

/// Rows of every table that a merchant's day leaves, by use cases that did what they were asked.
async fn fill(bench: &Bench) {
    let owner = bench.an_owner_called("kim@example.com").await;
    bench.a_member(&owner, "dev@example.com", "dev").await;
    let key = bench.add(&owner, ksnet("하나")).await;
    bench.edit(&owner, key, named("하나").mid("ks0001").field("api_key", "second")).await.unwrap();
    bench.edit(&owner, key, named("둘").mid("ks0001")).await.unwrap();
    let form = named("셋").mid("MOI0001").field("sign_key", "a-key").field("hash_key", "b-key");
    let other = bench.add(&owner, live("inicis_v2", form)).await;
    bench.backend.delete_channel(&owner, other).await.unwrap();
    bench.add(&owner, test("ksnet", named("넷").mid("ks0002").field("api_key", "third"))).await;
    bench.backend.keep_draft(&owner, "channel-add", &named("다섯")).await.unwrap();
    bench.issue(&owner, "결제 서버").await;
    bench.secrets(key).await;
    bench.backend.write_secret_reads().await.unwrap();
    bench.letters().await;
    bench.backend.sign_up(sign_up_form("lee@example.com", PASSWORD), bench.somebody()).await.unwrap();
}

/// A database of the first `steps` migrations: a file beside, or a schema within.
struct Earlier {
    url: String,
    connection: DatabaseConnection,
    /// How today's tables are called from here.
    today: &'static str,
    here: String,
}

impl Earlier {
    async fn set_up(bench: &Bench, steps: usize) -> Self {
        let is_sqlite = bench.backend.db().is_sqlite();
        let here = format!("of_{steps}");
        let url = if is_sqlite {
            format!("sqlite://{}?mode=rwc", bench.dir.path().join(format!("{here}.db")).display())
        } else {
            bench.sql(&format!("CREATE SCHEMA {here}")).await;
            format!("{}&options=-csearch_path%3D{here}", bench.url)
        };
        let mut options = ConnectOptions::new(&url);
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await.unwrap();
        Migrator::up(&connection, Some(u32::try_from(steps).unwrap())).await.unwrap();
        if is_sqlite {
            let file = bench.dir.path().join("console.db");
            connection.execute_unprepared("PRAGMA foreign_keys = OFF").await.unwrap();
            connection.execute_unprepared(&format!("ATTACH '{}' AS today", file.display())).await.unwrap();
            Self { url, connection, today: "today", here: "main".to_owned() }
        } else {
            connection.execute_unprepared("SET session_replication_role = replica").await.unwrap();
            Self { url, connection, today: "public", here }
        }
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        let rows = self.connection.query_all_raw(statement).await.unwrap();
        rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    async fn count(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.connection.get_database_backend(), sql);
        self.connection.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// Its tables and their columns, as a list for SQL.
    async fn tables(&self) -> BTreeMap<String, String> {
        let is_sqlite = self.here == "main";
        let tables = if is_sqlite {
            "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'".to_owned()
        } else {
            format!("SELECT table_name::text FROM information_schema.tables WHERE table_schema = '{}'", self.here)
        };
        let mut found = BTreeMap::new();
        for table in self.texts(&tables).await.into_iter().filter(|table| table != "seaql_migrations") {
            let columns = if is_sqlite {
                format!("SELECT name FROM pragma_table_info('{table}', 'main')")
            } else {
                format!(
                    "SELECT column_name::text FROM information_schema.columns \
                     WHERE table_schema = '{}' AND table_name = '{table}'",
                    self.here
                )
            };
            let columns = self.texts(&columns).await;
            found.insert(table, columns.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(", "));
        }
        found
    }
}

on_both_databases!(a_full_database_of_every_earlier_schema_migrates_with_nothing_changed, |bench| async move {
    fill(&bench).await;
    let (versions, _) = bench.backend.verify_secrets().await.unwrap();
    let all = Migrator::migrations().len();
    for steps in 1..all {
        let earlier = Earlier::set_up(&bench, steps).await;
        let tables = earlier.tables().await;
        let Earlier { connection, today, here, .. } = &earlier;
        for (table, columns) in &tables {
            connection.execute_unprepared(&format!("DELETE FROM {here}.{table}")).await.unwrap();
            let copy = format!("INSERT INTO {here}.{table} ({columns}) SELECT {columns} FROM {today}.{table}");
            connection.execute_unprepared(&copy).await.unwrap_or_else(|error| panic!("{steps} {table}: {error}"));
        }
        // On another connection, as a console starts.
        let ring = KeyRing::read(&bench.dir.path().join("keyring")).unwrap();
        let migrated = Bench::backend_with(&earlier.url, ring, Arc::clone(&bench.clock)).await.unwrap();
        for (table, columns) in &tables {
            let (then, now) =
                (format!("SELECT {columns} FROM {today}.{table}"), format!("SELECT {columns} FROM {here}.{table}"));
            for (one, other) in [(&then, &now), (&now, &then)] {
                let differing = format!("SELECT COUNT(*) FROM ({one} EXCEPT {other}) AS differing");
                assert_eq!(earlier.count(&differing).await, 0, "{table} of {steps}");
            }
            let rows = async |sql: &str| earlier.count(&format!("SELECT COUNT(*) FROM ({sql}) AS rows_of")).await;
            assert_eq!(rows(&then).await, rows(&now).await, "{table} of {steps}");
        }
        assert_eq!(migrated.verify_trails(&[]).await.unwrap().unsound, [], "{steps}");
        if tables.contains_key("channel_versions") {
            assert_eq!(migrated.verify_secrets().await.unwrap(), (versions, vec![]), "{steps}");
            let owner = domain::account::LoginForm {
                email: "kim@example.com".to_owned(),
                password: domain::secret::Typed::new(PASSWORD),
            };
            let somebody = bench.somebody();
            let owner = migrated.log_in(owner, somebody).await.unwrap();
            let owner = migrated.actor(owner, somebody.address).await.unwrap();
            migrated.add_channel(&owner, ksnet("다음 날")).await.unwrap();
            assert!(migrated.show_v1_secret(&owner, "look", &my_password()).await.is_ok(), "{steps}");
        }
        for (what, _, unreadable) in migrated.verify_sealed_blobs().await.unwrap() {
            assert!(unreadable.is_empty(), "{what} of {steps}");
        }
        migrated.db().close().await.unwrap();
        earlier.connection.close().await.unwrap();
    }
});

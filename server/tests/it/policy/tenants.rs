//! Two merchants who mix each other's ids into their requests, at random.

use std::collections::BTreeMap;

use super::{
    asked::{Kind, asked},
    people::{Ids, Merchant, Principal, World},
    table::{Need, Row, TABLE},
};
use crate::{
    chance::Chance,
    support::{Console, times},
};
use domain::member::Role;

/// Every row of a merchant's, by table.
async fn rows_of(console: &Console, tables: &[(String, String)], merchant: &str) -> BTreeMap<String, Vec<String>> {
    let mut rows = BTreeMap::new();
    for (table, columns) in tables {
        let own = format!("SELECT {columns} FROM {table} WHERE hex(merchant_id) = '{merchant}' ORDER BY 1");
        rows.insert(table.clone(), console.texts(&own).await);
    }
    rows
}

/// Tables that name the merchant, with all their columns as one text.
async fn tables(console: &Console) -> Vec<(String, String)> {
    let named = "SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
                 AND c.name = 'merchant_id' ORDER BY 1";
    let mut tables = Vec::new();
    for table in console.texts(named).await {
        let columns =
            console.texts(&format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')")).await;
        tables.push((table, columns.join(" || ',' || ")));
    }
    assert!(tables.len() > 6, "{tables:?}");
    tables
}

fn mixed(chance: &mut Chance, own: &Ids, foreign: &Ids, row: &Row) -> Ids {
    let nowhere = own.of_nobody();
    let mut pick = |of: fn(&Ids) -> &String| match chance.below(4) {
        0 => of(own).clone(),
        1 => of(&nowhere).clone(),
        _ => of(foreign).clone(),
    };
    let mut ids = Ids {
        channel: pick(|ids| &ids.channel),
        live_channel: pick(|ids| &ids.live_channel),
        store: pick(|ids| &ids.store),
        owner: pick(|ids| &ids.owner),
        colleague: pick(|ids| &ids.colleague),
        invitation: pick(|ids| &ids.invitation),
        kid: pick(|ids| &ids.kid),
        handle: pick(|ids| &ids.handle),
        application: pick(|ids| &ids.application),
    };
    // Whoever revokes what they prove themselves with is out of the game.
    if row.route.ends_with("v2/revoke") && ids.kid == own.kid {
        ids.kid.clone_from(&foreign.kid);
    }
    ids
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_mixes_in_another_merchants_ids_neither_changes_nor_reads_what_is_not_theirs() {
    let world = World::new().await;
    let mut chance = Chance::new();
    let tables = tables(&world.console).await;
    let hex = |email: &str| format!("SELECT hex(merchant_id) FROM members WHERE email = '{email}'");
    let ours = world.console.texts(&hex("kim@example.com")).await.remove(0);
    let others = world.console.texts(&hex("lee@example.net")).await.remove(0);
    let rows: Vec<&Row> = TABLE
        .iter()
        .filter(|row| row.names_ids() && !row.is_last && !matches!(row.need, Need::Core(_) | Need::Nothing))
        .collect();
    let steps = times("CONSOLE_TEST_STEPS", 200);
    for step in 0..steps {
        let row = **chance.one_of(&rows);
        let is_program = row.kind() == Kind::Program;
        let ours_asks = chance.below(2) == 0;
        let (actor, foreign, hex): (&Merchant, &Merchant, &str) =
            if ours_asks { (&world.ours, &world.other, &others) } else { (&world.other, &world.ours, &ours) };
        let principal = match (ours_asks, is_program) {
            (true, true) => Principal::Secret,
            (true, false) => Principal::Member(Role::Owner),
            (false, true) => Principal::OtherSecret,
            (false, false) => Principal::OtherOwner,
        };
        let ids = mixed(&mut chance, &actor.ids, &foreign.ids, &row);
        let before = rows_of(&world.console, &tables, hex).await;
        let answer = asked(&world, &row, principal, &ids).await;
        let after = rows_of(&world.console, &tables, hex).await;
        let what = format!("step {step} of {steps}: {} {} as {principal:?} with {ids:?}", row.route, row.body);
        assert!(!answer.status.is_server_error(), "{what}: {}", answer.status);
        assert_eq!(before, after, "{what} changed what is another merchant's");
        assert!(!answer.body.contains(foreign.word), "{what} tells of another merchant: {}", answer.body);
    }
}

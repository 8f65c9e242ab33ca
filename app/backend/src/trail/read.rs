//! The trail as people read it.

use std::collections::BTreeMap;

use domain::{
    member::Permission,
    page::Page,
    trail::{FieldChange, Outcome, Trace, TrailEntry, TrailQuery},
};
use sea_orm::{
    ColumnTrait as _, Condition, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, ExprTrait as _, Func},
};
use time::{
    Date, PrimitiveDateTime, Time, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};
use uuid::Uuid;

use crate::{
    Backend,
    actor::Actor,
    db::{beginning, containing},
    entity::{
        audit_events::{self, Column, Entity},
        members,
    },
    error::{Error, Result},
    paging::page_of,
    time_ms, time_of,
};

const PAGE: u64 = 50;
/// The most lines of one file; what is older is had by asking for its days.
const FILE: u64 = 100_000;
const DAY: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]");
const SECOND: &[BorrowedFormatItem<'_>] = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]+09:00");

impl Backend {
    /// One page of the trail, newest first. `page` counts from 1.
    pub async fn trail(&self, actor: &Actor, query: &TrailQuery, page: u64) -> Result<Page<TrailEntry>> {
        actor.require(Permission::ManageMembers)?;
        let people = self.people(actor).await?;
        let found = matching(actor, query, &people);
        let page = page_of(&self.db, found.order_by_desc(Column::Seq), page, PAGE).await?;
        page.try_map(|row| entry(row, &people))
    }

    /// The same as CSV, up to 100,000 lines. Cells that a spreadsheet would take for formulas are made text.
    pub async fn trail_file(&self, actor: &Actor, query: &TrailQuery) -> Result<String> {
        actor.require(Permission::ManageMembers)?;
        let people = self.people(actor).await?;
        let found = matching(actor, query, &people).order_by_desc(Column::Seq).limit(FILE);
        let failed = |_| Error::Internal("CSV".into());
        let mut file = csv::Writer::from_writer(Vec::new());
        let head = ["seq", "at", "member", "api_secret", "address", "action", "target", "outcome", "changes", "reason"];
        file.write_record(head).map_err(failed)?;
        for row in found.all(self.db.read()).await? {
            let entry = entry(row, &people)?;
            let changes = entry.changes.iter().map(change_text).collect::<Vec<_>>().join("; ");
            let at = time_of(entry.at).to_offset(KOREA).format(SECOND).unwrap_or_default();
            let cells = [
                &entry.seq.to_string(),
                &at,
                &entry.member,
                entry.credential.as_deref().unwrap_or_default(),
                &entry.address,
                &entry.action,
                &entry.target,
                entry.outcome.as_str(),
                &changes,
                &entry.reason,
            ];
            file.write_record(cells.map(inert)).map_err(failed)?;
        }
        let bytes = file.into_inner().map_err(|_| Error::Internal("CSV".into()))?;
        // Spreadsheets take a file without this mark for the system's old encoding.
        String::from_utf8(bytes).map(|text| format!("\u{FEFF}{text}")).map_err(|_| Error::Internal("CSV".into()))
    }

    async fn people(&self, actor: &Actor) -> Result<BTreeMap<Uuid, String>> {
        let rows = members::owned_by(actor.merchant).all(self.db.read()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.email)).collect())
    }
}

const KOREA: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

fn matching(actor: &Actor, query: &TrailQuery, people: &BTreeMap<Uuid, String>) -> Select<Entity> {
    let mut found = audit_events::owned_by(actor.merchant);
    if !query.kind.is_empty() {
        found = found.filter(Column::Action.like(beginning(&format!("{}.", query.kind))));
    }
    if let Some(outcome) = Outcome::parse(&query.outcome) {
        found = found.filter(Column::Outcome.eq(outcome.as_str()));
    }
    let who = query.who.trim().to_lowercase();
    if !who.is_empty() {
        let meant = people.iter().filter(|(_, email)| email.to_lowercase().contains(&who)).map(|(id, _)| *id);
        let secret = Expr::expr(Func::lower(Expr::col(Column::Credential))).like(containing(&who));
        found = found.filter(Condition::any().add(Column::MemberId.is_in(meant)).add(secret));
    }
    let target = query.target.trim().to_lowercase();
    if !target.is_empty() {
        found = found.filter(Expr::expr(Func::lower(Expr::col(Column::Target))).like(containing(&target)));
    }
    if let Some(from) = day(&query.from) {
        found = found.filter(Column::At.gte(from));
    }
    if let Some(until) = day(&query.until) {
        found = found.filter(Column::At.lt(until + 24 * 60 * 60 * 1000));
    }
    found
}

/// Where a Korean day begins; none for what is no day.
fn day(text: &str) -> Option<i64> {
    let date = Date::parse(text, DAY).ok()?;
    Some(time_ms(PrimitiveDateTime::new(date, Time::MIDNIGHT).assume_offset(KOREA)))
}

fn entry(row: audit_events::Model, people: &BTreeMap<Uuid, String>) -> Result<TrailEntry> {
    let damaged = || Error::Internal("audit_events".into());
    Ok(TrailEntry {
        seq: row.seq,
        at: row.at,
        member: row.member_id.and_then(|id| people.get(&id).cloned()).unwrap_or_default(),
        credential: row.credential,
        address: row.address,
        action: row.action,
        target: row.target,
        outcome: Outcome::parse(&row.outcome).ok_or_else(damaged)?,
        changes: changes(&row.details),
        reason: row.reason,
    })
}

/// What changed. The first entries told only names, with commas between them.
fn changes(details: &str) -> Vec<FieldChange> {
    serde_json::from_str(details).unwrap_or_else(|_| {
        let names = details.split(',').filter(|name| !name.is_empty());
        names.map(|name| FieldChange::new(name, None, None)).collect()
    })
}

fn change_text(change: &FieldChange) -> String {
    let side = |trace: &Option<Trace>| match trace {
        None => "-".to_owned(),
        Some(Trace::Value(value)) => value.clone(),
        Some(Trace::Secret { fingerprint: Some(print) }) => format!("(set {print})"),
        Some(Trace::Secret { fingerprint: None }) => "(set)".to_owned(),
    };
    format!("{}: {} -> {}", change.field, side(&change.before), side(&change.after))
}

/// A cell that begins like a formula gets a quote in front, and line ends become spaces.
fn inert(cell: &str) -> String {
    let line = cell.replace(['\r', '\n'], " ");
    if line.starts_with(['=', '+', '-', '@', '\t']) { format!("'{line}") } else { line }
}

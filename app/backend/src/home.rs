//! Home: where a merchant stands. Everything is read from what there is; nothing is ticked off.

use std::collections::BTreeMap;

use domain::{
    api_secret::EXPIRING,
    channel::{Mode, Status},
    home::{By, EndingSecret, Home, ModeCount, RecentChange, Step, StepKind},
    id::ChannelKey,
    member::Permission,
    receipt::CoresState,
    trail::Outcome,
};
use sea_orm::{ColumnTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use uuid::Uuid;

use crate::{
    Backend,
    actor::{Actor, Reach},
    audit::Action,
    entity::{api_secrets, audit_events, channels, members},
    error::Result,
    time_ms,
};

/// So many changes are shown, of so many entries of the trail that are looked at.
const RECENT: usize = 8;
const LOOKED_AT: u64 = 100;
/// Entries that change nothing.
const NO_CHANGES: [&str; 3] = [Action::LoggedIn.as_str(), Action::LoggedOut.as_str(), Action::SecretCompared.as_str()];

/// An entry as far as Home tells it: when, whose doing, what, to what.
type Entry = (i64, Option<Uuid>, Option<String>, String, String);

impl Backend {
    pub async fn home(&self, actor: &Actor) -> Result<Home> {
        actor.require(Permission::ViewChannels)?;
        let modes = self.channel_counts(actor).await?;
        let cores = self.cores_state(actor).await?;
        let (ending, has_secret) = self.secrets_of_home(actor).await?;
        Ok(Home {
            steps: self.steps(actor, &modes, cores, has_secret).await?,
            modes,
            ending,
            recent: self.recent_changes(actor).await?,
            cores,
            now: self.now_ms(),
        })
    }

    /// Whoever may not see keys is not told whether there is one.
    async fn steps(
        &self,
        actor: &Actor,
        modes: &[ModeCount],
        cores: CoresState,
        has_secret: Option<bool>,
    ) -> Result<Vec<Step>> {
        let step = |kind, is_done| Step { kind, is_done };
        let mut steps = vec![
            // Nobody is logged in without.
            step(StepKind::MailConfirmed, true),
            step(StepKind::FirstTestChannel, self.ever_had(actor, modes, Mode::Test).await?),
        ];
        steps.extend(has_secret.map(|is_done| step(StepKind::ApiSecret, is_done)));
        steps.push(step(StepKind::Core, cores != CoresState::NeverSeen));
        steps.push(step(StepKind::FirstLiveChannel, self.ever_had(actor, modes, Mode::Live).await?));
        Ok(steps)
    }

    /// Whether there is a channel of a mode, or was one: a test channel that has served its time is deleted.
    async fn ever_had(&self, actor: &Actor, modes: &[ModeCount], mode: Mode) -> Result<bool> {
        if modes.iter().any(|count| count.mode == mode && count.active + count.paused > 0) {
            return Ok(true);
        }
        let one = channels::owned_by(actor.merchant)
            .filter(actor.reach.condition())
            .filter(channels::Column::Mode.eq(mode.as_str()))
            .filter(channels::Column::ArchivedAt.is_not_null())
            .limit(1);
        Ok(one.count(self.db.read()).await? > 0)
    }

    async fn channel_counts(&self, actor: &Actor) -> Result<Vec<ModeCount>> {
        let heads = self.heads(actor.merchant).await?;
        let mut counts = [Mode::Live, Mode::Test].map(|mode| ModeCount { mode, active: 0, paused: 0 });
        for head in heads.iter().filter(|head| actor.reach.shows(head)) {
            for count in counts.iter_mut().filter(|count| count.mode == head.mode) {
                match head.status {
                    Status::Active => count.active += 1,
                    Status::Paused => count.paused += 1,
                    Status::Archived => {}
                }
            }
        }
        Ok(counts.into())
    }

    /// The V2 secrets that end soon, and whether one works; none for who may not see them.
    async fn secrets_of_home(&self, actor: &Actor) -> Result<(Vec<EndingSecret>, Option<bool>)> {
        if !actor.may(Permission::ViewKeys) {
            return Ok((Vec::new(), None));
        }
        let mut found = api_secrets::owned_by(actor.merchant).filter(api_secrets::Column::RevokedAt.is_null());
        if let Reach::Store(store) = actor.reach {
            found = found.filter(api_secrets::Column::StoreId.eq(store));
        }
        let (now, soon) = (self.now_ms(), time_ms(self.clock.now() + EXPIRING));
        let mut live = found.all(self.db.read()).await?;
        live.retain(|row| row.is_live(now));
        let has_one = !live.is_empty();
        // One that has a successor is meant to end.
        let ends = live.into_iter().filter(|row| row.successor.is_none());
        let mut ending: Vec<_> = ends
            .filter_map(|row| {
                let ends_at = row.ends_at().filter(|at| *at <= soon)?;
                Some(EndingSecret { kid: row.kid, name: row.name, ends_at })
            })
            .collect();
        ending.sort_by_key(|secret| secret.ends_at);
        Ok((ending, Some(has_one)))
    }

    /// What was done lately. Whoever may not read the trail sees what became of channels within reach, as each channel's
    /// own history tells it.
    async fn recent_changes(&self, actor: &Actor) -> Result<Vec<RecentChange>> {
        let sees_all = actor.may(Permission::ManageMembers);
        let mut found = audit_events::owned_by(actor.merchant)
            .filter(audit_events::Column::Outcome.eq(Outcome::Done.as_str()))
            .filter(audit_events::Column::Action.is_not_in(NO_CHANGES));
        if !sees_all {
            found = found.filter(audit_events::Column::Action.starts_with("channel."));
        }
        let entries: Vec<Entry> = found
            .select_only()
            .columns([
                audit_events::Column::At,
                audit_events::Column::MemberId,
                audit_events::Column::Credential,
                audit_events::Column::Action,
                audit_events::Column::Target,
            ])
            .order_by_desc(audit_events::Column::Seq)
            .limit(if sees_all { RECENT as u64 } else { LOOKED_AT })
            .into_tuple()
            .all(self.db.read())
            .await?;
        let named = self.channels_named(actor, &entries).await?;
        let channel_of = |target: &str| {
            let key: ChannelKey = target.parse().ok()?;
            Some((key, named.get(&key.uuid())?.clone()))
        };
        let shown = entries.into_iter().filter(|(.., target)| sees_all || channel_of(target).is_some());
        let shown: Vec<_> = shown.take(RECENT).collect();
        let people = self.addresses(actor, &shown).await?;
        let by = |member: Option<Uuid>, credential: Option<String>| match (credential, member) {
            (Some(kid), _) => By::ApiSecret(kid),
            (None, Some(id)) if id == actor.member => By::Oneself,
            (None, Some(id)) => By::Member(people.get(&id).cloned().unwrap_or_default()),
            (None, None) => By::Elsewhere,
        };
        Ok(shown
            .into_iter()
            .map(|(at, member, credential, action, target)| RecentChange {
                at,
                action,
                channel: channel_of(&target),
                by: by(member, credential),
            })
            .collect())
    }

    /// The channels within reach that entries are about, archived ones too.
    async fn channels_named(&self, actor: &Actor, entries: &[Entry]) -> Result<BTreeMap<Uuid, String>> {
        let keys: Vec<Uuid> =
            entries.iter().filter_map(|(.., target)| target.parse::<ChannelKey>().ok()).map(ChannelKey::uuid).collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows = channels::owned_by(actor.merchant)
            .filter(actor.reach.condition())
            .filter(channels::Column::Id.is_in(keys))
            .all(self.db.read())
            .await?;
        Ok(rows.into_iter().map(|row| (row.id, row.name)).collect())
    }

    async fn addresses(&self, actor: &Actor, entries: &[Entry]) -> Result<BTreeMap<Uuid, String>> {
        let others: Vec<Uuid> =
            entries.iter().filter_map(|(_, member, ..)| *member).filter(|id| *id != actor.member).collect();
        if others.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows =
            members::owned_by(actor.merchant).filter(members::Column::Id.is_in(others)).all(self.db.read()).await?;
        Ok(rows.into_iter().map(|row| (row.id, row.email)).collect())
    }
}

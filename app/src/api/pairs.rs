//! 테스트 │ 실연동 and 실연동으로 올리기, as their pages need them.

use domain::{
    channel::{
        ChannelForm,
        twin::{PlanLine, TwinRow},
        view::{ChannelDetail, ChannelSummary},
    },
    id::ChannelKey,
};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{AppError, channels::ChosenModule};

/// A test channel beside its live one, or a channel alone with those it could be paired with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TwinsPage {
    pub own: ChannelSummary,
    pub test: Option<ChannelDetail>,
    pub live: Option<ChannelDetail>,
    /// The two compared, when there are two.
    pub rows: Vec<TwinRow>,
    pub candidates: Vec<ChannelSummary>,
    pub mid_label: String,
    /// Whether the module of the test channel can be added in live mode.
    pub may_go_live: bool,
}

/// The plan of 실연동으로 올리기, and what its form begins with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanPage {
    pub test: ChannelSummary,
    /// The live channel that is there already.
    pub live: Option<ChannelDetail>,
    pub lines: Vec<PlanLine>,
    pub form: ChosenModule,
}

/// What the form of 실연동으로 올리기 sends beside the channel itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PromoteAbout {
    /// The test channel.
    pub key: String,
    /// The live channel that is edited; empty for one to be added.
    pub live: String,
    pub seen_version: i64,
    pub request_key: String,
    /// Not empty when the page showed a draft: blank secrets are then taken from it.
    pub draft: String,
}

#[server(prefix = "/api", endpoint = "pairs/show")]
pub async fn load_twins(key: ChannelKey) -> Result<TwinsPage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::twins_page(&backend, &actor, key).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "pairs/pair")]
pub async fn pair_channels(key: ChannelKey, other: ChannelKey) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.pair_channels(&actor, key, other).await.map_err(super::refuse)?;
    super::go_on(&format!("{}?done=paired", crate::paths::twins(key)));
    Ok(())
}

#[server(prefix = "/api", endpoint = "pairs/part")]
pub async fn part_channels(key: ChannelKey) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    backend.part_channels(&actor, key).await.map_err(super::refuse)?;
    super::go_on(&format!("{}?done=parted", crate::paths::twins(key)));
    Ok(())
}

#[server(prefix = "/api", endpoint = "pairs/plan")]
pub async fn load_plan(key: ChannelKey) -> Result<PlanPage, AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    ssr::plan_page(&backend, &actor, key).await.map_err(super::refuse)
}

#[server(prefix = "/api", endpoint = "pairs/promote")]
pub async fn promote(about: PromoteAbout, form: ChannelForm) -> Result<(), AppError> {
    let (backend, actor) = super::session::actor().await.map_err(super::refuse)?;
    let key = about.key.parse().map_err(|_| super::refuse(AppError::NotFound))?;
    let form = ssr::with_kept_secrets(&backend, &actor, key, &about, form).await.map_err(super::refuse)?;
    match ssr::promote(&backend, &actor, key, &about, &form).await {
        Ok(to) => {
            backend.forget_draft(&actor, &ssr::draft_of(key)).await.map_err(super::refuse)?;
            super::go_on(&to);
            Ok(())
        }
        Err(error) => ssr::refuse(&backend, &actor, key, form, error).await,
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use backend::{Actor, Backend, Change, Error, NewChannel};
    use domain::{
        channel::{
            ChannelForm, Mode,
            twin::{plan, plan_form, side_by_side},
        },
        id::ChannelKey,
        member::Permission,
    };

    use super::{AppError, ChosenModule, PlanPage, PromoteAbout, TwinsPage};
    use crate::{
        api::{
            channels::{
                FormStart,
                ssr::{Draft, fill, saved, start},
            },
            go_on, wants_html,
        },
        paths,
    };

    pub fn draft_of(key: ChannelKey) -> String {
        format!("channels/{key}/promote")
    }

    pub async fn twins_page(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<TwinsPage, AppError> {
        let backend::Twins { test, live, candidates } = backend.twins(actor, key).await?;
        let own = [&test, &live].into_iter().flatten().find(|side| side.summary.key == key);
        let own = own.map(|side| side.summary.clone()).ok_or(Error::NotFound)?;
        let module = |module: &str| backend.catalogue().module(module).map(|(_, module)| module);
        let may_go_live = test.as_ref().is_some_and(|test| {
            let addable = |id: &str| module(id).is_some_and(|m| m.addable() && m.modes.contains(&Mode::Live));
            test.restorable_until.is_none()
                && live.as_ref().map_or_else(|| addable(test.summary.module.as_str()), |l| l.restorable_until.is_none())
        });
        let rows = match (&test, &live) {
            (Some(test), Some(live)) => side_by_side(test, live),
            _ => Vec::new(),
        };
        let mid_label = module(own.module.as_str())
            .map(|module| crate::text::mid_label(crate::text::Lang::current(), module))
            .unwrap_or_default();
        Ok(TwinsPage { own, test, live, rows, candidates, mid_label, may_go_live })
    }

    pub async fn plan_page(backend: &Backend, actor: &Actor, key: ChannelKey) -> Result<PlanPage, AppError> {
        let twins = backend.twins(actor, key).await?;
        actor.require(Permission::EditLiveChannels)?;
        let test = twins.test.filter(|test| test.summary.key == key && test.restorable_until.is_none());
        let (test, live) = (test.ok_or(Error::NotFound)?, twins.live);
        if live.as_ref().is_some_and(|live| live.restorable_until.is_some()) {
            return Err(AppError::WrongStatus);
        }
        let id = live.as_ref().map_or(&test.summary.module, |live| &live.summary.module);
        let (provider, module) = backend.catalogue().module(id.as_str()).ok_or(Error::NotFound)?;
        let draft: Option<Draft<()>> = backend.draft(actor, &draft_of(key)).await?;
        let start = if let Some(draft) = draft {
            start(draft.form, module, draft.error)
        } else {
            let name = backend.name_like(actor, Mode::Live, &test.summary.name).await?;
            FormStart { form: plan_form(module, &test, live.as_ref(), name), ..FormStart::default() }
        };
        let own = live.as_ref().map(|live| live.summary.key);
        let form = ChosenModule {
            provider_id: provider.id.clone(),
            provider_name: crate::api::called(provider),
            admin_url: provider.admin_url.clone(),
            names: Vec::new(),
            used_mids: backend.mids_in_use(actor, Mode::Live, &module.id, own).await?,
            start,
            request_key: backend.request_key(),
            // This form is kept when it is refused, not while it is typed.
            ticket: String::new(),
            module: module.clone(),
        };
        Ok(PlanPage { lines: plan(module, &test, live.as_ref()), test: test.summary, live, form })
    }

    /// Blank secrets of a form that showed a draft are the draft's.
    pub async fn with_kept_secrets(
        backend: &Backend,
        actor: &Actor,
        key: ChannelKey,
        about: &PromoteAbout,
        mut form: ChannelForm,
    ) -> Result<ChannelForm, AppError> {
        let test = backend.channel(actor, key).await?;
        if about.draft.is_empty() {
            return Ok(form);
        }
        let draft: Option<Draft<()>> = backend.draft(actor, &draft_of(key)).await?;
        let module = backend.catalogue().module(test.summary.module.as_str());
        if let (Some(draft), Some((_, module))) = (draft, module) {
            fill(&mut form, &draft.form, module);
        }
        Ok(form)
    }

    /// Adds the live channel with its pair in one transaction, or edits the one that is there. Answers with the page to
    /// go on to.
    pub async fn promote(
        backend: &Backend,
        actor: &Actor,
        key: ChannelKey,
        about: &PromoteAbout,
        form: &ChannelForm,
    ) -> Result<String, AppError> {
        let test = backend.channel(actor, key).await?;
        if about.live.is_empty() {
            let new = NewChannel {
                mode: Mode::Live.as_str().to_owned(),
                module: test.summary.module.to_string(),
                form: form.clone(),
                store: test.store_id.to_string(),
                idempotency_key: about.request_key.clone(),
                twin_of: Some(key),
                ..NewChannel::default()
            };
            let created = backend.add_channel(actor, new).await?;
            return Ok(saved(backend, "added", created.key, test.summary.module.as_str(), form));
        }
        let live: ChannelKey = about.live.parse().map_err(|_| AppError::NotFound)?;
        let change = Change { seen_version: about.seen_version, form: form.clone() };
        match backend.edit_channel(actor, live, change).await {
            Ok(module) => Ok(saved(backend, "saved", live, module.as_str(), form)),
            // Saving again, after a look, is saving over what is stored by now.
            Err(Error::Stale) => Err(AppError::Stale { current: backend.channel(actor, live).await?.version }),
            Err(error) => Err(error.into()),
        }
    }

    pub async fn refuse(
        backend: &Backend,
        actor: &Actor,
        key: ChannelKey,
        form: ChannelForm,
        error: AppError,
    ) -> Result<(), AppError> {
        if !wants_html() || error == AppError::NotFound {
            return Err(crate::api::refuse(error));
        }
        backend.keep_draft(actor, &draft_of(key), &Draft { about: (), form, error: Some(error) }).await?;
        go_on(&format!("{}?draft=1", paths::promote(key)));
        Ok(())
    }
}

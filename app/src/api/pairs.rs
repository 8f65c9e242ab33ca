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

use super::{
    AppError,
    channels::{ChosenModule, NewAbout},
};

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
pub async fn promote(about: NewAbout, form: ChannelForm) -> Result<(), AppError> {
    let (backend, actor) = match super::session::actor_of_page(&about.ticket).await {
        Err(AppError::Unauthenticated) => return super::channels::refuse_signed_out(about, form).await,
        other => other.map_err(super::refuse)?,
    };
    let about = ssr::completed(&backend, &actor, about).await.map_err(super::refuse)?;
    let form = super::channels::new_with_kept_secrets(&backend, &actor, &about, form).await.map_err(super::refuse)?;
    match ssr::promote(&backend, &actor, &about, &form).await {
        Ok(to) => {
            backend.forget_draft(&actor, &super::channels::draft_of(&about)).await.map_err(super::refuse)?;
            super::go_on(&to);
            Ok(())
        }
        Err(error) => ssr::refuse(&backend, &actor, about, form, error).await,
    }
}

#[cfg(feature = "ssr")]
mod ssr {
    use backend::{Actor, Backend, Error, Promotion};
    use domain::{
        channel::{
            ChannelForm, Mode,
            twin::{plan, plan_form, side_by_side},
        },
        id::ChannelKey,
        member::Permission,
    };

    use super::{AppError, ChosenModule, NewAbout, PlanPage, TwinsPage};
    use crate::{
        api::{
            channels::{
                FormStart,
                ssr::{
                    saved,
                    typed::{begun_with, keep},
                },
            },
            go_on, wants_html,
        },
        paths,
    };

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
            (Some(test), Some(live)) => {
                let module = module(live.summary.module.as_str()).ok_or(Error::NotFound)?;
                side_by_side(test, live, module)
            }
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
        let own = live.as_ref().map(|live| live.summary.key);
        let about = NewAbout {
            key: key.to_string(),
            live: own.map(|own| own.to_string()).unwrap_or_default(),
            ..NewAbout::default()
        };
        let id = live.as_ref().map_or(&test.summary.module, |live| &live.summary.module);
        let (provider, module) = backend.catalogue().module(id.as_str()).ok_or(Error::NotFound)?;
        let start = if let Some(start) = begun_with(backend, actor, &about, module).await? {
            start
        } else {
            let name = backend.name_like(actor, Mode::Live, &test.summary.name).await?;
            FormStart { form: plan_form(module, &test, live.as_ref(), name), ..FormStart::default() }
        };
        let form = ChosenModule {
            provider_id: provider.id.clone(),
            provider_name: crate::api::called(provider),
            admin_url: provider.admin_url.clone(),
            names: Vec::new(),
            used_mids: backend.mids_in_use(actor, Mode::Live, &module.id, own).await?,
            start,
            request_key: backend.request_key(),
            ticket: backend.draft_ticket(actor).await?,
            module: module.clone(),
        };
        Ok(PlanPage { lines: plan(module, &test, live.as_ref()), test: test.summary, live, form })
    }

    /// With the module of the live channel: the one that is there, or the test channel's for one to be added.
    pub async fn completed(backend: &Backend, actor: &Actor, about: NewAbout) -> Result<NewAbout, AppError> {
        let of = if about.live.is_empty() { &about.key } else { &about.live };
        let key: ChannelKey = of.parse().map_err(|_| AppError::NotFound)?;
        let channel = backend.channel(actor, key).await?.summary;
        let (mode, provider) = (Mode::Live.to_string(), channel.provider.to_string());
        Ok(NewAbout { mode, provider, module: channel.module.to_string(), ..about })
    }

    /// Answers with the page to go on to.
    pub async fn promote(
        backend: &Backend,
        actor: &Actor,
        about: &NewAbout,
        form: &ChannelForm,
    ) -> Result<String, AppError> {
        let test: ChannelKey = about.key.parse().map_err(|_| AppError::NotFound)?;
        let live: Option<ChannelKey> = about.live.parse().ok();
        let promotion = Promotion {
            test,
            live,
            seen_version: about.seen_version,
            idempotency_key: about.request_key.clone(),
            form: form.clone(),
        };
        match backend.promote_channel(actor, promotion).await {
            Ok(promoted) => {
                let done = if promoted.is_new { "added" } else { "saved" };
                Ok(saved(backend, done, promoted.key, promoted.module.as_str(), form))
            }
            // Saving again, after a look, is saving over what is stored by now; not over another channel.
            Err(Error::Stale) => {
                let now = backend.twins(actor, test).await?.live.filter(|now| Some(now.summary.key) == live);
                Err(AppError::Stale { current: now.map_or(0, |now| now.version) })
            }
            Err(error) => Err(error.into()),
        }
    }

    pub async fn refuse(
        backend: &Backend,
        actor: &Actor,
        about: NewAbout,
        form: ChannelForm,
        error: AppError,
    ) -> Result<(), AppError> {
        let test: Option<ChannelKey> = about.key.parse().ok();
        let Some(test) = test.filter(|_| wants_html() && error != AppError::NotFound) else {
            return Err(crate::api::refuse(error));
        };
        keep(backend, actor.into(), about, form, Some(error)).await.map_err(crate::api::refuse)?;
        go_on(&format!("{}?draft=1", paths::promote(test)));
        Ok(())
    }
}

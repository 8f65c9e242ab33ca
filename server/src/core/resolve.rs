//! Which channel a new payment means.

use std::sync::Arc;

use axum::{extract::State, response::IntoResponse};
use backend::{Backend, ResolveV1, ResolveV2};
use domain::{
    channel::{Mode, Purpose},
    resolve::Unresolved,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Core,
    body::Asked,
    problem::{Problem, ProblemBody},
    records::{ChannelBody, NO_STORE, WrittenJson, written},
};

/// V1 by `impCode`, V2 by `storeId`.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Question {
    /// V1: 고객사 식별코드.
    imp_code: Option<String>,
    /// V2: 상점아이디.
    store_id: Option<String>,
    /// V2, or V1 instead of `pg`.
    channel_key: Option<String>,
    /// V1: `code` or `code.MID`.
    pg: Option<String>,
    /// V1: `payment` (if not said) or `identity`.
    purpose: Option<String>,
    /// V1: `test` or `live`; both if not said.
    mode: Option<String>,
    /// V1: 하위 상점 코드.
    tier: Option<String>,
}

#[derive(ToSchema)]
#[expect(dead_code, reason = "read by the derive only: the answer is put together from what is written already")]
pub struct ResolveAnswer {
    channel: ChannelBody,
    /// How many active channels fit; the oldest is answered.
    matches: usize,
}

/// The active channel that a new payment means. What is not found is explained: `type`, `reason`, and a sentence.
#[utoipa::path(
    get, path = "/core/v1/resolve", tag = "Channels", params(Question),
    responses(
        (status = 200, body = ResolveAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody, description = "`IMP_CODE_NOT_FOUND`, `STORE_NOT_FOUND`, `TIER_NOT_FOUND`, \
            `CHANNEL_NOT_FOUND` (with a `reason`), `CHANNEL_PAUSED`, `CHANNEL_DELETED`, `MODULE_NOT_IN_V1`, `MODULE_NOT_IN_V2`"),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn resolve(
    State(backend): State<Arc<Backend>>,
    Core(core): Core,
    Asked(asked): Asked<Question>,
) -> Result<impl IntoResponse, Problem> {
    let unresolved = |why: Unresolved| Problem::Unresolved(Box::new(why));
    let (channel, matches) = match (asked.imp_code, asked.store_id) {
        (Some(imp_code), None) => {
            let purpose = word(asked.purpose, Purpose::parse, "PURPOSE")?;
            let mode = word(asked.mode, Mode::parse, "MODE")?;
            let query =
                ResolveV1 { imp_code, channel_key: asked.channel_key, pg: asked.pg, purpose, mode, tier: asked.tier };
            backend.resolve_v1(&core, &query).await?.map_err(unresolved)?
        }
        (None, Some(store_id)) => {
            let channel_key = asked.channel_key.ok_or(Problem::BadRequest("CHANNEL_KEY_REQUIRED"))?;
            let found = backend.resolve_v2(&core, &ResolveV2 { store_id, channel_key }).await?;
            (found.map_err(unresolved)?, 1)
        }
        _ => return Err(Problem::BadRequest("IMP_CODE_OR_STORE_ID")),
    };
    let answer = format!(r#"{{"channel":{},"matches":{matches}}}"#, written(&channel)?);
    Ok(([NO_STORE], WrittenJson(answer)))
}

fn word<T>(text: Option<String>, parse: fn(&str) -> Option<T>, wrong: &'static str) -> Result<Option<T>, Problem> {
    text.map(|text| parse(&text).ok_or(Problem::BadRequest(wrong))).transpose()
}

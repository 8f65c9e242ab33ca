//! 전자결제 신청 for the service's operator: listed, shown, moved. Neither the account number nor the certificate comes this
//! way; those are read at the machine.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State as AppState},
    http::StatusCode,
    response::IntoResponse,
};
use backend::{Backend, Error, Operated, Operator};
use domain::{
    application::{Issuer, Review, State, view::ContractSummary},
    id::{ApplicationId, ImpCode},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    auth::Core,
    body::{Asked, JsonBody},
    problem::{Problem, ProblemBody},
    records::NO_STORE,
};
use crate::utc::utc_ms;

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Which {
    /// `submitted`, `in_review`, `changes_requested`, `contracted`, `rejected`; all of them if not said.
    state: Option<String>,
    /// From 1; the first if not said.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 9_223_372_036_854_775_807_i64)]
    page: Option<String>,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationAnswer {
    id: String,
    imp_code: String,
    provider: String,
    module: String,
    state: &'static str,
    state_at: String,
    /// What was said with the last move.
    note: String,
    styles: Vec<String>,
    methods: Vec<MethodsAnswer>,
    reviews: Vec<ReviewAnswer>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct MethodsAnswer {
    style: String,
    methods: Vec<String>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ReviewAnswer {
    /// The card issuer's code in V1.
    issuer: &'static str,
    review: &'static str,
    at: String,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ApplicationsAnswer {
    applications: Vec<ApplicationAnswer>,
    page: u64,
    pages: u64,
}

/// An application with what the merchant entered.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApplicationWithBusiness {
    application: ApplicationAnswer,
    business: BusinessAnswer,
    /// Whether the merchant has changed it since it submitted this application, as it may while another one of its
    /// applications is asked for changes.
    changed_since_submitted: bool,
}

#[derive(Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BusinessAnswer {
    kind: Option<&'static str>,
    number: Option<String>,
    company: Option<String>,
    representative: Option<String>,
    sector: Option<String>,
    trade: Option<String>,
    address: Option<String>,
    service_url: Option<String>,
    /// When the URL's host name was last found in the DNS, with public addresses only; null while no resolver has answered.
    service_host_found_at: Option<String>,
    contact_name: Option<String>,
    contact_email: Option<String>,
    contact_phone: Option<String>,
    bank: Option<String>,
    has_account_number: bool,
    has_file: bool,
}

fn answer(imp_code: &ImpCode, contract: ContractSummary) -> ApplicationAnswer {
    let details = contract.details.unwrap_or_default();
    let methods = details.choice.methods.into_iter().map(|(style, methods)| MethodsAnswer { style, methods });
    let review = |one: domain::application::Reviewed| ReviewAnswer {
        issuer: one.issuer.as_str(),
        review: one.review.as_str(),
        at: utc_ms(one.at),
    };
    ApplicationAnswer {
        id: contract.id.to_string(),
        imp_code: imp_code.to_string(),
        provider: contract.provider.to_string(),
        module: contract.module.to_string(),
        state: contract.state.as_str(),
        state_at: utc_ms(contract.state_at),
        note: details.note,
        styles: details.choice.styles,
        methods: methods.collect(),
        reviews: details.reviews.into_iter().map(review).collect(),
    }
}

impl From<Operated> for ApplicationWithBusiness {
    fn from(found: Operated) -> Self {
        let changed_since_submitted = found.is_changed();
        let Operated { imp_code, contract, details } = found;
        let mut business = BusinessAnswer {
            bank: details.bank,
            has_account_number: details.number_set_at.is_some(),
            has_file: details.file.is_some(),
            ..BusinessAnswer::default()
        };
        if let Some(it) = details.business {
            business.kind = Some(it.kind.as_str());
            business.number = Some(it.number.printed());
            business.company = Some(it.company);
            business.representative = Some(it.representative);
            business.sector = Some(it.sector);
            business.trade = Some(it.trade);
            business.address = Some(it.address);
        }
        if let Some(it) = details.service {
            business.service_url = Some(it.url.as_str().to_owned());
            business.service_host_found_at = it.found_at.map(utc_ms);
            business.contact_name = Some(it.contact.name);
            business.contact_email = Some(it.contact.email);
            business.contact_phone = Some(it.contact.phone);
        }
        Self { application: answer(&imp_code, contract), business, changed_since_submitted }
    }
}

/// Applications that were submitted, the oldest first.
#[utoipa::path(
    get, path = "/core/v1/applications", tag = "Applications", params(Which),
    responses(
        (status = 200, body = ApplicationsAnswer),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn list(
    AppState(backend): AppState<Arc<Backend>>,
    Core(core): Core,
    Asked(which): Asked<Which>,
) -> Result<impl IntoResponse, Problem> {
    let state = which.state.map(|word| state_of(&word)).transpose()?;
    if state == Some(State::Draft) {
        return Err(Problem::BadRequest("STATE"));
    }
    let number = |text: String| text.parse().ok().filter(|page| (1..=i64::MAX as u64).contains(page));
    let page = which.page.map(|text| number(text).ok_or(Problem::BadRequest("PAGE")));
    let found = backend.operated_applications(Operator::Token(&core), state, page.transpose()?.unwrap_or(1)).await?;
    let applications = found.items.into_iter().map(|(imp_code, contract)| answer(&imp_code, contract)).collect();
    Ok(([NO_STORE], Json(ApplicationsAnswer { applications, page: found.page, pages: found.pages })))
}

/// One application, with what the merchant entered.
#[utoipa::path(
    get, path = "/core/v1/applications/{applicationId}", tag = "Applications",
    params(("applicationId" = String, Path)),
    responses(
        (status = 200, body = ApplicationWithBusiness),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn show(
    AppState(backend): AppState<Arc<Backend>>,
    Core(core): Core,
    Path(id): Path<String>,
) -> Result<impl IntoResponse, Problem> {
    let found = backend.operated_application(Operator::Token(&core), id_of(&id)?).await.map_err(told)?;
    Ok(([NO_STORE], Json(ApplicationWithBusiness::from(found))))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveBody {
    /// `in_review`, `changes_requested`, `contracted`, `rejected`.
    to: String,
    /// What Owners and Admins are told; needed for `changes_requested` and `rejected`.
    #[serde(default)]
    #[schema(max_length = 500)]
    note: String,
}

/// Moves an application; Owners and Admins are told by mail.
#[utoipa::path(
    post, path = "/core/v1/applications/{applicationId}/move", tag = "Applications", request_body = MoveBody,
    params(("applicationId" = String, Path)),
    responses(
        (status = 204),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 408, body = ProblemBody),
        (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn move_to(
    AppState(backend): AppState<Arc<Backend>>,
    Core(core): Core,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<MoveBody>,
) -> Result<StatusCode, Problem> {
    let (id, to) = (id_of(&id)?, state_of(&body.to)?);
    backend.move_application(Operator::Token(&core), id, to, &body.note).await.map_err(told)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewBody {
    /// The card issuer's code in V1, as `366`.
    issuer: String,
    /// `pending`, `approved`, `rejected`; null takes the note away.
    review: Option<String>,
}

/// Notes how far a card issuer's review is, once the contract is done.
#[utoipa::path(
    post, path = "/core/v1/applications/{applicationId}/review", tag = "Applications", request_body = ReviewBody,
    params(("applicationId" = String, Path)),
    responses(
        (status = 204),
        (status = 400, body = ProblemBody),
        (status = 401, body = ProblemBody),
        (status = 403, body = ProblemBody),
        (status = 404, body = ProblemBody),
        (status = 408, body = ProblemBody),
        (status = 409, body = ProblemBody),
        (status = 413, body = ProblemBody),
        (status = 500, body = ProblemBody),
        (status = 503, body = ProblemBody),
    ),
    security(("coreToken" = [])),
)]
pub async fn review(
    AppState(backend): AppState<Arc<Backend>>,
    Core(core): Core,
    Path(id): Path<String>,
    JsonBody(body): JsonBody<ReviewBody>,
) -> Result<StatusCode, Problem> {
    let id = id_of(&id)?;
    let issuer = Issuer::parse(&body.issuer).ok_or(Problem::BadRequest("ISSUER"))?;
    let known = |word: String| Review::parse(&word).ok_or(Problem::BadRequest("REVIEW"));
    let review = body.review.map(known).transpose()?;
    backend.review_application(Operator::Token(&core), id, issuer, review).await.map_err(told)?;
    Ok(StatusCode::NO_CONTENT)
}

fn id_of(text: &str) -> Result<ApplicationId, Problem> {
    text.parse().map_err(|_| Problem::ApplicationNotFound)
}

fn state_of(word: &str) -> Result<State, Problem> {
    State::parse(word).ok_or(Problem::BadRequest("STATE"))
}

fn told(error: Error) -> Problem {
    match error {
        Error::NotFound => Problem::ApplicationNotFound,
        Error::WrongStatus => Problem::WrongState,
        Error::Form(_) => Problem::BadRequest("NOTE"),
        other => other.into(),
    }
}

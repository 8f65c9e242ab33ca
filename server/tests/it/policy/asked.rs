//! From a row of the table to a request, and from its answer to what it means.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use domain::{api_secret::IssueForm, member::Role};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use super::{
    people::{Ids, Principal, World},
    table::{Need, Row},
};
use crate::{
    rest::a_secret,
    support::{ORIGIN, Person, in_one_order},
};

/// How a route is asked, and how it refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Asked as a page of ours does: statuses.
    Function,
    /// A plain form: redirects.
    SecretPage,
    /// A plain form that its own page answers.
    PostedPage,
    Page,
    /// JSON, on the people's listener.
    Program,
    /// JSON, on the cores' listener.
    Core,
}

/// What an answer means to whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Answered,
    /// Who are you?
    LogIn,
    Forbidden,
    NotThere,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Row {
    pub fn method(&self) -> Method {
        let word = self.route.split(' ').next().expect("a method");
        word.parse().expect("a method")
    }

    /// Method and path as the router has them.
    pub fn name(&self) -> &'static str {
        self.route.split('?').next().expect("a path")
    }

    fn path(&self) -> &'static str {
        self.route.split_once(' ').expect("a path").1
    }

    pub fn kind(&self) -> Kind {
        match self.path() {
            path if path.starts_with("/api/") => Kind::Function,
            path if path.starts_with("/rest/") => Kind::Program,
            path if path.starts_with("/core/") => Kind::Core,
            path if self.method() == Method::POST && path.ends_with("/check") => Kind::PostedPage,
            _ if self.method() == Method::POST => Kind::SecretPage,
            _ => Kind::Page,
        }
    }

    /// Whether the request names something that is a merchant's.
    pub fn names_ids(&self) -> bool {
        let names = [
            "{channel}",
            "{live}",
            "{store}",
            "{owner}",
            "{colleague}",
            "{invitation}",
            "{kid}",
            "{handle}",
            "{application}",
        ];
        let in_path = ["{key}", "{kid}", "{channelKey}", "{storeId}", "{contract}", "{applicationId}"];
        names.iter().any(|name| self.body.contains(name)) || in_path.iter().any(|name| self.path().contains(name))
    }
}

/// Ids to ask with. Of what a request may use up, our people get a fresh one each time.
pub async fn ids_for(world: &World, row: &Row, principal: Principal) -> Ids {
    let mut ids = world.ours.ids.clone();
    if !matches!(principal, Principal::Member(_)) {
        return ids;
    }
    for (name, role) in [("{colleague}", "viewer"), ("{owner}", "owner")] {
        if row.body.contains(name) {
            let email = format!("colleague-{}@example.com", world.number());
            world.a_member(&email, role).await;
            let id = world.member_id(&email).await;
            (ids.colleague, ids.owner) = (id.clone(), id);
        }
    }
    if row.body.contains("{invitation}") {
        ids.invitation = world.an_invitation().await;
    }
    if row.path().ends_with("application/drop") {
        ids.application = world.a_draft().await;
    }
    if row.path().ends_with("/roll") && row.kind() == Kind::SecretPage || row.path().ends_with("v2/revoke") {
        let owner = Person { cookie: String::new(), actor: world.ours.owner.clone() };
        let form = IssueForm { name: format!("서버 {}", world.number()), ..IssueForm::fresh() };
        let secret = a_secret(&world.console, &owner, form).await;
        secret["chv2_".len()..][..12].clone_into(&mut ids.kid);
    }
    ids
}

/// The path and the body of a request.
pub fn filled(world: &World, row: &Row, ids: &Ids) -> (String, String) {
    let number = world.number().to_string();
    let fill = |template: &str| {
        [
            ("{n}", number.as_str()),
            ("{key}", &ids.channel),
            ("{channelKey}", &ids.channel),
            ("{channel}", &ids.channel),
            ("{live}", &ids.live_channel),
            ("{store}", &ids.store),
            ("{storeId}", &ids.store),
            ("{owner}", &ids.owner),
            ("{colleague}", &ids.colleague),
            ("{invitation}", &ids.invitation),
            ("{kid}", &ids.kid),
            ("{handle}", &ids.handle),
            ("{application}", &ids.application),
            ("{contract}", &ids.application),
            ("{applicationId}", &ids.application),
            ("{secret}", world.ours.secret.trim_start_matches("PortOne ")),
            ("{version}", "1"),
            ("{id}", "ksnet"),
            ("{*name}", "nothing/here"),
            ("{*other}", "nothing/here"),
        ]
        .iter()
        .fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    };
    (fill(row.path()), fill(row.body))
}

/// The request as the row's own page or program would send it, by somebody.
pub async fn request_of(world: &World, row: &Row, principal: Principal, ids: &Ids) -> Request<Body> {
    let (path, body) = filled(world, row, ids);
    let mut request = Request::builder().method(row.method()).uri(path);
    let unsafe_method = row.method() != Method::GET;
    let accept = match row.kind() {
        Kind::SecretPage | Kind::PostedPage | Kind::Page => "text/html",
        _ => "application/json",
    };
    request = request.header(header::ACCEPT, accept);
    if matches!(row.kind(), Kind::Function | Kind::SecretPage | Kind::PostedPage) {
        request = request.header(header::ORIGIN, ORIGIN).header(header::REFERER, format!("{ORIGIN}/"));
        let is_file = row.body.starts_with("--b");
        let kind = if is_file { "multipart/form-data; boundary=b" } else { "application/x-www-form-urlencoded" };
        request = request.header(header::CONTENT_TYPE, kind);
    } else if unsafe_method {
        request = request.header(header::CONTENT_TYPE, "application/json").header(header::IF_MATCH, "\"99\"");
    }
    let (cookie, authorization) = world.credentials(principal).await;
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    let body = if unsafe_method && body.is_empty() && row.kind() == Kind::Program { "{}".into() } else { body };
    let mut request = request.body(Body::from(body)).expect("a request");
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(world.address(), 50_000)));
    request
}

pub async fn sent(world: &World, kind: Kind, request: Request<Body>) -> Answer {
    let router = if kind == Kind::Core { &world.console.cores } else { &world.console.people };
    let response = router.clone().oneshot(request).await.expect("the router answers");
    let (parts, body) = response.into_parts();
    let body = body.collect().await.expect("a body").to_bytes();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

pub async fn asked(world: &World, row: &Row, principal: Principal, ids: &Ids) -> Answer {
    sent(world, row.kind(), request_of(world, row, principal, ids).await).await
}

impl Answer {
    /// What it means; `Err` where it is no answer that a request of ours should get.
    pub fn outcome(&self, kind: Kind) -> Result<Outcome, String> {
        let location = self.headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match (kind, self.status) {
            (_, status) if status.is_server_error() => Err(format!("{status} {}", self.body)),
            (Kind::Page | Kind::SecretPage | Kind::PostedPage, StatusCode::FOUND | StatusCode::SEE_OTHER) => {
                match location {
                    to if to.starts_with("/login") => Ok(Outcome::LogIn),
                    // A refused form finds its page, a refused file its own; those then say why.
                    to if to.ends_with("refused=1") || to == "/audit" => Ok(Outcome::Forbidden),
                    to if to.ends_with("?done=saved") => Ok(Outcome::Answered),
                    to => Err(format!("led to {to}")),
                }
            }
            (_, StatusCode::UNAUTHORIZED) => Ok(Outcome::LogIn),
            (_, StatusCode::FORBIDDEN) => Ok(Outcome::Forbidden),
            (_, StatusCode::NOT_FOUND) => Ok(Outcome::NotThere),
            // A store is a field of the form: that it is not there is told beside it.
            (_, StatusCode::UNPROCESSABLE_ENTITY) if self.body.contains("\"store\"") => Ok(Outcome::NotThere),
            // A row of ours is understood.
            (_, StatusCode::BAD_REQUEST | StatusCode::METHOD_NOT_ALLOWED | StatusCode::UNSUPPORTED_MEDIA_TYPE) => {
                Err(format!("{} {}", self.status, self.body))
            }
            _ => Ok(Outcome::Answered),
        }
    }

    /// Status, headers and body without what differs each time: the page's nonce, and what was asked for.
    pub fn masked(&self, ids: &Ids) -> (StatusCode, Vec<String>, String) {
        let policy = self.headers.get(header::CONTENT_SECURITY_POLICY).and_then(|value| value.to_str().ok());
        let nonce = policy.and_then(|policy| policy.split("'nonce-").nth(1)?.split('\'').next()).unwrap_or("(none)");
        let mask = |text: &str| {
            let own = [
                &ids.channel,
                &ids.live_channel,
                &ids.store,
                &ids.owner,
                &ids.colleague,
                &ids.invitation,
                &ids.kid,
                &ids.application,
            ];
            own.iter()
                .fold(text.replace(nonce, "NONCE"), |text, id| text.replace(id.as_str(), "ID"))
                .replace(&ids.handle, "ID")
        };
        let mut headers: Vec<String> = self
            .headers
            .iter()
            .map(|(name, value)| format!("{name}: {}", mask(&String::from_utf8_lossy(value.as_bytes()))))
            .collect();
        headers.sort();
        (self.status, headers, in_one_order(&mask(&self.body)))
    }
}

/// What the table says of somebody who names what is ours.
pub fn expected(row: &Row, principal: Principal) -> Outcome {
    use Principal::{
        AccessToken, Core, CoreThatOperates, CoreThatReads, CoreThatVerifies, Member, OtherOwner, OtherSecret, Secret,
        SecretThatPays, SecretThatReads, SecretThatWrites,
    };
    use domain::credential::{CoreScope, Scope};
    let role = match principal {
        Member(role) => Some(role),
        OtherOwner => Some(Role::Owner),
        _ => None,
    };
    match row.need {
        Need::Nothing => unreachable!("everybody is answered alike"),
        Need::Member | Need::May(_) | Need::Oneself => {
            let Some(role) = role else { return Outcome::LogIn };
            if let Need::May(permission) = row.need
                && !role.may(permission)
            {
                return Outcome::Forbidden;
            }
            let is_oneself = row.need != Need::Oneself || principal == Member(Role::Owner);
            if principal == OtherOwner && row.names_ids() || !is_oneself {
                // A plain form is led back to its page for every reason.
                return if row.kind() == Kind::SecretPage { Outcome::Forbidden } else { Outcome::NotThere };
            }
            Outcome::Answered
        }
        Need::Api(scope) => {
            let has = match principal {
                Secret | AccessToken | OtherSecret => true,
                SecretThatReads => scope == Scope::ChannelsRead,
                SecretThatWrites => scope == Scope::ChannelsWrite,
                SecretThatPays => scope == Scope::Payments,
                _ => return Outcome::LogIn,
            };
            match (has, principal) {
                (false, _) => Outcome::Forbidden,
                (true, OtherSecret) if row.names_ids() => Outcome::NotThere,
                (true, _) => Outcome::Answered,
            }
        }
        Need::Core(scope) => {
            let has = match principal {
                Core => true,
                CoreThatReads => scope == CoreScope::ChannelsRead,
                CoreThatVerifies => scope == CoreScope::CredentialsVerify,
                CoreThatOperates => scope == CoreScope::ApplicationsOperate,
                _ => return Outcome::LogIn,
            };
            if has { Outcome::Answered } else { Outcome::Forbidden }
        }
    }
}

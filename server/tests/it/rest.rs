//! The management API, asked as a merchant's server asks it.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
    response::Response,
};
use backend::{Issue, Language, PasswordProof, Shown};
use domain::{api_secret::IssueForm, id::StoreId};
use serde_json::{Value, json};

use crate::support::{Console, Person, a_console, header_of, text_of};

pub const CHANNELS: &str = "/rest/v2/channels";

pub async fn a_secret(console: &Console, owner: &Person, form: IssueForm) -> String {
    a_secret_of(console, owner, form, None).await
}

pub async fn a_secret_of(console: &Console, owner: &Person, form: IssueForm, store: Option<StoreId>) -> String {
    let issue = Issue {
        form,
        store,
        request_key: format!("a-request-key-{}", console.backend.request_key()),
        proof: PasswordProof::Recent,
        language: Language::Korean,
    };
    match console.backend.issue_api_secret(&owner.actor, issue).await.expect("issued") {
        Shown::Once(issued) => issued.secret.expose().to_owned(),
        Shown::Before => panic!("a fresh request was taken for an old one"),
    }
}

/// A console, and what its owner's server sends.
pub async fn a_server() -> (Console, Person, String) {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = a_secret(&console, &owner, IssueForm { name: "서버".into(), ..IssueForm::fresh() }).await;
    (console, owner, format!("PortOne {secret}"))
}

pub struct Call<'a> {
    pub method: Method,
    pub path: &'a str,
    pub authorization: &'a str,
    pub headers: &'a [(&'static str, &'a str)],
    pub body: Option<Value>,
}

pub async fn call(console: &Console, call: Call<'_>) -> Response {
    let mut request = Request::builder().method(call.method).uri(call.path);
    if !call.authorization.is_empty() {
        request = request.header(header::AUTHORIZATION, call.authorization);
    }
    for (name, value) in call.headers {
        request = request.header(*name, *value);
    }
    let body = match call.body {
        Some(body) => {
            request = request.header(header::CONTENT_TYPE, "application/json");
            Body::from(body.to_string())
        }
        None => Body::empty(),
    };
    console.ask(request.body(body).expect("a request")).await
}

pub async fn get(console: &Console, authorization: &str, path: &str) -> (StatusCode, Value) {
    json_of(call(console, Call { method: Method::GET, path, authorization, headers: &[], body: None }).await).await
}

pub async fn post(console: &Console, authorization: &str, path: &str, body: Value) -> (StatusCode, Value) {
    let wanted = Call { method: Method::POST, path, authorization, headers: &[], body: Some(body) };
    json_of(call(console, wanted).await).await
}

pub async fn json_of(response: Response) -> (StatusCode, Value) {
    let (status, text) = text_of(response).await;
    (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

pub fn ksnet(name: &str, mid: &str) -> Value {
    json!({"mode": "live", "module": "ksnet", "name": name, "mid": mid, "fields": {"api_key": "a-key-of-ksnet"}})
}

#[tokio::test]
async fn a_server_adds_reads_changes_pauses_and_deletes_a_channel() {
    let (console, _, secret) = a_server().await;
    let (status, added) = post(&console, &secret, CHANNELS, ksnet("정기결제", "KS0001")).await;
    assert_eq!(status, StatusCode::CREATED, "{added}");
    let channel = &added["channel"];
    assert_eq!((&channel["version"], &channel["status"]), (&json!(1), &json!("active")));
    assert_eq!(channel["fields"]["api_key"]["set"], json!(true));
    assert!(!added.to_string().contains("a-key-of-ksnet"));
    let path = format!("{CHANNELS}/{}", channel["channelKey"].as_str().expect("a key"));

    let rename = Call {
        method: Method::PATCH,
        path: &path,
        authorization: &secret,
        headers: &[("if-match", "\"1\"")],
        body: Some(json!({"name": "새 이름", "tax": "taxable"})),
    };
    let changed = call(&console, rename).await;
    assert_eq!((changed.status(), header_of(&changed, "etag")), (StatusCode::OK, "\"2\"".to_owned()));
    let (_, changed) = json_of(changed).await;
    assert_eq!((&changed["channel"]["name"], &changed["channel"]["tax"]), (&json!("새 이름"), &json!("taxable")));
    assert_eq!(changed["channel"]["fields"]["api_key"]["set"], json!(true), "what is not named is kept");

    let (status, paused) = post(&console, &secret, &format!("{path}/pause"), json!({})).await;
    assert_eq!((status, &paused["channel"]["status"]), (StatusCode::OK, &json!("paused")));
    let (status, again) = post(&console, &secret, &format!("{path}/pause"), json!({})).await;
    assert_eq!((status, &again["type"]), (StatusCode::CONFLICT, &json!("CONFLICT")));

    let delete =
        |version| Call { method: Method::DELETE, path: &path, authorization: &secret, headers: version, body: None };
    assert_eq!(call(&console, delete(&[])).await.status(), StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(call(&console, delete(&[("if-match", "\"2\"")])).await.status(), StatusCode::PRECONDITION_FAILED);
    assert_eq!(call(&console, delete(&[("if-match", "\"3\"")])).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(get(&console, &secret, &path).await.0, StatusCode::NOT_FOUND);
    let (_, listed) = get(&console, &secret, &format!("{CHANNELS}?status=archived")).await;
    assert_eq!(listed["channels"].as_array().map(Vec::len), Some(1));
    let (status, restored) = post(&console, &secret, &format!("{path}/restore"), json!({})).await;
    assert_eq!((status, &restored["channel"]["status"]), (StatusCode::OK, &json!("paused")));
    let (_, versions) = get(&console, &secret, &format!("{path}/versions")).await;
    let reasons: Vec<&str> =
        versions["versions"].as_array().expect("a list").iter().filter_map(|v| v["reason"].as_str()).collect();
    assert_eq!(reasons, ["restored", "deleted", "paused", "edited", "added"]);
}

#[tokio::test]
async fn a_request_that_comes_twice_with_one_key_is_answered_the_same_and_done_once() {
    let (console, _, secret) = a_server().await;
    let add = |key: &'static str, name: &'static str| {
        let headers: &'static [(&str, &str)] = match key {
            "quoted" => &[("idempotency-key", "\"a-key-of-16-or-more\"")],
            _ => &[("idempotency-key", "a-key-of-16-or-more")],
        };
        Call {
            method: Method::POST,
            path: CHANNELS,
            authorization: &secret,
            headers,
            body: Some(ksnet(name, "KS0001")),
        }
    };
    let first = json_of(call(&console, add("bare", "하나")).await).await;
    assert_eq!(first.0, StatusCode::CREATED);
    let path = format!("{CHANNELS}/{}/pause", first.1["channel"]["channelKey"].as_str().expect("a key"));
    post(&console, &secret, &path, json!({})).await;
    assert_eq!(json_of(call(&console, add("quoted", "하나")).await).await, first);
    let (status, other) = json_of(call(&console, add("bare", "둘")).await).await;
    assert_eq!((status, &other["type"]), (StatusCode::CONFLICT, &json!("IDEMPOTENCY_KEY_REUSED")));
    let short = Call { headers: &[("idempotency-key", "short")], ..add("bare", "셋") };
    assert_eq!(call(&console, short).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn what_is_null_is_cleared_and_what_is_blank_is_refused() {
    let (console, _, secret) = a_server().await;
    let body = json!({"mode": "live", "module": "inicis_v2", "name": "이니시스", "mid": "MOI0001",
                      "fields": {"sign_key": "a-sign-key", "hash_key": "a-hash-key"}});
    let (_, added) = post(&console, &secret, CHANNELS, body).await;
    let path = format!("{CHANNELS}/{}", added["channel"]["channelKey"].as_str().expect("a key"));
    let changing = |version: &'static [(&str, &str)], fields: Value| Call {
        method: Method::PATCH,
        path: &path,
        authorization: &secret,
        headers: version,
        body: Some(json!({"fields": fields})),
    };
    let (status, blank) =
        json_of(call(&console, changing(&[("if-match", "\"1\"")], json!({"hash_key": ""}))).await).await;
    assert_eq!((status, &blank["errors"][0]["field"]), (StatusCode::BAD_REQUEST, &json!("fields.hash_key")));
    let (status, cleared) =
        json_of(call(&console, changing(&[("if-match", "\"1\"")], json!({"hash_key": null}))).await).await;
    assert_eq!(status, StatusCode::OK, "{cleared}");
    let fields = cleared["channel"]["fields"].as_object().expect("fields");
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["sign_key"]);
    let (status, needed) =
        json_of(call(&console, changing(&[("if-match", "\"2\"")], json!({"sign_key": null}))).await).await;
    assert_eq!((status, &needed["errors"][0]["code"]), (StatusCode::BAD_REQUEST, &json!("REQUIRED")));
}

#[tokio::test]
async fn refusals_say_what_is_wrong_where_and_a_taken_name_is_a_conflict() {
    let (console, _, secret) = a_server().await;
    let (status, refused) =
        post(&console, &secret, CHANNELS, json!({"mode": "live", "module": "ksnet", "mid": ""})).await;
    assert_eq!((status, &refused["type"]), (StatusCode::BAD_REQUEST, &json!("INVALID_REQUEST")));
    let fields: Vec<&str> =
        refused["errors"].as_array().expect("a list").iter().filter_map(|error| error["field"].as_str()).collect();
    assert_eq!(fields, ["name", "mid", "fields.api_key"]);
    post(&console, &secret, CHANNELS, ksnet("하나", "KS0001")).await;
    let (status, taken) = post(&console, &secret, CHANNELS, ksnet("하나", "KS0002")).await;
    assert_eq!(
        (status, &taken["type"], &taken["errors"][0]["code"]),
        (StatusCode::CONFLICT, &json!("CONFLICT"), &json!("NAME_TAKEN"),)
    );
    let (_, warned) = post(&console, &secret, CHANNELS, ksnet("둘", "KS0001")).await;
    assert_eq!(warned["warnings"], json!([{"field": "mid", "code": "DUPLICATE_MID"}]));
}

#[tokio::test]
async fn nothing_is_told_to_whoever_shows_no_credential_of_ours() {
    let (console, _, secret) = a_server().await;
    let mut wrong = secret.clone();
    wrong.pop();
    wrong.push('!');
    for shown in ["", "Basic x", "PortOne", "PortOne chv2_nothing", "Bearer nothing", &wrong] {
        let (status, refused) = get(&console, shown, CHANNELS).await;
        assert_eq!((status, &refused["type"]), (StatusCode::UNAUTHORIZED, &json!("UNAUTHORIZED")), "{shown}");
    }
}

#[tokio::test]
async fn a_secret_does_what_its_scopes_allow() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let form =
        IssueForm {
            name: "읽기".into(), channels_write: String::new(), payments: String::new(), ..IssueForm::fresh()
        };
    let secret = format!("PortOne {}", a_secret(&console, &owner, form).await);
    assert_eq!(get(&console, &secret, CHANNELS).await.0, StatusCode::OK);
    let (status, refused) = post(&console, &secret, CHANNELS, ksnet("하나", "KS0001")).await;
    assert_eq!((status, &refused["type"]), (StatusCode::FORBIDDEN, &json!("SCOPE_MISSING")));
}

#[tokio::test]
async fn another_merchants_channel_is_not_there() {
    let (console, _, secret) = a_server().await;
    let (status, _) =
        get(&console, &secret, &format!("{CHANNELS}/channel-key-00000000-0000-4000-8000-000000000000")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert_eq!(get(&console, &secret, &format!("{CHANNELS}/nonsense")).await.0, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_server_pages_through_many_channels() {
    let (console, _, secret) = a_server().await;
    for number in 0..7 {
        post(&console, &secret, CHANNELS, ksnet(&format!("채널 {number}"), &format!("KS{number}"))).await;
    }
    let (mut path, mut names) = (format!("{CHANNELS}?limit=3"), Vec::new());
    loop {
        let (status, page) = get(&console, &secret, &path).await;
        assert_eq!(status, StatusCode::OK);
        names.extend(page["channels"].as_array().expect("a list").iter().map(|c| c["name"].to_string()));
        match page["cursor"].as_str() {
            Some(cursor) => path = format!("{CHANNELS}?limit=3&cursor={cursor}"),
            None => break,
        }
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), 7);
    for wrong in ["cursor=x", "limit=0", "limit=101", "mode=maybe", "unknown=1"] {
        let (status, refused) = get(&console, &secret, &format!("{CHANNELS}?{wrong}")).await;
        assert_eq!((status, &refused["type"]), (StatusCode::BAD_REQUEST, &json!("INVALID_REQUEST")), "{wrong}");
    }
}

#[tokio::test]
async fn a_secret_is_exchanged_for_tokens_and_a_refresh_token_works_once() {
    let (console, _, secret) = a_server().await;
    let secret = secret.strip_prefix("PortOne ").expect("a secret");
    let (status, tokens) = post(&console, "", "/rest/v2/login/api-secret", json!({"apiSecret": secret})).await;
    assert_eq!(status, StatusCode::OK);
    let bearer = |tokens: &Value| format!("Bearer {}", tokens["accessToken"].as_str().expect("a token"));
    assert_eq!(get(&console, &bearer(&tokens), CHANNELS).await.0, StatusCode::OK);
    let refresh = json!({"refreshToken": tokens["refreshToken"]});
    let (status, fresh) = post(&console, "", "/rest/v2/token/refresh", refresh.clone()).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(get(&console, &bearer(&fresh), CHANNELS).await.0, StatusCode::OK);
    assert_eq!(post(&console, "", "/rest/v2/token/refresh", refresh).await.0, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn v1_refuses_in_its_own_shape() {
    let console = a_console().await;
    let (status, refused) =
        post(&console, "", "/rest/v1/users/getToken", json!({"imp_key": "1", "imp_secret": "2"})).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!((&refused["code"], &refused["response"]), (&json!(-1), &Value::Null));
    let (status, refused) = post(&console, "", "/rest/v1/users/getToken", json!({"imp_key": "1"})).await;
    assert_eq!((status, &refused["code"]), (StatusCode::BAD_REQUEST, &json!(-1)));
}

#[tokio::test]
async fn anybody_reads_the_catalogue_and_the_document() {
    let console = a_console().await;
    let (status, providers) = get(&console, "", "/rest/v2/providers").await;
    assert_eq!((status, providers.as_array().map(Vec::len)), (StatusCode::OK, Some(29)));
    let (_, inicis) = get(&console, "", "/rest/v2/providers/inicis").await;
    let module =
        inicis["modules"].as_array().expect("modules").iter().find(|m| m["id"] == "inicis_v2").expect("a module");
    assert_eq!((&module["pgProvider"], &module["pgCode"]), (&json!("INICIS_V2"), &Value::Null));
    assert_eq!(get(&console, "", "/rest/v2/providers/nobody").await.0, StatusCode::NOT_FOUND);
    let (status, document) = get(&console, "", "/rest/openapi.json").await;
    assert_eq!((status, &document["openapi"]), (StatusCode::OK, &json!("3.1.0")));
    let of_channel = &document["paths"]["/rest/v2/channels/{channelKey}"];
    assert!(of_channel["patch"]["responses"]["429"]["headers"]["Retry-After"].is_object());
    let paths = document["paths"].as_object().expect("paths").values();
    let operations = paths.flat_map(|path| path.as_object().expect("operations").values());
    let mut names: Vec<&str> = operations.filter_map(|operation| operation["operationId"].as_str()).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!((count, names.len()), (14, 14), "each operation has a name of its own: {names:?}");
}

#[tokio::test]
async fn every_refusal_of_the_api_is_json() {
    let (console, _, secret) = a_server().await;
    let large = json!({"mode": "live", "module": "ksnet", "mid": "x".repeat(256 * 1024)});
    let (status, body) = post(&console, &secret, CHANNELS, large).await;
    assert_eq!((status, &body["type"]), (StatusCode::PAYLOAD_TOO_LARGE, &json!("PAYLOAD_TOO_LARGE")));
    let (status, body) = get(&console, &secret, "/rest/v2/nowhere").await;
    assert_eq!((status, &body["type"]), (StatusCode::NOT_FOUND, &json!("NOT_FOUND")));
    let put = Call { method: Method::PUT, path: CHANNELS, authorization: &secret, headers: &[], body: None };
    let (status, body) = json_of(call(&console, put).await).await;
    assert_eq!((status, &body["type"]), (StatusCode::METHOD_NOT_ALLOWED, &json!("METHOD_NOT_ALLOWED")));
    let form =
        Request::post(CHANNELS).header(header::AUTHORIZATION, &secret).body(Body::from("a=b")).expect("a request");
    let (status, body) = json_of(console.ask(form).await).await;
    assert_eq!((status, &body["type"]), (StatusCode::UNSUPPORTED_MEDIA_TYPE, &json!("UNSUPPORTED_MEDIA_TYPE")));
}

//! The one table: every route, and what it takes. A route that is missing here fails the test that reads it.

use domain::{
    credential::{CoreScope, Scope},
    member::Permission,
};

/// What it takes to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Everybody is answered alike.
    Nothing,
    /// Any member who is logged in.
    Member,
    May(Permission),
    /// To be the very person that the request is about.
    Oneself,
    /// An API secret, or an access token for one.
    Api(Scope),
    /// A payment core's token.
    Core(CoreScope),
}

use CoreScope::{ApplicationsOperate as CoreOperates, ChannelsRead as CoreReads, CredentialsVerify as CoreVerifies};
use Need::{Api, Core, May, Member, Nothing, Oneself};
use Permission::{
    EditApplication, EditLiveChannels, EditTestChannels, IssueCredentials, ManageAdmins, ManageMembers,
    ViewApplication, ViewKeys,
};
use Scope::{ChannelsRead, ChannelsWrite};

/// A request. `{…}` stands for an id of a merchant's (see `asked.rs`), `{n}` for a number that was not used before.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Method and path, as the router has it; with a query where the page needs one.
    pub route: &'static str,
    pub need: Need,
    /// A form's, or JSON.
    pub body: &'static str,
    /// It ends every session of whoever may do it, or the membership: asked last, and of people who log in for it.
    pub is_last: bool,
}

const fn row(route: &'static str, need: Need, body: &'static str) -> Row {
    Row { route, need, body, is_last: false }
}

const fn last(route: &'static str, need: Need, body: &'static str) -> Row {
    Row { route, need, body, is_last: true }
}

const TOKEN: &str = "token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const NEW_PASSWORD: &str = "token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\
    &form[password]=seven-purple-kettles-dance&form[password_again]=seven-purple-kettles-dance";
const ADD: &str = "about[mode]=test&about[provider]=ksnet&about[module]=ksnet&about[store]={store}\
    &about[request_key]=a-request-key-{n}&form[name]=정기결제 {n}&form[purpose]=payment&form[shared_mid]=2999199999\
    &form[tax]=none";

const DRAFT: &str = "about[mode]=test&about[provider]=ksnet&about[module]=ksnet&form[name]=쓰던 이름 {n}";
/// A certificate, as a browser sends it.
const FILE: &str = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n\
    %PDF-1.7\nstartxref\n%%EOF\r\n--b--\r\n";

pub const TABLE: &[Row] = &[
    // Accounts: whoever has the address, the password or the link.
    row(
        "POST /api/accounts/sign-up",
        Nothing,
        "form[email]=new-{n}@example.com&form[password]=wide-lamp-eleven-rivers\
        &form[password_again]=wide-lamp-eleven-rivers&form[terms]=on&form[privacy]=on",
    ),
    row("POST /api/accounts/resend", Nothing, "email=new-{n}@example.com"),
    row("POST /api/accounts/link", Nothing, TOKEN),
    row("POST /api/accounts/verify", Nothing, TOKEN),
    row(
        "POST /api/accounts/log-in",
        Nothing,
        "form[email]=nobody-{n}@example.com&form[password]=not-the-password&next=",
    ),
    row("POST /api/accounts/log-out", Nothing, ""),
    row("POST /api/account/email-link", Nothing, TOKEN),
    row("POST /api/account/confirm-email", Nothing, TOKEN),
    row("POST /api/account/forgot-password", Nothing, "email=nobody-{n}@example.com"),
    row("POST /api/account/reset-link", Nothing, TOKEN),
    row("POST /api/account/reset-password", Nothing, NEW_PASSWORD),
    row("POST /api/team/invitation", Nothing, TOKEN),
    row("POST /api/team/accept", Nothing, NEW_PASSWORD),
    row("POST /api/viewer", Nothing, ""),
    row("POST /api/preferences/set", Nothing, "name=lang&value=ko"),
    row("POST /api/echo", Nothing, ""),
    row("POST /api/{*name}", Nothing, ""),
    // One's own account.
    row("POST /api/account/password", Member, "form[current]=x&form[password]=a&form[password_again]=b"),
    row("POST /api/account/email", Member, "form[email]=&form[current]="),
    row("POST /api/account/sessions", Member, ""),
    row("POST /api/account/end-session", Oneself, "handle={handle}"),
    last("POST /api/account/sign-out-everywhere", Member, ""),
    last("POST /api/team/leave", Member, ""),
    // Channels.
    row("POST /api/channels/providers", May(EditTestChannels), ""),
    row("POST /api/channels/modules", Member, "mode=test&provider=ksnet"),
    row("POST /api/channels/list", Member, "mode=test&store={store}&search=&page=1"),
    row("POST /api/channels/new", May(EditTestChannels), "mode=test&provider=ksnet&module=ksnet"),
    row("POST /api/channels/new", May(EditLiveChannels), "mode=live&provider=ksnet&module=ksnet"),
    row("POST /api/channels/new", May(EditTestChannels), "mode=test&provider=ksnet&module=ksnet&from={channel}"),
    row("POST /api/channels/add", May(EditTestChannels), ADD),
    row("POST /api/channels/draft", May(EditTestChannels), DRAFT),
    row(
        "POST /api/channels/draft",
        May(EditLiveChannels),
        "about[mode]=live&about[provider]=ksnet&about[module]=ksnet&form[name]=쓰던 이름 {n}",
    ),
    row("POST /api/search", Member, "typed=ksnet"),
    row("POST /api/channels/begun", Member, ""),
    row("POST /api/channels/drop-draft", Member, "mode=test&module=ksnet&back=/"),
    row("POST /api/channels/show", Member, "key={channel}"),
    row("POST /api/channels/edit-page", May(EditTestChannels), "key={channel}"),
    row("POST /api/channels/edit-page", May(EditLiveChannels), "key={live}"),
    row(
        "POST /api/channels/edit",
        May(EditTestChannels),
        "about[key]={channel}&about[seen_version]=99&form[name]=새 이름",
    ),
    row(
        "POST /api/channels/edit",
        May(EditLiveChannels),
        "about[key]={live}&about[seen_version]=99&form[name]=새 이름",
    ),
    row("POST /api/channels/move", May(EditTestChannels), "key={channel}&to=resume"),
    row("POST /api/channels/move", May(EditTestChannels), "key={channel}&to=restore"),
    row("POST /api/channels/move", May(EditLiveChannels), "key={live}&to=resume"),
    row("POST /api/channels/history", Member, "key={channel}&page=1"),
    row("POST /api/channels/roll-back-page", May(EditTestChannels), "key={channel}&to=1"),
    row("POST /api/channels/roll-back-page", May(EditLiveChannels), "key={live}&to=1"),
    row("POST /api/channels/roll-back", May(EditTestChannels), "key={channel}&form[to]=1&form[seen_version]=99"),
    row("POST /api/channels/roll-back", May(EditLiveChannels), "key={live}&form[to]=1&form[seen_version]=99"),
    row("POST /api/channels/compare", May(EditLiveChannels), "key={live}&field=api_key&value=nothing"),
    row("POST /api/channels/compared", Member, "key={channel}&field=api_key"),
    row("POST /api/pairs/show", Member, "key={channel}"),
    row("POST /api/pairs/pair", May(EditLiveChannels), "key={channel}&other={live}"),
    row("POST /api/pairs/part", May(EditLiveChannels), "key={live}"),
    row("POST /api/pairs/plan", May(EditLiveChannels), "key={channel}"),
    row(
        "POST /api/pairs/promote",
        May(EditLiveChannels),
        "about[key]={channel}&about[request_key]=promote-{n}&form[name]=실연동 {n}&form[purpose]=payment\
        &form[mid]=KS{n}&form[fields][api_key]=a-live-key&form[tax]=none",
    ),
    row("POST /api/channels/assign", May(EditLiveChannels), "key={live}&store={store}"),
    row("POST /api/cores/channel", Member, "key={channel}"),
    row("POST /api/home", Member, ""),
    // 전자결제 신청. Submitting comes last: what is submitted is not changed any more.
    row("POST /api/application/overview", Member, ""),
    row("POST /api/application/drafts", Member, ""),
    row(
        "POST /api/application/consent",
        May(EditApplication),
        "form[consents][third_party]=on&form[consents][collection]=on",
    ),
    row("POST /api/application/step", May(EditApplication), "step=business&draft=false"),
    row("POST /api/application/save", May(EditApplication), "step=settlement&form[bank]=은행 {n}"),
    row("POST /api/application/offers", May(EditApplication), "provider=ksnet"),
    row("POST /api/application/choice", May(EditApplication), "module=ksnet&draft=false"),
    row("POST /api/application/choose", May(EditApplication), "module=ksnet&form[styles][s0]=없음"),
    row("POST /api/application/drop", May(EditApplication), "id={application}"),
    row("POST /api/application/contract", May(ViewApplication), "id={application}"),
    row("POST /api/application/channel", Member, "key={live}"),
    row("POST /api/application/again", May(EditApplication), "id={application}"),
    row("POST /api/application/review", May(EditApplication), "id={application}&form[issuer]=366&form[review]=pending"),
    row("POST /application/registration", May(EditApplication), FILE),
    row("GET /application/registration", May(ViewApplication), ""),
    row("GET /application", Member, ""),
    row("GET /application/business", May(EditApplication), ""),
    row("GET /application/summary", May(EditApplication), ""),
    row("GET /application/pgs/new", May(EditApplication), ""),
    row("GET /application/pgs/new?module=ksnet", May(EditApplication), ""),
    row("GET /application/pgs/{contract}", May(ViewApplication), ""),
    row("POST /api/application/submit", May(EditApplication), "contracts[{application}]=on"),
    // Keys.
    row("POST /api/keys/v1", May(ViewKeys), ""),
    row("POST /api/keys/v1/form", May(IssueCredentials), "form=show&refused=false"),
    row("POST /api/keys/v2/list", May(ViewKeys), "page=1"),
    row("POST /api/keys/v2/form", May(IssueCredentials), "refused=false"),
    row("POST /api/keys/v2/show", May(ViewKeys), "kid={kid}"),
    row("POST /api/keys/v2/roll", May(IssueCredentials), "kid={kid}&refused=false"),
    row("POST /api/keys/v2/revoke", May(IssueCredentials), "kid={kid}"),
    // People and stores.
    row("POST /api/team/list", Member, "search=&page=1&invitations=1"),
    row("POST /api/team/draft", Member, ""),
    row(
        "POST /api/team/invite",
        May(ManageMembers),
        "form[email]=someone-{n}@example.com&form[role]=dev&form[memo]=&form[store]=",
    ),
    row(
        "POST /api/team/invite",
        May(ManageAdmins),
        "form[email]=someone-{n}@example.com&form[role]=admin&form[memo]=&form[store]=",
    ),
    row(
        "POST /api/team/invite",
        May(ManageAdmins),
        "form[email]=someone-{n}@example.com&form[role]=owner&form[memo]=&form[store]=",
    ),
    row("POST /api/team/resend", May(ManageMembers), "id={invitation}"),
    row("POST /api/team/withdraw", May(ManageMembers), "id={invitation}"),
    row("POST /api/team/change-role", May(ManageMembers), "id={colleague}&role=viewer&store="),
    row("POST /api/team/change-role", May(ManageAdmins), "id={colleague}&role=owner&store="),
    row("POST /api/team/change-role", May(ManageAdmins), "id={owner}&role=viewer&store="),
    row("POST /api/team/remove", May(ManageMembers), "id={colleague}"),
    row("POST /api/team/remove", May(ManageAdmins), "id={owner}"),
    row("POST /api/stores/list", Member, "page=1"),
    row("POST /api/stores/draft", Member, ""),
    row("POST /api/stores/add", May(ManageMembers), "form[name]=상점 {n}&form[tier_code]="),
    row("POST /api/stores/rename", May(ManageMembers), "id={store}&name=상점 {n}"),
    row("POST /api/trail", May(ManageMembers), "query[kind]=&page=1"),
    // Pages that show a secret.
    row(
        "POST /integration/keys/secret",
        May(IssueCredentials),
        "request_key=show-{n}&password=wide-lamp-eleven-rivers",
    ),
    row(
        "POST /integration/keys/reissue",
        May(IssueCredentials),
        "request_key=reissue-{n}&password=wide-lamp-eleven-rivers",
    ),
    row(
        "POST /integration/keys/v2/new",
        May(IssueCredentials),
        "name=서버 {n}&expiry=365&channels_read=on&request_key=issue-{n}&store={store}",
    ),
    row("POST /integration/keys/v2/{kid}/roll", May(IssueCredentials), "overlap=24&request_key=roll-{n}"),
    // Pages for everybody.
    row("GET /signup", Nothing, ""),
    row("GET /login", Nothing, ""),
    row("GET /verify-email", Nothing, ""),
    row("GET /verify-email/resend", Nothing, ""),
    row("GET /forgot-password", Nothing, ""),
    row("GET /reset-password", Nothing, ""),
    row("GET /invitations", Nothing, ""),
    row("GET /account/email", Nothing, ""),
    row("GET /terms", Nothing, ""),
    row("GET /styleguide", Nothing, ""),
    row("GET /privacy", Nothing, ""),
    row("GET /health", Nothing, ""),
    // Pages behind the login.
    row("GET /", Member, ""),
    row("GET /search", Member, ""),
    row("GET /search?q=ksnet", Member, ""),
    row("GET /team", Member, ""),
    row("GET /stores", Member, ""),
    row("GET /account", Member, ""),
    row("GET /integration/channels", Member, ""),
    row("GET /integration/channels/new", May(EditTestChannels), ""),
    row("GET /integration/channels/new?mode=test&provider=ksnet&module=ksnet", May(EditTestChannels), ""),
    row("GET /integration/channels/{key}", Member, ""),
    row("GET /integration/channels/{key}/edit", May(EditTestChannels), ""),
    row("GET /integration/channels/{key}/versions", Member, ""),
    row("GET /integration/channels/{key}/check", Member, ""),
    row("POST /integration/channels/{key}/check", Member, "call=request_pay&by=paste&text={}"),
    row("GET /integration/channels/{key}/versions/{version}", May(EditTestChannels), ""),
    row("GET /integration/channels/{key}/twin", Member, ""),
    row("GET /integration/channels/{key}/promote", May(EditLiveChannels), ""),
    row("GET /integration/keys", May(ViewKeys), ""),
    row("GET /integration/keys/secret", May(IssueCredentials), ""),
    row("GET /integration/keys/reissue", May(IssueCredentials), ""),
    row("GET /integration/keys/v2", May(ViewKeys), ""),
    row("GET /integration/keys/v2/new", May(IssueCredentials), ""),
    row("GET /integration/keys/v2/{kid}/roll", May(IssueCredentials), ""),
    row("GET /integration/keys/v2/{kid}/revoke", May(IssueCredentials), ""),
    row("GET /audit", May(ManageMembers), ""),
    row("GET /audit.csv", May(ManageMembers), ""),
    // The management API.
    row("POST /rest/v1/users/getToken", Nothing, r#"{"imp_key": "0000000000000000", "imp_secret": "x"}"#),
    row("POST /rest/v2/login/api-secret", Nothing, r#"{"apiSecret": "x"}"#),
    row("POST /rest/v2/token/refresh", Nothing, r#"{"refreshToken": "x"}"#),
    row("GET /rest/v2/providers", Nothing, ""),
    row("GET /rest/v2/providers/{id}", Nothing, ""),
    row("GET /rest/openapi.json", Nothing, ""),
    row("GET /rest/{*other}", Nothing, ""),
    row("GET /rest/v2/channels", Api(ChannelsRead), ""),
    row(
        "POST /rest/v2/channels",
        Api(ChannelsWrite),
        r#"{"mode": "test", "module": "ksnet", "name": "서버 {n}", "mid": "2999199999", "storeId": "{store}"}"#,
    ),
    row("GET /rest/v2/channels/{channelKey}", Api(ChannelsRead), ""),
    row("PATCH /rest/v2/channels/{channelKey}", Api(ChannelsWrite), r#"{"name": "새 이름 {n}"}"#),
    row("DELETE /rest/v2/channels/{channelKey}", Api(ChannelsWrite), ""),
    row("POST /rest/v2/channels/{channelKey}/pause", Api(ChannelsWrite), ""),
    row("POST /rest/v2/channels/{channelKey}/resume", Api(ChannelsWrite), ""),
    row("POST /rest/v2/channels/{channelKey}/restore", Api(ChannelsWrite), ""),
    row("GET /rest/v2/channels/{channelKey}/versions", Api(ChannelsRead), ""),
    // The payment core's API.
    row("GET /core/openapi.json", Nothing, ""),
    row("GET /core/v1/channels/{channelKey}", Core(CoreReads), ""),
    row("POST /core/v1/channels:batchGet", Core(CoreReads), r#"{"channels": [{"channelKey": "{channel}"}]}"#),
    row("GET /core/v1/stores/{storeId}", Core(CoreReads), ""),
    row("GET /core/v1/resolve?storeId={storeId}&channelKey={channelKey}", Core(CoreReads), ""),
    row("GET /core/v1/changes?wait=0", Core(CoreReads), ""),
    row("GET /core/v1/snapshot", Core(CoreReads), ""),
    row("POST /core/v1/ack", Core(CoreReads), r#"{"node": "seoul-1", "seq": 0}"#),
    row("GET /core/v1/applications", Core(CoreOperates), ""),
    row("GET /core/v1/applications/{applicationId}", Core(CoreOperates), ""),
    row("POST /core/v1/applications/{applicationId}/move", Core(CoreOperates), r#"{"to": "in_review"}"#),
    row(
        "POST /core/v1/applications/{applicationId}/review",
        Core(CoreOperates),
        r#"{"issuer": "366", "review": "pending"}"#,
    ),
    row("POST /core/v1/credentials:verify", Core(CoreVerifies), r#"{"apiSecret": "{secret}"}"#),
];

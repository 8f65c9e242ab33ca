//! Which page is where, and what pages share.

use domain::member::Permission;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

use crate::{
    api::{
        AppError,
        accounts::LogIn,
        viewer::{Viewer, load_viewer},
    },
    pages::{
        account::AccountPage,
        application::{ApplicationPage, BusinessPage, ContractPage, NewPgPage, SummaryPage},
        auth::{
            ConfirmEmailPage, ForgotPasswordPage, InvitationPage, LogInPage, PrivacyPage, ResendPage,
            ResetPasswordPage, SignUpPage, TermsPage, VerifyPage,
        },
        channels::{
            ChannelListPage, ChannelPage, EditChannelPage, NewChannelPage, PromotePage, RequestCheckPage, RollBackPage,
            TwinsPage, VersionsPage,
        },
        console::Console,
        home::HomePage,
        keys::{ApiSecretsPage, IssuePage, ReissuePage, RevokePage, RollPage, ShowPage, V1KeysPage},
        not_found::NotFound,
        search::SearchPage,
        stores::StoresPage,
        team::TeamPage,
        trail::TrailPage,
    },
    text::Lang,
};
// A release has no such page.
#[cfg(not(debug_assertions))]
use crate::pages::not_found::NotFound as StyleguidePage;
#[cfg(debug_assertions)]
use crate::pages::styleguide::StyleguidePage;

/// What all pages share: who is logged in, and the action that changes it.
#[derive(Clone, Copy)]
pub struct Account {
    pub log_in: ServerAction<LogIn>,
    pub viewer: Resource<Result<Option<Viewer>, AppError>>,
}

impl Account {
    /// Who is logged in, if anybody is.
    pub async fn person(self) -> Option<Viewer> {
        self.viewer.await.ok().flatten()
    }

    /// Whether to offer something. The data behind it checks again.
    pub async fn may(self, permission: Permission) -> bool {
        self.person().await.is_some_and(|viewer| viewer.role.may(permission))
    }

    /// Loads the viewer anew when an action that changes what it shows was done.
    pub fn reload_after<F>(self, action: ServerAction<F>)
    where
        F: ServerFn<Output = (), Error = AppError> + Clone + Send + Sync + 'static,
    {
        Effect::new(move |_| {
            if action.value().with(|outcome| matches!(outcome, Some(Ok(())))) {
                self.viewer.refetch();
            }
        });
    }
}

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Lang::current());
    view! {
        <Router>
            <AppRoutes />
        </Router>
    }
}

/// Within the router, which the actions' redirects use.
#[component]
fn AppRoutes() -> impl IntoView {
    let log_in = ServerAction::<LogIn>::new();
    let viewer = Resource::new(move || log_in.version().get(), |_| load_viewer());
    provide_context(Account { log_in, viewer });
    let mode = SsrMode::Async;
    view! {
        <Routes fallback=NotFound>
            <Route path=path!("/signup") view=SignUpPage ssr=mode.clone() />
            <Route path=path!("/login") view=LogInPage ssr=mode.clone() />
            <Route path=path!("/verify-email") view=VerifyPage ssr=mode.clone() />
            <Route path=path!("/verify-email/resend") view=ResendPage ssr=mode.clone() />
            <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=mode.clone() />
            <Route path=path!("/reset-password") view=ResetPasswordPage ssr=mode.clone() />
            <Route path=path!("/invitations") view=InvitationPage ssr=mode.clone() />
            <Route path=path!("/account/email") view=ConfirmEmailPage ssr=mode.clone() />
            <Route path=path!("/terms") view=TermsPage ssr=mode.clone() />
            <Route path=path!("/privacy") view=PrivacyPage ssr=mode.clone() />
            <Route path=path!("/styleguide") view=StyleguidePage ssr=mode.clone() />
            <ParentRoute path=path!("") view=Console ssr=mode.clone()>
                <Route path=path!("/") view=HomePage ssr=mode.clone() />
                <Route path=path!("/search") view=SearchPage ssr=mode.clone() />
                <Route path=path!("/team") view=TeamPage ssr=mode.clone() />
                <Route path=path!("/stores") view=StoresPage ssr=mode.clone() />
                <Route path=path!("/account") view=AccountPage ssr=mode.clone() />
                <Route path=path!("/application") view=ApplicationPage ssr=mode.clone() />
                <Route path=path!("/application/business") view=BusinessPage ssr=mode.clone() />
                <Route path=path!("/application/summary") view=SummaryPage ssr=mode.clone() />
                <Route path=path!("/application/pgs/new") view=NewPgPage ssr=mode.clone() />
                <Route path=path!("/application/pgs/:contract") view=ContractPage ssr=mode.clone() />
                <Route path=path!("/integration/channels") view=ChannelListPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/new") view=NewChannelPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key") view=ChannelPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/edit") view=EditChannelPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/versions") view=VersionsPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/check") view=RequestCheckPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/versions/:version") view=RollBackPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/twin") view=TwinsPage ssr=mode.clone() />
                <Route path=path!("/integration/channels/:key/promote") view=PromotePage ssr=mode.clone() />
                <Route path=path!("/integration/keys") view=V1KeysPage ssr=mode.clone() />
                <Route path=path!("/integration/keys/secret") view=ShowPage ssr=mode.clone() />
                <Route path=path!("/integration/keys/reissue") view=ReissuePage ssr=mode.clone() />
                <Route path=path!("/integration/keys/v2") view=ApiSecretsPage ssr=mode.clone() />
                <Route path=path!("/integration/keys/v2/new") view=IssuePage ssr=mode.clone() />
                <Route path=path!("/integration/keys/v2/:kid/roll") view=RollPage ssr=mode.clone() />
                <Route path=path!("/integration/keys/v2/:kid/revoke") view=RevokePage ssr=mode.clone() />
                <Route path=path!("/audit") view=TrailPage ssr=mode />
            </ParentRoute>
        </Routes>
    }
}

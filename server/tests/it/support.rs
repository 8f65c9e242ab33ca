//! A console of one's own, asked through its router.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::connect_info::MockConnectInfo,
    http::{Request, StatusCode, header},
    response::Response,
};
use backend::{
    Actor, Backend, Caller, Db, KeyRing, Language, Settings,
    mail::{Mailer, mailbox},
    random::OsRandom,
};
use domain::{
    account::{LoginForm, SignUpForm},
    catalogue::Catalogue,
    clock::Clock,
    secret::Typed,
};
use http_body_util::BodyExt as _;
use leptos::config::LeptosOptions;
use sea_orm::{ConnectionTrait as _, DbBackend, QueryResult, Statement};
use server::{
    config::Config,
    core,
    router::{self, Patience},
    serve,
};
use tempfile::TempDir;
use tower::ServiceExt as _;

pub const ORIGIN: &str = "http://127.0.0.1:3000";
pub const PASSWORD: &str = "wide-lamp-eleven-rivers";

pub struct Console {
    pub people: Router,
    pub cores: Router,
    pub backend: Arc<Backend>,
    config: Config,
    dir: TempDir,
}

pub async fn a_console() -> Console {
    a_console_on(None).await
}

/// Counts of tests that go as long as they are told: `make torture` tells more.
#[expect(clippy::disallowed_methods, reason = "`make torture` asks for more")]
pub fn times(variable: &str, otherwise: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A console on another database than its own file.
pub async fn a_console_on(database_url: Option<&str>) -> Console {
    let told: Vec<_> = database_url.into_iter().map(|url| ("database_url", url)).collect();
    a_console_told(&told).await
}

/// A console with variables of its own. Passwords cost as good as nothing unless they say so.
pub async fn a_console_told(told: &[(&str, &str)]) -> Console {
    let dir = tempfile::tempdir().expect("a directory");
    let config = configured(&dir, told);
    let backend = serve::backend(&config).await.expect("a backend");
    Console::of(backend, config, dir)
}

/// A console that reads the time from a clock of the test's.
pub async fn a_console_by(clock: Arc<dyn Clock>) -> Console {
    let dir = tempfile::tempdir().expect("a directory");
    let config = configured(&dir, &[("trusted_proxies", "127.0.0.1")]);
    let db = Db::open(&config.database_url).await.expect("a database");
    let settings = Settings { public_url: config.public_url.clone(), argon2: config.argon2, hashing_permits: 1 };
    let ring = KeyRing::generate(&OsRandom);
    let resolver = config.dns.resolver();
    let backend = Backend::new(db, ring, clock, Arc::new(OsRandom), resolver, settings).await.expect("a backend");
    Console::of(Arc::new(backend), config, dir)
}

fn configured(dir: &TempDir, told: &[(&str, &str)]) -> Config {
    let data_dir = dir.path().display().to_string();
    // Tests ask nobody outside of the machine.
    let usual = [("data_dir", data_dir.as_str()), ("dns", "off"), ("argon2_memory_kib", "64"), ("argon2_passes", "1")];
    let value = |name: &str| told.iter().chain(&usual).find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned());
    Config::from_variables(value).expect("a valid configuration")
}

/// Somebody who is logged in: the session's cookie, and the same person to the backend.
pub struct Person {
    pub cookie: String,
    pub actor: Actor,
}

impl Console {
    fn of(backend: Arc<Backend>, config: Config, dir: TempDir) -> Self {
        let root = dir.path().display().to_string();
        let options = LeptosOptions::builder().output_name("channel-console").site_root(root).build();
        let peer = MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
        let people = router::site(&config, &backend, options, Patience::default()).layer(peer);
        Self { people, cores: core::router(Arc::clone(&backend)), backend, config, dir }
    }

    /// The same console with another patience.
    pub fn waiting(self, patience: Patience) -> Self {
        let options = LeptosOptions::builder().output_name("channel-console").build();
        let peer = MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000)));
        let people = router::site(&self.config, &self.backend, options, patience).layer(peer);
        Self { people, ..self }
    }

    /// Something else behind the same walls.
    pub fn around(&self, inside: Router) -> Router {
        let options = LeptosOptions::builder().output_name("channel-console").build();
        router::surrounded(&self.config, options, inside)
            .layer(MockConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
    }

    /// A file of the site.
    pub fn put_file(&self, path: &str, content: &[u8]) {
        let path = self.dir.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, content).expect("written");
    }

    /// The same console with a catalogue of this one file.
    pub fn with_catalogue(self, file: &str, text: &str) -> Self {
        let Self { people, cores, backend, config, dir } = self;
        drop((people, cores));
        let catalogue = Box::leak(Box::new(Catalogue::parse([(file, text)]).expect("a catalogue")));
        let backend = Arc::into_inner(backend).expect("nobody else holds the backend").with_catalogue(catalogue);
        Self::of(Arc::new(backend), config, dir)
    }

    /// Closes the database; what is left is the data directory.
    pub async fn closed(self) -> TempDir {
        self.backend.db().close().await.expect("closed");
        self.dir
    }

    /// Signs somebody up, follows the mail, logs in.
    pub async fn an_owner(&self) -> Person {
        self.an_owner_called("kim@example.com").await
    }

    pub async fn an_owner_called(&self, email: &str) -> Person {
        let password = PASSWORD;
        let form = format!(
            "form[email]={email}&form[password]={password}&form[password_again]={password}\
             &form[terms]=on&form[privacy]=on"
        );
        self.submit("/api/accounts/sign-up", &form).await;
        let token = self.token().await;
        self.submit("/api/accounts/verify", &format!("token={token}")).await;
        let answer =
            self.submit("/api/accounts/log-in", &format!("form[email]={email}&form[password]={password}&next=")).await;
        let cookies = answer.headers().get_all(header::SET_COOKIE).iter().map(|c| c.to_str().expect("text"));
        let session = cookies.into_iter().find(|cookie| cookie.starts_with("sid=")).expect("a session");
        let cookie = session.split(';').next().expect("a cookie").to_owned();
        let caller = Caller { address: [127, 0, 0, 1].into(), language: Language::Korean };
        let form = LoginForm { email: email.to_owned(), password: Typed::new(password) };
        let signed_in = self.backend.log_in(form, caller).await.expect("logged in");
        Person { cookie, actor: self.backend.actor(signed_in, caller.address).await.expect("an actor") }
    }

    /// Somebody who signed up and confirmed the address, but is not logged in.
    pub async fn a_member(&self, email: &str) {
        let form = SignUpForm {
            email: email.to_owned(),
            password: Typed::new(PASSWORD),
            password_again: Typed::new(PASSWORD),
            terms: "on".to_owned(),
            privacy: "on".to_owned(),
            marketing: String::new(),
        };
        let number = self.number("SELECT COUNT(*) FROM members").await;
        let address = std::net::Ipv4Addr::from_bits(0x0A00_0001 + u32::try_from(number).expect("few"));
        let caller = Caller { address: address.into(), language: Language::Korean };
        self.backend.sign_up(form, caller).await.expect("signed up");
        let token = self.token().await;
        self.backend.verify_email(&token, caller).await.expect("confirmed");
    }

    /// The one number that a question to the tables is answered with.
    pub async fn number(&self, sql: &str) -> i64 {
        self.row(sql).await.try_get_by_index(0).expect("a number")
    }

    /// The same with bytes.
    pub async fn bytes(&self, sql: &str) -> Vec<u8> {
        self.row(sql).await.try_get_by_index(0).expect("bytes")
    }

    async fn row(&self, sql: &str) -> QueryResult {
        let db = self.backend.db().read();
        let question = Statement::from_string(db.get_database_backend(), sql);
        db.query_one_raw(question).await.expect("answered").expect("a row")
    }

    /// The letter that came; the one with a link, if notices came too. All are taken out of the box.
    pub async fn letter(&self) -> String {
        let directory = self.dir.path().join("mail");
        let mailer = Mailer::Files { directory: directory.clone() };
        let from = mailbox(&self.config.mail_from).expect("an address");
        self.backend.deliver_mails(&mailer, &from).await.expect("delivered");
        let files = std::fs::read_dir(directory).expect("a folder");
        let letters: Vec<String> = files
            .map(|file| {
                let path = file.expect("readable").path();
                let letter = std::fs::read_to_string(&path).expect("text");
                std::fs::remove_file(path).expect("taken");
                letter
            })
            .collect();
        let linked = letters.iter().find(|letter| letter.contains("token="));
        linked.or(letters.first()).expect("a letter").clone()
    }

    /// The token of the link in it.
    pub async fn token(&self) -> String {
        let letter = self.letter().await;
        let token = letter.split("token=").nth(1).and_then(|rest| rest.split_whitespace().next());
        token.expect("a link").to_owned()
    }

    /// A page, opened by somebody.
    pub async fn open_as(&self, person: &Person, path: &str) -> Response {
        let request = Request::get(path).header(header::ACCEPT, "text/html").header(header::COOKIE, &person.cookie);
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// A plain form, sent by somebody.
    pub async fn submit_as(&self, person: &Person, path: &str, body: &str) -> Response {
        let request = form(path, body).header(header::COOKIE, &person.cookie);
        self.ask(request.body(Body::from(body.to_owned())).expect("a request")).await
    }

    pub async fn ask(&self, request: Request<Body>) -> Response {
        self.people.clone().oneshot(request).await.expect("the router answers")
    }

    /// A browser opening a page.
    pub async fn open(&self, path: &str) -> Response {
        let request = Request::get(path).header(header::ACCEPT, "text/html");
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// A plain form of our own pages.
    pub async fn submit(&self, path: &str, body: &str) -> Response {
        self.ask(form(path, body).body(Body::from(body.to_owned())).expect("a request")).await
    }

    /// From now on every change of a row is counted, by table.
    pub async fn count_changes(&self) {
        self.sql("CREATE TABLE changes_counted (what TEXT)").await;
        for table in
            self.texts("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'changes_counted'").await
        {
            for change in ["INSERT", "UPDATE", "DELETE"] {
                self.sql(&format!(
                    "CREATE TRIGGER counted_{change}_{table} AFTER {change} ON {table} \
                     BEGIN INSERT INTO changes_counted VALUES ('{table}'); END"
                ))
                .await;
            }
        }
    }

    /// The tables that changed since it was last asked.
    pub async fn changed(&self) -> Vec<String> {
        let changed = self.texts("SELECT DISTINCT what FROM changes_counted ORDER BY what").await;
        if !changed.is_empty() {
            self.sql("DELETE FROM changes_counted").await;
        }
        changed
    }

    /// The first column of every row.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let statement = Statement::from_string(DbBackend::Sqlite, sql);
        let rows = self.backend.db().statement().query_all_raw(statement).await.expect("rows");
        rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
    }

    /// What happens meanwhile, elsewhere.
    pub async fn sql(&self, sql: &str) {
        self.backend.db().statement().execute_unprepared(sql).await.expect("done");
    }

    pub async fn tell_core(&self, path: &str, token: Option<&str>, body: &str) -> Response {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body.to_owned())).expect("a request");
        self.cores.clone().oneshot(request).await.expect("the router answers")
    }
}

pub fn form(path: &str, body: &str) -> axum::http::request::Builder {
    form_from(ORIGIN, path, body)
}

/// A plain form of a console at `origin`.
pub fn form_from(origin: &str, path: &str, body: &str) -> axum::http::request::Builder {
    Request::post(path)
        .header(header::ACCEPT, "text/html")
        .header(header::ORIGIN, origin)
        .header(header::REFERER, format!("{origin}/signup"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::CONTENT_LENGTH, body.len())
}

/// A page whose nonces were replaced by `NONCE`, without what differs by chance: its data comes in one script or in
/// several, in the order in which it was ready.
pub fn in_one_order(page: &str) -> String {
    let joined = page.replace("</script><script nonce=\"NONCE\">", "");
    let mut parts: Vec<&str> = joined.split_inclusive(';').collect();
    parts.sort_unstable();
    parts.concat()
}

pub fn header_of(response: &Response, name: &str) -> String {
    response.headers().get(name).map(|v| v.to_str().expect("text").to_owned()).unwrap_or_default()
}

pub async fn text_of(response: Response) -> (StatusCode, String) {
    let status = response.status();
    let bytes = response.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8(bytes.to_vec()).expect("text"))
}

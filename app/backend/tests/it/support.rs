//! Where every scenario starts: a backend on a fresh database, a clock moved by hand, mails in a folder.

use std::{
    collections::{BTreeMap, BTreeSet},
    future::Future,
    net::{IpAddr, Ipv4Addr},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU32, Ordering},
    },
};

use async_trait::async_trait;
use backend::{
    Actor, Backend, Caller, Change, CoreCaller, CoreChannel, Db, Error, KeyRing, Language, NewChannel, Settings,
    SignedIn, TeamQuery,
    mail::Mailer,
    password::Argon2Cost,
    random::{OsRandom, Random},
    resolver::{Answer, Resolver},
};
use domain::{
    account::{LoginForm, SignUpForm},
    catalogue::Catalogue,
    channel::ChannelForm,
    clock::Clock,
    form::ErrorCode,
    id::{ChannelKey, MemberId},
    own_account::{ConsentsForm, NewPasswordForm},
    secret::Typed,
    team::InviteForm,
};
use sea_orm::{ConnectOptions, ConnectionTrait as _, Database, QueryResult, Statement, TryGetable};
use time::{Duration, OffsetDateTime};
use tokio::{sync::OnceCell, task::JoinSet};
use uuid::Uuid;

/// Tells one scenario twice. The bench belongs to the scenario; it is set up anew for each database.
macro_rules! on_both_databases {
    ($name:ident, |$bench:ident| $scenario:expr) => {
        async fn $name($bench: crate::support::Bench) {
            $scenario.await
        }

        mod $name {
            use crate::support::Bench;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                super::$name(Bench::on_sqlite().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgresql() {
                if let Some(bench) = Bench::on_postgresql().await {
                    super::$name(bench).await;
                }
            }
        }
    };
}

/// `assert!(matches!(…))` that says what came instead.
macro_rules! assert_is {
    ($value:expr, $pattern:pat) => {{
        let value = $value;
        assert!(matches!(value, $pattern), "{value:?} is not {}", stringify!($pattern));
    }};
}

pub const PASSWORD: &str = "wide-lamp-eleven-rivers";
pub const OTHER_PASSWORD: &str = "seven-purple-kettles-dance";
pub const PUBLIC_URL: &str = "https://console.example";

/// Stands still until it is moved.
#[derive(Debug)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn pass(&self, time: Duration) {
        self.0.fetch_add(time.whole_milliseconds().try_into().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Knows every name, at a public address, unless it is told otherwise.
#[derive(Debug, Default)]
pub struct Names {
    told: Mutex<BTreeMap<String, Answer>>,
    /// Names about which nothing ever comes.
    silent: Mutex<BTreeSet<String>>,
    /// What was asked for, the first first.
    asked: Mutex<Vec<String>>,
}

impl Names {
    pub fn answer(&self, name: &str, answer: Answer) {
        self.told.lock().unwrap().insert(name.to_owned(), answer);
    }

    pub fn at(&self, name: &str, addresses: &[&str]) {
        self.answer(name, Answer::Addresses(addresses.iter().map(|text| text.parse().unwrap()).collect()));
    }

    /// Leaves whoever asks for it waiting.
    pub fn never_answer(&self, name: &str) {
        self.silent.lock().unwrap().insert(name.to_owned());
    }

    /// Takes what was asked for since.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }
}

#[async_trait]
impl Resolver for Names {
    async fn look_up(&self, name: &str) -> Answer {
        self.asked.lock().unwrap().push(name.to_owned());
        if self.silent.lock().unwrap().contains(name) {
            std::future::pending::<()>().await;
        }
        let told = self.told.lock().unwrap().get(name).cloned();
        told.unwrap_or_else(|| Answer::Addresses(vec![[93, 184, 216, 34].into()]))
    }
}

/// A mail as it was delivered.
#[derive(Debug)]
pub struct Letter {
    pub to: String,
    pub headers: String,
    pub body: String,
}

impl Letter {
    pub fn links(&self) -> Vec<&str> {
        self.body.lines().filter(|line| line.contains("://")).collect()
    }

    pub fn token(&self) -> &str {
        self.links().iter().find_map(|link| link.split_once("?token=")).expect("a link with a token").1
    }
}

pub struct Bench {
    pub backend: Arc<Backend>,
    pub clock: Arc<HandClock>,
    pub names: Arc<Names>,
    pub mailer: Mailer,
    pub url: String,
    pub dir: tempfile::TempDir,
    people: AtomicU32,
    core: OnceCell<CoreCaller>,
}

impl Bench {
    pub async fn on_sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", dir.path().join("console.db").display());
        Self::set_up(dir, url).await
    }

    /// A bench on a database of its own, copied from a migrated one; `None` without a server.
    pub async fn on_postgresql() -> Option<Self> {
        static TEMPLATE: OnceCell<String> = OnceCell::const_new();
        let Some(server) = variable("CONSOLE_TEST_POSTGRES_URL") else {
            assert!(
                variable("CI").or(variable("CONSOLE_REQUIRE_POSTGRES")).is_none(),
                "CONSOLE_TEST_POSTGRES_URL is not set, and here PostgreSQL is not optional"
            );
            eprintln!("not told on PostgreSQL: CONSOLE_TEST_POSTGRES_URL is not set (see .setup/with-postgres.sh)");
            return None;
        };
        let template = TEMPLATE
            .get_or_init(async || {
                let name = fresh_name();
                on_server(&server, &format!("CREATE DATABASE {name}")).await;
                let db = Db::open(&database_url(&server, &name)).await.unwrap();
                // A template that somebody is connected to cannot be copied.
                db.close().await.unwrap();
                name
            })
            .await;
        let name = fresh_name();
        on_server(&server, &format!("CREATE DATABASE {name} TEMPLATE {template}")).await;
        Some(Self::set_up(tempfile::tempdir().unwrap(), database_url(&server, &name)).await)
    }

    async fn set_up(dir: tempfile::TempDir, url: String) -> Self {
        KeyRing::generate(&OsRandom).write(&dir.path().join("keyring")).unwrap();
        // 2026-11-21, noon in Korea.
        let clock = Arc::new(HandClock(AtomicI64::new(1_795_230_000_000)));
        Self::open(dir, url, clock).await
    }

    async fn open(dir: tempfile::TempDir, url: String, clock: Arc<HandClock>) -> Self {
        let ring = KeyRing::read(&dir.path().join("keyring")).unwrap();
        let names = Arc::<Names>::default();
        let backend = Self::backend_asking(&url, ring, Arc::clone(&clock), Arc::clone(&names)).await.unwrap();
        let mailer = Mailer::Files { directory: dir.path().join("mail") };
        let (people, core) = (AtomicU32::new(0), OnceCell::new());
        Self { backend: Arc::new(backend), clock, names, mailer, url, dir, people, core }
    }

    pub async fn backend_with(url: &str, ring: KeyRing, clock: Arc<HandClock>) -> backend::Result<Backend> {
        Self::backend_asking(url, ring, clock, Arc::default()).await
    }

    async fn backend_asking(
        url: &str,
        ring: KeyRing,
        clock: Arc<HandClock>,
        names: Arc<Names>,
    ) -> backend::Result<Backend> {
        let argon2 = Argon2Cost { memory_kib: 64, passes: 1 };
        let settings = Settings { public_url: PUBLIC_URL.to_owned(), argon2, hashing_permits: 2 };
        Backend::new(Db::open(url).await.unwrap(), ring, clock, Arc::new(OsRandom), names, settings).await
    }

    /// The console stops and starts again on what it left behind.
    pub async fn restarted(self) -> Self {
        let Self { backend, clock, url, dir, .. } = self;
        backend.db().close().await.unwrap();
        drop(backend);
        Self::open(dir, url, clock).await
    }

    /// The same console with a catalogue of this one file.
    pub fn with_catalogue(self, file: &str, text: &str) -> Self {
        let catalogue = Box::leak(Box::new(Catalogue::parse([(file, text)]).unwrap()));
        let backend = Arc::into_inner(self.backend).expect("nobody else holds the backend");
        Self { backend: Arc::new(backend.with_catalogue(catalogue)), ..self }
    }

    /// The same console with room for less.
    pub fn with_caps(self, caps: backend::Caps) -> Self {
        let backend = Arc::into_inner(self.backend).expect("nobody else holds the backend");
        Self { backend: Arc::new(backend.with_caps(caps)), ..self }
    }

    /// Runs `count` at once and waits for all.
    pub async fn at_once<F>(&self, count: usize, mut work: impl FnMut(Arc<Backend>, usize) -> F) -> Vec<F::Output>
    where
        F: Future<Output: Send + 'static> + Send + 'static,
    {
        (0..count).map(|index| work(Arc::clone(&self.backend), index)).collect::<JoinSet<_>>().join_all().await
    }
}

/// People.
impl Bench {
    /// Somebody at an address of their own, so that nobody's limit is another's.
    pub fn somebody(&self) -> Caller {
        let host = self.people.fetch_add(1, Ordering::Relaxed);
        Caller { address: IpAddr::V4(Ipv4Addr::from_bits(0x0A00_0001 + host)), language: Language::Korean }
    }

    pub async fn sign_up(&self, email: &str, password: &str) -> backend::Result<()> {
        self.backend.sign_up(sign_up_form(email, password), self.somebody()).await
    }

    pub async fn log_in(&self, email: &str, password: &str) -> backend::Result<SignedIn> {
        let form = LoginForm { email: email.to_owned(), password: Typed::new(password) };
        self.backend.log_in(form, self.somebody()).await
    }

    /// Delivers what is promised and takes it out of the folder, oldest first.
    pub async fn letters(&self) -> Vec<Letter> {
        self.backend.deliver_mails(&self.mailer, &"Console <console@example.com>".parse().unwrap()).await.unwrap();
        let Ok(folder) = std::fs::read_dir(self.dir.path().join("mail")) else { return Vec::new() };
        let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| read_letter(file)).collect()
    }

    /// The one letter that came.
    pub async fn letter(&self) -> Letter {
        let mut letters = self.letters().await;
        assert_eq!(letters.len(), 1, "one letter was expected: {letters:#?}");
        letters.remove(0)
    }

    /// Follows the link of the one mail that came.
    pub async fn confirm_mail(&self) -> backend::Result<()> {
        let letter = self.letter().await;
        self.backend.verify_email(letter.token(), self.somebody()).await
    }

    pub async fn an_owner(&self) -> Actor {
        self.an_owner_called(&format!("owner{}@example.com", self.people.load(Ordering::Relaxed))).await
    }

    pub async fn an_owner_called(&self, email: &str) -> Actor {
        self.sign_up(email, PASSWORD).await.unwrap();
        self.confirm_mail().await.unwrap();
        self.actor_of(email).await
    }

    pub async fn actor_of(&self, email: &str) -> Actor {
        let signed_in = self.log_in(email, PASSWORD).await.unwrap();
        self.backend.actor(signed_in, self.somebody().address).await.unwrap()
    }

    /// Somebody whom `by` invited and who accepted.
    pub async fn a_member(&self, by: &Actor, email: &str, role: &str) -> Actor {
        self.a_member_of(by, email, role, "").await
    }

    /// The same, limited to a sub-store.
    pub async fn a_member_of(&self, by: &Actor, email: &str, role: &str, store: &str) -> Actor {
        let form = InviteForm { store: store.to_owned(), ..invite_form(email, role) };
        self.backend.invite(by, form, self.somebody()).await.unwrap();
        let letter = self.letter().await;
        self.accept(letter.token()).await.unwrap();
        self.actor_of(email).await
    }

    pub async fn accept(&self, token: &str) -> backend::Result<()> {
        let consents = ConsentsForm { terms: "on".to_owned(), privacy: "on".to_owned(), marketing: String::new() };
        self.backend.accept_invitation(token, twice(PASSWORD), &consents, self.somebody()).await
    }

    /// The id of somebody's line in the team.
    pub async fn member_id(&self, actor: &Actor, email: &str) -> MemberId {
        let query = TeamQuery { search: email.to_owned(), page: 1 };
        self.backend.team(actor, query).await.unwrap().items.first().expect("listed").id
    }

    /// What the trail tells of these actions: done or refused.
    pub async fn trail_of(&self, action: &str) -> Vec<String> {
        self.values(&format!("SELECT outcome FROM audit_events WHERE action = '{action}' ORDER BY seq")).await
    }

    pub async fn imp_code(&self, actor: &Actor) -> String {
        self.backend.viewer(actor).await.unwrap().imp_code.to_string()
    }

    pub async fn store_id(&self, actor: &Actor) -> String {
        self.backend.viewer(actor).await.unwrap().store_id.to_string()
    }

    pub async fn merchant_id(&self, actor: &Actor) -> Uuid {
        let imp_code = self.imp_code(actor).await;
        self.value(&format!("SELECT id FROM merchants WHERE imp_code = '{imp_code}'")).await
    }
}

/// Channels.
impl Bench {
    pub async fn add(&self, actor: &Actor, new: NewChannel) -> ChannelKey {
        self.backend.add_channel(actor, new).await.unwrap().key
    }

    /// Saves `form` on top of the version that is current.
    pub async fn edit(&self, actor: &Actor, key: ChannelKey, form: ChannelForm) -> backend::Result<()> {
        let seen_version = self.backend.channel(actor, key).await?.version;
        self.backend.edit_channel(actor, key, Change { seen_version, form }).await.map(|_| ())
    }

    /// A payment core that may read everything.
    pub async fn core(&self) -> &CoreCaller {
        self.core
            .get_or_init(async || {
                let made = self.backend.create_core_token("core").await.unwrap();
                self.backend.core_caller(made.token.expose()).await.unwrap()
            })
            .await
    }

    pub async fn core_channel(&self, key: ChannelKey, version: Option<i64>) -> backend::Result<Arc<CoreChannel>> {
        self.backend.core_channel(self.core().await, key, version).await
    }

    /// The kinds of the feed's events about channels and credentials, in their order.
    pub async fn event_kinds(&self) -> Vec<String> {
        self.values("SELECT kind FROM config_events WHERE kind <> 'STORE_ADDED' ORDER BY seq").await
    }

    /// The secrets as the payment core gets them, in the order of their keys.
    pub async fn secrets(&self, key: ChannelKey) -> Vec<(String, String)> {
        let channel = self.core_channel(key, None).await.unwrap();
        channel.secrets.iter().map(|(key, value)| (key.clone(), value.expose().to_owned())).collect()
    }
}

/// The tables, which no use case shows as they are.
impl Bench {
    pub async fn sql(&self, sql: &str) {
        self.backend.db().statement().execute_unprepared(sql).await.unwrap();
    }

    pub async fn rows(&self, sql: &str) -> Vec<QueryResult> {
        let db = self.backend.db().read();
        db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
    }

    pub async fn values<T: TryGetable>(&self, sql: &str) -> Vec<T> {
        self.rows(sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    pub async fn value<T: TryGetable>(&self, sql: &str) -> T {
        let mut values = self.values(sql).await;
        assert_eq!(values.len(), 1, "{sql}");
        values.remove(0)
    }

    /// Takes away what keeps the trail's rows as they are.
    pub async fn let_rows_change(&self) {
        if self.backend.db().is_sqlite() {
            self.sql("DROP TRIGGER audit_events_no_update").await;
            self.sql("DROP TRIGGER audit_events_no_delete").await;
        } else {
            self.sql("DROP TRIGGER audit_events_append_only ON audit_events").await;
        }
    }

    pub async fn count(&self, table: &str) -> i64 {
        self.value(&format!("SELECT COUNT(*) FROM {table}")).await
    }

    /// Whether these bytes lie anywhere in the database: as they are, in hexadecimal, or in base64.
    pub async fn stores(&self, bytes: &[u8]) -> bool {
        let stored = self.everything_stored().await;
        disguises(bytes).iter().any(|shape| stored.windows(shape.len()).any(|window| window == shape))
    }

    async fn everything_stored(&self) -> Vec<u8> {
        let mut everything = Vec::new();
        if self.backend.db().is_sqlite() {
            for name in ["console.db", "console.db-wal"] {
                everything.extend(std::fs::read(self.dir.path().join(name)).unwrap());
            }
        } else {
            let tables = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
            for table in self.values::<String>(tables).await {
                for row in self.values::<String>(&format!("SELECT t::text FROM \"{table}\" t")).await {
                    everything.extend(row.into_bytes());
                }
            }
        }
        everything
    }
}

pub fn sign_up_form(email: &str, password: &str) -> SignUpForm {
    SignUpForm {
        email: email.to_owned(),
        password: Typed::new(password),
        password_again: Typed::new(password),
        terms: "on".to_owned(),
        privacy: "on".to_owned(),
        marketing: String::new(),
    }
}

pub fn twice(password: &str) -> NewPasswordForm {
    NewPasswordForm { password: Typed::new(password), password_again: Typed::new(password) }
}

pub fn invite_form(email: &str, role: &str) -> InviteForm {
    InviteForm { email: email.to_owned(), role: role.to_owned(), ..InviteForm::default() }
}

/// Typing into the channel form.
pub trait Typing: Sized {
    fn mid(self, mid: &str) -> Self;
    fn field(self, key: &str, value: &str) -> Self;
    fn using(self, word: &str) -> Self;
    fn clearing(self, key: &str) -> Self;
}

impl Typing for ChannelForm {
    fn mid(mut self, mid: &str) -> Self {
        mid.clone_into(&mut self.mid);
        self
    }

    fn field(mut self, key: &str, value: &str) -> Self {
        self.fields.insert(key.to_owned(), Typed::new(value));
        self
    }

    fn using(mut self, word: &str) -> Self {
        self.uses.insert(word.to_owned(), "on".to_owned());
        self
    }

    fn clearing(mut self, key: &str) -> Self {
        self.clear.insert(key.to_owned(), "on".to_owned());
        self
    }
}

pub fn named(name: &str) -> ChannelForm {
    ChannelForm { name: name.to_owned(), ..ChannelForm::default() }
}

pub fn live(module: &str, form: ChannelForm) -> NewChannel {
    NewChannel { mode: "live".to_owned(), module: module.to_owned(), form, ..NewChannel::default() }
}

pub fn test(module: &str, form: ChannelForm) -> NewChannel {
    NewChannel { mode: "test".to_owned(), ..live(module, form) }
}

/// A live KSNET channel with all it needs.
pub fn ksnet(name: &str) -> NewChannel {
    live("ksnet", named(name).mid("ks0001").field("api_key", "ksnet-api-key"))
}

/// A test channel by a MID that KSNET publishes: nothing else to type.
pub fn shared_ksnet() -> NewChannel {
    test("ksnet", ChannelForm { shared_mid: "2999199999".to_owned(), ..ChannelForm::default() })
}

pub fn of_one_click(new: NewChannel, idempotency_key: &str) -> NewChannel {
    NewChannel { idempotency_key: idempotency_key.to_owned(), ..new }
}

/// What is said beside a field of a refused form.
pub fn beside<T: std::fmt::Debug>(field: &str, result: backend::Result<T>) -> Option<ErrorCode> {
    match result {
        Err(Error::Form(errors)) => errors.of(field).cloned(),
        other => panic!("the form was not refused: {other:?}"),
    }
}

fn read_letter(file: &std::path::Path) -> Letter {
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::remove_file(file).unwrap();
    let (headers, body) = text.split_once("\r\n\r\n").unwrap();
    let to = headers.lines().find_map(|line| line.strip_prefix("To: ")).unwrap().to_owned();
    Letter { to, headers: headers.to_owned(), body: body.to_owned() }
}

/// How bytes may look when they are stored unencrypted. In base64 it depends on what stands before them, so what
/// depends on neighbours is left out.
fn disguises(bytes: &[u8]) -> Vec<Vec<u8>> {
    use base64::{Engine as _, engine::general_purpose::STANDARD};
    let hex = bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let in_base64 = (0..3).map(|before| {
        let text = STANDARD.encode([&vec![0; before], bytes].concat());
        let sure = (before * 8).div_ceil(6)..(before + bytes.len()) * 8 / 6;
        text.as_bytes()[sure].to_vec()
    });
    [bytes.to_vec(), hex.into_bytes()].into_iter().chain(in_base64).collect()
}

#[expect(clippy::disallowed_methods, reason = "the tests' one look at the environment: where the server is")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn fresh_name() -> String {
    let random: &dyn Random = &OsRandom;
    format!("console_{}", random.uuid().simple())
}

/// The server's address with another database in it.
fn database_url(server: &str, name: &str) -> String {
    let (address, options) = server.split_once('?').unwrap_or((server, ""));
    let (address, _) = address.rsplit_once('/').unwrap();
    format!("{address}/{name}?{options}")
}

async fn on_server(server: &str, sql: &str) {
    let mut options = ConnectOptions::new(server);
    options.max_connections(1).sqlx_logging(false);
    let connection = Database::connect(options).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

//! Where the scenes play: a backend whose clock is moved by hand, and whose words for mail links are overheard, since nobody
//! of the demo reads mails.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
};

use async_trait::async_trait;
use backend::{
    Actor, Backend, CoreCaller,
    mail::{Mailer, mailbox},
    random::{OsRandom, Random},
    resolver::{Answer, Resolver},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::{
    account::LoginForm,
    clock::Clock,
    id::{ApplicationId, ChannelKey, StoreId},
    secret::{Secret, Typed},
};
use time::{Duration, OffsetDateTime, Time, UtcOffset};

use super::people::Person;
use crate::{
    config::Config,
    serve::{self, StartError},
    system::SystemClock,
};

/// How long ago the first scene plays.
const BEGAN: i64 = 118;
const KOREA: UtcOffset = match UtcOffset::from_hms(9, 0, 0) {
    Ok(offset) => offset,
    Err(_) => UtcOffset::UTC,
};

/// Stands still until it is moved, and is never moved back.
struct StageClock(AtomicI64);

impl StageClock {
    fn forward(&self, to: OffsetDateTime) {
        let ms = i64::try_from(to.unix_timestamp_nanos() / 1_000_000).unwrap_or_default();
        // Whatever was said before, each scene is later than the one before it.
        self.0.fetch_max(ms.max(self.0.load(Ordering::SeqCst) + 1_000), Ordering::SeqCst);
    }
}

impl Clock for StageClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::UNIX_EPOCH + Duration::milliseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Knows every name, at a public address: a demo is made up, and asks nobody.
struct StageNames;

#[async_trait]
impl Resolver for StageNames {
    async fn look_up(&self, _name: &str) -> Answer {
        Answer::Addresses(vec![[93, 184, 216, 34].into()])
    }
}

/// The operating system's randomness; what may have become a link's token is remembered for whoever listens.
struct Overheard(Mutex<Option<Vec<Secret>>>);

impl Overheard {
    fn listen(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Vec::new());
    }

    fn heard(&self) -> Vec<Secret> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

impl Random for Overheard {
    fn fill(&self, bytes: &mut [u8]) {
        OsRandom.fill(bytes);
        if bytes.len() == 32
            && let Some(heard) = self.0.lock().unwrap_or_else(PoisonError::into_inner).as_mut()
        {
            heard.push(Secret::new(URL_SAFE_NO_PAD.encode(bytes)));
        }
    }
}

pub struct Stage {
    pub backend: Arc<Backend>,
    pub password: Typed,
    /// Channels by name.
    pub channels: BTreeMap<&'static str, ChannelKey>,
    /// How many of the planned channels there are.
    pub added: usize,
    /// Sub-stores by code.
    pub stores: BTreeMap<&'static str, StoreId>,
    /// Applications by module.
    pub applications: BTreeMap<&'static str, ApplicationId>,
    /// API secrets by name, to be at work with.
    pub secrets: BTreeMap<&'static str, Secret>,
    pub core: Option<CoreCaller>,
    clock: Arc<StageClock>,
    overheard: Arc<Overheard>,
    now: OffsetDateTime,
    /// Where mails go: into files as without a mail server, since the addresses are nobody's. Not where other mails wait.
    mails: Option<Mailer>,
}

impl Stage {
    pub async fn open(config: &Config, password: Typed) -> Result<Self, StartError> {
        let now = SystemClock.now();
        let clock = Arc::new(StageClock(AtomicI64::new(0)));
        clock.forward(now - Duration::days(BEGAN + 1));
        let overheard = Arc::new(Overheard(Mutex::new(None)));
        let by: Arc<dyn Clock> = Arc::<StageClock>::clone(&clock);
        let random: Arc<dyn Random> = Arc::<Overheard>::clone(&overheard);
        let backend = serve::backend_by(config, by, random, Arc::new(StageNames)).await?;
        let waiting = backend.vitals().await?.mails_queued;
        let mails = (waiting == 0).then(|| Mailer::Files { directory: config.data_dir.join("mail") });
        Ok(Self {
            backend,
            password,
            channels: BTreeMap::new(),
            added: 0,
            stores: BTreeMap::new(),
            applications: BTreeMap::new(),
            secrets: BTreeMap::new(),
            core: None,
            clock,
            overheard,
            now,
            mails,
        })
    }

    /// It becomes this time in Korea, so many days ago.
    pub fn at(&self, days_ago: i64, hour: u8, minute: u8) {
        let day = (self.now - Duration::days(days_ago)).to_offset(KOREA).date();
        let time = Time::from_hms(hour, minute, 0).unwrap_or(Time::MIDNIGHT);
        self.clock.forward(day.with_time(time).assume_offset(KOREA));
    }

    /// It becomes so many minutes ago.
    pub fn ago(&self, minutes: i64) {
        self.clock.forward(self.now - Duration::minutes(minutes));
    }

    /// Some time passes.
    pub fn pass(&self, seconds: i64) {
        self.clock.forward(self.clock.now() + Duration::seconds(seconds));
    }

    /// Somebody logs in, as every day of work begins.
    pub async fn enter(&self, person: Person) -> backend::Result<Actor> {
        self.deliver().await?;
        let form = LoginForm { email: person.email().to_owned(), password: self.password.clone() };
        let signed_in = self.backend.log_in(form, person.caller()).await?;
        self.pass(70);
        self.backend.actor(signed_in, person.address()).await
    }

    /// Does what mails somebody a link, and answers with what may be its token.
    pub async fn overhearing(&self, what: impl Future<Output = backend::Result<()>>) -> backend::Result<Vec<Secret>> {
        self.overheard.listen();
        let done = what.await;
        let heard = self.overheard.heard();
        done.map(|()| heard)
    }

    /// Sends what is promised, as a worker would have done.
    async fn deliver(&self) -> backend::Result<()> {
        if let (Some(mailer), Some(from)) = (&self.mails, mailbox("Channel Console <no-reply@localhost.localdomain>")) {
            self.backend.deliver_mails(mailer, &from).await?;
        }
        Ok(())
    }

    /// The last mails, and the present.
    pub async fn end(&self) -> backend::Result<()> {
        self.backend.warn_of_expiring_secrets().await?;
        self.deliver().await?;
        self.clock.forward(self.now);
        Ok(())
    }
}

//! The numbers of `/metrics`, as Prometheus reads them. Every label has few values: routes as they are written, names from
//! the program; only payment cores name themselves, and they are few.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use backend::{Backend, Load, Vitals};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::{Family, MetricConstructor},
        gauge::Gauge,
        histogram::Histogram,
    },
    registry::{Registry, Unit},
};

use super::process;
use crate::listen::Counts;

type Labels = Vec<(&'static str, String)>;

/// What was asked for: a listener, a method, and a route as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct Asked {
    pub listener: &'static str,
    pub method: &'static str,
    pub route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    #[prometheus(flatten)]
    asked: Asked,
    status: u16,
}

/// Seconds; half a minute is where a request is given up.
const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

#[derive(Clone, Debug)]
struct Durations;

impl MetricConstructor<Histogram> for Durations {
    fn new_metric(&self) -> Histogram {
        Histogram::new(BUCKETS)
    }
}

/// All of them. What is counted as it happens is kept here; the rest is looked up when somebody asks.
pub struct Metrics {
    requests: Family<Answered, Counter>,
    durations: Family<Asked, Histogram, Durations>,
    looked_up: Mutex<LookedUp>,
    registry: Registry,
    pub people: Arc<Counts>,
    pub cores: Arc<Counts>,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

/// What is set anew for each look.
#[derive(Default)]
struct LookedUp {
    database_up: Gauge,
    feed_seq: Gauge,
    behind: Family<Labels, Gauge>,
    silent: Family<Labels, Gauge<f64, std::sync::atomic::AtomicU64>>,
    mails: Family<Labels, Gauge>,
    hashing: Family<Labels, Gauge>,
    pool: Family<Labels, Gauge>,
    connections: Family<Labels, Gauge>,
    accepted: Family<Labels, Counter>,
    held_back: Family<Labels, Counter>,
    turned_away: Family<Labels, Counter>,
    limiter_hits: Family<Labels, Counter>,
    resident: Gauge,
    files: Gauge,
    threads: Gauge,
}

impl Metrics {
    /// `started_at` in milliseconds since 1970.
    pub fn new(started_at: i64) -> Self {
        let mut registry = Registry::default();
        let requests = Family::default();
        let durations = Family::new_with_constructor(Durations);
        let looked_up = LookedUp::default();
        let start = Gauge::<i64>::default();
        start.set(started_at / 1000);
        let console = registry.sub_registry_with_prefix("console");
        console.register("requests", "Requests answered, by route and status", requests.clone());
        console.register_with_unit(
            "request_duration",
            "From a request's head to the head of its answer",
            Unit::Seconds,
            durations.clone(),
        );
        looked_up.register(console);
        let of_process = registry.sub_registry_with_prefix("process");
        of_process.register("resident_memory_bytes", "Memory that is resident", looked_up.resident.clone());
        of_process.register("open_fds", "Files and sockets that are open", looked_up.files.clone());
        of_process.register("threads", "Threads", looked_up.threads.clone());
        of_process.register("start_time_seconds", "When it started, since 1970", start);
        let looked_up = Mutex::new(looked_up);
        Self { requests, durations, looked_up, registry, people: Arc::default(), cores: Arc::default() }
    }

    /// Counts a request that was answered.
    pub fn request(&self, asked: Asked, status: u16, took: Duration) {
        self.durations.get_or_create(&asked).observe(took.as_secs_f64());
        self.requests.get_or_create(&Answered { asked, status }).inc();
    }

    /// Everything, as Prometheus reads it; without `vitals` the database did not tell them.
    pub fn text(&self, backend: &Backend, vitals: Option<&Vitals>) -> Option<String> {
        // Held until all is written: another look would set them anew meanwhile.
        let looked_up = self.looked_up.lock().unwrap_or_else(PoisonError::into_inner);
        looked_up.set_vitals(vitals);
        looked_up.set_load(&backend.load());
        looked_up.set_connections([("people", &self.people), ("cores", &self.cores)]);
        looked_up.set_process();
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}

impl LookedUp {
    fn register(&self, console: &mut Registry) {
        console.register("database_up", "Whether the database answered just now", self.database_up.clone());
        console.register("feed_seq", "Number of the change feed's last event", self.feed_seq.clone());
        console.register("core_node_behind", "Events a payment core has not confirmed", self.behind.clone());
        console.register_with_unit(
            "core_node_silent",
            "Since a payment core's last confirmation",
            Unit::Seconds,
            self.silent.clone(),
        );
        console.register("outbox_mails", "Mails that wait, and those given up", self.mails.clone());
        console.register("password_hashes", "Password hashes under way, waiting, and permitted", self.hashing.clone());
        console.register("database_connections", "Connections to the database, by pool", self.pool.clone());
        console.register("connections", "Connections open now, by listener", self.connections.clone());
        console.register("connections_accepted", "Connections accepted", self.accepted.clone());
        console.register(
            "connections_held_back",
            "How often whoever came next had to wait for a place",
            self.held_back.clone(),
        );
        console.register(
            "connections_turned_away",
            "Connections closed at once, since their address had enough of them",
            self.turned_away.clone(),
        );
        console.register("limiter_hits", "How often a limiter held somebody back", self.limiter_hits.clone());
    }

    fn set_vitals(&self, vitals: Option<&Vitals>) {
        self.database_up.set(i64::from(vitals.is_some()));
        self.behind.clear();
        self.silent.clear();
        self.mails.clear();
        let Some(vitals) = vitals else { return };
        self.feed_seq.set(vitals.feed_seq);
        for node in &vitals.nodes {
            let labels = vec![("core", node.core.clone()), ("node", node.name.clone())];
            self.behind.get_or_create(&labels).set(node.behind);
            #[expect(clippy::cast_precision_loss, reason = "seconds for the eye")]
            self.silent.get_or_create(&labels).set(node.silent_ms as f64 / 1000.0);
        }
        gauge(&self.mails, "state", "queued", vitals.mails_queued);
        gauge(&self.mails, "state", "abandoned", vitals.mails_abandoned);
    }

    fn set_load(&self, load: &Load) {
        for (state, count) in
            [("in_flight", load.hashing.in_flight), ("waiting", load.hashing.waiting), ("permitted", load.hashing.most)]
        {
            gauge(&self.hashing, "state", state, count as u64);
        }
        for pool in &load.pools {
            for (state, count) in [("open", pool.open), ("idle", pool.idle), ("most", pool.most)] {
                let labels = vec![("pool", pool.name.to_owned()), ("state", state.to_owned())];
                self.pool.get_or_create(&labels).set(count.into());
            }
        }
        for (name, count) in &load.limiter_hits {
            counter(&self.limiter_hits, "limiter", name, *count);
        }
    }

    fn set_connections(&self, listeners: [(&'static str, &Counts); 2]) {
        for (listener, counts) in listeners {
            gauge(&self.connections, "listener", listener, counts.now());
            counter(&self.accepted, "listener", listener, counts.accepted());
            counter(&self.held_back, "listener", listener, counts.held_back());
            counter(&self.turned_away, "listener", listener, counts.were_turned_away());
        }
    }

    fn set_process(&self) {
        let told = [
            (&self.resident, process::resident_bytes()),
            (&self.files, process::open_files()),
            (&self.threads, process::threads()),
        ];
        for (gauge, value) in told {
            gauge.set(value.map_or(0, signed));
        }
    }
}

fn gauge(family: &Family<Labels, Gauge>, label: &'static str, value: &str, count: u64) {
    family.get_or_create(&vec![(label, value.to_owned())]).set(signed(count));
}

/// Brings a counter to where what it shows is.
fn counter(family: &Family<Labels, Counter>, label: &'static str, value: &str, count: u64) {
    let counter = family.get_or_create(&vec![(label, value.to_owned())]);
    counter.inc_by(count.saturating_sub(counter.get()));
}

fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

//! The console's API, as far as a core that follows needs it.

use std::{
    io::{BufRead as _, BufReader, Read},
    time::Duration,
};

use domain::{
    id::{ChannelKey, StoreId},
    secret::Secret,
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;

use super::memory::{Channel, State, Store};

/// The longest that the console lets anybody wait.
pub const LONGEST_WAIT: u64 = 25;
/// Channels of one question.
pub const BATCH: usize = 100;

/// What went wrong, as far as it decides what to do next.
#[derive(Debug)]
pub enum Trouble {
    /// Events that would be needed are gone, or never were: begin with a snapshot.
    UseSnapshot,
    /// The console is down, or says that it cannot: try again.
    Unavailable(String),
}

impl<E: std::error::Error> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self::Unavailable(error.to_string())
    }
}

#[derive(Debug, Deserialize)]
pub struct Changes {
    pub events: Vec<Event>,
    pub next: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    #[serde(rename = "type")]
    pub kind: String,
    pub store_id: Option<StoreId>,
    pub channel_key: Option<ChannelKey>,
}

#[derive(Debug, Deserialize)]
pub struct Batch {
    pub channels: Vec<Channel>,
    pub missing: Vec<Missing>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Missing {
    pub channel_key: ChannelKey,
    #[serde(rename = "type")]
    pub kind: String,
}

#[derive(Debug, Deserialize)]
struct Begin {
    seq: i64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Line {
    Snapshot(Begin),
    Store(Store),
    Channel(Box<Channel>),
    #[serde(untagged)]
    Other(Value),
}

pub struct Console {
    url: String,
    token: Secret,
    node: String,
    agent: ureq::Agent,
}

impl Console {
    pub fn new(url: &str, token: Secret, node: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(Duration::from_secs(2)))
            .timeout_recv_response(Some(Duration::from_secs(LONGEST_WAIT + 10)))
            .build();
        Self { url: url.trim_end_matches('/').to_owned(), token, node: node.to_owned(), agent: config.into() }
    }

    /// Everything there is, with the number to follow from. Half of it is nothing: the last line must have come.
    pub fn snapshot(&self) -> Result<State, Trouble> {
        let mut state = State::default();
        let mut lines = BufReader::new(self.get("/core/v1/snapshot")?).lines();
        let first = lines.next().ok_or_else(|| Trouble::Unavailable("an empty snapshot".into()))??;
        let Line::Snapshot(Begin { seq }) = serde_json::from_str(&first)? else {
            return Err(Trouble::Unavailable("a snapshot begins otherwise".into()));
        };
        for line in lines {
            match serde_json::from_str(&line?)? {
                Line::Store(store) => state.put_store(store),
                Line::Channel(channel) => state.put(*channel),
                Line::Other(other) if other.get("end").is_some() => {
                    state.seq = Some(seq);
                    return Ok(state);
                }
                // A channel that the console itself cannot read, or something newer than this core.
                Line::Snapshot(_) | Line::Other(_) => {}
            }
        }
        Err(Trouble::Unavailable("half a snapshot".into()))
    }

    /// What came after an event; waits for something to come.
    pub fn changes(&self, after: i64, wait: u64) -> Result<Changes, Trouble> {
        json(self.get(&format!("/core/v1/changes?after={after}&wait={wait}"))?)
    }

    /// Channels as they are now.
    pub fn channels(&self, keys: &[ChannelKey]) -> Result<Batch, Trouble> {
        let keys: Vec<Value> = keys.iter().map(|key| serde_json::json!({ "channelKey": key })).collect();
        json(self.post("/core/v1/channels:batchGet", &serde_json::json!({ "channels": keys }))?)
    }

    /// A store, if it is within reach.
    pub fn store(&self, store: StoreId) -> Result<Store, Trouble> {
        #[derive(Deserialize)]
        struct Answer {
            store: Store,
        }
        Ok(json::<Answer>(self.get(&format!("/core/v1/stores/{store}"))?)?.store)
    }

    /// Tells the console how far this core is.
    pub fn ack(&self, seq: i64) -> Result<(), Trouble> {
        self.post("/core/v1/ack", &serde_json::json!({ "node": self.node, "seq": seq })).map(|_| ())
    }

    fn get(&self, path: &str) -> Result<impl Read + use<>, Trouble> {
        let request = self.agent.get(format!("{}{path}", self.url));
        let request = request.header("authorization", format!("Bearer {}", self.token.expose()));
        answer(request.header("core-node", &self.node).call()?)
    }

    fn post(&self, path: &str, body: &Value) -> Result<impl Read + use<>, Trouble> {
        let request = self.agent.post(format!("{}{path}", self.url));
        let request = request.header("authorization", format!("Bearer {}", self.token.expose()));
        answer(request.header("core-node", &self.node).send(body.to_string())?)
    }
}

fn json<T: DeserializeOwned>(body: impl Read) -> Result<T, Trouble> {
    Ok(serde_json::from_reader(body)?)
}

/// The body of an answer that is one.
fn answer(answer: ureq::http::Response<ureq::Body>) -> Result<impl Read + use<>, Trouble> {
    let status = answer.status().as_u16();
    // However long a snapshot is.
    let mut body = answer.into_body().into_with_config().limit(u64::MAX).reader();
    if (200..300).contains(&status) {
        return Ok(body);
    }
    let mut text = String::new();
    body.by_ref().take(4096).read_to_string(&mut text)?;
    // 410: the events are gone. 400 to `changes` means that this console never had them: it was restored from a backup.
    if status == 410 || (status == 400 && text.contains("AFTER_BEYOND")) {
        return Err(Trouble::UseSnapshot);
    }
    Err(Trouble::Unavailable(format!("{status} {text}")))
}

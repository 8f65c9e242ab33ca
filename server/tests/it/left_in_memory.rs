//! What is left of secrets in the memory of a console that took them, sealed them and handed them out, once it is done.
//! Read from outside, as whoever becomes root can; nobody else can (`starting.rs`).

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{self, BufRead as _, Read as _, Seek as _, SeekFrom},
    net::SocketAddr,
    thread::sleep,
    time::Duration,
};

use serde_json::{Value, json};

use crate::{
    programs::Program,
    support::{PASSWORD, a_console, times},
    surviving::{an_api_secret, blocking},
};

/// With this every secret of a channel begins here, so that pieces of one are found as well.
const MARK: &str = "Qcanary";
/// What the program is told by its environment and keeps: who looks must find it.
const KEPT: &str = "Zconsole@kept-in-memory.example";

/// How often what is kept for payment cores may be there.
const KEPT_TIMES: usize = 2;

/// Something that must not be there, or must; its name for whoever reads the failure.
struct Needle {
    name: String,
    bytes: Vec<u8>,
}

fn needle(name: &str, text: &str) -> Needle {
    Needle { name: name.to_owned(), bytes: text.as_bytes().to_vec() }
}

/// Where something was found, with what stands around it.
struct Found {
    name: String,
    region: String,
    around: String,
}

/// Looks at every writable byte of a process. `None` where the system lets nobody look.
fn look(pid: u32, needles: &[Needle]) -> Option<Vec<Found>> {
    const PART: usize = 1 << 20;
    /// Longer than any needle: what lies across two parts is found in the second.
    const OVERLAP: usize = 256;
    let mut memory = File::open(format!("/proc/{pid}/mem")).ok()?;
    let maps = std::fs::read_to_string(format!("/proc/{pid}/maps")).ok()?;
    let mut found = Vec::new();
    let mut part = vec![0; OVERLAP + PART];
    for line in maps.lines().filter(|line| line.split(' ').nth(1).is_some_and(|may| may.starts_with("rw"))) {
        let (from, to) = line.split(' ').next().and_then(|range| range.split_once('-')).expect("a range");
        let [from, to] = [from, to].map(|address| u64::from_str_radix(address, 16).expect("an address"));
        let region = line.split_whitespace().nth(5).unwrap_or("anonymous");
        memory.seek(SeekFrom::Start(from)).expect("an address");
        let mut left = usize::try_from(to - from).expect("it fits");
        part[..OVERLAP].fill(0);
        while left > 0 {
            let count = left.min(PART);
            if let Err(error) = memory.read_exact(&mut part[OVERLAP..OVERLAP + count]) {
                // Taken back meanwhile, or a device's.
                assert_ne!(error.kind(), io::ErrorKind::PermissionDenied);
                break;
            }
            for needle in needles {
                for at in places(&part[..OVERLAP + count], &needle.bytes) {
                    // What ends within the overlap was found in the part before.
                    if at + needle.bytes.len() > OVERLAP {
                        let around = &part[at.saturating_sub(64)..(at + 64).min(OVERLAP + count)];
                        let around = around.iter().fold(String::new(), |mut text, byte| {
                            let _ = write!(text, "{}", if byte.is_ascii_graphic() { char::from(*byte) } else { '.' });
                            text
                        });
                        found.push(Found { name: needle.name.clone(), region: region.to_owned(), around });
                    }
                }
            }
            part.copy_within(count..count + OVERLAP, 0);
            left -= count;
        }
    }
    Some(found)
}

/// Where `needle` begins in `bytes`. Most of memory is skipped by the library's own search for a byte.
fn places(bytes: &[u8], needle: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let skipped = rest.skip_until(needle[0]).expect("it is memory");
        let begin = bytes.len() - rest.len() - usize::from(skipped > 0);
        if bytes[begin..].starts_with(needle) {
            places.push(begin);
        }
    }
    places
}

/// A merchant's server, its payment core and its owner's browser.
struct World {
    people: SocketAddr,
    cores: SocketAddr,
    secret: String,
    token: String,
    cookie: String,
}

impl World {
    fn secret_of(number: usize) -> String {
        // Its letters are nobody else's and not those of its neighbour.
        format!("{MARK}{:016x}", (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// A channel is added by the API or by the page's form, each with a secret of its own; its key.
    fn add(&self, agent: &ureq::Agent, number: usize) -> String {
        let (secret, mid) = (Self::secret_of(number), format!("ks{number:05}"));
        if number.is_multiple_of(2) {
            let body = json!({
                "mode": "live", "module": "ksnet", "name": mid, "purpose": "payment", "mid": mid,
                "fields": {"api_key": secret},
            });
            let answer = self.by_api(agent, "/rest/v2/channels", &body.to_string());
            return answer["channel"]["channelKey"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned();
        }
        let form = format!(
            "about[mode]=live&about[provider]=ksnet&about[module]=ksnet&about[request_key]=request-{number:08}\
             &form[name]={mid}&form[purpose]=payment&form[mid]={mid}&form[fields][api_key]={secret}&form[tax]=none"
        );
        let answer = self.post(agent, "/api/channels/add", &form);
        let to = answer.headers().get("location").and_then(|to| to.to_str().ok()).unwrap_or_default();
        let key = to.split('/').next_back().and_then(|last| last.split('?').next()).unwrap_or_default();
        assert!(key.starts_with("channel-key-"), "{to}");
        key.to_owned()
    }

    /// As often as it is told to come later.
    fn by_api(&self, agent: &ureq::Agent, path: &str, body: &str) -> Value {
        loop {
            let asked = agent
                .post(format!("http://{}{path}", self.people))
                .header("authorization", format!("PortOne {}", self.secret))
                .header("content-type", "application/json")
                .send(body);
            let mut answer = asked.expect("answered");
            if answer.status().as_u16() != 429 {
                let text = answer.body_mut().read_to_string().expect("text");
                return serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"));
            }
            sleep(Duration::from_millis(200));
        }
    }

    fn read(&self, agent: &ureq::Agent, key: &str) -> String {
        let read = agent
            .get(format!("http://{}/core/v1/channels/{key}", self.cores))
            .header("authorization", format!("Bearer {}", self.token))
            .call();
        read.expect("answered").body_mut().read_to_string().expect("text")
    }

    fn post(&self, agent: &ureq::Agent, path: &str, form: &str) -> ureq::http::Response<ureq::Body> {
        let origin = format!("http://{}", self.people);
        let request = agent
            .post(format!("{origin}{path}"))
            .header("origin", origin)
            .header("accept", "text/html")
            .header("cookie", &self.cookie)
            .header("content-type", "application/x-www-form-urlencoded");
        request.send(form).expect("answered")
    }

    /// The session's cookie.
    fn log_in(&self, agent: &ureq::Agent) -> String {
        let login = format!("form[email]=kim%40example.com&form[password]={PASSWORD}&next=");
        let answer = self.post(agent, "/api/accounts/log-in", &login);
        let mut cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let session = cookies.find(|cookie| cookie.starts_with("sid=")).expect("a session");
        session.split(';').next().expect("a cookie").to_owned()
    }

    /// Everything that they know and the console was shown.
    fn needles(&self) -> Vec<Needle> {
        vec![
            needle("a channel's secret", MARK),
            needle("the API secret", &self.secret["chv2_".len() + 12..]),
            needle("the core's token", &self.token["core_".len() + 12..]),
            needle("the session", self.cookie.trim_start_matches("sid=")),
            needle("the password", PASSWORD),
            needle("what is kept", KEPT),
        ]
    }
}

/// How often each is found when nothing is under way any more.
fn left(program: &Program, world: &World) -> Option<(BTreeMap<String, usize>, String)> {
    // Five seconds are asked for; connections are over sooner.
    sleep(Duration::from_secs(if times("CONSOLE_TEST_WRITES", 60) < 1000 { 2 } else { 5 }));
    let (kept, left): (Vec<Found>, Vec<Found>) =
        look(program.pid(), &world.needles())?.into_iter().partition(|one| one.name == "what is kept");
    assert!(!kept.is_empty(), "whoever looks sees what is there");
    let mut counts = BTreeMap::new();
    for one in &left {
        *counts.entry(one.name.clone()).or_default() += 1;
    }
    let shown: Vec<String> =
        left.iter().take(20).map(|one| format!("{} in {}: {}", one.name, one.region, one.around)).collect();
    Some((counts, format!("\n{}", shown.join("\n"))))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_is_left_in_memory_when_the_console_is_done_with_it() {
    let console = a_console().await;
    let owner = console.an_owner().await;
    let secret = an_api_secret(&console, &owner).await;
    let token = console.backend.create_core_token("core").await.expect("a token").token.expose().to_owned();
    let dir = console.closed().await;
    blocking(move || {
        let [people, cores] = Program::addresses();
        let program = Program::start_with(dir.path(), [people, cores], None, &[("CONSOLE_MAIL_FROM", KEPT)]);
        let mut world = World { people, cores, secret, token, cookie: owner.cookie };
        let agent = || -> ureq::Agent {
            let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
            config.timeout_global(Some(Duration::from_secs(30))).build().into()
        };
        let writes = times("CONSOLE_TEST_WRITES", 60);
        let keys: Vec<String> = {
            let server = agent();
            world.cookie = world.log_in(&server);
            (0..writes).map(|number| world.add(&server, number)).collect()
        };
        let Some((after_writing, shown)) = left(&program, &world) else {
            return eprintln!("not told: the system lets nobody look into another program's memory");
        };
        assert_eq!(after_writing, BTreeMap::new(), "after {writes} writes{shown}");

        // What a payment core has read is kept for the next payment, of some 16,000 channels at the most; nothing of what
        // it came by.
        {
            let core = agent();
            for (number, key) in keys.iter().enumerate() {
                let read = world.read(&core, key);
                assert!(read.contains(&World::secret_of(number)), "{read}");
            }
        }
        let (after_reading, shown) = left(&program, &world).expect("as before");
        let of_channels = after_reading.get("a channel's secret").copied().unwrap_or_default();
        println!("after {writes} writes no secret is left in memory; after as many reads {after_reading:?}");
        assert!(of_channels <= KEPT_TIMES * writes && after_reading.len() <= 1, "{after_reading:?}{shown}");

        // And when the channel changes it goes.
        {
            let server = agent();
            for key in &keys {
                world.by_api(&server, &format!("/rest/v2/channels/{key}/pause"), "");
            }
            assert!(world.read(&server, "channel-key-00000000-0000-4000-8000-000000000000").contains("NOT_FOUND"));
        }
        let (after_changing, shown) = left(&program, &world).expect("as before");
        assert_eq!(after_changing, BTreeMap::new(), "after {writes} changes{shown}");
    })
    .await;
}

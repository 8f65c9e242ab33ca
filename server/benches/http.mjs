// Loads a release console over HTTP and prints what it bears: the console on one core, the load (wrk) on another.
//   node server/benches/http.mjs [sqlite|postgres] [channels] [what ...]
// `postgres` is an empty database at CONSOLE_TEST_POSTGRES_URL; `what` is create, list, search, channel, resolve-v1,
// resolve-v2, change, faults.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const PROGRAM = process.env.CONSOLE_BIN ?? join(HERE, "../../target/release/channel-console");
// `cargo build --workspace --example payment_core` builds it.
const CORE = process.env.CORE_BIN ?? join(HERE, "../../target/debug/examples/payment_core");
const [kind = "sqlite", wanted = "100000", ...only] = process.argv.slice(2);
const CHANNELS = Number(wanted);
const MERCHANTS = Math.min(10, Math.ceil(CHANNELS / 1000));
const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const RUNS = 3;
const SECRETS = 4;
const CONNECTIONS = 16;
const CHANGES = 200;
const FAULTS = 5;
const PEOPLE = "http://127.0.0.1:3900";
const CORES = "http://127.0.0.1:3901";
const folder = mkdtempSync(join(tmpdir(), "console-bench-"));
const environment = {
  ...process.env,
  CONSOLE_ADDR: "127.0.0.1:3900", CONSOLE_CORE_ADDR: "127.0.0.1:3901", CONSOLE_PUBLIC_URL: PEOPLE,
  CONSOLE_DATA_DIR: join(folder, "data"), CONSOLE_TRUSTED_PROXIES: "127.0.0.1", CONSOLE_LOG: "warn",
  ...(kind === "sqlite" ? {} : { CONSOLE_DATABASE_URL: process.env.CONSOLE_TEST_POSTGRES_URL }),
};

let program;
async function start() {
  const began = performance.now();
  program = spawn("taskset", ["-c", "0", PROGRAM, "serve"], { env: environment, stdio: "inherit" });
  while (!(await fetch(`${CORES}/core/v1/resolve`).then(() => true, () => false))) await pause(5);
  return performance.now() - began;
}
async function stop(signal = "SIGTERM") {
  const gone = new Promise((resolve) => program.once("exit", resolve));
  program.kill(signal);
  await gone;
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Anonymous memory of the console, in MB. */
function memory() {
  const status = readFileSync(`/proc/${program.pid}/status`, "utf8");
  return Number(/RssAnon:\s+(\d+)/.exec(status)[1]) / 1024;
}

/** A file for wrk. */
function script(requests) {
  const file = join(folder, "load.lua");
  writeFileSync(file, `${requests}\nfunction done(s, l, r) io.write(string.format("\\nRESULT %f %f %d %d\\n",
    s.requests / (s.duration / 1e6), l:percentile(99) / 1000, s.requests,
    s.errors.status + s.errors.connect + s.errors.read + s.errors.write + s.errors.timeout)) end\n`);
  return file;
}

/** One run of wrk: requests per second and milliseconds at the 99th percentile. */
function wrk(url, requests, seconds = SECONDS) {
  const args = ["-c", "1", "wrk", "-t1", `-c${CONNECTIONS}`, `-d${seconds}s`, "-s", script(requests), url];
  const out = execFileSync("taskset", args, { encoding: "utf8", maxBuffer: 1 << 26 });
  const [rate, p99, made, errors] = /RESULT (\S+) (\S+) (\d+) (\d+)/.exec(out).slice(1).map(Number);
  return { rate, p99, made, errors };
}
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

const rows = [];
function note(what, runs) {
  const row = { what, rate: median(runs.map((r) => r.rate)), p99: median(runs.map((r) => r.p99)), errors: Math.max(...runs.map((r) => r.errors)) };
  rows.push(`| ${row.what} | ${Math.round(row.rate).toLocaleString("en")} /s | ${row.p99.toFixed(2)} ms | ${row.errors} |`);
  console.log(rows.at(-1));
}

class Visitor {
  cookies = new Map();
  client = `198.18.${Math.floor(Math.random() * 255)}.${Math.floor(Math.random() * 255)}`;
  async post(path, form) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const answer = await fetch(PEOPLE + path, {
      method: "POST", body: new URLSearchParams(form), redirect: "manual",
      headers: { accept: "text/html", origin: PEOPLE, referer: `${PEOPLE}/`, cookie, "x-forwarded-for": this.client },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      this.cookies.set(name, value);
    }
    return answer;
  }
}

/** Who is logged in, a merchant each. */
const people = [];

/** A merchant with V2 API secrets: one may call 100 times a second. */
async function merchant(number) {
  const visitor = new Visitor();
  const [email, password] = [`bench-${number}@merchant.example`, "wide-lamp-eleven-rivers"];
  await visitor.post("/api/accounts/sign-up", {
    "form[email]": email, "form[password]": password, "form[password_again]": password, "form[terms]": "on", "form[privacy]": "on",
  });
  const mails = join(folder, "data/mail");
  let token;
  while (!token) {
    await pause(50);
    const names = (() => { try { return readdirSync(mails); } catch { return []; } })();
    const mail = names.filter((name) => name.endsWith(".eml")).map((name) => readFileSync(join(mails, name), "utf8"))
      .find((text) => text.includes(`To: ${email}`));
    token = mail && /\/verify-email\?token=(\S+)/.exec(mail)?.[1];
  }
  await visitor.post("/api/accounts/verify", { token });
  await visitor.post("/api/accounts/log-in", { "form[email]": email, "form[password]": password, next: "" });
  people.push(visitor);
  const secrets = [];
  for (let n = 0; n < SECRETS; n += 1) {
    const page = await visitor.post("/integration/keys/v2/new", {
      name: `bench ${n}`, expiry: "365", channels_read: "on", channels_write: "on", payments: "on", request_key: `bench-issue-${number}-000${n}`,
    });
    const secret = /<code id="secret">([^<]+)/.exec(await page.text())?.[1];
    if (!secret) throw new Error("no secret was shown");
    secrets.push(secret);
  }
  return secrets;
}

const CREATE = (secrets, prefix) => `
local secrets = { ${secrets.map((secret) => `"${secret}"`).join(", ")} }
local n = 0
function request()
  n = n + 1
  local body = string.format('{"mode":"live","module":"smartro_v2","purpose":"payment","name":"${prefix}-%d","mid":"m%dm","uses":[],"tax":"none","fields":{"merchant_key":"key-%d-0123456789abcdef","cancel_password":"123456"}}', n, n, n)
  return wrk.format("POST", "/rest/v2/channels", { ["Content-Type"] = "application/json", ["Authorization"] = "PortOne " .. secrets[n % #secrets + 1] }, body)
end`;

const READ = (paths, token) => `
local paths = {}
for line in io.lines("${paths}") do paths[#paths + 1] = line end
local n = 0
function request()
  n = n % #paths + 1
  return wrk.format("GET", paths[n], { ["Authorization"] = "Bearer ${token}" })
end`;

/** Pages as a browser of a member asks for them. */
const PAGES = (paths, visitor) => `
local paths = {}
for line in io.lines("${paths}") do paths[#paths + 1] = line end
local n = 0
function request()
  n = n % #paths + 1
  return wrk.format("GET", paths[n], { ["Accept"] = "text/html", ["Cookie"] = "${[...visitor.cookies].map(([name, value]) => `${name}=${value}`).join("; ")}" })
end`;

/** Three to five letters out of the middle of names and MIDs, and what gateways are called. */
function parts(channels) {
  const some = shuffled(channels).slice(0, 180).map(({ mid, name }, n) => {
    const text = n % 2 ? mid : name;
    const from = Math.floor(Math.random() * Math.max(1, text.length - 4));
    return text.slice(from, from + 3 + (n % 3));
  });
  return [...some, ...Array.from({ length: 20 }, (_, n) => ["스마트", "마트로", "ㅅㅁㅌㄹ", "timed", "fill"][n % 5])];
}

async function everyChannel(secrets) {
  const channels = [];
  let cursor = "";
  for (let page = 0; page === 0 || cursor; page += 1) {
    const secret = secrets[page % secrets.length];
    const answer = await fetch(`${PEOPLE}/rest/v2/channels?mode=live&limit=100${cursor && `&cursor=${cursor}`}`, { headers: { authorization: `PortOne ${secret}`, connection: "close" } });
    const body = await answer.json();
    const items = body.channels;
    if (!items) throw new Error(JSON.stringify(body));
    channels.push(...items.map(({ channelKey, mid, name, storeId }) => ({ channelKey, mid, name, storeId })));
    cursor = body.cursor ?? "";
  }
  return channels;
}

const shuffled = (list) => list.map((item) => [Math.random(), item]).sort(([a], [b]) => a - b).map(([, item]) => item);
const does = (what) => only.length === 0 || only.includes(what);

try {
  await start();
  const merchants = [];
  for (let n = 0; n < MERCHANTS; n += 1) merchants.push(await merchant(n));
  const secrets = merchants.flat();
  const token = execFileSync(PROGRAM, ["core-token", "create", "--name", "bench"], { env: environment, encoding: "utf8" }).match(/core_\S+/)[0];

  if (does("create")) {
    if (kind === "postgres") {
      // What autovacuum does within a minute: plans for an empty database are not those for one that is used.
      wrk(PEOPLE, CREATE(secrets, "first"), 1);
      execFileSync("psql", [environment.CONSOLE_DATABASE_URL, "-qc", "ANALYZE"]);
    }
    const runs = [0, 1, 2].map((run) => wrk(PEOPLE, CREATE(secrets, `timed-${run}`)));
    note("durable create, 16 writers", runs);
  }
  const count = async () => await Promise.all(merchants.map(everyChannel));
  let found = await count();
  for (let round = 0; found.flat().length < CHANNELS; round += 1) {
    const rate = Math.max(wrk(PEOPLE, CREATE(secrets, `fill-${round}`), 3).rate, 50);
    const left = CHANNELS - found.flat().length;
    if (left > 0) wrk(PEOPLE, CREATE(secrets, `more-${round}`), Math.max(1, Math.ceil((left / rate) * 1.02)));
    found = await count();
    console.log(`${found.flat().length} channels`);
  }
  const impCodes = [];
  for (const n of merchants.keys()) {
    const answer = await fetch(`${CORES}/core/v1/channels/${found[n][0].channelKey}`, { headers: { authorization: `Bearer ${token}` } });
    impCodes.push((await answer.json()).channel.impCode);
  }
  const all = shuffled(found.flatMap((channels, n) => channels.map((channel) => ({ ...channel, impCode: impCodes[n] }))));
  const paths = (name, list) => { const file = join(folder, name); writeFileSync(file, list.join("\n")); return file; };
  const byKey = (channels) => channels.map(({ channelKey }) => `/core/v1/channels/${channelKey}`);
  const byPg = (channels) => channels.map(({ impCode, mid }) => `/core/v1/resolve?impCode=${impCode}&pg=smartro_v2.${mid}&mode=live`);
  const byStore = (channels) => channels.map(({ storeId, channelKey }) => `/core/v1/resolve?storeId=${storeId}&channelKey=${channelKey}`);
  const probe = await fetch(CORES + byPg(all)[0], { headers: { authorization: `Bearer ${token}` } });
  if (probe.status !== 200) throw new Error(`${byPg(all)[0]}: ${await probe.text()}`);

  for (const [what, list] of [
    ["list", Array.from({ length: 50 }, (_, n) => `/integration/channels?mode=live&page=${n + 1}`)],
    ["search", parts(found[0]).map((part) => `/search?q=${encodeURIComponent(part)}`)],
  ]) {
    if (!does(what)) continue;
    const file = paths(`${what}-pages`, shuffled(list));
    wrk(PEOPLE, PAGES(file, people[0]), 2);
    note(`${what}, ${found[0].length} channels in the merchant`, Array.from({ length: RUNS }, () => wrk(PEOPLE, PAGES(file, people[0]))));
  }
  for (const [what, list] of [["channel", byKey], ["resolve-v1", byPg], ["resolve-v2", byStore]]) {
    if (!does(what)) continue;
    const first = paths(`${what}-all`, list(all));
    const runs = [];
    for (let run = 0; run < RUNS; run += 1) {
      // Every key once: nothing that was read before is read again.
      await stop();
      await start();
      const seconds = Math.max(1, Math.min(SECONDS, Math.floor(all.length / 25_000)));
      runs.push(wrk(CORES, READ(first, token), seconds));
    }
    note(`${what}, first reads`, runs);
    const again = paths(`${what}-1000`, list(all.slice(0, 1000)));
    wrk(CORES, READ(again, token), 2);
    note(`${what}, read before`, Array.from({ length: RUNS }, () => wrk(CORES, READ(again, token))));
  }
  if (does("change")) {
    // The other end of the feed: asks for what comes next, and says when it came.
    const bearer = { authorization: `Bearer ${token}` };
    let after = (await (await fetch(`${CORES}/core/v1/changes?after=0&wait=0`, { headers: bearer })).json()).next ?? 0;
    for (let more = true; more;) {
      const answer = await (await fetch(`${CORES}/core/v1/changes?after=${after}&wait=0`, { headers: bearer })).json();
      more = answer.events.length > 0;
      after = answer.next;
    }
    const times = [];
    for (let change = 0; change < CHANGES; change += 1) {
      const { channelKey } = all[change];
      const verb = change % 2 === 0 ? "pause" : "resume";
      const key = change % 2 === 0 ? channelKey : all[change - 1].channelKey;
      const owner = secrets.at(SECRETS * merchants.findIndex((_, n) => found[n].some((channel) => channel.channelKey === key)));
      const polled = fetch(`${CORES}/core/v1/changes?after=${after}&wait=25`, { headers: bearer }).then(async (answer) => {
        const { events, next } = await answer.json();
        const [event] = events;
        const read = await fetch(`${CORES}/core/v1/channels/${event.channelKey}`, { headers: bearer });
        return { next, seen: (await read.json()).channel.status, at: performance.now() };
      });
      await pause(5);
      const began = performance.now();
      const changed = await fetch(`${PEOPLE}/rest/v2/channels/${key}/${verb}`, { method: "POST", headers: { authorization: `PortOne ${owner}` } });
      if (changed.status !== 200) throw new Error(`${verb}: ${changed.status} ${await changed.text()}`);
      const answer = await polled;
      if (answer.seen !== (verb === "pause" ? "paused" : "active")) throw new Error("a core read an older state");
      after = answer.next;
      times.push(answer.at - began);
    }
    times.sort((a, b) => a - b);
    console.log(`| change until a core has read it, ${CHANGES} times | median ${median(times).toFixed(1)} ms | ${times[Math.floor(CHANGES * 0.99)].toFixed(1)} ms | |`);
  }
  if (does("faults")) {
    // The reference core follows; the console is killed while it writes, and started again.
    const core = spawn(CORE, [CORES, "127.0.0.1:3902", join(folder, "core.snapshot"), "bench"], {
      env: { ...process.env, CORE_TOKEN: token, CORE_KEY: "ab".repeat(32) }, stdio: "ignore",
    });
    const bearer = { authorization: `Bearer ${token}`, connection: "close" };
    const followed = () => fetch("http://127.0.0.1:3902/seq").then((answer) => answer.json(), () => null);
    const caughtUp = async () => {
      const began = performance.now();
      let head = (await followed()) ?? 0;
      for (let more = true; more;) {
        const answer = await (await fetch(`${CORES}/core/v1/changes?after=${head}&wait=0`, { headers: bearer })).json();
        more = answer.events?.length > 0;
        head = answer.next ?? Infinity;
      }
      while (((await followed()) ?? -1) < head && Number.isFinite(head)) await pause(10);
      return performance.now() - began;
    };
    while ((await followed()) === null) {
      if (core.exitCode !== null) throw new Error(`the reference core has ended: ${CORE}`);
      await pause(50);
    }
    await caughtUp();
    const note = (what, times) =>
      console.log(`| ${what}, ${FAULTS} times | median ${Math.round(median(times))} ms | worst ${Math.round(Math.max(...times))} ms | |`);
    const [ready, converged, back] = [[], [], []];
    for (let round = 0; round < FAULTS; round += 1) {
      const file = script(CREATE(secrets, `fault-${round}`));
      const load = spawn("taskset", ["-c", "1", "wrk", "-t1", `-c${CONNECTIONS}`, "-d1s", "-s", file, PEOPLE], { stdio: "ignore" });
      await pause(600);
      await stop("SIGKILL");
      await new Promise((resolve) => load.once("exit", resolve));
      const began = performance.now();
      ready.push(await start());
      await caughtUp();
      converged.push(performance.now() - began);
    }
    note("killed under load, start to first answer", ready);
    note("killed under load, start until a core has everything", converged);
    if (kind === "postgres") {
      const restart = join(decodeURIComponent(/host=([^&]+)/.exec(environment.CONSOLE_DATABASE_URL)[1]), "restart");
      const read = (n) => fetch(CORES + byKey(all)[n], { headers: bearer }).then((answer) => answer.ok, () => false);
      for (let round = 0; round < FAULTS; round += 1) {
        execFileSync("bash", [restart]);
        const began = performance.now();
        while (!(await read(round))) await pause(10);
        back.push(performance.now() - began);
      }
      note("database killed and started, until a channel is read", back);
    }
    core.kill("SIGTERM");
  }
  await stop();
  const starts = [];
  for (let run = 0; run < RUNS; run += 1) {
    starts.push(await start());
    if (run < RUNS - 1) await stop();
  }
  wrk(CORES, READ(paths("memory", byKey(all)), token), 5);
  console.log(`| start to first answer, ${all.length} channels | ${Math.round(median(starts))} ms | | |`);
  console.log(`| anonymous memory after reading them | ${memory().toFixed(1)} MB | | |`);
} finally {
  program?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}

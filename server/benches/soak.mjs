// Asks a console for everything in turn, 30 times a second, for half an hour, and looks whether it grows: memory, open files.
// Every answer must be the one that is expected. Of less than ten minutes nothing is said about growing.
//   CONSOLE_BIN=… node server/benches/soak.mjs [minutes] [requests a second]
import http from "node:http";
import { pause, quantile, startConsole } from "./console.mjs";
import { newMerchant } from "./merchant.mjs";

const [MINUTES, RATE] = [Number(process.argv[2] ?? 30), Number(process.argv[3] ?? 30)];
const CHANNELS = 100;
const EVERY = Math.min(10_000, (MINUTES * 60_000) / 12);
/** MB in ten minutes. */
const MOST = 1;
const console_ = await startConsole();
const agents = [console_.port, console_.corePort].map(() => new http.Agent({ keepAlive: true, maxSockets: 4 }));

function asked(port, method, path, headers, body) {
  const text = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const request = http.request({
      host: "127.0.0.1", port, path, method, agent: agents[port === console_.port ? 0 : 1],
      headers: { ...headers, ...(text ? { "content-type": "application/json", "content-length": Buffer.byteLength(text) } : {}) },
    }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode, ms: performance.now() - since, text: Buffer.concat(parts).toString() }));
    });
    // A connection that was closed after a minute of silence, as when everything here stood still: asked again.
    request.on("error", (error) =>
      (request.reusedSocket && error.code === "ECONNRESET" ? resolve(asked(port, method, path, headers, body)) : reject(error)));
    request.end(text);
  });
}

/** Growth in ten minutes, by least squares. */
function slope(samples, of) {
  const [times, values] = [samples.map(({ at }) => at / 600), samples.map(of)];
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [time, value] = [mean(times), mean(values)];
  const above = times.reduce((sum, at, n) => sum + (at - time) * (values[n] - value), 0);
  return above / times.reduce((sum, at) => sum + (at - time) ** 2, 0);
}

try {
  const merchant = await newMerchant(console_, "soak");
  const secret = await merchant.issueSecret();
  const server = { authorization: `PortOne ${secret}` };
  const core = { authorization: `Bearer ${console_.run("core-token", "create", "--name", "soak").match(/core_\S+/)[0]}` };
  const channels = [];
  const create = (n) => asked(console_.port, "POST", "/rest/v2/channels", server, {
    mode: "live", module: "smartro_v2", purpose: "payment", name: `soak ${n}`, mid: `m${n}m`, uses: [], tax: "none",
    fields: { merchant_key: `key-${n}-0123456789abcdef`, cancel_password: "123456" },
  });
  for (let n = 0; n < CHANNELS; n += 1) {
    const answer = await create(n);
    if (answer.status !== 201) throw new Error(`create: ${answer.status} ${answer.text}`);
    channels.push(JSON.parse(answer.text).channel.channelKey);
  }
  const first = await asked(console_.corePort, "GET", `/core/v1/channels/${channels[0]}`, core);
  const { impCode, storeId } = JSON.parse(first.text).channel;
  let seen = JSON.parse((await asked(console_.corePort, "GET", "/core/v1/changes?after=0&wait=0", core)).text).next;

  let turn = 0;
  const some = () => channels[(turn * 7) % channels.length];
  const page = (path) => merchant.ask(path).then(({ status }) => ({ status }));
  const change = () => {
    // Each is paused and, as often, resumed.
    const half = Math.floor(turn / RATE) % (2 * channels.length - 2);
    const verb = half % 2 === 0 ? "pause" : "resume";
    return asked(console_.port, "POST", `/rest/v2/channels/${channels[Math.floor(half / 2)]}/${verb}`, server);
  };
  const second = (every, work, otherwise) => () => (Math.floor(turn / RATE) % every === 0 ? work() : otherwise());
  const read = () => asked(console_.corePort, "GET", `/core/v1/channels/${some()}`, core);
  const resolve = () => asked(console_.corePort, "GET", `/core/v1/resolve?storeId=${storeId}&channelKey=${channels.at(-1)}`, core);
  const byPg = () => asked(console_.corePort, "GET", `/core/v1/resolve?impCode=${impCode}&pg=smartro_v2.m${CHANNELS - 1}m&mode=live`, core);
  const verify = () => asked(console_.corePort, "POST", "/core/v1/credentials:verify", core, { apiSecret: secret });
  const follow = async () => {
    const answer = await asked(console_.corePort, "GET", `/core/v1/changes?after=${seen}&wait=0`, core);
    seen = JSON.parse(answer.text).next;
    return answer;
  };
  const list = () => page(`/integration/channels?mode=live&page=${1 + (turn % 5)}`);
  const added = { count: CHANNELS };
  // A second of it; the last channel stays active, since payments ask for it.
  const mix = [
    read, list, read, resolve, read, verify, () => page("/audit"), read, byPg, follow,
    () => asked(console_.port, "GET", "/rest/v2/channels?limit=20", server), read, () => page(`/integration/channels/${some()}`), read, resolve,
    second(5, () => create((added.count += 1)), read), read, list, verify, () => page("/search?q=soak"),
    change, read, () => page("/login"), byPg, () => page("/"), follow, read, second(10, () => merchant.logIn(), read),
    () => asked(console_.corePort, "GET", "/metrics", {}), () => asked(console_.corePort, "POST", "/core/v1/ack", core, { node: "soak", seq: seen }),
  ];
  const statuses = new Map();
  const took = [];
  const samples = [];
  const refused = [];
  const began = performance.now();
  const end = began + MINUTES * 60_000;
  let under = 0;
  let isOver = false;
  // One that waits for changes all the time.
  const waiting = (async () => {
    for (let after = seen; !isOver;) {
      const answer = await asked(console_.corePort, "GET", `/core/v1/changes?after=${after}&wait=5`, core);
      after = JSON.parse(answer.text).next;
    }
  })();
  const look = () => samples.push({ at: (performance.now() - began) / 1000, all: console_.memory(), own: console_.memory("RssAnon"), files: console_.openFiles() });
  look();
  const looking = setInterval(look, EVERY);
  while (performance.now() < end) {
    await pause(Math.max(0, began + (turn * 1000) / RATE - performance.now()));
    const work = mix[turn % mix.length];
    under += 1;
    const since = performance.now();
    work().then(({ status, text }) => {
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      took.push(performance.now() - since);
      if (status >= 400) refused.push(`${status} ${String(work).slice(0, 80)} ${(text ?? "").slice(0, 200)}`);
    }, (error) => refused.push(String(error))).finally(() => { under -= 1; });
    turn += 1;
    if (console_.hasEnded()) throw new Error("the console has ended");
  }
  isOver = true;
  while (under > 0) await pause(20);
  await waiting;
  clearInterval(looking);
  look();
  const by = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`).join(", ");
  console.log(`soak: ${turn} requests in ${MINUTES} min; ${by}; median ${quantile(took, 0.5).toFixed(1)} ms, p99 ${quantile(took, 0.99).toFixed(1)} ms`);
  const [one, other] = [samples[0], samples.at(-1)];
  for (const [what, of] of [["resident memory, MiB", (s) => s.all], ["memory of its own, MiB", (s) => s.own], ["open files", (s) => s.files]]) {
    const every = Math.max(1, Math.floor(samples.length / 10));
    console.log(`soak, ${what}: ${of(one).toFixed(1)} at first, ${of(other).toFixed(1)} at last; ${samples.filter((_, n) => n % every === 0).map((s) => of(s).toFixed(0)).join(" ")}`);
  }
  if (refused.length > 0) {
    console.log(`soak: ${refused.length} answers that were not expected:\n  ${[...new Set(refused)].slice(0, 20).join("\n  ")}`);
    process.exitCode = 1;
  }
  if (MINUTES >= 10) {
    // What is kept has been filled by then.
    const settled = samples.filter(({ at }) => at > MINUTES * 20);
    const grows = [slope(settled, (s) => s.own), slope(settled, (s) => s.all), slope(settled, (s) => s.files)];
    console.log(`soak, in ten minutes of the last two thirds: ${grows[0].toFixed(2)} MB of its own (less than ${MOST} wanted), ${grows[1].toFixed(2)} MB with the mapped database, ${grows[2].toFixed(2)} files`);
    if (grows[0] >= MOST || Math.abs(grows[2]) >= 1) process.exitCode = 1;
  }
} finally {
  for (const agent of agents) agent.destroy();
  console_.stop();
}

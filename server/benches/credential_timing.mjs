// Whether the time of an answer tells that there is such a credential, and how many of them a processor checks in a second:
// right, wrong and unknown API secrets as a payment core shows them, wrong and unknown ones at the management API, and wrong
// secrets of a V1 key that there is and of one that there is not. Samples are interleaved.
//   CONSOLE_BIN=… node server/benches/credential_timing.mjs [samples of each kind]
import http from "node:http";
import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { newClient, quantile, startConsole } from "./console.mjs";
import { newMerchant } from "./merchant.mjs";

const SAMPLES = Number(process.argv[2] ?? 3000);
const WARM_UP = 200;
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const some = (length) => [...randomBytes(length)].map((byte) => ALPHABET[byte % 62]).join("");

/** A secret in the right form. */
function made(kid) {
  const unsigned = `chv2_${kid}_${some(42).padStart(43, "0")}`;
  let check = "";
  for (let left = crc32(unsigned), digit = 0; digit < 6; digit += 1, left = Math.floor(left / 62)) check = ALPHABET[left % 62] + check;
  return unsigned + check;
}

const console_ = await startConsole();
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function asked(port, method, path, headers, body) {
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const request = http.request({
      host: "127.0.0.1", port, path, method, agent,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }) },
    }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, ms: performance.now() - since }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

/** Asks each kind in turn; answers with the milliseconds of each. */
async function interleaved(kinds, count = SAMPLES) {
  const took = kinds.map(() => []);
  for (let sample = -WARM_UP; sample < count; sample += 1) {
    for (let turn = 0; turn < kinds.length; turn += 1) {
      const kind = (turn + Math.abs(sample)) % kinds.length;
      const { ask, status } = kinds[kind];
      const answer = await ask();
      if (answer.status !== status) throw new Error(`${kinds[kind].name}: ${answer.status}`);
      if (sample >= 0) took[kind].push(answer.ms);
    }
  }
  return took;
}

function tell(what, kinds, took) {
  const medians = took.map((times) => quantile(times, 0.5) * 1000);
  const apart = Math.max(...medians) - Math.min(...medians);
  const each = kinds.map(({ name }, kind) => `${name} ${medians[kind].toFixed(0)} µs`).join(", ");
  console.log(`credential timing, ${what}: ${each}; at most ${apart.toFixed(0)} µs apart (50 wanted); ${took[0].length} of each`);
}

try {
  const merchant = await newMerchant(console_);
  const right = await merchant.issueSecret();
  const kid = right.split("_")[1];
  const bearer = { authorization: `Bearer ${console_.run("core-token", "create", "--name", "bench").match(/core_\S+/)[0]}` };
  const v1Key = /\b\d{16}\b/.exec((await merchant.ask("/integration/keys")).text)[0];
  const verify = (shown) => asked(console_.corePort, "POST", "/core/v1/credentials:verify", bearer, JSON.stringify(shown));
  const manage = (secret) =>
    asked(console_.port, "GET", "/rest/v2/channels", { authorization: `PortOne ${secret}`, "x-forwarded-for": newClient() });

  const v2 = [
    { name: "right", status: 200, ask: () => verify({ apiSecret: right }) },
    { name: "wrong", status: 401, ask: () => verify({ apiSecret: made(kid) }) },
    { name: "unknown", status: 401, ask: () => verify({ apiSecret: made(some(12)) }) },
  ];
  tell("API secrets of a core", v2, await interleaved(v2));
  const rest = [
    { name: "wrong", status: 401, ask: () => manage(made(kid)) },
    { name: "unknown", status: 401, ask: () => manage(made(some(12))) },
  ];
  tell("API secrets at the management API", rest, await interleaved(rest));
  const digits = () => [...randomBytes(16)].map((byte) => byte % 10).join("");
  const v1 = [
    { name: "wrong", status: 401, ask: () => verify({ impKey: v1Key, impSecret: some(80) }) },
    { name: "unknown", status: 401, ask: () => verify({ impKey: digits(), impSecret: some(80) }) },
  ];
  tell("V1 keys", v1, await interleaved(v1));

  const [before, since] = [console_.worked(), performance.now()];
  const many = 4 * SAMPLES;
  for (let sample = 0; sample < many; sample += 1) await verify({ apiSecret: right });
  const [worked, elapsed] = [console_.worked() - before, (performance.now() - since) / 1000];
  console.log(`credential timing, rate: ${Math.round(many / worked)} right ones per second of a processor (2,000 wanted), ${Math.round(many / elapsed)} /s one after the other; HTTP and the core's own token included`);
} finally {
  agent.destroy();
  console_.stop();
}

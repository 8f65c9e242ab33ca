// Floods a console with logins, half of which hang up early, and prints what it took and whom it held up.
//   CONSOLE_BIN=… node server/benches/flood.mjs [seconds] [logins at once]
import http from "node:http";
import { availableParallelism } from "node:os";
import { newClient, pause, post, quantile, startConsole } from "./console.mjs";

const [SECONDS, AT_ONCE] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 200)];
const HASH_MIB = 19;
const console_ = await startConsole();

function page(agent, client) {
  const since = performance.now();
  return new Promise((resolve, reject) => {
    http.get({ host: "127.0.0.1", port: console_.port, path: "/login", agent, headers: { accept: "text/html", "x-forwarded-for": client } }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve(performance.now() - since));
    }).on("error", reject);
  });
}

try {
  const visitor = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const client = newClient();
  for (let n = 0; n < 50; n += 1) await page(visitor, client);
  const base = console_.memory();
  const end = performance.now() + SECONDS * 1000;
  const answers = [];
  const flood = Array.from({ length: AT_ONCE }, async (_, number) => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    for (let turn = 0; performance.now() < end; turn += 1) {
      const form = { "form[email]": `n${number}-${turn}@example.com`, "form[password]": `wrong guess ${turn}`, next: "" };
      const hangUpAfter = number % 2 ? 20 + ((number * 37 + turn * 11) % 800) : undefined;
      answers.push(await post(console_, "/api/accounts/log-in", form, { agent, hangUpAfter }));
    }
  });
  const pages = [];
  let most = base;
  while (performance.now() < end) {
    pages.push(await page(visitor, client));
    most = Math.max(most, console_.memory());
    await pause(20);
  }
  await Promise.all(flood);
  const by = (status) => answers.filter((answer) => answer.status === status);
  const permits = availableParallelism();
  const bound = base + permits * HASH_MIB + 32;
  console.log(`flood: ${AT_ONCE} logins at once, half of them hanging up, for ${SECONDS} s`);
  console.log(`compared (401): ${by(401).length}, ${(by(401).length / SECONDS).toFixed(1)} /s, slowest ${Math.round(Math.max(0, ...by(401).map((a) => a.ms)))} ms`);
  const excess = answers.filter(({ status }) => status === 429 || status === 503);
  console.log(`refused: ${by(503).length} by 503, ${by(429).length} by 429, slowest ${Math.round(Math.max(0, ...excess.map((a) => a.ms)))} ms (2,500 wanted); hung up ${by(0).length}`);
  const others = answers.filter(({ status }) => ![0, 401, 429, 503].includes(status));
  console.log(`anything else: ${others.length} ${[...new Set(others.map((a) => a.status))]}`);
  console.log(`memory: ${base.toFixed(1)} MiB before, ${most.toFixed(1)} MiB at the most; ${bound.toFixed(1)} MiB wanted (${permits} permits x ${HASH_MIB} + 32)`);
  console.log(`other pages: ${pages.length}, median ${quantile(pages, 0.5).toFixed(1)} ms, p99 ${quantile(pages, 0.99).toFixed(1)} ms (250 wanted)`);
} finally {
  console_.stop();
}

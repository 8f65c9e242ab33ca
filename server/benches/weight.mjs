// What a first visit weighs and how long it takes, in Chromium with an empty cache, on a slow line and a slow machine.
//   CONSOLE_BIN=… node server/benches/weight.mjs [runs]
// The program's site must have been built with `cargo leptos build --release --precompress`.
import { createRequire } from "node:module";
import { existsSync } from "node:fs";
import { startConsole } from "./console.mjs";

const require = createRequire(new URL("../../end2end/package.json", import.meta.url));
const { chromium } = require("@playwright/test");
const RUNS = Number(process.argv[2] ?? 5);
const SLOW = { latency: 562.5, downloadThroughput: 180_000, uploadThroughput: 84_375, offline: false };
const CPU = 4;
const system = "/usr/bin/chromium";
const executablePath = process.env.CHROMIUM ?? (existsSync(system) ? system : undefined);
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Times in milliseconds since the visit began, as the page itself sees them. */
const WATCH = () => {
  window.seen = { shift: 0 };
  const watch = (type, note) => new PerformanceObserver((list) => list.getEntries().forEach(note)).observe({ type, buffered: true });
  watch("paint", ({ name, startTime }) => { if (name === "first-contentful-paint") window.seen.paint = startTime; });
  watch("layout-shift", ({ value, hadRecentInput }) => { if (!hadRecentInput) window.seen.shift += value; });
  new MutationObserver(() => {
    if (document.documentElement?.dataset.hydrated) window.seen.alive ??= performance.now();
  }).observe(document, { attributes: true, subtree: true, childList: true });
};

async function visit(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.addInitScript(WATCH);
  const line = await context.newCDPSession(page);
  await line.send("Network.enable");
  await line.send("Network.setCacheDisabled", { cacheDisabled: false });
  await line.send("Network.emulateNetworkConditions", SLOW);
  await line.send("Emulation.setCPUThrottlingRate", { rate: CPU });
  const files = new Map();
  line.on("Network.responseReceived", ({ requestId, response }) => files.set(requestId, { path: new URL(response.url).pathname, bytes: 0 }));
  line.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    const file = files.get(requestId);
    if (file) file.bytes = encodedDataLength;
  });
  await page.goto(url, { waitUntil: "load", timeout: 120_000 });
  await page.waitForFunction(() => window.seen.alive, undefined, { timeout: 120_000 });
  await page.waitForTimeout(500);
  const seen = await page.evaluate(() => window.seen);
  await context.close();
  return { ...seen, files: [...files.values()] };
}

const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const isProgram = ({ path }) => /\.(wasm|js)$/.test(path);
const sum = (files) => files.reduce((total, { bytes }) => total + bytes, 0);

const running = await startConsole();
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  console.log("| page | before the program (HTML, CSS, marks) | whole first visit | wasm | first paint | interactive | layout shift |\n|---|---|---|---|---|---|---|");
  console.log("| wanted | 60 kB | 330 kB | 280 kB | 1.5 s | 3.0 s | 0 |");
  for (const path of ["/login", "/signup"]) {
    const visits = [];
    for (let run = 0; run < RUNS; run += 1) visits.push(await visit(browser, running.origin + path));
    const [first] = visits;
    const wasm = first.files.filter((file) => file.path.endsWith(".wasm"));
    console.log(`| ${path} | ${kB(sum(first.files.filter((file) => !isProgram(file))))} | ${kB(sum(first.files))} | ${kB(sum(wasm))} | ${[
      median(visits.map(({ paint }) => paint)), median(visits.map(({ alive }) => alive)),
    ].map(seconds).join(" | ")} | ${Math.max(...visits.map(({ shift }) => shift)).toFixed(3)} |`);
    if (process.env.FILES) for (const file of first.files) console.log(`  ${file.path} ${kB(file.bytes)}`);
  }
} finally {
  await browser.close();
  running.stop();
}

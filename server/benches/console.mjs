// A console of one's own for a measurement, and visitors who each are a client of their own.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const PROGRAM = process.env.CONSOLE_BIN ?? join(HERE, "../../target/release/channel-console");
export const PASSWORD = "wide-lamp-eleven-rivers";
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

export async function startConsole() {
  const folder = mkdtempSync(join(tmpdir(), "console-bench-"));
  const [port, corePort] = [await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${port}`;
  const env = {
    ...process.env, CONSOLE_ADDR: `127.0.0.1:${port}`, CONSOLE_CORE_ADDR: `127.0.0.1:${corePort}`, CONSOLE_PUBLIC_URL: origin,
    CONSOLE_DATA_DIR: join(folder, "data"), CONSOLE_TRUSTED_PROXIES: "127.0.0.1", CONSOLE_LOG: "error",
  };
  const program = spawn(PROGRAM, ["serve"], { cwd: join(HERE, "../.."), stdio: "inherit", env });
  while (!(await fetch(`${origin}/health`).then((answer) => answer.ok, () => false))) await pause(20);
  return {
    origin, port, corePort,
    /** Another command of the program, on the same data. */
    run: (...words) => execFileSync(PROGRAM, words, { env, encoding: "utf8" }).trim(),
    /** Resident memory in MiB; `what` may be RssAnon, which is without files. */
    memory: (what = "VmRSS") => Number(new RegExp(`${what}:\\s+(\\d+)`).exec(readFileSync(`/proc/${program.pid}/status`, "utf8"))[1]) / 1024,
    /** Seconds that the processors have worked for it. */
    worked: () => {
      const fields = readFileSync(`/proc/${program.pid}/stat`, "utf8").split(") ")[1].split(" ");
      return (Number(fields[11]) + Number(fields[12])) / 100;
    },
    openFiles: () => readdirSync(`/proc/${program.pid}/fd`).length,
    hasEnded: () => program.exitCode !== null || program.signalCode !== null,
    /** Every mail so far. */
    mails: () => {
      const mails = join(folder, "data/mail");
      try {
        return readdirSync(mails).filter((name) => name.endsWith(".eml")).map((name) => readFileSync(join(mails, name), "utf8"));
      } catch {
        return [];
      }
    },
    stop: () => {
      program.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

let clients = 0;
/** An address that nobody had before. */
export function newClient() {
  clients += 1;
  return `10.${(clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`;
}

/** Sends a form as a program does: status and milliseconds. With `hangUpAfter` the client goes away after so many. */
export function post(console_, path, form, { agent, client = newClient(), hangUpAfter } = {}) {
  const body = new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const since = performance.now();
    const request = http.request({
      host: "127.0.0.1", port: console_.port, path, method: "POST", agent,
      headers: {
        accept: "application/json", origin: console_.origin, "content-type": "application/x-www-form-urlencoded",
        "content-length": Buffer.byteLength(body), "x-forwarded-for": client,
      },
    }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, ms: performance.now() - since }));
    });
    request.on("error", (error) => (hangUpAfter === undefined ? reject(error) : resolve({ status: 0, ms: performance.now() - since })));
    if (hangUpAfter !== undefined) setTimeout(() => request.destroy(), hangUpAfter);
    request.end(body);
  });
}

export const quantile = (values, part) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
};

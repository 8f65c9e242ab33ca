// The console under test: where its program is, how it is started, what it is told.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The console finds its site's files from here. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const PROGRAM = resolve(ROOT, "end2end", process.env.CONSOLE_BIN ?? "../target/debug/channel-console");
const PORT = Number(process.env.E2E_PORT ?? 4100);
export const PEOPLE = `http://127.0.0.1:${PORT}`;
export const CORES = `http://127.0.0.1:${PORT + 1}`;

/** Made once by the runner; its workers inherit the variable. */
process.env.E2E_DATA_DIR ??= mkdtempSync(join(tmpdir(), "channel-console-e2e-"));
export const DATA_DIR = process.env.E2E_DATA_DIR;

/** Nothing of the shell's own CONSOLE_ variables reaches the program. */
export function environment(people: string, cores: string, dataDir: string, more: Record<string, string> = {}) {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("CONSOLE_"));
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    CONSOLE_ADDR: new URL(people).host,
    CONSOLE_CORE_ADDR: new URL(cores).host,
    CONSOLE_DATA_DIR: dataDir,
    CONSOLE_PUBLIC_URL: people,
    CONSOLE_TRUSTED_PROXIES: "127.0.0.1",
    CONSOLE_LOG: "warn",
    // Nobody outside of the machine is asked for a name.
    CONSOLE_DNS: join(ROOT, "end2end/support/hosts"),
    ...more,
  };
}

export function newDataDir() {
  const path = mkdtempSync(join(tmpdir(), "channel-console-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Runs the program to its end. */
export function run(args: string[], env: Record<string, string>) {
  return spawnSync(PROGRAM, args, { cwd: ROOT, env, encoding: "utf8", timeout: 20_000 });
}

/** Another console beside the one that Playwright owns. */
export async function start(more: Record<string, string>) {
  const [people, cores] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const data = newDataDir();
  const env = environment(people, cores, data.path, more);
  const child = spawn(PROGRAM, [], { cwd: ROOT, env, stdio: ["ignore", "ignore", "pipe"] });
  let log = "";
  child.stderr!.on("data", (part: Buffer) => (log += part.toString()));
  await healthy(people, child);
  /** Ends it and leaves what it wrote. */
  const end = async () => {
    const ended = new Promise((done) => child.once("exit", done));
    if (child.exitCode === null && child.kill("SIGTERM")) await ended;
  };
  const stop = async () => {
    await end();
    data.remove();
  };
  return { people, cores, env, data: data.path, end, stop, log: () => log };
}

async function healthy(url: string, child: ChildProcess) {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/health`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`the console ended by itself: ${child.exitCode ?? child.signalCode}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { CORES, DATA_DIR, environment, PEOPLE, PROGRAM, ROOT } from "./support/console";

const system = "/usr/bin/chromium";
const executablePath = process.env.CHROMIUM ?? (existsSync(system) ? system : undefined);
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// No browser of Playwright's takes part in these, so one project is enough.
const hostOnly = ["canary.spec.ts", "core-document.spec.ts", "firefox.spec.ts", "lean-wasm.spec.ts", "logs.spec.ts", "rest-document.spec.ts", "smtp.spec.ts", "start-up.spec.ts"];

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  forbidOnly: !!process.env.CI,
  reporter: "list",
  globalTeardown: "./support/tidy.ts",
  use: {
    ...devices["Desktop Chrome"],
    baseURL: PEOPLE,
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    launchOptions: { executablePath, args },
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "hydrated", testIgnore: ["no-js.spec.ts", "every-module.spec.ts", ...hostOnly] },
    { name: "no-js", use: { javaScriptEnabled: false }, testIgnore: ["hydrated.spec.ts", "every-rule.spec.ts"] },
  ],
  webServer: {
    command: `exec ${PROGRAM}`,
    cwd: ROOT,
    env: environment(PEOPLE, CORES, DATA_DIR),
    url: `${PEOPLE}/health`,
    reuseExistingServer: false,
    timeout: 20_000,
    gracefulShutdown: { signal: "SIGTERM", timeout: 5_000 },
  },
});

// Pictures of every page, of a console that `demo` has filled: `make screenshots`.
import { defineConfig, type PlaywrightTestConfig } from "@playwright/test";
import base from "./playwright.config";
import { PROGRAM } from "./support/console";
import { DEMO_PASSWORD } from "./support/demo";

const server = base.webServer as Exclude<PlaywrightTestConfig["webServer"], undefined | readonly unknown[]>;

export default defineConfig({
  ...base,
  testDir: "pictures",
  workers: 1,
  timeout: 600_000,
  projects: [{ name: "pictures" }],
  webServer: {
    ...server,
    command: `'${PROGRAM}' demo --password '${DEMO_PASSWORD}' && exec '${PROGRAM}'`,
    timeout: 120_000,
  },
});

// The payment core's API keeps what its document promises: schemathesis asks it, with every check on.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addChannel } from "../support/account";
import { CORES, ROOT } from "../support/console";
import { Core } from "../support/core";
import { expect, test } from "../support/fixtures";
import { failures, type Report, run } from "../support/schemathesis";

/** Cases of each route and phase; `REST_EXAMPLES=500` for a long look. */
const EXAMPLES = process.env.REST_EXAMPLES ?? "50";
const LIVE = { mode: "live", provider: "ksnet", module: "ksnet", name: "실연동", mid: "KS0001", "fields.api_key": "a-key" };

test("the API is as its document says, for a payment core", async ({ context, core: everyones, account: _ }) => {
  test.setTimeout(Number(EXAMPLES) * 20_000);
  const key = await addChannel(context.request, LIVE);
  const { storeId } = await everyones.channel(key);
  const known = { "channel-key": key, "store-id": storeId };
  // What it confirms in vain is told on no other merchant's pages.
  const core = Core.create(storeId);
  const folder = mkdtempSync(join(tmpdir(), "channel-console-schemathesis-"));
  copyFileSync(join(ROOT, "end2end/schemathesis-core.toml"), join(folder, "schemathesis.toml"));
  for (const [name, value] of Object.entries(known)) writeFileSync(join(folder, `${name}.txt`), JSON.stringify(value));
  const phases = ["coverage", "fuzzing"];
  const args = ["run", `${CORES}/core/openapi.json`, "--checks", "all", "--phases", phases.join(), "--max-examples", EXAMPLES];
  const more = ["--continue-on-failure", "--report", "json", "--report-json-path", "report.json"];
  const { status, told } = await run("st", [...args, ...more], folder, { AUTHORIZATION: core.authorization });
  expect(status, failures(told)).toBe(0);

  // A run that asked nothing would pass as well.
  const report: Report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
  expect(report.operations.tested).toBe(report.operations.total);
  for (const phase of phases) expect(report.phases[phase], phase).toMatchObject({ status: "success" });
  expect(report.test_cases.generated).toBeGreaterThan(10 * report.operations.total);
  rmSync(folder, { recursive: true });
});

// The payment core's API keeps what its document promises: schemathesis asks it, with every check on.
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addChannel } from "../support/account";
import { enterAll, operatorToken, submitKsnet } from "../support/application";
import { CORES, ROOT } from "../support/console";
import { Core } from "../support/core";
import { expect, test } from "../support/fixtures";
import { failures, type Report, run } from "../support/schemathesis";

/** Cases of each route and phase; `REST_EXAMPLES=500` for a long look. */
const EXAMPLES = process.env.REST_EXAMPLES ?? "50";
const LIVE = { mode: "live", provider: "ksnet", module: "ksnet", name: "실연동", mid: "KS0001", "fields.api_key": "a-key" };
/** What a payment core's token is not for, and the operator's is for alone. */
const APPLICATIONS = "^/core/v1/applications";

const RUNS = [
  { by: "a payment core", routes: [] },
  { by: "the service's operator", routes: ["--include-path-regex", APPLICATIONS] },
];

interface Case {
  request: { method: string; url: string };
  response: { status: number };
}

/** How requests about one application were answered that were. */
function answered(file: string, application: string): string[] {
  const cases: Case[] = JSON.parse(readFileSync(file, "utf8")).log.entries;
  const told = cases.flatMap(({ request, response }) => {
    const [, what] = request.url.split("?")[0]!.split(application);
    return what === undefined || response.status >= 300 ? [] : [`${request.method}${what.replace("/", " ")} ${response.status}`];
  });
  return [...new Set(told)].filter((one) => !one.startsWith("HEAD")).sort();
}

for (const { by, routes } of RUNS) {
  test(`the API is as its document says, for ${by}`, async ({ context, core: everyones, account: _ }) => {
    test.setTimeout(Math.max(Number(EXAMPLES) * 20_000, 60_000));
    const isOperator = routes.length > 0;
    const key = await addChannel(context.request, LIVE);
    await enterAll(context.request);
    const application = await submitKsnet(context.request);
    const { storeId } = await everyones.channel(key);
    const known = { "channel-key": key, "store-id": storeId, "application-id": application };
    // What it confirms in vain is told on no other merchant's pages.
    const authorization = isOperator ? `Bearer ${operatorToken()}` : Core.create(storeId).authorization;
    const folder = mkdtempSync(join(tmpdir(), "channel-console-schemathesis-"));
    copyFileSync(join(ROOT, "end2end/schemathesis-core.toml"), join(folder, "schemathesis.toml"));
    for (const [name, value] of Object.entries(known)) writeFileSync(join(folder, `${name}.txt`), JSON.stringify(value));
    const phases = ["coverage", "fuzzing"];
    const args = ["run", `${CORES}/core/openapi.json`, ...routes, "--checks", "all", "--phases", phases.join(), "--max-examples", EXAMPLES];
    const more = ["--continue-on-failure", "--report", "json,har", "--report-json-path", "report.json", "--report-har-path", "cases.har"];
    const { status, told } = await run("st", [...args, ...more], folder, { AUTHORIZATION: authorization });
    expect(status, failures(told)).toBe(0);

    // A run that asked nothing would pass as well, and so would one that met refusals only.
    const report: Report = JSON.parse(readFileSync(join(folder, "report.json"), "utf8"));
    expect(report.operations.tested).toBe(isOperator ? 4 : report.operations.total);
    for (const phase of phases) expect(report.phases[phase], phase).toMatchObject({ status: "success" });
    expect(report.test_cases.generated).toBeGreaterThan(10 * report.operations.tested);
    if (isOperator) expect(answered(join(folder, "cases.har"), application)).toEqual(["GET 200", "POST move 204", "POST review 204"]);
    rmSync(folder, { recursive: true });
  });
}
